"""The scans of the canonical table of usage: everything else is computed from what they bring back.

``overview`` says what there is, ``cells.cells`` sums by hour and model, ``histogram`` counts equal values,
from which quantiles are exact, whatever the engine and the order of rows. Each brings back a small table: its rows are
the hours of the log times its models, or the different values of one column. Only Ibis expressions that every engine
has.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # imported where they are used: heavy
    import pandas as pd
    from ibis.expr.types import Column, Table

HOUR, DAY = 3_600, 86_400
COUNTED = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "output_reasoning_tokens",
    "ok",
    "latency_ms",
    "ttft_ms",
)
ModelName = tuple[str | None, str | None]
"""Provider and name of a model, as the log gives them."""


@dataclass(frozen=True)
class Overview:
    """What a log holds: its rows by model, currency and kind of cost, its ends and its longest bucket [s].

    ``last`` is the end of the last bucket, or the last request. ``kept`` are requests that a gateway answered from its
    own cache, ``requests`` all others; ``uncounted`` are rows that do not say how many requests they hold. ``is_plain``
    where every row is one request. ``given`` are the columns of ``COUNTED`` that some call gives, ``given_always``
    those that all give, ``given_by_request`` those that some row of single requests gives.
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
    is_plain: bool
    tells_kept: bool
    given: frozenset[str]
    given_always: frozenset[str]
    given_by_request: frozenset[str]

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
        least=rows.n.min(),
        most=rows.n.max(),
        calls=rows.count(where=~kept),
        costed=rows.cost.count(where=~kept),
        kept_told=rows.served_from_response_cache.count(),
        **{f"given_{name}": rows[name].count(where=~kept) for name in COUNTED},
    )
    groups = sums.order_by(keys).to_pandas()
    if groups.empty:
        return None
    single = groups[groups["bucket_seconds"] == 0]
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
        is_plain=len(single) == len(groups) and bool((groups["least"] == 1).all() and (groups["most"] == 1).all()),
        given=frozenset(name for name in COUNTED if groups[f"given_{name}"].sum()),
        given_always=frozenset(name for name in COUNTED if groups[f"given_{name}"].sum() == groups["calls"].sum()),
        given_by_request=frozenset(name for name in COUNTED if single[f"given_{name}"].sum()),
        tells_kept=bool(groups["kept_told"].sum()),
    )


def histogram(usage: "Table", seen: Overview, column: str) -> "pd.DataFrame":
    """Requests by the value of a column for each request, rounded to whole numbers, in rising order.

    Columns ``value`` and ``n``; only rows that hold single requests.
    """
    rows = calls(usage)
    rows = rows.filter((rows.bucket_seconds == 0) & rows[column].notnull())
    value = each(rows, seen, column)
    whole = value if value.type().is_integer() else value.round().cast("int64")
    counts = rows.group_by(value=whole).agg(n=rows.count() if seen.is_plain else rows.n.sum())
    found: pd.DataFrame = counts.order_by("value").to_pandas().astype(float)
    return found


def each(rows: "Table", seen: Overview, column: str) -> Any:
    """Value of a column for one request; tokens of a row are those of all its requests, times are not."""
    import ibis

    if seen.is_plain or not column.endswith("_tokens"):
        return rows[column]
    value = rows[column].cast("float64")
    return ibis.ifelse(rows.n > 1, value / rows.n, value)


def model_name(provider: object, model: object) -> ModelName:
    """Provider and model of one row of a table that came back, in which nothing is some kind of null."""
    return provider if isinstance(provider, str) else None, model if isinstance(model, str) else None
