"""The page Portfolio: nothing kept, kept cases under one budget, a table beside them, what the command line says."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.cli.parser import build_parser
from advisor.cli.portfolio import tell_portfolio
from advisor.core.places import APP
from advisor.report.keeping import content_of
from advisor.report.portfolio import FUNDED_COLUMNS
from advisor.scenario import Scenario
from advisor.store import cases
from advisor.store.database import Store, open_store
from advisor.store.records import LOCAL_USER, Actor
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import portfolio
from advisor.ui.shell import WHOLE_WIDTH
from advisor.ui.workers import Turn
from tests.cases import DAY, advice, catalog, preset
from tests.cli.conftest import rows_of
from tests.ui.shown import tables

ME = Actor(LOCAL_USER, datetime(2026, 11, 20, tzinfo=UTC))
SOMEBODY = Actor("somebody", ME.at)
HEAD = "id,preset,daily_requests,quality_need,budget,hourly_rate"
TABLE = f"""{HEAD}
first,extraction,,,,
second,,20000,high,40000,60
third,chat,5000,,,
open,,,high,,
broken,,ten,high,-1,
"""
PLACE = 5
"""Column of a table on the page that says what became of a case."""


@pytest.fixture
def store(database_of_its_own: str) -> Store:
    return open_store(database_of_its_own)


@pytest.fixture
def opened(store: Store) -> Callable[..., AppTest]:
    def open_page(language: str = "en", budget: str = "", **session: object) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120)
        app.session_state["language"], app.session_state["scenario"] = language, preset("extraction")
        app.session_state["portfolio.budget"] = budget
        for name, value in session.items():
            app.session_state[f"portfolio.{name}"] = value
        app.run()
        app.switch_page("pages/money/portfolio.py").run()
        assert not app.exception
        return app

    return open_page


def keep(
    store: Store, name: str, case: Scenario, actor: Actor = ME, verdict: str | None = None, tags: tuple[str, ...] = ()
) -> str:
    """A kept case; with a ``verdict`` as if that had been the one then."""
    content = content_of(advice(case), catalog(), Translator("en"))
    if verdict is not None:
        content = type(content)(**{**vars(content), "headline": {**content.headline, "verdict": verdict}})
    return cases.create(store, actor, name, content, tags=tags)


def drawn(app: AppTest) -> str:
    return " ".join(html.proto.body for html in app.get("html"))


def places(app: AppTest) -> dict[str, str]:
    """What became of each case, by its name."""
    found = [table for table in tables(app) if table]
    told = {row[0]: row[PLACE] if len(row) > PLACE else row[-1] for table in found for row in table}
    return {name: place.removeprefix("\u2714 ") for name, place in told.items()}


@pytest.mark.parametrize("language", languages())
def test_with_nothing_kept_the_page_says_what_to_do(opened: Callable[..., AppTest], language: str) -> None:
    app, t = opened(language), Translator(language)
    assert [info.value for info in app.info] == [t("page.portfolio.nothing")]
    assert len(app.get("file_uploader")) == 1


@pytest.mark.parametrize("language", languages())
def test_kept_cases_are_placed_under_the_budget(opened: Callable[..., AppTest], store: Store, language: str) -> None:
    keep(store, "Mails", preset("extraction"))
    keep(store, "Chat", preset("chat"))
    keep(store, "Code", preset("code-completion", daily_requests=180_000))
    app, t = opened(language, "20k"), Translator(language)
    assert places(app) == {
        "Mails": t("portfolio.why.funded"),
        "Code": t("portfolio.why.crowded_out"),
        "Chat": t("portfolio.why.no_gain"),
    }
    assert t("portfolio.card.of", funded="1", count="3") in drawn(app)
    assert any(t("portfolio.method.exact")[:40] in caption.value for caption in app.caption)
    assert not app.warning


def test_the_verdict_of_the_case_in_hand_stands_beside_no_other_cases(opened: Callable[..., AppTest]) -> None:
    assert not any('class="line"' in each.proto.body for each in opened("en").get("html"))
    assert {"cases", "portfolio"} <= WHOLE_WIDTH


@pytest.mark.parametrize("language", languages())
def test_the_money_of_a_case_is_called_as_on_its_own_pages(language: str) -> None:
    """What a memo asks for is the money of the next step, another sum."""
    t = Translator(language)
    assert t("portfolio.column.asks") == t("headline.card.investment")


def test_money_that_is_not_spent_at_once_is_told(opened: Callable[..., AppTest], store: Store) -> None:
    keep(store, "Mails", preset("extraction"))
    keep(store, "Code", preset("code-completion", daily_requests=180_000))
    said = Translator("en")("portfolio.set_aside", names="Code")
    assert said in [caption.value.replace("\\", "") for caption in opened("en", "30k").caption]


def test_without_a_budget_it_is_asked_for(opened: Callable[..., AppTest], store: Store) -> None:
    keep(store, "Mails", preset("extraction"))
    app = opened()
    assert [info.value for info in app.info] == [Translator("en")("page.portfolio.budget_missing")]
    app.text_input(key="w.portfolio.budget").set_value("30k").run()
    assert places(app) == {"Mails": Translator("en")("portfolio.why.funded")}
    assert app.session_state["portfolio.budget"] == "30k"


def test_an_unusable_budget_is_told(opened: Callable[..., AppTest], store: Store) -> None:
    keep(store, "Mails", preset("extraction"))
    app = opened("en", "much")
    assert len(app.error) == 1
    assert "much" in app.error[0].value


def test_a_verdict_that_turned_is_marked(opened: Callable[..., AppTest], store: Store) -> None:
    t = Translator("en")
    keep(store, "Mails", preset("extraction"), verdict="no")
    app = opened("en", "20k")
    (row,) = [row for table in tables(app) for row in table if row[0] == "Mails"]
    before, now = t("verdict.no.label"), t("verdict.yes.label")
    assert row[1] == t("portfolio.turned", verdict=now, before=before)
    assert row[-1].startswith(before)
    assert [warning.value.count("Mails") for warning in app.warning] == [1]


def test_what_others_keep_and_what_is_archived_stays_away(opened: Callable[..., AppTest], store: Store) -> None:
    mine = keep(store, "Mine", preset("extraction"))
    keep(store, "Theirs", preset("chat"), SOMEBODY)
    aside = keep(store, "Aside", preset("extraction"))
    cases.change(store, ME, aside, archived=True)
    visible = {case.id for case in cases.listed(store, ME)}
    shown = set(places(opened("en", "20k")))
    assert mine in visible
    assert shown == {case.name for case in cases.listed(store, ME)}
    assert "Aside" not in shown


def test_status_and_tags_choose_the_cases(opened: Callable[..., AppTest], store: Store) -> None:
    keep(store, "Mails", preset("extraction"), tags=("mail",))
    talk = keep(store, "Chat", preset("chat"), tags=("talk",))
    cases.change(store, ME, talk, status="approved")
    assert set(places(opened("en", "20k", tags=("mail",)))) == {"Mails"}
    assert set(places(opened("en", "20k", status=("approved",)))) == {"Chat"}
    nothing = opened("en", "20k", status=("approved",), tags=("mail",))
    assert [info.value for info in nothing.info] == [Translator("en")("page.portfolio.none_chosen")]


def test_a_duplicate_is_left_out_by_the_reader(opened: Callable[..., AppTest], store: Store) -> None:
    keep(store, "Mails", preset("extraction"))
    twice = keep(store, "Mails again", preset("extraction"))
    app, t = opened("en", "30k"), Translator("en")
    assert set(places(app).values()) == {t("portfolio.why.funded")}
    app.multiselect(key="w.portfolio.left_out.en").set_value([f"{twice}/"]).run()
    assert places(app) == {"Mails": t("portfolio.why.funded"), "Mails again": t("portfolio.why.left_out")}


def test_a_table_beside_kept_cases_says_what_the_command_line_says(
    opened: Callable[..., AppTest], store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    t, path = Translator("en"), tmp_path / "cases.csv"
    path.write_text(TABLE)
    keep(store, "Mails", preset("extraction"))
    app = opened("en", "20k")
    app.get("file_uploader")[0].set_value([("cases.csv", TABLE.encode(), "text/csv")]).run()
    assert not app.exception
    assert tell_portfolio(_options(str(path), "--kept", "--budget", "20k"), t, ME.at)
    told = rows_of(capsys.readouterr().out)
    shown = {row[0]: row for table in tables(app) for row in table}
    assert len(told) == len(shown) == 6
    for row in told:
        name = row["name"] or row["id"]
        for column in ("asks", "value"):
            assert not row[column] or t.money(float(row[column]), "USD") in shown[name], (name, column)
        assert row["why"] in (cell.removeprefix("\u2714 ") for cell in shown[name])
        assert tuple(row)[-len(FUNDED_COLUMNS) :] == FUNDED_COLUMNS


def _options(*arguments: str) -> argparse.Namespace:
    return build_parser(Translator("en")).parse_args(["portfolio", *arguments])


def test_a_table_that_is_none_is_told(opened: Callable[..., AppTest]) -> None:
    app = opened("en", "20k")
    app.get("file_uploader")[0].set_value([("cases.csv", b"id,daily_requests\n", "text/csv")]).run()
    assert not app.exception
    assert len(app.error) == 1


def test_many_cases_are_drawn_by_a_worker_in_parts_and_once(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, few = list[int](), portfolio.FEW

    def of_cases(turn: Turn, work: Callable[..., object], cases: list[Scenario], *data: object) -> object:
        parts.append(len(cases))
        return work(cases, *data)

    monkeypatch.setattr(portfolio.heavy, "of_cases", of_cases)
    monkeypatch.setattr(portfolio, "AT_ONCE", 8)
    table = HEAD + "\n" + "".join(f"case {k},extraction,{20_000 + k},,,\n" for k in range(few + 2))
    app = opened("en", "20k")
    app.get("file_uploader")[0].set_value([("cases.csv", table.encode(), "text/csv")]).run()
    assert len(places(app)) == few + 2
    assert parts == [8, few + 2 - 8]
    app.text_input(key="w.portfolio.budget").set_value("30k").run()
    more = "".join(f"other {k},extraction,{30_000 + k},,,\n" for k in range(few))
    app.get("file_uploader")[0].set_value([("cases.csv", (table + more).encode(), "text/csv")]).run()
    assert len(places(app)) == 2 * few + 2
    assert parts == [8, few + 2 - 8]


def test_another_currency_converts_every_case(opened: Callable[..., AppTest], store: Store) -> None:
    keep(store, "Mails", preset("extraction"))
    app = opened("en", "100000", currency="CNY")
    (row,) = [row for table in tables(app) for row in table]
    assert row[2].startswith("CN\u00a5")
    assert any("6.8012 CNY" in caption.value.replace("\\", "") for caption in app.caption)
    assert DAY.year == 2026
