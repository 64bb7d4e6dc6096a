"""Many cases resolved together: each to what :func:`advisor.assumptions.resolve` says of it alone.

Cases with the same words in which the same numbers are answered are resolved once for every set of decisions that
their numbers lead to (``decided``). All else that differs between them are columns of numbers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions import completed
from advisor.assumptions.answers import answered, take_answers
from advisor.assumptions.busiest_hour import PEAK, peak_follows_hours, take_hours
from advisor.assumptions.cached_share import take_reported_cache
from advisor.assumptions.decided import Numbers, decide, groups
from advisor.assumptions.draft import Draft
from advisor.assumptions.lifetimes import end_with_tuned_model, horizon_matters
from advisor.assumptions.machines import (
    SERVED_LOAD,
    ServingQuery,
    TrainingQuery,
    chooses_to_serve,
    chooses_to_train,
    serving_query,
    training_query,
)
from advisor.assumptions.many_bills import VARYING, take_bills
from advisor.assumptions.monthly_bill import BILL, BILLED, PRICES, take_bill
from advisor.assumptions.prices import fill_route_prices
from advisor.assumptions.relevance import relevant_questions
from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError
from advisor.core.records import Assumptions
from advisor.engineering.descriptions import Method, Objective
from advisor.engineering.sizing import (
    ServingSetups,
    TrainingSetups,
    serving_setups,
    serving_setups_together,
    training_setups,
    training_setups_together,
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
OF_THE_CASE = tuple(sorted({*FOLLOWED, *BILLED, *ONLY_IF_ANY, *SERVED_LOAD}))
"""Numbers whose rows others look at: those of the case itself stand in its draft."""
COUNTS = ("gpus_per_replica", "training_gpus")
"""Numbers of cards, of which there are few: cases of each are resolved apart."""
OF_THE_CACHE = ("cached_input_share", "static_prompt_share", "cache_hit_share")
OF_LONG_PROMPTS = ("long_prompt_share", "long_prompt_tokens", "input_tokens")
AS_NEW_TEXT = ("current_cached_input_price", "current_cache_write_price")
"""Prices that are those of new text where a list has none."""
BY_THE_BILL = (*PRICES, "caching_write_price")
IF_THE_SAME = tuple(f"cheaper_{name}_price" for name in ("input", "cached_input", "cache_write", "output"))
"""Prices that a bill sets; those of the cheaper model where that is today's."""
NUMBERS = tuple(question.id for question in QUESTIONS.values() if question.is_number)
SAYING_NOTHING = frozenset({"title", "owners", *ABOUT_REPORT, *BESIDE_THE_CASE})
"""Words on which no number rests."""
WORDS = tuple(q.id for q in QUESTIONS.values() if not q.is_number and q.id not in SAYING_NOTHING)
TOGETHER = 256
"""Combinations whose ways are held at once."""

Array = NDArray[np.float64]
Key = tuple[object, ...]
_words, _numbers = attrgetter(*WORDS), attrgetter(*NUMBERS)


class Resolved(NamedTuple):
    """A case as the assumptions of one that differs from it in ``own`` numbers only."""

    like: Assumptions
    own: dict[str, float]


class Alike(NamedTuple):
    """Cases as the assumptions of one of them, and a column for each number in which they may differ from it.

    ``places`` are those of the cases among all.
    """

    like: Assumptions
    places: NDArray[np.intp]
    columns: Mapping[str, Array]


@dataclass
class _Structure:
    """Cases with the same choices in which the same numbers are answered: their rows before anything follows.

    ``exact`` are the numbers that only cases with equal ones may share; bills may be ``billed`` together.
    """

    first: Draft
    wanted: frozenset[str]
    exact: tuple[str, ...]
    billed: bool


class _Group(NamedTuple):
    """Cases that lead to the same decisions; ``follows`` are columns of numbers that nobody answered.

    ``billed_at`` are their multiples of list prices.
    """

    structure: _Structure
    places: NDArray[np.intp]
    columns: dict[str, Array]
    follows: dict[str, Array]
    billed_at: Array


@dataclass
class _Ways:
    """Ways to train and to serve that have been estimated already; a miss is estimated alone."""

    train: dict[TrainingQuery, TrainingSetups] = field(default_factory=dict)
    serve: dict[ServingQuery, ServingSetups] = field(default_factory=dict)

    def to_train(
        self, catalog: Catalog, model: str, method: Method, sequence: int, objective: Objective
    ) -> TrainingSetups:
        found = self.train.get(TrainingQuery(model, method, objective, sequence))
        return training_setups(catalog, model, method, sequence, objective) if found is None else found

    def to_serve(
        self, catalog: Catalog, model: str, reading: float, writing: float, precision: str, speed: float
    ) -> ServingSetups:
        found = self.serve.get(ServingQuery(model, precision, reading, writing, speed))
        return serving_setups(catalog, model, reading, writing, precision, speed) if found is None else found


def resolve_many(scenarios: Sequence[Scenario], catalog: Catalog, on: date) -> list[Resolved | InputError]:
    """Every case in its order; where an answer names what does not exist, the fault in its place."""
    alike, faults = resolve_alike(scenarios, catalog, on)
    found: list[Resolved | InputError] = [faults.get(k, InputError([])) for k in range(len(scenarios))]
    for each in alike:
        names, columns = tuple(each.columns), [column.tolist() for column in each.columns.values()]
        for k, *own in zip(each.places.tolist(), *columns, strict=True):
            found[k] = Resolved(each.like, dict(zip(names, own, strict=True)))
    return found


def resolve_alike(
    scenarios: Sequence[Scenario], catalog: Catalog, on: date
) -> tuple[list[Alike], dict[int, InputError]]:
    """The cases by what they share, and the faults of those of which an answer names what does not exist."""
    by_structure: dict[Key, list[int]] = {}
    numbers = [_numbers(scenario) for scenario in scenarios]
    for k, scenario in enumerate(scenarios):
        by_structure.setdefault(_structure_key(scenario, numbers[k]), []).append(k)
    found: list[_Group] = []
    faults: dict[int, InputError] = {}
    for members in by_structure.values():
        try:
            structure = _structure(scenarios[members[0]], catalog, on)
        except InputError as error:
            faults |= dict.fromkeys(members, error)
            continue
        table = np.array([numbers[k] for k in members], dtype=float)
        said = {name: table[:, j] for j, name in enumerate(NUMBERS) if not np.isnan(table[0, j])}
        found += _groups(structure, np.array(members), said, scenarios)
    alike = []
    for start in range(0, len(found), TOGETHER):
        part = found[start : start + TOGETHER]
        for group, like in zip(part, _likes(part, scenarios, catalog), strict=True):
            if isinstance(like, InputError):
                faults |= dict.fromkeys(group.places.tolist(), like)
            else:
                alike.append(Alike(like, group.places, _columns(group, like)))
    return alike, faults


def _structure_key(scenario: Scenario, numbers: Sequence[float | None]) -> Key:
    """Everything that is no number, and which numbers are answered."""
    words = [repr(word) if isinstance(word, dict) else word for word in _words(scenario)]
    return (*words, *[number is None for number in numbers])


def _structure(scenario: Scenario, catalog: Catalog, on: date) -> _Structure:
    first, wanted = Draft(scenario, catalog, scenario.as_of or on), relevant_questions(scenario, catalog)
    take_answers(first, wanted)
    exact = {*COUNTS}
    if horizon_matters(first):
        exact |= {"horizon_months"}
    if scenario.cached_input_share is not None:
        exact |= {*OF_THE_CACHE}
    if "long_prompt_share" in first.rows and first.rows["long_prompt_share"].value is not None:
        exact |= {*OF_LONG_PROMPTS}
    billed = scenario.current_monthly_bill is not None
    together = billed and not {*OF_LONG_PROMPTS} & exact
    if billed:
        exact |= {*BILLED} - ({*VARYING} if together else set())
    if peak_follows_hours(scenario):
        exact |= {PEAK}
    if scenario.measured:
        exact |= {"fallback_share"}
    answers = (name for name in NUMBERS if name in exact and getattr(scenario, name) is not None)
    return _Structure(first, wanted, tuple(answers), together)


def _started(scenario: Scenario, structure: _Structure, ways: _Ways) -> Draft:
    """The rows that are answered or have a default; those that others follow from as in this case of the structure."""
    draft = _unbilled(scenario, structure, ways)
    take_bill(draft)
    take_hours(draft)
    return draft


def _unbilled(scenario: Scenario, structure: _Structure, ways: _Ways) -> Draft:
    """The same before the bill is taken."""
    first = structure.first
    rows, notices = dict(first.rows), list(first.notices)
    draft = Draft(scenario, first.catalog, first.on, rows, notices, ways.to_train, ways.to_serve)
    for name in OF_THE_CASE:
        row = answered(draft, name) if name in rows else None
        if row is not None:
            rows[name] = row
    take_reported_cache(draft)
    return draft


# --- Cases of equal decisions ------------------------------------------------------------------------


def _groups(
    structure: _Structure, members: NDArray[np.intp], said: Mapping[str, Array], scenarios: Sequence[Scenario]
) -> Iterator[_Group]:
    """The cases of a structure by the decisions that their numbers lead to."""
    exact = [said[name] for name in structure.exact]
    asked = structure.first.rows.keys() - {*structure.exact}
    varying = {name: column for name, column in said.items() if name in asked}
    for same in groups(exact, len(members)):
        columns = {name: column[same] for name, column in varying.items()}
        if len(same) == 1:
            yield _Group(structure, members[same], columns, {}, np.ones(1))
            continue
        moved = {name: column for name, column in columns.items() if np.any(column != column[0])}
        first = scenarios[members[same[0]]]
        keys, follows, billed_at = list[NDArray[np.generic]](), dict[str, Array](), np.ones(len(same))
        try:
            if structure.billed:
                leads_to, follows, billed_at = take_bills(
                    Numbers(_unbilled(first, structure, _Ways()), moved, len(same))
                )
                keys.append(leads_to)
            head = _started(first, structure, _Ways())
            fill_route_prices(head)
            end_with_tuned_model(head)
            found = decide(Numbers(head, {**moved, **follows}, len(same)))
            keys, follows = [*keys, *found.keys], {**follows, **found.numbers}
        except InputError:  # told when the first of them is completed: it is one of their words
            keys, follows = [], {}
        for group in groups(keys, len(same)):
            own, led = ({name: column[group] for name, column in each.items()} for each in (columns, follows))
            yield _Group(structure, members[same[group]], own, led, billed_at[group])


def _likes(
    part: Sequence[_Group], scenarios: Sequence[Scenario], catalog: Catalog
) -> Iterator[Assumptions | InputError]:
    """The first case of each group, completed; what the estimators are asked for all of them is asked at once."""
    ways = _Ways()
    firsts = [scenarios[group.places[0]] for group in part]
    starts = [_started(first, group.structure, ways) for first, group in zip(firsts, part, strict=True)]
    _estimate(starts, catalog, ways)
    for draft, group in zip(starts, part, strict=True):
        yield _completed(draft, group.structure)


def _estimate(starts: Iterable[Draft], catalog: Catalog, ways: _Ways) -> None:
    """Ask the estimators for every way that these cases will look at; a miss later is asked for alone."""
    to_train: dict[tuple[str, Method, Objective], dict[int, None]] = {}
    to_serve: dict[tuple[str, str], dict[tuple[float, float, float], None]] = {}
    for start in starts:
        trial = replace(start, rows=dict(start.rows), notices=[])
        try:
            if chooses_to_train(trial):
                asked = training_query(trial)
                to_train.setdefault(asked[:3], {})[asked.sequence] = None
            if chooses_to_serve(trial):
                query = serving_query(trial)
                to_serve.setdefault((query.model, query.precision), {})[query[2:]] = None
        except InputError:  # told when the case is completed
            continue
    for of_model, sequences in to_train.items():
        model, method, objective = of_model
        trained = training_setups_together(catalog, model, method, [*sequences], objective)
        ways.train |= {TrainingQuery(*of_model, n): each for n, each in zip(sequences, trained, strict=True)}
    for of_weights, lengths in to_serve.items():
        served = serving_setups_together(catalog, *of_weights, [*lengths])
        ways.serve |= {ServingQuery(*of_weights, *n): each for n, each in zip(lengths, served, strict=True)}


def _completed(head: Draft, structure: _Structure) -> Assumptions | InputError:
    try:
        return completed(head, structure.wanted)
    except InputError as error:
        return error


def _columns(group: _Group, like: Assumptions) -> dict[str, Array]:
    """The numbers in which the cases may differ from the first: their answers, and what follows from these."""
    columns = {name: column for name, column in group.columns.items() if name in like}
    columns |= {name: c for name, c in group.follows.items() if name in like and like[name].value is not None}
    if like["hosting_allowed"].value == "self_hosted" and like["fallback_share"].set_by != "user":
        columns.pop("fallback_share", None)
    if "current_input_price" in columns:
        as_new = [n for n in AS_NEW_TEXT if n in like and n not in columns and n not in group.structure.exact]
        told = (n for n in as_new if like[n].value is not None and like[n].kind == "judgement")
        columns |= dict.fromkeys(told, columns["current_input_price"])
    if np.any(group.billed_at != group.billed_at[0]):
        same = like["cheaper_model"].value == like["current_model"].value
        told = (name for name in (*BY_THE_BILL, *(IF_THE_SAME if same else ())) if name in like)
        scale = group.billed_at / group.billed_at[0]
        columns |= {n: v * scale for n in told if isinstance(v := like[n].value, float) and n not in columns}
    led = {name: row for name, row in like.items() if row.follows is not None and row.follows.id in columns}
    for name, row in led.items():
        value = row.following(columns[row.follows.id]).value if row.follows is not None else None
        if name not in columns and isinstance(value, np.ndarray):
            columns[name] = value
    return columns
