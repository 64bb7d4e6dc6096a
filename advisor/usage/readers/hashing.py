"""Names of keys that nobody can turn back: every engine's SQL hashes so too, and a key has one name everywhere."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

HASH_DIGITS = 16
"""Hexadecimal digits that are kept."""


def before_key(salt: str) -> str:
    """What is hashed with a key: as long for every salt, and no query shows the salt."""
    return sha256(salt.encode()).hexdigest()


def hashed_with(salt: str) -> Callable[[Any], Any]:
    """A function of text expressions: a key as 16 hexadecimal digits that nobody can turn back without the salt."""
    import ibis

    return lambda keys: (ibis.literal(before_key(salt)) + keys).hexdigest("sha256").substr(0, HASH_DIGITS)
