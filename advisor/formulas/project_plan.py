"""A project as a list of steps: hours, machines, people, and what has been spent after each.

The steps are the LAST axis of every array; leading axes are draws. One number stands for all
steps. A step without a GPU has 0 GPUs: its instance is paused, or there is none yet.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.constants import MINUTES_PER_HOUR, SECONDS_PER_HOUR, TOKENS_PER_MTOK
from advisor.formulas.division import ratio
from advisor.formulas.hardware import monthly_rental_cost, rental_cost, time_value

Numbers = float | NDArray[np.float64]
Array = NDArray[np.float64]


class PlanSteps(NamedTuple):
    """What each step takes. ``hours`` is one pass; ``runs`` is how often the step is done, retries included.

    ``people`` is how many attend: 0 for a night run, 0.1 for somebody who looks in.
    """

    hours: Numbers
    gpus: Numbers
    people: Numbers
    runs: Numbers


class Prices(NamedTuple):
    """Unit prices: GPU [money/GPU/h], wage [money/h], and the disk of a paused instance [money/h]."""

    gpu_hour: Numbers
    wage: Numbers
    paused_disk_hour: Numbers


class StepCosts(NamedTuple):
    """Money by kind: of each step, or summed over the steps."""

    gpu: Array
    people: Array
    paused_disk: Array


# --- Hours --------------------------------------------------------------------


def run_hours(steps: Numbers, seconds_per_step: Numbers, startup_hours: Numbers) -> Numbers:
    """Wall clock of one run [hours]: loading and saving, then the steps.

    A smoke run of 100 steps and a first stage of 100 examples pay the same start-up as the full run.

    Parameters
    ----------
    steps : float or array [steps]
    seconds_per_step : float or array [s/step]
    startup_hours : float or array [h]

    Returns
    -------
    float or array [h]
    """
    return startup_hours + steps * seconds_per_step / SECONDS_PER_HOUR


def gpu_hours(steps: PlanSteps) -> Array:
    """GPU hours of each step, all its runs [GPU*h].

    Parameters
    ----------
    steps : PlanSteps [h, GPUs, people, count]

    Returns
    -------
    array [GPU*h]
    """
    hours: Array = np.asarray(steps.hours, dtype=float) * steps.gpus * steps.runs
    return hours


# --- Money of the steps -------------------------------------------------------


def step_costs(steps: PlanSteps, prices: Prices) -> StepCosts:
    """Money of each step by kind.

    People are paid while they attend, with or without a GPU: a table that prices GPU hours alone
    makes data and evaluation look free. A paused instance still pays its disk.

    Parameters
    ----------
    steps : PlanSteps [h, GPUs, people, count]
    prices : Prices [money/GPU/h, money/h]

    Returns
    -------
    StepCosts [money]
    """
    spent = np.asarray(steps.hours, dtype=float) * steps.runs
    paused_hours = np.where(np.asarray(steps.gpus) > 0, 0.0, spent)
    gpu = rental_cost(prices.gpu_hour, steps.gpus, spent)
    people = time_value(prices.wage, spent * steps.people)
    disk = prices.paused_disk_hour * paused_hours
    each = np.broadcast_arrays(gpu, people, disk)
    return StepCosts(*(np.asarray(kind, dtype=float) for kind in each))


def cost_by_step(costs: StepCosts) -> Array:
    """All kinds of each step [money].

    Parameters
    ----------
    costs : StepCosts [money]

    Returns
    -------
    array [money]
    """
    return costs.gpu + costs.people + costs.paused_disk


def totals_by_kind(costs: StepCosts) -> StepCosts:
    """All steps of each kind [money].

    Parameters
    ----------
    costs : StepCosts [money]

    Returns
    -------
    StepCosts [money]
    """
    return StepCosts(*(kind.sum(axis=-1) for kind in costs))


def spent_when_stopping(costs: StepCosts) -> Array:
    """Spent when the project stops after each step [money]; the last figure is the whole project.

    Parameters
    ----------
    costs : StepCosts [money]

    Returns
    -------
    array [money]
    """
    return np.cumsum(cost_by_step(costs), axis=-1)


def expected_cost(cost_of_steps: Array, go_on_share: Numbers) -> Numbers:
    """Mean cost when each step decides whether the next is done [money].

    ``go_on_share`` = chance that a step is good enough to go on, one for each step; the last is
    not used. Stages of 100, 500 and all examples are cheaper than one run only if some stop.

    Parameters
    ----------
    cost_of_steps : array [money], steps last
    go_on_share : float or array [fraction]

    Returns
    -------
    float or array [money]
    """
    costs = np.asarray(cost_of_steps, dtype=float)
    going_on = np.broadcast_to(np.asarray(go_on_share, dtype=float), costs.shape)
    first = np.ones_like(costs[..., :1])
    reached = np.cumprod(np.concatenate([first, going_on[..., :-1]], axis=-1), axis=-1)
    expected: Numbers = np.sum(costs * reached, axis=-1)
    return expected


def smoke_run_saves(failure_share: Numbers, found_share: Numbers, run_cost: Numbers, smoke_cost: Numbers) -> Numbers:
    """Mean saving of a short run before the real one [money]; negative where it costs more than it spares.

    ``failure_share`` of the runs would fail, the smoke run finds ``found_share`` of these in time.

    Parameters
    ----------
    failure_share : float or array [fraction]
    found_share : float or array [fraction]
    run_cost : float or array [money]
    smoke_cost : float or array [money]

    Returns
    -------
    float or array [money]
    """
    spared = failure_share * found_share * run_cost
    return spared - smoke_cost


def plan_by_the_month(
    price_per_gpu_month: Numbers, gpus: Numbers, calendar_days: Numbers, days_per_month: Numbers, costs: StepCosts
) -> Numbers:
    """The same plan on GPUs rented by the month [money]: people cost the same, nothing is paused.

    Parameters
    ----------
    price_per_gpu_month : float or array [money/GPU/month]
    gpus : float or array [GPUs]
    calendar_days : float or array [days]
    days_per_month : float or array [days/month]
    costs : StepCosts [money]

    Returns
    -------
    float or array [money]
    """
    rent = monthly_rental_cost(price_per_gpu_month, gpus, calendar_days, days_per_month)
    people: Numbers = costs.people.sum(axis=-1)
    return rent + people


# --- Money of data, evaluation, managed training, retraining -----------------------


def synthetic_example_price(
    input_tokens: Numbers, output_tokens: Numbers, input_price: Numbers, output_price: Numbers, usable_share: Numbers
) -> Numbers:
    """Cost of one usable generated example [money/example]; prices per million tokens, nan if none is usable.

    Parameters
    ----------
    input_tokens : float or array [tokens], of one generated example
    output_tokens : float or array [tokens], of one generated example
    input_price : float or array [money/Mtok]
    output_price : float or array [money/Mtok]
    usable_share : float or array [fraction]

    Returns
    -------
    float or array [money/example]
    """
    generated = (input_tokens * input_price + output_tokens * output_price) / TOKENS_PER_MTOK
    return ratio(generated, usable_share)


def human_examples_cost(examples: Numbers, price_per_example: Numbers, checked_share: Numbers) -> Numbers:
    """Examples written by people, a share of them paid again for checking [money].

    Parameters
    ----------
    examples : float or array [count]
    price_per_example : float or array [money/example]
    checked_share : float or array [fraction]

    Returns
    -------
    float or array [money]
    """
    return examples * price_per_example * (1 + checked_share)


def synthetic_examples_cost(
    examples: Numbers, price_per_example: Numbers, reviewed_share: Numbers, review_minutes: Numbers, wage: Numbers
) -> Numbers:
    """Generated examples, with the people who read a share of them [money]. Reading costs more than generating.

    Parameters
    ----------
    examples : float or array [count]
    price_per_example : float or array [money/example]
    reviewed_share : float or array [fraction]
    review_minutes : float or array [min/example]
    wage : float or array [money/h]

    Returns
    -------
    float or array [money]
    """
    review_hours = examples * reviewed_share * review_minutes / MINUTES_PER_HOUR
    return examples * price_per_example + time_value(wage, review_hours)


def rating_cost(items: Numbers, raters: Numbers, systems: Numbers, minutes: Numbers, wage: Numbers) -> Numbers:
    """People rate the answers of every system [money]; two systems where old and new are compared.

    Parameters
    ----------
    items : float or array [count]
    raters : float or array [people/item]
    systems : float or array [count]
    minutes : float or array [min], for one answer
    wage : float or array [money/h]

    Returns
    -------
    float or array [money]
    """
    hours = items * raters * systems * minutes / MINUTES_PER_HOUR
    return time_value(wage, hours)


def managed_training_cost(
    training_tokens: Numbers, epochs: Numbers, validation_tokens: Numbers, price_per_mtok: Numbers
) -> Numbers:
    """Training at a provider that bills tokens [money]: the data once per epoch, validation once.

    Unpacked jobs are billed padded: examples x longest length, not the tokens in the file.

    Parameters
    ----------
    training_tokens : float or array [tokens/epoch]
    epochs : float or array [count]
    validation_tokens : float or array [tokens]
    price_per_mtok : float or array [money/Mtok]

    Returns
    -------
    float or array [money]
    """
    billed = training_tokens * epochs + validation_tokens
    return billed * price_per_mtok / TOKENS_PER_MTOK


def retraining_cost(
    data_cost: Numbers, new_data_share: Numbers, compute_cost: Numbers, evaluation_cost: Numbers, people_cost: Numbers
) -> Numbers:
    """One retraining [money]: a share of the data is new; compute, evaluation and work come back whole.

    Parameters
    ----------
    data_cost : float or array [money]
    new_data_share : float or array [fraction]
    compute_cost : float or array [money]
    evaluation_cost : float or array [money]
    people_cost : float or array [money]

    Returns
    -------
    float or array [money]
    """
    return data_cost * new_data_share + compute_cost + evaluation_cost + people_cost
