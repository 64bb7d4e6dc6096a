"""How long the sentences are that a board reads first, and how many numbers stand in each.

``python -m tests.text.readability`` prints, for each language, verdict, headline and next steps over all presets.
"""

import re
from collections.abc import Iterator
from statistics import mean

from advisor.text.headline_phrases import chance_text, headline_text
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.memo_phrases import MemoCase, step_rows
from advisor.text.phrases import notice_text, verdict_sentence
from tests.cases import advice, catalog, preset

END = re.compile(r"(?<=[.?])\s+|(?<=[。？])")
NUMBER = re.compile(r"\d[\d,.]*")
HANZI = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[^\s]+")
PARTS = ("verdict", "reasons", "headline", "steps")


def told(name: str, t: Translator) -> Iterator[tuple[str, str]]:
    """Part and text of what is said first of a preset."""
    found = advice(preset(name))
    currency = found.assessment.assumptions.currency
    yield "verdict", verdict_sentence(t, found.recommendation)
    for notice in found.recommendation.reasons:
        yield "reasons", notice_text(t, notice, currency)
    if found.headline is not None and found.headline.serves:
        yield "headline", headline_text(found.headline, currency, t)
        yield "headline", chance_text(found.headline, t)
    parts = (found.recommendation, found.assessment.assumptions, found.headline, found.actions, found.first_test)
    for step in step_rows(MemoCase(*parts, "daily_requests"), t):
        yield "steps", step.title
        yield "steps", step.text


def sentences(text: str) -> list[str]:
    return [part for part in END.split(text) if part.strip()]


def length(sentence: str, language: str) -> int:
    """Words; in Chinese characters, a number or a Latin word counting as one."""
    if language != "zh":
        return len(WORD.findall(sentence))
    return len(HANZI.findall(sentence)) + len(re.findall(r"[A-Za-z$]+|\d[\d,.]*%?", sentence))


def measured(language: str) -> dict[str, tuple[int, float, int, float, int]]:
    """Sentences, mean and longest length, mean and most numbers in one, for each part."""
    t = Translator(language)
    found: dict[str, list[str]] = {part: [] for part in PARTS}
    for name in catalog().presets:
        for part, text in told(name, t):
            found[part] += sentences(text)
    result = {}
    for part, said in found.items():
        lengths = [length(each, language) for each in said]
        numbers = [len(NUMBER.findall(each)) for each in said]
        result[part] = (len(said), mean(lengths), max(lengths), mean(numbers), max(numbers))
    return result


if __name__ == "__main__":
    for language in languages():
        for part, (count, words, longest, numbers, most) in measured(language).items():
            print(f"{language} {part:9}{count:4} sentences  length {words:5.1f} (most {longest})", end="  ")
            print(f"numbers {numbers:.2f} (most {most})")
