"""The uncertainty of each number: low and high of defaults, answers and offers."""

from dataclasses import replace

from advisor.assumptions.currency import money_factor
from advisor.assumptions.draft import Draft
from advisor.catalog.fields import Interval
from advisor.catalog.parameters import Parameter
from advisor.core.records import Assumption, Shape
from advisor.scenario import QUESTIONS

SIGNED_UNIT = "fraction/year"
"""Yearly rates lie around 0 and are shifted, where other numbers keep their proportion."""


def default_range(parameter: Parameter, factor: float | None) -> tuple[float | None, float | None]:
    """Low and high of a default, by the ``factor`` into the currency of the case."""
    if parameter.interval is None:
        return None, None
    return (None, None) if factor is None else (parameter.interval.low * factor, parameter.interval.high * factor)


def range_of_answer(
    draft: Draft, name: str, parameter: Parameter | None, value: object
) -> tuple[float | None, float | None]:
    """Low and high of an answer: as far from it as the default's are from the default."""
    question = QUESTIONS[name]
    if parameter is None or parameter.interval is None or not isinstance(value, float):
        return None, None
    if question.low is None or question.high is None:
        return None, None
    base = parameter.value if isinstance(parameter.value, float) else 0.0
    ends = [parameter.interval.low, parameter.interval.high]
    if question.unit == SIGNED_UNIT:
        ends = [value + end - base for end in ends]
    elif value == 0 or base != 0:
        ends = [0.0 if value == 0 else value * end / base for end in ends]
    else:
        factor = money_factor(draft, parameter)
        ends = [value + end * (factor or 0) for end in ends]
    low, high = (min(max(end, question.low), question.high) for end in sorted(ends))
    return low, high


def narrowed(
    draft: Draft, name: str, value: object, low: float | None, high: float | None
) -> tuple[float | None, float | None]:
    """A stated number has a narrower range than a default, except yearly rates of change, which remain a forecast."""
    if low is None or high is None or not isinstance(value, float) or QUESTIONS[name].unit == SIGNED_UNIT:
        return low, high
    off = abs(value) * draft.catalog.number("stated_spread")
    return max(low, value - off), min(high, value + off)


def shape_of(parameter: Parameter | None) -> Shape:
    return "pert" if parameter is None or parameter.interval is None else parameter.interval.shape


def plausible(row: Assumption, spread: Interval | None) -> Assumption:
    """The row with a range in proportion to its value."""
    if spread is None or not isinstance(row.value, float):
        return row
    return replace(row, low=row.value * spread.low, high=row.value * spread.high, shape=spread.shape)


def spread_volume(draft: Draft) -> None:
    """The volume of future years stays uncertain, even where today's volume is stated.

    Where it was measured, its growth alone is uncertain, which has a range of its own.
    """
    if draft.rows["daily_requests"].kind == "measured" and draft.scenario.record_of("daily_requests") is not None:
        return
    spread = draft.catalog.parameter("plausible_volume").interval
    draft.rows["daily_requests"] = plausible(draft.rows["daily_requests"], spread)


def hold_choices(draft: Draft) -> None:
    """A number that the reader decides is not uncertain; its usual range stays, for what-ifs and sensitivity."""
    for name, row in draft.rows.items():
        if name in QUESTIONS and QUESTIONS[name].role == "choice" and row.low is not None:
            draft.rows[name] = replace(row, low=None, high=None, usual=row.plausible)


def take_known_ranges(draft: Draft) -> None:
    """The range that the user gave takes the place of the usual one; a three-point estimate."""
    for name, (low, high) in (draft.scenario.ranges or {}).items():
        row = draft.rows.get(name)
        if row is not None and isinstance(row.value, float):
            ends = (min(low, row.value), max(high, row.value))
            draft.rows[name] = replace(row, low=ends[0], high=ends[1], shape="three_point")
