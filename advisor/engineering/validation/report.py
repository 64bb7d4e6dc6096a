"""The shipped measurements against the estimators, and limits that keep the errors from growing."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import Field

from advisor.catalog.catalog import Catalog
from advisor.catalog.fields import Record
from advisor.catalog.loader import DATA_ROOT
from advisor.catalog.reader import build, entries, parse_yaml
from advisor.core.notices import DataError
from advisor.engineering.from_catalog import cards, models
from advisor.engineering.prediction import FITS, FitVerdict, Prediction
from advisor.engineering.validation.predictions import predict
from advisor.engineering.validation.score import (
    FitRow,
    FitScore,
    MeasuredRow,
    Score,
    as_cost,
    fit_score,
    score,
    scores_by,
)
from advisor.engineering.validation.serving_speed import is_timed, predicted_under_limits
from advisor.engineering.validation.tables import TABLES, TableRow, read_table

VALIDATION = DATA_ROOT / "validation"
LEFT_OUT = "left_out"
LIMITED = "limited"
"""Rows of serving whose load lasts and that tell a time per token, which stands in for a limit on it."""
EXPECTED = "data/validation/expected.yaml"
FAMILIES = "data/validation/families.yaml"
MEASURED: Mapping[str, tuple[str, ...]] = {
    "memory": ("peak_memory_gb_per_gpu",),
    "speed": ("tokens_per_s_per_gpu",),
    "serving": ("output_tokens_per_s", "total_tokens_per_s"),
}
"""Columns that hold the measurement; the first filled one counts."""
COMPARED = ("memory", "speed", "single", "loaded", "cost")
"""Comparisons by row: serving one request at a time and many at once are scored apart."""
SATURATED = "offline_max_throughput"
ENOUGH_ROWS = 10
"""Sources with more rows than this count for the worst source; the median of fewer says little."""


class ExpectedFigure(Record):
    """A figure that ``validate`` enforces: ``limit`` is just beyond what was measured, ``target`` is the aim."""

    id: str
    sense: Literal["at_most", "at_least"]
    limit: float
    target: float
    reason: str

    def is_met(self, value: float | None, bound: float) -> bool:
        return value is not None and (value <= bound if self.sense == "at_most" else value >= bound)


class SoftwareFamily(Record):
    """Sources whose software, kernels or measuring tools are alike, so that they are left out of a fit together."""

    id: str
    sources: tuple[str, ...] = Field(strict=False)
    not_fitted: tuple[Literal["memory", "speed", "serving"], ...] = Field(default=(), strict=False)
    """Tables in which its rows are so odd that no constant shall follow them; they are predicted all the same."""


@dataclass(frozen=True)
class Validation:
    """Rows and predictions of every comparison, the figures over them and the limits of these figures."""

    compared: Mapping[str, tuple[MeasuredRow, ...]]
    left_out: Mapping[str, tuple[MeasuredRow, ...]]
    """The same rows, each predicted with constants that were fitted without its whole family of software."""
    fits: tuple[FitRow, ...]
    fit_score: FitScore
    figures: Mapping[str, float | None]
    left_out_figures: Mapping[str, float | None]
    """The same figures over ``left_out``, without those of ``fits``."""
    expected: tuple[ExpectedFigure, ...]

    @property
    def missed(self) -> tuple[ExpectedFigure, ...]:
        """Figures beyond their limit."""
        return tuple(e for e in self.expected if not e.is_met(self.figures[e.id], e.limit))

    def by_kind(self, name: str) -> dict[str, Score]:
        """A score for each training method or kind of load."""
        return scores_by(self.compared[name], lambda row: row.kind)

    def by_source(self, name: str) -> dict[str, Score]:
        return scores_by(self.compared[name], lambda row: row.source)


def validate(catalog: Catalog, folder: Path = VALIDATION) -> Validation:
    """Predict every shipped row and compute the figures.

    Parameters
    ----------
    catalog : Catalog
    folder : Path, of the tables and ``expected.yaml``

    Returns
    -------
    Validation

    Raises
    ------
    DataError
        If the figures and ``expected.yaml`` do not list the same ids.
    InputError
        If a table cannot be read.
    """
    measured = {name: _compared(name, catalog, folder) for name in MEASURED}
    compared = _comparisons(measured)
    left_out = _comparisons({name: _left_out(name, rows, folder) for name, rows in measured.items()})
    fits = _fits(catalog, folder)
    verdicts = fit_score(fits)
    odd = _odd_sources("speed", folder)
    figures = _figures(compared, odd) | _fit_figures(verdicts, (row.fit for row in compared["memory"]))
    timed = [row for row in compared["loaded"] if is_timed(row.cells)]
    figures |= _limited_figures(_limited(timed, catalog))
    without = _figures(left_out, odd) | _limited_figures(_left_out(LIMITED, timed, folder))
    return Validation(compared, left_out, fits, verdicts, figures, without, _expected(folder, figures))


def _comparisons(measured: Mapping[str, Sequence[MeasuredRow]]) -> dict[str, tuple[MeasuredRow, ...]]:
    single = tuple(row for row in measured["serving"] if row.cells["single_stream"] == "yes")
    loaded = tuple(row for row in measured["serving"] if row.cells["single_stream"] != "yes")
    memory, speed = tuple(measured["memory"]), tuple(measured["speed"])
    return dict(zip(COMPARED, (memory, speed, single, loaded, tuple(as_cost(loaded))), strict=True))


def _left_out(name: str, rows: Sequence[MeasuredRow], folder: Path) -> tuple[MeasuredRow, ...]:
    """Rows with the predictions that ``make calibrate`` stored; a row without one stays unpredicted."""
    content = (folder / LEFT_OUT / f"{name}.csv").read_text(encoding="utf-8")
    stored = {cells["row_id"]: cells for cells in csv.DictReader(io.StringIO(content))}
    return tuple(_predicted_without_its_family(row, stored.get(row.id, {})) for row in rows)


def _predicted_without_its_family(row: MeasuredRow, stored: Mapping[str, str]) -> MeasuredRow:
    predicted, low, high = (float(stored[end]) if stored else None for end in ("predicted", "low", "high"))
    return replace(row, predicted=predicted, low=low, high=high)


def _rows(name: str, folder: Path) -> tuple[TableRow, ...]:
    return read_table((folder / f"{name}.csv").read_bytes(), TABLES[name]).rows


def _compared(name: str, catalog: Catalog, folder: Path) -> tuple[MeasuredRow, ...]:
    rows = _rows(name, folder)
    pairs = zip(rows, predict(TABLES[name], rows, catalog), strict=True)
    return tuple(_measured(name, row.id, row.cells or {}, value) for row, value in pairs)


def _measured(name: str, row_id: str, cells: Mapping[str, str], value: Prediction | FitVerdict | str) -> MeasuredRow:
    kind = _kind(name, cells)
    return MeasuredRow(
        id=row_id,
        source=cells["source"],
        link=_link(cells),
        kind=kind,
        group=(cells["source"], kind) if name == "serving" else (cells["source"],),
        measured=float(next(cells[column] for column in MEASURED[name] if cells[column])),
        predicted=value.middle if isinstance(value, Prediction) else None,
        reason=value if isinstance(value, str) else "",
        cells=cells,
        low=value.low if isinstance(value, Prediction) else None,
        high=value.high if isinstance(value, Prediction) else None,
        fit=value.fit.verdict if isinstance(value, Prediction) and value.fit is not None else None,
    )


def _kind(name: str, cells: Mapping[str, str]) -> str:
    """Pre-training benchmarks and MLPerf are tuned further than usual fine-tuning, so they are scored apart."""
    if name == "serving":
        return cells["benchmark_mode"]
    run_type = cells.get("run_type", "finetune")
    return cells["method"] if run_type == "finetune" else run_type


def _link(cells: Mapping[str, str]) -> str:
    return cells.get("url") or cells.get("url_or_repo_path", "")


def _fits(catalog: Catalog, folder: Path) -> tuple[FitRow, ...]:
    table, rows = TABLES["fits"], _rows("fits", folder)
    return tuple(
        FitRow(
            id=row.id,
            source=cells["source"],
            link=_link(cells),
            ran=cells["fits"].startswith("yes"),
            verdict=said.verdict if isinstance(said, FitVerdict) else str(said),
            probability=said.probability if isinstance(said, FitVerdict) else None,
            cells=cells,
        )
        for row, said in zip(rows, predict(table, rows, catalog), strict=True)
        if (cells := row.cells) is not None
    )


def _limited(timed: Sequence[MeasuredRow], catalog: Catalog) -> list[MeasuredRow]:
    """Rows with what their deployments serve while a token takes no longer than was measured."""
    cells = [row.cells for row in timed]
    found = predicted_under_limits(cells, cards(catalog), catalog.constants("serving"), models(catalog))
    return [_predicted_as(row, value) for row, value in zip(timed, found, strict=True)]


def _predicted_as(row: MeasuredRow, value: Prediction | str) -> MeasuredRow:
    """The same measurement beside another prediction."""
    if isinstance(value, str):
        return replace(row, predicted=None, low=None, high=None, reason=value)
    return replace(row, predicted=value.middle, low=value.low, high=value.high, reason="")


def _odd_sources(table: str, folder: Path) -> frozenset[str]:
    """Sources that no constant follows."""
    raw = parse_yaml((folder / "families.yaml").read_bytes(), FAMILIES)
    found = (build(SoftwareFamily, entry, FAMILIES, name) for name, entry in entries(raw, "families", FAMILIES))
    return frozenset(source for family in found if table in family.not_fitted for source in family.sources)


def _fit_figures(fits: FitScore, in_memory_table: Iterable[str | None]) -> dict[str, float | None]:
    """Every run has a verdict where its card is known: those that are said to fit or not, and those of memory."""
    said = Counter(in_memory_table) + Counter(fits.ran) + Counter(fits.failed)
    verdicts = sum(said[word] for word in FITS)
    return {
        "fits.balanced": fits.balanced_accuracy,
        "fits.balanced_if_tight_fits": fits.balanced_accuracy_if_tight_fits,
        "fits.tight": said["tight"] / verdicts if verdicts else None,
    }


def _figures(compared: Mapping[str, Sequence[MeasuredRow]], odd: frozenset[str]) -> dict[str, float | None]:
    memory, speed = score(compared["memory"]), score(compared["speed"])
    scores = {name: score(rows) for name, rows in compared.items()}
    inside = {f"{name}.inside": None if found is None else found.inside for name, found in scores.items()}
    return (
        inside
        | {f"{name}.median": _median(rows) for name, rows in compared.items()}
        | {
            "memory.within_15": None if memory is None else memory.within[15],
            "memory.within_30": None if memory is None else memory.within[30],
            "memory.bias": None if memory is None else abs(memory.bias),
            "memory.worst_source": _worst_source(compared["memory"]),
            "speed.median_fixed": _median(row for row in compared["speed"] if row.cells["seq_len_kind"] == "fixed"),
            "speed.median_fitted": _median(row for row in compared["speed"] if row.source not in odd),
            "speed.within_30": None if speed is None else speed.within[30],
            "saturated.median": _median(row for row in compared["loaded"] if row.kind == SATURATED),
        }
    )


def _limited_figures(rows: Iterable[MeasuredRow]) -> dict[str, float | None]:
    found = score(rows)
    return {
        f"{LIMITED}.median": None if found is None else found.median_error,
        f"{LIMITED}.inside": None if found is None else found.inside,
    }


def _median(rows: Iterable[MeasuredRow]) -> float | None:
    found = score(rows)
    return None if found is None else found.median_error


def _worst_source(rows: Iterable[MeasuredRow]) -> float | None:
    large = [found for found in scores_by(rows, lambda row: row.source).values() if found.rows > ENOUGH_ROWS]
    return max((found.median_error for found in large), default=None)


def _expected(folder: Path, figures: Mapping[str, float | None]) -> tuple[ExpectedFigure, ...]:
    raw = parse_yaml((folder / "expected.yaml").read_bytes(), EXPECTED)
    found = tuple(build(ExpectedFigure, entry, EXPECTED, name) for name, entry in entries(raw, "figures", EXPECTED))
    listed = [expected.id for expected in found]
    for name in sorted({*listed} ^ {*figures}):
        mend = "remove it" if name in listed else "add it, with its reason"
        raise DataError(EXPECTED, name, "figures and expectations differ", mend)
    return found
