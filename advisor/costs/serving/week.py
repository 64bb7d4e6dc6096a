"""Serving by the measured hours of a week: the replicas that run in each, and what is paid for them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.core.records import Assumptions
from advisor.formulas import hours_of_week as formulas
from advisor.formulas.replicas import mean_requests_per_s
from advisor.options import tuned_serving
from advisor.scenario import Scenario, hours_shape

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Week:
    """The hours of a week, or of a day, at today's volume: load and what replicas carry. [requests/s]

    ``always_on`` and ``running`` are replicas: of every hour for the busiest moment, and those that follow the load and
    stand before it comes. ``usable`` is what one of them carries at the target utilisation. ``within`` is the reserve
    for the busiest minutes of an hour, over its mean.
    """

    shape: Array
    load: Array
    running: Array
    always_on: float
    usable: float
    within: float

    @property
    def busiest(self) -> int:
        """Place of the busiest hour; the first of equals."""
        return int(np.argmax(self.shape))


def week_shape(scenario: Scenario) -> Array | None:
    """Load of each hour over the mean; ``None`` where the case does not tell it. [multiple]"""
    answer = scenario.hours_of_week
    return None if answer is None else np.asarray(hours_shape(answer))


def week_of(scenario: Scenario, a: Assumptions, volume: float) -> Week | None:
    """The hours at ``volume`` requests a day; ``None`` where the case does not tell them."""
    shape = week_shape(scenario)
    if shape is None:
        return None
    needed = _needed(a, shape, np.full(1, volume), a.number("min_replicas"))[0]
    requests = np.full(1, volume * float(a.number("days_per_month")))
    return Week(
        shape=shape,
        load=shape * float(mean_requests_per_s(volume)),
        running=formulas.ready_ahead(needed),
        always_on=float(np.asarray(tuned_serving.replicas(a, requests))[0]),
        usable=float(tuned_serving.capacity(a) * a.number("target_utilisation")),
        within=float(within_hour(a, shape)),
    )


def within_hour(a: Assumptions, shape: Array) -> float:
    """The busiest moment that the case counts with over the mean of its busiest hour. [multiple]"""
    return float(a.number("peak_factor")) / float(shape.max())


def autoscaled_hours(a: Assumptions, shape: Array, volumes: Array) -> Array:
    """Replica hours of a month that follow the load and stand before it comes, for each volume a day. [h/month]"""
    running = formulas.ready_ahead(_needed(a, shape, volumes, a.number("min_replicas")))
    return np.asarray(formulas.replica_hours(running, a.number("hours_per_month")))


def switched_off_hours(a: Assumptions, shape: Array, volumes: Array) -> Array:
    """Replica hours of a month in hours with a request, for each volume a day; nothing runs in the others. [h/month]"""
    chance = formulas.chance_of_a_request(mean_requests_per_s(volumes), shape)
    running = chance * _needed(a, shape, volumes, 0.0)
    return np.asarray(formulas.replica_hours(running, a.number("hours_per_month")))


def cold_starts(a: Assumptions, shape: Array, volumes: Array) -> Array:
    """Starts from nothing in a month, for each volume a day. [1/month]"""
    chance = formulas.chance_of_a_request(mean_requests_per_s(volumes), shape)
    return np.asarray(formulas.cold_starts(chance, a.number("hours_per_month")))


def _needed(a: Assumptions, shape: Array, volumes: Array, least: float | Array) -> Array:
    constants = within_hour(a, shape), tuned_serving.capacity(a), a.number("target_utilisation"), least
    return formulas.replicas_by_hour(mean_requests_per_s(volumes), shape, *constants)
