"""Which open facts are worth the hours of looking them up: those that move anything that is compared."""

import numpy as np
import pytest

from advisor.risk.open_facts import ROUNDING, compared_worth, could_be_found
from tests.cases import advice, catalog, preset

PRESETS = tuple(catalog().presets)
HARDLY = 0.02
"""Of the draws: whole cards that one more draw in fifty needs are worth nobody's hour."""


def test_what_has_no_effect_is_not_looked_up() -> None:
    """A failure costs nothing here, nothing is retrieved, and no example is bought."""
    told = advice(preset("extraction", bought_examples=0)).actions
    assert told is not None
    assert {"daily_requests", "hourly_rate", "input_tokens"} <= set(told.facts)
    assert not {"success_share", "retrieved_tokens", "retrieval_monthly_cost", "example_price"} & set(told.facts)
    a = advice(preset("extraction", bought_examples=0)).assessment.assumptions
    hours, wage = float(a.number("look_up_hours")), float(a.number("hourly_rate"))
    assert told["look_up_first"].at_risk == pytest.approx(len(told.facts) * hours * wage)


def test_what_has_an_effect_is() -> None:
    """A failure costs something and tuning leaves none, or knowledge is missing that could be retrieved.

    Where tuning mends as many failures whatever their number today, that number is worth nothing.
    """
    costly = advice(preset("extraction", cost_per_failure=0.02, quality_difference=0.25)).actions
    assert costly is not None
    assert "success_share" in costly.facts
    retrieving = advice(preset("extraction", failure_kind="knowledge", facts_change_days=300)).actions
    assert retrieving is not None
    assert {"retrieved_tokens", "retrieval_monthly_cost"} <= set(retrieving.facts)


@pytest.mark.parametrize("name", PRESETS)
def test_few_draws_tell_what_all_draws_tell(name: str) -> None:
    """A number that counts moves something in all the draws; one that does not, in hardly any of them."""
    told = advice(preset(name))
    found, a, table = told.simulation, told.assessment.assumptions, told.actions
    assert found is not None
    assert table is not None
    for fact in could_be_found(a, found):
        low, high = (
            compared_worth(a.replaced({**found.columns, fact: end}), told.assessment.proven, found.sampling.count)
            for end in (found.columns[fact].min(), found.columns[fact].max())
        )
        moved = (np.abs(high - low) > ROUNDING * np.abs(low).max(axis=-1, keepdims=True)).any(axis=0)
        assert moved.mean() > 0 if fact in table.facts else moved.mean() < HARDLY, fact


def test_without_a_fact_left_to_find_nothing_is_looked_up() -> None:
    """Article 002 counts a project alone, and every number behind it is stated."""
    told = advice(preset("article-002")).actions
    assert told is not None
    assert told.facts == ()
    assert "look_up_first" not in told
