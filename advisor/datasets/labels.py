"""Answers that are labels: a few words out of few. Their counts, the share of the commonest, their entropy."""

from collections import Counter
from math import log2

from advisor.datasets.personal import redacted
from advisor.datasets.records import LabelBalance

MOST_WORDS, LONGEST_LABEL = 5, 60
MOST_LABELS = 100
FEWEST_TIMES = 3
"""Examples a label has on average where answers are labels."""
SHARE = 0.9
"""Of the examples whose answers are so short, from which the set is one of labels."""
TOO_MANY = 20_000


class LabelCounts:
    """Counts short answers while they can still be labels."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, answer: str) -> None:
        if len(answer) <= LONGEST_LABEL and len(self._counts) < TOO_MANY and len(answer.split()) <= MOST_WORDS:
            self._counts[answer.strip()] += 1

    def balance(self, examples: int) -> LabelBalance | None:
        """The balance of the labels; ``None`` where the answers are no labels."""
        counts, labelled = self._counts, self._counts.total()
        if not labelled or labelled < SHARE * examples or len(counts) > MOST_LABELS:
            return None
        if labelled < FEWEST_TIMES * len(counts):
            return None
        shares = [count / labelled for count in counts.values()]
        shown = tuple((redacted(label), count) for label, count in counts.most_common())
        return LabelBalance(shown, labelled, max(shares), sum(-share * log2(share) for share in shares) + 0.0)
