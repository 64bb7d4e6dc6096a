"""Three questions and one more tap, the verdict forming beside them; the rest folded, filled in and sourced."""

from math import log10

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.core.notices import InputError
from advisor.scenario import GROUPS, QUESTIONS, REQUIRED, Question
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, notice_text, notices_of
from advisor.ui import fields, layout, state

VOLUME_CHOICES = (50.0, 500.0, 5_000.0, 50_000.0, 500_000.0)
BUDGET_CHOICES = (5_000.0, 20_000.0, 50_000.0, 200_000.0)
FOURTH = ("use_case", "current_monthly_bill")
"""Asked after the three questions, and not required."""
FOLDED = tuple(g for g in GROUPS if g not in ("need", "case"))
SMALL_COLUMNS = 2
LARGEST_RATE = 1e9


def draw() -> None:
    t = state.translator()
    st.title(t("page.your_case.title"))
    st.markdown(t("page.your_case.intro"))
    answers(st.sidebar.empty(), state.beyond_the_case())
    examples(t)
    st.subheader(t("page.your_case.more"))
    st.caption(t("page.your_case.more_help"))
    for group in FOLDED:
        group_of_questions(group, t)
    case_questions(t)


@st.fragment
def answers(beside: DeltaGenerator, drawn: tuple[object, ...]) -> None:
    """The three questions and what they lead to: a changed answer redraws this part at once, and no other.

    ``beside`` is the place in the sidebar for the case, ``drawn`` what the rest of the page was drawn for.
    """
    t = state.translator()
    with layout.guarded(t):
        layout.case_card(beside, state.advice(), REQUIRED, t)
        left, right = st.columns([3, 2], gap="large")
        with left:
            three_questions(t)
            fourth_question(t)
            layout.evidence_meter(state.advice(), t)
        with right:
            verdict_so_far(t)
        state.keep_link()
    alone = not state.whole_page_is_drawn()
    if alone and (drawn != state.beyond_the_case() or any(layout.is_open(name) for name in (*FOLDED, "case"))):
        st.rerun()


def three_questions(t: Translator) -> None:
    """Daily requests, quality need, budget: sensible choices beside free entry."""
    fields.ask("daily_requests")
    _choices("daily_requests", VOLUME_CHOICES, t)
    fields.ask("quality_need")
    amount, unit = st.columns([5, 3])
    with amount:
        fields.ask("budget")
    with unit:
        fields.ask("currency")
    _choices("budget", tuple(b * currency_scale() for b in BUDGET_CHOICES), t)


def fourth_question(t: Translator) -> None:
    """What the model does, in one tap, or what it costs today; what follows from the answer is said under it."""
    use, bill = FOURTH
    st.markdown(t("ui.fourth"))
    key, uses, chosen = fields.widget_key(use, "fourth"), state.catalog().uses, state.scenario().use_case
    st.session_state[key] = chosen
    st.pills(
        field_label(t, use),
        list(uses),
        key=key,
        format_func=lambda name: f":material/{uses[name].icon}: {t(f'choice.{name}')}",
        help=t(f"field.{use}.help"),
        on_change=lambda: fields.commit(use, st.session_state[key]),
        wrap=True,
    )
    if chosen is not None:
        st.caption(t("ui.typical_of_use", summary=t.fact(uses[chosen].summary)))
    fields.ask(bill)
    found = state.advice().assessment
    for notice in found.assumptions.notices:
        if notice.code.startswith("bill_"):
            st.caption(layout.plain(notice_text(t, notice, state.scenario().base_currency)))


def currency_scale() -> float:
    """Power of ten that makes round dollar amounts about as much in the case's currency."""
    row = state.advice().assessment.assumptions.rows.get(f"exchange_rate_{state.scenario().base_currency}")
    known = row is not None and isinstance(row.value, float)
    return 10.0 ** round(log10(float(row.value))) if row is not None and known else 1.0  # type: ignore[arg-type]


def _choices(name: str, values: tuple[float, ...], t: Translator) -> None:
    key = f"{fields.widget_key(name, 'choices')}"
    current = getattr(state.scenario(), name)
    st.session_state[key] = current if current in values else None
    st.pills(
        t("ui.quick_choice", field=field_label(t, name)),
        values,
        key=key,
        format_func=lambda v: t.number(v, 0),
        label_visibility="collapsed",
        wrap=True,
        on_change=lambda: fields.commit(name, st.session_state[key]) if st.session_state[key] is not None else None,
    )


def verdict_so_far(t: Translator) -> None:
    """What can be said with the answers given so far."""
    advice = state.advice()
    layout.verdict_card(advice, t)
    layout.headline(advice, t, outlook=True, explained=False)
    if state.scenario().daily_requests is not None:
        st.markdown(t("ui.matrix_says", cell=t(f"matrix.{advice.recommendation.matrix}.label")))
    if advice.assessment.metrics is None:
        missing = notices_of(advice.assessment, "warning")
        layout.notices(missing, t, state.scenario().base_currency)
    else:
        st.page_link("pages/decide/answer.py", label=t("ui.see_recommendation"), icon=":material/arrow_forward:")


def examples(t: Translator) -> None:
    """Presets, one click each."""
    key = f"w.examples.{t.language}"
    presets = state.catalog().presets
    st.session_state[key] = state.scenario().preset

    def load() -> None:
        chosen = st.session_state[key] or state.scenario().preset
        if chosen is not None:
            state.load_preset(chosen)

    titles = {p.id: t.fact(p.title) for p in presets.values()}
    st.pills(
        t("ui.examples"),
        list(titles),
        key=key,
        format_func=lambda i: titles.get(i, i),
        on_change=load,
        wrap=True,
        help=t("ui.examples_help"),
    )
    chosen = presets.get(state.scenario().preset or "")
    if chosen is not None:
        st.info(t.fact(chosen.summary), icon=":material/info:")
    with layout.folded(t("ui.open_file"), "file", icon=":material/upload_file:") as opened:
        if opened:
            _open_file(t)


def _open_file(t: Translator) -> None:
    key = "w.file"

    def read() -> None:
        if st.session_state[key] is not None:
            state.load_file(st.session_state[key].getvalue())

    st.file_uploader(t("ui.file"), type=["yaml", "yml", "json"], key=key, on_change=read, help=t("ui.file_help"))


def group_of_questions(group: str, t: Translator) -> None:
    """One folded group: only the questions that can change this case."""
    rows = state.advice().assessment.assumptions.rows
    names = [q.id for q in QUESTIONS.values() if q.group == group and q.id in rows]
    if not names:
        return
    yours = sum(rows[name].set_by == "user" for name in names)
    # The title never changes with the answers: a changed title would be another, closed fold.
    with layout.folded(t(f"group.{group}.title"), group) as opened:
        if not opened:
            return
        st.caption(t("ui.group_help", help=t(f"group.{group}.help"), yours=yours, count=len(names)))
        columns = st.columns(SMALL_COLUMNS, gap="medium")
        for k, name in enumerate(names):
            with columns[k % SMALL_COLUMNS]:
                fields.ask(name)
                _origin(name, t)


def _origin(name: str, t: Translator) -> None:
    """Whose value stands in the field, and the way back to the default."""
    row = state.advice().assessment.assumptions.rows.get(name)
    if row is not None and row.value is None and QUESTIONS[name].group == "readiness":
        st.caption(t("ui.may_stay_open"))
    if row is None or row.value is None:
        return
    if row.set_by == "user":
        key = f"w.reset.{name}.{t.language}"
        st.button(t("ui.back_to_default"), key=key, on_click=fields.commit, args=(name, None), type="tertiary")
    else:
        st.caption(t("ui.origin_short", who=t(f"set_by.{row.set_by}"), kind=t(f"kind.{row.kind}")))


def ask_rate(currency: str, t: Translator) -> None:
    """The exchange rate the case uses; the user's own replaces the dated one."""
    name = f"exchange_rate_{currency}"
    row = state.advice().assessment.assumptions[name]
    question = Question("exchange_rates", "case", row.unit, 0, LARGEST_RATE, False, ())
    key, draft = fields.widget_key(name, "main"), state.drafts().get("exchange_rates")
    value = row.value if isinstance(row.value, float) else None
    st.session_state[key] = draft.text if draft else fields.shown_number(value, row.unit, t)

    def keep() -> None:
        text = str(st.session_state[key])
        try:
            own = {k: v for k, v in (state.scenario().exchange_rates or {}).items() if k != currency}
            rate = fields.parsed_number(text, question, t)
            state.answer("exchange_rates", {**own, currency: rate} if rate is not None else own or None)
        except InputError as error:
            state.drafts()["exchange_rates"] = state.RefusedAnswer(text, error.issues[0])

    st.text_input(field_label(t, name), key=key, help=layout.plain(fields.origin(t, row)), on_change=keep)
    fields.show_fault("exchange_rates")


def case_questions(t: Translator) -> None:
    """Name, price date and exchange rates of the case."""
    with layout.folded(t("group.case.title"), "case") as opened:
        if not opened:
            return
        st.caption(t("group.case.help"))
        columns = st.columns(SMALL_COLUMNS, gap="medium")
        with columns[0]:
            fields.ask("title")
        with columns[1]:
            fields.ask("as_of")
        for k, currency in enumerate(state.currencies_in_use()):
            with columns[k % SMALL_COLUMNS]:
                ask_rate(currency, t)
