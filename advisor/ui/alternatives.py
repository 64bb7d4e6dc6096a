"""Every alternative side by side: its worth, its state, what a test of it costs, and taking another way over."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from advisor.charts import option_words as words
from advisor.charts import options as charts
from advisor.charts.serving_words import PER
from advisor.charts.style import short_money
from advisor.core.notices import InputError
from advisor.core.records import TODAY, Economics, Metrics, OptionResult
from advisor.costs.second_use import second_use
from advisor.decision.advice import Advice
from advisor.decision.alternatives import Alternative, alike, better_way, nearly_same
from advisor.money.baseline import standings
from advisor.options import optimise_current
from advisor.scenario import QUESTIONS
from advisor.text.i18n import Translator
from advisor.text.phrases import bill_money, field_label, option_name
from advisor.ui import changes, headline, layout, state
from advisor.ui.tables import items_table, stacked_table

COSTS = ("one_time", "monthly", "thousand_requests", "thousand_answers")
WORTH = ("standing", "npv_against_today", "npv_against_baseline", "range", "payback")
WAYS = "ways"


@dataclass(frozen=True)
class _Page:
    """The alternatives with their names, on their way to the screen."""

    advice: Advice
    economics: Economics
    metrics: Metrics
    rows: tuple[Alternative, ...]
    groups: tuple[tuple[Alternative, ...], ...]
    names: Mapping[str, str]
    t: Translator

    @property
    def currency(self) -> str:
        return self.advice.assessment.assumptions.currency

    @property
    def case(self) -> Alternative:
        return next(row for row in self.rows if row.is_case)

    def money(self, value: float | None) -> str:
        return words.known_money(value, self.currency, self.t)

    def reasons(self, row: Alternative) -> str:
        return words.reasons_text(row, self.currency, self.t)


def draw() -> None:
    t, advice = state.translator(), state.advice()
    st.title(t("page.alternatives.title"))
    economics, metrics = advice.assessment.economics, advice.assessment.metrics
    if economics is None or metrics is None:
        headline.without_money(t)
        return
    with st.spinner(t("ui.computing")):
        rows = state.alternatives_of(advice)
    page = _Page(advice, economics, metrics, rows, alike(rows, advice), words.alternative_names(rows, t), t)
    summary(page)
    picture(page)
    side_by_side(page)
    untested(page)
    ruled_out(page)
    worked_out(page)
    take_over(page)
    levers(page)
    _second_use(advice, t)
    not_available(page)


def summary(page: _Page) -> None:
    """What the best without tuning saves by itself, what tuning adds, and whether another way adds more."""
    t, tuning = page.t, words.saved_by_tuning(page.advice)
    alone = float(page.metrics.savings_against_today) - float(page.metrics.monthly_savings)
    said = words.summary_text(page.advice, page.rows, t)
    st.markdown(f"#### {layout.plain(said)}\n\n{layout.plain(words.all_told_text(page.advice, t))}")
    small, option = t("options.card.month"), option_name(t, page.economics.baseline.id)
    saved = {"baseline": (alone, option), "tuning": (tuning, small), "together": (alone + tuning, small)}
    layout.cards(
        [
            (t(f"options.card.{name}" if money >= 0 else f"options.card.{name}_costs"), page.money(abs(money)), below)
            for name, (money, below) in saved.items()
        ]
    )
    _better(page)


def _better(page: _Page) -> None:
    t, case = page.t, page.case
    if not case.is_in:
        st.warning(layout.plain(t("options.case_out", reasons=page.reasons(case))), icon=":material/block:")
    found = better_way(page.rows)
    gap = None if found is None else _gap(found, page)
    if found is None or gap is None:
        if case.is_in:
            st.caption(t("options.no_better"))
        return
    said = [t("options.better", money=t.prose_money(gap, page.currency), option=page.names[found.id])]
    if (found.npv_against_baseline or 0.0) <= 0:
        said.append(t("options.better_loses"))
    if found.id == "without_fallback":
        said.append(t("options.better_passed"))
    text = said[0]
    for more in said[1:]:
        text = t("options.both", first=text, second=more)
    st.info(layout.plain(text), icon=":material/lightbulb:")


def picture(page: _Page) -> None:
    t = page.t
    st.subheader(t("options.chart.title"))
    chart = charts.build_options_chart(page.groups, page.names, page.currency, t)
    layout.chart(chart, charts.options_alt(page.groups, page.names, page.currency, t), t("options.chart.title"))
    st.caption(t("options.chart.reading"))
    for group in page.groups:
        if len(group) > 1:
            st.caption(layout.plain(words.alike_text(group, page.names, t)))


def side_by_side(page: _Page) -> None:
    """Two tables, ranked by value: what each alternative is worth, and what it costs."""
    t = page.t
    shown = [group[0] for group in page.groups if not words.is_away(group[0])]
    labels = [words.grouped_name(group, page.names, t) for group in page.groups if not words.is_away(group[0])]
    st.subheader(t("options.worth.title"))
    rows = [(label, *_worth(row, page)) for label, row in zip(labels, shown, strict=True)]
    stacked_table(rows, _columns(WORTH, t), t("options.worth.alt"), "worth", figures=True)
    st.caption(t("options.worth.note"))
    st.subheader(t("options.table.title"))
    rows = [(label, *_costs(row, page)) for label, row in zip(labels, shown, strict=True)]
    stacked_table(rows, _columns(COSTS, t), t("options.table.alt"), "costs", figures=True)
    notes, once = t("options.table.note"), float(page.economics.baseline.one_time_cost)
    if once:
        notes = t("options.both", first=notes, second=t("options.table.once", money=page.money(once)))
    st.caption(layout.plain(notes))


def _columns(names: tuple[str, ...], t: Translator) -> list[str]:
    return [t(f"options.column.{name}") for name in ("option", *names)]


def _costs(row: Alternative, page: _Page) -> tuple[str, ...]:
    """Costs once and in a month, then of a thousand requests and good answers, as Serving tells them."""
    each = (None if cost is None else cost * PER for cost in (row.cost_per_request, row.cost_per_success))
    return tuple(page.money(cost) for cost in (row.one_time, row.monthly, *each))


def _worth(row: Alternative, page: _Page) -> tuple[str, ...]:
    t, ends = page.t, ""
    if row.npv_p10 is not None and row.npv_p90 is not None:
        low, high = (short_money(t, end, page.currency) for end in (row.npv_p10, row.npv_p90))
        ends = t("chart.evidence.range", low=low, high=high)
    npv = (page.money(value) for value in (row.npv_against_today, row.npv_against_baseline))
    return (t(f"options.state.{row.state}"), *npv, ends, words.payback_text(row, t))


def untested(page: _Page) -> None:
    """What nobody has tested, with what a test costs and could bring, the most promising first."""
    rows = [row for group in page.groups for row in group if row.state == "untested" and not words.is_away(row)]
    if rows:
        st.subheader(page.t("options.untested.title"))
        said = [(page.names[row.id], words.untested_text(row, page.currency, page.t)) for row in rows]
        _listed(said, page.t)


def ruled_out(page: _Page) -> None:
    rows = [row for row in page.rows if row.state == "ruled_out" and not words.is_away(row)]
    if rows:
        st.subheader(page.t("options.ruled_out.title"))
        _listed([(page.names[row.id], page.reasons(row)) for row in rows], page.t)


def worked_out(page: _Page) -> None:
    """How a month, the cost once, a test and a pass of each alternative without tuning come about."""
    t, a = page.t, page.advice.assessment.assumptions
    rows = {row.id: row for row in page.rows if not row.tunes and row.cost_per_request is not None}
    if rows.keys() <= {TODAY}:
        return
    with layout.folded(t("options.worked.title"), "options.worked", icon=":material/calculate:") as is_open:
        if is_open:
            _listed([(page.names[row.id], words.worked_text(row, page.advice, t)) for row in rows.values()], t)
            results = (each.result for each in standings(a, rows))
            items_table((each for each in results if isinstance(each, OptionResult)), page.currency, t)


def _listed(pairs: list[tuple[str, str]], t: Translator) -> None:
    lines = [t("options.named", name=layout.plain(name), text=layout.plain(text)) for name, text in pairs]
    st.markdown("\n".join(f"- {line}" for line in lines))


def take_over(page: _Page) -> None:
    """A button for each way to tune that is in, the one that is worth most first."""
    t = page.t
    ways = [row for row in page.rows if row.is_in and row.answers and row.npv_against_today is not None]
    if not ways:
        return
    st.subheader(t("options.take.title"))
    st.caption(t("options.take.help"))
    st.html(f"<style>.st-key-{WAYS} button p {{white-space: normal}}</style>")
    with st.container(horizontal=True, key=WAYS):
        for row in sorted(ways, key=lambda way: -(way.npv_against_today or 0.0)):
            gap = _gap(row, page)
            key = "same" if gap is None else "more" if gap > 0 else "less"
            money = bill_money(t, abs(gap or 0.0), page.currency)
            st.button(
                layout.plain(t(f"options.take.{key}", option=page.names[row.id], money=money)),
                key=f"w.take.{row.id}.{t.language}",
                help=layout.plain(_changes(row, page)),
                on_click=take,
                args=(dict(row.answers or {}), page.names[row.id]),
            )


def _gap(row: Alternative, page: _Page) -> float | None:
    """How much more a way is worth than the case's own; ``None`` where it is about the same."""
    mine, other = page.case.npv_against_today, row.npv_against_today or 0.0
    if mine is not None and nearly_same(mine, other, page.advice):
        return None
    return other - (mine or 0.0)


def _changes(row: Alternative, page: _Page) -> str:
    """The answers that come with a way."""
    t = page.t
    told = []
    for name, value in (row.answers or {}).items():
        said = t("options.take.open") if value is None else t.value(value, QUESTIONS[name].unit, page.currency)
        told.append(t("options.take.change", field=field_label(t, name), value=said))
    return t("chart.list").join(told)


def take(answers: Mapping[str, object], name: str) -> None:
    """Make a way to tune the case's own; what cannot be used is named and the old case stays."""
    try:
        changes.replace_scenario(state.scenario().with_(**answers))
    except InputError as error:
        st.session_state[state.DOOR] = error.issues
        return
    st.toast(layout.plain(state.translator()("options.take.done", option=name)))


def levers(page: _Page) -> None:
    """Each lever of the optimised call: how far it goes, or why it is not pulled."""
    t, a = page.t, page.advice.assessment.assumptions
    st.subheader(t("options.levers.title"))
    if a.knows("current_cost_per_request") or not a.knows("input_tokens"):
        st.caption(t("options.levers.only_price"))
        return
    found = optimise_current.pulled(a)
    shares = {
        "shorter_prompt": found.cut,
        "prompt_cache": found.cache_hit_share,
        "batch": found.batch_share,
        "response_cache": found.repeat_share,
    }
    pairs = []
    for lever in optimise_current.levers(a):
        applies = t(f"options.applies.{lever.id}", share=t.percent(float(shares[lever.id])))
        pairs.append((t(f"options.lever.{lever.id}"), t(f"options.idle.{lever.reason}") if lever.reason else applies))
    _listed(pairs, t)


def not_available(page: _Page) -> None:
    """Services that are closed or unpriced, folded away."""
    away = [row for row in page.rows if words.is_away(row)]
    if not away:
        return
    with layout.folded(page.t("options.away.title"), "options.away", icon=":material/block:") as is_open:
        if is_open:
            st.caption(page.t("options.away.help"))
            _listed([(page.names[row.id], page.reasons(row)) for row in away], page.t)


def _second_use(advice: Advice, t: Translator) -> None:
    """Once and every month, the second beside the first."""
    a = advice.assessment.assumptions
    found = second_use(a, state.catalog())
    if found is None:
        return
    st.subheader(t("second.title"))
    st.caption(t("second.shared") if found.shares_machines else t("second.by_token"))
    first, month = t.money(found.first_one_time, a.currency), t.money(found.first_monthly, a.currency)
    layout.cards(
        [
            (t("second.once"), t.money(found.one_time, a.currency), t("second.first", money=first)),
            (t("second.monthly"), t.money(found.monthly, a.currency), t("second.first", money=month)),
        ]
    )
