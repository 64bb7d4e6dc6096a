"""The two results of the quality gate told apart: what tuning is worth in each draw where it passes and where it fails.

The chance of passing depends on no other number, so every draw stands for both results, by their chance: probabilities
and percentiles over both carry no noise of a drawn gate.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def weighted_quantiles(values: Array, weights: Array, shares: tuple[float, ...]) -> tuple[float, ...]:
    """Values below which these shares of the weight lie, between neighbours interpolated by the middle of each."""
    order = np.argsort(values, kind="stable")
    ahead = np.cumsum(weights[order])
    middle = (ahead - weights[order] / 2) / ahead[-1]
    return tuple(float(x) for x in np.interp(shares, middle, values[order]))


def quantiles(values: Array, shares: tuple[float, ...]) -> tuple[float, ...]:
    """The same where every value weighs as much; only the values are sorted, which takes a fifth of the time."""
    middle = (np.arange(len(values)) + 0.5) / len(values)
    return tuple(float(x) for x in np.interp(shares, middle, np.sort(values)))


class Worlds(NamedTuple):
    """Net present value of each draw against the best without tuning, where the gate passes and where it fails.

    ``chance`` is that of passing [fraction]; money in the case's currency.
    """

    passed: Array
    failed: Array
    chance: float

    @property
    def values(self) -> Array:
        """Both results of every draw: first those that pass, then those that fail. [money]"""
        return np.concatenate([self.passed, self.failed])

    @property
    def weights(self) -> Array:
        """Probability of each of :attr:`values`. [fraction]"""
        count = len(self.passed)
        return np.repeat([self.chance / count, (1 - self.chance) / count], count)

    @property
    def expected(self) -> Array:
        """The gate integrated out, in each draw. [money]"""
        return self.chance * self.passed + (1 - self.chance) * self.failed

    @property
    def mean(self) -> float:
        return float(self.expected.mean())

    def share(self, passed: NDArray[np.bool_], failed: NDArray[np.bool_]) -> float:
        """Probability of what holds in some draws of either result. [fraction]"""
        return self.chance * float(passed.mean()) + (1 - self.chance) * float(failed.mean())

    @property
    def positive_share(self) -> float:
        return self.share(self.passed > 0, self.failed > 0)

    @property
    def losses(self) -> tuple[float, float]:
        """Probability of a loss [fraction], and what is then lost on average, a positive amount [money]."""
        return self._beyond(-1)

    @property
    def gains(self) -> tuple[float, float]:
        """Probability of a gain [fraction], and what is then gained on average [money]."""
        return self._beyond(1)

    def _beyond(self, sign: int) -> tuple[float, float]:
        there = sign * self.values > 0
        share = float(self.weights[there].sum())
        return share, sign * float(self.weights[there] @ self.values[there]) / share if share else 0.0

    def quantiles(self, *shares: float) -> tuple[float, ...]:
        """Percentiles over both results, of shares between 0 and 1. [money]"""
        possible = self.weights > 0
        return weighted_quantiles(self.values[possible], self.weights[possible], shares)
