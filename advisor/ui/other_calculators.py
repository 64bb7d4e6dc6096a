"""Why another calculator says something else: a table of answers, and the walk from one of them to ours."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from advisor.core.records import Economics, Metrics
from advisor.decision.advice import Advice
from advisor.money.other_calculators import OtherAnswer, left_out, other_calculators, simple_answer
from advisor.text.i18n import Translator
from advisor.text.phrases import bill_money, least_whole, metric_text
from advisor.ui import fields, layout, tables

CHOSEN = "naive.chosen"
COLUMNS = ("calculator", "monthly_savings", "payback")
SHORTEST = 0.1
"""Shortest payback that is told in figures. [months]"""


def section(advice: Advice, t: Translator) -> None:
    """The folded part of a page; nothing where the money is unknown."""
    economics, metrics = advice.assessment.economics, advice.assessment.metrics
    if economics is None or metrics is None:
        return
    with layout.folded(t("naive.title"), "naive", icon=":material/calculate:") as is_open:
        if is_open:
            _opened(advice, economics, metrics, t)


def _opened(advice: Advice, economics: Economics, metrics: Metrics, t: Translator) -> None:
    a = advice.assessment.assumptions
    found = other_calculators(a, economics)
    st.markdown(layout.plain(t("naive.intro", currency=a.currency)))
    _table(found, economics, metrics, a.currency, t)
    chosen = _chosen(found, t)
    st.markdown(layout.plain(t(f"naive.{chosen.id}.wrong")))
    _walk(chosen, _total(economics), a.currency, t)
    if chosen.id == "simple":
        _also(advice, economics, t)
    idle = left_out(a)
    if idle:
        st.markdown(f"**{layout.plain(t('naive.left_out'))}**")
        pairs = [
            t("naive.pair", name=t(f"naive.{each.id}.label"), reason=t(f"naive.reason.{each.reason}")) for each in idle
        ]
        st.markdown("\n".join(f"- {layout.plain(pair)}" for pair in pairs))


def _total(economics: Economics) -> float:
    """All that comes in less all that goes out, over the horizon. [money]"""
    return float(np.sum(economics.cash_flows))


def _months(economics: Economics, t: Translator) -> str:
    return t.months(float(economics.months.size), 0)


def _table(found: Sequence[OtherAnswer], economics: Economics, metrics: Metrics, currency: str, t: Translator) -> None:
    columns = [t(f"naive.column.{name}") for name in COLUMNS]
    columns.append(t("naive.column.net_benefit", months=_months(economics, t)))
    rows = [
        (
            t(f"naive.{each.id}.label"),
            bill_money(t, each.monthly_savings, currency),
            t("status.nothing_saved") if each.payback_months is None else _payback(each.payback_months, t),
            bill_money(t, each.net_benefit, currency),
        )
        for each in found
    ]
    ours = (
        t("naive.ours"),
        bill_money(t, metrics.monthly_savings, currency),
        metric_text(t, metrics, "payback_months", currency),
        bill_money(t, _total(economics), currency),
    )
    tables.table([*rows, ours], columns, t("naive.table_alt"), whole=True)


def _payback(months: float, t: Translator) -> str:
    """Months with one digit; what would read as nothing is said to be less than the smallest figure."""
    return (
        t.months(months) if months >= SHORTEST or months == 0 else t("naive.payback_below", months=t.months(SHORTEST))
    )


def _chosen(found: Sequence[OtherAnswer], t: Translator) -> OtherAnswer:
    """The calculator the reader wants explained; the choice outlives a change of language."""
    by_id = {each.id: each for each in found}
    kept = st.session_state.get(CHOSEN)
    key = fields.widget_key("calculator", "naive")
    st.session_state[key] = kept if kept in by_id else next(iter(by_id))

    def commit() -> None:
        st.session_state[CHOSEN] = st.session_state[key]

    picked = st.selectbox(
        t("naive.choose"), list(by_id), key=key, on_change=commit, format_func=lambda name: t(f"naive.{name}.label")
    )
    return by_id[picked]


def _walk(chosen: OtherAnswer, ours: float, currency: str, t: Translator) -> None:
    """From its benefit to ours, a line a difference."""
    if not chosen.steps:
        st.info(t("naive.no_difference"), icon=":material/check:")
        return
    lines = [_line(t("naive.start"), bill_money(t, chosen.net_benefit, currency))]
    for step in chosen.steps:
        money = bill_money(t, step.money, currency)
        lines.append(_line(t(f"naive.difference.{step.id}"), f"+{money}" if step.money > 0 else money))
    lines.append(_line(t("naive.end"), bill_money(t, ours, currency)))
    st.markdown("\n".join(lines))
    st.caption(t("naive.order"))


def _line(words: str, money: str) -> str:
    shown = layout.plain(money).replace("\\-", f"\\-{layout.WORD_JOINER}")
    return f"- **{shown}** {layout.plain(words)}"


def _also(advice: Advice, economics: Economics, t: Translator) -> None:
    """Break-even and return, which the simplest calculator prints as well."""
    says = simple_answer(advice.assessment.assumptions, economics)
    if says is None or np.isnan(says.break_even_requests) or np.isnan(says.roi):
        return
    requests = t.number(least_whole(float(says.break_even_requests)), 0)
    words = {"requests": requests, "roi": t.percent(float(says.roi)), "months": _months(economics, t)}
    st.caption(layout.plain(t("naive.also_says", **words)))
