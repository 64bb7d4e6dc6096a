"""Tables of cases of any length, as Parquet or a folder of files: a chunk at a time, taken up where it ended."""

import argparse
import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from advisor import __version__
from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.cli.files import model_file, shown, writable, write
from advisor.cli.portfolio_parts import Finished, Parts
from advisor.cli.progress import told_progress
from advisor.cli.tables import nothing_computed, tell
from advisor.core.notices import InputError, Issue
from advisor.core.system_faults import system_fault
from advisor.decision.funding import MOST_CANDIDATES, Candidate, fund, read_budget, read_currency, usual_currency
from advisor.decision.portfolio import portfolio_of
from advisor.report.portfolio import COLUMNS, funding_lines, outcomes, written
from advisor.report.portfolio_files import (
    ROWS_AT_ONCE,
    TABLES,
    CasesFile,
    figures_table,
    is_parquet,
    open_cases,
    schema_of,
)
from advisor.report.portfolio_funding import BudgetOfFigures, FundedColumns, by_figures, drawn
from advisor.text.i18n import Translator

if TYPE_CHECKING:
    import pyarrow as pa

Told = Callable[[float], None]


@dataclass(frozen=True)
class _Run:
    """What the figures of every file rest on beside the file itself."""

    catalog: Catalog
    at: datetime
    t: Translator
    budget: str | None
    currency: str | None

    def of(self, source: Path, cases: CasesFile) -> dict[str, object]:
        """All that the parts of an output rest on, as JSON can hold it."""
        file = source.stat()
        return {
            "file": [str(source.resolve()), file.st_size, file.st_mtime_ns, cases.digest],
            "figures": [self.catalog.version, __version__, self.at.date().isoformat(), self.t.language],
            "rows_at_once": ROWS_AT_ONCE,
        }


def is_bulk(options: argparse.Namespace) -> bool:
    """Whether the cases lie in Parquet or in a folder, or go out as Parquet."""
    source = Path(options.table or "")
    if options.output is not None and Path(options.output).suffix.lower() == ".parquet":
        return True
    try:
        return options.table is not None and (source.is_dir() or (source.is_file() and is_parquet(source)))
    except (OSError, ValueError):  # told when it is read
        return False


def tell_bulk(options: argparse.Namespace, t: Translator, at: datetime) -> bool:
    """Figures for every case of a file or of each file in a folder. Says whether anything was computed."""
    if options.kept or options.table is None:
        raise InputError([Issue("--kept", "portfolio_kept_apart", {})])
    run, source = _Run(load_catalog(), at, t, options.budget, options.currency), Path(options.table)
    try:
        if source.is_dir():
            return _folder(source, options, run)
        if not source.is_file():
            raise InputError([Issue("TABLE", "file_not_found", {"path": shown(options.table)})])
        if options.output is None:
            return _printed(source, options, run)
        target = writable(options.output, options.table)
        with told_progress(t("portfolio.bulk.progress"), always=options.progress) as progress:
            rows, computed, lines = _one(source, target, run, progress)
    except OSError as error:
        path, fault = shown(str(error.filename or options.output)), system_fault(error)
        raise InputError([Issue("-o", "not_writable", {"path": path, "fault": fault})]) from None
    count = t("cli.portfolio.done", rows=t.number(rows, 0), computed=t.number(computed, 0))
    write("\n".join([t("cli.written", path=shown(options.output)), count, *lines]) + "\n")
    return computed > 0 or nothing_computed(t, options.table)


# --- A folder -------------------------------------------------------------------------------------------


def _folder(source: Path, options: argparse.Namespace, run: _Run) -> bool:
    """One output for each table of a folder, of its name, in another folder."""
    target = _target_folder(source, options)
    files = sorted(each for each in source.iterdir() if _is_table(each))
    if not files:
        raise InputError([Issue("TABLE", "portfolio_no_tables", {"path": shown(str(source)), "known": _known()})])
    done, any_computed, faults = Finished(target), False, list[Issue]()
    with told_progress(run.t("portfolio.bulk.progress"), always=options.progress) as progress:
        for k, each in enumerate(files):
            try:
                rows, computed = _of_folder(each, target / each.name, run, done, _share(progress, k, len(files)))
            except InputError as error:  # one file stops no other
                tell(run.t, str(each), error.issues)
                faults += error.issues
                continue
            any_computed |= computed > 0
            count = run.t("cli.portfolio.done", rows=run.t.number(rows, 0), computed=run.t.number(computed, 0))
            write(f"{run.t('cli.written', path=shown(str(target / each.name)))}\n{count}\n")
    done.forget()
    return (any_computed and not faults) or (not faults and nothing_computed(run.t, options.table))


def _target_folder(source: Path, options: argparse.Namespace) -> Path:
    if options.budget is not None:
        raise InputError([Issue("--budget", "portfolio_budget_of_folder", {})])
    if options.output is None:
        raise InputError([Issue("-o", "portfolio_folder_needed", {})])
    target = Path(options.output)
    if target.is_file() or (target.is_dir() and target.samefile(source)):
        raise InputError([Issue("-o", "portfolio_folder_needed", {})])
    if not target.parent.is_dir():
        raise InputError([Issue("-o", "no_such_folder", {"path": shown(options.output)})])
    target.mkdir(exist_ok=True)
    return target


def _is_table(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in TABLES and not path.name.startswith(".")


def _known() -> str:
    return ", ".join(TABLES)


def _share(progress: Told, place: int, count: int) -> Told:
    return lambda part: progress((place + part) / count)


def _of_folder(source: Path, target: Path, run: _Run, done: Finished, progress: Told) -> tuple[int, int]:
    cases = _opened(source, run)
    what = run.of(source, cases)
    found = done.has(target, what)
    if found is None:
        found = _written_to(target, cases, Parts(target, what), run, progress)[:2]
        done.add(target, what, found)
    return found


# --- One file -------------------------------------------------------------------------------------------


def _opened(source: Path, run: _Run) -> CasesFile:
    try:
        cases = open_cases(source, run.catalog, model_file(str(source)))
    except OSError as error:
        said = {"path": shown(str(source)), "fault": system_fault(error)}
        raise InputError([Issue("TABLE", "file_unreadable", said)]) from None
    tell(run.t, str(source), cases.told)
    return cases


def _one(source: Path, target: Path, run: _Run, progress: Told) -> tuple[int, int, tuple[str, ...]]:
    """Rows, rows with figures, and what the budget buys."""
    cases = _opened(source, run)
    return _written_to(target, cases, Parts(target, run.of(source, cases)), run, progress)


def _written_to(
    target: Path, cases: CasesFile, parts: Parts, run: _Run, progress: Told
) -> tuple[int, int, tuple[str, ...]]:
    if parts.resumed:
        tell(run.t, str(target), [Issue("file", "portfolio_resumed", {"path": shown(target.name)})])
    for place in range(cases.chunks):
        rows = min(ROWS_AT_ONCE, cases.rows - place * ROWS_AT_ONCE)
        if not parts.kept(place, rows):
            parts.write(place, _computed(cases.chunk(place), run))
        progress((place + 1) / cases.chunks)
    funded = _funded(cases, parts, run)
    computed = 0
    columns = (*COLUMNS, *(() if funded is None else funded.columns))
    with _Output(target, columns) as output:
        for place, table in enumerate(parts.tables(cases.chunks)):
            computed += table.num_rows - table["npv"].null_count
            output.write(table if funded is None else funded.beside(table, place * ROWS_AT_ONCE))
    parts.remove()
    return cases.rows, computed, () if funded is None else funded.lines


def _computed(candidates: Sequence[Candidate], run: _Run) -> "pa.Table":
    cases = [each.case for each in candidates if each.case is not None]
    found = outcomes(candidates, portfolio_of(cases, run.catalog, run.at.date()))
    return figures_table(candidates, found, run.t)


def _funded(cases: CasesFile, parts: Parts, run: _Run) -> FundedColumns | None:
    """Which cases the budget pays for: drawn where they are few, by their figures where they are many."""
    if run.budget is None:
        return None
    on = run.at.date()
    if cases.rows <= MOST_CANDIDATES:
        candidates = cases.chunk(0)
        currency = read_currency(run.currency or usual_currency(candidates))
        budget = read_budget(run.budget, currency, ("--budget", "--currency"))
        funding = fund(candidates, budget, currency, run.catalog, on)
        return drawn(candidates, funding, funding_lines(funding, run.t), run.t)
    told = BudgetOfFigures.of(parts.tables(cases.chunks))
    currency = read_currency(run.currency or told.usual_currency)
    budget = read_budget(run.budget, currency, ("--budget", "--currency"))
    return by_figures(told, budget, currency, run.catalog, on, run.t)


def _printed(source: Path, options: argparse.Namespace, run: _Run) -> bool:
    """The table on the screen, chunk by chunk; with a budget it needs a file."""
    if run.budget is not None:
        raise InputError([Issue("-o", "portfolio_output_needed", {})])
    cases, computed = _opened(source, run), 0
    write(_lines([COLUMNS]))
    for place in range(cases.chunks):
        table = _computed(cases.chunk(place), run)
        computed += table.num_rows - table["npv"].null_count
        write(_lines(_rows(table)))
    return computed > 0 or nothing_computed(run.t, options.table)


# --- The output -----------------------------------------------------------------------------------------


def _rows(table: "pa.Table") -> Iterator[tuple[str, ...]]:
    columns = [[written(name, value) for value in table[name].to_pylist()] for name in table.column_names]
    return zip(*columns, strict=True)


def _lines(rows: Iterator[tuple[str, ...]] | Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


class _Output:
    """A file that takes the place of the target once it is whole: Parquet by its name, else CSV."""

    def __init__(self, target: Path, columns: Sequence[str]) -> None:
        from pyarrow import parquet

        self._target, self._beside = target, target.with_name(f".{target.name}.tmp")
        self._parquet = self._text = None
        if target.suffix.lower() == ".parquet":
            self._parquet = parquet.ParquetWriter(self._beside, schema_of(columns))
        else:
            self._text = self._beside.open("w", encoding="utf-8", newline="")
            self._text.write(_lines([columns]))

    def __enter__(self) -> "_Output":
        return self

    def write(self, table: "pa.Table") -> None:
        if self._parquet is not None:
            self._parquet.write_table(table)
        elif self._text is not None:
            self._text.write(_lines(_rows(table)))

    def __exit__(self, kind: object, *_: object) -> None:
        for each in (self._parquet, self._text):
            if each is not None:
                each.close()
        if kind is None:
            os.replace(self._beside, self._target)
        else:
            self._beside.unlink(missing_ok=True)
