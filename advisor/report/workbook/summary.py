"""The first sheet: the verdict, whether it still holds, the figures as entered, and the frozen medians and chances."""

from collections.abc import Iterator
from typing import Any

from advisor import __version__
from advisor.core.records import METRICS
from advisor.report.case import ReportedCase
from advisor.report.workbook.book import Book, Sheet
from advisor.report.workbook.case import TracedCase
from advisor.report.workbook.frozen import WARNINGS
from advisor.report.workbook.inputs import CHANGES, unit_text
from advisor.report.workbook.styles import counted_style, format_of, style
from advisor.text.headline_phrases import chance_text
from advisor.text.memo_phrases import ask_of
from advisor.text.phrases import verdict_label

WIDTHS = (44, 16, 18, 24, 16, 20)
STATE_ROW = 3
STATUSES = ("ok", "immediate", "never", "not_within_horizon", "reversed_later")
SEARCHED = ("irr", "mirr", "break_even_requests")
"""Figures that are searched for, which no formula gives."""
HEADLINE = (
    *("payback", "npv", "npv_if_passed", "npv_if_failed"),
    *("monthly_savings", "averaged_savings", "roi", "investment"),
)
MARK = "\x00"


def summary_sheet(book: Book, name: str, case: ReportedCase, traced: TracedCase, title: str) -> None:
    t, a, said = case.t, case.assumptions, case.advice.recommendation
    sheet = book.sheet(name)
    sheet.say(0, 0, title, "title")
    sheet.say(1, 0, t("report.subtitle", date=t.date(a.on), currency=a.currency))
    sheet.say(STATE_ROW, 0, t("workbook.state.same"), "state", _state(case))
    sheet.say(5, 0, verdict_label(t, said), "bold")
    sheet.say(5, 1, ask_of(case.memo, t).sentence)
    sheet.say(6, 0, t("workbook.summary.verdict"), "small")
    _figures(book, sheet, case, traced)
    _frozen(sheet, case)
    sheet.say(sheet.next_row + 1, 0, t("workbook.legend"), "text")
    sheet.say(sheet.next_row, 0, t("workbook.taken_off"), "text")


def _state(case: ReportedCase) -> str:
    """What the reader is told as soon as an input was changed."""
    t = case.t
    changed = _quoted(t("workbook.state.changed", count=MARK), CHANGES)
    doubtful = _quoted(t("workbook.state.doubtful", count=MARK), WARNINGS)
    return f'=IF({CHANGES}=0,"{t("workbook.state.same")}",{changed}&IF({WARNINGS}=0,"",{doubtful}))'


def _quoted(text: str, cell: str) -> str:
    """A text around the number in a cell."""
    before, _, after = text.replace('"', '""').partition(MARK)
    return f'"{before}"&{cell}&"{after}"'


def _figures(book: Book, sheet: Sheet, case: ReportedCase, traced: TracedCase) -> None:
    t, row = case.t, sheet.next_row + 1
    sheet.say(row, 0, t("workbook.summary.live"), "heading")
    for column, each in enumerate(("figure", "value", "unit", "state")):
        sheet.say(row + 1, column, t(f"workbook.column.{each}"), "right" if column == 1 else "header")
    for metric in METRICS.values():
        if metric.id not in traced.figures:
            continue
        row, number = sheet.next_row, traced.trace.of(traced.figures[metric.id])
        sheet.say(row, 0, t(f"metric.{metric.id}.label"), "wrapped")
        look = counted_style(number, metric.unit, case.currency, t)
        book.count(sheet, row, 1, number, look, f"result_{metric.id}", guarded=True)
        sheet.say(row, 2, unit_text(case, metric.unit), "unit")
        if metric.status in traced.figures:
            status = f"result_{metric.status}"
            words = [f'IF({status}="{word}","{t(f"status.{word}")}",' for word in STATUSES]
            formula = "=" + "".join(words) + f"{status}" + ")" * len(words)
            sheet.say(row, 3, t(f"status.{traced.figures[metric.status].value}"), "text", formula)


def unshown(book: Book, sheet: Sheet, traced: TracedCase) -> None:
    """What is not shown as a figure: why one has no number, as words of the model, and the best month to stop."""
    for name, number in traced.figures.items():
        if name not in METRICS:
            row = sheet.next_row
            sheet.say(row, 0, name, "small")
            book.count(sheet, row, 1, traced.trace.of(number), style("counted"), f"result_{name}")


def _frozen(sheet: Sheet, case: ReportedCase) -> None:
    """Middle, range and chance over the draws, with what they were drawn from."""
    t, found, risk = case.t, case.advice.headline, case.advice.risk
    row = sheet.next_row + 1
    sheet.say(row, 0, t("workbook.summary.frozen"), "heading")
    for column, each in enumerate(("figure", "p10", "p50", "p90", "mean", "unit")):
        sheet.say(row + 1, column, t(f"workbook.column.{each}"), "right" if 0 < column < 5 else "header")
    for label, unit, values in _frozen_figures(case):
        row = sheet.next_row
        sheet.say(row, 0, label, "wrapped")
        for column, value in enumerate(values, start=1):
            look = style("frozen", "" if isinstance(value, str) else format_of(value or 0, unit, case.currency, t))
            sheet.say(row, column, value, look)
        sheet.say(row, 5, unit_text(case, unit), "unit")
    if found is not None and risk is not None:
        drawn = {"count": risk.sampling.count, "seed": risk.sampling.seed}
        sheet.say(sheet.next_row, 0, chance_text(found, t))
        made = t("workbook.drawn", **drawn, date=case.assumptions.on.isoformat(), version=__version__)
        sheet.say(sheet.next_row, 0, made, "text")


def _frozen_figures(case: ReportedCase) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    t, found, metrics = case.t, case.advice.headline, case.metrics
    if found is not None:
        yield t("workbook.drawn.chance"), "fraction", (None, found.chance, None, None)
        for name in HEADLINE:
            figure = getattr(found, name)
            values = [figure.p10, figure.p50, figure.p90]
            if name == "payback":
                values = [t("status.not_within_horizon") if value is None else value for value in values]
            yield t(f"workbook.drawn.{name}"), figure.unit, (*values, figure.mean)
    for name in SEARCHED:
        value = None if metrics is None else getattr(metrics, name)
        if value is not None:
            yield t(f"metric.{name}.label"), METRICS[name].unit, (None, value, None, None)
