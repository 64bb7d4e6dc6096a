"""Many cases at once: what the money alone says of each, in a few array runs.

What each is worth in the simulated futures, and which of them one budget pays for, stands in ``funding``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite

import numpy as np

from advisor.assumptions.batch import Resolved, resolve_many
from advisor.assumptions.given import FileReader, case_of_row
from advisor.catalog.loader import Catalog
from advisor.catalog.rules import DecisionRules
from advisor.core.notices import InputError, Notice
from advisor.core.records import Assumptions, Economics, Number, Unpriced
from advisor.decision.facts import DOES_NOT_FIT, NOT_ESTIMATED
from advisor.decision.quick_verdicts import matrix_cells, payback_verdicts
from advisor.money.assessment import figures, missing_prices
from advisor.money.cash_flows import HORIZON
from advisor.money.many_cases import Part, parts
from advisor.scenario import QUESTIONS, Scenario
from advisor.scenario.names import NO_LABELS, Labels

BLOCK = 512
"""Cases worked on together: their months stay in the processor's cache."""
CHOICES = frozenset(question.id for question in QUESTIONS.values() if question.choices)
FIGURES = ("investment", "monthly_savings", "savings_against_today", "npv", "payback_months")


@dataclass(frozen=True)
class PortfolioOutcome:
    """What the point figures of one case say. Money in ``currency``; ``None`` stands beside a status or a ``reason``.

    ``band`` is the verdict of the payback alone, ``matrix`` that of the quick matrix.
    """

    currency: str
    matrix: str
    baseline: str | None = None
    investment: float | None = None
    monthly_savings: float | None = None
    savings_against_today: float | None = None
    npv: float | None = None
    payback_months: float | None = None
    payback_status: str | None = None
    band: str | None = None
    reasons: tuple[Notice, ...] = ()


Result = PortfolioOutcome | InputError


def portfolio(
    rows: Sequence[Mapping[str, object]],
    catalog: Catalog,
    on: date,
    labels: Labels = NO_LABELS,
    read_file: FileReader | None = None,
) -> list[Result]:
    """The outcome of every row of answers, or its faults, in the order of the rows; one never stops another."""
    return portfolio_of([read_row(row, catalog, labels, read_file) for row in rows], catalog, on)


def portfolio_of(read: Sequence[Scenario | InputError], catalog: Catalog, on: date) -> list[Result]:
    """The outcome of every case; what could not be read stays the fault it is."""
    places = [k for k, case in enumerate(read) if isinstance(case, Scenario)]
    found: list[Result | None] = [case if isinstance(case, InputError) else None for case in read]
    resolved = resolve_many([case for case in read if isinstance(case, Scenario)], catalog, on)
    alike: dict[object, list[int]] = {}
    for k, case in zip(places, resolved, strict=True):
        if isinstance(case, InputError):
            found[k] = case
        else:
            alike.setdefault(_shape(case), []).append(k)
    at = dict(zip(places, resolved, strict=True))
    for members in alike.values():
        for start in range(0, len(members), BLOCK):
            block = members[start : start + BLOCK]
            cases = [case for k in block if isinstance(case := at[k], Resolved)]
            for k, outcome in zip(block, _outcomes(cases, catalog.rules), strict=True):
                found[k] = outcome
    return [each for each in found if each is not None]


def read_row(
    row: Mapping[str, object], catalog: Catalog, labels: Labels = NO_LABELS, read_file: FileReader | None = None
) -> Scenario | InputError:
    """The case of a row of answers, or its faults."""
    try:
        return case_of_row(row, catalog, labels, read_file)
    except InputError as error:
        return error


# --- Cases of one shape as one case with arrays -----------------------------------------------------


def _shape(case: Resolved) -> tuple[object, ...]:
    """What cases must share to be worked on together: choices, which numbers are known, and the horizon.

    Which model or card was named shows in numbers only.
    """
    return (case.like.currency, _value(case, HORIZON), _known(case.like))


def _known(a: Assumptions) -> tuple[object, ...]:
    return tuple((n, row.value if n in CHOICES else row.value is not None) for n, row in a.rows.items())


def _value(case: Resolved, name: str) -> Number | str | None:
    return case.own.get(name, case.like[name].value)


def _together(cases: Sequence[Resolved]) -> Assumptions:
    """One case whose numbers are columns; the requests always are, so that every result has one element per case."""
    like = cases[0].like
    columns: dict[str, Number] = {}
    for name, row in like.items():
        if row.value is None or isinstance(row.value, str) or name == HORIZON:
            continue
        column = np.array([_value(case, name) for case in cases], dtype=float)
        columns[name] = column if name == "daily_requests" or np.any(column != column[0]) else float(column[0])
    return like.replaced({**columns, HORIZON: float(str(_value(cases[0], HORIZON)))})


# --- The money ---------------------------------------------------------------------------------------


def _outcomes(cases: Sequence[Resolved], rules: DecisionRules) -> list[PortfolioOutcome]:
    a, found = _together(cases), dict[int, PortfolioOutcome]()
    for part in parts(a, len(cases)):
        if isinstance(part.money, Unpriced):
            notices = [cases[k].like.notices for k in part.places]
            told = _without_money(part, part.money, notices, rules)
        else:
            told = _told(part, part.money, rules)
        found |= zip(part.places.tolist(), told, strict=True)
    return [found[k] for k in range(len(cases))]


def _told(part: Part, e: Economics, rules: DecisionRules) -> list[PortfolioOutcome]:
    a, found = part.assumptions, figures(part.assumptions, e)
    status = found.payback_status.tolist()
    bands = payback_verdicts(found.payback_months, found.payback_status, found.npv_with_exit, rules).tolist()
    columns = [_column(getattr(found, name), part) for name in FIGURES]
    return [
        PortfolioOutcome(a.currency, matrix, a.baseline, *row)
        for matrix, *row in zip(_matrix(part, rules), *columns, status, bands, strict=True)
    ]


def _column(figure: Number, part: Part) -> list[float | None]:
    """A figure of each case; ``None`` where it is nan."""
    values = np.broadcast_to(np.asarray(figure, dtype=float), part.places.size).tolist()
    return [value if isfinite(value) else None for value in values]


def _matrix(part: Part, rules: DecisionRules) -> list[str]:
    a = part.assumptions
    volumes = a.number("daily_requests") if a.knows("daily_requests") else None
    need = a.choice("quality_need") if a.knows("quality_need") else None
    cells: list[str] = np.broadcast_to(matrix_cells(volumes, need, rules), part.places.size).tolist()
    return cells


def _without_money(
    part: Part, money: Unpriced, notices: Sequence[tuple[Notice, ...]], rules: DecisionRules
) -> list[PortfolioOutcome]:
    """What can be said without it: the investment where that much is known, and why there is no more."""
    investments = _column(np.nan if money.investment is None else money.investment, part)
    return [
        PortfolioOutcome(part.assumptions.currency, matrix, investment=investment, reasons=lacking(money, known))
        for matrix, investment, known in zip(_matrix(part, rules), investments, notices, strict=True)
    ]


def lacking(money: Unpriced, notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Why there is no money in a case that has these ``notices``."""
    if "daily_requests" in money.items:
        return (Notice("reason_need_more_input", "info", {"questions": ("daily_requests",)}),)
    said = tuple(notice for notice in notices if notice.code in (*DOES_NOT_FIT, NOT_ESTIMATED))
    return (*said, *missing_prices(notices, money.items))
