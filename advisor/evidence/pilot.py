"""A pilot's measured runs: what they answer where they ran as the case will, and what they say of it elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from advisor.assumptions.short_names import id_named
from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError, Issue, Notice
from advisor.core.records import Assumptions
from advisor.costs.training.run import TrainingPlan, training_plan
from advisor.engineering.descriptions import METHODS
from advisor.engineering.prediction import Prediction, spread
from advisor.engineering.sizing import training_run
from advisor.evidence.pilot_calibration import (
    Calibration,
    FitOfCase,
    PlacedRun,
    memory_calibration,
    memory_gib,
    speed_calibration,
)
from advisor.evidence.results_table import ResultColumn, ResultRow, ResultTable, read_results, template
from advisor.formulas.calibration import repeated_runs
from advisor.formulas.paired_results import share_interval
from advisor.scenario import QUESTIONS, Measurement, Scenario, quoted

OF_A_RECORD: Final = 0.8
MEMORY: Final = ("memory_gib", "memory_gb")
MEMORY_KINDS: Final = ("process", "reserved", "allocated")
COLUMNS: Final = (
    ResultColumn("run", names=("id", "name")),
    ResultColumn("gpu", names=("card", "traininggpu")),
    ResultColumn("gpus", "GPU", 1, 1024, ("cards", "numgpus"), whole=True),
    ResultColumn("model", names=("openmodel", "basemodel")),
    ResultColumn("method"),
    ResultColumn("sequence_tokens", "tokens", 16, 2_000_000, ("seqlen", "sequencelength", "maxlength"), whole=True),
    ResultColumn("micro_batch", "count", 1, 4096, ("batch", "batchsize"), whole=True),
    ResultColumn("memory_gib", "GiB", 0.01, 1e5, ("peakmemorygib",)),
    ResultColumn("memory_gb", "GiB", 0.01, 1e5, ("peakmemorygb",)),
    ResultColumn("memory_kind"),
    ResultColumn("training_tokens_per_second", "tokens/s", 0.1, 1e9, ("tokenspersecond", "tokenspers")),
    ResultColumn("training_hours", "hours", 0, 1e6, ("hours",)),
    ResultColumn("examples", "examples", 1, 1e9, ("trainingexamples",), whole=True),
    ResultColumn("epochs", "epochs", 0.01, 1000),
    ResultColumn("training_runs", "runs", 0, 1e4, ("runs", "trainingruns")),
    ResultColumn("fallback_share", "fraction", 0, 1, ("fallback",)),
    ResultColumn("requests", "requests", 1, 1e12, ("answers",), whole=True),
    ResultColumn("engineer_hours", "hours", 0, 1e6),
    ResultColumn("data_preparation_hours", "hours", 0, 1e6, ("datahours",)),
    ResultColumn("replica_tokens_per_second", "tokens/s", 1, 1e9, ("servingtokenspersecond",)),
    ResultColumn("input_tokens", "tokens/request", 0, 2_000_000, ("inputlength",)),
    ResultColumn("output_tokens", "tokens/request", 1, 1_000_000, ("outputlength",)),
    ResultColumn("latency_ms", "milliseconds", 0, 1e9, ("latency",)),
)
MEASURES: Final = (
    *("memory_gib", "memory_gb", "training_tokens_per_second", "training_hours", "training_runs", "fallback_share"),
    *("engineer_hours", "data_preparation_hours", "replica_tokens_per_second", "latency_ms"),
)


@dataclass(frozen=True)
class PilotResult:
    """What a pilot answers, what it calibrates, and what else it measured (by column: lowest, mean, highest).

    ``common_share`` of the variance of an estimate's error is taken to be the same at every length. [fraction]
    """

    file: str
    runs: int
    common_share: float
    records: Mapping[str, Measurement]
    calibrations: tuple[Calibration, ...]
    fit: FitOfCase | None
    beside: Mapping[str, tuple[float, float, float]]
    notices: tuple[Notice, ...]


def pilot_template() -> str:
    """An example of the table: one row a run; what was not measured stays empty."""
    columns = (
        *("run", "gpu", "gpus", "sequence_tokens", "micro_batch", "memory_gib", "training_tokens_per_second"),
        *("fallback_share", "requests", "engineer_hours"),
    )
    rows = [
        ("short", "h100-sxm-80gb", 1, 1024, 4, 31.5, 9800, None, None, 12),
        ("short again", "h100-sxm-80gb", 1, 1024, 4, 31.4, 10100, None, None, None),
        ("answers", None, None, None, None, None, None, "12%", 500, 6),
    ]
    return template(columns, rows)


def read_pilot(content: bytes, file: str) -> ResultTable:
    """The runs in a table. Raises :class:`InputError`."""
    table = read_results(content, file, COLUMNS, ())
    if not any(name in MEASURES for name in table.columns):
        raise InputError([Issue("file", "pilot_nothing_measured", {"known": ", ".join(MEASURES)})])
    for row in table.rows:
        kind = row.texts.get("memory_kind")
        if kind is not None and kind not in MEMORY_KINDS:
            said = {"line": row.line, "value": kind, "known": ", ".join(MEMORY_KINDS)}
            raise InputError([Issue("memory_kind", "results_unknown_word", said)])
    return table


def judge_pilot(table: ResultTable, scenario: Scenario, catalog: Catalog, on: date) -> PilotResult:
    """The pilot beside the case. Raises :class:`InputError` for names and answers that cannot be used."""
    plan = training_plan(scenario, catalog, on)
    placed: list[PlacedRun] = []
    faults: list[Issue] = []
    for row in table.rows:
        try:
            placed.append(_placed(row, plan, catalog))
        except InputError as fault:
            faults += fault.issues
    if faults:
        raise InputError(faults)
    speeds = [each for each in placed if "training_tokens_per_second" in each.row.numbers and not each.is_other]
    memories = [each for each in placed if memory_gib(each.row) is not None and not each.is_other]
    speed = speed_calibration(speeds, plan, catalog) if plan.gpu is not None else None
    memory, fit = memory_calibration(memories, plan, catalog) if memories and plan.gpu is not None else (None, None)
    found = dict(_records(table, placed, speeds, speed, plan, catalog))
    return PilotResult(
        file=table.file,
        runs=len(table.rows),
        common_share=catalog.number("pilot_common_share"),
        records=found,
        calibrations=tuple(each for each in (speed, memory) if each is not None),
        fit=fit,
        beside=dict(_beside(table.rows, found)),
        notices=tuple(_notices(placed, plan, found)),
    )


# --- Conditions -----------------------------------------------------------------------------------


def _placed(row: ResultRow, plan: TrainingPlan, catalog: Catalog) -> PlacedRun:
    gpu = _named(row, "gpu", "training_gpu", catalog) or plan.gpu or ""
    model = _named(row, "model", "open_model", catalog) or plan.work.model
    method = row.texts.get("method", plan.work.method).casefold()
    if method not in METHODS:
        said = {"line": row.line, "value": quoted(method), "known": ", ".join(METHODS)}
        raise InputError([Issue("method", "results_unknown_word", said)])
    sequence = int(row.numbers.get("sequence_tokens", plan.work.sequence))
    size = int(row.numbers.get("micro_batch", plan.micro_batch))
    gpus = int(row.numbers.get("gpus", plan.gpus))
    run = training_run(catalog, model, method, sequence, size, gpus, plan.work.objective)
    same = (gpu, model, method) == (plan.gpu, plan.work.model, plan.work.method)
    at_case = same and (sequence, gpus) == (plan.work.sequence, plan.gpus)
    return PlacedRun(row, run, gpu, not same, at_case)


def _named(row: ResultRow, column: str, question: str, catalog: Catalog) -> str | None:
    """The id of a card or model that a cell names; an unknown one is refused with its line."""
    text = row.texts.get(column)
    if text is None:
        return None
    known = catalog.gpus if column == "gpu" else catalog.models
    try:
        found = id_named(question, text, catalog)
    except InputError as fault:
        near = str(fault.issues[0].params.get("near") or fault.issues[0].params.get("known") or "")
        raise _unknown(row, column, text, near) from None
    if found not in known:
        raise _unknown(row, column, text, ", ".join(list(known)[:8]))
    return found


def _unknown(row: ResultRow, column: str, text: str, known: str) -> InputError:
    said = {"line": row.line, "value": text, "known": known}
    return InputError([Issue(column, "results_unknown_word", said)])


# --- What it answers ------------------------------------------------------------------------------


def _records(
    table: ResultTable,
    placed: Sequence[PlacedRun],
    speeds: Sequence[PlacedRun],
    speed: Calibration | None,
    plan: TrainingPlan,
    catalog: Catalog,
) -> Iterator[tuple[str, Measurement]]:
    yield from _speed_records(table.file, speeds, speed, plan, catalog)
    rows = table.rows
    hours = [each.row.numbers["training_hours"] for each in placed if _same_work(each, plan)]
    if hours:
        yield "training_hours", _of_runs("training_hours", table.file, hours, catalog)
    for name in ("training_runs", "engineer_hours", "data_preparation_hours"):
        told = [row.numbers[name] for row in rows if name in row.numbers]
        if told:
            value = float(np.mean(told)) if name == "training_runs" else float(np.sum(told))
            yield name, Measurement(value=value, file=table.file, rows=float(len(told)))
    yield from _fallback(table)
    yield from _serving(table, plan.case, catalog)


def _speed_records(
    file: str, speeds: Sequence[PlacedRun], speed: Calibration | None, plan: TrainingPlan, catalog: Catalog
) -> Iterator[tuple[str, Measurement]]:
    """Measured at the case's own conditions, else the estimate that the runs calibrate; and its card."""
    direct = [each.row.numbers["training_tokens_per_second"] for each in speeds if each.at_case]
    name = "training_tokens_per_second"
    if direct:
        yield name, _of_runs(name, file, direct, catalog)
    elif speed is not None:
        yield name, _inside(name, speed.after, file, speed.runs)
    else:
        return
    if plan.gpu is not None:
        yield "training_gpu", Measurement(value=plan.gpu, file=file)
        yield "training_gpus", Measurement(value=float(plan.gpus), file=file)


def _of_runs(name: str, file: str, values: Sequence[float], catalog: Catalog) -> Measurement:
    if min(values) <= 0:
        return Measurement(value=float(np.mean(values)), file=file, rows=float(len(values)))
    found = repeated_runs(np.array(values), catalog.number("pilot_speed_spread"))
    return _inside(name, spread(found.ratio, found.sigma), file, len(values))


def _inside(name: str, found: Prediction, file: str, rows: int) -> Measurement:
    """A record with its interval inside the bounds of the question."""
    question = QUESTIONS[name]
    value = question.nearest(found.middle)
    low, high = min(question.nearest(found.low), value), max(question.nearest(found.high), value)
    return Measurement(value=value, file=file, rows=float(rows), low=low, high=high)


def _same_work(each: PlacedRun, plan: TrainingPlan) -> bool:
    """Whether a run took the case's own work: hours of fewer examples are no hours of the case."""
    numbers, work = each.row.numbers, plan.work
    wanted = {"examples": work.examples, "epochs": work.epochs}
    same = all(abs(numbers.get(name, value) - value) <= 0.01 * value for name, value in wanted.items())
    return "training_hours" in numbers and "examples" in numbers and each.at_case and same


def _fallback(table: ResultTable) -> Iterator[tuple[str, Measurement]]:
    told = [row.numbers for row in table.rows if "fallback_share" in row.numbers]
    if not told:
        return
    if not all("requests" in numbers for numbers in told):
        value = float(np.mean([numbers["fallback_share"] for numbers in told]))
        yield "fallback_share", Measurement(value=value, file=table.file)
        return
    items = sum(numbers["requests"] for numbers in told)
    handed = sum(numbers["fallback_share"] * numbers["requests"] for numbers in told)
    ends = share_interval(handed, items, OF_A_RECORD)
    value = handed / items
    low, high = min(float(ends.low), value), max(float(ends.high), value)
    yield "fallback_share", Measurement(value=value, file=table.file, rows=items, low=low, high=high)


def _serving(table: ResultTable, case: Assumptions, catalog: Catalog) -> Iterator[tuple[str, Measurement]]:
    """Throughput with the lengths it was measured at, and on the card of the case alone."""
    name = "replica_tokens_per_second"
    rows = [row for row in table.rows if name in row.numbers and {"input_tokens", "output_tokens"} <= {*row.numbers}]
    own = case.rows.get("serving_gpu")
    there = {_named(row, "gpu", "serving_gpu", catalog) for row in rows}
    lengths = {(row.numbers["input_tokens"], row.numbers["output_tokens"]) for row in rows}
    if not rows or own is None or own.value is None or there - {None, own.value} or len(lengths) > 1:
        return
    yield name, _of_runs(name, table.file, [row.numbers[name] for row in rows], catalog)
    given, written = next(iter(lengths))
    yield "reference_input_tokens", Measurement(value=given, file=table.file)
    yield "reference_output_tokens", Measurement(value=written, file=table.file)
    yield "serving_gpu", Measurement(value=str(own.value), file=table.file)
    counts = {row.numbers.get("gpus") for row in rows} - {None}
    if len(counts) == 1:
        yield "gpus_per_replica", Measurement(value=float(next(iter(counts)) or 1.0), file=table.file)


def _beside(
    rows: Sequence[ResultRow], records: Mapping[str, Measurement]
) -> Iterator[tuple[str, tuple[float, float, float]]]:
    """What was measured and neither answers a question nor calibrates one: lowest, mean and highest."""
    for name in MEASURES:
        told = [row.numbers[name] for row in rows if name in row.numbers]
        if told and name not in records and name not in MEMORY:
            yield name, (min(told), float(np.mean(told)), max(told))


def _notices(placed: Sequence[PlacedRun], plan: TrainingPlan, records: Mapping[str, Measurement]) -> Iterator[Notice]:
    trained = [
        each for each in placed if {"training_tokens_per_second", "memory_gib", "memory_gb"} & {*each.row.numbers}
    ]
    others = sum(each.is_other for each in trained)
    if others:
        yield Notice("pilot_other_set_up", "warning", {"count": others})
    open_ = [name for name in ("gpu", "sequence_tokens") if any(not _says(each.row, name) for each in trained)]
    if open_:
        yield Notice("pilot_conditions_assumed", "info", {"names": ", ".join(open_)})
    if any("training_hours" in each.row.numbers for each in placed) and "training_hours" not in records:
        yield Notice("pilot_hours_elsewhere", "info", {})
    if {"engineer_hours", "data_preparation_hours"} & {*records}:
        yield Notice("pilot_working_hours", "warning", {})
    serving = any("replica_tokens_per_second" in each.row.numbers for each in placed)
    if serving and "replica_tokens_per_second" not in records:
        yield Notice("pilot_serving_elsewhere", "info", {})
    if plan.gpu is None and trained:
        yield Notice("pilot_no_card", "warning", {})


def _says(row: ResultRow, name: str) -> bool:
    return name in row.numbers or name in row.texts
