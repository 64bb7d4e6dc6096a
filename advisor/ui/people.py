"""Who acts: the person who signed in where that is set up, else the one local user."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from string import punctuation
from urllib.parse import quote

import streamlit as st

from advisor.core.notices import InputError, Issue
from advisor.core.places import database_address
from advisor.core.sign_in import SECTION, UNREADABLE, missing_files, settings_faults
from advisor.store.records import LOCAL_USER, NOBODY, Actor
from advisor.text.i18n import Translator

LONGEST_KEY, SHOWN_OF_LONG_KEY = 300, 200
PLAIN = punctuation.replace("%", "").replace("|", "")
"""What stands in a key as it is, with letters and digits of ASCII."""
NAME_SECONDS = 60
WHOSE = "whose"
"""Where a session keeps whose it is."""


@dataclass(frozen=True)
class Identity:
    """A person as the provider of identities tells them; ``user`` is the key under which they own and are let in."""

    user: str
    name: str
    email: str
    issuer: str


def actor() -> Actor:
    """Who is at the page, now; nobody where one could sign in and has not."""
    return Actor(_user(), datetime.now(UTC))


def asks() -> bool:
    """Whether people sign in here: then nobody is the local user, not even where the settings are at fault."""
    return _section() is not None


def is_signed_in() -> bool:
    """Whether a person signed in; false where nobody can."""
    return identity() is not None


def must_sign_in() -> bool:
    """Whether whoever is at the page has to sign in first."""
    return asks() and not is_signed_in()


def is_one() -> bool:
    """Whether the user is one person: who signed in, or sits at the machine itself, not behind a proxy.

    Where several people may be the one local user, what one of them typed is offered to nobody.
    """
    if asks():
        return is_signed_in()
    return st.context.ip_address is None and "X-Forwarded-For" not in st.context.headers


def name_of(user: str, t: Translator) -> str:
    """What a user is called on the screen: the name or the e-mail of the last sign-in, else the key itself."""
    return t("people.local") if user == LOCAL_USER else _name(database_address(), user) or user


def identity() -> Identity | None:
    """Who signed in; nobody where the settings are at fault, for what vouches for a person may then be anybody's."""
    return _told() if asks() and not faults() else None


def key_of(issuer: str, subject: str) -> str:
    """The key of a person, the same for ever and for no two: issuer and subject, of which a long one is shortened."""
    told = "|".join(quote(each, safe=PLAIN) for each in (issuer, subject))
    if len(told) <= LONGEST_KEY:
        return told
    return f"sha256:{sha256(told.encode()).hexdigest()}|{told[:SHOWN_OF_LONG_KEY]}"


def faults() -> tuple[Issue, ...]:
    """What is wrong with the settings of sign-in."""
    return settings_faults(_section())


def keep_apart(shared: str) -> None:
    """Leave whoever uses the session now nothing of who used it before, but what stands under the key ``shared``."""
    now = _user()
    before = st.session_state.get(WHOSE, now)
    if before != now:
        stays = {shared: st.session_state[shared]} if shared in st.session_state else {}
        for name in list(st.session_state):
            del st.session_state[name]
        st.session_state.update(stays)
        if before != NOBODY:  # whoever signs in comes with an address of their own
            st.query_params.clear()
    st.session_state[WHOSE] = now


# -- what the secrets and the provider say ------------------------------------------------------------


def _section() -> Mapping[str, object] | None:
    """The settings of sign-in in the secrets; ``None`` where there are none."""
    try:
        if st.secrets.load_if_toml_exists():
            section = st.secrets.get(SECTION)
            if section is None:
                return UNREADABLE if missing_files() else None
            return section if isinstance(section, Mapping) else UNREADABLE
    except (OSError, UnicodeDecodeError):
        return UNREADABLE
    there = any(Path(each).exists() for each in st.get_option("secrets.files"))
    return UNREADABLE if there or missing_files() else None


def _told() -> Identity | None:
    """What the provider says. An e-mail that it has not verified is left out: anybody may have written it."""
    said = st.user
    if said.get("is_logged_in") is not True:
        return None
    issuer, subject = said.get("iss"), said.get("sub")
    if not isinstance(issuer, str) or not isinstance(subject, str) or not issuer or not subject:
        return None
    email = "" if str(said.get("email_verified", True)).lower() == "false" else said.get("email")
    return Identity(key_of(issuer, subject), str(said.get("name") or ""), str(email or ""), issuer)


def _user() -> str:
    if not asks():
        return LOCAL_USER
    found = identity()
    return NOBODY if found is None else found.user


@st.cache_data(ttl=NAME_SECONDS, max_entries=1000, show_spinner=False)
def _name(address: str, user: str) -> str:
    """Remembered for a while: a history names the same few people again and again."""
    from advisor.store import people
    from advisor.ui import database

    try:
        found = people.by_user(database.store(), user)
    except InputError:
        return ""
    return "" if found is None else found.name or found.email
