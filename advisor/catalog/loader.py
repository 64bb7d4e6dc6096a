"""Read every file under ``data/`` into one :class:`Catalog`, or say which record of which file is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from advisor.catalog.articles import ArticleRecord
from advisor.catalog.data_files import DataFiles, FileEntry
from advisor.catalog.fields import PriceBook, ProviderClass
from advisor.catalog.hosted_files import own_hosted
from advisor.catalog.levers import LeverDomain, LeverRecord, PlanRecord
from advisor.catalog.offers import Basis, age_years, basis_of
from advisor.catalog.own_hosted import OwnHosted, use_own
from advisor.catalog.own_model import is_own, own_model
from advisor.catalog.own_prices import continued, continued_rate, in_force, own_offers
from advisor.catalog.parameters import Parameter, UseRecord
from advisor.catalog.presets import PresetRecord
from advisor.catalog.reader import LONGEST, WHOLE_FILE, RecordType, build, entry_name
from advisor.catalog.records import (
    Coefficient,
    DatedValue,
    ExchangeRate,
    Gpu,
    ModelRecord,
    PriceFile,
    PricePoint,
    PriceRecord,
    Sku,
    TrainingTableRow,
)
from advisor.catalog.references import check_references
from advisor.catalog.rules import DecisionRules
from advisor.catalog.tuning_routes import Ending, LifetimeRecord, RetirementSource, RouteRecord
from advisor.core.notices import DataError, UnknownId
from advisor.core.places import DATA, own_folders

ERRORS = "errors"
"""File of ``estimators/`` with the errors of estimates on measurements that they were not fitted to."""
DATA_ROOT = DATA
RATES, RATES_OF_UPDATE = "prices/exchange_rates.yaml", "prices/exchange_rates_ecb.yaml"

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


def load_catalog(root: Path = DATA_ROOT, own: Sequence[Path] | None = None) -> Catalog:
    """All facts below ``root`` and, over them, those of the folders ``own``: by default those of ``ADVISOR_DATA``.

    Prices of hosted models are those of the catalog loaded last. Raises :class:`DataError` at the first record that is
    wrong; what was loaded before then stays in force.
    """
    catalog, hosted = read_catalog(root, own)
    use_own(hosted)
    return catalog


def read_catalog(root: Path = DATA_ROOT, own: Sequence[Path] | None = None) -> tuple[Catalog, OwnHosted]:
    """As ``load_catalog``, but prices of hosted models are given beside the catalog, and others stay in force."""
    data = DataFiles.of(root, own_folders() if own is None else own)
    gpus = _by_id(data, Gpu, [data.take("hardware/gpus.yaml"), *data.take_own("hardware/gpus.yaml")], "gpus")
    rows = _by_id(data, TrainingTableRow, [data.take("hardware/training_table.yaml")], "rows")
    models = _by_id(data, ModelRecord, data.take_folder("models"), "models")
    rates = _exchange_rates(data)
    prices = _prices(data)
    parameters = _parameters(data)
    uses = _by_id(data, UseRecord, [data.take("uses.yaml")], "uses")
    coefficients = _coefficients(data)
    presets = _presets(data)
    domains = _by_id(data, LeverDomain, [data.take("levers/domains.yaml")], "domains")
    levers = _by_id(data, LeverRecord, data.take_folder("levers"), "levers")
    plans = {plan.preset: plan for plan in _by_id(data, PlanRecord, data.take_folder("plans"), "plans").values()}
    tables = _by_id(data, ArticleRecord, data.take_folder("articles"), "articles").values()
    routes = _by_id(data, RouteRecord, data.take_folder("routes"), "routes")
    lifetimes = _by_id(data, LifetimeRecord, [data.take("lifetimes/models.yaml")], "lifetimes")
    retirement_sources = _by_id(
        data, RetirementSource, [data.take("lifetimes/retirement_sources.yaml")], "retirement_sources"
    )
    hosted = own_hosted(data)
    rules_file, raw_rules = data.take("rules/decision.yaml")
    catalog = Catalog(
        gpus=gpus,
        models=models,
        prices=prices,
        exchange_rates=rates,
        training_table=_by_size(data, rows),
        parameters=parameters,
        uses=uses,
        coefficients=coefficients,
        presets=presets,
        lever_domains=domains,
        levers=levers,
        plans=MappingProxyType(plans),
        articles=MappingProxyType({record.preset: record for record in tables}),
        routes=routes,
        lifetimes=lifetimes,
        retirement_sources=retirement_sources,
        rules=build(DecisionRules, raw_rules, rules_file, "rules"),
        version=data.finish(),
    )
    check_references(data, catalog)
    data.refuse_faults()
    return catalog, hosted


def _by_id(
    data: DataFiles, record_type: type[RecordType], files: list[tuple[str, dict[str, Any]]], key: str
) -> Mapping[str, RecordType]:
    records: dict[str, RecordType] = {}
    for file, raw in files:
        for entry in data.listed(raw, key, file):
            with data.gathering():
                record = build(record_type, entry.content, file, entry.name, entry.path)
                data.claim(f"{record_type.__name__} id", entry.name, file, entry.path)
                records[entry.name] = record
    return MappingProxyType(records)


def _by_size(data: DataFiles, records: Mapping[str, TrainingTableRow]) -> Mapping[str, TrainingTableRow]:
    by_size: dict[str, TrainingTableRow] = {}
    for name, record in records.items():
        if record.model_size in by_size:
            fault = f"model_size {record.model_size} already stands in {by_size[record.model_size].id!r}"
            raise DataError(data.origin_of(record), name, fault, "keep one record for each size")
        by_size[record.model_size] = record
    return MappingProxyType(by_size)


def _exchange_rates(data: DataFiles) -> Mapping[str, ExchangeRate]:
    rates: dict[str, ExchangeRate] = {}
    for file, raw in (data.take(RATES), *data.take_own(RATES_OF_UPDATE, RATES)):
        for entry in data.listed(raw, "rates", file):
            with data.gathering():
                rate = build(ExchangeRate, entry.content, file, entry.name, entry.path)
                continues = data.claim_over("currency", rate.currency, file, entry.path, of_update=True)
                rates[rate.currency] = continued_rate(rates[rate.currency], rate) if continues else rate
    return MappingProxyType(rates)


def _prices(data: DataFiles) -> Mapping[str, PriceRecord]:
    prices: dict[str, PriceRecord] = {}
    for book in get_args(PriceBook):
        folder = f"prices/{book}"
        for file, raw in (*data.take_folder(folder), *data.take_own_folder(folder)):
            price_file = None
            with data.gathering():
                price_file = build(PriceFile, raw, file, str(raw.get("provider", WHOLE_FILE))[:LONGEST])
            for entry in _skus(raw, file):
                data.unbuilt.append(entry)
                with data.gathering():
                    sku = build(Sku, entry.content, file, entry.name, entry.path)
                    if price_file is not None:
                        _add_price(data, prices, _price_of(sku, price_file, book, entry), entry)
                    data.unbuilt.pop()
    return MappingProxyType(prices)


def _skus(raw: dict[str, Any], file: str) -> list[FileEntry]:
    """The records of a file of prices, whatever else is wrong with it."""
    listed = raw.get("skus")
    found = enumerate(listed) if isinstance(listed, list) else ()
    return [
        FileEntry(file, entry_name(each, "skus", at), each, ("skus", at))
        for at, each in found
        if isinstance(each, dict)
    ]


def _price_of(sku: Sku, price_file: PriceFile, book: PriceBook, entry: FileEntry) -> PriceRecord:
    described = {key: getattr(sku, key) for key in Sku.model_fields}
    seller = {key: getattr(price_file, key) for key in ("provider", "company", "provider_class")}
    return build(PriceRecord, described | seller | {"book": book}, entry.file, entry.name, entry.path)


def _add_price(data: DataFiles, prices: dict[str, PriceRecord], record: PriceRecord, entry: FileEntry) -> None:
    continues = data.claim_over("PriceRecord id", entry.name, entry.file, entry.path)
    prices[entry.name] = continued(prices[entry.name], record, entry.file, entry.path) if continues else record


def _named_entries(raw: dict[str, Any], key: str, file: str) -> dict[str, Any]:
    """Content below the only key that a file may have."""
    listed = raw.get(key)
    if not isinstance(listed, dict) or len(raw) != 1:
        raise DataError(file, key, "is not the only key of the file", f"put every one of them below '{key}:'")
    return listed


def _parameters(data: DataFiles) -> Mapping[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    for file, raw in data.take_folder("parameters"):
        for name, entry in _named_entries(raw, "parameters", file).items():
            content = entry | {"id": name} if isinstance(entry, dict) and "id" not in entry else entry
            parameter = build(Parameter, content, file, str(name))
            data.claim("Parameter id", parameter.id, file)
            parameters[parameter.id] = parameter
    return MappingProxyType(parameters)


def _coefficients(data: DataFiles) -> Mapping[str, Mapping[str, Coefficient]]:
    """The constants of every file of ``estimators/``, which is named after its estimator."""
    found: dict[str, Mapping[str, Coefficient]] = {}
    for file, raw in data.take_folder("estimators"):
        listed = _named_entries(raw, "coefficients", file)
        records = {name: build(Coefficient, entry, file, name) for name, entry in listed.items()}
        if Path(file).stem == ERRORS:
            _check_errors(records, file)
        found[Path(file).stem] = MappingProxyType(records)
    return MappingProxyType(found)


def _check_errors(records: Mapping[str, Coefficient], file: str) -> None:
    """An error of an estimate is a fraction of it below 1: a speed of 0 would mean nothing."""
    for name, record in records.items():
        if not 0 <= record.value < 1:
            fault = f"value: {record.value:g} is no error of an estimate"
            raise DataError(file, name, fault, "write a fraction of the estimate, from 0 to less than 1")


def _presets(data: DataFiles) -> Mapping[str, PresetRecord]:
    presets: dict[str, PresetRecord] = {}
    for file, raw in data.take_folder("presets"):
        name = entry_name(raw, "presets", 0)
        presets[name] = build(PresetRecord, raw, file, name)
        data.claim("PresetRecord id", name, file)
        data.claim("order", str(presets[name].order), file)
    return MappingProxyType({preset.id: preset for preset in sorted(presets.values(), key=lambda each: each.order)})
