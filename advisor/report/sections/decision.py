"""First page: the verdict, the numbers that decided it, the payback picture, what to do next."""

from advisor.charts.payback import build_cumulative_cash_chart, cumulative_cash_alt
from advisor.decision.rules import tone_of
from advisor.report.case import CHART_HEIGHT, CHART_WIDTH, ReportedCase
from advisor.report.charts_svg import chart_to_svg
from advisor.report.document import Block, Bullets, Chart, Heading, KeyFigure, KeyFigures, Paragraph, Verdict
from advisor.scenario import REQUIRED
from advisor.text.phrases import assumption_text, chance_text, option_name, verdict_label, verdict_sentence

MOST_FIGURES = 4
ALWAYS = ("npv", "break_even_requests")
"""Shown after the numbers that decided, as far as there is room."""


def decision_section(case: ReportedCase) -> list[Block]:
    """The verdict and everything a reader in a hurry needs."""
    t, found = case.t, case.advice.recommendation
    reason, *further = [case.notice(n) for n in found.reasons] or [""]
    blocks: list[Block] = [
        Paragraph(_needs(case)),
        Verdict(
            tone_of(found),
            verdict_label(t, found),
            verdict_sentence(t, found),
            reason,
        ),
        *_figures(case),
    ]
    blocks += _odds(case)
    told = (*further, *(case.notice(n) for n in found.advice))
    if told:
        blocks.append(Bullets(told))
    blocks += [*_chart(case), Heading(t("report.heading.matrix")), Paragraph(_matrix(case))]
    steps = tuple(
        t("report.step", title=t(f"step.{step}.title"), text=t(f"step.{step}.text")) for step in found.next_steps
    )
    return [*blocks, Heading(t("report.heading.next")), Bullets(steps)] if steps else blocks


def _odds(case: ReportedCase) -> list[Block]:
    """The chance of payback in words, and what tuning saves against the best without it and against today."""
    risk, e, m, t = case.advice.risk, case.economics, case.metrics, case.t
    if risk is None or e is None or m is None:
        return []
    saves = t(
        "ui.savings_twice",
        tuning=case.money(m.monthly_savings),
        today=case.money(m.savings_against_today),
        option=option_name(t, e.baseline.id),
    )
    return [Paragraph(t("report.sentences", first=chance_text(t, risk, len(e.months)), second=saves))]


def _needs(case: ReportedCase) -> str:
    """The three answers everything starts from."""
    t = case.t
    rows = case.assumptions
    return t("report.needs", **{name: assumption_text(t, rows[name], case.currency) for name in REQUIRED})


def _figures(case: ReportedCase) -> list[Block]:
    if case.metrics is None:
        return []
    names = dict.fromkeys((*case.advice.recommendation.deciding, *ALWAYS))
    items = [KeyFigure(case.t(f"metric.{n}.label"), case.metric(n), _figure_note(case, n)) for n in names]
    return [KeyFigures(tuple(items[:MOST_FIGURES]))]


def _figure_note(case: ReportedCase, name: str) -> str:
    t, a = case.t, case.assumptions
    if name == "investment" and a.knows("budget"):
        return t("report.figure.budget", budget=case.money(a.number("budget")))
    if name == "npv":
        return t(
            "report.figure.npv",
            horizon=t.months(float(a.number("horizon_months")), 0),
            rate=t.value(a.number("discount_rate"), "fraction", case.currency),
        )
    if name == "break_even_requests":
        return t("report.figure.break_even", requests=case.volume(float(a.number("daily_requests"))))
    return t(f"report.figure.{name}")


def _chart(case: ReportedCase) -> list[Block]:
    if case.economics is None:
        return []
    chart = build_cumulative_cash_chart(case.advice, case.t).properties(width=CHART_WIDTH, height=CHART_HEIGHT)
    alt = cumulative_cash_alt(case.advice, case.t)
    return [Chart(chart_to_svg(chart, case.language), case.t("report.chart.cash"), alt)]


def _matrix(case: ReportedCase) -> str:
    """What the quick matrix says, what the money says, and why they part where they do."""
    t, found = case.t, case.advice.recommendation
    cell = t(f"matrix.{found.matrix}.label")
    if found.calculator is None:
        return t("report.matrix.alone", matrix=cell)
    key = "report.matrix.differ" if found.conflict else "report.matrix.both"
    says = t(key, matrix=cell, calculator=t(f"verdict.{found.calculator}.label"))
    return t("report.sentences", first=says, second=t(f"conflict.{found.conflict}")) if found.conflict else says
