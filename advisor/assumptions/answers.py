"""Answers and defaults as rows, in the project's currency."""

from dataclasses import replace
from datetime import date
from math import isclose

from advisor.assumptions.currency import DOLLAR, default_of, factor_from, money_factor, parameter_of
from advisor.assumptions.draft import Draft, citation, unknown
from advisor.assumptions.ranges import default_range, narrowed, range_of_answer, shape_of
from advisor.catalog.presets import PresetRecord
from advisor.core.notices import Notice, UnknownId
from advisor.core.records import Assumption, Citation
from advisor.scenario import QUESTIONS, Measurement

SAME_AMOUNT = 1e-9
"""A converted amount is rounded to twelve digits."""


def take_answers(draft: Draft, wanted: frozenset[str]) -> None:
    """Set the rows that are answered or have a default."""
    for name in QUESTIONS:
        if name in wanted:
            draft.rows[name] = answered(draft, name) or default_row(draft, name)


def answered(draft: Draft, name: str) -> Assumption | None:
    value = getattr(draft.scenario, name)
    if value is None:
        return None
    parameter = parameter_of(draft, name)
    low, high = range_of_answer(draft, name, parameter, value)
    usual = None if low is None or high is None else (low, high)
    low, high = narrowed(draft, name, value, low, high)
    unit = QUESTIONS[name].unit
    shape = shape_of(parameter)
    row = Assumption(name, value, unit, "yours", None, draft.on, low, high, "user", shape=shape, usual=usual)
    record = draft.scenario.record_of(name)
    if record is not None:
        if record.counted is not None:
            taken_back = {"field": name, "counted": record.counted, "at": record.value}
            draft.notices.append(Notice("measured_taken_back", "info", taken_back))
        return measured(row, record, draft.on)
    preset = preset_of(draft)
    if preset is not None and is_presets(draft, name, value):
        said = preset.field_notes.get(name)
        kind, source, note = preset.kind, preset.source, None
        if said is not None:
            kind, source, note = said.kind or kind, said.source or source, said.note
        return replace(row, kind=kind, source=citation(source), effective=None, set_by="preset", note=note)
    return row


def measured(row: Assumption, record: Measurement, on: date) -> Assumption:
    """An answer that rests on a record of the team's own: its range is the sampling error, where that is known."""
    day = record.last or on
    found = replace(row, kind="measured", source=Citation(record.title, None, day), effective=day)
    if record.low is None or record.high is None:
        return found
    return replace(found, low=record.low, high=record.high, shape="estimate")


def default_row(draft: Draft, name: str) -> Assumption:
    parameter = parameter_of(draft, name)
    unit = QUESTIONS[name].unit
    if parameter is None:
        return Assumption(name, None, unit, "judgement", None)
    factor = money_factor(draft, parameter)
    low, high = default_range(parameter, factor)
    value: float | str | None = parameter.value
    if isinstance(value, float):
        value = None if factor is None else value * factor
    return Assumption(
        name,
        value,
        unit,
        parameter.kind,
        citation(parameter.source),
        parameter.source.retrieved,
        low,
        high,
        default_of(draft, name),
        parameter.note,
        shape_of(parameter),
    )


def row_or_default(draft: Draft, name: str) -> Assumption:
    return draft.rows.get(name) or default_row(draft, name)


def number_of(draft: Draft, name: str) -> float:
    return float(row_or_default(draft, name).value or 0)


def is_presets(draft: Draft, name: str, value: object) -> bool:
    preset = preset_of(draft)
    if preset is None or name not in preset.answers:
        return False
    said, currency = preset.answers[name], preset.answers.get("currency", DOLLAR)
    if "money" not in QUESTIONS[name].unit or currency == draft.scenario.base_currency:
        return bool(said == value)
    factor = factor_from(draft, str(currency))
    return factor is not None and isclose(float(said) * factor, float(str(value)), rel_tol=SAME_AMOUNT)


def preset_of(draft: Draft) -> PresetRecord | None:
    if draft.scenario.preset is None:
        return None
    try:
        return draft.catalog.preset(draft.scenario.preset)
    except UnknownId as error:
        raise unknown("preset", error) from None
