"""A training set in the case: what is in it, what is wrong with it, what cleaning saves. Its bytes are not kept."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from advisor.core.notices import InputError, Issue
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text
from advisor.ui import heavy, layout, state, take_over, works
from advisor.ui.tables import stacked_table
from advisor.ui.workers import Turn

if TYPE_CHECKING:
    from advisor.datasets.records import DatasetReport

REPORT, FAULTS, TURN = "training_data.report", "training_data.faults", "training_data.turn"
SUFFIXES = ["jsonl", "ndjson", "json", "csv", "tsv", "txt", "parquet", "gz"]
COUNTED_MODELS = ("openai/gpt-4.1", "openai/gpt-3.5-turbo")
"""Of each vocabulary that is at hand one model, beside the model of the case."""
COMMAND = "python -m advisor dataset TRAIN --evaluation EVAL --case CASE"
SHORTEST_SEQUENCE, LONGEST_SEQUENCE = 16, 2_000_000
BYTES_PER_MB = 1_000_000


def draw() -> None:
    """The page: files and how to count, then what was found in the last set that was read."""
    t = state.translator()
    st.title(t("page.training_data.title"))
    st.markdown(t("page.training_data.intro"))
    _ask(t)
    for text in st.session_state.get(FAULTS, ()):
        st.error(layout.plain(text), icon=":material/error:")
    found = st.session_state.get(REPORT)
    if found is None:
        st.info(t("page.training_data.waiting"), icon=":material/info:")
    else:
        _show(found, t)


def _ask(t: Translator) -> None:
    """Both files, the model and the sequence length; after reading, the places for files are empty again."""
    largest = int(st.get_option("server.maxUploadSize"))
    turn = f"{st.session_state.setdefault(TURN, 0)}.{t.language}"
    left, right = st.columns(2)
    train = left.file_uploader(t("page.training_data.train"), SUFFIXES, key=f"w.training_data.train.{turn}")
    held_out = right.file_uploader(t("page.training_data.evaluation"), SUFFIXES, key=f"w.training_data.eval.{turn}")
    left, right = st.columns(2)
    model = left.selectbox(
        t("page.training_data.model"),
        ("", *COUNTED_MODELS),
        format_func=lambda name: name or t("page.training_data.case_model"),
        help=layout.plain(_case_model(t)),
        key=f"w.training_data.model.{t.language}",
    )
    sequence = right.number_input(
        t("page.training_data.sequence"),
        SHORTEST_SEQUENCE,
        LONGEST_SEQUENCE,
        value=_sequence(),
        key=f"w.training_data.sequence.{t.language}",
    )
    st.caption(layout.plain(t("page.training_data.larger", maximum=largest, command=COMMAND)))
    check, key = t("page.training_data.check"), f"w.training_data.check.{t.language}"
    if train is not None and st.button(check, type="primary", key=key):
        with st.spinner(t("page.training_data.reading")):
            _read(train, held_out, model or _case_model(t), int(sequence))
        st.session_state[TURN] += 1
        st.rerun()


def _case_model(t: Translator) -> str:
    """Name of the model that the case tunes; that it is not known, of a case that tells only a price."""
    a, case = state.advice().assessment.assumptions, state.scenario()
    if a.knows("training_source") and a.choice("training_source") == "managed" and case.managed_route is not None:
        return case.managed_route
    return state.catalog().model(a.choice("open_model")).name if a.knows("open_model") else t("word.unknown")


def _sequence() -> int:
    a = state.advice().assessment.assumptions
    told = (
        float(a.number("sequence_tokens")) if a.knows("sequence_tokens") else state.catalog().number("sequence_tokens")
    )
    return int(told)


def _read(train: io.BytesIO, held_out: io.BytesIO | None, model: str, sequence: int) -> None:
    """Measure the set and keep what was found, or what is wrong with the file; never the file."""
    from advisor.datasets.measure import EVALUATION, Counting
    from advisor.datasets.tokens import token_constants, vocabulary_of

    counting = Counting(vocabulary_of(model), token_constants(state.catalog()), sequence)
    evaluation = None if held_out is None else (_name(held_out), held_out.getvalue())
    spot = st.empty()
    turn = Turn(told=lambda place: spot.caption(heavy.waits_text(place, state.translator())))
    st.session_state.pop(REPORT, None)
    st.session_state.pop(FAULTS, None)
    try:
        given = (_name(train), train.getvalue())
        st.session_state[REPORT] = heavy.of_no_case(turn, works.dataset, works.untold, given, counting, evaluation)
    except InputError as error:
        names = {EVALUATION: _name(held_out) if held_out is not None else ""}
        st.session_state[FAULTS] = [_told(issue, names.get(issue.field) or _name(train)) for issue in error.issues]


def _told(issue: Issue, name: str) -> str:
    return f"{name}: {issue_text(state.translator(), issue)}"


def _name(file: io.BytesIO) -> str:
    return str(getattr(file, "name", ""))


def _show(found: "DatasetReport", t: Translator) -> None:
    from advisor.datasets.answers import dataset_answers
    from advisor.text import dataset_phrases

    st.subheader(layout.plain(found.file))
    layout.cards(dataset_phrases.cards(found, t))
    _lengths(found, t)
    st.subheader(t("dataset.title.faults"))
    if found.faults:
        _table(dataset_phrases.fault_rows(found, t), dataset_phrases.FAULT_COLUMNS, "faults", t)
    else:
        st.caption(t("page.training_data.no_faults"))
    for title, sentence in dataset_phrases.findings(found, t):
        st.markdown(t("dataset.finding", title=layout.plain(title), text=layout.plain(sentence)))
    _labels(found, t)
    st.subheader(t("dataset.title.personal"))
    if found.personal:
        _table(dataset_phrases.personal_rows(found, t), dataset_phrases.PERSONAL_COLUMNS, "personal", t)
    else:
        st.caption(t("dataset.no_personal"))
    st.caption(t("dataset.personal_note"))
    _costs(found, t)
    take_over.draw(dataset_answers(found), "training_data")


def _lengths(found: "DatasetReport", t: Translator) -> None:
    if found.tokens is None:
        return
    from advisor.charts.dataset import build_lengths_chart, lengths_alt

    st.subheader(t("chart.dataset.title"))
    layout.moving_chart(t("chart.dataset.title"), build_lengths_chart(found, t), lengths_alt(found, t))


def _labels(found: "DatasetReport", t: Translator) -> None:
    if found.labels is None:
        return
    of = found.labels.examples
    rows = [(label, t.number(float(n), 0), t.percent(n / of, 1)) for label, n in found.labels.labels]
    st.subheader(t("dataset.title.labels"))
    _table(rows, ("label", "examples", "share"), "labels", t)


def _costs(found: "DatasetReport", t: Translator) -> None:
    from advisor.costs.set_costs import cleaning_saves
    from advisor.text import dataset_phrases

    saves = cleaning_saves(found, state.scenario(), state.catalog(), state.today())
    if saves is None:
        return
    st.subheader(t("dataset.title.costs"))
    _table(dataset_phrases.cost_rows(saves, t), dataset_phrases.COST_COLUMNS, "costs", t)
    st.caption(t("word.rounding"))
    if not saves.follows_set:
        st.caption(t("dataset.hours_stated"))


def _table(rows: Sequence[tuple[str, ...]], columns: tuple[str, ...], name: str, t: Translator) -> None:
    heads = [t(f"dataset.column.{column}") for column in columns]
    stacked_table(rows, heads, t(f"page.training_data.table.{name}"), f"dataset-{name}")
