"""The sheet of the options: each line item as a quantity at a unit price, and what a month of it costs."""

from collections.abc import Iterable

from advisor.core.records import LineItem, OptionResult
from advisor.report.case import ReportedCase
from advisor.report.workbook.book import Book, Sheet
from advisor.report.workbook.case import TracedCase
from advisor.report.workbook.inputs import unit_text
from advisor.report.workbook.styles import counted_style, style
from advisor.report.workbook.traced import Traced
from advisor.text.phrases import PRICE_UNITS, option_name

COLUMNS = ("item", "category", "paid", "quantity", "unit", "price", "price_unit", "cost", "month")
WIDTHS = (44, 22, 16, 16, 24, 16, 20, 16, 18)
QUANTITY, PRICE, COST, MONTH = 3, 5, 7, 8


def options_of(traced: TracedCase) -> dict[str, OptionResult]:
    """Going on as today, the baseline, what else nothing speaks against, and tuning; each once."""
    e = traced.economics
    others = (each.result for each in traced.untuned if isinstance(each.result, OptionResult))
    return {option.id: option for option in (e.today, e.baseline, *others, e.tuned)}


def options_sheet(book: Book, name: str, case: ReportedCase, traced: TracedCase) -> None:
    t, sheet = case.t, book.sheet(name)
    sheet.say(0, 0, t("workbook.sheet.options"), "title")
    sheet.say(1, 0, t("workbook.options.help"), "text")
    values = {each.id: each.npv for each in traced.untuned}
    for option in options_of(traced).values():
        row = sheet.next_row + 1
        sheet.say(row, 0, option_name(t, option.id), "heading")
        for column, each in enumerate(COLUMNS):
            look = "right" if column in (QUANTITY, PRICE, COST, MONTH) else "header"
            sheet.say(row + 1, column, t(f"workbook.column.{each}"), look)
        _items(book, sheet, case, traced, option)
        _totals(book, sheet, case, traced, option, values.get(option.id))


def _items(book: Book, sheet: Sheet, case: ReportedCase, traced: TracedCase, option: OptionResult) -> None:
    t, trace = case.t, traced.trace
    for item in _once_each(option.line_items):
        row, named = sheet.next_row, f"{option.id}_{item.id}"
        sheet.say(row, 0, t(f"item.{item.id}"), "wrapped")
        sheet.say(row, 1, t(f"category.{item.category}"))
        sheet.say(row, 2, t(f"workbook.paid.{item.frequency}"))
        unit = t("workbook.unit.mtok") if item.unit == "Mtok/request" else unit_text(case, item.unit)
        sheet.say(row, 4, unit, "unit")
        price_unit = PRICE_UNITS.get(item.unit, "money")
        if item.by_month:
            sheet.say(row, QUANTITY, t("workbook.by_month"), "small")
        else:
            quantity = trace.of(item.quantity)
            book.count(sheet, row, QUANTITY, quantity, _look(case, quantity, item.unit), f"{named}_quantity")
        if item.unit_price is not None:
            price = trace.of(item.unit_price)
            book.count(sheet, row, PRICE, price, _look(case, price, price_unit), f"{named}_price")
            sheet.say(row, 6, unit_text(case, price_unit), "unit")
        if item.cost is not None and not item.by_month:
            cost = trace.of(item.cost)
            book.count(sheet, row, COST, cost, _look(case, cost, "money"), f"{named}_cost")
        if item.id in option.steady_costs:
            month = trace.of(option.steady_costs[item.id])
            book.count(sheet, row, MONTH, month, _look(case, month, "money"), f"{named}_month")


def _totals(
    book: Book, sheet: Sheet, case: ReportedCase, traced: TracedCase, option: OptionResult, npv: object
) -> None:
    t, row = case.t, sheet.next_row
    once, month, good = map(traced.trace.of, (option.one_time_cost, option.steady_monthly_cost, option.success_share))
    sheet.say(row, 0, t("workbook.total"), style("total"))
    book.count(sheet, row, COST, once, _look(case, once, "money", "total"), f"{option.id}_once")
    book.count(sheet, row, MONTH, month, _look(case, month, "money", "total"), f"{option.id}_month")
    sheet.say(row + 1, 0, t("workbook.good_answers"))
    book.count(sheet, row + 1, QUANTITY, good, _look(case, good, "fraction"), f"{option.id}_good")
    if isinstance(npv, Traced):
        sheet.say(row + 2, 0, t("workbook.present_value"))
        book.count(sheet, row + 2, COST, npv, _look(case, npv, "money"), f"{option.id}_npv")


def _look(case: ReportedCase, number: Traced, unit: str, look: str = "counted") -> str:
    return counted_style(number, unit, case.currency, case.t, look)


def _once_each(items: Iterable[LineItem]) -> list[LineItem]:
    return [*{item.id: item for item in items}.values()]
