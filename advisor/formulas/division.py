"""Division that is undefined, not infinite, where the denominator is 0."""

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.arrays import as_array

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
    bottom = as_array(denominator, float)
    safe = np.where(bottom == 0, 1.0, bottom)
    quotient: Numbers = np.where(bottom == 0, np.nan, as_array(numerator, float) / safe)[()]
    return quotient
