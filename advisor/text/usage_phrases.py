"""What was measured on logs and bills, as rows of words: shared by the page and the command line."""

import re
from collections.abc import Iterator, Mapping
from math import floor, log10

from advisor.formulas.constants import HOURS_PER_DAY
from advisor.scenario import QUESTIONS
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, without_unit
from advisor.usage.profile import FIGURES
from advisor.usage.records import Measured, UsageProfile

QUANTILE = re.compile(r"(?P<column>\w+)_p(?P<rank>\d\d)")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "figure": ("figure", "value", "interval", "rows"),
    "model": ("model", "listed_as", "requests", "bill", "list_price", "input", "output"),
    "use_case": ("use_case", "requests"),
    "rejected": ("reason", "rows", "file", "line", "example"),
    "not_known": ("reason", "figure"),
}
"""Columns of the tables, by what their rows are; each has its words as ``usage.column.<name>``."""
DASH = " \u2013 "
NOISE_PLACES = 3
"""So many places below the first one of an interval's width a value is rounded."""


def figure_label(name: str, t: Translator) -> str:
    """Name of a figure: that of the question it answers, or its own."""
    found = QUANTILE.fullmatch(name)
    if found is not None:
        return t("usage.quantile", figure=figure_label(found["column"], t), rank=found["rank"])
    return field_label(t, name) if name in QUESTIONS else t(f"usage.figure.{name}")


def figure_rows(found: UsageProfile, t: Translator) -> Iterator[tuple[str, str, str, str]]:
    """Name, value, 80 % interval and number of rows of each measured figure; empty where it is not known."""
    for name in FIGURES:
        measured = found.figures.get(name)
        if measured is not None:
            value, interval = figure_texts(found, name, t)
            yield figure_label(name, t), value, interval, "" if measured.rows is None else t.number(measured.rows, 0)


def figure_texts(found: UsageProfile, name: str, t: Translator) -> tuple[str, str]:
    """A measured figure and its interval; one from hours is marked, since it is too narrow."""
    measured, unit, currency = found.figures[name], FIGURES[name], found.currency or ""
    value = t.value(without_noise(measured), unit, currency)
    if measured.low is None or measured.high is None:
        return value, ""
    low, high = (t.value(end, unit, currency) for end in (measured.low, measured.high))
    interval = f"{without_unit(low, high)}{DASH}{high}"
    return value, t("usage.from_hours", interval=interval) if measured.blocks == "hour" else interval


def without_noise(measured: Measured) -> float:
    """The value without what lies far below its sampling error, such as the last bits of a sum."""
    if measured.low is None or measured.high is None or not measured.high > measured.low:
        return measured.value
    return round(measured.value, NOISE_PLACES - floor(log10(measured.high - measured.low)))


def not_known(found: UsageProfile, t: Translator) -> Mapping[str, list[str]]:
    """Figures that are not known, by the words of the reason."""
    reasons: dict[str, list[str]] = {}
    for name in FIGURES:
        if name in found.not_known and QUANTILE.fullmatch(name) is None:
            reason = t(f"usage.not_known.{found.not_known[name]}")
            reasons.setdefault(reason, []).append(figure_label(name, t))
    return reasons


def model_rows(found: UsageProfile, t: Translator) -> Iterator[tuple[str, ...]]:
    """Name in the records, id in the price lists, shares of requests, bill and list prices, mean lengths."""
    for model in found.models:
        shares = (model.requests, model.cost, model.list_cost)
        lengths = (model.input_tokens, model.output_tokens)
        yield (
            model.name or t("usage.unnamed"),
            model.model_id or t("word.unknown"),
            *("" if share is None else t.percent(share) for share in shares),
            *("" if length is None else t.number(length, 0) for length in lengths),
        )


def rejected_rows(found: UsageProfile, t: Translator) -> Iterator[tuple[str, ...]]:
    """Why rows were left out, how many, and the first of them: file, line, what stood there."""
    for each in found.rejected:
        line = "" if each.line is None else t.number(each.line, 0)
        yield _named("usage.rejected", each.reason, t), t.number(each.rows, 0), each.file, line, each.example


def format_names(found: UsageProfile, t: Translator) -> str:
    """The formats that were recognised."""
    return t("word.comma").join(_named("usage.format", name, t) for name in found.formats)


def _named(family: str, name: str, t: Translator) -> str:
    """The words of a code; one of another release, which a summary may hold, stays as it is."""
    return t(f"{family}.{name}") if t.has(f"{family}.{name}") else name


def read_text(found: UsageProfile, t: Translator) -> list[str]:
    """Sentences on what was read: formats, files, rows, the period, and what came twice."""
    files, rows = (t.number(count, 0) for count in (len(found.files), found.rows))
    said = [t("usage.read", formats=format_names(found, t), files=files, rows=rows)]
    days = [t.date(day) for day in (found.first, found.last) if day is not None]
    if days:
        hours = round(found.days * HOURS_PER_DAY, 1)
        length = t.value(hours, "hours", "") if found.days < 1 else t.value(round(found.days, 1), "days", "")
        said.append(t("usage.period", period=DASH.join(dict.fromkeys(days)), length=length))
    if found.duplicates:
        said.append(t("usage.duplicates", count=t.number(found.duplicates, 0)))
    if found.use_case is not None:
        said.append(t("usage.of_use_case", name=found.use_case))
    return said
