"""Numbers, money and units as each language writes them."""

from datetime import date, datetime, timedelta, timezone

import pytest

from advisor.charts.style import short_money
from advisor.scenario import QUESTIONS
from advisor.text.i18n import Translator, significant_digits
from advisor.text.languages import nearest_language

EN, ZH = Translator("en"), Translator("zh")
NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1, "1"),
        (30.416666666666668, "30.42"),
        (0.1 + 0.2, "0.3"),
        (0.00023, "0.00023"),
        (-12.5, "-12.5"),
        (999.96, "1,000"),
        (1234.6, "1,235"),
        (1e12, "1,000,000,000,000"),
    ],
)
@pytest.mark.parametrize("t", [EN, ZH], ids=["en", "zh"])
def test_plain_numbers_have_four_significant_digits(t: Translator, value: float, shown: str) -> None:
    assert t.number(value) == shown


@pytest.mark.parametrize(
    ("value", "currency", "english", "chinese"),
    [
        (0, "USD", "$0", "US$0"),
        (-0.0, "USD", "$0", "US$0"),
        (2036, "USD", "$2,036", "US$2,036"),
        (-776.4, "USD", "-$776", "-US$776"),
        (0.01, "USD", "$0.01", "US$0.01"),
        (0.00023, "USD", "$0.00023", "US$0.00023"),
        (-0.00023, "USD", "-$0.00023", "-US$0.00023"),
        (1e12, "USD", "$1,000,000,000,000", "US$1,000,000,000,000"),
        (99.5, "CNY", "CN¥99.50", "¥99.50"),
        (120000, "CNY", "CN¥120,000", "¥120,000"),
        (12647.4, "EUR", "€12,647", "€12,647"),
        (0.5, "EUR", "€0.50", "€0.50"),
        (50, "JPY", "¥50", "JP¥50"),
        (0.25, "JPY", "¥0.25", "JP¥0.25"),
        (1500, "JPY", "¥1,500", "JP¥1,500"),
    ],
)
def test_money_names_its_currency(value: float, currency: str, english: str, chinese: str) -> None:
    assert (EN.money(value, currency), ZH.money(value, currency)) == (english, chinese)


def test_money_takes_the_digits_it_is_given() -> None:
    assert EN.money(1234.567, "USD", 2) == "$1,234.57"
    assert EN.money(-0.4, "USD", 0) == "$0"


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0, 0, "0%"),
        (0.15, 0, "15%"),
        (-0.0001, 0, "0%"),
        (-0.0005, 1, "0.0%"),
        (14.91355599, 1, "1,491.4%"),
        (-1, 1, "-100.0%"),
    ],
)
@pytest.mark.parametrize("t", [EN, ZH], ids=["en", "zh"])
def test_fractions_are_shown_as_percent(t: Translator, value: float, digits: int, shown: str) -> None:
    assert t.percent(value, digits) == shown


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (10000.0, "requests/day", "10,000 requests a day", "10,000 次/天"),
        (0.0005, "fraction", "0.05%", "0.05%"),
        (0.29, "fraction", "29%", "29%"),
        (-0.3, "fraction/year", "-30% a year", "每年 -30%"),
        (5000.0, "money", "$5,000", "US$5,000"),
        (1.79, "money/GPU/h", "$1.79 per GPU hour", "US$1.79/GPU 小时"),
        (0.001, "money/request", "$0.001 per request", "US$0.001/次请求"),
        (8.161, "money/Mtok", "$8.161 per million tokens", "US$8.161/百万 token"),
        (1.0, "GPU", "1 GPU", "1 块"),
        (4.0, "GPU", "4 GPUs", "4 块"),
        (3.0, "share", "3×", "3 倍"),
        (6.8012, "CNY/USD", "6.8012 CNY/USD", "6.8012 CNY/USD"),
        (0.85027, "EUR/USD", "0.85027 EUR/USD", "0.85027 EUR/USD"),
        ("lora", "choice", "LoRA (small add-on weights)", "LoRA（只训练少量附加参数）"),
        ("openai/gpt-6.1-sol", "choice", "openai/gpt-6.1-sol", "openai/gpt-6.1-sol"),
    ],
)
def test_a_value_never_appears_without_its_unit(value: object, unit: str, english: str, chinese: str) -> None:
    assert (EN.value(value, unit, "USD"), ZH.value(value, unit, "USD")) == (english, chinese)


@pytest.mark.parametrize(("t", "word"), [(EN, "not known"), (ZH, "未知")], ids=["en", "zh"])
@pytest.mark.parametrize("nothing", [None, NAN])
def test_nothing_is_never_shown_as_a_number(t: Translator, word: str, nothing: float | None) -> None:
    assert {t.number(nothing), t.money(nothing, "USD"), t.percent(nothing), t.value(nothing, "hours", "USD")} == {word}
    assert {t.months(None), t.date(None)} == {word}


@pytest.mark.parametrize("t", [EN, ZH], ids=["en", "zh"])
@pytest.mark.parametrize("unit", sorted({q.unit for q in QUESTIONS.values()}))
def test_every_unit_of_a_question_can_be_shown(t: Translator, unit: str) -> None:
    assert "{" not in t.unit(unit, "EUR") + t.value(1.5, unit, "EUR")
    assert ("EUR" in t.unit(unit, "EUR")) == ("money" in unit)


def test_thousands_of_ten_thousands_are_set_apart_in_sentences_and_tables() -> None:
    assert [ZH.prose_money(value, "JPY") for value in (19_300_000, -600)] == ["1,900 万日元", "-600 日元"]
    assert short_money(ZH, 22_400_000, "JPY") == "2,240 万日元"


def test_a_sentence_says_the_months_of_the_card() -> None:
    assert [EN.prose_months(months) for months in (0.754, 4.02, 22.46)] == ["0.8 months", "4 months", "22.5 months"]


def test_months_dates_and_symbols() -> None:
    assert (EN.months(0.754), ZH.months(0.754)) == ("0.8 months", "0.8 个月")
    assert (EN.date(date(2026, 11, 20)), ZH.date(date(2026, 11, 20))) == ("Nov 20, 2026", "2026年11月20日")
    at = datetime(2026, 11, 20, 23, 5, tzinfo=timezone(timedelta(hours=-1)))
    assert (EN.moment(at), ZH.moment(at)) == ("Nov 21, 2026, 00:05 UTC", "2026年11月21日 00:05 UTC")
    assert (EN.symbol("CNY"), ZH.symbol("CNY")) == ("CN¥", "¥")


@pytest.mark.parametrize(
    ("value", "digits"), [(0, 0), (1e9, 0), (12.5, 1), (0.00023, 5), (-0.5, 1), (1 / 3, 4), (99.999, 0)]
)
def test_digits_that_carry_meaning(value: float, digits: int) -> None:
    assert significant_digits(value) == digits


@pytest.mark.parametrize(
    ("wish", "language"), [("zh-CN", "zh"), ("zh_TW", "zh"), ("EN", "en"), ("fr", "en"), ("", "en"), (None, "en")]
)
def test_a_wish_finds_the_nearest_language(wish: str | None, language: str) -> None:
    assert nearest_language(wish) == language
