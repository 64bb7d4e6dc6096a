"""Conversations as numbers, a batch at a time: tokens in a row, keys of prompts and answers, and what texts show."""

import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.datasets.conversations import Conversation
from advisor.datasets.duplicates import Places, Uint32, shingles
from advisor.datasets.labels import LabelCounts
from advisor.datasets.languages import LATIN, SCRIPTS, group_of, latin_language, main_scripts, sample
from advisor.datasets.personal import KINDS, masked, personal_data, searched
from advisor.datasets.records import MOST_SHOWN, PersonalHint
from advisor.datasets.tokens import GROUPS

BATCH = 512
"""Examples at once: few enough that their tokens stay in the cache of a processor."""
BATCH_CHARACTERS = 8_000_000
"""Characters after which a batch of long texts ends early: texts stay in memory until the end of their batch."""
MOST_SYSTEM_TEXTS = 512
"""System prompts that are remembered; most sets have one."""
KEY_MASK = (1 << 64) - 1
LOOKED_AT = 100
"""Characters of prompt and of answer by which a language is guessed."""
SPACE = b" \t\r\n\v\f"
SMALL = bytes(range(256)).lower()
CASED = tuple(bytes([lead]) for lead in (*range(0xC3, 0xD7), 0xE1, 0xEA, 0xF0))
"""First bytes in UTF-8 of letters that have a case, but for full-width and circled ones."""
_GROUP_OF = {script: GROUPS.index(group_of(script)) for script in SCRIPTS}
COLUMNS = ("line", "prompt_key", "answer_key", "system", "tokens", "answer", "messages")


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
        self._systems: dict[str, tuple[int, int]] = {}
        self._finds: Counter[str] = Counter()
        self._found_in: Counter[str] = Counter()
        self._first: dict[str, list[tuple[int, str]]] = {}
        self._begin()

    def _begin(self) -> None:
        self._tokens = array.array("I")
        self._rows: list[tuple[int, ...]] = []
        self._texts: list[tuple[str, str]] = []
        self._characters = 0

    @property
    def waiting(self) -> int:
        """Examples since the last batch."""
        return len(self._rows)

    @property
    def is_full(self) -> bool:
        """Whether the examples since the last batch are enough for one."""
        return len(self._rows) >= BATCH or self._characters >= BATCH_CHARACTERS

    def add(self, line: int, found: Conversation) -> None:
        """Take in one conversation, which stands at this place of the file."""
        before, answer = found.before, found.answer
        system, system_key = self._system(line, found.system)
        tokens, begun = self._tokens, len(self._tokens)
        for text in before:
            tokens += array.array("I", self._encode(text))
        answered = len(tokens)
        if self._answers:
            tokens += array.array("I", self._encode(answer))
        prompt = before[0] if len(before) == 1 else "\n".join(before)
        keys = _key(prompt, system_key), _key(answer, 0)
        self._rows.append((line, *keys, system, len(tokens) - begun, len(tokens) - answered, found.messages))
        self._texts.append((prompt, answer))
        self._characters += len(prompt) + len(answer)
        self.labels.add(answer)

    def _system(self, line: int, text: str) -> tuple[int, int]:
        """Tokens and key of a system prompt, which is looked at once."""
        known = self._systems.get(text)
        if known is None:
            if len(self._systems) >= MOST_SYSTEM_TEXTS:
                self._systems.clear()
            known = self._systems[text] = (len(self._encode(text)), _key(text, 1)) if text else (0, 0)
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
        """The examples since the last batch as arrays, once their texts were looked at."""
        rows = np.array(self._rows, np.uint64).reshape(-1, len(COLUMNS))
        numbers = {name: np.ascontiguousarray(rows[:, k]) for k, name in enumerate(COLUMNS)}
        numbers["group"] = np.array(self._look_at_texts(), np.uint64)
        tokens = np.frombuffer(self._tokens, np.uint32) if self._tokens else np.empty(0, np.uint32)
        self._begin()
        return Batch.of(tokens, numbers["tokens"].astype(np.int64), numbers)

    def _look_at_texts(self) -> Sequence[int]:
        """Count scripts, languages and finds of the texts of a batch; the group of scripts of each example."""
        both = [f"{prompt}\n{answer}" for prompt, answer in self._texts]
        for k in searched(both):
            self._look_for_persons(self._rows[k][0], both[k])
        scripts = main_scripts([sample(text) for text in both])
        self.scripts.update(scripts)
        self.languages.update(
            latin_language(f"{prompt[:LOOKED_AT]} {answer[:LOOKED_AT]}".casefold().split())
            for (prompt, answer), script in zip(self._texts, scripts, strict=True)
            if script == LATIN
        )
        return [_GROUP_OF[script] for script in scripts]

    def personal(self) -> tuple[PersonalHint, ...]:
        return tuple(
            PersonalHint(kind, self._finds[kind], self._found_in[kind], tuple(self._first[kind]))
            for kind in KINDS
            if self._finds[kind]
        )


def _key(text: str, beside: int) -> int:
    """A text whatever its case and the space in it, with the key of its system prompt; only within one process."""
    plain = text.encode("utf-8", "surrogatepass").translate(SMALL, SPACE)
    if len(plain) > len(text) and any(lead in plain for lead in CASED):
        plain = text.casefold().encode("utf-8", "surrogatepass").translate(SMALL, SPACE)
    return hash((plain, beside)) & KEY_MASK
