"""Retrieval-augmented generation with the hosted model used today."""

import numpy as np

from advisor.core.notices import Notice
from advisor.core.records import Assumptions, LineItem
from advisor.formulas.arrays import as_array
from advisor.formulas.division import ratio
from advisor.options import keep_as_is, reasons
from advisor.options.declared import Demand, OptionCosts, one_time, price_of, quality_items, success_today
from advisor.options.reasons import Reason

KNOWLEDGE = ("knowledge", "both")
"""Kinds of failure that retrieval can fix."""
ID = "retrieval"


def line_items(a: Assumptions) -> tuple[LineItem, ...]:
    """One request with the retrieved passages, which differ in every request and so are never cached."""
    before = a.number("input_tokens")
    longer = before + a.number("retrieved_tokens")
    static = a.number("static_prompt_share") * before
    share = np.where(as_array(longer) > 0, ratio(static, longer), 0.0)[()]
    found = a.replaced({"input_tokens": longer, "static_prompt_share": share})
    items = keep_as_is.token_items(found)
    return (*items, keep_as_is.retries_item(a, "retries", items))


def declare(a: Assumptions, demand: Demand) -> OptionCosts:
    """Building the index is a one-time cost, operating it a monthly one."""
    once = (
        one_time(a, "building_index", "people", a.number("retrieval_hours"), "hours", "hourly_rate", "retrieval_hours"),
    )
    price = price_of(a, "retrieval_monthly_cost")
    index = LineItem("index", "serving", "recurring", 1.0, "months", price, uses=("retrieval_monthly_cost",))
    success = success_today(a)
    quality = quality_items(a, success, "review_share")
    flat = keep_as_is.flat_items(a)
    return OptionCosts(ID, once, (index,), line_items(a), quality, success, goes_on=True, flat=flat)


def described(a: Assumptions) -> bool:
    return reasons.knows_tokens(a)


def against(a: Assumptions) -> tuple[Reason, ...]:
    return reasons.those(reasons.leaves_the_house(a), _mends_nothing(a), _need_unknown(a))


def _mends_nothing(a: Assumptions) -> Reason:
    known = a["failure_kind"].value
    return Reason(Notice("out_does_not_mend", "info", {}), known is not None and known not in KNOWLEDGE)


def _need_unknown(a: Assumptions) -> Reason:
    return Reason(Notice("out_knowledge_unknown", "info", {}), a["failure_kind"].value is None)
