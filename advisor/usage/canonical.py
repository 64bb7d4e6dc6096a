"""A table of one format as the canonical table, each row with the reason for which it is left out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from advisor.core.notices import Notice
from advisor.usage.readers.moments import USUAL_TIME, EngineTime
from advisor.usage.readers.rows import REASONS, Row, UsageFormat, parsed
from advisor.usage.records import BILL_COLUMNS, USAGE_COLUMNS

COUNTED = ("_by_total", "_unlike", "_scaled", "_rounded")
"""Marks of rows that a notice counts."""


def columns_of(form: UsageFormat) -> Mapping[str, str]:
    return USAGE_COLUMNS if form.table == "usage" else BILL_COLUMNS


def canonical(
    form: UsageFormat,
    table: Any,
    hashed: Callable[[Any], Any],
    engine_time: EngineTime = USUAL_TIME,
) -> Any:
    """Canonical columns of every row, with ``_reason`` (null: the row is used), ``_file``, ``_row`` and marks.

    ``hashed`` makes names of keys, and ``engine_time`` says how moments become numbers, as the engine can.
    """
    import ibis

    asking = Row(table, date_order=form.date_order, decimal=form.decimal, engine_time=engine_time)
    form.read(asking)
    ready, cell_faults = parsed(asking)
    row = Row(table, ready)
    found = dict(form.read(row))
    marks = {mark: found.pop(mark, ibis.literal(False)) for mark in COUNTED}
    for secret, name in (("key", "key_hash"), ("prefix", "prefix_hash")):
        if secret in found:
            found[name] = hashed(found.pop(secret))
    columns = {name: typed(found.get(name), kind) for name, kind in columns_of(form).items()}
    kept = [name for name in ("_file", "_row") if name in table.columns]
    staged = ready.select(*kept, **columns, **marks, _faulty=_first_fault(row, ready, cell_faults))
    own = _faults_of_usage(staged) if form.table == "usage" else [(staged["cost"].isnull(), "no_cost")]
    reason = staged["_faulty"].coalesce(ibis.cases(*own, else_=ibis.null("string")))
    return staged.mutate(**_tidied(form, staged), _reason=reason).drop("_faulty")


def is_cheap(form: UsageFormat, table: Any) -> bool:
    """Whether the cells that a format asks for have the types of what they hold, so that no text is taken apart, and
    none is hashed."""
    if "_native" not in table.columns:
        return False
    row = Row(table, date_order=form.date_order, decimal=form.decimal)
    if {"key", "prefix"} & {*form.read(row)}:
        return False
    asked = [(kind, name) for kind, name in row.asked.values() if row.has(name)]
    return not any(kind != "text" and table[name].type().is_string() for kind, name in asked)


def _first_fault(row: Row, ready: Any, cell_faults: Sequence[str]) -> Any:
    """What is wrong with the line, its kind, its cells, their meaning, in this order."""
    import ibis

    ordered = sorted(row.faults, key=lambda fault: REASONS.index(fault[0]))
    kinds = [(condition, why) for why, condition in ordered if why == "other_kind"]
    others = [(condition, why) for why, condition in ordered if why != "other_kind"]
    if "_bad" in ready.columns:
        kinds.insert(0, (ready["_bad"], "line_unreadable"))
    nothing = ibis.null("string")
    parts = [ibis.cases(*pairs, else_=nothing) if pairs else nothing for pairs in (kinds, others)]
    return ibis.coalesce(parts[0], *(ready[name] for name in cell_faults), parts[1])


def typed(value: Any, kind: str) -> Any:
    """A value, an expression or nothing, as an expression of a type."""
    import ibis

    if value is None:
        return ibis.null(kind)
    expression = value if isinstance(value, ibis.Expr) else ibis.literal(value)
    return expression if str(expression.type()) == kind else expression.cast(kind)


def _faults_of_usage(table: Any) -> list[tuple[Any, str]]:
    """Faults of a row as a whole."""
    nothing = table["input_tokens"].isnull() & table["output_tokens"].isnull() & table["cost"].isnull()
    parts = table["cache_read_tokens"].fill_null(0) + table["cache_write_tokens"].fill_null(0)
    return [
        (table["ts"].isnull() | ~(table["bucket_seconds"] >= 0).fill_null(False), "time_unreadable"),
        (nothing & table["ok"].fill_null(True), "no_tokens"),
        (parts > table["input_tokens"], "parts_above_total"),
        (table["output_reasoning_tokens"] > table["output_tokens"], "parts_above_total"),
    ]


def _tidied(form: UsageFormat, table: Any) -> dict[str, Any]:
    """Durations that run backwards are not known; a row that no gateway answered was answered by a model."""
    import ibis

    if form.table != "usage":
        return {}
    durations = {
        name: ibis.ifelse(table[name] >= 0, table[name], ibis.null("float64")) for name in ("latency_ms", "ttft_ms")
    }
    return {**durations, "served_from_response_cache": table["served_from_response_cache"].fill_null(False)}


def notices_of_marks(files: Mapping[str, str], rows: Mapping[str, int]) -> list[Notice]:
    """What a reader must know of rows that carry a mark: by mark the names of their files, and how many they are."""
    notices = []
    if rows["_by_total"]:
        notices.append(
            Notice("usage_cache_by_total", "warning", {"files": files["_by_total"], "rows": rows["_by_total"]})
        )
    if rows["_unlike"]:
        notices.append(Notice("usage_totals_differ", "warning", {"files": files["_unlike"], "rows": rows["_unlike"]}))
    if rows["_scaled"]:
        notices.append(Notice("usage_scaled_up", "info", {"files": files["_scaled"], "rows": rows["_scaled"]}))
    if rows["_rounded"]:
        notices.append(Notice("usage_rate_rounded", "warning", {"files": files["_rounded"], "rows": rows["_rounded"]}))
    return notices
