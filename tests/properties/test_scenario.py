"""Whatever comes in at the door leaves it as a scenario or as a refusal, and what is written is read back."""

from datetime import date

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from advisor.core.notices import InputError
from advisor.core.units import CURRENCIES
from advisor.scenario import QUESTIONS, Scenario, dump_scenario, hours_answer, parse_scenario
from advisor.scenario.sign_off import DECISIONS

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    st.binary(),
    st.dates(),
    st.datetimes(),
    st.decimals(),
)
JUNK = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner), st.tuples(inner)), max_leaves=5
)
NAMES = st.one_of(st.sampled_from(list(QUESTIONS)), st.text())
NUMBER_TEXTS = ("nan", ".inf", "1e999", "0x1", "12:30", "\uff11\uff12", "1_000", "-0", "", "\0")


def value_of(name: str) -> st.SearchStrategy[object]:
    """Answers that a question allows."""
    question = QUESTIONS[name]
    if question.low is not None and question.high is not None:
        if question.whole:
            return st.integers(int(question.low), int(question.high)).map(float)
        return st.floats(question.low, question.high).map(lambda x: x if abs(x) >= 1e-12 else 0.0)
    if question.choices:
        return st.sampled_from(question.choices)
    if name == "exchange_rates":
        return st.dictionaries(st.sampled_from(CURRENCIES[1:]), st.floats(1e-6, 1e9))
    if name == "ranges":
        ends = st.tuples(st.floats(0, 10), st.floats(10, 100))
        return st.dictionaries(st.sampled_from(("hourly_rate", "engineer_hours")), ends)
    if name == "measured":
        records = st.fixed_dictionaries({"value": st.floats(0, 10), "file": st.text(min_size=1, max_size=120)})
        return st.dictionaries(st.sampled_from(("hourly_rate", "engineer_hours")), records)
    if name == "owners":
        return st.dictionaries(st.sampled_from(("data", "release")), st.text(max_size=120))
    if name == "sign_off":
        records = st.fixed_dictionaries(
            {},
            optional={
                "criterion": st.text(max_size=300),
                "due": st.dates(date(2000, 1, 1), date(2100, 12, 31)),
                "decision": st.sampled_from(DECISIONS),
                "decided_on": st.dates(date(2000, 1, 1), date(2100, 12, 31)),
                "decided_by": st.text(max_size=120),
                "released": st.floats(1e-9, 1e12),
                "remark": st.text(max_size=300),
            },
        )
        return st.dictionaries(st.sampled_from(("data", "release", "a gate that is gone")), records)
    if name == "actuals":
        return st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=12).map(actuals_of)
    if name == "hours_of_week":
        return st.lists(st.integers(0, 1000), min_size=24, max_size=24).filter(any).map(hours_answer)
    if question.unit == "date":
        return st.dates(date(2000, 1, 1), date(2100, 12, 31))
    return st.text(max_size=120)


def actuals_of(savings: list[float]) -> dict[str, object]:
    """Months that saved so much where nothing was planned."""
    outlook = {"payback_status": "never", "npv": -savings[0]}
    rest = {"planned_requests": 10, "cost": 1.5, "planned_cost": 1, "planned_saving": 0}
    return {
        "file": "months.csv",
        "compared_on": "2026-12-01",
        "currency": "USD",
        "months": [{"number": k, "name": str(k), "saving": each, **rest} for k, each in enumerate(savings, start=1)],
        "planned_saving": 0,
        "actual_saving": sum(savings),
        "steps": {"volume": sum(savings)},
        "plan": outlook,
        "now": outlook,
        "rest": 12.345,
    }


def is_refused_or_read(answers: dict[str, object]) -> Scenario | None:
    try:
        return Scenario.from_answers(answers)
    except InputError as error:
        faults = [(issue.field, issue.code) for issue in error.issues]
    assert faults
    assert all(field and code for field, code in faults)
    return None


REQUIRED_ANSWERS = {name: value_of(name) for name in ("daily_requests", "quality_need", "budget")}
FURTHER_ANSWERS = {name: value_of(name) for name in QUESTIONS if name not in REQUIRED_ANSWERS}
ANSWERS = st.fixed_dictionaries(REQUIRED_ANSWERS, optional=FURTHER_ANSWERS)
MANY_ANSWERS = 60
"""One example answers about half of all questions: each is answered in fourteen of them or more."""


@given(st.dictionaries(NAMES, JUNK, max_size=6))
@example({"budget": 10**5000})
@example({"title": "\ud800"})
@settings(max_examples=300)
def test_junk_becomes_a_scenario_or_a_refusal(answers: dict[str, object]) -> None:
    is_refused_or_read(answers)


@given(st.sampled_from(list(QUESTIONS)), st.one_of(JUNK, st.sampled_from(NUMBER_TEXTS)))
@settings(max_examples=300)
def test_a_number_that_is_read_lies_within_its_bounds(name: str, value: object) -> None:
    question = QUESTIONS[name]
    scenario = is_refused_or_read({name: value})
    read = None if scenario is None else getattr(scenario, name)
    if read is not None and question.low is not None and question.high is not None:
        assert question.low <= read <= question.high
        assert not question.whole or float(read).is_integer()
        assert not isinstance(value, bool | list | dict | bytes)


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_any_bytes_become_a_scenario_or_a_refusal(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_scenario(content)


@given(st.text(alphabet="{}[]:,&*!|>-#?'\" \n\tabudget01.\0", max_size=200))
@settings(max_examples=200)
def test_any_text_of_yaml_marks_is_refused(content: str) -> None:
    with pytest.raises(InputError):
        parse_scenario(content)


@given(ANSWERS, st.sampled_from(["yaml", "json"]))
@settings(max_examples=MANY_ANSWERS)
def test_what_is_written_is_read_back_unchanged(answers: dict[str, object], form: str) -> None:
    scenario = is_refused_or_read(answers)
    assume(scenario is not None)
    assert scenario is not None
    assert parse_scenario(dump_scenario(scenario, form)) == scenario  # type: ignore[arg-type]
    assert parse_scenario(dump_scenario(scenario, form).encode()) == scenario  # type: ignore[arg-type]


@given(ANSWERS)
@settings(max_examples=MANY_ANSWERS)
def test_a_what_if_changes_one_answer_only(answers: dict[str, object]) -> None:
    scenario = is_refused_or_read({**answers, "title": "case"})
    assume(scenario is not None)
    assert scenario is not None
    changed = scenario.with_(budget=1)
    assert changed.answers() == {**scenario.answers(), "budget": 1.0}
    assert scenario.with_(budget=scenario.budget) == scenario


@given(st.sampled_from(["daily_requests", "budget", "nonsense"]), st.sampled_from([-1, "x", float("nan"), [1]]))
def test_a_what_if_is_checked_like_any_answer(name: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        Scenario().with_(**{name: value})
    assert caught.value.issues[0].field == name
