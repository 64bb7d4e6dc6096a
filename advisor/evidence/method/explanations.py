"""What stands behind one shown figure: its formula with the case's numbers, and the assumptions it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.catalog.rules import DecisionRules
from advisor.core.records import Assumption
from advisor.decision.advice import Advice
from advisor.evidence.method import ENTRIES, formula_of
from advisor.evidence.method.built_from import all_behind
from advisor.evidence.method.records import Formula, WorkedCase
from advisor.text.i18n import Translator

BY_ID = {entry.id: entry for entry in ENTRIES}

FORMULA_OF: Mapping[str, str] = {
    "investment": "investment",
    "monthly_savings": "saving",
    "savings_against_today": "saving_today",
    "steady_payback_months": "steady_payback",
    "annual_roi": "annual_roi",
    "payback_months": "payback",
    "discounted_payback_months": "discounted_payback",
    "npv": "npv",
    "npv_against_today": "npv_today",
    "payback_against_today": "payback_today",
    "irr": "irr",
    "mirr": "mirr",
    "roi_horizon": "roi_horizon",
    "npv_with_exit": "npv_with_exit",
    "break_even_requests": "break_even",
    "current_cost_per_request": "untuned_request",
    "baseline_cost_per_request": "untuned_request",
    "tuned_cost_per_request": "tuned_request",
    "current_cost_per_success": "untuned_good_answer",
    "baseline_cost_per_success": "untuned_good_answer",
    "tuned_cost_per_success": "good_answer",
}
"""The formula of each figure in ``METRICS``."""

TOLD_FIRST: Mapping[str, tuple[str, ...]] = {
    "payback": ("payback",),
    "npv": ("expected_npv", "npv"),
    "savings": ("saving",),
    "investment": ("investment",),
    "roi": ("roi_horizon",),
}
"""The formulas of each figure of the headline, in the order of its cards."""


@dataclass(frozen=True)
class Explanation:
    """A figure explained: its ``formulas``, and its ``inputs``, those that move the net present value most first.

    ``deciding`` says how many of the inputs those are.
    """

    id: str
    formulas: tuple[Formula, ...]
    inputs: tuple[Assumption, ...]
    deciding: int


class Explainer:
    """Explains figures of one advice; each formula is worked once."""

    def __init__(self, advice: Advice, rules: DecisionRules, t: Translator) -> None:
        self._case = WorkedCase(advice, rules, t)
        self._worked: dict[str, tuple[Formula, tuple[str, ...]]] = {}
        self._shown = {entry.id for entry in ENTRIES if entry.used(self._case)}

    def metric(self, name: str) -> Explanation | None:
        """A figure of ``METRICS``; ``None`` where this case has no formula for it."""
        return self._explained(name, (FORMULA_OF[name],))

    def told_first(self, name: str) -> Explanation | None:
        """A figure of the headline."""
        return self._explained(name, TOLD_FIRST[name])

    def _explained(self, name: str, formulas: Sequence[str]) -> Explanation | None:
        own = [formula for formula in formulas if formula in self._shown]
        if not own:
            return None
        names = dict.fromkeys(read for formula in all_behind(own[0], self._shown) for read in self._work(formula)[1])
        swings = [swing.id for swing in self._case.assessment.evidence.matter if swing.id in names]
        ordered = dict.fromkeys((*swings, *names))
        rows = tuple(self._case.a[read] for read in ordered if self._case.a.knows(read))
        return Explanation(name, tuple(self._work(formula)[0] for formula in own), rows, len(swings))

    def _work(self, name: str) -> tuple[Formula, tuple[str, ...]]:
        if name not in self._worked:
            self._case.read.clear()
            formula = formula_of(BY_ID[name], self._case, self._shown)
            self._worked[name] = (formula, tuple(self._case.read))
        return self._worked[name]
