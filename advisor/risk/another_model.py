"""Testing another model first: what an untested model may save without tuning, before anything else is done.

It is a first step and no verdict: whether it passes is known only of the model that is tested.
"""

from dataclasses import dataclass

import numpy as np

from advisor.core.records import Assumptions
from advisor.money.baseline import UntunedOption, standings
from advisor.options.declared import grading
from advisor.risk.actions import ActionTable
from advisor.risk.simulation import Drawn, Simulation, untuned_npv

UNPROVEN = "out_quality_unproven"
MODEL = {"cheaper_model": "cheaper_model", "open_model": "open_model"}
"""Assumption that names the model of an option."""


@dataclass(frozen=True)
class FirstTest:
    """The test worth most: an ``option`` without tuning, its model, what grading it costs and what a pass is worth.

    ``model`` is an id; :func:`advisor.decision.advice.advise` puts its name in that place.

    ``gain`` is the mean net present value of a pass beyond the recommended action, ``chance`` [fraction] that it
    passes. Money in the case's currency.
    """

    option: str
    model: str
    cost: float
    chance: float
    gain: float

    @property
    def worth(self) -> float:
        return self.chance * self.gain - self.cost


def first_test(a: Assumptions, drawn: Drawn, found: Simulation, table: ActionTable) -> FirstTest | None:
    """The one untested model that is worth testing first; ``None`` where none is."""
    options = standings(a, {a.baseline, *MODEL})
    baseline = next(float(each.npv or 0.0) for each in options if each.id == a.baseline)
    tests = [_test(option.id, a, drawn, found, table) for option in options if _is_untested(option, a, baseline)]
    return max((test for test in tests if test.worth > 0), key=lambda test: test.worth, default=None)


def _is_untested(option: UntunedOption, a: Assumptions, baseline: float) -> bool:
    """A model with a name that is cheaper as entered, against which only speaks that nobody has tested it."""
    named = option.id in MODEL and a.knows(MODEL[option.id])
    cheaper = option.npv is not None and float(option.npv) > baseline
    return named and cheaper and [reason.notice.code for reason in option.against] == [UNPROVEN]


def _test(option: str, a: Assumptions, drawn: Drawn, found: Simulation, table: ActionTable) -> FirstTest:
    cost = float(np.asarray(grading(a).cost))
    saved = float((untuned_npv(drawn, option) - found.baseline_npv).mean())
    gain = saved - table.recommended.mean
    return FirstTest(option, str(a[MODEL[option]].value), cost, float(a.number("other_model_pass_share")), gain)
