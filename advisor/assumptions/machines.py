"""Machines that nobody named: the estimators' cheapest way to train and to serve."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import cast

import numpy as np

from advisor.assumptions.answers import citation, note_of, unknown
from advisor.assumptions.prices import PricedRows
from advisor.catalog.fields import PriceBook
from advisor.catalog.loader import Catalog
from advisor.core.notices import InputError, Issue, Notice, UnknownId
from advisor.core.records import Assumption
from advisor.engineering.descriptions import Method
from advisor.engineering.from_catalog import card_of
from advisor.engineering.sizing import (
    ServingSetups,
    TrainingSetups,
    longest_run_hours,
    serving_setups,
    training_run,
    training_setups,
)
from advisor.engineering.training import share_of_peak
from advisor.formulas.constants import SECONDS_PER_DAY, SECONDS_PER_HOUR
from advisor.formulas.hardware import replicas_needed

REMEMBERED_DAYS = 64
SERVED_LOAD = ("daily_requests", "peak_factor", "target_utilisation", "min_replicas")
"""What the number of machines follows from."""


class SizedRows(PricedRows):
    """Rows with their machines."""

    def _training(self) -> None:
        self._training_work()
        if self.rows["training_source"].value == "managed":
            return
        self._known_gpu("training_gpu")
        if any(self._lacks(name) for name in ("training_gpu", "training_gpus", "training_tokens_per_second")):
            self._training_way()
        if "training_gpu_price" in self.rows and self._knows("training_gpu"):
            self._gpu_price("training_gpu_price", "training_gpu")
        told = ("training_tokens_per_second", "training_gpu")
        if all(self._knows(name) and self.rows[name].kind != "estimate" for name in told):
            self._check_training_speed()

    def _knows(self, name: str) -> bool:
        return name in self.rows and self.rows[name].value is not None

    def _lacks(self, name: str) -> bool:
        return name in self.rows and self.rows[name].value is None

    def _training_work(self) -> None:
        """Examples and their length, where only the data bought and the traffic are known."""
        bought = self.rows["bought_examples"]
        if self.rows.get("training_examples") is not None and self.scenario.training_examples is None and bought.value:
            said = self.rows["training_examples"]
            self.rows["training_examples"] = replace(bought, id=said.id, low=None, high=None, note=said.note)
        if self._lacks("example_tokens"):
            row = self._row_or_default("input_tokens")
            length = self._tuned_prompt() + float(self._row_or_default("output_tokens").value or 0)
            self._fill("example_tokens", max(length, 1.0), row.kind, row.source, effective=row.effective)

    def _row_or_default(self, name: str) -> Assumption:
        return self.rows.get(name) or self._default(name)

    def _number(self, name: str) -> float:
        return float(self._row_or_default(name).value or 0)

    def _tuned_prompt(self) -> float:
        """Prompt tokens that the tuned model still reads."""
        kept = 1 - self._number("static_prompt_share") * self._number("prompt_removed_share")
        return self._number("input_tokens") * kept

    def _model(self) -> str:
        """The open-weight model that is tuned; the usual one of its size unless named."""
        if self._lacks("open_model"):
            usual = self.catalog.usual_model(str(self.rows["model_size"].value))
            self._fill("open_model", usual.id, usual.kind, citation(usual.source))
        try:
            return self.catalog.model(str(self.rows["open_model"].value)).id
        except UnknownId as error:
            raise unknown("open_model", error) from None

    def _sequence(self) -> int:
        """Tokens that are trained on at once: short examples share a sequence, a long one has its own."""
        return max(int(self._number("sequence_tokens")), int(self._number("example_tokens")))

    def _training_way(self) -> None:
        """The cheapest cards that finish a run in time; where none does, the fastest."""
        method = cast(Method, self.rows["method"].value)
        model = self._model()
        ways = self._ways_to_train(model, method, self._sequence())
        tokens = self._number("training_examples") * self._number("training_epochs") * self._number("example_tokens")
        hours = tokens / ways.tokens_per_s / SECONDS_PER_HOUR
        rented = self.rows["training_source"].value == "rented"
        price = self._prices(ways.gpu, "gpu_rental" if rented else "gpu_purchase")
        cost = price * ways.gpus * (hours + self._number("startup_hours") if rented else 1.0)
        usable = self._allowed(ways.gpu, ways.gpus, "training_gpu", "training_gpus") & np.isfinite(hours)
        in_time = usable & np.isfinite(cost) & (hours <= longest_run_hours(self.catalog))
        chosen = _least(cost, in_time)
        chosen = _least(hours, usable) if chosen is None else chosen
        if chosen is None:
            name = self.catalog.model(model).name
            self.notices.append(Notice("training_does_not_fit", "warning", {"model": name}))
            return
        self._take("training_gpu", ways.gpu[chosen], "training")
        self._take("training_gpus", float(ways.gpus[chosen]), "training")
        self._take("training_tokens_per_second", float(ways.tokens_per_s[chosen]), "training")

    def _check_training_speed(self) -> None:
        """Refuse a stated speed that is more than the named cards can compute."""
        method, constants = cast(Method, self.rows["method"].value), self.catalog.constants("training")
        card, gpus = self.catalog.gpu(str(self.rows["training_gpu"].value)), int(self._number("training_gpus") or 1)
        run = training_run(self.catalog, self._model(), method, self._sequence(), 1, gpus)
        speed, limit = self._number("training_tokens_per_second"), constants["possible_share"]
        share = float(share_of_peak([run], [card_of(card)], speed / gpus, constants)[0])
        if share > limit:
            said = {"value": f"{speed:,.0f}", "gpu": card.name, "gpus": gpus, "share": round(share, 2), "limit": limit}
            raise InputError([Issue("training_tokens_per_second", "faster_than_card", said)])

    def _take(self, name: str, value: float | str, estimator: str) -> None:
        """Set a row from an estimator; a number with the error it had on measurements it was not fitted on."""
        error = self.catalog.coefficients["errors"][estimator]
        low, high = (None, None)
        if isinstance(value, float) and name not in ("training_gpus", "gpus_per_replica"):
            low, high = value * (1 - error.value), value * (1 + error.value)
        self._fill(name, value, "estimate", citation(error.source), low=low, high=high, note=note_of(error.note))

    def _prices(self, gpus: Sequence[str], book: PriceBook) -> np.ndarray:
        """Middle offer for each card in dollars; nan where none is known."""
        return _middle_prices(self.catalog, book, self.on, tuple(gpus))

    def _allowed(self, gpus: Sequence[str], counts: np.ndarray, gpu: str, count: str) -> np.ndarray:
        """True for the ways that use the card and the number of cards the user named; unnamed, for server cards."""
        named, number = (self._row_or_default(name).value for name in (gpu, count))
        if named is None:
            cards = _server_cards(self.catalog, tuple(gpus))
        else:
            cards = np.array([name == named for name in gpus])
        return cards if number is None else np.asarray(cards & (counts == float(number)))

    def _ways_to_train(self, model: str, method: Method, sequence: int) -> TrainingSetups:
        return training_setups(self.catalog, model, method, sequence)

    def _ways_to_serve(self, model: str, reading: float, writing: float, precision: str, speed: float) -> ServingSetups:
        return serving_setups(self.catalog, model, reading, writing, precision, speed)

    def _serving(self) -> None:
        self._known_gpu("serving_gpu")
        reading, writing = self._tuned_prompt(), max(self._number("output_tokens"), 1.0)
        if self._lacks("serving_gpu") or self._lacks("gpus_per_replica") or self._lacks("replica_tokens_per_second"):
            self._serving_way(reading, writing)
        lengths = self._row_or_default("input_tokens")
        for name, value in (("reference_input_tokens", reading), ("reference_output_tokens", writing)):
            self._fill(name, value, lengths.kind, lengths.source, effective=lengths.effective)
        if self._knows("serving_gpu"):
            self._gpu_price("serving_gpu_price", "serving_gpu")

    def _serving_way(self, reading: float, writing: float) -> None:
        """The cheapest cards that carry this volume quickly enough."""
        model, speed = self._model(), self._number("answer_speed")
        precision = str(self.rows["serving_precision"].value)
        ways = self._ways_to_serve(model, reading, writing, precision, speed)
        load = np.array([[self._number(name)] for name in SERVED_LOAD])
        chosen = int(self._cheapest_to_serve(ways, load)[0])
        if chosen < 0:
            name = self.catalog.model(model).name
            self.notices.append(Notice("serving_does_not_fit", "warning", {"model": name, "speed": speed}))
            return
        self._take("serving_gpu", ways.gpu[chosen], "serving")
        self._take("gpus_per_replica", float(ways.gpus[chosen]), "serving")
        self._take("replica_tokens_per_second", float(ways.estimate.output_tokens_per_s[chosen]), "serving")

    def _cheapest_to_serve(self, ways: ServingSetups, load: np.ndarray) -> np.ndarray:
        """Place of the cheapest cards for each column of ``load``, numbers as in ``SERVED_LOAD``; -1 where none do.

        Without any price it is the fewest cards.
        """
        usable = self._allowed(ways.gpu, ways.gpus, "serving_gpu", "gpus_per_replica") & ways.carries
        if not usable.any():
            return np.full(load.shape[1], -1)
        requests, peak, utilisation, least = load[..., np.newaxis]
        needed = replicas_needed(requests / SECONDS_PER_DAY, peak, ways.estimate.requests_per_s, utilisation, least)
        cost = np.asarray(needed) * ways.gpus * self._prices(ways.gpu, "gpu_rental")
        priced = usable & np.isfinite(cost)
        cheapest = np.argmin(np.where(priced, cost, np.inf), axis=-1)
        return np.where(priced.any(axis=-1), cheapest, np.argmin(np.where(usable, ways.gpus, np.inf)))


def _least(values: np.ndarray, allowed: np.ndarray) -> int | None:
    """Place of the least allowed value; the first of equals."""
    return int(np.argmin(np.where(allowed, values, np.inf))) if np.any(allowed) else None


@lru_cache(REMEMBERED_DAYS)
def _middle_prices(catalog: Catalog, book: PriceBook, on: date, gpus: tuple[str, ...]) -> np.ndarray:
    """Middle offer for each card in dollars on a day; nan where none is known."""

    def middle(gpu: str) -> float:
        point, _ = catalog.median_rental(gpu, on) if book == "gpu_rental" else catalog.median_purchase(gpu, on)
        return np.nan if point is None else catalog.in_usd(point)

    known = {gpu: middle(gpu) for gpu in dict.fromkeys(gpus)}
    return _fixed([known[gpu] for gpu in gpus])


@lru_cache(REMEMBERED_DAYS)
def _server_cards(catalog: Catalog, gpus: tuple[str, ...]) -> np.ndarray:
    """True for the cards that are built for servers."""
    return _fixed([not catalog.gpu(name).desktop for name in gpus])


def _fixed(values: Sequence[float | bool]) -> np.ndarray:
    """An array that nobody can change, as it is remembered."""
    found = np.array(values)
    found.flags.writeable = False
    return found
