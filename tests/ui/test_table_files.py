"""A table can be taken along as CSV and as a spreadsheet, by one control that is one element while it is closed."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from advisor.core.places import APP
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import table_files, tables
from tests.cases import advice, preset


def page(name: str, language: str = "en", **state: Any) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.session_state["language"], app.session_state["scenario"] = language, preset("extraction")
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception
    return app


def controls(app: AppTest) -> list[Any]:
    """Every block that opens to files of a table."""
    return [block for block in every(app._tree) if getattr(block, "type", "") == "popover"]


def every(block: Any) -> Any:
    yield block
    for child in getattr(block, "children", {}).values():
        yield from every(child)


def files(app: AppTest) -> list[str]:
    t = Translator(app.session_state["language"])
    wanted = (t("tables.csv"), t("tables.xlsx"))
    return [button.proto.label for button in app.get("download_button") if button.proto.label in wanted]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("name", "fold"),
    [("money/risk", ""), ("money/cash_flow", "fold.months"), ("evidence/prices", ""), ("engineering/rent_or_buy", "")],
)
def test_a_closed_control_offers_nothing_yet(name: str, fold: str, language: str) -> None:
    app = page(name, language, **({fold: True} if fold else {}))
    assert controls(app)
    assert files(app) == []


def test_opened_it_offers_both(monkeypatch: pytest.MonkeyPatch) -> None:
    t = Translator("en")
    key = f"table.actions.{t('risk.actions.table_alt')}.en"
    assert sorted(files(page("money/risk", **{key: True}))) == sorted([t("tables.csv"), t("tables.xlsx")])


@pytest.mark.parametrize("language", languages())
def test_months_are_numbers_in_the_spreadsheet(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    taken: dict[str, Any] = {}

    def keep(rows: Any, columns: Any, description: str, name: str) -> None:
        taken.update(rows=rows, columns=columns, description=description)

    monkeypatch.setattr(table_files, "offer", keep)
    monkeypatch.setattr(tables.st, "html", lambda _: None)
    found = advice(preset("extraction"))
    tables.monthly(found, Translator(language))
    content = table_files._xlsx(taken["rows"], taken["columns"], taken["description"])()
    _, first, second, *_ = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    flows = found.assessment.economics.cash_flows
    assert (first[0], first[-1]) == (0, pytest.approx(flows[0]))
    assert second[-1] == pytest.approx(flows[0] + flows[1])


def test_a_table_that_scrolls_is_offered_too(tmp_path: Path) -> None:
    assert len(controls(page("evidence/prices"))) >= len(page("evidence/prices").get("arrow_data_frame"))
