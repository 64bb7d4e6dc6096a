"""Names of keys that nobody can turn back: every engine's SQL hashes so too, and a key has one name everywhere."""

from collections.abc import Callable
from typing import Any

HASH_LETTERS = 16
"""Hexadecimal digits that are kept."""


def hashed_with(salt: str) -> Callable[[Any], Any]:
    """A function of text expressions: a key as 16 hexadecimal digits that nobody can turn back without the salt."""
    import ibis
    import pyarrow as pa

    def hashes(keys: Any) -> Any:
        coded = keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
        coded = coded.dictionary_encode()
        return pa.array([_hash(key, salt) for key in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)

    hashes.__name__ = "salted_hash"
    wrapped: Callable[[Any], Any] = ibis.udf.scalar.pyarrow(hashes, signature=(("string",), "string"))
    return wrapped


def _hash(key: str | None, salt: str) -> str | None:
    from hashlib import sha256

    return None if key is None else sha256(f"{salt}:{key}".encode()).hexdigest()[:HASH_LETTERS]
