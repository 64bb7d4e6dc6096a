"""Fits the widths of the 80 % intervals to the errors on families of software that the estimates were not fitted on.

``python -m tests.benchmarks.widths memory`` prints the ``sigma_...`` of an estimator as they are and as the stored
predictions of ``data/validation/left_out/`` suggest, with the share inside and the width before and after; to be looked
at and copied by hand into ``data/estimators/``, after which ``make calibrate`` writes the intervals anew.

The variance of an estimate is a sum of parts, each there or not by what is known of a run. Each part is its present
value times a common factor times one of its own; its own is drawn towards 1, so that a kind of run with few rows says
little. The factors put a share :data:`AIMED` of the rows inside, every source counting alike. A family is judged by
widths that were fitted on the others.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.engineering.prediction import STANDARD_DEVIATIONS, Prediction
from advisor.engineering.validation.report import LEFT_OUT, VALIDATION
from advisor.engineering.validation.tables import TableRow
from tests.benchmarks.calibrate import (
    ESTIMATORS,
    ROWS_OF_A_SOURCE,
    measured_of,
    predictor,
    rows_of,
    source_of,
    with_constants,
)

AIMED = 0.86
"""Share of rows to lie inside: a little above what is promised, as the estimates' form was chosen with all in sight."""
OWN_FACTOR = 0.5
"""Standard deviation of the logarithm of a part's own factor before any row is seen."""
SOFT = 0.05
"""Over which distance of the logarithm a row counts as partly inside, so that the sum has a slope."""


@dataclass(frozen=True)
class Errors:
    """What the estimates missed each row by, and which parts its interval has."""

    size: NDArray[np.float64]  # |log of measured over predicted|
    variances: NDArray[np.float64]  # (rows, parts), of each part if its constant were 1
    parts: tuple[str, ...]
    values: NDArray[np.float64]  # of the constants as they are
    weight: NDArray[np.float64]
    groups: tuple[str, ...]
    families: tuple[str, ...]

    def only(self, rows: NDArray[np.bool_]) -> "Errors":
        def kept(names: Sequence[str]) -> tuple[str, ...]:
            return tuple(name for name, keep in zip(names, rows, strict=True) if keep)

        return Errors(
            self.size[rows],
            self.variances[rows],
            self.parts,
            self.values,
            self.weight[rows],
            kept(self.groups),
            kept(self.families),
        )


def errors_of(table: str, catalog: Catalog) -> Errors:
    """The stored predictions of a table against its measurements; rows without a prediction are passed over."""
    with (VALIDATION / LEFT_OUT / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        stored = {cells["row_id"]: cells for cells in csv.DictReader(file)}
    rows = [row for row in rows_of(table) if row.id in stored]
    estimator = ESTIMATORS[table]
    now = {name: record.value for name, record in catalog.coefficients[estimator].items() if name.startswith("sigma")}
    size = [abs(np.log(measured_of(table, row) / float(stored[row.id]["predicted"]))) for row in rows]
    sources = [source_of(row) for row in rows]
    count = Counter(sources)
    return Errors(
        np.maximum(np.array(size), 1e-6),
        _variances(table, rows, catalog, tuple(now)),
        tuple(now),
        np.array([*now.values()]),
        np.array([min(ROWS_OF_A_SOURCE, count[source]) / count[source] for source in sources]),
        tuple(_group(table, row) for row in rows),
        tuple(stored[row.id]["family"] for row in rows),
    )


def _variances(table: str, rows: Sequence[TableRow], catalog: Catalog, parts: Sequence[str]) -> NDArray[np.float64]:
    """Variance of each row if one part were 1 and the others 0: the parts of a variance add up."""
    predicted = predictor(table, rows, catalog)
    columns = []
    for part in parts:
        alone = with_constants(catalog, ESTIMATORS[table], {**dict.fromkeys(parts, 0.0), part: 1.0})
        found = predicted(alone)
        columns.append([_variance(value) for value in found])
    return np.array(columns).T


def _variance(value: object) -> float:
    if not isinstance(value, Prediction):
        return 0.0
    return float((np.log(value.middle / value.low) / STANDARD_DEVIATIONS) ** 2)


def _group(table: str, row: TableRow) -> str:
    """Rows that the share inside is taken of together, as ``validate`` takes it."""
    cells = row.cells or {}
    return source_of(row) if table != "serving" else f"{source_of(row)}, {cells['benchmark_mode']}"


def fitted(errors: Errors) -> NDArray[np.float64]:
    """Constants that put the aimed share of the rows inside."""
    squares, size = errors.values**2, np.log(errors.size)

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        factors = np.exp(2 * (point[0] + point[1:]))
        parts = errors.variances * (squares * factors)
        variance = parts.sum(axis=1)
        beyond = size - np.log(STANDARD_DEVIATIONS) - 0.5 * np.log(variance)
        outside = 1 / (1 + np.exp(-np.clip(beyond / SOFT, -500, 500)))
        pinball = AIMED * beyond + SOFT * np.logaddexp(0, -beyond / SOFT)
        # d pinball / d beyond, and d beyond / d log factor of a part = - its share of the variance
        slope = errors.weight * (AIMED - 1 + outside)
        by_part = -(slope[:, None] * parts / variance[:, None]).sum(axis=0)
        prior = point[1:] / OWN_FACTOR
        value = float((errors.weight * pinball).sum() + 0.5 * (prior**2).sum())
        return value, np.concatenate([[by_part.sum()], by_part + prior / OWN_FACTOR])

    start = np.zeros(1 + len(errors.parts))
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return np.asarray(errors.values * np.exp(found[0] + found[1:]))


def _inside(errors: Errors, values: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    half = STANDARD_DEVIATIONS * np.sqrt(errors.variances @ values**2)
    return errors.size <= half, np.exp(2 * half)


def report(errors: Errors) -> None:
    """Print the constants, and the share inside and the width of each group, now and by widths of other families."""
    new = fitted(errors)
    for name, before, after in zip(errors.parts, errors.values, new, strict=True):
        print(f"{name:28} {before:6.3f} -> {after:6.3f}")
    families, groups = np.array(errors.families), np.array(errors.groups)
    inside, width = _inside(errors, errors.values)
    inside_after, width_after = np.zeros_like(inside), np.zeros_like(width)
    for family in dict.fromkeys(errors.families):
        held = families == family
        inside_after[held], width_after[held] = _inside(errors.only(held), fitted(errors.only(~held)))
    lines = []
    for group in dict.fromkeys(errors.groups):
        of = groups == group
        figures = (inside[of].mean(), np.median(width[of]), inside_after[of].mean(), np.median(width_after[of]))
        lines.append(figures)
        told = "{:4.0%} x{:.2f} -> {:4.0%} x{:.2f}".format(*figures)
        print(f"{group[:70]:70} {of.sum():5} {told}")
    print(f"{'mean of these':76} " + "{:4.0%} x{:.2f} -> {:4.0%} x{:.2f}".format(*np.mean(lines, axis=0)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help="memory, speed, serving; all without any")
    options = parser.parse_args()
    catalog = load_catalog()
    for table in options.tables or ESTIMATORS:
        report(errors_of(table, catalog))


if __name__ == "__main__":
    main()
