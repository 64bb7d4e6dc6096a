"""What-if sliders: try other numbers without changing the case; the same on every page."""

from collections.abc import Callable
from html import escape

import streamlit as st

from advisor.decision.advice import Advice
from advisor.scenario import QUESTIONS
from advisor.scenario.reading import SHARES
from advisor.text.i18n import Translator
from advisor.ui import fields, history, layout, state

NUMBERS = ("daily_requests", "api_price_decline", "fallback_share", "serving_gpu_price", "engineer_hours")
WIDEST, STEPS = 3.0, 60
TRIED = "tried"
Follow = Callable[[bool], None]
"""Draws what follows the sliders, or only keeps a place for it."""
FULL_RANGE = {"api_price_decline": (0.0, 0.9), "fallback_share": (0.0, 0.6), "gate_success_share": (0.0, 1.0)}


def what_if(kept: Advice, t: Translator, numbers: tuple[str, ...] = NUMBERS) -> None:
    """A slider for each of the numbers and for whatever another page has tried out; keep it or undo it."""
    with st.expander(t("ui.what_if"), expanded=True, icon=":material/tune:"):
        names = _names(kept, numbers)
        for column, name in zip(st.columns(len(names)), names, strict=True):
            with column:
                slider(kept, name, t)
        if state.what_if():
            _keep_or_undo(t)


def what_if_alone(kept: Advice, t: Translator, numbers: tuple[str, ...], follow: Follow) -> None:
    """The same sliders where all that follows them stands outside: one that is moved leaves the others untouched."""
    with st.expander(t("ui.what_if"), expanded=True, icon=":material/tune:"):
        names = _names(kept, numbers)
        for column, name in zip(st.columns(len(names)), names, strict=True):
            with column:
                _alone(kept, name, t, follow, is_last=name == names[-1])
        with st.container(key=TRIED):
            _keep_or_undo(t)


@st.fragment
def _alone(kept: Advice, name: str, t: Translator, follow: Follow, is_last: bool) -> None:
    """A slider and what follows it. On the whole page Streamlit wants a place kept by each, and the last draws it."""
    with layout.guarded(t):
        slider(kept, name, t)
        follow(is_last or not state.whole_page_is_drawn())
        history.keep_link()


def hidden_until_tried() -> str:
    """Style without which nothing could be kept or undone although nothing was tried."""
    return "" if state.what_if() else f"<style>.st-key-{TRIED} {{display: none}}</style>"


def _names(kept: Advice, numbers: tuple[str, ...]) -> list[str]:
    wanted = dict.fromkeys((*numbers, *state.what_if()))
    return [n for n in wanted if kept.assessment.assumptions.knows(n)]


def _keep_or_undo(t: Translator) -> None:
    with st.container(horizontal=True):
        kept_now = st.button(t("ui.keep"), type="primary", key="w.keep")
        st.button(t("ui.reset_sliders"), on_click=state.what_if().clear, key="w.undo")
    if kept_now:
        _keep()
        st.rerun()


def slider(kept: Advice, name: str, t: Translator) -> None:
    """A slider around the kept value; percent questions cover their whole sensible range."""
    question = QUESTIONS[name]
    value = float(kept.assessment.assumptions.number(name))
    low, high = FULL_RANGE.get(name, (0.0, value * WIDEST))
    low, high = min(low, value), max(high, value)
    if low == high:
        return
    scale = 100.0 if question.unit in SHARES else 1.0
    key = f"w.what_if.{name}.{t.language}"
    tried = state.what_if().get(name, value)
    st.session_state[key] = tried * scale

    def commit() -> None:
        chosen = st.session_state[key] / scale
        if abs(chosen - value) < (high - low) / STEPS / 2:
            state.what_if().pop(name, None)
        else:
            state.what_if()[name] = chosen

    step = (high - low) * scale / STEPS
    label = fields.label_with_unit(t, question)
    st.slider(
        label,
        low * scale,
        high * scale,
        key=key,
        step=step,
        on_change=commit,
        format="localized",
        help=t(f"field.{name}.help"),
    )
    if name in state.what_if():
        was = t("ui.kept_value", value=t.value(value, question.unit, kept.assessment.assumptions.currency))
        st.html(f'<p class="small">{escape(was)}</p>')


def _keep() -> None:
    for name, value in list(state.what_if().items()):
        fields.commit(name, value)
    state.what_if().clear()
