"""Amounts of one's own that can hardly be in the unit that is asked for: told with what was understood, and counted."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from operator import attrgetter

from advisor.assumptions.currency import per_dollar
from advisor.assumptions.rates import Rate, cached_price, write_price
from advisor.assumptions.relevance import relevant_questions
from advisor.catalog.catalog import Catalog
from advisor.catalog.fields import PriceBook
from advisor.catalog.hosted_prices import hosted_models, hosted_price, is_hosted
from advisor.catalog.own_hosted import remembered
from advisor.catalog.own_prices import OWN
from advisor.core.notices import Notice
from advisor.formulas.constants import TOKENS_PER_MTOK, WATTS_PER_KILOWATT
from advisor.scenario import Scenario

UNLIKELY = frozenset({"unlikely_amount", "unlikely_beside_list"})
Range = tuple[float, float]
"""The least and the most that is known of such an amount, in USD or in the unit of the question."""
OF_THE_LIST: Mapping[str, tuple[str, Rate]] = {
    "current_input_price": ("current_model", attrgetter("input_price")),
    "current_cached_input_price": ("current_model", cached_price),
    "current_cache_write_price": ("current_model", write_price),
    "current_output_price": ("current_model", attrgetter("output_price")),
    "tuned_input_price": ("tuned_model", attrgetter("input_price")),
    "tuned_output_price": ("tuned_model", attrgetter("output_price")),
}
"""Prices of tokens: the model whose list tells them, and which of its prices."""
OF_A_CARD: Mapping[str, tuple[str, PriceBook, str]] = {
    "serving_gpu_price": ("serving_gpu", "gpu_rental", "/GPU/h"),
    "training_gpu_price": ("training_gpu", "gpu_rental", "/GPU/h"),
    "serving_card_price": ("serving_gpu", "gpu_purchase", "/GPU"),
    "card_price": ("training_gpu", "gpu_purchase", "/GPU"),
}
OF_A_BOOK: Mapping[str, tuple[PriceBook, str]] = {
    "electricity_price": ("electricity", "/kWh"),
    "managed_training_price": ("managed_tuning", "/Mtok"),
}
OF_A_REQUEST: Mapping[str, str] = {
    "current_cost_per_request": "output_tokens",
    "tuned_cost_per_request": "tuned_output_tokens",
}
"""Costs of a request, and the length of its answer where that has a question of its own."""
OF_A_DEFAULT = ("hourly_rate", "example_price")
"""Amounts whose default has a range."""
POWERS, MOST_IN_A_MACHINE = ("serving_power_kw", "machine_power_kw"), 8
ASKED = (*OF_THE_LIST, *OF_A_CARD, *OF_A_BOOK, *OF_A_REQUEST, *OF_A_DEFAULT, *POWERS)


def unlikely(scenario: Scenario, catalog: Catalog, on: date) -> tuple[Notice, ...]:
    """Answers far below or above all that is known of such an amount; 0 is meant as it stands."""
    told = [(name, value) for name in ASKED if (value := getattr(scenario, name))]
    found = [notice for name, value in told if (notice := doubted(name, value, scenario, catalog, on)) is not None]
    if not found:  # the usual case, and the other question takes longer
        return ()
    wanted = relevant_questions(scenario, catalog)
    return tuple(notice for notice in found if notice.params["field"] in wanted)


def doubted(name: str, value: float, scenario: Scenario, catalog: Catalog, on: date) -> Notice | None:
    """What is told of one amount in the currency of the case; ``None`` where it is likely enough."""
    known = _known(name, scenario, catalog, on)
    rate = 1.0 if name in POWERS else per_dollar(scenario, scenario.base_currency, catalog, on)
    if known is None or rate is None:
        return None
    far, (low, high) = catalog.number("unlikely_amount_factor"), (end * rate for end in known)
    if low / far <= value <= high * far:
        return None
    if low == high and name in OF_THE_LIST:
        said = {"field": name, "at": value, "low": low, "model": getattr(scenario, OF_THE_LIST[name][0])}
        return Notice("unlikely_beside_list", "warning", said)
    return Notice("unlikely_amount", "warning", {"field": name, "at": value, "low": low, "high": high})


def _known(name: str, scenario: Scenario, catalog: Catalog, on: date) -> Range | None:
    """The least and the most that is known: of the card or model that is named where the book has it, else of all."""
    if name in OF_THE_LIST:
        return _listed(name, getattr(scenario, OF_THE_LIST[name][0]), on)
    if name in OF_A_CARD:
        gpu, book, unit = OF_A_CARD[name]
        named = getattr(scenario, gpu)
        return (_offered(catalog, book, unit, named, on) if named else None) or _offered(catalog, book, unit, None, on)
    if name in OF_A_BOOK:
        return _offered(catalog, *OF_A_BOOK[name], None, on)
    if name in OF_A_REQUEST:
        return _of_a_request(name, scenario, catalog, on)
    return _of_powers(scenario, catalog) if name in POWERS else _of_markets(name, catalog)


@remembered(64)
def _listed(name: str, model: str | None, on: date) -> Range | None:
    """Such a price on the list of a model, else on those of all models; a contract of the team's own is no list."""
    rate = OF_THE_LIST[name][1]
    named = [hosted_price(model, on)] if model is not None and is_hosted(model) else []
    found = _ends(rate(each) for each in named if each.kind != OWN)
    return found or _ends(
        rate(each) for each in map(lambda m: hosted_price(m, on), hosted_models(on)) if each.kind != OWN
    )


@lru_cache(64)
def _offered(catalog: Catalog, book: PriceBook, unit: str, gpu: str | None, on: date) -> Range | None:
    """Offers of a book in this unit, for a card or for all, without what the team agreed on itself. [USD]"""
    skus = (sku for sku in catalog.prices.values() if sku.book == book and gpu in (None, sku.gpu))
    points = [point for sku in skus if (point := catalog.price(sku.id, on)) is not None and point.kind != OWN]
    return _ends(catalog.in_usd(point) for point in points if point.unit.endswith(unit))


def _of_a_request(name: str, scenario: Scenario, catalog: Catalog, on: date) -> Range | None:
    """What a request of these lengths costs at the prices of every listed model. [USD]"""
    read = scenario.input_tokens or catalog.number("input_tokens")
    write = getattr(scenario, OF_A_REQUEST[name]) or scenario.output_tokens or catalog.number("output_tokens")
    new, answers = _listed("current_input_price", None, on), _listed("current_output_price", None, on)
    if new is None or answers is None:
        return None
    low, high = (read * per_new + write * per_answer for per_new, per_answer in zip(new, answers, strict=True))
    return low / TOKENS_PER_MTOK, high / TOKENS_PER_MTOK


def _of_powers(scenario: Scenario, catalog: Catalog) -> Range | None:
    """From the card that draws least to the one that draws most, as many as train. [kW]"""
    found = _ends(gpu.tdp_w / WATTS_PER_KILOWATT for gpu in catalog.gpus.values())
    return None if found is None else (found[0], found[1] * (scenario.training_gpus or MOST_IN_A_MACHINE))


@lru_cache(16)
def _of_markets(name: str, catalog: Catalog) -> Range | None:
    """The ends of a default's range, in whichever market. [USD]"""
    parameter = catalog.parameter(name)
    ranges = [(1.0, parameter.interval)]
    for currency, market in parameter.markets.items():
        ranges.append((float(catalog.exchange_rates[currency].values[-1].value), market.interval))
    return _ends(end / rate for rate, each in ranges if each is not None for end in (each.low, each.high))


def _ends(amounts: Iterable[float | None]) -> Range | None:
    """The least and the most of the amounts that are known and no gift."""
    found = sorted(amount for amount in amounts if amount)
    return (found[0], found[-1]) if found else None
