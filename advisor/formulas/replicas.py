"""Replicas, their hours, and what a request then costs.

Every argument may be a float or an array of draws. Undefined is nan. A replica is one copy of
the model, on ``gpus_per_replica`` GPUs; its capacity comes from the serving estimator.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.constants import SECONDS_PER_DAY, SECONDS_PER_HOUR
from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]
Words = NDArray[np.str_]

# --- How many ---------------------------------------------------------------


def replicas_needed(
    mean_requests_per_s: Numbers,
    peak_factor: Numbers,
    capacity_requests_per_s: Numbers,
    target_utilisation: Numbers,
    min_replicas: Numbers,
) -> Numbers:
    """Replicas that carry the peak at the target utilisation [replicas]; nan without capacity.

    A step function of volume: one request a day more can double the bill. The ratio is rounded to nine
    decimals: a binary rounding error would otherwise rent one replica more for a load that fits exactly.

    Parameters
    ----------
    mean_requests_per_s : float or array [requests/s]
    peak_factor : float or array [multiple], of the mean
    capacity_requests_per_s : float or array [requests/s], of one replica
    target_utilisation : float or array [fraction]
    min_replicas : float or array [replicas]

    Returns
    -------
    float or array [replicas]

    References
    ----------
    Model of this tool.
    """
    peak = mean_requests_per_s * peak_factor
    usable = capacity_requests_per_s * target_utilisation
    needed = np.ceil(np.round(ratio(peak, usable), 9))
    replicas: Numbers = np.maximum(min_replicas, needed)
    return replicas


# --- Hours that are paid ------------------------------------------------------


def mean_requests_per_s(requests_per_day: Numbers) -> Numbers:
    """Mean arrival rate over the whole day, nights included [requests/s].

    Parameters
    ----------
    requests_per_day : float or array [requests/day]

    Returns
    -------
    float or array [requests/s]
    """
    return requests_per_day / SECONDS_PER_DAY


def requests_per_day_carried(
    capacity_requests_per_s: Numbers, target_utilisation: Numbers, peak_factor: Numbers
) -> Numbers:
    """Daily volume one replica carries through its peak [requests/day]; one request more rents another.

    Parameters
    ----------
    capacity_requests_per_s : float or array [requests/s], of one replica
    target_utilisation : float or array [fraction]
    peak_factor : float or array [multiple], of the mean

    Returns
    -------
    float or array [requests/day]
    """
    peak_carried = capacity_requests_per_s * target_utilisation
    return peak_carried / peak_factor * SECONDS_PER_DAY


def always_on_hours(replicas: Numbers, hours_per_month: Numbers) -> Numbers:
    """Replica hours of a month when every replica runs day and night [hours/month].

    Parameters
    ----------
    replicas : float or array [replicas]
    hours_per_month : float or array [h/month]

    Returns
    -------
    float or array [hours/month]
    """
    return replicas * hours_per_month


def autoscaled_hours(
    replicas: Numbers,
    min_replicas: Numbers,
    mean_rate: Numbers,
    usable_requests_per_s: Numbers,
    scaling_reserve: Numbers,
    hours_per_month: Numbers,
) -> Numbers:
    """Replica hours of a month when replicas follow the load [hours/month].

    The mean load plus a reserve, because replicas start before they are needed and stop later;
    never fewer than ``min_replicas``, never more than the ``replicas`` the peak needs. Usable =
    capacity x target utilisation. Counting the bare mean load understates the bill.

    Parameters
    ----------
    replicas : float or array [replicas]
    min_replicas : float or array [replicas]
    mean_rate : float or array [requests/s]
    usable_requests_per_s : float or array [requests/s], of one replica
    scaling_reserve : float or array [fraction]
    hours_per_month : float or array [h/month]

    Returns
    -------
    float or array [hours/month]
    """
    mean_load = ratio(mean_rate, usable_requests_per_s)
    running = np.maximum(min_replicas, mean_load * (1 + scaling_reserve))
    hours: Numbers = np.minimum(replicas, running) * hours_per_month
    return hours


def scale_to_zero_hours(
    replicas: Numbers, active_hours: Numbers, cold_starts: Numbers, cold_start_seconds: Numbers
) -> Numbers:
    """Replica hours of a month when nothing runs outside the active hours [hours/month].

    Loading the weights is paid too, and the first caller waits for it. Active hours are those in
    which a replica stands by, not those in which requests are computed.

    Parameters
    ----------
    replicas : float or array [replicas]
    active_hours : float or array [h/month]
    cold_starts : float or array [1/month]
    cold_start_seconds : float or array [s]

    Returns
    -------
    float or array [hours/month]
    """
    starting = cold_starts * cold_start_seconds / SECONDS_PER_HOUR
    return replicas * active_hours + starting


def peak_factor_when_active(peak_factor: Numbers, active_hours: Numbers, hours_per_month: Numbers) -> Numbers:
    """Busiest minutes against the mean of the WHOLE month when traffic fills only some of its hours [multiple].

    The same requests in 220 of 730 hours come 3.3 times as densely, whatever the usual factor says.

    Parameters
    ----------
    peak_factor : float or array [multiple], of the mean
    active_hours : float or array [h/month]
    hours_per_month : float or array [h/month]

    Returns
    -------
    float or array [multiple]
    """
    concentration = ratio(hours_per_month, active_hours)
    factor: Numbers = np.maximum(peak_factor, concentration)
    return factor


def cold_start_share(cold_starts: Numbers, requests_per_month: Numbers) -> Numbers:
    """Share of requests that wait for a start, at least [fraction]; nan without requests.

    Parameters
    ----------
    cold_starts : float or array [1/month]
    requests_per_month : float or array [requests/month]

    Returns
    -------
    float or array [fraction]
    """
    share: Numbers = np.minimum(ratio(cold_starts, requests_per_month), 1.0)
    return share


def mean_utilisation(requests_per_month: Numbers, capacity_requests_per_s: Numbers, replica_hours: Numbers) -> Numbers:
    """Requests served as a share of what the paid hours could serve at full load [fraction].

    Against the full capacity, not the target. 5 % is common (Cast AI, 23 000 clusters) and means
    that a request costs twenty times what the benchmark says.

    Parameters
    ----------
    requests_per_month : float or array [requests/month]
    capacity_requests_per_s : float or array [requests/s], of one replica
    replica_hours : float or array [h/month]

    Returns
    -------
    float or array [fraction]

    References
    ----------
    Cast AI, 23 000 clusters, for the 5 %.
    """
    could_serve = capacity_requests_per_s * SECONDS_PER_HOUR * replica_hours
    return ratio(requests_per_month, could_serve)


# --- Money --------------------------------------------------------------------


def monthly_hosting_cost(replica_hours: Numbers, gpus_per_replica: Numbers, price_per_gpu_hour: Numbers) -> Numbers:
    """Rent of the replicas for a month [money/month].

    Parameters
    ----------
    replica_hours : float or array [h/month]
    gpus_per_replica : float or array [GPUs/replica]
    price_per_gpu_hour : float or array [money/GPU/h]

    Returns
    -------
    float or array [money/month]
    """
    return replica_hours * gpus_per_replica * price_per_gpu_hour


def monthly_managed_cost(
    hosting_hours: Numbers, hosting_price_per_hour: Numbers, requests_per_month: Numbers, token_cost: Numbers
) -> Numbers:
    """A tuned model at a provider: fee for keeping it, plus tokens [money/month].

    A dedicated endpoint bills hours only, serverless adapters bill tokens only, some vendors bill
    both. Token cost is per request. A deployed model without traffic still bills its hours.

    Parameters
    ----------
    hosting_hours : float or array [h/month]
    hosting_price_per_hour : float or array [money/h]
    requests_per_month : float or array [requests/month]
    token_cost : float or array [money/request]

    Returns
    -------
    float or array [money/month]
    """
    kept = hosting_hours * hosting_price_per_hour
    used = requests_per_month * token_cost
    return kept + used


def cost_per_request(monthly_cost: Numbers, requests_per_month: Numbers) -> Numbers:
    """Hosting bill spread over the requests [money/request]; nan without requests.

    A falling saw-tooth in the volume: it jumps up wherever one request more rents another replica.

    Parameters
    ----------
    monthly_cost : float or array [money/month]
    requests_per_month : float or array [requests/month]

    Returns
    -------
    float or array [money/request]
    """
    return ratio(monthly_cost, requests_per_month)


def cost_per_request_at_full_load(
    price_per_gpu_hour: Numbers, gpus_per_replica: Numbers, capacity_requests_per_s: Numbers
) -> Numbers:
    """Cost of a request on a replica that never waits [money/request]: no volume gets below it.

    Parameters
    ----------
    price_per_gpu_hour : float or array [money/GPU/h]
    gpus_per_replica : float or array [GPUs/replica]
    capacity_requests_per_s : float or array [requests/s], of one replica

    Returns
    -------
    float or array [money/request]
    """
    price_per_hour = price_per_gpu_hour * gpus_per_replica
    return ratio(price_per_hour, capacity_requests_per_s * SECONDS_PER_HOUR)


def shared_base_cost(
    monthly_cost: Numbers, adapter_overhead: Numbers, own_requests: Numbers, all_requests: Numbers
) -> Numbers:
    """One adapter's part of a base model that serves many [money/month]; nan when nobody calls it.

    By load; ``adapter_overhead`` (1.05-1.2) is the extra work of switching adapters. All parts
    together pay the whole bill: an idle adapter makes the others more expensive.

    Parameters
    ----------
    monthly_cost : float or array [money/month]
    adapter_overhead : float or array [multiple]
    own_requests : float or array [requests/month]
    all_requests : float or array [requests/month]

    Returns
    -------
    float or array [money/month]
    """
    own_share = ratio(own_requests, all_requests)
    return monthly_cost * adapter_overhead * own_share


def serverless_break_even(
    replica_monthly_cost: Numbers, token_cost: Numbers, carried_per_day: Numbers, days_per_month: Numbers
) -> Numbers:
    """Daily volume from which a full replica costs less than paying per token [requests/day].

    nan where no volume does: tokens are free, or a replica is full before it has paid for itself,
    and then every further replica is too. Compare the same model at the same quality.

    Parameters
    ----------
    replica_monthly_cost : float or array [money/month]
    token_cost : float or array [money/request]
    carried_per_day : float or array [requests/day], by one replica
    days_per_month : float or array [days/month]

    Returns
    -------
    float or array [requests/day]
    """
    per_daily_request = token_cost * days_per_month
    volume = np.asarray(ratio(replica_monthly_cost, per_daily_request), dtype=float)
    possible = (np.asarray(token_cost) > 0) & (volume <= carried_per_day)
    requests: Numbers = np.where(possible, volume, np.nan)[()]
    return requests


def serverless_break_even_status(
    replica_monthly_cost: Numbers, token_cost: Numbers, carried_per_day: Numbers, days_per_month: Numbers
) -> Words:
    """ok, tokens_are_free, or replica_full_before (paying per token is cheaper at any volume).

    Parameters
    ----------
    replica_monthly_cost : float or array [money/month]
    token_cost : float or array [money/request]
    carried_per_day : float or array [requests/day], by one replica
    days_per_month : float or array [days/month]

    Returns
    -------
    array of str, one of the words above
    """
    volume = serverless_break_even(replica_monthly_cost, token_cost, carried_per_day, days_per_month)
    words = [np.asarray("tokens_are_free"), np.asarray("replica_full_before")]
    return np.select([np.asarray(token_cost) <= 0, np.isnan(volume)], words, default=np.asarray("ok"))
