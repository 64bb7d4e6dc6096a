"""Cases and revisions on both databases: append only, conflicts seen, others' cases unknown, broken chains found."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from advisor.core.notices import InputError
from advisor.store import access, beside, cases, exchange, tables
from advisor.store.database import Store
from advisor.store.rows import as_text, row_of, stamp
from advisor.store.verifying import verify
from tests.store.made import DAY, actor, content

ADA, BOB = actor("ada"), actor("bob")


@pytest.fixture
def kept(store: Store) -> str:
    """The id of a case of Ada's with two revisions."""
    case_id = cases.create(store, ADA, "Mail triage", content(), "first look", ["mail", "2026"])
    assert cases.save(store, actor(minutes=5), case_id, 1, content(2000), "volume measured") == 2
    return case_id


def test_what_is_saved_comes_back_as_it_was(store: Store) -> None:
    case_id = cases.create(store, ADA, "Mail triage", content(pdf=b"%PDF"), "why")
    found = cases.revision(store, ADA, case_id)
    assert found.content == content(pdf=b"%PDF")
    assert (found.head.number, found.head.by, found.head.why, found.head.at) == (1, "ada", "why", ADA.at)


def test_every_revision_stays(store: Store, kept: str) -> None:
    heads = cases.history(store, ADA, kept)
    assert [(head.number, head.why) for head in heads] == [(1, "first look"), (2, "volume measured")]
    assert heads[1].previous == heads[0].hash
    assert cases.revision(store, ADA, kept, 1).content == content()
    with pytest.raises(FrozenInstanceError):
        heads[0].why = "another"  # type: ignore[misc]


def test_a_case_is_listed_with_where_it_stands(store: Store, kept: str) -> None:
    (case,) = cases.listed(store, ADA)
    assert (case.name, case.status, case.tags, case.latest) == ("Mail triage", "draft", ("2026", "mail"), 2)
    assert case.headline["verdict"] == "do_it"
    assert (case.access, case.owner) == ("owner", "ada")


def test_saving_over_what_one_has_not_seen_shows_both_sides(store: Store, kept: str) -> None:
    with pytest.raises(cases.Conflict) as conflict:
        cases.save(store, actor(minutes=9), kept, 1, content(3000))
    assert conflict.value.mine == content(3000)
    assert conflict.value.theirs.content == content(2000)
    assert conflict.value.base is not None
    assert conflict.value.base.content == content()
    assert [head.number for head in cases.history(store, ADA, kept)] == [1, 2]


def test_status_tags_and_name_change_and_the_audit_says_so(store: Store, kept: str) -> None:
    cases.change(store, actor(minutes=7), kept, status="approved", tags=[], name="Mail")
    case = cases.find(store, ADA, kept)
    assert (case.status, case.tags, case.name) == ("approved", (), "Mail")
    entries = access.audit_of(store, ADA, kept)
    assert [entry.action for entry in entries] == ["created", "saved", "changed"]
    assert entries[-1].detail["before"]["status"] == "draft"


def test_an_archived_case_is_laid_aside_and_comes_back(store: Store, kept: str) -> None:
    cases.change(store, ADA, kept, archived=True)
    assert cases.listed(store, ADA) == ()
    assert [case.id for case in cases.listed(store, ADA, archived=True)] == [kept]
    cases.change(store, ADA, kept, archived=False)
    assert [case.id for case in cases.listed(store, ADA)] == [kept]


def test_a_deleted_case_is_gone_and_the_audit_says_so(store: Store, kept: str) -> None:
    beside.add_note(store, ADA, kept, "hourly_rate", "as agreed", "finance")
    beside.keep_draft(store, ADA, kept, 2, "budget: 1")
    cases.remove(store, ADA, kept)
    with pytest.raises(access.UnknownCase):
        cases.find(store, ADA, kept)
    assert access.audit_of(store, ADA, kept)[-1].action == "deleted"
    with store.reading() as connection:
        left = [connection.execute(table.select()).all() for table in tables.metadata.tables.values()]
    assert [len(rows) for rows in left if rows] == [4]  # the audit: created, saved, noted, deleted


def test_a_copy_is_a_case_of_its_own(store: Store, kept: str) -> None:
    copied = cases.duplicate(store, ADA, kept, "Second")
    cases.save(store, ADA, copied, 1, content(9))
    assert cases.revision(store, ADA, kept).content == content(2000)
    assert [head.number for head in cases.history(store, ADA, copied)] == [1, 2]


@pytest.mark.parametrize("name", ["", " \n ", "x" * 201, "a\x00b", "a\x1b[2J"])
def test_a_name_is_one_line_of_text(store: Store, name: str) -> None:
    with pytest.raises(InputError) as error:
        cases.create(store, ADA, name, content())
    assert error.value.issues[0].code == "store_bad_text"


def test_an_unknown_status_is_refused(store: Store, kept: str) -> None:
    with pytest.raises(InputError) as error:
        cases.change(store, ADA, kept, status="done")
    assert error.value.issues[0].code == "store_unknown_word"


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        stamp(datetime(2026, 1, 1))


# -- what stands beside a case ------------------------------------------------------------------------


def test_notes_say_who_told_it(store: Store, kept: str) -> None:
    note = beside.add_note(store, ADA, kept, "hourly_rate", "as agreed\nin May", "finance")
    assert [(n.text, n.told_by, n.by) for n in beside.notes_of(store, ADA, kept)] == [
        ("as agreed in May", "finance", "ada")
    ]
    beside.remove_note(store, ADA, kept, note)
    assert beside.notes_of(store, ADA, kept) == ()


def test_what_is_typed_is_kept_until_it_is_saved(store: Store, kept: str) -> None:
    beside.keep_draft(store, ADA, kept, 2, "budget: 1", {"what_if": {"daily_requests": 5}})
    beside.keep_draft(store, actor(minutes=1), kept, 2, "budget: 12", {"what_if": {}})
    draft = beside.draft_of(store, ADA, kept)
    assert draft is not None
    assert (draft.answers, draft.seen, draft.beside) == ("budget: 12", 2, {"what_if": {}})
    cases.save(store, ADA, kept, 2, content(12))
    assert beside.draft_of(store, ADA, kept) is None


def test_what_is_typed_of_a_new_case_is_kept_by_user(store: Store) -> None:
    beside.keep_draft(store, ADA, beside.NEW_CASE, 0, "budget: 1")
    assert beside.draft_of(store, BOB) is None
    cases.create(store, ADA, "New", content())
    assert beside.draft_of(store, ADA) is None


def test_a_conflict_keeps_what_was_typed(store: Store, kept: str) -> None:
    beside.keep_draft(store, ADA, kept, 1, "budget: 7")
    with pytest.raises(cases.Conflict):
        cases.save(store, ADA, kept, 1, content(7))
    assert beside.draft_of(store, ADA, kept) is not None


# -- who may see what ---------------------------------------------------------------------------------

DOORS: dict[str, Callable[[Store, str, access.Actor], object]] = {
    "save": lambda s, c, a: cases.save(s, a, c, 2, content()),
    "find": lambda s, c, a: cases.find(s, a, c),
    "history": lambda s, c, a: cases.history(s, a, c),
    "revision": lambda s, c, a: cases.revision(s, a, c),
    "revision_of_number": lambda s, c, a: cases.revision(s, a, c, 99),
    "change": lambda s, c, a: cases.change(s, a, c, name="Mine now"),
    "duplicate": lambda s, c, a: cases.duplicate(s, a, c, "Mine"),
    "remove": lambda s, c, a: cases.remove(s, a, c),
    "audit": lambda s, c, a: access.audit_of(s, a, c),
    "members": lambda s, c, a: access.members_of(s, a, c),
    "let": lambda s, c, a: access.let(s, a, c, "bob", "editor"),
    "add_note": lambda s, c, a: beside.add_note(s, a, c, "hourly_rate", "text"),
    "notes": lambda s, c, a: beside.notes_of(s, a, c),
    "remove_note": lambda s, c, a: beside.remove_note(s, a, c, "any"),
    "keep_draft": lambda s, c, a: beside.keep_draft(s, a, c, 1, "budget: 1"),
    "draft": lambda s, c, a: beside.draft_of(s, a, c),
    "share": lambda s, c, a: beside.share(s, a, c, 1, actor(minutes=60).at),
    "revoke": lambda s, c, a: beside.revoke(s, a, c, "any"),
    "links": lambda s, c, a: beside.links_of(s, a, c),
    "export": lambda s, c, a: exchange.exported(s, a, c),
    "pack": lambda s, c, a: exchange.packed(s, a, [c]),
}
FOR_VIEWERS = {
    *("find", "history", "revision", "duplicate", "audit", "members", "notes", "keep_draft", "draft", "links"),
    *("export", "pack"),
}
FOR_OWNERS = {"remove", "let"}


@pytest.mark.parametrize("door", DOORS)
def test_a_case_of_another_is_as_unknown_as_none(store: Store, kept: str, door: str) -> None:
    with pytest.raises(access.UnknownCase) as of_another:
        DOORS[door](store, kept, BOB)
    missing = access.new_id()
    with pytest.raises(access.UnknownCase) as of_nobody:
        DOORS[door](store, missing, BOB)
    assert str(of_another.value).replace(kept, missing) == str(of_nobody.value)
    assert cases.listed(store, BOB) == ()
    assert cases.find(store, ADA, kept).name == "Mail triage"


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_viewers_look_and_editors_write(store: Store, kept: str, door: str, role: str) -> None:
    access.let(store, ADA, kept, "bob", role)
    barred = door in FOR_OWNERS or (role == "viewer" and door not in FOR_VIEWERS | {"revision_of_number"})
    if barred:
        with pytest.raises(access.NotAllowed):
            DOORS[door](store, kept, BOB)
    elif door == "revision_of_number":
        with pytest.raises(InputError, match="no_such_revision"):
            DOORS[door](store, kept, BOB)
    else:
        DOORS[door](store, kept, BOB)


def test_who_was_let_in_may_be_shut_out(store: Store, kept: str) -> None:
    access.let(store, ADA, kept, "bob", "viewer")
    assert [case.access for case in cases.listed(store, BOB)] == ["viewer"]
    access.let(store, ADA, kept, "bob", None)
    with pytest.raises(access.UnknownCase):
        cases.find(store, BOB, kept)


def test_ids_are_not_to_be_guessed() -> None:
    made = {access.new_id() for _ in range(100)}
    assert len(made) == 100
    assert all(len(each) == 32 and each.isalnum() for each in made)  # 128 bits


def test_every_draft_of_a_user_is_listed_with_its_case(store: Store, kept: str) -> None:
    access.let(store, ADA, kept, "bob", "viewer")
    beside.keep_draft(store, BOB, kept, 2, "budget: 1")
    beside.keep_draft(store, actor("bob", minutes=1), beside.NEW_CASE, 0, "budget: 2")
    assert [(each.name, each.draft.answers) for each in beside.drafts_of(store, BOB)] == [
        ("", "budget: 2"),
        ("Mail triage", "budget: 1"),
    ]
    assert beside.drafts_of(store, ADA) == ()
    access.let(store, ADA, kept, "bob", None)
    assert [each.name for each in beside.drafts_of(store, BOB)] == [""]


def test_a_link_works_to_the_end_of_its_last_day() -> None:
    assert beside.end_of(DAY.date()).isoformat() == "2026-11-20T23:59:59+00:00"


def test_a_link_shows_one_revision_until_it_ends(store: Store, kept: str) -> None:
    token, link = beside.share(store, ADA, kept, 1, actor(minutes=60).at)
    cases.save(store, ADA, kept, 2, content(5))
    assert beside.shared(store, token, DAY).content == content()
    found = beside.behind_link(store, token, DAY)
    assert (found.name, found.revision.head.number, found.expires_at) == ("Mail triage", 1, link.expires_at)
    for other in (token + "x", "", link.id, kept):
        with pytest.raises(beside.UnknownLink):
            beside.shared(store, other, DAY)
    with pytest.raises(beside.UnknownLink):
        beside.shared(store, token, actor(minutes=60).at)
    beside.revoke(store, ADA, kept, link.id)
    with pytest.raises(beside.UnknownLink):
        beside.shared(store, token, DAY)
    assert [each.revoked_at is None for each in beside.links_of(store, ADA, kept)] == [False]


def test_only_the_hash_of_a_token_is_kept(store: Store, kept: str) -> None:
    token, _ = beside.share(store, ADA, kept, 1, actor(minutes=60).at)
    with store.reading() as connection:
        everything = [connection.execute(table.select()).all() for table in tables.metadata.tables.values()]
    assert token not in repr(everything)


def test_a_link_dies_with_its_case(store: Store, kept: str) -> None:
    token, _ = beside.share(store, ADA, kept, 1, actor(minutes=60).at)
    cases.remove(store, ADA, kept)
    with pytest.raises(beside.UnknownLink):
        beside.shared(store, token, DAY)


# -- the chain ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", [*row_of(content()), "at", "by", "why", "hash", "previous"])
def test_any_change_of_a_revision_is_found(store: Store, kept: str, column: str) -> None:
    assert verify(store).broken == ()
    r = tables.revisions
    changed = {column: b"x" if column == "pdf" else "x"}
    with store.writing() as connection:
        connection.execute(update(r).where(r.c.case_id == kept, r.c.number == 1).values(**changed))
    (broken,) = verify(store).broken
    assert (broken.case_id, broken.number) == (kept, 1)


@pytest.mark.parametrize(("number", "first"), [(1, 1), (2, 2)])
def test_a_revision_that_is_missing_is_found(store: Store, kept: str, number: int, first: int) -> None:
    r = tables.revisions
    with store.writing() as connection:
        connection.execute(delete(r).where(r.c.case_id == kept, r.c.number == number))
    (broken,) = verify(store).broken
    assert (broken.number, broken.fault) == (first, "missing")


def test_verifying_counts_what_it_walked(store: Store, kept: str) -> None:
    cases.create(store, BOB, "Another", content())
    found = verify(store)
    assert (found.cases, found.revisions) == (2, 3)


@given(st.recursive(st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), st.lists))
def test_json_has_one_spelling(value: object) -> None:
    import json

    assert as_text(json.loads(as_text(value))) == as_text(value)
