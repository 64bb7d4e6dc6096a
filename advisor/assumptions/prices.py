"""Default prices: from the GPU price books and the price lists of hosted models."""

from collections.abc import Mapping
from dataclasses import replace
from operator import attrgetter

from advisor.assumptions.answers import number_of
from advisor.assumptions.currency import DOLLAR, factor_from, from_dollars
from advisor.assumptions.draft import Draft, citation, fill, knows, lacks, note_stale, set_fact, unknown
from advisor.assumptions.lifetimes import end_with_route, ending, last_day
from advisor.assumptions.prompt_lengths import note_prompts, prompts_of
from advisor.assumptions.ranges import plausible
from advisor.assumptions.rates import Rate, announced, batch_discount, cached_batch_discount, cached_price, write_price
from advisor.assumptions.unlikely import doubted
from advisor.catalog.catalog import Catalog
from advisor.catalog.fields import PriceBook
from advisor.catalog.hosted_prices import HostedPrice, notices_for, price_book
from advisor.catalog.long_prompts import mixed_price
from advisor.catalog.own_prices import OWN
from advisor.catalog.step_down import step_down
from advisor.core.notices import Notice, Severity, UnknownId
from advisor.core.records import Assumption, Citation, Follows
from advisor.core.units import currency_of
from advisor.formulas.cash_flow_timing import month_of
from advisor.formulas.constants import HOURS_PER_MONTH, WATTS_PER_KILOWATT

CONDITIONAL_NOTICES = frozenset({"batch_rate_unknown", "cache_rate_unknown"})
"""Notices given only where the scenario uses the lever whose price is not published."""
TIER_NOTICES = frozenset({"long_prompt_tier", "near_long_prompt_tier"})
"""Notices about a mean length, where it alone decides the price."""
PRICES_OF = {
    "current_model": ("current_input_price", "current_output_price"),
    "cheaper_model": ("cheaper_input_price", "cheaper_output_price"),
    "tuned_model": ("tuned_input_price", "tuned_output_price"),
}
"""Named models, and the two prices that every hosted model has."""


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
    if point.kind == OWN:
        draft.notices.append(
            Notice("own_offer", "info", {"field": name, "gpu": card.name, "seller": point.sku.provider})
        )
        note_doubt(draft, name, value)
        return
    firm, wide = RANGES[book]
    spread = draft.catalog.parameter(firm if basis.enough else wide)
    draft.rows[name] = plausible(draft.rows[name], spread.interval)
    said = {"field": name, "gpu": card.name, "offers": len(basis.offers)}
    draft.notices.append(Notice("median_offer", "info", said))
    if not basis.enough:
        days = {"days": (draft.on - oldest).days, "limit_days": draft.catalog.rules.price_stale_after_days}
        few = {**said, **days, "sellers": basis.sellers, "fewest": draft.catalog.rules.fewest_offers}
        draft.notices.append(Notice("few_offers", "warning", few))


def note_doubt(draft: Draft, name: str, value: float | None) -> None:
    """A price of the team's own book that can hardly be in its unit."""
    doubt = None if value is None else doubted(name, value, draft.scenario, draft.catalog, draft.on)
    draft.notices += [doubt] if doubt is not None else []


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
    """Power of a card that serves."""
    row = draft.rows["serving_power_kw"]
    if knows(draft, "serving_gpu") and row.value is None:
        draft.rows[row.id] = rated_power(row, draft.catalog, str(draft.rows["serving_gpu"].value), 1.0)


def fill_machine_power(draft: Draft) -> None:
    """Power of the machine that trains, unless somebody states it: the default is one measured on another card."""
    row = draft.rows["machine_power_kw"]
    if row.set_by == "default" and knows(draft, "training_gpu") and knows(draft, "training_gpus"):
        gpu, gpus = str(draft.rows["training_gpu"].value), number_of(draft, "training_gpus")
        draft.rows[row.id] = rated_power(row, draft.catalog, gpu, gpus)


def rated_power(row: Assumption, catalog: Catalog, gpu: str, gpus: float) -> Assumption:
    """Power of so many cards: a share of their rated power, with what the server around them draws. [kW]"""
    rated, share = catalog.gpu(gpu).tdp_w / WATTS_PER_KILOWATT * gpus, catalog.parameter("wall_power_share")
    low, high = (share.interval.low, share.interval.high) if share.interval else (1.0, 1.0)
    found = Assumption(row.id, rated * catalog.number(share.id), row.unit, share.kind, citation(share.source))
    found = replace(found, low=rated * low, high=rated * high, note=share.note)
    return replace(row, **{f: getattr(found, f) for f in ("value", "kind", "source", "low", "high", "note")})


# -- hosted models ------------------------------------------------------------------------------


def hosted_price_of(draft: Draft, name: str) -> HostedPrice | None:
    model = draft.rows[name].value
    if model is None:
        return None
    prompts = prompts_of(draft)
    try:
        price = mixed_price(str(model), draft.on, prompts)
    except UnknownId as error:
        raise unknown(name, error) from None
    stale, near = draft.catalog.rules.price_stale_after_days, draft.catalog.number("near_tier_share")
    told_apart = CONDITIONAL_NOTICES | (TIER_NOTICES if len(prompts) > 1 else frozenset())
    draft.notices += [n for n in notices_for(price, draft.on, stale, near) if n.code not in told_apart]
    return price


def negotiated(draft: Draft, value: float | None, price: HostedPrice) -> float | None:
    """A list price in the project's currency, less the discount where it is of the vendor of today's model.

    That of today's model itself is as the bill tells.
    """
    listed, discount = from_dollars(draft, value), number_of(draft, "list_price_discount")
    if listed is not None and _follows_the_bill(draft, price):
        listed *= draft.billed_at
    return listed if listed is None or not _is_discounted(draft, price) else listed * (1 - discount)


def follows_discount(draft: Draft, paid: float | None, price: HostedPrice) -> Follows | None:
    """How what is paid follows the discount; not where there is none, or where the bill tells what is paid."""
    if paid is None or _follows_the_bill(draft, price) or not _is_discounted(draft, price):
        return None
    listed = paid / (1 - number_of(draft, "list_price_discount"))
    return Follows("list_price_discount", listed, -listed)


def _is_discounted(draft: Draft, price: HostedPrice) -> bool:
    """A discount is off the list; what a contract of the reader's own says is what is paid."""
    return price.kind == "published" and _vendor(draft.rows["current_model"].value) == _vendor(price.model_id)


def _follows_the_bill(draft: Draft, price: HostedPrice) -> bool:
    return draft.billed_at != 1 and price.model_id == draft.rows["current_model"].value


def _vendor(model: object) -> str:
    return str(model).partition("/")[0]


def note_changes(draft: Draft, name: str) -> None:
    """A price of a named model that changes; it is counted unless the reader entered both prices."""
    price = price_without_notices(draft, name) if name in draft.rows else None
    for day, later in () if price is None else price.announced:
        said = {
            "model": later.model_id,
            "changes_on": day,
            "input_price": later.input_price,
            "output_price": later.output_price,
        }
        if any(each in draft.rows and draft.rows[each].announced for each in PRICES_OF[name]):
            month = int(month_of((day - draft.on).days))
            severity: Severity = "info" if name == "cheaper_model" else "warning"
            draft.notices.append(Notice("price_changes", severity, {**said, "month": month}))
        else:
            draft.notices.append(Notice("price_changes_entered", "info", said))


def fill_hosted(draft: Draft, name: str, price: HostedPrice, rate: Rate) -> None:
    def paid(on_the_list: HostedPrice) -> float | None:
        return negotiated(draft, rate(on_the_list), on_the_list)

    follows = follows_discount(draft, paid(price), price)
    more = {"effective": price.effective_from, "announced": announced(price, paid), "follows": follows}
    if _follows_the_bill(draft, price):
        note = draft.catalog.parameter("plausible_bill_scale").note
        fill(draft, name, paid(price), "estimate", price.origin, note=note, set_by="bill", **more)
    else:
        note = price_book().gaps.mean if price.is_mean else None
        if price.kind == OWN and lacks(draft, name):
            note_doubt(draft, name, paid(price))
        fill(draft, name, paid(price), price.kind, price.origin, note=note, **more)


def fill_current_prices(draft: Draft) -> None:
    price = hosted_price_of(draft, "current_model")
    if price is None:
        return
    note_prompts(draft)
    uses_cache, uses_batch = (bool(draft.rows[n].value) for n in ("cache_hit_share", "batch_share"))
    gaps, discount = price_book().gaps, number_of(draft, "list_price_discount")
    if discount:
        draft.notices.append(Notice("list_price_discounted", "info", {"model": price.model_id, "share": discount}))
    fill_hosted(draft, "current_input_price", price, attrgetter("input_price"))
    fill_hosted(draft, "current_output_price", price, attrgetter("output_price"))
    if price.cached_input_price is None:
        fill_as_new_text(draft, "current_cached_input_price", price, gaps.cached_price)
    if not uses_cache or price.cache_write_price is None:
        said = gaps.write_price if uses_cache else gaps.no_cache
        fill_as_new_text(draft, "current_cache_write_price", price, said)
    fill_hosted(draft, "current_cached_input_price", price, attrgetter("cached_input_price"))
    fill_hosted(draft, "current_cache_write_price", price, attrgetter("cache_write_price"))
    if uses_cache and price.cached_input_price is None:
        draft.notices.append(Notice("cache_rate_unknown", "warning", {"model": price.model_id}))
    if price.batch_output_price is None and uses_batch:
        draft.notices.append(Notice("batch_rate_unknown", "warning", {"model": price.model_id}))
    fill_discount(draft, "batch_discount", price, batch_discount, gaps.batch_rate)
    fill_discount(draft, "cached_batch_discount", price, cached_batch_discount, gaps.cached_batch_rate)


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


# -- alternatives to the current call -------------------------------------------------------------


def fill_other_prices(draft: Draft) -> None:
    """Prices that hold once a cache is used, and those of a cheaper model."""
    limit = draft.catalog.parameter("cacheable_prompt_tokens")
    set_fact(draft, limit.id, float(limit.value or 0), limit.unit, limit.kind, citation(limit.source))
    price = price_without_notices(draft, "current_model")
    if price is not None:
        set_hosted_fact(draft, "caching_write_price", price, write_price)
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


def set_hosted_fact(draft: Draft, name: str, price: HostedPrice, rate: Rate) -> None:
    def paid(on_the_list: HostedPrice) -> float | None:
        return negotiated(draft, rate(on_the_list), on_the_list)

    more = {"announced": announced(price, paid), "follows": follows_discount(draft, paid(price), price)}
    set_fact(draft, name, paid(price), "money/Mtok", price.kind, price.origin, **more)


def set_cheaper_prices(draft: Draft, price: HostedPrice) -> None:
    uses_cache = bool(draft.rows["cache_hit_share"].value)
    set_hosted_fact(draft, "cheaper_input_price", price, attrgetter("input_price"))
    set_hosted_fact(draft, "cheaper_cached_input_price", price, cached_price)
    set_hosted_fact(draft, "cheaper_cache_write_price", price, write_price if uses_cache else attrgetter("input_price"))
    set_hosted_fact(draft, "cheaper_output_price", price, attrgetter("output_price"))
    for name, rate in (("batch", batch_discount), ("cached_batch", cached_batch_discount)):
        value, later = rate(price) or 0.0, announced(price, rate)
        source = price.origin
        set_fact(draft, f"cheaper_{name}_discount", value, "fraction", "published", source, announced=later)


def name_cheaper_model(draft: Draft, price: HostedPrice) -> None:
    """The best priced of the nearest smaller models that answers this request for half of today's price or less.

    One whose end is announced is no alternative.
    """
    limit = draft.catalog.parameter("step_down_share")
    writing, share = float(draft.rows["output_tokens"].value or 0), draft.catalog.number(limit.id)
    found = step_down(price.model_id, draft.on, last_day(draft), prompts_of(draft), writing, share, ending(draft))
    fill(draft, "cheaper_model", found, "judgement", citation(limit.source))


def fill_as_new_text(draft: Draft, name: str, price: HostedPrice, said: str) -> None:
    """A price the list does not give: text costs what new text costs in this case."""
    new = draft.rows["current_input_price"]
    if new.value is not None:
        more = {"effective": new.effective, "note": said, "announced": new.announced, "follows": new.follows}
        is_own = new.set_by == "user"
        source = Citation(price_book().gaps.own_price, None, draft.on) if is_own else price.origin
        fill(draft, name, float(new.value), "judgement", source, **more)


def fill_discount(draft: Draft, name: str, price: HostedPrice, rate: Rate, said: str) -> None:
    """Share the batch interface takes off a price; none where no batch rate is published."""
    discount = rate(price)
    if discount is not None:
        fill(draft, name, discount, "published", price.origin, announced=announced(price, rate))
    else:
        fill(draft, name, 0.0, "judgement", price.origin, note=said)


def fill_tuned_prices(draft: Draft) -> None:
    price = hosted_price_of(draft, "tuned_model")
    if price is not None:
        fill_hosted(draft, "tuned_input_price", price, attrgetter("input_price"))
        fill_hosted(draft, "tuned_output_price", price, attrgetter("output_price"))
