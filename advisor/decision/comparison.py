"""Two or three cases side by side: what differs, and how the result of the first becomes that of another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from advisor.assumptions import resolve
from advisor.assumptions.currency import in_currency
from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError
from advisor.core.records import Assumption, Economics
from advisor.decision.advice import Advice, advise
from advisor.formulas import finance
from advisor.money.baseline import with_baseline
from advisor.money.cash_flows import evaluate
from advisor.scenario import ABOUT_REPORT, BESIDE_THE_CASE, QUESTIONS, Scenario

MOST_CASES = 3
WITHOUT_EFFECT = frozenset({*ABOUT_REPORT, *BESIDE_THE_CASE, "preset", "ranges", "measured", "currency"})
"""Answers that leave the result as entered alone; ranges and records only widen or narrow the draws."""
NOT_YET_RIGHT = frozenset({"ranges", "measured"})
"""What belongs to the answers of one case alone and would be refused between two."""
MOST_CHANGES, SMALL_SHARE = 10, 0.001
"""Changes that are told one by one: the largest, of at least this share of all movement. Others stand together."""


@dataclass(frozen=True)
class Change:
    """What one answer, or several that are told together, adds to the net present value as entered [money]."""

    ids: tuple[str, ...]
    amount: float


@dataclass(frozen=True)
class Bridge:
    """From the net present value as entered of one case to that of another; the changes add up to the difference."""

    start: float
    changes: tuple[Change, ...]
    end: float


@dataclass(frozen=True)
class NumberDifference:
    """A number of the model that is not the same in every case; ``None`` where a case does not use it.

    Not ``is_answer``: nobody changed it, it follows from what was changed.
    """

    id: str
    rows: tuple[Assumption | None, ...]
    is_answer: bool


@dataclass(frozen=True)
class CaseComparison:
    """Cases in the currency of the first. A bridge leads from the first to each other; ``None`` without known money."""

    advices: tuple[Advice, ...]
    differences: tuple[NumberDifference, ...]
    bridges: tuple[Bridge | None, ...]


def compare(cases: Sequence[Scenario], catalog: Catalog, on: date) -> CaseComparison:
    """Two or three cases on the same day. Raises :class:`InputError` for answers that cannot be used."""
    first, *others = cases
    told = [first, *(in_currency(other, first.base_currency, catalog, on) for other in others)]
    advices = tuple(advise(case, catalog, on) for case in told)
    return CaseComparison(
        advices,
        _differences(told, advices),
        tuple(bridge_between(first, other, catalog, on) for other in told[1:]),
    )


def bridge_between(start: Scenario, end: Scenario, catalog: Catalog, on: date) -> Bridge | None:
    """One answer after the other in the order of the questionnaire, so each finds what the earlier ones left.

    An answer that does not work without a later one is told together with it. ``None`` where a price of one of the
    cases is unknown. Both are in the same currency.
    """
    began, ended = (_npv(case.answers(), catalog, on) for case in (start, end))
    if began is None or ended is None:
        return None
    before, after = start.answers(), end.answers()
    answers, reached, waiting = dict(before), began, []
    changes: list[Change] = []
    for name in _changed(before, after):
        answers = {k: v for k, v in {**answers, name: after.get(name)}.items() if v is not None}
        waiting.append(name)
        found = _npv({k: v for k, v in answers.items() if k not in NOT_YET_RIGHT}, catalog, on)
        if found is not None:
            changes.append(Change(tuple(waiting), found - reached))
            reached, waiting = found, []
    if waiting:
        changes.append(Change(tuple(waiting), ended - reached))
    return Bridge(began, _gathered(changes), ended)


def _npv(answers: dict[str, object], catalog: Catalog, on: date) -> float | None:
    """Against the best alternative without tuning, as entered [money]; ``None`` where it cannot be computed."""
    try:
        a, _ = with_baseline(resolve(Scenario.from_answers(answers), catalog, on))
    except InputError:
        return None
    e = evaluate(a)
    return float(finance.npv(e.cash_flows, a.number("discount_rate"))) if isinstance(e, Economics) else None


def _changed(before: dict[str, object], after: dict[str, object]) -> list[str]:
    names = [name for name in QUESTIONS if name not in WITHOUT_EFFECT]
    return [name for name in names if before.get(name) != after.get(name)]


def _gathered(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The largest in their order, the others as one at the end, and none that changes nothing."""
    moving = [change for change in changes if change.amount]
    least = SMALL_SHARE * sum(abs(change.amount) for change in moving)
    largest = sorted((c for c in moving if abs(c.amount) >= least), key=lambda c: -abs(c.amount))[:MOST_CHANGES]
    small = [change for change in moving if change not in largest]
    rest = Change(tuple(name for change in small for name in change.ids), sum(change.amount for change in small))
    return (*(change for change in moving if change in largest), *([rest] if small else []))


def _differences(cases: Sequence[Scenario], advices: Sequence[Advice]) -> tuple[NumberDifference, ...]:
    """Numbers in the order of the questionnaire, then those nobody is asked."""
    ledgers = [advice.assessment.assumptions.rows for advice in advices]
    answers = [case.answers() for case in cases]
    names = dict.fromkeys([*QUESTIONS, *(name for rows in ledgers for name in rows)])
    found = []
    for name in names:
        rows = tuple(ledger.get(name) for ledger in ledgers)
        if len({None if row is None else row.value for row in rows}) > 1:
            is_answer = len({repr(each.get(name)) for each in answers}) > 1
            found.append(NumberDifference(name, rows, is_answer))
    return tuple(found)
