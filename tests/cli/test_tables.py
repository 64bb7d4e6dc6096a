"""The commands on tables: every row comes back once and in order, and a hostile file gets one line, not a traceback."""

import csv
import io
import json
import random
from pathlib import Path

import pytest

from advisor.catalog.loader import load_catalog
from advisor.cli.parser import TABLES as NAMES
from advisor.engineering.validation import report
from advisor.engineering.validation.predictions import NOT_COMPUTABLE, UNREADABLE_ROW, predict
from advisor.engineering.validation.report import VALIDATION
from advisor.engineering.validation.tables import TABLES, read_table
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import validated
from tests.cli.conftest import rows_of

SHIPPED = tuple(NAMES)
HEAD = "row_id,method,params_b,micro_batch,seq_len"
GOOD = "M1,lora,8.03,1,2048"
HEADER_ONLY = [
    ("", "empty"),
    ("\n\n  \n", "empty"),
    (HEAD + "\n", "no row"),
    (HEAD.replace(",params_b", "") + "\nM1,lora,1,2048\n", "no column params_b"),
    ("model,gpu\nLlama-3.1-8B,H100\n", "no column method"),
    (HEAD + ",method\n" + GOOD + ",full\n", "column method stands twice"),
    (HEAD.replace(",", "~") + "\n" + GOOD.replace(",", "~"), "no column method"),
    (HEAD + '\nM1,"lora,8,1,2048\nM2,lora,8,1,2048\n', "line 2"),
    (HEAD + '\nM1,"lo"ra,8,1,2048\n', "line 2"),
    (HEAD + "\nM1,lo\0ra,8,1,2048\n", "line 2"),
    ("%PDF-1.7\n%....\n", "no column"),
]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_row_comes_back_once_in_order(run, tmp_path: Path, name: str) -> None:
    source, target = VALIDATION / f"{name}.csv", tmp_path / "out.csv"
    out, err = run("predict", name, str(source), "-o", str(target))
    assert err == ""
    assert str(target) in out
    given = rows_of(source.read_text(encoding="utf-8"))
    found = rows_of(target.read_text(encoding="utf-8"))
    figure = TABLES[name].predicted
    ends = [] if name == "fits" else [f"{figure}_low", f"{figure}_high"]
    fit = {"memory": ["predicted_fits", "fit_probability"], "fits": ["fit_probability"]}.get(name, [])
    assert list(found[0]) == ["row_id", figure, *ends, *fit, "reason"]
    assert all(0 <= float(row["fit_probability"]) <= 1 for row in found if row.get("fit_probability"))
    assert all(float(row[ends[0]]) < float(row[figure]) < float(row[ends[1]]) for row in found if ends and row[figure])
    assert [row["row_id"] for row in found] == [row["row_id"] for row in given]
    assert all(row[figure] or row["reason"] for row in found)


def test_without_a_file_the_predictions_are_printed(run, table) -> None:
    (found,) = rows_of(run("predict", "memory", table(f"{HEAD}\n{GOOD}\n"))[0])
    assert found["row_id"] == "M1"
    assert 10 < float(found["predicted_gb_per_gpu"]) < 40


def test_whether_a_run_fits_is_said_with_its_probability_where_the_card_is_known(run, table) -> None:
    rows = [f"{GOOD},A100-80GB", "M2,full,70,1,2048,A100-80GB", f"{GOOD},"]
    path = table("\n".join([f"{HEAD},gpu_canonical", *rows]))
    memory = rows_of(run("predict", "memory", path)[0])
    fits = rows_of(run("predict", "fits", path)[0])
    said = [(row["predicted_fits"], row["fit_probability"]) for row in memory]
    assert said == [(row["predicted_fits"], row["fit_probability"]) for row in fits]
    assert [verdict for verdict, _ in said] == ["yes", "no", ""]
    assert float(said[0][1]) > 0.65 > 0.35 > float(said[1][1])
    assert (said[2][1], fits[2]["reason"] != "", memory[2]["predicted_gb_per_gpu"] != "") == ("", True, True)


@pytest.mark.parametrize("change", [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n"), bytes.rstrip])
def test_what_other_programs_write_reads_the_same(run, table, change) -> None:
    plain = f"{HEAD}\n{GOOD}\n\nM2,full,8.03,1,2048\n".encode()
    assert run("predict", "memory", table(change(plain))) == run("predict", "memory", table(plain))


def test_a_row_without_id_is_called_by_its_line(run, table) -> None:
    content = f'{HEAD},notes\n{GOOD},"two\nlines"\n,lora,8,1,2048\n\n,lora,8,1,2048\n'
    found = rows_of(run("predict", "memory", table(content))[0])
    assert [row["row_id"] for row in found] == ["M1", "4", "6"]


def test_a_row_that_cannot_be_predicted_says_why(run, table) -> None:
    content = f"{HEAD}\nM1,lora,8,1,-1\nM2,prompt tuning,8,1,2048\nM3,lora,8,1,2048,extra\nM4\n"
    out, err = run("predict", "memory", table(content), code=2)
    found = rows_of(out)
    assert "no row could be computed" in err
    assert [row["predicted_gb_per_gpu"] for row in found] == [""] * 4
    assert [row["reason"].split()[2] for row in found] == ["seq_len", "method", "has", "method"]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("content", "part"), HEADER_ONLY)
def test_a_file_that_is_no_such_table(run, table, content: str, part: str, language: str) -> None:
    path = table(content)
    out, err = run("predict", "memory", path, "--language", language, code=2)
    assert out == ""
    assert all(line.startswith(path) for line in err.splitlines())
    assert part in err or language != "en"
    assert "Traceback" not in err


@pytest.mark.parametrize("content", [b"\xff\xfe\x00r\x00", b"PK\x03\x04\xff\xff", bytes(range(256))])
def test_a_file_that_is_no_text(run, table, content: bytes) -> None:
    assert "UTF-8" in run("predict", "serving", table(content), code=2)[1]


def test_a_cell_too_long_for_csv_names_its_line(run, table) -> None:
    assert "line 2" in run("predict", "memory", table(f"{HEAD}\n{'x' * 200_000},lora,8,1,2048\n"), code=2)[1]


@pytest.mark.parametrize(
    ("path", "part"),
    [("nowhere.csv", "no file"), (".", "folder"), ("", "no file"), ("a\0b", "no file"), ("x" * 300, "cannot be read")],
)
def test_a_table_that_is_not_there(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, part: str) -> None:
    monkeypatch.chdir(tmp_path)
    out, err = run("predict", "speed", path, code=2)
    assert out == ""
    assert part in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("output", "part"),
    [("nowhere/out.csv", "folder"), (".", "is a folder"), ("/proc/out.csv", "cannot be written"), ("a\0b", "folder")],
)
def test_an_output_that_cannot_be_written(run, table, tmp_path: Path, monkeypatch, output: str, part: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert part in run("predict", "memory", table(f"{HEAD}\n{GOOD}\n"), "-o", output, code=2)[1]


def test_the_table_itself_is_never_overwritten(run, table) -> None:
    path = table(f"{HEAD}\n{GOOD}\n")
    assert "would be lost" in run("predict", "memory", path, "-o", path, code=2)[1]


@pytest.mark.parametrize("call", ["predict", "predict memory", "predict weather t.csv"])
def test_a_call_that_is_incomplete(run, call: str) -> None:
    assert run(*call.split(), code=2)[1].startswith("usage: advisor")


@pytest.mark.parametrize("name", SHIPPED)
def test_no_cell_breaks_a_table_and_every_reason_has_words(name: str) -> None:
    """Cells of shipped rows replaced by what people type."""
    odd = ("", "-1", "0", "nan", "1e309", "1e12", "about 7", "yes", "\u4e03", "1,000", "2048/4096", "H1000-SXM", "max")
    source = rows_of((VALIDATION / f"{name}.csv").read_text(encoding="utf-8"))
    pick = random.Random(7)
    made = []
    for row in pick.choices(source, k=1500):
        made.append({**row, **{column: pick.choice(odd) for column in pick.sample([*row], k=3)}})
    text = io.StringIO()
    writer = csv.DictWriter(text, [*source[0]])
    writer.writeheader()
    writer.writerows(made)
    rows = read_table(text.getvalue().encode(), TABLES[name]).rows
    found = predict(TABLES[name], rows, load_catalog())
    reasons = {str(value) for value in found if isinstance(value, str)}
    assert len(found) == len(made)
    for language in languages():
        assert {r for r in reasons if not Translator(language).has(f"estimates.reason.{r}")} == set()


@pytest.fixture
def validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.cli.tables.validate", lambda _: validated())


def test_validate_prints_every_estimate(run, validated_once) -> None:
    for language in languages():
        out, err = run("validate", "--language", language)
        assert err == ""
        assert "M0249" in out or "ms-swift" in out
        assert "nan" not in out
    assert "In sample" in run("validate")[0]


def test_validate_as_json(run) -> None:
    found = json.loads(run("validate", "--json")[0])
    assert found["in_sample"] is True
    assert set(found["estimates"]) == {"memory", "speed", "single", "loaded", "cost"}
    assert found["estimates"]["memory"]["overall"]["rows"] == 434
    assert all(figure["is_met"] for figure in found["figures"].values())


def test_a_missed_figure_is_told_by_the_exit_code(run, validated_once, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report.ExpectedFigure, "is_met", lambda *_: False)
    assert "MISSED" in run("validate", code=1)[0]
    assert json.loads(run("validate", "--json", code=1)[0])["figures"]["memory.median"]["is_met"] is False


def test_the_reasons_of_a_table_have_words() -> None:
    for code in (UNREADABLE_ROW, NOT_COMPUTABLE):
        assert all(Translator(language).has(f"estimates.reason.{code}") for language in languages())


def test_a_name_that_a_spreadsheet_would_compute_is_written_as_text(run, table) -> None:
    content = "row_id,gpu,params_b,method,micro_batch,seq_len\n=1+1,H100,7,lora,1,2048\n-5,H100,7,lora,1,2048\n"
    out, _ = run("predict", "memory", table(content))
    assert [row["row_id"] for row in rows_of(out)] == ["'=1+1", "-5"]
