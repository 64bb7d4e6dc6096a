"""The page Risk: chances, ranges, switching values, value of information, regret."""

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from advisor import charts
from advisor.charts import risk as pictures
from advisor.decision.advice import Advice, sampling
from advisor.risk.regret import regret_table
from advisor.risk.simulation import Simulation
from advisor.risk.summary import PAYBACK_LIMIT, Risk, information, pilot, pilot_pays_from, share_below
from advisor.text import risk_phrases as words
from advisor.text.i18n import Translator
from advisor.text.phrases import chance_text
from advisor.ui import layout, ranges, state
from advisor.ui.tables import stacked_table
from advisor.ui.what_if import what_if

if TYPE_CHECKING:
    import altair as alt

NUMBERS = ("daily_requests", "api_price_decline", "gate_success_share", "fallback_share", "serving_gpu_price")


def draw() -> None:
    t, advice = state.translator(), state.advice()
    st.title(t("page.risk.title"))
    found = advice.simulation
    if found is None:
        layout.verdict_card(advice, t)
        layout.notices(advice.assessment.notices, t, state.scenario().base_currency)
        st.page_link("pages/decide/questionnaire.py", label=t("ui.answer_questions"), icon=":material/edit:")
        return
    live()
    st.divider()
    if state.what_if():
        st.caption(t("risk.kept_case"))
    nearest = st.container()
    find_out_first(advice, found, t)
    ranges.what_do_you_know(t)
    trial(advice, found, t)
    regrets(advice, t)
    with nearest:
        what_would_change_it(advice, t)


@st.fragment
def live() -> None:
    """Everything that a slider redraws. All of it is ready before any of it is drawn, so that it appears at once."""
    t, kept, tried = state.translator(), state.advice(), state.compared()
    found = tried.simulation
    if tried.risk is None or found is None:
        return
    with layout.guarded(t):
        shown = pictures_of(tried, tried.risk, found, t)
        headline(kept, tried, t)
        layout.verdict_card(tried, t)
        currency = tried.assessment.assumptions.currency
        layout.cards(_chances(tried.risk, found, currency, t), _values(tried.risk, currency, t))
        what_if(kept, t, _numbers(kept))
        for column, picture in zip(st.columns(2, gap="large"), shown, strict=True):
            with column:
                st.subheader(picture[0])
                layout.moving_chart(*picture)


def _numbers(kept: Advice) -> tuple[str, ...]:
    """What can be tried out; the chance of good quality only while it is open."""
    decided = kept.assessment.assumptions.knows("gate_result")
    return tuple(name for name in NUMBERS if not (decided and name == "gate_success_share"))


def headline(kept: Advice, tried: Advice, t: Translator) -> None:
    """The chance of payback as people say it; below it what it was before a change.

    One piece in both cases: another piece more or less would have the browser build all that follows anew.
    """
    size = "font-size:clamp(1.25rem,2.6vw,1.8rem);font-weight:650;line-height:1.3;margin:0"
    before = t("risk.before", chance=_chance(kept, t)) if state.what_if() else ""
    below = f'<p class="small">{escape(before)}</p>' if before else ""
    st.html(f'<p style="{size}">{escape(_chance(tried, t))}</p>{below}')


def _chance(advice: Advice, t: Translator) -> str:
    economics = advice.assessment.economics
    assert advice.risk is not None
    assert economics is not None
    return chance_text(t, advice.risk, len(economics.months))


def _chances(risk: Risk, found: Simulation, currency: str, t: Translator) -> list[tuple[str, str, str]]:
    passed = None if found.passes.all() else risk.if_passed
    shares = {"pays": risk.positive_share, "within": risk.within_limit_share}
    good = (passed.positive_share, passed.within_limit_share) if passed else (None, None)
    months = t.number(PAYBACK_LIMIT, 0)
    shown = [
        (t(f"risk.card.{name}", months=months), words.share_text(t, share), _if_good(if_good, t))
        for (name, share), if_good in zip(shares.items(), good, strict=True)
    ]
    return [*shown, (t("risk.card.request"), words.thousand_text(risk, currency, t), t("risk.card.request.help"))]


def _values(risk: Risk, currency: str, t: Translator) -> list[tuple[str, str, str]]:
    amounts = {"p10": risk.npv.p10, "p50": risk.npv.p50, "p90": risk.npv.p90}
    return [
        (t(f"risk.card.{name}"), t.money(value, currency), t(f"risk.card.{name}.help"))
        for name, value in amounts.items()
    ]


def _if_good(share: float | None, t: Translator) -> str:
    return "" if share is None else t("risk.card.if_good", share=words.share_text(t, share))


Picture = tuple[str, "alt.LayerChart", str, str]
"""Title, chart, its words, and how to read it."""


def pictures_of(advice: Advice, risk: Risk, found: Simulation, t: Translator) -> tuple[Picture, Picture]:
    """Where the cash may go month by month, and where the value of the whole lies."""
    currency = advice.assessment.assumptions.currency
    failing = words.failing_text(1 - float(found.passes.mean()), t)
    fan = pictures.build_fan_chart(advice, found, t), pictures.fan_alt(advice, found, t)
    npv = pictures.build_npv_chart(found, currency, t), pictures.npv_alt(found, currency, t)
    said = {"fan": failing, "npv": words.draws_text(risk, t)}
    point = advice.assessment.metrics
    below = words.share_text(t, share_below(found, point.npv if point else 0.0))
    reading = {
        name: t("risk.sentences", first=t(f"risk.{name}.read", share=below), second=more) for name, more in said.items()
    }
    return (t("risk.heading.fan"), *fan, reading["fan"]), (t("risk.heading.npv"), *npv, reading["npv"])


def what_would_change_it(advice: Advice, t: Translator) -> None:
    """Every number with the value at which the verdict turns, and the open answers that would turn it."""
    st.subheader(t("risk.heading.switching"))
    with st.spinner(t("ui.computing")):
        found = state.examined(advice)
    switching_values, currency = found.switching_values, advice.assessment.assumptions.currency
    for finding in found.findings:
        st.markdown(f"- {layout.plain(words.finding_text(finding, t))}")
    reached = words.reached(switching_values)
    if any(switch.chance >= words.RARE for switch in reached):
        layout.chart(pictures.build_switching_chart(switching_values, t), pictures.switching_alt(switching_values, t))
    if reached:
        rows = [words.switching_row(switch, currency, t) for switch in reached]
        stacked_table(rows, words.switching_columns(t), t("risk.switching.table_alt"), "switching_values")
        st.caption(t("risk.switching.read"))
    else:
        st.markdown(t("ui.switching.none"))
    st.markdown(layout.plain(words.alone_text(switching_values, currency, t)))


def find_out_first(advice: Advice, found: Simulation, t: Translator) -> None:
    """The numbers that move the value, one by one and by their share of the spread, and what knowing each is worth."""
    known, currency = information(found)[: words.MOST_FIRST], advice.assessment.assumptions.currency
    left, right = st.columns(2, gap="large")
    with left:
        if advice.assessment.evidence.matter:
            st.subheader(t("page.recommendation.moves"))
            layout.chart(charts.build_evidence_chart(advice, t), charts.evidence_alt(advice, t))
    with right:
        st.subheader(t("risk.heading.first"))
        st.markdown(f"**{layout.plain(words.first_text(known, currency, t))}**")
        if known:
            layout.chart(pictures.build_information_chart(known, t), pictures.information_alt(known, t))
    if any(each.worth > 0 for each in known):
        rows = [words.information_row(each, currency, t) for each in known]
        stacked_table(rows, words.information_columns(t), t("risk.first.table_alt"), "find-out-first")


def trial(advice: Advice, found: Simulation, t: Translator) -> None:
    """What a small trial costs and is worth before the whole project is decided."""
    a = advice.assessment.assumptions
    st.subheader(t("risk.heading.pilot"))
    value = pilot(a, found)
    if value is not None:
        shown = (
            ("cost", t.money(float(a.number("pilot_cost")), a.currency)),
            ("reliability", t.percent(float(a.number("pilot_reliability")))),
            ("worth", t.money(float(value.evsi), a.currency)),
            ("good", t.percent(float(value.p_good_given_positive))),
            ("bad", t.percent(float(value.p_good_given_negative))),
        )
        layout.cards((t(f"risk.pilot.{name}"), text, "") for name, text in shown)
    st.markdown(layout.plain(words.pilot_text(a, value, pilot_pays_from(a, found), t)))


def regrets(advice: Advice, t: Translator) -> None:
    """What each choice is worth in a bad, a middling and a good world."""
    a = advice.assessment.assumptions
    table = regret_table(a, sampling(state.catalog()))
    st.subheader(t("risk.heading.regret"))
    rows = [words.regret_row(choice, a, t) for choice in table]
    stacked_table(rows, words.regret_columns(t), t("risk.regret.table_alt"), "regret")
    st.markdown(layout.plain(words.least_regret(table, a, t)))
    st.caption(layout.plain(t("risk.regret.read")))
