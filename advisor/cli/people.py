"""Two actions of the command ``store``: list who signed in, and delete what is known of a person."""

import argparse

from advisor.cli.files import shown, write, write_json
from advisor.report.text import columns
from advisor.store import people
from advisor.store.database import Store
from advisor.text.i18n import Translator

COLUMNS = ("key", "person", "email", "first_seen", "last_seen")


def tell_people(store: Store, options: argparse.Namespace, t: Translator) -> None:
    """Everybody who signed in, with the key under which they own cases and are let into them."""
    found = people.everybody(store)
    if options.json:
        times = ("first_seen", "last_seen")
        write_json([{**vars(each), **{name: getattr(each, name).isoformat() for name in times}} for each in found])
        return
    if not found:
        write(t("store.nobody") + "\n")
        return
    rows = [
        (shown(each.user), shown(each.name), shown(each.email), t.moment(each.first_seen), t.moment(each.last_seen))
        for each in found
    ]
    write("".join(f"{line}\n" for line in columns([tuple(t(f"store.column.{name}") for name in COLUMNS), *rows])))


def forget(store: Store, options: argparse.Namespace, t: Translator) -> None:
    """Delete a person; what stays of theirs is told."""
    found = people.forget(store, options.user)
    if options.json:
        write_json(vars(found))
        return
    counts = {"shared": t.number(found.shared, 0), "owned": t.number(found.owned, 0)}
    write(t("store.forgotten", user=shown(found.user), **counts) + "\n")
