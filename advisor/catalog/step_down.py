"""Which cheaper model of the same line may be worth a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.catalog.hosted_prices import hosted_models, hosted_price, price_book, tiers_of
from advisor.catalog.own_hosted import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from advisor.catalog.long_prompts import Prompts

Array = NDArray[np.float64]


@remembered(256)
def step_down(
    model_id: str, on: date, last: date, prompts: Prompts, output_tokens: float, share: float, over: frozenset[str]
) -> str | None:
    """The best priced model at the nearest step of the line that answers a request for at most ``share`` of the price.

    What a model can do is not published; the order in which its maker names them is. So models at least as large as
    today's are looked at first, then one step down after the other: the cheapest of all would be several sizes too
    small to be worth a test, and the dearest that is cheap enough is only the oldest. Of another maker or seller none
    is suggested: its line cannot be compared, and it needs a contract. Prices are those that hold on the day ``last``
    by what is announced; an end of the models in ``over`` is announced. Of equal prices the later version is taken.
    """
    many = tuple((part, np.array([float(tokens)])) for part, tokens in prompts)
    return step_downs(model_id, on, last, many, np.array([output_tokens]), share, over)[0]


def step_downs(
    model_id: str,
    on: date,
    last: date,
    prompts: Sequence[tuple[float, Array]],
    output_tokens: Array,
    share: float,
    over: frozenset[str],
) -> list[str | None]:
    """:func:`step_down` for many requests at once: an element of the lengths for each."""
    lists = _lists(model_id, on, last)
    places = {model: k for k, model in enumerate(lists.models)}
    costs, holds = np.zeros((len(places), output_tokens.size)), np.full((len(places), output_tokens.size), True)
    for part, tokens in prompts:
        tier = np.searchsorted(lists.tiers, tokens, side="left")
        costs += part * (lists.reading[:, tier] * tokens + lists.writing[:, tier] * output_tokens)
        holds &= (part == 0) | (tokens + output_tokens <= lists.windows[:, np.newaxis])
    today, known = costs[0], sorted(lists.offered, reverse=True)
    found: list[str | None] = [None] * output_tokens.size
    if not lists.offered:
        return found
    enough = (costs > 0) & (costs <= share * today) & holds
    off = np.abs(costs[[places[each] for each in known]] - today)
    nearest = len(known) - 1 - np.argmin(off[::-1], axis=0)  # of equals the first by its id
    alike = np.full(output_tokens.size, known.index(model_id)) if model_id in lists.offered else nearest
    for which in np.unique(alike).tolist():
        left = np.flatnonzero(alike == which)
        for step in _from(known[which]):
            rows = np.array([places[each] for each in known if each in step and each not in over], dtype=np.intp)
            worth = np.where(enough[np.ix_(rows, left)], costs[np.ix_(rows, left)], np.inf)
            reached = np.isfinite(worth).any(axis=0) if rows.size else np.full(left.size, False)
            if reached.any():
                best = np.argmin(worth[:, reached], axis=0).tolist()
                for k, row in zip(left[reached].tolist(), best, strict=True):
                    found[k] = lists.models[rows[row]]
            left = left[~reached]
    return found


class _Lists(NamedTuple):
    """Price lists of a model, the first, and of what its vendor offers: (models, tiers) money per token."""

    models: tuple[str, ...]
    offered: frozenset[str]
    tiers: Array  # tokens above which one of them costs more
    reading: Array
    writing: Array
    windows: Array  # tokens


@remembered(64)
def _lists(model_id: str, on: date, last: date) -> _Lists:
    vendor = model_id.partition("/")[0]
    offered = frozenset(each for each in hosted_models(on) if each.startswith(f"{vendor}/"))
    models = (model_id, *sorted(offered - {model_id}))
    tiers = sorted({*tiers_of(models, last)})
    shortest = (0, *(start + 1 for start in tiers))  # prompts that pay the prices of each tier
    prices = [[hosted_price(model, last, tokens) for tokens in shortest] for model in models]
    windows = [row[0].context_window for row in prices]
    return _Lists(
        models,
        offered,
        np.array(tiers, dtype=float),
        np.array([[price.input_price or 0 for price in row] for row in prices], dtype=float),
        np.array([[price.output_price or 0 for price in row] for row in prices], dtype=float),
        np.array([np.inf if window is None else window for window in windows], dtype=float),
    )


def _from(model_id: str | None) -> Iterator[tuple[str, ...]]:
    """Models of the line at the step of ``model_id`` and above it, then those of each step below."""
    vendor, _, name = (model_id or "").partition("/")
    for steps in price_book().offered.get(vendor, {}).values():
        for place, step in enumerate(steps):
            if name in step:
                above = tuple(each for larger in steps[: place + 1] for each in larger)
                for models in (above, *steps[place + 1 :]):
                    yield tuple(f"{vendor}/{each}" for each in models)
