"""Tune a smaller model and serve it; what it cannot answer falls back to the baseline."""

import numpy as np

from advisor.core.records import Assumptions, LineItem, Number
from advisor.formulas.arrays import as_array
from advisor.formulas.cash_flow_timing import retraining_due
from advisor.formulas.quality import cascade_success
from advisor.options.declared import (
    Demand,
    OptionCosts,
    grading,
    one_time,
    price_of,
    quality_items,
    success_today,
    total,
)
from advisor.options.reasons import Reason
from advisor.options.training_compute import training_items
from advisor.options.tuned_serving import CARDS, bought_cards, serving_items

ID = "tune"
OTHER = "other_one_time"
PAID_ONCE = (OTHER, CARDS)
"""Paid once as it is entered or bought, so neither the contingency nor a retraining is a share of it."""


def declare(a: Assumptions, demand: Demand) -> OptionCosts:
    """The project, the tuned model's serving and upkeep, and the requests that it hands over."""
    once, serving, quality = project_items(a), serving_items(a, demand.requests, demand.months), success(a)
    by_use = tuple(item for item in serving if item.frequency == "usage_based")
    hosting = tuple(item for item in serving if item.frequency == "recurring")
    repeated = total(item for item in once if item.id not in PAID_ONCE)
    upkeep = (operations_item(a), _other_upkeep(a), _retraining(a, demand.months, repeated))
    return OptionCosts(
        ID,
        once=once,
        recurring=(*hosting, *upkeep),
        call=(*by_use, _fallback(a, demand.call_price), _check(a)),
        quality=quality_items(a, quality, review_share(a)),
        success_share=quality,
    )


def described(a: Assumptions) -> bool:
    """Always: it is the case itself."""
    return True


def against(a: Assumptions) -> tuple[Reason, ...]:
    """Nothing here: what speaks against tuning is for the rules of the verdict to say."""
    return ()


def project_items(a: Assumptions) -> tuple[LineItem, ...]:
    """What is paid once before the first tuned answer: the project, its contingency, other costs and bought cards."""
    hours, examples = a.number("data_preparation_hours"), a.number("bought_examples")
    project = (
        one_time(a, "data_preparation", "data", hours, "hours", "hourly_rate", "data_preparation_hours"),
        one_time(a, "bought_examples", "data", examples, "examples", "example_price", "bought_examples"),
        *training_items(a),
        one_time(a, "engineering", "people", a.number("engineer_hours"), "hours", "hourly_rate", "engineer_hours"),
        grading(a),
    )
    share, uses = a.number("contingency_share"), ("contingency_share",)
    reserve = LineItem("contingency", "contingency", "one_time", share, "fraction", total(project), uses=uses)
    other = one_time(a, OTHER, "other", 1.0, "fraction", "other_one_time_cost")
    return (*project, reserve, other, *bought_cards(a))


def operations_item(a: Assumptions) -> LineItem:
    """People who watch, upgrade and stand by."""
    price, uses = price_of(a, "hourly_rate"), ("ops_hours", "hourly_rate")
    return LineItem("operations", "people", "recurring", a.number("ops_hours"), "hours/month", price, uses=uses)


def _other_upkeep(a: Assumptions) -> LineItem:
    used = "other_monthly_cost"
    return LineItem("other_upkeep", "upkeep", "recurring", 1.0, "months", price_of(a, used), uses=(used,))


def _retraining(a: Assumptions, months: np.ndarray | None, project: Number | None) -> LineItem:
    """Each costs a share of the project; in a steady month they are spread evenly, none where it never happens."""
    every, uses = a.number("retrain_every_months"), ("retrain_every_months", "retrain_cost_share")
    price = None if project is None else a.number("retrain_cost_share") * project
    if months is None:
        evenly = np.where(as_array(every) > 0, 1 / np.maximum(every, 1), 0.0)[()]
        return LineItem("retraining", "upkeep", "recurring", evenly, "retrainings/month", price, uses=uses)
    due = retraining_due(months, every, a.number("horizon_months"), a.number("deploy_months"))
    each = None if price is None else as_array(price)[..., np.newaxis]
    return LineItem("retraining", "upkeep", "recurring", due, "retrainings/month", each, uses=uses, by_month=True)


def _fallback(a: Assumptions, call_price: Number | None) -> LineItem:
    share, uses = a.number("fallback_share"), ("fallback_share",)
    return LineItem("fallback", "api", "usage_based", share, "requests", call_price, "api", uses)


def _check(a: Assumptions) -> LineItem:
    used = "check_cost_per_request"
    return LineItem("check", "serving", "usage_based", 1.0, "checks/request", price_of(a, used), "hosting", (used,))


def success(a: Assumptions) -> Number:
    """Share of the tuned route's answers that are good enough; what is handed over is as good as today."""
    today = success_today(a)
    return cascade_success(a.number("fallback_share"), today + a.number("quality_difference"), today)


def review_share(a: Assumptions) -> str:
    """The question that says how many tuned answers people read; unless it is answered, as many as today."""
    return "tuned_review_share" if a.knows("tuned_review_share") else "review_share"
