"""The database of this server, opened when it is first needed: whoever keeps nothing waits for nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from advisor.core.places import database_address

if TYPE_CHECKING:
    from advisor.store.database import Store


def store() -> "Store":
    """The database of this server. Raises :class:`~advisor.store.database.StoreError`."""
    return _opened(database_address())


def is_there() -> bool:
    """Whether anything can have been kept yet; asks no database."""
    address = database_address()
    return not address.startswith("sqlite:///") or Path(address.removeprefix("sqlite:///")).exists()


@st.cache_resource(show_spinner=False)
def _opened(address: str) -> "Store":
    from advisor.store.database import open_store

    return open_store(address)
