"""What no page catches, as a fault in what a click does before the page is drawn anew.

Streamlit 1.67 would tell it in English words of its own and without a number, and log it under the number of a redraw
that is over. Both are taken over: a click runs before any line of ours, and what Streamlit lets an app say to it
reaches only one that is started as ``st.App``.
"""

import streamlit as st
from streamlit import error_util

from advisor.ui import observed, state

theirs = error_util.show_uncaught_app_exception


def take_over() -> None:
    """From now on such a fault is logged and told as one of a page is."""
    error_util._log_uncaught_app_exception = _log
    error_util.show_uncaught_app_exception = _tell


def _log(ex: BaseException) -> None:
    observed.lost(ex)


def _tell(ex: BaseException) -> None:
    """The words of a page that fails, in the reader's language; Streamlit's own where those fail too."""
    try:
        st.error(observed.failed_text(state.translator()))
    except Exception:
        theirs(ex)
