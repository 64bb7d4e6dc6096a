"""Replicas hour by hour over a measured week, and the hours that are paid for them.

The last axis of an array with hours is those of a week or of a day, which repeats. ``shape`` is the load of each hour
over the mean of all. Other arguments are plain numbers or arrays of cases or draws.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.constants import SECONDS_PER_HOUR
from advisor.formulas.replicas import replicas_needed

Numbers = float | NDArray[np.float64]
Hours = NDArray[np.float64]


def busiest_moment(busiest_hour: Numbers, within_hour_factor: Numbers) -> Numbers:
    """The busiest minutes over the mean of the whole week [multiple].

    An hourly mean hides the minutes in it: whoever sizes for the mean of the busiest hour is too small half of it.

    Parameters
    ----------
    busiest_hour : float or array [multiple], of the mean
    within_hour_factor : float or array [multiple], busiest minutes over the mean of their hour

    Returns
    -------
    float or array [multiple]

    References
    ----------
    Model of this tool.
    """
    return busiest_hour * within_hour_factor


def replicas_by_hour(
    mean_requests_per_s: Numbers,
    shape: Hours,
    within_hour_factor: Numbers,
    capacity_requests_per_s: Numbers,
    target_utilisation: Numbers,
    min_replicas: Numbers,
) -> Hours:
    """Replicas that carry the busiest minutes of each hour at the target utilisation [replicas], hours last.

    Parameters
    ----------
    mean_requests_per_s : float or array [requests/s], of the whole week
    shape : array [multiple], load of each hour over that mean
    within_hour_factor : float or array [multiple], busiest minutes over the mean of their hour
    capacity_requests_per_s : float or array [requests/s], of one replica
    target_utilisation : float or array [fraction]
    min_replicas : float or array [replicas]

    Returns
    -------
    array [replicas]

    References
    ----------
    Model of this tool.
    """
    constants = (within_hour_factor, capacity_requests_per_s, target_utilisation, min_replicas)
    load = _each_hour(mean_requests_per_s) * shape
    return np.asarray(replicas_needed(load, *(_each_hour(number) for number in constants)))


def ready_ahead(replicas: Hours) -> Hours:
    """Replicas that run in each hour when those of the next stand before it begins [replicas].

    A machine and its weights take minutes to arrive, so a service that starts them when the load is there is too small
    at the start of each busier hour. The hour after the last is the first: the week repeats.

    Parameters
    ----------
    replicas : array [replicas], needed in each hour

    Returns
    -------
    array [replicas]
    """
    return np.maximum(replicas, np.roll(replicas, -1, axis=-1))


def replica_hours(replicas: Hours, hours_per_month: Numbers) -> Numbers:
    """Replica hours of a month of such weeks [hours/month].

    Parameters
    ----------
    replicas : array [replicas], that run in each hour
    hours_per_month : float or array [h/month]

    Returns
    -------
    float or array [hours/month]
    """
    running: Numbers = replicas.mean(axis=-1) * hours_per_month
    return running


def chance_of_a_request(mean_requests_per_s: Numbers, shape: Hours) -> Hours:
    """Chance that at least one request comes in each hour, with arrivals independent of each other [fraction].

    Parameters
    ----------
    mean_requests_per_s : float or array [requests/s], of the whole week
    shape : array [multiple], load of each hour over that mean

    Returns
    -------
    array [fraction]

    References
    ----------
    Poisson arrivals.
    """
    return -np.expm1(-_each_hour(mean_requests_per_s) * shape * SECONDS_PER_HOUR)


def cold_starts(chance: Hours, hours_per_month: Numbers) -> Numbers:
    """Starts from nothing in a month: hours with a request after an hour without any [1/month].

    Parameters
    ----------
    chance : array [fraction], of a request in each hour
    hours_per_month : float or array [h/month]

    Returns
    -------
    float or array [1/month]
    """
    starting = chance * (1 - np.roll(chance, 1, axis=-1))
    starts: Numbers = starting.mean(axis=-1) * hours_per_month
    return starts


def idle_share(utilisation: Numbers) -> Numbers:
    """What is paid and not used of the replicas [fraction].

    Parameters
    ----------
    utilisation : float or array [fraction], requests over what the paid hours could serve at full load

    Returns
    -------
    float or array [fraction]
    """
    return 1 - utilisation


def _each_hour(value: Numbers) -> Numbers:
    return np.asarray(value)[..., np.newaxis] if np.ndim(value) else value
