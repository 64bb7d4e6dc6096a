"""Kept cases as files: everything in sight as one ZIP, and a ZIP or a single case taken in."""

from collections.abc import Sequence

import streamlit as st

from advisor.core.places import database_address
from advisor.store.records import KeptCase
from advisor.text.i18n import Translator
from advisor.ui import case_actions, database, heavy, layout, people, works
from advisor.ui.workers import Turn

PLACE, TAKEN = "files", "cases.files_taken"
LARGEST_MB = 200


def draw(shown: Sequence[KeptCase], t: Translator) -> None:
    with layout.folded(t("cases.files"), "cases.files", icon=":material/upload_file:") as is_open:
        if is_open:
            if shown:
                _hand_out(shown, t)
            key = f"w.cases.file.{st.session_state.get(TAKEN, 0)}"
            st.file_uploader(
                t("cases.import"),
                ["json", "zip"],
                key=key,
                help=t("cases.import_help"),
                max_upload_size=LARGEST_MB,
                on_change=_take_in,
                args=(key, t),
            )
    case_actions.say_refused(PLACE, t)


def _hand_out(shown: Sequence[KeptCase], t: Translator) -> None:
    address, me, ids = database_address(), people.actor(), [case.id for case in shown]

    def build(turn: Turn) -> bytes:
        return heavy.of_no_case(turn, works.archive, works.untold, address, me, ids)

    heavy.download(
        t("cases.export_all", count=t.number(len(shown), 0)),
        build,
        f"cases-{me.at:%Y-%m-%d}.zip",
        "application/zip",
        t,
        icon=":material/download:",
        key=f"download.cases.zip.{t.language}",
    )


def _take_in(key: str, t: Translator) -> None:
    """Keep what the chosen file holds as cases of the user's own, and open the first of them."""
    from advisor.store.exchange import taken_in

    chosen = st.session_state[key]
    if chosen is None:
        return

    def take() -> str:
        made = taken_in(database.store(), people.actor(), chosen.getvalue())
        case_actions.choose(made[0])
        return t("cases.imported", count=t.number(len(made), 0))

    st.session_state[TAKEN] = st.session_state.get(TAKEN, 0) + 1
    case_actions.tried(PLACE, take)
