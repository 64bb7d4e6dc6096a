"""Serve an untuned open-weight model on rented GPUs."""

from advisor.core.notices import Notice
from advisor.core.records import Assumptions
from advisor.options.declared import Demand, OptionCosts, grading, one_time, quality_items, success_today
from advisor.options.reasons import Reason
from advisor.options.tune import operations_item
from advisor.options.tuned_serving import SPEED, gpu_item

ID = "open_model"


def described(a: Assumptions) -> bool:
    """True where the case rents GPUs for its tuned model: the same would serve the model untuned."""
    return a.choice("serving_route") == "rented_gpu" and all(a.knows(name) for name in SPEED)


def declare(a: Assumptions, demand: Demand) -> OptionCosts:
    """The machines and answer length of the tuned model, a prompt that keeps its instructions, nothing handed over.

    Hidden reasoning is a property of today's model, so the untuned open model does not have it either.
    """
    alone = a.replaced({"prompt_removed_share": 0.0})
    once = (
        one_time(a, "integration", "people", a.number("switch_hours"), "hours", "hourly_rate", "switch_hours"),
        grading(a),
    )
    success = success_today(a)
    recurring = (gpu_item(alone, demand.requests), operations_item(a))
    return OptionCosts(ID, once, recurring, (), quality_items(a, success, "review_share"), success)


def against(a: Assumptions) -> tuple[Reason, ...]:
    """Nobody has tested it."""
    return (Reason(Notice("out_quality_unproven", "info", {}), True),)
