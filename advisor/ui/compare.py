"""The case beside one or two others: figures, cash, costs and numbers with their difference, and the way between."""

import json
from dataclasses import dataclass
from datetime import date

import streamlit as st

from advisor.assumptions.given import read_case
from advisor.charts.comparison import bridge_alt, build_bridge_chart, build_compared_cash_chart, compared_cash_alt
from advisor.core.notices import InputError
from advisor.decision.advice import preset_scenario
from advisor.decision.comparison import MOST_CASES, CaseComparison, compare
from advisor.report import comparison as words
from advisor.report.kept_compared import ComparedRevision
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.ui import compare_kept, heavy, layout, state, works
from advisor.ui.chosen import PRESETS
from advisor.ui.tables import stacked_table
from advisor.ui.workers import Turn

SUFFIXES = ("yaml", "yml", "json")
MOST_OTHERS = MOST_CASES - 1


def draw() -> None:
    t = state.translator()
    st.title(t("page.compare.title"))
    st.markdown(t("page.compare.intro"))
    others = _others(t)
    if not others:
        st.info(t("page.compare.choose"), icon=":material/compare_arrows:")
        return
    if len(others) > MOST_OTHERS:
        st.warning(t("page.compare.too_many", most=MOST_OTHERS), icon=":material/warning:")
    shown = others[:MOST_OTHERS]
    cases = [state.without_about(case) for case in (state.scenario(), *(other.case for other in shown))]
    names = words.distinct([state.case_title(t), *(other.name for other in shown)])
    try:
        with st.spinner(t("ui.computing")):
            found = _compared(_answers(cases), state.catalog().version, state.today(), cases)
    except InputError as error:
        layout.faults(error.issues, t)
        return
    revisions = [None, *(other.kept for other in shown)]
    _show(found, names, revisions, t)
    _pdf(cases, names, revisions, t)


@st.cache_resource(max_entries=16, show_spinner=False)
def _compared(answers: str, catalog_version: str, on: date, _cases: list[Scenario]) -> CaseComparison:
    """Remembered by all answers of all cases."""
    return compare(_cases, state.catalog(), on)


def _answers(cases: list[Scenario]) -> str:
    return json.dumps([case.answers() for case in cases])


@dataclass(frozen=True)
class _Other:
    """A case beside the reader's own; ``kept`` is the revision that it is, if any."""

    name: str
    case: Scenario
    kept: ComparedRevision | None = None


def _others(t: Translator) -> list[_Other]:
    """Cases to stand beside the reader's own: ready-made ones, kept ones and files."""
    presets = state.catalog().presets
    titles = {name: t.fact(preset.title) for name, preset in presets.items()}
    key = f"w.compare.{t.language}"
    st.session_state[key] = [name for name in st.session_state.get(PRESETS, ()) if name in presets]

    def keep() -> None:
        st.session_state[PRESETS] = tuple(st.session_state[key])

    st.pills(
        t("page.compare.examples"),
        list(presets),
        selection_mode="multi",
        key=key,
        format_func=lambda name: titles.get(name, name),
        on_change=keep,
        wrap=True,
    )
    kept = compare_kept.choose(t)
    files = st.file_uploader(
        t("page.compare.files"), SUFFIXES, accept_multiple_files=True, key="w.compare.files", help=t("ui.file_help")
    )
    found = [_Other(titles[name], preset_scenario(name, state.catalog())) for name in st.session_state.get(PRESETS, ())]
    found += [_Other(each.name, each.case, each) for each in kept]
    for file in files:
        try:
            case, gone = read_case(file.getvalue(), state.catalog(), labels())
        except InputError as error:
            layout.faults(error.issues, t)
            continue
        layout.faults(gone, t)
        found.append(_Other(case.title or file.name, case))
    return found


def _show(found: CaseComparison, names: list[str], kept: words.Kept, t: Translator) -> None:
    _table(words.figures_table(found, names, t, kept), t("page.compare.figures"), "figures")
    st.caption(words.figures_note(t))
    for said in words.notes_of_kept(kept):
        st.caption(layout.plain(said))
    if words.is_drawn(found):
        st.subheader(t("page.compare.cash"))
        chart = build_compared_cash_chart(found.advices, names, t)
        layout.chart(chart, compared_cash_alt(found.advices, names, t), t("page.compare.cash"))
        st.caption(t("compare.chart.title"))
    currency = words.currency_of(found)
    for other, bridge in zip(names[1:], found.bridges, strict=True):
        title = t("compare.heading.bridge", first=names[0], other=other)
        st.subheader(title)
        if bridge is None:
            st.info(t("compare.bridge.unknown"))
            continue
        rows = words.bridge_rows(bridge, names[0], other, t)
        layout.chart(build_bridge_chart(rows, bridge, currency, t), bridge_alt(rows, bridge, currency, t), title)
        st.caption(t("compare.bridge.note"))
    with layout.folded(t("compare.heading.costs"), "compare_costs", icon=":material/receipt_long:") as is_open:
        if is_open:
            _table(words.costs_table(found, names, t), t("compare.heading.costs"), "costs")
            st.caption(t("word.rounding"))
    with layout.folded(t("compare.heading.assumptions"), "compare_numbers", icon=":material/list:") as is_open:
        if is_open:
            numbers = words.assumptions_table(found, names, state.catalog(), t)
            _table(numbers, t("compare.heading.assumptions"), "assumptions")


def _table(table: words.Cells, title: str, name: str) -> None:
    heads, rows = table
    stacked_table(rows, heads, title, name)


def _pdf(cases: list[Scenario], names: list[str], kept: words.Kept, t: Translator) -> None:
    """The same as a PDF."""
    catalog, on = state.catalog(), state.today()

    def build(turn: Turn) -> bytes:
        return heavy.of_cases(turn, works.compared_pdf, cases, catalog, on, t.language, names, kept)

    heavy.download(
        t("page.compare.pdf"),
        build,
        f"compared-{t.language}.pdf",
        "application/pdf",
        t,
        key=f"download.compared.{t.language}",
        width="stretch",
    )
