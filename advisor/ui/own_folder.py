"""Faults in the folders of prices of the reader's own, as every page tells them."""

import streamlit as st

from advisor.core.notices import OwnDataError
from advisor.text.i18n import Translator
from advisor.text.own_fault_phrases import own_faults
from advisor.ui import layout


def tell(error: OwnDataError, t: Translator) -> None:
    """All of them in one box, one line each."""
    head, told = own_faults(error, t)
    lines = (layout.plain(head), "", *(f"- {layout.plain(each)}" for each in told))
    st.error("\n".join(lines), icon=":material/error:")
