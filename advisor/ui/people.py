"""Who acts: the one local user where nobody signs in."""

from datetime import UTC, datetime

import streamlit as st

from advisor.store.records import LOCAL_USER, Actor
from advisor.text.i18n import Translator


def actor() -> Actor:
    """Who is at the page, now."""
    return Actor(LOCAL_USER, datetime.now(UTC))


def name_of(user: str, t: Translator) -> str:
    """What a user is called on the screen."""
    return t("people.local") if user == LOCAL_USER else user


def is_one() -> bool:
    """Whether the user is one person: who sits at the machine itself, not behind a proxy.

    Where several people may be the one local user, what one of them typed is offered to nobody.
    """
    return st.context.ip_address is None and "X-Forwarded-For" not in st.context.headers
