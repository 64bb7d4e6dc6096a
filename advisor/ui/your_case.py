"""Three questions and, beside them, two that may be left out; the first answer; every other number folded below."""

from collections.abc import Callable
from math import log10

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.catalog.hosted_names import in_a_sentence
from advisor.core.notices import InputError
from advisor.money.sensitivity import DECIDES_SHARE, share_of_spread
from advisor.scenario import GROUPS, QUESTIONS, Question
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, joined, notice_text
from advisor.ui import autosave, bar, changes, fields, headline, history, layout, state

VOLUME_CHOICES = (50.0, 500.0, 5_000.0, 50_000.0, 500_000.0)
BUDGET_CHOICES = (5_000.0, 20_000.0, 50_000.0, 200_000.0)
USE, BILL = "use_case", "current_monthly_bill"
"""What may be told beside the three questions, and is not required."""
FOLDED = tuple(g for g in GROUPS if g not in ("need", "case"))
SMALL_COLUMNS = 2
LARGEST_RATE = 1e9
SEARCH, MOST_FOUND = "w.search", 12
AHEAD = "drawn_ahead"
UNSEEN = f"""<style>
.st-key-{AHEAD} {{position: absolute; visibility: hidden; width: 80px; height: 0; overflow: hidden}}
</style>"""
SMALLEST_CHART = {
    "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
    "layer": [{"mark": mark} for mark in ("area", "bar", "line", "rule", "point")],
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
}


def draw() -> None:
    t, wanted = state.translator(), state.field_to_show()
    st.title(t("page.your_case.title"))
    st.markdown(t("page.your_case.intro"))
    autosave.offer(t)
    asked, beside = st.columns([3, 2], gap="large")
    with beside:
        optional(t)
    place = st.empty()
    with asked:
        three_questions(place, state.beyond_the_case())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link("pages/decide/answer.py", label=t("ui.see_answer"), icon=":material/arrow_forward:")
        st.button(t("ui.tell_next"), key="w.next", type="tertiary", icon=":material/edit:", on_click=_show_next)
    examples(t)
    every_number(t, wanted)
    if wanted is not None:
        _go_to(wanted)
    _draw_ahead()


def _draw_ahead() -> None:
    """A chart that nobody sees: the browser reads what draws charts while the questions are read, not after them."""
    with st.container(key=AHEAD):
        st.html(UNSEEN)
        st.vega_lite_chart(SMALLEST_CHART, width=80, height=60)


def three_questions(place: DeltaGenerator, drawn: tuple[object, ...]) -> None:
    """Daily requests, quality need, budget: sensible choices beside free entry; the first answer stands in ``place``.

    A changed answer redraws its own question and the first answer at once, and nothing else while the rest of the page
    shows what it was ``drawn`` for.
    """
    for ask in (ask_requests, lambda: fields.ask("quality_need"), ask_budget):
        _question(ask, place, drawn)


@st.fragment
def _question(ask: Callable[[], None], place: DeltaGenerator, drawn: tuple[object, ...]) -> None:
    t = state.translator()
    state.held().begin()
    with layout.guarded(t):
        ask()
        first_answer(place, t)  # on the whole page too: Streamlit keeps a place for each fragment that writes then
        history.keep_link()
    beyond = drawn != state.beyond_the_case() or any(layout.is_open(name) for name in (*FOLDED, "case"))
    if beyond and not state.whole_page_is_drawn():
        st.rerun()


def ask_requests() -> None:
    """Requests a day."""
    fields.ask("daily_requests")
    _choices("daily_requests", VOLUME_CHOICES)


def ask_budget() -> None:
    """The budget and the currency of the case."""
    amount, unit = st.columns([5, 3])
    with amount:
        fields.ask("budget")
        _choices("budget", tuple(b * currency_scale() for b in BUDGET_CHOICES))
    with unit:
        fields.ask("currency")


def first_answer(place: DeltaGenerator, t: Translator) -> None:
    """What can be said with the answers given so far, and which number to tell next; nothing before the first.

    One element, since each more takes time to draw.
    """
    advice = state.advice()
    if state.scenario().daily_requests is None:
        place.caption(t("ui.no_answer_yet"))
        return
    evidence, following = advice.assessment.evidence, _next()
    decide = [swing for swing in evidence.matter if share_of_spread(evidence, swing.id) >= DECIDES_SHARE]
    still_open = sum(not swing.is_yours for swing in decide)
    sure = t("ui.evidence", still_open, open=still_open) if still_open else ""
    more = t("ui.next_is", field=field_label(t, following)) if following else ""
    parts = [part for part in (layout.refused_text(t), sure, more) if part]
    said = joined(parts, t) if parts else ""
    place.html(headline.first_answer(advice, said, t) + bar.verdict_line(advice, t))


def _next() -> str | None:
    """The number that decides most and is not the reader's own."""
    return state.advice().assessment.evidence.next_to_find


def _show_next() -> None:
    """Have that number shown: the page opens its group and goes there."""
    name = _next()
    if name is not None:
        st.session_state.update({state.FIELD: name, SEARCH: ""})


def optional(t: Translator) -> None:
    """What the model does, in one tap, or what it costs today; what follows from the answer is said under it."""
    st.markdown(t("ui.fourth"))
    key, uses, chosen = fields.widget_key(USE, "fourth"), state.catalog().uses, state.scenario().use_case
    st.session_state[key] = chosen
    st.pills(
        field_label(t, USE),
        list(uses),
        key=key,
        format_func=lambda name: f":material/{uses[name].icon}: {t(f'choice.{name}')}",
        help=t(f"field.{USE}.help"),
        on_change=lambda: fields.commit(USE, st.session_state[key]),
        wrap=True,
    )
    if chosen is not None:
        st.caption(t("ui.typical_of_use", summary=t.fact(uses[chosen].summary)))
    fields.ask(BILL)
    found = state.advice().assessment
    model = found.assumptions.rows.get("current_model")
    if model is not None and model.set_by != "user" and state.scenario().daily_requests is not None:
        st.caption(layout.plain(t("ui.assumed_model", model=in_a_sentence(str(model.value), state.today()))))
    for notice in found.assumptions.notices:
        if notice.code.startswith("bill_"):
            st.caption(layout.plain(notice_text(t, notice, state.scenario().base_currency)))


def currency_scale() -> float:
    """Power of ten that makes round dollar amounts about as much in the case's currency."""
    row = state.advice().assessment.assumptions.rows.get(f"exchange_rate_{state.scenario().base_currency}")
    known = row is not None and isinstance(row.value, float)
    return 10.0 ** round(log10(float(row.value))) if row is not None and known else 1.0  # type: ignore[arg-type]


def _choices(name: str, values: tuple[float, ...]) -> None:
    t, key = state.translator(), fields.widget_key(name, "choices")
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


def examples(t: Translator) -> None:
    """Ready-made cases, one click each; the source articles in a drawer, a file, and an empty case."""
    presets = state.catalog().presets
    _presets("examples", [p.id for p in presets.values() if p.article is None], t)
    chosen = presets.get(state.scenario().preset or "")
    if chosen is not None:
        st.info(t.fact(chosen.summary), icon=":material/info:")
    with layout.folded(t("ui.articles"), "articles", icon=":material/menu_book:") as opened:
        if opened:
            _presets("articles", [p.id for p in presets.values() if p.article is not None], t)
    with layout.folded(t("ui.open_file"), "file", icon=":material/upload_file:") as opened:
        if opened:
            _open_file(t)
    if state.scenario().answers():
        st.button(t("ui.clear"), icon=":material/delete:", type="tertiary", on_click=changes.clear, key="w.clear")


def _presets(name: str, ids: list[str], t: Translator) -> None:
    key, kept = f"w.{name}.{t.language}", state.scenario().preset
    st.session_state[key] = kept if kept in ids else None
    titles = {i: t.fact(state.catalog().presets[i].title) for i in ids}

    def load() -> None:
        chosen = st.session_state[key] or kept
        if chosen is not None:
            changes.load_preset(chosen)
            st.toast(t("ui.loaded", name=titles[chosen]))

    st.pills(
        t(f"ui.{name}"),
        ids,
        key=key,
        format_func=lambda i: titles.get(i, i),
        on_change=load,
        wrap=True,
        help=t("ui.examples_help"),
    )


def _open_file(t: Translator) -> None:
    key = "w.file"

    def read() -> None:
        if st.session_state[key] is not None:
            changes.load_file(st.session_state[key].getvalue())

    st.file_uploader(t("ui.file"), type=["yaml", "yml", "json"], key=key, on_change=read, help=t("ui.file_help"))


def every_number(t: Translator, wanted: str | None) -> None:
    """Every other number of the case: found by its name, or in its group; those that decide say so."""
    st.subheader(t("page.your_case.more"))
    st.caption(t("page.your_case.more_help"))
    sought = st.text_input(t("ui.search"), key=SEARCH, placeholder=t("ui.search_hint"), icon=":material/search:")
    if sought.strip():
        _found(sought.strip().casefold(), t)
        return
    for group in FOLDED:
        if wanted is not None and QUESTIONS[wanted].group == group:
            st.session_state[f"fold.{group}"] = True
        group_of_questions(group, t)
    case_questions(t)


def _found(sought: str, t: Translator) -> None:
    """The questions of this case in whose name, help or answers to choose from the text stands, in this order."""
    rows = state.advice().assessment.assumptions.rows
    asked = [q.id for q in QUESTIONS.values() if q.id in rows and q.group in FOLDED]
    named = [n for n in asked if sought in field_label(t, n).casefold() or sought in n]
    told = [n for n in asked if n not in named and sought in t(f"field.{n}.help").casefold()]
    chosen = [n for n in asked if n not in (*named, *told) and _offers(n, sought)]
    found = [*named, *told, *chosen]
    if not found:
        st.info(t("ui.search_nothing"), icon=":material/search_off:")
    _ask_all(found[:MOST_FOUND], t)
    if len(found) > MOST_FOUND:
        st.caption(t("ui.search_more", count=len(found) - MOST_FOUND))


def _offers(name: str, sought: str) -> bool:
    return any(sought in fields.option_text(name, option).casefold() for option in fields.options_of(name))


def group_of_questions(group: str, t: Translator) -> None:
    """One folded group: only the questions that can change this case."""
    rows = state.advice().assessment.assumptions.rows
    names = [q.id for q in QUESTIONS.values() if q.group == group and q.id in rows]
    if not names:
        return
    yours = sum(rows[name].set_by == "user" for name in names)
    # The title never changes with the answers: a changed title would be another, closed fold.
    with layout.folded(t(f"group.{group}.title"), group) as opened:
        if opened:
            st.caption(t("ui.group_help", help=t(f"group.{group}.help"), yours=yours, count=len(names)))
            _ask_all(names, t)


def _ask_all(names: list[str], t: Translator) -> None:
    for place, name in layout.in_rows(names, SMALL_COLUMNS, "top"):
        with place:
            fields.ask(name)
            _origin(name, t)


def _origin(name: str, t: Translator) -> None:
    """Whose value stands in the field, how much it decides, and the way back to the default."""
    row = state.advice().assessment.assumptions.rows.get(name)
    if row is not None and row.value is None and QUESTIONS[name].group == "readiness":
        st.caption(t("ui.may_stay_open"))
    if row is None or row.value is None:
        return
    weight = _weight(name)
    said = t(f"ui.weight.{weight}") if weight else ""
    if row.set_by == "user":
        key = f"w.reset.{name}.{t.language}"
        if said:
            st.caption(said)
        st.button(t("ui.back_to_default"), key=key, on_click=fields.commit, args=(name, None), type="tertiary")
    else:
        origin = t("ui.origin_short", who=t(f"set_by.{row.set_by}"), kind=t(f"kind.{row.kind}"))
        st.caption(t("word.sentences", first=said, second=origin) if said else origin)


def _weight(name: str) -> str:
    """How much of the spread of the result a number makes; empty for a choice."""
    found = state.advice().assessment
    share = share_of_spread(found.evidence, name)
    if share:
        return "decides" if share >= DECIDES_SHARE else "matters"
    return "hardly" if found.evidence.matter and found.assumptions[name].plausible is not None else ""


def _go_to(name: str) -> None:
    """Bring a field into view, and the cursor into it."""
    css = fields.widget_key(name, "main").replace(".", "-")
    st.html(
        f"<script>setTimeout(() => {{const place = document.querySelector('.st-key-{css}');"
        "place?.scrollIntoView({block: 'center'}); place?.querySelector('input')?.focus();}, 300)</script>",
        unsafe_allow_javascript=True,
    )


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
            changes.answer("exchange_rates", {**own, currency: rate} if rate is not None else own or None)
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
        asked = ("title", "as_of", *state.currencies_in_use())
        for place, name in layout.in_rows(asked, SMALL_COLUMNS, "top"):
            with place:
                fields.ask(name) if name in QUESTIONS else ask_rate(name, t)
