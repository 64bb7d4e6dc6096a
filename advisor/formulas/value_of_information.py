"""What finding out uncertain facts before a decision is worth, estimated from draws by regression.

The expected value of partial perfect information: the mean of the best option given the facts, less the mean of the
option that is best without them (Strong, Oakley and Brennan, "Estimating multiparameter partial expected value of
perfect information from a probabilistic sensitivity analysis sample", Medical Decision Making 34, 2014). The regression
is cross-fitted: a draw's option is chosen by a fit on other draws, so noise cannot look like information.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.distributions import normal_quantile

Array = NDArray[np.float64]

FOLDS: Final = 4
"""Parts of the draws; each is decided by a fit on the three others. Contiguous, as those of a Sobol sequence are."""
CROSSED: Final = 5
"""Facts whose products with one another enter the regression: those that tell most alone."""
RIDGE: Final = 1e-3
"""Shrinks coefficients by a thousandth of the draws, against columns that are nearly the same."""
ERRORS_APART: Final = 2.0
PIECE: Final = 64
"""Draws multiplied together."""


class Knowledge(NamedTuple):
    """Mean gain from deciding on the facts and its standard error [money]; ``chosen`` is the option of each draw."""

    gain: float
    standard_error: float
    chosen: NDArray[np.int64]

    @property
    def counted(self) -> float:
        """The gain where it lies more than two standard errors above nothing, else 0. [money]"""
        return self.gain if self.gain > ERRORS_APART * self.standard_error else 0.0


def value_of_facts(facts: Array, options: Array) -> Knowledge:
    """Gain from choosing the best option of each draw by the facts instead of one option for all.

    Parameters
    ----------
    facts : array (draws, facts) [any unit]
        Drawn values of what would be found out; ties and scale do not matter, as ranks are used.
    options : array (draws, options) [money]
        What each option is worth in each draw.

    Returns
    -------
    Knowledge
        Gain over the option with the highest mean, its standard error, and the option taken in each draw.

    Raises
    ------
    ValueError
        ``too_few_draws`` where a fold would hold fewer draws than four for each term of the regression.

    References
    ----------
    Strong, Oakley and Brennan (2014); cross-fitting after Chernozhukov et al. (2018).
    """
    values = np.asarray(options, dtype=float)
    best = int(np.argmax(values.mean(axis=0)))
    told = _terms(_scores(np.asarray(facts, dtype=float)), values - values[:, [best]])
    if len(values) * (FOLDS - 1) < 4 * FOLDS * told.shape[1]:
        raise ValueError("too_few_draws")
    parts = list(zip(np.array_split(told, FOLDS), np.array_split(values, FOLDS), strict=True))
    products = [_products(terms, worth) for terms, worth in parts]
    whole = [sum(each) for each in zip(*products, strict=True)]
    chosen = np.concatenate(
        [
            np.argmax(terms @ _fitted(whole[0] - square, whole[1] - mixed, len(told) - len(terms)), axis=1)
            for (terms, _), (square, mixed) in zip(parts, products, strict=True)
        ]
    )
    gains = values[np.arange(len(values)), chosen] - values[:, best]
    return Knowledge(float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains))), chosen)


def _scores(facts: Array) -> Array:
    """Normal scores of the ranks: any distribution becomes the same, and a curve in its tails a smooth one."""
    order = np.argsort(facts, axis=0, kind="stable")
    of_ranks = np.asarray(normal_quantile((np.arange(len(facts)) + 0.5) / len(facts)))
    scores = np.empty_like(facts)
    np.put_along_axis(scores, order, of_ranks[:, np.newaxis], axis=0)
    return scores


def _terms(scores: Array, gains: Array) -> Array:
    """Constant, scores, squares, and the products of the facts that tell most about the gains."""
    spread = gains.std(axis=0)
    told = np.abs(scores.T @ (gains - gains.mean(axis=0)) / np.where(spread > 0, spread, 1)).max(axis=1)
    first = np.argsort(-told, kind="stable")[:CROSSED]
    pairs = [scores[:, i] * scores[:, j] for k, i in enumerate(first) for j in first[k + 1 :]]
    return np.column_stack([np.ones(len(scores)), scores, scores**2 - 1, *pairs])


def _products(terms: Array, values: Array) -> tuple[Array, Array]:
    """Sums of squares and products, piece by piece: a larger product starts threads, which take longer than it."""
    pieces = range(0, len(terms), PIECE)
    square = sum((terms[k : k + PIECE].T @ terms[k : k + PIECE] for k in pieces), np.zeros((terms.shape[1],) * 2))
    return square, terms.T @ values


def _fitted(square: Array, mixed: Array, draws: int) -> Array:
    """Coefficients by the normal equations, of all draws but a fold's, from products summed fold by fold."""
    penalty = RIDGE * draws * np.eye(len(square))
    penalty[0, 0] = 0.0
    return np.asarray(np.linalg.solve(square + penalty, mixed))
