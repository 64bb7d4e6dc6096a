"""The strongest arguments against the recommendation, from the case's own numbers, and what would settle them."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.core.findings import SwitchingValue
from advisor.core.notices import Notice
from advisor.decision.advice import Advice
from advisor.decision.alternatives import Alternative, better_way
from advisor.decision.rules import DECIDED_BY_MONEY, TONES
from advisor.risk.actions import ActionTable

MOST = 3
LEAST_CHANCE = 0.05
"""What is less likely, a value or a gain in the simulated futures, is no argument: it is told as almost none."""


@dataclass(frozen=True)
class Argument:
    """One argument with its numbers, the money it is about, and the evidence that would settle it."""

    says: Notice
    settled_by: str
    money: float


def counter_case(
    advice: Advice, rows: Sequence[Alternative], switching_values: Sequence[SwitchingValue]
) -> tuple[Argument, ...]:
    """What speaks against the verdict: the next best action first, then the argument about most money."""
    table = advice.actions
    if table is None:
        return ()
    tunes = table.recommended.id != "best_without"
    found = _against_tuning(advice, table, rows) if tunes else _for_tuning(table, rows)
    found += _switching_values(advice, switching_values)
    ranked = sorted(found, key=lambda argument: -argument.money)
    return (*_runner_up(advice, table), *ranked)[:MOST]


def _runner_up(advice: Advice, table: ActionTable) -> list[Argument]:
    """The next best action and by how much it is behind; none where an earlier rule has not looked at the money."""
    if advice.recommendation.rule not in DECIDED_BY_MONEY:
        return []
    best, other = table.recommended, table.runner_up
    if other is None:
        return []
    gap = abs(best.mean - other.mean)
    code = "counter_runner_up"
    if other.mean > best.mean:
        code = "counter_same" if other.why_not is None else "counter_too_risky"
    said = Notice(code, "info", {"action": other.id, "money": other.mean, "gap": gap})
    return [Argument(said, "next_number", gap)]


def _against_tuning(advice: Advice, table: ActionTable, rows: Sequence[Alternative]) -> list[Argument]:
    found = []
    worlds = table["tune_now"].worlds
    share, lost = worlds.losses
    if share >= LEAST_CHANCE:
        said = Notice("counter_loss", "info", {"share": share, "loss": lost})
        found.append(Argument(said, "gate" if worlds.chance < 1 else "next_number", share * lost))
    for row in rows:
        if row.tunes or row.state != "untested" or row.npv_against_baseline is None:
            continue
        beats = row.npv_against_baseline - table.recommended.mean
        if beats > 0:
            params = {"option": row.id, "money": row.npv_against_today, "gap": beats}
            found.append(Argument(Notice("counter_untested", "info", params), "evaluate_other", beats))
    other = 0.0 if advice.simulation is None else float(advice.simulation.baseline_npv.mean())
    if other > worlds.mean > 0:
        params = {"option": advice.assessment.assumptions.baseline, "money": other, "gap": worlds.mean}
        found.append(Argument(Notice("counter_baseline", "info", params), "switch_levers_on", other))
    return found


def _for_tuning(table: ActionTable, rows: Sequence[Alternative]) -> list[Argument]:
    found = []
    share, gained = table["tune_now"].worlds.gains
    if share >= LEAST_CHANCE:
        said = Notice("counter_gain", "info", {"share": share, "money": gained})
        found.append(Argument(said, "next_number", share * gained))
    way = better_way(tuple(rows))
    if way is not None and (way.npv_against_baseline or 0.0) > 0:
        params = {"option": way.name or way.id, "money": way.npv_against_baseline}
        found.append(
            Argument(Notice("counter_other_way", "info", params), "take_other_way", way.npv_against_baseline or 0)
        )
    return found


def _switching_values(advice: Advice, switching_values: Sequence[SwitchingValue]) -> list[Argument]:
    """The likeliest value at which the verdict turns, weighed by what the case is worth."""
    worth = abs(advice.actions["tune_now"].mean) if advice.actions is not None else 0.0
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
            switch.chance * worth,
        )
        for switch in likely[:1]
    ]


def _speaks_against(now: str, other: str | None) -> bool:
    """Whether another verdict is better news than a bad one, or worse news than any other."""
    if other is None or TONES[now] == TONES[other]:
        return False
    return TONES[now] == "poor" or TONES[other] == "poor" or TONES[now] == "good"
