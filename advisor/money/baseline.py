"""The best alternative without tuning: what every saving is measured against, for one case and arrays alike."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import Notice
from advisor.core.records import TODAY, Assumptions, Number, OptionResult, Unpriced
from advisor.formulas import cash_flow_timing, finance
from advisor.formulas.arrays import as_array
from advisor.money.cash_flows import Timeline, timeline, untuned
from advisor.options.reasons import Reason, those
from advisor.options.registry import UNTUNED


@dataclass(frozen=True)
class UntunedOption:
    """An alternative without tuning: ``against`` says why it is out, and in which cases; empty where it is in.

    ``npv`` is the present value of its costs over the horizon, a negative amount; ``None`` without a price.
    """

    id: str
    against: tuple[Reason, ...]
    result: OptionResult | Unpriced
    npv: Number | None

    @property
    def reasons(self) -> tuple[Notice, ...]:
        return tuple(reason.notice for reason in self.against)

    @property
    def is_out(self) -> np.bool_ | NDArray[np.bool_]:
        """Whether anything speaks against it, in each case by itself."""
        out: np.bool_ | NDArray[np.bool_] = np.False_
        for reason in self.against:
            out = out | reason.holds
        return out


def standings(
    a: Assumptions, among: Collection[str] = UNTUNED, line: Timeline | None = None
) -> tuple[UntunedOption, ...]:
    """Every alternative without tuning that the case says enough about, going on as today first; or some of them.

    ``line`` is the timeline of ``a``, where it is at hand.
    """
    line = timeline(a) if line is None else line
    return tuple(_priced(a, name, against, line) for name, against in _described(a).items() if name in among)


def _described(a: Assumptions) -> dict[str, tuple[Reason, ...]]:
    """What speaks against each alternative that the case says enough about, whatever it costs."""
    return {name: option.against(a) for name, option in UNTUNED.items() if option.described(a)}


def _priced(a: Assumptions, name: str, against: tuple[Reason, ...], line: Timeline) -> UntunedOption:
    result = untuned(a, name, line)
    if isinstance(result, Unpriced):
        return UntunedOption(name, (*against, Reason(Notice("out_price_unknown", "info", {}), True)), result, None)
    once = as_array(result.one_time_cost, float)
    flows = cash_flow_timing.net_cash_flows(once, -result.monthly_cost, np.zeros_like(line.months))
    too_dear = once > a.number("budget") if a.knows("budget") else np.False_
    against = (*against, *those(Reason(Notice("out_over_budget", "info", {}), too_dear)))
    return UntunedOption(name, against, result, finance.npv(flows, a.number("discount_rate")))


def best(found: tuple[UntunedOption, ...]) -> NDArray[np.str_]:
    """The cheapest alternative that nothing speaks against, of equals the one that changes least; for each case.

    Where none passes it is going on as today.
    """
    name, most = np.asarray(TODAY), np.asarray(-np.inf)
    for option in found:
        if option.npv is not None:
            npv = np.where(option.is_out, -np.inf, option.npv)
            name, most = np.where(npv > most, option.id, name), np.maximum(npv, most)
    return name


def with_baseline(a: Assumptions) -> tuple[Assumptions, tuple[UntunedOption, ...]]:
    """One case beside its best alternative; and those that it was chosen from."""
    found = contenders(a)
    return replace(a, baseline=str(best(found))), found


def contenders(a: Assumptions) -> tuple[UntunedOption, ...]:
    """The alternatives that may be the best, priced; none without the requests."""
    if not a.knows("daily_requests"):
        return ()
    line = timeline(a)
    return tuple(_priced(a, name, against, line) for name, against in may_be_best(a).items())


def may_be_best(a: Assumptions) -> dict[str, tuple[Reason, ...]]:
    """What speaks against each described alternative, without those that are out in every case whatever they cost."""
    described = _described(a).items()
    return {name: against for name, against in described if not any(np.all(reason.holds) for reason in against)}
