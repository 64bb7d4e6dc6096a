"""A table of months after the launch: which month of the plan each is, and what was counted and paid in it."""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from advisor.core.notices import InputError, Issue
from advisor.evidence.results_table import ResultColumn, ResultRow, ResultTable, read_results, template
from advisor.formulas.constants import MONTHS_PER_YEAR

MONTH: Final = "month"
COLUMNS: Final = (
    ResultColumn(MONTH, names=("period", "date")),
    ResultColumn("requests", "requests", 0, 1e12, ("calls",)),
    ResultColumn("input_tokens", "tokens", 0, 1e15, ("prompttokens",)),
    ResultColumn("output_tokens", "tokens", 0, 1e15, ("completiontokens",)),
    ResultColumn("fallback_share", "fraction", 0, 1, ("fallback",)),
    ResultColumn("hosting_bill", "money", 0, 1e12, ("hosting",)),
    ResultColumn("api_bill", "money", 0, 1e12, ("api",)),
    ResultColumn("people_hours", "hours", 0, 1e6, ("hours",)),
    ResultColumn("other", "money", -1e12, 1e12, ("othercosts",)),
)
LATEST_HALF: Final = 15
"""Day of the month up to which a case's first month is the calendar month that it begins in, else the next."""
_CALENDAR = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?")


@dataclass(frozen=True)
class ActualMonth:
    """What is known of one month of the plan; ``number`` 0 is what was paid before it began. [requests, tokens, money]

    ``first`` and ``last`` are its days, ``None`` where the table numbers its months.
    """

    number: int
    name: str
    first: date | None
    last: date | None
    numbers: Mapping[str, float]


def actuals_template() -> str:
    """An example of the table: one row a month of the plan; what is not known stays empty."""
    rows = [
        (0, None, None, None, None, None, None, 180, 6500),
        (4, 610000, 915000000, 122000000, "14%", 2150, 640, 9, 0),
        (5, 655000, 1015000000, 131000000, "12%", 2150, 590, 7, 0),
    ]
    return template(tuple(column.id for column in COLUMNS), rows)


def read_actuals(content: bytes, file: str, currency: str) -> ResultTable:
    """The months in a table; money is in the case's ``currency``. Raises :class:`InputError`."""
    table = read_results(content, file, COLUMNS, (MONTH,), currency)
    if len(table.columns) < 2:
        raise InputError([Issue("file", "actuals_nothing_known", {"known": ", ".join(c.id for c in COLUMNS[1:])})])
    return table


def months_of(table: ResultTable, on: date, horizon: int) -> tuple[ActualMonth, ...]:
    """The months in their order, each a month of a plan that begins on the day ``on``. Raises :class:`InputError`."""
    found: list[ActualMonth] = []
    seen: dict[int, int] = {}
    faults: list[Issue] = []
    for row in table.rows:
        try:
            month = _month(row, on, horizon)
        except InputError as fault:
            faults += fault.issues
            continue
        if month.number in seen:
            said = {"line": row.line, "first": seen[month.number], "value": month.name}
            faults.append(Issue(MONTH, "actuals_month_twice", said))
        seen[month.number] = row.line
        found.append(month)
    faults += _tokens_without_requests(table)
    if faults:
        raise InputError(faults)
    return tuple(sorted(found, key=lambda month: month.number))


def _month(row: ResultRow, on: date, horizon: int) -> ActualMonth:
    text = row.texts.get(MONTH, "")
    dated = _CALENDAR.fullmatch(text)
    said = {"line": row.line, "value": text}
    if dated is None and not re.fullmatch(r"\d{1,3}", text):
        raise InputError([Issue(MONTH, "actuals_no_month", said)])
    first = last = None
    if dated is None:
        number = int(text)
    else:
        year, month = int(dated[1]), int(dated[2])
        if not (1 <= month <= MONTHS_PER_YEAR and 1 <= year < 9999):
            raise InputError([Issue(MONTH, "actuals_no_month", said)])
        first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        number = (year - on.year) * int(MONTHS_PER_YEAR) + month - on.month + (on.day <= LATEST_HALF)
        if number < 1:
            raise InputError([Issue(MONTH, "actuals_before_plan", {**said, "day": on.isoformat()})])
    if number > horizon:
        raise InputError([Issue(MONTH, "actuals_after_plan", {**said, "horizon": horizon})])
    return ActualMonth(number, text, first, last, row.numbers)


def _tokens_without_requests(table: ResultTable) -> Iterator[Issue]:
    """Tokens of a month say nothing of a request's length without its requests."""
    for row in table.rows:
        named = [name for name in ("input_tokens", "output_tokens") if name in row.numbers]
        if named and not row.numbers.get("requests"):
            yield Issue(named[0], "actuals_tokens_alone", {"line": row.line})
