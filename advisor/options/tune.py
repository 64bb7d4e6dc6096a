"""Tune a smaller model and serve it; what it cannot answer falls back to the model used today."""

from dataclasses import replace

import numpy as np

from advisor.core.records import Assumptions, LineItem, Number
from advisor.formulas.constants import SECONDS_PER_DAY, TOKENS_PER_MTOK
from advisor.formulas.finance import retraining_due
from advisor.formulas.hardware import (
    annual_depreciation,
    committed_price,
    depreciation_per_hour,
    energy,
    hours_of_whole_months,
    replicas_needed,
)
from advisor.formulas.quality import cascade_success
from advisor.formulas.serving import replica_capacity, request_work
from advisor.formulas.training_run import hours_at_speed
from advisor.formulas.training_run import run_hours as finished_run_hours
from advisor.options.declared import grading, one_time, price_of, quality_items, success_today
from advisor.options.keep_as_is import retries_item

ID = "tune"


def project_items(a: Assumptions) -> tuple[LineItem, ...]:
    """What is paid once before the first tuned answer, without the contingency."""
    hours, examples = a.number("data_preparation_hours"), a.number("bought_examples")
    return (
        one_time(a, "data_preparation", "data", hours, "hours", "hourly_rate", "data_preparation_hours"),
        one_time(a, "bought_examples", "data", examples, "examples", "example_price", "bought_examples"),
        *_training_items(a),
        one_time(a, "engineering", "people", a.number("engineer_hours"), "hours", "hourly_rate", "engineer_hours"),
        grading(a),
    )


ESTIMATED_WORK = ("training_examples", "training_epochs", "example_tokens", "evaluation_share", "startup_hours")


def run_hours(a: Assumptions) -> Number:
    """One training run: the user's own figure, or the tokens it reads at the speed of the machine. [hours]"""
    if a.knows("training_hours"):
        return a.number("training_hours")
    tokens = a.number("training_examples") * a.number("training_epochs") * a.number("example_tokens")
    reading = hours_at_speed(tokens, a.number("training_tokens_per_second"), 1)
    return finished_run_hours(reading, a.number("evaluation_share"), a.number("startup_hours"))


def _work(a: Assumptions) -> tuple[str, ...]:
    """What the hours of a run rest on."""
    if a.knows("training_hours"):
        return ("training_hours",)
    return (*ESTIMATED_WORK, "training_tokens_per_second")


def _training_items(a: Assumptions) -> tuple[LineItem, ...]:
    source = a.choice("training_source")
    if source == "managed":
        return (_managed_item(a),)
    uses = ("training_gpus", *_work(a), "training_runs")
    if not all(a.knows(name) for name in uses):
        return (LineItem("training_compute", "compute", "one_time", 1.0, "GPU*h", None, uses=uses),)
    machine_hours = run_hours(a) * a.number("training_runs")
    return _rented_item(a, machine_hours, uses) if source == "rented" else _own_card_items(a, machine_hours, uses)


def _managed_item(a: Assumptions) -> LineItem:
    """A vendor's training, billed by the tokens of all passes; every run is billed."""
    uses = (*ESTIMATED_WORK[:3], "training_runs")
    tokens = a.number("training_examples") * a.number("training_epochs") * a.number("example_tokens")
    quantity, price = tokens * a.number("training_runs") / TOKENS_PER_MTOK, "managed_training_price"
    return one_time(a, "managed_training", "compute", quantity, "Mtok", price, *uses)


def _rented_item(a: Assumptions, machine_hours: Number, uses: tuple[str, ...]) -> tuple[LineItem, ...]:
    """The hours of the runs, or whole months at a lower price an hour."""
    gpus = a.number("training_gpus")
    if a.choice("rental_term") == "hour":
        return (one_time(a, "training_compute", "compute", gpus * machine_hours, "GPU*h", "training_gpu_price", *uses),)
    paid = gpus * hours_of_whole_months(machine_hours, a.number("hours_per_month"))
    price = _rent(a, "training_gpu_price")
    uses = (*uses, "hours_per_month", "training_gpu_price", "monthly_discount")
    return (LineItem("training_compute", "compute", "one_time", paid, "GPU*h", price, uses=uses),)


def _rent(a: Assumptions, name: str) -> Number | None:
    """Price of a rented hour in the term the case rents for. [money/GPU/h]"""
    hourly = price_of(a, name)
    if hourly is None or a.choice("rental_term") == "hour":
        return hourly
    return committed_price(hourly, a.number("monthly_discount"))


def _own_card_items(a: Assumptions, machine_hours: Number, uses: tuple[str, ...]) -> tuple[LineItem, ...]:
    card = ("card_price", "card_residual_share", "card_life_years", "card_hours_per_year")
    power = energy(a.number("machine_power_kw"), machine_hours, a.number("power_overhead"))
    per_hour = None
    if a.knows("card_price"):
        annual = annual_depreciation(
            a.number("card_price"), a.number("card_residual_share"), a.number("card_life_years")
        )
        per_hour = depreciation_per_hour(annual, a.number("card_hours_per_year"))
    hours, more = a.number("training_gpus") * machine_hours, ("machine_power_kw", "power_overhead", *uses[1:])
    return (
        LineItem("card_depreciation", "compute", "one_time", hours, "GPU*h", per_hour, uses=(*uses, *card)),
        one_time(a, "electricity", "compute", power, "kWh", "electricity_price", *more),
    )


def contingency_item(a: Assumptions, project_cost: Number | None) -> LineItem:
    """A share of the project for what nobody thought of."""
    return LineItem(
        "contingency",
        "contingency",
        "one_time",
        a.number("contingency_share"),
        "fraction",
        project_cost,
        uses=("contingency_share",),
    )


def operations_item(a: Assumptions) -> LineItem:
    """People who watch, upgrade and stand by."""
    price, uses = price_of(a, "hourly_rate"), ("ops_hours", "hourly_rate")
    return LineItem("operations", "people", "recurring", a.number("ops_hours"), "hours/month", price, uses=uses)


def upkeep_items(a: Assumptions, months: np.ndarray, investment: Number | None) -> tuple[LineItem, ...]:
    """What every month costs once the tuned model is live, whatever the volume."""
    due = retraining_due(
        months, a.number("retrain_every_months"), a.number("horizon_months"), a.number("deploy_months")
    )
    retraining = due * np.asarray(a.number("retrain_cost_share"))[..., np.newaxis]
    price = None if investment is None else np.asarray(investment)[..., np.newaxis]
    uses = ("retrain_every_months", "retrain_cost_share")
    return (
        operations_item(a),
        LineItem(
            "other_upkeep",
            "upkeep",
            "recurring",
            1.0,
            "months",
            price_of(a, "other_monthly_cost"),
            uses=("other_monthly_cost",),
        ),
        LineItem("retraining", "upkeep", "recurring", retraining, "retrainings/month", price, uses=uses, by_month=True),
    )


def steady_retraining(a: Assumptions, investment: Number | None) -> LineItem:
    """Retraining as an even monthly cost; none where it never happens (every 0 months)."""
    every, share = np.asarray(a.number("retrain_every_months")), a.number("retrain_cost_share")
    per_month = np.where(every > 0, share / np.maximum(every, 1), 0.0)[()]
    uses = ("retrain_every_months", "retrain_cost_share")
    return LineItem("retraining", "upkeep", "recurring", per_month, "retrainings/month", investment, uses=uses)


def serving_items(
    a: Assumptions, requests: np.ndarray, current_cost_per_request: Number | None
) -> tuple[LineItem, ...]:
    """What serving costs: by the request, or by whole GPUs that run day and night.

    ``requests`` are the tuned requests of each month, month axis last. [requests/month]
    """
    fallback = (
        LineItem(
            "fallback",
            "api",
            "usage_based",
            a.number("fallback_share"),
            "requests",
            current_cost_per_request,
            "api",
            ("fallback_share",),
        ),
        LineItem(
            "check",
            "serving",
            "usage_based",
            1.0,
            "checks/request",
            price_of(a, "check_cost_per_request"),
            "hosting",
            ("check_cost_per_request",),
        ),
        *quality_items(a, success(a), review_share(a)),
    )
    route = a.choice("serving_route")
    if route == "own_figure":
        price = price_of(a, "tuned_cost_per_request")
        own = LineItem(
            "tuned_request", "serving", "usage_based", 1.0, "requests", price, "hosting", ("tuned_cost_per_request",)
        )
        return (own, *fallback)
    if route == "hosted":
        return (*_hosted_items(a), *fallback)
    return (gpu_item(a, requests), *fallback)


def success(a: Assumptions) -> Number:
    """Share of the tuned route's answers that are good enough; what is handed over is as good as today."""
    today = success_today(a)
    return cascade_success(a.number("fallback_share"), today + a.number("quality_difference"), today)


def review_share(a: Assumptions) -> str:
    """The question that says how many tuned answers people read; unless it is answered, as many as today."""
    return "tuned_review_share" if a.knows("tuned_review_share") else "review_share"


def tuned_input_tokens(a: Assumptions) -> tuple[Number, Number]:
    """Static (repeated) and dynamic prompt tokens that the tuned model still needs."""
    static = a.number("input_tokens") * a.number("static_prompt_share") * (1 - a.number("prompt_removed_share"))
    return static, a.number("input_tokens") * (1 - a.number("static_prompt_share"))


def _hosted_items(a: Assumptions) -> tuple[LineItem, ...]:
    static, dynamic = tuned_input_tokens(a)
    prompt = ("input_tokens", "static_prompt_share", "prompt_removed_share")
    items = (
        _hosted_tokens(a, "tuned_prompt", static + dynamic, "tuned_input_price", *prompt),
        _hosted_tokens(a, "tuned_answer", a.number("output_tokens"), "tuned_output_price", "output_tokens"),
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
    """What one replica serves at its fullest. [requests/s]"""
    static, dynamic = tuned_input_tokens(a)
    prefill = a.number("prefill_work_share")
    work = request_work(static + dynamic, a.number("output_tokens"), prefill)
    reference = request_work(a.number("reference_input_tokens"), a.number("reference_output_tokens"), prefill)
    return replica_capacity(a.number("replica_tokens_per_second"), reference, a.number("reference_output_tokens"), work)


def replicas(a: Assumptions, requests: np.ndarray) -> Number:
    """Whole replicas that carry the peak of each month. [replicas]"""
    per_second = requests / _by_month(a.number("days_per_month")) / SECONDS_PER_DAY
    return replicas_needed(
        per_second,
        _by_month(a.number("peak_factor")),
        _by_month(capacity(a)),
        _by_month(a.number("target_utilisation")),
        _by_month(a.number("min_replicas")),
    )


def _by_month(value: Number) -> Number:
    return np.asarray(value)[..., np.newaxis] if np.ndim(value) else value


SPEED = ("gpus_per_replica", "replica_tokens_per_second", "reference_input_tokens", "reference_output_tokens")
"""What a published measurement says of one GPU and of no other."""


def gpu_item(a: Assumptions, requests: np.ndarray) -> LineItem:
    """Whole replicas that run day and night, as many as each month's peak needs."""
    sizing = ("prefill_work_share", "peak_factor", "target_utilisation", "min_replicas", "hours_per_month")
    uses: tuple[str, ...] = ("serving_gpu", "serving_gpu_price", *SPEED, *sizing)
    gpu_price = _rent(a, "serving_gpu_price")
    if a.choice("rental_term") == "month":
        uses = (*uses, "monthly_discount")
    if not all(a.knows(name) for name in SPEED):
        return LineItem("serving_gpus", "serving", "recurring", 1.0, "GPU*h/month", None, "hosting", uses)
    hours = replicas(a, requests) * _by_month(a.number("gpus_per_replica") * a.number("hours_per_month"))
    price = None if gpu_price is None else _by_month(gpu_price)
    return LineItem("serving_gpus", "serving", "recurring", hours, "GPU*h/month", price, "hosting", uses, by_month=True)
