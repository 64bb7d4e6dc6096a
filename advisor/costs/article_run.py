"""One fine-tune on an own card as an article timed it, recomputed: clock, people, power, and the same run rented."""

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.assumptions.currency import in_base
from advisor.catalog.articles import OwnCardRun
from advisor.catalog.catalog import Catalog
from advisor.catalog.records import Source
from advisor.core.records import Assumptions
from advisor.costs.buy_or_rent import Ownership, compare_ways
from advisor.formulas import hardware
from advisor.formulas.constants import SECONDS_PER_HOUR, WATTS_PER_KILOWATT
from advisor.formulas.division import ratio
from advisor.scenario import Scenario

OWN, USED, CLOUD = "own", "used", "cloud"


@dataclass(frozen=True)
class Wage:
    """A wage and what the session is worth at it: as the article counts its minutes, and by its own steps. [money]

    ``whole`` adds the machine at its hours of use; ``None`` where the machine has no price.
    """

    name: str
    salary: float
    per_hour: float
    printed: float
    at_printed_time: float
    time: float
    whole: float | None


@dataclass(frozen=True)
class Power:
    """One part of the machine: watts, its share of the whole, and its electricity in the run [money]."""

    name: str
    watts: float
    share: float
    electricity: float | None


@dataclass(frozen=True)
class RunCost:
    """One run without people [money]: ``wear`` is rent where the card is rented. ``hours_per_year`` carry the wear."""

    id: str
    hours_per_year: float | None
    seconds: float
    wear: float
    electricity: float
    fee: float

    @property
    def total(self) -> float:
        return self.wear + self.electricity + self.fee


@dataclass(frozen=True)
class ArticleRun:
    """The session with every table of it; money in ``currency``, that of the case."""

    said: OwnCardRun
    source: Source
    seconds: float
    run_seconds: float
    printed_total: float
    printed_cloud: float
    wages: tuple[Wage, ...]
    power: tuple[Power, ...]
    costs: tuple[RunCost, ...]
    currency: str

    @property
    def watts(self) -> float:
        """Power of the whole machine. [W]"""
        return sum(part.watts for part in self.power)

    @property
    def multiples(self) -> Mapping[str, float]:
        """The rented run over each run on the own card; empty where either has no price."""
        by_id = {cost.id: cost.total for cost in self.costs}
        cloud = by_id.pop(CLOUD, None)
        return {} if cloud is None else {name: float(ratio(cloud, total)) for name, total in by_id.items()}


def article_run(scenario: Scenario, a: Assumptions, catalog: Catalog) -> ArticleRun | None:
    """The run of the case's article; ``None`` where it has none or no exchange rate is known."""
    record = catalog.articles.get(scenario.preset or "")
    if record is None or record.run is None:
        return None
    said = record.run
    rate = in_base(1.0, said.currency, scenario, catalog, a.on)
    if rate is None:
        return None
    ways = compare_ways(scenario, a, catalog, a.on)
    seconds = sum(step.seconds for step in said.steps)
    run_seconds = next(step.seconds for step in said.steps if step.trains)
    costs = _own(said, ways, run_seconds) + _cloud(said, rate, scenario, a, catalog)
    machine = next((cost.total for cost in costs if cost.id in (USED, OWN)), None)
    return ArticleRun(
        said=said,
        source=record.source,
        seconds=seconds,
        run_seconds=run_seconds,
        printed_total=said.printed_total * rate,
        printed_cloud=said.cloud.printed_total * rate,
        wages=_wages(said, rate, seconds, machine),
        power=_power(said, ways, run_seconds),
        costs=costs,
        currency=a.currency,
    )


def _own(said: OwnCardRun, ways: Ownership, seconds: float) -> tuple[RunCost, ...]:
    """The run on the own card: worn over the hours for which the article says it works, and over those of the case."""
    if "own" not in ways.ways:
        return ()
    own, hours = ways.ways["own"], seconds / SECONDS_PER_HOUR
    power = own.per_hour * hours
    carried = {USED: said.used_hours, OWN: ways.hours}
    return tuple(
        RunCost(name, used, seconds, own.hour_of_use(used) * hours - power, power, 0.0)
        for name, used in carried.items()
        if name == USED or used != said.used_hours
    )


def _cloud(said: OwnCardRun, rate: float, scenario: Scenario, a: Assumptions, catalog: Catalog) -> tuple[RunCost, ...]:
    point = catalog.price(said.cloud.price, a.on)
    price = None if point is None else in_base(point.value, point.currency, scenario, catalog, a.on)
    if price is None:
        return ()
    rent = float(hardware.rental_cost(price, 1, said.cloud.seconds / SECONDS_PER_HOUR))
    return (RunCost(CLOUD, None, said.cloud.seconds, rent, 0.0, said.cloud.fee * rate),)


def _wages(said: OwnCardRun, rate: float, seconds: float, machine: float | None) -> tuple[Wage, ...]:
    found = []
    for tier in said.wages:
        wage = hardware.hourly_wage(tier.salary * rate, said.working_hours)
        printed, time = (
            float(hardware.time_value(wage, each / SECONDS_PER_HOUR)) for each in (said.printed_seconds, seconds)
        )
        whole = None if machine is None else time + machine
        found.append(Wage(tier.name, tier.salary * rate, float(wage), tier.printed_value * rate, printed, time, whole))
    return tuple(found)


def _power(said: OwnCardRun, ways: Ownership, seconds: float) -> tuple[Power, ...]:
    numbers = {row.id: float(row.value) for row in ways.inputs if isinstance(row.value, int | float)}
    tariff, overhead = (numbers.get(name) for name in ("electricity_price", "power_overhead"))
    whole = sum(part.watts for part in said.power)
    hours = seconds / SECONDS_PER_HOUR
    found = []
    for part in said.power:
        cost = None
        if tariff is not None and overhead is not None:
            cost = float(hardware.energy_cost(part.watts / WATTS_PER_KILOWATT, hours, tariff, overhead))
        found.append(Power(part.name, part.watts, part.watts / whole, cost))
    return tuple(found)
