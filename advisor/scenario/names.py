"""Names of questions and choices as people write them: any case, spaces or dashes, or the label that is shown."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from advisor.core.notices import Issue
from advisor.scenario.questions import QUESTIONS
from advisor.scenario.reading import bare_name, read_choice
from advisor.scenario.said_units import under_head, unit_in_head
from advisor.scenario.sign_off import DECISION, DECISIONS, NOT_YET, SIGN_OFF
from advisor.scenario.values import quoted


@dataclass(frozen=True)
class Labels:
    """What questions and choices are called on screen, as bare names: label to question; question, label to choice.

    ``translated`` is a text of the data files as every language says it.
    """

    questions: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    translated: Callable[[str], Collection[str]] = lambda text: (text,)


NO_LABELS = Labels()
_BY_BARE_NAME: Mapping[str, str] = {bare_name(name): name for name in QUESTIONS}


def question_named(text: str, labels: Labels = NO_LABELS) -> str | None:
    """The question of this id or label; a unit in brackets after it is no part of the name."""
    if text in QUESTIONS:
        return text
    for name in (text, *(text.partition(bracket)[0] for bracket in "(\uff08[")):
        bare = bare_name(name)
        found = _BY_BARE_NAME.get(bare) or labels.questions.get(bare)
        if found is not None:
            return found
    return None


def unit_of_head(head: str, name: str, labels: Labels = NO_LABELS) -> str | None:
    """The unit that a head such as ``Budget (k$)`` gives to bare numbers under it; ``None`` where it gives none."""
    if name not in QUESTIONS or not QUESTIONS[name].is_number or bare_name(head) in labels.questions:
        return None
    return unit_in_head(head)


def with_ids(answers: Mapping[str, object], labels: Labels) -> tuple[dict[str, object], list[Issue]]:
    """The answers by the ids of questions and choices, and an issue for each question that is answered twice."""
    found: dict[str, object] = {}
    heads: dict[str, str] = {}
    faults: list[Issue] = []
    for key, value in answers.items():
        name = question_named(key, labels) or key
        if name in found:
            faults.append(Issue(quoted(name), "answered_twice", {"names": f"{quoted(heads[name])}, {quoted(key)}"}))
        heads[name] = key
        found[name] = choice_named(name, under_head(value, unit_of_head(key, name, labels)), labels)
    return found, faults


def choice_named(name: str, value: object, labels: Labels) -> object:
    """The choice that a label on screen stands for; any other value as it is."""
    if name == SIGN_OFF and isinstance(value, Mapping):
        return {gate: _with_decision(record, labels) for gate, record in value.items()}
    known = QUESTIONS[name].choices if name in QUESTIONS else ()
    if not isinstance(value, str) or not known:
        return value
    read = read_choice(value, known)
    return read if read in known else labels.choices.get(name, {}).get(bare_name(value), value)


def _with_decision(record: object, labels: Labels) -> object:
    """The record of a stage gate with its decision as files write it."""
    said = record.get(DECISION) if isinstance(record, Mapping) else None
    if not isinstance(record, Mapping) or not isinstance(said, str):
        return record
    read = read_choice(said, (*DECISIONS, NOT_YET))
    return {**record, DECISION: labels.choices.get(SIGN_OFF, {}).get(bare_name(said), read)}
