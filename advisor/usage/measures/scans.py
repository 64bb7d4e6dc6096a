"""The scans of the canonical table of usage: everything else is computed from what they bring back.

``overview`` says what there is, ``cells`` sums by hour, provider, model and batch, ``histogram`` counts equal values,
from which quantiles are exact, whatever the engine and the order of rows. Each brings back a small table: its rows are
the hours of the log times its models, or the different values of one column. Only Ibis expressions that every engine
has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # imported where they are used: heavy
    import pandas as pd
    from ibis.expr.types import Column, Table

HOUR, DAY = 3_600, 86_400
KEYS = ("hour", "provider", "model", "batch")
ModelName = tuple[str | None, str | None]
"""Provider and name of a model, as the log gives them."""


@dataclass(frozen=True)
class Overview:
    """What a log holds: its rows by model, currency and kind of cost, its ends and its longest bucket [s].

    ``last`` is the end of the last bucket, or the last request. ``kept`` are requests that a gateway answered from its
    own cache, ``requests`` all others; ``uncounted`` are rows that do not say how many requests they hold.
    """

    groups: "pd.DataFrame"
    rows: int
    first: datetime
    last: datetime
    shortest_bucket: int
    longest_bucket: int
    kept: float
    requests: float
    uncounted: int

    @property
    def models(self) -> tuple[ModelName, ...]:
        """Models by the number of their rows, the most used first."""
        by_model = self.groups.groupby(["provider", "model"], dropna=False)["rows"].sum()
        return tuple(model_name(*key) for key in by_model.sort_values(ascending=False, kind="stable").index)

    @property
    def days(self) -> float:
        """Length of the log. [days]"""
        return (self.last - self.first) / timedelta(days=1)


def split_by(usage: "Table") -> "Column":
    """What rows are told apart by: the tag of the use case, or the key where there is no tag."""
    import ibis

    return ibis.coalesce(usage.use_case, ibis.literal("key:") + usage.key_hash)


def use_cases(usage: "Table", most: int) -> dict[str, int]:
    """Calls of each use case, of the most used ones."""
    named = counted(usage).mutate(split=split_by(usage))
    named = named.filter(named.split.notnull() & ~_kept(named))
    found = named.group_by("split").agg(n=named.n.sum(), rows=named.count())
    table = found.order_by([found.rows.desc(), found.split]).limit(most).to_pandas()
    counts = table["n"].fillna(table["rows"])
    return {str(name): int(count) for name, count in zip(table["split"], counts, strict=True)}


def counted(usage: "Table") -> "Table":
    """The rows with ``n``, their requests: a row of one request that gives no number is one."""
    import ibis

    alone = ibis.ifelse(usage.bucket_seconds == 0, ibis.literal(1, type="int64"), ibis.null("int64"))
    return usage.mutate(n=ibis.coalesce(usage.requests, alone))


def _kept(usage: "Table") -> "Column":
    return usage.served_from_response_cache.fill_null(False)


def calls(usage: "Table") -> "Table":
    """The rows for which a model was called."""
    rows = counted(usage)
    return rows.filter(~_kept(rows))


def holds(usage: "Table", *columns: str) -> bool:
    """Whether some row gives all of these columns."""
    for column in columns:
        usage = usage.filter(usage[column].notnull())
    return len(usage.select(columns).limit(1).to_pandas()) > 0


def overview(usage: "Table") -> Overview | None:
    """What a log holds, or ``None`` where it has no row."""
    rows = counted(usage)
    kept = _kept(rows)
    keys = ["provider", "model", "currency", "cost_kind", "bucket_seconds"]
    sums = rows.group_by(keys).agg(
        rows=rows.count(),
        first=rows.ts.min(),
        last=rows.ts.max(),
        kept=rows.n.sum(where=kept),
        n=rows.n.sum(where=~kept),
        uncounted=(rows.n.isnull() & ~kept).sum(),
        costed=rows.cost.count(where=~kept),
    )
    groups = sums.order_by(keys).to_pandas()
    if groups.empty:
        return None
    ends = [at + timedelta(seconds=int(s)) for at, s in zip(groups["last"], groups["bucket_seconds"], strict=True)]
    return Overview(
        groups=groups,
        rows=int(groups["rows"].sum()),
        first=groups["first"].min().to_pydatetime(),
        last=max(ends).to_pydatetime(),
        shortest_bucket=int(groups["bucket_seconds"].min()),
        longest_bucket=int(groups["bucket_seconds"].max()),
        kept=float(groups["kept"].sum()),
        requests=float(groups["n"].sum()),
        uncounted=int(groups["uncounted"].sum()),
    )


def histogram(usage: "Table", column: str) -> "pd.DataFrame":
    """Requests by the value of a column for each request, rounded to whole numbers, in rising order.

    Columns ``value`` and ``n``; only rows that hold single requests.
    """
    rows = calls(usage)
    rows = rows.filter((rows.bucket_seconds == 0) & rows[column].notnull() & (rows.n > 0))
    whole = each(rows, column).round().cast("int64")
    counts = rows.group_by(value=whole).agg(n=rows.n.sum())
    found: pd.DataFrame = counts.order_by("value").to_pandas().astype(float)
    return found


def each(rows: "Table", column: str) -> "Column":
    """Value of a column for one request; tokens of a row are those of all its requests, times are not."""
    import ibis

    value = rows[column].cast("float64")
    return ibis.ifelse(rows.n > 1, value / rows.n, value) if column.endswith("_tokens") else value


def cells(
    usage: "Table",
    tiers: Mapping[ModelName, int],
    usual_tier: int,
    thresholds: Mapping[str, tuple[float, ...]],
) -> "pd.DataFrame":
    """Sums of the calls by hour (UTC), provider, model and batch.

    ``tiers`` are the lengths above which a model's prompt costs more [tokens]; other models have ``usual_tier``. For
    each column in ``thresholds`` the requests at or below each of its values are counted, as ``below_<column>_<k>``.
    """
    rows = calls(usage)
    rows = rows.mutate(hour=rows.ts.truncate("h"))
    sums = {**_tokens(rows), **_costs(rows), **_long(rows, tiers, usual_tier)}
    for column, values in thresholds.items():
        seen = (rows.bucket_seconds == 0) & rows[column].notnull()
        sums[f"seen_{column}"] = rows.n.sum(where=seen)
        whole = each(rows, column).round()
        for k, value in enumerate(values):
            sums[f"below_{column}_{k}"] = rows.n.sum(where=seen & (whole <= value))
    found: pd.DataFrame = rows.group_by(KEYS).agg(**sums).order_by(KEYS).to_pandas()
    numbers = [name for name in found.columns if name not in KEYS]
    found = found.astype(dict.fromkeys(numbers, float)).fillna(dict.fromkeys(numbers, 0.0))
    return found


def _tokens(rows: "Table") -> dict[str, Any]:
    n, read, reasoning = rows.n.notnull(), rows.cache_read_tokens, rows.output_reasoning_tokens
    told = n & reasoning.notnull() & rows.output_tokens.notnull()
    failed = rows.ok.notnull() & ~rows.ok
    return {
        "rows": rows.count(),
        "n": rows.n.sum(),
        "input": rows.input_tokens.sum(),
        "input_of_n": rows.input_tokens.sum(where=n),
        "input_n": rows.n.sum(where=rows.input_tokens.notnull()),
        "input_rows": rows.input_tokens.count(),
        "output": rows.output_tokens.sum(),
        "output_of_n": rows.output_tokens.sum(where=n),
        "output_n": rows.n.sum(where=rows.output_tokens.notnull()),
        "output_rows": rows.output_tokens.count(),
        "answer": (rows.output_tokens - reasoning).sum(where=told),
        "answer_n": rows.n.sum(where=told),
        "answer_rows": told.sum(),
        "read": read.sum(where=rows.input_tokens.notnull()),
        "read_input": rows.input_tokens.sum(where=read.notnull()),
        "read_rows": read.count(where=rows.input_tokens.notnull()),
        "written": rows.cache_write_tokens.sum(),
        "judged_n": rows.n.sum(where=rows.ok.notnull()),
        "judged_rows": rows.ok.count(),
        "failed_n": rows.n.sum(where=failed),
    }


def _costs(rows: "Table") -> dict[str, Any]:
    known = rows.cost.notnull()
    billed, estimated = known & (rows.cost_kind == "billed"), known & (rows.cost_kind == "estimated")
    used = (rows.input_tokens.fill_null(0) + rows.output_tokens.fill_null(0)) > 0
    return {
        "billed": rows.cost.sum(where=billed),
        "billed_of_n": rows.cost.sum(where=billed & rows.n.notnull()),
        "billed_n": rows.n.sum(where=billed),
        "billed_rows": billed.sum(),
        "unbilled_rows": (~billed.fill_null(False) & used).sum(),
        "estimated_of_n": rows.cost.sum(where=estimated & rows.n.notnull()),
        "estimated_n": rows.n.sum(where=estimated),
        "estimated_rows": estimated.sum(),
    }


def _long(rows: "Table", tiers: Mapping[ModelName, int], usual_tier: int) -> dict[str, Any]:
    sized = (rows.bucket_seconds == 0) & rows.input_tokens.notnull()
    long = sized & (each(rows, "input_tokens") > _tier(rows, tiers, usual_tier))
    return {
        "sized_n": rows.n.sum(where=sized),
        "sized_rows": sized.sum(),
        "long_n": rows.n.sum(where=long),
        "long_input": rows.input_tokens.sum(where=long),
        "long_read": rows.cache_read_tokens.sum(where=long),
        "long_written": rows.cache_write_tokens.sum(where=long),
        "long_output": rows.output_tokens.sum(where=long),
    }


def _tier(rows: "Table", tiers: Mapping[ModelName, int], usual_tier: int) -> Any:
    import ibis

    other = {name: tier for name, tier in tiers.items() if tier != usual_tier}
    branches = [(_same(rows, *name), ibis.literal(tier)) for name, tier in other.items()]
    return ibis.cases(*branches, else_=usual_tier) if branches else ibis.literal(usual_tier)


def _same(rows: "Table", provider: str | None, model: str | None) -> "Column":
    def equal(column: "Column", value: str | None) -> "Column":
        return column.isnull() if value is None else column == value

    return equal(rows.provider, provider) & equal(rows.model, model)


def model_name(provider: object, model: object) -> ModelName:
    """Provider and model of one row of a table that came back, in which nothing is some kind of null."""
    return provider if isinstance(provider, str) else None, model if isinstance(model, str) else None
