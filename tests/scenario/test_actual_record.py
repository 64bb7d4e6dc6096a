"""Months kept with a case: read back unchanged, and refused where their sums or their order do not hold."""

from typing import Any

import pytest

from advisor.core.notices import InputError
from advisor.scenario import Scenario, dump_scenario, parse_scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import error_text

NEEDED = {"daily_requests": 10_000, "quality_need": "normal", "budget": 5_000}


def month(number: int, **changes: object) -> dict[str, object]:
    sums = {"planned_requests": 1000, "cost": 5.5, "planned_cost": 5, "saving": 20.25, "planned_saving": 30}
    return {"number": number, "name": str(number), **sums, **changes}


def record(**changes: object) -> dict[str, Any]:
    outlook = {"payback_months": 5.487, "payback_status": "ok", "npv": 12.345}
    return {
        "file": "months.csv",
        "compared_on": "2026-11-20",
        "currency": "USD",
        "months": [month(1), month(2, requests=900, assumed=["api_bill"])],
        "planned_saving": 60,
        "actual_saving": 40.5,
        "steps": {"volume": -20, "unexplained": 0.5},
        "plan": outlook,
        "now": {"payback_status": "never", "npv": -1},
        "rest": -3.5,
        **changes,
    }


def case_with(**changes: object) -> Scenario:
    return Scenario.from_answers({**NEEDED, "actuals": record(**changes)})


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_it_travels_in_files_unchanged(form: str) -> None:
    case = case_with(investment=12_000)
    assert parse_scenario(dump_scenario(case, form)) == case  # type: ignore[arg-type]
    assert case.actuals is not None
    assert case.actuals.months[1].assumed == ("api_bill",)


def test_it_holds_sums_by_month_and_no_row_of_a_log() -> None:
    kept = case_with().answers()["actuals"]
    assert set(kept["months"][1]) == {*month(1), "requests", "assumed"}


REFUSED = [
    ({"actual_saving": 41}, "actuals: actuals_do_not_add_up"),
    ({"months": [month(2), month(1)]}, "actuals: actuals_out_of_order"),
    ({"months": [month(1), month(1)]}, "actuals: actuals_out_of_order"),
    ({"months": [month(0)]}, "actuals.months.0.number: no_actuals_record"),
    ({"months": [month(1, cost="many")]}, "actuals.months.0.cost: no_actuals_record"),
    ({"months": [month(1, request="raw text")]}, "actuals.months.0.request: no_actuals_record"),
    ({"compared_on": "2026-02-30"}, "actuals.compared_on: no_actuals_record"),
    ({"currency": "ABC"}, "actuals.currency: no_actuals_record"),
    ({"rest": float("inf")}, "actuals.rest: no_actuals_record"),
    ({"plan": {"payback_status": "soon", "npv": 1}}, "actuals.plan.payback_status: no_actuals_record"),
]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("changes", "fault"), REFUSED)
def test_a_fault_names_the_part(changes: dict[str, object], fault: str, language: str) -> None:
    with pytest.raises(InputError) as caught:
        case_with(**changes)
    assert [f"{issue.field}: {issue.code}" for issue in caught.value.issues] == [fault]
    assert "{" not in error_text(Translator(language), caught.value).replace("{...}", "")
