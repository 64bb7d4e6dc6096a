"""The strongest arguments against the recommendation, from the case's own numbers, and what would settle them."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.core.notices import Notice
from advisor.core.records import SwitchingValue
from advisor.decision.advice import Advice
from advisor.decision.alternatives import Alternative, better_way
from advisor.decision.rules import FAVOURABLE, TONES
from advisor.risk.simulation import Simulation

MOST = 3
LEAST_CHANCE = 0.05
"""A value less likely than this is no argument."""


@dataclass(frozen=True)
class Argument:
    """One argument with its numbers, the money it is about, and the evidence that would settle it."""

    says: Notice
    settled_by: str
    money: float


def counter_case(
    advice: Advice, rows: Sequence[Alternative], switching_values: Sequence[SwitchingValue]
) -> tuple[Argument, ...]:
    """What speaks against the verdict, the argument about most money first."""
    drawn = advice.simulation
    if advice.assessment.metrics is None or drawn is None:
        return ()
    tunes = advice.recommendation.verdict in (*FAVOURABLE, "pilot_first", "caution")
    found = _against_tuning(advice, drawn, rows) if tunes else _for_tuning(drawn, rows)
    found += _switching_values(advice, switching_values)
    return tuple(sorted(found, key=lambda argument: -argument.money)[:MOST])


def _against_tuning(advice: Advice, drawn: Simulation, rows: Sequence[Alternative]) -> list[Argument]:
    found = []
    lost = drawn.npv < 0
    if lost.any():
        share, mean = float(lost.mean()), -float(drawn.npv[lost].mean())
        said = Notice("counter_loss", "info", {"share": share, "loss": mean})
        found.append(Argument(said, "gate" if not drawn.passes.all() else "next_number", share * mean))
    metrics = advice.assessment.metrics
    for row in rows:
        if row.tunes or row.is_in or metrics is None or row.npv_against_today is None:
            continue
        beats = row.npv_against_today - metrics.npv_against_today
        unproven = any(reason.code == "out_quality_unproven" for reason in row.reasons)
        if unproven and beats > 0:
            params = {"option": row.id, "money": row.npv_against_today, "gap": beats}
            found.append(Argument(Notice("counter_untested", "info", params), "evaluate_other", beats))
    other = metrics.savings_against_today - metrics.monthly_savings if metrics is not None else 0.0
    if metrics is not None and other > metrics.monthly_savings > 0:
        params = {"option": advice.assessment.assumptions.baseline, "money": other, "gap": metrics.monthly_savings}
        found.append(Argument(Notice("counter_baseline", "info", params), "switch_levers_on", other))
    return found


def _for_tuning(drawn: Simulation, rows: Sequence[Alternative]) -> list[Argument]:
    found = []
    gained = drawn.npv > 0
    if gained.any():
        share, mean = float(gained.mean()), float(drawn.npv[gained].mean())
        said = Notice("counter_gain", "info", {"share": share, "money": mean})
        found.append(Argument(said, "next_number", share * mean))
    way = better_way(tuple(rows))
    if way is not None and (way.npv_against_baseline or 0.0) > 0:
        params = {"option": way.name or way.id, "money": way.npv_against_baseline}
        found.append(
            Argument(Notice("counter_other_way", "info", params), "take_other_way", way.npv_against_baseline or 0)
        )
    return found


def _switching_values(advice: Advice, switching_values: Sequence[SwitchingValue]) -> list[Argument]:
    """The likeliest value at which the verdict turns, weighed by what the case is worth."""
    npv = abs(advice.assessment.metrics.npv) if advice.assessment.metrics is not None else 0.0
    likely = [
        f
        for f in switching_values
        if f.chance >= LEAST_CHANCE and _speaks_against(advice.recommendation.verdict, f.verdict)
    ]
    return [
        Argument(
            Notice(
                "counter_flip",
                "info",
                {"field": switch.id, "at": switch.switches_at, "verdict": switch.verdict, "share": switch.chance},
            ),
            "measure_number",
            switch.chance * npv,
        )
        for switch in likely[:1]
    ]


def _speaks_against(now: str, other: str | None) -> bool:
    """Whether another verdict is better news than a bad one, or worse news than any other."""
    if other is None or TONES[now] == TONES[other]:
        return False
    return TONES[now] == "poor" or TONES[other] == "poor" or TONES[now] == "good"
