"""From a planned amount to the actual one, one cause after the other, to the cent."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
CENTS_DIGITS = 2


def bridge_steps(stages: Array) -> Array:
    """What each cause adds, from amounts after one cause more each time.

    Every amount is rounded to the cent before the differences are taken, so the steps add up to the difference of the
    rounded ends exactly, in whole cents; and the way back is the same steps with the opposite sign.

    Parameters
    ----------
    stages : array (causes + 1,) [money], the plan first, the actual amount last

    Returns
    -------
    array (causes,) [money], in whole cents

    References
    ----------
    Sequential substitution (chain substitution) of variance analysis: each cause is put in with those before it in
    place, so what two causes do together is counted with the later one.
    """
    cents = np.round(np.asarray(stages, dtype=float) * 10**CENTS_DIGITS)
    return np.asarray(np.diff(cents) / 10**CENTS_DIGITS)
