"""Tables for a spreadsheet, UTF-8 with the mark that Excel needs: the months of the case as raw numbers, any other."""

import csv
import io
import math
from collections.abc import Iterator, Sequence

import numpy as np

from advisor.core.notices import InputError, Issue
from advisor.core.records import Economics
from advisor.core.spreadsheets import no_formula
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator
from advisor.text.number_text import NumberText

COLUMNS = ("month", "requests", "cost_today", "cost_baseline", "cost_tuned", "net", "cumulative")
SIGNS, CALLS = ("+", "-"), "=(|!@"
Cell = str | float | None


def render_csv(advice: Advice, t: Translator) -> bytes:
    """The monthly table; month 0 is today. Raises :class:`InputError` when a price is missing and there is no money."""
    economics = advice.assessment.economics
    if economics is None:
        items = t("word.comma").join(t(f"item.{item}") for item in advice.assessment.missing)
        raise InputError([Issue("csv", "no_monthly_figures", {"items": items})])
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    currency = advice.assessment.assumptions.currency
    writer.writerow([cell(t(f"csv.{name}", currency=currency)) for name in COLUMNS])
    writer.writerows([cell(value) for value in row] for row in _rows(economics))
    return buffer.getvalue().encode("utf-8-sig")


def table_csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table as it is shown; an amount stays what a spreadsheet reads as one, and what a user typed is no formula."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows([_harmless(text) for text in row] for row in [columns, *rows])
    return buffer.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """A text that begins with a sign is an amount, unless it calls something."""
    is_amount = text.startswith(SIGNS) and not any(mark in text for mark in CALLS)
    return text if isinstance(text, NumberText) or is_amount else no_formula(text)


def _rows(e: Economics) -> Iterator[tuple[Cell, ...]]:
    """Going on as today, the best without tuning, and tuning, which pays once what the best without it pays too.

    ``net`` is the second less the third in every row.
    """
    cumulative = np.cumsum(e.cash_flows)
    once = float(e.baseline.one_time_cost)
    paid = (float(e.today.one_time_cost), once, once + float(e.investment))
    yield 0, None, *paid, float(e.cash_flows[0]), float(cumulative[0])
    for k, month in enumerate(e.months):
        costs = (float(option.monthly_cost[k]) for option in (e.today, e.baseline, e.tuned))
        yield int(month), float(e.monthly_requests[k]), *costs, float(e.cash_flows[k + 1]), float(cumulative[k + 1])


def cell(value: Cell) -> str:
    """A number as it is, nothing for what nobody knows, a text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return no_formula(value)
    return repr(value) if math.isfinite(value) else ""
