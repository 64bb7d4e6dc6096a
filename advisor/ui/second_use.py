"""What a second use on the same base model would cost, beside the first."""

import streamlit as st

from advisor.costs.second_use import second_use
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator
from advisor.ui import layout, state


def section(advice: Advice, t: Translator) -> None:
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
