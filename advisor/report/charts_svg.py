"""A chart as SVG for print: no network, the report's own font, light colours whatever the theme on screen."""

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from advisor.report.document import Language
from advisor.report.pdf import FONT_DIR

if TYPE_CHECKING:
    import altair

FONT = "Noto Sans SC"
INK, GREY, HAIR = "#1b2430", "#566270", "#d5dbe2"
DATES: dict[Language, Literal["en-US", "zh-CN"]] = {"en": "en-US", "zh": "zh-CN"}
NUMBERS: Literal["en-US"] = "en-US"  # 1,234.5 in both languages; the Chinese one would turn a "$" format into yuan
# What a chart says about itself wins over this.
PRINT_CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelFont": FONT,
        "titleFont": FONT,
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
        "labelFont": FONT,
        "titleFont": FONT,
        "labelColor": INK,
        "titleColor": GREY,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "header": {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": GREY},
    "title": {"font": FONT, "subtitleFont": FONT, "color": INK, "subtitleColor": GREY},
    "text": {"font": FONT, "color": INK},
    "range": {"category": ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]},
}


EMPTY: dict[str, Any] = {"mark": "point", "data": {"values": []}}


def chart_to_svg(chart: "altair.TopLevelMixin", language: Language) -> str:
    """``chart`` drawn as SVG with the names of months and days in ``language``."""
    return _svg(chart.to_dict(), language)


def warm_up() -> None:
    """Draw nothing once: starting the drawing engine takes longer than any chart."""
    _svg(EMPTY, "en")


def _svg(specification: dict[str, Any], language: Language) -> str:
    import vl_convert

    _register_fonts()
    return vl_convert.vegalite_to_svg(
        specification,
        config=PRINT_CONFIG,
        allowed_base_urls=[],
        format_locale=NUMBERS,
        time_format_locale=DATES[language],
    )


@cache
def _register_fonts() -> None:
    """Teach vl-convert the report's fonts, once in a process."""
    import vl_convert

    vl_convert.register_font_directory(str(FONT_DIR))
