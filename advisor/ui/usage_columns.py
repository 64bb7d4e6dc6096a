"""On Usage, for a table that is not recognised: which of its columns is which, in place of a mapping file."""

from collections.abc import Sequence

import streamlit as st
import yaml

from advisor.core.notices import Issue
from advisor.core.units import CURRENCIES
from advisor.text.i18n import Translator
from advisor.ui import state
from advisor.usage.named_columns import ALL_IN, HEADINGS, mapping_of, suggested
from advisor.usage.readers.mapped import BUCKETS

NONE = ""
A_LINE = 2


def headings(issues: Sequence[Issue]) -> tuple[str, ...]:
    """Headings of the table that was not recognised; empty where there is none."""
    return next((tuple(i.params["headings"]) for i in issues if "headings" in i.params), ())  # type: ignore[arg-type]


def ask(columns: Sequence[str], t: Translator) -> bytes:
    """The mapping that is chosen, as in a file."""
    st.markdown(f"**{t('page.usage.columns')}**")
    st.caption(t("page.usage.columns_help"))
    guessed = suggested(columns)
    chosen: dict[str, str] = {}
    names = list(HEADINGS)
    for first in range(0, len(names), A_LINE):
        for place, name in zip(st.columns(A_LINE), names[first : first + A_LINE], strict=False):
            with place:
                column = _column(name, columns, guessed.get(name), t)
            if column != NONE:
                chosen[name] = column
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        bucket = st.selectbox(
            t("page.usage.row_is"),
            list(BUCKETS),
            key=f"w.usage.bucket.{hash(tuple(columns))}.{t.language}",
            format_func=lambda name: t(f"page.usage.row.{name}"),
        )
    with right:
        inside = st.checkbox(t("page.usage.cache_inside"), value=True, key=f"w.usage.cache.{hash(tuple(columns))}")
    return yaml.safe_dump(mapping_of(chosen, bucket, cache_inside=inside), allow_unicode=True).encode()


def _column(name: str, columns: Sequence[str], guess: str | None, t: Translator) -> str:
    options = [NONE, *columns]
    if name == "currency":
        options += [f"{ALL_IN}{code}" for code in CURRENCIES]
        guess = guess or f"{ALL_IN}{state.scenario().base_currency}"

    def told(option: str) -> str:
        if option == NONE:
            return t("page.usage.no_column")
        is_all = option.startswith(ALL_IN) and option not in columns
        return t("page.usage.all_in", currency=option.removeprefix(ALL_IN)) if is_all else option

    return st.selectbox(
        t(f"page.usage.column.{name}"),
        options,
        index=options.index(guess) if guess in options else 0,
        key=f"w.usage.column.{name}.{hash(tuple(columns))}.{t.language}",
        format_func=told,
    )
