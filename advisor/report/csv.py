"""The months of the case as a table for a spreadsheet: UTF-8 with the mark that Excel needs, raw numbers."""

import csv
import io
import math
from collections.abc import Iterator

import numpy as np

from advisor.advise import Advice
from advisor.i18n import Translator
from advisor.notices import InputError, Issue
from advisor.results import Economics

COLUMNS = ("month", "requests", "cost_today", "cost_tuned", "net", "cumulative")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A text that starts so would be a formula in a spreadsheet."""

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


def _rows(e: Economics) -> Iterator[tuple[Cell, ...]]:
    cumulative = np.cumsum(e.cash_flows)
    yield 0, None, None, float(e.investment), float(e.cash_flows[0]), float(cumulative[0])
    for k, month in enumerate(e.months):
        today, tuned = float(e.baseline.monthly_cost[k]), float(e.tuned.monthly_cost[k])
        net = float(e.cash_flows[k + 1])
        yield int(month), float(e.monthly_requests[k]), today, tuned, net, float(cumulative[k + 1])


def cell(value: Cell) -> str:
    """A number as it is, nothing for what nobody knows, a text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    return repr(value) if math.isfinite(value) else ""
