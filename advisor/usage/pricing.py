"""List prices of a log: what the published prices of each day would have charged for its tokens, against the bill.

Prices are asked for sums by model, day, batch and length of prompt, never for rows. A sum has no list price where the
model is not known, the price differs by the hour, no batch price is published, or the log does not say what was read
from a cache that costs less. Such sums stay out of both sides of the discount. Prompts of rows that hold many requests
count as short. Prices are in USD; a bill in another currency is not compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from advisor.catalog.hosted_prices import HostedPrice, hosted_price, priced_model, tiers_of
from advisor.core.notices import UnknownId
from advisor.formulas.constants import TOKENS_PER_MTOK
from advisor.usage.measures.bills import Bill
from advisor.usage.measures.sampling import Array, blocks_of, ratio
from advisor.usage.measures.scans import ModelName, model_name
from advisor.usage.measures.volume import Found
from advisor.usage.records import Measured, ModelShare

if TYPE_CHECKING:  # imported where it is used: heavy
    import pandas as pd

USUAL_TIER = 200_000
"""Above this prompts of most models that have a limit cost more; for models that are not known. [tokens]"""
PRICED_IN = "USD"
Resolved = Mapping[ModelName, str | None]
KINDS = ("input", "read", "written", "output")


def resolved(models: tuple[ModelName, ...]) -> dict[ModelName, str | None]:
    """Id of the price of each model by the name in the log."""
    return {(provider, model): None if model is None else priced_model(model, provider) for provider, model in models}


def tiers(models: Resolved, on: date) -> dict[ModelName, int]:
    """Length of prompt above which each model costs more. [tokens]"""
    found = {}
    for name, model_id in models.items():
        limits = () if model_id is None else tiers_of((model_id,), on)
        found[name] = min(limits, default=USUAL_TIER)
    return found


def with_list_cost(cells: "pd.DataFrame", models: Resolved, limits: Mapping[ModelName, int]) -> "pd.DataFrame":
    """The cells with ``list_cost``, their tokens at list prices [USD]; not a number where there is none."""
    keys = ["provider", "model", "batch"]
    costs = np.full(len(cells), np.nan)
    days = cells["hour"].to_numpy().astype("datetime64[D]")
    places = cells.assign(day=days, place=np.arange(len(cells))).groupby([*keys, "day"], dropna=False)["place"]
    for (provider, model, batch, _), place in places:
        name = model_name(provider, model)
        if (model_id := models.get(name)) is not None:
            at = place.to_numpy()
            day: date = days[at[0]].astype(object)
            costs[at] = _cost(cells.iloc[at], model_id, day, batch is True or batch == 1, limits[name])
    return cells.assign(list_cost=costs)


def _cost(cells: "pd.DataFrame", model_id: str, on: date, batch: bool, limit: int) -> Array:
    """List price of cells of one model on one day. [USD]"""
    long = {kind: cells[f"long_{kind}"].to_numpy(dtype=float) for kind in KINDS}
    short = {kind: cells[kind].to_numpy(dtype=float) - long[kind] for kind in KINDS}
    told = (cells["read_rows"] >= cells["input_rows"]).to_numpy()
    none = np.full(len(cells), np.nan)
    try:
        below, above = hosted_price(model_id, on), hosted_price(model_id, on, limit + 1)
    except UnknownId:
        return none
    if below.varies_by_hour:
        return none
    return _sum(short, _rates(below, batch), told) + _sum(long, _rates(above, batch), told)


@dataclass(frozen=True)
class Rates:
    """Prices of one model [USD/Mtok]; ``None`` where the list has none."""

    input: float | None
    read: float | None
    written: float | None
    output: float | None


def _rates(price: HostedPrice, batch: bool) -> Rates:
    if not batch:
        return Rates(price.input_price, price.cached_input_price, price.cache_write_price, price.output_price)
    return Rates(price.batch_input_price, price.batch_cached_input_price, None, price.batch_output_price)


def _sum(tokens: Mapping[str, Array], rates: Rates, told: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> Array:
    """Cost of tokens; without a price of its own a cached token costs what any other does."""
    if rates.input is None or rates.output is None:
        some = tokens["input"] + tokens["output"] > 0
        return np.where(some, np.nan, 0.0)
    read = rates.input if rates.read is None else rates.read
    written = rates.input if rates.written is None else rates.written
    plain = tokens["input"] - tokens["read"] - tokens["written"]
    cost = plain * rates.input + tokens["read"] * read + tokens["written"] * written + tokens["output"] * rates.output
    known = told | (rates.read is None) | (tokens["input"] == 0)
    found: Array = np.where(known, cost / TOKENS_PER_MTOK, np.nan)
    return found


def discount(cells: "pd.DataFrame", bill: Bill | None, currency: str | None) -> Measured | str:
    """One minus what was billed over the list price, by the rows of the log, or else by the bill's own list prices."""
    if not cells["billed_rows"].sum():
        return "no_billed_cost" if bill is None else discount_of_bill(bill)
    if currency != PRICED_IN:
        return "currency_not_usd"
    whole = (cells["unbilled_rows"] == 0) & (cells["billed_rows"] > 0) & (cells["list_cost"] > 0)
    used = cells[whole]
    if used.empty:
        return "no_list_price"
    blocks = blocks_of(used["hour"].to_numpy())
    paid = ratio(blocks.sums(used["billed"]), blocks.sums(used["list_cost"]), blocks)
    return "no_list_price" if paid is None else _one_minus(paid, int(used["billed_rows"].sum()))


def discount_of_bill(bill: Bill) -> Measured | str:
    """One minus what was billed over the list price that the bill itself states."""
    amounts = bill.of("usage")
    amounts = amounts[amounts["list_cost"] > 0]
    if len(bill.currencies) > 1:
        return "several_currencies"
    if amounts.empty:
        return "no_list_price"
    blocks = blocks_of(amounts["day"].to_numpy())
    paid = ratio(blocks.sums(amounts["listed"]), blocks.sums(amounts["list_cost"]), blocks)
    return "no_list_price" if paid is None else _one_minus(paid, int(amounts["rows"].sum()))


def _one_minus(paid: Measured, rows: int) -> Measured:
    low, high = (None if end is None else 1 - end for end in (paid.high, paid.low))
    return replace(paid, value=1 - paid.value, low=low, high=high, rows=rows)


def of_prices(cells: "pd.DataFrame", models: Resolved, bill: Bill | None, currency: str | None) -> Found:
    """The discount, and the share of requests whose model has no known list price."""
    return {
        "list_price_discount": discount(cells, bill, currency),
        "unresolved_share": unresolved_share(cells, models),
    }


def unresolved_share(cells: "pd.DataFrame", models: Resolved) -> Measured | str:
    """Share of requests, or of tokens where requests are not counted, whose model has no known price."""
    if all(name is None for _, name in models):
        return "no_model"
    names = [model_name(*pair) for pair in zip(cells["provider"], cells["model"], strict=True)]
    unknown = np.array([models.get(name) is None for name in names])
    weight = cells["n"] if cells["n"].sum() > 0 else cells["input"] + cells["output"]
    blocks = blocks_of(cells["hour"].to_numpy())
    found = ratio(blocks.sums(weight * unknown), blocks.sums(weight), blocks, 1.0)
    return "not_reported" if found is None else replace(found, rows=int(cells["rows"].sum()))


def model_shares(cells: "pd.DataFrame", models: Resolved) -> tuple[ModelShare, ...]:
    """What each model was used for, the most used first."""
    columns = ["rows", "n", "input_of_n", "input_n", "output_of_n", "output_n", "billed", "list_cost"]
    sums = cells.groupby(["provider", "model"], dropna=False)[columns].sum().reset_index()
    total = sums[["n", "billed", "list_cost"]].sum()
    sums = sums.sort_values(["rows"], ascending=False, kind="stable")
    found = []
    for row in sums.to_dict("records"):
        name = model_name(row["provider"], row["model"])
        found.append(
            ModelShare(
                name=name[1] or "",
                model_id=models.get(name),
                requests=_over(row["n"], total["n"]),
                input_tokens=_over(row["input_of_n"], row["input_n"]),
                output_tokens=_over(row["output_of_n"], row["output_n"]),
                cost=_over(row["billed"], total["billed"]),
                list_cost=_over(row["list_cost"], total["list_cost"]),
            )
        )
    return tuple(found)


def _over(part: float, whole: float) -> float | None:
    return float(part / whole) if whole > 0 else None
