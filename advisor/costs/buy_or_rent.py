"""Annual cost of a GPU: owned, rented by the hour or the month, or interruptible (spot).

Each is linear in the hours of use, so any two have one break-even.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from advisor.assumptions import resolve
from advisor.assumptions.currency import DOLLAR, in_base
from advisor.assumptions.prices import rated_power
from advisor.catalog.catalog import Catalog
from advisor.catalog.fields import PriceBook
from advisor.catalog.offers import middle
from advisor.catalog.records import PricePoint
from advisor.core.records import Assumption, Assumptions, Citation
from advisor.formulas import hardware
from advisor.formulas.constants import (
    DAYS_PER_RENTED_MONTH,
    HOURS_PER_DAY,
    HOURS_PER_YEAR,
    MINUTES_PER_HOUR,
    MONTHS_PER_YEAR,
)
from advisor.options import training_compute
from advisor.scenario import Scenario

BOOKS: tuple[PriceBook, ...] = ("gpu_purchase", "gpu_rental")
WAYS = ("own", "hourly", "paused", "monthly", "spot")
PRICES = {"own": "card_price", "hourly": "training_gpu_price", "monthly": "monthly_price", "spot": "spot_price"}
OWNING = (
    *("card_hours_per_year", "card_residual_share", "card_life_years", "discount_rate"),
    *("machine_power_kw", "power_overhead", "electricity_price"),
)
RENTING = ("monthly_discount", "spot_discount", "hours_between_interruptions", "checkpoint_hours", "restart_hours")
DISK = "paused_disk_price"


@dataclass(frozen=True)
class Price:
    """What one card costs in one way, in the currency of the case; ``derived`` from the price by the hour or listed."""

    gpu: str
    name: str
    row: Assumption
    derived: bool = False

    @property
    def value(self) -> float:
        return float(self.row.value or 0)


@dataclass(frozen=True)
class Tenure:
    """One way to have the machine: ``fixed`` a year whatever the use, ``per_hour`` for each hour of use."""

    id: str
    price: Price
    fixed: float
    per_hour: float

    def cost(self, hours: float) -> float:
        """A year with so many hours of use. [money]"""
        return self.fixed + self.per_hour * hours

    def hour_of_use(self, hours: float) -> float:
        """Annual cost per used hour [money/h]; nan without use."""
        return float(hardware.owning_cost_per_hour(self.fixed, hours, self.per_hour))


@dataclass(frozen=True)
class BreakEven:
    """Hours of use a year from which a fixed cost beats paying by the hour; nan where it never does."""

    hours: float
    status: str
    cheaper: str

    @property
    def a_month(self) -> float:
        """The same spread over the months. [hours/month]"""
        return self.hours / MONTHS_PER_YEAR


@dataclass(frozen=True)
class OwnHour:
    """What an hour of use of the own machine is made of. [money/h]"""

    depreciation: float
    capital: float
    electricity: float


@dataclass(frozen=True)
class Job:
    """The training of the case, each way; ``hours`` are wall-clock hours of all runs. [money]

    ``people_cost`` is ``None`` where nobody knows the wage in this currency.
    """

    hours: float
    costs: Mapping[str, float]
    people_hours: float
    people_cost: float | None

    @property
    def multiples(self) -> dict[str, float]:
        """Each cost over that by the hour; empty where that is nothing or not known."""
        hourly = self.costs.get("hourly", 0.0)
        return {way: cost / hourly for way, cost in self.costs.items()} if hourly > 0 else {}


@dataclass(frozen=True)
class Ownership:
    """Everything that the page shows."""

    gpu: str
    gpus: int
    hours: float
    ways: Mapping[str, Tenure]
    break_evens: Mapping[str, BreakEven]
    own_hour: OwnHour | None
    spot_time: float
    """Hours of an interrupted run over those of an undisturbed one."""
    pausing_saves: float | None
    job: Job | None
    inputs: tuple[Assumption, ...]
    currency: str

    @property
    def spot_bill(self) -> float | None:
        """Bill of an interruptible run over that of the same run by the hour; None without both. [fraction]"""
        if not {"spot", "hourly"} <= self.ways.keys() or self.ways["hourly"].per_hour == 0:
            return None
        return self.ways["spot"].per_hour / self.ways["hourly"].per_hour

    @property
    def cheapest(self) -> str | None:
        """The cheapest way that nobody interrupts, by the year's cost."""
        steady = [w for w in ("hourly", "own", "monthly") if w in self.ways]
        return min(steady, key=lambda w: self.ways[w].cost(self.hours), default=None)

    @property
    def mixes_cards(self) -> bool:
        """True where the ways stand for different cards, as some articles compare them."""
        return len({way.price.gpu for way in self.ways.values()}) > 1


def cards(scenario: Scenario, catalog: Catalog, on: date) -> tuple[str, ...]:
    """Cards with a price to buy or to rent by the hour, in the order of the catalog; the case's article counts too."""
    context = _PriceContext(scenario, catalog, scenario.as_of or on)
    ways = ("own", "hourly")
    return tuple(g for g in catalog.gpus if any(_market(context, w, g) or _articles(context, w, g) for w in ways))


def card_of_case(scenario: Scenario, a: Assumptions, catalog: Catalog, on: date) -> str:
    """The card that trains; where nobody names one, the article's, else the first that is both sold and rented.

    One that teams buy goes before the others. On a day without such a card it is the first with any price, and on a
    day without prices the first of the catalog.
    """
    if a.knows("training_gpu"):
        return a.choice("training_gpu")
    told = _articles(_PriceContext(scenario, catalog, scenario.as_of or on), "hourly")
    if told:
        return str(told[0].sku.gpu)
    day = scenario.as_of or on
    both = [g for g in catalog.gpus if catalog.prices_for(g, "gpu_purchase", day) and catalog.hourly_rentals(g, day)]
    fit = (g for g in both if catalog.bought_by_teams(g, day))
    return next(chain(fit, both, cards(scenario, catalog, on), catalog.gpus))


def compare_ways(scenario: Scenario, a: Assumptions, catalog: Catalog, on: date, gpu: str | None = None) -> Ownership:
    """The ways to have ``gpu``, by default the card of the case, in as many pieces as the case trains on."""
    gpu = gpu or card_of_case(scenario, a, catalog, on)
    context = _PriceContext(scenario, catalog, scenario.as_of or on)
    rows = _rows(scenario, catalog, on)
    gpus = int(float(a.number("training_gpus"))) if a.knows("training_gpus") else 1
    prices = _prices(context, rows, gpu, gpu == card_of_case(scenario, a, catalog, on))
    inputs = {name: rows[name] for name in OWNING} | {name: context.parameter(name) for name in (*RENTING, DISK)}
    if scenario.machine_power_kw is None:
        inputs["machine_power_kw"] = rated_power(inputs["machine_power_kw"], catalog, gpu, gpus)
    numbers = {name: float(row.value) for name, row in inputs.items() if row.value is not None}
    spot_time = _spot_time(numbers)
    ways = _ways(prices, numbers, gpus, spot_time)
    hours = numbers["card_hours_per_year"]
    paused = max(HOURS_PER_YEAR - hours, 0.0)
    return Ownership(
        gpu=gpu,
        gpus=gpus,
        hours=hours,
        ways=ways,
        break_evens={w: _break_even(ways[w], ways["hourly"], hours) for w in ("own", "monthly") if w in ways}
        if "hourly" in ways
        else {},
        own_hour=_own_hour(ways["own"], numbers, gpus) if "own" in ways else None,
        spot_time=spot_time,
        pausing_saves=float(hardware.pausing_saves(paused, ways["hourly"].per_hour, numbers[DISK]))
        if "paused" in ways
        else None,
        job=_job(a, ways, gpus, hours),
        inputs=tuple(row for row in inputs.values() if row.value is not None),
        currency=a.currency,
    )


def _rows(scenario: Scenario, catalog: Catalog, on: date) -> dict[str, Assumption]:
    """Rows of owning and of renting, whichever of them the case asks for; what they do not need is cut short."""
    short = scenario.with_(
        training_hours=1.0, training_gpus=1, serving_route="own_figure", tuned_cost_per_request=0, training_gpu=None
    )
    own = resolve(short.with_(training_source="own_card", card_price=scenario.card_price or 0), catalog, on)
    rented = resolve(
        short.with_(training_source="rented", training_gpu_price=scenario.training_gpu_price or 0), catalog, on
    )
    return {**own.rows, **rented.rows}


@dataclass(frozen=True)
class _PriceContext:
    """Prices and sourced figures on a day, in the currency of the case."""

    scenario: Scenario
    catalog: Catalog
    on: date

    @property
    def article(self) -> str | None:
        preset = self.catalog.presets.get(self.scenario.preset or "")
        return preset.article if preset else None

    def converted(self, value: float, currency: str) -> float | None:
        return in_base(value, currency, self.scenario, self.catalog, self.on)

    def parameter(self, name: str) -> Assumption:
        said = self.catalog.parameter(name)
        value = float(said.value or 0)
        source = Citation(said.source.title, said.source.url, said.source.retrieved)
        shown = self.converted(value, DOLLAR) if "money" in said.unit else value
        return Assumption(name, shown, said.unit, said.kind, source, said.source.retrieved, note=said.note)

    def row(self, way: str, point: PricePoint) -> Assumption:
        said = point.source
        title = said.title if said.article else f"{point.sku.provider}: {said.title}"
        source = Citation(title, said.url, said.retrieved)
        value = self.converted(point.value, point.currency)
        unit = "money" + point.unit.removeprefix(point.currency)
        return Assumption(PRICES[way], value, unit, point.kind, source, point.effective_from)


def _is_offer(way: str, point: PricePoint) -> bool:
    """Whether a price of the book is one of this way."""
    per, category = point.unit.removeprefix(point.currency), point.sku.pricing_category
    return {
        "own": per == "/GPU",
        "hourly": per == "/GPU/h" and category == "standard",
        "spot": per == "/GPU/h" and category == "dynamic",
        "monthly": per == "/GPU/month",
    }[way]


def _articles(context: _PriceContext, way: str, gpu: str | None = None) -> list[PricePoint]:
    """Prices that the article of the case quotes for a way, of one card or of any."""
    if context.article is None:
        return []
    named: Iterable[str] = context.catalog.gpus if gpu is None else (gpu,)
    points = [p for g in named for book in BOOKS for p in context.catalog.prices_for(g, book, context.on, "article")]
    return [p for p in points if p.source.article == context.article and _is_offer(way, p)]


def _market(context: _PriceContext, way: str, gpu: str) -> list[PricePoint]:
    """Offers of a way; by the hour and to buy, those that a case takes its own price from."""
    if way == "hourly":
        return list(context.catalog.basis(gpu, "gpu_rental", context.on).offers)
    if way == "own":
        return list(context.catalog.basis(gpu, "gpu_purchase", context.on).offers)
    return [p for book in BOOKS for p in context.catalog.prices_for(gpu, book, context.on) if _is_offer(way, p)]


def _prices(context: _PriceContext, rows: Mapping[str, Assumption], gpu: str, is_case: bool) -> dict[str, Price]:
    """A price for each way: the case's own, the article's, the middle of the market, the article's other card."""
    found = {}
    for way, name in PRICES.items():
        if is_case and name in rows and getattr(context.scenario, name) is not None:
            found[way] = Price(gpu, context.catalog.gpu(gpu).name, rows[name])
            continue
        offers = _articles(context, way, gpu) or _market(context, way, gpu) or _articles(context, way)
        point = middle(offers)
        if point is not None:
            card = context.catalog.gpu(str(point.sku.gpu))
            price = Price(card.id, card.name, context.row(way, point))
            found |= {way: price} if price.row.value is not None else {}
    if "hourly" in found:
        hour = found["hourly"]
        derived = {"monthly": ("monthly_discount", HOURS_PER_YEAR / MONTHS_PER_YEAR), "spot": ("spot_discount", 1.0)}
        for way, (name, hours) in derived.items():
            if way not in found:
                found[way] = _derived(way, hour, context.parameter(name), hours)
    return found


def _derived(way: str, hour: Price, discount: Assumption, hours: float) -> Price:
    """A price that no list gives: so many hours at a discount."""
    value = hour.value * hours * (1 - float(discount.value or 0))
    unit = "money/GPU/month" if way == "monthly" else "money/GPU/h"
    return Price(
        hour.gpu, hour.name, replace(discount, id=PRICES[way], value=value, unit=unit, kind="estimate"), derived=True
    )


def _ways(prices: Mapping[str, Price], n: Mapping[str, float], gpus: int, spot_time: float) -> dict[str, Tenure]:
    found = {}
    if "own" in prices and "electricity_price" in n:
        paid = prices["own"].value * gpus
        fixed = hardware.annual_owning_cost(paid, n["card_residual_share"], n["card_life_years"], n["discount_rate"])
        hour = hardware.energy_cost(n["machine_power_kw"], 1.0, n["electricity_price"], n["power_overhead"])
        found["own"] = Tenure("own", prices["own"], float(fixed), float(hour))
    if "hourly" in prices:
        hour = prices["hourly"].value * gpus
        found["hourly"] = Tenure("hourly", prices["hourly"], 0.0, hour)
        if DISK in n:
            found["paused"] = Tenure("paused", prices["hourly"], HOURS_PER_YEAR * n[DISK], hour - n[DISK])
    if "monthly" in prices:
        found["monthly"] = Tenure("monthly", prices["monthly"], MONTHS_PER_YEAR * prices["monthly"].value * gpus, 0.0)
    if "spot" in prices:
        found["spot"] = Tenure("spot", prices["spot"], 0.0, prices["spot"].value * gpus * spot_time)
    return found


def _spot_time(n: Mapping[str, float]) -> float:
    """Hours of an interrupted run over those of an undisturbed one. [multiple]"""
    checkpoint, restart = (n[name] * MINUTES_PER_HOUR for name in ("checkpoint_hours", "restart_hours"))
    return float(hardware.interrupted_time(1 / n["hours_between_interruptions"], checkpoint, restart))


def _break_even(fixed: Tenure, hourly: Tenure, hours: float) -> BreakEven:
    even = float(hardware.break_even_rental_hours(fixed.fixed, hourly.per_hour, fixed.per_hour))
    status = str(hardware.break_even_status(even, HOURS_PER_YEAR))
    return BreakEven(even, status, str(hardware.cheaper_way(hours, even)))


def _own_hour(own: Tenure, n: Mapping[str, float], gpus: int) -> OwnHour:
    loss = hardware.annual_depreciation(own.price.value * gpus, n["card_residual_share"], n["card_life_years"])
    depreciation = float(hardware.depreciation_per_hour(loss, n["card_hours_per_year"]))
    whole = float(hardware.depreciation_per_hour(own.fixed, n["card_hours_per_year"]))
    return OwnHour(depreciation, whole - depreciation, own.per_hour)


def _job(a: Assumptions, ways: Mapping[str, Tenure], gpus: int, hours_per_year: float) -> Job | None:
    """The runs of the case; a month begun is a month paid. None where the hours of a run are unknown."""
    if not (a.knows("training_hours") or a.knows("training_tokens_per_second")):
        return None
    hours = float(training_compute.run_hours(a)) * float(a.number("training_runs"))
    costs = {w: ways[w].hour_of_use(hours_per_year) * hours for w in ("own", "hourly", "spot") if w in ways}
    if "monthly" in ways:
        price = ways["monthly"].price.value
        costs["monthly"] = float(
            hardware.monthly_rental_cost(price, gpus, hours / HOURS_PER_DAY, DAYS_PER_RENTED_MONTH)
        )
    people = float(a.number("engineer_hours"))
    worth = float(hardware.time_value(a.number("hourly_rate"), people)) if a.knows("hourly_rate") else None
    return Job(hours, costs, people, worth)
