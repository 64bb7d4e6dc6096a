"""Monthly cost of each serving option by volume, and the volumes at which own GPUs are cheaper than the API."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions.currency import in_base
from advisor.catalog.catalog import Catalog
from advisor.catalog.records import PricePoint
from advisor.core.records import Assumptions
from advisor.costs.serving.load import AUTOSCALED, SCALE_TO_ZERO, hosting_cost, mode_hours, when_active
from advisor.costs.serving.machines import (
    SPEED,
    ServingPlan,
    carried_per_day,
    gpu_cost,
    lengths,
    on_other_card,
    replica_month,
    serving_ways,
)
from advisor.costs.serving.week import week_shape
from advisor.formulas import replicas as replica_formulas
from advisor.formulas.constants import TOKENS_PER_MTOK
from advisor.money.cash_flows import monthly_requests

Array = NDArray[np.float64]
Range = tuple[float, float | None]
"""Volumes from one end to the other; ``None``: without end."""

SMALLEST_VOLUME, LARGEST_VOLUME = 1.0, 1e8
MOST_STEPS = 1000
"""Replicas up to which separate paying ranges are told apart."""
CURVE_POINTS, CURVE_STEPS = 48, 40


@dataclass(frozen=True)
class Line:
    """Monthly cost of one way to serve, the requests that fall back included; ``gpu`` is a card's name.

    ``option`` is the best alternative without tuning that the hosted model's line is of.
    """

    id: str
    volumes: Array
    monthly: Array
    gpu: str = ""
    provider: str = ""
    option: str = ""


@dataclass(frozen=True)
class Band:
    """Least and most that the chosen GPUs may cost a month, the requests that fall back included."""

    volumes: Array
    low: Array
    high: Array


def paying_ranges(rent: float, saved: float, carried: float, least: float, flat: float = 0.0) -> tuple[Range, ...]:
    """Volumes at which whole replicas cost less than the API. [requests/day]

    ``rent`` is that of one replica and ``flat`` what is no longer paid of a flat bill [money/month], ``saved`` what a
    request a day less to the API saves a month, ``carried`` the requests a day that a replica carries, ``least`` the
    replicas that always run. Each replica more is a step up, so the first ranges may be parted by gaps; where a full
    replica saves more than its rent, from some volume on none is left. Dividing the rent of one replica by the saving
    finds the first end of the first range only.
    """
    first, gain = max(least, 1.0), saved * carried - rent
    if gain <= 0 and flat <= 0:
        return ()
    # Without a gap from this replica on; or, where each one more loses, none pays after it.
    last = (saved * carried - flat) / gain if gain > 0 else first + MOST_STEPS if gain == 0 else flat / -gain
    replicas = first + np.arange(min(max(np.ceil(last) - first, 0.0), MOST_STEPS) + 1)
    before = np.where(replicas > first, (replicas - 1) * carried, 0.0)
    dearer = replicas * rent - flat
    starts = np.maximum(before, dearer / saved) if saved > 0 else np.where(dearer < 0, before, np.inf)
    ends = replicas * carried
    starts, ends = starts[starts < ends], ends[starts < ends]
    heads = [k for k, start in enumerate(starts) if not k or start > ends[k - 1] * (1 + 1e-12)]
    return tuple(
        (float(starts[k]), float(ends[after - 1]) if after < len(ends) or gain <= 0 else None)
        for k, after in zip(heads, [*heads[1:], len(ends)], strict=False)
    )


def own_pays(plan: ServingPlan, tokens_per_s: float | None = None) -> tuple[Range, ...]:
    """Volumes at which the chosen GPUs with their fallback cost less than the API, at the case's or another speed."""
    a = plan.a if tokens_per_s is None else plan.a.replaced({SPEED: tokens_per_s})
    saved = ((plan.api or 0.0) - plan.fallback) * plan.days
    freed = plan.flat - plan.flat_kept if plan.has_api else 0.0
    return paying_ranges(replica_month(a), saved, carried_per_day(a), float(a.number("min_replicas")), freed)


def volume_domain(plan: ServingPlan) -> tuple[float, float]:
    """Whole powers of ten around today's volume, the first replica and the volumes where the cheaper way changes."""
    ends = [end for pays in own_pays(plan) for end in pays if end is not None]
    of_interest = [v for v in (plan.volume, carried_per_day(plan.a), *ends) if v]
    low, high = min(of_interest) / 4, max(of_interest) * 4
    powers = np.floor(np.log10(low)), np.ceil(np.log10(high))
    return max(10.0 ** float(powers[0]), SMALLEST_VOLUME), min(10.0 ** float(powers[1]), LARGEST_VOLUME)


def lines(plan: ServingPlan, catalog: Catalog) -> tuple[Line, ...]:
    """Every way that can be counted, the API and the chosen GPUs first."""
    a, domain = plan.a, volume_domain(plan)
    ends = np.array(domain)
    along = np.geomspace(*domain, CURVE_POINTS) if plan.flat else ends
    found = [Line("api", along, api_cost(plan, along), option=a.baseline)] if plan.has_api else []
    found.append(_whole_gpus("own", plan, a, domain, a.choice("serving_gpu")))
    found += _endpoint(plan, catalog, domain)
    found += _by_the_token(plan, catalog, domain)
    if plan.next_card is not None:
        card = plan.next_card
        on_card = on_other_card(a, card.gpus, card.price, card.output_tokens_per_s)
        found.append(_whole_gpus("next_card", plan, on_card, domain, card.gpu))
    shape = week_shape(plan.scenario)
    for mode in (AUTOSCALED, SCALE_TO_ZERO):
        busy = when_active(a, catalog) if mode == SCALE_TO_ZERO and shape is None else a
        volumes = _volumes(domain, carried_per_day(busy))
        monthly = hosting_cost(a, mode, mode_hours(a, catalog, volumes, shape)[mode])
        found.append(Line(mode, volumes, monthly + _fallback(plan, volumes), a.choice("serving_gpu")))
    return tuple(replace(line, gpu=catalog.gpu(line.gpu).short_name) if line.gpu else line for line in found)


def api_cost(plan: ServingPlan, volumes: Array) -> Array:
    """What the API bills for each volume a day, its flat part included; 0 while its price is unknown. [money/month]"""
    return np.asarray(monthly_requests(plan.a, volumes) * (plan.api or 0.0) + (plan.flat if plan.has_api else 0.0))


def own_band(plan: ServingPlan) -> Band | None:
    """How far the chosen GPUs' cost may be off where their speed is an estimate; None where it is measured."""
    row = plan.a[SPEED]
    if row.kind != "estimate" or row.low is None or row.high is None:
        return None
    slow, fast = (plan.a.replaced({SPEED: speed}) for speed in (row.low, row.high))
    domain = volume_domain(plan)
    volumes = np.union1d(_volumes(domain, carried_per_day(slow)), _volumes(domain, carried_per_day(fast)))
    fallback = _fallback(plan, volumes)
    return Band(volumes, gpu_cost(fast, volumes) + fallback, gpu_cost(slow, volumes) + fallback)


def _fallback(plan: ServingPlan, volumes: Array) -> Array:
    return np.asarray(monthly_requests(plan.a, volumes) * plan.fallback + plan.flat_kept)


def _whole_gpus(
    name: str, plan: ServingPlan, a: Assumptions, domain: tuple[float, float], gpu: str, provider: str = ""
) -> Line:
    volumes = _volumes(domain, carried_per_day(a))
    return Line(name, volumes, gpu_cost(a, volumes) + _fallback(plan, volumes), gpu, provider)


def _volumes(domain: tuple[float, float], carried: float) -> Array:
    """Points along the volume axis, with both sides of every step that can be told apart."""
    even = np.geomspace(*domain, CURVE_POINTS)
    steps = carried * np.arange(1, CURVE_STEPS + 1)
    both = np.concatenate([even, steps, steps * (1 + 1e-6)])
    return np.unique(both[(both >= domain[0]) & (both <= domain[1])])


def _endpoint(plan: ServingPlan, catalog: Catalog, domain: tuple[float, float]) -> list[Line]:
    """The cheapest dedicated endpoint whose card is known: billed like rented GPUs, run by its provider."""
    if plan.model is None:
        return []
    ways, found = serving_ways(plan.a, catalog, plan.model), []
    for point in _managed(plan, catalog):
        if not point.unit.endswith("/GPU/h") or point.sku.gpu is None:
            continue
        price = _price(plan, catalog, point)
        for k in np.flatnonzero(ways.carries):
            if ways.gpu[k] == point.sku.gpu and price is not None:
                on_card = on_other_card(plan.a, float(ways.gpus[k]), price, float(ways.estimate.output_tokens_per_s[k]))
                cost = float(gpu_cost(on_card, np.full(1, plan.volume or 0.0))[0])
                found.append((cost, _whole_gpus("endpoint", plan, on_card, domain, ways.gpu[k], point.sku.provider)))
    return [min(found, key=lambda pair: pair[0])[1]] if found else []


def _by_the_token(plan: ServingPlan, catalog: Catalog, domain: tuple[float, float]) -> list[Line]:
    """The tuned model at a provider that bills its tokens only, where one has this very model."""
    offer = _token_offer(plan, catalog)
    if offer is None:
        return []
    (provider, each), volumes = offer, np.array(domain)
    used = replica_formulas.monthly_managed_cost(0.0, 0.0, monthly_requests(plan.a, volumes), each)
    return [Line("per_token", volumes, np.asarray(used) + _fallback(plan, volumes), provider=provider)]


def _token_offer(plan: ServingPlan, catalog: Catalog) -> tuple[str, float] | None:
    """The first provider that sells this model by the token, and what a request costs there. [money/request]"""
    reading, writing = lengths(plan.a)
    prices: dict[str, dict[str, float]] = {}
    for point in _managed(plan, catalog):
        kind, price = point.sku.id.rpartition("/")[2], _price(plan, catalog, point)
        if point.sku.model == plan.model and kind.startswith("inference_") and price is not None:
            prices.setdefault(point.sku.provider, {})[kind] = price
    for provider, by_kind in prices.items():
        if {"inference_input", "inference_output"} <= by_kind.keys():
            tokens = reading * by_kind["inference_input"] + writing * by_kind["inference_output"]
            return provider, tokens / TOKENS_PER_MTOK
    return None


@dataclass(frozen=True)
class ByToken:
    """The model by the token at a provider against a replica of one's own, day and night.

    ``from_requests`` a day the replica costs less; nan where ``status`` says why there is no such volume.
    """

    provider: str
    cost_per_request: float
    replica_month: float
    carried_per_day: float
    from_requests: float
    status: str


def by_token(plan: ServingPlan, catalog: Catalog) -> ByToken | None:
    """From which volume a full replica beats paying by the token; ``None`` where nobody sells this model so."""
    offer = _token_offer(plan, catalog)
    if offer is None:
        return None
    provider, each = offer
    month, carried = replica_month(plan.a), carried_per_day(plan.a)
    inputs = month, each, carried, plan.days
    volume = float(replica_formulas.serverless_break_even(*inputs))
    return ByToken(provider, each, month, carried, volume, str(replica_formulas.serverless_break_even_status(*inputs)))


def _managed(plan: ServingPlan, catalog: Catalog) -> list[PricePoint]:
    skus = (sku.id for sku in catalog.prices.values() if sku.book == "managed_tuning")
    return [point for sku in skus if (point := catalog.price(sku, plan.a.on)) is not None]


def _price(plan: ServingPlan, catalog: Catalog, point: PricePoint) -> float | None:
    """A published price in the currency of the case."""
    return in_base(point.value, point.currency, plan.scenario, catalog, plan.a.on)
