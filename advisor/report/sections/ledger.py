"""Where every number comes from, and what nobody knows."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from advisor.catalog.catalog import Catalog
from advisor.charts.option_words import alternative_names
from advisor.core.records import Assumption, Citation
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Bullets, Column, Heading, Note, Sources, Table
from advisor.scenario import GROUPS, QUESTIONS
from advisor.store.records import CaseNote
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, notices_of, with_announced, without_unit

LIMITS = ("ranges", "switching", "taxes")
"""What this version leaves out, each in its own words."""
CARDS = ("training_gpu", "serving_gpu")
MAY_STAY_OPEN = frozenset({"readiness", "alternatives", "quality"})
"""Groups whose questions need no answer: what is open there changes nothing."""
MOST_NAMED = 5
"""Names in one sentence about what is not known."""
MOST_NOTES = 3
"""Numbers whose note is printed: the report is short, the screen has every note."""


def limits_section(case: ReportedCase) -> list[Block]:
    """What is not known, in plain words, before the ledger of what is."""
    t, assessment = case.t, case.advice.assessment
    items = [case.notice(n) for n in notices_of(assessment, "warning")]
    if assessment.economics is None:
        items.insert(0, t("report.unknown.economics"))
    items += [*_open_facts(case), *_defaults(case), *_not_given(case), *_untested(case), *_unproven(case)]
    if not case.assumptions.knows("cost_per_failure"):
        items.append(t("report.limit.quality"))
    items += [t(f"report.limit.{name}") for name in LIMITS]
    return [Heading(t("report.heading.unknown")), Bullets(tuple(items))]


def _open_facts(case: ReportedCase) -> list[str]:
    """Facts that somebody could look up and nobody has stated, the ones that move the result most first."""
    table, matter = case.advice.actions, case.advice.assessment.evidence.matter
    if table is None or not table.facts:
        return []
    names = [swing.id for swing in matter if swing.id in table.facts][:MOST_NAMED]
    named = case.names([field_label(case.t, name) for name in names or table.facts[:MOST_NAMED]])
    return [case.t("report.unknown.facts", count=len(table.facts), names=named)]


def _defaults(case: ReportedCase) -> list[str]:
    """Numbers that matter and are still the product's own."""
    matter = case.advice.assessment.evidence.matter
    kept = [swing.id for swing in matter if case.assumptions[swing.id].set_by == "default"]
    if not kept:
        return []
    named = case.names([field_label(case.t, name) for name in kept[:MOST_NAMED]])
    return [case.t("report.unknown.defaults", count=len(kept), all=len(matter), names=named)]


def _not_given(case: ReportedCase) -> list[str]:
    """Questions without an answer and without a default."""
    t, rows = case.t, (r for r in case.assumptions.values() if r.value is None and r.id != "managed_route")
    named = [
        field_label(t, row.id)
        for row in rows
        if row.id not in QUESTIONS or QUESTIONS[row.id].group not in MAY_STAY_OPEN
    ]
    key = "report.unknown.open" if case.economics is None else "report.unknown.unused"
    return [t(key, names=case.names(named))] if named else []


def _untested(case: ReportedCase) -> list[str]:
    """Alternatives against which only speaks that nobody has put them through an evaluation."""
    rows = [row for row in case.examined.alternatives if row.state == "untested"]
    names = alternative_names(rows, case.t)
    return [case.t("report.unknown.untested", names=case.t("report.semicolon").join(names.values()))] if rows else []


def _unproven(case: ReportedCase) -> list[str]:
    """Numbers that an estimate gave and no measurement of the reader's own."""
    rows = [row for row in case.assumptions.values() if row.kind == "estimate" and row.value is not None]
    named = case.names([field_label(case.t, row.id) for row in rows[:MOST_NAMED]])
    return [case.t("report.unknown.estimates", names=named)] if rows else []


def ledger_section(case: ReportedCase) -> list[Block]:
    """Every known assumption by topic with its source by number, the sources, and the conventions."""
    t = case.t
    rows = sorted((row for row in case.assumptions.values() if row.value is not None), key=_place)
    sources = {citation: k for k, citation in enumerate(_sources(rows), start=1)}
    columns = (
        Column(t("report.column.assumption"), share=3.05),
        Column(t("report.column.value"), "right", 2.45),
        Column(t("report.column.kind"), share=1.4),
        Column(t("report.column.set_by"), share=1.95),
        Column(t("report.column.source"), "right", 0.8),
        Column(t("report.column.date"), "right", 1.1),
    )
    usual = Counter(source.retrieved for source in sources).most_common(1)
    read = usual[0][0] if usual else case.assumptions.on
    note, printed = t("report.ledger.note", date=read.isoformat()), tuple(_row(case, r, sources) for r in rows)
    if case.notes:
        note = t("word.sentences", first=note, second=t("told.mark_note", mark=t("told.mark")))
    blocks: list[Block] = [
        Heading(t("report.heading.ledger")),
        Table("", columns, printed, note, topics=_topics(case, rows)),
    ]
    blocks += _told(case)
    if sources:
        entries = tuple(_entry(case, citation, read) for citation in sources)
        blocks += [Heading(t("report.heading.sources"), 2), Sources(entries)]
    remarks = [*_row_notes(case, rows), *(case.notice(n) for n in notices_of(case.advice.assessment, "info"))]
    if remarks:
        blocks += [Heading(t("report.heading.remarks"), 2), *(Note(text) for text in remarks)]
    return [*blocks, *_preset_notes(case), Heading(t("report.heading.conventions"), 2), Note(t("report.conventions"))]


def _place(row: Assumption) -> int:
    """Where the topic of a number stands; what nobody is asked comes last."""
    return GROUPS.index(QUESTIONS[row.id].group) if row.id in QUESTIONS else len(GROUPS)


def _topics(case: ReportedCase, rows: list[Assumption]) -> tuple[tuple[int, str], ...]:
    """Each topic with the number of its first row."""
    firsts = {_place(row): k for k, row in reversed([*enumerate(rows)])}
    titles = [*(case.t(f"group.{group}.title") for group in GROUPS), case.t("report.topic.rest")]
    return tuple((first, titles[place]) for place, first in sorted(firsts.items()))


def _row_notes(case: ReportedCase, rows: list[Assumption]) -> list[str]:
    """What is special about a number, for those that matter most."""
    t, matter = case.t, {swing.id for swing in case.advice.assessment.evidence.matter[:MOST_NOTES]}
    told = [(field_label(t, r.id), t.fact(r.note)) for r in rows if r.note and r.id in matter]
    return [t("report.named", name=label, value=note) for label, note in told]


def _sources(rows: list[Assumption]) -> list[Citation]:
    """Each source once, in the order the ledger names them."""
    return list(dict.fromkeys(r.source for r in rows if r.source is not None))


def _row(case: ReportedCase, row: Assumption, sources: dict[Citation, int]) -> tuple[str, ...]:
    t = case.t
    own = row.source is None and (row.set_by == "user" or row.kind == "yours")  # the second follows from the reader's
    number = "" if row.source is None else f"[{sources[row.source]}]"
    day: date | None = row.effective or (row.source.retrieved if row.source else None)
    label = field_label(t, row.id)
    return (
        t("told.marked", name=label, mark=t("told.mark")) if row.id in {n.assumption for n in case.notes} else label,
        _with_range(case, row, value_text(row, case.catalog, case.currency, t)),
        t(f"kind.{row.kind}"),
        t(f"set_by.{row.set_by}"),
        t("report.own_mark") if own else number,
        day.isoformat() if day else "",
    )


def _with_range(case: ReportedCase, row: Assumption, value: str) -> str:
    """A value with the range that its reader told for it: the simulated futures draw from that one."""
    ends = (case.told.ranges or {}).get(row.id)
    if ends is None:
        return value
    low, high = (case.t.value(end, row.unit, case.currency) for end in ends)
    return case.t("report.ledger.range", value=value, low=without_unit(low, high), high=high)


def _told(case: ReportedCase) -> list[Block]:
    """What somebody wrote down about numbers, and who told it."""
    if not case.notes:
        return []
    t, heads = case.t, note_columns(case.t)
    shares = (2.2, 4.2, 1.6, 1.2)
    columns = tuple(Column(head, share=share) for head, share in zip(heads, shares, strict=True))
    return [Heading(t("told.heading"), 2), Table("", columns, tuple(note_rows(case.notes, t)))]


def note_columns(t: Translator) -> tuple[str, ...]:
    return tuple(t(f"told.column.{name}") for name in ("assumption", "text", "told_by", "date"))


def note_rows(notes: Iterable[CaseNote], t: Translator) -> list[tuple[str, ...]]:
    """Each note: its number, what it says, who told it, and the day; those on one number beside each other."""
    place = {name: k for k, name in enumerate(QUESTIONS)}
    ordered = sorted(notes, key=lambda note: place.get(note.assumption, len(place)))
    return [(number_name(n.assumption, t), n.text, n.told_by, t.date(n.at.date())) for n in ordered]


def number_name(name: str, t: Translator) -> str:
    """What a number is called; one that a later release no longer has by its id."""
    return field_label(t, name) if t.has(f"field.{name}.label") else name


def value_text(row: Assumption, catalog: Catalog, currency: str, t: Translator) -> str:
    """A value with its unit; cards and models by the names they have elsewhere in the report."""
    if row.id in CARDS and row.value is not None:
        return catalog.gpu(str(row.value)).short_name
    if row.id == "open_model" and row.value is not None:
        return catalog.model(str(row.value)).name
    return with_announced(t, row, currency)


def _entry(case: ReportedCase, citation: Citation, read: date) -> str:
    """One source; the day somebody looked where it is not that of most sources."""
    t = case.t
    parts = [t.fact(citation.title), *filter(None, (citation.url,))]
    if citation.retrieved != read:
        parts.append(t("report.read_on", date=citation.retrieved.isoformat()))
    return t("report.semicolon").join(parts)


def _preset_notes(case: ReportedCase) -> list[Block]:
    """What the catalog says about the preset the case started from."""
    preset = case.catalog.presets.get(case.advice.scenario.preset or "")
    if preset is None or not preset.notes:
        return []
    texts = [case.t.fact(note) for note in preset.notes]
    title = case.t("report.heading.preset", title=case.t.fact(preset.title))
    return [Heading(title, 2), *(Note(text) for text in texts)]
