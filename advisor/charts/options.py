"""What every alternative is worth against going on as today, ranked, with the range of the draws where it is known."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import altair as alt

from advisor.charts.drawing import SILENT, Spec, drawing, layer, name, pixels, quantity, tips
from advisor.charts.option_words import grouped_name, marks, range_text
from advisor.charts.row_layout import BAR, BAR_OFFSET, BarRow, bar_domain, row_place, rows_height, value_ticks
from advisor.charts.style import (
    BLUE,
    BOLD,
    CASE,
    GREEN,
    GREY,
    INK,
    PAPER,
    SKY,
    SMALLEST,
    TEXT,
    WIDTH_OF_NARROW,
    money_axis,
    text_layer,
    text_width,
)
from advisor.decision.alternatives import Alternative, State
from advisor.text.i18n import Translator

Group = Sequence[Alternative]
"""Alternatives that one bar stands for; the first leads."""
EDGE = {"expr": f"datum.colour == '{BLUE}' ? {CASE['expr']} : datum.colour"}
LOOKS: Mapping[State, Spec] = {
    "ruled_out": {"opacity": 0.45},
    "untested": {"fillOpacity": 0.12, "strokeWidth": 1.5, "strokeDash": [4, 3], "stroke": EDGE},
    "in": {},
}
"""Solid where it is in, hollow with a dashed edge where nobody has tested it, pale where it is ruled out."""
GAP = 14
"""Pixels between a long name and its figure."""
TICK = 10


@dataclass(frozen=True)
class _Bar(BarRow):
    """One alternative with a known value; the range is of its value against today."""

    low: float | None = None
    high: float | None = None
    state: State = "in"


def build_options_chart(
    groups: Sequence[Group], names: Mapping[str, str], currency: str, t: Translator
) -> alt.LayerChart:
    """A bar for every group of alternatives whose money is known, in the order given."""
    bars = _bars(groups, names, currency, t)
    domain = bar_domain([*bars, *(BarRow(bar.id, "", "", bar.low, bar.high) for bar in bars)])
    axis = money_axis(t, domain, currency, t("options.chart.axis"), wanted=4, grid=False)
    place = {
        "y": row_place(bars),
        "x": quantity("start", axis=axis, scale={"domain": list(domain), "nice": False, "zero": False}),
    }
    zero = value_ticks([bar.id for bar in bars], 0.0, place["y"], GREY)
    layers = [zero, *_drawn_bars(bars, place, currency, t), *_whiskers(bars, place), *_words(bars)]
    return drawing(layers, rows_height(bars))


def options_alt(groups: Sequence[Group], names: Mapping[str, str], currency: str, t: Translator) -> str:
    """What the chart shows, in words."""
    by_id = {bar.id: bar for bar in _bars(groups, names, currency, t)}
    told = []
    for row, *others in groups:
        bar = by_id.get(row.id)
        if bar is None:
            continue
        label, said = names[row.id], [t(f"options.state.{mark}") for mark in marks(row) if mark != "case"]
        if others:
            label = t("options.chart.and_alike", name=label, count=len(others))
        if said:
            label = t("options.chart.alt_marked", name=label, mark=t("word.comma").join(said))
        if bar.low is None or bar.high is None:
            told.append(t("options.chart.alt_row", name=label, value=bar.value))
        else:
            low, high = t.money(bar.low, currency), t.money(bar.high, currency)
            told.append(t("options.chart.alt_range", name=label, value=bar.value, low=low, high=high))
    return t("options.chart.alt", rows=t("chart.list").join(told))


def _bars(groups: Sequence[Group], names: Mapping[str, str], currency: str, t: Translator) -> list[_Bar]:
    found = []
    for group in groups:
        row = group[0]
        worth = row.npv_against_today
        if worth is None:
            continue
        colour = GREEN if row.is_baseline else BLUE if row.tunes else SKY
        label, value = grouped_name(group, names, t), t.money(worth, currency)
        is_main = row.is_baseline or row.is_case
        found.append(
            _Bar(
                *(row.id, label, value, 0.0, worth, GREY if row.state == "ruled_out" else colour, is_main),
                *(row.today_p10, row.today_p90, row.state),
            )
        )
    return found


def _drawn_bars(bars: Sequence[_Bar], place: Spec, currency: str, t: Translator) -> list[Spec]:
    titles = {"name": "tip", "value": "tip_value", "range": "tip_range"}
    told = tips(*((column, t(f"options.chart.{title}")) for column, title in titles.items()))
    colour = name("colour", scale=None, legend=None)
    encoding = {**place, "x2": {"field": "end"}, "fill": colour, "tooltip": told}
    layers = []
    for state, look in LOOKS.items():
        shown = [{**asdict(bar), "range": _range(bar, currency, t)} for bar in bars if bar.state == state]
        if shown:
            layers.append(layer(shown, "bar", encoding, size=BAR, yOffset=BAR_OFFSET, aria=False, **look))
    return layers


def _range(bar: _Bar, currency: str, t: Translator) -> str:
    return "" if bar.low is None or bar.high is None else range_text(bar.low, bar.high, currency, t)


def _whiskers(bars: Sequence[_Bar], place: Spec) -> list[Spec]:
    """A thin line from P10 to P90 with an end on both sides, on a light edge that parts it from the bar."""
    known = [{"id": bar.id, "start": bar.low, "end": bar.high} for bar in bars if bar.low is not None]
    if not known:
        return []
    ends = [{"id": row["id"], "start": row[end]} for row in known for end in ("start", "end")]
    span, at = {**place, "x2": {"field": "end"}}, place
    look: Spec = {"yOffset": BAR_OFFSET, **SILENT}
    return [
        layer(known, "rule", span, color=PAPER, strokeWidth=4, **look),
        layer(ends, "tick", at, color=INK, size=TICK, thickness=2, orient="vertical", **look),
        layer(known, "rule", span, color=INK, strokeWidth=1.5, **look),
    ]


def _words(bars: Sequence[_Bar]) -> list[Spec]:
    """Name on the left, with smaller letters, then cut, where it would run into the figure on the right."""
    room = GAP + TEXT * WIDTH_OF_NARROW * max(len(bar.value) for bar in bars)
    layers = []
    for is_main in (False, True):
        shown = [
            {"id": bar.id, "name": bar.name, "value": bar.value, "wide": text_width(bar.name, BOLD if is_main else 1.0)}
            for bar in bars
            if bar.is_heading == is_main
        ]
        least = f"max({SMALLEST}, (width - {room:.0f}) / datum.wide)"
        fitted: Spec = {"fontSize": {"expr": f"min({TEXT}, {least})"}, "limit": {"expr": f"width - {room:.0f}"}}
        look: Spec = {"baseline": "bottom", "fontWeight": "bold" if is_main else "normal"}
        for column, x, how in (("name", 0, fitted), ("value", "width", {"align": "right"})):
            encoding = {"x": pixels(x), "y": row_place(bars), "text": name(column)}
            if shown:
                layers += text_layer(shown, encoding, halo=True, **{"align": "left", **look, **how})
    return layers
