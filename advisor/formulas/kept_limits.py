"""How many sequences a run had at once whose tokens took no longer than a limit.

The time of a step is known within an error, and with few sequences it hardly depends on their number. So the largest
number whose estimated step lies within the limit says little there; that the run kept its limit says more.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

COUNTS = np.exp(np.arange(0.0, np.log(1 << 16), 0.1))
"""Numbers of sequences that are looked at, a tenth apart in the logarithm."""


def sequences_of_a_run(
    seconds: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    limit: NDArray[np.float64],
    error: float,
    most: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Geometric mean of the sequences that a run may have had whose tokens took about ``limit`` [count].

    Before the limit is looked at, one to ten sequences are as likely as ten to a hundred. A number is the less likely
    the farther its time lies from the limit, and none is more than ``most``. A looser limit never gives fewer; one that
    no number keeps leaves few.

    Parameters
    ----------
    seconds : callable, sequences [count] in rows, one column for each run, to the time per output token [s]
    limit : array [s], of each run; infinite where there is none
    error : float [natural logarithm], standard deviation of measured over estimated time
    most : array [count], 1 or more

    Returns
    -------
    array [count], from 1 to ``most``

    References
    ----------
    Bayes' rule with a prior that is even in the logarithm of the number.
    """
    counts = np.repeat(COUNTS[:, np.newaxis], most.size, axis=1)
    longest = seconds(counts)
    asked = np.minimum(limit, longest[-1])
    distance = np.log(asked / longest) / error
    chance = np.exp(np.min(distance**2, axis=0) / 2 - distance**2 / 2)
    logarithms = np.log(np.minimum(counts, most))
    return np.asarray(np.exp((chance * logarithms).sum(axis=0) / chance.sum(axis=0)))
