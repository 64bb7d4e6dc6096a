"""The money of one case, done once more on numbers that record their formulas."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from advisor.core.notices import InputError, Issue
from advisor.core.records import Assumption, Assumptions, Economics, Unpriced
from advisor.decision.advice import Advice
from advisor.money.assessment import entered_figures
from advisor.money.baseline import UntunedOption, standings
from advisor.money.cash_flows import HORIZON, Timeline, evaluate, timeline, tuned_by_category
from advisor.report.workbook.traced import Trace, Traced
from advisor.text.i18n import Translator


@dataclass(frozen=True)
class TracedCase:
    """What the workbook computes: ``inputs`` by name, the months, the options, the figures as entered.

    ``categories`` are the monthly cost of tuning by category; ``untuned`` the alternatives that nothing speaks against.
    """

    trace: Trace
    assumptions: Assumptions
    inputs: Mapping[str, Traced]
    line: Timeline
    economics: Economics
    figures: Mapping[str, Any]
    categories: Mapping[str, Any]
    untuned: tuple[UntunedOption, ...]

    @property
    def months(self) -> int:
        return self.trace.months.shape[-1]


def traced_case(advice: Advice, t: Translator) -> TracedCase:
    """The case on traced numbers. Raises :class:`InputError` when a price is missing and there is no money."""
    found = advice.assessment
    if found.economics is None:
        items = t("word.comma").join(t(f"item.{item}") for item in found.missing)
        raise InputError([Issue("xlsx", "no_monthly_figures", {"items": items})])
    trace = Trace(found.economics.months.size)
    inputs = {name: trace.number(name, row.value) for name, row in found.assumptions.items() if is_entered(row)}  # type: ignore[arg-type]
    a = found.assumptions.replaced(inputs)  # type: ignore[arg-type]
    line = timeline(a, trace.months)  # type: ignore[arg-type]
    economics = evaluate(a, line)
    if isinstance(economics, Unpriced):
        raise TypeError(economics.items)
    return TracedCase(
        trace,
        a,
        inputs,
        line,
        economics,
        entered_figures(a, economics),
        tuned_by_category(a, line),
        standings(a, found.proven, line),
    )


def is_entered(row: Assumption) -> bool:
    """A number that can be changed in the workbook; the length of the table of months cannot."""
    is_number = isinstance(row.value, float | np.floating)
    return is_number and row.follows is None and row.id != HORIZON
