"""Other calculators: the same case through their simpler formulas, and a bridge from each result to the engine's.

A calculator is a set of simplifications. With all of them on, the engine gives the calculator's figure. They are then
switched off one after another; each difference in net benefit is one step of the bridge.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from advisor.core.notices import UnknownPrice
from advisor.core.records import TODAY, Assumptions, Economics, Number
from advisor.formulas import finance
from advisor.formulas import other_calculators as formulas
from advisor.formulas.replicas import always_on_hours, mean_requests_per_s
from advisor.money.cash_flows import evaluate, monthly_requests
from advisor.options import tuned_serving
from advisor.options.declared import with_prices

Switch = Callable[[Assumptions], Assumptions]
Replicas = Callable[[Assumptions, Number], Number]


@dataclass(frozen=True)
class Difference:
    """What one simplification does to the net benefit over the horizon when it is switched off. [money]"""

    id: str
    money: float


@dataclass(frozen=True)
class OtherAnswer:
    """What another calculator says of this case; ``steps`` lead from its net benefit to the engine's."""

    id: str
    monthly_savings: float
    investment: float
    payback_months: float | None
    net_benefit: float
    steps: tuple[Difference, ...]


@dataclass(frozen=True)
class LeftOut:
    """A calculator that does not apply to this case, and why."""

    id: str
    reason: str


CALCULATORS: Mapping[str, tuple[str, ...]] = {
    "simple": ("training_only", "no_retraining", "no_fallback", "no_errors"),
    "steady": (),
    "training_only": ("training_only",),
    "no_upkeep": ("no_upkeep",),
    "no_fallback": ("no_fallback",),
    "list_price": ("list_price",),
    "busy_hours": ("busy_hours",),
    "fractional_gpus": ("fractional_gpus",),
    "single_stream": ("single_stream",),
}
"""Simplifications of each calculator, besides those that all of them share."""
SHARED = ("todays_bill", "even_retraining", "flat_volume", "flat_prices", "at_once")
"""Switched off last, in this order; until ``even_retraining`` goes, one month times the months is the whole formula."""


def _without(*names: str) -> Switch:
    """A case in which the named numbers are 0."""
    return lambda a: a.replaced({name: 0.0 for name in names if a.knows(name)})


def _list_price(a: Assumptions) -> Assumptions:
    """Every prompt token at the list price: no cache read or written, no batches."""
    listed = with_prices(a, {"current_cache_write_price": "current_input_price"})
    return listed.replaced({"cache_hit_share": 0.0, "batch_share": 0.0})


def _flat_prices(a: Assumptions) -> Assumptions:
    """Today's prices in every month."""
    rows = {k: replace(row, announced=()) if row.announced else row for k, row in a.items()}
    return _without("api_price_decline", "hosting_price_decline")(replace(a, rows=rows))


def _single_stream(a: Assumptions) -> Assumptions:
    """A replica that answers one request at a time; its speed is what makes its capacity."""
    alone = formulas.single_stream_capacity(tuned_serving.tuned_output_tokens(a), a.number("answer_speed"))
    slower = a.number("replica_tokens_per_second") * alone / tuned_serving.capacity(a)
    return a.replaced({"replica_tokens_per_second": slower})


SWITCHES: Mapping[str, Switch] = {
    "training_only": _without(
        "data_preparation_hours", "bought_examples", "engineer_hours", "evaluation_items", "contingency_share"
    ),
    "no_retraining": _without("retrain_cost_share"),
    "no_upkeep": _without("ops_hours", "other_monthly_cost", "retrain_cost_share"),
    "no_fallback": _without("fallback_share", "check_cost_per_request"),
    "no_errors": _without("cost_per_failure", "review_share", "tuned_review_share"),
    "list_price": _list_price,
    "single_stream": _single_stream,
    "todays_bill": lambda a: replace(a, baseline=TODAY),
    "flat_volume": _without("volume_growth"),
    "flat_prices": _flat_prices,
    "at_once": _without("deploy_months", "ramp_months"),
}
"""Simplifications that only change numbers of the case."""


def _busy_replicas(a: Assumptions, per_second: Number) -> Number:
    return formulas.busy_replicas(per_second, tuned_serving.capacity(a))


def _fractional_replicas(a: Assumptions, per_second: Number) -> Number:
    capacity, target = tuned_serving.capacity(a), a.number("target_utilisation")
    return formulas.fractional_replicas(per_second, a.number("peak_factor"), capacity, target)


PARTS_OF_GPUS: Mapping[str, Replicas] = {"busy_hours": _busy_replicas, "fractional_gpus": _fractional_replicas}
"""Simplifications outside the engine, which rents whole replicas. They change the steady month only."""


def other_calculators(a: Assumptions, e: Economics | None) -> tuple[OtherAnswer, ...]:
    """What other calculators would say of the point case ``a`` whose money is ``e``; none where that is unknown."""
    if e is None:
        return ()
    return tuple(_answer(name, a, e) for name in CALCULATORS if not _reason(name, a))


def left_out(a: Assumptions) -> tuple[LeftOut, ...]:
    """Calculators that do not apply to this case."""
    return tuple(LeftOut(name, reason) for name in CALCULATORS if (reason := _reason(name, a)))


def simple_answer(a: Assumptions, e: Economics | None) -> formulas.SimpleAnswer | None:
    """All that the simplest calculator prints, from two prices a request; ``None`` without requests or money."""
    requests = 0.0 if e is None else float(monthly_requests(a))
    if not requests:
        return None
    e = _evaluated(_simplified(a, (*CALCULATORS["simple"], *SHARED)))
    upkeep = sum(float(e.tuned.steady_costs[name]) for name in ("operations", "other_upkeep"))
    return formulas.simple_calculator(
        training_cost=float(e.investment),
        monthly_maintenance=upkeep,
        cost_now=float(e.baseline.steady_monthly_cost) / requests,
        cost_tuned=(float(e.tuned.steady_monthly_cost) - upkeep) / requests,
        requests_per_month=requests,
        months=float(e.months.size),
    )


def _reason(name: str, a: Assumptions) -> str:
    """Why a calculator does not apply; empty where it does."""
    if name in ("busy_hours", "fractional_gpus", "single_stream"):
        if a.choice("serving_route") != "rented_gpu":
            return "no_gpus"
        return "" if name != "single_stream" or float(tuned_serving.tuned_output_tokens(a)) > 0 else "no_answers"
    if name != "list_price":
        return ""
    if a.knows("current_cost_per_request") or not a.knows("current_input_price"):
        return "own_price"
    return "" if float(a.number("cache_hit_share")) or float(a.number("batch_share")) else "no_discount"


def _answer(name: str, a: Assumptions, e: Economics) -> OtherAnswer:
    on = (*CALCULATORS[name], *SHARED)
    saving, investment, benefit = _figures(a, on)
    reached, steps = benefit, []
    for place, each in enumerate(on, start=1):
        after = _figures(a, on[place:])[2] if place < len(on) else float(np.sum(e.cash_flows))
        steps.append(Difference(each, after - reached))
        reached = after
    largest = max(abs(benefit), abs(reached), investment)
    back = float(finance.steady_payback(investment, saving))
    return OtherAnswer(
        id=name,
        monthly_savings=saving,
        investment=investment,
        payback_months=None if np.isnan(back) else back,
        net_benefit=benefit,
        steps=tuple(step for step in steps if abs(step.money) > finance.DUST * largest),
    )


def _figures(a: Assumptions, on: tuple[str, ...]) -> tuple[float, float, float]:
    """Monthly saving, investment and net benefit with these simplifications. [money]"""
    case = _simplified(a, on)
    e = _evaluated(case)
    investment, saving = float(e.investment), float(e.monthly_savings)
    saving += sum(_unbilled(case, e, PARTS_OF_GPUS[each]) for each in on if each in PARTS_OF_GPUS)
    if "even_retraining" in on:
        return saving, investment, float(formulas.net_benefit(saving, float(e.months.size), investment))
    return saving, investment, float(np.sum(e.cash_flows))


def _simplified(a: Assumptions, on: tuple[str, ...]) -> Assumptions:
    for name in on:
        a = SWITCHES[name](a) if name in SWITCHES else a
    return a


def _evaluated(a: Assumptions) -> Economics:
    """The money of a simplified case. Raises ``UnknownPrice`` without a price, which no simplification takes away."""
    found = evaluate(a)
    if not isinstance(found, Economics):
        raise UnknownPrice(found.items)
    return found


def _unbilled(a: Assumptions, e: Economics, parts: Replicas) -> float:
    """Cost omitted by counting fractional GPUs, in a steady month. [money/month]"""
    whole = next(item for item in e.tuned.line_items if item.id == "serving_gpus")
    replicas = parts(a, mean_requests_per_s(a.number("daily_requests")))
    hours = always_on_hours(replicas, a.number("hours_per_month")) * a.number("gpus_per_replica")
    price = float(np.mean(np.asarray(whole.unit_price, dtype=float)))
    return float(e.tuned.steady_costs[whole.id]) - float(hours) * price
