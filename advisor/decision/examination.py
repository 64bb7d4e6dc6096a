"""Slow analyses of one advice, cached with it: alternatives, switching values, ladder, counter-case, facts to find."""

from dataclasses import dataclass
from functools import lru_cache

from advisor.catalog.catalog import Catalog
from advisor.core.findings import Finding, SwitchingValue
from advisor.decision.advice import REMEMBERED, Advice
from advisor.decision.alternatives import Alternative, alternatives
from advisor.decision.counter_case import Argument, counter_case
from advisor.decision.switching_values import findings, likeliest_first, switching_value_table, volume_switch
from advisor.decision.volume_ladder import VolumeLadder, volume_ladder
from advisor.risk.summary import Information, information


@dataclass(frozen=True)
class Examination:
    """An advice looked at from every side; all of it is empty where the money is unknown."""

    alternatives: tuple[Alternative, ...] = ()
    switching_values: tuple[SwitchingValue, ...] = ()
    findings: tuple[Finding, ...] = ()
    arguments: tuple[Argument, ...] = ()
    ladder: VolumeLadder | None = None
    facts: tuple[Information, ...] = ()
    volume: SwitchingValue | None = None

    @property
    def turning(self) -> tuple[SwitchingValue, ...]:
        """The numbers that turn the verdict within their ranges, the volume among them, the likeliest first."""
        volume = [] if self.volume is None or not _is_plausible(self.volume) else [self.volume]
        found = [*(each for each in self.switching_values if each.switches_at is not None), *volume]
        return tuple(sorted(found, key=likeliest_first))

    def can_settle(self, argument: Argument) -> bool:
        """Whether what would settle it can be done: with no fact worth looking up there is no number to find out."""
        return argument.settled_by != "next_number" or bool(self.facts)


MOST_FACTS = 3
UNEXAMINED = Examination()


@lru_cache(REMEMBERED)
def examine(advice: Advice, catalog: Catalog) -> Examination:
    """About a second the first time; remembered with the advice."""
    if advice.assessment.economics is None:
        return UNEXAMINED
    on = advice.assessment.assumptions.on
    rows, switching_values = alternatives(advice, catalog), switching_value_table(advice, catalog, on)
    ladder = volume_ladder(advice, catalog)
    return Examination(
        rows,
        switching_values,
        findings(advice, catalog, on),
        counter_case(advice, rows, switching_values),
        ladder,
        facts_to_find(advice),
        volume_switch(advice, ladder),
    )


def _is_plausible(switch: SwitchingValue) -> bool:
    return switch.switches_at is not None and switch.low <= switch.switches_at <= switch.high


def facts_to_find(advice: Advice) -> tuple[Information, ...]:
    """Open facts most worth finding out, where the verdict is to do that first."""
    table, drawn = advice.actions, advice.simulation
    if table is None or drawn is None or advice.recommendation.verdict != "look_up_first":
        return ()
    return tuple(each for each in information(drawn) if each.id in table.facts)[:MOST_FACTS]
