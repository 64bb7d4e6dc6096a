"""Where every number comes from, and what nobody knows."""

from collections import Counter
from datetime import date

from advisor.core.records import Assumption, Citation
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Bullets, Column, Heading, Note, Table
from advisor.scenario import QUESTIONS
from advisor.text.phrases import field_label, notices_of, with_announced

LIMITS = ("ranges", "switching", "taxes")
"""What this version leaves out, each in its own words."""
MAY_STAY_OPEN = frozenset({"readiness", "alternatives", "quality"})
"""Groups whose questions need no answer: what is open there changes nothing."""
MOST_NOTES = 3
"""Numbers whose note is printed: the report is short, the screen has every note."""


def limits_section(case: ReportedCase) -> list[Block]:
    """What is not known, in plain words, before the ledger of what is."""
    t, assessment = case.t, case.advice.assessment
    items = [case.notice(n) for n in notices_of(assessment, "warning")]
    rows = (row for row in case.assumptions.values() if row.value is None and row.id != "managed_route")
    unknown = [
        field_label(t, row.id)
        for row in rows
        if row.id not in QUESTIONS or QUESTIONS[row.id].group not in MAY_STAY_OPEN
    ]
    if assessment.economics is None:
        items.insert(0, t("report.unknown.economics"))
    if unknown:
        key = "report.unknown.open" if assessment.economics is None else "report.unknown.unused"
        items.append(t(key, names=case.names(unknown)))
    if not case.assumptions.knows("cost_per_failure"):
        items.append(t("report.limit.quality"))
    items += [t(f"report.limit.{name}") for name in LIMITS]
    return [Heading(t("report.heading.unknown")), Bullets(tuple(items))]


def ledger_section(case: ReportedCase) -> list[Block]:
    """Every known assumption with its source by number, the sources, and the conventions."""
    t = case.t
    rows = [row for row in case.assumptions.values() if row.value is not None]
    sources = {citation: k for k, citation in enumerate(_sources(rows), start=1)}
    columns = (
        Column(t("report.column.assumption"), share=3.2),
        Column(t("report.column.value"), "right", 2.6),
        Column(t("report.column.kind"), share=1.35),
        Column(t("report.column.set_by"), share=1.45),
        Column(t("report.column.source"), "right", 0.75),
        Column(t("report.column.date"), "right", 1.0),
    )
    usual = Counter(source.retrieved for source in sources).most_common(1)
    read = usual[0][0] if usual else case.assumptions.on
    note = t("report.ledger.note", date=read.isoformat())
    table = Table("", columns, tuple(_row(case, r, sources) for r in rows), note)
    blocks: list[Block] = [Heading(t("report.heading.ledger")), table]
    if sources:
        blocks += [Heading(t("report.heading.sources"), 2), Note(_source_list(case, sources, read))]
    remarks = [*_row_notes(case, rows), *(case.notice(n) for n in notices_of(case.advice.assessment, "info"))]
    if remarks:
        blocks.append(Note(" ".join(remarks)))
    return [*blocks, *_preset_notes(case), Heading(t("report.heading.conventions"), 2), Note(t("report.conventions"))]


def _row_notes(case: ReportedCase, rows: list[Assumption]) -> list[str]:
    """What is special about a number, for those that matter most."""
    t, matter = case.t, {swing.id for swing in case.advice.assessment.evidence.matter[:MOST_NOTES]}
    told = [(field_label(t, r.id), t.fact(r.note)) for r in rows if r.note and r.id in matter]
    return [t("report.named", name=label, value=note) for label, note in told]


def _sources(rows: list[Assumption]) -> list[Citation]:
    """Each source once, in the order the ledger names them."""
    return list(dict.fromkeys(r.source for r in rows if r.source is not None and r.set_by != "user"))


def _row(case: ReportedCase, row: Assumption, sources: dict[Citation, int]) -> tuple[str, ...]:
    t = case.t
    own = row.set_by == "user"
    number = "" if own or row.source is None else f"[{sources[row.source]}]"
    day: date | None = row.effective or (row.source.retrieved if row.source else None)
    return (
        field_label(t, row.id),
        with_announced(t, row, case.currency),
        t(f"kind.{row.kind}"),
        t(f"set_by.{row.set_by}"),
        t("report.own_mark") if own else number,
        day.isoformat() if day else "",
    )


def _source_list(case: ReportedCase, sources: dict[Citation, int], read: date) -> str:
    return case.t("report.semicolon").join(_entry(case, citation, number, read) for citation, number in sources.items())


def _entry(case: ReportedCase, citation: Citation, number: int, read: date) -> str:
    """One source; the day somebody looked where it is not that of most sources."""
    t = case.t
    title = t("report.source", number=number, title=t.fact(citation.title))
    parts = [title, *filter(None, (citation.url,))]
    if citation.retrieved != read:
        parts.append(t("report.read_on", date=citation.retrieved.isoformat()))
    return t("word.comma").join(parts)


def _preset_notes(case: ReportedCase) -> list[Block]:
    """What the catalog says about the preset the case started from."""
    preset = case.catalog.presets.get(case.advice.scenario.preset or "")
    if preset is None or not preset.notes:
        return []
    texts = [case.t.fact(note) for note in preset.notes]
    title = case.t("report.heading.preset", title=case.t.fact(preset.title))
    return [Heading(title, 2), *(Note(text) for text in texts)]
