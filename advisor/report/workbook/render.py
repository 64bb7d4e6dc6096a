"""The workbook of a case: the figures as entered as formulas that recompute, all that is drawn as it was.

The formulas are those of the model, written down while it computed the case on numbers that record what is done with
them. Cells hold the model's values beside the formulas, for programs that do not compute.
"""

import io
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from advisor.catalog.catalog import Catalog
from advisor.charts.style import text_width
from advisor.core.records import Citation
from advisor.decision.advice import Advice
from advisor.report.build import report_title
from advisor.report.case import ReportedCase
from advisor.report.workbook import frozen, inputs, months, options, summary
from advisor.report.workbook.book import Book, Sheet
from advisor.report.workbook.case import traced_case
from advisor.report.workbook.formulas import FIRST_MONTH
from advisor.report.workbook.inputs import Bounds
from advisor.report.workbook.styles import GOOD, LINE, WARNING, is_wrapped, properties
from advisor.scenario import Scenario
from advisor.text.i18n import Translator

SHEETS = ("summary", "inputs", "options", "months", "steps", "frozen", "sources")
CHART_ROW, CHART_COLUMN = 7, 6
TITLE_HEIGHT, LINE_HEIGHT, MONTHS_SCALE = 24, 13, 60
WIDTH_OF_DIGIT = 0.58
"""In sizes of the letters; columns are as wide as so many digits."""
WIDTHS: Mapping[str, Sequence[float]] = {
    **{"summary": summary.WIDTHS, "inputs": inputs.WIDTHS, "options": options.WIDTHS, "months": months.WIDTHS},
    **{"steps": (60, 18, 16), "frozen": frozen.WIDTHS, "sources": (8, 90, 80, 14)},
}


def render_workbook(advice: Advice, catalog: Catalog, t: Translator, *, about: Scenario | None = None) -> bytes:
    """The workbook as the bytes of its file. Raises :class:`InputError` when a price is missing."""
    case, traced = ReportedCase(advice, catalog, t, about), traced_case(advice, t)
    book, names = Book(traced.months), {key: t(f"workbook.sheet.{key}") for key in SHEETS}
    for name in names.values():
        book.sheet(name)
    book.asked += traced.trace.branches.values()
    rows = months.months_sheet(book, names["months"], case, traced)
    options.options_sheet(book, names["options"], case, traced)
    summary.summary_sheet(book, names["summary"], case, traced, report_title(case))
    months.steps_sheet_head(book, names["steps"], case)
    summary.unshown(book, book.sheet(names["steps"]), traced)
    used = inputs.used_inputs(traced, book)
    bounds = inputs.inputs_sheet(book, names["inputs"], case, traced, used)
    months.steps_sheet(book, names["steps"], names["months"], case)
    frozen.frozen_sheet(book, names["frozen"], case, traced, used)
    _sources(book, names["sources"], case)
    return _file(book, names, bounds, rows, case)


def _sources(book: Book, name: str, case: ReportedCase) -> None:
    """Every source of a number, the day somebody looked, and what is not known."""
    t, sheet = case.t, book.sheet(name)
    sheet.say(0, 0, t("workbook.sheet.sources"), "title")
    for column, each in enumerate(("place", "source", "address", "date")):
        sheet.say(2, column, t(f"workbook.column.{each}"), "header")
    found: dict[Citation, None] = dict.fromkeys(row.source for row in case.assumptions.values() if row.source)
    for place, source in enumerate(found, start=1):
        row = sheet.next_row
        sheet.say(row, 0, place)
        for column, value in enumerate((t.fact(source.title), source.url or "", source.retrieved.isoformat()), start=1):
            sheet.say(row, column, value)
    for notice in case.advice.assessment.notices:
        sheet.say(sheet.next_row + (notice is case.advice.assessment.notices[0]), 1, case.notice(notice), "text")


# -- the file ------------------------------------------------------------------------------------------


def _file(book: Book, names: dict[str, str], bounds: list[Bounds], rows: dict[str, int], case: ReportedCase) -> bytes:
    buffer = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(buffer, settings)
    # The day of the case, so that the same case gives the same file.
    day = case.assumptions.on
    workbook.set_properties({"title": report_title(case), "created": datetime.combine(day, time())})
    workbook.set_calc_mode("auto")
    pages = {key: workbook.add_worksheet(name) for key, name in names.items()}
    formats: dict[str, object] = {}
    for key, name in names.items():
        _fill(workbook, pages[key], book.sheet(name), WIDTHS[key], book, formats)
    for name, place in book.names.items():
        workbook.define_name(name, place)
    _bound(pages["inputs"], bounds, case.t)
    _look(workbook, pages, names, case)
    _chart(workbook, pages["summary"], names["months"], rows, book.months, case.t)
    workbook.close()
    return buffer.getvalue()


def _fill(
    workbook: "xlsxwriter.Workbook",
    page: Worksheet,
    sheet: Sheet,
    widths: Sequence[float],
    book: Book,
    formats: dict[str, object],
) -> None:
    def look(style: str) -> object:
        if style not in formats:
            formats[style] = workbook.add_format(properties(style))
        return formats[style]

    for row, lines in _lines(sheet, widths).items():
        page.set_row(row, LINE_HEIGHT * lines)
    for said in sheet.said:
        if said.formula:
            page.write_formula(said.row, said.column, said.formula, look(said.style), said.value)
        elif isinstance(said.value, str):
            page.write_string(said.row, said.column, said.value, look(said.style))
        elif said.value is not None:
            page.write_number(said.row, said.column, said.value, look(said.style))
        else:
            page.write_blank(said.row, said.column, None, look(said.style))
    for row, column, formula, value, style in book.formulas(sheet):
        page.write_formula(row, column, formula, look(style), value)


def _lines(sheet: Sheet, widths: Sequence[float]) -> dict[int, int]:
    """Rows whose text needs more than one line, as not every program finds their height by itself."""
    found: dict[int, int] = {}
    for said in sheet.said:
        if isinstance(said.value, str) and is_wrapped(said.style) and said.column < len(widths):
            lines = math.ceil(text_width(said.value, 1.0) / (widths[said.column] * WIDTH_OF_DIGIT))
            if lines > max(1, found.get(said.row, 1)):
                found[said.row] = lines
    return found


def _bound(page: Worksheet, bounds: Sequence[Bounds], t: Translator) -> None:
    """Only numbers within the bounds of their question."""
    for each in bounds:
        high = "" if each.high is None else t.number(each.high)
        words = t("workbook.bounds.from", low=t.number(each.low)) if each.high is None else ""
        words = words or t("workbook.bounds.between", low=t.number(each.low), high=high)
        rule = {"validate": "integer" if each.whole else "decimal", "minimum": each.low, "maximum": each.high}
        if each.high is None:
            rule = {"validate": "decimal", "criteria": ">=", "value": each.low}
        else:
            rule["criteria"] = "between"
        page.data_validation(
            each.row, 1, each.row, 1, {**rule, "error_title": t("workbook.bounds"), "error_message": words}
        )


def _look(
    workbook: "xlsxwriter.Workbook", pages: dict[str, Worksheet], names: dict[str, str], case: ReportedCase
) -> None:
    t = case.t
    bad, good = (workbook.add_format({"font_color": colour}) for colour in (WARNING, GOOD))
    for key, page in pages.items():
        for column, width in enumerate(WIDTHS[key]):
            page.set_column(column, column, width)
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer("&L" + names[key].replace("&", "&&") + "&R&P / &N")
        page.set_row(0, TITLE_HEIGHT)
        page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
    pages["months"].set_column(FIRST_MONTH, FIRST_MONTH + int(case.advice.assessment.economics.months.size), 12)  # type: ignore[union-attr]
    pages["months"].fit_to_pages(0, 0)
    pages["months"].set_print_scale(MONTHS_SCALE)
    pages["months"].repeat_columns(0, FIRST_MONTH - 1)
    pages["months"].freeze_panes(months.MONTH_ROW + 1, FIRST_MONTH)
    pages["inputs"].freeze_panes(4, 2)
    for key, area, words in (
        ("summary", "A4:F4", t("workbook.state.same")),
        ("frozen", "C1:C500", t("workbook.holds")),
    ):
        if key == "summary":
            pages[key].conditional_format(area, _as_text("begins with", words[:40], good))
            pages[key].conditional_format(area, {"type": "no_blanks", "format": bad})
        else:
            pages[key].conditional_format(area, _as_text("begins with", words, good))
            for undone in ("ask_app", "may_differ"):
                pages[key].conditional_format(area, _as_text("begins with", t(f"workbook.{undone}"), bad))
    pages["inputs"].conditional_format("E5:E500", {"type": "no_blanks", "format": bad})


def _as_text(criteria: str, value: str, look: object) -> dict[str, object]:
    return {"type": "text", "criteria": criteria, "value": value, "format": look, "stop_if_true": True}


def _chart(
    workbook: "xlsxwriter.Workbook", page: Worksheet, months_name: str, rows: dict[str, int], count: int, t: Translator
) -> None:
    """Savings added up and what is paid once, by month; the money is back where the lines meet."""
    chart = workbook.add_chart({"type": "line"})
    first, last = FIRST_MONTH, FIRST_MONTH + count
    for key, colour in (("saved", "#1f6feb"), ("paid", "#c2571a")):
        chart.add_series(
            {
                "name": [months_name, rows[key], 0],
                "categories": [months_name, months.MONTH_ROW, first, months.MONTH_ROW, last],
                "values": [months_name, rows[key], first, rows[key], last],
                "line": {"color": colour, "width": 2.25},
            }
        )
    chart.set_title({"name": t("workbook.chart"), "name_font": {"size": 12}, "overlay": False})
    chart.set_x_axis({"name": t("csv.month"), "label_position": "low"})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": LINE}}, "line": {"none": True}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 640, "height": 360})
    page.insert_chart(CHART_ROW, CHART_COLUMN, chart, {"description": t("workbook.chart.help")})
