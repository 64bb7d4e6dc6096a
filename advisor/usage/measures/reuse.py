"""What repeats: prefixes that a provider's cache could hold, whole prompts, and retries after a failure.

Two reuse windows are told, since prompt caches keep a prefix for five minutes after its last use unless an hour is
asked and paid for. A prefix counts as seen where the same model was called with it within the window. A whole prompt
repeats where it was sent before at any time in the log, so a short log tells too little. A retry is a prompt that
failed and was sent again within ``RETRY_SECONDS``.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from advisor.usage.measures.sampling import blocks_of, ratio
from advisor.usage.measures.scans import calls, holds
from advisor.usage.measures.volume import Found
from advisor.usage.records import Measured

if TYPE_CHECKING:  # imported where they are used: heavy
    import pandas as pd
    from ibis.expr.types import Column, Table

WINDOW_SECONDS = {"cacheable_share": 300, "cacheable_share_hour": 3_600}
RETRY_SECONDS = 60


def reuse(usage: "Table") -> Found:
    """The cacheable share in both windows, the share of repeated prompts and that of retries."""
    return {**_cacheable(usage), **_repeated(usage)}


def _cacheable(usage: "Table") -> Found:
    if holds(usage, "block_hashes", "block_tokens"):
        rows = _blocks(_single(usage))
    elif holds(usage, "prefix_hash", "block_tokens"):
        rows = _prefixes(_single(usage))
    else:
        reason = "prefix_length_not_reported" if holds(usage, "prefix_hash") else "no_prefix_hashes"
        return dict.fromkeys(WINDOW_SECONDS, reason)
    previous = rows.ts.lag().over(_window(rows, ["provider", "model", "piece"]))
    rows = rows.select("ts", "tokens", "whole", previous=previous)
    sums = {
        name: rows.tokens.sum(where=_within(rows, seconds).fill_null(False)) for name, seconds in WINDOW_SECONDS.items()
    }
    by_hour = rows.group_by(hour=rows.ts.truncate("h")).agg(whole=rows.whole.sum(), rows=rows.whole.count(), **sums)
    found = by_hour.to_pandas()
    return {name: _share(found, name, "whole") for name in WINDOW_SECONDS}


def _single(usage: "Table") -> "Table":
    rows = calls(usage)
    return rows.filter((rows.bucket_seconds == 0) & rows.input_tokens.notnull() & rows.block_tokens.notnull())


def _prefixes(rows: "Table") -> "Table":
    """One row a prompt: its prefix, the tokens of the prefix and of the whole prompt."""
    import ibis

    rows = rows.filter(rows.prefix_hash.notnull())
    tokens = ibis.least(rows.block_tokens, rows.input_tokens)
    return rows.select("ts", "provider", "model", piece=rows.prefix_hash, tokens=tokens, whole=rows.input_tokens)


def _blocks(rows: "Table") -> "Table":
    """One row a block of a prompt; the first carries the tokens of the whole prompt."""
    import ibis

    rows = rows.filter(rows.block_hashes.notnull())
    rows = rows.select("ts", "provider", "model", "input_tokens", "block_tokens", piece=rows.block_hashes)
    rows = rows.unnest("piece", offset="place")
    rest = rows.input_tokens - rows.place * rows.block_tokens
    tokens = ibis.greatest(ibis.least(rest, rows.block_tokens), 0)
    whole = ibis.ifelse(rows.place == 0, rows.input_tokens, ibis.null("int64"))
    return rows.select("ts", "provider", "model", "piece", tokens=tokens, whole=whole)


def _window(rows: "Table", groups: list[str]) -> Any:
    import ibis

    return ibis.window(group_by=groups, order_by=[rows.ts])


def _within(rows: "Table", seconds: int) -> "Column":
    import ibis

    return rows.previous + ibis.interval(seconds=seconds) >= rows.ts


def _repeated(usage: "Table") -> Found:
    import ibis

    names = ("repeat_share", "retry_share")
    if not (whole := holds(usage, "prompt_hash")) and not holds(usage, "block_hashes", "input_tokens"):
        return dict.fromkeys(names, "no_prompt_hashes")
    rows = calls(usage)
    last = rows.block_hashes[rows.block_hashes.length() - 1] + ":" + rows.input_tokens.cast("string")
    rows = rows.mutate(piece=rows.prompt_hash if whole else last)
    rows = rows.filter((rows.bucket_seconds == 0) & rows.piece.notnull())
    window = ibis.window(group_by="piece", order_by=[rows.ts, rows.ok.cast("int64")])
    rows = rows.select("ts", "n", "ok", previous=rows.ts.lag().over(window), before=rows.ok.lag().over(window))
    again = (_within(rows, RETRY_SECONDS) & ~rows.before).fill_null(False)
    sums = {
        "rows": rows.count(),
        "n": rows.n.sum(),
        "judged": rows.n.sum(where=rows.ok.notnull()),
        "repeat_share": rows.n.sum(where=rows.previous.notnull()),
        "retry_share": rows.n.sum(where=again & rows.ok.notnull()),
    }
    found = rows.group_by(hour=rows.ts.truncate("h")).agg(**sums).to_pandas()
    return {name: _share(found, name, lower) for name, lower in zip(names, ("n", "judged"), strict=True)}


def _share(sums: "pd.DataFrame", upper: str, lower: str) -> Measured | str:
    blocks = blocks_of(sums["hour"].to_numpy())
    found = ratio(blocks.sums(sums[upper].astype(float)), blocks.sums(sums[lower].astype(float)), blocks, 1.0)
    return "not_reported" if found is None else replace(found, rows=int(sums["rows"].sum()))
