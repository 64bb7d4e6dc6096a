"""Words that a board understands: none of the refused ones anywhere, plain decisions, right plurals."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from advisor.core.notices import Notice
from advisor.text.i18n import PROSE_FIGURES, Translator
from advisor.text.languages import ENGLISH, languages
from advisor.text.phrases import futures_text, monthly_text, notice_text, result_text
from tests.cases import catalog
from tests.text.catalogues import entries
from tests.text.data_texts import texts_of_the_data, titles_of_the_data
from tests.text.readability import length, sentences, told
from tests.text.test_catalogues import OWN_TITLE

WORDS = yaml.safe_load(Path(__file__).with_name("refused_words.yaml").read_text(encoding="utf-8"))
EN, ZH = Translator("en"), Translator("zh")
DECIDING = re.compile(
    r"^(verdict\..*\.sentence|headline\.(?!card)|chance\.|step\.|notice\.(reason|counter|action|advice)_)"
)
STATISTICS = {
    "en": re.compile(
        r"\bP\d\d\b|percentile|\bthe mean\b|mean value|\bmedian\b|variance|distribution|simulation|% of the"
    ),
    "zh": re.compile(r"P\d\d|百分位|中位|方差|分布|均值"),
}
LONGEST = {"en": 26, "zh": 45}
"""Words, or characters, of a sentence that speaks for or against a verdict."""
MOST_NUMBERS = 4
ENTERED = re.compile("budget|预算")
"""What a reader entered is told digit for digit."""


class Said(NamedTuple):
    """A text, where it stands, and its language; a text of the data begins with an at sign."""

    language: str
    place: str
    text: str


def everything(language: str) -> Iterator[Said]:
    for entry in entries(language):
        place = f"@{entry.key}" if entry.file == "data.po" else entry.key
        yield from (Said(language, place, text) for text in entry.texts)
    if language == ENGLISH:
        own = {title for title in titles_of_the_data() if OWN_TITLE.match(title)}
        yield from (Said(language, f"@{text}", text) for text in texts_of_the_data() | own)


@pytest.mark.parametrize(("language", "rule"), [(code, rule) for code in WORDS for rule in WORDS[code]], ids=str)
def test_no_refused_word_is_said(language: str, rule: dict[str, str]) -> None:
    refused, right = re.compile(rule["refuse"], re.IGNORECASE), rule.get("but")
    found = [
        (said.place[:60], said.text[:160])
        for said in everything(language)
        if not said.place.startswith(tuple(rule.get("except", ())))
        and refused.search(re.sub(right, "", said.text, flags=re.IGNORECASE) if right else said.text)
    ]
    assert found == [], f"say instead: {rule['say']}"


@pytest.mark.parametrize("language", sorted(WORDS))
def test_a_verdict_is_one_short_sentence(language: str) -> None:
    for entry in entries(language):
        if re.fullmatch(r"verdict\..*\.sentence", entry.key):
            assert len(sentences(entry.texts[0])) == 1, entry.key
            assert length(entry.texts[0], language) <= LONGEST[language], entry.key


@pytest.mark.parametrize("language", sorted(WORDS))
def test_decisions_are_told_without_statistics(language: str) -> None:
    deciding = [entry for entry in entries(language) if DECIDING.match(entry.key)]
    assert len(deciding) > 50
    assert [entry.key for entry in deciding if any(STATISTICS[language].search(text) for text in entry.texts)] == []


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize("preset", catalog().presets)
def test_what_is_told_first_is_short_and_has_few_numbers(preset: str, language: str) -> None:
    for part, text in told(preset, Translator(language)):
        for sentence in sentences(text):
            numbers = re.findall(r"\d[\d,.]*", sentence)
            assert length(sentence, language) <= LONGEST[language], (part, sentence)
            assert len(numbers) <= MOST_NUMBERS, (part, sentence)
            amounts = re.findall(r"[¥$€]([\d,]+)|([\d,.]+) ?(?:万|亿)?(?:美元|元|欧元)", sentence)
            figures = ["".join(pair).replace(",", "").replace(".", "").strip("0") for pair in amounts]
            assert all(len(each) <= PROSE_FIGURES for each in figures) or ENTERED.search(sentence), (part, sentence)


@pytest.mark.parametrize("language", sorted(WORDS))
def test_languages_with_refused_words_are_those_of_the_product(language: str) -> None:
    assert language in languages()


def test_a_negative_saving_is_an_extra_cost() -> None:
    assert monthly_text(821.4, "USD", EN) == "saves $820 a month"
    assert monthly_text(-821.4, "USD", EN) == "costs $820 a month more"
    assert monthly_text(-821.4, "USD", ZH) == "每月多花 820 美元"
    assert result_text(-38111, "USD", EN) == "a loss of $38,000"
    assert result_text(38111, "USD", ZH) == "净收益 3.8 万美元"
    assert result_text(0.0, "USD", EN) == "neither gain nor loss"


@pytest.mark.parametrize(
    ("key", "one", "many"),
    [
        ("prices.age", "1 day old", "2 days old"),
        ("notice.reason_look_up", "One number can be looked up", "2 numbers can be looked up"),
        ("notice.few_offers", "one independent seller,", "2 independent sellers,"),
        ("notice.median_offer", "the one offer for", "the median of the 2 offers for"),
    ],
)
def test_one_is_singular(key: str, one: str, many: str) -> None:
    for count, words in ((1, one), (2, many)):
        names = next(entry.placeholders for entry in entries("en") if entry.key == key)
        said = EN(
            key,
            count,
            **(dict.fromkeys(names, "x") | {"days": count, "count": count, "sellers": count, "offers": count}),
        )
        assert words in said
        assert "1 days" not in said


@pytest.mark.parametrize(
    ("share", "english", "chinese"),
    [
        (0.0, "no simulated future", "没有"),
        (0.03, "almost no simulated future", "极少"),
        (0.06, "1 of 10 simulated futures", "10 次模拟里有 1 次"),
        (0.41, "4 of 10 simulated futures", "10 次模拟里有 4 次"),
        (0.97, "almost all simulated futures", "几乎全部模拟情形"),
        (1.0, "all simulated futures", "全部模拟情形"),
    ],
)
def test_chances_are_told_in_tenths(share: float, english: str, chinese: str) -> None:
    assert (futures_text(share, EN), futures_text(share, ZH)) == (english, chinese)


@pytest.mark.parametrize(
    ("notice", "one", "many"),
    [
        ("reason_best_without", "over 1 month.", "over 24 months."),
        ("route_ends", "only 1 month are counted", "only 24 months are counted"),
    ],
)
def test_a_horizon_of_one_month_is_singular(notice: str, one: str, many: str) -> None:
    for horizon, words in ((1, one), (24, many)):
        params: dict[str, object] = {"horizon": horizon, "money": 1.0, "share": 0.5, "route": "r", "date": None}
        assert words in notice_text(EN, Notice(notice, "info", params), "USD")


def test_chinese_sets_no_space_beside_a_chinese_word_that_is_put_in() -> None:
    t = Translator("zh")
    told = {"subject": "电价", "date": "2026年5月8日", "days": "204 天"}
    assert "（204 天前）" in t("notice.price_old", **told)
    words = {"model": "M", "card": "C", "hours": "2 小时"}
    assert t("training.why.named", method="全量微调", **words).startswith("用全量微调训练 M")
    assert t("training.why.named", method="LoRA", **words).startswith("用 LoRA 训练 M")
