"""Means and shares of the calls: sums over sums by hour, each over the rows that report what it needs."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from advisor.usage.measures.sampling import Blocks, blocks_of, ratio
from advisor.usage.measures.volume import Found
from advisor.usage.records import Measured

if TYPE_CHECKING:  # imported where it is used: heavy
    import pandas as pd


@dataclass(frozen=True)
class Ratio:
    """A figure as one sum over another: their columns in the cells, the column of the rows that report both.

    ``missing`` is the reason where no row does.
    """

    upper: str
    lower: str
    rows: str
    ceiling: float = float("inf")
    missing: str = "not_reported"


RATIOS = {
    "input_tokens": Ratio("input_of_n", "input_n", "input_rows"),
    "output_tokens": Ratio("output_of_n", "output_n", "output_rows"),
    "output_tokens_without_reasoning": Ratio("answer", "answer_n", "answer_rows"),
    "cached_input_share": Ratio("read", "read_input", "read_rows", 1.0),
    "batch_share": Ratio("batch_n", "told_batch_n", "told_batch_rows", 1.0),
    "long_prompt_share": Ratio("long_n", "sized_n", "sized_rows", 1.0, "buckets_not_requests"),
    "long_prompt_tokens": Ratio("long_input", "long_n", "sized_rows", missing="buckets_not_requests"),
    "failure_share": Ratio("failed_n", "judged_n", "judged_rows", 1.0),
    "cost_per_request": Ratio("billed_of_n", "billed_n", "billed_rows", missing="no_billed_cost"),
    "estimated_cost_per_request": Ratio("estimated_of_n", "estimated_n", "estimated_rows", missing="no_estimated_cost"),
}


def means(cells: "pd.DataFrame") -> Found:
    """Every ratio, or why it is not known."""
    cells = with_batch(cells)
    blocks = blocks_of(cells["hour"].to_numpy())
    return {name: measured(cells, each, blocks) for name, each in RATIOS.items()}


def with_batch(cells: "pd.DataFrame") -> "pd.DataFrame":
    """The cells with sums of what batch says, which is one of their keys."""
    told, batch = cells["batch"].notna(), cells["batch"].map(lambda value: value is True or value == 1).astype(float)
    return cells.assign(
        batch_n=cells["n"] * batch, told_batch_n=cells["n"] * told, told_batch_rows=cells["rows"] * told
    )


def measured(cells: "pd.DataFrame", each: Ratio, blocks: Blocks) -> Measured | str:
    """One ratio with its error, or the reason why it is not known."""
    rows = cells[each.rows].sum()
    if rows == 0:
        return each.missing
    found = ratio(blocks.sums(cells[each.upper]), blocks.sums(cells[each.lower]), blocks, each.ceiling)
    if found is not None:
        return replace(found, rows=int(rows))
    return "no_long_prompt" if each.lower == "long_n" else "requests_not_counted"
