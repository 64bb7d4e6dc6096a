"""Who signed in: known by key, found by e-mail only by an owner, and forgotten when that is asked for."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from advisor.core.notices import InputError
from advisor.store import access, beside, cases, people
from advisor.store.database import Store
from advisor.store.records import NOBODY
from tests.store.made import actor, content

ISSUER = "https://id.example"
ADA, BOB = actor(f"{ISSUER}|1"), actor(f"{ISSUER}|2")


@pytest.fixture
def kept(store: Store) -> str:
    """The id of a case of Ada's, where she and Bob have signed in."""
    people.seen(store, ADA, "Ada", "ada@example.org", ISSUER)
    people.seen(store, BOB, "Bob", "Bob@Example.org", ISSUER)
    return cases.create(store, ADA, "Mail triage", content())


def code_of(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.issues[0].code


def test_a_person_is_called_as_at_the_last_sign_in(store: Store, kept: str) -> None:
    people.seen(store, actor(ADA.user, 60), "Ada Byron", "ada.byron@example.org", ISSUER)
    found = people.by_user(store, ADA.user)
    assert found is not None
    assert (found.name, found.email) == ("Ada Byron", "ada.byron@example.org")
    assert (found.first_seen, found.last_seen) == (ADA.at, actor(minutes=60).at)
    assert people.by_user(store, "nobody") is None


def test_one_person_may_sign_in_in_many_tabs_at_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: people.seen(store, actor(ADA.user, n), "Ada", "ada@example.org", ISSUER), range(16)))
    assert [person.user for person in people.everybody(store)] == [ADA.user]


@pytest.mark.parametrize("name", ["", "x" * 201, "a\x00b", "\x1b[2J"])
def test_what_cannot_be_shown_is_left_empty(store: Store, name: str) -> None:
    people.seen(store, ADA, name, "a\x00@example.org", ISSUER)
    found = people.by_user(store, ADA.user)
    assert found is not None
    assert (found.name, found.email) == ("", "")


def test_an_owner_finds_a_person_by_e_mail_however_it_is_written(store: Store, kept: str) -> None:
    assert people.by_email(store, ADA, kept, " BOB@example.ORG ").user == BOB.user


def test_an_e_mail_of_nobody_is_told(store: Store, kept: str) -> None:
    with pytest.raises(InputError) as error:
        people.by_email(store, ADA, kept, "eve@example.org")
    assert code_of(error) == "people_unknown"


def test_an_e_mail_of_two_is_not_guessed(store: Store, kept: str) -> None:
    people.seen(store, actor("https://other.example|7"), "Bob", "bob@example.org", "https://other.example")
    with pytest.raises(InputError) as error:
        people.by_email(store, ADA, kept, "bob@example.org")
    assert code_of(error) == "people_several"


def test_nobody_is_found_by_an_empty_e_mail(store: Store, kept: str) -> None:
    people.seen(store, actor(f"{ISSUER}|3"), "", "", ISSUER)
    with pytest.raises(InputError) as error:
        people.by_email(store, ADA, kept, " ")
    assert code_of(error) == "store_bad_text"


@pytest.mark.parametrize("role", ["viewer", "editor"])
@pytest.mark.parametrize("email", ["ada@example.org", "eve@example.org"])
def test_who_is_registered_is_told_to_owners_alone(store: Store, kept: str, role: str, email: str) -> None:
    access.let(store, ADA, kept, BOB.user, role)
    with pytest.raises(access.NotAllowed):
        people.by_email(store, BOB, kept, email)
    with pytest.raises(access.UnknownCase):
        people.by_email(store, actor("stranger"), kept, email)


def test_a_forgotten_person_is_gone_and_sees_nothing_of_others(store: Store, kept: str) -> None:
    access.let(store, ADA, kept, BOB.user, "editor")
    beside.keep_draft(store, BOB, kept, 1, "budget: 1")
    cases.create(store, BOB, "His own", content())
    found = people.forget(store, BOB.user)
    assert (found.shared, found.owned) == (1, 1)
    assert [person.user for person in people.everybody(store)] == [ADA.user]
    assert access.members_of(store, ADA, kept) == {}
    with pytest.raises(access.UnknownCase):
        beside.draft_of(store, BOB, kept)
    with pytest.raises(InputError) as error:
        people.forget(store, BOB.user)
    assert code_of(error) == "people_no_such_key"


def test_a_key_of_the_greatest_length_may_own_and_be_let_in(store: Store) -> None:
    long = actor("k" * access.LONGEST_USER)
    people.seen(store, long, "Long", "long@example.org", ISSUER)
    mine = cases.create(store, long, "Mine", content())
    access.let(store, long, mine, "m" * access.LONGEST_USER, "viewer")
    assert cases.find(store, actor("m" * access.LONGEST_USER), mine).access == "viewer"


def test_nobody_keeps_nothing_and_sees_nothing(store: Store, kept: str) -> None:
    nobody = actor(NOBODY)
    assert cases.listed(store, nobody) == ()
    for door in (
        lambda: cases.create(store, nobody, "Mine", content()),
        lambda: beside.keep_draft(store, nobody, beside.NEW_CASE, 0, "budget: 1"),
        lambda: people.seen(store, nobody, "N", "n@example.org", ISSUER),
        lambda: access.let(store, ADA, kept, NOBODY, "viewer"),
    ):
        with pytest.raises(InputError) as error:
            door()
        assert code_of(error) == "store_bad_text"
