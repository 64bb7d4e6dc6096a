"""Newer prices into the folder of the reader's: ask the sources, see what moved and what that does, then keep it."""

from dataclasses import dataclass
from threading import Lock

import streamlit as st

from advisor.catalog.own_hosted import trying
from advisor.core.notices import InputError, Issue, OwnDataError
from advisor.core.places import OWN_DATA, own_folders
from advisor.decision.advice import Advice, advise
from advisor.evidence.price_moves import MOVE_COLUMNS, effect_lines, move_row, moves_told, source_line
from advisor.price_sources.update import (
    ASKED_BY_DEFAULT,
    SOURCES,
    PriceUpdate,
    is_writable,
    keep_prices,
    propose_prices,
)
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.ui import layout, loaded, own_folder, state, tables

PROPOSED, SAID, FAULTS, IN_FOLDER = "prices.proposed", "prices.said", "prices.faults", "prices.in_folder"
"""Keys of the session: what could be written, where it was written, what kept it from being asked or written, and what
is wrong in the folder itself."""
SECONDS = 45.0
"""How long one source may take; this session waits for it, others go on."""
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Proposal:
    """An update that is not written yet, and what it makes of the case that was open when the sources were asked."""

    update: PriceUpdate
    case: Scenario
    before: Advice
    after: Advice


@layout.part
def draw() -> None:
    """What to do where no folder is named or it may not be written into; else the way to newer prices."""
    t, folders = state.translator(), own_folders()
    st.subheader(t("prices.update.title"))
    if not folders:
        st.caption(layout.plain(t("prices.update.no_folder", variable=OWN_DATA)))
        return
    if not is_writable(folders[0]):
        st.caption(layout.plain(t("prices.update.not_writable", folder=str(folders[0]))))
        return
    st.caption(layout.plain(t("prices.update.intro", folder=str(folders[0]))))
    st.markdown(t("prices.update.sources"))
    names = [
        name
        for name in SOURCES
        if st.checkbox(t(f"prices.source.{name}"), name in ASKED_BY_DEFAULT, key=f"w.prices.source.{name}")
    ]
    if st.button(t("prices.update.ask"), key="prices.ask", icon=":material/sync:", disabled=not names):
        _ask(tuple(names), t)
    layout.faults(st.session_state.get(FAULTS, ()), t)
    if isinstance(in_folder := st.session_state.get(IN_FOLDER), OwnDataError):
        own_folder.tell(in_folder, t)
    if written := st.session_state.get(SAID):
        st.success(layout.plain(t("update.written", folder=written)), icon=":material/check:")
    found = st.session_state.get(PROPOSED)
    if isinstance(found, Proposal):
        _tell(found, t)


def _ask(names: tuple[str, ...], t: Translator) -> None:
    """Ask the sources that are chosen; what is told of the last time goes away, whatever they answer."""
    st.session_state.update({PROPOSED: None, SAID: None, FAULTS: (), IN_FOLDER: None})
    if not _one_at_a_time.acquire(blocking=False):
        st.session_state[FAULTS] = (Issue("prices", "update_running", {"path": str(own_folders()[0])}),)
        return
    bar = st.progress(0.0, "")

    def tell(name: str) -> None:
        bar.progress(names.index(name) / len(names), t("prices.update.asking", source=t(f"prices.source.{name}")))

    try:
        update = propose_prices(own_folders()[0], names, state.today(), tell, SECONDS)
        with trying(update.hosted):
            after = advise(state.without_about(state.scenario()), update.catalog, state.today())
        st.session_state[PROPOSED] = Proposal(update, state.scenario(), state.advice(), after)
    except InputError as error:
        st.session_state[FAULTS] = error.issues
    except OwnDataError as error:
        st.session_state[IN_FOLDER] = error
    finally:
        _one_at_a_time.release()
        bar.empty()


def _tell(found: Proposal, t: Translator) -> None:
    """What each source told, what moved, what that does to the case; then to keep it or not."""
    for answer in found.update.answers:
        st.markdown(layout.plain(source_line(answer, t)))
        if rows := [move_row(move, t) for move in moves_told(answer)]:
            columns = [t(f"update.column.{name}") for name in MOVE_COLUMNS]
            tables.table(rows, columns, t(f"prices.source.{answer.source}"), whole=len(rows) <= layout.FEW_ROWS)
    if not found.update.files:
        st.info(t("prices.update.nothing_newer"), icon=":material/info:")
        return
    if found.case == state.scenario():
        for line in effect_lines(found.before, found.after, t):
            st.markdown(layout.plain(line))
    else:
        st.caption(t("prices.update.other_case"))
    with st.container(horizontal=True):
        keeps = st.button(t("prices.update.keep"), key="prices.keep", type="primary", icon=":material/save:")
        leaves = st.button(t("prices.update.leave"), key="prices.leave")
    if keeps:
        _keep(found.update)
    if keeps or leaves:
        st.session_state[PROPOSED] = None
        st.rerun()


def _keep(update: PriceUpdate) -> None:
    """Write what was shown; from then on every session of this app uses it."""
    try:
        st.session_state.update({SAID: str(keep_prices(update).folder), FAULTS: ()})
    except InputError as error:
        st.session_state[FAULTS] = error.issues
        return
    except OwnDataError as error:
        st.session_state[IN_FOLDER] = error
        return
    loaded.read_data_anew()
