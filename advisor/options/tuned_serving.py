"""Serving a tuned model: by the request, by the token, or on whole GPUs that run day and night."""

from dataclasses import replace

import numpy as np

from advisor.core.records import Assumptions, LineItem, Number
from advisor.formulas.arrays import as_array
from advisor.formulas.cash_flow_timing import monthly_volume
from advisor.formulas.constants import MONTHS_PER_YEAR, SECONDS_PER_DAY, TOKENS_PER_MTOK
from advisor.formulas.hardware import book_value, energy
from advisor.formulas.replica_capacity import replica_capacity, request_work
from advisor.formulas.replicas import replicas_needed
from advisor.options.declared import one_time, price_of, rent
from advisor.options.keep_as_is import retries_item


def serving_items(a: Assumptions, requests: np.ndarray, months: np.ndarray | None = None) -> tuple[LineItem, ...]:
    """What answering the tuned requests of each month costs on the case's route. [requests/month], month axis last

    ``months`` numbers the months of the axis; ``None`` asks for one steady month.
    """
    route = a.choice("serving_route")
    if route == "own_figure":
        used = "tuned_cost_per_request"
        price = price_of(a, used)
        return (LineItem("tuned_request", "serving", "usage_based", 1.0, "requests", price, "hosting", (used,)),)
    if route == OWN:
        return _own_items(a, requests, months)
    return _hosted_items(a) if route == "hosted" else (gpu_item(a, requests),)


def tuned_input_tokens(a: Assumptions) -> tuple[Number, Number]:
    """Static (repeated) and dynamic prompt tokens that the tuned model still needs."""
    static = a.number("input_tokens") * a.number("static_prompt_share") * (1 - a.number("prompt_removed_share"))
    return static, a.number("input_tokens") * (1 - a.number("static_prompt_share"))


def tuned_output_tokens(a: Assumptions) -> Number:
    """Tokens of a tuned answer; as many as today's unless the case says otherwise."""
    return a.number(_answer_length(a))


def _answer_length(a: Assumptions) -> str:
    return "tuned_output_tokens" if a.knows("tuned_output_tokens") else "output_tokens"


def _hosted_items(a: Assumptions) -> tuple[LineItem, ...]:
    static, dynamic = tuned_input_tokens(a)
    prompt = ("input_tokens", "static_prompt_share", "prompt_removed_share")
    items = (
        _hosted_tokens(a, "tuned_prompt", static + dynamic, "tuned_input_price", *prompt),
        _hosted_tokens(a, "tuned_answer", tuned_output_tokens(a), "tuned_output_price", _answer_length(a)),
    )
    fee = LineItem(
        "managed_hosting", "serving", "recurring", 1.0, "months", price_of(a, "managed_hosting_fee"), "hosting"
    )
    hosting = (replace(fee, uses=("managed_hosting_fee",)),) if a.knows("managed_hosting_fee") else ()
    return (*items, retries_item(a, "tuned_retries", items), *hosting)


def _hosted_tokens(a: Assumptions, item: str, tokens: Number, price: str, *uses: str) -> LineItem:
    unit_price = price_of(a, price)
    return LineItem(
        item, "serving", "usage_based", tokens / TOKENS_PER_MTOK, "Mtok/request", unit_price, "hosting", (*uses, price)
    )


def capacity(a: Assumptions) -> Number:
    """Capacity of one replica at full load. [requests/s]"""
    static, dynamic = tuned_input_tokens(a)
    prefill = a.number("prefill_work_share")
    work = request_work(static + dynamic, tuned_output_tokens(a), prefill)
    reference = request_work(a.number("reference_input_tokens"), a.number("reference_output_tokens"), prefill)
    return replica_capacity(a.number("replica_tokens_per_second"), reference, a.number("reference_output_tokens"), work)


def replicas(a: Assumptions, requests: np.ndarray) -> Number:
    """Whole replicas needed at the peak load of each month. [replicas]"""
    per_second = requests / _by_month(a.number("days_per_month")) / SECONDS_PER_DAY
    return replicas_needed(
        per_second,
        _by_month(a.number("peak_factor")),
        _by_month(capacity(a)),
        _by_month(a.number("target_utilisation")),
        _by_month(a.number("min_replicas")),
    )


def _by_month(value: Number) -> Number:
    return as_array(value)[..., np.newaxis] if np.ndim(value) else value


SPEED = ("gpus_per_replica", "replica_tokens_per_second", "reference_input_tokens", "reference_output_tokens")
"""Numbers of a throughput measurement, valid for the GPU that was measured only."""
SIZING = ("prefill_work_share", "peak_factor", "target_utilisation", "min_replicas", "hours_per_month")
"""What makes replicas of requests, and hours of replicas."""


def gpu_item(a: Assumptions, requests: np.ndarray) -> LineItem:
    """Whole replicas running around the clock, sized for each month's peak."""
    uses: tuple[str, ...] = ("serving_gpu", "serving_gpu_price", *SPEED, *SIZING)
    gpu_price = rent(a, "serving_gpu_price")
    if a.choice("rental_term") == "month":
        uses = (*uses, "monthly_discount")
    if not all(a.knows(name) for name in SPEED):
        return LineItem("serving_gpus", "serving", "recurring", 1.0, "GPU*h/month", None, "hosting", uses)
    hours = replicas(a, requests) * _by_month(a.number("gpus_per_replica") * a.number("hours_per_month"))
    price = None if gpu_price is None else _by_month(gpu_price)
    return LineItem("serving_gpus", "serving", "recurring", hours, "GPU*h/month", price, "hosting", uses, by_month=True)


# --- Cards one owns -------------------------------------------------------------------------

OWN, CARDS = "own_card", "serving_cards"
"""The route, and the item of the cards that are bought for it."""


def bought_cards(a: Assumptions) -> tuple[LineItem, ...]:
    """The cards of the busiest month of the horizon, bought before the first; nothing where the case owns none."""
    if a.choice("serving_route") != OWN:
        return ()
    uses = ("serving_gpu", *SPEED, *SIZING, "daily_requests", "volume_growth", "horizon_months")
    if not _can_count(a):
        return (LineItem(CARDS, "serving", "one_time", 1.0, "GPU", None, uses=uses),)
    return (one_time(a, CARDS, "serving", _cards(a), "GPU", "serving_card_price", *uses),)


def _own_items(a: Assumptions, requests: np.ndarray, months: np.ndarray | None) -> tuple[LineItem, ...]:
    """Power of the cards that run in each month, and what all of them are sold for in the last.

    A steady month sells nothing.
    """
    uses = ("serving_gpu", *SPEED, *SIZING, "serving_power_kw", "power_overhead", "electricity_price")
    if not (_can_count(a) and a.knows("serving_power_kw")):
        return (LineItem("serving_power", "serving", "recurring", 1.0, "kWh/month", None, uses=uses),)
    running = replicas(a, requests) * _by_month(a.number("gpus_per_replica") * a.number("serving_power_kw"))
    power = energy(running, _by_month(a.number("hours_per_month")), _by_month(a.number("power_overhead")))
    tariff = _by_month(a.number("electricity_price")) if a.knows("electricity_price") else None
    of_power = LineItem("serving_power", "serving", "recurring", power, "kWh/month", tariff, uses=uses, by_month=True)
    return (of_power,) if months is None else (of_power, _sale(a, months))


def _sale(a: Assumptions, months: np.ndarray) -> LineItem:
    """What the cards are still worth on the straight line to their residual value, an income of the last month."""
    wear = ("serving_card_price", "card_residual_share", "card_life_years", "horizon_months")
    last = (months == months[-1]).astype(float)
    left = None
    if a.knows("serving_card_price"):
        price, share, life, horizon = (a.number(name) for name in wear)
        left = _by_month(book_value(price, share, life, horizon / MONTHS_PER_YEAR))
    sold, uses = -last * _by_month(_cards(a)), (*wear, *SPEED, *SIZING)
    return LineItem("card_sale", "serving", "recurring", sold, "GPU", left, uses=uses, by_month=True)


def _can_count(a: Assumptions) -> bool:
    return a.knows("daily_requests") and all(a.knows(name) for name in SPEED)


def _cards(a: Assumptions) -> Number:
    """Cards of the busiest month: volume only rises or only falls, so it is the first or the last."""
    first_month = a.number("daily_requests") * a.number("days_per_month")
    ends = np.array([1.0, float(np.max(a.number("horizon_months")))])
    needed = replicas(a, monthly_volume(first_month, a.number("volume_growth"), ends))
    return as_array(np.max(needed, axis=-1) * a.number("gpus_per_replica"))[()]
