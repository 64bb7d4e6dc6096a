"""The choice of the language, which stands in the bar and on the page that asks to sign in."""

import streamlit as st

from advisor.text.i18n import Translator
from advisor.text.languages import language_name, languages
from advisor.ui import state


def switch(t: Translator) -> None:
    """Every language by its own name."""
    st.segmented_control(
        t("app.language"),
        languages(),
        key=state.LANGUAGE,
        required=True,
        format_func=language_name,
        label_visibility="collapsed",
    )
