"""Sums of the calls of a log by hour, provider, model and batch, in one scan; nearly every figure follows from them.

What a log does not hold is not asked for: its sums are 0, with 0 rows that report it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from advisor.usage.measures.scans import ModelName, Overview, calls, each

if TYPE_CHECKING:  # imported where they are used: heavy
    import pandas as pd
    from ibis.expr.types import Column, Table

KEYS = ("hour", "provider", "model", "batch")
SUMS = (
    *("rows", "n", "input", "input_of_n", "input_n", "input_rows", "output", "output_of_n", "output_n", "output_rows"),
    *("answer", "answer_n", "answer_rows", "read", "read_input", "read_rows", "written"),
    *("judged_n", "judged_rows", "failed_n", "sized_n", "sized_rows"),
    *("long_n", "long_input", "long_read", "long_written", "long_output"),
    *("billed", "billed_of_n", "billed_n", "billed_rows", "unbilled_rows"),
    *("estimated_of_n", "estimated_n", "estimated_rows"),
)
"""Columns of the cells: ``_rows`` are rows that report something, ``_n`` their requests, ``_of_n`` sums over rows whose
requests are counted. ``answer`` is output without reasoning, ``judged`` has a status, ``sized`` are rows of single
requests with a length, ``long`` those above the limit of their model."""
Adding = dict[str, Any]


@dataclass(frozen=True)
class TierLimits:
    """Lengths above which the prompt of a model costs more, and the limit of all other models. [tokens]

    ``longest`` is the longest prompt of the log.
    """

    by_model: Mapping[ModelName, int]
    usual: int
    longest: float

    @property
    def are_passed(self) -> bool:
        return self.longest > min(self.usual, *self.by_model.values())


def cells(
    usage: "Table", seen: Overview, limits: TierLimits, thresholds: Mapping[str, tuple[float, ...]]
) -> "pd.DataFrame":
    """The sums ``SUMS`` by ``KEYS``; the hour is in UTC.

    For each column in ``thresholds`` the requests at or below each of its values are counted as well, as
    ``below_<column>_<k>``, and those that report the column as ``seen_<column>``.
    """
    rows = calls(usage)
    rows = rows.mutate(hour=rows.ts.truncate("h"))
    sums = {"rows": rows.count(), "n": _requests(rows, seen)}
    for part in (_input(rows, seen), _output(rows, seen), _status(rows, seen), _costs(rows, seen)):
        sums |= part
    if limits.are_passed:
        sums |= _long(rows, seen, limits)
    sums |= _below(rows, seen, thresholds)
    found: pd.DataFrame = rows.group_by(KEYS).agg(**sums).order_by(KEYS).to_pandas()
    numbers = [name for name in found.columns if name not in KEYS]
    found = found.astype(dict.fromkeys(numbers, float)).fillna(dict.fromkeys(numbers, 0.0))
    return found.assign(**dict.fromkeys((name for name in SUMS if name not in numbers), 0.0))


def _requests(rows: "Table", seen: Overview, where: "Column | None" = None) -> Any:
    return rows.count(where=where) if seen.is_plain else rows.n.sum(where=where)


def _counted(rows: "Table", seen: Overview, where: "Column | None" = None) -> "Column | None":
    """The condition that requests are counted as well, where some row does not count them."""
    return _both(rows.n.notnull() if seen.uncounted else None, where)


def _both(*conditions: "Column | None") -> "Column | None":
    """What holds where all of these hold; ``None`` always holds, and costs no time."""
    found = None
    for other in conditions:
        found = other if found is None else found if other is None else found & other
    return found


def _tells(rows: "Table", seen: Overview, column: str) -> "Column | None":
    """That a row gives a column, where not all do."""
    return None if column in seen.given_always else rows[column].notnull()


def _input(rows: "Table", seen: Overview) -> Adding:
    tokens, read, written = rows.input_tokens, rows.cache_read_tokens, rows.cache_write_tokens
    if "input_tokens" not in seen.given:
        return {}
    told, cached = _tells(rows, seen, "input_tokens"), _tells(rows, seen, "cache_read_tokens")
    single = _both(told, None if seen.is_plain else rows.bucket_seconds == 0)
    sums = {
        "input": tokens.sum(),
        "input_of_n": tokens.sum(where=_counted(rows, seen)),
        "input_n": _requests(rows, seen, told),
        "input_rows": rows.count(where=told),
        "sized_n": _requests(rows, seen, single),
        "sized_rows": rows.count(where=single),
    }
    if "cache_read_tokens" in seen.given:
        sums["read"] = read.sum(where=told)
        sums["read_input"] = tokens.sum(where=cached)
        sums["read_rows"] = rows.count(where=_both(told, cached))
    return {**sums, "written": written.sum()} if "cache_write_tokens" in seen.given else sums


def _output(rows: "Table", seen: Overview) -> Adding:
    tokens, reasoning = rows.output_tokens, rows.output_reasoning_tokens
    if "output_tokens" not in seen.given:
        return {}
    told, thought = _tells(rows, seen, "output_tokens"), _tells(rows, seen, "output_reasoning_tokens")
    sums = {
        "output": tokens.sum(),
        "output_of_n": tokens.sum(where=_counted(rows, seen)),
        "output_n": _requests(rows, seen, told),
        "output_rows": rows.count(where=told),
    }
    if "output_reasoning_tokens" in seen.given:
        told = _both(told, thought)
        sums["answer"] = (tokens - reasoning).sum(where=_counted(rows, seen, told))
        sums["answer_n"] = _requests(rows, seen, told)
        sums["answer_rows"] = rows.count(where=told)
    return sums


def _status(rows: "Table", seen: Overview) -> Adding:
    if "ok" not in seen.given:
        return {}
    judged = _tells(rows, seen, "ok")
    return {
        "judged_n": _requests(rows, seen, judged),
        "judged_rows": rows.count(where=judged),
        "failed_n": _requests(rows, seen, _both(judged, ~rows.ok)),
    }


def _costs(rows: "Table", seen: Overview) -> Adding:
    """Costs that were billed and that were estimated; rows with tokens of which nothing was billed."""
    sums: Adding = {}
    costed = seen.groups[seen.groups["costed"] > 0]
    for kind in ("billed", "estimated"):
        if (costed["cost_kind"] == kind).any():
            whole = costed["costed"].sum() == seen.groups["calls"].sum()
            alone = (costed["cost_kind"] == kind).all()
            known = _both(
                None if whole else rows.cost.notnull(),
                None if alone else (rows.cost_kind == kind).fill_null(False),
            )
            sums[f"{kind}_of_n"] = rows.cost.sum(where=_counted(rows, seen, known))
            sums[f"{kind}_n"] = _requests(rows, seen, known)
            sums[f"{kind}_rows"] = rows.count(where=known)
            if kind == "billed":
                used = (rows.input_tokens.fill_null(0) + rows.output_tokens.fill_null(0)) > 0
                sums["billed"] = rows.cost.sum(where=known)
                if known is not None:
                    sums["unbilled_rows"] = rows.count(where=~known & used)
    return sums


def _long(rows: "Table", seen: Overview, limits: TierLimits) -> Adding:
    tokens = rows.input_tokens
    long = tokens.notnull() & (rows.bucket_seconds == 0) & (each(rows, seen, "input_tokens") > _limit(rows, limits))
    return {
        "long_n": _requests(rows, seen, long),
        "long_input": tokens.sum(where=long),
        "long_read": rows.cache_read_tokens.sum(where=long),
        "long_written": rows.cache_write_tokens.sum(where=long),
        "long_output": rows.output_tokens.sum(where=long),
    }


def _limit(rows: "Table", limits: TierLimits) -> Any:
    import ibis

    other = {name: limit for name, limit in limits.by_model.items() if limit != limits.usual}
    branches = [(_same(rows, *name), ibis.literal(limit)) for name, limit in other.items()]
    return ibis.cases(*branches, else_=limits.usual) if branches else ibis.literal(limits.usual)


def _same(rows: "Table", provider: str | None, model: str | None) -> "Column":
    def equal(column: "Column", value: str | None) -> "Column":
        return column.isnull() if value is None else column == value

    return equal(rows.provider, provider) & equal(rows.model, model)


def _below(rows: "Table", seen: Overview, thresholds: Mapping[str, tuple[float, ...]]) -> Adding:
    """Requests at or below a value of a column, which is rounded to whole numbers."""
    sums: Adding = {}
    for column, values in thresholds.items():
        value = each(rows, seen, column)
        told = _both(_tells(rows, seen, column), None if seen.is_plain else rows.bucket_seconds == 0)
        sums[f"seen_{column}"] = _requests(rows, seen, told)
        for k, threshold in enumerate(values):
            below = value <= int(threshold) if value.type().is_integer() else value < threshold + 0.5
            sums[f"below_{column}_{k}"] = _requests(rows, seen, _both(told, below))
    return sums
