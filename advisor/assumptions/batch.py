"""Many cases resolved together: each to what :func:`advisor.assumptions.resolve` says of it alone.

Most numbers are taken as they are answered. Those that others follow from are resolved once for every combination;
the estimators are asked for many lengths at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np

from advisor.assumptions import completed
from advisor.assumptions.answers import answered, number_of, take_answers
from advisor.assumptions.busiest_hour import PEAK, peak_follows_hours, take_hours
from advisor.assumptions.cached_share import take_reported_cache
from advisor.assumptions.draft import Draft
from advisor.assumptions.lifetimes import horizon_matters
from advisor.assumptions.machines import SERVED_LOAD, ServingQuery, cheapest_to_serve, chooses_to_serve, serving_query
from advisor.assumptions.monthly_bill import BILL, BILLED, take_bill
from advisor.assumptions.relevance import relevant_questions
from advisor.catalog.loader import Catalog
from advisor.core.notices import InputError
from advisor.core.records import Assumptions
from advisor.engineering.descriptions import Method, Objective
from advisor.engineering.sizing import (
    ServingSetups,
    TrainingSetups,
    serving_setups,
    serving_setups_together,
    training_setups,
)
from advisor.scenario import ABOUT_REPORT, BESIDE_THE_CASE, QUESTIONS, Scenario

FOLLOWED = frozenset(
    [
        *("input_tokens", "output_tokens", "static_prompt_share", "prompt_removed_share", "current_input_price"),
        *("tuned_output_tokens", "list_price_discount", "cached_input_share", BILL),
        *("long_prompt_share", "long_prompt_tokens"),
        *("answer_speed", "gpus_per_replica", "bought_examples", "training_examples", "training_epochs"),
        *("example_tokens", "sequence_tokens", "training_gpus", "training_tokens_per_second", "startup_hours"),
        *("horizon_months", "fallback_share"),
    ]
)
"""Numbers that other rows follow from, or that are not always taken as they are answered."""
ONLY_IF_ANY = frozenset({"cache_hit_share", "batch_share"})
"""Others follow only from whether there is any."""
NUMBERS = tuple(question.id for question in QUESTIONS.values() if question.is_number)
SAYING_NOTHING = frozenset({"title", "owners", *ABOUT_REPORT, *BESIDE_THE_CASE})
"""Words on which no number rests."""
WORDS = tuple(q.id for q in QUESTIONS.values() if not q.is_number and q.id not in SAYING_NOTHING)
TOGETHER = 256
"""Combinations whose ways are held at once."""

Key = tuple[object, ...]


class Resolved(NamedTuple):
    """A case as the assumptions of one that differs from it in ``own`` numbers only."""

    like: Assumptions
    own: dict[str, float]


@dataclass
class _Structure:
    """Cases with the same choices in which the same numbers are answered: their rows before anything follows."""

    first: Draft
    wanted: frozenset[str]
    followed: tuple[str, ...]


@dataclass
class _Ways:
    """Ways to train and to serve that have been estimated already; a miss is estimated alone."""

    train: dict[Key, TrainingSetups] = field(default_factory=dict)
    serve: dict[ServingQuery, ServingSetups] = field(default_factory=dict)

    def to_train(
        self, catalog: Catalog, model: str, method: Method, sequence: int, objective: Objective
    ) -> TrainingSetups:
        key: Key = (model, method, sequence, objective)
        if key not in self.train:
            self.train[key] = training_setups(catalog, model, method, sequence, objective)
        return self.train[key]

    def to_serve(
        self, catalog: Catalog, model: str, reading: float, writing: float, precision: str, speed: float
    ) -> ServingSetups:
        found = self.serve.get(ServingQuery(model, precision, reading, writing, speed))
        return serving_setups(catalog, model, reading, writing, precision, speed) if found is None else found


def _query(draft: Draft) -> ServingQuery | None:
    """What the estimator will be asked; ``None`` where nothing is to be chosen."""
    try:
        return serving_query(draft) if chooses_to_serve(draft) else None
    except InputError:  # told when the case is completed
        return None


def _by_machine(draft: Draft, scenarios: Sequence[Scenario], members: list[int]) -> list[list[int]]:
    """The cases that differ in their load only, by the machine chosen to serve it."""
    query = _query(draft) if len(members) > 1 else None
    if query is None:
        return [members]
    ways = query.setups(draft)
    usual = {name: number_of(draft, name) for name in SERVED_LOAD}
    follows = {PEAK} if peak_follows_hours(draft.scenario) else set()
    said = [[None if name in follows else getattr(scenarios[k], name) for k in members] for name in SERVED_LOAD]
    load = [[usual[n] if v is None else v for v in values] for n, values in zip(SERVED_LOAD, said, strict=True)]
    parts: dict[int, list[int]] = {}
    for k, chosen in zip(members, cheapest_to_serve(draft, ways, np.array(load)).tolist(), strict=True):
        parts.setdefault(chosen, []).append(k)
    return list(parts.values())


def resolve_many(scenarios: Sequence[Scenario], catalog: Catalog, on: date) -> list[Resolved | InputError]:
    """Every case in its order; where an answer names what does not exist, the fault in its place."""
    known: dict[Key, _Structure] = {}
    alike: dict[Key, tuple[_Structure, list[int]]] = {}
    found: list[Resolved | InputError] = [InputError([])] * len(scenarios)
    for k, scenario in enumerate(scenarios):
        key = _structure_key(scenario)
        try:
            structure = known[key] = known.get(key) or _structure(scenario, catalog, on)
        except InputError as error:
            found[k] = error
            continue
        kept = tuple(getattr(scenario, name) for name in structure.followed)
        any_of = (bool(getattr(scenario, name)) for name in ONLY_IF_ANY)
        alike.setdefault((key, kept, *any_of), (structure, []))[1].append(k)
    ways, groups = _Ways(), list(alike.values())
    for start in range(0, len(groups), TOGETHER):
        part = groups[start : start + TOGETHER]
        heads = [_started(scenarios[members[0]], structure, ways) for structure, members in part]
        _estimate(heads, catalog, ways)
        for (structure, members), head in zip(part, heads, strict=True):
            for same in _by_machine(head, scenarios, members):
                like = _completed(_started(scenarios[same[0]], structure, ways), structure)
                for k in same:
                    own = {} if isinstance(like, InputError) else _own(scenarios[k], like, structure)
                    found[k] = like if isinstance(like, InputError) else Resolved(like, own)
    return found


def _structure_key(scenario: Scenario) -> Key:
    """Everything that is no number, and which numbers are answered."""
    words = (getattr(scenario, name) for name in WORDS)
    answered = tuple(name for name in NUMBERS if getattr(scenario, name) is not None)
    return (*(repr(word) if isinstance(word, dict) else word for word in words), answered)


def _structure(scenario: Scenario, catalog: Catalog, on: date) -> _Structure:
    first, wanted = Draft(scenario, catalog, scenario.as_of or on), relevant_questions(scenario, catalog)
    take_answers(first, wanted)
    followed = {name for name in FOLLOWED if getattr(scenario, name) is not None}
    if not chooses_to_serve(first):
        followed -= {"answer_speed"}
    if first.rows["hosting_allowed"].value != "self_hosted":
        followed -= {"fallback_share"}
    if not horizon_matters(first):
        followed -= {"horizon_months"}
    if scenario.cached_input_share is not None and scenario.cache_hit_share is not None:
        followed |= {"cache_hit_share"}
    if scenario.current_monthly_bill is not None:
        followed |= {name for name in BILLED if getattr(scenario, name) is not None}
    if peak_follows_hours(scenario) and scenario.peak_factor is not None:
        followed |= {PEAK}
    return _Structure(first, wanted, tuple(sorted(followed)))


def _started(scenario: Scenario, structure: _Structure, ways: _Ways) -> Draft:
    """The rows that are answered or have a default, from a case of the same structure."""
    first = structure.first
    rows, notices = dict(first.rows), list(first.notices)
    draft = Draft(scenario, first.catalog, first.on, rows, notices, ways.to_train, ways.to_serve)
    for name in (*structure.followed, *ONLY_IF_ANY, *SERVED_LOAD):
        row = answered(draft, name) if name in rows else None
        if row is not None:
            rows[name] = row
    take_reported_cache(draft)
    take_bill(draft)
    take_hours(draft)
    return draft


def _estimate(heads: Iterable[Draft], catalog: Catalog, ways: _Ways) -> None:
    """Ask the estimator for every way to serve that these cases will look at; a miss later is asked for alone."""
    asked: dict[tuple[str, str], dict[tuple[float, float, float], None]] = {}
    for head in heads:
        query = _query(head)
        if query is not None:
            asked.setdefault((query.model, query.precision), {})[query[2:]] = None
    ways.serve.clear()
    for (model, precision), lengths in asked.items():
        for each, setups in zip(lengths, serving_setups_together(catalog, model, precision, [*lengths]), strict=True):
            ways.serve[ServingQuery(model, precision, *each)] = setups


def _completed(head: Draft, structure: _Structure) -> Assumptions | InputError:
    try:
        return completed(head, structure.wanted)
    except InputError as error:
        return error


def _own(scenario: Scenario, like: Assumptions, structure: _Structure) -> dict[str, float]:
    return {
        name: value
        for name in NUMBERS
        if name in like and name not in structure.followed and (value := getattr(scenario, name)) is not None
    }
