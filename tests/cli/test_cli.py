"""The command line in process: what it prints, what it refuses, and how it leaves."""

import io
import json
import os
from itertools import cycle
from pathlib import Path
from types import SimpleNamespace

import pytest

from advisor import __version__
from advisor.core.notices import DataError
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import catalog

ON = ("--as-of", "2026-11-20")
TURNS = list(zip(catalog().presets, cycle(languages()), strict=False))
"""Every preset once; the languages take turns. What a text holds in both is asked of the renderer, test_renderers."""
NEEDED = "daily_requests: 10000\nquality_need: normal\nbudget: 5000\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(NEEDED, encoding="utf-8")
    return path


def give(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))


# -- assess ---------------------------------------------------------------------------------------------


def test_article_001_shows_the_published_figures(run) -> None:
    out, err = run("assess", "article-001", *ON)
    for figure in ("$2,036", "$2,700", "0.8 months (0.754)", "1,491.4%", "Strong"):
        assert figure.lower() in out.lower(), figure
    assert err == ""


def test_article_001_as_json(run) -> None:
    result = json.loads(run("assess", "article-001", "--json", *ON)[0])
    assert result["verdict"] == "strong_yes"
    assert {name: result["metrics"][name]["value"] for name in ("investment", "monthly_savings")} == {
        "investment": 2036,
        "monthly_savings": 2700,
    }
    assert result["metrics"]["payback_months"]["value"] == pytest.approx(0.754074, abs=1e-6)
    assert result["metrics"]["annual_roi"]["value"] == pytest.approx(14.914, abs=5e-4)
    assert result["as_of"] == "2026-11-20"


def test_the_walk_from_the_article_is_told(run) -> None:
    out, _ = run("assess", "article-001-today", *ON)
    assert "step by step" in out
    assert "0.8 months (0.754)" in out


@pytest.mark.parametrize(("preset", "language"), TURNS)
def test_every_preset_is_assessed(run, preset: str, language: str) -> None:
    out, err = run("assess", preset, "--language", language, *ON)
    assert len(out.splitlines()) > 40
    assert err == ""
    assert "nan" not in out.split()


def test_a_file_and_standard_input_say_the_same(run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, NEEDED.encode())
    assert run("assess", str(case), *ON) == run("assess", "-", *ON)


def test_the_id_of_a_preset_wins_over_a_file(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chat").mkdir()
    monkeypatch.chdir(tmp_path)
    assert "Chat assistant" in run("assess", "chat", *ON)[0]
    assert "folder" in run("assess", "./chat", *ON, code=2)[1]


def test_the_day_decides_the_prices(run) -> None:
    early, late = (run("assess", "chat", "--json", "--as-of", day)[0] for day in ("2026-11-10", "2026-11-20"))
    assert (json.loads(early)["as_of"], json.loads(late)["as_of"]) == ("2026-11-10", "2026-11-20")


# -- refusals: one line a fault, naming the field, exit code 2 -------------------------------------------


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ("daily_requests: ten\nquality_need: normal\nbudget: -1\n", ["daily_requests", "budget"]),
        ("daily_requests: 1\n", ["quality_need", "budget"]),
        (NEEDED + "current_model: gpt-nobody\n", ["current_model"]),
        (NEEDED + "serving_gpu: h1000\n", ["serving_gpu"]),
        (NEEDED + 'training_gpu: "\'; drop table"\n', ["training_gpu"]),
        (NEEDED + "serving_route: hosted\ntuned_model: nobody/nothing\n", ["tuned_model"]),
        (NEEDED + "preset: article-999\n", ["preset"]),
        (NEEDED + "hourly_rat: 5\n", ["hourly_rat"]),
        (NEEDED + "as_of: 9999-12-31\n", ["as_of"]),
        ("", ["file"]),
    ],
)
@pytest.mark.parametrize("language", languages())
def test_faults_of_a_case(run, case: Path, content: str, fields: list[str], language: str) -> None:
    case.write_text(content, encoding="utf-8")
    out, err = run("assess", str(case), "--language", language, code=2)
    assert out == ""
    lines = err.splitlines()
    assert len(lines) == len(fields)
    for line, field in zip(lines, fields, strict=True):
        assert line.startswith(str(case))
        assert field == "file" or field in line


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("nowhere.yaml", "There is no file"),
        ("nowhere/case.yaml", "There is no file"),
        ("article-01", "article-001"),
        ("artikel", "neither a preset nor a file"),
        ("", "neither a preset nor a file"),
        ("a\0b", "neither a preset nor a file"),
        ("x" * 300, "cannot be read"),
        ("\x1b[2J", "neither a preset nor a file"),
        (".", "folder"),
    ],
)
def test_no_such_case(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, part: str) -> None:
    monkeypatch.chdir(tmp_path)
    out, err = run("assess", name, code=2)
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("SCENARIO: ")
    assert part in line
    assert line.isprintable()


def test_an_unreadable_file(run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("advisor.catalog.loader.load_catalog", lambda: SimpleNamespace(presets={}))
    assert "no permission" in run("assess", str(case), code=2)[1]


def test_an_endless_file_is_not_read_to_its_end(run) -> None:
    assert "/dev/zero" in run("assess", "/dev/zero", code=2)[1]


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "1000-01-01", "9999-01-01", "20261120", ""])
def test_no_such_day(run, day: str) -> None:
    assert "as_of" in run("assess", "chat", "--as-of", day, code=2)[1]


def test_a_broken_data_file(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DataError("data/models/gemma.yaml", "gemma", "no licence", "name one")

    monkeypatch.setattr("advisor.catalog.loader.load_catalog", refuse)
    out, err = run("assess", "chat", code=2)
    assert out == ""
    assert "data/models/gemma.yaml: gemma: no licence" in err


@pytest.mark.parametrize(
    "arguments",
    ["", "nothing", "assess", "assess chat --colour", "report chat", "presets --language fr"],
)
def test_a_wrong_call(run, arguments: str) -> None:
    assert run(*arguments.split(), code=2)[1].startswith("usage: advisor")


def test_a_wrong_call_and_the_help_speak_the_language_of_the_reader(run) -> None:
    help_text = run("assess", "--help", "--language", "zh")[0]
    assert help_text.startswith("\u7528\u6cd5\uff1aadvisor assess")
    assert "usage" not in help_text
    assert "positional" not in help_text
    for call in (["assess"], ["assess", "chat", "--colour"], ["assess", "chat", "--as-of"], ["presets", "--json=3"]):
        told = run(*call, "--language=zh", code=2)[1].splitlines()[-1]
        assert told.startswith("advisor")
        assert "\u9519\u8bef\uff1a" in told
        assert not {"error", "argument", "required", "expected"} & set(told.split())
    assert run("assess", "--help")[0].startswith("usage: advisor assess")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("call", ["assess chat --lang zh", "presets --js", "report chat --out x.pdf -o x.pdf"])
def test_an_option_that_is_not_written_out_is_named(run, call: str, language: str) -> None:
    """It would be taken for another one: the language, for instance, has been chosen by then."""
    told = run(*call.split(), "--language", language, code=2)[1].splitlines()[-1]
    name = next(word for word in call.split() if word.startswith("--"))
    words = Translator(language)("cli.parser.unrecognized", text=name)
    assert words in told


@pytest.mark.parametrize(("preset", "language"), TURNS)
def test_the_costs_behind_every_case_are_told(run, preset: str, language: str) -> None:
    text = run("costs", preset, *ON, "--language", language)[0]
    assert len(text.split("\n\n")) > 5
    assert "{" not in text
    assert "nan" not in text


def test_the_costs_as_json_are_those_of_the_assessment(run) -> None:
    found = json.loads(run("costs", "extraction", *ON, "--json")[0])
    rows = {row["id"]: row for row in json.loads(run("assess", "extraction", *ON, "--json")[0])["assumptions"]}
    assert found["training"]["gpu"] == rows["training_gpu"]["value"]
    assert found["training"]["tokens_per_s"] == pytest.approx(rows["training_tokens_per_second"]["value"])
    chosen = next(card for card in found["serving"]["cards"] if card["is_chosen"])
    assert chosen["gpu"] == rows["serving_gpu"]["value"]
    assert chosen["output_tokens_per_s"] == pytest.approx(rows["replica_tokens_per_second"]["value"])
    assert found["levers"]["months"] > 0
    lora = next(m for m in found["training"]["memory"] if m["method"] == "lora")
    assert sum(lora["parts"].values()) == pytest.approx(lora["total"])


# -- report ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "start"), [("pdf", b"%PDF-"), ("md", b"# "), ("json", b"{"), ("csv", b"\xef\xbb\xbf")]
)
def test_a_report_of_each_kind(run, tmp_path: Path, suffix: str, start: bytes) -> None:
    if suffix in ("pdf", "md"):
        pytest.importorskip("advisor.report.build", exc_type=ModuleNotFoundError)
    target = tmp_path / f"report.{suffix.upper()}"
    out, _ = run("report", "article-001", "-o", str(target), "--language", "zh", *ON)
    assert str(target) in out
    assert target.read_bytes().startswith(start)


def test_the_json_report_is_what_assess_prints(run, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    run("report", "chat", "-o", str(target), *ON)
    assert target.read_text(encoding="utf-8") == run("assess", "chat", "--json", *ON)[0]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("", "folder"),
        (".", "folder"),
        ("new/", "folder"),
        ("report", ".pdf, .pptx, .xlsx, .md, .json, .csv"),
        ("report.docx", ".pdf, .pptx, .xlsx, .md, .json, .csv"),
        (".pdf", ".pdf, .pptx, .xlsx, .md, .json, .csv"),
        ("nowhere/report.pdf", "does not exist"),
        ("a\0.pdf", "does not exist"),
        ("case.yaml/report.pdf", "does not exist"),
        ("x" * 300 + ".json", "cannot be written"),
    ],
)
def test_no_place_for_a_report(run, case: Path, monkeypatch: pytest.MonkeyPatch, name: str, part: str) -> None:
    monkeypatch.chdir(case.parent)
    out, err = run("report", "chat", "-o", name, code=2)
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("-o: ")
    assert part in line
    assert os.listdir() == ["case.yaml"]


def test_a_place_without_permission(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert "no permission" in run("report", "chat", "-o", str(tmp_path / "r.json"), code=2)[1]


def test_the_case_itself_is_not_overwritten(run, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text('{"daily_requests": 1, "quality_need": "normal", "budget": 1}', encoding="utf-8")
    before = case.read_bytes()
    assert "would be lost" in run("report", str(case), "-o", f"{tmp_path}/./case.json", code=2)[1]
    assert case.read_bytes() == before


def test_nothing_is_written_for_a_refused_case(run, tmp_path: Path) -> None:
    run("report", "article-01", "-o", str(tmp_path / "r.json"), code=2)
    assert list(tmp_path.iterdir()) == []


# -- the other commands and the language ------------------------------------------------------------------


def test_presets_start_with_the_id_that_assess_takes(run) -> None:
    ids = [line.split()[0] for line in run("presets")[0].splitlines()]
    assert ids[0] == "article-001"
    listed = json.loads(run("presets", "--json")[0])
    assert [preset["id"] for preset in listed] == ids
    assert all(set(preset) == {"id", "title", "summary", "article"} for preset in listed)


def test_schema_knows_every_question(run) -> None:
    schema = json.loads(run("schema")[0])
    assert schema["required"] == ["daily_requests", "quality_need", "budget"]
    assert schema["properties"]["hourly_rate"]["unit"] == "money/h"
    assert {"type": "string"} in schema["properties"]["volume_growth"]["anyOf"]  # 200%


def test_version(run) -> None:
    assert run("--version")[0] == f"advisor {__version__}\n"


@pytest.mark.parametrize(
    ("variables", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, False),
        ({"LANG": "en_US", "LC_ALL": "zh"}, True),
        ({"LANG": "zh_CN", "LC_ALL": ""}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "fr_FR.UTF-8"}, False),
        ({}, False),
    ],
)
def test_the_surroundings_choose_the_language(run, monkeypatch: pytest.MonkeyPatch, variables, chinese: bool) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\u6587\u7ae0" in run("presets")[0]) is chinese
    assert "\u6587\u7ae0" not in run("presets", "--language", "en")[0]


# -- what is written ------------------------------------------------------------------------------------


def test_a_report_that_cannot_be_written_leaves_the_old_one_whole(run, tmp_path: Path, monkeypatch) -> None:
    """As on a full disk: the first byte fits, the last does not."""
    old = tmp_path / "report.csv"
    old.write_text("the report of last month")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    _, err = run("report", "article-001", *ON, "-o", str(old), code=2)
    assert "no space is left" in err
    assert old.read_text() == "the report of last month"
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]


def test_a_report_keeps_the_permissions_of_the_file_it_replaces(run, tmp_path: Path) -> None:
    old = tmp_path / "report.csv"
    old.write_text("")
    old.chmod(0o640)
    run("report", "article-001", *ON, "-o", str(old))
    assert old.stat().st_size > 100
    assert old.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(("owners", "named"), [({f"gate{k}": "A" for k in range(25)}, "25"), ({"g" * 121: "A"}, "120")])
@pytest.mark.parametrize("language", languages())
def test_owners_of_invented_gates_are_refused(
    run, case: Path, owners: dict[str, str], named: str, language: str
) -> None:
    case.write_text(NEEDED + f"owners: {json.dumps(owners)}\n")
    _, err = run("assess", str(case), "--language", language, code=2)
    assert named in err
    assert "owners" in err or str(case) in err


@pytest.mark.parametrize("preset", ["article-000", "article-003", "copywriting"])
@pytest.mark.parametrize("language", languages())
def test_costs_on_a_day_with_few_prices_are_told_in_words(run, preset: str, language: str) -> None:
    """On this day no disk is priced, no card is both sold and rented, and a currency has no rate."""
    out, err = run("costs", preset, "--as-of", "2026-03-01", "--language", language)
    assert "Traceback" not in out + err
    assert len(out.splitlines()) > 10


@pytest.mark.parametrize("text", ["ranges: " + "[" * 990 + "]" * 990, '{"ranges": ' + "[" * 990 + "]" * 990 + "}"])
def test_a_file_of_deep_brackets_is_refused_by_its_name(run, case: Path, text: str) -> None:
    case.write_text(text)
    _, err = run("assess", str(case), code=2)
    assert str(case) in err
    assert len(err.splitlines()) == 1
