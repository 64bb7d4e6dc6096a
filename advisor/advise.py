"""One call from answers to advice; pages, report and command line all make it."""

from dataclasses import dataclass
from datetime import date

from advisor.assess import assess
from advisor.catalog.loader import Catalog
from advisor.compare import Step, walk
from advisor.decide import recommend
from advisor.resolve import resolve
from advisor.results import Assessment, Recommendation
from advisor.scenario import Scenario


@dataclass(frozen=True)
class Advice:
    """Everything a renderer shows of one case."""

    scenario: Scenario
    assessment: Assessment
    recommendation: Recommendation


def advise(scenario: Scenario, catalog: Catalog, on: date) -> Advice:
    """Assess and decide on the day ``on``. Raises :class:`~advisor.notices.InputError` for unusable answers."""
    limits = tuple(band.below_months for band in catalog.rules.bands)
    assessment = assess(resolve(scenario, catalog, on), limits)
    return Advice(scenario, assessment, recommend(assessment, catalog.rules))


def preset_scenario(preset_id: str, catalog: Catalog) -> Scenario:
    """The answers of a preset. Raises :class:`~advisor.notices.UnknownId`."""
    return Scenario.from_answers({**catalog.preset(preset_id).answers, "preset": preset_id})


def walk_from_compared(scenario: Scenario, catalog: Catalog, on: date) -> tuple[Step, ...]:
    """Steps from the preset this case names as its comparison to the case itself; empty without one."""
    preset = catalog.presets.get(scenario.preset or "")
    if preset is None or preset.compare_with is None:
        return ()
    return walk(preset_scenario(preset.compare_with, catalog), scenario, catalog, on)
