"""The tuning project in steps: hours, machines, people, and what has been spent when it stops after each.

The steps are those a source tells for the case's example, else they follow from the case's own answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions.currency import DOLLAR, in_base
from advisor.catalog.catalog import Catalog
from advisor.catalog.levers import PlanRecord
from advisor.core.notices import UnknownPrice
from advisor.core.records import Assumptions, LineItem
from advisor.formulas.constants import MINUTES_PER_HOUR
from advisor.formulas.division import ratio
from advisor.formulas.hardware import break_even_rental_hours, rental_cost
from advisor.formulas.project_plan import (
    PlanSteps,
    Prices,
    StepCosts,
    cost_by_step,
    gpu_hours,
    plan_by_the_month,
    smoke_run_saves,
    spent_when_stopping,
    step_costs,
    totals_by_kind,
)
from advisor.options import training_compute
from advisor.options.declared import total
from advisor.options.tune import project_items
from advisor.scenario import Scenario

REHEARSAL, FULL_RUN = "first_100", "full_run"
STAGES: Final = (100.0, 500.0)
"""Examples of the rehearsals, as article 003 advises; all of them come last."""
WORK: Final = frozenset({"data_preparation", "engineering", "evaluation"})
FAULTS: Final = ("plan_failure_share", "plan_found_share")
HOURS_OF_A_DAY: Final = 8
GATES: Final = ("data", "first_100", "evaluation", "release")
"""Steps of our plan after which somebody decides; a source's own steps are all gates."""


@dataclass(frozen=True)
class PlanStep:
    """One step: hours of one pass, cards, people who attend, passes. ``name`` and ``stop`` are a source's own words.

    ``bought`` is what is paid for it that takes nobody's hours. [money]
    """

    id: str
    hours: float
    gpus: float
    people: float
    runs: float = 1.0
    name: str | None = None
    stop: str | None = None
    bought: float = 0.0


@dataclass(frozen=True)
class Monthly:
    """A card by the month and the same card by the hour, for so many days. ``name`` where it is not the plan's card."""

    price: float | None
    hour_price: float
    days: float
    name: str | None = None


@dataclass(frozen=True)
class Plan:
    """A plan to be edited: steps and prices."""

    steps: tuple[PlanStep, ...]
    prices: Prices
    monthly: Monthly


@dataclass(frozen=True)
class PlanCost:
    """Money of a plan by step and by kind; the last ``spent`` is the whole. ``bought`` takes nobody's hours. [money]"""

    by_step: NDArray[np.float64]
    spent: NDArray[np.float64]
    gpu: float
    people: float
    paused_disk: float
    hours: float
    person_hours: float
    gpu_hours: float
    costs: StepCosts
    bought: float

    @property
    def total(self) -> float:
        return self.gpu + self.people + self.paused_disk + self.bought


@dataclass(frozen=True)
class Comparison:
    """The plan's GPU hours by the hour and by the month [money]; where both cost the same [hours/month]."""

    hourly: float
    monthly: float
    multiple: float
    break_even_hours: float


def project_plan(scenario: Scenario, a: Assumptions, catalog: Catalog) -> Plan:
    """The plan of a case. Raises ``UnknownPrice`` where the price of a GPU hour or a rate is unknown."""
    items = project_items(a)
    compute = [item.cost for item in items if item.category == "compute"]
    if any(cost is None for cost in compute):
        raise UnknownPrice(item.id for item in items if item.category == "compute" and item.cost is None)
    booked = _run_hours(a) * float(a.number("training_runs")) * _gpus(a)
    hour = float(np.nan_to_num(ratio(sum(float(cost or 0) for cost in compute), booked)))
    record = catalog.plans.get(scenario.preset or "")
    if record is not None:
        return _told(record, hour, _factor(record.currency, scenario, a, catalog))
    rented = a.choice("training_source") == "rented"
    disk = rented * catalog.number("paused_disk_price") * _factor(DOLLAR, scenario, a, catalog)
    managed = a.choice("training_source") == "managed"
    others = tuple(item for item in items if item.id not in WORK and (managed or item.category != "compute"))
    prices = Prices(hour, float(a.number("hourly_rate")), disk)
    steps = tuple(replace(step, bought=_bought(step.id, others)) for step in case_steps(a, catalog))
    days = sum(step.hours * step.runs for step in steps) / HOURS_OF_A_DAY
    return Plan(steps, prices, Monthly(None, hour, max(days, 1.0)))


def _bought(step: str, others: Sequence[LineItem]) -> float:
    """What a step pays for: examples before they are checked, a vendor's training with the runs, the rest at launch.

    What is in no step's work (contingency, other costs, cards to answer on) is known to be needed by launch only.
    """
    place = {"bought_examples": "data"} | {item.id: FULL_RUN for item in others if item.category == "compute"}
    return float(total(item for item in others if place.get(item.id, "release") == step) or 0)


def case_steps(a: Assumptions, catalog: Catalog) -> tuple[PlanStep, ...]:
    """Steps from the case's answers. Who attends the runs is paid in the engineering, so nobody is paid twice."""
    setup = catalog.number("plan_setup_share")
    engineering, gpus = float(a.number("engineer_hours")), _gpus(a)
    grading = float(a.number("evaluation_items")) * float(a.number("evaluation_minutes")) / MINUTES_PER_HOUR
    examples = float(a.number("training_examples")) if a.knows("training_examples") else 0.0
    rehearsals = [
        PlanStep(f"first_{stage:.0f}", _hours_of(stage / examples, a), gpus, 0.0)
        for stage in STAGES
        if stage < examples
    ]
    return (
        PlanStep("data", float(a.number("data_preparation_hours")), 0.0, 1.0),
        PlanStep("setup", engineering * setup, 0.0, 1.0),
        *rehearsals,
        PlanStep(FULL_RUN, _run_hours(a), gpus, 0.0, float(a.number("training_runs"))),
        PlanStep("evaluation", grading, 0.0, 1.0),
        PlanStep("release", engineering * (1 - setup), 0.0, 1.0),
    )


def plan_cost(steps: Sequence[PlanStep], prices: Prices) -> PlanCost:
    """What the steps cost, and what has been spent after each."""
    columns = (np.array([getattr(step, name) for step in steps], dtype=float) for name in PlanSteps._fields)
    taken = PlanSteps(*columns)
    costs = step_costs(taken, prices)
    kinds, bought = totals_by_kind(costs), np.array([step.bought for step in steps])
    return PlanCost(
        by_step=cost_by_step(costs) + bought,
        spent=spent_when_stopping(costs) + np.cumsum(bought),
        gpu=float(kinds.gpu),
        people=float(kinds.people),
        paused_disk=float(kinds.paused_disk),
        hours=float(np.sum(np.asarray(taken.hours) * taken.runs)),
        person_hours=float(np.sum(np.asarray(taken.hours) * taken.people * taken.runs)),
        gpu_hours=float(gpu_hours(taken).sum()),
        costs=costs,
        bought=float(bought.sum()),
    )


def by_the_month(cost: PlanCost, monthly: Monthly, days_per_month: float) -> Comparison | None:
    """The GPUs alone, both ways, on one card; ``None`` without a price by the month."""
    if monthly.price is None:
        return None
    hourly = float(rental_cost(monthly.hour_price, 1, cost.gpu_hours))
    rent = float(plan_by_the_month(monthly.price, 1, monthly.days, days_per_month, cost.costs)) - cost.people
    even = float(break_even_rental_hours(monthly.price, monthly.hour_price, 0))
    return Comparison(hourly, rent, float(ratio(rent, hourly)), even)


def rehearsal_saves(steps: Sequence[PlanStep], prices: Prices, catalog: Catalog) -> float | None:
    """What the first rehearsal spares on average, its own cost taken off; ``None`` without one. [money]"""
    known = {step.id: step for step in steps}
    if not {REHEARSAL, FULL_RUN} <= known.keys():
        return None
    first, last = (
        float(rental_cost(prices.gpu_hour, known[name].gpus, known[name].hours)) for name in (REHEARSAL, FULL_RUN)
    )
    shares = [catalog.number(name) for name in FAULTS]
    return float(smoke_run_saves(shares[0], shares[1], last, first))


def _hours_of(share: float, a: Assumptions) -> float:
    """A run on a share of the examples: it starts up like any other."""
    startup = float(a.number("startup_hours")) if a.knows("startup_hours") else 0.0
    return startup + (_run_hours(a) - startup) * share


def _run_hours(a: Assumptions) -> float:
    """Hours of one run on machines of our own; a vendor who trains sells tokens, not hours."""
    return 0.0 if a.choice("training_source") == "managed" else float(training_compute.run_hours(a))


def _gpus(a: Assumptions) -> float:
    return 0.0 if a.choice("training_source") == "managed" else float(a.number("training_gpus"))


def _told(record: PlanRecord, hour: float, factor: float) -> Plan:
    """The plan of a source, its money times ``factor``."""
    steps = tuple(
        PlanStep(str(place), step.hours, step.gpus, step.people, step.runs, step.name, step.stop)
        for place, step in enumerate(record.steps, start=1)
    )
    monthly = record.monthly
    offer = Monthly(monthly.price * factor, monthly.hour_price * factor, monthly.days, monthly.name)
    return Plan(steps, Prices(hour, record.wage * factor, 0.0), offer)


def _factor(currency: str, scenario: Scenario, a: Assumptions, catalog: Catalog) -> float:
    """Units of the case's currency for one of another. Raises ``UnknownPrice`` where a rate is unknown."""
    told = in_base(1.0, currency, scenario, catalog, a.on)
    if told is None:
        raise UnknownPrice((f"exchange_rate_{currency}",))
    return told


@dataclass(frozen=True)
class StageGate:
    """After ``step`` so much has been spent, and so much is still at risk before the next gate [money].

    ``name`` and ``stop`` are a source's own words; of our own steps the words stand in the catalogues.
    """

    step: str
    spent: float
    next_spend: float
    name: str | None = None
    stop: str | None = None


def stage_gates(scenario: Scenario, a: Assumptions, catalog: Catalog) -> tuple[StageGate, ...]:
    """The decisions of the project in their order. Raises ``UnknownPrice`` where a price is unknown."""
    plan = project_plan(scenario, a, catalog)
    spent = plan_cost(plan.steps, plan.prices).spent
    places = [k for k, step in enumerate(plan.steps) if step.id in GATES or step.name is not None]
    money = [float(spent[k]) for k in places]
    following = [*money[1:], money[-1]]
    return tuple(
        StageGate(plan.steps[k].id, now, after - now, plan.steps[k].name, plan.steps[k].stop)
        for k, now, after in zip(places, money, following, strict=True)
    )
