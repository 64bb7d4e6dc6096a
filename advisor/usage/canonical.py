"""A table of one format as the canonical table, each row with the reason for which it is left out."""

from collections.abc import Callable, Mapping
from typing import Any

from advisor.usage.readers.rows import REASONS, Row, UsageFormat
from advisor.usage.records import BILL_COLUMNS, USAGE_COLUMNS

COUNTED = ("_by_total", "_unlike", "_scaled", "_rounded")
"""Marks of rows that a notice counts."""


def columns_of(form: UsageFormat) -> Mapping[str, str]:
    return USAGE_COLUMNS if form.table == "usage" else BILL_COLUMNS


def canonical(form: UsageFormat, table: Any, hashed: Callable[[Any], Any]) -> Any:
    """Canonical columns of every row, with ``_reason`` (null: the row is used), ``_file``, ``_row`` and marks."""
    import ibis

    row = Row(table)
    found = dict(form.read(row))
    marks = {mark: found.pop(mark, ibis.literal(False)) for mark in COUNTED}
    for secret, name in (("key", "key_hash"), ("prefix", "prefix_hash")):
        if secret in found:
            found[name] = hashed(found.pop(secret))
    columns = {name: typed(found.get(name), kind) for name, kind in columns_of(form).items()}
    if form.table == "usage":
        _check_usage(row, columns)
    else:
        row.fault("no_cost", columns["cost"].isnull())
    if "_bad" in table.columns:
        row.fault("line_unreadable", table["_bad"])
    kept = [name for name in ("_file", "_row") if name in table.columns]
    return table.select(*kept, **columns, **marks, _reason=_reason(row))


def typed(value: Any, kind: str) -> Any:
    """A value, an expression or nothing, as an expression of a type."""
    import ibis

    if value is None:
        return ibis.null(kind)
    expression = value if isinstance(value, ibis.Expr) else ibis.literal(value)
    return expression if str(expression.type()) == kind else expression.cast(kind)


def _check_usage(row: Row, columns: dict[str, Any]) -> None:
    """Faults of a row as a whole; times that run backwards are not known."""
    import ibis

    columns["served_from_response_cache"] = columns["served_from_response_cache"].fill_null(False)
    for name in ("latency_ms", "ttft_ms"):
        columns[name] = ibis.ifelse(columns[name] >= 0, columns[name], ibis.null("float64"))
    row.fault("time_unreadable", columns["ts"].isnull() | ~(columns["bucket_seconds"] >= 0).fill_null(False))
    nothing = columns["input_tokens"].isnull() & columns["output_tokens"].isnull() & columns["cost"].isnull()
    row.fault("no_tokens", nothing & columns["ok"].fill_null(True))
    parts = columns["cache_read_tokens"].fill_null(0) + columns["cache_write_tokens"].fill_null(0)
    row.fault("parts_above_total", parts > columns["input_tokens"])
    row.fault("parts_above_total", columns["output_reasoning_tokens"] > columns["output_tokens"])


def _reason(row: Row) -> Any:
    import ibis

    ordered = sorted(row.faults, key=lambda fault: REASONS.index(fault[0]))
    return ibis.cases(*((condition, reason) for reason, condition in ordered), else_=ibis.null("string"))
