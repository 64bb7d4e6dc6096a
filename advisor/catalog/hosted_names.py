"""Hosted models by the names that people give them, where only one can be meant."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from advisor.catalog.hosted_prices import hosted_price, known_models, priced_model

ROUTER = "openrouter/"
"""Its ids hold the maker of a model before its name."""
VERSION_ENDS = ("", "-0", "-latest")
"""How a maker may end a name that others write without."""
ALIKE = 0.75
"""How alike a misspelt name is to the one that is meant."""
MOST_ALIKE = 3
_BEDROCK = re.compile(
    r"(?:(?:us|eu|apac|global|jp|au)\.)?(?:anthropic|amazon|meta|mistral|cohere|deepseek|openai)\.", re.I
)
"""How the names of Amazon Bedrock begin."""
_WORD = re.compile(r"\d+(?:\.\d+)*[a-z]?|[^\W\d_]+")
_DASHED_VERSION = re.compile(r"(?<![\d.])(\d)-(\d)(?![\d.])")


def models_called(name: str) -> tuple[str, ...]:
    """Ids of the models of this name, with provider or without; of several, that of the maker, whom OpenRouter names.

    ``GPT 5 mini`` and ``gpt-5-mini`` are one name, as are ``Claude Haiku 4.5``, ``claude-haiku-4-5`` and
    ``Claude 4.5 Haiku``, and a snapshot as logs have it, ``gpt-5-mini-2025-08-07``.
    """
    return _called(name, known_models())


@lru_cache(1024)
def _called(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    if (own := _in_list_of_maker(name.strip().casefold(), known)) is not None:
        return (own,)
    for said in dict.fromkeys((name, _DASHED_VERSION.sub(r"\1.\2", name))):
        if found := _of_makers(said, known):
            return found
    wanted = _bare(name)
    found = tuple(each for each in known if wanted in (_bare(each), _bare(each.partition("/")[2])))
    seller = "aws" if _BEDROCK.match(name.strip()) else None
    if not found and (dated := priced_model(name.strip(), seller)) is not None:
        return (dated,)
    return found


def in_a_sentence(model_id: str, on: date) -> str:
    """What a sentence calls a hosted model.

    The name in its price list where that has the words of the id and is written as a name, otherwise the id without its
    seller.
    """
    bare, listed = model_id.rpartition("/")[2], hosted_price(model_id, on).name
    same = sorted(_words(listed)) == sorted(_words(_DASHED_VERSION.sub(r"\1.\2", bare)))
    return listed if same and not listed.islower() else bare


def spelt_like(name: str, offered: Collection[str]) -> tuple[str, ...]:
    """Ids whose name alone is spelt much like this one, of those offered for choice and of all makers."""
    by_name = {_bare(each.rpartition("/")[2]): each for each in (*_in_lists_of_makers(), *offered)}
    near = get_close_matches(_bare(name.rpartition("/")[2]), by_name, n=MOST_ALIKE, cutoff=ALIKE)
    return tuple(by_name[each] for each in near)


def with_words(name: str, offered: Iterable[str]) -> tuple[str, ...]:
    """Ids that hold every word of the name: ``sonnet 4.5``, of those offered for choice, else of any maker's."""
    words = {*_words(_DASHED_VERSION.sub(r"\1.\2", name))}
    for ids in (offered, _in_lists_of_makers()):
        found = tuple(each for each in ids if words and words <= {*_words(_DASHED_VERSION.sub(r"\1.\2", each))})
        if found:
            return found
    return ()


def _of_makers(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Ids in the lists of the makers whom OpenRouter names for this name; of its words in another order, where one."""
    wanted, words = _bare(name), sorted(_words(name))
    routed = [each.removeprefix(ROUTER) for each in known if each.startswith(ROUTER)]
    same = [each for each in routed if wanted in (_bare(each.rpartition("/")[2]), _bare(each))]
    same = same or [each for each in routed if words and words == sorted(_words(each.rpartition("/")[2]))]
    found = (_in_list_of_maker(each, known) for each in same)
    return tuple(dict.fromkeys(each for each in found if each is not None))


@lru_cache(1)
def _makers_of(known: Collection[str]) -> tuple[str, ...]:
    routed = (each.removeprefix(ROUTER) for each in known if each.startswith(ROUTER))
    found = (_in_list_of_maker(each, known) for each in routed)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _in_lists_of_makers() -> tuple[str, ...]:
    return _makers_of(known_models())


def _in_list_of_maker(model_id: str, known: Collection[str]) -> str | None:
    """Id in the maker's own list of a model as others write it: 4.5 may be 4-5 there, and 4 may be 4-0."""
    plain = model_id.replace(".", "-")
    return next((each for each in (model_id, *(f"{plain}{end}" for end in VERSION_ENDS)) if each in known), None)


def _words(name: str) -> list[str]:
    return _WORD.findall(name.casefold())


def _bare(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum() or letter == ".")
