"""The page Cases: found, opened, looked after, priced anew, with the rights that each user has."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from advisor.core.places import APP
from advisor.report.keeping import content_of
from advisor.store import access, beside, cases, exchange, tables
from advisor.store.database import Store, open_store
from advisor.store.records import LOCAL_USER, Actor, Content
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import case_actions, case_today, database, heavy, history, kept, people, state
from advisor.ui.workers import Turn
from tests.cases import advice, catalog, preset
from tests.ui.shown import cells

PAGE = "pages/decide/cases.py"
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ME, BOB = Actor(LOCAL_USER, AT), Actor("bob", AT)
EN = Translator("en")


@cache
def content(name: str = "extraction", pdf: bytes | None = b"%PDF as it was") -> Content:
    return content_of(advice(preset(name)), catalog(), EN, pdf)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """These tests change what was frozen behind its hash."""
    case_today._repriced.clear()


@pytest.fixture
def store(database_of_its_own: str) -> Iterator[Store]:
    opened = open_store(database_of_its_own)
    yield opened
    opened.close()


@pytest.fixture
def mail(store: Store) -> str:
    """The id of a case of two revisions."""
    case_id = cases.create(store, ME, "Mail triage", content("chat"), "first look", ["mail", "2026"])
    cases.save(store, ME, case_id, 1, content(), "volume measured")
    return case_id


@pytest.fixture
def chat(store: Store) -> str:
    later = Actor(LOCAL_USER, AT + timedelta(minutes=1))
    return cases.create(store, later, "Chat $5 *now*", content("chat"))


@pytest.fixture
def act_as(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], None]:
    def become(who: Actor) -> None:
        monkeypatch.setattr(people, "actor", lambda: who)

    return become


def opened(chosen: str | None = None, language: str = "en", *folds: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["language"] = language
    for fold in folds:
        app.session_state[f"fold.{fold}"] = True
    if chosen is not None:
        app.session_state[case_actions.CHOSEN] = chosen
    app.run()
    return stands(app.switch_page(PAGE).run())


def stands(app: AppTest) -> AppTest:
    """The page is drawn to its end."""
    assert not app.exception
    told = {Translator(code)("app.page_failed") for code in languages()}
    assert not [e for e in app.error if e.value.splitlines()[0] in told]
    return app


def names(app: AppTest) -> list[str]:
    """The cases in the list, by what their buttons say."""
    return [b.label.replace("\\", "") for b in app.button if str(b.key).startswith("w.cases.open.")]


def keys(app: AppTest) -> set[str]:
    return {str(b.key) for b in app.button}


def said(app: AppTest) -> str:
    """Everything that is read."""
    parts = [e.value for e in [*app.subheader, *app.markdown, *app.caption, *app.error, *app.warning, *app.info]]
    return "\n".join([*(str(p).replace("\\", "") for p in parts), *(str(e.proto.body) for e in app.get("html"))])


def press(app: AppTest, key: str) -> AppTest:
    return stands(app.button(key=key).click().run())


# -- the list -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
def test_with_nothing_kept_the_page_says_how_to_keep_and_opens_no_database(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "store", lambda: pytest.fail("opened"))
    assert Translator(language)("cases.none") in said(opened(None, language))


@pytest.mark.parametrize("language", languages())
def test_the_list_says_where_each_case_stands(mail: str, chat: str, language: str) -> None:
    app, t = opened(None, language), Translator(language)
    assert names(app) == ["Chat $5 *now*", "Mail triage"]
    text = said(app)
    for part in ("mail", t("store.status.draft"), t("verdict.yes.label"), t.date(AT.date())):
        assert part in text
    assert "w.case.work_on" not in keys(app)  # nothing is chosen yet


@pytest.mark.parametrize(
    ("typed", "found"),
    [("triage", 1), ("MAIL 2026", 1), ("2026", 1), ("chat", 1), ("a", 2), ("nothing such", 0), ("mail chat", 0)],
)
def test_words_are_looked_for_in_names_and_tags(mail: str, chat: str, typed: str, found: int) -> None:
    app = opened()
    app.text_input(key="w.cases.search").set_value(typed).run()
    assert len(names(app)) == found
    assert (EN("cases.no_match") in said(app)) == (found == 0)


def test_statuses_and_archived_ones_are_filtered(store: Store, mail: str, chat: str) -> None:
    cases.change(store, ME, chat, status="approved")
    app = opened()
    app.pills(key="w.cases.status").set_value(["approved"]).run()
    assert names(app) == ["Chat $5 *now*"]
    app.pills(key="w.cases.status").set_value([]).run()
    cases.change(store, ME, mail, archived=True)
    app.run()
    assert names(app) == ["Chat $5 *now*"]
    app.toggle(key="w.cases.archived").set_value(True).run()
    assert names(app) == ["Mail triage"]


def test_a_long_list_is_shown_in_parts(store: Store) -> None:
    for k in range(23):
        cases.create(store, ME, f"Case {k}", content("chat", None))
    app = opened()
    assert len(names(app)) == 20
    assert len(names(press(app, "w.cases.more"))) == 23


# -- one case -----------------------------------------------------------------------------------------


def test_a_chosen_case_shows_what_was_frozen_and_computes_nothing(
    store: Store, mail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = content().headline
    headline = {**frozen, "verdict": "not_yet", "npv": {**frozen["npv"], "mean": 123_456.0}}
    with store.writing() as connection:
        connection.execute(update(tables.revisions).values(headline=json.dumps(headline)))
    app = press(opened(), f"w.cases.open.{mail}")
    text = said(app)
    for part in ("Mail triage", EN("verdict.not_yet.label"), "$123,456", "volume measured", catalog().version):
        assert part in text
    assert EN.months(frozen["payback"]["p50"]) in text


def test_the_case_that_the_session_works_on_stands_below_the_list_at_first(mail: str, chat: str) -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params.update({"lang": "en", "case": mail})
    app.run()
    app.switch_page(PAGE).run()
    assert [s.value for s in app.subheader] == ["Mail triage"]


def test_work_on_it_opens_the_latest_revision_in_the_session(mail: str) -> None:
    app = press(opened(mail), "w.case.work_on")
    assert app.session_state[kept.OPEN].seen == 2
    assert app.session_state[state.SCENARIO] == preset("extraction", title="Mail triage")
    assert app.title[0].value == EN("page.your_case.title")


def test_an_earlier_revision_is_worked_on_from_its_number(mail: str) -> None:
    app = opened(mail, "en", "case.history")
    choice = app.selectbox(key=f"w.case.revision.{mail}.2")
    choice.set_value(1).run()
    assert "volume measured" in cells(app)
    press(app, "w.case.work_on_revision")
    assert app.session_state[kept.OPEN].seen == 1
    assert app.session_state[state.SCENARIO] == preset("chat", title="Mail triage")
    assert app.session_state[history.LINK].params == {"case": f"{mail}@1", "lang": "en"}


@pytest.mark.parametrize("language", languages())
def test_name_status_and_tags_are_changed_and_the_audit_says_so(store: Store, mail: str, language: str) -> None:
    app, t = opened(mail, language, "case.audit"), Translator(language)
    field = {
        str(w.key).rsplit(".", 1)[1]: w for w in [*app.text_input, *app.selectbox] if str(w.key).startswith("w.case.")
    }
    field["name"].set_value("Post")
    field["status"].set_value("approved")
    field["tags"].set_value("a，b、c")
    press(app, "w.case.change")
    case = cases.find(store, ME, mail)
    assert (case.name, case.status, case.tags) == ("Post", "approved", ("a", "b", "c"))
    assert any(t("store.status.approved") in cell for cell in cells(app))
    assert "Post" in app.toast[0].value


def test_a_name_that_is_none_is_refused_in_words(store: Store, mail: str) -> None:
    app = opened(mail)
    next(w for w in app.text_input if str(w.key).endswith(".name")).set_value("  ")
    press(app, "w.case.change")
    assert len(app.error) == 1
    assert cases.find(store, ME, mail).name == "Mail triage"


def test_a_copy_is_chosen_and_the_first_stays(store: Store, mail: str) -> None:
    app = press(opened(mail), "w.case.duplicate")
    copied = EN("cases.duplicate_name", name="Mail triage")
    assert [s.value.replace("\\", "") for s in app.subheader] == [copied]
    assert sorted(names(app)) == ["Mail triage", copied]


def test_a_long_name_leaves_room_for_that_of_its_duplicate(store: Store) -> None:
    case_id = cases.create(store, ME, "x" * 200, content("chat"))
    press(opened(case_id), "w.case.duplicate")
    assert len(cases.listed(store, ME)) == 2


def test_a_case_is_laid_aside_and_brought_back(store: Store, mail: str) -> None:
    app = press(opened(mail), "w.case.archive")
    assert cases.find(store, ME, mail).archived
    assert names(app) == []
    assert [s.value for s in app.subheader] == ["Mail triage"]
    press(app, "w.case.archive")
    assert not cases.find(store, ME, mail).archived


def test_deleting_asks_first_and_leaves_nothing_open(store: Store, mail: str, chat: str) -> None:
    app = press(opened(mail), "w.case.work_on")
    app.switch_page(PAGE).run()
    assert any("Mail triage" in m.value for m in app.markdown)  # what would be lost
    press(app, "w.case.delete")
    assert names(app) == ["Chat $5 *now*"]
    assert app.session_state[kept.OPEN] is None
    assert not app.error
    assert access.audit_of(store, ME, mail)[-1].action == "deleted"


def test_the_report_is_handed_out_as_it_was_kept(store: Store, mail: str) -> None:
    from advisor.report.keeping import file_of

    latest = cases.revision(store, ME, mail)
    assert file_of(latest, ".pdf") == b"%PDF as it was"
    without = cases.create(store, ME, "No PDF", content("extraction", None))
    assert file_of(cases.revision(store, ME, without), ".pdf").startswith(b"%PDF-")
    app = opened(mail, "en", "case.history")
    labels = {b.label for b in app.get("download_button")}
    assert {EN("cases.pdf"), EN("cases.json"), *(EN(f"cases.file.{kind}") for kind in ("pdf", "md", "yaml"))} <= labels


def test_every_file_is_made_of_what_was_kept(
    store: Store, mail: str, chat: str, act_as: Callable[[Actor], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for who may only look."""
    made: dict[str, Callable[[], bytes | str]] = {}
    monkeypatch.setattr(case_actions, "file", lambda label, build, *_: made.update({label: build}))
    monkeypatch.setattr(heavy, "download", lambda label, build, *_, **__: made.update({label: lambda: build(Turn())}))
    access.let(store, ME, mail, "bob", "viewer")
    act_as(BOB)
    opened(mail, "en", "case.history", "cases.files")
    assert made[EN("cases.pdf")]() == made[EN("cases.file.pdf")]() == b"%PDF as it was"
    assert made[EN("cases.file.yaml")]() == content().answers.encode()
    assert made[EN("cases.file.md")]().startswith(b"# ")
    assert made[EN("cases.json")]() == exchange.exported(store, ME, mail)
    with zipfile.ZipFile(io.BytesIO(made[EN("cases.export_all", count="1")]())) as archive:
        assert archive.namelist() == [f"Mail-triage-{mail[:8]}.json"]
    access.let(store, ME, mail, "bob", None)
    with pytest.raises(access.UnknownCase):
        made[EN("cases.pdf")]()


def test_a_refusal_is_not_told_beside_another_case(store: Store, mail: str, chat: str) -> None:
    app = opened(mail)
    cases.remove(store, ME, mail)
    press(app, "w.case.archive")
    assert app.error
    press(app, f"w.cases.open.{chat}")
    assert not app.error


def test_after_undo_a_deleted_case_is_one_that_is_not_kept(mail: str) -> None:
    app = press(opened(mail), "w.case.work_on")
    app.switch_page(PAGE).run()
    press(app, "w.case.delete")
    press(app, "w.bar.undo")
    assert app.session_state[kept.OPEN] is None


# -- then and now -------------------------------------------------------------------------------------


def _price_then(store: Store, case_id: str, name: str, value: float) -> None:
    """As if a price had been another when the case was kept."""
    prices = [{**row, "value": value} if row["id"] == name else row for row in content().prices]
    with store.writing() as connection:
        query = update(tables.revisions).where(tables.revisions.c.case_id == case_id)
        connection.execute(query.values(prices=json.dumps(prices)))


@pytest.mark.parametrize("language", languages())
def test_a_price_that_changed_is_told_then_and_now(store: Store, mail: str, language: str) -> None:
    t = Translator(language)
    _price_then(store, mail, "hourly_rate", 1.0)
    app = opened(mail, language, "case.today")
    shown = cells(app)
    assert t("field.hourly_rate.label") in shown
    assert t.value(1.0, "money/h", "USD") in shown
    assert t("walk.project.label") in shown
    assert t("store.verdict_stays", verdict=t("verdict.yes.label")) in said(app)


def test_a_verdict_that_turned_is_a_warning(store: Store, mail: str) -> None:
    headline = {**content().headline, "verdict": "not_yet"}
    with store.writing() as connection:
        connection.execute(update(tables.revisions).values(headline=json.dumps(headline)))
    app = opened(mail, "en", "case.today")
    assert any(EN("verdict.not_yet.label") in w.value.replace("\\", "") for w in app.warning)


def test_a_review_names_the_cases_that_moved(store: Store, mail: str, chat: str) -> None:
    headline = {**content().headline, "verdict": "not_yet"}
    with store.writing() as connection:
        query = update(tables.revisions).where(tables.revisions.c.case_id == mail)
        connection.execute(query.values(headline=json.dumps(headline)))
    app = press(opened(), "w.cases.review")
    assert EN("store.review_done", count="2", moved="1") in said(app)
    assert {"Mail triage", EN("verdict.not_yet.label"), EN("verdict.yes.label")} <= cells(app)
    assert "Chat $5 *now*" not in cells(app)


@pytest.mark.parametrize("language", languages())
def test_a_case_that_cannot_be_computed_today_says_why_and_holds_up_no_other(
    store: Store, mail: str, chat: str, language: str
) -> None:
    with store.writing() as connection:
        query = update(tables.revisions).where(tables.revisions.c.case_id == mail)
        connection.execute(query.values(answers="schema: 2\ndaily_requests: -5\n"))
    app = press(opened(mail, language, "case.today"), "w.cases.review")
    assert len(app.error) == 2  # in the review, and in the case itself
    assert "Mail triage" in app.error[0].value
    assert press(app, "w.case.work_on").error  # its answers cannot be taken; the page stays
    assert app.title[0].value == Translator(language)("page.cases.title")


# -- notes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
def test_a_note_says_who_told_a_number(store: Store, mail: str, language: str) -> None:
    app, t = opened(mail, language, "case.notes"), Translator(language)
    key = f"w.note.{mail}.0"
    choice = app.selectbox(key=f"{key}.on")
    assert t("field.hourly_rate.label") in choice.options
    choice.set_value("hourly_rate")
    app.text_area(key=f"{key}.text").set_value("as agreed *in May*")
    app.text_input(key=f"{key}.told_by").set_value("finance")
    press(app, "w.note.add")
    (note,) = beside.notes_of(store, ME, mail)
    assert (note.assumption, note.text, note.told_by) == ("hourly_rate", "as agreed *in May*", "finance")
    assert "as agreed *in May*" in said(app)
    assert "finance" in said(app)
    press(app, f"w.note.remove.{note.id}")
    assert beside.notes_of(store, ME, mail) == ()


def test_an_empty_note_is_refused_and_what_was_typed_stays(store: Store, mail: str) -> None:
    app = opened(mail, "en", "case.notes")
    app.text_input(key=f"w.note.{mail}.0.told_by").set_value("finance")
    press(app, "w.note.add")
    assert len(app.error) == 1
    assert app.text_input(key=f"w.note.{mail}.0.told_by").value == "finance"
    assert beside.notes_of(store, ME, mail) == ()


# -- files --------------------------------------------------------------------------------------------


def test_a_zip_of_cases_is_taken_in(store: Store, mail: str, chat: str, act_as: Callable[[Actor], None]) -> None:
    packed = exchange.packed(store, ME, [mail, chat])
    act_as(BOB)
    app = opened(None, "en", "cases.files")
    assert names(app) == []
    app.get("file_uploader")[0].set_value([("cases.zip", packed, "application/zip")]).run()
    assert not app.exception
    assert not app.error
    assert sorted(names(app)) == ["Chat $5 *now*", "Mail triage"]
    assert {case.access for case in cases.listed(store, BOB)} == {"owner"}


@pytest.mark.parametrize("language", languages())
def test_a_file_that_is_no_case_is_told(language: str) -> None:
    app = opened(None, language, "cases.files")
    app.get("file_uploader")[0].set_value([("cases.json", b"{}", "application/json")]).run()
    assert not app.exception
    assert len(app.error) == 1
    assert names(app) == []


# -- who may do what ----------------------------------------------------------------------------------

CHANGING = {"w.case.archive", "w.case.change", "w.note.add"}


@pytest.mark.parametrize(("role", "may", "may_not"), [
    ("viewer", {"w.case.work_on", "w.case.duplicate"}, {*CHANGING, "w.case.delete"}),
    ("editor", {"w.case.work_on", "w.case.duplicate", *CHANGING}, {"w.case.delete"}),
])  # fmt: skip
def test_a_user_is_offered_what_he_may_do(
    store: Store, mail: str, act_as: Callable[[Actor], None], role: str, may: set[str], may_not: set[str]
) -> None:
    access.let(store, ME, mail, "bob", role)
    act_as(BOB)
    app = opened(mail, "en", "case.notes", "case.audit", "case.history")
    assert may <= keys(app)
    assert not may_not & keys(app)
    assert {EN("cases.pdf"), EN("cases.json")} <= {b.label for b in app.get("download_button")}


@pytest.mark.parametrize("key", ["w.case.archive", "w.case.change", "w.note.add", "w.case.delete"])
def test_what_a_page_still_offers_is_refused_all_the_same(
    store: Store, mail: str, act_as: Callable[[Actor], None], key: str
) -> None:
    """A page that was drawn for its owner, pressed by somebody who may only look."""
    access.let(store, ME, mail, "bob", "viewer")
    app = opened(mail, "en", "case.notes")
    next(w for w in app.text_input if str(w.key).endswith(".name")).set_value("Mine now")
    app.text_area(key=f"w.note.{mail}.0.text").set_value("text")
    act_as(BOB)
    press(app, key)
    assert len(app.error) == 1
    assert "Ask its owner" in app.error[0].value.replace("\\", "")
    case = cases.find(store, ME, mail)
    assert (case.name, case.archived, case.latest) == ("Mail triage", False, 2)
    assert beside.notes_of(store, ME, mail) == ()


def test_somebody_elses_case_is_not_there(store: Store, mail: str, act_as: Callable[[Actor], None]) -> None:
    act_as(BOB)
    of_another, of_nobody = (opened(case_id) for case_id in (mail, "0" * 32))
    assert names(of_another) == []
    texts = [app.error[0].value.replace(case_id, "ID") for app, case_id in ((of_another, mail), (of_nobody, "0" * 32))]
    assert texts[0] == texts[1]
    assert "Mail triage" not in said(of_another)
    assert cases.find(store, ME, mail).name == "Mail triage"


def test_an_owner_is_named_where_people_sign_in(store: Store, mail: str, act_as: Callable[[Actor], None]) -> None:
    access.let(store, ME, mail, "bob", "viewer")
    cases.create(store, BOB, "Bob's", content("chat"))
    act_as(BOB)
    app = opened(mail)
    assert "bob" in said(app)
    assert EN("cases.access.viewer", owner=EN("people.local")) in said(app)


def test_every_action_of_the_audit_has_words() -> None:
    import re

    from advisor.store.records import AUDITED

    folder = Path(cases.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert set(re.findall(r'record\(connection, actor, \w+, "(\w+)"', source)) == set(AUDITED)
