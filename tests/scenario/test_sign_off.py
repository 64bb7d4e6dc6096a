"""The record of the stage gates: read as people write it, or refused by the name of the gate and of the part."""

import json
from datetime import date

import pytest

from advisor.assumptions.currency import in_currency
from advisor.core.notices import InputError
from advisor.report.link import LONGEST_RECORD, is_linked, query_of
from advisor.scenario import GateRecord, Scenario, dump_scenario, parse_scenario
from advisor.scenario.files import complete_case, given_answers
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.text.languages import languages
from advisor.text.phrases import error_text
from advisor.ui import address
from tests.cases import DAY, catalog, preset

NEEDED = {"daily_requests": 10_000, "quality_need": "normal", "budget": 5_000}
WHOLE = {
    "criterion": "Loss above 1.2",
    "due": "2026-12-01",
    "decision": "stop",
    "decided_on": "2026-11-30",
    "decided_by": "Chen Wei",
    "released": 12.345,
    "remark": "北风",
}


def case_with(**gates: object) -> Scenario:
    return Scenario.from_answers({**NEEDED, "sign_off": gates})


def faults(gates: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        Scenario.from_answers({**NEEDED, "sign_off": gates})
    return [f"{issue.field}: {issue.code}" for issue in caught.value.issues]


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_record_travels_in_files_unchanged(form: str) -> None:
    case = case_with(data=WHOLE, release={"due": "2027-01-31"}, moon={})
    assert parse_scenario(dump_scenario(case, form)) == case  # type: ignore[arg-type]
    assert case.sign_off is not None
    assert case.sign_off["data"].decided_on == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("part", "text", "read"),
    [
        ("released", "20k", 20_000.0),
        ("released", "$1,500.50", 1500.5),
        ("released", "2 万", 20_000.0),
        ("released", 0, 0.0),
        ("released", "", None),
        ("due", "2026年12月1日", date(2026, 12, 1)),
        ("due", "2026/12/1", date(2026, 12, 1)),
        ("decision", "GO", "go"),
        ("decision", "not yet", None),
        ("remark", "", None),
    ],
)
def test_parts_are_read_as_people_write_them(part: str, text: object, read: object) -> None:
    records = case_with(data={part: text}).sign_off
    assert records is not None
    assert getattr(records["data"], part) == read


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("decision", ["go", "stop", "change", "not_yet"])
def test_a_decision_may_be_called_as_on_screen(decision: str, language: str) -> None:
    said = Translator(language)(f"sign_off.decision.{decision}")
    text = json.dumps({**NEEDED, "sign_off": {"data": {"decision": said}}}, ensure_ascii=False)
    records = complete_case(given_answers(text, labels()).answers).sign_off
    assert records == {"data": GateRecord(decision=None if decision == "not_yet" else decision)}  # type: ignore[arg-type]


REFUSED = [
    (3, "sign_off: not_a_table"),
    ({"data": "go"}, "sign_off.data: not_a_gate_record"),
    ({"data": {"owner": "Chen"}}, "sign_off.data: no_part_of_a_gate"),
    ({"data": {"due": "2026-02-30"}}, "sign_off.data.due: not_a_gate_day"),
    ({"data": {"decided_on": "1999-12-31"}}, "sign_off.data.decided_on: not_a_gate_day"),
    ({"data": {"decision": "maybe"}}, "sign_off.data.decision: unknown_choice"),
    ({"data": {"released": -1}}, "sign_off.data.released: not_a_release"),
    ({"data": {"released": "20.000"}}, "sign_off.data.released: two_readings"),
    ({"data": {"released": "€20"}}, "sign_off.data.released: foreign_currency"),
    ({"data": {"released": True}}, "sign_off.data.released: not_a_release"),
    ({"data": {"released": float("nan")}}, "sign_off.data.released: not_a_release"),
    ({"data": {"remark": "x" * 301}}, "sign_off.data.remark: too_long"),
    ({"data": {"decided_by": "a\u202eb"}}, "sign_off.data.decided_by: unprintable"),
    ({"data": {"criterion": ["x"]}}, "sign_off.data.criterion: not_a_text"),
    ({"g" * 121: {}}, "sign_off: no_gate"),
    ({f"gate {k}": {} for k in range(25)}, "sign_off: too_many_gates"),
]


@pytest.mark.parametrize(("gates", "fault"), REFUSED)
def test_a_fault_names_the_gate_and_the_part(gates: object, fault: str) -> None:
    assert faults(gates) == [fault]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("gates", [gates for gates, _ in REFUSED])
def test_a_fault_is_told_in_words(gates: object, language: str) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.from_answers({**NEEDED, "sign_off": gates})
    said = error_text(Translator(language), caught.value)
    assert "{" not in said.replace("{...}", "")
    assert "sign_off" in said


def test_every_fault_is_told_at_once() -> None:
    assert len(faults({"data": {"due": "soon", "released": -1}, "release": {"decision": "perhaps"}})) == 3


def test_cases_of_before_load_and_owners_stay_beside() -> None:
    old = parse_scenario("daily_requests: 1\nquality_need: high\nbudget: 2\nowners: {data: Chen}\n")
    assert (old.owners, old.sign_off, old.actuals) == ({"data": "Chen"}, None, None)


def test_an_address_holds_a_short_record_and_leaves_out_a_long_one() -> None:
    short = preset("extraction", sign_off={"data": WHOLE})
    query = query_of(short, catalog(), "en")
    assert address.read(query, catalog(), lambda _: None).case == short
    assert is_linked(short, "sign_off")
    long = preset("extraction", sign_off={f"gate {k}": {"remark": "x" * 200} for k in range(LONGEST_RECORD // 200)})
    assert "sign_off" not in query_of(long, catalog(), "en")
    assert not is_linked(long, "sign_off")


def test_a_bad_record_in_an_address_is_named_and_the_rest_kept() -> None:
    query = {"preset": "extraction", "hourly_rate": "77", "sign_off": '{"data": {"due": "never"}}'}
    arrived = address.read(query, catalog(), lambda _: None)
    assert [issue.field for issue in arrived.issues] == ["sign_off.data.due"]
    assert (arrived.case.hourly_rate, arrived.case.sign_off) == (77, None)


def test_money_released_follows_the_currency_of_the_case() -> None:
    case = preset("extraction", sign_off={"data": {"released": 100, "decision": "go"}}, exchange_rates={"CNY": 7})
    records = in_currency(case, "CNY", catalog(), DAY).sign_off
    assert records == {"data": GateRecord(decision="go", released=700.0)}


@pytest.mark.parametrize(
    ("record", "incomplete"),
    [
        ({}, False),
        ({"due": "2026-12-01", "released": 5, "remark": "x"}, False),
        ({"decision": "go"}, True),
        ({"decision": "go", "decided_on": "2026-12-01"}, True),
        ({"decided_by": "Chen"}, True),
        ({"decision": "go", "decided_on": "2026-12-01", "decided_by": "Chen"}, False),
    ],
)
def test_a_decision_without_its_day_or_person_is_allowed_and_incomplete(record: object, incomplete: bool) -> None:
    records = case_with(data=record).sign_off
    assert records is not None
    assert records["data"].is_incomplete is incomplete
