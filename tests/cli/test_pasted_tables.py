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


HEAD = "id,daily_requests,quality_need,budget,fallback_share"
DRESSES = {
    "Excel in Germany": "sep=;\r\nid;daily_requests;quality_need;budget;fallback_share\r\na;20000;high;40000;0,15\r\n",
    "a sep= that is wrong": "sep=,\nid;daily_requests;quality_need;budget;fallback_share\na;20000;high;40000;0,15\n",
    "UTF-16 with tabs": PLAIN.replace(",", "\t").encode("utf-16"),
    "pipes": PLAIN.replace(",", "|"),
    "Markdown": f"|{HEAD.replace(',', ' | ')}|\n|---|:--:|---|--:|---|\n|a|20000|high|40000|0.15|\n".replace(",", "|"),
    "titles, a blank line, a total and an average": (
        f"Portfolio 2026; confidential\n\nin US dollars\n{PLAIN}Summe,20000,,40000,\nAverage,20000,,40000,0.15\n"
    ),
    "a cell of two lines": PLAIN.replace("budget", "colour,budget").replace("high,", 'high,"red\nor blue",'),
    "empty columns and rows": f"{HEAD},,\n\na,20000,high,40000,0.15,,\n,,,,,,\n",
    "Mac line ends": PLAIN.replace("\n", "\r"),
    "percent in the head": f"{HEAD.replace('fallback_share', 'Fallback share (%)')}\na,20000,high,40000,15\n",
    "thousands in the head": f"{HEAD.replace('budget', 'Budget (k$)')}\na,2\u4e07,high,40,15%\n",
    "Chinese heads in GB18030": (
        "\u7f16\u53f7,\u6bcf\u65e5\u8bf7\u6c42\u91cf\uff08\u4e07\u6b21/\u5929\uff09,\u8d28\u91cf\u8981\u6c42,\u9884\u7b97\uff08\u4e07\uff09,fallback_share\n"
        "a,2,\u9ad8,4,15%\n\u5408\u8ba1,2,,4,\n"
    ).encode("gb18030"),
    "JSON": '[{"id": "a", "daily_requests": 20000, "quality_need": "High", "budget": "$40k", "fallback_share": 0.15}]',
    "JSON lines": '{"id":"a","Daily requests":"20k","quality_need":"high","budget":40000,"fallback_share":"15%"}\n',
    "YAML": "- id: a\n  daily_requests: 20 000\n  quality_need: high\n  budget: 40,000\n  fallback_share: 15 pct\n",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_a_table_however_it_was_made(run, table, dress: str) -> None:
    assert npv(run, table, DRESSES[dress]) == npv(run, table, PLAIN)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (DRESSES["Excel in Germany"], ("UTF-8", ";", "\u201c,\u201d", "fallback_share")),
        (DRESSES["UTF-16 with tabs"], ("UTF-16", "TAB")),
        (DRESSES["Markdown"], ("|",)),
        (DRESSES["titles, a blank line, a total and an average"], ("2", "6", "7")),
        (DRESSES["Chinese heads in GB18030"], ("GB18030", "3")),
    ],
)
@pytest.mark.parametrize("language", languages())
def test_what_was_recognised_is_named(run, table, language: str, content: str | bytes, told: tuple[str, ...]) -> None:
    err = run("portfolio", table(content), "--language", language)[1]
    assert all(part in err for part in told)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a,20000,high,40000\nb,1,high,2\n", "20000"),
        ("id  daily_requests  quality_need\na   20000  high\n", "daily_requests  quality_need"),
        ("%PDF-1.7\n1 0 obj\n", "%PDF-1.7"),
        ("<table><tr><td>id</td></tr></table>\n", "<table>"),
    ],
)
@pytest.mark.parametrize("language", languages())
def test_what_has_no_question_is_refused_by_what_stands_there(
    run, table, language: str, content: str, says: str
) -> None:
    out, err = run("portfolio", table(content), "--language", language, code=2)
    assert out == ""
    assert says in err
    assert "quality_need" in err


@pytest.mark.parametrize(
    "content",
    [
        "question,a,b\ndaily_requests,20000,30000\nquality_need,high,normal\nbudget,40000,5000\n",
        "daily_requests;20000\nquality_need;high\nbudget;40000\n",
        "\u6bcf\u65e5\u8bf7\u6c42\u91cf\t2\u4e07\n\u8d28\u91cf\u8981\u6c42\t\u9ad8\n\u9884\u7b97\t4\u4e07\n",
    ],
)
@pytest.mark.parametrize("language", languages())
def test_questions_below_one_another_are_no_columns(run, table, language: str, content: str) -> None:
    out, err = run("portfolio", table(content), "--language", language, code=2)
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "budget" in err or "\u9884\u7b97" in err


@pytest.mark.parametrize("language", languages())
def test_every_fault_of_a_row_is_told(run, table, language: str) -> None:
    head = "id,daily_requests,quality_need,budget,currency,current_model,open_model,serving_gpu,preset\n"
    row = "a,20.000,hgh,40000 EUR,USD,gpt-5-mni,llama3,2xH100,extracton\n"
    (found,) = rows_of(run("portfolio", table(head + row), "--language", language, code=2)[0])
    named = ("daily_requests", "quality_need", "budget", "current_model", "open_model", "serving_gpu", "preset")
    assert all(f"({name})" in found["reason"] or f"\uff08{name}\uff09" in found["reason"] for name in named)
    meant = ("20000", "EUR", "openai/gpt-5-mini", "llama-3.1-8b", "h100-sxm-80gb", "extraction")
    assert all(each in found["reason"] for each in meant)


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (("20.000", "30.000"), ("20", "20000")),
        (("7.000", "8.000"), ("7", "7000")),
        (("20,0000",), ("20", "200000")),
    ],
)
def test_a_column_that_shows_no_sign_is_asked_about(run, table, cells: tuple[str, ...], codes: tuple[str, str]) -> None:
    rows = "".join(f"{k};{cell};high;40000\n" for k, cell in enumerate(cells))
    out, _ = run("portfolio", table(f"id;daily_requests;quality_need;budget\n{rows}"), code=2)
    assert all(code in rows_of(out)[0]["reason"] for code in codes)


@pytest.mark.parametrize(
    ("column", "cell", "plain"),
    [
        *(("params_b", cell, "7") for cell in ("7B", "7 b", "7,0", "7 billion", "7000M", "70\u4ebf", "7e9")),
        *(
            ("seq_len", cell, "2048")
            for cell in ("2,048", "2 048", "2'048", "2\u202f048", "2048 tokens", "\uff12\uff10\uff14\uff18")
        ),
        *(("gpu_memory_gb", cell, "24") for cell in ("24GB", "24 GB", "24G", "24000 MB", "24,0")),
        *(("method", cell, "qlora") for cell in ("QLoRA", "Q-LoRA", "q lora", "4-bit LoRA", "LoRA (nf4)")),
    ],
)
def test_a_cell_of_a_run_as_people_write_it(run, table, column: str, cell: str, plain: str) -> None:
    cells = {"method": "lora", "params_b": "7", "micro_batch": "1", "seq_len": "2048", "gpu_memory_gb": "24"}
    said, same = (";".join(cells) + "\n" + ";".join((cells | {column: each}).values()) + "\n" for each in (cell, plain))
    assert run("predict", "memory", table(said))[0] == run("predict", "memory", table(same))[0]


@pytest.mark.parametrize(("column", "cell"), [("seq_len", "long"), ("params_b", "seven"), ("micro_batch", "1-2")])
@pytest.mark.parametrize("language", languages())
def test_a_cell_that_is_no_number_is_told(run, table, language: str, column: str, cell: str) -> None:
    cells = {"method": "lora", "params_b": "7", "micro_batch": "1", "seq_len": "2048"}
    two = [";".join(cells), ";".join(cells.values()), ";".join((cells | {column: cell}).values())]
    err = run("predict", "memory", table("\n".join(two) + "\n"), "--language", language)[1]
    assert all(part in err for part in (column, cell))


@pytest.mark.parametrize(
    ("said", "says"),
    [("200.000", "200000"), ("\u20ac200k", "EUR"), ("200k/year", "USD"), ("20-30k", "20-30k"), ("200,0000", "2000000")],
)
@pytest.mark.parametrize("language", languages())
def test_an_amount_of_the_command_line_is_read_alike(run, table, language: str, said: str, says: str) -> None:
    _, err = run("portfolio", table(PLAIN), "--budget", said, "--language", language, code=2)
    assert err.count("--budget") == 1
    assert says in err


@pytest.mark.parametrize("said", ["eur", "\u20ac", "Euro", "\u6b27\u5143"])
def test_the_currency_of_a_budget_is_named_as_in_a_case(run, table, said: str) -> None:
    expected = run("portfolio", table(PLAIN), "--budget", "200k", "--currency", "EUR")
    assert run("portfolio", table(PLAIN), "--budget", "200k", "--currency", said) == expected


@pytest.mark.parametrize("said", ["CHF", "\u00a5", "dollar and euro", "200"])
@pytest.mark.parametrize("language", languages())
def test_another_currency_of_a_budget_is_refused(run, table, language: str, said: str) -> None:
    options = ("--budget", "200k", "--currency", said, "--language", language)
    out, err = run("portfolio", table(PLAIN), *options, code=2)
    assert out == ""
    assert len(err.splitlines()) == 1
    assert all(part in err for part in ("--currency", said, "GBP"))


@pytest.mark.parametrize(
    ("about", "head", "row", "says"),
    [
        ("serving", "model,gpu,concurrency", "Llama-3.1-8B,Abacus 9,8", ("gpu = Abacus 9", "num_gpus")),
        ("serving", "model,gpu,concurrency", "Kestrel 8x22B,H100,8", ("model = Kestrel 8x22B", "active_params_b")),
        ("memory", "model,method,micro_batch,seq_len", "Qwen3-8B,magic,1,2048", ("method = magic", "LoRA")),
    ],
)
@pytest.mark.parametrize("language", languages())
def test_a_row_without_a_prediction_says_what_was_read(
    run, table, language: str, about: str, head: str, row: str, says: tuple[str, ...]
) -> None:
    out, _ = run("predict", about, table(f"{head}\n{row}\n"), "--language", language, code=2)
    assert all(part in rows_of(out)[0]["reason"] for part in says)


@pytest.mark.parametrize("language", languages())
def test_columns_read_under_another_name_or_not_at_all_are_told(run, table, language: str) -> None:
    content = "model,method,Batch size,seq_len,colour\nQwen3-8B,lora,1,2048,red\n"
    err = run("predict", "memory", table(content), "--language", language)[1]
    assert all(part in err for part in ("Batch size = micro_batch", "colour"))
