"""The verdict and the figures told first, as several pages draw them."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from advisor.decision.advice import Advice
from advisor.decision.rules import tone_of
from advisor.report.case import memo_of
from advisor.risk.headline import Headline
from advisor.text.headline_phrases import chance_text, headline_cards, headline_text
from advisor.text.i18n import Translator
from advisor.text.memo_phrases import ask_of
from advisor.text.phrases import joined, metric_text, notice_text, verdict_label
from advisor.ui import layout, state

BEYOND_TOLERANCE = "reason_tolerance"
"""Why an action of a higher mean is not the verdict: its amount may stand in the first reason."""


def verdict_card(advice: Advice, t: Translator, *, large: bool = False, level: int = 2) -> None:
    """The verdict, what is asked for, and the reason that decided; the same on every page."""
    st.html(_verdict(advice, t, large=large, level=level))


def _verdict(advice: Advice, t: Translator, *, large: bool = False, level: int = 2) -> str:
    found = advice.recommendation
    tone = tone_of(found)
    others = [reason for reason in found.reasons[1:] if reason.code == BEYOND_TOLERANCE]
    currency = advice.assessment.assumptions.currency
    told = (notice_text(t, each, currency) for each in (*found.reasons[:1], *others))
    reason = joined(told, t)
    return (
        f'<div class="verdict{" large" if large else ""}" style="--tone:{layout.TONE_COLOURS[tone]}">'
        f'<div class="label" role="heading" aria-level="{level}">{layout.sign(tone)} '
        f"{escape(verdict_label(t, found))}</div>"
        f'<div class="sentence">{escape(ask_of(memo_of(advice), t).sentence)}</div>'
        f'<div class="reason">{escape(reason)}</div></div>'
    )


def figures(advice: Advice, names: Iterable[str], t: Translator) -> None:
    """Named metrics as a row of cards that wraps on a narrow screen; each explains itself."""
    metrics = advice.assessment.metrics
    if metrics is None:
        return
    from advisor.ui import explain  # brings the formulas, which the first page does not need

    currency, panels = advice.assessment.assumptions.currency, explain.panels(advice, t)
    shown = "".join(panels.metric(n, t(f"metric.{n}.label"), metric_text(t, metrics, n, currency)) for n in names)
    st.html(f'<div class="figures">{shown}</div>')


def told_first(
    advice: Advice, t: Translator, *, large: bool = False, outlook: bool = False, explained: bool = True
) -> None:
    """The figures told first, the same as in the report and on the command line; nothing without money.

    ``outlook``: before them, in words, what tuning brings where it works and where it does not, and the chance that the
    money is back. ``explained``: each opens its formula and inputs. One element, since each more takes time to draw.
    """
    if advice.headline is not None:
        st.html(_told_first(advice, t, large=large, outlook=outlook, explained=explained))


def _told_first(
    advice: Advice, t: Translator, *, large: bool = False, outlook: bool = False, explained: bool = False
) -> str:
    if advice.headline is None:
        return ""
    a, preset = advice.assessment.assumptions, state.catalog().presets.get(advice.scenario.preset or "")
    entered = preset is not None and preset.article is not None
    told = headline_cards(advice.headline, a, t, entered=entered)
    words = _outlook(advice.headline, a.currency, t) if outlook and advice.headline.serves else ""
    tiles, beside = "".join(layout.card(*one) for one in told), ""
    if explained:
        from advisor.ui import explain  # brings the formulas, which the first page does not need

        panels = explain.panels(advice, t)
        tiles, beside = panels.told_first(told, advice.headline), panels.hosts()
    return f'{words}<div class="figures{" large" if large else ""}">{tiles}</div>{beside}'


def short(advice: Advice, t: Translator) -> None:
    """Payback and monthly saving alone, for the sidebar; of a case without requests its cost."""
    if advice.headline is not None:
        told = headline_cards(advice.headline, advice.assessment.assumptions, t)
        st.html(f'<div class="figures">{"".join(layout.card(one.label, one.value) for one in told[:3:2])}</div>')


def _outlook(found: Headline, currency: str, t: Translator) -> str:
    first, second = escape(headline_text(found, currency, t)), escape(chance_text(found, t))
    return f'<p class="outlook"><b>{first}</b></p><p class="outlook">{second}</p>'


def first_answer(advice: Advice, sure: str, t: Translator) -> str:
    """Verdict, outlook and figures as HTML, with how many of the numbers that decide are the reader's own."""
    mark = f'<p class="small">{escape(sure)}</p>' if sure else ""
    told = _told_first(advice, t, outlook=True)
    return f'<div class="first"><div>{_verdict(advice, t)}{mark}</div><div>{told}</div></div>'


def verdict_and_cards(advice: Advice, t: Translator, *rows: Iterable[tuple[str, str, str]]) -> str:
    """The verdict and figures under it as HTML, to be drawn with what stands above."""
    return _verdict(advice, t) + layout.cards_html(*rows)


def without_money(t: Translator) -> None:
    """The verdict where no money can be told, what is missing for it, and the way to enter it."""
    verdict_card(state.advice(), t)
    layout.notices(state.advice().assessment.notices, t, state.scenario().base_currency)
    st.page_link("pages/decide/your_case.py", label=t("ui.answer_questions"), icon=":material/edit:")
