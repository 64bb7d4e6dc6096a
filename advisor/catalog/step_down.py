"""Which cheaper model of the same line may be worth a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.catalog.hosted_prices import HostedPrice, hosted_models, hosted_price, price_book, tiers_of
from advisor.catalog.own_hosted import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from advisor.catalog.long_prompts import Prompts


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
    vendor = model_id.partition("/")[0]
    offered = frozenset(each for each in hosted_models(on) if each.startswith(f"{vendor}/"))
    tiers = tiers_of((model_id, *sorted(offered)), last)

    def price(model: str, tokens: int) -> HostedPrice:
        reached = [start for start in tiers if tokens > start]
        return hosted_price(model, last, max(reached) + 1 if reached else 0)  # the shortest that pays the same prices

    def cost(model: str) -> float:
        of_lengths = ((part, tokens, price(model, tokens)) for part, tokens in prompts)
        return sum(
            n * ((p.input_price or 0) * tokens + (p.output_price or 0) * output_tokens) for n, tokens, p in of_lengths
        )

    def holds(model: str) -> bool:
        window = price(model, 0).context_window
        return window is None or all(part == 0 or tokens + output_tokens <= window for part, tokens in prompts)

    costs = {each: cost(each) for each in (model_id, *offered)}
    today = costs[model_id]
    alike = min(offered, key=lambda each: (each != model_id, abs(costs[each] - today), each), default=None)
    for step in _from(alike):
        found = [each for each in step if each in offered - over and 0 < costs[each] <= share * today and holds(each)]
        if found:
            return max(each for each in found if costs[each] == min(costs[other] for other in found))
    return None


def _from(model_id: str | None) -> Iterator[tuple[str, ...]]:
    """Models of the line at the step of ``model_id`` and above it, then those of each step below."""
    vendor, _, name = (model_id or "").partition("/")
    for steps in price_book().offered.get(vendor, {}).values():
        for place, step in enumerate(steps):
            if name in step:
                above = tuple(each for larger in steps[: place + 1] for each in larger)
                for models in (above, *steps[place + 1 :]):
                    yield tuple(f"{vendor}/{each}" for each in models)
