"""The payback picture: the running total of the cash over the simulated futures, and when the money is back."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from advisor.catalog.catalog import Catalog
from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, name, pixels, quantity, tips, told, told_by
from advisor.charts.style import (
    BLUE,
    CASE,
    GREEN,
    GREY,
    LINE,
    PAPER,
    PINK,
    RED,
    SKY,
    fitted_labels,
    fitted_row,
    money_of,
    money_rows,
    month_axis,
    moving_axis,
)
from advisor.core.notices import UnknownPrice
from advisor.decision.advice import Advice
from advisor.risk.headline import Headline
from advisor.risk.simulation import Simulation
from advisor.text.headline_phrases import in_ten_text
from advisor.text.i18n import Translator

HEADROOM = 0.3
"""Share of the plotted range kept free above for the labels, which no line then meets."""
FOOTROOM = 0.08
NARROW = 480
"""Width of a telephone's plot at most [pixels], where letters stay small."""

SERIES = ("case", "band", "failed", "unchanged", "entered")
COLOURS = (BLUE, SKY, RED, GREY, PINK)
STROKES = (1.2, 4.0, 0.8, 0.9, 0.7)
"""Widths as multiples of the picture's own; that of the band is only drawn in the legend."""
DASHES = ((1, 0), (1, 0), (1, 2), (3, 2), (4, 1.5))


@dataclass(frozen=True)
class _Look:
    """Sizes for a reader at a desk or at the back of a room."""

    text: int
    stroke: float
    dot: int
    height: int
    axis: int | None

    @property
    def ticks(self) -> Spec:
        """Height of an axis' letters [pixels]."""
        return {"expr": f"width < {NARROW} ? {min(self.axis or DESK_TEXT, DESK_TEXT)} : {self.axis}"}

    @property
    def letters(self) -> str:
        """Height of letters [pixels] as an expression: a telephone has no room for those of a screen on the wall."""
        return f"(width < {NARROW} ? {min(self.text, DESK_TEXT)} : {self.text})"


DESK_TEXT = 13
DESK = _Look(text=DESK_TEXT, stroke=2.5, dot=110, height=425, axis=None)
ROOM = _Look(text=24, stroke=5, dot=420, height=680, axis=20)


def build_payback_chart(
    advice: Advice,
    t: Translator,
    unchanged: Advice | None = None,
    *,
    presentation: bool = False,
    paper: bool = False,
    as_entered: bool = False,
) -> alt.LayerChart:
    """The cash in 8 of 10 futures in which tuning works, its middle, and the month in which the money is back.

    Where the gate is failed for sure it is what is lost. ``unchanged`` is the case before a change, ``as_entered`` adds
    the case with every number as it stands, unless it fails; on ``paper`` there is room for the legend in one line.
    Raises ``UnknownPrice`` without money to draw.
    """
    look = ROOM if presentation else DESK
    lines, currency = _lines(advice, unchanged, as_entered), advice.assessment.assumptions.currency
    p10, p50, p90 = _running_total(advice)
    horizon = len(p50) - 1
    size = {"labelFontSize": look.ticks, "titleFontSize": look.ticks} if look.axis else {}
    place = {
        "x": quantity("month", axis=month_axis(t, horizon, **size), scale={"domain": [0, horizon], "nice": False}),
        "y": quantity("balance", **moving_axis("cash_axis", t("chart.axis.cumulative_cash"), **size)),
    }
    between = {**place, "y": {**place["y"], "field": "p10"}, "y2": {"field": "p90"}}
    layers = [
        layer("months", "area", between, color=SKY, opacity=0.25, **SILENT),
        layer([{"balance": 0}], "rule", {"y": place["y"]}, color=GREY, strokeWidth=1.5, **SILENT),
        *_drawn_lines(t, place, look, paper),
        *_event_layers(place, look),
        *fitted_labels("labels", look.letters),
    ]
    found = _events(advice, t)
    drawn = np.concatenate([p10, p90, *lines.values(), np.zeros(1)])
    moving: dict[str, list[Row]] = {
        "months": _month_rows(p10, p50, p90, t, currency),
        "lines": [row for series in reversed(lines) for row in _line_rows(series, lines[series], horizon)],
        "events": [
            {"month": month, "balance": 0, "line": line, "above": len(found) - 1}
            for line, (month, _) in enumerate(found)
        ],
        "labels": _label_rows(found, payback_words(advice, t), horizon),
        "legend": told(_names(advice, unchanged, as_entered, t)),
        "cash_axis": money_rows(t, _domain(drawn), currency, wanted=5, top=float(drawn.max())),
    }
    return drawing(layers, look.height, moving)


def payback_alt(advice: Advice, t: Translator, unchanged: Advice | None = None, *, as_entered: bool = False) -> str:
    """What the chart shows, in words."""
    simulation, told_first = simulated(advice)
    currency = advice.assessment.assumptions.currency
    p10, p50, p90 = (t.money(float(line[-1]), currency) for line in _running_total(advice))
    horizon = t.months(simulation.cumulative.shape[1] - 1, 0)
    back = t("chart.list").join(words for _, words in _events(advice, t)) or payback_words(advice, t)
    key = "chart.payback.alt_fails" if told_first.fails else "chart.payback.alt"
    said = t(key, horizon=horizon, back=back, p10=p10, p50=p50, p90=p90)
    if _may_fail(told_first):
        chances = in_ten_text(1 - told_first.chance, t)
        said += t("chart.payback.alt_failed", chances=chances, lost=_lost(told_first, t, currency))
    if as_entered and not told_first.fails:
        said += t("chart.payback.alt_entered", end=t.money(float(as_entered_cash(advice)[-1]), currency))
    if unchanged is not None:
        end = t.money(float(_running_total(unchanged)[1][-1]), currency)
        said += t("chart.payback.alt_unchanged", before=payback_words(unchanged, t), end=end)
    return said


def as_entered_cash(advice: Advice) -> NDArray[np.float64]:
    """Running total of the cash flows with every number as it stands, index 0 = today."""
    economics, _ = money_of(advice)
    total: NDArray[np.float64] = np.cumsum(economics.cash_flows)
    return total


def from_article(advice: Advice, catalog: Catalog) -> bool:
    """Whether the case is that of an article, which counts with every number as it stands."""
    preset = catalog.presets.get(advice.scenario.preset or "")
    return preset is not None and preset.article is not None


def payback_words(advice: Advice, t: Translator) -> str:
    """When the money is typically back, to the same digit as on the card, or that it is not."""
    _, found = simulated(advice)
    if not found.serves:
        return t("chart.payback.nothing_served")
    if found.payback.p50 is None:
        return t("chart.payback.not_back", horizon=t.months(found.horizon, 0))
    key = "chart.payback.back_if" if _may_fail(found) else "chart.payback.back"
    return t(key, months=t.number(found.payback.p50, 1))


# --- What is drawn --------------------------------------------------------------------------------


def simulated(advice: Advice) -> tuple[Simulation, Headline]:
    """Raises ``UnknownPrice`` where a needed number is unknown: there is nothing to draw."""
    if advice.simulation is None or advice.headline is None:
        raise UnknownPrice(advice.assessment.missing)
    return advice.simulation, advice.headline


def _may_fail(found: Headline) -> bool:
    return found.serves and 0 < found.chance < 1


def _running_total(advice: Advice) -> NDArray[np.float64]:
    """P10, P50 and P90 in each month, (3, months + 1): where tuning works; where it fails for sure, what is lost."""
    simulation, found = simulated(advice)
    lost = found.npv_if_failed
    if not (found.serves and found.fails) or lost.p10 is None or lost.p50 is None or lost.p90 is None:
        return simulation.cumulative
    return np.outer((lost.p10, lost.p50, lost.p90), np.ones(simulation.cumulative.shape[1]))


def _lines(advice: Advice, unchanged: Advice | None, as_entered: bool) -> dict[str, NDArray[np.float64]]:
    """Every line by its series, the one that matters most first."""
    _, found = simulated(advice)
    lines = {"case": _running_total(advice)[1]}
    if _may_fail(found) and found.npv_if_failed.p50 is not None:
        lines["failed"] = np.full(len(lines["case"]), found.npv_if_failed.p50)
    if unchanged is not None:
        lines["unchanged"] = _running_total(unchanged)[1]
    if as_entered and not found.fails:
        lines["entered"] = as_entered_cash(advice)
    return lines


def _names(advice: Advice, unchanged: Advice | None, as_entered: bool, t: Translator) -> dict[str, str]:
    """Words of the legend, of what is drawn alone."""
    _, found = simulated(advice)
    names = {"case": t("chart.payback.case"), "band": t("chart.payback.band")}
    if found.serves and found.fails:
        names["case"] = t("chart.payback.failed")
    if _may_fail(found):
        names["case"] = t("chart.payback.case_if")
        names["band"] = t("chart.payback.band_if")
        names["failed"] = t("chart.payback.failed")
    if unchanged is not None:
        names["unchanged"] = _before(unchanged, t)
    if as_entered and not found.fails:
        names["entered"] = t("chart.payback.entered")
    return names


def _before(unchanged: Advice, t: Translator) -> str:
    """The payback before a change, as short as a legend on a telephone."""
    _, found = simulated(unchanged)
    if found.payback.p50 is None:
        return t("chart.payback.unchanged_not", horizon=t.months(found.horizon, 0))
    return t("chart.payback.unchanged", months=t.number(found.payback.p50, 1))


def _lost(found: Headline, t: Translator, currency: str) -> str:
    return t.prose_money(-(found.npv_if_failed.p50 or 0.0), currency)


def _events(advice: Advice, t: Translator) -> list[tuple[float, str]]:
    """Months in which the money is typically back, or lost again, with the words beside them."""
    simulation, found = simulated(advice)
    if found.payback.p50 is None or not found.serves:
        return []
    events = [(found.payback.p50, payback_words(advice, t))]
    middle = simulation.cumulative[1]
    if middle[-1] < 0 and (crossed := crossings(middle)):
        events.append((crossed[-1], t("chart.payback.lost_again", months=t.number(crossed[-1], 1))))
    return events


def crossings(balance: NDArray[np.float64]) -> list[float]:
    """Points on the month axis where the running total passes through zero, linear inside the month."""
    found = []
    for month in range(1, len(balance)):
        before, after = float(balance[month - 1]), float(balance[month])
        if (before < 0) != (after < 0):
            found.append(month - 1 + before / (before - after))
    return found


def _domain(drawn: NDArray[np.float64]) -> tuple[float, float]:
    low, high = float(drawn.min()), float(drawn.max())
    span = (high - low) or 1.0
    return low - FOOTROOM * span, high + HEADROOM * span


def _line_rows(series: str, balance: NDArray[np.float64], horizon: int) -> list[Row]:
    return [{"month": k, "balance": float(v), "series": series} for k, v in enumerate(balance[: horizon + 1])]


def _month_rows(
    p10: NDArray[np.float64], p50: NDArray[np.float64], p90: NDArray[np.float64], t: Translator, currency: str
) -> list[Row]:
    """The band, and what the mouse tells of each month."""
    lines = {"p10": p10, "p50": p50, "p90": p90}
    return [
        {
            "month": month,
            "balance": float(p50[month]),
            "month_text": t.number(month),
            **{key: float(line[month]) for key, line in lines.items()},
            **{f"{key}_text": t.money(float(line[month]), currency) for key, line in lines.items()},
        }
        for month in range(len(p50))
    ]


def _label_rows(events: list[tuple[float, str]], otherwise: str, horizon: int) -> list[Row]:
    shown = events or [(float(horizon), otherwise)]
    return [fitted_row(words, month / max(horizon, 1), line) for line, (month, words) in enumerate(shown)]


# --- Marks ----------------------------------------------------------------------------------------


def _drawn_lines(t: Translator, place: Spec, look: _Look, paper: bool) -> list[Spec]:
    """The lines by their series, and what the mouse tells of each month."""
    legend = _legend(look, paper)
    scales = {
        "color": [CASE, *COLOURS[1:]],
        "strokeDash": [[look.stroke * part for part in dash] for dash in DASHES],
        "strokeWidth": [look.stroke * part for part in STROKES],
    }
    line = {
        channel: name("series", scale={"type": "ordinal", "domain": list(SERIES), "range": told_apart}, legend=legend)
        for channel, told_apart in scales.items()
    }
    shown = [(f"{key}_text", t(f"chart.payback.tip.{key}")) for key in ("p90", "p50", "p10")]
    hover = tips(("month_text", t("chart.tip.month")), *shown)
    return [
        layer("lines", "line", {**place, **line}, aria=False),
        layer("months", "point", {**place, "tooltip": hover}, size=260, opacity=0, aria=False),
    ]


def _legend(look: _Look, paper: bool) -> Spec:
    """Names of what is drawn. The series stay the same, so that a change moves the picture and builds no other."""
    size: dict[str, Any] = {"labelFontSize": {"expr": look.letters}} if look.axis else {}
    return {
        "title": None,
        "orient": "top",
        **({"direction": "horizontal", "columns": 4} if paper else {"direction": "vertical"}),
        "values": {"expr": "pluck(data('legend'), 'key')"},
        "labelLimit": 340 if look.axis is None else 900,
        "padding": 0,
        "symbolType": "stroke",
        "symbolSize": 500,
        "labelExpr": told_by("legend"),
        **size,
    }


def _event_layers(place: Spec, look: _Look) -> list[Spec]:
    """Rule and dot where the moving ``events`` say that the money is back, or lost again."""
    sign = {
        "color": {"expr": f"datum.line ? '{RED}' : '{GREEN}'"},
        "shape": {"expr": "datum.line ? 'triangle-down' : 'diamond'"},
    }
    below = f"datum.above * {look.letters} * {LINE}"
    rule = {"color": GREY, "strokeDash": [look.stroke * 2, look.stroke * 1.5], "strokeWidth": look.stroke / 2}
    edge = {"filled": True, "opacity": 1, "size": look.dot, "stroke": PAPER, "strokeWidth": 1.5}
    return [
        layer("events", "rule", {"x": place["x"], "y": pixels(below), "y2": pixels("height")}, **rule, **SILENT),
        layer("events", "point", place, **sign, **edge, **SILENT),
    ]
