"""The command ``doctor``: whether this machine has what the app needs, and how to mend what it lacks."""

import argparse
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from advisor.cli.checks import CheckResult, findings, places_of_secrets
from advisor.cli.files import shown, write, write_json
from advisor.core.notices import OwnDataError
from advisor.core.places import DATABASE, UPDATE_PRICES
from advisor.text.i18n import Translator

DIGITS = {"size": 1}
"""Digits behind the point of a figure that is no count."""


def tell_doctor(options: argparse.Namespace, t: Translator, at: datetime) -> bool:
    """Look at everything and tell it; whether nothing is broken."""
    secrets = tuple(map(Path, options.secrets)) if options.secrets else places_of_secrets()
    found = []
    for each in findings(secrets, at):
        found.append(each)
        if not options.json:
            write("".join(f"{line}\n" for line in _lines(each, t)))
    broken = sum(each.state == "broken" for each in found)
    if options.json:
        write_json({"broken": broken, "checks": [_as_json(each, t) for each in found]})
    else:
        write(t("doctor.none_broken") if not broken else t("doctor.broken", broken, count=t.number(broken, 0)))
        write("\n")
    return not broken


def _lines(found: CheckResult, t: Translator) -> list[str]:
    said, mend = _told(found, t)
    head = t(f"doctor.state.{found.state}")
    return [f"{head}  {said}", *([f"    {mend}"] if mend else [])]


def _as_json(found: CheckResult, t: Translator) -> dict[str, object]:
    said, mend = _told(found, t)
    code = found.code if found.issue is None else found.issue.code
    return {"check": code, "state": found.state, "said": said, "mend": mend or None}


def _told(found: CheckResult, t: Translator) -> tuple[str, str]:
    """What was found, and how to mend it where that is not said already."""
    if found.issue is not None:
        from advisor.text.phrases import issue_text

        return shown(issue_text(t, found.issue)), ""
    if isinstance(found.fault, OwnDataError):
        from advisor.text.own_fault_phrases import own_faults

        head, told = own_faults(found.fault, t)
        return shown(" ".join((head, *told))), ""
    params = {name: _word(name, value, t) for name, value in found.params.items()}
    if found.fault is not None:
        params["text"] = shown(str(found.fault))
    mend = "" if found.state == "fine" else t(f"doctor.mend.{found.code}", **params, **_names())
    return t(f"doctor.said.{found.code}", **params), mend


def _word(name: str, value: object, t: Translator) -> str:
    if isinstance(value, date):
        return t.date(value)
    if name == "limit":
        return t.value(value, "days", "")
    if isinstance(value, int | float):
        return t.number(value, DIGITS.get(name, 0))
    return t(f"doctor.kind.{value}") if name == "kind" else shown(str(value))


def _names() -> Mapping[str, str]:
    """Commands and variables that a mend may name."""
    return {"update": UPDATE_PRICES, "database": DATABASE}
