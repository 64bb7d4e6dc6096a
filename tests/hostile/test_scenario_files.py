"""Spoiled scenario files: each ends in one refusal that names the field, in both languages, and never in a number.

A case is the content of a file, and what is refused as ``field: code``.
"""

import json

import pytest

from advisor.core.notices import InputError
from advisor.scenario import LONGEST_FILE_BYTES, Scenario, parse_scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import error_text

NEEDED = "daily_requests: 10000\nquality_need: normal\nbudget: 5000\n"
ANSWERS = {"daily_requests": 10000, "quality_need": "normal", "budget": 5000}


def yaml_with(line: str) -> bytes:
    return (NEEDED + line).encode()


def json_with(**answers: object) -> bytes:
    return json.dumps({**ANSWERS, **answers}).encode()


def raw_json(text: str) -> bytes:
    return ('{"daily_requests": 10000, "quality_need": "normal", "budget": 5000, ' + text + "}").encode()


def volume(text: str) -> bytes:
    return f"daily_requests: {text}\nquality_need: normal\nbudget: 5000\n".encode()


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

HOSTILE: dict[str, tuple[bytes, str]] = {
    # what stands where a number belongs
    "a word": (volume("ten"), "daily_requests: not_a_number"),
    "a time of day": (volume("12:30"), "daily_requests: not_a_number"),
    "a day": (volume("2026-11-20"), "daily_requests: not_a_number"),
    "no": (volume("no"), "daily_requests: not_a_number"),
    "true": (volume("true"), "daily_requests: not_a_number"),
    "JSON true": (json_with(budget=True), "budget: not_a_number"),
    "a point before three digits": (volume("20.000"), "daily_requests: two_readings"),
    "a point before three digits in JSON": (raw_json('"hourly_rate": 20.000'), "hourly_rate: two_readings"),
    "a comma before three decimals of a price": (
        yaml_with("current_input_price: 1,250"),
        "current_input_price: two_readings",
    ),
    "whole percent": (yaml_with("volume_growth: 20"), "volume_growth: two_readings"),
    "whole percent in JSON": (json_with(discount_rate=10), "discount_rate: two_readings"),
    "whole percent in a range": (yaml_with("ranges: {volume_growth: [0.1, 20]}"), "volume_growth: two_readings"),
    "a unit nobody uses": (volume("10 dozen"), "daily_requests: not_a_number"),
    "groups of two digits": (volume("10,00,0"), "daily_requests: not_a_number"),
    "percent of requests": (volume("15%"), "daily_requests: not_a_number"),
    "a foreign currency sign": (yaml_with("hourly_rate: \u20ac50"), "hourly_rate: foreign_currency"),
    "a currency without rates": (yaml_with("hourly_rate: CHF 50"), "hourly_rate: foreign_currency"),
    "money where requests belong": (volume("$50"), "daily_requests: not_a_number"),
    "an endless power of ten": (yaml_with("volume_growth: 2e999999999"), "volume_growth: not_a_number"),
    "hexadecimal": (volume("0x10"), "daily_requests: not_a_number"),
    "a formula": (volume("=1+1"), "daily_requests: not_a_number"),
    "an empty text": (json_with(budget=""), "budget: not_a_number"),
    "a list": (volume("[1, 2]"), "daily_requests: not_a_number"),
    "a table": (volume("{a: 1}"), "daily_requests: not_a_number"),
    "a JSON list": (json_with(budget=[5000]), "budget: not_a_number"),
    "a JSON object": (json_with(budget={"value": 5000}), "budget: not_a_number"),
    # what is no finite number
    "nan": (volume("nan"), "daily_requests: nan"),
    "NaN": (volume("NaN"), "daily_requests: nan"),
    ".nan": (volume(".nan"), "daily_requests: nan"),
    ".NaN": (volume(".NaN"), "daily_requests: nan"),
    "-nan": (volume("-nan"), "daily_requests: nan"),
    "JSON NaN": (raw_json('"hourly_rate": NaN'), "hourly_rate: nan"),
    "inf": (volume("inf"), "daily_requests: infinite"),
    ".inf": (volume(".inf"), "daily_requests: infinite"),
    "-.INF": (volume("-.INF"), "daily_requests: infinite"),
    "Infinity": (volume("Infinity"), "daily_requests: infinite"),
    "JSON Infinity": (raw_json('"hourly_rate": -Infinity'), "hourly_rate: infinite"),
    "1e999": (volume("1e999"), "daily_requests: infinite"),
    "JSON 1e999": (raw_json('"hourly_rate": 1e999'), "hourly_rate: infinite"),
    "4000 digits": (raw_json(f'"hourly_rate": {"9" * 4000}'), "hourly_rate: infinite"),
    "5000 digits": (raw_json(f'"hourly_rate": {"9" * 5000}'), "file: not_readable"),
    # out of bounds
    "a number smaller than any unit": (volume("5e-324"), "daily_requests: too_fine"),
    "a negative volume": (volume("-1"), "daily_requests: below_minimum"),
    "a huge volume": (volume("1e300"), "daily_requests: above_maximum"),
    "a share of 15": (yaml_with("fallback_share: 15"), "fallback_share: share_or_percent"),
    "half a GPU": (yaml_with("training_gpus: 0.5"), "training_gpus: not_whole"),
    "one and a half GPUs": (yaml_with("training_gpus: 1.5"), "training_gpus: not_whole"),
    "no month to look ahead": (yaml_with("horizon_months: 0"), "horizon_months: below_minimum"),
    "32 days a month": (yaml_with("days_per_month: 32"), "days_per_month: above_maximum"),
    "a price that falls to nothing": (yaml_with("api_price_decline: 1"), "api_price_decline: above_maximum"),
    # choices, texts and days
    "an unknown choice": (yaml_with("method: prompting"), "method: unknown_choice"),
    "a currency of two countries": (yaml_with("currency: \u00a5"), "currency: unknown_choice"),
    "a list of currencies": (json_with(currency=["USD"]), "currency: unknown_choice"),
    "a number as title": (json_with(title=7), "title: not_a_text"),
    "an over-long title": (yaml_with(f"title: {'x' * 121}"), "title: too_long"),
    "an over-long model": (yaml_with(f"current_model: {'x' * 50_000}"), "current_model: too_long"),
    "a title that steers the terminal": (json_with(title="\x1b[2J"), "title: unprintable"),
    "a title with NUL": (json_with(title="a\0b"), "title: unprintable"),
    "a title of two lines": (json_with(title="a\nb"), "title: unprintable"),
    "a title written backwards": (json_with(title="a\u202egpj.exe"), "title: unprintable"),
    "half a character": (raw_json(r'"title": "\ud800"'), "title: unprintable"),
    "a GPU that steers the terminal": (json_with(serving_gpu="\x9b31m"), "serving_gpu: unprintable"),
    "no such day": (yaml_with("as_of: 2026-02-30"), "as_of: not_a_date"),
    "a day as number": (json_with(as_of=0), "as_of: not_a_date"),
    "a day as seconds": (yaml_with("as_of: 86400"), "as_of: not_a_date"),
    "a day with a time": (yaml_with("as_of: 2026-11-20T00:00:00"), "as_of: not_a_date"),
    "a day and month swapped": (yaml_with("as_of: 20/11/2026"), "as_of: not_a_date"),
    "year 1": (yaml_with("as_of: 0001-01-01"), "as_of: below_minimum"),
    "year 9999": (yaml_with("as_of: 9999-12-31"), "as_of: above_maximum"),
    # exchange rates
    "a rate of 0": (yaml_with("exchange_rates: {CNY: 0}"), "exchange_rates: not_positive"),
    "a negative rate": (yaml_with("exchange_rates: {CNY: -7}"), "exchange_rates: not_positive"),
    "a rate of nan": (yaml_with("exchange_rates: {CNY: .nan}"), "exchange_rates: nan"),
    "an unknown currency": (yaml_with("exchange_rates: {XAU: 2}"), "exchange_rates: unknown_currency"),
    "a rate without number": (yaml_with("exchange_rates: {CNY: }"), "exchange_rates: not_a_number"),
    "a list of rates": (yaml_with("exchange_rates: [7.2]"), "exchange_rates: not_a_table"),
    "a dollar worth two dollars": (yaml_with("exchange_rates: {USD: 2}"), "exchange_rates: not_per_dollar"),
    # ranges and owners
    "a range of one number": (yaml_with("ranges: {hourly_rate: [50]}"), "ranges: not_a_range"),
    "a range without numbers": (yaml_with("ranges: {hourly_rate: [a, b]}"), "hourly_rate: not_a_number"),
    "a range of nan": (yaml_with("ranges: {hourly_rate: [.nan, 60]}"), "ranges: nan"),
    "a range with an open end": (yaml_with("ranges: {hourly_rate: [50, ~]}"), "ranges: not_a_range"),
    "a range upside down": (yaml_with("ranges: {hourly_rate: [60, 50]}"), "hourly_rate: range_out_of_order"),
    "a range out of bounds": (yaml_with("ranges: {fallback_share: [0.1, 1.5]}"), "fallback_share: share_or_percent"),
    "a range of words": (yaml_with("ranges: {quality_need: [1, 2]}"), "ranges: range_of_no_number"),
    "a range of nothing known": (yaml_with("ranges: {colour: [1, 2]}"), "ranges: range_of_no_number"),
    "ranges as a list": (yaml_with("ranges: [1, 2]"), "ranges: not_a_table"),
    "an owner who is a list": (yaml_with("owners: {data: [5]}"), "owners: not_a_text"),
    "an endless owner": (yaml_with(f"owners: {{data: {'x' * 200}}}"), "owners: too_long"),
    # names
    "an unknown question": (yaml_with("colour: red"), "colour: unknown_field"),
    "a misspelt question": (yaml_with("hourly_rat: 50"), "hourly_rat: unknown_field_near"),
    "a question twice": (yaml_with("budget: 9"), "budget: written_twice"),
    "a JSON key twice": (raw_json('"budget": 9'), "budget: written_twice"),
    "a rate twice": (yaml_with("exchange_rates: {CNY: 7, CNY: 8}"), "CNY: written_twice"),
    "a merge key": (yaml_with("<<: {budget: 9}"), "<<: unknown_field"),
    "a tagged merge key": (yaml_with("!!merge <<: {hourly_rate: 9}"), "file: text_in_yaml"),
    "a number as key": (yaml_with("1: 2"), "1: unknown_field"),
    "a list as key": (yaml_with("? [a, b]\n: 1"), "file: not_readable"),
    "no key": (yaml_with("~: 1"), "file: not_a_scenario"),
    # what is missing
    "a missing answer": (b"daily_requests: 1\nquality_need: normal\n", "budget: missing"),
    "an empty answer": (volume(""), "daily_requests: missing"),
    "a JSON null": (json_with(budget=None), "budget: missing"),
    # the file
    "an empty file": (b"", "file: not_a_scenario"),
    "spaces only": (b"  \n \n", "file: not_a_scenario"),
    "comments only": (b"# nothing\n# here\n", "file: not_a_scenario"),
    "a list of scenarios": (b"- daily_requests: 1\n", "file: not_a_scenario"),
    "a JSON list of scenarios": (b"[{}]", "file: not_a_scenario"),
    "a plain text": (b"hello", "file: not_a_scenario"),
    "two documents": (f"{NEEDED}---\n{NEEDED}".encode(), "file: cases_in_yaml"),
    "half a JSON file": (json_with()[:-5], "file: not_readable"),
    "JSON and something more": (json_with() + b" x", "file: not_readable"),
    "a tab as indent": (b"budget:\n\ta: 1\n", "file: tab_in_yaml"),
    "NUL bytes": (b"\0" * 100, "file: not_utf8"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "file: not_readable"),
    "1 MB": (b"# " + b"x" * 1_000_000, "file: file_too_large"),
    "billion laughs": (LAUGHS.encode() + NEEDED.encode(), "i: unknown_field"),
    "a loop": (b"&a {daily_requests: *a}", "file: not_readable"),
    "a loop of anchors": (b"budget: &a [*a]\n", "file: not_readable"),
    "an unknown anchor": (volume("*nobody"), "file: text_in_yaml"),
    "10,000 levels of YAML": (yaml_with("title: " + "[" * 10_000), "file: not_readable"),
    "201 levels, all closed": (yaml_with("title: " + "[" * 201 + "]" * 201), "file: not_readable"),
    "190 levels, all closed": (yaml_with("title: " + "[" * 190 + "]" * 190), "title: not_a_text"),
    "201 levels of JSON, all closed": (raw_json('"title": ' + "[" * 201 + "]" * 201), "file: not_readable"),
    "a list in a list in a list": (yaml_with("title:\n" + "- " * 150 + "x"), "file: not_readable"),
    "an indent of 300": (
        yaml_with("title:\n" + "".join(" " * k + "a:\n" for k in range(1, 301))),
        "file: not_readable",
    ),
    "10,000 levels of JSON": (raw_json('"title": ' + "[" * 10_000), "file: not_readable"),
    "Python code": (yaml_with('title: !!python/object/apply:os.system ["true"]'), "file: text_in_yaml"),
    "a sexagesimal tag": (volume("!!float 12:30"), "file: text_in_yaml"),
    "an octal tag": (volume("!!int 0123"), "file: text_in_yaml"),
    "a binary tag": (yaml_with("title: !!binary aGk="), "file: text_in_yaml"),
    "another schema": (yaml_with("schema: 3"), "schema: other_schema"),
    "a schema that is true": (json_with(schema=True), "schema: other_schema"),
}

ACCEPTED: dict[str, tuple[bytes, float]] = {
    "8e9 is a number": (yaml_with("bought_examples: 8e3"), 8000),
    "a comma parts thousands": (yaml_with("bought_examples: 10,000"), 10_000),
    "k is thousand": (yaml_with("bought_examples: 10k"), 10_000),
    "percent of a share": (yaml_with("bought_examples: 7\nfallback_share: 15%"), 7),
    "the case's own currency": (yaml_with("bought_examples: 7\nhourly_rate: $50\ncurrency: usd"), 7),
    "underscores part thousands": (yaml_with("bought_examples: 1_000"), 1000),
    "a leading zero is no octal": (yaml_with("bought_examples: 0123"), 123),
    "a number as text": (json_with(bought_examples="1e3"), 1000),
    "spaces around": (json_with(bought_examples=" 7 "), 7),
    "a byte order mark": (b"\xef\xbb\xbf" + yaml_with("bought_examples: 7"), 7),
    "Windows line ends": (yaml_with("bought_examples: 7").replace(b"\n", b"\r\n"), 7),
    "a JSON file": (json_with(bought_examples=7, schema=1), 7),
    "the dollar's own rate": (yaml_with("exchange_rates: {USD: 1, CNY: 7.2}\nbought_examples: 7"), 7),
    "a range as a table": (yaml_with("ranges: {hourly_rate: {low: 40, high: 60}}\nbought_examples: 7"), 7),
    "an anchor": (yaml_with("bought_examples: &n 7\nexample_price: *n"), 7),
}


@pytest.mark.parametrize(("content", "refusal"), HOSTILE.values(), ids=HOSTILE)
def test_is_refused_by_field(content: bytes, refusal: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_scenario(content)
    assert refusal in [f"{issue.field}: {issue.code}" for issue in caught.value.issues]
    for language in languages():
        lines = error_text(Translator(language), caught.value).split("\n")
        assert len(lines) == len(caught.value.issues)
        assert all(line.strip() and line.isprintable() and len(line) < 400 for line in lines)


@pytest.mark.parametrize(("content", "examples"), ACCEPTED.values(), ids=ACCEPTED)
def test_is_read_as_meant(content: bytes, examples: float) -> None:
    scenario = parse_scenario(content)
    assert scenario.bought_examples == examples
    assert scenario.budget == 5000


def test_text_is_read_like_bytes() -> None:
    assert parse_scenario("\ufeff" + NEEDED) == parse_scenario(NEEDED.encode())


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_scenario(b"daily_requests: x\nquality_need: best\nbudget: -1\n")
    assert {i.field: i.code for i in caught.value.issues} == {
        "daily_requests": "not_a_number",
        "quality_need": "unknown_choice",
        "budget": "below_minimum",
    }


def test_a_misspelt_question_is_told_its_name() -> None:
    with pytest.raises(InputError) as caught:
        parse_scenario(yaml_with("traning_runs: 2"))
    assert caught.value.issues[0].params["near"] == "training_runs"


def test_a_flood_of_faults_is_cut_short() -> None:
    flood = "".join(f"k{k}: 1\n" for k in range(5000)).encode()
    assert len(flood) < LONGEST_FILE_BYTES
    with pytest.raises(InputError) as caught:
        parse_scenario(flood)
    assert len(caught.value.issues) == 20


def test_a_number_too_long_to_print_is_refused() -> None:
    with pytest.raises(InputError, match="infinite"):
        Scenario.from_answers({"budget": 10**5000})
