"""What an article measured or counted, beside the same from its own inputs; shown in the cases of its preset."""

import streamlit as st

from advisor.charts.article_words import memory_table, memory_why, run_tables, run_why, source_text, speed_table
from advisor.costs.article_run import article_run
from advisor.costs.quality_gate import article_of, speed_ups
from advisor.costs.training import article_memory
from advisor.text.i18n import Translator
from advisor.ui import layout, state, tables


def own_card_run(t: Translator) -> None:
    """The session on an own card: clock, wages, power, and one run against the cloud."""
    found = article_run(state.scenario(), state.advice().assessment.assumptions, state.catalog())
    if found is None:
        return
    st.subheader(t("article.run.title"))
    st.caption(layout.plain(source_text(found.source, t)))
    for name, (heading, *rows) in run_tables(found, t).items():
        st.markdown(f"**{layout.plain(t(f'article.run.{name}'))}**")
        tables.table(rows, heading, t(f"article.run.{name}"), whole=True)
        st.caption(layout.plain(run_why(found, name, t)))


def memory(t: Translator) -> None:
    """The article's sum of memory beside our estimate of the same run."""
    found = article_memory(state.scenario(), state.catalog())
    if found is None:
        return
    st.subheader(t("article.memory.title"))
    st.caption(layout.plain(source_text(found.source, t)))
    heading, *rows = memory_table(found, t)
    tables.table(rows, heading, t("article.memory.title"), whole=True)
    st.caption(layout.plain(memory_why(found, state.catalog().model(found.said.model).name, t)))


def speed(t: Translator) -> None:
    """How much faster the article became, as it measured it."""
    record = article_of(state.scenario(), state.catalog())
    if record is None:
        return
    st.subheader(t("article.speed.title"))
    st.caption(layout.plain(source_text(record.source, t)))
    heading, *rows = speed_table(speed_ups(record), t)
    tables.table(rows, heading, t("article.speed.title"), whole=True)
    st.caption(layout.plain(t("article.speed.why")))


def notes(t: Translator) -> None:
    """Where the example's article prints something that its own inputs do not give."""
    preset = state.catalog().presets.get(state.scenario().preset or "")
    if preset is None or preset.article is None or not preset.notes:
        return
    with layout.folded(
        t("ui.article_notes", article=preset.article), "article_notes", icon=":material/fact_check:"
    ) as is_shown:
        for note in preset.notes if is_shown else ():
            st.markdown(f"- {layout.plain(t.fact(note))}")
