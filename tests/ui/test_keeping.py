"""A case is saved from the bar, found again by its address, and never written over unseen."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from advisor.core.places import APP, database_address
from advisor.store import access, beside, cases
from advisor.store.database import Store, open_store
from advisor.store.records import LOCAL_USER, Actor
from advisor.text.i18n import Translator
from advisor.ui import autosave, history, kept, people

SECONDS = 60
pytestmark = pytest.mark.usefixtures("short_reports")
ANSWERS = {"daily_requests": "20000", "budget": "20000", "quality_need": "high"}
NOW = datetime.now(UTC)
ME = Actor(LOCAL_USER, NOW)
ANNA = Actor("anna", datetime(2026, 1, 1, tzinfo=UTC))


def start(**query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=SECONDS)
    app.query_params.update({"lang": "en", **query})
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def store(database_of_its_own: str) -> Store:
    return open_store(database_of_its_own)


@pytest.fixture(autouse=True)
def at_the_machine_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test has no browser whose address tells where its user sits."""
    monkeypatch.setattr(people, "is_one", lambda: True)


def kept_as(name: str = "Help desk") -> AppTest:
    """A session that has just saved a case under this name."""
    app = start(**ANSWERS)
    app.button(key="w.bar.save").click().run()
    app.text_input(key="w.save.name").set_value(name)
    app.text_input(key="w.save.tags").set_value("support, 2026")
    app.button(key="w.save.go").click().run()
    assert not app.exception
    return app


def save(app: AppTest, why: str = "") -> AppTest:
    app.button(key="w.bar.save").click().run()
    app.text_area(key="w.save.why").set_value(why)
    app.button(key="w.save.go").click().run()
    assert not app.exception
    return app


def asked(app: AppTest, requests: str) -> AppTest:
    """Another number of daily requests, typed on the first page."""
    app.text_input(key="w.main.daily_requests.en").set_value(requests).run()
    return app


def address(app: AppTest) -> dict[str, str]:
    params: dict[str, str] = app.session_state[history.LINK].params
    return params


def told(app: AppTest) -> str:
    return "\n".join(str(each.value) for kind in (app.error, app.warning, app.markdown, app.info) for each in kind)


def test_a_saved_case_has_its_name_and_a_short_address(store: Store) -> None:
    app = kept_as()
    (case,) = cases.listed(store, ME)
    assert (case.name, case.latest, case.tags) == ("Help desk", 1, ("2026", "support"))
    assert address(app) == {"case": case.id, "lang": "en"}
    assert any("Help desk" in str(each.proto.body) for each in app.get("html"))
    content = cases.revision(store, ME, case.id).content
    assert content.pdf is not None
    assert content.pdf.startswith(b"%PDF")
    assert "title: Help desk" in content.answers


def test_whoever_follows_the_address_of_a_kept_case_reads_its_name_at_once(store: Store) -> None:
    kept_as("Mail triage")
    (case,) = cases.listed(store, ME)
    cases.change(store, ME, case.id, name="Letters and mail")
    assert "Letters and mail" in "".join(str(each.proto.body) for each in start(case=case.id).get("html"))


@pytest.mark.parametrize(("lang", "field"), [("en", "Name: "), ("zh", "名称：")])
def test_a_name_is_needed_and_asked_for_in_the_readers_words(store: Store, lang: str, field: str) -> None:
    app = start(lang=lang, **ANSWERS)
    app.button(key="w.bar.save").click().run()
    app.button(key="w.save.go").click().run()
    assert not app.exception
    assert [each.value.replace("\\", "").startswith(field) for each in app.error] == [True]
    assert cases.listed(store, ME) == ()


def test_the_address_holds_what_differs_from_what_was_saved(store: Store) -> None:
    app = asked(kept_as(), "30000")
    (case,) = cases.listed(store, ME)
    assert address(app) == {"case": f"{case.id}@1", "lang": "en", "daily_requests": "30000"}
    again = start(**address(app))
    assert again.session_state["scenario"] == app.session_state["scenario"]
    assert address(again) == address(app)


def test_a_cleared_answer_stays_cleared(store: Store) -> None:
    app = asked(kept_as(), "")
    assert address(app)["daily_requests"] == "~"
    assert start(**address(app)).session_state["scenario"].daily_requests is None


def test_the_next_save_is_a_revision(store: Store) -> None:
    app = save(asked(kept_as(), "30000"), "The pilot told more")
    (case,) = cases.listed(store, ME)
    heads = cases.history(store, ME, case.id)
    assert [(head.number, head.why) for head in heads] == [(1, ""), (2, "The pilot told more")]
    assert address(app) == {"case": case.id, "lang": "en"}
    assert "daily_requests: 30000" in cases.revision(store, ME, case.id).content.answers


def test_undo_after_saving_brings_back_answers_and_saves_on(store: Store) -> None:
    app = save(asked(kept_as(), "30000"))
    app.button(key="w.bar.undo").click().run()
    app.button(key="w.bar.undo").click().run()
    assert app.session_state["scenario"].daily_requests == 20_000
    (case,) = cases.listed(store, ME)
    save(app)
    assert cases.find(store, ME, case.id).latest == 3


def test_an_example_leaves_the_kept_case(store: Store) -> None:
    app = kept_as()
    app.button(key="w.clear").click().run()
    assert "case" not in address(app)
    app.button(key="w.bar.undo").click().run()
    assert "case" in address(app)


def conflicting(store: Store) -> AppTest:
    """A session whose case somebody else saved with 50,000 requests after it was opened, and that saves 30,000."""
    mine, theirs = kept_as(), None
    (case,) = cases.listed(store, ME)
    theirs = asked(start(case=case.id), "50000")
    save(theirs, "From the invoice")
    return save(asked(mine, "30000"), "From the log")


def test_two_who_save_meet_a_conflict_with_both_sides(store: Store) -> None:
    app = conflicting(store)
    (case,) = cases.listed(store, ME)
    assert cases.find(store, ME, case.id).latest == 2
    shown = told(app) + "".join(str(each.proto.body) for each in app.get("html"))
    for what in ("From the invoice", "30,000", "50,000", "20,000"):
        assert what in shown
    assert app.session_state["scenario"].daily_requests == 30_000


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_conflict_shows_what_was_decided_and_named(store: Store, lang: str) -> None:
    kept_as()
    (case,) = cases.listed(store, ME)
    mine = {"sign_off": json.dumps({"data": {"decision": "go", "released": 5000}}), "prepared_for": "The board"}
    theirs = {"sign_off": json.dumps({"data": {"decision": "stop", "remark": "Too few examples"}})}
    app, other = (start(lang=lang, case=case.id, **changed) for changed in (mine, theirs))
    save(other)
    save(app)
    t, shown = Translator(lang), in_sight(app)
    for what in ("The board", "Too few examples", t("sign_off.decision.go"), t("sign_off.decision.stop"), "5,000"):
        assert what in shown
    assert cases.find(store, ME, case.id).latest == 2


def test_a_reload_keeps_what_mine_began_from_so_that_theirs_is_still_met(store: Store) -> None:
    mine = asked(kept_as(), "30000")
    (case,) = cases.listed(store, ME)
    save(asked(start(case=case.id), "50000"))
    again = start(**address(mine))
    assert again.session_state["scenario"].daily_requests == 30_000
    save(again)
    assert cases.find(store, ME, case.id).latest == 2
    assert "w.conflict.mine" in {button.key for button in again.button}


@pytest.mark.parametrize(
    ("choice", "latest", "mine"), [("mine", 3, 30_000), ("theirs", 2, 50_000), ("apart", 2, 30_000)]
)
def test_a_conflict_is_ended_by_a_choice(store: Store, choice: str, latest: int, mine: int) -> None:
    app = conflicting(store)
    (case,) = cases.listed(store, ME)
    app.button(key=f"w.conflict.{choice}").click().run()
    assert not app.exception
    assert cases.find(store, ME, case.id).latest == latest
    assert app.session_state["scenario"].daily_requests == mine
    assert len(cases.listed(store, ME)) == (2 if choice == "apart" else 1)
    assert "w.conflict.mine" not in {button.key for button in app.button}


def test_a_case_of_somebody_else_is_no_case(store: Store) -> None:
    kept_as()
    (case,) = cases.listed(store, ME)
    content = cases.revision(store, ME, case.id).content
    hers = cases.create(store, ANNA, "Hers alone", content)
    for other, lang in ((hers, "en"), ("nothing", "zh")):
        app = start(lang=lang, case=other)
        t = Translator(lang)
        assert t("error.kept_not_there", field=t("cases.column.name")) in told(app).replace("\\", "")
        assert "Hers alone" not in told(app)
        assert app.session_state["scenario"].answers() == {}


def test_what_a_viewer_saves_becomes_a_case_of_their_own(store: Store) -> None:
    kept_as()
    (case,) = cases.listed(store, ME)
    hers = cases.create(store, ANNA, "Hers", cases.revision(store, ME, case.id).content)
    access.let(store, ANNA, hers, LOCAL_USER, "viewer")
    app = asked(start(case=hers), "30000")
    app.button(key="w.bar.save").click().run()
    assert Translator("en")("ui.save_viewer") in told(app)
    app.text_input(key="w.save.name").set_value("Mine")
    app.button(key="w.save.go").click().run()
    assert cases.find(store, ANNA, hers).latest == 1
    assert {each.name for each in cases.listed(store, ME) if each.owner == LOCAL_USER} == {"Help desk", "Mine"}
    assert app.session_state["scenario"].daily_requests == 30_000


def test_of_a_case_that_was_deleted_meanwhile_the_answers_stay(store: Store) -> None:
    app = asked(kept_as(), "30000")
    (case,) = cases.listed(store, ME)
    cases.remove(store, ME, case.id)
    save(app)
    assert Translator("en")("error.kept_gone", field="Case") in told(app).replace("\\", "")
    app.button(key="w.save.go").click().run()
    (again,) = cases.listed(store, ME)
    assert again.name == "Help desk"
    assert "daily_requests: 30000" in cases.revision(store, ME, again.id).content.answers


# -- one name -----------------------------------------------------------------------------------------


def titles(store: Store, number: int | None = None) -> tuple[str, str]:
    """What the one kept case is called, and its report."""
    (case,) = cases.listed(store, ME)
    return case.name, cases.revision(store, ME, case.id, number).content.report["title"]


def in_sight(app: AppTest) -> str:
    return "".join(str(each.proto.body) for each in app.get("html"))


def test_a_title_of_before_gives_way_to_the_name(store: Store) -> None:
    app = start(title="What the board sees", **ANSWERS)
    app.button(key="w.bar.save").click().run()
    app.text_input(key="w.save.name").set_value("Help desk")
    app.button(key="w.save.go").click().run()
    assert titles(store) == ("Help desk", "Help desk")
    assert app.session_state["scenario"].title == "Help desk"


def test_naming_a_case_computes_nothing_anew() -> None:
    app = start(**ANSWERS)
    before = app.session_state["last"][3]
    app.button(key="w.bar.save").click().run()
    app.text_input(key="w.save.name").set_value("Help desk")
    app.button(key="w.save.go").click().run()
    assert app.session_state["scenario"].title == "Help desk"
    assert app.session_state["last"][3] is before


def test_a_title_that_is_changed_becomes_the_name_when_it_is_saved(store: Store) -> None:
    kept_as()
    (case,) = cases.listed(store, ME)
    app = start(case=case.id, title="Letters and mail")
    assert "Letters and mail" in in_sight(app)
    app.button(key="w.bar.save").click().run()
    assert Translator("en")("ui.save_renames", name="Letters and mail") in "".join(
        each.value for each in app.caption
    ).replace("\\", "")
    app.button(key="w.save.go").click().run()
    assert titles(store) == ("Letters and mail", "Letters and mail")
    assert access.audit_of(store, ME, case.id)[-1].detail["after"] == {"name": "Letters and mail"}


def test_a_case_that_was_renamed_is_called_so_everywhere_from_then_on(store: Store) -> None:
    app = asked(kept_as(), "30000")
    (case,) = cases.listed(store, ME)
    cases.change(store, ME, case.id, name="Letters and mail")
    assert start(case=case.id).session_state["scenario"].title == "Letters and mail"
    save(app)
    assert titles(store) == ("Letters and mail", "Letters and mail")
    assert titles(store, 1)[1] == "Help desk"  # as it was


def test_undo_brings_back_no_name_of_before(store: Store) -> None:
    app = asked(kept_as(), "30000").switch_page("pages/decide/cases.py").run()
    (case,) = cases.listed(store, ME)
    key = f"w.case.{case.id}.{case.changed_at.timestamp()}"
    app.text_input(key=f"{key}.name").set_value("Letters and mail")
    app.button(key="w.case.change").click().run()
    assert app.session_state["scenario"].title == "Letters and mail"
    app.button(key="w.bar.undo").click().run()
    app.button(key="w.bar.undo").click().run()
    assert app.session_state["scenario"].daily_requests == 20_000
    assert app.session_state["scenario"].title == "Letters and mail"


def test_a_name_longer_than_a_title_is_read(store: Store) -> None:
    kept_as()
    (case,) = cases.listed(store, ME)
    cases.change(store, ME, case.id, name="x" * 200)
    assert start(case=case.id).session_state["scenario"].title == "x" * 120


def test_the_address_of_an_older_revision_brings_that_one_back(store: Store) -> None:
    app = kept_as()
    (case,) = cases.listed(store, ME)
    save(asked(app, "50000"))
    older = start(case=f"{case.id}@1")
    assert older.session_state["scenario"].daily_requests == 20_000
    assert address(older) == {"case": f"{case.id}@1", "lang": "en"}
    latest = start(case=f"{case.id}@2")
    assert latest.session_state["scenario"].daily_requests == 50_000
    assert address(latest) == {"case": case.id, "lang": "en"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_older_revision_says_that_there_is_a_later_one_and_leads_to_it(store: Store, lang: str) -> None:
    t, app = Translator(lang), kept_as()
    (case,) = cases.listed(store, ME)
    save(asked(app, "50000"))
    said = t("ui.older", number=1, name="Help desk", latest=2)

    def is_told(app: AppTest) -> bool:
        return said in [each.value.replace("\\", "") for each in app.markdown]

    assert not is_told(app)
    older = start(case=f"{case.id}@1", lang=lang)
    assert is_told(older)
    older.button(key="w.older.open").click().run()
    assert not older.exception
    assert older.session_state["scenario"].daily_requests == 50_000
    assert address(older) == {"case": case.id, "lang": lang}
    assert not is_told(older)
    older.button(key="w.bar.undo").click().run()
    assert older.session_state["scenario"].daily_requests == 20_000


# -- drafts -------------------------------------------------------------------------------------------


def test_what_was_typed_is_offered_again(store: Store) -> None:
    beside.keep_draft(store, ME, "", 0, "daily_requests: 12345\n", {"what_if": {"daily_requests": 500.0}})
    app = start()
    app.button(key="w.draft.go").click().run()
    assert app.session_state["scenario"].daily_requests == 12_345
    assert app.session_state["what_if"] == {"daily_requests": 500.0}
    assert "w.draft.go" not in {button.key for button in app.button}


def test_what_was_typed_can_be_forgotten(store: Store) -> None:
    beside.keep_draft(store, ME, "", 0, "daily_requests: 12345\n")
    start().button(key="w.draft.forget").click().run()
    assert beside.draft_of(store, ME) is None


def test_what_is_in_the_address_comes_before_a_draft(store: Store) -> None:
    beside.keep_draft(store, ME, "", 0, "daily_requests: 12345\n")
    assert "w.draft.go" not in {button.key for button in start(**ANSWERS).button}


def test_a_draft_of_a_kept_case_meets_what_was_saved_since(store: Store) -> None:
    kept_as()
    (case,) = cases.listed(store, ME)
    beside.keep_draft(store, ME, case.id, 1, "daily_requests: 12345\n")
    save(asked(start(case=case.id), "50000"))
    beside.keep_draft(store, ME, case.id, 1, "daily_requests: 12345\n")
    app = start(case=case.id)
    app.button(key="w.draft.go").click().run()
    save(app)
    assert "w.conflict.mine" in {button.key for button in app.button}


def test_a_draft_of_a_kept_case_outlives_opening_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_as()
    (case,) = cases.listed(store, ME)
    asked_for: list[str] = []
    monkeypatch.setattr(autosave, "keep_soon", lambda: asked_for.append("kept"))
    app = start()
    app.switch_page("pages/decide/cases.py").run()
    app.button(key=f"w.cases.open.{case.id}").click().run()
    app.button(key="w.case.work_on").click().run()
    assert app.session_state[kept.OPEN].id == case.id
    assert asked_for == []
    asked(app, "777")
    assert asked_for == ["kept"]


def test_drafts_are_offered_only_where_the_user_is_one_person(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    beside.keep_draft(store, ME, "", 0, "daily_requests: 12345\n")
    monkeypatch.setattr(people, "is_one", lambda: False)
    assert "w.draft.go" not in {button.key for button in start().button}


@pytest.mark.parametrize(("days", "is_kept"), [(89, True), (91, False)])
def test_an_old_draft_is_not_offered_and_goes_when_anybody_types(store: Store, days: int, is_kept: bool) -> None:
    then = Actor(LOCAL_USER, NOW - timedelta(days=days))
    beside.keep_draft(store, then, "", 0, "daily_requests: 12345\n")
    app = start()
    assert ("w.draft.go" in {button.key for button in app.button}) == is_kept
    typed = autosave.TypedCase(Actor("anna", NOW), "", 0, app.session_state["scenario"], {})
    autosave.Keeper().write(typed)
    assert (beside.draft_of(store, then) is not None) == is_kept


def test_a_draft_is_written_with_what_is_tried_out(store: Store) -> None:
    keeper = autosave.Keeper()
    app = asked(start(**ANSWERS), "777")
    keeper.write(autosave.TypedCase(ME, "", 0, app.session_state["scenario"], {"levers": {"caching": True}}))
    found = beside.draft_of(store, ME)
    assert found is not None
    assert "daily_requests: 777" in found.answers
    assert found.beside == {"levers": {"caching": True}}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_two_windows_that_write_one_draft_are_told(store: Store, lang: str) -> None:
    first, second = start(lang=lang, **ANSWERS), start(lang=lang, **ANSWERS)
    keepers = [autosave.Keeper(), autosave.Keeper()]

    def typed(k: int, app: AppTest) -> list[str]:
        now = Actor(LOCAL_USER, datetime.now(UTC))
        keepers[k].write(autosave.TypedCase(now, "", 0, app.session_state["scenario"], {}))
        app.session_state[autosave.KEEPER] = keepers[k]
        return [info.value for info in app.run().info]

    said = Translator(lang)("ui.draft_elsewhere")
    assert said not in [*typed(0, first), *typed(0, first)]
    assert said in typed(1, second)
    assert said in typed(0, first)


def test_who_has_saved_is_not_told_of_the_other_window_any_longer(store: Store) -> None:
    app = kept_as()
    (case,) = cases.listed(store, ME)
    app.session_state[autosave.KEEPER] = autosave.Keeper(elsewhere=case.id)
    said = Translator("en")("ui.draft_elsewhere")
    assert said in [info.value for info in asked(app, "50000").info]
    save(app)
    assert said not in [info.value for info in app.run().info]


def test_a_draft_that_cannot_be_written_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_DATABASE", "sqlite:////proc/none/cases.db")
    app = start(**ANSWERS)
    keeper = autosave.Keeper()
    keeper.write(autosave.TypedCase(ME, "", 0, app.session_state["scenario"], {}))
    assert [issue.code for issue in keeper.faults] == ["store_unreachable"]
    app.session_state[autosave.KEEPER] = keeper
    app.run()
    assert "/proc/none/cases.db" in told(app).replace("\\", "")
    assert app.session_state["scenario"].daily_requests == 20_000


def test_a_database_that_cannot_be_used_is_told_when_saving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_DATABASE", "sqlite:////proc/none/cases.db")
    app = kept_as()
    assert "/proc/none/cases.db" in told(app).replace("\\", "")
    assert app.session_state["scenario"].daily_requests == 20_000


def test_a_case_that_cannot_be_read_now_is_still_in_the_address(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not taken for one that is not there: the answers that differ from it would stay behind, and the rest be lost."""
    kept_there, there = address(kept_as())["case"], database_address()
    monkeypatch.setenv("ADVISOR_DATABASE", "postgresql://nobody@127.0.0.1:1/none")
    again = start(case=kept_there, daily_requests="23456")
    assert "w.try_again" in {button.key for button in again.button}
    assert "scenario" not in again.session_state
    assert dict(again.query_params) == {"lang": "en", "case": kept_there, "daily_requests": "23456"}
    monkeypatch.setenv("ADVISOR_DATABASE", there)
    again.button(key="w.try_again").click().run()
    assert again.session_state["scenario"].daily_requests == 23456
    assert again.session_state[kept.OPEN].name == "Help desk"
