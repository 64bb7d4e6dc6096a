"""Tables to look at and to download, and those of the money pages: line items and months, with their units."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from unicodedata import east_asian_width
from urllib.parse import urlsplit

import numpy as np
import streamlit as st

from advisor.core.records import LineItem, OptionResult
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator
from advisor.text.phrases import item_text
from advisor.ui import layout, state, table_files


def line_items(advice: Advice, t: Translator) -> None:
    """Every declared item of both options: quantity, unit price, amount."""
    economics = advice.assessment.economics
    if economics is not None:
        items_table((economics.baseline, economics.tuned), advice.assessment.assumptions.currency, t)


def items_table(options: Iterable[OptionResult], currency: str, t: Translator) -> None:
    """Every declared item of some options."""
    rows = []
    for option in options:
        for item in option.line_items:
            name, *amounts = _amounts(item, option, t, currency)
            rows.append((name, t(f"option.{option.id}"), *amounts))
    columns = [t(f"ui.column.{c}") for c in ("item", "option", "frequency", "quantity", "unit_price", "amount")]
    stacked_table(rows, columns, t("ui.line_items_alt"), "line-items")


def _amounts(item: LineItem, option: OptionResult, t: Translator, currency: str) -> tuple[str, ...]:
    """Name, charge, quantity, unit price and cost; what changes by month is shown in a steady month, as everywhere."""
    price = None if item.unit_price is None else float(np.mean(item.unit_price))
    quantity = float(np.mean(item.quantity))
    if item.by_month and price:
        quantity = float(option.steady_costs[item.id]) / price
    steady = replace(item, quantity=quantity, unit_price=price)
    name, quantity_text, unit_price = item_text(t, steady, quantity, currency)
    cost = None if steady.cost is None else float(steady.cost)
    return name, t(f"ui.frequency.{item.frequency}"), quantity_text, unit_price, t.money(cost, currency)


def monthly(advice: Advice, t: Translator) -> None:
    """Month by month: requests, both costs, the difference and what has accumulated."""
    economics = advice.assessment.economics
    if economics is None:
        return
    currency = advice.assessment.assumptions.currency
    flows, total = economics.cash_flows, np.cumsum(economics.cash_flows)
    rows: list[tuple[str, ...]] = [
        (t.number(0.0, 0), "", "", "", t.money(flows[0], currency), t.money(total[0], currency))
    ]
    for k, month in enumerate(economics.months):
        money = (economics.baseline.monthly_cost[k], economics.tuned.monthly_cost[k], flows[k + 1], total[k + 1])
        rows.append(
            (
                t.number(float(month), 0),
                t.number(economics.monthly_requests[k], 0),
                *(t.money(float(m), currency) for m in money),
            )
        )
    columns = [t(f"ui.column.{c}") for c in ("month", "requests", "cost_today", "cost_tuned", "net", "cumulative")]
    stacked_table(rows, columns, t("ui.monthly_alt"), "months", figures=True)
    st.caption(t("word.rounding"))


STYLE = """<style>
.broad {overflow-x: auto}
.stacked {width: 100%; border-collapse: collapse; margin: .2rem 0 .6rem}
.stacked caption {position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)}
.stacked th, .stacked td {text-align: left; padding: .45rem .7rem .45rem 0; vertical-align: top}
.stacked thead th {font-size: .88rem; font-weight: 600; opacity: .9}
.stacked a {color: light-dark(#0b5cad, #66b2ff)}
.stacked tr {border-bottom: 1px solid color-mix(in srgb, currentColor 22%, transparent)}
.stacked tbody th {font-weight: 600}
.stacked.numbers td, .stacked.numbers th:not(:first-child) {text-align: right; font-variant-numeric: tabular-nums;
  word-break: keep-all}
@media (min-width: 641px) {
  .stacked.numbers tbody th {font-weight: 400}
  .stacked.numbers td {padding-left: .5rem}
  .stacked tbody th {min-width: 7rem}
  .stacked .brief {white-space: nowrap}
  .stacked td:not(.brief) {min-width: 5.5rem}
}
@media (max-width: 640px) {
  .stacked thead {position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)}
  .stacked tr {display: block; padding: .5rem 0}
  .stacked tbody th {display: block; padding: .1rem 0}
  .stacked td {display: flex; justify-content: space-between; gap: 1rem; padding: .1rem 0; text-align: right}
  .stacked td.empty {display: none}
  .stacked td::before {content: attr(data-label); opacity: .85; font-size: .88rem; text-align: left;
    flex: none; max-width: 60%}
}
</style>"""
NO_BREAK, SHORT = "\u00a0", 8
"""Cells of at most so many characters, such as a number of months, stay on one line."""
FIRST_ROWS = 8
"""How much of a ranked table is shown at once."""
NOTHING = "–"
"""A cell without a value; a card leaves it out."""
BRIEF, BRIEF_HEADING = 13, 9
"""So many letters stay on one line, a Chinese character counting as two: else a column shrinks to one of them."""


def table(
    rows: Sequence[Sequence[object]], columns: Sequence[str], description: str, *, whole: bool = False, link: str = ""
) -> None:
    """A table to look at and to download: a long one can be sorted and searched, a ``whole`` one shows every row.

    On a telephone a whole one becomes a card for each row; an address in it can be followed. ``link``: the column of a
    long one whose addresses can.
    """
    if whole:
        stacked_table(rows, columns, description, "table")
        return
    import pandas as pd  # a quarter of a second that the first page does not need

    frame = pd.DataFrame([list(row) for row in rows], columns=list(columns))
    linked = {link: st.column_config.LinkColumn()} if link else None
    st.dataframe(frame, hide_index=True, width="stretch", alt=description, column_config=linked)
    table_files.offer(rows, columns, description, "table")


def number_table(
    rows: Sequence[Sequence[object]], columns: Sequence[str], key: str, *, fixed: int = 1
) -> list[list[object]]:
    """Numbers that can be typed over, none below zero; the first ``fixed`` columns stay. Returns the rows."""
    import pandas as pd  # a quarter of a second that the first page does not need

    number = st.column_config.NumberColumn(min_value=0.0, required=True, format="%.3g")
    edited = st.data_editor(
        pd.DataFrame([list(row) for row in rows], columns=list(columns)),
        hide_index=True,
        width="stretch",
        height="content",
        disabled=list(columns[:fixed]),
        column_config=dict.fromkeys(columns[fixed:], number),
        key=key,
    )
    typed = [list(row) for row in edited.fillna(0.0).itertuples(index=False)]
    table_files.offer(typed, columns, columns[0], "table")
    return typed


def stacked_table(
    rows: Sequence[Sequence[object]], columns: Sequence[str], description: str, name: str, *, figures: bool = False
) -> None:
    """Rows whose first cell names them, to look at and to take along as ``name``; on a telephone a card for each row.

    ``description`` is read aloud and not shown; ``figures`` stand to the right. A spreadsheet gets numbers where a cell
    is one or shows one as the translator wrote it.
    """
    cells, columns = with_values(rows, columns)
    shown = [[str(cell) for cell in row] for row in cells]
    head = "".join(f'<th scope="col"{_looks(column, BRIEF_HEADING)}>{escape(column)}</th>' for column in columns)
    body = "".join(_row(row, columns) for row in shown)
    look = "stacked numbers" if figures else "stacked"
    st.html(
        f'{STYLE}<div class="broad" tabindex="0" role="region" aria-label="{escape(description)}">'
        f'<table class="{look}" role="table"><caption>{escape(description)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    table_files.offer(cells, columns, description, name)


def with_values(rows: Sequence[Sequence[object]], columns: Sequence[str]) -> tuple[list[list[object]], list[str]]:
    """Rows and headings without the columns that say nothing in any row; the first names the rows and stays."""
    kept = [k for k in range(len(columns)) if not (k and rows) or any(str(row[k]) for row in rows)]
    return [[row[k] for k in kept] for row in rows], [columns[k] for k in kept]


def is_brief(text: str, most: int = BRIEF) -> bool:
    """Whether a text is short enough to stay on one line."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text) <= most


def longer_table(rows: Sequence[Sequence[object]], columns: Sequence[str], description: str, name: str) -> None:
    """The first rows of a ranked table; all of them, to sort and search, stand in a fold below."""
    t = state.translator()
    stacked_table(rows[:FIRST_ROWS], columns, description, name)
    if len(rows) > FIRST_ROWS:
        with layout.folded(
            t("ui.all_rows", count=t.number(len(rows))), f"all.{name}", icon=":material/table:"
        ) as opened:
            if opened:
                table(rows, columns, description)


def _row(row: Sequence[str], columns: Sequence[str]) -> str:
    first, *others = row
    cells = (_cell(column, value) for column, value in zip(columns[1:], others, strict=True))
    return f'<tr><th scope="row">{escape(first)}</th>{"".join(cells)}</tr>'


def _cell(column: str, value: str) -> str:
    return f'<td{_looks(value)} data-label="{escape(column)}"><span>{_shown(value)}</span></td>'


def _looks(value: str, most: int = BRIEF) -> str:
    """The classes of a cell as an attribute."""
    said = ["brief"] if is_brief(_host(value) or value, most) else []
    said += ["empty"] if value in ("", NOTHING) else []
    return f' class="{" ".join(said)}"' if said else ""


def _shown(value: str) -> str:
    """A cell's text; an address is a link called by its host, since a whole one is wider than a telephone."""
    host = _host(value)
    if not host:
        return layout.unbroken(value.replace(" ", NO_BREAK) if len(value) <= SHORT else value)
    return f'<a href="{escape(value)}" target="_blank">{escape(host).replace(".", ".<wbr>")}</a>'


def _host(value: str) -> str:
    """Whose page an address is; empty for another text."""
    parts = urlsplit(value) if value.startswith("https://") and " " not in value else None
    return "" if parts is None or not parts.hostname else parts.hostname.removeprefix("www.")
