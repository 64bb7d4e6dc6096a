"""The command ``store``: copy the database of kept cases, put a copy back, and walk its chains."""

import argparse
from datetime import datetime
from pathlib import Path

from advisor.cli.files import shown, writable, write, write_json
from advisor.cli.kept import actor
from advisor.cli.people import forget, tell_people
from advisor.store.backup import back_up, restore
from advisor.store.database import open_store
from advisor.store.verifying import Verified, verify
from advisor.text.i18n import Translator

PEOPLE = {"people": tell_people, "forget": forget}
"""Actions on who signed in, rather than on what is kept."""


def tell_store(options: argparse.Namespace, t: Translator, at: datetime) -> bool:
    """Do one of the actions on the whole database; whether every chain that was walked is whole."""
    store = open_store()
    try:
        if options.action in PEOPLE:
            PEOPLE[options.action](store, options, t)
            return True
        if options.action == "backup":
            found = back_up(store, writable(options.output, ""))
        elif options.action == "restore":
            found = restore(store, actor(at), Path(options.file), replace=options.replace)
        else:
            found = verify(store)
    finally:
        store.close()
    if options.json:
        write_json({**vars(found), "broken": [vars(each) for each in found.broken]})
    else:
        write("\n".join(_lines(found, options, t)) + "\n")
    return not found.broken


def _lines(found: Verified, options: argparse.Namespace, t: Translator) -> list[str]:
    lines = []
    if options.action == "backup":
        lines.append(t("cli.written", path=shown(options.output)))
    if options.action == "restore":
        lines.append(t("store.restored", path=shown(options.file)))
    lines.append(t("store.walked", cases=t.number(found.cases, 0), revisions=t.number(found.revisions, 0)))
    for each in found.broken:
        fault = t(f"store.broken.{each.fault}")
        lines.append(t("store.broken_at", name=shown(each.name), case=each.case_id, number=each.number, fault=fault))
    return lines or [""]
