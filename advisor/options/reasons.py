"""Reasons against an alternative without tuning that several alternatives share."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import Notice
from advisor.core.records import Assumptions


class Reason(NamedTuple):
    """Why an alternative is out; ``holds`` says whether, or in which of the cases where numbers are arrays of them."""

    notice: Notice
    holds: bool | np.bool_ | NDArray[np.bool_]


def those(*reasons: Reason) -> tuple[Reason, ...]:
    """The reasons that hold in any case."""
    return tuple(reason for reason in reasons if np.any(reason.holds))


def knows_tokens(a: Assumptions) -> bool:
    """Whether a request is described by its tokens: a measured price per request cannot be applied to another call."""
    return not a.knows("current_cost_per_request")


def leaves_the_house(a: Assumptions) -> Reason:
    return Reason(Notice("out_not_allowed_outside", "info", {}), a["hosting_allowed"].value == "self_hosted")


def misses_the_bar(a: Assumptions) -> Reason:
    return Reason(Notice("out_misses_the_bar", "info", {}), a["prompt_meets_bar"].value == "no")
