"""Published prices of hosted models, read offline from the data bundled with ``genai-prices``.

The package also answers what its data cannot: it gives the standard price where no batch price is known, applies
today's peak hours to past dates, and matches unknown names by prefix. Here such an answer is ``None``, a
notice or :class:`~advisor.core.notices.UnknownId`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from advisor.catalog.hosted_book import PriceBook
from advisor.catalog.own_hosted import NOTHING_OWN, OwnHosted, in_force
from advisor.catalog.reader import parse_yaml
from advisor.core.notices import DataError, Notice, UnknownId
from advisor.core.places import DATA
from advisor.core.records import Citation

if TYPE_CHECKING:  # imported where it is used: the price data is a large module
    from collections.abc import Iterable, Iterator

    from genai_prices.types import ConditionalPrice, ModelInfo, ModelPrice, Provider

PRICE_BOOK_FILE = DATA / "prices" / "hosted.yaml"
BATCH = {"processing": "batch"}
YEAR_DAYS = 365
_WORD = re.compile("[a-z]+|[0-9]+")
_DATE = re.compile(r"20[0-9]{2}-?[01][0-9]-?[0-3][0-9]")
PLACES_AND_VERSIONS = frozenset({"us", "eu", "apac", "au", "jp", "in", "ca", "gov", "global", "latest", "v", "0", "1"})
"""What the name of a model in a log may hold besides: where it runs, and that it is the newest."""


@dataclass(frozen=True)
class HostedPrice:
    """Price of one hosted model on one day, in USD per million tokens, standard processing.

    ``announced`` are the prices of later days, each with the day on which it begins, the earliest first; ``is_mean``
    where requests with prompts below and above a tier pay different prices. ``kind`` is ``yours`` by a contract.
    """

    model_id: str
    name: str
    provider: str
    input_price: float | None
    cached_input_price: float | None
    cache_write_price: float | None
    output_price: float | None
    batch_input_price: float | None
    batch_output_price: float | None
    batch_cached_input_price: float | None
    prompt_tokens: int
    long_prompt_above: int | None
    varies_by_hour: bool
    effective_from: date | None
    checked_on: date
    deprecated: bool
    context_window: int | None
    origin: Citation
    kind: Literal["published", "yours"] = "published"
    announced: tuple[tuple[date, HostedPrice], ...] = ()
    is_mean: bool = False


@dataclass(frozen=True)
class _Listed:
    """Rates of one model on one day, for any length of the prompt."""

    provider: Provider
    model: ModelInfo
    rates: tuple[ModelPrice, ...]
    batch: tuple[ModelPrice, ...]
    effective_from: date | None
    changes_on: date | None


@lru_cache(1024)
def _listed(model_id: str, on: date, own: OwnHosted) -> _Listed:
    """Rates of a model on a day; cached, as every resolution of a case asks for them."""
    provider, model = _find(model_id, own)
    rates, effective_from, changes_on = _rates_on(model, on)
    batch = tuple(v.prices for v in model.price_variants or () if v.when == BATCH and _has_begun(v.constraint, on))
    return _Listed(provider, model, tuple(rates), batch, effective_from, changes_on)


def hosted_price(model_id: str, on: date, prompt_tokens: int = 0, own: OwnHosted | None = None) -> HostedPrice:
    """Price of ``model_id`` (``provider/model``) in force on ``on`` for prompts of ``prompt_tokens`` tokens.

    By default with what the reader's own folders say over the bundled list.
    """
    return _hosted_price(model_id, on, prompt_tokens, own or in_force())


@lru_cache(1024)
def _hosted_price(model_id: str, on: date, prompt_tokens: int, own: OwnHosted) -> HostedPrice:
    price, changes_on = _list_price(model_id, on, prompt_tokens, own)
    contract = own.contract(price.model_id, on)
    if contract is not None:
        source = contract.source
        cited = Citation(source.title, source.url, source.retrieved)
        theirs = {"long_prompt_above": None, "varies_by_hour": False, "effective_from": contract.effective_from}
        price = replace(price, **contract.prices(), **theirs, origin=cited, kind="yours", checked_on=source.retrieved)  # type: ignore[arg-type]
        changes_on = None
    days = [day for day in (changes_on, own.next_change(price.model_id, on)) if day is not None]
    if not days:
        return price
    following = _hosted_price(model_id, min(days), prompt_tokens, own)
    return replace(price, announced=((min(days), following), *following.announced))


def _list_price(model_id: str, on: date, prompt_tokens: int, own: OwnHosted) -> tuple[HostedPrice, date | None]:
    """The published price, and the day on which the next one begins."""
    listed = _listed(model_id, on, own)
    rates, model = listed.rates, listed.model
    tiers = [start for prices in rates for start in _tier_starts(prices)]

    def dearest(key: str) -> float | None:
        return max(_known(_resolve(prices, key, prompt_tokens) for prices in rates), default=None)

    def first_batch(key: str) -> float | None:
        return next(_known(_resolve(prices, key, prompt_tokens) for prices in listed.batch), None)

    identity = f"{listed.provider.id}/{model.id}"
    origin = _origin(identity, own)
    price = HostedPrice(
        model_id=identity,
        name=model.name or model.id,
        provider=listed.provider.name,
        input_price=dearest("input_mtok"),
        cached_input_price=dearest("cache_read_mtok"),
        cache_write_price=dearest("cache_write_mtok"),
        output_price=dearest("output_mtok"),
        batch_input_price=first_batch("input_mtok"),
        batch_output_price=first_batch("output_mtok"),
        batch_cached_input_price=first_batch("cache_read_mtok"),
        prompt_tokens=prompt_tokens,
        long_prompt_above=min(tiers, default=None),
        varies_by_hour=any(prices != rates[0] for prices in rates),
        effective_from=listed.effective_from,
        checked_on=origin.retrieved,
        deprecated=bool(model.deprecated),
        context_window=model.context_window,
        origin=origin,
    )
    return price, listed.changes_on


def _origin(model_id: str, own: OwnHosted) -> Citation:
    """The price list a model stands in: the reader's newer one, named by its day, else the bundled release."""
    if (day := own.day_of(model_id)) is not None:
        return Citation(f"{price_book().package} {day}: {model_id}", own.url, day)
    return Citation(
        f"{price_book().package} {price_book().version}: {model_id}", price_book().source.url, price_book_date()
    )


def hosted_models(on: date) -> tuple[str, ...]:
    """Ids offered for choice: current text models with an input and an output price on ``on``, sorted."""
    return _hosted_models(on, in_force())


@lru_cache(64)
def _hosted_models(on: date, own: OwnHosted) -> tuple[str, ...]:
    prices = (_hosted_price(model_id, on, 0, own) for model_id in offered_models())
    usable = (p for p in prices if p.input_price is not None and p.output_price is not None and not p.deprecated)
    return tuple(sorted(price.model_id for price in usable))


def is_hosted(model_id: str, own: OwnHosted | None = None) -> bool:
    """Whether the price data knows a model of this id."""
    try:
        _find(model_id, own or in_force())
    except UnknownId:
        return False
    return True


def known_models() -> tuple[str, ...]:
    """Ids of every model with a price, offered for choice or not."""
    return tuple(_models(in_force()))


@lru_cache(4096)
def priced_model(name: str, provider: str | None) -> str | None:
    """Id of the price of a model by the name in a log, with its dates, regions and versions.

    ``None`` where the list has none, or a name that only begins like one of its own. A name alone is taken for that of
    the maker.
    """
    from genai_prices.data_snapshot import get_snapshot

    called = name.rpartition("/")[2] if name.startswith("arn:") else name
    seller = "azure" if provider is not None and provider.lower().startswith("azure") else provider
    try:
        if called.lower().startswith("ft:"):
            return "/".join(part.id for part in _find(f"{seller or 'openai'}/{called}", NOTHING_OWN))
        if (named := f"{seller}/{called}") in _models():
            return named
        found = get_snapshot().find_provider_model(called, None, seller, None)
    except (LookupError, UnknownId):
        return None
    return None if _alien_words(called, *found) else _ids()[id(found[1])]


def _alien_words(name: str, provider: Provider, model: ModelInfo) -> set[str]:
    """Words of a name that nothing in the record of a model explains."""
    known = f"{provider.id} {model.id} {model.match!r}".lower()
    dateless = _DATE.sub(" ", name.lower())
    return {word for word in _WORD.findall(dateless) if word not in known} - PLACES_AND_VERSIONS


@cache
def _ids() -> dict[int, str]:
    """Ids by the record of a model, which a seller may share with its maker."""
    return {id(model): key for key, (_, model) in _models().items()}


def tiers_of(model_ids: tuple[str, ...], on: date) -> tuple[int, ...]:
    """Prompt lengths above which one of the models costs more."""
    rates = (prices for model_id in model_ids for prices in _listed(model_id, on, in_force()).rates)
    return tuple(start for prices in rates for start in _tier_starts(prices))


def price_book_date() -> date:
    """The day up to which the bundled prices are known to be maintained."""
    return price_book().data_up_to


def notices_for(price: HostedPrice, on: date, stale_after_days: int, near_tier: float) -> tuple[Notice, ...]:
    """What the reader must know before relying on ``price`` on the day ``on``.

    ``near_tier`` is how near a mean length may be to a tier before that is told. [fraction]
    """
    model = {"model": price.model_id}
    found: list[Notice] = []
    if price.input_price is None or price.output_price is None:
        found.append(Notice("token_price_unknown", "warning", model))
    age_days = (on - price.checked_on).days
    if age_days > stale_after_days and price.kind == "published":
        said = {**model, "days": age_days, "checked_on": price.checked_on}
        found.append(Notice("price_stale", "warning", said))
    if price.effective_from is not None and price.effective_from > on:
        found.append(Notice("price_from_future", "warning", {**model, "effective_from": price.effective_from}))
    if price.effective_from is None and (price.checked_on - on).days > YEAR_DAYS:
        found.append(Notice("price_not_dated", "warning", {**model, "checked_on": price.checked_on}))
    if price.deprecated:
        found.append(Notice("deprecated_model", "warning", model))
    if price.varies_by_hour:
        found.append(Notice("price_varies_by_hour", "info", model))
    if price.long_prompt_above is not None and price.prompt_tokens > price.long_prompt_above:
        params = {**model, "prompt_tokens": price.prompt_tokens, "above_tokens": price.long_prompt_above}
        found.append(Notice("long_prompt_tier", "info", params))
    if price.long_prompt_above is not None and abs(price.prompt_tokens / price.long_prompt_above - 1) <= near_tier:
        params = {**model, "prompt_tokens": price.prompt_tokens, "above_tokens": price.long_prompt_above}
        found.append(Notice("near_long_prompt_tier", "warning", params))
    if price.batch_input_price is None or price.batch_output_price is None:
        found.append(Notice("batch_rate_unknown", "info", model))
    if price.cached_input_price is None:
        found.append(Notice("cache_rate_unknown", "info", model))
    return tuple(found)


@cache
def price_book() -> PriceBook:
    """The recorded release; refuses to date the prices of any other installed release."""
    file = f"data/prices/{PRICE_BOOK_FILE.name}"
    try:
        book = PriceBook.model_validate(parse_yaml(PRICE_BOOK_FILE.read_bytes(), file))
    except ValidationError as error:
        fault = error.errors()[0]
        raise DataError(file, ".".join(map(str, fault["loc"])), fault["msg"], "correct the field") from error
    if (installed := version(book.package)) != book.version:
        fault_text = f"release {book.version} is recorded, {installed} is installed"
        raise DataError(file, book.package, fault_text, "install the recorded release, or record the new one")
    return book


@lru_cache(8)
def _models(own: OwnHosted = NOTHING_OWN) -> dict[str, tuple[Provider, ModelInfo]]:
    from genai_prices.data_snapshot import get_snapshot

    return by_id(get_snapshot().providers) | dict(own.listed)


def by_id(providers: Iterable[Provider]) -> dict[str, tuple[Provider, ModelInfo]]:
    """Every model with its provider, by its id."""
    return {f"{p.id}/{model.id}": (p, model) for p in providers for model in p.models}


def read_providers(raw: list[Any]) -> dict[str, tuple[Provider, ModelInfo]]:
    """Models of price data as it is published, by id. Raises ``ValueError`` where it is not of that form.

    This is what the updater of the package makes of an answer.
    """
    from genai_prices.types import _providers_from_raw

    try:
        return by_id(_providers_from_raw(raw))
    except (TypeError, KeyError, AttributeError) as error:  # a ValidationError is a ValueError
        raise ValueError(str(error)) from None


def published_at() -> str:
    """Address from which the updater of the package reads."""
    from genai_prices.update_prices import DEFAULT_UPDATE_URL

    return str(DEFAULT_UPDATE_URL)


@cache
def offered_models() -> tuple[str, ...]:
    """Ids of the models offered for choice, on whatever day."""
    lines = ((provider, steps) for provider, own in price_book().offered.items() for steps in own.values())
    return tuple(f"{provider}/{model}" for provider, steps in lines for step in steps for model in step)


def _find(model_id: str, own: OwnHosted) -> tuple[Provider, ModelInfo]:
    """Exact ids only, since the package also matches by prefix; a fine-tuned name matches a fine-tuned price."""
    known = _models(own)
    if model_id in known:
        return known[model_id]
    provider_id, _, name = model_id.partition("/")
    same_provider = [key for key in known if key.startswith(f"{provider_id}/")]
    if same_provider and name.startswith("ft:"):
        provider = known[same_provider[0]][0]
        model = provider.find_model(name.lower())
        if model is not None and model.id.startswith("ft:"):
            return provider, model
    raise UnknownId("hosted model", model_id, sorted({*offered_models(), *same_provider}))


def _rates_on(model: ModelInfo, on: date) -> tuple[list[ModelPrice], date | None, date | None]:
    """Rate in force first, then rates of certain hours; the day it began, the day the next one begins.

    A rate of certain hours carries no date. It belongs to the newest dated rate, so it counts once that has begun.
    """
    entries = model.prices
    if not isinstance(entries, list):
        return [entries], None, None
    dated = [e for e in entries if not _is_hourly(e)]
    begun = [e for e in dated if _has_begun(e.constraint, on)]
    in_force = (begun or dated)[-1 if begun else 0]
    later = [start for e in dated if (start := _start(e.constraint)) is not None and start > on]
    hourly = [] if later else [e.prices for e in entries if _is_hourly(e)]
    return [in_force.prices, *hourly], _start(in_force.constraint), min(later, default=None)


def _start(constraint: object) -> date | None:
    start: date | None = getattr(constraint, "start_date", None)
    return start


def _has_begun(constraint: object, on: date) -> bool:
    start = _start(constraint)
    return start is None or start <= on


def _is_hourly(entry: ConditionalPrice) -> bool:
    return hasattr(entry.constraint, "start_time")


def _tier_starts(prices: ModelPrice) -> Iterator[int]:
    for key in ("input_mtok", "output_mtok"):
        for tier in getattr(vars(prices).get(key), "tiers", ()):
            yield tier.start


def _resolve(prices: ModelPrice, key: str, prompt_tokens: int) -> float | None:
    """Price of ``key`` in its tier: a prompt longer than a tier's start pays that tier for all its tokens."""
    price = vars(prices).get(key)
    if price is None:
        return None
    reached = [tier.price for tier in getattr(price, "tiers", ()) if prompt_tokens > tier.start]
    return float(reached[-1] if reached else getattr(price, "base", price))


def _known(prices: Iterable[float | None]) -> Iterator[float]:
    return (price for price in prices if price is not None)
