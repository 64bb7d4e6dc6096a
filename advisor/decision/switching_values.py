"""Switching values: at which value of each number the recommendation changes, and the chance that it lies beyond."""

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from math import ceil, floor, log10

import numpy as np

from advisor.catalog.catalog import Catalog
from advisor.core.findings import ON_THE_LADDER, Finding, SwitchingValue
from advisor.core.records import Assumption
from advisor.decision.advice import Advice, verdict_of
from advisor.decision.volume_ladder import VolumeLadder
from advisor.risk.simulation import DIMENSIONS, LIVE_DRAWS, SEED, probabilities, quantiles, spread_of
from advisor.scenario import QUESTIONS

MOST = 8
REMEMBERED = 64
STEPS = 500
"""A number is searched in about so many equal steps of a round size, so that a value can be typed in as it is shown."""
STRIDES = 4
"""Places on either side of a value at which the verdict is asked for before a switch is looked for between two."""
ALWAYS = ("api_price_decline", "gate_success_share")
ANSWERS = (("gate_result", "passed"), ("gate_result", "failed"), ("cheaper_model_passes", "yes"))
"""Findings that no number tells, with the answer that would report them."""


@lru_cache(REMEMBERED)
def switching_value_table(advice: Advice, catalog: Catalog, on: date) -> tuple[SwitchingValue, ...]:
    """The numbers that matter, the likeliest to switch the verdict first."""
    a = advice.assessment.assumptions
    matter = [swing.id for swing in advice.assessment.evidence.matter[:MOST]]
    decided = a.knows("gate_result")
    always = (n for n in ALWAYS if n in a and a[n].is_uncertain and not (decided and n == "gate_success_share"))
    names = (name for name in dict.fromkeys((*matter, *always)) if name != ON_THE_LADDER)
    found = [_switching_value(a[name], advice, catalog, on) for name in names if name in QUESTIONS]
    return tuple(sorted(found, key=likeliest_first))


def likeliest_first(switch: SwitchingValue) -> tuple[bool, bool, float, float]:
    """Sorts what turns the verdict before what does not, then by how likely and how near that is."""
    return switch.switches_at is None, not switch.once_known, -switch.chance, abs(switch.distance or 0)


def volume_switch(advice: Advice, ladder: VolumeLadder | None) -> SwitchingValue | None:
    """The volume at which the ladder's verdict turns, on the likelier side; ``None`` where it turns nowhere."""
    if ladder is None:
        return None
    row, here = advice.assessment.assumptions[ON_THE_LADDER], ladder.place(ladder.you)
    turns = [(ladder.verdicts[here][0], ladder.verdicts[here - 1][1])] if here else []
    turns += ladder.verdicts[here + 1 : here + 2]
    reached = [(at, verdict, _chance(row, at)) for at, verdict in turns]
    if not reached:
        return None
    at, verdict, chance = max(reached, key=lambda side: side[2])
    return SwitchingValue(row.id, ladder.you, *_plausible(row), at, verdict, chance)


@lru_cache(REMEMBERED)
def findings(advice: Advice, catalog: Catalog, on: date) -> tuple[Finding, ...]:
    """What open answers would do to the verdict, those that change it."""
    a, now = advice.assessment.assumptions, advice.recommendation.verdict
    open_answers = [(name, answer) for name, answer in ANSWERS if name in a and not a.knows(name)]
    told = (
        Finding(name, answer, verdict_of(advice.scenario.with_(**{name: answer}), catalog, on))
        for name, answer in open_answers
        if name != "cheaper_model_passes" or a.knows("cheaper_model")
    )
    return tuple(each for each in told if each.verdict != now)


def _switching_value(row: Assumption, advice: Advice, catalog: Catalog, on: date) -> SwitchingValue:
    value = float(row.value or 0)
    low, high = _plausible(row)
    switch = SwitchingValue(row.id, value, low, high)
    sides = (_first_other(row, end, advice, catalog, on) for end in (low, high) if end != value)
    reached = [(at, verdict, _chance(row, at)) for at, verdict in (side for side in sides if side is not None)]
    if not reached:
        return switch
    if any(abs(at - value) <= step_of(row) * (1 + 1e-9) for at, _, _ in reached):
        known = verdict_of(advice.scenario.with_(**{row.id: value}), catalog, on)
        if known != advice.recommendation.verdict:
            return SwitchingValue(row.id, value, low, high, value, known)
    at, verdict, chance = max(reached, key=lambda side: side[2])
    return SwitchingValue(row.id, value, low, high, at, verdict, chance)


def _plausible(row: Assumption) -> tuple[float, float]:
    """Between which values a switch is looked for."""
    value = float(row.value or 0)
    return row.plausible or (value, value)


def step_of(row: Assumption) -> float:
    """A round step that parts the range of a number in some hundreds."""
    if QUESTIONS[row.id].whole:
        return 1.0
    low, high = _plausible(row)
    return float(10.0 ** floor(log10((high - low) / STEPS)))


def _first_other(row: Assumption, end: float, advice: Advice, catalog: Catalog, on: date) -> tuple[float, str] | None:
    """The round value nearest to the present one, towards ``end``, with another verdict than now.

    Whole GPUs can turn a verdict over a short stretch only, so the way is walked in strides; the first that ends
    elsewhere is halved.
    """
    value, step, now = float(row.value or 0), step_of(row), advice.recommendation.verdict
    direction = 1 if end > value else -1

    def at(place: int) -> float:
        start = floor(value / step + 1e-9) if direction > 0 else -floor(-value / step + 1e-9)
        return float(f"{(start + direction * place) * step:.12g}")

    @cache
    def verdict(place: int) -> str:
        return verdict_of(advice.scenario.with_(**{row.id: at(place)}), catalog, on)

    last, before = floor(abs(end - value) / step + 1e-9), 0
    for after in sorted({ceil(last * k / STRIDES) for k in range(1, STRIDES + 1)} - {0}):
        if verdict(after) != now:
            found = _halved(before, after, lambda place: verdict(place) != now)
            return at(found), verdict(found)
        before = after
    return None


def _halved(before: int, after: int, is_other: Callable[[int], bool]) -> int:
    """The first other place, between one that is not and one that is."""
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if is_other(middle) else (middle, after)
    return after


def _chance(row: Assumption, at: float) -> float:
    """Share of the draws at or beyond a value, seen from the present one."""
    if not row.is_uncertain or row.id not in DIMENSIONS:
        return 0.0
    values = quantiles(spread_of(row), probabilities(row.id, LIVE_DRAWS, SEED))
    beyond = values >= at if at > float(row.value or 0) else values <= at
    return float(np.mean(beyond))
