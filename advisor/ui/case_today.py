"""A kept case beside the same case at today's prices, and which of many have moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from advisor.core.notices import InputError, Issue
from advisor.decision.repricing import Repricing
from advisor.report import then_and_now as words
from advisor.store.records import KeptCase, Revision
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text
from advisor.ui import database, layout, people, state
from advisor.ui.tables import longer_table, stacked_table

REVIEWED = "cases.reviewed"
MOVED_COLUMNS = ("name", "verdict_then", "verdict_now", "payback_then", "payback_now")


@dataclass(frozen=True)
class Reviewed:
    """What became of one case: the headlines then and now; or why it cannot be computed today."""

    then: words.Headline
    now: words.Headline
    has_moved: bool
    faults: tuple[Issue, ...] = ()


def draw(case: KeptCase, t: Translator) -> None:
    """Verdict and payback then and now, every number that changed, and what they do to the value."""
    with layout.folded(t("cases.today"), "case.today", icon=":material/sync:") as is_open:
        if not is_open:
            return
        try:
            with st.spinner(t("ui.computing")):
                found = _today(case)
        except InputError as error:  # answers that this release does not take any more
            layout.faults(error.issues, t)
            return
        _show(found, case, t)


def _today(case: KeptCase) -> Repricing:
    from advisor.store import cases

    revision = cases.revision(database.store(), people.actor(), case.id)
    return _repriced(revision.head.hash, state.catalog().version, state.today(), revision)


@st.cache_resource(max_entries=16, show_spinner=False)
def _repriced(content_hash: str, catalog_version: str, on: date, _revision: Revision) -> Repricing:
    """Remembered by everything that was frozen."""
    return words.repriced(_revision, state.catalog(), on)


def _show(found: Repricing, case: KeptCase, t: Translator) -> None:
    first, *others = words.turn_lines(found, t)
    tell = st.warning if found.turns else st.info
    tell(layout.plain(first), icon=":material/warning:" if found.turns else ":material/check:")
    for line in others:
        st.markdown(layout.plain(line))
    heads, rows = words.changes_table(found, t)
    if rows:
        longer_table(rows, heads, t("cases.changes_table"), f"changed-{case.id[:8]}")
    heads, rows = words.steps_table(found, t)
    if rows:
        st.markdown(f"**{layout.plain(t('cases.steps'))}**")
        stacked_table(rows, heads, t("cases.steps"), f"steps-{case.id[:8]}", figures=True)
        st.caption(t("cases.steps_note"))


# -- many at once -------------------------------------------------------------------------------------


def review(shown: Sequence[KeptCase], t: Translator) -> None:
    """On demand, which of the cases in sight have another verdict or payback today."""
    asked = st.button(t("cases.review"), key="w.cases.review", icon=":material/sync:", help=t("cases.review_help"))
    if asked:
        st.session_state[REVIEWED] = _review(shown, t)
    found: dict[tuple[str, int], Reviewed] = st.session_state.get(REVIEWED, {})
    told = [(case, found[case.id, case.latest]) for case in shown if (case.id, case.latest) in found]
    if told:
        _moved(told, t)


def _review(shown: Sequence[KeptCase], t: Translator) -> dict[tuple[str, int], Reviewed]:
    """By case and revision; of each only what is told is kept."""
    found, bar = {}, st.progress(0.0, t("ui.computing"))
    for k, case in enumerate(shown, 1):
        found[case.id, case.latest] = _reviewed(case)
        bar.progress(k / len(shown), t("ui.computing"))
    bar.empty()
    return found


def _reviewed(case: KeptCase) -> Reviewed:
    try:
        found = _today(case)
    except InputError as error:
        return Reviewed({}, {}, has_moved=False, faults=error.issues)
    return Reviewed(found.then, found.now, words.has_moved(found))


def _moved(told: Sequence[tuple[KeptCase, Reviewed]], t: Translator) -> None:
    """Those that moved; of those that cannot be computed today, why."""
    moved = [(case, each) for case, each in told if each.has_moved]
    st.markdown(t("store.review_done", count=t.number(len(told), 0), moved=t.number(len(moved), 0)))
    rows = [
        (
            case.name,
            *(words.verdict_text(headline, t) for headline in (each.then, each.now)),
            *(words.payback_text(headline, t) for headline in (each.then, each.now)),
        )
        for case, each in moved
    ]
    if rows:
        stacked_table(rows, [t(f"cases.column.{name}") for name in MOVED_COLUMNS], t("cases.review_table"), "review")
    for case, each in told:
        for issue in each.faults:
            st.error(layout.plain(t("cases.not_reviewed", name=case.name, why=issue_text(t, issue))))
