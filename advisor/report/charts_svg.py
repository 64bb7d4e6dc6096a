"""A chart as SVG for print: no network, the report's own font, light colours whatever the theme on screen."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from advisor.report.pdf import FONT_DIR
from advisor.text.languages import ENGLISH, language_record

if TYPE_CHECKING:
    import altair

INK, GREY, HAIR = "#1b2430", "#566270", "#d5dbe2"
NUMBERS: Literal["en-US"] = "en-US"  # 1,234.5 in every language; the Chinese one would turn a "$" format into yuan
PNG_SCALE = 2.0
"""Dots a pixel."""
ROOT, PAPER = re.compile(r"(<svg\b[^>]*>)"), '<rect width="100%" height="100%" fill="white"/>'
EMPTY: dict[str, Any] = {"mark": "point", "data": {"values": []}}


@cache
def print_config(font: str) -> dict[str, Any]:
    """The look of a chart on paper; what a chart says about itself wins over it.

    Vega would describe axes and legends in English; the document does so in the reader's language.
    """
    return {
        "aria": False,
        "font": font,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {
            "labelFont": font,
            "titleFont": font,
            "labelColor": GREY,
            "titleColor": GREY,
            "titleFontWeight": "normal",
            "labelFontSize": 11,
            "titleFontSize": 11,
            "gridColor": "#e8ecf0",
            "domainColor": HAIR,
            "tickColor": HAIR,
        },
        "legend": {
            "labelFont": font,
            "titleFont": font,
            "labelColor": INK,
            "titleColor": GREY,
            "labelFontSize": 11,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
        },
        "header": {"labelFont": font, "titleFont": font, "labelColor": INK, "titleColor": GREY},
        "title": {"font": font, "subtitleFont": font, "color": INK, "subtitleColor": GREY},
        "text": {"font": font, "color": INK},
        "range": {"category": ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]},
    }


def chart_to_svg(chart: "altair.TopLevelMixin", language: str) -> str:
    """``chart`` drawn as SVG with the names of months and days in ``language``."""
    return drawn(chart.to_dict(), language)


def svg_to_png(svg: str) -> bytes:
    """A chart that was drawn before, on white: a screen need not have the report's font, and words would be cut off.

    Without its paper, what is half transparent would come out in another colour.
    """
    import vl_convert

    _register_fonts()
    return vl_convert.svg_to_png(ROOT.sub(rf"\1{PAPER}", svg, count=1), scale=PNG_SCALE)


def warm_up() -> None:
    """Draw nothing once: starting the drawing engine takes longer than any chart."""
    drawn(EMPTY, ENGLISH)


def drawn(specification: dict[str, Any], language: str) -> str:
    """What Vega-Lite says of a chart, drawn as SVG."""
    import vl_convert

    _register_fonts()
    said = language_record(language)
    return vl_convert.vegalite_to_svg(
        specification,
        config=print_config(said.font),
        allowed_base_urls=[],
        format_locale=NUMBERS,
        time_format_locale=said.chart_dates,  # type: ignore[arg-type]
    )


@cache
def _register_fonts() -> None:
    """Teach vl-convert the report's fonts, once in a process."""
    import vl_convert

    vl_convert.register_font_directory(str(FONT_DIR))
