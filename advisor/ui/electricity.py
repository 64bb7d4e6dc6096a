"""Take a price of electricity from the price book as the case's own; one that the reader has entered stays."""

import streamlit as st

from advisor.evidence.prices import BookPrice, PriceBookView
from advisor.text.i18n import Translator
from advisor.text.phrases import assumption_text, source_text
from advisor.ui import fields, layout, state

PAGE = "pages/evidence/prices.py"
NAME, TAKEN = "electricity_price", "prices.electricity.taken"
DIGITS = 4
"""Significant digits of a price that was converted; the sources state no more."""


def draw(view: PriceBookView, t: Translator) -> None:
    """The prices of the book to choose from, and what is in force: the reader's own, or the one that was taken.

    Nothing where the case pays for no electricity.
    """
    row = state.advice().assessment.assumptions.rows.get(NAME)
    if row is None:
        return
    prices = {price.id: price for price in view.of_book("electricity") if price.provider_class != "article"}
    st.markdown(f"**{layout.plain(t('prices.electricity.title'))}**")
    st.caption(layout.plain(t("prices.electricity.help")))
    taken = prices.get(str(st.session_state.get(TAKEN, "")))
    if row.set_by == "user":
        if taken is not None and state.scenario().answers().get(NAME) == _in_case(taken):
            price = taken.amount.converted_text
            st.success(layout.plain(t("prices.electricity.taken", price=price, title=taken.origin.title)))
        else:
            st.caption(layout.plain(t("prices.electricity.yours")))
            return
    wanted = st.selectbox(
        t("prices.electricity.which"),
        sorted(prices, key=lambda name: (prices[name].region, name)),
        format_func=lambda name: _option(prices[name], t),
        index=None,
        placeholder=t("prices.electricity.choose"),
        key="prices.electricity.which",
    )
    if wanted is None:
        return
    value = _in_case(prices[wanted])
    if value is None:
        st.caption(layout.plain(t("prices.electricity.no_rate")))
        return
    st.button(t("prices.electricity.take"), key="prices.electricity.take", on_click=_take, args=(wanted, value))


def tell_default(currency: str, t: Translator) -> None:
    """Where nobody told the price, whose average the case counts with, and the way to that of a country."""
    row = state.advice().assessment.assumptions.rows.get(NAME)
    if row is None or row.set_by != "default" or row.source is None:
        return
    price = assumption_text(t, row, currency)
    st.caption(layout.plain(t("prices.electricity.default", price=price, source=source_text(t, row))))
    st.page_link(PAGE, label=t("prices.electricity.to_choice"), icon=":material/bolt:")


def _option(price: BookPrice, t: Translator) -> str:
    return t(
        "prices.electricity.option",
        region=price.region,
        what=price.what,
        price=price.amount.text,
        date=price.origin.effective_text,
        seller=price.provider,
    )


def _in_case(price: BookPrice) -> float | None:
    """The price in the currency of the case."""
    value = price.amount.converted
    if value is None or price.amount.currency == state.scenario().base_currency:
        return value
    return float(f"{value:.{DIGITS}g}")


def _take(wanted: str, value: float) -> None:
    st.session_state[TAKEN] = wanted
    fields.commit(NAME, value)
