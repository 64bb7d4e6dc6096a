"""Every option, once: what it costs, when the case describes it, what speaks against it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

from advisor.core.records import Assumptions
from advisor.options import cheaper_model, keep_as_is, open_model, optimise_current, retrieval, tune
from advisor.options.declared import Demand, OptionCosts
from advisor.options.reasons import Reason


@dataclass(frozen=True)
class Option:
    """One way to serve the requests.

    ``declare`` gives its line items for a demand, ``described`` whether the case says enough about it, ``against`` the
    reasons why it is out; none where it is in.
    """

    id: str
    declare: Callable[[Assumptions, Demand], OptionCosts]
    described: Callable[[Assumptions], bool]
    against: Callable[[Assumptions], tuple[Reason, ...]]


def _option(module: ModuleType) -> Option:
    return Option(module.ID, module.declare, module.described, module.against)


OPTIONS: Mapping[str, Option] = {
    module.ID: _option(module) for module in (keep_as_is, optimise_current, cheaper_model, retrieval, open_model, tune)
}
"""The first is going on as today; of equals the earlier is preferred, as it changes less."""
UNTUNED: Mapping[str, Option] = {name: option for name, option in OPTIONS.items() if name != tune.ID}
"""What tuning is compared with."""
