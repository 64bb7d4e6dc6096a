"""What is typed and not saved is kept as a draft, so that a closed browser or a restarted server loses nothing."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Lock, Timer
from typing import Any

import streamlit as st
from streamlit import runtime

from advisor.assumptions.given import cleared_answers, unfinished_case
from advisor.core.notices import InputError, Issue
from advisor.scenario import Scenario, dump_scenario
from advisor.store.records import Actor, CaseDraft
from advisor.text.i18n import Translator
from advisor.ui import address, changes, database, kept, people, state

KEEPER, OFFERED, TOLD = "draft_keeper", "draft_offered", "draft_elsewhere_told"
PAUSE_SECONDS = 0.5
"""So long typing pauses before it is written: a slider that is drawn along is one draft."""


@dataclass
class TypedCase:
    """What is to be written, by whom, beside which kept case."""

    actor: Actor
    case_id: str
    seen: int
    scenario: Scenario
    beside: dict[str, Any]


@dataclass
class Keeper:
    """Writes the drafts of one session, the last one it was given; ``faults`` say why the last was not written.

    ``elsewhere``: the case, or the new one, of which a draft was written over that the same user typed meanwhile in
    another window.
    """

    faults: tuple[Issue, ...] = ()
    elsewhere: str | None = None
    _since: datetime = field(default_factory=lambda: datetime.now(UTC))
    _waiting: Timer | None = None
    _lock: Lock = field(default_factory=Lock)

    def keep(self, draft: TypedCase) -> None:
        """Write it after a pause, unless another comes before."""
        self.forget()
        self._waiting = Timer(PAUSE_SECONDS, self.write, (draft,))
        self._waiting.daemon = True
        self._waiting.start()

    def forget(self) -> None:
        """What waits is not written."""
        if self._waiting is not None:
            self._waiting.cancel()

    def saved(self) -> None:
        """What was typed is a revision now: nothing of it waits, and what another window types takes none of it."""
        self.forget()
        self.elsewhere = None

    def write(self, draft: TypedCase) -> None:
        """Write it now."""
        from advisor.store import beside

        answers = dump_scenario(draft.scenario, cleared=cleared_answers(draft.scenario, state.catalog()))
        with self._lock:
            try:
                store, me = database.store(), draft.actor
                before = beside.draft_of(store, me, draft.case_id)
                if before is not None and before.at > self._since:
                    self.elsewhere = draft.case_id
                beside.keep_draft(store, me, draft.case_id, draft.seen, answers, draft.beside)
                beside.drop_drafts_before(store, _oldest(me))
                self.faults, self._since = (), draft.actor.at
            except InputError as error:
                self.faults = error.issues


def keeper() -> Keeper:
    """The one of this session."""
    found: Keeper = st.session_state.setdefault(KEEPER, Keeper())
    return found


def draft() -> TypedCase:
    """The session's case as it stands, and what is tried out beside it."""
    case, tried = kept.current(), {name: value for name, value in state.beside().items() if value}
    place, seen = ("", 0) if case is None else (case.id, case.seen)
    return TypedCase(people.actor(), place, seen, state.scenario(), tried)


def keep_soon() -> None:
    """Keep what was just typed. Only where a real server runs, which somebody may come back to."""
    if runtime.exists() and type(runtime.get_instance()) is runtime.Runtime and people.is_one():
        keeper().keep(draft())
        if is_elsewhere() and not st.session_state.get(TOLD):
            st.toast(state.translator()("ui.draft_elsewhere"), icon=":material/tab:")
            st.session_state[TOLD] = True  # afterwards it stands on every page that is drawn whole


def is_elsewhere() -> bool:
    """Whether another window of the same user writes the same draft."""
    case = kept.current()
    return keeper().elsewhere == ("" if case is None else case.id)


def tell_elsewhere(t: Translator) -> None:
    """That of two windows which write the same draft only the last is kept."""
    if is_elsewhere():
        st.info(t("ui.draft_elsewhere"), icon=":material/tab:")


# -- what is found again --------------------------------------------------------------------------------


def offer(t: Translator) -> None:
    """What was typed some time ago and not saved, where nothing has been typed since: go on with it, or forget it."""
    case, base = kept.current(), _saved()
    place = "" if case is None else case.id
    if (
        state.without_about(state.scenario()) != state.without_about(base)
        or not people.is_one()
        or not database.is_there()
    ):
        return
    found = _found(place)
    if found is None:
        return
    scenario = _read(found)
    if scenario is None or (scenario == base and not found.beside):
        return
    with st.container(border=True, key="draft"):
        when = {"date": t.date(found.at.date()), "time": f"{found.at:%H:%M} UTC"}
        st.markdown(t("ui.draft_found", **when) if case is None else t("ui.draft_of_kept", **when))
        with st.container(horizontal=True):
            st.button(t("ui.draft_go_on"), key="w.draft.go", on_click=_go_on, args=(place, scenario, found))
            st.button(t("ui.draft_forget"), key="w.draft.forget", type="tertiary", on_click=forget, args=(place,))


def _saved() -> Scenario:
    case = kept.current()
    return Scenario() if case is None else case.saved


def _found(place: str) -> CaseDraft | None:
    """Read once for each kept case and session: what is typed from now on is this session's own."""
    from advisor.store import beside

    known: dict[str, CaseDraft | None] = st.session_state.setdefault(OFFERED, {})
    if place not in known:
        try:
            known[place] = beside.draft_of(database.store(), people.actor(), place)
        except InputError:
            known[place] = None
    found = known[place]
    return None if found is None or found.at < _oldest(people.actor()) else found


def _oldest(actor: Actor) -> datetime:
    """When the oldest draft may have been written that is still kept."""
    return actor.at - timedelta(days=state.catalog().number("draft_days"))


def _read(found: CaseDraft) -> Scenario | None:
    """The case of a draft; ``None`` where this release cannot read it."""
    try:
        return unfinished_case(found.answers, state.catalog())
    except InputError:
        return None


def _go_on(place: str, scenario: Scenario, found: CaseDraft) -> None:
    case = kept.current()
    if case is not None and found.seen != case.seen:  # somebody saved since: saving meets the conflict
        kept.work_on(replace(case, seen=found.seen))
    changes.replace_scenario(scenario)
    tried = address.tried(found.beside, scenario, state.catalog(), state.advice)
    st.session_state.update({state.WHAT_IF: tried.what_if, state.LEVERS: tried.levers, state.PLAN: tried.plan})
    st.session_state[OFFERED][place] = None


def forget(place: str) -> None:
    """What was typed is not offered again."""
    from advisor.store import beside

    st.session_state.setdefault(OFFERED, {})[place] = None
    try:
        beside.drop_draft(database.store(), people.actor(), place)
    except InputError as error:
        st.session_state[state.DOOR] = error.issues
