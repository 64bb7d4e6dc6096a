"""What would change the decision: volume, the numbers that matter most, and the way from a compared case."""

from dataclasses import replace

from advisor.charts.chances import build_chances_chart, chances_alt, shows_chances
from advisor.charts.volume_ladder import build_volume_ladder_chart, volume_ladder_alt
from advisor.core.records import Swing
from advisor.decision.advice import walk_from_compared
from advisor.decision.bridge import Step
from advisor.report.case import CHART_WIDTH, ReportedCase
from advisor.report.charts_svg import chart_to_svg
from advisor.report.document import Block, Chart, Column, Heading, Note, Paragraph, Table
from advisor.text.i18n import to_figures
from advisor.text.ladder_phrases import quick_rule_text, unsettled_text
from advisor.text.phrases import assumption_text, field_label, joined, without_unit

MOST_SWINGS = 5
RANGE_FIGURES = 3
"""Significant figures of the ends of a range, which are judgement."""


def change_section(case: ReportedCase) -> list[Block]:
    """Nothing where the money is unknown: what is missing then stands under what is not known."""
    if case.metrics is None:
        return []
    if not case.serves:
        return _evidence(case)
    return [*_dots(case), Heading(case.t("report.heading.change")), *_ladder(case), *_evidence(case)]


def _dots(case: ReportedCase) -> list[Block]:
    """The chances in ten as ten dots; nothing where nothing is served."""
    if not shows_chances(case.advice):
        return []
    chart = build_chances_chart(case.advice, case.t).properties(width=CHART_WIDTH)
    alt = chances_alt(case.advice, case.t)
    return [Chart(chart_to_svg(chart, case.language), case.t("report.chart.chances"), alt)]


def _ladder(case: ReportedCase) -> list[Block]:
    """The verdict at each volume, what article 001's matrix says beside it, and what payback alone says."""
    t, ladder, alone = case.t, case.examined.ladder, case.advice.recommendation.calculator
    blocks: list[Block] = []
    if ladder is not None:
        drawn = build_volume_ladder_chart(ladder, t, paper=True).properties(width=CHART_WIDTH)
        svg = chart_to_svg(drawn, case.language)
        blocks.append(Chart(svg, t("report.chart.ladder"), volume_ladder_alt(ladder, t)))
        blocks += [Note(told)] if (told := unsettled_text(ladder, t)) else []
    known = case.assumptions.knows("daily_requests")
    blocks.append(Paragraph(quick_rule_text(case.advice.recommendation.matrix, ladder, t, volume_known=known)))
    if alone is not None:
        blocks.append(Note(t("quick_rule.calculator", verdict=t(f"verdict.{alone}.label"))))
    return blocks


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
    return [Table(t("report.evidence.caption"), columns, tuple(_swing(case, s) for s in shown), note)]


def _swing(case: ReportedCase, swing: Swing) -> tuple[str, ...]:
    """One number: what it is, how far it may move, and what that does."""
    t, row = case.t, case.assumptions[swing.id]
    value = float(case.assumptions.number(swing.id))
    plausible = row.plausible or (value, value)
    ends = (min(plausible[0], value), max(plausible[1], value))
    rounded = (end if end == value else to_figures(end, RANGE_FIGURES) for end in ends)
    low, high = (assumption_text(t, replace(row, value=end), case.currency) for end in rounded)
    return (
        field_label(t, swing.id),
        assumption_text(t, row, case.currency),
        t("report.range", low=without_unit(low, high), high=high),
        case.money(swing.npv_low),
        case.money(swing.npv_high),
        t(f"set_by.{row.set_by}"),
    )


def walk_section(case: ReportedCase) -> list[Block]:
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
    return [table, Note(joined(why, t))]


def _step(case: ReportedCase, step: Step) -> tuple[str, ...]:
    t = case.t
    known = step.payback_months is not None and step.payback_status in ("ok", "reversed_later")
    back = t.months(step.payback_months) if known else t(f"status.{step.payback_status}")
    amounts = (step.investment, step.monthly_savings, step.npv)
    return (t(f"walk.{step.id}.label"), *(case.money(x) for x in amounts), back)
