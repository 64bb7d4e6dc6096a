"""Words in every language for everything the code can say, and none besides."""

import re
import string

import pytest

from advisor.text.i18n import Translator
from advisor.text.languages import ENGLISH, LOCALES, languages
from tests.text.catalogues import OWN_FILES, Entry, asked_literally, by_key, entries, items, wanted
from tests.text.data_texts import DATA_FILE, texts_of_the_data, titles_of_the_data, translated
from tests.text.emitted import emitted

LANGUAGES = languages()
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_SENTENCE = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){3}")
ASCII_STOP = re.compile(r"[\u4e00-\u9fff][,;:?](?!\d)|[\u4e00-\u9fff]\.(?!\w)")
UNSPACED = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9{]|[A-Za-z0-9}][\u4e00-\u9fff]")
SPACED_MARK = re.compile(r"[，。；：！？、（）]\** | \**[，。；：！？、（）]")
SAME_EVERYWHERE = {"unit.fraction", "unit.kW", "unit.kWh", "unit.per.kWh", "unit.money/kWh", "unit.per.value"}
"""Signs that no language translates."""
OWN_TITLE = re.compile("Judgement|Article 00|Calendar|Illustrative")
"""How a source begins whose title is our own sentence."""
ALWAYS_GIVEN = frozenset({"field"})
OTHER_PLACE = frozenset({"path", "items"})
"""What an error may name instead of a field: a file on disk, a price nobody knows."""


def own(language: str) -> list[Entry]:
    return [entry for entry in entries(language) if entry.file in OWN_FILES]


def said(language: str) -> list[Entry]:
    """What the code asks for by a key; the texts of the data are by their English."""
    return [entry for entry in entries(language) if entry.file != DATA_FILE]


def test_there_is_more_than_one_language() -> None:
    assert LANGUAGES[:2] == ("en", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_files_and_keys(language: str) -> None:
    files = {path.name for path in (LOCALES / language).glob("*.po")} - {DATA_FILE}
    assert files == {path.name for path in (LOCALES / ENGLISH).glob("*.po")}
    assert {(e.key, e.file) for e in said(language)} == {(e.key, e.file) for e in said(ENGLISH)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_the_same_placeholders_in_every_language(language: str) -> None:
    english = by_key("en")
    differing = [e.key for e in said(language) if e.placeholders != english[e.key].placeholders]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_fuzzy_or_there_twice(language: str) -> None:
    keys = [e.key for e in entries(language)]
    assert [e.key for e in entries(language) if e.is_fuzzy or not all(text.strip() for text in e.texts)] == []
    assert [key for key in set(keys) if keys.count(key) > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_braces_hold_plain_names_only(language: str) -> None:
    for entry in said(language):
        for text in entry.texts:
            for _, name, form, conversion in string.Formatter().parse(text):
                assert name is None or (name.isidentifier() and not form and not conversion), entry.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_the_engine_can_say_has_words(language: str) -> None:
    assert wanted() - by_key(language).keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_written_in_the_code_has_words(language: str) -> None:
    asked = {key for key in asked_literally() if re.fullmatch(r"[a-z_]+(\.\w[\w/*]*)+", key)}
    assert asked - by_key(language).keys() == set()


def test_no_key_is_left_that_nothing_asks_for() -> None:
    assert {e.key for e in own("en")} - wanted() - asked_literally() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_or_issue_brings_every_placeholder_of_its_words(language: str) -> None:
    words, missing = by_key(language), []
    for said in emitted():
        entry = words[f"{'notice' if said.kind == 'Notice' else 'error'}.{said.code}"]
        given = said.params | ALWAYS_GIVEN if said.kind == "Issue" else said.params
        missing += [(said.place, said.code, name) for name in entry.placeholders - given]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_names_the_place_and_ends_as_a_sentence(language: str) -> None:
    for entry in entries(language):
        if entry.key.startswith("error."):
            assert entry.placeholders & (ALWAYS_GIVEN | OTHER_PLACE), entry.key
            assert entry.texts[0][-1] in ".?。？", entry.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_shouts(language: str) -> None:
    assert [e.key for e in entries(language) if any(mark in "".join(e.texts) for mark in "!！")] == []


def _bare(text: str) -> str:
    return re.sub(r"\{\w*\}", "", text)


def test_chinese_texts_are_chinese() -> None:
    english = by_key("en")
    for entry in own("zh"):
        for text in entry.texts:
            has_words = re.search(r"[A-Za-z]", _bare(english[entry.key].texts[0]))
            assert CHINESE.search(text) or not has_words or entry.key in SAME_EVERYWHERE, entry.key
            assert not ENGLISH_SENTENCE.search(_bare(text)), entry.key
            assert not ASCII_STOP.search(_bare(text)), entry.key


def test_chinese_and_latin_stand_apart() -> None:
    named_units = {"unit.money", "unit.per.value"}
    faults = [e.key for e in own("zh") if e.key not in named_units and any(UNSPACED.search(t) for t in e.texts)]
    assert faults == []


def test_no_space_stands_beside_a_chinese_mark() -> None:
    """The marks bring their own room."""
    assert [e.key for e in entries("zh") if any(SPACED_MARK.search(text) for text in e.texts)] == []


def test_english_texts_hold_no_chinese() -> None:
    assert [e.key for e in entries("en") if any(CHINESE.search(text) for text in e.texts)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_short_enough_to_be_read(language: str) -> None:
    for entry in own(language):
        if entry.key.endswith(".help"):
            assert len(entry.texts[0]) <= 240, entry.key
        if entry.key.startswith("field.") and entry.key.endswith(".label"):
            assert len(entry.texts[0]) <= 45, entry.key


def test_plural_forms_are_told_apart() -> None:
    english, chinese = Translator("en"), Translator("zh")
    assert english.value(1, "hours", "USD") == "1 hour"
    assert english.value(2, "hours", "USD") == "2 hours"
    assert english.value(1.5, "hours", "USD") == "1.5 hours"
    assert english.unit("requests/day", "USD") == "requests a day"
    assert [chinese.value(n, "hours", "USD") for n in (1, 2)] == ["1 小时", "2 小时"]


def test_an_unknown_key_is_an_error() -> None:
    t = Translator("zh")
    assert not t.has("no.such.key")
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        t("no.such.key")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_text_of_the_data_is_translated(language: str) -> None:
    assert texts_of_the_data() - translated(language) == set()
    own_titles = {title for title in titles_of_the_data() if OWN_TITLE.match(title)}
    assert own_titles - translated(language) == set()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_translation_is_left_of_a_text_that_changed(language: str) -> None:
    assert translated(language) - texts_of_the_data() - titles_of_the_data() == set()


def test_texts_of_the_data_are_english_and_their_translations_are_not() -> None:
    assert [text for text in texts_of_the_data() if CHINESE.search(text)] == []
    assert [e.key for e in entries("zh") if e.file == DATA_FILE and not CHINESE.search(e.texts[0])] == []


def test_the_walk_over_the_options_finds_every_route() -> None:
    assert {"serving_gpus", "tuned_prompt", "tuned_request", "card_depreciation", "current_request"} <= {
        i.id for i in items()
    }
