"""Every alternative on one page: what is in or untested with its money, what is ruled out and why, and the fan."""

from collections.abc import Mapping, Sequence

from advisor.charts import option_words as words
from advisor.charts.payback import build_payback_chart, from_article, payback_alt
from advisor.charts.style import short_money
from advisor.core.records import TODAY, Economics
from advisor.decision.alternatives import Alternative, alike
from advisor.report.case import CHART_WIDTH, ReportedCase
from advisor.report.charts_svg import chart_to_svg
from advisor.report.document import Block, Chart, Column, Heading, Note, Paragraph, Table

SHARES: Mapping[str, float] = {
    **{"option": 3.2, "one_time": 1.3, "monthly": 1.2},
    **{"npv_against_today": 1.5, "npv_against_baseline": 1.35, "p10": 1.35, "p90": 1.35, "payback": 1.65},
}
"""Columns and their widths beside each other."""
COST_COLUMNS = 2
"""Columns of them that say something where nothing is served."""
FAN_HEIGHT = 130
"""Low enough that the fan stands below every alternative on one page [px]."""


def options_section(case: ReportedCase) -> list[Block]:
    """Nothing where the money is unknown."""
    e = case.economics
    if e is None:
        return []
    t, rows = case.t, case.examined.alternatives
    names, groups = words.alternative_names(rows, t), alike(rows, case.advice)
    shown = [group for group in groups if group[0].npv_against_today is not None and group[0].state != "ruled_out"]
    if not case.serves:  # what costs nothing is then no alternative: it brings nothing either
        shown = [group for group in shown if any(row.one_time for row in group)]
    lines = [text for group in shown if (text := words.alike_text(group, names, t))]
    lines += [_tested(case, row, names) for group in shown for row in group if row.state == "untested"]
    lines += _out(case, [row for group in groups if group not in shown for row in group], names)
    return [
        Heading(t("report.heading.options")),
        *([Paragraph(_said(case, rows))] if case.serves else []),
        _table(case, e, [group[0] for group in shown], names),
        Note("\n".join(lines)),
        *(_fan(case) if case.serves else []),
    ]


def _tested(case: ReportedCase, row: Alternative, names: dict[str, str]) -> str:
    """What a test of an untested alternative costs and could bring."""
    t, name = case.t, words.marked_name(row, names[row.id], case.t)
    if row.test_cost is None:
        return t("report.named", name=name, value=t("options.untested.with_project"))
    gain = row.test_gain or 0.0
    key = "report.options.tested" if gain > 0 else "report.options.tested_in_vain"
    return t(key, name=name, cost=case.money(row.test_cost), gain=case.money(gain))


def _fan(case: ReportedCase) -> list[Block]:
    """What the case's way to tune brings month by month, in all futures together."""
    entered = from_article(case.advice, case.catalog)
    chart = build_payback_chart(case.advice, case.t, paper=True, as_entered=entered)
    chart = chart.properties(width=CHART_WIDTH, height=FAN_HEIGHT)
    alt = payback_alt(case.advice, case.t, as_entered=entered)
    return [Chart(chart_to_svg(chart, case.language), case.t("report.chart.cash"), alt)]


def _listed(names: Sequence[str], case: ReportedCase) -> str:
    return case.t("report.semicolon").join(names)


def _said(case: ReportedCase, rows: Sequence[Alternative]) -> str:
    """What each saves a month, and what the case's way is worth against the best without tuning and against today."""
    own = next(row for row in rows if row.is_case)
    npv, today = case.money(own.npv_against_baseline), case.money(own.npv_against_today)
    is_against_today = case.assumptions.baseline == TODAY
    worth = case.t("report.options.worth_today", npv=npv) if is_against_today else ""
    worth = worth or case.t("report.options.worth", npv=npv, npv_today=today)
    said = words.summary_text(case.advice, rows, case.t)
    return case.t("word.sentences", first=said, second=worth)


def _table(case: ReportedCase, e: Economics, rows: Sequence[Alternative], names: dict[str, str]) -> Table:
    t = case.t
    count = len(SHARES) if case.serves else COST_COLUMNS
    columns = tuple(
        Column(t(f"options.column.{name}"), "left" if name == "option" else "right", share)
        for name, share in [*SHARES.items()][:count]
    )
    note, once = t("report.options.note"), float(e.baseline.one_time_cost)
    if not all(row.is_in for row in rows):
        note = t("word.sentences", first=note, second=t("report.options.untested.note"))
    if once:
        note = t("word.sentences", first=note, second=t("options.table.once", money=case.money(once)))
    return Table("", columns, tuple(_row(case, row, names)[:count] for row in rows), note if case.serves else "")


def _row(case: ReportedCase, row: Alternative, names: dict[str, str]) -> tuple[str, ...]:
    t, currency = case.t, case.currency
    amounts = (row.one_time, row.monthly, row.npv_against_today, row.npv_against_baseline, row.npv_p10, row.npv_p90)
    money = ("" if value is None else short_money(t, value, currency) for value in amounts)
    return (words.marked_name(row, names[row.id], t), *money, words.payback_text(row, t))


def _out(case: ReportedCase, rows: Sequence[Alternative], names: dict[str, str]) -> list[str]:
    """What is ruled out or has no price, a line for each reason; closed services by vendor, as they are many."""
    t, routes = case.t, case.catalog.routes
    grouped: dict[str, list[str]] = {}
    for row in rows:
        if row.route is not None and any(map(words.is_closed, row.reasons)):
            grouped.setdefault(t("options.closed"), []).append(routes[row.route].provider)
        elif not row.is_in:
            grouped.setdefault(words.reasons_text(row, case.currency, t), []).append(names[row.id])
    return [
        t("report.options.out", names=_listed(list(dict.fromkeys(found)), case), reason=reason)
        for reason, found in grouped.items()
    ]
