"""Conversations as numbers, a batch at a time: tokens in a row, keys of prompts and answers, and what texts show."""

import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from advisor.datasets.conversations import Conversation
from advisor.datasets.duplicates import Places, Uint32, shingles
from advisor.datasets.labels import LabelCounts
from advisor.datasets.languages import LATIN, SCRIPTS, group_of, latin_language, main_script
from advisor.datasets.personal import KINDS, masked, personal_data
from advisor.datasets.records import MOST_SHOWN, PersonalHint
from advisor.datasets.tokens import GROUPS

BATCH = 512
"""Examples at once: few enough that their tokens stay in the cache of a processor."""
MOST_SYSTEM_TEXTS = 512
"""System prompts that are remembered; most sets have one."""
KEY_BYTES = 8
LOOKED_AT = 100
"""Characters of prompt and of answer by which a language is guessed."""
SPACE = b" \t\r\n\v\f"
SMALL = bytes(range(256)).lower()
_GROUP_OF = {script: GROUPS.index(group_of(script)) for script in SCRIPTS}
COLUMNS = ("line", "prompt_key", "answer_key", "system", "tokens", "answer", "messages", "group")


@dataclass(frozen=True)
class Batch:
    """Examples as arrays. ``tokens`` are those of prompts and answers in a row, without system prompts."""

    tokens: Uint32
    lengths: Places
    sequences: Uint32
    numbers: dict[str, NDArray[np.uint64]]

    @classmethod
    def of(cls, tokens: Uint32, lengths: Places, numbers: dict[str, NDArray[np.uint64]] | None = None) -> "Batch":
        return cls(tokens, lengths, shingles(tokens), numbers or {})

    @property
    def lines(self) -> NDArray[np.uint64]:
        """Where each example stands in the file."""
        return self.numbers["line"]

    @property
    def prompts(self) -> NDArray[np.uint64]:
        """The key of each example's prompt."""
        return self.numbers["prompt_key"]

    def columns(self) -> dict[str, NDArray[np.int64]]:
        """What is kept of a batch: a number of each kind an example."""
        return {name: column.view(np.int64) for name, column in self.numbers.items()}


class ExampleReader:
    """Turns conversations into numbers and counts what their texts show; of the texts it keeps nothing.

    Without ``answers`` the tokens are those of the prompts, as an evaluation set is looked for.
    """

    def __init__(self, encode: Callable[[str], list[int]], *, answers: bool = True) -> None:
        self.scripts: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.labels = LabelCounts()
        self._encode, self._answers = encode, answers
        self._systems: dict[str, tuple[int, bytes]] = {}
        self._finds: Counter[str] = Counter()
        self._found_in: Counter[str] = Counter()
        self._first: dict[str, list[tuple[int, str]]] = {}
        self._begin()

    def _begin(self) -> None:
        self._tokens = array.array("I")
        self._rows: list[tuple[int, ...]] = []

    @property
    def waiting(self) -> int:
        """Examples since the last batch."""
        return len(self._rows)

    def add(self, line: int, found: Conversation) -> None:
        """Take in one conversation, which stands at this place of the file."""
        system, digest = self._system(line, found.system)
        tokens, before = self._tokens, len(self._tokens)
        for text in found.before:
            tokens.extend(self._encode(text))
        answered = len(tokens)
        if self._answers:
            tokens.extend(self._encode(found.answer))
        prompt = found.before[0] if len(found.before) == 1 else "\n".join(found.before)
        both = f"{prompt}\n{found.answer}"
        script = main_script(both)
        self._rows.append(
            (
                line,
                _key(prompt, digest),
                _key(found.answer, b""),
                system,
                len(tokens) - before,
                len(tokens) - answered,
                found.messages,
                _GROUP_OF[script],
            )
        )
        self.scripts[script] += 1
        if script == LATIN:
            looked_at = f"{prompt[:LOOKED_AT]} {found.answer[:LOOKED_AT]}"
            self.languages[latin_language(looked_at.casefold().split())] += 1
        self.labels.add(found.answer)
        self._look_for_persons(line, both)

    def _system(self, line: int, text: str) -> tuple[int, bytes]:
        """Tokens and digest of a system prompt, which is looked at once."""
        known = self._systems.get(text)
        if known is None:
            if len(self._systems) >= MOST_SYSTEM_TEXTS:
                self._systems.clear()
            digest = _key(text, b"").to_bytes(KEY_BYTES, "little") if text else b""
            known = self._systems[text] = (len(self._encode(text)) if text else 0, digest)
            self._look_for_persons(line, text)
        return known

    def _look_for_persons(self, line: int, text: str) -> None:
        finds = [*personal_data(text)]
        if not finds:
            return
        kinds = {kind: find for kind, find in reversed(finds)}
        self._finds.update(kind for kind, _ in finds)
        self._found_in.update(kinds.keys())
        for kind, find in kinds.items():
            first = self._first.setdefault(kind, [])
            if len(first) < MOST_SHOWN:
                first.append((line, masked(find)))

    def batch(self) -> Batch:
        """The examples since the last batch as arrays."""
        rows = np.array(self._rows, np.uint64).reshape(-1, len(COLUMNS))
        numbers = {name: np.ascontiguousarray(rows[:, k]) for k, name in enumerate(COLUMNS)}
        tokens = np.frombuffer(self._tokens, np.uint32) if self._tokens else np.empty(0, np.uint32)
        self._begin()
        return Batch.of(tokens, numbers["tokens"].astype(np.int64), numbers)

    def personal(self) -> tuple[PersonalHint, ...]:
        return tuple(
            PersonalHint(kind, self._finds[kind], self._found_in[kind], tuple(self._first[kind]))
            for kind in KINDS
            if self._finds[kind]
        )


def _key(text: str, digest: bytes) -> int:
    """A text whatever its case and the space in it, after the digest of its system prompt."""
    small = text if text.isascii() else text.casefold()
    plain = small.encode("utf-8", "surrogatepass").translate(SMALL, SPACE)
    return int.from_bytes(blake2b(plain, digest_size=KEY_BYTES, key=digest).digest(), "little")
