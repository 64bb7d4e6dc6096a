"""An answer that rests on a record of the team's own says so, and its range is the sampling error."""

from datetime import date

import pytest

from advisor.assumptions import resolve
from advisor.assumptions.currency import in_currency
from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.scenario import Measurement, Scenario, dump_scenario, parse_scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import notice_text

ON = date(2026, 11, 29)
RECORD = {"value": 12_345, "file": "litellm.csv", "rows": 370_000, "first": "2026-10-01", "last": "2026-10-31"}
ANSWERS = {"daily_requests": 12_345, "quality_need": "high", "budget": 20_000}


def case(**record: object) -> Scenario:
    return Scenario.from_answers({**ANSWERS, "measured": {"daily_requests": {**RECORD, **record}}})


def test_a_measured_answer_names_its_record_and_its_range_is_the_sampling_error() -> None:
    row = resolve(case(low=12_000, high=12_700), load_catalog(), ON)["daily_requests"]
    assert (row.kind, row.low, row.high, row.effective) == ("measured", 12_000, 12_700, date(2026, 10, 31))
    assert row.source is not None
    assert row.source.title == "litellm.csv (2026-10-01 \u2013 2026-10-31; n = 370,000)"


def test_requests_that_were_taken_back_by_planned_growth_say_so() -> None:
    (told,) = [n for n in resolve(case(counted=13_580), load_catalog(), ON).notices if n.code == "measured_taken_back"]
    assert told.params == {"field": "daily_requests", "counted": 13_580, "at": 12_345}
    assert "13,580 requests a day" in notice_text(Translator("en"), told, "USD")
    assert "measured_taken_back" not in {n.code for n in resolve(case(), load_catalog(), ON).notices}
    assert parse_scenario(dump_scenario(case(counted=13_580))) == case(counted=13_580)


def test_an_answer_changed_since_does_not_rest_on_the_record() -> None:
    changed = case(low=12_000, high=12_700).with_(daily_requests=20_000)
    assert resolve(changed, load_catalog(), ON)["daily_requests"].kind == "yours"


def test_a_record_without_an_interval_keeps_the_usual_range() -> None:
    a = resolve(Scenario.from_answers({**ANSWERS, "input_tokens": 900}), load_catalog(), ON)
    record = {"input_tokens": {"value": 900, "file": "export.csv"}}
    b = resolve(Scenario.from_answers({**ANSWERS, "input_tokens": 900, "measured": record}), load_catalog(), ON)
    assert b["input_tokens"].kind == "measured"
    assert (b["input_tokens"].low, b["input_tokens"].high) == (a["input_tokens"].low, a["input_tokens"].high)


def test_a_record_may_not_know_how_many_rows_it_has() -> None:
    assert case(rows=None).measured == {"daily_requests": Measurement(**{**RECORD, "rows": None})}  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_files_keep_the_record(form: str) -> None:
    kept = case(low=12_345, high=12_700)
    assert parse_scenario(dump_scenario(kept, form)) == kept  # type: ignore[arg-type]


def test_a_record_of_money_is_converted_with_its_answer() -> None:
    record = {"value": 60, "file": "hr.csv", "low": 50, "high": 70}
    dollars = Scenario.from_answers({**ANSWERS, "hourly_rate": 60, "measured": {"hourly_rate": record}})
    euros = in_currency(dollars, "EUR", load_catalog(), ON)
    row = resolve(euros, load_catalog(), ON)["hourly_rate"]
    assert row.kind == "measured"
    assert row.low is not None
    assert row.low / float(row.value or 0) == pytest.approx(50 / 60)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measured", "field"),
    [
        ({"moon_phase": RECORD}, "measured"),
        ({"use_case": {**RECORD, "value": "chat", "low": 1, "high": 2}}, "measured"),
        ({"daily_requests": {**RECORD, "low": 13_000, "high": 14_000}}, "daily_requests"),
        ({"daily_requests": {**RECORD, "low": 12_000}}, "daily_requests"),
        ({"daily_requests": {**RECORD, "rows": -1}}, "measured"),
        ({"daily_requests": {**RECORD, "moon": 1}}, "measured"),
        ({"daily_requests": {"value": 1}}, "measured"),
        ({"daily_requests": 3}, "measured"),
    ],
)
def test_a_faulty_record_is_refused_by_name(measured: object, field: str) -> None:
    with pytest.raises(InputError) as refused:
        Scenario.from_answers({**ANSWERS, "measured": measured})
    assert [issue.field for issue in refused.value.issues] == [field]
