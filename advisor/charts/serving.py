"""API or own GPUs: the staircase of whole GPUs, where a step's time goes, and what more users at once change."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, looked_up, name, quantity, tips
from advisor.charts.listed import ROW, Listed, listed_layers, listed_rows
from advisor.charts.serving_words import PER
from advisor.charts.style import BLUE, GREEN, GREY, PAPER, PINK, RED, SKY, short_money, short_number
from advisor.costs.serving import Band, Line, LoadCurve, Range, ServingPlan, api_cost, own_band, own_pays, volume_domain
from advisor.text.i18n import Translator
from advisor.text.phrases import option_name

HEIGHT, STEP_HEIGHT, CURVE_HEIGHT = 430, 210, 300
COLOURS = {
    "api": (RED, (7, 4)),
    "own": (BLUE, (1, 0)),
    "endpoint": (PINK, (1, 0)),
    "per_token": (PINK, (3, 3)),
    "next_card": (SKY, (1, 0)),
    "autoscaled": (GREEN, (6, 3)),
    "scale_to_zero": (GREEN, (1, 0)),
}
TERMS = {"weights": BLUE, "kv": SKY, "compute": GREEN, "link": PINK, "fixed": GREY, "prefill": RED}
ENDS = ".\u3002"
HEADROOM = 1.3
"""Factor kept free above the highest line."""
FEWEST_TICKS = 3
WIDEST_TICKS = 6
MOST_MARKS = 8
MILLI = 1e-3


def line_name(line: Line, t: Translator) -> str:
    """What the legend calls a way to serve."""
    if line.id == "api":
        return option_name(t, line.option)
    return t(f"serving.line.{line.id}", gpu=line.gpu, provider=line.provider)


def build_staircase_chart(
    plan: ServingPlan, shown: Sequence[Line], t: Translator, *, per_request: bool = False
) -> alt.LayerChart:
    """Cost of each way to serve against requests a day, both axes in powers of ten.

    With its error where the speed is an estimate, the volumes at which own GPUs start or stop to be cheaper, and
    today's volume.
    """
    view = _View(plan, t, per_request)
    band = own_band(plan) if any(line.id == "own" for line in shown) else None
    costs = [view.cost(line.volumes, line.monthly) for line in shown]
    costs += [view.cost(band.volumes, side) for side in (band.low, band.high)] if band else []
    place = view.place(np.concatenate(costs))
    ends, listed = _ends(plan), _list(shown, view)
    layers = [
        *_error(band, view, place),
        *_lines(shown, view, place),
        *_marks(ends, view, place),
        *_today(view, place),
        *listed_layers("list"),
    ]
    return drawing(layers, HEIGHT + round(ROW * len(listed)), dict(listed_rows("list", listed)))


def _ends(plan: ServingPlan) -> list[float]:
    """Volumes on the axis at which own GPUs start or stop to be cheaper than the API. [requests/day]"""
    if not plan.has_api:
        return []
    low, high = volume_domain(plan)
    return [end for pays in own_pays(plan)[:MOST_MARKS] for end in pays if end is not None and low <= end <= high]


def _list(shown: Sequence[Line], view: "_View") -> list[Listed]:
    """Each way to serve, where own GPUs start to pay, and today's volume."""
    plan, t, ends = view.plan, view.t, _ends(view.plan)
    found = [Listed(line_name(line, t), *COLOURS[line.id]) for line in shown]
    if ends:
        found.append(Listed(t("serving.mark", requests=_whole(ends[0], t)), GREEN, shape="diamond"))
    if plan.volume:
        found.append(Listed(t("serving.today", requests=t.number(plan.volume)), GREY, (5, 4)))
    return found


def staircase_alt(plan: ServingPlan, shown: Sequence[Line], t: Translator) -> str:
    """What the chart shows, in words."""
    said = [t("serving.staircase.alt", lines=t("chart.list").join(line_name(line, t) for line in shown))]
    said += [range_words(own_pays(plan), t)] if plan.has_api else []
    said += [t("serving.today", requests=t.number(plan.volume))] if plan.volume else []
    return t("chart.rows.end").join(sentence.rstrip(ENDS) for sentence in said)


def range_words(ranges: Sequence[Range], t: Translator) -> str:
    """The volumes at which own GPUs cost less, as one phrase."""
    if not ranges:
        return t("serving.pays.never")
    if ranges[0] == (0.0, None):
        return t("serving.pays.always")
    if len(ranges) > MOST_MARKS and ranges[-1][1] is None:
        (start, _), (last, _) = ranges[0], ranges[-1]
        return t("serving.pays.often", low=_whole(start, t), last=_whole(last, t))
    pieces = [
        t("serving.pays.from", low=_whole(low, t))
        if high is None
        else t("serving.pays.between", low=_whole(low, t), high=t.number(math.floor(high), 0))
        for low, high in ranges
    ]
    return t("serving.pays.ranges", ranges=t("serving.and").join(pieces))


def _whole(requests: float, t: Translator) -> str:
    return t.number(math.ceil(round(requests, 3)), 0)


@dataclass(frozen=True)
class _View:
    """The plan, the language, and whether cost is that of a month or of a thousand requests."""

    plan: ServingPlan
    t: Translator
    per_request: bool

    @property
    def currency(self) -> str:
        return self.plan.a.currency

    def cost(self, volumes: np.ndarray, monthly: np.ndarray) -> np.ndarray:
        return np.asarray(monthly / volumes / self.plan.days * PER if self.per_request else monthly)

    def place(self, costs: np.ndarray) -> Spec:
        low, high = volume_domain(self.plan)
        seen = costs[costs > 0]
        floor, top = float(seen.min()) / 1.3, float(seen.max()) * HEADROOM
        volumes = [10.0**k for k in range(round(math.log10(low)), round(math.log10(high)) + 1)]
        title = self.t("serving.axis.thousand" if self.per_request else "serving.axis.month")
        money = {value: self.short(value) for value in power_ticks(floor, top)}
        counts = {value: short_number(self.t, value) for value in volumes}
        return {
            "x": _log("volume", (low, high), counts, self.t("serving.axis.volume"), grid=False),
            "y": _log("cost", (floor, top), money, title),
        }

    def short(self, value: float) -> str:
        return short_money(self.t, value, self.currency) if value >= 1 else self.t.money(value, self.currency)


def _log(column: str, domain: tuple[float, float], words: Mapping[float, str], title: str, **look: object) -> Spec:
    """A logarithmic axis with its own ticks."""
    ticks = list(words)
    places = {str(k): text for k, text in enumerate(words.values())}
    nearest = "+".join(f"(datum.value > {value * 1.01!r})" for value in ticks[:-1]) or "0"
    axis = {"title": title, "values": ticks, "labelExpr": looked_up(places, f"({nearest})"), **look}
    return quantity(column, axis=axis, scale={"type": "log", "domain": list(domain), "nice": False})


def power_ticks(low: float, high: float) -> list[float]:
    """Powers of ten between two positive values; with twos and fives where they are few, thinned where many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    tens = [10.0**k for k in powers if low <= 10.0**k <= high]
    if len(tens) >= FEWEST_TICKS:
        return tens[:: 1 + len(tens) // WIDEST_TICKS]
    finer = [factor * 10.0**k for k in powers for factor in (1, 2, 5)]
    return [value for value in finer if low <= value <= high] or [low]


def _error(band: Band | None, view: _View, place: Spec) -> list[Spec]:
    """The room in which the chosen GPUs' cost lies."""
    if band is None:
        return []
    sides = zip(band.volumes, view.cost(band.volumes, band.low), view.cost(band.volumes, band.high), strict=True)
    rows: list[Row] = [{"volume": float(v), "cost": float(a), "most": float(b)} for v, a, b in sides if a > 0]
    return [layer(rows, "area", {**place, "y2": {"field": "most"}}, color=BLUE, opacity=0.16, **SILENT)]


def _lines(shown: Sequence[Line], view: _View, place: Spec) -> list[Spec]:
    t, words = view.t, {line.id: line_name(line, view.t) for line in shown}
    rows: list[Row] = [
        {
            "volume": float(volume),
            "cost": float(cost),
            "line": line.id,
            "name": words[line.id],
            "volume_text": t.value(round(float(volume)), "requests/day", view.currency),
            "month_text": t.money(float(month), view.currency),
            "thousand_text": t.money(float(month) / float(volume) / view.plan.days * PER, view.currency),
        }
        for line in shown
        for volume, month, cost in zip(line.volumes, line.monthly, view.cost(line.volumes, line.monthly), strict=True)
        if cost > 0
    ]
    ids = list(words)
    colours, dashes = [COLOURS[i][0] for i in ids], [list(COLOURS[i][1]) for i in ids]
    encoding = {
        **place,
        "color": name("line", scale={"domain": ids, "range": colours}, legend=None),
        "strokeDash": name("line", scale={"domain": ids, "range": dashes}, legend=None),
    }
    told = tips(
        ("name", t("serving.tip.way")),
        ("volume_text", t("serving.tip.volume")),
        ("month_text", t("serving.axis.month")),
        ("thousand_text", t("serving.axis.thousand")),
    )
    return [
        layer(rows, "line", encoding, strokeWidth=2.5, aria=False),
        layer(rows, "point", {**place, "tooltip": told}, size=160, opacity=0, aria=False),
    ]


def _marks(ends: Sequence[float], view: _View, place: Spec) -> list[Spec]:
    """Dots where own GPUs start or stop to be cheaper than the API."""
    if not ends:
        return []
    at = np.array(ends)
    costs = view.cost(at, api_cost(view.plan, at))
    rows: list[Row] = [{"volume": float(v), "cost": float(c)} for v, c in zip(at, costs, strict=True)]
    dot = {"filled": True, "opacity": 1, "size": 110, "shape": "diamond", "color": GREEN, "stroke": PAPER}
    return [layer(rows, "point", place, **dot, **SILENT)]


def _today(view: _View, place: Spec) -> list[Spec]:
    """Today's volume as an upright rule."""
    if not view.plan.volume:
        return []
    row: Row = {"volume": view.plan.volume}
    return [layer([row], "rule", {"x": place["x"]}, color=GREY, strokeDash=[5, 4], strokeWidth=1.5, **SILENT)]


# --- For engineers ---------------------------------------------------------------


def build_step_time_chart(seconds: Mapping[str, float], t: Translator) -> alt.LayerChart:
    """One step of a full replica as a bar of its parts."""
    rows: list[Row] = []
    start = 0.0
    for term in TERMS:
        end = start + seconds[term] / MILLI
        rows.append({"term": term, "start": start, "end": end, "name": t(f"serving.term.{term}")})
        start = end
    words = {term: _term_words(term, seconds, t) for term in TERMS}
    legend = {
        "title": None,
        "orient": "top",
        "direction": "vertical",
        "labelLimit": 340,
        "labelExpr": looked_up(words),
    }
    axis = {"title": t("serving.axis.step"), "grid": False, "tickCount": 6}
    told = [{**row, "words": words[str(row["term"])]} for row in rows]
    encoding = {
        "x": quantity("start", axis=axis, scale={"domain": [0, start]}),
        "x2": {"field": "end"},
        "color": name("term", scale={"domain": list(TERMS), "range": list(TERMS.values())}, legend=legend),
        "tooltip": tips(("words", t("serving.axis.step"))),
    }
    return drawing([layer(told, "bar", encoding, height=34, aria=False)], STEP_HEIGHT)


def step_time_alt(seconds: Mapping[str, float], t: Translator) -> str:
    """What the chart shows, in words."""
    return t("chart.list").join(_term_words(term, seconds, t) for term in TERMS)


def _term_words(term: str, seconds: Mapping[str, float], t: Translator) -> str:
    value = t.number(seconds[term] / MILLI, 1)
    share = t.percent(seconds[term] / sum(seconds.values()))
    return t("serving.term.value", name=t(f"serving.term.{term}"), value=value, share=share)


def build_load_chart(curve: LoadCurve, sequences: float, t: Translator, *, seen: bool = False) -> alt.LayerChart:
    """Tokens a second of a whole replica against sequences at once; ``seen``: those that one user sees."""
    rates = 1 / curve.tpot_s if seen else curve.output_tokens_per_s
    rows: list[Row] = [
        {"sequences": float(s), "rate": float(r), "words": load_words(float(s), float(r), t)}
        for s, r in zip(curve.sequences, rates, strict=True)
    ]
    title = t("serving.axis.seen" if seen else "serving.axis.whole")
    domain = (1.0, max(float(curve.sequences[-1]), 2.0))
    ticks = {float(count): t.number(count) for count in (1, 2, 5, 10, 20, 50, 100, 200) if count <= domain[1]}
    place = {
        "x": _log("sequences", domain, ticks, t("serving.axis.sequences"), grid=False),
        "y": quantity("rate", axis={"title": title, "tickCount": 4, "format": ",~f"}, scale={"zero": True}),
    }
    told = tips(("words", title))
    return drawing(
        [
            layer([{"sequences": sequences}], "rule", {"x": place["x"]}, color=GREY, strokeDash=[5, 4], **SILENT),
            layer(rows, "line", place, color=BLUE, strokeWidth=2.5, aria=False),
            layer(rows, "point", {**place, "tooltip": told}, size=200, opacity=0, aria=False),
        ],
        CURVE_HEIGHT,
    )


def load_words(sequences: float, rate: float, t: Translator) -> str:
    """One point of the curve."""
    return t("serving.load", sequences=t.number(sequences), rate=t.number(rate, 0 if rate >= PER / 10 else 1))


def load_alt(curve: LoadCurve, t: Translator, *, seen: bool = False) -> str:
    """First and last point, in words."""
    rates = 1 / curve.tpot_s if seen else curve.output_tokens_per_s
    ends = (load_words(float(curve.sequences[k]), float(rates[k]), t) for k in (0, -1))
    return t("chart.list").join(ends)
