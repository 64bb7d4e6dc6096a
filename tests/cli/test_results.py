"""The commands on a team's own results: words in both languages, JSON, the case written, and one line for a fault."""

import json
from pathlib import Path

import pytest

from advisor.scenario import parse_scenario
from advisor.text.languages import languages

CASE = """daily_requests: 60000
quality_need: high
budget: 40000
as_of: 2026-11-20
"""
KINDS = ("evaluation", "pilot", "actuals")
SCORES = "score_today,score_tuned\n" + "1,1\n" * 328 + "0,1\n" * 20 + "1,0\n" * 12 + "0,0\n" * 40


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_its_own_example_goes_through(run, table, case, kind: str, language: str) -> None:
    example, _ = run(kind, "--template")
    example = example.replace("9800", "3000").replace("10100", "3100")
    out, err = run(kind, table(example), "--case", case, "--language", language)
    assert err == ""
    assert "{" not in out
    assert (language == "zh") == any("\u4e00" <= letter <= "\u9fff" for letter in out)


@pytest.mark.parametrize("kind", KINDS)
def test_json_holds_the_records(run, table, case, kind: str) -> None:
    example, _ = run(kind, "--template")
    found = json.loads(run(kind, table(example), "--case", case, "--json")[0])
    assert found["file"] == "table.csv"
    assert found["records"]


def test_the_gate_is_told_and_the_case_is_written(run, table, case, tmp_path: Path) -> None:
    target = tmp_path / "measured.yaml"
    out, _ = run("evaluation", table(SCORES), "--margin", "3%", "--case", case, "--into", str(target))
    assert "The quality gate is passed" in out
    assert str(target) in out
    written = parse_scenario(target.read_bytes())
    assert (written.gate_result, written.evaluation_items) == ("passed", 400)
    assert written.record_of("quality_difference") is not None


def test_months_stay_with_the_case_that_is_written(run, table, case, tmp_path: Path) -> None:
    target = str(tmp_path / "measured.yaml")
    run("actuals", table("month,requests,hosting_bill\n4,900000,1800\n"), "--case", case, "--into", target)
    kept = parse_scenario(Path(target).read_bytes()).actuals
    assert kept is not None
    assert [month.requests for month in kept.months] == [900_000]
    out, _ = run("assess", target)
    assert "Estimate against actual" in out
    assert json.loads(run("assess", target, "--json")[0])["scenario"]["actuals"]["file"] == "table.csv"


@pytest.mark.parametrize("language", languages())
def test_the_gates_of_a_case_are_told_by_assess(run, case, language: str) -> None:
    path = Path(case)
    path.write_text(CASE + "preset: extraction\nsign_off: {data: {decision: stop, released: 8k}}\n", encoding="utf-8")
    out, _ = run("assess", case, "--language", language)
    assert ("Stopped at gate 1 of 4" in out) == (language == "en")
    told = json.loads(run("assess", case, "--json")[0])["sign_off"]
    assert (told["stopped_at"], told["released"]) == ("data", 8000)


@pytest.mark.parametrize("language", languages())
def test_a_fault_in_a_gate_is_one_line_that_names_it(run, case, language: str) -> None:
    path = Path(case)
    path.write_text(CASE + "sign_off: {data: {due: 2026-02-30}}\n", encoding="utf-8")
    _, err = run("assess", case, "--language", language, code=2)
    assert "sign_off.data.due" in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(("growth", "said"), [("20%", True), ("0%", False)])
def test_requests_taken_back_by_the_planned_growth_say_so(run, table, case, growth: str, said: bool) -> None:
    """30,417 requests a day were counted in the fourth month; a growth of 20 % a year until then is 4.7 % of them."""
    Path(case).write_text(f"{CASE}volume_growth: {growth}\n", encoding="utf-8")
    out, _ = run("actuals", table(f"month,requests\n4,{365 * 30_417 / 12:.0f}\n"), "--case", case)
    assert ("30,417 requests a day were counted" in out) == said


def test_months_that_cost_more_are_not_told_to_have_saved(run, table, case) -> None:
    cheap, dear = "month,requests,hosting_bill\n4,900000,180\n", "month,requests,hosting_bill\n4,900000,90000\n"
    assert "These months saved" in run("actuals", table(cheap), "--case", case)[0]
    out, _ = run("actuals", table(dear), "--case", case)
    assert "saved" not in out
    assert "Saving less cost of these months: -" in out


def test_the_bridge_is_printed_from_plan_to_actual(run, table, case) -> None:
    out, _ = run("actuals", table("month,requests,hosting_bill\n4,900000,1800\n"), "--case", case)
    assert out.index("Saving as planned") < out.index("Volume") < out.index("Hosting") < out.index("Saving as it was")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("evaluation",), "--template"),
        (("pilot", "TABLE"), "--case"),
        (("actuals", "TABLE"), "--case"),
        (("evaluation", "TABLE", "--into", "x.yaml"), "--case"),
        (("evaluation", "TABLE", "--margin", "2"), "2%"),
        (("evaluation", "TABLE", "--margin", "much"), "much"),
        (("evaluation", "TABLE", "--scale", "5-1"), "1-5"),
        (("evaluation", "TABLE", "--scale", "1-5", "--good", "9"), "9"),
        (("evaluation", "nowhere.csv"), "nowhere.csv"),
        (("actuals", "TABLE", "--case", "no-such-case"), "no-such-case"),
    ],
)
def test_a_wrong_call_is_one_line(run, table, language: str, arguments: tuple[str, ...], part: str) -> None:
    given = [table(SCORES) if each == "TABLE" else each for each in arguments]
    out, err = run(*given, "--language", language, code=2)
    assert out == ""
    assert part in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "content", ["", "\x00\x01", "{", "[1,2", "a;b\n1;2", "- -\n", "month\n1\n", "\ufeff", "%PDF-1.4"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_file_is_told_and_never_a_traceback(run, table, case, kind: str, content: str) -> None:
    _, err = run(kind, table(content), "--case", case, code=2)
    assert err
    assert "Traceback" not in err
