"""Tokens without a network: counted where the vocabulary is at hand, else estimated from one that is."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from advisor.catalog.catalog import Catalog

O200K, CL100K = "o200k_base", "cl100k_base"
ESTIMATOR = "tokens"
FAMILIES: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"gpt-?(4o|4\.1|4\.5|5|oss)|chatgpt-4o|\bo[134](-|$)"), O200K),
    (re.compile(r"gpt-?(4|3\.?5)(-|$)"), CL100K),
)
"""Models whose vocabulary is known to be one that is at hand, by their names without the maker's."""
LONGEST_PIECE = 400_000
"""Longer texts are encoded in pieces [characters]; each cut may add a token."""
GROUPS = ("latin", "cjk", "other")


@dataclass(frozen=True)
class Vocabulary:
    """What the tokens of a ``model`` are counted in; an estimate unless ``is_exact``."""

    model: str
    name: str
    is_exact: bool


@dataclass(frozen=True)
class TokenFactor:
    """Tokens of another vocabulary as a multiple of those counted, between ``low`` and ``high``."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class TokenConstants:
    """By group of scripts the factor of an unknown vocabulary; tokens of a chat template a message and an example."""

    factors: Mapping[str, TokenFactor]
    per_message: float
    per_example: float


def vocabulary_of(model: str) -> Vocabulary:
    """The vocabulary of a model by its family; of a family that is not known here, the one to estimate from."""
    name = model.casefold().rpartition("/")[2]
    known = next((vocabulary for pattern, vocabulary in FAMILIES if pattern.search(name)), None)
    return Vocabulary(model, known or O200K, known is not None)


def token_constants(catalog: Catalog) -> TokenConstants:
    """The constants as ``data/estimators/tokens.yaml`` has them."""
    found, factors = catalog.coefficients[ESTIMATOR], {}
    for group in GROUPS:
        middle, interval = found[group].value, found[group].interval
        low, high = (middle, middle) if interval is None else (interval.low, interval.high)
        factors[group] = TokenFactor(low, middle, high)
    return TokenConstants(factors, found["per_message"].value, found["per_example"].value)


@cache
def encoder(vocabulary: str) -> Callable[[str], list[int]]:
    """A function from a text to its tokens."""
    import bpe_openai  # heavy: its vocabularies

    encode: Callable[[str], list[int]] = bpe_openai.get_encoding(vocabulary).encode_ordinary

    def encoded(text: str) -> list[int]:
        if len(text) <= LONGEST_PIECE:
            return encode(text)
        pieces = (text[at : at + LONGEST_PIECE] for at in range(0, len(text), LONGEST_PIECE))
        return [token for piece in pieces for token in encode(piece)]

    return encoded
