"""What was found in a training set: counts, lines and masked examples. No text of an example is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Place = Literal["line", "record"]
"""What a file is counted in: lines of text, or records of an array or a Parquet file; both begin at 1."""
MOST_SHOWN = 5
"""First places that are named of whatever was found."""
FATAL = (
    "not_utf8",
    "not_json",
    "line_too_long",
    "not_an_object",
    "unknown_keys",
    "no_messages",
    "bad_message",
    "unknown_role",
    "empty_content",
    "system_in_the_middle",
    "roles_out_of_order",
    "last_not_assistant",
)
"""Faults that leave a record out, by the first that is found in it (words: ``dataset.fault.<code>``)."""


@dataclass(frozen=True)
class DatasetFault:
    """Why a record cannot be trained on. ``read`` is what stands there: a role, keys, one sign, no text.

    Of a line that is no JSON ``reason`` says what is missing (words: ``dataset.json.<reason>``), at which ``column``.
    """

    line: int
    code: str
    read: str = ""
    reason: str = ""
    column: int = 0


@dataclass(frozen=True)
class FaultCount:
    """Records with one fault, and the first of them."""

    code: str
    records: int
    first: tuple[DatasetFault, ...]


@dataclass(frozen=True)
class TokenCounts:
    """Tokens of the usable examples, with the marks of a chat template.

    ``vocabulary`` is the one counted; ``is_exact`` where the model has it, else ``mean`` and ``total`` are an estimate
    for the model's own, between ``low`` and ``high`` times what was counted. ``answers`` is the part that the model
    learns to write. ``bars`` are examples from a length to below the next.
    """

    model: str
    vocabulary: str
    is_exact: bool
    total: float
    answers: float
    low: float
    high: float
    mean: float
    median: float
    p90: float
    p99: float
    longest: int
    bars: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True)
class Truncation:
    """Examples longer than the sequence length, and the tokens that training would not see of them.

    ``mean`` is what it sees of an example.
    """

    sequence: int
    examples: int
    tokens_lost: float
    mean: float
    first: tuple[int, ...]


@dataclass(frozen=True)
class DuplicateCounts:
    """Examples that repeat an earlier one, exactly (but for case and space) or nearly; pairs of places as examples."""

    exact: int
    near: int
    threshold: float
    exact_pairs: tuple[tuple[int, int], ...] = ()
    near_pairs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class AnswerConflicts:
    """Prompts that stand in the set with different answers, and how many examples have one of them."""

    prompts: int
    examples: int
    pairs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class EvaluationOverlap:
    """Evaluation items that training has seen, and training examples that give them away.

    ``prompts``: items whose prompt is a training prompt. ``passages``: other items of whose sequences of ``sequence``
    tokens at least ``share`` stand in training. ``faulty`` items were left out.
    """

    file: str
    items: int
    faulty: int
    prompts: int
    passages: int
    training_examples: int
    sequence: int
    share: float
    first: tuple[int, ...] = ()


@dataclass(frozen=True)
class PersonalHint:
    """What has the form, and where there is one the checksum, of personal data; ``masked`` shows the first finds."""

    kind: str
    finds: int
    examples: int
    first: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class LabelBalance:
    """Answers that are a few words out of few: their counts, the largest first, and their entropy in bits."""

    labels: tuple[tuple[str, int], ...]
    examples: int
    majority: float
    entropy: float


@dataclass(frozen=True)
class CleanedSet:
    """The set without what was found: examples left, their tokens, and what was left out for which reason."""

    examples: int
    tokens: float
    left_out: Mapping[str, int]

    @property
    def mean(self) -> float | None:
        return self.tokens / self.examples if self.examples else None


@dataclass(frozen=True)
class DatasetReport:
    """All that was found in one training set; ``records`` are ``examples`` and those with a fault, none twice."""

    file: str
    place: Place
    formats: Mapping[str, int]
    records: int
    examples: int
    faults: tuple[FaultCount, ...]
    tokens: TokenCounts | None
    truncation: Truncation | None
    short: int
    duplicates: DuplicateCounts
    conflicts: AnswerConflicts
    overlap: EvaluationOverlap | None
    personal: tuple[PersonalHint, ...]
    scripts: Mapping[str, int]
    languages: Mapping[str, int]
    labels: LabelBalance | None
    cleaned: CleanedSet

    @property
    def faulty(self) -> int:
        return sum(fault.records for fault in self.faults)


@dataclass(frozen=True)
class SetCost:
    """Training on so many examples: hours and money of a run, money of tuning over the horizon.

    ``None`` is not known: no card or speed, no price. Money is in ``currency``.
    """

    examples: int
    hours: float | None
    run_money: float | None
    horizon_money: float | None


@dataclass(frozen=True)
class CleaningSaves:
    """The set as it stands beside the cleaned one. ``follows_set``: the case states no hours of its own."""

    before: SetCost
    after: SetCost
    currency: str
    follows_set: bool
