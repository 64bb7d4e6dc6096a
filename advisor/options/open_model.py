"""Serve an open-weight model as it comes, on rented GPUs."""

import numpy as np

from advisor.core.notices import Notice
from advisor.core.records import Assumptions
from advisor.options import tune
from advisor.options.declared import OptionCosts, grading, one_time, quality_items, success_today

ID = "open_model"


def described(a: Assumptions) -> bool:
    """True where the case rents GPUs for its tuned model: the same would serve the model untuned."""
    return a.choice("serving_route") == "rented_gpu" and all(a.knows(name) for name in tune.SPEED)


def declare(a: Assumptions, requests: np.ndarray) -> OptionCosts:
    """The machines of the tuned model, a prompt that keeps its instructions, nothing handed over."""
    alone = a.replaced({"prompt_removed_share": 0.0})
    once = (
        one_time(a, "integration", "people", a.number("switch_hours"), "hours", "hourly_rate", "switch_hours"),
        grading(a),
    )
    success = success_today(a)
    recurring = (tune.gpu_item(alone, requests), tune.operations_item(a))
    return OptionCosts(ID, once, recurring, (), quality_items(a, success, "review_share"), success)


def against(a: Assumptions) -> tuple[Notice, ...]:
    """Nobody has tested it."""
    return (Notice("out_quality_unproven", "info", {}),)
