"""The cash flows month by month, and the measures drawn from them."""

import numpy as np

from advisor.core.records import Economics
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Column, Heading, Table
from advisor.text.phrases import joined, sale_text

MONTHLY_UNTIL, QUARTERLY_UNTIL = 12, 36
QUARTER, YEAR = 3, 12
SHOWN = (
    *("npv", "npv_with_exit", "irr", "payback_months", "discounted_payback_months", "steady_payback_months"),
    *("roi_horizon", "annual_roi"),
)


def cash_section(case: ReportedCase) -> list[Block]:
    """Both tables; nothing where the money is unknown or nothing could come back."""
    if case.economics is None or not case.serves:
        return []
    return [Heading(case.t("report.heading.cash")), _cash_table(case, case.economics), _metrics_table(case)]


def periods(horizon: int) -> list[tuple[int, int]]:
    """First and last month of every row: months, then quarters, then years."""
    rows, start = [], 1
    while start <= horizon:
        length = 1 if start <= MONTHLY_UNTIL else QUARTER if start <= QUARTERLY_UNTIL else YEAR
        rows.append((start, min(start + length - 1, horizon)))
        start += length
    return rows


def _cash_table(case: ReportedCase, e: Economics) -> Table:
    """Row 0 is today, with what is paid once; the last row sums up."""
    t, balance, once = case.t, np.cumsum(e.cash_flows), float(e.baseline.one_time_cost)
    requests, today = np.append(0.0, e.monthly_requests), np.append(once, e.baseline.monthly_cost)
    tuned = np.append(once + float(e.investment), e.tuned.monthly_cost)

    def row(label: str, span: slice) -> tuple[str, ...]:
        amounts = (*(np.sum(part[span]) for part in (today, tuned, e.cash_flows)), balance[span][-1])
        return (
            label,
            t.number(round(float(np.sum(requests[span])))),
            *(case.bill(x) for x in amounts),
        )

    rows = [row(t.number(0), slice(0, 1))]
    for first, last in periods(len(e.months)):
        label = t.number(first) if first == last else f"{t.number(first)}–{t.number(last)}"
        rows.append(row(label, slice(first, last + 1)))
    columns = tuple(
        Column(t(f"report.column.{name}"), "right" if k else "left", 1.0 if k else 0.6)
        for k, name in enumerate(("month", "requests", "today", "tuned", "net", "cumulative"))
    )
    also = t("report.cash.once", money=case.bill(once)) if once else ""
    note = joined((t("report.cash.note"), also, sale_text(t, e, case.currency), t("word.rounding")), t)
    return Table("", columns, (*rows, row(t("report.total"), slice(None))), note, total_row=True)


def _metrics_table(case: ReportedCase) -> Table:
    t = case.t
    rows = tuple((t(f"metric.{name}.label"), case.metric(name), _meaning(case, name)) for name in SHOWN)
    columns = (
        Column(t("report.column.metric"), share=1.8),
        Column(t("report.column.value"), "right", 1.5),
        Column(t("report.column.meaning"), share=4.6),
    )
    return Table(t("report.metrics.caption"), columns, rows)


def _meaning(case: ReportedCase, name: str) -> str:
    text = case.t(f"metric.{name}.help")
    if name != "npv_with_exit" or case.metrics is None:
        return text
    month = case.metrics.exit_month
    best = case.t("report.exit_month", month=month) if month else case.t("report.exit_never")
    return case.t("word.sentences", first=text, second=best)
