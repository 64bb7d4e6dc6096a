"""Tables as spreadsheets of other countries write them: computed, or refused with what can be meant."""

import pytest

from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cli.conftest import rows_of

PLAIN = "id,daily_requests,quality_need,budget,fallback_share\na,20000,high,40000,0.15\n"
PREDICT = "method,params_b,micro_batch,seq_len,gpu_memory_gb\n"


def npv(run, table, content: str | bytes) -> str:
    (row,) = rows_of(run("portfolio", table(content))[0])
    assert row["reason"] == ""
    return row["npv"]


@pytest.mark.parametrize("language", languages())
def test_thousands_by_a_point_are_refused_with_both_readings(run, table, language: str) -> None:
    content = "id,daily_requests,quality_need,budget,currency\nL,20.000,high,40.000,EUR\n"
    out, err = run("portfolio", table(content), "--language", language, code=2)
    (row,) = rows_of(out)
    assert row["npv"] == ""
    assert all(part in row["reason"] for part in ("daily_requests", "20.000", "20000", "budget", "40000"))
    assert err


@pytest.mark.parametrize(
    "content",
    [
        "id;daily_requests;quality_need;budget;fallback_share\na;20000;high;40000;0,15\n",
        "id;daily_requests;quality_need;budget;fallback_share\na;20 000;High;$40k;15 %\n",
        "sep=;\nid;daily_requests;quality_need;budget;fallback_share\na;20000;high;40000;0,15\n",
        "id\tdaily_requests\tquality_need\tbudget\tfallback_share\na\t20,000\thigh\t40,000\t0.15\n",
        "Our cases\n\nid,daily_requests,quality_need,budget,fallback_share\na,20000,high,40000,0.15\n",
        "ID,Daily Requests,quality need,BUDGET,fallback-share\na,2\u4e07,\u9ad8,4\u4e07,15%\n",
        "id;daily_requests;quality_need;budget;fallback_share\na;20000;high;40000;0,15\nTotal;20000;;40000;\n",
        "id,daily_requests,quality_need,budget,fallback_share,colour\na,20000,high,40000,0.15,red\n",
        b"\xff\xfe" + PLAIN.encode("utf-16-le"),
        PLAIN.replace("a,", "\u5ba2\u670d,").encode("gb18030"),
        PLAIN.replace("a,", "caf\u00e9,").encode("cp1252"),
    ],
)
def test_every_dress_of_a_table_says_the_same(run, table, content: str | bytes) -> None:
    assert npv(run, table, content) == npv(run, table, PLAIN)


@pytest.mark.parametrize("language", languages())
def test_the_labels_on_screen_head_columns(run, table, language: str) -> None:
    t = Translator(language)
    heads = [t(f"field.{name}.label") for name in ("daily_requests", "quality_need", "budget", "fallback_share")]
    content = ",".join(["id", *heads]) + f"\na,20000,{t('choice.high')},40000,0.15\n"
    assert npv(run, table, content) == npv(run, table, PLAIN)


@pytest.mark.parametrize("language", languages())
def test_what_is_left_out_is_told(run, table, language: str) -> None:
    content = PLAIN.replace("fallback_share\n", "fallback_share,colour\n") + "Total,20000,,40000,,\n"
    _, err = run("portfolio", table("Cases\n" + content), "--language", language)
    assert len(err.splitlines()) == 3
    assert all(part in err for part in ("colour", "4", "1"))


def test_a_number_of_the_column_tells_its_decimal_sign(run, table) -> None:
    head = "id;daily_requests;quality_need;budget\n"
    out, _ = run("portfolio", table(f"{head}a;1.200.000;high;40.000,00\nb;20.000;high;40.000\n"))
    assert [row["reason"] for row in rows_of(out)] == ["", ""]


def test_two_columns_of_one_question(run, table) -> None:
    assert "twice" in run("portfolio", table("id,budget,Budget\na,1,2\n"), code=2)[1]


@pytest.mark.parametrize("language", languages())
def test_parameters_one_by_one_are_read_as_billions_and_told(run, table, language: str) -> None:
    raw, plain = (f"{PREDICT}qlora,{size},1,2048,24\n" for size in ("7000000000", "7"))
    out, err = run("predict", "memory", table(raw), "--language", language)
    assert out == run("predict", "memory", table(plain), "--language", language)[0]
    assert all(part in err for part in ("params_b", "7000000000", "7"))


@pytest.mark.parametrize(
    ("cell", "same"), [("24576", "25.769803776"), ("25769803776", "25.769803776"), ("25,5", "25.5"), ("24", "24")]
)
def test_memory_in_another_unit(run, table, cell: str, same: str) -> None:
    made = [PREDICT.replace(",", ";") + f"qlora;7;1;2048;{each}\n" for each in (cell, same)]
    assert run("predict", "fits", table(made[0]))[0] == run("predict", "fits", table(made[1]))[0]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("seq_len", "2.048"), ("seq_len", "20.000"), ("params_b", "1,250"), ("micro_batch", "0.5"), ("params_b", "99999")],
)
def test_what_no_run_can_have_is_told_and_not_predicted(run, table, column: str, cell: str) -> None:
    cells = {"method": "qlora", "params_b": "7", "micro_batch": "1", "seq_len": "2048", column: cell}
    out, err = run("predict", "memory", table(";".join(cells) + "\n" + ";".join(cells.values()) + "\n"), code=2)
    assert rows_of(out)[0]["reason"]
    assert all(part in err for part in (column, cell))


def test_a_decimal_comma_is_no_factor_of_a_hundred(run, table) -> None:
    comma, point = (PREDICT.replace(",", ";") + f"qlora;{size};1;2048;24\n" for size in ("6,74", "6.74"))
    assert run("predict", "memory", table(comma))[0] == run("predict", "memory", table(point))[0]


def test_a_table_of_which_nothing_is_computed_is_a_failure(run, table) -> None:
    assert "no row" in run("predict", "memory", table("method,params_b,micro_batch,seq_len\nx,,,\n"), code=2)[1]
    assert "no row" in run("portfolio", table("id,daily_requests\na,\n"), code=2)[1]
    head = "id,daily_requests,quality_need,budget,preset\n"
    out, _ = run("portfolio", table(f"{head}a,60000,high,40000,extraction\nb,60000,high,40000,nonsense\n"))
    first, second = rows_of(out)
    assert first["npv"]
    assert "extraction" in second["reason"]
