"""Switch to a cheaper hosted model without tuning it."""

from advisor.core.notices import Notice
from advisor.core.records import Assumptions, LineItem
from advisor.options import keep_as_is, reasons
from advisor.options.declared import Demand, OptionCosts, grading, one_time, quality_items, success_today, with_prices
from advisor.options.reasons import Reason

ID = "cheaper_model"
PRICES = {
    "current_input_price": "cheaper_input_price",
    "current_cached_input_price": "cheaper_cached_input_price",
    "current_cache_write_price": "cheaper_cache_write_price",
    "current_output_price": "cheaper_output_price",
    "batch_discount": "cheaper_batch_discount",
    "cached_batch_discount": "cheaper_cached_batch_discount",
}
"""Price of today's model, and the row that takes its place."""


def described(a: Assumptions) -> bool:
    """True where there is a cheaper model to move to and a request has known lengths."""
    return "cheaper_model" in a and a.knows("cheaper_model") and not a.knows("current_cost_per_request")


def line_items(a: Assumptions) -> tuple[LineItem, ...]:
    """One request at the other model's prices."""
    items = keep_as_is.token_items(with_prices(a, PRICES))
    return (*items, keep_as_is.retries_item(a, "retries", items))


def declare(a: Assumptions, demand: Demand) -> OptionCosts:
    """The same requests to another model; switching and evaluating it are one-time costs."""
    once = (
        one_time(a, "switching", "people", a.number("switch_hours"), "hours", "hourly_rate", "switch_hours"),
        grading(a),
    )
    success = success_today(a)
    return OptionCosts(ID, once, (), line_items(a), quality_items(a, success, "review_share"), success)


def against(a: Assumptions) -> tuple[Reason, ...]:
    return reasons.those(reasons.leaves_the_house(a), *_ends(a), _unproven(a))


def _ends(a: Assumptions) -> tuple[Reason, ...]:
    """It stops before the months looked at are over."""
    ends = [notice.params["date"] for notice in a.notices if notice.code == "cheaper_model_ends"]
    return tuple(Reason(Notice("out_ends", "info", {"date": day}), True) for day in ends)


def _unproven(a: Assumptions) -> Reason:
    said = a["cheaper_model_passes"].value if "cheaper_model_passes" in a else None
    code = "out_quality_gate_failed" if said == "no" else "out_quality_unproven"
    return Reason(Notice(code, "info", {}), said != "yes")
