"""One pass over a training set: what is in it, what is wrong with it, what is left of it once it is cleaned."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import InputError, Issue
from advisor.datasets.batches import BATCH, Batch, ExampleReader
from advisor.datasets.conversations import Conversation, Unusable, conversation
from advisor.datasets.duplicates import THRESHOLD, NearDuplicates, first_of_each
from advisor.datasets.formats import open_records
from advisor.datasets.overlap import SEQUENCE, SHARE, EvaluationIndex
from advisor.datasets.personal import redacted
from advisor.datasets.records import (
    FATAL,
    MOST_SHOWN,
    AnswerConflicts,
    CleanedSet,
    DatasetFault,
    DatasetReport,
    DuplicateCounts,
    EvaluationOverlap,
    FaultCount,
    Place,
    TokenCounts,
    Truncation,
)
from advisor.datasets.tokens import GROUPS, TokenConstants, Vocabulary, encoder

MOST_RECORDS = 10_000_000
SHORTEST = 8
"""Tokens of prompt and answer below which an example teaches hardly anything."""
TRAIN, EVALUATION = "file", "--evaluation"
"""What faults of either file name."""

Progress = Callable[[int], None]
Columns = dict[str, NDArray[np.int64]]


@dataclass(frozen=True)
class NamedFile:
    """A file to read, which can be sought in, and how it is called."""

    name: str
    file: BinaryIO


@dataclass(frozen=True)
class Counting:
    """How tokens are counted, and the sequence length beyond which training sees nothing."""

    vocabulary: Vocabulary
    constants: TokenConstants
    sequence: int


class _Records:
    """The records of one file: faults told, conversations handed to the reader, batch by batch."""

    def __init__(self, given: NamedFile, field: str, reader: ExampleReader) -> None:
        self.place: Place = "line"
        self.formats: Counter[str] = Counter()
        self.records = 0
        self.faults: Counter[str] = Counter()
        self._first: dict[str, list[DatasetFault]] = {}
        self._given, self._field, self._reader = given, field, reader

    def read(self, progress: Progress | None, take: Callable[[Batch], None]) -> None:
        stream = open_records(self._given.file, self._given.name, self._field)
        self.place = stream.place
        for raw in stream.records:
            self.records += 1
            found = Unusable(raw.code, raw.read) if raw.code else conversation(raw.value)
            if isinstance(found, Conversation):
                self.formats[found.kind] += 1
                self._reader.add(raw.line, found)
                if self._reader.is_full:
                    take(self._reader.batch())
            elif raw.json is not None:
                self._fault(DatasetFault(raw.line, raw.code, raw.json.sign, raw.json.code, raw.json.column))
            else:
                self._fault(DatasetFault(raw.line, found.code, found.read))
            if progress is not None and not self.records % BATCH:
                progress(self.records)
            if self.records > MOST_RECORDS:
                raise InputError([Issue(self._field, "dataset_too_many", {"maximum": MOST_RECORDS})])
        if not self.records:
            raise InputError([Issue(self._field, "dataset_empty", {})])
        if self._reader.waiting:
            take(self._reader.batch())

    def _fault(self, fault: DatasetFault) -> None:
        self.faults[fault.code] += 1
        first = self._first.setdefault(fault.code, [])
        if len(first) < MOST_SHOWN:
            first.append(replace(fault, read=redacted(fault.read)))

    def counted(self) -> tuple[FaultCount, ...]:
        return tuple(
            FaultCount(code, self.faults[code], tuple(self._first[code])) for code in FATAL if self.faults[code]
        )


def measure_dataset(
    train: NamedFile, counting: Counting, evaluation: NamedFile | None = None, progress: Progress | None = None
) -> DatasetReport:
    """All that is found in a training set, and how much of an evaluation set stands in it.

    ``progress`` is told the number of records now and then. Raises :class:`InputError` for what is no training set.
    """
    encode = encoder(counting.vocabulary.name)
    index = None if evaluation is None else _index(evaluation, encode)
    reader, near = ExampleReader(encode), NearDuplicates()
    found = _Records(train, TRAIN, reader)
    kept: list[Columns] = []

    def take(batch: Batch) -> None:
        numbers = np.arange(len(batch.lines)) + sum(len(columns["line"]) for columns in kept)
        near.add(numbers, batch.tokens, batch.lengths, batch.sequences)
        gives = np.zeros(len(batch.lines), bool)
        if index is not None:
            gives = index[0].add(batch.prompts, batch.lengths, batch.tokens, batch.sequences)
        kept.append({**batch.columns(), "gives": gives.astype(np.int64)})

    found.read(progress, take)
    columns = _joined(kept)
    pairs = near.pairs()
    overlap = None if index is None or evaluation is None else _overlap(evaluation, *index, columns)
    return _report(found, reader, columns, pairs, counting, overlap)


def _joined(kept: list[Columns]) -> Columns:
    if not kept:
        return {}
    return {name: np.concatenate([columns[name] for columns in kept]) for name in kept[0]}


def _index(evaluation: NamedFile, encode: Callable[[str], list[int]]) -> tuple[EvaluationIndex, _Records, list[int]]:
    """The evaluation set as an index, with its faults and the places of its items."""
    reader = ExampleReader(encode, answers=False)
    found, batches = _Records(evaluation, EVALUATION, reader), list[Batch]()
    found.read(None, batches.append)
    if not batches:
        raise InputError([Issue(EVALUATION, "dataset_no_items", {"count": found.records})])
    lines = [int(line) for batch in batches for line in batch.lines]
    tokens = np.concatenate([batch.tokens for batch in batches])
    joined = Batch.of(tokens, np.concatenate([batch.lengths for batch in batches]))
    prompts = np.concatenate([batch.prompts for batch in batches])
    return EvaluationIndex(prompts, joined.lengths, tokens, joined.sequences), found, lines


def _overlap(
    evaluation: NamedFile, index: EvaluationIndex, found: _Records, lines: list[int], columns: Columns
) -> EvaluationOverlap:
    exact, in_part = index.exact(), index.in_part()
    seen = np.flatnonzero(exact | in_part)
    return EvaluationOverlap(
        evaluation.name,
        len(lines),
        found.records - len(lines),
        int(exact.sum()),
        int((in_part & ~exact).sum()),
        int(columns["gives"].sum()) if columns else 0,
        SEQUENCE,
        SHARE,
        tuple(lines[k] for k in seen[:MOST_SHOWN]),
    )


def _report(
    found: _Records,
    reader: ExampleReader,
    columns: Columns,
    near: NDArray[np.int64],
    counting: Counting,
    overlap: EvaluationOverlap | None,
) -> DatasetReport:
    examples = len(columns["line"]) if columns else 0
    lengths, tokens = _tokens(columns, counting) if examples else (np.empty(0), None)
    repeats, duplicates = _duplicates(columns, near, examples)
    cut = np.minimum(lengths, counting.sequence)
    return DatasetReport(
        file=found._given.name,
        place=found.place,
        formats=dict(found.formats.most_common()),
        records=found.records,
        examples=examples,
        faults=found.counted(),
        tokens=tokens,
        truncation=_truncation(columns, lengths, counting.sequence) if examples else None,
        short=int((columns["tokens"] < SHORTEST).sum()) if examples else 0,
        duplicates=duplicates,
        conflicts=_conflicts(columns, repeats["exact"]),
        overlap=overlap,
        personal=reader.personal(),
        scripts=dict(reader.scripts.most_common()),
        languages=dict(reader.languages.most_common()),
        labels=reader.labels.balance(examples),
        cleaned=_cleaned(found, columns, repeats, cut),
    )


def _tokens(columns: Columns, counting: Counting) -> tuple[NDArray[np.float64], TokenCounts]:
    """Tokens of each example in the model's vocabulary, counted or estimated, with the template; and their figures."""
    constants, exact = counting.constants, counting.vocabulary.is_exact
    factors = [constants.factors[name] for name in GROUPS]
    by_end = [np.array([1.0 if exact else getattr(f, end) for f in factors]) for end in ("low", "middle", "high")]
    counted, group = columns["system"] + columns["tokens"], columns["group"]
    frame = constants.per_message * columns["messages"] + constants.per_example
    low, lengths, high = (counted * factor[group] + frame for factor in by_end)
    answers = columns["answer"] * by_end[1][group]
    median, p90, p99 = np.quantile(lengths, (0.5, 0.9, 0.99))
    return lengths, TokenCounts(
        model=counting.vocabulary.model,
        vocabulary=counting.vocabulary.name,
        is_exact=exact,
        total=float(lengths.sum()),
        answers=float(answers.sum()),
        low=float(low.mean()),
        high=float(high.mean()),
        mean=float(lengths.mean()),
        median=float(median),
        p90=float(p90),
        p99=float(p99),
        longest=round(float(lengths.max())),
        bars=_bars(lengths),
    )


def _bars(lengths: NDArray[np.float64]) -> tuple[tuple[int, int, int], ...]:
    """Examples by length, each bar twice as long as the one before, from the first to the last that has any."""
    power = np.floor(np.log2(np.maximum(lengths, 1))).astype(int)
    counts = np.bincount(power)
    first = int(np.flatnonzero(counts)[0])
    return tuple((2**k, 2 ** (k + 1), int(counts[k])) for k in range(first, len(counts)))


def _truncation(columns: Columns, lengths: NDArray[np.float64], sequence: int) -> Truncation:
    longer = np.flatnonzero(lengths > sequence)
    lost, seen = float((lengths[longer] - sequence).sum()), float(np.minimum(lengths, sequence).mean())
    first = tuple(int(line) for line in columns["line"][longer[:MOST_SHOWN]])
    return Truncation(sequence, len(longer), lost, seen, first)


def _duplicates(
    columns: Columns, near: NDArray[np.int64], examples: int
) -> tuple[dict[str, NDArray[np.bool_]], DuplicateCounts]:
    """Which examples repeat an earlier one; what repeats exactly is no near duplicate too."""
    nothing = {name: np.zeros(examples, bool) for name in ("exact", "near")}
    if not examples:
        return nothing, DuplicateCounts(0, 0, THRESHOLD)
    first = first_of_each([columns["prompt_key"], columns["answer_key"]])
    exact = first != np.arange(examples)
    near = near[~exact[near[:, 0]]]
    is_near = nothing["near"]
    is_near[near[:, 0]] = True
    lines = columns["line"]
    repeated = np.flatnonzero(exact)[:MOST_SHOWN]
    return {"exact": exact, "near": is_near}, DuplicateCounts(
        int(exact.sum()),
        len(near),
        THRESHOLD,
        tuple((int(lines[k]), int(lines[first[k]])) for k in repeated),
        tuple((int(lines[k]), int(lines[j])) for k, j in near[:MOST_SHOWN]),
    )


def _conflicts(columns: Columns, repeated: NDArray[np.bool_]) -> AnswerConflicts:
    """Prompts with several answers, among the examples that repeat none exactly."""
    single = np.flatnonzero(~repeated)
    if not len(single):
        return AnswerConflicts(0, 0)
    first = first_of_each([columns["prompt_key"][single]])
    later = np.flatnonzero(first != np.arange(len(single)))
    prompts, lines = np.unique(first[later]), columns["line"][single]
    pairs = tuple((int(lines[k]), int(lines[first[k]])) for k in later[:MOST_SHOWN])
    return AnswerConflicts(len(prompts), len(prompts) + len(later), pairs)


def _cleaned(
    found: _Records, columns: Columns, repeats: dict[str, NDArray[np.bool_]], lengths: NDArray[np.float64]
) -> CleanedSet:
    """What is left without faults, repeats and what gives away the evaluation; each is left out for one reason."""
    gives = columns["gives"].astype(bool) if columns else np.empty(0, bool)
    exact, near = repeats["exact"], repeats["near"]
    kept = ~(exact | near | gives)
    left_out = {
        "faulty": found.faults.total(),
        "exact": int(exact.sum()),
        "near": int((near & ~exact).sum()),
        "overlap": int((gives & ~exact & ~near).sum()),
    }
    return CleanedSet(int(kept.sum()), float(lengths[kept].sum()), left_out)
