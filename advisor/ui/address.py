"""The case in the address: a preset or a kept case and the answers that differ from it, what is tried out beside it,
what is chosen on other pages, the language."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from advisor.assumptions.given import presets_answers, with_known_names
from advisor.catalog.catalog import Catalog
from advisor.catalog.presets import PresetRecord
from advisor.core.notices import InputError, Issue
from advisor.report.link import CLEARED, URL_LANGUAGE, differences, query_of
from advisor.scenario import QUESTIONS, Scenario, without_gone
from advisor.scenario.files import nests_too_deep
from advisor.scenario.names import with_ids
from advisor.text.labels import labels
from advisor.ui import chosen

FIELD, CASE = "field", "case"
TABLES = ("exchange_rates", "ranges", "owners", "measured", "sign_off", "actuals")
"""Answers with several parts, written as JSON in the address."""
TRIED = ("what_if", "levers", "plan")
"""What a reader tries out on a page and has not taken into the case, written as JSON in the address."""
LONGEST_PLAN = 40


@dataclass(frozen=True)
class Arrived:
    """What an address holds. ``issues`` name what was faulty and left out; ``question`` is the one to show open."""

    case: Scenario
    what_if: dict[str, float] = field(default_factory=dict)
    levers: dict[str, bool] = field(default_factory=dict)
    plan: dict[str, object] = field(default_factory=dict)
    chosen: dict[str, object] = field(default_factory=dict)
    question: str | None = None
    issues: tuple[Issue, ...] = ()


def read(
    params: Mapping[str, str], catalog: Catalog, check: Callable[[Scenario], object], kept: Scenario | None = None
) -> Arrived:
    """What is faulty is named and left out; the rest is kept. ``check`` raises :class:`InputError` for a bad case.

    ``kept`` is the kept case that the address names, as it was saved.
    """
    beside = {name: _json(params[name]) for name in TRIED if name in params}
    of_pages = (URL_LANGUAGE, FIELD, CASE, *TRIED, *chosen.READERS)
    given: dict[str, object] = {k: v for k, v in params.items() if k not in of_pages}
    issues: list[Issue] = []
    base = kept or Scenario()
    given, gone = without_gone(given)
    given, faults = with_ids(given, labels())
    issues += [*gone, *faults]
    cleared = {name for name, value in given.items() if value == CLEARED}
    told = {name: value for name, value in given.items() if name not in cleared}
    named, faults = with_known_names(told, catalog, labels=labels())
    given = named | dict.fromkeys(cleared, CLEARED)
    issues += faults
    for name in TABLES:
        if name in given:
            given[name] = _json(str(given[name]))
    if kept is None and given.get("preset") in catalog.presets:
        base = _of_preset(catalog.presets[str(given["preset"])], given, URL_LANGUAGE in params, catalog)
    changes = {name: None if value == CLEARED and base.answers() else value for name, value in given.items()}
    case = _with(base, changes, check, issues)
    question = params.get(FIELD) if params.get(FIELD) in QUESTIONS else None
    arrived = tried(beside, case, catalog, check)
    return replace(arrived, chosen=chosen.in_address(params), question=question, issues=tuple(issues))


def _of_preset(preset: PresetRecord, given: Mapping[str, object], by_the_app: bool, catalog: Catalog) -> Scenario:
    """The case of a preset before the answers of an address go over it.

    The app's own addresses tell their language. Those of another currency hold every amount; earlier ones left out
    those of the preset's number, which therefore is not converted there.
    """
    answers = preset.answers if by_the_app else presets_answers(preset, given, catalog)
    return Scenario.from_answers({**answers, "preset": preset.id})


def tried(
    beside: Mapping[str, object], case: Scenario, catalog: Catalog, check: Callable[[Scenario], object]
) -> Arrived:
    """The case with what is tried out beside it, as far as it can be used."""
    what_if = _numbers(beside.get("what_if"), case, check)
    return Arrived(case, what_if, _ticks(beside.get("levers"), catalog), _plan(beside.get("plan")))


def written(
    case: Scenario,
    catalog: Catalog,
    language: str,
    aside: Mapping[str, object],
    kept: tuple[str, Scenario] | None = None,
) -> dict[str, str]:
    """Query parameters that bring this case back, and what is tried out beside it or chosen on other pages.

    Of a ``kept`` case, told by its name in addresses and as it was saved, only what differs from it is written.
    """
    beside = {name: json.dumps(value, separators=(",", ":")) for name, value in aside.items() if value}
    if kept is None:
        return query_of(case, catalog, language) | beside
    name, saved = kept
    return {CASE: name, URL_LANGUAGE: language} | differences(case, saved.answers()) | beside


def _with(
    base: Scenario, changes: Mapping[str, object], check: Callable[[Scenario], object], issues: list[Issue]
) -> Scenario:
    """The case with these answers; where they do not go together, with each that can be advised on.

    The currency is taken first, since amounts are read in it.
    """
    try:
        return _checked(base, changes, check)
    except InputError:
        for name, value in sorted(changes.items(), key=lambda change: change[0] != "currency"):
            try:
                base = _checked(base, {name: value}, check)
            except InputError as error:
                issues += error.issues
        return base


def _checked(base: Scenario, changes: Mapping[str, object], check: Callable[[Scenario], object]) -> Scenario:
    if not changes:
        return base
    changed = base.with_(**changes)
    check(changed)
    return changed


def _json(text: str) -> object:
    """A table as the address writes it; anything else stays text, which the question then refuses by name."""
    if nests_too_deep(text):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _numbers(said: object, case: Scenario, check: Callable[[Scenario], object]) -> dict[str, float]:
    """Numbers that are tried out, those that the case can take."""
    found: dict[str, float] = {}
    for name, value in said.items() if isinstance(said, dict) else ():
        question = QUESTIONS.get(name)
        if question is not None and question.is_number and isinstance(value, int | float):
            try:
                check(case.with_(**{**found, name: float(value)}))
            except InputError:
                continue
            found[name] = float(value)
    return found


def _ticks(said: object, catalog: Catalog) -> dict[str, bool]:
    rows = said.items() if isinstance(said, dict) else ()
    return {name: value for name, value in rows if name in catalog.levers and isinstance(value, bool)}


def _plan(said: object) -> dict[str, object]:
    """Rows of numbers and prices typed into the plan; anything else is no plan."""
    if not isinstance(said, dict) or len(said) > LONGEST_PLAN:
        return {}
    return {name: value for name, value in said.items() if _is_number(value) or (name == "rows" and _is_table(value))}


def _is_table(value: object) -> bool:
    rows = value if isinstance(value, list) and len(value) <= LONGEST_PLAN else []
    return bool(rows) and all(isinstance(row, list) and all(_is_number(cell) for cell in row) for row in rows)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
