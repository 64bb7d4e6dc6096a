"""The case as files: report, scenario, monthly table."""

import streamlit as st

from advisor.decision.advice import Advice
from advisor.report.csv import render_csv
from advisor.scenario import dump_scenario
from advisor.text.i18n import Translator
from advisor.text.languages import language_name, languages
from advisor.ui import layout, state


@st.cache_data(max_entries=32, show_spinner=False)
def _pdf(answers: str, catalog_version: str, on: str, language: str, _advice: Advice) -> bytes:
    from advisor.report.build import build_report
    from advisor.report.pdf import render_pdf

    return render_pdf(build_report(_advice, state.catalog(), Translator(language)))


def pdf_button(t: Translator) -> None:
    """The report of the case as it stands when it is asked for, in the language of the screen."""
    held, language = state.held(), t.language

    def build() -> bytes:
        advice = held["advice"]
        answers, on = dump_scenario(advice.scenario, "json"), advice.assessment.assumptions.on.isoformat()
        return _pdf(answers, advice.assessment.assumptions.catalog_version, on, language, advice)

    st.download_button(
        t("ui.pdf"),
        data=build,
        file_name=f"{state.scenario().preset or 'case'}-{language}.pdf",
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
        key=f"download.bar.{language}",
        help=t("ui.pdf_help"),
    )


def downloads(advice: Advice, t: Translator) -> None:
    """Report in any language, whatever the screen speaks; the scenario; the table by month."""
    st.subheader(t("ui.downloads"))
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
    answers, on = dump_scenario(advice.scenario, "json"), advice.assessment.assumptions.on.isoformat()
    version = advice.assessment.assumptions.catalog_version
    name = f"{advice.scenario.preset or 'case'}-{on}"
    layout.download(
        t("ui.download_pdf"),
        lambda: _pdf(answers, version, on, language, advice),
        f"{name}-{language}.pdf",
        "application/pdf",
        primary=True,
    )
    layout.download(
        t("ui.download_scenario"), lambda: dump_scenario(advice.scenario), f"{name}.yaml", "application/yaml"
    )
    if advice.assessment.economics is not None:
        layout.download(t("ui.download_csv"), lambda: render_csv(advice, t), f"{name}.csv", "text/csv")
