"""Default prices: from the GPU price books and the price lists of hosted models."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from math import floor

from advisor.assumptions.answers import number_of
from advisor.assumptions.currency import DOLLAR, factor_from, from_dollars
from advisor.assumptions.draft import Draft, citation, fill, knows, note_stale, set_fact, unknown
from advisor.assumptions.ranges import plausible
from advisor.catalog.fields import PriceBook
from advisor.catalog.hosted_prices import HostedPrice, hosted_price, notices_for, price_book, step_down
from advisor.catalog.tuning_routes import RouteRecord
from advisor.core.notices import Notice, UnknownId
from advisor.core.records import Citation
from advisor.core.units import currency_of
from advisor.formulas.constants import DAYS_PER_MEAN_MONTH, HOURS_PER_MONTH, WATTS_PER_KILOWATT

CONDITIONAL_NOTICES = frozenset({"batch_rate_unknown", "cache_rate_unknown"})
"""Notices given only where the scenario uses the lever whose price is not published."""


def _price_list(price: HostedPrice) -> Citation:
    return Citation(f"genai-prices {price_book().version}: {price.model_id}", price_book().source.url, price.checked_on)


def check_gpu(draft: Draft, name: str) -> None:
    if name not in draft.rows or draft.rows[name].value is None:
        return
    try:
        draft.catalog.gpu(str(draft.rows[name].value))
    except UnknownId as error:
        raise unknown(name, error) from None


def fill_rent(draft: Draft, name: str, gpu: str) -> None:
    _fill_middle_offer(draft, name, gpu, "gpu_rental")


def fill_card_price(draft: Draft, name: str, gpu: str) -> None:
    _fill_middle_offer(draft, name, gpu, "gpu_purchase")


RANGES: Mapping[PriceBook, tuple[str, str]] = {
    "gpu_rental": ("plausible_rent", "plausible_rent_few"),
    "gpu_purchase": ("plausible_purchase", "plausible_purchase_few"),
}
"""How far a middle offer may be off, and how far one that rests on too few or too old ones."""


def _fill_middle_offer(draft: Draft, name: str, gpu: str, book: PriceBook) -> None:
    """The middle offer for a card, if nobody said what it costs; its range is wider where it rests on little."""
    if draft.rows[name].value is not None or not knows(draft, gpu):
        return
    card = draft.catalog.gpu(str(draft.rows[gpu].value))
    basis = draft.catalog.basis(card.id, book, draft.on)
    point, oldest = basis.middle, basis.oldest
    if point is None or oldest is None:
        draft.notices.append(Notice("gpu_price_missing", "warning", {"gpu": card.name}))
        return
    factor = factor_from(draft, currency_of(point.unit) or DOLLAR)
    value = None if factor is None else point.value * factor
    fill(draft, name, value, point.kind, citation(point.source), effective=point.effective_from)
    firm, wide = RANGES[book]
    spread = draft.catalog.parameter(firm if basis.enough else wide)
    draft.rows[name] = plausible(draft.rows[name], spread.interval)
    said = {"field": name, "gpu": card.name, "offers": len(basis.offers)}
    draft.notices.append(Notice("median_offer", "info", said))
    if not basis.enough:
        days = {"days": (draft.on - oldest).days, "limit_days": draft.catalog.rules.price_stale_after_days}
        few = {**said, **days, "sellers": basis.sellers, "fewest": draft.catalog.rules.fewest_offers}
        draft.notices.append(Notice("few_offers", "warning", {**few, "file": f"data/prices/{book}"}))


def add_server(draft: Draft) -> None:
    """A suggested price of cards that serve includes the server around them."""
    share, row = draft.catalog.parameter("server_share"), draft.rows["serving_card_price"]
    if isinstance(row.value, float) and row.set_by == "default" and share.interval is not None:
        low, high = (
            (row.low or row.value) * (1 + share.interval.low),
            (row.high or row.value) * (1 + share.interval.high),
        )
        price = row.value * (1 + draft.catalog.number(share.id))
        draft.rows[row.id] = replace(row, value=price, low=low, high=high, note=share.note)


def fill_power(draft: Draft) -> None:
    """Power of a card that serves: a share of its rated power, with what the server around it draws."""
    if not knows(draft, "serving_gpu"):
        return
    rated = draft.catalog.gpu(str(draft.rows["serving_gpu"].value)).tdp_w / WATTS_PER_KILOWATT
    share = draft.catalog.parameter("wall_power_share")
    low, high = (share.interval.low, share.interval.high) if share.interval else (1.0, 1.0)
    fill(
        draft,
        "serving_power_kw",
        rated * draft.catalog.number(share.id),
        share.kind,
        citation(share.source),
        low=rated * low,
        high=rated * high,
        note=share.note,
    )


# -- hosted models ------------------------------------------------------------------------------


def hosted_price_of(draft: Draft, name: str) -> HostedPrice | None:
    model = draft.rows[name].value
    if model is None:
        return None
    prompt = draft.rows["input_tokens"].value if "input_tokens" in draft.rows else 0
    try:
        price = hosted_price(str(model), draft.on, int(prompt or 0))
    except UnknownId as error:
        raise unknown(name, error) from None
    draft.notices += [
        n
        for n in notices_for(price, draft.on, draft.catalog.rules.price_stale_after_days)
        if n.code not in CONDITIONAL_NOTICES
    ]
    return price


def negotiated(draft: Draft, value: float | None, price: HostedPrice) -> float | None:
    """A list price in the project's currency, less the discount where it is of the vendor of today's model."""
    listed, discount = from_dollars(draft, value), number_of(draft, "list_price_discount")
    if listed is None or not discount or _vendor(draft.rows["current_model"].value) != _vendor(price.model_id):
        return listed
    return listed * (1 - discount)


def _vendor(model: object) -> str:
    return str(model).partition("/")[0]


def fill_hosted(draft: Draft, name: str, value: float | None, price: HostedPrice) -> None:
    fill(draft, name, negotiated(draft, value, price), "published", _price_list(price), effective=price.effective_from)


def fill_current_prices(draft: Draft) -> None:
    price = hosted_price_of(draft, "current_model")
    if price is None:
        return
    uses_cache, uses_batch = (bool(draft.rows[n].value) for n in ("cache_hit_share", "batch_share"))
    gaps, discount = price_book().gaps, number_of(draft, "list_price_discount")
    if discount:
        draft.notices.append(Notice("list_price_discounted", "info", {"model": price.model_id, "share": discount}))
    fill_hosted(draft, "current_input_price", price.input_price, price)
    fill_hosted(draft, "current_output_price", price.output_price, price)
    if price.cached_input_price is None:
        fill_as_new_text(draft, "current_cached_input_price", price, gaps.cached_price)
    if not uses_cache or price.cache_write_price is None:
        said = gaps.write_price if uses_cache else gaps.no_cache
        fill_as_new_text(draft, "current_cache_write_price", price, said)
    fill_hosted(draft, "current_cached_input_price", price.cached_input_price, price)
    fill_hosted(draft, "current_cache_write_price", price.cache_write_price, price)
    if uses_cache and price.cached_input_price is None:
        draft.notices.append(Notice("cache_rate_unknown", "warning", {"model": price.model_id}))
    if price.batch_output_price is None and uses_batch:
        draft.notices.append(Notice("batch_rate_unknown", "warning", {"model": price.model_id}))
    fill_discount(draft, "batch_discount", price, (price.batch_output_price, price.output_price), gaps.batch_rate)
    cached = (price.batch_cached_input_price, price.cached_input_price)
    fill_discount(draft, "cached_batch_discount", price, cached, gaps.cached_batch_rate)


# -- a vendor's tuning service ----------------------------------------------------------------------


def fill_route_prices(draft: Draft) -> None:
    """Prices of the vendor's service that the case names, and the day it ends."""
    named = draft.rows["managed_route"].value
    if named is None:
        return
    try:
        route = draft.catalog.route(str(named))
    except UnknownId as error:
        raise unknown("managed_route", error) from None
    for name, sku in (
        ("managed_training_price", route.training),
        ("tuned_input_price", route.input),
        ("tuned_output_price", route.output),
    ):
        if sku is not None and name in draft.rows:
            fill_from_sku(draft, name, sku)
    if route.hosting is not None:
        fill_hosting_price(draft, route.hosting)
    end_with_route(draft, route)


def fill_from_sku(draft: Draft, name: str, sku: str) -> None:
    point = draft.catalog.price(sku, draft.on)
    factor = None if point is None else factor_from(draft, point.currency)
    if point is not None and factor is not None:
        value = point.value * factor
        fill(draft, name, value, point.kind, citation(point.source), effective=point.effective_from)
        note_stale(draft, name, point.last_verified)


def fill_hosting_price(draft: Draft, sku: str) -> None:
    """A dedicated machine takes the place of a rented one; an hourly fee comes on top of the tokens."""
    point = draft.catalog.price(sku, draft.on)
    factor = None if point is None else factor_from(draft, point.currency)
    if point is None or factor is None:
        return
    if point.unit.endswith("/GPU/h") and "serving_gpu_price" in draft.rows:
        if point.sku.gpu is not None and draft.rows["serving_gpu"].value is None:
            fill(draft, "serving_gpu", point.sku.gpu, point.kind, citation(point.source))
        fill_from_sku(draft, "serving_gpu_price", sku)
    elif not point.unit.endswith("/GPU/h"):
        hours = 1.0 if point.unit.endswith("/month") else HOURS_PER_MONTH
        fee = point.value * factor * hours
        set_fact(draft, "managed_hosting_fee", fee, "money/month", point.kind, citation(point.source))


def end_with_route(draft: Draft, route: RouteRecord) -> None:
    """A service that takes no more jobs is named; one that stops ends the horizon."""
    name = f"{route.provider}, {route.base}"
    if not route.sold_on(draft.on):
        draft.notices.append(Notice("route_closed", "warning", {"route": name}))
    row = draft.rows["horizon_months"]
    if route.retires.on is None or not isinstance(row.value, float):
        return
    left = max((route.retires.on - draft.on).days, 0) / DAYS_PER_MEAN_MONTH
    horizon = max(floor(left), 1)
    if horizon < row.value:
        draft.rows["horizon_months"] = replace(row, value=float(horizon), low=None, high=None)
        said = {"route": name, "date": route.retires.on, "horizon": horizon}
        draft.notices.append(Notice("route_ends", "warning", said))


def note_lifetime(draft: Draft) -> None:
    """The end of today's hosted model, where one is announced."""
    model = draft.rows["current_model"].value if "current_model" in draft.rows else None
    found = draft.catalog.lifetimes.get(str(model))
    if found is None or found.retires.on is None:
        return
    said = {"model": found.id, "date": found.retires.on}
    if found.retires.reached(draft.on):
        draft.notices.append(Notice("current_model_ended", "warning", said))
    else:
        draft.notices.append(Notice("current_model_ends", "info", said))


# -- alternatives to the current call -------------------------------------------------------------


def fill_other_prices(draft: Draft) -> None:
    """Prices that hold once a cache is used, and those of a cheaper model."""
    limit = draft.catalog.parameter("cacheable_prompt_tokens")
    set_fact(draft, limit.id, float(limit.value or 0), limit.unit, limit.kind, citation(limit.source))
    price = price_without_notices(draft, "current_model")
    if price is not None:
        write = price.input_price if price.cache_write_price is None else price.cache_write_price
        set_hosted_fact(draft, "caching_write_price", write, price)
        if draft.rows["cheaper_model"].value is None:
            name_cheaper_model(draft, price)
    cheaper = price_without_notices(draft, "cheaper_model")
    if cheaper is not None:
        set_cheaper_prices(draft, cheaper)


def price_without_notices(draft: Draft, name: str) -> HostedPrice | None:
    """Price of a model whose notices are not this case's."""
    kept = list(draft.notices)
    price = hosted_price_of(draft, name)
    draft.notices = kept
    return price


def set_hosted_fact(draft: Draft, name: str, value: float | None, price: HostedPrice) -> None:
    set_fact(draft, name, negotiated(draft, value, price), "money/Mtok", "published", _price_list(price))


def set_cheaper_prices(draft: Draft, price: HostedPrice) -> None:
    cached = price.input_price if price.cached_input_price is None else price.cached_input_price
    uses_cache = bool(draft.rows["cache_hit_share"].value)
    write = price.cache_write_price if uses_cache and price.cache_write_price is not None else price.input_price
    set_hosted_fact(draft, "cheaper_input_price", price.input_price, price)
    set_hosted_fact(draft, "cheaper_cached_input_price", cached, price)
    set_hosted_fact(draft, "cheaper_cache_write_price", write, price)
    set_hosted_fact(draft, "cheaper_output_price", price.output_price, price)
    rates = ((price.batch_output_price, price.output_price), (price.batch_cached_input_price, cached))
    for name, (batch, standard) in zip(("batch", "cached_batch"), rates, strict=True):
        discount = 1 - batch / standard if batch is not None and standard else 0.0
        set_fact(draft, f"cheaper_{name}_discount", discount, "fraction", "published", _price_list(price))


def name_cheaper_model(draft: Draft, price: HostedPrice) -> None:
    """The dearest model of the same vendor that answers this request for half of today's price or less.

    One that retires before the horizon ends is no alternative.
    """
    limit = draft.catalog.parameter("step_down_share")
    reading, writing = (float(draft.rows[name].value or 0) for name in ("input_tokens", "output_tokens"))
    last = draft.on + timedelta(days=number_of(draft, "horizon_months") * DAYS_PER_MEAN_MONTH)
    over = frozenset(name for name, end in draft.catalog.lifetimes.items() if end.retires.reached(last))
    found = step_down(price.model_id, draft.on, reading, writing, draft.catalog.number(limit.id), over)
    fill(draft, "cheaper_model", found, "judgement", citation(limit.source))


def fill_as_new_text(draft: Draft, name: str, price: HostedPrice, said: str) -> None:
    """A price the list does not give: text costs what new text costs in this case."""
    new = draft.rows["current_input_price"]
    if new.value is not None:
        fill(draft, name, float(new.value), "judgement", _price_list(price), effective=new.effective, note=said)


def fill_discount(
    draft: Draft, name: str, price: HostedPrice, rates: tuple[float | None, float | None], said: str
) -> None:
    """Share the batch interface takes off a price; none where no batch rate is published."""
    batch, standard = rates
    if batch is not None and standard:
        fill(draft, name, 1 - batch / standard, "published", _price_list(price))
    else:
        fill(draft, name, 0.0, "judgement", _price_list(price), note=said)


def fill_tuned_prices(draft: Draft) -> None:
    price = hosted_price_of(draft, "tuned_model")
    if price is not None:
        fill_hosted(draft, "tuned_input_price", price.input_price, price)
        fill_hosted(draft, "tuned_output_price", price.output_price, price)
