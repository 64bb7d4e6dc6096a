"""The headline and the payback timeline for the back of a room, with sliders to try other numbers."""

import streamlit as st

from advisor.ui import headline, layout, state
from advisor.ui.cash_flow import savings_picture, timeline
from advisor.ui.what_if import what_if

STYLE = """<style>
@page {size: landscape; margin: 1cm}
@media print {
  [data-testid=stHeader], [data-testid=stExpander] {display: none}
  [data-testid=stMainBlockContainer] {padding: 0; zoom: .7}
  [data-testid=stHorizontalBlock]:has([data-testid=stVegaLiteChart]) {
    display: grid !important; grid-template-columns: 2fr 3fr; gap: 1rem}
  [data-testid=stHorizontalBlock]:has([data-testid=stVegaLiteChart]) > * {
    width: auto !important; min-width: 0 !important}
  [data-testid=stVegaLiteChart] svg {max-width: 100%; height: auto}
}
</style>"""
"""On paper one landscape page without what can only be clicked; Streamlit prints columns below one another."""


def draw() -> None:
    t = state.translator()
    st.html(STYLE)
    if state.advice().assessment.economics is None:
        st.title(t("page.present.title"))
        headline.without_money(t)
        return
    live()


@layout.part
def live() -> None:
    """Everything that a slider redraws; the case before the change stays in grey."""
    t, kept, tried = state.translator(), state.advice(), state.compared()
    left, right = st.columns([2, 3], gap="medium")
    with left:
        headline.verdict_card(tried, t, large=True, level=1)
        headline.told_first(tried, t, large=True)
    with right:
        timeline(kept, tried, t, large=True)
    what_if(kept, t)
    with layout.folded(t("page.cash_flow.savings"), "present.savings", icon=":material/bar_chart:") as is_open:
        if is_open:  # closed it costs a slider nothing
            savings_picture(tried, t)
