"""Routing between a small and a large model: what a request costs and where routing stops saving.

Every argument may be a float or an array of draws. Undefined is nan.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]


def cascade_cost(small_cost: Numbers, check_cost: Numbers, large_cost: Numbers, fallback_share: Numbers) -> Numbers:
    """Small model first, a check, the large model for what fails it [money/request].

    The small model is paid for every request: at a fallback share of 1 it comes on top.

    Parameters
    ----------
    small_cost : float or array [money/request]
    check_cost : float or array [money/request]
    large_cost : float or array [money/request]
    fallback_share : float or array [fraction]

    Returns
    -------
    float or array [money/request]
    """
    always = small_cost + check_cost
    return always + fallback_share * large_cost


def cascade_break_even_share(small_cost: Numbers, check_cost: Numbers, large_cost: Numbers) -> Numbers:
    """Fallback share at which the cascade costs as much as the large model alone [fraction].

    nan where small model and check already cost more: then no share pays.

    Parameters
    ----------
    small_cost : float or array [money/request]
    check_cost : float or array [money/request]
    large_cost : float or array [money/request]

    Returns
    -------
    float or array [fraction]
    """
    always = small_cost + check_cost
    return _possible_share(1 - ratio(always, large_cost))


def router_cost(router_call_cost: Numbers, small_cost: Numbers, large_cost: Numbers, large_share: Numbers) -> Numbers:
    """A router sends each request to one of two models before either has answered [money/request].

    Parameters
    ----------
    router_call_cost : float or array [money/request]
    small_cost : float or array [money/request]
    large_cost : float or array [money/request]
    large_share : float or array [fraction]

    Returns
    -------
    float or array [money/request]
    """
    small_part = (1 - large_share) * small_cost
    large_part = large_share * large_cost
    return router_call_cost + small_part + large_part


def router_break_even_share(router_call_cost: Numbers, small_cost: Numbers, large_cost: Numbers) -> Numbers:
    """Share sent to the large model at which routing saves nothing [fraction]; nan where no share pays.

    Parameters
    ----------
    router_call_cost : float or array [money/request]
    small_cost : float or array [money/request]
    large_cost : float or array [money/request]

    Returns
    -------
    float or array [fraction]
    """
    saved_by_small = large_cost - small_cost
    share = _possible_share(1 - ratio(router_call_cost, saved_by_small))
    possible: Numbers = np.where(np.asarray(saved_by_small) > 0, share, np.nan)[()]
    return possible


def cascade_latency(small_seconds: Numbers, large_seconds: Numbers, fallback_share: Numbers) -> Numbers:
    """Mean time to an answer when a share is asked twice [seconds].

    The mean hides the tail: the requests that fall back wait for both models.

    Parameters
    ----------
    small_seconds : float or array [s]
    large_seconds : float or array [s]
    fallback_share : float or array [fraction]

    Returns
    -------
    float or array [s]
    """
    return small_seconds + fallback_share * large_seconds


def _possible_share(share: Numbers) -> Numbers:
    possible: Numbers = np.where(np.asarray(share) >= 0, share, np.nan)[()]
    return possible
