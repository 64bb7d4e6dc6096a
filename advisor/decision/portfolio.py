"""Many cases at once: what the money alone says of each, in a few array runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions.batch import Resolved, resolve_many
from advisor.assumptions.draft import unknown
from advisor.catalog.loader import Catalog
from advisor.catalog.rules import DecisionRules
from advisor.core.notices import InputError, Notice, UnknownId
from advisor.core.records import TODAY, Assessment, Assumptions, Economics, Number, Unpriced
from advisor.decision.facts import DOES_NOT_FIT, facts_of
from advisor.decision.rules import MATRIX, matrix_cell, payback_verdict
from advisor.formulas import decision_matrix, finance
from advisor.money.assessment import assess
from advisor.money.cash_flows import evaluate, timeline, untuned
from advisor.options import optimise_current
from advisor.options.registry import UNTUNED
from advisor.scenario import QUESTIONS, Scenario

Array = NDArray[np.float64]

BLOCK = 512
"""Cases worked on together: their months stay in the processor's cache."""
STRUCTURAL = "horizon_months"
"""Sets the length of the month axis, so it cannot be one column among many."""
CHOICES = frozenset(question.id for question in QUESTIONS.values() if question.choices)
FIGURES = ("investment", "monthly_savings", "savings_against_today", "npv", "payback_months")
PLACE_TODAY = tuple(UNTUNED).index(TODAY)


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


def portfolio(rows: Sequence[Mapping[str, object]], catalog: Catalog, on: date) -> list[Result]:
    """The outcome of every row of answers, or its faults, in the order of the rows; one never stops another."""
    read = [_scenario(row, catalog) for row in rows]
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


def _scenario(row: Mapping[str, object], catalog: Catalog) -> Scenario | InputError:
    """A row as a case: what it leaves open is as its preset says, where it names one."""
    name = row.get("preset")
    try:
        answers = {} if name is None else catalog.preset(str(name)).answers
        return Scenario.from_answers({**answers, **{k: v for k, v in row.items() if v is not None}})
    except UnknownId as error:
        return unknown("preset", error)
    except InputError as error:
        return error


# --- Cases of one shape as one case with arrays -----------------------------------------------------


def _shape(case: Resolved) -> tuple[object, ...]:
    """What cases must share to be worked on together: choices, which numbers are known, and the horizon.

    Which model or card was named shows in numbers only.
    """
    return (case.like.currency, _value(case, STRUCTURAL), _known(case.like))


def _known(a: Assumptions) -> tuple[object, ...]:
    return tuple((n, row.value if n in CHOICES else row.value is not None) for n, row in a.rows.items())


def _value(case: Resolved, name: str) -> Number | str | None:
    return case.own.get(name, case.like[name].value)


def _together(cases: Sequence[Resolved]) -> Assumptions:
    """One case whose numbers are columns; the requests always are, so that every result has one element per case."""
    like = cases[0].like
    columns: dict[str, Number] = {}
    for name, row in like.items():
        if row.value is None or isinstance(row.value, str) or name == STRUCTURAL:
            continue
        column = np.array([_value(case, name) for case in cases], dtype=float)
        columns[name] = column if name == "daily_requests" or np.any(column != column[0]) else float(column[0])
    return like.replaced({**columns, STRUCTURAL: float(str(_value(cases[0], STRUCTURAL)))})


def _some(a: Assumptions, which: NDArray[np.int_], baseline: str) -> Assumptions:
    columns: dict[str, Number] = {n: row.value[which] for n, row in a.items() if isinstance(row.value, np.ndarray)}
    return replace(a.replaced(columns), baseline=baseline)


def _alone(case: Resolved) -> Assumptions:
    return case.like.replaced(case.own)


# --- The money ---------------------------------------------------------------------------------------


def _outcomes(cases: Sequence[Resolved], rules: DecisionRules) -> list[PortfolioOutcome]:
    a = _together(cases)
    chosen = _baselines(a, _alone(cases[0]), len(cases)) if a.knows("daily_requests") else None
    if chosen is None:
        return [_point(_alone(case), rules) for case in cases]
    found: dict[int, PortfolioOutcome] = {}
    for place, name in enumerate(UNTUNED):
        which = np.flatnonzero(chosen == place)
        part = _some(a, which, name)
        economics = evaluate(part) if which.size else None
        if isinstance(economics, Economics):
            found |= zip(which.tolist(), _told(part, economics, rules), strict=True)
        elif economics is not None:
            found |= {k: _point(_alone(cases[k]), rules) for k in which.tolist()}
    return [found[k] for k in range(len(cases))]


def _baselines(a: Assumptions, first: Assumptions, count: int) -> NDArray[np.int_] | None:
    """Place among ``UNTUNED`` of the best alternative of every case, chosen as ``baseline`` does for one.

    ``first`` is one of them: most reasons follow from choices, which they share. ``None`` where a price is unknown, as
    whether it is needed may differ from case to case.
    """
    line = timeline(a)
    worth = np.full((len(UNTUNED), count), -np.inf)
    for place, (name, option) in enumerate(UNTUNED.items()):
        if not option.described(a):
            continue
        if {reason.code for reason in option.against(first)} - {optimise_current.NOTHING_TO_GAIN}:
            continue
        result = untuned(a, name, line)
        if isinstance(result, Unpriced):
            return None
        once = np.broadcast_to(np.asarray(result.one_time_cost, dtype=float), count)
        monthly = np.broadcast_to(result.monthly_cost, (count, len(line.months)))
        able = np.full(count, True)
        if name == optimise_current.ID:
            able = np.broadcast_to(np.asarray(optimise_current.pulled(a).is_any) > 0, count)
        if a.knows("budget"):
            able = able & (once <= a.number("budget"))
        flows = np.concatenate([-once[:, np.newaxis], -monthly], axis=-1)
        worth[place] = np.where(able, finance.npv(flows, a.number("discount_rate")), -np.inf)
    return np.where(np.isneginf(worth).all(axis=0), PLACE_TODAY, np.argmax(worth, axis=0))


def _told(a: Assumptions, e: Economics, rules: DecisionRules) -> list[PortfolioOutcome]:
    """The figures of :class:`~advisor.core.records.Metrics` that a portfolio tells, for every case at once."""
    count, rate = len(e.cash_flows), a.number("discount_rate")
    months, status = np.asarray(finance.payback_months(e.cash_flows)), finance.payback_status(e.cash_flows)
    at_once, any_gain = (status == "ok") & (months == 0), (e.cash_flows > 0).any(axis=-1)
    status = np.where(at_once, np.where(any_gain, "immediate", "never"), status)
    months = np.where(status == "never", np.nan, months)
    figures = (e.investment, e.monthly_savings, e.savings_against_today, finance.npv(e.cash_flows, rate), months)
    columns = [np.broadcast_to(np.asarray(figure, dtype=float), count).tolist() for figure in figures]
    leave = np.asarray(finance.exit_option(e.cash_flows, rate).npv_with_exit)
    bands = _bands(months, status, leave, rules)
    cells = np.broadcast_to(_cells(a, rules), count)
    return [
        _outcome(a, MATRIX[int(cell)], dict(zip(FIGURES, row, strict=True)), str(word), band)
        for cell, word, band, *row in zip(cells, status, bands, *columns, strict=True)
    ]


def _outcome(a: Assumptions, matrix: str, figures: Mapping[str, float], status: str, band: str) -> PortfolioOutcome:
    said = PortfolioOutcome(a.currency, matrix, a.baseline, payback_status=status, band=band)
    known: dict[str, Any] = {name: value if np.isfinite(value) else None for name, value in figures.items()}
    return replace(said, **known)


def _cells(a: Assumptions, rules: DecisionRules) -> NDArray[np.int_]:
    quality = a.choice("quality_need") == "high" if a.knows("quality_need") else None
    return np.asarray(
        decision_matrix.matrix_cell(a.number("daily_requests"), quality, rules.matrix.low, rules.matrix.high)
    )


def _bands(months: Array, status: NDArray[np.str_], leave: Array, rules: DecisionRules) -> list[str]:
    """What the payback says alone; money recovered and lost again is at best a caution."""
    names = np.array([*(band.verdict for band in rules.bands), "no"])
    band = names[np.asarray(decision_matrix.payback_band(months, [band.below_months for band in rules.bands]))]
    return [str(word) for word in np.where(status == "reversed_later", np.where(leave > 0, "caution", "no"), band)]


def _point(a: Assumptions, rules: DecisionRules) -> PortfolioOutcome:
    """One case by itself: what it lacks may be its own."""
    found = assess(a, (), explained=False)
    matrix, m = matrix_cell(facts_of(found, None), rules), found.metrics
    if m is None:
        return PortfolioOutcome(a.currency, matrix, investment=found.investment, reasons=_lacking(found))
    figures = {name: float("nan") if (value := getattr(m, name)) is None else value for name in FIGURES}
    return _outcome(found.assumptions, matrix, figures, m.payback_status, payback_verdict(m, rules))


def _lacking(found: Assessment) -> tuple[Notice, ...]:
    """Why there is no money."""
    if "daily_requests" in found.missing:
        return (Notice("reason_need_more_input", "info", {"questions": ("daily_requests",)}),)
    return tuple(notice for notice in found.notices if notice.code in (*DOES_NOT_FIT, "price_missing"))
