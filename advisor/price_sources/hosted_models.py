"""Prices of hosted models, as genai-prices publishes them for its own updater."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_book import PriceList
from advisor.catalog.hosted_files import SAVED, kept_lists, saved_prices
from advisor.catalog.hosted_prices import HostedPrice, hosted_price, offered_models
from advisor.catalog.own_hosted import OwnHosted, in_force
from advisor.core.notices import DataError, InputError, Issue
from advisor.price_sources.answers import PriceMove, SourceAnswer, moved
from advisor.price_sources.fetch import fetch, json_of, lacking, text_of

MOST_BYTES = 30_000_000
UNIT = "USD/Mtok"
NEEDED = ("input_price", "output_price")
KINDS = (
    *NEEDED,
    "cached_input_price",
    "cache_write_price",
    "batch_input_price",
    "batch_output_price",
    "batch_cached_input_price",
)
"""Fields of a price whose moves are told. Which of them a list leaves out matters as much as what they are."""
MOST_TOKENS = 1e9
"""Below prices stand lengths of prompts as well, from which on another price holds."""


def hosted_models(place: str, catalog: Catalog, on: date, source: str) -> SourceAnswer:
    """The list as it is published on the day ``on``, saved whole.

    A model keeps its old prices where one of them moved too far, or is no longer told, or where the list lacks it.
    """
    content = fetch(place, source, MOST_BYTES)
    providers = _providers(text_of(content, source), source)
    found = _usable(_saved(providers, place, on), source)
    moves = tuple(move for model in offered_models() for move in _moves(model, found, on, source))
    kept = tuple(sorted({move.subject.split(",")[0] for move in moves if move.kept is not None} & found.listed.keys()))
    held = in_force()
    lists = kept_lists(held, {name for name in held.listed if name in kept or name not in found.listed})
    saved = _saved(providers, place, on, kept, lists)
    return SourceAnswer(source, on, len(found.listed), moves, {SAVED: saved})


def _providers(text: str, source: str) -> list[Any]:
    raw = json_of(text, source)
    if not isinstance(raw, list):
        raise lacking(source, "[{id, models}]")
    for value in _prices(raw):
        if not _is_possible(value):
            raise InputError(
                [Issue(source, "source_price_impossible", {"subject": "prices", "value": str(value)[:40]})]
            )
    return raw


def _is_possible(value: object) -> bool:
    """Whether a number among prices may be one; a model may cost nothing. Other texts are dates and names."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return True
    try:
        number = float(value)
    except ValueError:
        return True
    return math.isfinite(number) and 0 <= number <= MOST_TOKENS


def _prices(node: Any, inside: bool = False) -> Iterator[object]:
    """Every number below a key ``prices``."""
    if isinstance(node, dict):
        for key, each in node.items():
            yield from _prices(each, inside or key == "prices")
    elif isinstance(node, list):
        for each in node:
            yield from _prices(each, inside)
    elif inside:
        yield node


def _saved(
    providers: list[Any], place: str, on: date, kept: tuple[str, ...] = (), lists: tuple[PriceList, ...] = ()
) -> bytes:
    said: dict[str, object] = {"retrieved": on.isoformat(), "url": place, "kept": kept}
    said["earlier"] = [each.model_dump(mode="json") for each in lists]
    said["providers"] = providers
    return (json.dumps(said, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _usable(content: bytes, source: str) -> OwnHosted:
    try:
        return saved_prices(content, source)
    except DataError as error:
        raise InputError([Issue(source, "source_record_unreadable", {"record": error.record[:80]})]) from None


def _moves(model: str, found: OwnHosted, on: date, source: str) -> Iterator[PriceMove]:
    """What moved for short prompts, and for those above the longest step that the old or the new price has."""
    published = _published()
    if model not in found.listed:
        yield from _gone(model, published, on)
        return
    steps = (hosted_price(model, on, own=each).long_prompt_above for each in (published, found))
    longest = max((step for step in steps if step is not None), default=None)
    yield from _moves_at(model, 0, (published, found), on, source)
    if longest is not None:
        yield from _moves_at(model, longest + 1, (published, found), on, source)


def _gone(model: str, published: OwnHosted, on: date) -> Iterator[PriceMove]:
    """The prices of a model that the list no longer holds."""
    price = hosted_price(model, on, own=published)
    for kind in NEEDED:
        if before := getattr(price, kind):
            yield PriceMove(f"{model}, {kind}", UNIT, before, None, on, "no_longer_told")


def _moves_at(
    model: str, prompt_tokens: int, lists: tuple[OwnHosted, OwnHosted], on: date, source: str
) -> Iterator[PriceMove]:
    old, new = (hosted_price(model, on, prompt_tokens, each) for each in lists)
    for kind in KINDS:
        before, after = getattr(old, kind), getattr(new, kind)
        subject = f"{model}, {kind}" + (f" > {prompt_tokens - 1}" if prompt_tokens else "")
        if kind in NEEDED and (after is None or (before is not None and before > 0 and after <= 0)):
            raise InputError([Issue(source, "source_price_impossible", {"subject": subject, "value": str(after)})])
        if before and not after:
            yield PriceMove(subject, UNIT, before, after, _since(new, on), "no_longer_told")
        elif after:
            move = moved(subject, UNIT, before or None, after, _since(new, on))
            if move is not None:
                yield move


def _since(price: HostedPrice, on: date) -> date:
    return on if price.effective_from is None else price.effective_from


def _published() -> OwnHosted:
    """What is in force now, without any contract."""
    held = in_force()
    return replace(held, contracts=()) if held.contracts else held
