"""What would change the decision: volume, the numbers that matter most, and the way from a compared case."""

from dataclasses import replace

from advisor.core.records import Metrics, Swing
from advisor.decision.advice import walk_from_compared
from advisor.decision.bridge import Step
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Column, Heading, Note, Paragraph, Table
from advisor.text.phrases import assumption_text, field_label

MOST_SWINGS = 6


def change_section(case: ReportedCase) -> list[Block]:
    """Nothing where the money is unknown: what is missing then stands under what is not known."""
    if case.metrics is None:
        return []
    blocks: list[Block] = [Heading(case.t("report.heading.change")), *_volume(case, case.metrics), *_evidence(case)]
    return [*blocks, *_walk(case)]


def _volume(case: ReportedCase, m: Metrics) -> list[Block]:
    """Least requests a day for a positive value and for each payback band."""
    t = case.t
    rows = [(t("report.volume.npv"), _volume_text(case, m, None), "")]
    for band in case.catalog.rules.bands:
        wanted = t(
            "report.volume.band", verdict=t(f"verdict.{band.verdict}.label"), months=t.months(band.below_months, 0)
        )
        edited = band.below_months != band.article_below_months
        article = t("report.volume.edited", months=t.months(band.article_below_months, 0)) if edited else ""
        rows.append((wanted, _volume_text(case, m, band.below_months), article))
    today = case.volume(float(case.assumptions.number("daily_requests")))
    columns = (Column(t("report.column.goal"), share=3), Column(t("report.column.volume"), "right", 1.8))
    wide = any(row[2] for row in rows)
    table = Table(
        t("report.volume.caption"),
        (*columns, Column(t("report.column.article_limit"), share=1.5)) if wide else columns,
        tuple(row if wide else row[:2] for row in rows),
        t("report.volume.note", requests=today),
    )
    return [table, *_ranges(case, m)]


def _volume_text(case: ReportedCase, m: Metrics, limit: float | None) -> str:
    requests = m.break_even_requests if limit is None else m.band_requests.get(limit)
    return case.t("report.volume.none") if requests is None else case.volume(requests)


def _ranges(case: ReportedCase, m: Metrics) -> list[Block]:
    """Whole GPUs can make several profitable ranges, or one that ends."""
    if all(end is None for _, end in m.break_even_intervals) and len(m.break_even_intervals) < 2:
        return []
    ranges = [
        case.t("report.volume.range", start=case.volume(start), end=case.volume(end))
        if end is not None
        else case.t("report.volume.open_range", start=case.volume(start))
        for start, end in m.break_even_intervals
    ]
    return [Paragraph(case.t("report.volume.ranges", ranges=case.t("report.semicolon").join(ranges)))]


def _evidence(case: ReportedCase) -> list[Block]:
    t, evidence = case.t, case.advice.assessment.evidence
    if not evidence.matter:
        return [Paragraph(t("report.evidence.none"))]
    shown = evidence.matter[:MOST_SWINGS]
    columns = (
        Column(t("report.column.number"), share=1.8),
        Column(t("report.column.now"), "right", 1.5),
        Column(t("report.column.range"), "right", 2.4),
        Column(t("report.column.npv_low"), "right", 1.2),
        Column(t("report.column.npv_high"), "right", 1.2),
        Column(t("report.column.whose"), share=1.5),
    )
    note = t("report.evidence.note", shown=len(shown), count=len(evidence.matter), yours=evidence.yours)
    table = Table(t("report.evidence.caption"), columns, tuple(_swing(case, s) for s in shown), note)
    if evidence.next_to_find is None:
        return [table]
    return [table, Paragraph(t("report.evidence.next", field=field_label(t, evidence.next_to_find)))]


def _swing(case: ReportedCase, swing: Swing) -> tuple[str, ...]:
    """One number: what it is, how far it may move, and what that does."""
    t, row = case.t, case.assumptions[swing.id]
    value = float(case.assumptions.number(swing.id))
    plausible = row.plausible or (value, value)
    ends = (min(plausible[0], value), max(plausible[1], value))
    low, high = (assumption_text(t, replace(row, value=end), case.currency) for end in ends)
    return (
        field_label(t, swing.id),
        assumption_text(t, row, case.currency),
        t("report.range", low=low, high=high),
        case.money(swing.npv_low),
        case.money(swing.npv_high),
        t(f"set_by.{row.set_by}"),
    )


def _walk(case: ReportedCase) -> list[Block]:
    """Why the same case gives another result than the preset it is compared with."""
    t, scenario = case.t, case.advice.scenario
    steps = walk_from_compared(scenario, case.catalog, case.assumptions.on)
    if not steps:
        return []
    compared = case.catalog.preset(str(case.catalog.preset(str(scenario.preset)).compare_with))
    columns = (
        Column(t("report.column.step"), share=2.4),
        *(Column(t(f"metric.{name}.label"), "right", 1.1) for name in ("investment", "monthly_savings", "npv")),
        Column(t("metric.payback_months.label"), "right", 1.5),
    )
    caption = t("report.walk.caption", title=case.t.fact(compared.title))
    table = Table(caption, columns, tuple(_step(case, s) for s in steps))
    why = [t("report.named", name=t(f"walk.{s.id}.label"), value=t(f"walk.{s.id}.text")) for s in steps]
    return [table, Note(" ".join(why))]


def _step(case: ReportedCase, step: Step) -> tuple[str, ...]:
    t = case.t
    known = step.payback_months is not None and step.payback_status in ("ok", "reversed_later")
    back = t.months(step.payback_months) if known else t(f"status.{step.payback_status}")
    amounts = (step.investment, step.monthly_savings, step.npv)
    return (t(f"walk.{step.id}.label"), *(case.money(x) for x in amounts), back)
