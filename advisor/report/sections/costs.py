"""Training cost against inference savings, and what it costs: once, every month, and for each request."""

import numpy as np

from advisor.charts.costs import build_cost_and_savings_chart, cost_and_savings_alt
from advisor.charts.payback import from_article
from advisor.core.records import Economics, Metrics
from advisor.report.case import CHART_WIDTH, ReportedCase
from advisor.report.charts_svg import chart_to_svg
from advisor.report.document import Block, Chart, Column, Heading, KeyFigure, KeyFigures, Paragraph, Table
from advisor.text.headline_phrases import break_even_text, headline_cards
from advisor.text.phrases import item_text, joined, sale_text

MOST_FIGURES = 4
MANY = 1000
"""Requests whose cost is told."""
SAVINGS_HEIGHT = 90
"""Low enough that every cost stands on the page of its picture [px]."""


def costs_section(case: ReportedCase) -> list[Block]:
    """The first picture of the money, then tables of one-time and monthly costs."""
    e, m, t = case.economics, case.metrics, case.t
    if e is None or m is None:
        return []
    if not case.serves:
        monthly = [_monthly(case, e, "")] if e.baseline.steady_monthly_cost or e.tuned.steady_monthly_cost else []
        return [Heading(t("report.heading.costs")), _one_time(case, e, m), *monthly]
    chart = build_cost_and_savings_chart(case.advice, t).properties(width=CHART_WIDTH, height=SAVINGS_HEIGHT)
    alt = cost_and_savings_alt(case.advice, t)
    return [
        Heading(t("report.heading.money")),
        *_figures(case),
        Paragraph(joined((_break_even(case), sale_text(t, e, case.currency)), t)),
        Chart(chart_to_svg(chart, case.language), t("report.chart.savings"), alt),
        _one_time(case, e, m),
        _monthly(case, e, _per_request(case, m)),
    ]


def _figures(case: ReportedCase) -> list[Block]:
    """The figures told first, as everywhere else."""
    if case.advice.headline is None:
        return []
    cards = headline_cards(
        case.advice.headline, case.assumptions, case.t, entered=from_article(case.advice, case.catalog)
    )
    return [KeyFigures(tuple(KeyFigure(*card) for card in cards[:MOST_FIGURES]))]


def _break_even(case: ReportedCase) -> str:
    """When the savings have paid the training cost: typically where it works, and as entered."""
    return break_even_text(case.advice.headline, case.metric("payback_months"), case.t)


def _zero_note(case: ReportedCase, zero: list[str]) -> str:
    names = [case.t(f"item.{item}") for item in zero]
    return case.t("report.costs.zero", items=case.names(names)) if names else ""


def _one_time(case: ReportedCase, e: Economics, m: Metrics) -> Table:
    t = case.t
    items = [i for i in e.tuned.line_items if i.frequency == "one_time"]
    amounts = {i.id: float(i.cost or 0) for i in items}
    shown = [i for i in items if amounts[i.id]]
    whole = m.investment
    rows = [
        (
            *item_text(t, i, i.quantity, case.currency),
            case.bill(amounts[i.id]),
            t.percent(amounts[i.id] / whole, 1),
        )
        for i in shown
    ]
    total = (
        t("report.total"),
        "",
        "",
        case.bill(sum(amounts.values())),
        t.percent(1.0) if whole else "",
    )
    columns = (
        Column(t("report.column.item"), share=2.6),
        Column(t("report.column.quantity"), "right", 1.5),
        Column(t("report.column.unit_price"), "right", 1.6),
        Column(t("report.column.amount"), "right", 1.2),
        Column(t("report.column.share"), "right", 0.8),
    )
    note = _zero_note(case, [i.id for i in items if not amounts[i.id]])
    return Table(t("report.costs.once"), columns, (*rows, total), note, total_row=True)


def _monthly(case: ReportedCase, e: Economics, said: str) -> Table:
    """Both options side by side: an item that only one of them has stays empty in the other. The note begins so."""
    t = case.t
    keep = {k: float(v) for k, v in e.baseline.steady_costs.items()}
    tuned = {k: float(v) for k, v in e.tuned.steady_costs.items()}
    names = [i for i in dict.fromkeys((*keep, *tuned)) if keep.get(i) or tuned.get(i)]
    rows = [(t(f"item.{i}"), _cell(case, keep, i), _cell(case, tuned, i)) for i in names]
    sums = (case.bill(sum(costs.values())) for costs in (keep, tuned))
    total = (t("report.costs.total_month"), *sums)
    columns = (
        Column(t("report.column.item"), share=2.6),
        Column(t("report.column.today"), "right", 1.5),
        Column(t("report.column.tuned"), "right", 1.5),
    )
    in_some_month = {i.id for i in e.tuned.line_items if i.cost is not None and np.any(i.cost)}
    zero = [i for i in dict.fromkeys((*keep, *tuned)) if i not in names and i not in in_some_month]
    told = [said, t("report.costs.month_note"), _zero_note(case, zero)]
    note = joined([words for words in told if words], t)
    return Table(t("report.costs.month"), columns, (*rows, total), note, total_row=True)


def _per_request(case: ReportedCase, m: Metrics) -> str:
    """The saving a month, or what is paid more, and the cost of many requests: that of one has too many zeros."""
    t = case.t
    key = "report.costs.per_request" if m.monthly_savings >= 0 else "report.costs.per_request_more"
    costs = {"best": m.baseline_cost_per_request, "tuned": m.tuned_cost_per_request}
    many = {name: t("word.unknown") if c is None else case.bill(MANY * c) for name, c in costs.items()}
    return t(key, saved=case.bill(abs(m.monthly_savings)), **many)


def _cell(case: ReportedCase, amounts: dict[str, float], item: str) -> str:
    return case.bill(amounts[item]) if item in amounts else "–"
