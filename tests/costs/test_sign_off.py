"""Gates of the plan and their records: none lost, none twice, the money beside the plan's."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.assumptions import resolve
from advisor.costs.project_plan import stage_gates
from advisor.costs.sign_off import SignOff, signed_gates
from advisor.scenario import Scenario
from advisor.scenario.sign_off import DECISIONS
from tests.cases import DAY, catalog, preset

PLAN = ("data", "first_100", "evaluation", "release")


def signed(**changes: object) -> SignOff:
    case = preset("extraction", **changes)
    found = signed_gates(case, resolve(case, catalog(), DAY), catalog())
    assert found is not None
    return found


def test_nothing_recorded_is_no_sign_off() -> None:
    for case in (preset("extraction"), preset("extraction", owners={"step.first_test": "Ada"})):
        assert signed_gates(case, resolve(case, catalog(), DAY), catalog()) is None


def test_every_gate_of_the_plan_stands_in_its_order_with_owner_and_record() -> None:
    found = signed(owners={"data": "Chen"}, sign_off={"release": {"decision": "go", "released": 5}})
    assert [(gate.step, gate.number) for gate in found.gates] == list(zip(PLAN, range(1, 5), strict=True))
    assert (found.gates[0].owner, found.gates[3].record.released) == ("Chen", 5)
    assert (found.decided, found.following, found.stopped, found.gone) == (1, found.gates[0], None, ())


def test_the_plan_asks_for_what_is_spent_by_its_last_gate() -> None:
    case = preset("extraction")
    spent = stage_gates(case, resolve(case, catalog(), DAY), catalog())[-1].spent
    assert signed(sign_off={"data": {"released": 1}}).planned == spent


def test_more_released_than_planned_is_told_to_the_cent_and_not_capped() -> None:
    planned = signed(owners={"data": "Chen"}).planned
    assert planned is not None
    found = signed(sign_off={"data": {"released": planned}, "moon": {"released": 12.5}})
    assert found.released == planned + 12.5
    assert found.over == pytest.approx(12.5)
    assert signed(sign_off={"data": {"released": planned}}).over == 0


def test_a_gate_that_the_plan_has_no_more_keeps_its_record() -> None:
    found = signed(sign_off={"moon": {"decision": "stop", "remark": "kept"}}, owners={"moon": "Li", "sun": "Bo"})
    assert [(gate.step, gate.owner, gate.record.remark) for gate in found.gone] == [
        ("moon", "Li", "kept"),
        ("sun", "Bo", None),
    ]
    assert found.stopped == found.gone[0]


def test_overdue_is_what_was_due_before_the_day_of_the_case_until_the_case_is_stopped() -> None:
    due = {"data": {"due": "2026-11-19"}, "first_100": {"due": "2026-11-20"}}
    assert [gate.step for gate in signed(sign_off=due).late] == ["data"]
    assert signed(sign_off={**due, "evaluation": {"decision": "stop"}}).late == ()


def test_without_a_price_there_is_no_plan_and_every_record_stays() -> None:
    case = preset("extraction", training_gpu="rtx-3090-24gb", training_source="own_card", sign_off={"data": {}})
    a = resolve(case, catalog(), DAY)
    unpriced = replace(a, rows={**a.rows, "card_price": replace(a.rows["card_price"], value=None)})
    found = signed_gates(case, unpriced, catalog())
    assert found is not None
    assert (found.planned, found.over, [gate.step for gate in found.gone]) == (None, 0.0, ["data"])


RECORDS = st.fixed_dictionaries(
    {}, optional={"decision": st.sampled_from(DECISIONS), "released": st.integers(0, 10**6)}
)


@given(st.dictionaries(st.sampled_from((*PLAN, "moon", "sun")), RECORDS, min_size=1))
def test_no_record_is_lost_and_no_gate_stands_twice(kept: dict[str, dict[str, object]]) -> None:
    found, case = signed(sign_off=kept), preset("extraction", sign_off=kept)
    assert isinstance(case, Scenario)
    assert case.sign_off is not None
    steps = [gate.step for gate in found.gates]
    assert len(steps) == len(set(steps))
    assert {gate.step: gate.record for gate in found.gates if gate.step in kept} == case.sign_off
    assert found.released == sum(record.get("released", 0) for record in kept.values())  # type: ignore[misc]
