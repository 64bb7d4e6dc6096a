"""The JSON Schema of every kind of data file, so that an editor completes and checks what somebody types there.

A schema knows the shape of one file. What it cannot say (an id that has to exist, a date that has to follow another)
is checked when the catalog is loaded.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, Field, create_model

from advisor.catalog.articles import ArticleRecord
from advisor.catalog.benchmarks import Benchmarks
from advisor.catalog.fields import Id, Record
from advisor.catalog.hosted_book import PriceBook
from advisor.catalog.levers import LeverDomain, LeverRecord, PlanRecord
from advisor.catalog.offer_names import OfferNames
from advisor.catalog.parameters import Parameter, UseRecord
from advisor.catalog.presets import PresetRecord
from advisor.catalog.records import (
    Coefficient,
    ExchangeRate,
    Gpu,
    ModelRecord,
    PriceFile,
    Sku,
    TrainingTableRow,
)
from advisor.catalog.rules import DecisionRules
from advisor.catalog.tuning_routes import LifetimeRecord, RetirementSource, RouteRecord
from advisor.cli.files import shown, write
from advisor.core.notices import InputError, Issue
from advisor.core.system_faults import system_fault
from advisor.engineering.validation.column_heads import UsualColumn
from advisor.engineering.validation.report import ExpectedFigure, SoftwareFamily
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import Language

FOLDER = "schemas"
"""Folder below ``data/`` that keeps them."""


class DataFile(NamedTuple):
    """One kind of data file: where such files stand below ``data/``, and the record that a whole file is."""

    pattern: str
    record: type[BaseModel]


def _listed(key: str, record: type[BaseModel]) -> type[BaseModel]:
    """A file that holds nothing but a list of records below ``key``."""
    entries = Annotated[list[record], Field(min_length=1)]  # type: ignore[valid-type]
    return create_model(f"{record.__name__}s", __base__=Record, **{key: (entries, ...)})  # type: ignore[call-overload, no-any-return]


def _named(key: str, record: type[BaseModel]) -> type[BaseModel]:
    """A file that holds nothing but records by their names, below ``key``."""
    return create_model(f"{record.__name__}s", __base__=Record, **{key: (dict[str, record], ...)})  # type: ignore[call-overload, no-any-return, valid-type]


NAMED_PARAMETER = create_model("NamedParameter", __base__=Parameter, id=(Id | None, None))
"""A parameter as a file writes it: its name stands before it, so it needs no id."""
PRICES = create_model("Prices", __base__=PriceFile, skus=(Annotated[list[Sku], Field(min_length=1)], ...))
PRESET = create_model("Preset", __base__=PresetRecord, answers=(Scenario, ...))

KINDS: Mapping[str, DataFile] = {
    "gpus": DataFile("hardware/gpus.yaml", _listed("gpus", Gpu)),
    "training_table": DataFile("hardware/training_table.yaml", _listed("rows", TrainingTableRow)),
    "models": DataFile("models/*.yaml", _listed("models", ModelRecord)),
    "exchange_rates": DataFile("prices/exchange_rates.yaml", _listed("rates", ExchangeRate)),
    "hosted": DataFile("prices/hosted.yaml", PriceBook),
    "prices": DataFile("prices/*/*.yaml", PRICES),
    "parameters": DataFile("parameters/*.yaml", _named("parameters", NAMED_PARAMETER)),
    "uses": DataFile("uses.yaml", _listed("uses", UseRecord)),
    "estimators": DataFile("estimators/*.yaml", _named("coefficients", Coefficient)),
    "presets": DataFile("presets/*.yaml", PRESET),
    "lever_domains": DataFile("levers/domains.yaml", _listed("domains", LeverDomain)),
    "levers": DataFile("levers/*.yaml", _listed("levers", LeverRecord)),
    "plans": DataFile("plans/*.yaml", _listed("plans", PlanRecord)),
    "articles": DataFile("articles/*.yaml", _listed("articles", ArticleRecord)),
    "routes": DataFile("routes/*.yaml", _listed("routes", RouteRecord)),
    "lifetimes": DataFile("lifetimes/models.yaml", _listed("lifetimes", LifetimeRecord)),
    "retirement_sources": DataFile(
        "lifetimes/retirement_sources.yaml", _listed("retirement_sources", RetirementSource)
    ),
    "rules": DataFile("rules/decision.yaml", DecisionRules),
    "offer_names": DataFile("sources/*.yaml", OfferNames),
    "languages": DataFile("locales/*/language.yaml", Language),
    "benchmarks": DataFile("validation/benchmarks.yaml", Benchmarks),
    "column_heads": DataFile("validation/column_heads.yaml", _listed("columns", UsualColumn)),
    "families": DataFile("validation/families.yaml", _listed("families", SoftwareFamily)),
    "expected": DataFile("validation/expected.yaml", _listed("figures", ExpectedFigure)),
}
"""By the name of their schema. A file is of the first kind whose pattern suits it."""


def kind_of(path: str) -> str:
    """Kind of a data file by its path below ``data/``. Raises ``KeyError`` where no kind suits."""
    kinds = (kind for kind, file in KINDS.items() if PurePosixPath(path).match(file.pattern))
    try:
        return next(kinds)
    except StopIteration:
        raise KeyError(path) from None


def data_schema(kind: str) -> dict[str, Any]:
    """JSON Schema of one kind of data file."""
    schema = _ordered(KINDS[kind].record.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _ordered(node: Any) -> Any:
    """The same schema with its choices sorted: Python remembers equal unions in the order in which one first stood."""
    if isinstance(node, dict):
        return {
            key: sorted(map(_ordered, each), key=json.dumps) if key in ("anyOf", "enum") else _ordered(each)
            for key, each in node.items()
        }
    return [_ordered(each) for each in node] if isinstance(node, list) else node


def schema_files() -> dict[str, str]:
    """Name and text of every schema file."""
    return {f"{kind}.schema.json": json.dumps(data_schema(kind), ensure_ascii=False, indent=2) + "\n" for kind in KINDS}


def write_schemas(options: argparse.Namespace, t: Translator) -> None:
    """Write every schema into the folder that was named, and say where each went."""
    folder = Path(options.data)
    for name, text in schema_files().items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
            told = {"path": shown(options.data), "fault": system_fault(error)}
            raise InputError([Issue("--data", "not_writable", told)]) from None
        write(t("cli.written", path=shown(str(folder / name))) + "\n")
