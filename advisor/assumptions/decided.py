"""What is decided for many cases that differ in numbers only: machines, tiers of prices, a cheaper model.

Every decision is an array with an element for each case; cases of equal decisions have the same rows but for numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions.answers import is_presets, number_of
from advisor.assumptions.draft import Draft, knows, lacks
from advisor.assumptions.lifetimes import ending, last_day
from advisor.assumptions.machines import (
    SERVED_LOAD,
    allowed_setups,
    book_to_serve,
    cheapest_to_serve,
    cheapest_to_train,
    chooses_to_serve,
    chooses_to_train,
    offered_widely,
    offers_in_dollars,
    tuned_model,
)
from advisor.assumptions.prices import check_gpu
from advisor.assumptions.prompt_lengths import prompts_of
from advisor.catalog.hosted_prices import hosted_models, hosted_price, tiers_of
from advisor.catalog.step_down import step_downs
from advisor.core.notices import UnknownId
from advisor.engineering.descriptions import GENERATING, Method, Objective
from advisor.engineering.from_catalog import card_of
from advisor.engineering.serving_ways import deployments, request_rates
from advisor.engineering.sizing import training_run, training_setups_together
from advisor.engineering.training import share_of_peak

Array = NDArray[np.float64]
AT_ONCE = 1024
"""Cases whose ways are held at once."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of ``count`` cases: those that differ as columns, the others as in the ``head`` of them."""

    head: Draft
    columns: Mapping[str, Array]
    count: int

    def of(self, name: str) -> Array:
        """A number of every case; 0 where nobody knows it."""
        found = self.columns.get(name)
        return np.full(self.count, number_of(self.head, name)) if found is None else found

    def some(self, places: slice) -> "Numbers":
        columns = {name: column[places] for name, column in self.columns.items()}
        return Numbers(self.head, columns, len(range(self.count)[places]))

    def vary(self, *names: str) -> bool:
        return any(name in self.columns for name in names)

    @property
    def prompt(self) -> Array:
        """Prompt of the tuned model, as ``machines.tuned_prompt``. [tokens]"""
        kept = 1 - self.of("static_prompt_share") * self.of("prompt_removed_share")
        return self.of("input_tokens") * kept

    @property
    def answer(self) -> Array:
        """Answer of the tuned model, as ``machines.tuned_answer``. [tokens]"""
        stated = "tuned_output_tokens" in self.columns or knows(self.head, "tuned_output_tokens")
        return self.of("tuned_output_tokens" if stated else "output_tokens")

    @property
    def served_answer(self) -> Array:
        return np.maximum(self.answer, 1.0)

    @property
    def example(self) -> Array:
        """Tokens of an example, which are those of the traffic unless somebody tells them."""
        if lacks(self.head, "example_tokens"):
            return np.maximum(self.prompt + self.answer, 1.0)
        return self.of("example_tokens")

    @property
    def examples(self) -> Array:
        """Examples of a run; those that are bought where nobody tells others."""
        bought, told = self.of("bought_examples"), self.of("training_examples")
        return np.where(bought != 0, bought, told) if follows_bought(self.head) else told


def follows_bought(head: Draft) -> bool:
    """Whether the examples of a run are as many as are bought."""
    return "training_examples" in head.rows and head.scenario.training_examples is None


class Decided(NamedTuple):
    """What is decided: a column for each decision, and numbers that follow from it, by name."""

    keys: list[NDArray[np.generic]]
    numbers: dict[str, Array]


def decide(numbers: Numbers) -> Decided:
    """Every decision on which rows rest. Raises :class:`InputError` where an answer names what does not exist."""
    keys = [
        *(numbers.of(name) != 0 for name in ANY_OF if numbers.vary(name)),
        *_fallback(numbers),
        *_price_tiers(numbers),
        *_cheaper_models(numbers),
    ]
    found = Decided(keys, _followed(numbers))
    _train(numbers, found)
    _serve(numbers, found)
    return found


def _followed(numbers: Numbers) -> dict[str, Array]:
    """Lengths and examples that nobody tells, as they follow from others."""
    head, found = numbers.head, dict[str, Array]()
    if numbers.vary(*LENGTHS):
        told = {"example_tokens": numbers.example, "reference_input_tokens": numbers.prompt}
        told |= {"reference_output_tokens": numbers.served_answer}
        found |= {name: column for name, column in told.items() if lacks(head, name)}
    if numbers.vary("bought_examples") and follows_bought(head):
        found["training_examples"] = numbers.examples
    return found


ANY_OF = ("cache_hit_share", "batch_share", "bought_examples", "list_price_discount")
"""Other rows follow from whether there is any."""


def _fallback(numbers: Numbers) -> list[NDArray[np.generic]]:
    """Where requests must stay on premises, another's fallback is taken away."""
    head, name = numbers.head, "fallback_share"
    if head.rows["hosting_allowed"].value != "self_hosted" or not numbers.vary(name):
        return []
    column = numbers.of(name)
    of_preset = np.array([is_presets(head, name, value) for value in column.tolist()])
    return [of_preset, column != 0]


# --- Prices ------------------------------------------------------------------------------------------


def _named(head: Draft, name: str) -> str | None:
    value = head.rows[name].value if name in head.rows else None
    return None if value is None else str(value)


def _price_tiers(numbers: Numbers) -> list[NDArray[np.generic]]:
    """Tiers of every price that may be looked up for these prompts, and how near they are to one."""
    head = numbers.head
    if not numbers.vary("input_tokens"):
        return []
    models = [_named(head, name) for name in ("current_model", "cheaper_model", "tuned_model")]
    tokens, near = np.trunc(numbers.of("input_tokens")), head.catalog.number("near_tier_share")
    offered = lacks(head, "cheaper_model")
    try:
        tiers, starts = _tiers(tuple(m for m in models if m is not None), offered, head.on, last_day(head))
    except UnknownId:  # told when the case is completed
        return []
    return [np.searchsorted(tiers, tokens, side="left"), *(np.abs(tokens / start - 1) <= near for start in starts)]


def _tiers(models: Sequence[str], offered: bool, on: date, last: date) -> tuple[Array, list[int]]:
    """Lengths at which a price changes, and those near which somebody is told of it."""
    vendors = {model.partition("/")[0] for model in models} if offered else set()
    others = tuple(each for each in hosted_models(on) if each.partition("/")[0] in vendors) if vendors else ()
    every = (*models, *others)
    days = {on, last, *(day for model in every for day, _ in hosted_price(model, on).announced)}
    told = {hosted_price(model, on).long_prompt_above for model in models}
    return np.array(sorted({t for day in days for t in tiers_of(every, day)}), dtype=float), sorted(
        start for start in told if start is not None
    )


def _cheaper_models(numbers: Numbers) -> list[NDArray[np.generic]]:
    """The cheaper model of each case, where none is named, as its place among those found."""
    head, today = numbers.head, _named(numbers.head, "current_model")
    if today is None or not lacks(head, "cheaper_model") or not numbers.vary("input_tokens", "output_tokens"):
        return []
    if "input_tokens" in numbers.columns:
        prompts = [(1.0, np.trunc(numbers.of("input_tokens")))]
    else:
        prompts = [(part, np.full(numbers.count, float(tokens))) for part, tokens in prompts_of(head)]
    share, days = head.catalog.number("step_down_share"), (head.on, last_day(head))
    try:
        priced = hosted_price(today, head.on).model_id
        found = step_downs(priced, *days, prompts, numbers.of("output_tokens"), share, ending(head))
    except UnknownId:  # told when the case is completed
        return []
    places = {model: k for k, model in enumerate(dict.fromkeys(found))}
    return [np.array([places[model] for model in found])]


# --- Machines ----------------------------------------------------------------------------------------


def _train(numbers: Numbers, found: Decided) -> None:
    """The cards that train, and their speed where it is estimated; or whether a stated speed is possible."""
    head = numbers.head
    if head.rows["training_source"].value == "managed":
        return
    check_gpu(head, "training_gpu")
    gpus, length = np.maximum(numbers.of("training_gpus"), 1.0), _sequence(numbers)
    if not numbers.vary(*OF_TRAINING, *CHECKED):
        return
    checked = all(knows(head, name) and head.rows[name].kind != "estimate" for name in CHECKED)
    if chooses_to_train(head):
        chosen, speed, counts = _cards_to_train(numbers, length)
        found.keys.append(chosen)
        if lacks(head, "training_tokens_per_second"):
            found.numbers["training_tokens_per_second"] = speed
        gpus = np.where(chosen >= 0, counts, gpus)
    if checked:
        too_fast = _too_fast(numbers, length, gpus)
        found.keys.append(np.where(too_fast, np.arange(numbers.count), -1))  # each is told with its own speed


CHECKED = ("training_tokens_per_second", "training_gpu")
"""Where both are stated, the speed must be one that the card can have."""
LENGTHS = ("input_tokens", "output_tokens", "tuned_output_tokens", "static_prompt_share", "prompt_removed_share")
OF_TRAINING = (
    *(*LENGTHS, "bought_examples", "training_examples", "training_epochs"),
    *("example_tokens", "sequence_tokens", "startup_hours"),
)


def _sequence(numbers: Numbers) -> Array:
    """Training sequence lengths, as ``machines.sequence_tokens``."""
    return np.maximum(np.trunc(numbers.of("sequence_tokens")), np.trunc(numbers.example))


def _cards_to_train(numbers: Numbers, length: Array) -> tuple[NDArray[np.intp], Array, Array]:
    """Place of the cards of each case among the ways, their speed [tokens/s] and count; place -1 where none do."""
    head = numbers.head
    model, method = tuned_model(head), cast(Method, head.rows["method"].value)
    asked = head.rows.get("tuning_objective")
    objective: Objective = "sft" if asked is None else cast(Objective, asked.value)
    chosen, speed, counts = np.full(numbers.count, -1), np.full(numbers.count, np.nan), np.ones(numbers.count)
    if objective in GENERATING:
        return chosen, speed, counts
    lengths, of_case = np.unique(length, return_inverse=True)
    ways = training_setups_together(head.catalog, model, method, [int(each) for each in lengths], objective)
    rates = np.array([each.tokens_per_s for each in ways])
    work = np.array([numbers.examples * numbers.of("training_epochs") * numbers.example, numbers.of("startup_hours")])
    for start in range(0, numbers.count, AT_ONCE):
        some = slice(start, start + AT_ONCE)
        of_some = rates[of_case[some]]
        best = cheapest_to_train(head, ways[0].gpu, ways[0].gpus, of_some, work[:, some])
        chosen[some], speed[some] = best, of_some[np.arange(len(best)), best]
        counts[some] = ways[0].gpus[best]
    return chosen, speed, counts


def _too_fast(numbers: Numbers, length: Array, gpus: Array) -> NDArray[np.generic]:
    """Where a stated speed is above what ``machines.check_training_speed`` takes."""
    head = numbers.head
    method, constants = cast(Method, head.rows["method"].value), head.catalog.constants("training")
    card, model = card_of(head.catalog.gpu(str(head.rows["training_gpu"].value))), tuned_model(head)
    lengths, of_case = np.unique(length, return_inverse=True)
    runs = [training_run(head.catalog, model, method, int(each), 1, 1) for each in lengths]
    of_one = share_of_peak(runs, [card] * len(runs), 1.0, constants)[of_case]
    share = of_one * (numbers.of("training_tokens_per_second") / np.trunc(gpus))
    return np.asarray(share > constants["possible_share"])


def _serve(numbers: Numbers, found: Decided) -> None:
    """The cards that serve, and the speed of a replica where it is estimated."""
    head = numbers.head
    check_gpu(head, "serving_gpu")
    if not chooses_to_serve(head) or not numbers.vary(*LENGTHS, "answer_speed", *SERVED_LOAD):
        return
    chosen, speed = _cards_to_serve(numbers)
    found.keys.append(chosen)
    if numbers.vary("answer_speed"):  # which is told where nothing reaches it
        found.keys.append(np.where(chosen < 0, numbers.of("answer_speed"), 0.0))
    if lacks(head, "replica_tokens_per_second"):
        found.numbers["replica_tokens_per_second"] = speed


def _cards_to_serve(numbers: Numbers) -> tuple[NDArray[np.intp], Array]:
    """Place of the cards of each case among the ways, -1 where none do, and the speed of a replica. [tokens/s]

    Cards with a price that many sellers have come first: the others are looked at where none of these is enough.
    """
    head, book = numbers.head, book_to_serve(numbers.head)
    model, precision = tuned_model(head), str(head.rows["serving_precision"].value)
    gpu, gpus, _ = deployments(head.catalog, model, precision)
    allowed = allowed_setups(head, gpu, gpus, "serving_gpu", "gpus_per_replica", book)
    priced = np.isfinite(offers_in_dollars(head, gpu, book)) & offered_widely(head, gpu, book)
    chosen, speed = np.full(numbers.count, -1), np.full(numbers.count, np.nan)
    load = np.array([numbers.of(name) for name in SERVED_LOAD])
    asked = np.array([numbers.prompt, numbers.served_answer, numbers.of("answer_speed")]).T
    for ways in (np.flatnonzero(allowed & priced), np.flatnonzero(allowed)):
        left = np.flatnonzero(chosen < 0)
        if not left.size or not ways.size:
            continue
        named = tuple(gpu[k] for k in ways.tolist())
        queries, of_case = np.unique(asked[left], axis=0, return_inverse=True)
        rates = request_rates(head.catalog, model, precision, queries, ways)
        for start in range(0, left.size, AT_ONCE):
            some, which = left[start : start + AT_ONCE], of_case.reshape(-1)[start : start + AT_ONCE]
            best = cheapest_to_serve(head, named, gpus[ways], rates[0][which], load[:, some])
            chosen[some] = np.where(best < 0, -1, ways[best])
            speed[some] = np.where(best < 0, np.nan, rates[1][which, best])
    return chosen, speed


def groups(keys: Sequence[NDArray[np.generic]], count: int) -> list[NDArray[np.intp]]:
    """The places of the cases that share every key, those of the first case first."""
    if not keys or count == 1:
        return [np.arange(count)]
    _, group = np.unique(np.array([key.astype(float) for key in keys]), axis=1, return_inverse=True)
    order = np.argsort(group.reshape(-1), kind="stable")
    ends = np.flatnonzero(np.diff(group.reshape(-1)[order])) + 1
    return sorted(np.split(order, ends), key=lambda places: int(places[0]))
