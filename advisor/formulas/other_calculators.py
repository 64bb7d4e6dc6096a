"""Formulas of other calculators that this one does not use, to show what each leaves out and what that costs.

Every argument may be a float or an array. Undefined is nan. Payback is ``finance.steady_payback``, the whole fleet
``replicas.replicas_needed``: only formulas without another use are here.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.division import ratio
from advisor.formulas.finance import steady_payback

Numbers = float | NDArray[np.float64]


class SimpleAnswer(NamedTuple):
    """What a calculator of six numbers says. ``roi`` is a fraction of all money spent over the months."""

    monthly_savings: Numbers
    payback_months: Numbers
    break_even_requests: Numbers
    net_benefit: Numbers
    roi: Numbers


def net_benefit(monthly_savings: Numbers, months: Numbers, investment: Numbers) -> Numbers:
    """The same month again and again, less the investment [money].

    Wrong: it sells today's price and volume for all time, and saves from the first day, before anything is deployed.

    Parameters
    ----------
    monthly_savings : float or array [money/month]
    months : float or array [months]
    investment : float or array [money]

    Returns
    -------
    float or array [money]
    """
    return monthly_savings * months - investment


def break_even_requests(training_cost: Numbers, cost_now: Numbers, cost_tuned: Numbers) -> Numbers:
    """Requests that earn the training cost back [requests]; nan where a request saves nothing.

    Wrong: the training alone, while every month's upkeep has to be earned as well.

    Parameters
    ----------
    training_cost : float or array [money]
    cost_now : float or array [money/request]
    cost_tuned : float or array [money/request]

    Returns
    -------
    float or array [requests]
    """
    saved = np.asarray(cost_now - cost_tuned, dtype=float)
    requests: Numbers = np.where(saved > 0, ratio(training_cost, saved), np.nan)[()]
    return requests


def return_on_all_spending(benefit: Numbers, training_cost: Numbers, maintenance: Numbers, months: Numbers) -> Numbers:
    """Net benefit over training and all upkeep [fraction]; nan where nothing is spent.

    Wrong beside a return on the investment: upkeep is paid from the savings, nobody has to raise it first.

    Parameters
    ----------
    benefit : float or array [money]
    training_cost : float or array [money]
    maintenance : float or array [money/month]
    months : float or array [months]

    Returns
    -------
    float or array [fraction]
    """
    return ratio(benefit, training_cost + months * maintenance)


def simple_calculator(
    training_cost: Numbers,
    monthly_maintenance: Numbers,
    cost_now: Numbers,
    cost_tuned: Numbers,
    requests_per_month: Numbers,
    months: Numbers,
) -> SimpleAnswer:
    """The calculator most blogs offer: two prices a request, one month, the training bill.

    Wrong: no people, no data, no evaluation, no falling prices, no ramp, no request handed back, and the price of a
    tuned request is taken as given, although it is the bill of whole GPUs over the requests that happen to come.

    Parameters
    ----------
    training_cost : float or array [money]
    monthly_maintenance : float or array [money/month]
    cost_now : float or array [money/request]
    cost_tuned : float or array [money/request]
    requests_per_month : float or array [requests/month]
    months : float or array [months]

    Returns
    -------
    SimpleAnswer [money/month, months, requests, money, fraction]
    """
    saving = requests_per_month * (cost_now - cost_tuned) - monthly_maintenance
    benefit = net_benefit(saving, months, training_cost)
    return SimpleAnswer(
        monthly_savings=saving,
        payback_months=steady_payback(training_cost, saving),
        break_even_requests=break_even_requests(training_cost, cost_now, cost_tuned),
        net_benefit=benefit,
        roi=return_on_all_spending(benefit, training_cost, monthly_maintenance, months),
    )


def busy_replicas(mean_requests_per_s: Numbers, capacity_requests_per_s: Numbers) -> Numbers:
    """Mean number of replicas at work, as if idle ones were free [replicas]; nan without capacity.

    Wrong: a rented GPU is paid day and night. Its bill does not fall with its utilisation.

    Parameters
    ----------
    mean_requests_per_s : float or array [requests/s]
    capacity_requests_per_s : float or array [requests/s], of one replica

    Returns
    -------
    float or array [replicas]
    """
    return ratio(mean_requests_per_s, capacity_requests_per_s)


def fractional_replicas(
    mean_requests_per_s: Numbers, peak_factor: Numbers, capacity_requests_per_s: Numbers, target_utilisation: Numbers
) -> Numbers:
    """Replicas at the peak, not rounded up [replicas]; nan without capacity.

    Wrong: 0.1 of a GPU cannot be rented, and a service needs at least one.

    Parameters
    ----------
    mean_requests_per_s : float or array [requests/s]
    peak_factor : float or array [multiple], of the mean
    capacity_requests_per_s : float or array [requests/s], of one replica
    target_utilisation : float or array [fraction]

    Returns
    -------
    float or array [replicas]
    """
    return ratio(mean_requests_per_s * peak_factor, capacity_requests_per_s * target_utilisation)


def single_stream_capacity(output_tokens: Numbers, tokens_per_second: Numbers) -> Numbers:
    """Requests per second when each waits for the one before to finish [requests/s]; nan without tokens.

    Wrong: a GPU answers dozens at once, each a little slower. ``tokens_per_second`` is what one user sees.

    Parameters
    ----------
    output_tokens : float or array [tokens/request]
    tokens_per_second : float or array [tokens/s]

    Returns
    -------
    float or array [requests/s]
    """
    return ratio(tokens_per_second, output_tokens)
