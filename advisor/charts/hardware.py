"""What a year of a card costs against its hours of use: owned, by the hour, by the month, interruptible."""

import altair as alt

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, looked_up, name, quantity, tips
from advisor.charts.listed import ROW, Listed, listed_layers, listed_rows
from advisor.charts.style import BLUE, GREEN, GREY, PAPER, PINK, RED, money_axis, nice_ticks
from advisor.costs.buy_or_rent import Ownership
from advisor.formulas.constants import HOURS_PER_YEAR
from advisor.text.i18n import Translator

LINES = ("own", "hourly", "monthly", "spot")
"""The paused rental runs so close to the running one that only the table shows it."""
LOOK: dict[str, tuple[str, tuple[int, ...]]] = {
    "own": (BLUE, (1, 0)),
    "hourly": (RED, (10, 4)),
    "monthly": (GREEN, (3, 3)),
    "spot": (PINK, (12, 3, 3, 3)),
}
HEIGHT = 400
BEYOND_USE, BEYOND_EVEN = 1.5, 1.2
"""How far the axis goes on behind the hours of use and behind the last break-even."""
HEADROOM = 1.06
POINTS = 24


def build_hardware_chart(found: Ownership, t: Translator) -> alt.LayerChart:
    """A line for each way over the hours of use, with the hours of the case and the break-even hours marked."""
    shown = [way for way in LINES if way in found.ways]
    last = last_hour(found)
    top = HEADROOM * (max((found.ways[way].cost(last) for way in shown), default=0.0) or 1.0)
    title = t("hardware.chart.cost")
    place = {
        "x": quantity("hours", axis=_hour_axis(t, last), scale={"domain": [0, last], "nice": False}),
        "y": quantity(
            "cost",
            axis=money_axis(t, (0.0, top), found.currency, title),
            scale={"domain": [0, top], "nice": False},
        ),
    }
    listed = _list(found, shown, t)
    layers = [*_lines(found, shown, last, t, place), *_marks(found, t, place), *listed_layers("list")]
    return drawing(layers, HEIGHT + round(ROW * len(listed)), dict(listed_rows("list", listed)))


def hardware_alt(found: Ownership, t: Translator) -> str:
    """What the chart shows, in words."""
    costs = [
        t("hardware.chart.alt_way", way=t(f"hardware.way.{w}"), cost=t.money(found.ways[w].cost(found.hours), c))
        for w in LINES
        if w in found.ways and (c := found.currency)
    ]
    evens = [words for _, _, words in break_evens(found, t)]
    hours = t.value(found.hours, "hours", found.currency)
    return t("hardware.chart.alt", hours=hours, costs=t("chart.list").join([*costs, *evens]))


def last_hour(found: Ownership) -> float:
    """Where the axis of hours ends: behind the hours of use and every break-even of the year."""
    evens = [BEYOND_EVEN * even.hours for even in found.break_evens.values() if even.status == "ok"]
    return min(max(BEYOND_USE * found.hours, *evens, 1.0), max(HOURS_PER_YEAR, found.hours))


def break_evens(found: Ownership, t: Translator) -> list[tuple[float, float, str]]:
    """Hours, cost and words of each break-even within the year, in the order of the hours."""
    hourly = found.ways.get("hourly")
    if hourly is None:
        return []
    evens = [(even.hours, way) for way, even in found.break_evens.items() if even.status == "ok"]
    return [
        (hours, hourly.cost(hours), t(f"hardware.chart.from_{way}", hours=t.number(hours, 0)))
        for hours, way in sorted(evens)
    ]


def _hour_axis(t: Translator, last: float) -> Spec:
    ticks = nice_ticks(0.0, last, 6)
    words = {str(k): t.number(value) for k, value in enumerate(ticks)}
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    place = f"round(datum.value / {step!r})"
    return {"title": t("hardware.chart.hours"), "values": ticks, "labelExpr": looked_up(words, place), "grid": False}


def _lines(found: Ownership, shown: list[str], last: float, t: Translator, place: Spec) -> list[Spec]:
    rows = [_point(found, way, last * k / POINTS, t) for way in shown for k in range(POINTS + 1)]
    line = {
        **place,
        "color": name("way", scale={"domain": shown, "range": [LOOK[w][0] for w in shown]}, legend=None),
        "strokeDash": name("way", scale={"domain": shown, "range": [list(LOOK[w][1]) for w in shown]}, legend=None),
    }
    told = tips(
        ("name", t("ui.column.option")),
        ("hours_text", t("hardware.chart.hours")),
        ("cost_text", t("hardware.chart.cost")),
    )
    return [
        layer(rows, "line", line, strokeWidth=2.5, aria=False),
        layer(rows, "point", {**place, "tooltip": told}, size=200, opacity=0, aria=False),
    ]


def _point(found: Ownership, way: str, hours: float, t: Translator) -> Row:
    cost = found.ways[way].cost(hours)
    return {
        "hours": hours,
        "cost": cost,
        "way": way,
        "name": t(f"hardware.way.{way}"),
        "hours_text": t.number(hours, 0),
        "cost_text": t.money(cost, found.currency),
    }


def _list(found: Ownership, shown: list[str], t: Translator) -> list[Listed]:
    """Each way, its card where they differ; the hours of the case, then each break-even."""
    words = {way: t(f"hardware.way.{way}") for way in shown}
    if found.mixes_cards:
        words = {w: t("hardware.chart.way", way=said, card=found.ways[w].price.name) for w, said in words.items()}
    return [
        *(Listed(words[way], *LOOK[way]) for way in shown),
        Listed(t("hardware.chart.yours", hours=t.number(found.hours, 0)), GREY, (1, 0)),
        *(Listed(said, GREEN, shape="diamond") for _, _, said in break_evens(found, t)),
    ]


def _marks(found: Ownership, t: Translator, place: Spec) -> list[Spec]:
    """The hours of the case, then each break-even: a rule, and a dot where the lines meet."""
    rule: Spec = {"color": GREY, "strokeWidth": 1.5, **SILENT}
    layers = [layer([{"hours": found.hours}], "rule", {"x": place["x"]}, **rule)]
    for hours, cost, _ in break_evens(found, t):
        row: Row = {"hours": hours, "cost": cost}
        dot = {"shape": "diamond", "filled": True, "opacity": 1, "size": 130, "color": GREEN, "stroke": PAPER}
        layers += [
            layer([row], "rule", {"x": place["x"]}, **rule, strokeDash=[5, 4]),
            layer([row], "point", place, **dot, **SILENT),
        ]
    return layers
