"""A team's own results: an evaluation, a pilot, months after the launch; what they say and what they answer."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import streamlit as st

from advisor import charts
from advisor.core.notices import InputError, Issue, Notice
from advisor.evidence.actual_months import actuals_template, read_actuals
from advisor.evidence.actuals import ActualsResult, compare_actuals
from advisor.evidence.evaluation import evaluate_scores, evaluation_template, read_scores
from advisor.evidence.kept_actuals import actuals_record, shown_again, with_actuals
from advisor.evidence.pilot import judge_pilot, pilot_template, read_pilot
from advisor.evidence.results_kinds import of_kind
from advisor.evidence.results_table import read_margin, read_scale
from advisor.report import results as words
from advisor.report.link import is_linked
from advisor.scenario import ActualsRecord, Measurement
from advisor.scenario.actual_record import ACTUALS
from advisor.scenario.measurement import LONGEST_FILE_NAME
from advisor.text.i18n import Translator
from advisor.ui import changes, layout, state, take_over
from advisor.ui.tables import stacked_table

SUFFIXES = ["csv", "tsv", "txt", "json", "jsonl", "yaml", "yml"]
CHOSEN = "results.kind"
TABLE, ASKED_OF = "results.table.{}", "results.asked.{}"
"""Keys of the session: name and content of the table of a kind, and what is said beside it."""
ASKED = ("margin", "scale", "good")


class Shown(NamedTuple):
    """What one table comes to: told first, warned of, and taken over; of months also what is kept of them.

    ``note`` stands below the answers that are taken over.
    """

    told: tuple[Issue, ...]
    sentences: tuple[str, ...]
    notices: tuple[Notice, ...]
    records: Mapping[str, Measurement]
    draw: Callable[[], None]
    compared: ActualsRecord | None = None
    note: str | None = None


def draw() -> None:
    t = state.translator()
    st.title(t("page.results.title"))
    st.markdown(t("page.results.intro"))
    kind = str(
        st.segmented_control(
            t("page.results.kind"),
            tuple(KINDS),
            default=next(iter(KINDS)) if state.scenario().actuals is None else ACTUALS,
            required=True,
            key=CHOSEN,
            format_func=lambda name: t(f"page.results.kind.{name}"),
        )
    )
    read, template = KINDS[kind]
    st.markdown(layout.plain(t(f"page.results.about.{kind}")))
    options = _asked(t) if kind == "evaluation" else {}
    given, example = st.columns((2, 1), vertical_alignment="bottom")
    with given:
        key = f"w.results.{kind}"
        st.file_uploader(t("page.results.upload"), SUFFIXES, key=key, on_change=_given, args=(kind,))
    with example:
        layout.download(t("page.results.template"), template, f"{kind}.csv", "text/csv")
    table = st.session_state.get(TABLE.format(kind))
    if table is None:
        if kind == ACTUALS:
            _kept(t)
        return
    name, content = table
    if st.session_state.get(key) is None:  # the page was left in between
        said, forget = st.columns((3, 1), vertical_alignment="center")
        said.caption(layout.plain(t("page.results.still", file=name)))
        forget.button(
            t("page.usage.forget"), key=f"w.results.forget.{t.language}", on_click=_given, args=(kind,), width="stretch"
        )
    try:
        found = read(of_kind(content, kind), name, options, t)
    except InputError as fault:
        layout.faults(fault.issues, t)
        return
    _show(found, kind, t)


def _given(kind: str) -> None:
    """Hold the table that was chosen: its field forgets it once another kind or page is looked at."""
    file = st.session_state.get(f"w.results.{kind}")
    st.session_state[TABLE.format(kind)] = None if file is None else (_name(file.name), file.getvalue())


def _asked(t: Translator) -> dict[str, str]:
    """What an evaluation may say beside its table; empty where it does not."""
    found = {}
    for column, name in zip(st.columns(len(ASKED), vertical_alignment="bottom"), ASKED, strict=True):
        with column:
            usual = t.percent(state.catalog().number("gate_margin")) if name == "margin" else None
            key, said = f"w.results.{name}", ASKED_OF.format(name)
            st.session_state.setdefault(key, st.session_state.get(said, ""))
            found[name] = st.text_input(t(f"page.results.{name}"), key=key, placeholder=usual) or ""
            st.session_state[said] = found[name]
    return found


def _name(name: str) -> str:
    """The name of a file as a record keeps it."""
    return "".join(c if c.isprintable() else "?" for c in name)[:LONGEST_FILE_NAME] or "-"


def _show(found: Shown, kind: str, t: Translator) -> None:
    layout.remarks([issue for issue in found.told if issue.code != "column_left_out"], t)
    first, *others = found.sentences or ("",)
    if first:
        st.markdown(f"**{layout.plain(first)}**")
    for sentence in others:
        st.markdown(layout.plain(sentence))
    layout.notices(found.notices, t, state.scenario().base_currency)
    found.draw()
    if found.compared is not None:
        _keep(found.compared, found.records, t)
    take_over.draw(found.records, f"results-{kind}", found.compared, found.note)


# --- The three kinds ------------------------------------------------------------------------------


def _evaluation(content: bytes, name: str, options: Mapping[str, str], t: Translator) -> Shown:
    margin = read_margin(options["margin"]) if options["margin"].strip() else None
    scale, good = read_scale(options["scale"].strip() or None, options["good"].strip() or None)
    scores = read_scores(content, name, scale, good)
    found = evaluate_scores(scores, state.catalog(), margin)

    def tables() -> None:
        _table(words.evaluation_table(found, t), "parts", t)

    return Shown(scores.table.told, words.evaluation_sentences(found, t), found.notices, found.records, tables)


def _pilot(content: bytes, name: str, options: Mapping[str, str], t: Translator) -> Shown:
    table = read_pilot(content, name)
    found = judge_pilot(table, state.scenario(), state.catalog(), state.today())

    def tables() -> None:
        _table(words.pilot_table(found, t), "estimates", t)
        _table(words.beside_table(found, t), "beside", t)

    return Shown(table.told, words.pilot_sentences(found, t), found.notices, found.records, tables)


def _actuals(content: bytes, name: str, options: Mapping[str, str], t: Translator) -> Shown:
    table = read_actuals(content, name, state.scenario().base_currency)
    found = compare_actuals(table, state.scenario(), state.catalog(), state.today())

    def tables() -> None:
        _compared(found, t)

    record = actuals_record(found, state.today())
    sentences, note = words.actuals_sentences(found, t), words.taken_back(found, t)
    return Shown(table.told, sentences, found.notices, found.records, tables, record, note)


def _compared(found: ActualsResult, t: Translator) -> None:
    """The bridge from the planned to the actual saving, and the months."""
    steps = words.shown_steps(found)
    st.subheader(t("page.results.bridge"))
    picture = charts.build_actuals_chart(found.planned_saving, steps, found.currency, t)
    told = charts.actuals_alt(found.planned_saving, steps, found.currency, t)
    layout.chart(picture, told, t("page.results.bridge"))
    st.caption(t("page.results.bridge_how"))
    heads, rows = words.bridge_table(found, t)
    stacked_table(rows, heads, t("page.results.bridge"), "bridge", figures=True)
    _table(words.months_table(found, t), "months", t)


def _keep(record: ActualsRecord, records: Mapping[str, Measurement], t: Translator) -> None:
    """A button that keeps the comparison alone; once its answers are taken over, the plan is another one."""
    case = state.scenario()
    if case.actuals == record or (records and _are_taken(records)):
        st.caption(t("actuals.kept"))
    else:
        st.button(t("actuals.keep"), key="w.actuals.keep", on_click=_answer, args=(record,))
    _beside_link(t)


def _are_taken(records: Mapping[str, Measurement]) -> bool:
    try:
        return state.scenario().actuals is not None and state.scenario().with_measured(records) == state.scenario()
    except InputError:
        return False


def _kept(t: Translator) -> None:
    """The comparison that the case keeps, shown without its table."""
    record = state.scenario().actuals
    if record is None:
        return
    found, day = shown_again(record), t.date(record.compared_on)
    st.caption(layout.plain(t("actuals.from", date=day, file=record.file, currency=record.currency)))
    for sentence in words.actuals_sentences(found, t):
        st.markdown(layout.plain(sentence))
    layout.notices(found.notices, t, record.currency)
    _compared(found, t)
    _beside_link(t)
    st.button(t("actuals.drop"), key="w.actuals.drop", on_click=_answer, args=(None,))


def _beside_link(t: Translator) -> None:
    if not is_linked(state.scenario(), ACTUALS):
        st.caption(t("actuals.not_in_link"))


def _answer(record: ActualsRecord | None) -> None:
    changes.keep_answer(ACTUALS, with_actuals(state.scenario(), record))


def _table(table: words.Table, name: str, t: Translator) -> None:
    heads, rows = table
    if rows:
        st.subheader(t(f"page.results.{name}"))
        stacked_table(rows, heads, t(f"page.results.{name}"), name)


Reader = Callable[[bytes, str, Mapping[str, str], Translator], Shown]
KINDS: Mapping[str, tuple[Reader, Callable[[], str]]] = {
    "evaluation": (_evaluation, evaluation_template),
    "pilot": (_pilot, pilot_template),
    ACTUALS: (_actuals, actuals_template),
}
