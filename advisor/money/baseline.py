"""The best alternative without tuning: what every saving is measured against."""

from dataclasses import dataclass, replace

import numpy as np

from advisor.core.notices import Notice
from advisor.core.records import TODAY, Assumptions, OptionResult, Unpriced
from advisor.formulas import finance
from advisor.money.cash_flows import timeline, untuned
from advisor.options.registry import UNTUNED


@dataclass(frozen=True)
class UntunedOption:
    """An alternative without tuning; ``reasons`` rule it out, none where it is eligible.

    ``worth`` is the present value of its costs over the horizon, a negative amount; ``None`` without a price.
    """

    id: str
    reasons: tuple[Notice, ...]
    result: OptionResult | Unpriced
    worth: float | None


def standings(a: Assumptions) -> tuple[UntunedOption, ...]:
    """Every alternative without tuning that the case says enough about, going on as today first."""
    line = timeline(a)
    found = []
    for name, option in UNTUNED.items():
        if not option.described(a):
            continue
        reasons = option.against(a)
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
    """The eligible alternative of the least present cost; of equals the one that changes least."""
    able = [standing for standing in found if not standing.reasons and standing.worth is not None]
    return max(able, key=lambda each: each.worth or 0.0).id if able else None


def with_baseline(a: Assumptions) -> tuple[Assumptions, tuple[UntunedOption, ...]]:
    """The case with its best alternative as baseline, or with going on as today where none is eligible."""
    found = standings(a)
    return replace(a, baseline=best(found) or TODAY), found
