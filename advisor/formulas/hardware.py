"""Owning a machine and renting one.

Every argument may be a float or an array of draws. Undefined is nan.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.constants import MINUTES_PER_HOUR
from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]
Words = NDArray[np.str_]

# --- Owning -------------------------------------------------------------------


def annual_depreciation(price: Numbers, residual_share: Numbers, life_years: Numbers) -> Numbers:
    """Straight-line loss of value per year [money/year]. Linear: no cost of capital in it.

    Parameters
    ----------
    price : float or array [money]
    residual_share : float or array [fraction], of the price
    life_years : float or array [years]

    Returns
    -------
    float or array [money/year]

    References
    ----------
    Article 000, bill of one fine-tune.
    """
    lost_value = price * (1 - residual_share)
    return lost_value / life_years


def book_value(price: Numbers, residual_share: Numbers, life_years: Numbers, years: Numbers) -> Numbers:
    """What a machine is worth after ``years`` on the straight line to its residual value, and stays worth [money].

    Parameters
    ----------
    price : float or array [money]
    residual_share : float or array [fraction], of the price
    life_years : float or array [years]
    years : float or array [years], since it was bought

    Returns
    -------
    float or array [money]
    """
    return price - annual_depreciation(price, residual_share, life_years) * np.minimum(years, life_years)


def annual_owning_cost(price: Numbers, residual_share: Numbers, life_years: Numbers, capital_rate: Numbers) -> Numbers:
    """Yearly payment that covers the loss of value and the cost of capital [money/year].

    The annuity of price minus residual, plus interest on the residual, which stays tied up. At a
    rate of 0 it is the straight line. Opportunity cost is inside the rate: do not add it again.

    Parameters
    ----------
    price : float or array [money]
    residual_share : float or array [fraction], of the price
    life_years : float or array [years]
    capital_rate : float or array [fraction/year]

    Returns
    -------
    float or array [money/year]
    """
    rate = np.asarray(capital_rate, dtype=float)
    discounted_life = -np.expm1(-life_years * np.log1p(rate))
    recovery = np.where(rate == 0, ratio(1.0, life_years), ratio(rate, discounted_life))
    residual = price * residual_share
    owning: Numbers = ((price - residual) * recovery + residual * rate)[()]
    return owning


def depreciation_per_hour(annual: Numbers, hours_per_year: Numbers) -> Numbers:
    """Yearly cost spread over the hours of a year [money/h]; nan at 0 hours.

    Use the hours the card WORKS. Spreading over all 8760 hours of the year makes a card that
    works four hours a day look seven times cheaper than it is.

    Parameters
    ----------
    annual : float or array [money/year]
    hours_per_year : float or array [h/year]

    Returns
    -------
    float or array [money/h]

    References
    ----------
    Article 000, bill of one fine-tune.
    """
    return ratio(annual, hours_per_year)


def energy(power_kw: Numbers, hours: Numbers, pue: Numbers) -> Numbers:
    """Electricity of a run [kWh]. Power at the wall for the whole machine, not the card's share of it.

    Parameters
    ----------
    power_kw : float or array [kW]
    hours : float or array [h]
    pue : float or array [multiple], power usage effectiveness

    Returns
    -------
    float or array [kWh]

    References
    ----------
    Article 000, bill of one fine-tune.
    """
    return power_kw * pue * hours


def energy_cost(power_kw: Numbers, hours: Numbers, tariff: Numbers, pue: Numbers) -> Numbers:
    """Electricity of a run [money]; tariff per kWh.

    Parameters
    ----------
    power_kw : float or array [kW]
    hours : float or array [h]
    tariff : float or array [money/kWh]
    pue : float or array [multiple], power usage effectiveness

    Returns
    -------
    float or array [money]
    """
    return energy(power_kw, hours, pue) * tariff


def owning_cost_per_hour(annual_cost: Numbers, hours_per_year: Numbers, running_cost_per_hour: Numbers) -> Numbers:
    """A year of owning over the hours of use, plus what an hour of running costs [money/h]; nan at 0 hours.

    Parameters
    ----------
    annual_cost : float or array [money/year]
    hours_per_year : float or array [h/year]
    running_cost_per_hour : float or array [money/h]

    Returns
    -------
    float or array [money/h]
    """
    return depreciation_per_hour(annual_cost, hours_per_year) + running_cost_per_hour


# --- Renting ------------------------------------------------------------------


def rental_cost(price_per_gpu_hour: Numbers, gpus: Numbers, hours: Numbers) -> Numbers:
    """Rent of ``gpus`` cards for ``hours`` of wall clock [money].

    Parameters
    ----------
    price_per_gpu_hour : float or array [money/GPU/h]
    gpus : float or array [GPUs]
    hours : float or array [h]

    Returns
    -------
    float or array [money]
    """
    return price_per_gpu_hour * gpus * hours


def monthly_rental_cost(price_per_gpu_month: Numbers, gpus: Numbers, days: Numbers, days_per_month: Numbers) -> Numbers:
    """Rent by whole months for a stretch of calendar days [money]; a month begun is a month paid.

    Parameters
    ----------
    price_per_gpu_month : float or array [money/GPU/month]
    gpus : float or array [GPUs]
    days : float or array [days]
    days_per_month : float or array [days/month]

    Returns
    -------
    float or array [money]
    """
    months: Numbers = np.ceil(np.round(days / days_per_month, 9))
    return price_per_gpu_month * gpus * months


def hours_of_whole_months(hours: Numbers, hours_per_month: Numbers) -> Numbers:
    """Hours that are paid when a machine is rented by the month [hours]: a month begun is a month paid.

    Parameters
    ----------
    hours : float or array [h]
    hours_per_month : float or array [h/month]

    Returns
    -------
    float or array [h]

    References
    ----------
    Article 001, ROI calculator and decision matrix.
    """
    paid: Numbers = np.ceil(np.round(hours / hours_per_month, 9)) * hours_per_month
    return paid


def committed_price(hourly_price: Numbers, discount: Numbers) -> Numbers:
    """Price of an hour within a rented month [money/GPU/h]; the hours without work are paid as well.

    Parameters
    ----------
    hourly_price : float or array [money/GPU/h]
    discount : float or array [fraction]

    Returns
    -------
    float or array [money/GPU/h]

    References
    ----------
    Article 001, ROI calculator and decision matrix.
    """
    return hourly_price * (1 - discount)


def interrupted_time(interruptions_per_hour: Numbers, checkpoint_minutes: Numbers, restart_minutes: Numbers) -> Numbers:
    """Wall clock of a run on interruptible capacity against an undisturbed one [multiple].

    Each interruption loses half a checkpoint interval on average, plus the restart.

    Parameters
    ----------
    interruptions_per_hour : float or array [1/h]
    checkpoint_minutes : float or array [min], between two checkpoints
    restart_minutes : float or array [min]

    Returns
    -------
    float or array [multiple]
    """
    lost_minutes = checkpoint_minutes / 2 + restart_minutes
    return 1 + interruptions_per_hour * lost_minutes / MINUTES_PER_HOUR


def spot_cost(discount: Numbers, time_multiple: Numbers) -> Numbers:
    """Bill of an interruptible run against the ordinary one [multiple]; from 1 on it is no saving.

    The discount on the price is not the discount on the bill: lost work is billed as well.

    Parameters
    ----------
    discount : float or array [fraction]
    time_multiple : float or array [multiple], as from ``interrupted_time``

    Returns
    -------
    float or array [multiple]
    """
    return (1 - discount) * time_multiple


def paused_cost(
    run_hours: Numbers, price_per_hour: Numbers, paused_hours: Numbers, disk_price_per_hour: Numbers
) -> Numbers:
    """An instance that is paused between runs [money]. The disk is billed on: pausing is not free.

    Parameters
    ----------
    run_hours : float or array [h]
    price_per_hour : float or array [money/h]
    paused_hours : float or array [h]
    disk_price_per_hour : float or array [money/h]

    Returns
    -------
    float or array [money]
    """
    return run_hours * price_per_hour + paused_hours * disk_price_per_hour


def pausing_saves(paused_hours: Numbers, price_per_hour: Numbers, disk_price_per_hour: Numbers) -> Numbers:
    """Money saved by pausing an instance instead of leaving it running [money].

    Parameters
    ----------
    paused_hours : float or array [h]
    price_per_hour : float or array [money/h]
    disk_price_per_hour : float or array [money/h]

    Returns
    -------
    float or array [money]
    """
    return paused_hours * (price_per_hour - disk_price_per_hour)


# --- People -------------------------------------------------------------------


def hourly_wage(annual_salary: Numbers, hours_per_year: Numbers) -> Numbers:
    """Salary over the hours worked in a year [money/h]; nan at 0 hours. What the employer pays is higher.

    Parameters
    ----------
    annual_salary : float or array [money/year]
    hours_per_year : float or array [h/year], worked

    Returns
    -------
    float or array [money/h]

    References
    ----------
    Article 000, bill of one fine-tune.
    """
    return ratio(annual_salary, hours_per_year)


def time_value(wage_per_hour: Numbers, hours: Numbers) -> Numbers:
    """Value of a person's time [money]. 9 min 42 s is 9.7 minutes, not 9.42.

    Parameters
    ----------
    wage_per_hour : float or array [money/h]
    hours : float or array [h]

    Returns
    -------
    float or array [money]
    """
    return wage_per_hour * hours


# --- Which of the two ---------------------------------------------------------


def break_even_rental_hours(fixed_cost: Numbers, rent_per_hour: Numbers, running_cost_per_hour: Numbers) -> Numbers:
    """Hours of use at which a fixed cost equals paying by the hour [hours, per period of the fixed cost].

    Fixed cost = a year of owning, or a monthly rental. nan where running costs at least as much
    as renting: then renting is always cheaper. The same card must stand on both sides.

    Parameters
    ----------
    fixed_cost : float or array [money/period]
    rent_per_hour : float or array [money/h]
    running_cost_per_hour : float or array [money/h]

    Returns
    -------
    float or array [h/period]
    """
    saved_per_hour = np.asarray(rent_per_hour - running_cost_per_hour, dtype=float)
    hours: Numbers = np.where(saved_per_hour > 0, ratio(fixed_cost, saved_per_hour), np.nan)[()]
    return hours


def break_even_status(break_even_hours: Numbers, hours_in_period: Numbers) -> Words:
    """ok, renting_always_cheaper (no hours recover the fixed cost) or beyond_period (more than there are).

    Parameters
    ----------
    break_even_hours : float or array [h/period]
    hours_in_period : float or array [h/period]

    Returns
    -------
    array of str, one of the words above
    """
    hours = np.asarray(break_even_hours, dtype=float)
    words = [np.asarray("renting_always_cheaper"), np.asarray("beyond_period")]
    return np.select([np.isnan(hours), hours > hours_in_period], words, default=np.asarray("ok"))


def cheaper_way(hours: Numbers, break_even_hours: Numbers) -> Words:
    """by_the_hour, equal or fixed (own card, monthly rental) for ``hours`` of use in the same period.

    Compared at nine decimals. nan as break-even: the hours can never be enough.

    Parameters
    ----------
    hours : float or array [h/period]
    break_even_hours : float or array [h/period]

    Returns
    -------
    array of str, one of the words above
    """
    used, needed = np.round(hours, 9), np.round(break_even_hours, 9)
    words = [np.asarray("fixed"), np.asarray("equal")]
    return np.select([used > needed, used == needed], words, default=np.asarray("by_the_hour"))
