"""The table of who may see what: every door to a kept case, for everybody who may knock, each cell tried out.

A door that the table does not name is found at the end of this file.
"""

import ast
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from advisor.cli import main
from advisor.cli.kept import ACTIONS
from advisor.core.notices import InputError
from advisor.core.places import DATABASE
from advisor.decision.advice import advise
from advisor.report.keeping import content_of, report_of
from advisor.report.markdown import render_markdown
from advisor.scenario import Scenario
from advisor.store import access, beside, cases, exchange, people, tables
from advisor.store.database import Store, open_store
from advisor.store.records import NOBODY, Actor, Content
from advisor.text.i18n import Translator
from tests.cases import DAY, catalog
from tests.ui.signed_in import ADA, BOB, claims, has, start, user
from tests.ui.signed_in import NOBODY as NO_CLAIMS

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECRET = "Project Nightingale"
PEOPLE: dict[str, dict[str, Any]] = {
    "owner": ADA,
    "editor": BOB,
    "viewer": claims("Cleo"),
    "stranger": claims("Dan"),
    "nobody": NO_CLAIMS,
}
ENGLISH = Translator("en")

SEES, CHANGES, NONE, REFUSED, ASKED = "sees", "changes", "no such case", "not allowed", "asked to sign in"
NOTHING = "nothing"
"""The door opens, and nothing of the case is behind it."""

READERS = (SEES, SEES, SEES, NONE, NONE)
WRITERS = (CHANGES, CHANGES, REFUSED, NONE, NONE)
OWNER = (CHANGES, REFUSED, REFUSED, NONE, NONE)
LISTS = (SEES, SEES, SEES, NOTHING, NOTHING)
EVERYBODY = (SEES,) * 5

TABLE: dict[str, tuple[str, ...]] = {
    # door                      owner    editor   viewer   stranger nobody
    "list": LISTS,
    "find": READERS,
    "revision": READERS,
    "an earlier revision": READERS,
    "history": READERS,
    "audit": READERS,
    "audit of a deleted case": (SEES, NONE, NONE, NONE, NONE),
    "notes": READERS,
    "the owner's draft": (SEES, NOTHING, NOTHING, NONE, NONE),
    "the owner's draft of a new case": (SEES, NOTHING, NOTHING, NOTHING, NOTHING),
    "a draft of one's own": READERS,
    "all drafts of one's own": (SEES, NOTHING, NOTHING, NOTHING, NOTHING),
    "members": READERS,
    "links": READERS,
    "report": READERS,
    "report as Markdown": READERS,
    "report as PDF": READERS,
    "the case as JSON": READERS,
    "cases as a ZIP": READERS,
    "compare": READERS,
    "duplicate": READERS,
    "save": WRITERS,
    "rename": WRITERS,
    "archive": WRITERS,
    "write a note": WRITERS,
    "remove a note": WRITERS,
    "make a share link": WRITERS,
    "revoke a share link": WRITERS,
    "let in": OWNER,
    "shut out": OWNER,
    "delete": OWNER,
    "find a person by e-mail": (SEES, REFUSED, REFUSED, NONE, NONE),
    "follow a share link": EVERYBODY,
    "follow a revoked share link": (NONE,) * 5,
    "follow a link with the id of the case": (NONE,) * 5,
    "name and report behind a share link": EVERYBODY,
    "name and report behind a revoked share link": (NONE,) * 5,
    # on the command line whoever sits at the machine says who acts; nobody there is the one local user
    "command: cases list": LISTS,
    "command: cases show": READERS,
    "command: cases show --json": READERS,
    "command: cases history": READERS,
    "command: cases export .json": READERS,
    "command: cases export .yaml": READERS,
    "command: cases export .md": READERS,
    "command: cases export .pdf": READERS,
    "command: review": LISTS,
    "command: cases save --into": WRITERS,
    "command: cases set": WRITERS,
    "command: cases archive": WRITERS,
    "command: cases delete": OWNER,
    "command: cases share": WRITERS,
    "command: cases links": READERS,
    "command: cases revoke": WRITERS,
    "command: cases notes": READERS,
    "command: cases note": WRITERS,
    "command: cases members": READERS,
    "command: cases let": OWNER,
    "command: cases audit": READERS,
    "command: cases drafts": (SEES, NOTHING, NOTHING, NOTHING, NOTHING),
    # in the app
    "page: ?case=ID": (SEES, SEES, SEES, NONE, ASKED),
    "page: Save": (CHANGES, CHANGES, REFUSED, NONE, ASKED),
    "page: front page": (SEES, NOTHING, NOTHING, NOTHING, ASKED),  # what the owner typed and did not save is offered
}


@dataclass(frozen=True)
class World:
    """A database with the owner's case, and who knocks."""

    store: Store
    case: str
    note: str
    link: str
    token: str
    who: str
    folder: Path

    @property
    def actor(self) -> Actor:
        return Actor(key(self.who), NOW)

    @property
    def owner(self) -> Actor:
        return Actor(key("owner"), NOW)


def key(who: str) -> str:
    return user(PEOPLE[who]) if PEOPLE[who] else NOBODY


def frozen_case() -> Content:
    """A case that says the secret wherever words can stand."""
    case = Scenario(daily_requests=20000, budget=20000, quality_need="high", title=SECRET)
    advice = advise(case, catalog(), DAY)
    return content_of(advice, catalog(), ENGLISH, f"%PDF {SECRET}".encode(), about=case)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, str, str, str]]:
    """A database with the case in it, to be copied for each cell."""
    path = tmp_path_factory.mktemp("prepared") / "cases.db"
    store, me, content = open_store(f"sqlite:///{path}"), Actor(key("owner"), NOW), frozen_case()
    case = cases.create(store, me, SECRET, content, SECRET, [SECRET])
    cases.save(store, me, case, 1, content, SECRET)
    note = beside.add_note(store, me, case, "daily_requests", SECRET, SECRET)
    token, link = beside.share(store, me, case, 1, NOW + timedelta(days=1))
    for place in (case, beside.NEW_CASE):
        beside.keep_draft(store, me, place, 2, f"title: {SECRET}")
    for who, said in PEOPLE.items():
        if said:
            people.seen(store, Actor(key(who), NOW), said["name"], said["email"], said["iss"])
    for role in ("viewer", "editor"):
        access.let(store, me, case, key(role), role)
    store.close()
    return path, (case, note, link.id, token)


@pytest.fixture
def world(prepared: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> World:
    source, ids = prepared
    shutil.copy(source, tmp_path / "cases.db")
    address = f"sqlite:///{tmp_path / 'cases.db'}"
    monkeypatch.setenv(DATABASE, address)
    return World(open_store(address), *ids, request.getfixturevalue("who"), tmp_path)


# -- doors --------------------------------------------------------------------------------------------


def _deleted(w: World) -> object:
    cases.remove(w.store, w.owner, w.case)
    return access.audit_of(w.store, w.actor, w.case)


def _own_draft(w: World) -> object:
    beside.keep_draft(w.store, w.actor, w.case, 2, f"title: {SECRET}")
    return beside.draft_of(w.store, w.actor, w.case)


def _copied(w: World) -> object:
    return cases.revision(w.store, w.actor, cases.duplicate(w.store, w.actor, w.case, "Mine"))


def _revoked(w: World) -> object:
    beside.revoke(w.store, w.owner, w.case, w.link)
    return beside.shared(w.store, w.token, NOW)


def _revoked_with_its_name(w: World) -> object:
    beside.revoke(w.store, w.owner, w.case, w.link)
    return beside.behind_link(w.store, w.token, NOW)


def _unpacked(archive: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        yield from (found.read(name) for name in found.namelist())


def _revision(w: World, number: int | None = None) -> Any:
    return cases.revision(w.store, w.actor, w.case, number)


def _shared(w: World) -> object:
    return beside.share(w.store, w.actor, w.case, 1, NOW + timedelta(days=1))


IN_STORE: dict[str, Callable[[World], object]] = {
    "list": lambda w: cases.listed(w.store, w.actor) + cases.listed(w.store, w.actor, archived=True),
    "find": lambda w: cases.find(w.store, w.actor, w.case),
    "revision": _revision,
    "an earlier revision": lambda w: _revision(w, 1),
    "history": lambda w: cases.history(w.store, w.actor, w.case),
    "audit": lambda w: access.audit_of(w.store, w.actor, w.case),
    "audit of a deleted case": _deleted,
    "notes": lambda w: beside.notes_of(w.store, w.actor, w.case),
    "the owner's draft": lambda w: beside.draft_of(w.store, w.actor, w.case),
    "the owner's draft of a new case": lambda w: beside.draft_of(w.store, w.actor),
    "a draft of one's own": _own_draft,
    "all drafts of one's own": lambda w: beside.drafts_of(w.store, w.actor),
    "members": lambda w: access.members_of(w.store, w.actor, w.case),
    "links": lambda w: beside.links_of(w.store, w.actor, w.case),
    "report": lambda w: report_of(_revision(w)),
    "report as Markdown": lambda w: render_markdown(report_of(_revision(w))),
    "report as PDF": lambda w: _revision(w).content.pdf,
    "the case as JSON": lambda w: exchange.exported(w.store, w.actor, w.case),
    "cases as a ZIP": lambda w: b"".join(_unpacked(exchange.packed(w.store, w.actor, [w.case]))),
    "compare": lambda w: [_revision(w, number).content.answers for number in (1, 2)],
    "duplicate": _copied,
    "save": lambda w: cases.save(w.store, w.actor, w.case, 2, _revision(w).content),
    "rename": lambda w: cases.change(w.store, w.actor, w.case, name="Another", status="approved", tags=[]),
    "archive": lambda w: cases.change(w.store, w.actor, w.case, archived=True),
    "write a note": lambda w: beside.add_note(w.store, w.actor, w.case, "budget", "text"),
    "remove a note": lambda w: beside.remove_note(w.store, w.actor, w.case, w.note),
    "make a share link": _shared,
    "revoke a share link": lambda w: beside.revoke(w.store, w.actor, w.case, w.link),
    "let in": lambda w: access.let(w.store, w.actor, w.case, key("stranger"), "editor"),
    "shut out": lambda w: access.let(w.store, w.actor, w.case, key("viewer"), None),
    "delete": lambda w: cases.remove(w.store, w.actor, w.case),
    "find a person by e-mail": lambda w: people.by_email(w.store, w.actor, w.case, BOB["email"]),
    "follow a share link": lambda w: beside.shared(w.store, w.token, NOW),
    "follow a revoked share link": _revoked,
    "follow a link with the id of the case": lambda w: beside.shared(w.store, w.case, NOW),
    "name and report behind a share link": lambda w: beside.behind_link(w.store, w.token, NOW),
    "name and report behind a revoked share link": _revoked_with_its_name,
}
COMMANDS: dict[str, tuple[str, ...]] = {
    "command: cases list": ("list",),
    "command: cases show": ("show", "CASE"),
    "command: cases show --json": ("show", "CASE", "--json"),
    "command: cases history": ("history", "CASE"),
    "command: cases export .json": ("export", "CASE", "-o", "FILE.json"),
    "command: cases export .yaml": ("export", "CASE", "-o", "FILE.yaml"),
    "command: cases export .md": ("export", "CASE", "-o", "FILE.md"),
    "command: cases export .pdf": ("export", "CASE", "-o", "FILE.pdf"),
    "command: cases save --into": ("save", "article-004", "--into", "CASE", "--seen", "2"),
    "command: cases set": ("set", "CASE", "--name", "Another"),
    "command: cases archive": ("archive", "CASE"),
    "command: cases delete": ("delete", "CASE", "--yes"),
    "command: cases share": ("share", "CASE"),
    "command: cases links": ("links", "CASE"),
    "command: cases revoke": ("revoke", "CASE", "LINK"),
    "command: cases notes": ("notes", "CASE"),
    "command: cases note": ("note", "CASE", "budget", "text"),
    "command: cases members": ("members", "CASE", "--json"),
    "command: cases let": ("let", "CASE", "somebody", "viewer"),
    "command: cases audit": ("audit", "CASE", "--json"),
    "command: cases drafts": ("drafts", "--json"),
}


# -- what came of it ----------------------------------------------------------------------------------


def kept(w: World) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is kept of the case, but drafts, which are their users' own."""
    found = {}
    with w.store.reading() as connection:
        for name, table in tables.metadata.tables.items():
            if name not in ("drafts", "people"):
                of_case = table.c.id if name == "cases" else table.c.case_id
                found[name] = [tuple(row) for row in connection.execute(select(table).where(of_case == w.case))]
    return found


def tells(w: World, said: object) -> bool:
    """Whether something of the case is in what a door gave."""
    text = said.decode() if isinstance(said, bytes) else repr(said)
    return any(mark in text for mark in (SECRET, w.case, key("owner"), key("editor")))


def told(error: InputError) -> str:
    assert SECRET not in str(error) or isinstance(error, access.NotAllowed)
    if isinstance(error, access.UnknownCase | beside.UnknownLink):
        return NONE
    return REFUSED if isinstance(error, access.NotAllowed) else str(error)


def through_store(w: World, door: Callable[[World], object]) -> str:
    before = kept(w)
    try:
        said = door(w)
    except InputError as error:
        assert kept(w) == before or door in (_deleted, _revoked, _revoked_with_its_name)
        return told(error)
    if kept(w) != before and door is not _deleted:
        return CHANGES
    return SEES if tells(w, said) else NOTHING


def through_command(w: World, door: str, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    patch.setenv("ADVISOR_USER", key(w.who))
    names = {
        "CASE": w.case,
        "LINK": w.link,
        **{f"FILE{each}": str(w.folder / f"out{each}") for each in (".json", ".yaml", ".md", ".pdf")},
    }
    asked = ("review", "--json") if door == "command: review" else ("cases", *COMMANDS[door])
    before = kept(w)
    code = main([*(names.get(each, each) for each in asked), "--language", "en"])
    printed = capsys.readouterr()
    written = "".join(path.read_text(errors="replace") for path in w.folder.glob("out.*"))
    if code == 2:
        assert SECRET not in printed.out + written
        assert kept(w) == before
        if ENGLISH("error.store_no_such_case", field="CASE", case=w.case) in printed.err:
            assert SECRET not in printed.err
            return NONE
        return REFUSED if ENGLISH("error.store_not_allowed", field="CASE", name=SECRET) in printed.err else printed.err
    if door == "command: review":  # names only what moved, and counts what it looked at
        return SEES if '"cases": 1' in printed.out else NOTHING
    if kept(w) != before:
        return CHANGES
    return SEES if tells(w, printed.out + written) else NOTHING


def through_page(w: World, door: str) -> str:
    before = kept(w)
    app = start(PEOPLE[w.who], **({} if door == "page: front page" else {"case": w.case}))
    assert not app.exception
    if has(app, "w.sign_in"):
        assert SECRET not in seen(app)
        return ASKED
    if any("not been let in" in error.value for error in app.error):
        assert SECRET not in seen(app)
        if door == "page: Save":
            saved(app)
            assert kept(w) == before
        return NONE
    if door == "page: Save":
        app.text_input(key="w.main.daily_requests.en").set_value("31234").run()
        if saved(app):
            assert kept(w) == before
            return REFUSED
    if kept(w) != before:
        return CHANGES
    return SEES if SECRET in seen(app) else NOTHING


def saved(app: AppTest) -> bool:
    """Save what is shown, as a case of one's own where a name is asked for; true where it says that one may not."""
    app.button(key="w.bar.save").click().run()
    refused = ENGLISH("ui.save_viewer") in [each.value for each in app.info]
    for field in app.text_input:
        if field.key == "w.save.name":
            field.set_value("Another")
    app.button(key="w.save.go").click().run()
    assert not app.exception
    return refused


def seen(app: AppTest) -> str:
    """Everything that reaches the browser, and what the session holds."""
    drawn = [str(each.proto) for each in app.main] + [str(each.proto) for each in app.sidebar]
    return "".join(drawn) + repr(app.session_state.to_dict()) + repr(app.query_params)


CELLS = [
    pytest.param(door, who, outcome, id=f"{door}-{who}")
    for door, row in TABLE.items()
    for who, outcome in zip(PEOPLE, row, strict=True)
]


@pytest.mark.parametrize(("door", "who", "outcome"), CELLS)
def test_the_table(
    world: World,
    door: str,
    who: str,
    outcome: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if door.startswith("command: "):
        assert through_command(world, door, monkeypatch, capsys) == outcome
    elif door.startswith("page: "):
        assert through_page(world, door) == outcome
    else:
        assert through_store(world, IN_STORE[door]) == outcome


# -- no door is left out ------------------------------------------------------------------------------

OF_NO_CASE = {
    "cases.create": "makes a case of the user's own",
    "exchange.imported": "makes a case of the user's own",
    "exchange.taken_in": "makes cases of the user's own",
    "beside.drop_draft": "forgets the user's own draft",
    "beside.drop_drafts_before": "forgets what everybody typed long ago, and shows none of it",
    "people.seen": "writes down who signed in",
    "people.by_user": "names the author of what one sees already",
    "cases.owners": "is for whoever looks after the database, on the command line",
    "people.everybody": "is for whoever looks after the database, on the command line",
    "people.forget": "is for whoever looks after the database, on the command line",
}
MODULES = (access, beside, cases, exchange, people)


def _is_a_door(function: ast.FunctionDef) -> bool:
    arguments = function.args.args
    return not function.name.startswith("_") and bool(arguments) and arguments[0].arg == "store"


def test_every_function_that_takes_the_store_is_a_door_of_the_table() -> None:
    told = Path(__file__).read_text(encoding="utf-8")
    for module in MODULES:
        name = module.__name__.rpartition(".")[2]
        for each in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body:
            if isinstance(each, ast.FunctionDef) and _is_a_door(each):
                door = f"{name}.{each.name}"
                assert f"{door}(" in told or door in OF_NO_CASE, f"{door} needs a row in TABLE"


def test_every_action_of_the_command_is_a_door_of_the_table() -> None:
    assert {arguments[0] for arguments in COMMANDS.values()} | {"import"} == set(ACTIONS)


def test_every_row_is_tried() -> None:
    doors = {*IN_STORE, *COMMANDS, "command: review", "page: ?case=ID", "page: Save", "page: front page"}
    assert doors == set(TABLE)
