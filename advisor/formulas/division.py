"""Division that is undefined, not infinite, where the denominator is 0."""

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def ratio(numerator: Numbers, denominator: Numbers) -> Numbers:
    """Quotient, nan where the denominator is 0.

    Parameters
    ----------
    numerator : float or array [any unit]
    denominator : float or array [any unit]

    Returns
    -------
    float or array [unit of numerator / unit of denominator]
    """
    bottom = np.asarray(denominator, dtype=float)
    safe = np.where(bottom == 0, 1.0, bottom)
    quotient: Numbers = np.where(bottom == 0, np.nan, np.asarray(numerator, dtype=float) / safe)[()]
    return quotient
