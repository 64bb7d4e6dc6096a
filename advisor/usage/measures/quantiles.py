"""Quantiles of lengths and times, exact, from the counts of equal values.

The error of a quantile follows from that of a share: the share of requests at or below the value is a ratio of sums by
day, with a jackknife error, and the values at the two ends of its interval are the ends of the quantile's (Woodruff).
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from advisor.usage.measures.sampling import Array, Blocks, blocks_of, ratio
from advisor.usage.measures.volume import Found
from advisor.usage.records import Measured

if TYPE_CHECKING:  # imported where it is used: heavy
    import pandas as pd

QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
COLUMNS = ("input_tokens", "output_tokens", "latency_ms", "ttft_ms")


def at_share(values: Array, counts: Array, share: float) -> float:
    """The smallest value that at least this share of the counted do not exceed; ``values`` rise."""
    reached = np.cumsum(counts)
    place = np.searchsorted(reached, min(max(share, 0.0), 1.0) * reached[-1] * (1 - 1e-12))
    return float(values[min(int(place), len(values) - 1)])


def thresholds(counts: "pd.DataFrame") -> tuple[float, ...]:
    """The quantiles of one column, by its histogram."""
    values, n = counts["value"].to_numpy(), counts["n"].to_numpy()
    return tuple(at_share(values, n, share) for share in QUANTILES.values()) if len(values) else ()


def quantiles(cells: "pd.DataFrame", histograms: "dict[str, pd.DataFrame]", missing: dict[str, str]) -> Found:
    """Every quantile of every column; ``missing`` says why there is no histogram of a column."""
    blocks = blocks_of(cells["hour"].to_numpy())
    found: Found = {}
    for column in COLUMNS:
        for k, (name, share) in enumerate(QUANTILES.items()):
            key = f"{column}_{name}"
            if column in missing:
                found[key] = missing[column]
            else:
                below, seen = blocks.sums(cells[f"below_{column}_{k}"]), blocks.sums(cells[f"seen_{column}"])
                found[key] = _quantile(histograms[column], share, ratio(below, seen, blocks, 1.0), blocks)
    return found


def _quantile(counts: "pd.DataFrame", share: float, reached: Measured | None, blocks: Blocks) -> Measured:
    values, n = counts["value"].to_numpy(), counts["n"].to_numpy()
    value = at_share(values, n, share)
    found = Measured(value, rows=int(n.sum()))
    if reached is None or reached.low is None or reached.high is None:
        return found
    low = at_share(values, n, share - (reached.value - reached.low))
    high = at_share(values, n, share + (reached.high - reached.value))
    return replace(found, low=min(low, value), high=max(high, value), blocks=blocks.kind)
