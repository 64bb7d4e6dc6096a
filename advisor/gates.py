"""Stage gates: what has been spent when the project stops after each step, and what must hold to go on."""

from dataclasses import dataclass

from advisor.catalog.fields import Words
from advisor.catalog.loader import Catalog
from advisor.project_plan import plan_cost, project_plan
from advisor.results import Assumptions
from advisor.scenario import Scenario

GATES = ("data", "first_100", "evaluation", "release")
"""Steps of our plan after which somebody decides; a source's own steps are all gates."""


@dataclass(frozen=True)
class Gate:
    """After ``step`` so much has been spent, and so much is still at risk before the next gate [money].

    ``name`` and ``stop`` are a source's own words; of our own steps the words stand in the catalogues.
    """

    step: str
    spent: float
    next_spend: float
    name: Words | None = None
    stop: Words | None = None


def stage_gates(scenario: Scenario, a: Assumptions, catalog: Catalog) -> tuple[Gate, ...]:
    """The decisions of the project in their order. Raises ``LookupError`` where a price is unknown."""
    plan = project_plan(scenario, a, catalog)
    spent = plan_cost(plan.steps, plan.prices).spent
    places = [k for k, step in enumerate(plan.steps) if step.id in GATES or step.name is not None]
    money = [float(spent[k]) + (plan.beside if k == places[-1] else 0.0) for k in places]
    following = [*money[1:], money[-1]]
    return tuple(
        Gate(plan.steps[k].id, now, after - now, plan.steps[k].name, plan.steps[k].stop)
        for k, now, after in zip(places, money, following, strict=True)
    )
