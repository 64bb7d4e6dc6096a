"""One helper for every question: the widget's key, its value from the case, the commit back, the fault beside it."""

from collections.abc import Sequence
from datetime import date
from math import floor, log10
from typing import Any

import streamlit as st
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from advisor.assumptions.unlikely import UNLIKELY
from advisor.catalog.hosted_prices import hosted_models, hosted_price
from advisor.catalog.own_hosted import in_force
from advisor.catalog.own_model import is_own
from advisor.core.notices import InputError
from advisor.core.records import Assumption
from advisor.scenario import ABOUT_REPORT, QUESTIONS, Question
from advisor.scenario.reading import SHARES, Notation, has_two_readings, read_number, says_its_currency
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, issue_text, source_text, with_announced
from advisor.ui import changes, layout, own_model, state
from advisor.ui.layout import plain

KNOWN = 4
"""Figures that are shown of a number which nobody has entered."""
MODEL_QUESTIONS = frozenset({"current_model", "tuned_model", "cheaper_model"})
FEW_CHOICES = 3
AS_DEFAULT = ""
"""Stands in a field for the choice that holds while nobody has made one."""
GPU_QUESTIONS = frozenset({"serving_gpu", "training_gpu"})


def ask(name: str, place: str = "main", *, label: str | None = None) -> None:
    """Show question ``name``. ``place`` tells apart the same question shown twice on a page."""
    question = QUESTIONS[name]
    if question.is_number:
        _ask_number(question, place, label)
    elif name == "as_of":
        _ask_date(name, place)
    elif name in ("title", *ABOUT_REPORT):
        _ask_text(name, place)
    else:
        _ask_choice(question, place, label)


def widget_key(name: str, place: str) -> str:
    """Key of a widget copy. One per language: a select box compares labels, and labels are translated."""
    return f"w.{place}.{name}.{state.language()}"


def label_with_unit(t: Translator, question: Question) -> str:
    unit = "%" if question.unit in SHARES else t.unit(question.unit, state.scenario().base_currency)
    unit = t("ui.percent_a_year") if question.unit == "fraction/year" else unit
    label = field_label(t, question.id)
    return label if unit.lower() in label.lower() else t("ui.label_unit", label=label, unit=unit)


def current_value(name: str) -> float | str | None:
    """The value in force: the answer, or the default, also of a question that the case leaves aside."""
    row = state.advice().assessment.assumptions.rows.get(name)
    value = row.value if row is not None else getattr(state.scenario(), name)
    if row is None and value is None and "money" not in QUESTIONS[name].unit and name in state.catalog().parameters:
        value = state.catalog().parameter(name).value
    return value if isinstance(value, str) or value is None else float(value)


def shown_number(value: float | None, unit: str, t: Translator) -> str:
    """A number as the field shows it; :func:`parsed_number` reads it back unchanged."""
    if value is None:
        return ""
    scaled = float(f"{value * 100 if unit in SHARES else value:.12g}")
    shown = str(format_decimal(scaled, format="#,##0.############", locale=t.locale))
    if unit in SHARES and 0 < abs(scaled) < 1:  # without its sign it could be a share
        return f"{shown}%"
    return f"{shown}0" if has_two_readings(shown, get_decimal_symbol(t.locale)) else shown


def parsed_number(text: str, question: Question, t: Translator) -> float | None:
    """What the user means by a text such as ``10,000``, ``20k`` or ``15 %``. Raises :class:`InputError`."""
    group = get_group_symbol(t.locale)
    notation = Notation(get_decimal_symbol(t.locale), " " if group.isspace() else group, in_percent=True)
    return read_number(text, question, state.scenario().base_currency, notation)


def _commit_number(name: str, key: str) -> None:
    _take(name, str(st.session_state[key]))


def _take(name: str, text: str) -> None:
    """Read what was typed into the field of a number; what cannot be used stays there with its fault."""
    question, t = QUESTIONS[name], state.translator()
    try:
        changes.keep_answer(name, state.scenario().corrected(name, parsed_number(text, question, t)))
    except InputError as error:
        state.drafts()[name] = state.RefusedAnswer(text, error.issues[0])
        return
    if says_its_currency(text, question):
        state.amounts_with_currency().add(name)
    else:
        state.amounts_with_currency().discard(name)


def _default_text(name: str) -> str:
    """The value of a field; of one that nobody has entered without the digits that an estimate does not know."""
    value = current_value(name)
    if isinstance(value, float) and value and getattr(state.scenario(), name) is None:
        value = round(value, max(0, KNOWN - 1 - floor(log10(abs(value)))))
    return shown_number(value if isinstance(value, float) else None, QUESTIONS[name].unit, state.translator())


def _ask_number(question: Question, place: str, label: str | None) -> None:
    t, name = state.translator(), question.id
    key, draft = widget_key(name, place), state.drafts().get(name)
    st.session_state[key] = draft.text if draft else _default_text(name)
    st.text_input(
        label or label_with_unit(t, question),
        key=key,
        help=_help(t, name),
        on_change=_commit_number,
        args=(name, key),
        placeholder=t("ui.not_answered"),
    )
    show_fault(name)
    for notice in state.advice().assessment.assumptions.notices:
        if notice.code in UNLIKELY and notice.params["field"] == name:
            layout.notices([notice], t, state.scenario().base_currency)


def show_fault(name: str) -> None:
    """The fault of a field, beside it, in the user's language."""
    draft = state.drafts().get(name)
    if draft is not None:
        st.error(plain(issue_text(state.translator(), draft.issue, in_form=True)), icon=":material/error:")


def _help(t: Translator, name: str) -> str:
    """What the question means, and where its present value comes from."""
    row = state.advice().assessment.assumptions.rows.get(name)
    parts = [t(f"field.{name}.help")]
    if row is not None and row.value is not None:
        parts.append(plain(origin(t, row)))
        currency = state.advice().assessment.assumptions.currency
        parts += [plain(with_announced(t, row, currency))] if row.announced else []
        parts += [plain(t.fact(row.note))] if row.note else []
    return "\n\n".join(parts)


def origin(t: Translator, row: Assumption) -> str:
    """Whose value it is, of which kind, from which source."""
    if row.set_by == "user" and row.source is None:
        return t("ui.origin_yours")
    when = t.date(row.effective or (row.source.retrieved if row.source else None))
    return t(
        "ui.origin", who=t(f"set_by.{row.set_by}"), kind=t(f"kind.{row.kind}"), source=source_text(t, row), date=when
    )


def _commit_choice(name: str, key: str) -> None:
    """Take what was picked; who presses the choice that is shown as the default makes it their own."""
    value = st.session_state[key] or current_value(name)
    if value is not None:
        commit(name, value)


def commit(name: str, value: object) -> None:
    """Set an answer from a callback; a fault is kept beside the field."""
    try:
        changes.answer(name, value)
    except InputError as error:
        state.drafts()[name] = state.RefusedAnswer(str(value), error.issues[0])
        return
    if name == "currency":  # as the fault of an amount in another one says to do
        for each, draft in [*state.drafts().items()]:
            if draft.issue.code == "foreign_currency" and each in QUESTIONS and QUESTIONS[each].is_number:
                _take(each, draft.text)


def options_of(name: str) -> Sequence[str]:
    """What a choice offers; the value in force is always among them."""
    question = QUESTIONS[name]
    if question.choices:
        return question.choices
    found: Sequence[str] = ()
    if name in MODEL_QUESTIONS:
        found = _offered()
    elif name == "open_model":
        found = tuple(state.catalog().models)
    elif name == "managed_route":
        found = tuple(route.id for route in state.catalog().routes.values() if route.sold_on(state.today()))
    elif name in GPU_QUESTIONS:
        priced = {sku.gpu for sku in state.catalog().prices.values()}
        found = tuple(gpu_id for gpu_id in state.catalog().gpus if gpu_id in priced)
    value = current_value(name)
    return found if value is None or value in found else (str(value), *found)


def _offered() -> tuple[str, ...]:
    """Hosted models to choose from: none whose end has come."""
    lifetimes, today = state.catalog().lifetimes, state.today()
    return tuple(m for m in hosted_models(today) if m not in lifetimes or not lifetimes[m].retires.reached(today))


def option_text(name: str, option: str) -> str:
    t = state.translator()
    if name in GPU_QUESTIONS:
        gpu = state.catalog().gpus.get(option)
        return gpu.name if gpu else option
    if name == "open_model" and (is_own(option) or option in state.catalog().models):
        return state.catalog().model(option).name
    if name == "managed_route" and option in state.catalog().routes:
        return t.fact(state.catalog().routes[option].name)
    return t.value(option, "choice", "")


def _ask_choice(question: Question, place: str, label: str | None) -> None:
    t, name = state.translator(), question.id
    key, value = (
        widget_key(name, place),
        current_value(name) or (state.scenario().base_currency if name == "currency" else None),
    )
    shown = {option: option_text(name, option) for option in options_of(name)}
    is_short = 0 < len(question.choices) <= FEW_CHOICES
    if not is_short and name != "currency" and value and getattr(state.scenario(), name) is None:
        # What stands as chosen cannot be chosen once more: the default is an option beside the choice it stands for.
        shown, value = {AS_DEFAULT: t("ui.default_choice", value=shown[str(value)]), **shown}, AS_DEFAULT
    text, options = label or field_label(t, name), list(shown)
    common: dict[str, Any] = {"key": key, "help": _help(t, name), "on_change": _commit_choice, "args": (name, key)}
    st.session_state[key] = value
    if is_short:
        st.segmented_control(text, options, format_func=lambda o: shown.get(o, str(o)), wrap=True, **common)
    else:
        st.selectbox(text, options, format_func=lambda o: shown.get(o, str(o)), placeholder=t("ui.choose"), **common)
    if name == "open_model":
        own_model.ask(place)
    if name in MODEL_QUESTIONS and isinstance(value, str) and value == getattr(state.scenario(), name):
        _tell_leaving(value, t)
    show_fault(name)


def _tell_leaving(model: str, t: Translator) -> None:
    """That the model of the case left the price list, or is offered no more to whoever chooses one."""
    own = in_force()
    if own.read_on is not None and own.lacks(model):
        days = {"day": t.date(own.read_on), "checked": t.date(hosted_price(model, state.today()).checked_on)}
        st.caption(plain(t("ui.model_left_list", model=model, **days)))
    elif model not in _offered():
        st.caption(plain(t("ui.model_not_offered", model=model)))


def _ask_text(name: str, place: str) -> None:
    t, key = state.translator(), widget_key(name, place)
    draft = state.drafts().get(name)
    st.session_state[key] = draft.text if draft else (getattr(state.scenario(), name) or "")
    st.text_input(
        field_label(t, name),
        key=key,
        help=t(f"field.{name}.help"),
        on_change=lambda: commit(name, st.session_state[key] or None),
        placeholder=t("ui.not_answered"),
    )
    show_fault(name)


def _ask_date(name: str, place: str) -> None:
    t, key = state.translator(), widget_key(name, place)
    value = getattr(state.scenario(), name)
    st.session_state[key] = value if isinstance(value, date) else state.today()
    st.date_input(
        field_label(t, name),
        key=key,
        help=t(f"field.{name}.help"),
        on_change=lambda: commit(name, st.session_state[key].isoformat()),
    )
