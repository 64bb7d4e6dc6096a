"""Examples that repeat an earlier one: exactly by a digest, nearly by MinHash over sequences of tokens.

Nearly means that of all sequences of five tokens in either of two examples at least the threshold stands in both, as
estimated from 60 permutations (a standard error of 0.05 at the threshold). Sequences that stand in a tenth of a
batch's examples, such as an instruction around each text, do not count.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

THRESHOLD = 0.8
PERMUTATIONS, SEED = 60, 1
BANDS, ROWS = 12, 5
"""Chance that a pair is looked at: 0.99 at a similarity of 0.8, 0.32 at 0.5; what is looked at is then compared."""
SHINGLE = 5
FEWEST_SHINGLES = 8
"""Shorter examples are compared exactly only: a word changes most of their sequences."""
COMMON_SHARE, FEWEST_COMMON, SAMPLED = 0.1, 20, 256
"""Sequences in this share of a batch's sampled examples are a template's, if they are in so many."""
TABLE_BITS, SHORT_BITS = 20, 16
WEIGHTS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1], np.uint32)
BAND_FACTOR = np.uint64(0x9E3779B97F4A7C15)
PAIRS_AT_ONCE = 200_000

Uint32 = NDArray[np.uint32]
Places = NDArray[np.int64]


@cache
def _permutations() -> tuple[Uint32, Uint32]:
    """Factors and summands of the permutations, modulo 2**32."""
    from datasketch import MinHash  # heavy: it brings scipy

    factors, summands = MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme="affine32").permutations
    return np.asarray(factors, np.uint32), np.asarray(summands, np.uint32)


def mixed(values: Uint32) -> Uint32:
    """A fixed bijection under which neighbouring numbers have nothing in common (the end of MurmurHash3)."""
    values = values ^ (values >> np.uint32(16))
    values = values * np.uint32(0x85EBCA6B)
    values = values ^ (values >> np.uint32(13))
    values = values * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))


def shingles(tokens: Uint32) -> Uint32:
    """A number for each sequence of five tokens, by its first; the last four places begin none."""
    last = len(tokens) - SHINGLE + 1
    if last <= 0:
        return np.empty(0, np.uint32)
    summed, part = np.zeros(last, np.uint32), np.empty(last, np.uint32)
    for k, weight in enumerate(WEIGHTS):
        np.add(tokens[k : last + k], np.uint32(1), out=part)
        np.multiply(part, weight, out=part)
        np.add(summed, part, out=summed)
    return mixed(summed)


def owners(lengths: Places, width: int, total: int) -> tuple[NDArray[np.bool_], Places]:
    """Which places of concatenated tokens begin a sequence inside one example, and how many each example has."""
    inside = np.ones(max(total - width + 1, 0), bool)
    ends = np.cumsum(lengths)
    for back in range(1, width):
        at = ends - back
        inside[at[(at >= 0) & (at < len(inside))]] = False
    return inside, np.maximum(lengths - width + 1, 0)


class NearDuplicates:
    """Signatures of examples, batch by batch, and in the end which of them are nearly an earlier one."""

    def __init__(self) -> None:
        self._places: list[Places] = []
        self._signatures: list[NDArray[np.uint16]] = []
        self._bands: list[NDArray[np.uint64]] = []
        self._common = np.zeros(1 << TABLE_BITS, bool)

    def add(self, places: Places, tokens: Uint32, lengths: Places, sequences: Uint32) -> None:
        """Take in a batch: the number of each example, their tokens in a row, how many each has, its ``shingles``."""
        inside, counts = owners(lengths, SHINGLE, len(tokens))
        numbers = sequences[inside]
        self._learn(numbers, counts[:SAMPLED])
        if self._common.any():
            is_common = self._common[numbers >> np.uint32(32 - TABLE_BITS)]
            counts = counts - np.bincount(np.repeat(np.arange(len(counts)), counts)[is_common], minlength=len(counts))
            numbers = numbers[~is_common]
        enough = counts >= FEWEST_SHINGLES
        if not enough.all():
            numbers = numbers[np.repeat(enough, counts)]
        if not len(numbers):
            return
        signature = _signature(numbers, counts[enough])
        self._places.append(places[enough])
        self._signatures.append((signature & np.uint32(0xFFFF)).astype(np.uint16))
        self._bands.append(_bands(signature))

    def _learn(self, numbers: Uint32, counts: Places) -> None:
        """Remember the sequences that many of the batch's first examples have, which begin so many each."""
        least = max(COMMON_SHARE * len(counts), FEWEST_COMMON)
        numbers = numbers[: counts.sum()]
        short = numbers >> np.uint32(32 - SHORT_BITS)
        often = np.flatnonzero((np.bincount(short, minlength=1 << SHORT_BITS) >= least)[short])
        owner = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)[often]
        pairs = np.unique((numbers[often].astype(np.uint64) << np.uint64(32)) | owner)
        found, times = np.unique(pairs >> np.uint64(32), return_counts=True)
        self._common[(found[times >= least] >> np.uint64(32 - TABLE_BITS)).astype(np.int64)] = True

    def pairs(self) -> Places:
        """Each example that is nearly an earlier one, with that one, in order; an array of two columns."""
        if not self._places:
            return np.empty((0, 2), np.int64)
        places, signatures = np.concatenate(self._places), np.concatenate(self._signatures)
        self._signatures = [signatures]  # the batches' own would be as much again
        earlier = np.full(len(places), -1, np.int64)
        for band in range(BANDS):
            _take(np.concatenate([keys[:, band] for keys in self._bands]), signatures, earlier)
        found = np.flatnonzero(earlier >= 0)
        return np.stack([places[found], places[earlier[found]]], axis=1)


def _signature(numbers: Uint32, counts: Places) -> Uint32:
    """The least number of each example under each permutation: a row an example."""
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    factors, summands = _permutations()
    found = np.empty((len(counts), PERMUTATIONS), np.uint32)
    permuted = np.empty_like(numbers)  # one for all: new memory for each costs more than the arithmetic
    for k in range(PERMUTATIONS):
        np.multiply(numbers, factors[k], out=permuted)
        np.add(permuted, summands[k], out=permuted)
        found[:, k] = np.minimum.reduceat(permuted, begins)
    return found


def _bands(signature: Uint32) -> NDArray[np.uint64]:
    """A number for each band of rows, by which like examples meet."""
    rows = signature.reshape(len(signature), BANDS, ROWS).astype(np.uint64)
    key = np.zeros((len(signature), BANDS), np.uint64)
    for k in range(ROWS):
        key = (key + rows[:, :, k]) * BAND_FACTOR
        key ^= key >> np.uint64(29)
    return key


def _take(keys: NDArray[np.uint64], signatures: NDArray[np.uint16], earlier: Places) -> None:
    """Where examples share a band, compare each with the first of them and with the one before it."""
    order = np.argsort(keys, kind="stable")
    same = np.concatenate([[False], keys[order][1:] == keys[order][:-1]])
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
    at = np.flatnonzero(same)
    for other in (first[at], at - 1):
        for begin in range(0, len(at), PAIRS_AT_ONCE):
            part = slice(begin, begin + PAIRS_AT_ONCE)
            left, right = order[at[part]], order[other[part]]
            alike = (signatures[left] == signatures[right]).mean(axis=1) >= THRESHOLD
            left, right = left[alike], right[alike]
            is_new = earlier[left] < 0
            earlier[left[is_new]] = right[is_new]


def first_of_each(keys: Sequence[Places]) -> Places:
    """For each example the number of the first with the same keys."""
    rows = np.stack(keys, axis=1)
    order = np.lexsort([*rows.T[::-1]])
    ordered = rows[order]
    is_new = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)]) if len(rows) else np.empty(0, bool)
    first = np.empty(len(rows), np.int64)
    first[order] = order[np.maximum.accumulate(np.where(is_new, np.arange(len(rows)), 0))]
    return first
