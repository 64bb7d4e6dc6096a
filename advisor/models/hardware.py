"""Owning a machine, renting one, and how many are needed.

Every argument may be a float or an array of draws. Undefined is nan.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.models.division import ratio

Numbers = float | NDArray[np.float64]


def annual_depreciation(price: Numbers, residual_share: Numbers, life_years: Numbers) -> Numbers:
    """Straight-line loss of value per year [money/year]. Linear: no cost of capital in it."""
    lost_value = price * (1 - residual_share)
    return lost_value / life_years


def depreciation_per_hour(annual: Numbers, hours_per_year: Numbers) -> Numbers:
    """Yearly cost spread over the hours of a year [money/h]; nan at 0 hours.

    Use the hours the card WORKS. Spreading over all 8760 hours of the year makes a card that
    works four hours a day look seven times cheaper than it is.
    """
    return ratio(annual, hours_per_year)


def energy(power_kw: Numbers, hours: Numbers, pue: Numbers) -> Numbers:
    """Electricity of a run [kWh]. Power at the wall for the whole machine, not the card's share of it."""
    return power_kw * pue * hours


def energy_cost(power_kw: Numbers, hours: Numbers, tariff: Numbers, pue: Numbers) -> Numbers:
    """Electricity of a run [money]; tariff per kWh."""
    return energy(power_kw, hours, pue) * tariff


def rental_cost(price_per_gpu_hour: Numbers, gpus: Numbers, hours: Numbers) -> Numbers:
    """Rent of ``gpus`` cards for ``hours`` of wall clock [money]."""
    return price_per_gpu_hour * gpus * hours


def time_value(wage_per_hour: Numbers, hours: Numbers) -> Numbers:
    """Value of a person's time [money]. 9 min 42 s is 9.7 minutes, not 9.42."""
    return wage_per_hour * hours


def break_even_rental_hours(fixed_cost: Numbers, rent_per_hour: Numbers, running_cost_per_hour: Numbers) -> Numbers:
    """Hours of use at which a fixed cost equals paying by the hour [hours, per period of the fixed cost].

    Fixed cost = a year of owning, or a monthly rental. nan where running costs at least as much
    as renting: then renting is always cheaper. The same card must stand on both sides.
    """
    saved_per_hour = np.asarray(rent_per_hour - running_cost_per_hour, dtype=float)
    hours: Numbers = np.where(saved_per_hour > 0, ratio(fixed_cost, saved_per_hour), np.nan)[()]
    return hours


def replicas_needed(
    mean_requests_per_s: Numbers,
    peak_factor: Numbers,
    capacity_requests_per_s: Numbers,
    target_utilisation: Numbers,
    min_replicas: Numbers,
) -> Numbers:
    """Replicas that carry the peak at the target utilisation [replicas]; nan without capacity.

    A step function of volume: one request a day more can double the bill. The ratio is cleaned
    of binary dust at the ninth decimal, otherwise a load that fits exactly rents one card too many.
    """
    peak = mean_requests_per_s * peak_factor
    usable = capacity_requests_per_s * target_utilisation
    needed = np.ceil(np.round(ratio(peak, usable), 9))
    replicas: Numbers = np.maximum(min_replicas, needed)
    return replicas
