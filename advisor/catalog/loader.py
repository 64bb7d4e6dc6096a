"""Read every file under ``data/`` into one :class:`Catalog`, or say which record of which file is wrong."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from advisor.catalog.articles import ArticleRecord
from advisor.catalog.catalog import Catalog
from advisor.catalog.data_files import DataFiles, FileEntry
from advisor.catalog.fields import PriceBook
from advisor.catalog.hosted_files import own_hosted
from advisor.catalog.levers import LeverDomain, LeverRecord, PlanRecord
from advisor.catalog.own_hosted import OwnHosted, use_own
from advisor.catalog.own_prices import continued, continued_rate
from advisor.catalog.parameters import Parameter, UseRecord
from advisor.catalog.presets import PresetRecord
from advisor.catalog.reader import LONGEST, WHOLE_FILE, RecordType, build, entry_name
from advisor.catalog.records import (
    Coefficient,
    ExchangeRate,
    Gpu,
    ModelRecord,
    PriceFile,
    PriceRecord,
    Sku,
    TrainingTableRow,
)
from advisor.catalog.references import check_references
from advisor.catalog.rules import DecisionRules
from advisor.catalog.tuning_routes import LifetimeRecord, RetirementSource, RouteRecord
from advisor.core.notices import DataError
from advisor.core.places import DATA, own_folders

ERRORS = "errors"
"""File of ``estimators/`` with the errors of estimates on measurements that they were not fitted to."""
DATA_ROOT = DATA
RATES, RATES_OF_UPDATE = "prices/exchange_rates.yaml", "prices/exchange_rates_ecb.yaml"


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
