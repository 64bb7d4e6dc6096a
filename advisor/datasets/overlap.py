"""What of an evaluation set stands in training: the same prompts, and longer passages by sequences of 13 tokens."""

import numpy as np
from numpy.typing import NDArray

from advisor.datasets.duplicates import SHINGLE, Places, Uint32, owners

SEQUENCE = 3 * (SHINGLE - 1) + 1
SHARE = 0.5
COMMON_SHARE, FEWEST_COMMON = 0.1, 5
"""Sequences in this share of the evaluation items, if in so many, are a template's and count for nothing."""
TABLE_BITS = 24
FACTORS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
Uint64 = NDArray[np.uint64]


def passages(sequences: Uint32) -> Uint64:
    """A number for each sequence of 13 tokens, of three overlapping ones of five."""
    last = len(sequences) - 2 * (SHINGLE - 1)
    if last <= 0:
        return np.empty(0, np.uint64)
    parts = (sequences[k * (SHINGLE - 1) : last + k * (SHINGLE - 1)].astype(np.uint64) for k in range(3))
    summed = np.zeros(last, np.uint64)
    for factor, part in zip(FACTORS, parts, strict=True):
        summed += (part + np.uint64(1)) * factor
    return summed ^ (summed >> np.uint64(31))


class EvaluationIndex:
    """Prompts and passages of an evaluation set, and which of them training has."""

    def __init__(self, prompts: Uint64, lengths: Places, tokens: Uint32, sequences: Uint32) -> None:
        """``prompts``: the key of each item's; ``tokens`` in a row with how many each item has, and their shingles."""
        self._prompts = prompts
        inside, counts = owners(lengths, SEQUENCE, len(tokens))
        numbers, owner = passages(sequences)[inside], np.repeat(np.arange(len(lengths)), counts)
        pairs = np.unique(np.stack([numbers, owner.astype(np.uint64)], axis=1), axis=0) if len(numbers) else None
        numbers, owner = (numbers, owner) if pairs is None else (pairs[:, 0], pairs[:, 1].astype(np.int64))
        self._numbers, where, times = np.unique(numbers, return_inverse=True, return_counts=True)
        common = (times >= COMMON_SHARE * len(lengths)) & (times >= FEWEST_COMMON)
        self._where, self._owner = where[~common[where]], owner[~common[where]]
        self._passages = np.bincount(self._owner, minlength=len(lengths))
        self._counted = ~common
        self._seen = np.zeros(len(self._numbers), bool)
        self._seen_prompts: list[Uint64] = []
        self._table = np.zeros(1 << TABLE_BITS, bool)
        self._table[_slot(self._numbers[self._counted])] = True

    def add(self, prompts: Uint64, lengths: Places, tokens: Uint32, sequences: Uint32) -> NDArray[np.bool_]:
        """Take in a batch of training examples; says which of them give away an item.

        Those have its prompt or the share of its passages, or are themselves made of passages of items to that share.
        """
        gives = np.isin(prompts, self._prompts)
        self._seen_prompts.append(np.unique(prompts[gives]))
        inside, counts = owners(lengths, SEQUENCE, len(tokens))
        numbers = passages(sequences)[inside]
        maybe = np.flatnonzero(self._table[_slot(numbers)])
        if not len(maybe):
            return gives
        at = np.minimum(np.searchsorted(self._numbers, numbers[maybe]), len(self._numbers) - 1)
        known = (self._numbers[at] == numbers[maybe]) & self._counted[at]
        self._seen[at[known]] = True
        owner = np.repeat(np.arange(len(lengths)), counts)[maybe[known]]
        hits = np.bincount(owner, minlength=len(lengths))
        gives |= (hits > 0) & (hits >= SHARE * counts)
        gives[self._givers(owner, at[known])] = True
        return gives

    def _givers(self, examples: Places, numbers: Places) -> Places:
        """Of examples and the places of the passages found in each, those with enough of some item's passages."""
        found = np.unique(np.stack([examples, numbers], axis=1), axis=0)
        begins, ends = (np.searchsorted(self._where, found[:, 1], side) for side in ("left", "right"))
        of = np.repeat(np.arange(len(found)), ends - begins)
        places = np.arange(len(of)) - np.searchsorted(of, of) + begins[of]
        items = len(self._prompts)
        pairs, times = np.unique(found[of, 0] * items + self._owner[places], return_counts=True)
        enough: Places = pairs[times >= SHARE * self._passages[pairs % items]] // items
        return enough

    def exact(self) -> NDArray[np.bool_]:
        """Which items have a prompt of training."""
        seen = np.concatenate(self._seen_prompts) if self._seen_prompts else np.empty(0, np.uint64)
        return np.isin(self._prompts, seen)

    def in_part(self) -> NDArray[np.bool_]:
        """Which items have at least the share of their passages in training."""
        items = len(self._prompts)
        total = self._passages
        seen = np.bincount(self._owner, weights=self._seen[self._where], minlength=items)
        return (total > 0) & (seen >= SHARE * total)


def _slot(numbers: Uint64) -> NDArray[np.int64]:
    return (numbers >> np.uint64(64 - TABLE_BITS)).astype(np.int64)
