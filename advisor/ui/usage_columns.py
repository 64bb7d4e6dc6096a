"""On Usage, for a table that is not recognised: which of its columns is which, in place of a mapping file."""

from collections.abc import Sequence

import streamlit as st
import yaml

from advisor.core.notices import Issue
from advisor.core.units import CURRENCIES
from advisor.text.i18n import Translator
from advisor.ui import layout, state
from advisor.usage.named_columns import ALL_IN, HEADINGS, mapping_of, suggested
from advisor.usage.readers.mapped import BUCKETS

NONE = ""
A_LINE = 2


def headings(issues: Sequence[Issue]) -> tuple[str, ...]:
    """Headings of the table that was not recognised, each once; empty where there is none."""
    told = next((i.params["headings"] for i in issues if "headings" in i.params), ())
    return tuple(dict.fromkeys(name for name in told if name and not name.startswith(ALL_IN)))  # type: ignore[attr-defined]


def ask(columns: Sequence[str], t: Translator) -> bytes:
    """The mapping that is chosen, as in a file."""
    st.markdown(f"**{t('page.usage.columns')}**")
    st.caption(t("page.usage.columns_help"))
    guessed = suggested(columns)
    chosen: dict[str, str] = {}
    for place, name in layout.in_rows(list(HEADINGS), A_LINE):
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
        code = option.removeprefix(ALL_IN)
        return option if code == option else t("page.usage.all_in", currency=code)

    return st.selectbox(
        t(f"page.usage.column.{name}"),
        options,
        index=options.index(guess) if guess in options else 0,
        key=f"w.usage.column.{name}.{hash(tuple(columns))}.{t.language}",
        format_func=told,
    )
