"""The page Usage: from a file to figures, gaps and a verdict, and back out again."""

import gc
import tempfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import usage
from advisor.usage.importing import read_mapping
from advisor.usage.profile import FIGURES
from advisor.usage.summary import dump_profile
from tests.cases import preset
from tests.ui.shown import cells
from tests.usage.profiles import usage_profile
from tests.usage.synthetic import DAYS, write_month

ROOT = Path(__file__).resolve().parents[2]
NOT_KNOWN = {name: "no_prompt_hashes" for name in FIGURES if name not in usage_profile().figures}
SUMMARY = ("usage.json", dump_profile(usage_profile(not_known=NOT_KNOWN)).encode(), "application/json")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def open_page(language: str = "en", **session: object) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.session_state["language"] = language
        app.session_state["scenario"] = preset("extraction")
        for name, value in session.items():
            app.session_state[name] = value
        app.run()
        app.switch_page("pages/evidence/usage.py").run()
        assert not app.exception
        return app

    return open_page


def read(app: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    app.file_uploader[0].set_value(list(files))
    button = next(b for b in app.button if b.label == Translator(app.session_state["language"])("page.usage.read"))
    button.click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", languages())
def test_a_summary_tells_what_was_found_and_is_taken_over(page, language: str) -> None:
    app, t = read(page(language), SUMMARY), Translator(language)
    shown = cells(app)
    assert any("60,500" in cell for cell in shown)
    assert any(t("usage.not_known.no_prompt_hashes") in cell for cell in shown)
    next(b for b in app.button if b.label == t("take_over.take")).click().run()
    case = app.session_state["scenario"]
    assert case.record_of("daily_requests").file == "spend-2026-10.parquet"
    assert t("take_over.done") in [box.value for box in app.success]


def test_a_log_of_a_month_leads_to_figures_and_is_gone(page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, log, temporary = DAYS * 40, tmp_path / "month.csv", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    write_month(log, rows)
    app = read(page(), ("month.csv", log.read_bytes(), "text/csv"))
    found = app.session_state[usage.FOUND].profiles
    assert set(found) == {None, "support", "search"}
    assert found[None].figures["daily_requests"].value == pytest.approx(rows / DAYS, rel=0.02)
    (box,) = (each for each in app.selectbox if each.label == Translator("en")("page.usage.use_case"))
    assert box.options[box.index] == Translator("en")("page.usage.all")
    box.set_value("support").run()
    assert not app.exception
    gc.collect()
    assert [path for path in temporary.rglob("*") if path.is_file()] == []


def test_what_was_found_stays_when_page_or_language_changes(page) -> None:
    app = read(page(), SUMMARY)
    app.switch_page("pages/evidence/prices.py").run()
    app.session_state["language"] = "zh"
    app.switch_page("pages/evidence/usage.py").run()
    assert not app.exception
    assert any("60,500" in cell for cell in cells(app))


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"hello\nworld\n", b'{"format": "usage-profile"}'])
def test_a_bad_file_is_refused_and_what_was_found_stays(page, content: bytes) -> None:
    app = read(read(page(), SUMMARY), ("strange.json", content, "application/json"))
    assert len(app.error) == 1
    assert any("60,500" in cell for cell in cells(app))


def test_nothing_chosen_is_said(page) -> None:
    assert len(read(page()).error) == 1


def test_a_decimal_mark_is_asked_for_and_chosen(page) -> None:
    rows = "".join(f"2026-10-{day:02},gpt-6.1-sol,1.234\n" for day in range(1, 29))
    log = ("bill.csv", f"usage_date_utc,model,cost_usd\n{rows}".encode(), "text/csv")
    app = read(page(), log)
    assert "1\\.234" in app.error[0].value
    t = Translator(app.session_state["language"])
    next(box for box in app.selectbox if box.label == t("page.usage.decimal")).set_value("point")
    app = read(app, log)
    assert not app.error
    assert app.session_state[usage.FOUND].profiles[None].figures["monthly_bill"].value < 100


@pytest.mark.parametrize("language", languages())
def test_the_columns_of_a_table_that_is_not_recognised_are_chosen_on_the_page(page, language: str) -> None:
    rows = "".join(f"2026-10-{day:02},AmazonBedrock,10.5\n" for day in range(1, 29))
    bill = ("cur.csv", f"lineItem/UsageStartDate,product,lineItem/UnblendedCost\n{rows}".encode(), "text/csv")
    t = Translator(language)
    app = read(page(language), bill)
    assert len(app.error) == 1
    chosen = {box.label: box.options[box.index] for box in app.selectbox}
    assert chosen[t("page.usage.column.ts")] == "lineItem/UsageStartDate"
    assert chosen[t("page.usage.column.cost")] == "lineItem/UnblendedCost"
    assert chosen[t("page.usage.column.currency")] == t("page.usage.all_in", currency="USD")
    read(app, bill)
    assert not app.error
    found = app.session_state[usage.FOUND].profiles[None]
    assert found.figures["monthly_bill"].value == pytest.approx(10.5 * 365 / 12)
    assert t("page.usage.column.ts") not in [box.label for box in app.selectbox]


def test_columns_that_were_chosen_say_nothing_of_another_table(page) -> None:
    app = read(page(), ("strange.csv", b"when,what\n2026-10-01,1\n", "text/csv"))
    content = b"TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,100,10\n2023-11-16 18:15:47,100,10\n"
    app = read(app, ("trace.csv", content, "text/csv"))
    assert not app.error
    assert app.session_state[usage.FOUND].profiles[None].figures["input_tokens"].value == pytest.approx(100)


def test_an_order_of_dates_is_asked_for_and_chosen(page) -> None:
    content = b"TIMESTAMP,ContextTokens,GeneratedTokens\n10/1/2026 09:00,100,10\n10/2/2026 09:00,100,10\n"
    log = ("log.csv", content, "text/csv")
    app = read(page(), log)
    assert "10/1/2026" in app.error[0].value
    t = Translator(app.session_state["language"])
    next(box for box in app.selectbox if box.label == t("page.usage.dates")).set_value("month_first")
    app = read(app, log)
    assert not app.error
    assert str(app.session_state[usage.FOUND].profiles[None].first) == "2026-10-01"


@pytest.mark.parametrize("language", languages())
def test_a_table_that_is_not_recognised_is_answered_with_how_to_name_its_columns(page, language: str) -> None:
    t = Translator(language)
    app = page(language)
    read(app, ("log.csv", "\u65f6\u95f4,\u6a21\u578b\n2026-10-01,a\n".encode("gbk"), "text/csv"))
    assert t("page.usage.columns_help") in [caption.value for caption in app.caption]
    (example,) = [code.value for code in app.code]
    assert [line.partition(":")[0] for line in example.splitlines()] == [
        "ts",
        "model",
        "input_tokens",
        "output_tokens",
    ]
    read_mapping(example.encode())
