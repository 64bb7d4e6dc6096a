"""Kept cases and their revisions to stand beside the reader's own; the database is asked when somebody opens them."""

from collections.abc import Mapping, Sequence

import streamlit as st

from advisor.core.notices import InputError
from advisor.decision.as_kept import AsKept
from advisor.report import kept_compared
from advisor.report.comparison import distinct
from advisor.report.kept_compared import ComparedRevision
from advisor.store.records import KeptCase, Revision, RevisionHead
from advisor.text.i18n import Translator
from advisor.ui import database, layout, people, state
from advisor.ui.chosen import AS_KEPT, KEPT, PRICES, TODAY


def choose(t: Translator) -> list[ComparedRevision]:
    """Let the reader choose in a fold; the revisions chosen, each at the prices that the switch says.

    One that cannot be read, or that the user may not see, is told and left out.
    """
    with layout.folded(t("compare_kept.title"), "compare.kept", icon=":material/inventory_2:") as is_open:
        if is_open:
            try:
                _choices(t)
            except InputError as error:
                layout.faults(error.issues, t)
    found = []
    for case_id, numbers in _chosen().items():
        for number in numbers:
            try:
                found.append(_stands(case_id, number, t))
            except InputError as error:
                layout.faults(error.issues, t)
    return found


def _chosen() -> dict[str, tuple[int, ...]]:
    """The numbers of the revisions chosen, by the id of their case."""
    found: dict[str, tuple[int, ...]] = st.session_state.setdefault(KEPT, {})
    return found


def _choices(t: Translator) -> None:
    """Which cases, which revisions of each, at which prices. Raises :class:`InputError`."""
    if not database.is_there():
        st.markdown(t("compare_kept.nothing"))
        return
    from advisor.store import cases

    found = {case.id: case for case in cases.listed(database.store(), people.actor())}
    st.session_state[KEPT] = {case_id: numbers for case_id, numbers in _chosen().items() if case_id in found}
    if not found:
        st.markdown(t("compare_kept.nothing"))
        return
    _ask_cases(found, t)
    for case_id in _chosen():
        _ask_revisions(found[case_id], cases.history(database.store(), people.actor(), case_id), t)
    if _chosen():
        _ask_prices(t)


def _ask_cases(found: Mapping[str, KeptCase], t: Translator) -> None:
    key = f"w.compare.kept.{t.language}"
    st.session_state[key] = list(_chosen())

    def keep() -> None:
        before = _chosen()
        st.session_state[KEPT] = {
            case_id: before.get(case_id, (found[case_id].latest,)) for case_id in st.session_state[key]
        }

    names = dict(zip(found, distinct([case.name for case in found.values()]), strict=True))
    st.multiselect(
        t("compare_kept.cases"),
        list(found),
        format_func=lambda case_id: names.get(case_id, case_id),
        key=key,
        on_change=keep,
        placeholder=t("compare_kept.none_chosen"),
    )


def _ask_revisions(case: KeptCase, history: Sequence[RevisionHead], t: Translator) -> None:
    key, heads = f"w.compare.revisions.{case.id}.{t.language}", {head.number: head for head in history}
    st.session_state[key] = [number for number in _chosen()[case.id] if number in heads]

    def keep() -> None:
        st.session_state[KEPT] = {**_chosen(), case.id: tuple(st.session_state[key])}

    st.multiselect(
        t("compare_kept.revisions", case=case.name),
        sorted(heads, reverse=True),
        format_func=lambda number: _revision_label(heads[number], t) if number in heads else str(number),
        key=key,
        on_change=keep,
    )


def _revision_label(head: RevisionHead, t: Translator) -> str:
    said = {"number": head.number, "date": t.date(head.at.date())}
    return t("compare_kept.revision_why", why=head.why, **said) if head.why else t("compare_kept.revision", **said)


def _ask_prices(t: Translator) -> None:
    key = f"w.compare.prices.{t.language}"
    st.session_state[key] = st.session_state.get(PRICES, TODAY)

    def keep() -> None:
        st.session_state[PRICES] = st.session_state[key]

    st.radio(
        t("compare_kept.prices"),
        (TODAY, AS_KEPT),
        format_func=lambda how: t(f"compare_kept.prices.{how}"),
        key=key,
        on_change=keep,
        horizontal=True,
        help=t("compare_kept.prices_help"),
    )


def _stands(case_id: str, number: int, t: Translator) -> ComparedRevision:
    """The revision as it stands among the others. Raises :class:`InputError`."""
    from advisor.store import cases

    name = cases.find(database.store(), people.actor(), case_id).name
    revision, catalog = cases.revision(database.store(), people.actor(), case_id, number), state.catalog()
    if st.session_state.get(PRICES, TODAY) == TODAY:
        found, gone = kept_compared.at_todays_prices(revision, name, catalog, t)
    else:
        again = _recomputed(revision.head.hash, catalog.version, revision)
        found, gone = kept_compared.as_it_was(revision, name, catalog, t, again)
    layout.faults(gone, t)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def _recomputed(content_hash: str, catalog_version: str, _revision: Revision) -> AsKept:
    """Remembered by the hash of what was frozen, which never changes."""
    return kept_compared.recomputed(_revision, state.catalog())
