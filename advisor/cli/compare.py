"""Two or three cases side by side on the command line, and as a file to hand on."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.cli.cases import named_case
from advisor.cli.files import shown, writable, write, write_file, write_json
from advisor.core.notices import InputError, Issue
from advisor.decision.comparison import MOST_CASES, CaseComparison, compare
from advisor.report import comparison as words
from advisor.report.document import Document
from advisor.report.kept_compared import ComparedRevision
from advisor.report.text import columns
from advisor.scenario import Scenario
from advisor.text.i18n import Translator

SUFFIXES = (".pdf", ".md")
KEPT, REVISION = "case:", "@"
"""``case:ID`` is a kept case as it was saved last, ``case:ID@N`` its revision N."""
LONGEST_NUMBER = 9


@dataclass(frozen=True)
class _Named:
    """A case of the comparison; ``kept`` is the revision that it is, if any."""

    name: str
    case: Scenario
    kept: ComparedRevision | None = None


def tell_compared(options: argparse.Namespace, t: Translator, on: date) -> None:
    """Print the comparison, or write it as a document. Raises :class:`InputError`."""
    target = None if options.output is None else writable(options.output, options.cases[0], SUFFIXES)
    if not 1 < len(options.cases) <= MOST_CASES:
        raise InputError([Issue("SCENARIO", "cases_to_compare", {"count": len(options.cases), "most": MOST_CASES})])
    if options.as_kept and not any(name.startswith(KEPT) for name in options.cases):
        raise InputError([Issue("--as-kept", "nothing_kept_to_compare", {})])
    catalog = load_catalog()
    given = [_named(name, options, catalog, t) for name in options.cases]
    found, kept = compare([each.case for each in given], catalog, on), [each.kept for each in given]
    names = words.distinct([each.name for each in given])
    if target is not None:
        write_file(target, _rendered(target.suffix.lower(), words.build_comparison(found, names, catalog, t, kept)))
        write(t("cli.written", path=shown(options.output)) + "\n")
    elif options.json:
        write_json(words.comparison_json(found, names, kept))
    else:
        write("\n".join(_lines(found, names, catalog, t, kept)) + "\n")


def _named(name: str, options: argparse.Namespace, catalog: Catalog, t: Translator) -> _Named:
    """A kept revision, a ready-made case or a file."""
    if name.startswith(KEPT):
        kept = _kept(name.removeprefix(KEPT), options.as_kept, catalog, t)
        return _Named(kept.name, kept.case, kept)
    case = named_case(name, catalog)[0]
    return _Named(_title(case, name, catalog, t), case)


def _kept(place: str, as_kept: bool, catalog: Catalog, t: Translator) -> ComparedRevision:
    """The revision at ``ID`` or ``ID@N``."""
    from advisor.cli.kept import actor  # brings the database, which other cases do not need
    from advisor.report.kept_compared import as_it_was, at_todays_prices
    from advisor.store import cases
    from advisor.store.database import open_store

    case_id, at, number = place.partition(REVISION)
    is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    if not case_id or (at and not is_number):
        raise InputError([Issue("CASE", "kept_case_not_named", {"value": shown(f"{KEPT}{place}")[:80]})])
    store, me = open_store(), actor(datetime.now(UTC))
    try:
        case = cases.find(store, me, case_id)
        revision = cases.revision(store, me, case_id, int(number) if at else None)
    finally:
        store.close()
    return (as_it_was if as_kept else at_todays_prices)(revision, shown(case.name), catalog, t)[0]


def _title(case: Scenario, name: str, catalog: Catalog, t: Translator) -> str:
    return t.fact(catalog.presets[name].title) if name in catalog.presets else case.title or shown(name)


def _rendered(suffix: str, document: Document) -> bytes:
    if suffix == ".md":
        from advisor.report.markdown import render_markdown

        return render_markdown(document).encode()
    from advisor.report.pdf import render_pdf

    return render_pdf(document)


def _lines(found: CaseComparison, names: Sequence[str], catalog: Catalog, t: Translator, kept: words.Kept) -> list[str]:
    lines = [*_table(words.figures_table(found, names, t, kept)), words.figures_note(t)]
    lines += words.notes_of_kept(kept)
    for other, bridge in zip(names[1:], found.bridges, strict=True):
        lines += ["", t("compare.heading.bridge", first=names[0], other=other)]
        if bridge is None:
            lines.append(t("compare.bridge.unknown"))
        else:
            lines += _table(words.bridge_table(bridge, (names[0], other), words.currency_of(found), t))
    if any(bridge is not None for bridge in found.bridges):
        lines.append(t("compare.bridge.note"))
    lines += ["", t("compare.heading.costs"), *_table(words.costs_table(found, names, t)), t("word.rounding")]
    return [*lines, "", t("compare.heading.assumptions"), *_table(words.assumptions_table(found, names, catalog, t))]


def _table(found: words.Cells) -> list[str]:
    heads, rows = found
    return [f"  {line}" for line in columns([heads, *rows])]
