"""Many cases at once: what the money alone says of each, in a few array runs.

What each is worth in the simulated futures, and which of them one budget pays for, stands in ``funding``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions.batch import Alike, resolve_alike
from advisor.assumptions.given import FileReader, case_of_row
from advisor.assumptions.unlikely import UNLIKELY, unlikely
from advisor.catalog.catalog import Catalog
from advisor.catalog.rules import DecisionRules
from advisor.core.notices import InputError, Notice
from advisor.core.records import Assumption, Assumptions, Economics, Number, Unpriced
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

    ``band`` is the verdict of the payback alone, ``matrix`` that of the quick matrix. ``reasons`` also tell which
    amounts are of an unlikely size.
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
    places = np.array([k for k, case in enumerate(read) if isinstance(case, Scenario)], dtype=np.intp)
    found: list[Result | None] = [case if isinstance(case, InputError) else None for case in read]
    alike, faults = resolve_alike([case for case in read if isinstance(case, Scenario)], catalog, on)
    for k, fault in faults.items():
        found[places[k]] = fault
    for cases in _by_shape(alike):
        a, of_case = _together(cases)
        at = places[np.concatenate([each.places for each in cases])]
        for start in range(0, at.size, BLOCK):
            some = np.arange(start, min(start + BLOCK, at.size))
            notices = [cases[k].like.notices for k in of_case[some].tolist()]
            outcomes = _outcomes(a.at(some), notices, catalog.rules)
            for k, outcome in zip(at[some].tolist(), outcomes, strict=True):
                found[k] = outcome
            for k, known in zip(at[some].tolist(), notices, strict=True):
                found[k] = _with_doubts(found[k], read[k], known, catalog, on)
    return [each for each in found if each is not None]


def _with_doubts(
    found: Result | None, case: Scenario | InputError, known: Sequence[Notice], catalog: Catalog, on: date
) -> Result | None:
    """The outcome, and which amounts of the case or of the team's price book are of an unlikely size."""
    if not isinstance(case, Scenario) or not isinstance(found, PortfolioOutcome):
        return found
    doubts = (*(n for n in known if n.code in UNLIKELY), *unlikely(case, catalog, case.as_of or on))
    return replace(found, reasons=(*found.reasons, *doubts)) if doubts else found


def read_row(
    row: Mapping[str, object], catalog: Catalog, labels: Labels = NO_LABELS, read_file: FileReader | None = None
) -> Scenario | InputError:
    """The case of a row of answers, or its faults."""
    try:
        return case_of_row(row, catalog, labels, read_file)
    except InputError as error:
        return error


# --- Cases of one shape as one case with arrays -----------------------------------------------------


def _by_shape(alike: Sequence[Alike]) -> list[list[Alike]]:
    """The cases by their shape; what looks ahead over several horizons is taken apart."""
    found: dict[object, list[Alike]] = {}
    for each in alike:
        for part in _by_horizon(each):
            found.setdefault(_shape(part), []).append(part)
    return list(found.values())


def _by_horizon(cases: Alike) -> Iterator[Alike]:
    horizons = cases.columns.get(HORIZON)
    if horizons is None or not np.any(horizons != horizons[0]):
        yield cases
        return
    for horizon in np.unique(horizons):
        some = np.flatnonzero(horizons == horizon)
        columns = {name: column[some] for name, column in cases.columns.items()}
        yield Alike(cases.like, cases.places[some], columns)


def _shape(cases: Alike) -> tuple[object, ...]:
    """What cases must share to be worked on together: choices, which numbers are known and change, and the horizon.

    Which model or card was named shows in numbers only.
    """
    like = cases.like
    known = tuple((n, row.value if n in CHOICES else row.value is not None) for n, row in like.rows.items())
    later = tuple((n, *_changes(row)) for n, row in like.rows.items() if row.announced)
    return (like.currency, _horizon(cases), known, later)


def _horizon(cases: Alike) -> float:
    column = cases.columns.get(HORIZON)
    return float(str(cases.like[HORIZON].value)) if column is None else float(column[0])


def _changes(row: Assumption) -> tuple[object, ...]:
    """When an announced number changes, and in which proportion."""
    of = row.value if isinstance(row.value, float) and row.value else None
    return tuple((change.on, change.value if of is None else change.value / of) for change in row.announced)


def _together(cases: Sequence[Alike]) -> tuple[Assumptions, NDArray[np.intp]]:
    """One case whose numbers are columns, and the place of each among ``cases``.

    The requests always are a column, so that every result has one element per case.
    """
    like, sizes = cases[0].like, [each.places.size for each in cases]
    columns: dict[str, Number] = {}
    for name, row in like.items():
        if row.value is None or isinstance(row.value, str) or name == HORIZON:
            continue
        own = [each.columns.get(name) for each in cases]
        values = [each.like[name].value if column is None else column for each, column in zip(cases, own, strict=True)]
        column = np.concatenate([np.full(n, v, dtype=float) for n, v in zip(sizes, values, strict=True)])
        columns[name] = column if name == "daily_requests" or np.any(column != column[0]) else float(column[0])
    return like.replaced({**columns, HORIZON: _horizon(cases[0])}), np.repeat(np.arange(len(cases)), sizes)


# --- The money ---------------------------------------------------------------------------------------


def _outcomes(a: Assumptions, notices: Sequence[tuple[Notice, ...]], rules: DecisionRules) -> list[PortfolioOutcome]:
    """The outcomes of as many cases as there are ``notices``, those of each."""
    found = dict[int, PortfolioOutcome]()
    for part in parts(a, len(notices)):
        if isinstance(part.money, Unpriced):
            told = _without_money(part, part.money, [notices[k] for k in part.places], rules)
        else:
            told = _told(part, part.money, rules)
        found |= zip(part.places.tolist(), told, strict=True)
    return [found[k] for k in range(len(notices))]


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
