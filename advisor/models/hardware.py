"""Owning a machine, renting one, and how many are needed.

Every argument may be a float or an array of draws. Undefined is nan.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.units import MINUTES_PER_HOUR

Numbers = float | NDArray[np.float64]


def annual_depreciation(price: Numbers, residual_share: Numbers, life_years: Numbers) -> Numbers:
    """Straight-line loss of value per year [money/year]. Linear: no cost of capital in it."""
    lost_value = price * (1 - residual_share)
    return lost_value / life_years


def annual_owning_cost(price: Numbers, residual_share: Numbers, life_years: Numbers, annual_rate: Numbers) -> Numbers:
    """Annuity that repays the card and the capital in it [money/year]; at rate 0 straight-line depreciation.

    P q^n i/(q^n - 1) - R i/(q^n - 1) with q = 1 + i. The opportunity cost of the money is
    inside i: adding it again counts it twice.
    """
    rate = np.asarray(annual_rate, dtype=float)
    safe_rate = np.where(rate == 0, 1.0, rate)
    growth = (1 + safe_rate) ** life_years
    residual = price * residual_share
    annuity = (price * growth - residual) * safe_rate / (growth - 1)
    owning: Numbers = np.where(rate == 0, annual_depreciation(price, residual_share, life_years), annuity)[()]
    return owning


def depreciation_per_hour(annual: Numbers, hours_per_year: Numbers) -> Numbers:
    """Yearly cost spread over the hours of a year [money/h]; nan at 0 hours.

    Use the hours the card WORKS. Spreading over all 8760 hours of the year makes a card that
    works four hours a day look seven times cheaper than it is.
    """
    return _ratio(annual, hours_per_year)


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
    hours: Numbers = np.where(saved_per_hour > 0, _ratio(fixed_cost, saved_per_hour), np.nan)[()]
    return hours


def spot_time_multiplier(
    interrupts_per_hour: Numbers, checkpoint_minutes: Numbers, restart_minutes: Numbers
) -> Numbers:
    """Run time on interruptible capacity over run time without interruption [fraction].

    An interruption loses half a checkpoint interval on average, plus the restart.
    """
    lost_minutes = checkpoint_minutes / 2 + restart_minutes
    lost_share = interrupts_per_hour * lost_minutes / MINUTES_PER_HOUR
    return 1 + lost_share


def spot_cost_multiplier(spot_discount: Numbers, time_multiplier: Numbers) -> Numbers:
    """Cost on interruptible capacity over cost on demand [fraction]; above 1 the discount is an illusion."""
    return (1 - spot_discount) * time_multiplier


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
    needed = np.ceil(np.round(_ratio(peak, usable), 9))
    replicas: Numbers = np.maximum(min_replicas, needed)
    return replicas


def _ratio(numerator: Numbers, denominator: Numbers) -> Numbers:
    """Quotient, nan where the denominator is 0."""
    bottom = np.asarray(denominator, dtype=float)
    safe = np.where(bottom == 0, 1.0, bottom)
    quotient: Numbers = np.where(bottom == 0, np.nan, np.asarray(numerator, dtype=float) / safe)[()]
    return quotient
