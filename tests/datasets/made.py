"""Small sets in memory, measured with the constants of the catalog."""

import gzip
import io
import json
import random
from collections.abc import Iterable, Sequence

from advisor.datasets.measure import Counting, NamedFile, measure_dataset
from advisor.datasets.records import DatasetReport
from advisor.datasets.tokens import token_constants, vocabulary_of
from tests.cases import catalog

COUNTED, ESTIMATED = "openai/gpt-4o", "llama-3.1-8b"
WORDS = [
    f"{first}{last}" for first in ("river", "stone", "garden", "letter", "market") for last in ("", "s", "er", "ing")
]
WORDS += [f"{first}{last}" for first in ("music", "silver", "winter", "island", "button") for last in ("", "s", "less")]


def counting(model: str = COUNTED, sequence: int = 2048) -> Counting:
    return Counting(vocabulary_of(model), token_constants(catalog()), sequence)


def measured(
    content: bytes | str,
    name: str = "set.jsonl",
    *,
    model: str = COUNTED,
    sequence: int = 2048,
    evaluation: bytes | str | None = None,
) -> DatasetReport:
    against = None if evaluation is None else NamedFile("eval.jsonl", io.BytesIO(_bytes(evaluation)))
    return measure_dataset(NamedFile(name, io.BytesIO(_bytes(content))), counting(model, sequence), against)


def _bytes(content: bytes | str) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def chat(question: str, answer: str, system: str = "") -> dict[str, object]:
    turns = [("system", system)] if system else []
    turns += [("user", question), ("assistant", answer)]
    return {"messages": [{"role": role, "content": text} for role, text in turns]}


def lines(records: Iterable[object]) -> str:
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


def zipped(content: str) -> bytes:
    return gzip.compress(content.encode(), mtime=0)


def passage(rng: random.Random, words: int) -> list[str]:
    return [rng.choice(WORDS) for _ in range(words)]


def edited(rng: random.Random, words: Sequence[str], changes: int) -> list[str]:
    """The passage with so many of its words replaced by others."""
    found = list(words)
    for place in rng.sample(range(len(found)), changes):
        found[place] = f"changed{rng.randrange(10_000)}"
    return found
