"""Hours and money of every method on every card that has a price, and article 001's hours beside ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np

from advisor.assumptions.currency import in_base
from advisor.catalog.catalog import Catalog
from advisor.catalog.fields import ModelSize
from advisor.costs.training.memory import offered_cards
from advisor.costs.training.run import TrainingPlan, Work, place_of
from advisor.engineering.descriptions import GENERATING, METHODS, Method
from advisor.engineering.from_catalog import card_of
from advisor.engineering.prediction import spread
from advisor.engineering.sizing import longest_run_hours, training_run, training_setups
from advisor.engineering.training import estimate_speed
from advisor.formulas.constants import SECONDS_PER_HOUR
from advisor.formulas.hardware import rental_cost


@dataclass(frozen=True)
class TrainingWay:
    """One method on one kind of card; ``cost`` of one run, case's currency.

    ``tokens_per_s`` is of all cards together, ``low_tokens_per_s`` and ``high_tokens_per_s`` the ends of its 80 %
    interval.
    """

    method: Method
    gpu: str
    gpus: int
    micro_batch: int
    tokens_per_s: float
    low_tokens_per_s: float
    high_tokens_per_s: float
    mfu: float
    hours: float
    cost: float
    bottleneck: str
    is_chosen: bool
    is_thin: bool  # offered by too few sellers to be chosen beside others


@dataclass(frozen=True)
class PublishedHours:
    """A row of article 001 beside ours; ``hours`` is ``None`` where the cards do not hold the model.

    ``need_gib`` is that of each card. ``tokens`` are the lengths of an example at which our hours would be theirs.
    """

    size: ModelSize
    model: str
    method: Method
    gpu: str
    gpus: int
    low: float
    high: float
    hours: float | None
    need_gib: float
    tokens: tuple[float, float] | None


def ways(plan: TrainingPlan, catalog: Catalog) -> tuple[TrainingWay, ...]:
    """The machine of the case, and of every other card with a price as many as finish cheapest within a day."""
    prices, longest = _rents(plan, catalog), longest_run_hours(catalog)
    timed = plan.work.tokens and plan.work.objective not in GENERATING
    return tuple(way for method in METHODS for way in _ways_of(plan, catalog, method, prices, longest) if timed)


def _ways_of(
    plan: TrainingPlan, catalog: Catalog, method: Method, prices: Mapping[str, float], longest: float
) -> list[TrainingWay]:
    """Cheapest first; where no number of cards is in time, the fastest."""
    work, here = plan.work, plan.work.method == method
    setups = training_setups(catalog, work.model, method, work.sequence, work.objective)
    hours = work.hours(setups.tokens_per_s)
    rent = np.array([prices.get(gpu, np.nan) for gpu in setups.gpu])
    cost = np.asarray(rental_cost(rent, setups.gpus, hours))
    own = place_of(setups, plan.gpu, plan.gpus) if here and plan.names_machine else None
    late = np.where(hours <= longest, 0.0, hours)
    places = []
    for gpu in prices:
        known = [k for k, name in enumerate(setups.gpu) if name == gpu and np.isfinite(cost[k])]
        if known:
            places.append(own if own in known else min(known, key=lambda k: (late[k], cost[k])))
    counts, sizes = setups.gpus.astype(int), setups.micro_batch.astype(int)
    runs = [
        training_run(catalog, work.model, method, work.sequence, int(sizes[k]), int(counts[k]), work.objective)
        for k in places
    ]
    cards = [card_of(catalog.gpu(setups.gpu[k])) for k in places]
    bottlenecks = estimate_speed(runs, cards, catalog.constants("training")).bottleneck if places else ()
    found = [
        TrainingWay(
            method=method,
            gpu=setups.gpu[k],
            gpus=int(counts[k]),
            micro_batch=int(sizes[k]),
            tokens_per_s=speed.middle,
            low_tokens_per_s=speed.low,
            high_tokens_per_s=speed.high,
            mfu=float(setups.mfu[k]),
            hours=float(hours[k]),
            cost=float(cost[k]),
            bottleneck=bottleneck,
            is_chosen=k == own,
            is_thin=catalog.basis(setups.gpu[k], "gpu_rental", plan.case.on).sellers < catalog.rules.fewest_offers,
        )
        for k, bottleneck in zip(places, bottlenecks, strict=True)
        for speed in [spread(float(setups.tokens_per_s[k]), float(setups.sigma[k]))]
    ]
    return sorted(found, key=lambda way: way.cost)


def _rents(plan: TrainingPlan, catalog: Catalog) -> dict[str, float]:
    """Middle rent of each card in the case's currency [money/GPU/h]; for its own card the case's price."""
    case = plan.case
    points = {gpu.id: catalog.median_rental(gpu.id, case.on)[0] for gpu in offered_cards(plan, catalog)}
    told = {
        gpu: in_base(point.value, point.currency, plan.scenario, catalog, case.on)
        for gpu, point in points.items()
        if point is not None
    }
    found = {gpu: np.nan if price is None else price for gpu, price in told.items()}
    if plan.gpu is not None and plan.names_machine and case.knows("training_gpu_price"):
        found[plan.gpu] = float(case.number("training_gpu_price"))
    return found


def published_hours(plan: TrainingPlan, catalog: Catalog) -> tuple[PublishedHours, ...]:
    """Article 001's hours beside ours, for the usual model of each size on the same cards and samples."""
    sizes = [size for size in get_args(ModelSize) if size in catalog.training_table]
    methods: tuple[Method, ...] = ("lora", "full")
    return tuple(_published(plan, catalog, size, method) for size in sizes for method in methods)


def _published(plan: TrainingPlan, catalog: Catalog, size: ModelSize, method: Method) -> PublishedHours:
    row, here = catalog.training_table[size], plan.work
    model = catalog.usual_model(size).id
    setups = training_setups(catalog, model, method, here.sequence)
    place = place_of(setups, row.gpu, row.gpus)
    speed = np.nan if place is None else float(setups.tokens_per_s[place])
    printed = row.lora_hours if method == "lora" else row.full_hours
    shares = (here.evaluation_share, here.startup_hours)
    work = Work(model, method, here.sequence, row.samples, row.epochs, here.example_tokens, *shares)
    per_hour = speed * SECONDS_PER_HOUR / (row.samples * row.epochs)
    known = bool(np.isfinite(speed))
    return PublishedHours(
        size=size,
        model=model,
        method=method,
        gpu=row.gpu,
        gpus=row.gpus,
        low=printed.low,
        high=printed.high,
        hours=float(work.hours(speed)) if known else None,
        need_gib=np.nan if place is None else float(setups.need_gib[place]),
        tokens=(printed.low * per_hour, printed.high * per_hour) if known else None,
    )
