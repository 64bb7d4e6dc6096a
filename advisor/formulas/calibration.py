"""What a few measured runs say of an estimate elsewhere: its error where they ran, carried over to other lengths."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class CalibratedError(NamedTuple):
    """Error of an estimate once runs are known: measured over estimated [-], and its standard deviation in logarithms.

    The estimate times ``ratio`` is the new estimate.
    """

    ratio: float
    sigma: float


def tie_by_length(first: Array, second: Array, common_share: float) -> Array:
    """How far the errors of one estimate go together at two lengths [-, 0 to 1].

    A part of the error's variance belongs to the set-up and is the same at every length. The rest belongs to the
    length; of it, half is left with every doubling of the length, and nothing is lost at the same length.

    Parameters
    ----------
    first : array [tokens]
    second : array [tokens]
    common_share : float [fraction], of the variance

    Returns
    -------
    array (first, second) [-]

    References
    ----------
    Model of this tool; the share is judgement.
    """
    doublings = np.abs(np.log2(first)[:, np.newaxis] - np.log2(second)[np.newaxis, :])
    return np.asarray(common_share + (1 - common_share) * 0.5**doublings)


def calibrated_error(
    ratios: Array,
    sigmas: Array,
    lengths: Array,
    own_sigma: float,
    own_length: float,
    common_share: float,
    run_spread: float,
) -> CalibratedError:
    """Error of an estimate at the case's length, from runs at their own lengths.

    In logarithms, errors of the estimate are normal around 0 with the estimate's own spread, tied by
    ``tie_by_length``; each run differs from its set-up by a spread of its own. What is left is the conditional normal
    distribution. Without runs it is the estimate as it was; one run at the same length leaves little more than the
    spread of runs, one far away at least what belongs to lengths.

    Parameters
    ----------
    ratios : array (runs,) [-], measured over estimated at each run's conditions
    sigmas : array (runs,) [-], standard deviation of the logarithm of measured over estimated
    lengths : array (runs,) [tokens]
    own_sigma : float [-], the same at the case's conditions
    own_length : float [tokens]
    common_share : float [fraction], of the variance, that is the same at every length
    run_spread : float [fraction], standard deviation between runs of one set-up

    Returns
    -------
    CalibratedError [-]

    References
    ----------
    Conditional distribution of a multivariate normal: Rasmussen and Williams (2006), Gaussian Processes for Machine
    Learning, equations 2.25 and 2.26.
    """
    if not len(ratios):
        return CalibratedError(1.0, own_sigma)
    seen = np.outer(sigmas, sigmas) * tie_by_length(lengths, lengths, common_share)
    seen = seen + run_spread**2 * np.eye(len(ratios))
    between = own_sigma * sigmas * tie_by_length(np.array([own_length]), lengths, common_share)[0]
    weights = np.linalg.solve(seen, between)
    variance = own_sigma**2 - float(weights @ between)
    return CalibratedError(float(np.exp(weights @ np.log(ratios))), float(np.sqrt(max(variance, 0.0))))


def repeated_runs(values: Array, run_spread: float) -> CalibratedError:
    """Geometric mean of runs of one set-up, and the standard deviation of its logarithm.

    Few runs tell little of their own spread, so it is never taken to be less than the usual one.

    Parameters
    ----------
    values : array (runs,) [any unit], above 0
    run_spread : float [fraction], usual standard deviation between runs of one set-up

    Returns
    -------
    CalibratedError [unit of values, -]
    """
    logs = np.log(values)
    seen = float(logs.std(ddof=1)) if len(logs) > 1 else 0.0
    return CalibratedError(float(np.exp(logs.mean())), max(seen, run_spread) / float(np.sqrt(len(logs))))
