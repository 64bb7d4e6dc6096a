"""Every alternative without tuning, once: what it costs, when the case describes it, what speaks against it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from advisor.core.notices import Notice
from advisor.core.records import Assumptions
from advisor.options import cheaper_model, keep_as_is, open_model, optimise_current, retrieval
from advisor.options.declared import OptionCosts


@dataclass(frozen=True)
class Option:
    """One alternative without tuning.

    ``declare`` gives its line items for the requests of each month, ``described`` whether the case says enough about
    it, ``against`` the reasons why it is out; none where it is in.
    """

    id: str
    declare: Callable[[Assumptions, np.ndarray], OptionCosts]
    described: Callable[[Assumptions], bool]
    against: Callable[[Assumptions], tuple[Notice, ...]]


def _option(module: ModuleType) -> Option:
    return Option(module.ID, module.declare, module.described, module.against)


UNTUNED: Mapping[str, Option] = {
    module.ID: _option(module) for module in (keep_as_is, optimise_current, cheaper_model, retrieval, open_model)
}
"""The first is going on as today; of equals the earlier is preferred, as it changes less."""
