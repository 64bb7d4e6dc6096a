"""Many cases resolved together: each to what :func:`advisor.assumptions.resolve` says of it alone.

Most numbers are taken as they are answered. Those that others follow from are resolved once for every combination;
the estimators are asked for many lengths at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np

from advisor.assumptions import Resolver
from advisor.assumptions.machines import SERVED_LOAD
from advisor.assumptions.relevance import relevant_questions
from advisor.catalog.loader import Catalog
from advisor.core.notices import InputError
from advisor.core.records import Assumptions
from advisor.engineering.descriptions import Method
from advisor.engineering.sizing import ServingSetups, TrainingSetups, serving_setups_together
from advisor.scenario import QUESTIONS, Scenario

FOLLOWED = frozenset(
    [
        *("input_tokens", "output_tokens", "static_prompt_share", "prompt_removed_share", "current_input_price"),
        *("answer_speed", "gpus_per_replica", "bought_examples", "training_examples", "training_epochs"),
        *("example_tokens", "sequence_tokens", "training_gpus", "training_tokens_per_second", "startup_hours"),
        *("horizon_months", "fallback_share"),
    ]
)
"""Numbers that other rows follow from, or that are not always taken as they are answered."""
ONLY_IF_ANY = frozenset({"cache_hit_share", "batch_share"})
"""Others follow only from whether there is any."""
CHOSEN_TO_SERVE = ("serving_gpu", "gpus_per_replica", "replica_tokens_per_second")
NUMBERS = tuple(question.id for question in QUESTIONS.values() if question.is_number)
WORDS = tuple(q.id for q in QUESTIONS.values() if not q.is_number and q.id not in ("title", "owners"))
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

    first: "_Quick"
    wanted: frozenset[str]
    followed: tuple[str, ...]


@dataclass
class _Ways:
    """Ways to train and to serve that have been estimated already."""

    train: dict[Key, TrainingSetups] = field(default_factory=dict)
    serve: dict[Key, ServingSetups] = field(default_factory=dict)


class _Wish(NamedTuple):
    """A way to serve that is looked for: prompt, answer and speed are ``lengths``."""

    model: str
    precision: str
    lengths: tuple[float, float, float]


class _Quick(Resolver):
    """A resolver that remembers what the estimators said of other cases."""

    ways: _Ways

    def _ways_to_train(self, model: str, method: Method, sequence: int) -> TrainingSetups:
        key: Key = (model, method, sequence)
        if key not in self.ways.train:
            self.ways.train[key] = super()._ways_to_train(model, method, sequence)
        return self.ways.train[key]

    def _ways_to_serve(self, model: str, reading: float, writing: float, precision: str, speed: float) -> ServingSetups:
        found = self.ways.serve.get((model, precision, reading, writing, speed))
        return super()._ways_to_serve(model, reading, writing, precision, speed) if found is None else found

    def start(self) -> frozenset[str]:
        """Set the rows that are answered or have a default; returns the questions that matter."""
        wanted = relevant_questions(self.scenario, self.catalog)
        for name in QUESTIONS:
            if name in wanted:
                self.rows[name] = self._answered(name) or self._default(name)
        return wanted

    def start_like(self, other: "_Structure") -> None:
        """The same from a case of the same structure."""
        self.rows, self.notices = dict(other.first.rows), list(other.first.notices)
        for name in (*other.followed, *ONLY_IF_ANY, *SERVED_LOAD):
            answered = self._answered(name) if name in self.rows else None
            if answered is not None:
                self.rows[name] = answered

    def chooses_to_serve(self) -> bool:
        return "serving_gpu" in self.rows and any(self._lacks(name) for name in CHOSEN_TO_SERVE)

    def wished_to_serve(self) -> _Wish | None:
        """What the estimator will be asked for; ``None`` where nothing is to be chosen."""
        if not self.chooses_to_serve():
            return None
        try:
            model = self._model()
        except InputError:  # told when the case is completed
            return None
        lengths = (self._tuned_prompt(), max(self._number("output_tokens"), 1.0), self._number("answer_speed"))
        return _Wish(model, str(self.rows["serving_precision"].value), lengths)

    def by_machine(self, scenarios: Sequence[Scenario], members: list[int]) -> list[list[int]]:
        """The cases that differ in their load only, by the machine chosen to serve it."""
        wish = self.wished_to_serve() if len(members) > 1 else None
        if wish is None:
            return [members]
        reading, writing, speed = wish.lengths
        ways = self._ways_to_serve(wish.model, reading, writing, wish.precision, speed)
        usual = {name: self._number(name) for name in SERVED_LOAD}
        said = [[getattr(scenarios[k], name) for k in members] for name in SERVED_LOAD]
        load = [[usual[n] if v is None else v for v in values] for n, values in zip(SERVED_LOAD, said, strict=True)]
        parts: dict[int, list[int]] = {}
        for k, chosen in zip(members, self._cheapest_to_serve(ways, np.array(load)).tolist(), strict=True):
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
            for same in head.by_machine(scenarios, members):
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
    first = _Quick(scenario, catalog, scenario.as_of or on)
    wanted = first.start()
    followed = {name for name in FOLLOWED if getattr(scenario, name) is not None}
    if not first.chooses_to_serve():
        followed -= {"answer_speed"}
    if first.rows["hosting_allowed"].value != "self_hosted":
        followed -= {"fallback_share"}
    if first.rows["managed_route"].value is None:
        followed -= {"horizon_months"}
    return _Structure(first, wanted, tuple(sorted(followed)))


def _started(scenario: Scenario, structure: _Structure, ways: _Ways) -> _Quick:
    head = _Quick(scenario, structure.first.catalog, structure.first.on)
    head.ways = ways
    head.start_like(structure)
    return head


def _estimate(heads: Iterable[_Quick], catalog: Catalog, ways: _Ways) -> None:
    """Ask the estimator for every way to serve that these cases will look at; a miss later is asked for alone."""
    asked: dict[tuple[str, str], dict[tuple[float, float, float], None]] = {}
    for head in heads:
        wish = head.wished_to_serve()
        if wish is not None:
            asked.setdefault((wish.model, wish.precision), {})[wish.lengths] = None
    ways.serve.clear()
    for (model, precision), lengths in asked.items():
        for each, setups in zip(lengths, serving_setups_together(catalog, model, precision, [*lengths]), strict=True):
            ways.serve[(model, precision, *each)] = setups


def _completed(head: _Quick, structure: _Structure) -> Assumptions | InputError:
    try:
        return head.completed(structure.wanted)
    except InputError as error:
        return error


def _own(scenario: Scenario, like: Assumptions, structure: _Structure) -> dict[str, float]:
    return {
        name: value
        for name in NUMBERS
        if name in like and name not in structure.followed and (value := getattr(scenario, name)) is not None
    }
