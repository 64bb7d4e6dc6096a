"""A table of cases: every row comes back once and in order, with figures or with what is wrong, in both languages."""

from pathlib import Path

import pytest

from advisor.core.places import DATABASE
from advisor.report.portfolio import COLUMNS, FUNDED_COLUMNS
from advisor.text.languages import languages
from tests.cli.conftest import rows_of

HEAD = "id,preset,daily_requests,quality_need,budget,hourly_rate"
TABLE = f"""{HEAD}
first,extraction,,,,
second,,20000,high,40000,60
,chat,5000,,,
broken,,ten,high,-1,
lost,nowhere,100,,,
open,,,high,,
wide,extraction,,,,,,more
last,extraction,60000,,,
"""


def test_every_row_comes_back_once_in_order(run, table, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    out, err = run("portfolio", table(TABLE), "-o", str(target))
    assert err == ""
    assert str(target) in out
    assert "4 of 8" in out
    found = rows_of(target.read_text(encoding="utf-8"))
    assert tuple(found[0]) == COLUMNS
    assert [row["id"] for row in found] == ["first", "second", "4", "broken", "lost", "open", "wide", "last"]
    assert [bool(row["npv"]) for row in found] == [True, True, True, False, False, False, False, True]
    assert all(bool(row["npv"]) != bool(row["reason"]) for row in found)
    assert {**found[0], "id": ""} == {**found[-1], "id": ""}
    assert found[0]["matrix"] == "strongly"
    assert found[0]["payback_status"] == "ok"


@pytest.mark.parametrize("language", languages())
def test_a_faulty_row_names_each_field_and_what_would_be_right(run, table, language: str) -> None:
    found = rows_of(run("portfolio", table(TABLE), "--language", language)[0])
    reasons = {row["id"]: row["reason"] for row in found}
    assert "daily_requests" in reasons["broken"]
    assert "budget" in reasons["broken"]
    assert "preset" in reasons["lost"]
    assert len({*reasons.values()}) == 5
    assert (language == "zh") == any("\u4e00" <= letter <= "\u9fff" for letter in reasons["open"])


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "empty"),
        (HEAD + "\n", "no row"),
        (HEAD.replace("budget", "budgett") + "\na,,1,high,2,3\n", "budget"),
        (HEAD + ",ranges\na,,1,high,2,3,x\n", "ranges"),
        (HEAD + ",budget\na,,1,high,2,3,4\n", "twice"),
        (HEAD + '\na,"1,high,2,3\n', "line 2"),
        (b"PK\x03\x04\xff\xff", "UTF-8"),
    ],
)
def test_a_file_that_is_no_such_table(run, table, content: str | bytes, part: str) -> None:
    out, err = run("portfolio", table(content), code=2)
    assert out == ""
    assert part in err
    assert "Traceback" not in err


def test_the_table_itself_is_never_overwritten(run, table) -> None:
    path = table(TABLE)
    assert "would be lost" in run("portfolio", path, "-o", path, code=2)[1]


def test_a_table_that_is_not_there(run) -> None:
    assert "no file" in run("portfolio", "nowhere.csv", code=2)[1]


def test_an_id_is_no_formula_for_a_spreadsheet(run, table) -> None:
    (row,) = rows_of(run("portfolio", table("id,preset\n=1+1,extraction\n"))[0])
    assert row["id"] == "'=1+1"


@pytest.mark.parametrize("head", ["name", "Project name", "项目", "title"])
def test_a_column_of_names_names_the_rows_where_none_has_ids(run, table, head: str) -> None:
    rows = "Mails,extraction,5000\nChat,chat,7000\n"
    assert [row["id"] for row in rows_of(run("portfolio", table(f"{head},preset,daily_requests\n{rows}"))[0])] == [
        "Mails",
        "Chat",
    ]
    out, err = run("portfolio", table(f"{head},preset,daily_requests,id\nMails,extraction,5000,a1\n"))
    assert [row["id"] for row in rows_of(out)] == ["a1"]
    assert (head in err) == (head != "title")  # which is a question, so that nothing is left out


@pytest.mark.parametrize("head", ["每日请求数", "Request a day"])
def test_a_misspelt_label_is_asked_back_and_not_left_out(run, table, head: str) -> None:
    out, err = run("portfolio", table(f"preset,{head}\nextraction,5000\n"), code=2)
    assert out == ""
    assert "daily_requests" in err


def test_what_the_model_does_and_its_bill_are_columns(run, table) -> None:
    """Each changes what a case comes to, and a fault in either is named."""
    head = "id,daily_requests,quality_need,budget,use_case,current_monthly_bill"
    rows = "plain,20000,high,40000,,\nuse,20000,high,40000,extraction,\nbill,20000,high,40000,extraction,30000\n"
    found = rows_of(run("portfolio", table(f"{head}\n{rows}"))[0])
    assert [row["reason"] for row in found] == ["", "", ""]
    assert len({row["npv"] for row in found}) == 3
    wrong = rows_of(run("portfolio", table(f"{head}\nx,1,high,1,cooking,-1\n"), code=2)[0])[0]["reason"]
    assert "use_case" in wrong
    assert "current_monthly_bill" in wrong


# --- One budget for all ---------------------------------------------------------------------------


def test_a_budget_adds_the_place_of_each_row(run, table) -> None:
    out, err = run("portfolio", table(TABLE), "--budget", "20k")
    found = {row["id"]: row for row in rows_of(out)}
    assert tuple(next(iter(found.values()))) == (*COLUMNS, *FUNDED_COLUMNS)
    assert [row["funded"] for row in found.values()].count("yes") == 1
    assert found["second"]["why"] == "Not funded: on average it costs more than it brings"
    assert found["open"]["asks"]
    assert found["open"]["value"] == found["open"]["rank"] == ""
    assert found["broken"]["why"] == found["broken"]["reason"]
    assert float(found["4"]["asks"]) == pytest.approx(float(found["4"]["investment"]) / 6.8, rel=0.05)
    assert found["4"]["budget_currency"] == "USD"
    assert "1 of 8 cases" in err
    assert "6.8012 CNY" in err


def test_the_figures_of_the_rows_are_the_same_with_a_budget(run, table) -> None:
    path = table(TABLE)
    plain, with_budget = (rows_of(run("portfolio", path, *more)[0]) for more in ((), ("--budget", "20k")))
    assert [{name: row[name] for name in COLUMNS} for row in with_budget] == plain


@pytest.mark.parametrize("language", languages())
def test_what_the_budget_buys_is_told_beside_the_file(run, table, tmp_path: Path, language: str) -> None:
    target = str(tmp_path / "out.csv")
    out, _ = run("portfolio", table(TABLE), "--budget", "30k", "-o", target, "--language", language)
    assert "%" in out
    assert len(out.splitlines()) == 9


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (("--budget", "much"), "--budget"),
        (("--budget", "\u20ac5k"), "choose another currency"),
        (("--budget", "5k", "--currency", "XYZ"), "--currency"),
        (("--currency", "USD"), "--budget"),
        (("--budget", "5k", "--tag", "mail"), "--kept"),
    ],
)
def test_an_unusable_budget(run, table, options: tuple[str, ...], part: str) -> None:
    out, err = run("portfolio", table(TABLE), *options, code=2)
    assert out == ""
    assert part in err


def test_the_currency_of_the_budget_may_be_chosen(run, table) -> None:
    found = rows_of(run("portfolio", table(TABLE), "--budget", "\u20ac5k", "--currency", "eur")[0])
    assert {row["budget_currency"] for row in found} == {"EUR"}


def test_nothing_named(run) -> None:
    assert "--kept" in run("portfolio", code=2)[1]


# --- Kept cases -----------------------------------------------------------------------------------


@pytest.fixture
def own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'kept' / 'cases.db'}")
    monkeypatch.delenv("ADVISOR_USER", raising=False)


@pytest.mark.usefixtures("own_database")
def test_nothing_kept_is_told(run) -> None:
    assert "cases list" in run("portfolio", "--kept", code=2)[1]


@pytest.mark.usefixtures("own_database", "short_reports")
def test_kept_cases_stand_beside_a_table(run, table) -> None:
    for name, case, tag in (("Mails", "extraction", "mail"), ("Chat", "chat", "talk"), ("Old", "extraction", "mail")):
        run("cases", "save", case, "--name", name, "--tag", tag)
    old = rows_of(run("portfolio", "--kept", "--tag", "mail")[0])[0]["id"]
    run("cases", "archive", old)
    found = rows_of(run("portfolio", table(TABLE), "--kept", "--budget", "20k")[0])
    assert sorted(row["name"] for row in found if row["name"]) == ["Chat", "Mails"]
    assert len(found) == 8 + 2
    (mails,) = [row for row in found if row["name"] == "Mails"]
    assert mails["kept_verdict"] == mails["verdict"] == "yes"
    assert (mails["kept_asks"], mails["kept_value"]) == (mails["asks"], mails["value"])
    (draft,) = rows_of(run("portfolio", "--kept", "--tag", "mail", "--status", "draft")[0])
    assert draft["name"] == "Mails"
    assert "cases list" in run("portfolio", "--kept", "--status", "approved", code=2)[1]
