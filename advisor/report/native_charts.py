"""Charts of a presentation that hold their own numbers and can be edited there."""

from collections.abc import Sequence
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from advisor.charts.style import MONTH_STEPS, MOST_MONTH_TICKS, nice_ticks
from advisor.report.deck import BarChart, BarSeries, Curve, CurveChart

if TYPE_CHECKING:
    from pptx.slide import Slide

HAIR, GREY = "D5DBE2", "566270"
LETTERS = 12
"""Height of letters [pt]."""
BAR_WIDTH, LINE_WIDTH, MARK = 9.0, 2.5, 13
"""Widths [pt]."""
LABEL_SHARE, WANTED_TICKS = 0.12, 5
"""Room for an amount beside a bar as a share of the longest, and ticks of an axis."""
Place = tuple[Any, Any, Any, Any]
"""Left, top, width and height in the format's units."""


def add_curves(slide: "Slide", chart: CurveChart, place: Place, money: tuple[str, str]) -> None:
    """Lines, bars at one month and marks over the months."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    data = XyChartData(number_format=_format(money))
    for curve in chart.curves:
        series = data.add_series(curve.name)
        for month, amount in curve.points:
            if curve.style == "bar":
                series.add_data_point(month, 0.0)
            series.add_data_point(month, amount)
    frame: Any = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, *place, data)
    drawn = frame.chart
    for curve, series in zip(chart.curves, drawn.plots[0].series, strict=True):
        _style_curve(curve, series)
    drawn.has_title, drawn.has_legend = False, True
    drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    drawn.font.size = _points(LETTERS)
    months, amounts = drawn.category_axis, drawn.value_axis
    months.minimum_scale, months.maximum_scale = 0, chart.months
    months.major_unit = next((s for s in MONTH_STEPS if chart.months / s < MOST_MONTH_TICKS), MONTH_STEPS[-1])
    months.has_major_gridlines = False
    months.tick_labels.number_format, months.tick_labels.number_format_is_linked = "0", False
    _amounts(amounts, money)
    for axis, words in ((months, chart.x_title), (amounts, chart.y_title)):
        _low_labels(axis)
        _titled(axis, words)
    say_alt(frame, chart.alt)


def add_bars(slide: "Slide", chart: BarChart, place: Place, money: tuple[str, str]) -> None:
    """Rows of bars from zero, each with its amount."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    data = CategoryChartData(number_format=_format(money))
    data.categories = chart.rows
    for series in chart.series:
        data.add_series(series.name, series.values)
    frame: Any = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
    drawn = frame.chart
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    plot.has_data_labels = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = _format(money), False
    plot.data_labels.font.size = _points(LETTERS)
    for told, series in zip(chart.series, plot.series, strict=True):
        _style_bars(told, series)
    drawn.has_title, drawn.has_legend = False, len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    drawn.font.size = _points(LETTERS)
    drawn.category_axis.reverse_order = True
    drawn.value_axis._element.xpath("./c:crosses")[0].set("val", "max")  # the amounts stand below the last row
    drawn.category_axis.has_major_gridlines = False
    _low_labels(drawn.category_axis)
    _amounts(drawn.value_axis, money)
    _widened(drawn.value_axis, [amount for series in chart.series for amount in series.values])
    _titled(drawn.value_axis, chart.x_title)
    say_alt(frame, chart.alt)


def say_alt(shape: Any, words: str) -> None:
    """What a reader is told who does not see the shape."""
    shape.element.xpath("./*/p:cNvPr")[0].set("descr", words)


def _style_curve(curve: Curve, series: Any) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE

    series.smooth = False
    line = series.format.line
    if curve.style == "mark":
        line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.DIAMOND, MARK
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = _rgb(curve.colour)
        return
    series.marker.style = XL_MARKER_STYLE.NONE
    line.color.rgb = _rgb(curve.colour)
    line.width = _points(BAR_WIDTH if curve.style == "bar" else LINE_WIDTH)
    if curve.style == "dashes":
        line.dash_style = MSO_LINE.DASH


def _style_bars(told: BarSeries, series: Any) -> None:
    series.invert_if_negative = False
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = _rgb(told.colours[0])
    for k, colour in enumerate(told.colours):
        look = series.points[k].format
        if k in told.hollow:
            look.fill.background()
            look.line.color.rgb, look.line.width = _rgb(colour), _points(1.5)
            continue
        look.fill.solid()
        look.fill.fore_color.rgb = _rgb(colour)


def _amounts(axis: Any, money: tuple[str, str]) -> None:
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = _format(money), False
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = _rgb(HAIR)


def _widened(axis: Any, amounts: Sequence[float]) -> None:
    """Room beside the longest bars for their amounts, between round ends."""
    low, high = min([0.0, *amounts]), max([0.0, *amounts])
    if low == high:
        return
    room = LABEL_SHARE * (high - low)
    ends = (low - room if low < 0 else 0.0, high + room if high > 0 else 0.0)
    ticks = nice_ticks(*ends, WANTED_TICKS)
    axis.major_unit = step = ticks[1] - ticks[0]
    axis.minimum_scale, axis.maximum_scale = (
        round_to(end / step) * step for round_to, end in zip((floor, ceil), ends, strict=True)
    )


def _low_labels(axis: Any) -> None:
    """Labels at the edge, also where the other axis crosses in the middle."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = _rgb(GREY)


def _titled(axis: Any, words: str) -> None:
    axis.has_title = True
    axis.axis_title.text_frame.text = words
    font = axis.axis_title.text_frame.paragraphs[0].font
    font.size, font.bold = _points(LETTERS), False


def _format(money: tuple[str, str]) -> str:
    """A number format with the sign or name of the currency, whole units."""
    before, after = (f'"{words}"' if words else "" for words in money)
    return f"{before}#,##0{after};-{before}#,##0{after}"


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.lstrip("#"))


def _points(height: float) -> Any:
    from pptx.util import Pt

    return Pt(height)
