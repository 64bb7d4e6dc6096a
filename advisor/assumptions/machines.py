"""Default machines: the cheapest training and serving setups by the estimators."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple, cast

import numpy as np

from advisor.assumptions.answers import number_of, row_or_default
from advisor.assumptions.draft import Draft, citation, fill, knows, lacks, unknown
from advisor.assumptions.prices import check_gpu, fill_rent
from advisor.catalog.catalog import Catalog
from advisor.catalog.fields import PriceBook
from advisor.catalog.own_model import is_own
from advisor.core.notices import InputError, Issue, Notice, UnknownId
from advisor.engineering.descriptions import GENERATING, Method, Objective
from advisor.engineering.from_catalog import card_of
from advisor.engineering.prediction import spread
from advisor.engineering.sizing import (
    ServingSetups,
    longest_run_hours,
    training_run,
)
from advisor.engineering.training import share_of_peak
from advisor.formulas.constants import SECONDS_PER_DAY, SECONDS_PER_HOUR
from advisor.formulas.replicas import replicas_needed

REMEMBERED_DAYS = 64
SERVED_LOAD = ("daily_requests", "peak_factor", "target_utilisation", "min_replicas")
"""Assumptions that determine the number of replicas."""
CHOSEN_TO_TRAIN = ("training_gpu", "training_gpus", "training_tokens_per_second")
CHOSEN_TO_SERVE = ("serving_gpu", "gpus_per_replica", "replica_tokens_per_second")


def fill_training(draft: Draft) -> None:
    fill_training_work(draft)
    if draft.rows["training_source"].value == "managed":
        return
    check_gpu(draft, "training_gpu")
    if chooses_to_train(draft):
        choose_training(draft)
    if "training_gpu_price" in draft.rows and knows(draft, "training_gpu"):
        fill_rent(draft, "training_gpu_price", "training_gpu")
    told = ("training_tokens_per_second", "training_gpu")
    if all(knows(draft, name) and draft.rows[name].kind != "estimate" for name in told):
        check_training_speed(draft)


def fill_training_work(draft: Draft) -> None:
    """Examples and their length, where only the data bought and the traffic are known."""
    bought = draft.rows["bought_examples"]
    if draft.rows.get("training_examples") is not None and draft.scenario.training_examples is None and bought.value:
        said = draft.rows["training_examples"]
        draft.rows["training_examples"] = replace(bought, id=said.id, low=None, high=None, note=said.note)
    if lacks(draft, "example_tokens"):
        row = row_or_default(draft, "input_tokens")
        length = tuned_prompt(draft) + tuned_answer(draft)
        fill(draft, "example_tokens", max(length, 1.0), row.kind, row.source, effective=row.effective)


def tuned_prompt(draft: Draft) -> float:
    """Prompt tokens that the tuned model still reads."""
    kept = 1 - number_of(draft, "static_prompt_share") * number_of(draft, "prompt_removed_share")
    return number_of(draft, "input_tokens") * kept


def tuned_answer(draft: Draft) -> float:
    """Answer tokens of the tuned model; as many as today's unless the case says otherwise."""
    return number_of(draft, "tuned_output_tokens" if knows(draft, "tuned_output_tokens") else "output_tokens")


def tuned_model(draft: Draft) -> str:
    """The open-weight model that is tuned; the usual one of its size unless named."""
    if lacks(draft, "open_model"):
        usual = draft.catalog.usual_model(str(draft.rows["model_size"].value))
        fill(draft, "open_model", usual.id, usual.kind, citation(usual.source))
    try:
        model = draft.catalog.model(str(draft.rows["open_model"].value))
    except UnknownId as error:
        raise unknown("open_model", error) from None
    if model.licence_limits is not None:
        said = {"model": model.name, "licence": model.licence, "limits": model.licence_limits}
        draft.notices.append(Notice("licence_limits", "info", said))
    if is_own(model.id):
        size = f"{model.params_b:.3g}"
        draft.notices.append(Notice("own_model", "info", {"model": model.name, "size": size}))
    return model.id


def sequence_tokens(draft: Draft) -> int:
    """Training sequence length: short examples are packed into one sequence, a long one has its own."""
    return max(int(number_of(draft, "sequence_tokens")), int(number_of(draft, "example_tokens")))


class TrainingQuery(NamedTuple):
    """What the estimator of training is asked: a model, how it is tuned, and the length of a sample. [tokens]"""

    model: str
    method: Method
    objective: Objective
    sequence: int


def chooses_to_train(draft: Draft) -> bool:
    """Whether the machines that train are left to the estimator, or a part of what is known of them."""
    return draft.rows["training_source"].value != "managed" and any(lacks(draft, name) for name in CHOSEN_TO_TRAIN)


def training_query(draft: Draft) -> TrainingQuery:
    """What is asked for the case. Raises :class:`InputError` where its model does not exist."""
    fill_training_work(draft)
    # With hours of one's own the question is not asked: they hold whatever it is that takes them.
    asked = draft.rows.get("tuning_objective")
    objective: Objective = "sft" if asked is None else cast(Objective, asked.value)
    method = cast(Method, draft.rows["method"].value)
    return TrainingQuery(tuned_model(draft), method, objective, sequence_tokens(draft))


def choose_training(draft: Draft) -> None:
    """The cheapest GPUs that finish a run in time; where none do, the fastest."""
    query = training_query(draft)
    if query.objective in GENERATING:
        draft.notices.append(Notice("objective_not_estimated", "warning", {"objective": query.objective.upper()}))
        return
    ways = draft.ways_to_train(draft.catalog, query.model, query.method, query.sequence, query.objective)
    tokens = (
        number_of(draft, "training_examples") * number_of(draft, "training_epochs") * number_of(draft, "example_tokens")
    )
    startup = number_of(draft, "startup_hours")
    chosen = int(cheapest_to_train(draft, ways.gpu, ways.gpus, ways.tokens_per_s, np.array([[tokens], [startup]]))[0])
    if chosen < 0:
        name = draft.catalog.model(query.model).name
        draft.notices.append(Notice("training_does_not_fit", "warning", {"model": name}))
        return
    take_estimate(draft, "training_gpu", ways.gpu[chosen], "training")
    take_estimate(draft, "training_gpus", float(ways.gpus[chosen]), "training")
    speed, sigma = float(ways.tokens_per_s[chosen]), float(ways.sigma[chosen])
    take_estimate(draft, "training_tokens_per_second", speed, "training", sigma)


def cheapest_to_train(
    draft: Draft, gpu: Sequence[str], gpus: np.ndarray, tokens_per_s: np.ndarray, work: np.ndarray
) -> np.ndarray:
    """Place of the cheapest cards that finish in time, else of the fastest, for each column of ``work``; -1 where none.

    ``work`` are the tokens of a run and the hours that a start takes; ``tokens_per_s`` has a last axis of ways.
    """
    tokens, startup = work[..., np.newaxis]
    hours = tokens / tokens_per_s / SECONDS_PER_HOUR
    rented = draft.rows["training_source"].value == "rented"
    book: PriceBook = "gpu_rental" if rented else "gpu_purchase"
    cost = offers_in_dollars(draft, gpu, book) * gpus * (hours + startup if rented else np.ones_like(hours))
    usable = allowed_setups(draft, gpu, gpus, "training_gpu", "training_gpus", book) & np.isfinite(hours)
    in_time = usable & np.isfinite(cost) & (hours <= longest_run_hours(draft.catalog))
    cheap = _preferred(in_time, offered_widely(draft, gpu, book))
    best = np.where(in_time.any(axis=-1), _least(cost, cheap), _least(hours, usable))
    return np.where(usable.any(axis=-1), best, -1)


def check_training_speed(draft: Draft) -> None:
    """Refuse a stated speed above the peak arithmetic of the named GPUs."""
    method, constants = cast(Method, draft.rows["method"].value), draft.catalog.constants("training")
    card, gpus = draft.catalog.gpu(str(draft.rows["training_gpu"].value)), int(number_of(draft, "training_gpus") or 1)
    run = training_run(draft.catalog, tuned_model(draft), method, sequence_tokens(draft), 1, gpus)
    speed, limit = number_of(draft, "training_tokens_per_second"), constants["possible_share"]
    share = float(share_of_peak([run], [card_of(card)], speed / gpus, constants)[0])
    if share > limit:
        said = {"value": f"{speed:,.0f}", "gpu": card.name, "gpus": gpus, "share": round(share, 2), "limit": limit}
        raise InputError([Issue("training_tokens_per_second", "faster_than_card", said)])


def take_estimate(draft: Draft, name: str, value: float | str, estimator: str, sigma: float | None = None) -> None:
    """Set a row from an estimator; a number that has an uncertainty with its 80 % interval."""
    told, ends = draft.catalog.coefficients["errors"][estimator], {}
    if sigma is not None and isinstance(value, float):
        found = spread(value, sigma)
        ends = {"low": found.low, "high": found.high, "shape": "estimate"}
    fill(draft, name, value, "estimate", citation(told.source), note=told.note, **ends)


def offers_in_dollars(draft: Draft, gpus: Sequence[str], book: PriceBook) -> np.ndarray:
    """Middle offer for each card in dollars; nan where none is known."""
    return _middle_prices(draft.catalog, book, draft.on, tuple(gpus))


def offered_widely(draft: Draft, gpus: Sequence[str], book: PriceBook) -> np.ndarray:
    """True for the cards that enough independent sellers offer."""
    return _offered_widely(draft.catalog, book, draft.on, tuple(gpus))


def _preferred(allowed: np.ndarray, better: np.ndarray) -> np.ndarray:
    """The allowed that are better as well; all that are allowed where none is."""
    both = allowed & better
    return np.asarray(np.where(both.any(axis=-1, keepdims=True), both, allowed))


def allowed_setups(
    draft: Draft, gpus: Sequence[str], counts: np.ndarray, gpu: str, count: str, book: PriceBook
) -> np.ndarray:
    """True for the ways that use the card and the number of cards the user named.

    Unnamed, for server cards to rent, and for cards to buy that a team would.
    """
    named, number = (row_or_default(draft, name).value for name in (gpu, count))
    if named is not None:
        cards = np.array([name == named for name in gpus])
    else:
        cards = _suggested_cards(draft.catalog, book, draft.on, tuple(gpus))
    return cards if number is None else np.asarray(cards & (counts == float(number)))


class ServingQuery(NamedTuple):
    """What the estimator of serving is asked: a model, and how much it reads and writes at which speed. [tokens, /s]"""

    model: str
    precision: str
    reading: float
    writing: float
    speed: float

    def setups(self, draft: Draft) -> ServingSetups:
        """Every way to serve it."""
        return draft.ways_to_serve(draft.catalog, self.model, self.reading, self.writing, self.precision, self.speed)


def serving_query(draft: Draft) -> ServingQuery:
    """What is asked for the case. Raises :class:`InputError` where its model does not exist."""
    precision = str(draft.rows["serving_precision"].value)
    return ServingQuery(tuned_model(draft), precision, *_served_lengths(draft), number_of(draft, "answer_speed"))


def _served_lengths(draft: Draft) -> tuple[float, float]:
    """Prompt and answer of the tuned model. [tokens/request]"""
    return tuned_prompt(draft), max(tuned_answer(draft), 1.0)


def chooses_to_serve(draft: Draft) -> bool:
    """Whether the machines that serve are left to the estimator, or a part of what is known of them."""
    return "serving_gpu" in draft.rows and any(lacks(draft, name) for name in CHOSEN_TO_SERVE)


def fill_serving(draft: Draft) -> None:
    check_gpu(draft, "serving_gpu")
    reading, writing = _served_lengths(draft)
    if chooses_to_serve(draft):
        choose_serving(draft)
    lengths = row_or_default(draft, "input_tokens")
    for name, value in (("reference_input_tokens", reading), ("reference_output_tokens", writing)):
        fill(draft, name, value, lengths.kind, lengths.source, effective=lengths.effective)
    if "serving_gpu_price" in draft.rows and knows(draft, "serving_gpu"):
        fill_rent(draft, "serving_gpu_price", "serving_gpu")


def choose_serving(draft: Draft) -> None:
    """The cheapest GPUs that serve this volume at the required speed."""
    query = serving_query(draft)
    ways = query.setups(draft)
    load = np.array([[number_of(draft, name)] for name in SERVED_LOAD])
    chosen = int(cheapest_to_serve(draft, ways.gpu, ways.gpus, ways.estimate.requests_per_s, load)[0])
    if chosen < 0:
        name = draft.catalog.model(query.model).name
        draft.notices.append(Notice("serving_does_not_fit", "warning", {"model": name, "speed": query.speed}))
        return
    take_estimate(draft, "serving_gpu", ways.gpu[chosen], "serving")
    take_estimate(draft, "gpus_per_replica", float(ways.gpus[chosen]), "serving")
    speed, sigma = float(ways.estimate.output_tokens_per_s[chosen]), float(ways.estimate.sigma[chosen])
    take_estimate(draft, "replica_tokens_per_second", speed, "serving", sigma)


def cheapest_to_serve(
    draft: Draft, gpu: Sequence[str], gpus: np.ndarray, requests_per_s: np.ndarray, load: np.ndarray
) -> np.ndarray:
    """Place of the cheapest cards for each column of ``load``, numbers as in ``SERVED_LOAD``; -1 where none do.

    ``requests_per_s`` of a replica have a last axis of ways. Without any price it is the fewest cards.
    """
    book = book_to_serve(draft)
    usable = allowed_setups(draft, gpu, gpus, "serving_gpu", "gpus_per_replica", book) & (requests_per_s > 0)
    requests, peak, utilisation, least = load[..., np.newaxis]
    needed = replicas_needed(requests / SECONDS_PER_DAY, peak, requests_per_s, utilisation, least)
    cost = np.asarray(needed) * gpus * offers_in_dollars(draft, gpu, book)
    priced = usable & np.isfinite(cost)
    preferred = _preferred(priced, offered_widely(draft, gpu, book))
    best = np.where(priced.any(axis=-1), _least(cost, preferred), _least(gpus, usable))
    return np.where(usable.any(axis=-1), best, -1)


def book_to_serve(draft: Draft) -> PriceBook:
    """Where the cards that serve are priced: to rent, or to buy."""
    return "gpu_rental" if "serving_gpu_price" in draft.rows else "gpu_purchase"


def _least(values: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Place of the least allowed value on the last axis; the first of equals, and where nothing is allowed."""
    return np.asarray(np.argmin(np.where(allowed, values, np.inf), axis=-1))


@lru_cache(REMEMBERED_DAYS)
def _middle_prices(catalog: Catalog, book: PriceBook, on: date, gpus: tuple[str, ...]) -> np.ndarray:
    """Middle offer for each card in dollars on a day; nan where none is known."""

    def middle(gpu: str) -> float:
        point, _ = catalog.median_rental(gpu, on) if book == "gpu_rental" else catalog.median_purchase(gpu, on)
        return np.nan if point is None else catalog.in_usd(point)

    known = {gpu: middle(gpu) for gpu in dict.fromkeys(gpus)}
    return _fixed([known[gpu] for gpu in gpus])


@lru_cache(REMEMBERED_DAYS)
def _suggested_cards(catalog: Catalog, book: PriceBook, on: date, gpus: tuple[str, ...]) -> np.ndarray:
    """True for the cards that are built for servers, of those to buy for what teams buy."""
    if book == "gpu_purchase":
        return _fixed([catalog.bought_by_teams(name, on) for name in gpus])
    return _fixed([not catalog.gpu(name).desktop for name in gpus])


@lru_cache(REMEMBERED_DAYS)
def _offered_widely(catalog: Catalog, book: PriceBook, on: date, gpus: tuple[str, ...]) -> np.ndarray:
    """True for the cards that enough independent sellers offer."""
    enough = {gpu: catalog.basis(gpu, book, on).sellers >= catalog.rules.fewest_offers for gpu in dict.fromkeys(gpus)}
    return _fixed([enough[gpu] for gpu in gpus])


def _fixed(values: Sequence[float | bool]) -> np.ndarray:
    """A read-only array, because it is cached."""
    found = np.array(values)
    found.flags.writeable = False
    return found
