"""Every fact of the product, as one record that computations ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from advisor.catalog.articles import ArticleRecord
from advisor.catalog.fields import PriceBook, ProviderClass
from advisor.catalog.levers import LeverDomain, LeverRecord, PlanRecord
from advisor.catalog.offers import Basis, age_years, basis_of
from advisor.catalog.own_model import is_own, own_model
from advisor.catalog.own_prices import in_force, own_offers
from advisor.catalog.parameters import Parameter, UseRecord
from advisor.catalog.presets import PresetRecord
from advisor.catalog.records import (
    Coefficient,
    DatedValue,
    ExchangeRate,
    Gpu,
    ModelRecord,
    PricePoint,
    PriceRecord,
    TrainingTableRow,
)
from advisor.catalog.rules import DecisionRules
from advisor.catalog.tuning_routes import Ending, LifetimeRecord, RetirementSource, RouteRecord
from advisor.core.notices import DataError, UnknownId

Named = TypeVar("Named")


@dataclass(frozen=True, eq=False)
class Catalog:
    """Every fact of the product. Keys are record ids unless a field says otherwise. Catalogs compare by identity."""

    gpus: Mapping[str, Gpu]
    models: Mapping[str, ModelRecord]
    prices: Mapping[str, PriceRecord]
    exchange_rates: Mapping[str, ExchangeRate]  # by currency
    training_table: Mapping[str, TrainingTableRow]  # by model size
    parameters: Mapping[str, Parameter]
    uses: Mapping[str, UseRecord]  # in their order
    coefficients: Mapping[str, Mapping[str, Coefficient]]  # by estimator, then by name
    presets: Mapping[str, PresetRecord]  # in their order
    lever_domains: Mapping[str, LeverDomain]  # in the order of the waterfall
    levers: Mapping[str, LeverRecord]
    plans: Mapping[str, PlanRecord]  # by preset
    articles: Mapping[str, ArticleRecord]  # by preset
    routes: Mapping[str, RouteRecord]
    lifetimes: Mapping[str, LifetimeRecord]  # by hosted model, of those whose end is announced
    retirement_sources: Mapping[str, RetirementSource]  # by provider, where its retirements were read
    rules: DecisionRules
    version: str  # 12 hexadecimal digits of the content of all files

    def gpu(self, gpu_id: str) -> Gpu:
        return _known("gpu", gpu_id, self.gpus)

    def model(self, model_id: str) -> ModelRecord:
        return own_model(model_id) if is_own(model_id) else _known("model", model_id, self.models)

    def parameter(self, parameter_id: str) -> Parameter:
        return _known("parameter", parameter_id, self.parameters)

    def number(self, parameter_id: str) -> float:
        """Value of a parameter that the product itself must know. Raises :class:`DataError` where it is no number."""
        value = self.parameter(parameter_id).value
        if not isinstance(value, float):
            fault = f"value is {value!r}, and nobody is asked for it"
            raise DataError("parameters", parameter_id, fault, "write a plain number")
        return value

    def preset(self, preset_id: str) -> PresetRecord:
        return _known("preset", preset_id, self.presets)

    def route(self, route_id: str) -> RouteRecord:
        return _known("route", route_id, self.routes)

    def retirement(self, model_id: str) -> Ending | None:
        """When a hosted model retires; without a date where none was announced, ``None`` where it was not looked up."""
        if model_id in self.lifetimes:
            return self.lifetimes[model_id].retires
        source = self.retirement_sources.get(model_id.partition("/")[0])
        return Ending(on=None, kind=source.kind, source=source.source, note=source.note) if source else None

    def constants(self, estimator: str) -> Mapping[str, float]:
        """Values of the constants of one estimator, by name."""
        named = _known("estimator", estimator, self.coefficients)
        return MappingProxyType({name: coefficient.value for name, coefficient in named.items()})

    def price(self, sku_id: str, on: date) -> PricePoint | None:
        """Price of a sku in force on a day, ``None`` before its first date."""
        sku = _known("price", sku_id, self.prices)
        dated = in_force(sku.list_unit_prices, on)
        return PricePoint(sku, dated) if dated else None

    def exchange_rate(self, currency: str, on: date) -> DatedValue | None:
        """Units of ``currency`` for one US dollar on a day, ``None`` before the first date."""
        return in_force(_known("currency", currency, self.exchange_rates).values, on)

    def prices_for(
        self, gpu_id: str, book: PriceBook, on: date, provider_class: ProviderClass | None = None
    ) -> tuple[PricePoint, ...]:
        """Prices in force for a GPU, cheapest first, of one class of providers or of all but the articles."""
        self.gpu(gpu_id)
        points = [
            point
            for sku in self.prices.values()
            if (sku.gpu, sku.book) == (gpu_id, book)
            and (sku.provider_class == provider_class or (provider_class is None and sku.provider_class != "article"))
            and (point := self.price(sku.id, on)) is not None
        ]
        return tuple(sorted(points, key=lambda point: (self.in_usd(point), point.sku.id)))

    def hourly_rentals(
        self, gpu_id: str, on: date, provider_class: ProviderClass | None = None
    ) -> tuple[PricePoint, ...]:
        """The standard offers by the hour, cheapest first."""
        return tuple(
            point
            for point in self.prices_for(gpu_id, "gpu_rental", on, provider_class)
            if point.sku.pricing_category == "standard" and point.unit.endswith("/GPU/h")
        )

    def basis(self, gpu_id: str, book: PriceBook, on: date, provider_class: ProviderClass | None = None) -> Basis:
        """Offers to rent a card by the hour, or to buy it, that its price rests on: the team's own where it has any."""
        if book == "gpu_rental":
            offers = self.hourly_rentals(gpu_id, on, provider_class)
        else:
            offers = self.prices_for(gpu_id, book, on, provider_class)
        if own := own_offers(offers):
            return Basis(own, enough=True)
        return basis_of(offers, on, self.rules.fewest_offers, self.rules.price_stale_after_days)

    def median_rental(
        self, gpu_id: str, on: date, provider_class: ProviderClass | None = None
    ) -> tuple[PricePoint | None, int]:
        """Lower median of the standard hourly offers that the price rests on, and their number."""
        found = self.basis(gpu_id, "gpu_rental", on, provider_class)
        return found.middle, len(found.offers)

    def median_purchase(self, gpu_id: str, on: date) -> tuple[PricePoint | None, int]:
        """Lower median of the offers to buy the card that the price rests on, and their number."""
        found = self.basis(gpu_id, "gpu_purchase", on)
        return found.middle, len(found.offers)

    def bought_by_teams(self, gpu_id: str, on: date) -> bool:
        """Whether a team would buy the card: for servers, sold by itself, and not of an old generation."""
        gpu = self.gpu(gpu_id)
        return not (gpu.desktop or gpu.module) and age_years(gpu, on) <= self.number("oldest_own_card_years")

    def usual_model(self, size: str) -> ModelRecord:
        """The model that represents its size where nobody names one."""
        return next(model for model in self.models.values() if model.usual_of_size == size)

    def in_usd(self, point: PricePoint) -> float:
        """Price in USD, to compare offers; before the first exchange rate, that first rate applies."""
        rates = self.exchange_rates[point.currency].values
        per_usd = in_force(rates, point.effective_from) or rates[0]
        return point.value / float(per_usd.value)


def _known(kind: str, wanted: str, records: Mapping[str, Named]) -> Named:
    if wanted not in records:
        raise UnknownId(kind, wanted, records)
    return records[wanted]
