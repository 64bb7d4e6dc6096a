"""The case as files: report, scenario, monthly table, workbook."""

from collections.abc import Callable

import streamlit as st

from advisor.assumptions.given import cleared_answers
from advisor.core.notices import InputError
from advisor.core.places import file_stem
from advisor.decision.advice import Advice
from advisor.report.csv import render_csv
from advisor.scenario import Scenario, dump_scenario, has_letters, logo_of, logo_text
from advisor.store.records import CaseNote
from advisor.text.i18n import Translator
from advisor.text.languages import language_name, languages
from advisor.text.phrases import field_label
from advisor.ui import changes, fields, heavy, layout, notes_of_case, state, works
from advisor.ui.workers import Turn

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATE = "slides_template"
"""Where a company's presentation is kept for one user."""
LOGO_SUFFIXES = ("png", "jpg", "jpeg", "svg")


@st.cache_data(max_entries=32, show_spinner=False)
def _pdf(
    answers: str,
    catalog_version: str,
    on: str,
    said: tuple[str, str],
    notes: tuple[CaseNote, ...],
    _advice: Advice,
    _case: Scenario,
    _turn: Turn,
) -> bytes:
    """Remembered by everything that stands in it; ``said``: its language, and the link to the case."""
    return heavy.of_case(_turn, works.pdf, _advice, state.catalog(), said, _case, notes)


@st.cache_data(max_entries=8, show_spinner=False)
def _slides(
    answers: str,
    catalog_version: str,
    on: str,
    said: tuple[str, str],
    template: bytes | None,
    _advice: Advice,
    _case: Scenario,
    _turn: Turn,
) -> bytes:
    """The same as slides, remembered by the same and by the ``template`` whose look they take."""
    return heavy.of_case(_turn, works.slides, _advice, state.catalog(), said, _case, template)


def _report(language: str) -> Callable[[Turn], bytes]:
    """Builds the report of the case as it stands then."""
    held, notes = state.held(), notes_of_case.reader()

    def build(turn: Turn) -> bytes:
        advice, case, link = held.found()
        return _pdf(*_known_by(advice, case), (language, link), notes(), advice, case, turn)

    return build


def _known_by(advice: Advice, case: Scenario) -> tuple[str, str, str]:
    """What a file is remembered by: every answer, the data, the day."""
    a = advice.assessment.assumptions
    return dump_scenario(case, "json"), a.catalog_version, a.on.isoformat()


def pdf_button(t: Translator) -> None:
    """The report of the case, in the language of the screen."""
    language = t.language
    heavy.download(
        t("ui.pdf"),
        _report(language),
        f"{_called(state.scenario())}-{language}.pdf",
        "application/pdf",
        t,
        icon=":material/picture_as_pdf:",
        key=f"download.bar.{language}",
        help=t("ui.pdf_help"),
    )


def _called(case: Scenario) -> str:
    """What files of the case are called: as the case is, else as the example it is."""
    return file_stem(case.title or case.preset or "")


def downloads(advice: Advice, t: Translator) -> None:
    """Report in any language, whatever the screen speaks; the scenario; the table by month."""
    layout.heading(t("ui.downloads"))
    key = f"w.report_language.{t.language}"
    st.session_state.setdefault(key, t.language)
    st.segmented_control(
        t("ui.report_language"),
        languages(),
        key=key,
        required=True,
        format_func=language_name,
    )
    language = st.session_state[key]
    held, name = state.held(), f"{_called(state.scenario())}-{advice.assessment.assumptions.on.isoformat()}"
    _built(
        t("ui.download_pdf"),
        _report(language),
        f"{name}-{language}.pdf",
        "application/pdf",
        t,
        primary=True,
    )
    _built(t("ui.download_scenario"), lambda _: _file_of(held.found()[1]), f"{name}.yaml", "application/yaml", t)
    with layout.folded(t("ui.more_files"), "more_files", icon=":material/download:") as is_open:
        if is_open:
            _more_files(advice, language, name, t)
    about_report(t)


def _more_files(shown: Advice, language: str, name: str, t: Translator) -> None:
    """Slides, and where the money is known the workbook and the table by month."""
    held, template = state.held(), st.session_state.get(TEMPLATE)

    def slides(turn: Turn) -> bytes:
        advice, case, link = held.found()
        return _slides(*_known_by(advice, case), (language, link), template, advice, case, turn)

    def workbook(turn: Turn) -> bytes:
        advice, case, _ = held.found()
        return _workbook(advice, language, case, turn)

    _built(
        t("ui.download_slides"),
        slides,
        f"{name}-{language}.pptx",
        PPTX,
        t,
    )
    if shown.assessment.economics is None:
        return
    _built(
        t("workbook.ui.download"),
        workbook,
        f"{name}-{language}.xlsx",
        XLSX,
        t,
    )
    _built(t("ui.download_csv"), lambda _: render_csv(held.found()[0], t), f"{name}.csv", "text/csv", t)


def _workbook(advice: Advice, language: str, case: Scenario, turn: Turn) -> bytes:
    return heavy.of_case(turn, works.workbook, advice, state.catalog(), language, case)


def _built(
    label: str, build: Callable[[Turn], bytes], file_name: str, mime: str, t: Translator, *, primary: bool = False
) -> None:
    """A file of the case, as wide as the others."""
    key = f"download.{file_name}.{t.language}"
    heavy.download(
        label, build, file_name, mime, t, key=key, type="primary" if primary else "secondary", width="stretch"
    )


def _file_of(case: Scenario) -> bytes:
    return dump_scenario(case, cleared=cleared_answers(case, state.catalog())).encode()


def about_report(t: Translator) -> None:
    """For whom and by whom the report is, and the company with its logo."""
    with layout.folded(t("group.report.title"), "about_report", icon=":material/badge:") as is_open:
        if not is_open:
            return
        st.caption(t("group.report.help"))
        for name in ("prepared_for", "prepared_by", "company"):
            fields.ask(name, "report")
        _logo(t)
        _template(t)


def _template(t: Translator) -> None:
    """A company's presentation whose look the slides take; it is kept while the page is open, not in the case."""
    key, held = f"w.template.{t.language}", st.session_state.get(TEMPLATE)
    if held is not None:
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.markdown(t("ui.template_kept"))
        right.button(t("ui.template_remove"), key=f"w.template.remove.{t.language}", on_click=_drop_template)
        return
    st.file_uploader(
        t("ui.template"), "pptx", key=key, help=t("ui.template_help"), on_change=_keep_template, args=(key,)
    )
    fields.show_fault(TEMPLATE)


def _keep_template(key: str) -> None:
    """Take the chosen presentation where it can be used; what is wrong with it is told beside the field."""
    from advisor.report.pptx import check_template

    chosen = st.session_state[key]
    state.drafts().pop(TEMPLATE, None)
    if chosen is None:
        return
    try:
        content = chosen.getvalue()
        check_template(content, TEMPLATE, chosen.name)
        st.session_state[TEMPLATE] = content
    except InputError as error:
        state.drafts()[TEMPLATE] = state.RefusedAnswer(chosen.name, error.issues[0])


def _drop_template() -> None:
    del st.session_state[TEMPLATE]


def _logo(t: Translator) -> None:
    """A logo to choose, or the one there is, which can be taken away."""
    logo = state.scenario().logo
    if logo is not None:
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.markdown(t("ui.logo_kept"))
        right.button(
            t("ui.logo_remove"), key=f"w.logo.remove.{t.language}", on_click=changes.answer, args=("logo", None)
        )
        if has_letters(logo_of(logo)):
            st.warning(t("notice.logo_letters"), icon=":material/warning:")
    else:
        key = f"w.logo.{t.language}"
        label, help_text = field_label(t, "logo"), t("field.logo.help")
        st.file_uploader(label, LOGO_SUFFIXES, key=key, help=help_text, on_change=_keep_logo, args=(key,))
        fields.show_fault("logo")
    st.caption(t("ui.logo_not_in_link"))


def _keep_logo(key: str) -> None:
    """Take the chosen picture into the case where it can be printed; what is wrong with it is told beside the field."""
    from advisor.report.pdf import check_logo

    chosen = st.session_state[key]
    if chosen is None:
        return
    try:
        text = logo_text(chosen.getvalue())
        check_logo(logo_of(text))
        changes.answer("logo", text)
    except InputError as error:
        state.drafts()["logo"] = state.RefusedAnswer(chosen.name, error.issues[0])
