"""Scenario and catalog become :class:`Assumptions`: every number the model uses, with where it comes from.

An answer of the user wins, then the preset's, then the price books and tables, then the sourced default.
"""

from dataclasses import replace
from datetime import date

from advisor.assumptions.answers import take_answers
from advisor.assumptions.busiest_hour import take_hours
from advisor.assumptions.cached_share import take_reported_cache
from advisor.assumptions.draft import Draft
from advisor.assumptions.lifetimes import end_with_tuned_model, note_lifetimes
from advisor.assumptions.machines import fill_serving, fill_training
from advisor.assumptions.monthly_bill import take_bill
from advisor.assumptions.prices import (
    add_server,
    fill_card_price,
    fill_current_prices,
    fill_machine_power,
    fill_other_prices,
    fill_power,
    fill_route_prices,
    fill_tuned_prices,
    note_changes,
)
from advisor.assumptions.ranges import hold_choices, spread_volume, take_known_ranges
from advisor.assumptions.relevance import relevant_questions
from advisor.assumptions.unlikely import unlikely
from advisor.catalog.catalog import Catalog
from advisor.core.notices import Notice
from advisor.core.records import Assumptions
from advisor.scenario import QUESTIONS, Scenario


def resolve(scenario: Scenario, catalog: Catalog, on: date) -> Assumptions:
    """Every number behind the case on the day ``on`` (or the scenario's own ``as_of``).

    Raises :class:`InputError` when an answer names a model, GPU or preset that does not exist.
    """
    draft, wanted = Draft(scenario, catalog, scenario.as_of or on), relevant_questions(scenario, catalog)
    draft.notices += unlikely(scenario, catalog, draft.on)
    take_answers(draft, wanted)
    take_reported_cache(draft)
    take_bill(draft)
    take_hours(draft)
    return completed(draft, wanted)


def completed(draft: Draft, wanted: frozenset[str]) -> Assumptions:
    """What follows from the answers and defaults that stand in the rows of the draft."""
    fill_route_prices(draft)
    end_with_tuned_model(draft)
    note_lifetimes(draft)
    fill_training(draft)
    if "current_model" in wanted:
        fill_current_prices(draft)
        fill_other_prices(draft)
        note_changes(draft, "current_model")
        note_changes(draft, "cheaper_model")
    if "serving_gpu" in wanted:
        fill_serving(draft)
    if "tuned_model" in wanted:
        fill_tuned_prices(draft)
        note_changes(draft, "tuned_model")
    if "card_price" in wanted:
        fill_card_price(draft, "card_price", "training_gpu")
    if "machine_power_kw" in wanted:
        fill_machine_power(draft)
    if "serving_card_price" in wanted:
        fill_card_price(draft, "serving_card_price", "serving_gpu")
        add_server(draft)
        fill_power(draft)
    spread_volume(draft)
    _keep_in_house(draft)
    hold_choices(draft)
    take_known_ranges(draft)
    ordered = {name: draft.rows[name] for name in (*QUESTIONS, *draft.rows) if name in draft.rows}
    return Assumptions(
        ordered,
        draft.scenario.base_currency,
        draft.on,
        draft.catalog.version,
        tuple(n for k, n in enumerate(draft.notices) if n not in draft.notices[:k]),
    )


def _keep_in_house(draft: Draft) -> None:
    """Where requests must stay on premises, nothing falls back to a hosted model."""
    row = draft.rows["fallback_share"]
    if draft.rows["hosting_allowed"].value == "self_hosted" and row.set_by != "user" and row.value:
        draft.rows["fallback_share"] = replace(row, value=0.0, low=None, high=None)
        draft.notices.append(Notice("no_fallback_allowed", "info", {}))
