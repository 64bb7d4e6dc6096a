"""Two or three cases side by side on the command line, and as a file to hand on."""

import argparse
from collections.abc import Sequence
from datetime import date

from advisor.catalog.loader import Catalog, load_catalog
from advisor.cli.cases import named_case
from advisor.cli.files import shown, writable, write, write_file, write_json
from advisor.core.notices import InputError, Issue
from advisor.decision.comparison import MOST_CASES, CaseComparison, compare
from advisor.report import comparison as words
from advisor.report.document import Document
from advisor.report.text import columns
from advisor.scenario import Scenario
from advisor.text.i18n import Translator

SUFFIXES = (".pdf", ".md")


def tell_compared(options: argparse.Namespace, t: Translator, on: date) -> None:
    """Print the comparison, or write it as a document. Raises :class:`InputError`."""
    target = None if options.output is None else writable(options.output, options.cases[0], SUFFIXES)
    if not 1 < len(options.cases) <= MOST_CASES:
        raise InputError([Issue("SCENARIO", "cases_to_compare", {"count": len(options.cases), "most": MOST_CASES})])
    catalog = load_catalog()
    cases = [named_case(name, catalog)[0] for name in options.cases]
    found = compare(cases, catalog, on)
    names = words.distinct([_title(case, name, catalog, t) for case, name in zip(cases, options.cases, strict=True)])
    if target is not None:
        write_file(target, _rendered(target.suffix.lower(), words.build_comparison(found, names, catalog, t)))
        write(t("cli.written", path=shown(options.output)) + "\n")
    elif options.json:
        write_json(words.comparison_json(found, names))
    else:
        write("\n".join(_lines(found, names, catalog, t)) + "\n")


def _title(case: Scenario, name: str, catalog: Catalog, t: Translator) -> str:
    return t.fact(catalog.presets[name].title) if name in catalog.presets else case.title or shown(name)


def _rendered(suffix: str, document: Document) -> bytes:
    if suffix == ".md":
        from advisor.report.markdown import render_markdown

        return render_markdown(document).encode()
    from advisor.report.pdf import render_pdf

    return render_pdf(document)


def _lines(found: CaseComparison, names: Sequence[str], catalog: Catalog, t: Translator) -> list[str]:
    lines = [*_table(words.figures_table(found, names, t)), t("compare.figures.note")]
    for other, bridge in zip(names[1:], found.bridges, strict=True):
        lines += ["", t("compare.heading.bridge", first=names[0], other=other)]
        if bridge is None:
            lines.append(t("compare.bridge.unknown"))
        else:
            lines += _table(words.bridge_table(bridge, (names[0], other), words.currency_of(found), t))
    if any(bridge is not None for bridge in found.bridges):
        lines.append(t("compare.bridge.note"))
    lines += ["", t("compare.heading.costs"), *_table(words.costs_table(found, names, t))]
    return [*lines, "", t("compare.heading.assumptions"), *_table(words.assumptions_table(found, names, catalog, t))]


def _table(found: words.Cells) -> list[str]:
    heads, rows = found
    return [f"  {line}" for line in columns([heads, *rows])]
