"""Logs on the command line: from a file to a verdict, and a summary that says the same as the log it was made of."""

import json
from pathlib import Path

import pytest

from advisor.scenario import parse_scenario
from advisor.text.languages import languages
from advisor.usage.summary import dump_profile
from tests.usage.profiles import FIGURES, usage_profile
from tests.usage.synthetic import CACHED_SHARE, DAYS, INPUT_TOKENS, write_month

ROWS = 31 * 100


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADVISOR_DATA", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def summary(tmp_path: Path) -> str:
    path = tmp_path / "usage.json"
    path.write_text(dump_profile(usage_profile()), encoding="utf-8")
    return str(path)


def test_a_month_leads_to_a_verdict_and_into_the_case(run, tmp_path: Path) -> None:
    log, told, into = (tmp_path / name for name in ("month.csv", "usage.json", "case.yaml"))
    write_month(log, ROWS)
    call = ("usage", str(log), "-o", str(told), "--case", "extraction", "--into", str(into), "--json")
    found = json.loads(run(*call)[0])
    answers = found["answers"]
    assert answers["daily_requests"]["value"] == pytest.approx(ROWS / DAYS, rel=0.01)
    assert answers["input_tokens"]["value"] == pytest.approx(INPUT_TOKENS, rel=0.02)
    assert answers["cached_input_share"]["value"] == pytest.approx(CACHED_SHARE, abs=0.001)
    assert answers["current_model"]["value"] == "openai/gpt-6.1-sol"
    assert answers["daily_requests"]["low"] < answers["daily_requests"]["value"] < answers["daily_requests"]["high"]
    assert {"verdict", "headline"} <= found["case"]["after"].keys()
    assert parse_scenario(into.read_bytes()).record_of("daily_requests") is not None
    assert json.loads(told.read_text()) == found["profile"]
    assert "key-" not in told.read_text()


@pytest.mark.parametrize("language", languages())
def test_a_summary_tells_figures_gaps_and_both_verdicts(run, summary: str, language: str) -> None:
    out, err = run("usage", summary, "--case", "extraction", "--language", language)
    assert err == ""
    assert "60,500" in out
    assert "59,200" in out
    assert (language == "zh") == any("\u4e00" <= letter <= "\u9fff" for letter in out)


def test_without_a_case_it_tells_the_figures_alone(run, summary: str) -> None:
    out = run("usage", summary)[0]
    assert "Measured:" in out
    assert "Verdict" not in out


def test_the_case_is_written_and_assessed(run, summary: str, tmp_path: Path) -> None:
    into = tmp_path / "case.json"
    assert str(into) in run("usage", summary, "--case", "extraction", "--into", str(into))[0]
    assert "spend-2026-10.parquet" in run("assess", str(into))[0]


@pytest.mark.parametrize(
    ("more", "part"),
    [
        (("--into", "x.yaml"), "--into"),
        (("--use-case", "support"), "--use-case"),
        (("-o", "usage.csv"), ".json"),
        (("--mapping", "nowhere.yaml"), "--mapping"),
        (("--case", "nowhere"), "nowhere"),
        (("--case", "chat", "--into", "case.txt"), ".yaml"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_read(
    run, summary: str, more: tuple[str, ...], part: str
) -> None:
    out, err = run("usage", summary, *more, code=2)
    assert out == ""
    assert part in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 40, b"hello\nworld\n", b"{", b"[]", b'{"a": 1}\n{"a": 2}\n'])
def test_a_file_that_is_no_log_is_named(run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "strange.csv"
    path.write_bytes(content)
    out, err = run("usage", str(path), code=2)
    assert out == ""
    assert "strange.csv" in err
    assert "Traceback" not in err


def test_a_format_that_is_not_known_names_those_that_are(run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("a,b\n1,2\n")
    assert "litellm" in run("usage", str(path), "--format", "litelm", code=2)[1]


def test_a_faulty_summary_names_the_place(run, tmp_path: Path) -> None:
    kept = json.loads(dump_profile(usage_profile(FIGURES)))
    kept["figures"]["daily_requests"]["value"] = "many"
    path = tmp_path / "usage.json"
    path.write_text(json.dumps(kept))
    out, err = run("usage", str(path), code=2)
    assert out == ""
    assert "daily_requests" in err


@pytest.mark.parametrize("language", languages())
def test_an_order_of_dates_is_asked_for_and_named(run, tmp_path: Path, language: str) -> None:
    log = tmp_path / "log.csv"
    log.write_text("TIMESTAMP,ContextTokens,GeneratedTokens\n10/1/2026 09:00,100,10\n10/2/2026 09:00,100,10\n")
    _, err = run("usage", str(log), "--language", language, code=2)
    assert "log.csv" in err
    assert "--dates month-first" in err
    found = json.loads(run("usage", str(log), "--dates", "month-first", "--json")[0])["profile"]
    assert (found["first"], found["last"]) == ("2026-10-01", "2026-10-02")
    assert "day-first" in run("usage", str(log), "--dates", "year-first", "--language", language, code=2)[1]


@pytest.mark.parametrize("language", languages())
def test_a_decimal_mark_is_asked_for_and_named(run, tmp_path: Path, language: str) -> None:
    bill, mapping = tmp_path / "bill.tsv", tmp_path / "mapping.yaml"
    bill.write_text("day\tcost\n2026-10-01\t1.234\n2026-10-31\t2.500\n", encoding="utf-8")
    mapping.write_text("table: bill\nts: day\ncost: cost\ncurrency: {constant: EUR}\n", encoding="utf-8")
    call = ("usage", str(bill), "--mapping", str(mapping), "--language", language)
    err = run(*call, code=2)[1]
    assert "bill.tsv" in err
    assert "1.234" in err
    assert "--decimal comma" in err
    bills = {}
    for mark in ("comma", "point"):
        found = json.loads(run(*call, "--decimal", mark, "--json")[0])["profile"]["figures"]
        bills[mark] = found["monthly_bill"]["value"]
    assert bills["comma"] == pytest.approx(1000 * bills["point"])
    assert "point, comma" in run(*call, "--decimal", "dot", code=2)[1]
