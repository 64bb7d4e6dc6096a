"""Fits an estimator to the shipped measurements, and predicts every family of software by what was fitted without it.

``make calibrate`` writes ``data/validation/left_out/``; ``python -m tests.benchmarks.calibrate speed --fit`` prints the
constants fitted to all rows, to be looked at and copied by hand into ``data/estimators/``.

A constant is free where its record is of kind ``measured`` and has an interval, which is its prior: 80 % of what is
plausible, whatever the value is now, so that no family speaks through the value that was fitted with it. Errors count
as logarithms; every source counts alike, however many rows it has; far rows count less (soft L1), so that no odd row
decides.
"""

import argparse
import csv
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import yaml
from scipy.optimize import least_squares

from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.engineering.from_catalog import cards, models, with_named_shape
from advisor.engineering.prediction import STANDARD_DEVIATIONS, Prediction
from advisor.engineering.validation.memory import predicted_gb_per_gpu
from advisor.engineering.validation.predictions import predict
from advisor.engineering.validation.report import LEFT_OUT, LIMITED, MEASURED, VALIDATION
from advisor.engineering.validation.serving_rows import deployed
from advisor.engineering.validation.serving_speed import is_timed, predicted, predicted_under_limits
from advisor.engineering.validation.tables import TABLES, TableRow, read_table
from advisor.engineering.validation.training_speed import predicted_speeds, speed_run

ESTIMATORS = {"memory": "memory", "speed": "training", "serving": "serving"}
Stored = tuple[str, str, Prediction]
"""Id of a row, its family, and what is predicted of it without that."""
ROW_ERROR, ROWS_OF_A_SOURCE = 0.2, 10
"""Error of a row as a logarithm, against which a prior is weighed; independent rows that a source counts as."""


def families(folder: Path = VALIDATION) -> Mapping[str, str]:
    """Family of software of each source of the tables."""
    listed = yaml.safe_load((folder / "families.yaml").read_text(encoding="utf-8"))["families"]
    return {source: family["id"] for family in listed for source in family["sources"]}


def not_fitted(table: str, folder: Path = VALIDATION) -> frozenset[str]:
    """Sources that no constant is fitted to: predicted, and inside the interval at best."""
    listed = yaml.safe_load((folder / "families.yaml").read_text(encoding="utf-8"))["families"]
    return frozenset(
        source for family in listed if table in family.get("not_fitted", ()) for source in family["sources"]
    )


def with_constants(catalog: Catalog, estimator: str, values: Mapping[str, float]) -> Catalog:
    """The catalogue with other values of some constants of an estimator."""
    records = {
        name: record.model_copy(update={"value": values.get(name, record.value)})
        for name, record in catalog.coefficients[estimator].items()
    }
    return replace(catalog, coefficients=MappingProxyType({**catalog.coefficients, estimator: records}))


def free_constants(catalog: Catalog, estimator: str) -> dict[str, tuple[float, float, float]]:
    """Value, low and high end of the prior of each constant that is fitted."""
    return {
        name: (record.value, record.interval.low, record.interval.high)
        for name, record in catalog.coefficients[estimator].items()
        if record.kind == "measured" and record.interval is not None and not name.startswith("sigma")
    }


def fit(table: str, rows: Sequence[TableRow], catalog: Catalog) -> dict[str, float]:
    """Constants of an estimator that suit the rows best, given their priors."""
    estimator, slow = ESTIMATORS[table], not_fitted(table)
    rows = [row for row in rows if source_of(row) not in slow]
    free = free_constants(catalog, estimator)
    low, high = (np.log([ends[place] for ends in free.values()]) for place in (1, 2))
    start = (low + high) / 2
    spread = np.maximum((high - low) / (2 * STANDARD_DEVIATIONS), 1e-3)
    measured = np.log([measured_of(table, row) for row in rows])
    sources = [source_of(row) for row in rows]
    count = Counter(sources)
    weight = np.sqrt([min(ROWS_OF_A_SOURCE, count[source]) / count[source] for source in sources]) / ROW_ERROR

    predicted = predictor(table, rows, catalog)

    def residuals(point: np.ndarray) -> np.ndarray:
        values = dict(zip(free, np.exp(point).tolist(), strict=True))
        found = predicted(with_constants(catalog, estimator, values))
        errors = [
            math.log(value.middle) - target if isinstance(value, Prediction) else 0.0
            for value, target in zip(found, measured, strict=True)
        ]
        return np.concatenate([np.asarray(errors) * weight, (point - start) / spread])

    found = least_squares(
        residuals, start, bounds=(low - spread, high + spread), loss="soft_l1", diff_step=1e-3, max_nfev=12
    )
    return dict(zip(free, np.exp(found.x).tolist(), strict=True))


def predictor(
    table: str, rows: Sequence[TableRow], catalog: Catalog
) -> Callable[[Catalog], Sequence[Prediction | str]]:
    """Predictions of the rows by the constants of a catalogue; what does not depend on these is read once."""
    known = cards(catalog)
    if table != "serving":
        named = models(catalog)
        shaped = [with_named_shape(row.cells or {}, named) for row in rows]
        if table == "memory":
            return lambda other: predicted_gb_per_gpu(shaped, known, other.constants("memory"))
        runs = [speed_run(row, known) for row in shaped]
        return lambda other: predicted_speeds(shaped, runs, other.constants("training"))
    cells, served = [row.cells or {} for row in rows], models(catalog)
    read = [deployed(row, known, served) for row in cells]
    return lambda other: predicted(cells, read, other.constants("serving"))


def fitted_without(table: str, catalog: Catalog) -> Iterator[tuple[str, list[TableRow], Catalog]]:
    """Each family of a table with its rows, and the catalogue with constants fitted without them."""
    rows = rows_of(table)
    family_of, slow = families(), not_fitted(table)
    to_all = fit(table, rows, catalog)
    for family in dict.fromkeys(family_of[source_of(row)] for row in rows):
        held = [row for row in rows if family_of[source_of(row)] == family]
        others = [row for row in rows if family_of[source_of(row)] != family]
        alone = all(source_of(row) in slow for row in held)
        yield family, held, with_constants(catalog, ESTIMATORS[table], to_all if alone else fit(table, others, catalog))


def under_limits(rows: Sequence[TableRow], catalog: Catalog) -> list[tuple[str, Prediction]]:
    """Predictions under a limit of those rows of serving that tell a time per token."""
    timed = [row for row in rows if is_timed(row.cells or {})]
    cells = [row.cells or {} for row in timed]
    found = predicted_under_limits(cells, cards(catalog), catalog.constants("serving"), models(catalog))
    return [(row.id, value) for row, value in zip(timed, found, strict=True) if isinstance(value, Prediction)]


def rows_of(table: str) -> list[TableRow]:
    return list(read_table((VALIDATION / f"{table}.csv").read_bytes(), TABLES[table]).rows)


def source_of(row: TableRow) -> str:
    return (row.cells or {})["source"]


def measured_of(table: str, row: TableRow) -> float:
    return float(next((row.cells or {})[column] for column in MEASURED[table] if (row.cells or {})[column]))


def left_out(table: str, catalog: Catalog) -> None:
    """Write what is said of each row by constants fitted without its family; of serving under limits as well."""
    found, limited = list[Stored](), list[Stored]()
    for family, held, fitted in fitted_without(table, catalog):
        said = zip(held, predict(TABLES[table], held, fitted), strict=True)
        found += [(row.id, family, value) for row, value in said if isinstance(value, Prediction)]
        if table == "serving":
            limited += [(name, family, value) for name, value in under_limits(held, fitted)]
        print(f"{table}: {family} predicted without itself, {len(held)} rows", flush=True)
    write(table, found)
    if limited:
        write(LIMITED, limited)


def write(name: str, found: Sequence[Stored]) -> None:
    (VALIDATION / LEFT_OUT).mkdir(exist_ok=True)
    with (VALIDATION / LEFT_OUT / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("row_id", "family", "predicted", "low", "high"))
        for row_id, family, value in sorted(found, key=lambda each: each[0]):
            writer.writerow((row_id, family, *(f"{end:.6g}" for end in (value.middle, value.low, value.high))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help="memory, speed, serving; all without any")
    parser.add_argument("--fit", action="store_true", help="print the constants fitted to all rows instead")
    options = parser.parse_args()
    catalog = load_catalog()
    for table in options.tables or ESTIMATORS:
        if not options.fit:
            left_out(table, catalog)
            continue
        before = free_constants(catalog, ESTIMATORS[table])
        for name, value in fit(table, rows_of(table), catalog).items():
            print(
                f"{table} {name}: {before[name][0]:g} -> {value:.4g}  prior {before[name][1]:g} to {before[name][2]:g}"
            )


if __name__ == "__main__":
    main()
