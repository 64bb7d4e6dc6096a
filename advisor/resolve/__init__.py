"""Scenario and catalog become :class:`Assumptions`: every number the model uses, with where it comes from.

An answer of the user wins, then the preset's, then the price books and tables, then the sourced default.
"""

from dataclasses import replace
from datetime import date

from advisor.catalog.loader import Catalog
from advisor.relevance import relevant_questions
from advisor.resolve.machines import SizedRows
from advisor.results import Assumptions
from advisor.scenario import QUESTIONS, Scenario


def resolve(scenario: Scenario, catalog: Catalog, on: date) -> Assumptions:
    """Every number behind the case on the day ``on`` (or the scenario's own ``as_of``).

    Raises :class:`InputError` when an answer names a model, GPU or preset that does not exist.
    """
    return _Resolver(scenario, catalog, scenario.as_of or on).run()


class _Resolver(SizedRows):
    def run(self) -> Assumptions:
        wanted = relevant_questions(self.scenario, self.catalog)
        for name in QUESTIONS:
            if name in wanted:
                self.rows[name] = self._answered(name) or self._default(name)
        self._training()
        if "current_model" in wanted:
            self._current_prices()
        if "serving_gpu" in wanted:
            self._serving()
        if "tuned_model" in wanted:
            self._tuned_prices()
        if "card_price" in wanted:
            self._card()
        self._plausible_volume()
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
                row = replace(row, low=row.value * spread.low, high=row.value * spread.high)
            self.rows["daily_requests"] = row
