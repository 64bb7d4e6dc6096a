"""Serving cost on each GPU at today's volume, by the same code as the cash flows."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions.currency import in_base
from advisor.catalog.catalog import Catalog
from advisor.core.records import TODAY, Assumptions, Number
from advisor.engineering.serving_ways import MOST_SEQUENCES
from advisor.engineering.sizing import ServingSetups, serving_setups
from advisor.formulas import replicas as replica_formulas
from advisor.money.cash_flows import call_cost, flat_cost, monthly_requests
from advisor.options import tuned_serving
from advisor.options.declared import rent
from advisor.scenario import Scenario

Array = NDArray[np.float64]
SPEED = "replica_tokens_per_second"


@dataclass(frozen=True)
class CardOffer:
    """The cheapest way to serve the model on one card at today's volume.

    ``obstacle`` is memory or speed where the card cannot serve it, and the figures are then nan; ``limit`` says what
    ends the sequences at once: memory, speed (the slowest answer asked for) or engine (its own limit). ``elasticity``
    is that of the rate to the time per token that the answer speed allows; 0 where that decides nothing.
    """

    gpu: str
    gpus: int
    price: float
    obstacle: str
    limit: str
    sequences: float
    output_tokens_per_s: float
    requests_per_s: float
    ttft_s: float
    tpot_s: float
    elasticity: float
    replicas: float
    monthly_cost: float
    cost_per_request: float
    is_desktop: bool
    is_thin: bool  # offered by too few sellers to be chosen beside others
    is_chosen: bool


@dataclass(frozen=True)
class ServingPlan:
    """Serving alone. ``api`` is what a request costs without tuning, by use; None is not known, in ``model`` as well.

    ``flat`` is the part of today's bill that does not follow the requests [money/month]. ``today`` is what a request
    costs with today's setup, its part of a flat bill included; None where unknown.
    """

    scenario: Scenario
    a: Assumptions
    model: str | None
    volume: float | None
    api: float | None
    cards: tuple[CardOffer, ...]
    unpriced: int
    flat: float = 0.0
    today: float | None = None

    @property
    def chosen(self) -> CardOffer | None:
        return next((card for card in self.cards if card.is_chosen), None)

    @property
    def next_card(self) -> CardOffer | None:
        """The cheapest other server card."""
        others = (c for c in self.cards if not (c.is_chosen or c.is_desktop or c.obstacle))
        return next(others, None)

    @property
    def can_count(self) -> bool:
        """True where card, speed and price are known."""
        return all(self.a.knows(name) for name in (*tuned_serving.SPEED, "serving_gpu", "serving_gpu_price"))

    @property
    def has_api(self) -> bool:
        """True where it is known what the API costs, and it costs anything."""
        return self.api is not None and self.api + self.flat > 0

    @property
    def api_each(self) -> float | None:
        """A request at today's volume with its part of the flat bill; None where the price or the volume is unknown."""
        if self.api is None or (self.flat and not self.requests):
            return None
        return self.api + (self.flat / self.requests if self.flat else 0.0)

    @property
    def fallback(self) -> float:
        """What the requests that fall back cost by use, over all requests; 0 while the API's price is unknown."""
        return float(self.a.number("fallback_share")) * (self.api or 0.0)

    @property
    def flat_kept(self) -> float:
        """What stays of the flat bill: the share of the requests that fall back. [money/month]"""
        return float(self.a.number("fallback_share")) * (self.flat if self.has_api else 0.0)

    @property
    def fallback_each(self) -> float:
        """The requests that fall back at today's volume with what stays of the flat bill, over all requests."""
        return self.fallback + (self.flat_kept / self.requests if self.flat_kept else 0.0)

    @property
    def days(self) -> float:
        return float(self.a.number("days_per_month"))

    @property
    def requests(self) -> float:
        """Requests of a month at today's volume; 0 where that is unknown."""
        return float(monthly_requests(self.a, self.volume or 0.0))


def serving_plan(scenario: Scenario, a: Assumptions, catalog: Catalog) -> ServingPlan:
    """The cards and the price of a hosted request; ``a`` is of a case served on rented GPUs."""
    call = call_cost(a)
    api = None if call is None else float(call)
    volume = float(a.number("daily_requests")) if a.knows("daily_requests") else None
    plan = ServingPlan(scenario, a, _model(a, catalog), volume, api, (), 0, float(flat_cost(a)))
    plan = replace(plan, today=replace(plan, api=_today(a), flat=float(flat_cost(replace(a, baseline=TODAY)))).api_each)
    cards, unpriced = ((), 0) if plan.model is None else _offers(scenario, a, catalog, plan.model, volume or 0.0)
    if plan.can_count and not any(card.is_chosen for card in cards):
        gpu = a.choice("serving_gpu")
        cards = (_counted(a, catalog, gpu, volume or 0.0), *(card for card in cards if card.gpu != gpu))
    ranked = sorted(cards, key=lambda card: (np.isnan(card.monthly_cost), card.monthly_cost, card.gpu))
    return replace(plan, cards=tuple(ranked), unpriced=unpriced)


def _today(a: Assumptions) -> float | None:
    """What a request costs by use with today's setup. [money/request]"""
    call = call_cost(replace(a, baseline=TODAY))
    return None if call is None else float(call)


def _model(a: Assumptions, catalog: Catalog) -> str | None:
    """The open-weight model; the usual one of the size where a measured speed makes the question idle."""
    if a.knows("open_model"):
        return a.choice("open_model")
    return catalog.usual_model(a.choice("model_size")).id if a.knows("model_size") else None


def lengths(a: Assumptions) -> tuple[float, float]:
    """Prompt and answer of the tuned model. [tokens/request]"""
    reading = sum(map(float, tuned_serving.tuned_input_tokens(a)))
    return float(reading), max(float(tuned_serving.tuned_output_tokens(a)), 1.0)


def serving_ways(a: Assumptions, catalog: Catalog, model: str) -> ServingSetups:
    precision, speed = a.choice("serving_precision"), float(a.number("answer_speed"))
    return serving_setups(catalog, model, *lengths(a), precision, speed)


def _offers(
    scenario: Scenario, a: Assumptions, catalog: Catalog, model: str, volume: float
) -> tuple[tuple[CardOffer, ...], int]:
    """Every card with a rental price, used as cheaply as it can be; and how many cards have no price."""
    ways = serving_ways(a, catalog, model)
    rented = {gpu: _rental(scenario, a, catalog, gpu) for gpu in dict.fromkeys(ways.gpu)}
    prices = np.array([np.nan if rented[gpu] is None else rented[gpu] for gpu in ways.gpu])
    trial = on_other_card(a, ways.gpus, prices, ways.estimate.output_tokens_per_s)
    monthly = np.where(ways.carries, gpu_cost(trial, np.full(1, volume))[..., 0], np.nan)
    found = []
    for gpu, price in rented.items():
        if price is not None:
            places = [k for k, name in enumerate(ways.gpu) if name == gpu]
            found.append(_offer(a, catalog, ways, _best(a, ways, monthly, places), price, volume))
    return tuple(found), len(rented) - len(found)


def _rental(scenario: Scenario, a: Assumptions, catalog: Catalog, gpu: str) -> float | None:
    """Price of a card as this case pays it, or its middle offer. [money/GPU/h]"""
    if a["serving_gpu"].value == gpu:
        return float(a.number("serving_gpu_price")) if a.knows("serving_gpu_price") else None
    point, _ = catalog.median_rental(gpu, a.on)
    return None if point is None else in_base(point.value, point.currency, scenario, catalog, a.on)


def on_other_card(a: Assumptions, gpus: Number, price: Number, tokens_per_s: Number) -> Assumptions:
    """The same case on other cards, at their estimated speed."""
    reading, writing = lengths(a)
    measured = {SPEED: tokens_per_s, "reference_input_tokens": reading, "reference_output_tokens": writing}
    return a.replaced({"gpus_per_replica": gpus, "serving_gpu_price": price, **measured})


def _best(a: Assumptions, ways: ServingSetups, monthly: Array, places: list[int]) -> int:
    """Of the ways to use one card, that of the case; else the cheapest; else the one with most cards."""
    case = (a["serving_gpu"].value, a["gpus_per_replica"].value)
    of_case = [k for k in places if (ways.gpu[k], ways.gpus[k]) == case]
    if of_case:
        return of_case[0]
    known = [k for k in places if np.isfinite(monthly[k])]
    return min(known, key=lambda k: float(monthly[k])) if known else places[-1]


def _offer(a: Assumptions, catalog: Catalog, ways: ServingSetups, way: int, price: float, volume: float) -> CardOffer:
    gpu, gpus, e = ways.gpu[way], float(ways.gpus[way]), ways.estimate
    is_chosen = bool(a.knows(SPEED) and a["serving_gpu"].value == gpu and a["gpus_per_replica"].value == gpus)
    room = max(float(e.batch_by_memory[k]) for k, name in enumerate(ways.gpu) if name == gpu)
    carries = is_chosen or bool(ways.carries[way])
    on_card = a if is_chosen else on_other_card(a, gpus, price, float(e.output_tokens_per_s[way]))
    return replace(
        _counted(on_card, catalog, gpu, volume if carries else np.nan),
        obstacle="" if carries else ("speed" if room >= 1 else "memory"),
        limit=_limit(float(e.batch[way]), float(e.batch_by_memory[way])),
        sequences=float(e.batch[way]),
        ttft_s=float(e.ttft_s[way]),
        tpot_s=float(e.tpot_s[way]),
        elasticity=float(e.elasticity[way]),
        is_chosen=is_chosen,
    )


def _counted(a: Assumptions, catalog: Catalog, gpu: str, volume: float) -> CardOffer:
    """What the engine counts for one card, without what only the estimator knows."""
    requests = np.full(1, monthly_requests(a, volume))
    monthly = float(gpu_cost(a, np.full(1, volume))[0])
    return CardOffer(
        gpu=gpu,
        gpus=int(float(a.number("gpus_per_replica"))),
        price=float(a.number("serving_gpu_price")),
        obstacle="",
        limit="",
        sequences=np.nan,
        output_tokens_per_s=float(a.number(SPEED)),
        requests_per_s=float(tuned_serving.capacity(a)),
        ttft_s=np.nan,
        tpot_s=np.nan,
        elasticity=0.0,
        replicas=float(np.asarray(tuned_serving.replicas(a, requests))[0]),
        monthly_cost=monthly,
        cost_per_request=float(replica_formulas.cost_per_request(monthly, float(requests[0]))),
        is_desktop=catalog.gpu(gpu).desktop,
        is_thin=catalog.basis(gpu, "gpu_rental", a.on).sellers < catalog.rules.fewest_offers,
        is_chosen=True,
    )


def _limit(sequences: float, by_memory: float) -> str:
    if np.isnan(sequences):
        return ""
    if sequences >= MOST_SEQUENCES:
        return "engine"
    return "memory" if sequences >= by_memory else "speed"


def gpu_cost(a: Assumptions, volumes: Array) -> Array:
    """Rent of the whole GPUs that the engine counts for each volume a day. [money/month]"""
    requests = np.asarray(monthly_requests(a, volumes))
    (item,) = (item for item in tuned_serving.serving_items(a, requests) if item.id == "serving_gpus")
    return np.asarray(item.cost, dtype=float)


def carried_per_day(a: Assumptions) -> float:
    """Requests a day that one replica carries through its peak."""
    shares = a.number("target_utilisation"), a.number("peak_factor")
    return float(replica_formulas.requests_per_day_carried(tuned_serving.capacity(a), *shares))


def replica_month(a: Assumptions) -> float:
    """One replica, day and night, in the term the case rents for; nan while its price is unknown. [money/month]"""
    hours = replica_formulas.always_on_hours(1.0, a.number("hours_per_month"))
    price = rent(a, "serving_gpu_price")
    hourly = float("nan") if price is None else float(price)
    return float(replica_formulas.monthly_hosting_cost(hours, a.number("gpus_per_replica"), hourly))
