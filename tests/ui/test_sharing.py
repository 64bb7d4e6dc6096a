"""Share links: made and revoked by those who may change a case, and a page behind them that shows one revision."""

import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from advisor.core.places import APP
from advisor.report.frozen import frozen
from advisor.report.keeping import OTHERS
from advisor.store import access, beside, cases
from advisor.store.database import Store, open_store
from advisor.store.records import LOCAL_USER, Actor, Content, ShareLink
from advisor.text.i18n import Translator
from advisor.ui import shared
from tests.report.sample_document import sample
from tests.store.made import content

PAGE = "pages/decide/shared.py"
SECONDS = 60


def now() -> Actor:
    return Actor(LOCAL_USER, datetime.now(UTC))


def report(language: str = "en", pdf: bytes | None = None) -> Content:
    kept = content(pdf=pdf)
    return Content(**{**vars(kept), "report": frozen(sample(language)), "language": language})


@pytest.fixture
def store(database_of_its_own: str) -> Store:
    return open_store(database_of_its_own)


@pytest.fixture
def kept(store: Store) -> str:
    """The id of a case with two revisions."""
    case_id = cases.create(store, now(), "Help desk", report())
    cases.save(store, now(), case_id, 1, report("zh"))
    return case_id


def link(store: Store, case_id: str, number: int = 1, days: float = 30) -> tuple[str, ShareLink]:
    return beside.share(store, now(), case_id, number, now().at + timedelta(days=days))


# -- the page behind a link -----------------------------------------------------------------------------


def opened(token: str, language: str = "en") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=SECONDS)
    app.query_params.update({"link": token, "lang": language})
    return app.switch_page(PAGE).run()


def html(app: AppTest) -> str:
    return "\n".join(str(each.proto.body) for each in app.get("html"))


def shows_nothing(app: AppTest, language: str = "en") -> bool:
    """Whether the one sentence stands there, and nothing of any case."""
    t = Translator(language)
    told = [each.value.replace("\\", "") for each in app.warning]
    return told == [t("sharing.gone")] and "Help desk" not in repr(app) and 'class="frozen"' not in html(app)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_link_shows_its_revision_and_nothing_to_change(store: Store, kept: str, language: str) -> None:
    token, made = link(store, kept)
    app, t = opened(token, language), Translator(language)
    assert not app.exception
    assert app.title[0].value == "Help desk"
    said = app.markdown[0].value.replace("\\", "")
    assert "1" in said
    assert t.date(made.expires_at.date()) in said
    assert "Net present value" in html(app)
    assert [each.key for each in app.button] == []
    assert [each.key for each in app.segmented_control] == ["language"]
    assert len(app.sidebar) == 0
    assert "scenario" not in app.session_state


def test_a_report_is_read_in_the_readers_language_where_it_was_kept_in_it(store: Store) -> None:
    both = report("en")
    both = replace(both, report={**both.report, OTHERS: {"zh": frozen(sample("zh"))}})
    token, _ = link(store, cases.create(store, now(), "Help desk", both))
    for language in ("en", "zh"):
        app = opened(token, language)
        assert f"<h2>{sample(language).title}</h2>" in html(app)
        assert len(app.caption) == 0


@pytest.mark.parametrize(("language", "called"), [("en", "中文"), ("zh", "English")])
def test_a_report_that_was_kept_in_another_language_alone_says_so(store: Store, language: str, called: str) -> None:
    other = {"en": "zh", "zh": "en"}[language]
    app = opened(link(store, cases.create(store, now(), "Help desk", report(other)))[0], language)
    (said,) = (each.value.replace("\\", "") for each in app.caption)
    assert said == Translator(language)("sharing.in_its_language", language=called)


def test_a_name_that_the_page_says_is_not_said_again_by_the_report(store: Store) -> None:
    token, _ = link(store, cases.create(store, now(), sample("en").title, report()))
    assert html(opened(token)).count(sample("en").title) == 0


def test_the_pdf_is_called_as_the_case_is(store: Store, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr(shared.frozen, "download", lambda revision, name, t: called.append(name))
    opened(link(store, kept, 2)[0], "zh")
    assert called == ["Help-desk-2-zh"]


def test_the_token_stays_in_the_address_when_the_language_changes(store: Store, kept: str) -> None:
    token, _ = link(store, kept)
    app = opened(token)
    app.segmented_control(key="language").set_value("zh").run()
    assert app.query_params["link"] in (token, [token])
    assert app.query_params["lang"] in ("zh", ["zh"])
    assert Translator("zh")("sharing.read_only", number=1, saved="", expires="")[:2] in app.markdown[0].value


def test_the_browsers_back_brings_back_the_language(store: Store, kept: str) -> None:
    app = opened(link(store, kept)[0])
    app.segmented_control(key="language").set_value("zh").run()
    app.query_params["lang"] = "en"
    app.run()
    assert app.session_state["language"] == "en"


def test_a_revoked_link_is_dead_when_the_page_is_drawn_again(store: Store, kept: str) -> None:
    token, made = link(store, kept)
    app = opened(token)
    beside.revoke(store, now(), kept, made.id)
    assert shows_nothing(app.run())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_unknown_run_out_and_revoked_links_read_alike(store: Store, kept: str, language: str) -> None:
    past = Actor(LOCAL_USER, now().at - timedelta(days=9))
    over, _ = beside.share(store, past, kept, 1, past.at + timedelta(days=1))
    revoked, made = link(store, kept)
    beside.revoke(store, now(), kept, made.id)
    for token in (over, revoked, revoked + "x", "", kept, made.id, "'; --"):
        assert shows_nothing(opened(token, language), language)


def test_where_nothing_was_ever_kept_a_link_makes_no_database(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_DATABASE", f"sqlite:///{tmp_path / 'none.db'}")
    assert shows_nothing(opened("any"))
    assert not (tmp_path / "none.db").exists()


def test_a_database_that_is_away_is_not_described_to_a_stranger(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    path = tmp_path / "secret-place.db"
    path.write_bytes(b"no database at all, but long enough to be read as one" * 40)
    monkeypatch.setenv("ADVISOR_DATABASE", f"sqlite:///{path}")
    app = opened("token")
    assert [each.value.replace("\\", "") for each in app.warning] == [Translator("en")("sharing.not_now")]
    assert "secret-place" not in repr(app)


def test_the_pdf_is_refused_on_a_page_that_was_open_when_the_link_was_revoked(
    store: Store, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(shared.frozen, "download", lambda revision, name, t: asked.append(revision))
    token, made = link(store, kept)
    opened(token)
    assert asked[0]().head.number == 1
    beside.revoke(store, now(), kept, made.id)
    with pytest.raises(beside.UnknownLink):
        asked[0]()


def test_the_token_is_logged_nowhere(store: Store, kept: str, caplog: pytest.LogCaptureFixture) -> None:
    token, made = link(store, kept)
    with caplog.at_level(logging.DEBUG, "advisor"):
        app = opened(token)
        beside.revoke(store, now(), kept, made.id)
        app.run()
    assert token not in caplog.text
    assert token not in repr(app.main)
    assert token not in repr(app.session_state)


# -- making and revoking --------------------------------------------------------------------------------


def section(case_id: str, user: str = LOCAL_USER, language: str = "en") -> AppTest:
    def page(case_id: str, user: str, language: str) -> None:
        import streamlit as st

        from advisor.store import cases
        from advisor.text.i18n import Translator
        from advisor.ui import database, people, sharing

        people.actor = lambda: people.Actor(user, people.datetime.now(people.UTC))
        st.session_state["language"] = language
        sharing.draw(cases.find(database.store(), people.actor(), case_id), Translator(language))

    app = AppTest.from_function(page, args=(case_id, user, language), default_timeout=SECONDS)
    app.session_state["fold.sharing"] = True
    return app.run()


@pytest.fixture(autouse=True)
def the_actor_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from advisor.ui import people

    monkeypatch.setattr(people, "actor", people.actor)


def made_token(app: AppTest) -> str:
    (address,) = (each.value for each in app.code)
    return parse_qs(urlsplit(address).query)["link"][0]


def number_behind(store: Store, token: str) -> int:
    return beside.shared(store, token, now().at).head.number


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_link_to_the_latest_revision_is_made_and_shown_once(store: Store, kept: str, language: str) -> None:
    app = section(kept, language=language).button(key="w.share.make").click().run()
    assert not app.exception
    token = made_token(app)
    assert number_behind(store, token) == 2
    (made,) = beside.links_of(store, now(), kept)
    assert made.expires_at == beside.end_of(now().at.date() + timedelta(days=30))
    assert Translator(language)("sharing.to_clipboard") in html(app)
    app.run()
    assert len(app.code) == 0
    assert token not in repr(app)
    assert token not in repr(app.session_state)


def test_an_older_revision_until_a_day_of_ones_own(store: Store, kept: str) -> None:
    app = section(kept)
    app.selectbox(key=f"w.share.revision.{kept}").set_value(1)
    app.segmented_control(key=f"w.share.days.{kept}").set_value(0).run()
    day: date = now().at.date() + timedelta(days=3)
    app.date_input(key=f"w.share.until.{kept}").set_value(day)
    app.button(key="w.share.make").click().run()
    assert number_behind(store, made_token(app)) == 1
    assert beside.links_of(store, now(), kept)[0].expires_at == beside.end_of(day)


def test_a_revoked_link_is_over_at_once(store: Store, kept: str) -> None:
    token, made = link(store, kept)
    app = section(kept)
    app.button(key=f"w.share.revoke.{made.id}").click().run()
    with pytest.raises(beside.UnknownLink):
        number_behind(store, token)
    assert not [each for each in app.button if each.key == f"w.share.revoke.{made.id}"]
    assert "revoked on" in html(app)


def test_links_that_ran_out_have_no_button(store: Store, kept: str) -> None:
    past = Actor(LOCAL_USER, now().at - timedelta(days=9))
    beside.share(store, past, kept, 1, past.at + timedelta(days=1))
    app = section(kept)
    assert [each.key for each in app.button] == ["w.share.make"]
    assert "ran out on" in html(app)


def test_an_editor_shares_and_a_viewer_is_shown_nothing(store: Store, kept: str) -> None:
    access.let(store, now(), kept, "eve", "editor")
    access.let(store, now(), kept, "vera", "viewer")
    app = section(kept, "eve").button(key="w.share.make").click().run()
    assert number_behind(store, made_token(app)) == 2
    assert [each.by for each in beside.links_of(store, now(), kept)] == ["eve"]
    app = section(kept, "vera")
    assert len(app.button) == 0
    assert not app.get("expander")


def test_who_is_shut_out_meanwhile_makes_and_ends_nothing(store: Store, kept: str) -> None:
    access.let(store, now(), kept, "eve", "editor")
    _, made = link(store, kept)
    app = section(kept, "eve")
    access.let(store, now(), kept, "eve", "viewer")
    app.button(key="w.share.make").click()
    with pytest.raises(access.NotAllowed):
        beside.revoke(store, Actor("eve", now().at), kept, made.id)
    app.run()
    assert [each.state_at(now().at) for each in beside.links_of(store, now(), kept)] == ["works"]
