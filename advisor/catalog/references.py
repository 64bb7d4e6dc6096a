"""Rules between records: every id that one names is the id of another."""

from collections.abc import Mapping
from difflib import get_close_matches

from advisor.catalog.articles import ArticleRecord
from advisor.catalog.catalog import Catalog
from advisor.catalog.data_files import DataFiles
from advisor.catalog.levers import LeverRecord, PlanRecord
from advisor.catalog.parameters import Parameter, UseRecord
from advisor.catalog.presets import PresetRecord
from advisor.catalog.reader import build
from advisor.catalog.records import PriceRecord, TrainingTableRow
from advisor.catalog.tuning_routes import PRICES_OF_ROUTE, RouteRecord
from advisor.core.notices import DataError, Issue
from advisor.core.units import currency_of

Referring = (
    TrainingTableRow | PriceRecord | PresetRecord | UseRecord | LeverRecord | PlanRecord | RouteRecord | ArticleRecord
)
"""Records that name other records."""

CARDS = "hardware/gpus.yaml"


def check_references(data: DataFiles, catalog: Catalog) -> None:
    """Every id that a record names must be the id of a record."""
    for row in catalog.training_table.values():
        _check_known(data, row, "gpu", row.gpu, catalog.gpus)
    _check_usual_models(data, catalog)
    for sku in catalog.prices.values():
        with data.gathering():
            _check_known(data, sku, "gpu", None if data.is_lost(CARDS) else sku.gpu, catalog.gpus)
        with data.gathering():
            _check_known(data, sku, "model", sku.model, catalog.models)
        with data.gathering():
            _check_known(data, sku, "exchange rate of", currency_of(sku.unit), catalog.exchange_rates)
    _check_unbuilt(data, catalog.gpus)
    for preset in catalog.presets.values():
        _check_known(data, preset, "compare_with", preset.compare_with, catalog.presets)
    for lever in catalog.levers.values():
        _check_known(data, lever, "domain", lever.domain, catalog.lever_domains)
        _check_known(data, lever, "preset", lever.preset, catalog.presets)
        for other in lever.excludes:
            _check_known(data, lever, "excluded lever", other, catalog.levers)
    for use in catalog.uses.values():
        _check_typical(data, use, catalog.parameters)
    for plan in catalog.plans.values():
        _check_known(data, plan, "preset", plan.preset, catalog.presets)
    for article in catalog.articles.values():
        _check_known(data, article, "preset", article.preset, catalog.presets)
        _check_known(data, article, "model", article.memory.model if article.memory else None, catalog.models)
        _check_known(data, article, "price", article.run.cloud.price if article.run else None, catalog.prices)
    for route in catalog.routes.values():
        _check_known(data, route, "model", route.model, catalog.models)
        _check_prices(data, catalog, route)


def _check_prices(data: DataFiles, catalog: Catalog, route: RouteRecord) -> None:
    """A price that a route names is of its own provider and charged in a unit that its field allows."""
    tuning = {sku.id: sku for sku in catalog.prices.values() if sku.book == "managed_tuning"}
    for field, sku_id in route.prices().items():
        _check_known(data, route, f"{field} of managed_tuning", sku_id, tuning)
        sku, allowed = tuning[sku_id], PRICES_OF_ROUTE[field]
        if sku.unit.split("/", 1)[1] not in allowed:
            fault = f"{field} {sku_id!r} is charged in {sku.unit}"
            raise DataError(data.origin_of(route), route.id, fault, f"name a price per {' or '.join(allowed)}")
        if sku.provider != route.provider:
            fault = f"{field} {sku_id!r} is sold by {sku.provider}, not by {route.provider}"
            raise DataError(data.origin_of(route), route.id, fault, "name a price of the route's own provider")


def _check_typical(data: DataFiles, use: UseRecord, parameters: Mapping[str, Parameter]) -> None:
    """What is typical of a use is a value of a parameter that no quality need changes as well."""
    for name, variant in use.typical.items():
        _check_known(data, use, "parameter", name, parameters)
        file = data.origin_of(use)
        if parameters[name].needs:
            raise DataError(file, use.id, f"{name} follows the quality need", "say it in one of the two places")
        told = parameters[name].model_dump() | variant.model_dump() | {"markets": {}, "needs": {}}
        build(Parameter, told, file, f"{use.id}, {name}")


def _check_usual_models(data: DataFiles, catalog: Catalog) -> None:
    """Each size of the training table is represented by exactly one model."""
    usual: list[str] = [model.usual_of_size for model in catalog.models.values() if model.usual_of_size is not None]
    for size, row in catalog.training_table.items():
        if usual.count(size) != 1:
            fault = f"model_size {size} is the usual_of_size of {usual.count(size)} models"
            raise DataError(data.origin_of(row), row.id, fault, "name it in exactly one record of models/")


def _check_known(data: DataFiles, record: Referring, key: str, named: str | None, known: Mapping[str, object]) -> None:
    if named is not None and named not in known and named not in data.broken:
        raise _unknown(data.origin_of(record), record.id, data.place_of(record), key, named, known)


def _unknown(
    file: str, record: str, place: tuple[int | str, ...], key: str, named: str, known: Mapping[str, object]
) -> DataError:
    """The fault of a record that names under ``key`` what nothing is called."""
    near = get_close_matches(named, list(known), n=3, cutoff=0.5)
    mend = f"did you mean {' or '.join(near)}?" if near else "add that record first"
    field = "unit" if key == "exchange rate of" else key
    if near:
        issue = Issue(f"{record}, {field}", "own_unknown_id_near", {"value": named[:60], "near": ", ".join(near)})
    else:
        issue = Issue(f"{record}, {field}", "own_unknown_id", {"value": named[:60]})
    return DataError(file, record, f"{key} {named!r} does not exist", mend, issue, path=(*place, field))


def _check_unbuilt(data: DataFiles, gpus: Mapping[str, object]) -> None:
    """The card of a price that is no record yet is told with what else is wrong with it."""
    for entry in data.unbuilt:
        named = entry.content.get("gpu")
        if isinstance(named, str) and named not in gpus and named not in data.broken and not data.is_lost(CARDS):
            with data.gathering():
                raise _unknown(entry.file, entry.name, entry.path, "gpu", named, gpus)
