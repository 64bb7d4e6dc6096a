"""The best alternative without tuning: what every saving is measured against."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from advisor.core.notices import Notice
from advisor.core.records import TODAY, Assumptions, OptionResult, Unpriced
from advisor.formulas import finance
from advisor.money.cash_flows import UNTUNED, timeline, untuned
from advisor.options import cheaper_model, open_model, optimise_current, retrieval

KNOWLEDGE = ("knowledge", "both")
Reason = Callable[[Assumptions], Notice | None]


@dataclass(frozen=True)
class UntunedOption:
    """An alternative without tuning: ``reasons`` says why it is out, empty where it is in.

    ``worth`` is what it costs over the horizon in today's money, as a negative amount; ``None`` without a price.
    """

    id: str
    reasons: tuple[Notice, ...]
    result: OptionResult | Unpriced
    worth: float | None


def standings(a: Assumptions) -> tuple[UntunedOption, ...]:
    """Every alternative without tuning that the case says enough about, going on as today first."""
    line = timeline(a)
    found = []
    for name in UNTUNED:
        if not DESCRIBED.get(name, _always)(a):
            continue
        reasons = tuple(reason for condition in CONDITIONS[name] if (reason := condition(a)) is not None)
        result = untuned(a, name, line)
        if isinstance(result, Unpriced):
            found.append(UntunedOption(name, (*reasons, Notice("out_price_unknown", "info", {})), result, None))
            continue
        flows = np.append(-np.asarray(result.one_time_cost, dtype=float), -result.monthly_cost)
        too_dear = a.knows("budget") and float(result.one_time_cost) > float(a.number("budget"))
        worth = float(finance.npv(flows, a.number("discount_rate")))
        if too_dear:
            reasons = (*reasons, Notice("out_over_budget", "info", {}))
        found.append(UntunedOption(name, reasons, result, worth))
    return tuple(found)


def best(found: tuple[UntunedOption, ...]) -> str | None:
    """The cheapest alternative that nothing speaks against; of equals the one that changes least."""
    able = [standing for standing in found if not standing.reasons and standing.worth is not None]
    return max(able, key=lambda each: each.worth or 0.0).id if able else None


def with_baseline(a: Assumptions) -> tuple[Assumptions, tuple[UntunedOption, ...]]:
    """The case beside its best alternative; where none passes, beside going on as today."""
    found = standings(a)
    return replace(a, baseline=best(found) or TODAY), found


def _always(a: Assumptions) -> bool:
    return True


def _knows_tokens(a: Assumptions) -> bool:
    return not a.knows("current_cost_per_request")


def _leaves_the_house(a: Assumptions) -> Notice | None:
    return Notice("out_not_allowed_outside", "info", {}) if a["hosting_allowed"].value == "self_hosted" else None


def _misses_the_bar(a: Assumptions) -> Notice | None:
    return Notice("out_misses_the_bar", "info", {}) if a["prompt_meets_bar"].value == "no" else None


def _gains_nothing(a: Assumptions) -> Notice | None:
    applies = any(not lever.reason for lever in optimise_current.levers(a))
    return None if applies else Notice("out_nothing_to_gain", "info", {})


def _unproven(a: Assumptions) -> Notice | None:
    said = a["cheaper_model_passes"].value if "cheaper_model_passes" in a else None
    if said == "yes":
        return None
    return Notice("out_quality_gate_failed" if said == "no" else "out_quality_unproven", "info", {})


def _mends_nothing(a: Assumptions) -> Notice | None:
    return None if a["failure_kind"].value in KNOWLEDGE else Notice("out_does_not_mend", "info", {})


def _never_tested(a: Assumptions) -> Notice | None:
    return Notice("out_quality_unproven", "info", {})


DESCRIBED: dict[str, Callable[[Assumptions], bool]] = {
    optimise_current.ID: _knows_tokens,
    cheaper_model.ID: cheaper_model.is_named,
    retrieval.ID: _knows_tokens,
    open_model.ID: open_model.can_be_served,
}
"""What must be known before an alternative can be described at all."""
CONDITIONS: dict[str, tuple[Reason, ...]] = {
    TODAY: (_leaves_the_house, _misses_the_bar),
    optimise_current.ID: (_leaves_the_house, _misses_the_bar, _gains_nothing),
    cheaper_model.ID: (_leaves_the_house, _unproven),
    retrieval.ID: (_leaves_the_house, _mends_nothing),
    open_model.ID: (_never_tested,),
}
"""What may speak against each alternative."""
