"""What may speak against an alternative without tuning, as notices that several of them share."""

from advisor.core.notices import Notice
from advisor.core.records import Assumptions


def those(*reasons: Notice | None) -> tuple[Notice, ...]:
    """The reasons that hold."""
    return tuple(reason for reason in reasons if reason is not None)


def knows_tokens(a: Assumptions) -> bool:
    """Whether a request of today is known by its tokens; a measured price of a request says nothing of another call."""
    return not a.knows("current_cost_per_request")


def leaves_the_house(a: Assumptions) -> Notice | None:
    return Notice("out_not_allowed_outside", "info", {}) if a["hosting_allowed"].value == "self_hosted" else None


def misses_the_bar(a: Assumptions) -> Notice | None:
    return Notice("out_misses_the_bar", "info", {}) if a["prompt_meets_bar"].value == "no" else None
