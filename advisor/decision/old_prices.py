"""Prices that decide and that nobody has checked for long: they are looked up before anything else."""

from collections.abc import Sequence

from advisor.assumptions.prices import PRICES_OF
from advisor.core.records import Assumptions

MULTIPLIED_BY = {
    **{name: "input_tokens" for names in PRICES_OF.values() for name in names if "_input_" in name},
    **{name: "output_tokens" for names in PRICES_OF.values() for name in names if "_output_" in name},
}
"""A list price has no range, so it never ranks among what decides; it moves the money as what it is multiplied by."""
TOLD_OF_OLD_PRICES = frozenset({"few_offers", "price_old", "price_stale"})
"""Notices that the published sources may have newer prices."""


def old_prices(a: Assumptions, deciding: Sequence[str]) -> tuple[str, ...]:
    """Of the numbers that decide, those that are a price of a source last checked too long ago, by its notice.

    A list price decides where the tokens do that it is paid for.
    """
    subjects = {str(notice.params["subject"]) for notice in a.notices if notice.code == "price_old"}
    few = [notice.params for notice in a.notices if notice.code == "few_offers"]
    subjects |= {str(told["field"]) for told in few if int(str(told["days"])) > int(str(told["limit_days"]))}
    models = {str(notice.params["model"]) for notice in a.notices if notice.code == "price_stale"}
    for role, names in PRICES_OF.items():
        if role in a and a[role].value in models:
            subjects |= {name for name in names if name in a and a[name].set_by != "user"}
    decides = {*deciding, *(name for name, number in MULTIPLIED_BY.items() if number in deciding)}
    return tuple(name for name in a if name in subjects & decides)
