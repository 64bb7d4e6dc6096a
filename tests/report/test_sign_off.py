"""What became of a case on its report: the record of the gates, and the months beside the plan."""

import json
from functools import cache

import pytest

from advisor.costs.sign_off import signed_gates
from advisor.decision.advice import Advice
from advisor.report.build import build_report
from advisor.report.case import ReportedCase
from advisor.report.document import Approval, Bullets, Document, Heading, PageBreak, Table, Verdict
from advisor.report.json import result_record
from advisor.report.markdown import render_markdown
from advisor.report.sections.decision import decision_section
from advisor.report.text import render_text
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import state
from tests.cases import advice, catalog, preset

SIGNED: dict[str, object] = {
    "owners": {"data": "Chen Wei", "evaluation": "Li Na"},
    "sign_off": {
        "data": {
            "due": "2026-11-18",
            "decision": "go",
            "decided_on": "2026-11-17",
            "decided_by": "Ada",
            "released": 8000,
            "remark": "12 relabelled | <b>",
        },
        "first_100": {"decision": "stop", "decided_by": "Bo", "criterion": "Loss above 1.2"},
        "moon": {"decision": "go", "decided_on": "2026-11-01", "decided_by": "Li", "released": 50},
    },
}


@cache
def case() -> Scenario:
    return preset("extraction", **SIGNED)


@cache
def found() -> Advice:
    return advice(preset("extraction"))


def report(language: str, about: Scenario) -> Document:
    return build_report(found(), catalog(), Translator(language), about=about)


def section(language: str, about: Scenario) -> list[object]:
    return [*decision_section(ReportedCase(found(), catalog(), Translator(language), about))]


def test_without_a_record_the_memo_ends_in_its_line_to_sign() -> None:
    blocks = section("en", preset("extraction"))
    assert isinstance(blocks[-1], Approval)
    assert blocks[-1].text == Translator("en")("memo.approval")


@pytest.mark.parametrize("language", languages())
def test_the_record_stands_behind_the_memo_and_the_stop_on_its_line(language: str) -> None:
    t, blocks = Translator(language), section(language, case())
    at = next(k for k, block in enumerate(blocks) if isinstance(block, PageBreak))
    line, heading = blocks[at - 1], blocks[at + 1]
    assert isinstance(line, Approval)
    assert isinstance(heading, Heading)
    stop = t("sign_off.stopped", number="2", count="4", gate=t("plan.step.first_100"))
    assert line.text.startswith(stop)
    assert heading.text == t("sign_off.heading")
    table = next(block for block in blocks[at:] if isinstance(block, Table))
    assert len(table.rows) == 5
    (gate, owner, due, decision, released, remark), stopped, *_, moon = table.rows
    assert owner == "Chen Wei"
    assert t("plan.stop.data") in gate
    assert remark == "12 relabelled | <b>"
    assert released == t.money(8000, "USD", 0)
    assert "2026" in due
    assert "Ada" in decision
    assert "Loss above 1.2" in stopped[0]
    assert t("sign_off.no_day") in stopped[3]
    assert moon[0] == "moon"
    (told,) = (block for block in blocks[at:] if isinstance(block, Bullets))
    assert any("moon" in text for text in told.items)
    assert any(t("plan.step.first_100") in text for text in told.items)


@pytest.mark.parametrize("language", languages())
def test_more_than_the_plan_asks_for_is_told(language: str) -> None:
    about, t = preset("extraction", sign_off={"data": {"released": 1_000_000}}), Translator(language)
    signed = signed_gates(about, found().assessment.assumptions, catalog())
    assert signed is not None
    amounts = [t.money(x, "USD", 0) for x in (1_000_000, signed.planned or 0, signed.over)]
    said = render_markdown(report(language, about)).replace("\\", "")
    assert all(amount in said for amount in amounts)


@pytest.mark.parametrize("language", languages())
def test_markdown_and_text_say_the_same(language: str) -> None:
    t = Translator(language)
    signed = signed_gates(case(), found().assessment.assumptions, catalog())
    printed = render_text(found(), t, signed=signed)
    marked = render_markdown(report(language, case())).replace("\\", "")
    for said in (t("sign_off.heading"), "Loss above 1.2", "12 relabelled | <b>", t("sign_off.decision.stop")):
        assert said in printed
        assert said in marked


def test_json_has_every_gate_in_plain_values() -> None:
    signed = signed_gates(case(), found().assessment.assumptions, catalog())
    told = json.loads(json.dumps(result_record(found(), Translator("en"), signed=signed)))["sign_off"]
    assert (told["stopped_at"], told["decided"], told["gates_of_plan"]) == ("first_100", 2, 4)
    assert told["released"] == 8050
    assert told["gates"][0]["decided_on"] == "2026-11-17"
    assert told["gates"][-1]["number"] is None
    assert result_record(found(), Translator("en"))["sign_off"] is None


def test_the_record_changes_no_figure_and_not_the_fingerprint() -> None:
    plain, signed = (ReportedCase(found(), catalog(), Translator("en"), c) for c in (preset("extraction"), case()))
    with_owners = preset("extraction", owners=SIGNED["owners"])
    owned = ReportedCase(found(), catalog(), Translator("en"), with_owners)
    assert plain.fingerprint != signed.fingerprint == owned.fingerprint
    assert state.without_about(case()) == with_owners
    first, second = (
        next(b for b in section("en", c) if isinstance(b, Verdict)) for c in (preset("extraction"), case())
    )
    assert first == second
