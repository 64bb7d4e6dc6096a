"""Tables of cases as Parquet or in a folder: the figures of the same table as CSV, in chunks, resumed, bounded."""

import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from advisor.cli import main
from advisor.report import portfolio_files
from advisor.report.portfolio import COLUMNS, FUNDED_COLUMNS, written
from advisor.report.portfolio_funding import BY_FIGURES
from advisor.text.languages import languages
from tests.cli.conftest import rows_of

CASES = {
    "id": ["first", None, "broken", "lost", "open", "last"],
    "preset": ["extraction", "chat", None, "nowhere", None, "extraction"],
    "daily_requests": [None, 5000.0, float("nan"), 100.0, None, 60000.0],
    "quality_need": [None, None, "high", None, "high", None],
    "budget": ["", "40,000", "much", None, None, "40k"],
    "input_tokens": [None, 900, 1, 2, None, 812],
    "notes": [["a"], None, None, None, None, []],
}


def saved(path: Path, cases: dict[str, list[object]], **how: object) -> str:
    parquet.write_table(pa.table(cases), path, **how)
    return str(path)


INTERRUPTED = 130


def as_csv(cases: dict[str, list[object]]) -> str:
    names = [name for name in cases if name != "notes"]
    lines = [",".join(names)]
    for row in zip(*(cases[name] for name in names), strict=True):
        cells = ["" if each is None or each != each else str(each) for each in row]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(lines) + "\n"


def as_text(path: Path) -> list[dict[str, str]]:
    return [{name: written(name, value) for name, value in row.items()} for row in parquet.read_table(path).to_pylist()]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio_files, "ROWS_AT_ONCE", 4)
    monkeypatch.setattr("advisor.cli.portfolio_bulk.ROWS_AT_ONCE", 4)


@pytest.mark.parametrize("language", languages())
def test_parquet_says_what_the_same_table_says_as_csv(run, table, tmp_path: Path, language: str) -> None:
    source, target = saved(tmp_path / "cases.parquet", CASES, row_group_size=3), tmp_path / "out.parquet"
    out, err = run("portfolio", source, "-o", str(target), "--language", language)
    assert str(target) in out
    assert "notes" in err
    found = as_text(target)
    assert [*found[0]] == [*COLUMNS]
    expected = rows_of(run("portfolio", table(as_csv(CASES)), "--language", language)[0])
    expected[1]["id"] = "2"  # a row of Parquet has its place for an id, one of CSV its line
    assert found == expected
    assert parquet.read_schema(target).field("npv").type == pa.float64()
    assert not list(tmp_path.glob(".*"))


def test_csv_becomes_parquet_and_parquet_becomes_csv(run, table, tmp_path: Path) -> None:
    source, text = saved(tmp_path / "cases.parquet", CASES), table(as_csv(CASES))
    run("portfolio", text, "-o", str(tmp_path / "of_text.parquet"))
    run("portfolio", source, "-o", str(tmp_path / "of_parquet.csv"))
    of_parquet = rows_of((tmp_path / "of_parquet.csv").read_text(encoding="utf-8"))
    assert [row["npv"] for row in of_parquet] == [row["npv"] for row in as_text(tmp_path / "of_text.parquet")]
    assert rows_of(run("portfolio", source)[0]) == of_parquet


def test_types_of_columns_are_read_as_what_they_say(run, tmp_path: Path) -> None:
    whole = pa.array([20_000, 30_000])
    columns = {
        "id": pa.array([7, 8]),
        "preset": pa.array(["extraction", "chat"]).dictionary_encode(),
        "Daily requests": whole,
        "budget": pa.array(["40.000,50", "1.234.567,5"]),
        "cheaper_model_passes": pa.array([True, False]),
        "as_of": pa.array([date(2026, 11, 1), date(2026, 11, 2)]).cast(pa.timestamp("us")),
        "hourly_rate": pa.array([50, 60]).cast(pa.decimal128(21, 2)),
    }
    source = saved(tmp_path / "cases.parquet", columns)
    run("portfolio", source, "-o", str(tmp_path / "out.parquet"))
    assert [(row["id"], row["reason"]) for row in as_text(tmp_path / "out.parquet")] == [("7", ""), ("8", "")]


def test_heads_give_their_units_to_numbers_of_every_type(run, tmp_path: Path) -> None:
    plain = {"daily_requests": [20_000, 30_000], "budget": [40_000.0, 1_250.5], "fallback_share": [0.15, 0.005]}
    heads = {
        "Daily requests (k)": pa.array([20, 30], pa.int16()),
        "Budget (k$)": pa.array([40.0, 1.2505]),
        "Fallback share (%)": pa.array(["15", "0.5"]),
    }
    found = []
    for columns in (plain, heads):
        source = saved(tmp_path / "cases.parquet", {"id": [1, 2], "quality_need": ["high", "normal"], **columns})
        run("portfolio", source, "-o", str(tmp_path / "out.parquet"))
        found.append(as_text(tmp_path / "out.parquet"))
    assert found[0] == found[1]
    assert [row["reason"] for row in found[0]] == ["", ""]


def test_the_decimal_sign_is_that_of_the_whole_column(run, tmp_path: Path) -> None:
    """Chunk by chunk the first rows would have had two readings."""
    rates = ["1.234"] * 8 + ["99,5"]
    source = saved(tmp_path / "cases.parquet", {"preset": ["extraction"] * 9, "hourly_rate": rates})
    run("portfolio", source, "-o", str(tmp_path / "out.parquet"))
    *thousands, last = [row["reason"] for row in as_text(tmp_path / "out.parquet")]
    assert all("$1,234 per hour" in reason for reason in thousands)  # which can hardly be meant, and is told
    assert not last


# --- Interrupted --------------------------------------------------------------------------------------------


LONG = {
    "preset": ["extraction"] * 1000,
    "daily_requests": [100.0 + 37 * k for k in range(1000)],
    "hourly_rate": [50.0 + k / 10 for k in range(1000)],
}
CALL = """
import sys
from advisor.cli import main, portfolio_bulk
from advisor.report import portfolio_files
portfolio_files.ROWS_AT_ONCE = portfolio_bulk.ROWS_AT_ONCE = 100
sys.exit(main(sys.argv[1:]))
"""


def test_a_killed_run_goes_on_and_ends_byte_for_byte_as_one_that_was_not(run, tmp_path: Path, monkeypatch) -> None:
    source, whole, target = saved(tmp_path / "c.parquet", LONG), tmp_path / "whole.parquet", tmp_path / "out.parquet"
    call = ("portfolio", source, "-o", str(target), "--language", "en")
    killed, parts = subprocess.Popen([sys.executable, "-c", CALL, *call]), tmp_path / ".out.parquet.parts"
    ends = time.monotonic() + 300
    while len(list(parts.glob("*.parquet"))) < 3 and killed.poll() is None and time.monotonic() < ends:
        time.sleep(0.002)
    killed.kill()
    killed.wait(10)
    assert 3 <= len(list(parts.glob("*.parquet"))) < 10
    assert not target.exists()
    monkeypatch.setattr(portfolio_files, "ROWS_AT_ONCE", 100)
    monkeypatch.setattr("advisor.cli.portfolio_bulk.ROWS_AT_ONCE", 100)
    assert "interrupted" in run(*call)[1]
    run("portfolio", source, "-o", str(whole))
    assert target.read_bytes() == whole.read_bytes()
    assert not parts.exists()


def interrupted(run, monkeypatch: pytest.MonkeyPatch, source: str, target: Path, after: int = 1) -> Path:
    """A run that stops after some parts, as if the machine had."""
    from advisor.cli import portfolio_bulk

    done, compute = [], portfolio_bulk._computed

    def stops(*given):
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(given)
        return compute(*given)

    with monkeypatch.context() as patched:
        patched.setattr(portfolio_bulk, "_computed", stops)
        run("portfolio", source, "-o", str(target), code=INTERRUPTED)
    return target.parent / f".{target.name}.parts"


@pytest.mark.parametrize("changed", ["rows", "language", "nothing"])
def test_parts_of_another_run_are_not_taken(run, tmp_path: Path, monkeypatch, changed: str) -> None:
    source, target = saved(tmp_path / "cases.parquet", CASES), tmp_path / "out.parquet"
    parts = interrupted(run, monkeypatch, source, target)
    assert [each.name for each in parts.glob("*.parquet")] == ["000000.parquet"]
    told = ["--language", "zh"] if changed == "language" else []
    if changed == "rows":
        saved(tmp_path / "cases.parquet", {**CASES, "daily_requests": [1000.0] * 6})
    _, err = run("portfolio", source, "-o", str(target), *told)
    assert ("interrupted" in err) == (changed == "nothing")
    run("portfolio", source, "-o", str(tmp_path / "whole.parquet"), *told)
    assert target.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_a_part_that_is_not_whole_is_computed_again(run, tmp_path: Path, monkeypatch) -> None:
    source, target = saved(tmp_path / "cases.parquet", CASES), tmp_path / "out.parquet"
    parts = interrupted(run, monkeypatch, source, target)
    part = parts / "000000.parquet"
    part.write_bytes(part.read_bytes()[:100])
    run("portfolio", source, "-o", str(target))
    assert len(as_text(target)) == 6


# --- A folder -----------------------------------------------------------------------------------------------


def test_a_folder_gives_one_output_for_each_table(run, tmp_path: Path) -> None:
    tables, target = tmp_path / "tables", tmp_path / "out"
    tables.mkdir()
    saved(tables / "one.parquet", CASES)
    (tables / "two.csv").write_text(as_csv(CASES), encoding="utf-8")
    (tables / "readme.md").write_text("not a table", encoding="utf-8")
    out, _ = run("portfolio", str(tables), "-o", str(target))
    assert sorted(each.name for each in target.iterdir()) == ["one.parquet", "two.csv"]
    assert out.count("2 of 6") + out.count("3 of 6") == 2
    two = rows_of((target / "two.csv").read_text(encoding="utf-8"))
    assert [row["npv"] for row in as_text(target / "one.parquet")] == [row["npv"] for row in two]


def test_a_faulty_file_of_a_folder_stops_no_other(run, tmp_path: Path) -> None:
    tables, target = tmp_path / "tables", tmp_path / "out"
    tables.mkdir()
    (tables / "bad.parquet").write_bytes(b"PAR1 and no more")
    saved(tables / "good.parquet", CASES)
    _, err = run("portfolio", str(tables), "-o", str(target), code=2)
    assert "bad.parquet" in err
    assert [each.name for each in target.iterdir()] == ["good.parquet"]


def test_a_folder_goes_on_behind_the_files_that_are_done(run, tmp_path: Path, monkeypatch) -> None:
    tables, target = tmp_path / "tables", tmp_path / "out"
    tables.mkdir()
    for name in ("one", "two"):
        saved(tables / f"{name}.parquet", CASES)
    interrupted(run, monkeypatch, str(tables), target, after=3)
    first = (target / "one.parquet").stat().st_mtime_ns
    run("portfolio", str(tables), "-o", str(target))
    assert (target / "one.parquet").stat().st_mtime_ns == first
    assert (target / "one.parquet").read_bytes() == (target / "two.parquet").read_bytes()
    assert sorted(each.name for each in target.iterdir()) == ["one.parquet", "two.parquet"]


# --- One budget ---------------------------------------------------------------------------------------------


def test_few_cases_under_a_budget_are_drawn_as_in_csv(run, table, tmp_path: Path) -> None:
    cases = {name: cells[:2] + cells[-1:] for name, cells in CASES.items()}
    target = tmp_path / "out.parquet"
    out, _ = run("portfolio", saved(tmp_path / "cases.parquet", cases), "-o", str(target), "--budget", "200k")
    expected, err = run("portfolio", table(as_csv(cases)), "--budget", "200k")
    found, told = as_text(target), rows_of(expected)
    assert [*found[0]] == [*COLUMNS, *FUNDED_COLUMNS]
    assert [{**row, "id": ""} for row in found] == [{**row, "id": ""} for row in told]
    assert err.strip() in out


def test_many_cases_under_a_budget_are_ranked_by_their_figures(run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("advisor.cli.portfolio_bulk.MOST_CANDIDATES", 3)
    cases = {"preset": ["extraction"] * 5 + ["nowhere"], "daily_requests": [1e5, 2e4, 1e6, 1.0, 5e5, 1.0]}
    target = tmp_path / "out.parquet"
    out, _ = run("portfolio", saved(tmp_path / "cases.parquet", cases), "-o", str(target), "--budget", "1000")
    assert "not simulated" in out
    assert not any(row["funded"] == "yes" for row in as_text(target))
    run("portfolio", saved(tmp_path / "cases.parquet", cases), "-o", str(target), "--budget", "100m")
    found = as_text(target)
    assert [*found[0]] == [*COLUMNS, *BY_FIGURES]
    worth = {row["rank"]: float(row["npv"]) / float(row["investment"]) for row in found[:5]}
    assert [worth[str(k)] for k in range(1, 6)] == sorted(worth.values(), reverse=True)
    assert [row["funded"] for row in found] == [
        "yes" if row["npv"] and float(row["npv"]) > 0 else "no" for row in found
    ]
    assert found[5]["rank"] == ""
    assert all(row["why"] for row in found)


# --- What is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    "fault", ["broken", "nested", "no tables", "no folder", "same folder", "budget", "kept", "empty"]
)
def test_what_cannot_be_done_is_one_line(run, tmp_path: Path, fault: str, language: str) -> None:
    folder, good = tmp_path / "tables", saved(tmp_path / "good.parquet", CASES)
    folder.mkdir()
    if fault != "no tables":
        saved(folder / "a.parquet", CASES)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(Path(good).read_bytes()[:-20])
    calls = {
        "broken": [str(broken)],
        "nested": [saved(tmp_path / "nested.parquet", {"preset": ["chat"], "budget": [[1.0]]})],
        "empty": [saved(tmp_path / "none.parquet", {"preset": pa.array([], pa.string())})],
        "no tables": [str(folder), "-o", str(tmp_path / "out")],
        "no folder": [str(folder)],
        "same folder": [str(folder), "-o", str(folder)],
        "budget": [str(folder), "-o", str(tmp_path / "out"), "--budget", "1k"],
        "kept": [good, "--kept"],
    }
    out, err = run("portfolio", *calls[fault], "--language", language, code=2)
    assert out == ""
    assert "Traceback" not in err
    assert len([line for line in err.splitlines() if "notes" not in line]) == 1
    assert (language == "zh") == any("\u4e00" <= letter <= "\u9fff" for letter in err)


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_file_is_told_or_read(run, tmp_path: Path, seed: int) -> None:
    """Whatever bytes are wrong: an answer, or one line that says what it is; never a traceback."""
    chance, path = random.Random(seed), tmp_path / "cases.parquet"
    saved(path, CASES)
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 5, 50))):
        content[chance.randrange(4, len(content))] = chance.randrange(256)
    path.write_bytes(content)
    call = ("portfolio", str(path), "-o", str(tmp_path / "out.parquet"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tests.cli.conftest.main", lambda given: 0 if main(given) in (0, 2) else 1)
        assert "Traceback" not in run(*call)[1]


def test_progress_is_told_where_it_is_asked_for(run, tmp_path: Path) -> None:
    source, target = saved(tmp_path / "cases.parquet", CASES), str(tmp_path / "out.parquet")
    assert "%" not in run("portfolio", source, "-o", target)[1]
    assert "100 %" in run("portfolio", source, "-o", target, "--progress")[1]
