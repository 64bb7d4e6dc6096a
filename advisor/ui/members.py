"""Who else may see a case: its owner lets people in by their e-mail, and out again. Nothing where nobody signs in."""

from collections.abc import Callable

import streamlit as st

from advisor.core.notices import InputError, Issue
from advisor.store.records import KeptCase
from advisor.text.i18n import Translator
from advisor.ui import database, layout, people

REFUSED = "members_refused"


def draw(case: KeptCase, t: Translator) -> None:
    """The people who are let into a case, and a line to let in another; only its owner sees either.

    Faults are told in place.
    """
    if not people.asks() or case.access != "owner":
        return
    layout.heading(t("members.title"))
    try:
        _listed(case, t)
    except InputError as error:
        layout.faults(error.issues, t)
        return
    _another(case, t)
    refused: tuple[Issue, ...] = st.session_state.pop(REFUSED, ())
    layout.faults(refused, t)


def _listed(case: KeptCase, t: Translator) -> None:
    from advisor.store import access

    found = access.members_of(database.store(), people.actor(), case.id)
    if not found:
        st.caption(t("members.none"))
    for user, role in found.items():
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.markdown(layout.plain(t("members.row", name=_called(user, t), role=_roles(t)[role])))
        right.button(t("members.remove"), key=_key(case, f"out.{user}"), on_click=_shut_out, args=(case.id, user))


def _another(case: KeptCase, t: Translator) -> None:
    roles = _roles(t)
    st.text_input(t("members.email"), key=_key(case, "email"), max_chars=320, help=t("members.help"))
    st.segmented_control(
        t("members.role"),
        list(roles),
        default="viewer",
        required=True,
        format_func=roles.__getitem__,
        key=_key(case, "role"),
    )
    st.button(t("members.let"), key=_key(case, "let"), on_click=_let_in, args=(case,))


def _let_in(case: KeptCase) -> None:
    from advisor.store import access
    from advisor.store import people as known

    email, role = (st.session_state.get(_key(case, name)) for name in ("email", "role"))

    def let() -> None:
        person = known.by_email(database.store(), people.actor(), case.id, str(email or ""))
        if person.user == case.owner:
            raise InputError([Issue("EMAIL", "people_is_owner", {"email": person.email})])
        access.let(database.store(), people.actor(), case.id, person.user, str(role))
        st.session_state[_key(case, "email")] = ""

    _tried(let)


def _shut_out(case_id: str, user: str) -> None:
    from advisor.store import access

    _tried(lambda: access.let(database.store(), people.actor(), case_id, user, None))


def _tried(what: Callable[[], None]) -> None:
    try:
        what()
    except InputError as error:
        st.session_state[REFUSED] = error.issues


def _called(user: str, t: Translator) -> str:
    """The name, and the e-mail by which the owner knows the person, as far as they were told."""
    from advisor.store import people as known

    person = known.by_user(database.store(), user)
    return ", ".join(each for each in (person.name, person.email) if each) if person else people.name_of(user, t)


def _roles(t: Translator) -> dict[str, str]:
    return {"viewer": t("members.viewer"), "editor": t("members.editor")}


def _key(case: KeptCase, name: str) -> str:
    return f"w.members.{case.id}.{name}"
