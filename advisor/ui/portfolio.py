"""Many cases under one budget: kept ones and those of a table, which are funded, which not and why."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from advisor.assumptions.given import read_case
from advisor.charts.portfolio import budget_alt, build_budget_chart, build_portfolio_chart, portfolio_alt
from advisor.core.notices import InputError, Issue
from advisor.core.units import CURRENCIES
from advisor.decision.funding import (
    MOST_CANDIDATES,
    UNRANKED,
    Candidate,
    Funding,
    Placed,
    Prospect,
    ProspectOf,
    asking,
    fund,
    other_budgets,
    read_budget,
    refuse_too_many,
    usual_currency,
)
from advisor.decision.portfolio import portfolio_of
from advisor.report import portfolio as words
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import joined
from advisor.ui import database, heavy, layout, people, state, works
from advisor.ui.chosen import BUDGET, CURRENCY, LEFT_OUT, STATUS, TAGS
from advisor.ui.tables import stacked_table
from advisor.ui.workers import Turn

if TYPE_CHECKING:
    from advisor.store.records import KeptCase

SUFFIXES = ("csv", "tsv", "txt")
FEW_TABLES = 4
"""Tables that are remembered: reading a thousand cases takes a fifth of a second."""
FEW = 10
"""So many cases are drawn in a tenth of a second, for which nobody has to wait in line."""
AT_ONCE = 200
"""Cases of one turn, which takes a worker about two seconds; then it is somebody else's."""
TEMPLATE = "id,preset,daily_requests,quality_need,use_case,current_monthly_bill,currency\n"


def draw() -> None:
    t = state.translator()
    st.title(t("page.portfolio.title"))
    st.markdown(t("page.portfolio.intro"))
    try:
        candidates = _candidates(t)
        if candidates:
            _fund(candidates, t)
    except InputError as error:
        layout.faults(error.issues, t)


# --- What is chosen ------------------------------------------------------------------------------------


def _candidates(t: Translator) -> list[Candidate]:
    """Kept cases of the chosen status and tags, and the rows of a table."""
    every = _listed()
    chosen = _filtered(every, t) if every else []
    given, example = st.columns((2, 1), vertical_alignment="bottom")
    with given:
        label, help_text = t("page.portfolio.file"), t("page.portfolio.file_help")
        file = st.file_uploader(label, SUFFIXES, key="w.portfolio.file", help=help_text)
    with example:
        layout.download(t("page.portfolio.table_columns"), lambda: TEMPLATE, "portfolio.csv", "text/csv")
    found = [_kept(case) for case in chosen]
    if file is not None:
        table = _read(file.getvalue(), state.catalog().version)
        layout.remarks(table.told, t)
        found += table.candidates
    if not found:
        st.info(t("page.portfolio.none_chosen" if every else "page.portfolio.nothing"), icon=":material/folder_open:")
    return found


@st.cache_resource(max_entries=FEW_TABLES, show_spinner=False)
def _read(content: bytes, catalog_version: str) -> words.PortfolioTable:
    """The table, which is the same at every redraw. Raises :class:`InputError`, each time anew."""
    return words.read_portfolio(content, state.catalog())


def _listed() -> "Sequence[KeptCase]":
    if not database.is_there():
        return ()
    from advisor.store import cases

    return cases.listed(database.store(), people.actor())


def _filtered(every: "Sequence[KeptCase]", t: Translator) -> "list[KeptCase]":
    """The cases of the status and tags that are chosen; where none is, all."""
    statuses = list(dict.fromkeys(case.status for case in every))
    tags = sorted({tag for case in every for tag in case.tags})
    names = {status: t(f"store.status.{status}") for status in statuses}
    status = _several(STATUS, t("page.portfolio.status"), statuses, t, names) if len(statuses) > 1 else ()
    tagged = set(_several(TAGS, t("page.portfolio.tags"), tags, t)) if tags else set()
    return [case for case in every if (not status or case.status in status) and (not tagged or tagged & {*case.tags})]


def _several(
    name: str, label: str, options: Sequence[str], t: Translator, names: dict[str, str] | None = None
) -> tuple[str, ...]:
    """Which of the options are chosen; they stay chosen on other pages and in another language."""
    key, called = f"w.{name}.{t.language}", names or {}
    st.session_state[key] = [each for each in st.session_state.get(name, ()) if each in options]

    def keep() -> None:
        st.session_state[name] = tuple(st.session_state[key])

    st.pills(
        label,
        options,
        selection_mode="multi",
        key=key,
        format_func=lambda each: called.get(each, each),
        on_change=keep,
        wrap=True,
    )
    return tuple(st.session_state[key])


def _kept(case: "KeptCase") -> Candidate:
    answers = _kept_answers(case.id, case.latest, state.catalog().version)
    return Candidate(case.id, answers, case.name, case.headline)


@st.cache_resource(max_entries=MOST_CANDIDATES, show_spinner=False)
def _kept_answers(case_id: str, number: int, catalog_version: str) -> Scenario | InputError:
    """The answers of a revision, which never change, to be priced today; asked only for cases that the user sees."""
    from advisor.store import cases

    text = cases.revision(database.store(), people.actor(), case_id, number).content.answers
    try:
        return read_case(text, state.catalog())[0].with_(as_of=None)
    except InputError as error:
        return error


def _names(candidates: Sequence[Candidate]) -> list[str]:
    return [each.name or each.id for each in candidates]


def _left_out(candidates: Sequence[Candidate], t: Translator) -> frozenset[int]:
    """Places of the cases that the reader leaves out: duplicates, and those that exclude one another."""
    places = {f"{each.id}/{k if each.then is None else ''}": k for k, each in enumerate(candidates)}
    names = dict(zip(places, _names(candidates), strict=True))
    key = f"w.{LEFT_OUT}.{t.language}"
    st.session_state[key] = [each for each in st.session_state.get(LEFT_OUT, ()) if each in places]

    def keep() -> None:
        st.session_state[LEFT_OUT] = tuple(st.session_state[key])

    label, help_text = t("page.portfolio.left_out"), t("page.portfolio.left_out_help")
    st.multiselect(
        label,
        list(places),
        key=key,
        format_func=lambda each: names[each],
        help=help_text,
        on_change=keep,
        placeholder=t("page.portfolio.left_out_none"),
    )
    return frozenset(places[each] for each in st.session_state[key])


def _budget(candidates: Sequence[Candidate], t: Translator) -> tuple[float | None, str]:
    """The budget that is typed, and its currency."""
    left, right = st.columns((3, 1))
    currency, typed = f"w.{CURRENCY}", f"w.{BUDGET}"
    st.session_state[currency] = st.session_state.get(CURRENCY) or usual_currency(candidates)
    st.session_state[typed] = st.session_state.get(BUDGET, "")

    def keep() -> None:
        st.session_state.update({BUDGET: st.session_state[typed], CURRENCY: st.session_state[currency]})

    with left:
        st.text_input(t("page.portfolio.budget"), key=typed, help=t("page.portfolio.budget_help"), on_change=keep)
    with right:
        st.selectbox(t("page.portfolio.currency"), CURRENCIES, key=currency, on_change=keep)
    text, money = str(st.session_state[typed]).strip(), str(st.session_state[currency])
    if not text:
        st.info(t("page.portfolio.budget_missing"), icon=":material/savings:")
        return None, money
    return read_budget(text, money), money


# --- What comes of it ----------------------------------------------------------------------------------


@dataclass
class _Place:
    """Where it is kept what was drawn of a case, or what is wrong with it; empty until it was."""

    found: Prospect | tuple[Issue, ...] | None = None


@st.cache_resource(max_entries=MOST_CANDIDATES, show_spinner=False)
def _prospect(answers: str, catalog_version: str, on: date) -> _Place:
    """Remembered by all answers, so that another budget computes no case anew."""
    return _Place()


def _prospects(candidates: Sequence[Candidate], t: Translator) -> ProspectOf:
    """What each case asks for and is worth. Those that are not known yet are drawn; many of them by a worker.

    Raises :class:`InputError` for too many, and where too many wait for a worker.
    """
    refuse_too_many(candidates)
    catalog, on = state.catalog(), state.today()
    asked = [asking(each.case) for each in candidates if isinstance(each.case, Scenario)]
    cases = {_answers(case): case for case in asked}
    places = {answers: _prospect(answers, catalog.version, on) for answers in cases}
    _draw({answers: cases[answers] for answers, place in places.items() if place.found is None}, places, t)

    def known(case: Scenario) -> Prospect:
        found = places[_answers(case)].found
        if not isinstance(found, Prospect):
            raise InputError(found or ())
        return found

    return known


def _answers(case: Scenario) -> str:
    return json.dumps(case.answers())


def _draw(cases: Mapping[str, Scenario], places: Mapping[str, _Place], t: Translator) -> None:
    """Fill the places of these cases."""
    catalog, on, answers = state.catalog(), state.today(), list(cases)
    if len(cases) <= FEW:
        _put(answers, places, works.prospects(list(cases.values()), catalog, on))
        return
    bar = st.progress(0.0)
    for start in range(0, len(cases), AT_ONCE):
        some, done = answers[start : start + AT_ONCE], start / len(cases)

        def tell(place: int, done: float = done) -> None:
            bar.progress(done, heavy.waits_text(place, t) or None)

        turn = Turn(is_page=True, told=tell)
        found = heavy.of_cases(turn, works.prospects, [cases[each] for each in some], catalog, on)
        _put(some, places, found)
    bar.empty()


def _put(answers: Sequence[str], places: Mapping[str, _Place], found: Sequence[Prospect | tuple[Issue, ...]]) -> None:
    for each, one in zip(answers, found, strict=True):
        places[each].found = one


def _fund(candidates: Sequence[Candidate], t: Translator) -> None:
    budget, currency = _budget(candidates, t)
    left_out = _left_out(candidates, t)
    if budget is None:
        return
    with st.spinner(t("ui.computing")):
        prospects = _prospects(candidates, t)
        funding = fund(candidates, budget, currency, state.catalog(), state.today(), left_out, prospects)
    _show(funding, candidates, t)


def _show(funding: Funding, candidates: Sequence[Candidate], t: Translator) -> None:
    names = _names([each.candidate for each in funding.placed])
    turned = words.turned_text(funding, t)
    if turned:
        st.warning(layout.plain(turned), icon=":material/published_with_changes:")
    layout.cards(_cards(funding, t))
    ranked = [(each, name) for each, name in zip(funding.placed, names, strict=True) if each.state not in UNRANKED]
    others = [(each, name) for each, name in zip(funding.placed, names, strict=True) if each.state in UNRANKED]
    method, what, *notes = words.funding_notes(funding, t)
    if ranked:
        st.subheader(t("page.portfolio.chart"))
        layout.chart(
            build_portfolio_chart(funding, names, t), portfolio_alt(funding, names, t), t("page.portfolio.chart")
        )
        st.caption(layout.plain(joined((method, what), t)))
        _table(ranked, funding, t("page.portfolio.table"), "portfolio-cases", t)
        _other_budgets(funding, t)
    if others:
        _table(others, funding, t("page.portfolio.not_counted"), "portfolio-not-counted", t)
    for note in notes:
        st.caption(layout.plain(note))
    layout.download(t("page.portfolio.csv"), lambda: _csv(candidates, funding, t), "portfolio-out.csv", "text/csv")


def _other_budgets(funding: Funding, t: Translator) -> None:
    """What another budget would buy, where every set of cases can be compared."""
    budgets = other_budgets(funding)
    if budgets is None or budgets[0][-1] <= 0:
        return
    title = t("page.portfolio.more_money")
    st.subheader(title)
    layout.chart(build_budget_chart(funding, budgets, t), budget_alt(funding, budgets, t), title)
    st.caption(layout.plain(words.next_text(funding, budgets, t)))


def _cards(funding: Funding, t: Translator) -> list[tuple[str, str, str]]:
    money, whole = funding.currency, funding.whole
    counts = {"funded": t.number(len(funding.funded), 0), "count": t.number(len(funding.placed), 0)}
    left = t("portfolio.card.left", money=t.money(funding.left, money))
    found = [(t("portfolio.card.funded"), t("portfolio.card.of", **counts), left)]
    if whole is None:
        return found
    low, high = t.money(whole.p10, money), t.money(whole.p90, money)
    small = t("portfolio.card.ahead_small") if len(funding.funded) > 1 else ""
    return [
        *found,
        (t("portfolio.card.asks"), t.money(whole.asks, money), ""),
        (t("portfolio.card.value"), t.money(whole.value, money), t("portfolio.card.range", low=low, high=high)),
        (t("portfolio.card.ahead"), words.odds_text(whole, t), small),
    ]


def _table(placed: Sequence[tuple[Placed, str]], funding: Funding, title: str, name: str, t: Translator) -> None:
    heads, rows = words.funding_table(placed, funding, t)
    st.subheader(title)
    stacked_table(rows, heads, title, name)


def _csv(candidates: Sequence[Candidate], funding: Funding, t: Translator) -> bytes:
    """The file that the command line writes of the same cases."""
    read = [each.case for each in candidates if each.case is not None]
    found = words.outcomes(candidates, portfolio_of(read, state.catalog(), state.today()))
    return words.portfolio_csv(candidates, found, t, funding).encode("utf-8-sig")
