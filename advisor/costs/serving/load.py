"""Paid replica hours by scaling mode, several adapters on one base model, and the time of a decoding step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from advisor.catalog.catalog import Catalog
from advisor.core.records import Assumptions
from advisor.costs.serving.machines import ServingPlan, gpu_cost, lengths, serving_ways
from advisor.costs.serving.week import autoscaled_hours, cold_starts, switched_off_hours, week_shape
from advisor.engineering.from_catalog import architecture_of, card_of
from advisor.engineering.serving import LIMITS, estimate_serving
from advisor.engineering.serving_ways import MOST_SEQUENCES, serving_setup
from advisor.formulas import replicas as replica_formulas
from advisor.formulas.constants import SECONDS_PER_DAY, SECONDS_PER_HOUR
from advisor.formulas.hours_of_week import idle_share
from advisor.money.cash_flows import monthly_requests
from advisor.options import tuned_serving
from advisor.options.declared import price_of, rent
from advisor.scenario import Scenario

Array = NDArray[np.float64]
ALWAYS_ON, AUTOSCALED, SCALE_TO_ZERO = "always_on", "autoscaled", "scale_to_zero"
TASKS = (1, 2, 5, 10, 25)
CONCURRENCIES = 24
PARAMETERS = (
    *("scaling_reserve", "active_hours", "cold_starts", "cold_start_seconds", "adapter_overhead"),
    *("router_call_cost", "large_answer_speed"),
)
"""What this page alone needs."""
BY_HOURS = (
    "within_hour_factor",
    *(name for name in PARAMETERS if name not in ("scaling_reserve", "active_hours", "cold_starts")),
)
"""The same where the hours of the week are told: they say when the load comes."""


@dataclass(frozen=True)
class Mode:
    """A month at today's volume: replica hours paid, cost without fallback, share of requests that wait for a start.

    ``idle_share`` is what is paid and not used, against the full load; nan without any hour that is paid.
    """

    id: str
    hours: float
    monthly_cost: float
    cost_per_request: float
    waiting_share: float
    idle_share: float


@dataclass(frozen=True)
class Shared:
    """Several tuned models of equal load on one base: replicas of all of them, and what each pays a month."""

    tasks: int
    replicas: float
    cost_each: float


@dataclass(frozen=True)
class LoadCurve:
    """Throughput and latency of a replica by concurrent sequences."""

    sequences: Array
    output_tokens_per_s: Array
    tpot_s: Array


def parameters(scenario: Scenario) -> tuple[str, ...]:
    """What the page needs for a case beside its assumptions."""
    return PARAMETERS if week_shape(scenario) is None else BY_HOURS


def _active_hours(a: Assumptions, catalog: Catalog) -> float:
    return min(catalog.number("active_hours"), float(a.number("hours_per_month")))


def when_active(a: Assumptions, catalog: Catalog) -> Assumptions:
    """The same requests concentrated in the active hours."""
    hours = _active_hours(a, catalog), a.number("hours_per_month")
    return a.replaced({"peak_factor": replica_formulas.peak_factor_when_active(a.number("peak_factor"), *hours)})


def mode_hours(a: Assumptions, catalog: Catalog, volumes: Array, shape: Array | None = None) -> Mapping[str, Array]:
    """Replica hours of a month at each volume, by how replicas are switched.

    Where the ``shape`` of a week is told they follow its hours; else the mean load and the usual hours.
    """
    requests, month = np.asarray(monthly_requests(a, volumes)), a.number("hours_per_month")
    replicas = tuned_serving.replicas(a, requests)
    seconds = catalog.number("cold_start_seconds")
    always = {ALWAYS_ON: np.asarray(replica_formulas.always_on_hours(replicas, month), dtype=float)}
    if shape is not None:
        starting = cold_starts(a, shape, volumes) * seconds / SECONDS_PER_HOUR
        zero = switched_off_hours(a, shape, volumes) + starting
        return {**always, AUTOSCALED: autoscaled_hours(a, shape, volumes), SCALE_TO_ZERO: zero}
    usable = tuned_serving.capacity(a) * a.number("target_utilisation")
    reserve, least = catalog.number("scaling_reserve"), a.number("min_replicas")
    rate = volumes / SECONDS_PER_DAY
    busy = tuned_serving.replicas(when_active(a, catalog), requests)
    starts = np.minimum(catalog.number("cold_starts"), requests)
    hours = {
        AUTOSCALED: replica_formulas.autoscaled_hours(replicas, least, rate, usable, reserve, month),
        SCALE_TO_ZERO: replica_formulas.scale_to_zero_hours(busy, _active_hours(a, catalog), starts, seconds),
    }
    return {**always, **{mode: np.asarray(paid, dtype=float) for mode, paid in hours.items()}}


def hosting_cost(a: Assumptions, mode: str, hours: Array) -> Array:
    """Rent of so many hours; the price of a rented month holds for replicas that always run. [money/month]"""
    known = rent(a, "serving_gpu_price") if mode == ALWAYS_ON else price_of(a, "serving_gpu_price")
    price = np.nan if known is None else known
    return np.asarray(replica_formulas.monthly_hosting_cost(hours, a.number("gpus_per_replica"), price), dtype=float)


def modes(plan: ServingPlan, catalog: Catalog) -> tuple[Mode, ...]:
    """A month at today's volume, by how replicas are switched."""
    requests, shape, volume = plan.requests, week_shape(plan.scenario), np.full(1, plan.volume or 0.0)
    starts = catalog.number("cold_starts") if shape is None else float(cold_starts(plan.a, shape, volume)[0])
    found = []
    for mode, hours in mode_hours(plan.a, catalog, volume, shape).items():
        cost = float(hosting_cost(plan.a, mode, hours)[0])
        waiting = float(replica_formulas.cold_start_share(starts, requests)) if mode == SCALE_TO_ZERO else 0.0
        each = float(replica_formulas.cost_per_request(cost, requests))
        used = replica_formulas.mean_utilisation(requests, tuned_serving.capacity(plan.a), float(hours[0]))
        found.append(Mode(mode, float(hours[0]), cost, each, waiting, float(idle_share(used))))
    return tuple(found)


def utilisation(plan: ServingPlan) -> float:
    """Requests of a month over what the paid hours could serve at full load [fraction]."""
    requests = np.full(1, plan.requests)
    paid = np.asarray(tuned_serving.replicas(plan.a, requests)) * plan.a.number("hours_per_month")
    return float(np.asarray(replica_formulas.mean_utilisation(requests, tuned_serving.capacity(plan.a), paid))[0])


def shared(plan: ServingPlan, catalog: Catalog) -> tuple[Shared, ...]:
    """Tuned models of the same volume on one base, an adapter each."""
    volume = plan.volume or 0.0
    overhead, found = catalog.number("adapter_overhead"), []
    for tasks in TASKS:
        all_of_them = np.full(1, volume * tasks)
        requests = np.asarray(monthly_requests(plan.a, all_of_them))
        replicas = float(np.asarray(tuned_serving.replicas(plan.a, requests))[0])
        whole = float(gpu_cost(plan.a, all_of_them)[0])
        work = overhead if tasks > 1 else 1.0
        each = replica_formulas.shared_base_cost(whole, work, volume, volume * tasks)
        found.append(Shared(tasks, replicas, float(each)))
    return tuple(found)


def step_seconds(plan: ServingPlan, catalog: Catalog) -> Mapping[str, float]:
    """One step of the chosen replica at its full batch, by what it waits for; empty where nothing is known."""
    place = _way(plan, catalog)
    if place is None:
        return {}
    terms = serving_ways(plan.a, catalog, plan.model or "").estimate.terms[:, place]
    return {name: float(seconds) for name, seconds in zip(LIMITS, terms, strict=True)}


def _way(plan: ServingPlan, catalog: Catalog) -> int | None:
    """Place of the chosen card among the estimator's ways, where the model fits."""
    if plan.model is None or plan.chosen is None or np.isnan(plan.chosen.sequences):
        return None
    ways = serving_ways(plan.a, catalog, plan.model)
    return next(k for k, gpu in enumerate(ways.gpu) if (gpu, ways.gpus[k]) == (plan.chosen.gpu, plan.chosen.gpus))


def load_curve(plan: ServingPlan, catalog: Catalog) -> LoadCurve | None:
    """The chosen replica from one sequence at a time to as many as memory and engine allow."""
    place = _way(plan, catalog)
    if place is None or plan.model is None or plan.chosen is None:
        return None
    most = min(float(serving_ways(plan.a, catalog, plan.model).estimate.batch_by_memory[place]), MOST_SEQUENCES)
    counts = np.unique(np.round(np.geomspace(1.0, max(most, 1.0), CONCURRENCIES)))
    model, card = architecture_of(catalog.model(plan.model)), card_of(catalog.gpu(plan.chosen.gpu))
    setup = serving_setup(model, card, plan.chosen.gpus, *lengths(plan.a), plan.a.choice("serving_precision"))
    setups = [replace(setup, concurrency=float(count)) for count in counts]
    estimate = estimate_serving(setups, catalog.constants("serving"))
    return LoadCurve(estimate.batch, estimate.output_tokens_per_s, estimate.tpot_s)
