"""Session state: the case, the language, and refused input kept for correction.

The :class:`Scenario` is the only truth; widget keys are copies that are written anew on every run.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Event, Timer
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from advisor.assumptions.currency import RATE
from advisor.core.notices import InputError, Issue
from advisor.decision.advice import Advice, advise
from advisor.decision.alternatives import Alternative, alternatives
from advisor.decision.examination import Examination
from advisor.decision.volume_ladder import VolumeLadder, volume_ladder
from advisor.report.link import URL_LANGUAGE, link_to
from advisor.scenario import ABOUT_REPORT, BESIDE_THE_CASE, QUESTIONS, Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import nearest_language
from advisor.text.phrases import case_title as title_of
from advisor.ui import address, chosen, heavy, kept, observed, works
from advisor.ui.loaded import READING_SECONDS, translator_of
from advisor.ui.loaded import catalog as catalog
from advisor.ui.loaded import today as today

SCENARIO, LANGUAGE, DRAFTS, DOOR, WHAT_IF, LAST = "scenario", "language", "drafts", "door", "what_if", "last"
LEVERS, PLAN, PLAN_WIDGETS = "levers", "plan", "w.plan"
FIELD, HELD, AHEAD = "field", "held", "ahead"
WITH_CURRENCY = "with_currency"
MOST_DRAWING_SECONDS = 60.0


@dataclass(frozen=True)
class RefusedAnswer:
    """Text a field was given that cannot be used, kept so that nothing typed is lost."""

    text: str
    issue: Issue


@st.cache_resource(max_entries=64, show_spinner=False)
def _advice(answers: str, catalog_version: str, on: date, _case: Scenario) -> Advice:
    """The case travels along, checked already; what it is remembered by is everything in it."""
    return observed.computed("advice", advise(_case, catalog(), on))


_examined: WeakKeyDictionary[Advice, Examination] = WeakKeyDictionary()
"""What was examined of an advice while it lives: its parts come from there, since a worker's caches are its own."""


@st.cache_resource(max_entries=64, show_spinner=False)
def _examination(answers: str, catalog_version: str, on: date, _found: Advice) -> Examination:
    """Remembered by what the advice was made of; who asks while another thread computes it waits for that one."""
    return observed.computed("examination", heavy.for_page(works.examination, _found, catalog()))


def language() -> str:
    """Language of the session: chosen, else the URL's, else the browser's."""
    if LANGUAGE not in st.session_state:
        st.session_state[LANGUAGE] = nearest_language(st.query_params.get(URL_LANGUAGE) or st.context.locale)
    return str(st.session_state[LANGUAGE])


def translator() -> Translator:
    return translator_of(language())


def scenario() -> Scenario:
    """The case of this session; a new session reads it from the URL.

    Raises :class:`kept.Unreadable` where that names a kept case and the database does not answer: nothing begins then.
    """
    if SCENARIO not in st.session_state:
        _arrive(st.query_params.to_dict())
    found = st.session_state[SCENARIO]
    assert isinstance(found, Scenario)
    return found


def _arrive(params: Mapping[str, str]) -> None:
    """Begin a session with what its address holds."""
    opened, faults = kept_at(params)
    kept.work_on(opened)
    arrived = address.read(params, catalog(), advice, opened.saved if opened else None)
    st.session_state.update({SCENARIO: arrived.case, WHAT_IF: arrived.what_if, LEVERS: arrived.levers})
    st.session_state.update({PLAN: arrived.plan, DOOR: (*faults, *arrived.issues), **arrived.chosen})
    if arrived.question is not None:
        st.session_state[FIELD] = arrived.question


def kept_at(params: Mapping[str, str]) -> tuple[kept.OpenCase | None, tuple[Issue, ...]]:
    """The kept case that an address names, or why there is none. Raises :class:`kept.Unreadable`."""
    if address.CASE not in params:
        return None, ()
    now = kept.current()
    if now is not None and now.is_named(params[address.CASE]):
        return now, ()
    try:
        return kept.named(params[address.CASE], catalog()), ()
    except kept.Unreadable:
        raise
    except InputError as error:
        return None, error.issues


def advice(case: Scenario | None = None) -> Advice:
    """Advice on a case (by default the session's), remembered while nothing in it changes.

    What only stands on the report is left out of it, so that naming a reader, or the case, computes nothing anew.
    """
    wanted = without_about(case or scenario())
    last, version = st.session_state.get(LAST), catalog().version
    if last is None or last[:3] != (wanted, today(), version):
        found = _advice(json.dumps(wanted.answers()), version, today(), wanted)
        last = (wanted, today(), version, observed.asked("advice", found))
        st.session_state[LAST] = last
    return last[3]


def without_about(case: Scenario) -> Scenario:
    """The case without what only stands on its report, and without its name."""
    return case.model_copy(update=dict.fromkeys(("title", *ABOUT_REPORT, *BESIDE_THE_CASE)))


def alternatives_of(found: Advice) -> tuple[Alternative, ...]:
    """Every alternative beside an advice."""
    done = _examined.get(found)
    return alternatives(found, catalog()) if done is None else done.alternatives


def examined(found: Advice) -> Examination:
    """What would change the verdict and what speaks against it; takes about a second, so show progress around it."""
    answers = json.dumps(found.scenario.answers())
    known = _examined[found] = _examination(answers, catalog().version, found.assessment.assumptions.on, found)
    return observed.asked("examination", known)


def examine_soon() -> None:
    """Examine the session's case while its reader looks at the first answer, so that the whole answer stands at once.

    Another answer in the meantime takes its place. Only where a real server runs, whose pages have a reader.
    """
    waiting = st.session_state.pop(AHEAD, None)
    if waiting is not None:
        waiting.cancel()
    if runtime.exists() and type(runtime.get_instance()) is runtime.Runtime:
        timer = st.session_state[AHEAD] = Timer(READING_SECONDS, heavy.when_idle, (examined, advice()))
        timer.daemon = True
        timer.start()


def ladder_of(found: Advice) -> VolumeLadder | None:
    """From which requests a day the verdict is another, without the rest of an examination, which takes longer."""
    done = _examined.get(found)
    return volume_ladder(found, catalog()) if done is None else done.ladder


def compared() -> Advice:
    """The session's case with the what-if changes in it."""
    return advice(scenario().with_(**what_if()))


def what_if() -> dict[str, float]:
    """Answers that are tried out on a page but not kept."""
    found: dict[str, float] = st.session_state.setdefault(WHAT_IF, {})
    return found


def levers() -> dict[str, bool]:
    """Cost levers that were ticked or unticked; the others stand as proposed."""
    found: dict[str, bool] = st.session_state.setdefault(LEVERS, {})
    return found


def plan() -> dict[str, object]:
    """What was typed into the project plan: rows of numbers, and prices."""
    found: dict[str, object] = st.session_state.setdefault(PLAN, {})
    return found


def drafts() -> dict[str, RefusedAnswer]:
    found: dict[str, RefusedAnswer] = st.session_state.setdefault(DRAFTS, {})
    return found


def amounts_with_currency() -> set[str]:
    """Answers that were typed with their currency."""
    found: set[str] = st.session_state.setdefault(WITH_CURRENCY, set())
    return found


def door() -> tuple[Issue, ...]:
    """Faults in what came through the URL or a file, until the next good answer."""
    found: tuple[Issue, ...] = st.session_state.get(DOOR, ())
    return found


def currencies_in_use() -> tuple[str, ...]:
    """Currencies whose rate the case rests on."""
    rows = advice().assessment.assumptions
    return tuple(name.removeprefix(RATE) for name in rows if name.startswith(RATE))


def case_title(t: Translator) -> str:
    """What the case is called; a kept one has its name for a title."""
    told = scenario()
    return title_of(told, catalog().presets.get(told.preset or ""), t)


def url_of(case: Scenario) -> dict[str, str]:
    """Query parameters that bring this case back, with what is tried out beside it and chosen on other pages."""
    now, aside = kept.current(), beside() | choices()
    return address.written(case, catalog(), language(), aside, (now.named(case), now.saved) if now else None)


def choices() -> dict[str, object]:
    """What is chosen on pages beyond the case."""
    return {name: value for name in chosen.READERS if (value := st.session_state.get(name))}


def choose(choices: Mapping[str, object]) -> None:
    """Choose these on the pages, and nothing else."""
    for name in chosen.READERS:
        st.session_state.pop(name, None)
    st.session_state.update(choices)


def beside() -> dict[str, object]:
    """What is tried out on pages and has not been taken into the case."""
    return {"what_if": what_if(), "levers": levers(), "plan": plan()}


def link_of(case: Scenario) -> str:
    """The address of this case where the reader's browser is; nothing where that is not known.

    It stands in reports: what is saved later does not change what it opens.
    """
    now = kept.current()
    try:
        told = address.written(case, catalog(), language(), {}, (now.pinned, now.saved) if now else None)
        return link_to(st.context.url or "", told)
    except InputError:
        return ""


@dataclass
class Held:
    """Advice, case and link as they stand, for a file that is built on a click, outside any run of the page."""

    drawn: Event = field(default_factory=Event)
    case: tuple[Advice, Scenario, str] | None = None

    def begin(self) -> None:
        """The page is being drawn, it may be for another case."""
        self.drawn.clear()

    def keep(self, *case: *tuple[Advice, Scenario, str]) -> None:
        self.case = case
        self.drawn.set()

    def found(self) -> tuple[Advice, Scenario, str]:
        """What the page shows, once it is drawn: its button can be clicked before."""
        if not self.drawn.wait(MOST_DRAWING_SECONDS) or self.case is None:
            raise TimeoutError(f"the page was not drawn within {MOST_DRAWING_SECONDS:.0f} s")
        return self.case


def held() -> Held:
    found: Held = st.session_state.setdefault(HELD, Held())
    return found


def field_to_show() -> str | None:
    """The question that an address or another page wants to be shown, once."""
    found = st.session_state.pop(FIELD, None)
    return str(found) if found else None


def whole_page_is_drawn() -> bool:
    """Whether all of the page is drawn, not one of its parts alone."""
    context = get_script_run_ctx()
    return context is None or not context.fragment_ids_this_run


def beyond_the_case() -> tuple[object, ...]:
    """What the page outside the first questions and their verdict shows; while it stays, only they are redrawn."""
    first = {name for name, question in QUESTIONS.items() if question.group == "need"}
    rest = {name: value for name, value in scenario().answers().items() if name not in first}
    return rest, language(), door(), tuple(set(drafts()) - first)
