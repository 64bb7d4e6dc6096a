"""An estimate with the range that holds the measured figure in four of five cases."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

STANDARD_DEVIATIONS = 1.2816
"""Of a normal distribution on either side of its middle, for 80 % of it to lie between."""


FITS = ("yes", "tight", "no")
"""Whether a run fits its card."""


@dataclass(frozen=True)
class FitVerdict:
    """Whether a run fits its card, a word of :data:`FITS`, from the probability that it does [fraction]."""

    verdict: str
    probability: float


@dataclass(frozen=True)
class Prediction:
    """An estimate in one unit: the middle, and the ends of its 80 % interval.

    ``assumed`` are the codes of what was assumed because nothing says it; ``fit`` is said of memory where the card's is
    known.
    """

    middle: float
    low: float
    high: float
    assumed: tuple[str, ...] = ()
    fit: FitVerdict | None = None


def spread(middle: float, sigma: float, assumed: tuple[str, ...] = ()) -> Prediction:
    """Prediction of an estimate whose errors are factors.

    Parameters
    ----------
    middle : float
    sigma : float, standard deviation of the logarithm of measured over estimated
    assumed : tuple of str

    Returns
    -------
    Prediction [unit of ``middle``]
    """
    factor = math.exp(STANDARD_DEVIATIONS * sigma)
    return Prediction(middle, middle / factor, middle * factor, assumed)


def combined(sigmas: Iterable[float]) -> float:
    """Standard deviation of a sum of independent errors.

    Parameters
    ----------
    sigmas : iterable of float

    Returns
    -------
    float [unit of the errors]
    """
    return math.hypot(*sigmas)
