"""Scenario and catalog become :class:`Assumptions`: every number the model uses, with where it comes from.

An answer of the user wins, then the preset's, then the price books and tables, then the sourced default.
"""

from dataclasses import replace
from datetime import date

from advisor.assumptions.machines import SizedRows
from advisor.assumptions.relevance import relevant_questions
from advisor.catalog.loader import Catalog
from advisor.core.notices import Notice
from advisor.core.records import Assumptions
from advisor.scenario import QUESTIONS, Scenario


def resolve(scenario: Scenario, catalog: Catalog, on: date) -> Assumptions:
    """Every number behind the case on the day ``on`` (or the scenario's own ``as_of``).

    Raises :class:`InputError` when an answer names a model, GPU or preset that does not exist.
    """
    return Resolver(scenario, catalog, scenario.as_of or on).run()


class Resolver(SizedRows):
    """One case from its answers to its assumptions, in two steps."""

    def run(self) -> Assumptions:
        wanted = relevant_questions(self.scenario, self.catalog)
        for name in QUESTIONS:
            if name in wanted:
                self.rows[name] = self._answered(name) or self._default(name)
        return self.completed(wanted)

    def completed(self, wanted: frozenset[str]) -> Assumptions:
        """What follows from the answers and defaults that stand in ``rows``."""
        self._route()
        self._lifetime()
        self._training()
        if "current_model" in wanted:
            self._current_prices()
            self._other_prices()
        if "serving_gpu" in wanted:
            self._serving()
        if "tuned_model" in wanted:
            self._tuned_prices()
        if "card_price" in wanted:
            self._card()
        self._plausible_volume()
        self._own_house_only()
        self._known_ranges()
        ordered = {name: self.rows[name] for name in (*QUESTIONS, *self.rows) if name in self.rows}
        return Assumptions(
            ordered,
            self.scenario.base_currency,
            self.on,
            self.catalog.version,
            tuple(n for k, n in enumerate(self.notices) if n not in self.notices[:k]),
        )

    def _plausible_volume(self) -> None:
        row = self.rows["daily_requests"]
        if isinstance(row.value, float):
            spread = self.catalog.parameter("plausible_volume").interval
            if spread is not None:
                low, high = row.value * spread.low, row.value * spread.high
                row = replace(row, low=low, high=high, shape=spread.shape)
            self.rows["daily_requests"] = row

    def _own_house_only(self) -> None:
        """Where no request may leave the house, nothing falls back to a hosted model."""
        row = self.rows["fallback_share"]
        if self.rows["hosting_allowed"].value == "self_hosted" and row.set_by != "user" and row.value:
            self.rows["fallback_share"] = replace(row, value=0.0, low=None, high=None)
            self.notices.append(Notice("no_fallback_allowed", "info", {}))
