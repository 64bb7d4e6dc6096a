"""Cost levers on the case's own bill: what each saves alone, and what a choice of them leaves.

A lever changes what the bill is made of, and the engine computes the bill anew: whole GPUs stay whole, and what the
estimators know of a method or of a precision is asked of them rather than multiplied. Claims multiply within their
domain only.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

import numpy as np

from advisor.assumptions import resolve
from advisor.catalog.catalog import Catalog
from advisor.catalog.fields import Estimate
from advisor.catalog.levers import LeverRecord
from advisor.core.notices import UnknownPrice
from advisor.core.records import Assumptions, Economics, Unpriced
from advisor.costs.serving.load import ALWAYS_ON, AUTOSCALED, SCALE_TO_ZERO, hosting_cost, mode_hours
from advisor.costs.serving.week import week_shape
from advisor.formulas.cost_levers import (
    Lever,
    Numbers,
    Saving,
    bill_after,
    by_money,
    by_priority,
    counted,
    diluted,
    domain_multiplier,
    waterfall,
)
from advisor.formulas.division import ratio
from advisor.formulas.replicas import mean_requests_per_s
from advisor.money.baseline import with_baseline
from advisor.money.cash_flows import evaluate, monthly_requests
from advisor.options import tuned_serving
from advisor.scenario import Scenario

Basis = Literal["computed", "claimed"]
Status = Literal["open", "in_estimate", "elsewhere", "no_cost", "impossible"]
Order = Literal["priority", "money"]

ONCE: Final = ("retries", "training", "project")
MONTHLY: Final = ("idle", "inference", "upkeep")
HIDDEN: Final = {"retries": ("retries",), "idle": ("idle",)}
"""Parts of the bill that a domain scales as a whole; the other domains act on what the parts are computed from."""
SHOWN: Final = {
    "hidden": ("retries", "idle"),
    "training": ("training",),
    "inference": ("inference",),
    "rest": ("project", "upkeep"),
}
SERVING: Final = frozenset(
    {
        "serving_gpus",
        "tuned_request",
        "tuned_prompt",
        "tuned_answer",
        "tuned_retries",
        "managed_hosting",
        "fallback",
        "current_fixed",
        "check",
    }
)

NOTHING: Final = 1e-9
"""Share left where a lever removes all of its domain; a record knows no 0."""
PAUSING: Final = "pausing"
"""The lever that the page Serving counts for itself."""
WORTH_NAMING: Final = 0.001
"""Share of the bill."""


Change = Callable[[float, float], float]


def _times(value: float, left: float) -> float:
    return value * left


def _divided(value: float, left: float) -> float:
    return value / left


def _share_left(value: float, left: float) -> float:
    """A removed share, when so much is left of what it had not removed."""
    return 1 - (1 - value) * left


ACTS_ON: Final[Mapping[str, tuple[tuple[str, Change], ...]]] = {
    "train_compute": (("training_hours", _times), ("training_tokens_per_second", _divided)),
    "train_price": (("training_gpu_price", _times),),
    "infer_requests": (("daily_requests", _times),),
    "infer_tokens": (("prompt_removed_share", _share_left),),
    "infer_compute": (("replica_tokens_per_second", _divided), ("tuned_cost_per_request", _times)),
    "infer_price": (("tuned_input_price", _times), ("tuned_output_price", _times)),
}
"""What the cost formula takes from each domain."""


@dataclass(frozen=True)
class LeverEffect:
    """A lever as it stands in this case. Savings are what it would bring alone: once, and in a steady month.

    ``least`` and ``most`` are the saving over the whole period at both ends of what is claimed.
    """

    record: LeverRecord
    status: Status
    basis: Basis
    once: float = 0.0
    monthly: float = 0.0
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True)
class Savings:
    """A choice of levers on the bill: parts before and after over the period, and the way from one to the other.

    ``displaced`` levers do not count beside a measurement. ``serving_share`` of the bill as it is answers requests,
    waiting GPUs included; nan of nothing.
    """

    before: Mapping[str, float]
    after: Mapping[str, float]
    steps: tuple[Saving, ...]
    displaced: tuple[str, ...]
    months: float
    serving_share: float

    @property
    def total_before(self) -> float:
        return sum(self.before.values())

    @property
    def total_after(self) -> float:
        return sum(self.after.values())


class LeverBill:
    """One case laid out for levers: its bill as it stands, and the bill under any choice of them.

    Raises ``UnknownPrice`` where a price is unknown: there is no bill to lever.
    """

    def __init__(self, scenario: Scenario, catalog: Catalog, on: date) -> None:
        self.scenario, self.catalog, self.on = scenario, catalog, on
        self.base, _ = with_baseline(resolve(scenario, catalog, on))
        self.records = _offered(scenario, catalog)
        self.floors: dict[str, Numbers] = {d.id: d.floor for d in catalog.lever_domains.values()}
        economics = evaluate(self.base)
        if isinstance(economics, Unpriced):
            raise UnknownPrice(economics.items)
        self.bill = split(economics, self.base)
        counted_on_serving = idle_left(scenario, self.base, catalog) if PAUSING in self.records else None
        if counted_on_serving is not None:
            follows, off = counted_on_serving
            left = Estimate(low=min(follows, off), base=off, high=max(follows, off))
            self.records[PAUSING] = self.records[PAUSING].model_copy(update={"multiplier": left})
            self.floors["idle"] = min(catalog.lever_domains["idle"].floor, left.low)
        self.pauses_as_on_serving = counted_on_serving is not None
        live = float(self.base.number("horizon_months")) - float(self.base.number("deploy_months"))
        self.months = max(live, 0.0)

    # -- the bill under a choice --------------------------------------------------------------------

    def under(self, levers: Sequence[Lever], hidden_share: float | None) -> Mapping[str, float] | None:
        """Parts of the bill with these levers; ``None`` where they cannot be had together. [money, money/month]"""
        count = counted(levers)
        computed = [lever for lever in count if self.records[lever.id].answers and self._is_computed(lever)]
        claims = [lever for lever in count if lever not in computed]
        answers = {name: value for lever in computed for name, value in self.records[lever.id].answers.items()}
        case = self._answered(answers) if answers else self.base
        bill = self._engine(self._changed(case, claims))
        if bill is None:
            return None
        left = bill_after(
            self._hidden_apart(bill, hidden_share), claims, {**dict.fromkeys(bill, ()), **HIDDEN}, self.floors
        )
        return {part: float(cost) for part, cost in left.items()}

    def _answered(self, answers: Mapping[str, object]) -> Assumptions:
        """The case with these answers, which falls back to the same alternative without tuning."""
        return replace(resolve(self.scenario.with_(**answers), self.catalog, self.on), baseline=self.base.baseline)

    def cost(self, levers: Sequence[Lever], hidden_share: float | None = None) -> float:
        """The whole bill over the period; what cannot be had costs without end. [money]"""
        bill = self.under(levers, hidden_share)
        return np.inf if bill is None else sum(self.over_period(bill).values())

    def over_period(self, bill: Mapping[str, float]) -> dict[str, float]:
        """Every part over all months in use. [money]"""
        return {part: cost * (self.months if part in MONTHLY else 1) for part, cost in bill.items()}

    def shown(self, levers: Sequence[Lever], hidden_share: float | None) -> dict[str, float]:
        """The parts a reader is shown, over the period. [money]"""
        costs = self.over_period(self.under(levers, hidden_share) or self.bill)
        return {name: sum(costs[part] for part in parts) for name, parts in SHOWN.items()}

    def hidden_share(self, levers: Iterable[Lever]) -> float | None:
        """Share of the whole bill that the source of one of the levers calls hidden. [fraction]"""
        shares = (self.records[lever.id].domain_share for lever in levers)
        return next((share for share in shares if share is not None), None)

    def _changed(self, a: Assumptions, claims: Sequence[Lever]) -> Assumptions:
        changed: dict[str, float | np.ndarray] = {}
        for domain, acts in ACTS_ON.items():
            left = float(domain_multiplier(claims, domain, self.floors))
            changed |= {name: change(float(a.number(name)), left) for name, change in acts if a.knows(name)}
        return a.replaced(changed)

    def _hidden_apart(self, bill: Mapping[str, float], hidden_share: float | None) -> dict[str, float]:
        """Where a source says what share of the whole bill is hidden, that much is taken out of the training."""
        before = self.bill["training"] + self.bill["retries"]
        if hidden_share is None or not before:
            return dict(bill)
        hidden = min(hidden_share * sum(self.over_period(self.bill).values()), before)
        visible = (bill["training"] + bill["retries"]) * (1 - hidden / before)
        return {**bill, "retries": hidden, "training": visible}

    def _engine(self, a: Assumptions) -> dict[str, float] | None:
        economics = evaluate(a)
        return None if isinstance(economics, Unpriced) else split(economics, a)

    def _is_computed(self, lever: Lever) -> bool:
        return self.basis(self.records[lever.id]) == "computed"

    # -- the levers ---------------------------------------------------------------------------------

    def lever(self, record: LeverRecord, multiplier: float | None = None) -> Lever:
        claimed = record.multiplier.base if multiplier is None else multiplier
        reached = float(self.base.number(record.reach)) if record.reach and self.base.knows(record.reach) else 1.0
        left = diluted(claimed, reached)
        return Lever(record.id, record.domain, left, record.measured, frozenset(record.excludes))

    def basis(self, record: LeverRecord) -> Basis:
        """Whether the estimators compute what the lever does, or its multiplier is all there is."""
        if record.id == PAUSING and self.pauses_as_on_serving:
            return "computed"
        is_own = any(getattr(self.scenario, name) is not None for name in record.stated)
        return "computed" if record.answers and not is_own else "claimed"

    def status(self, record: LeverRecord) -> Status:
        if any(self._answer(name) not in allowed for name, allowed in record.when.items()):
            return "elsewhere"
        is_own = any(getattr(self.scenario, name) is not None for name in record.stated)
        if record.stated and not record.answers and not is_own:
            return "in_estimate"
        parts = SHOWN[self.catalog.lever_domains[record.domain].part]
        if record.domain_share is None and not any(self.bill[part] for part in parts):
            return "no_cost"
        return "open" if np.isfinite(self.cost([self.lever(record)])) else "impossible"

    def _answer(self, name: str) -> str:
        """The case's choice, or the default where the case does not ask it."""
        row = self.base.rows.get(name)
        return str(self.catalog.parameter(name).value if row is None else row.value)

    def offer(self, record: LeverRecord) -> LeverEffect:
        status, basis, lever = self.status(record), self.basis(record), self.lever(record)
        share = self.hidden_share([lever])
        alone = self.under([lever], share) if status == "open" else None
        if alone is None:
            return LeverEffect(record, status, basis)
        whole = self.cost([], share)
        saved = {part: cost - alone[part] for part, cost in self._hidden_apart(self.bill, share).items()}
        ends = (record.multiplier.high, record.multiplier.low)
        least, most = (whole - self.cost([self.lever(record, end)], share) for end in ends)
        once, monthly = (sum(saved[part] for part in parts) for parts in (ONCE, MONTHLY))
        return LeverEffect(record, status, basis, once, monthly, least, most)


def offers(bench: LeverBill) -> tuple[LeverEffect, ...]:
    """Every lever of the case in the order of its domains, hidden cost first."""
    order = list(bench.catalog.lever_domains)
    records = sorted(bench.records.values(), key=lambda record: order.index(record.domain))
    return tuple(bench.offer(record) for record in records)


def pulled_at_first(bench: LeverBill, found: Sequence[LeverEffect]) -> frozenset[str]:
    """What saves anything worth naming and asks for nothing only the reader knows; of two rivals the first."""
    chosen: list[LeverRecord] = []
    least = WORTH_NAMING * bench.cost([])
    for offer in found:
        saves = offer.once + offer.monthly * bench.months > least and not offer.record.ask_first
        if saves and not any(offer.record.id in other.excludes for other in chosen):
            chosen.append(offer.record)
    return frozenset(lever.id for lever in counted([bench.lever(record) for record in chosen]))


def savings(bench: LeverBill, chosen: Collection[str], order: Order) -> Savings:
    """What the chosen levers leave of the bill, with one step for each that counts."""
    levers = [bench.lever(record) for record in bench.records.values() if record.id in chosen]
    share = bench.hidden_share(levers)

    def cost(pulled: Sequence[Lever]) -> float:
        return bench.cost(pulled, share)

    ranked = by_money(levers, cost) if order == "money" else by_priority(levers, list(bench.floors))
    steps = tuple(waterfall(ranked, cost))
    served = bench.over_period(bench.bill)
    return Savings(
        before=bench.shown([], share),
        after=bench.shown(levers, share),
        steps=steps,
        displaced=tuple(lever.id for lever in ranked if lever.id not in {step.lever for step in steps}),
        months=bench.months,
        serving_share=float(ratio(served["idle"] + served["inference"], sum(served.values()))),
    )


def split(economics: Economics, a: Assumptions) -> dict[str, float]:
    """The bill of the tuned option in parts that levers reach, once and in a steady month. [money, money/month]

    Hidden are the runs before the one that is kept, and the hours in which rented GPUs wait for requests.
    """
    paid_once = [item for item in economics.tuned.line_items if item.frequency == "one_time"]
    once = sum(float(np.asarray(item.cost)) for item in paid_once)
    monthly = {name: float(cost) for name, cost in economics.tuned.steady_costs.items()}
    compute = sum(float(np.asarray(item.cost)) for item in paid_once if item.category == "compute")
    kept = compute / max(float(a.number("training_runs")), 1.0)
    idle = monthly.get("serving_gpus", 0.0) * (1 - busy_share(a))
    serving = sum(cost for name, cost in monthly.items() if name in SERVING)
    return {
        "retries": compute - kept,
        "training": kept,
        "project": once - compute,
        "idle": idle,
        "inference": serving - idle,
        "upkeep": sum(monthly.values()) - serving,
    }


def idle_left(scenario: Scenario, a: Assumptions, catalog: Catalog) -> tuple[float, float] | None:
    """Share of the idle GPUs' cost that stays where replicas follow the load, and where they are off between requests.

    As the page Serving counts both; ``None`` where no GPU is rented, its speed is unknown or none is idle. [fraction]
    """
    if a.choice("serving_route") != "rented_gpu" or not a.knows("replica_tokens_per_second"):
        return None
    hours = mode_hours(a, catalog, np.full(1, float(a.number("daily_requests"))), week_shape(scenario))
    costs = {mode: float(hosting_cost(a, mode, paid)[0]) for mode, paid in hours.items()}
    idle = costs[ALWAYS_ON] * (1 - busy_share(a))
    if not idle > 0:
        return None
    first, second = (
        min(max(1 - (costs[ALWAYS_ON] - costs[m]) / idle, NOTHING), 1.0) for m in (AUTOSCALED, SCALE_TO_ZERO)
    )
    return first, second


def busy_share(a: Assumptions) -> float:
    """Mean load of the rented replicas against all they could do. [fraction]"""
    if not a.knows("replica_tokens_per_second"):
        return 1.0
    needed = np.asarray(tuned_serving.replicas(a, np.asarray([monthly_requests(a)])))
    could = float(needed[0]) * float(tuned_serving.capacity(a))
    return min(float(mean_requests_per_s(a.number("daily_requests"))) / could, 1.0) if could else 1.0


def _offered(scenario: Scenario, catalog: Catalog) -> dict[str, LeverRecord]:
    """The levers of the case's preset where it brings its own, else the general ones."""
    own = {r.id: r for r in catalog.levers.values() if r.preset is not None and r.preset == scenario.preset}
    return own or {r.id: r for r in catalog.levers.values() if r.preset is None}
