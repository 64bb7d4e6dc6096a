"""What questions and choices are called on screen, in every language, so that files may call them the same."""

from collections.abc import Iterator
from functools import cache

from advisor.scenario import QUESTIONS
from advisor.scenario.names import Labels
from advisor.scenario.reading import bare_name
from advisor.scenario.sign_off import DECISIONS, NOT_YET, SIGN_OFF
from advisor.text.i18n import Translator, translations
from advisor.text.languages import languages

FORMER_GPU = ("\u663e\u5361", "graphics card")
"""What labels said for GPU in earlier releases, whose tables and files are still read."""

FORMER_CHOICES = {"\u5c0f\u65f6": "hour", "\u6708": "month"}
"""What choices were called in Chinese in earlier releases."""


@cache
def labels() -> Labels:
    """Labels that stand for one question, or for one choice of it, in any language."""
    spoken = [Translator(code) for code in languages()]
    questions = [(t(f"field.{name}.label"), name) for t in spoken for name in QUESTIONS if t.has(f"field.{name}.label")]
    choices = {
        name: _told_apart(
            [
                *((t(f"choice.{c}"), c) for t in spoken for c in question.choices if t.has(f"choice.{c}")),
                *((former, c) for former, c in FORMER_CHOICES.items() if c in question.choices),
            ]
        )
        for name, question in QUESTIONS.items()
        if question.choices
    }
    said = [(t(f"sign_off.decision.{each}"), each) for t in spoken for each in (*DECISIONS, NOT_YET)]
    return Labels(_told_apart(questions), {**choices, SIGN_OFF: _told_apart(said)}, _translated)


def _translated(text: str) -> tuple[str, ...]:
    return tuple(translations(text).values())


def _told_apart(named: list[tuple[str, str]]) -> dict[str, str]:
    """Bare labels of one meaning; one with an explanation in brackets also counts without it."""
    found: dict[str, set[str]] = {}
    for label, meaning in named:
        for form in _forms(label):
            found.setdefault(bare_name(form), set()).add(meaning)
    return {label: next(iter(meanings)) for label, meanings in found.items() if label and len(meanings) == 1}


def _forms(label: str) -> Iterator[str]:
    for said in (label, *(label.replace("GPU", former) for former in FORMER_GPU)):
        yield from (said, said.partition("(")[0], said.partition("\uff08")[0])
