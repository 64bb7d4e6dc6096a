"""The page Risk: first how sure it is, then what to find out, then the actions side by side."""

from html import escape
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor import charts
from advisor.charts import risk as pictures
from advisor.decision.advice import Advice
from advisor.risk.regret import regret_table
from advisor.risk.simulation import Simulation
from advisor.risk.summary import PAYBACK_LIMIT, Risk, information, share_below
from advisor.text import risk_phrases as words
from advisor.text.headline_phrases import chance_text
from advisor.text.i18n import Translator
from advisor.ui import headline, layout, ranges, state
from advisor.ui.tables import stacked_table
from advisor.ui.what_if import hidden_until_tried, what_if_alone

if TYPE_CHECKING:
    import altair as alt

NUMBERS = ("daily_requests", "api_price_decline", "gate_success_share", "fallback_share", "serving_gpu_price")


def draw() -> None:
    t, advice = state.translator(), state.advice()
    st.title(t("page.risk.title"))
    found, table = advice.simulation, advice.actions
    if found is None or table is None:
        headline.without_money(t)
        return
    above, sliders, below = st.empty(), st.container(), st.empty()
    with sliders:
        what_if_alone(advice, t, _numbers(advice), lambda drawn: follow(above, below, drawn))
    if state.what_if():
        st.caption(t("risk.kept_case"))
    to_find_out = st.container()
    if advice.assessment.evidence.matter:
        st.subheader(t("page.answer.moves"))
        what_moves_it(advice, t)
    ranges.what_do_you_know(t)
    st.subheader(t("risk.heading.actions"))
    compared(advice, t)
    with to_find_out:
        find_out(advice, found, t)


def follow(above: DeltaGenerator, below: DeltaGenerator, drawn: bool) -> None:
    """What follows the sliders, above and below them; all is ready before any is drawn, so that it appears at once."""
    t, kept, tried = state.translator(), state.advice(), state.compared()
    found = tried.simulation
    if not drawn or tried.risk is None or found is None:
        above.empty(), below.empty()
        return
    shown = pictures_of(tried, tried.risk, found, t)
    with above.container():
        chance_of_payback(kept, tried, t)
        currency = tried.assessment.assumptions.currency
        told = headline.verdict_and_cards(tried, t, _chances(tried.risk, t, currency), _values(tried.risk, currency, t))
        if charts.shows_chances(tried):
            dots, said = charts.build_chances_chart(tried, t), charts.chances_alt(tried, t)
            layout.moving_chart(t("risk.heading.chances"), dots, said, below=told)
        else:
            st.html(told)
    with below.container():
        for column, picture in zip(st.columns(2, gap="large"), shown, strict=True):
            with column:
                layout.heading(picture[0])
                layout.moving_chart(*picture)


def _numbers(kept: Advice) -> tuple[str, ...]:
    """What can be tried out; the chance of good quality only while it is open."""
    decided = kept.assessment.assumptions.knows("gate_result")
    return tuple(name for name in NUMBERS if not (decided and name == "gate_success_share"))


def chance_of_payback(kept: Advice, tried: Advice, t: Translator) -> None:
    """The chance of payback as people say it; below it what it was before a change.

    One piece in both cases: another piece more or less would have the browser build all that follows anew.
    """
    size = "font-size:clamp(1.25rem,2.6vw,1.8rem);font-weight:650;line-height:1.3;margin:0"
    before = t("risk.before", chance=_chance(kept, t)) if state.what_if() else ""
    below = f'<p class="small">{escape(before)}</p>' if before else ""
    st.html(f'{hidden_until_tried()}<p style="{size}">{escape(_chance(tried, t))}</p>{below}')


def _chance(advice: Advice, t: Translator) -> str:
    assert advice.headline is not None
    return chance_text(advice.headline, t)


def _chances(risk: Risk, t: Translator, currency: str) -> list[tuple[str, str, str]]:
    passed = None if risk.chance in (0, 1) else risk.if_passed
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
    failing = words.failing_text(1 - risk.chance, t)
    fan = charts.build_payback_chart(advice, t, as_entered=True), charts.payback_alt(advice, t, as_entered=True)
    npv = pictures.build_npv_chart(found, currency, t), pictures.npv_alt(found, currency, t)
    said = {"fan": failing, "npv": words.draws_text(risk, t)}
    point = advice.assessment.metrics
    below = words.share_text(t, share_below(found, point.npv if point else 0.0))
    read = {name: t(f"risk.{name}.read", share=below) for name in said}
    if not risk.chance:
        read["fan"] = t("risk.fan.read_fails")
    reading = {name: t("word.sentences", first=read[name], second=more) for name, more in said.items()}
    return (t("risk.heading.fan"), *fan, reading["fan"]), (t("risk.heading.npv"), *npv, reading["npv"])


def find_out(advice: Advice, found: Simulation, t: Translator) -> None:
    """The number to find out first; each number's share of the spread, its worth, and where it turns the verdict."""
    known, currency = information(found)[: words.MOST_FIRST], advice.assessment.assumptions.currency
    st.subheader(t("risk.heading.first"))
    st.markdown(f"**{layout.plain(words.first_text(known, advice.assessment.evidence.next_to_find, currency, t))}**")
    with st.spinner(t("ui.computing")):
        examined = state.examined(advice)
    for finding in examined.findings:
        st.markdown(f"- {layout.plain(words.finding_text(finding, t))}")
    rows = words.find_out_rows(known, examined.switching_values, advice.assessment.assumptions, t, examined.volume)
    stacked_table(rows, words.find_out_columns(t), t("risk.find_out.table_alt"), "find-out-first")
    st.caption(t("risk.switching.read"))
    volume = advice.assessment.assumptions["daily_requests"]
    if volume.is_uncertain and volume.shape == "lognormal":
        ends = {"low": t.number(float(volume.low or 0), 0), "high": t.number(float(volume.high or 0), 0)}
        st.caption(layout.plain(t("risk.switching.volume", **ends)))
    st.markdown(layout.plain(words.alone_text(examined.switching_values, currency, t)))


def what_moves_it(advice: Advice, t: Translator) -> None:
    """The numbers that matter, each from its low to its high."""
    if advice.assessment.evidence.matter:
        layout.chart(charts.build_evidence_chart(advice, t), charts.evidence_alt(advice, t), t("page.answer.moves"))
        st.caption(layout.plain(t("risk.moves.read", know=t("risk.heading.know"))))


def compared(advice: Advice, t: Translator) -> None:
    """Every action with its worth, its risk and its regret; below, what a trial is worth and what regret means."""
    a, risk, table = advice.assessment.assumptions, advice.risk, advice.actions
    if risk is None or table is None:
        return
    regrets = regret_table(table)
    rows = [
        words.action_with_regret(row, choice, table, a.currency, t)
        for row, choice in zip(table.rows, regrets, strict=True)
    ]
    columns = words.action_with_regret_columns(t)
    stacked_table(rows, columns, t("risk.actions.table_alt"), "actions", figures=True)
    st.caption(layout.plain(words.actions_read(table, a, risk, t)))
    st.markdown(layout.plain(words.pilot_text(a, table, t)))
    st.markdown(layout.plain(words.regret_of_recommended(regrets, table, a.currency, t)))
    st.caption(layout.plain(t("risk.regret.read")))
