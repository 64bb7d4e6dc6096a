"""The licence of each package that the product needs, as its own metadata tells it.

``python -m tests.supply.licences`` writes ``docs/licences.md`` anew; ``make licences`` does that.
"""

from dataclasses import dataclass
from importlib import metadata
from pathlib import PurePath

from tests.supply.lock import ROOT, runtime

PAGE = ROOT / "docs" / "licences.md"
ALLOWED = {
    "0BSD": "free",
    "Apache-2.0": "free",
    "BSD-2-Clause": "free",
    "BSD-3-Clause": "free",
    "CC0-1.0": "free",
    "MIT": "free",
    "MIT-0": "free",
    "MIT-CMU": "free",
    "PSF-2.0": "free",
    "Unlicense": "free",
    "Zlib": "free",
    "MPL-2.0": "unchanged",
    "LGPL-3.0-only": "replaceable",
}
"""Licences that may be there, with the reason in ``REASONS`` why."""

REASONS = {
    "free": "asks for its notice at most, which the installed package brings along",
    "unchanged": "asks that changed files of the package stay open: none is changed here",
    "replaceable": "asks that the package can be replaced by another build of it: it is installed beside this one, "
    "imported by name, not changed and not built in",
}
SPELT = {
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""Other spellings in metadata. "BSD License" is none of them: which of the two it is, the text tells."""

MARKS = (
    ("Neither the name", "BSD-3-Clause"),
    ("Apache License", "Apache-2.0"),
    ("Permission is hereby granted, free of charge", "MIT"),
)
"""Words of a licence's text that no other of the allowed has."""

HEAD = """# Licences of the packages

What the app and the command line need, from [requirements.txt](../requirements.txt), with the licence that each package
tells of itself: in its metadata, or where that does not name one, in the text that it brings along. `make licences`
writes this page.

{reasons}

| package | version | licence | told by |
|---|---|---|---|
"""
FOOT = """
Needed on other machines alone, and not installed here: {absent}. A package may bring libraries of others along; their
licences lie beside its own, in its folder `*.dist-info` of the environment. Fonts and data of this repository:
[README](../README.md#more).
"""


@dataclass(frozen=True)
class Licensed:
    """A package with its licence as an SPDX expression, and what told it: ``metadata`` or ``text``."""

    name: str
    version: str
    licence: str
    told_by: str


def licensed(name: str) -> Licensed:
    """The licence of an installed package. ValueError where neither its metadata nor its text names one we know."""
    found = metadata.distribution(name)
    said = found.metadata
    classifiers = [c.rsplit(" :: ", 1)[-1] for c in said.get_all("Classifier") or () if c.startswith("License")]
    for told in (said.get("License-Expression"), said.get("License"), *classifiers):
        expression = SPELT.get(told or "", told or "")
        if parts(expression) <= ALLOWED.keys():
            return Licensed(name, found.version, expression, "metadata")
    if said.get("License-Expression"):
        return Licensed(name, found.version, str(said["License-Expression"]), "metadata")
    for sign, expression in MARKS:
        if sign in text_of(found):
            return Licensed(name, found.version, expression, "text")
    raise ValueError(f"{name}: which licence is not told")


def parts(expression: str) -> set[str]:
    """The licences of an SPDX expression: of ``A OR B`` both, so that neither is a surprise."""
    return set(expression.replace("(", " ").replace(")", " ").split()) - {"AND", "OR"} or {""}


def text_of(found: metadata.Distribution) -> str:
    """The licence of the package itself, without those of what it brings along."""
    said = (file for file in found.files or () if file.parts[0].endswith(".dist-info") and is_licence(file))
    return next((str(file.read_text()) for file in sorted(said)), "")


def is_licence(file: PurePath) -> bool:
    return file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))


def page() -> str:
    rows, absent = [], []
    for name, row in runtime().items():
        if row.needed_here:
            each = licensed(name)
            rows.append(f"| {each.name} | {each.version} | {each.licence} | {each.told_by} |\n")
        else:
            absent.append(name)
    reasons = "\n".join(f"- {', '.join(n for n in ALLOWED if ALLOWED[n] == why)}: {REASONS[why]}." for why in REASONS)
    return HEAD.format(reasons=reasons) + "".join(rows) + FOOT.format(absent=", ".join(absent) or "none")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
