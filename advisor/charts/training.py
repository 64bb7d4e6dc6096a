"""A training run as pictures: memory by part and method against well-known cards, hours against money of every way."""

import math
from collections.abc import Mapping, Sequence

import altair as alt

from advisor.catalog.catalog import Catalog
from advisor.catalog.records import Gpu
from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, looked_up, name, pixels, quantity, tips
from advisor.charts.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    PAPER,
    PINK,
    RED,
    SKY,
    TEXT,
    nice_ticks,
    short_money,
    text_layer,
)
from advisor.charts.training_words import gib_range_text, gib_span_text, gib_text
from advisor.costs.training import PARTS, MethodMemory, TrainingPlan, TrainingWay
from advisor.engineering.descriptions import Method
from advisor.formulas.constants import HOURS_PER_DAY, MINUTES_PER_HOUR
from advisor.text.i18n import Translator
from advisor.text.phrases import joined, without_unit

LANDMARKS = ("rtx-4090-24gb", "rtx-a6000-48gb", "a100-sxm-80gb", "h200-141gb")
"""Cards whose memory most people know, smallest first."""
PART_COLOURS = dict(zip(PARTS, (BLUE, RED, PINK, GREEN, SKY, GREY), strict=True))
METHOD_COLOURS: dict[Method, str] = {"full": RED, "lora": BLUE, "qlora": GREEN}
METHOD_SHAPES: dict[Method, str] = {"full": "square", "lora": "circle", "qlora": "triangle-up"}
METHOD_SIZES: dict[Method, int] = {"full": 95, "lora": 120, "qlora": 230}
"""Shapes of one size do not look of one size."""
ROW, BAR, LABEL_LINE = 56, 20, 13
STEP, LOW_STEP = 2 * LABEL_LINE + 3, 12
"""A card's name and memory, each on a line, and the room to the next card's; on paper they stand on one line."""
WORDS, TO_BAR = 15, 2
"""Height of the words above the middle of a row, and where the rules go on below it [pixels]."""
LATE = 2 / 3
"""Share of the axis from which a card's name stands on the left of its rule, as it would run out of the plot."""
LEGEND, AXIS = 124, 60
HEADROOM = 1.25
"""Beyond the last rule, where the needs stand; on a telephone they would run over it with less."""
SCATTER = 490
SPREAD = 1.35
"""Room beside the outermost points of a logarithmic axis."""
ROUND_STEPS = (1, 2, 5)
LONGEST_IN_MINUTES = 1.5
LEAST_IN_CENTS = 0.1
RING, KEY, ABOVE = 420, 6, 40
"""Area of the ring; middle of the small one that explains it, and how far above the plot that begins [pixels]."""


def hours_text(t: Translator, hours: float | None) -> str:
    """A time to two digits, which is what an estimate knows; short ones in minutes."""
    if hours is None or math.isnan(hours):
        return t("word.unknown")
    if hours < LONGEST_IN_MINUTES:
        return t("training.minutes", value=t.number(float(f"{hours * MINUTES_PER_HOUR:.2g}")))
    return t.value(float(f"{hours:.2g}"), "hours", "")


def hours_band(t: Translator, low: float | None, high: float | None) -> str:
    """Between which times a run probably takes, the unit told once."""
    ends = hours_text(t, low), hours_text(t, high)
    return t("training.band", low=without_unit(*ends), high=ends[1])


def cost_text(t: Translator, cost: float | None, currency: str) -> str:
    """Money to the cent, which is more than an estimate knows; less only where it would vanish."""
    return t.money(cost if cost is None or cost < LEAST_IN_CENTS else round(cost, 2), currency)


def cards_text(t: Translator, catalog: Catalog, gpu: str, gpus: int) -> str:
    """A kind of card, with their number where there are several."""
    shown = catalog.gpu(gpu).short_name
    return shown if gpus == 1 else t("training.cards", gpus=t.number(gpus), gpu=shown)


def way_text(t: Translator, catalog: Catalog, way: TrainingWay) -> str:
    """The cards of a way to train, with what sets them apart: they are the case's, or why they are not chosen."""
    shown = cards_text(t, catalog, way.gpu, way.gpus)
    if way.is_chosen:
        return t("training.chosen", gpu=shown)
    if catalog.gpu(way.gpu).desktop:
        return t("training.desktop", gpu=shown)
    return t("training.thin", gpu=shown) if way.is_thin else shown


def build_training_memory_chart(
    memory: Sequence[MethodMemory], chosen: Method, catalog: Catalog, t: Translator, step: int = STEP
) -> alt.LayerChart:
    """What each method needs on each card, part after part, with the room of well-known cards as upright rules.

    ``LOW_STEP`` makes it lower, where it is never as narrow as on a telephone.
    """
    end = _memory_end(memory, catalog)
    shown = [part for part in PARTS if any(each.parts[part] > 0 for each in memory)]
    words = {part: t(f"training.part.{part}") for part in shown}
    cards = [card for gpu in LANDMARKS if (card := catalog.gpu(gpu)).memory_gib <= end]
    free = [f"cards {row}" for row in range(math.ceil((step * len(cards) - ROW / 2 + WORDS) / ROW))]
    ids = [*free, *(each.method for each in memory)]
    place = {
        "x": quantity("start", axis=_gib_axis(end, t), scale={"domain": [0, end], "nice": False}),
        "y": name("method", sort=None, axis=None, scale={"domain": ids, "paddingInner": 0, "paddingOuter": 0}),
    }
    legend = {
        **{"title": None, "orient": "top", "columns": 2, "labelLimit": 170},
        **{"symbolType": "square", "symbolStrokeWidth": 0},
        "labelExpr": looked_up(words),
    }
    colours = {"domain": shown, "range": [PART_COLOURS[part] for part in shown]}
    bars = layer(
        _segments(memory, words, t),
        "bar",
        {
            **place,
            "x2": {"field": "end"},
            "color": name("part", scale=colours, legend=legend),
            "tooltip": tips(*((c, t(f"training.column.{c[:-5]}")) for c in ("method_text", "part_text", "need_text"))),
        },
        size=BAR,
        yOffset=14,
        stroke=PAPER,
        strokeWidth=1,
        aria=False,
    )
    rules = _landmarks(cards, end, ids[len(free) :], step, t, place)
    layers = [*rules, bars, *_bar_words(memory, chosen, t, place)]
    return drawing(layers, ROW * len(ids) + LEGEND + AXIS)


def training_memory_alt(memory: Sequence[MethodMemory], t: Translator) -> str:
    """What the chart shows, in words."""
    methods = []
    for each in memory:
        parts = sorted(((gib, part) for part, gib in each.parts.items() if gib > 0), reverse=True)
        told = [t("chart.rows.pair", name=t(f"training.part.{p}"), value=gib_text(t, g)) for g, p in parts]
        methods.append(
            t(
                "chart.training.memory_alt_method",
                method=t(f"training.method.{each.method}"),
                total=gib_range_text(t, each.total, each.low, each.high),
                parts=t("chart.list").join(told),
            )
        )
    return t("chart.training.memory_alt", methods=t("chart.list").join(methods))


def _memory_end(memory: Sequence[MethodMemory], catalog: Catalog) -> float:
    """The longest bar, and the smallest of the well-known cards that has room for it."""
    longest = max(each.total for each in memory)
    larger = [gib for gpu in LANDMARKS if (gib := catalog.gpu(gpu).memory_gib) >= longest]
    return HEADROOM * max([longest, *larger[:1]])


def _gib_axis(end: float, t: Translator) -> Spec:
    ticks = nice_ticks(0.0, end, 5)
    words = {f"{tick:.0f}": t.number(tick) for tick in ticks}
    return {"title": t("chart.training.memory_axis"), "values": ticks, "labelExpr": looked_up(words), "grid": False}


def _segments(memory: Sequence[MethodMemory], words: dict[str, str], t: Translator) -> list[Row]:
    rows: list[Row] = []
    for each in memory:
        start = 0.0
        for part, label in words.items():
            size = each.parts[part]
            if size > 0:
                row = {"method": each.method, "part": part, "start": start, "end": start + size}
                text = {"method_text": t(f"training.method.{each.method}"), "part_text": label}
                rows.append({**row, **text, "need_text": gib_text(t, size)})
            start += size
    return rows


def _landmarks(
    cards: Sequence[Gpu], end: float, ids: Sequence[str], step: int, t: Translator, place: Spec
) -> list[Spec]:
    """A rule at the memory of each card through the bars of ``ids``, with gaps where their words stand.

    Each card has a step of its own above them. Its rule begins there, so it crosses no name further left.
    """
    layers: list[Spec] = []
    look = {"color": INK, "strokeDash": [4, 3], "strokeWidth": 1, **SILENT}
    middle = "scale('y', datum.{row}) + bandwidth('y') / 2"
    top = f"datum.above ? {middle.format(row='above')} + {TO_BAR} : datum.step"
    low = f"datum.below ? {middle.format(row='below')} - {WORDS} : range('y')[1]"
    where = {"x": place["x"], "y": pixels(top), "y2": pixels(low)}
    for rank, card in enumerate(cards):
        gaps = zip(["", *ids], [*ids, ""], strict=True)
        at: Row = {"start": card.memory_gib, "step": step * rank}
        layers.append(layer([{**at, "above": a, "below": b} for a, b in gaps], "rule", where, **look))
        is_late = card.memory_gib > LATE * end
        side: Spec = {"align": "right" if is_late else "left", "dx": -5 if is_late else 5, "lineHeight": LABEL_LINE}
        encoding = {"x": place["x"], "y": pixels(step * rank), "text": name("words")}
        layers += text_layer(
            [{**at, "words": _card_words(card, step, t)}], encoding, halo=True, fontSize=12, baseline="top", **side
        )
    return layers


def _card_words(card: Gpu, step: int, t: Translator) -> list[str]:
    """Name and memory, on a line each where a step has room; many a name ends in the memory the card is sold with."""
    words = card.short_name.split(" ")
    both = [" ".join(words[:-2]), " ".join(words[-2:])]
    both = both if words[-1] == "GB" else [card.short_name, gib_text(t, card.memory_gib)]
    return both if step == STEP else [" ".join(both)]


def _bar_words(memory: Sequence[MethodMemory], chosen: Method, t: Translator, place: Spec) -> list[Spec]:
    """Method on the left, need on the right, above their bar; the method of the case in bold."""
    layers: list[Spec] = []
    for weight in ("bold", "normal"):
        rows = [
            {
                "method": m.method,
                "label": _method_label(m.method, chosen, t),
                "need": gib_span_text(t, m.low, m.high),
            }
            for m in memory
            if (m.method == chosen) == (weight == "bold")
        ]
        for column, x, align in (("label", 0, "left"), ("need", "width", "right")):
            encoding = {"x": pixels(x), "y": place["y"], "text": name(column)}
            layers += text_layer(rows, encoding, halo=True, align=align, baseline="bottom", dy=-1, fontWeight=weight)
    return layers


def _method_label(method: Method, chosen: Method, t: Translator) -> str:
    label = t(f"training.method.{method}")
    return t("chart.training.chosen", method=label) if method == chosen else label


def build_training_ways_chart(
    found: Sequence[TrainingWay], plan: TrainingPlan, catalog: Catalog, t: Translator
) -> alt.LayerChart:
    """Hours of a run against what it costs, a point for each method and kind of card, the case's own run marked.

    Both axes are logarithmic, so what costs nothing is left out. Raises ``ValueError`` without a way to draw.
    """
    found = [way for way in found if way.cost > 0]
    currency, case = plan.case.currency, _case(plan)
    hours = _domain([way.hours for way in found] + [HOURS_PER_DAY / 12, *case[:1]])
    money = _domain([way.cost for way in found] + list(case[1:]))
    place = {
        "x": quantity("hours", axis=_hours_axis(hours, t), scale={"type": "log", "domain": hours, "nice": False}),
        "y": quantity(
            "cost", axis=_cost_axis(money, currency, t), scale={"type": "log", "domain": money, "nice": False}
        ),
    }
    methods = [method for method in METHOD_COLOURS if any(way.method == method for way in found)]
    legend = {
        **{"title": None, "orient": "top", "symbolSize": 140, "symbolStrokeWidth": 0, "columnPadding": 6},
        "offset": ABOVE + 8 if _case(plan) else 8,
        "labelExpr": looked_up({method: t(f"training.method.{method}") for method in methods}),
    }
    looks = {
        "color": name("method", scale=_scale(methods, METHOD_COLOURS), legend=legend),
        "shape": name("method", scale=_scale(methods, METHOD_SHAPES), legend=legend),
        "size": name("method", scale=_scale(methods, METHOD_SIZES), legend=None),
    }
    told = tips(*((f"{c}_text", t(f"training.column.{c}")) for c in ("method", "gpu", "hours", "cost")))
    # The last lies on top, and LoRA and QLoRA often take the same time.
    ordered = sorted(found, key=lambda way: way.method == plan.work.method)
    rows = [_way_row(way, catalog, currency, t) for way in ordered]
    look = {"filled": True, "opacity": 1, "stroke": PAPER, "strokeWidth": 1, "aria": False}
    points = layer(rows, "point", {**place, **looks, "tooltip": told}, **look)
    return drawing([*_day(hours, t, place), points, *_marks(found, plan, catalog, t, place)], SCATTER)


def training_ways_alt(found: Sequence[TrainingWay], plan: TrainingPlan, catalog: Catalog, t: Translator) -> str:
    """What the chart shows, in words."""
    currency, told = plan.case.currency, []
    for method in METHOD_COLOURS:
        same = [way for way in found if way.method == method]
        if same:
            ends = {"cheap": min(same, key=lambda way: way.cost), "fast": min(same, key=lambda way: way.hours)}
            words = {key: cards_text(t, catalog, way.gpu, way.gpus) for key, way in ends.items()}
            words |= {f"{key}_hours": hours_text(t, way.hours) for key, way in ends.items()}
            words |= {f"{key}_cost": cost_text(t, way.cost, currency) for key, way in ends.items()}
            told.append(t("chart.training.ways_alt_method", method=t(f"training.method.{method}"), **words))
    return t("chart.training.ways_alt", count=t.number(len(found)), methods=joined(told, t))


def _case(plan: TrainingPlan) -> tuple[float, ...]:
    """Hours and cost of the case's own run, if both are known and can stand on a logarithmic axis."""
    return (plan.hours, plan.run_cost) if plan.hours and plan.run_cost else ()


def _domain(values: Sequence[float]) -> list[float]:
    return [min(values) / SPREAD, max(values) * SPREAD]


def _scale(methods: Sequence[Method], looks: Mapping[Method, object]) -> Spec:
    return {"domain": list(methods), "range": [looks[method] for method in methods]}


def _round_values(domain: Sequence[float]) -> list[float]:
    """1, 2 and 5 times the powers of ten inside a domain; the powers alone where that would be many."""
    powers = range(math.floor(math.log10(domain[0])), math.ceil(math.log10(domain[1])) + 1)
    steps = ROUND_STEPS if len(powers) <= len(ROUND_STEPS) + 1 else ROUND_STEPS[:1]
    found = [float(f"{step * 10.0**power:.6g}") for power in powers for step in steps]
    return [value for value in found if domain[0] <= value <= domain[1]]


def _log_axis(domain: Sequence[float], words: dict[float, str], title: str) -> Spec:
    keys = {f"{value:.12g}": text for value, text in words.items()}
    return {"title": title, "values": list(words), "labelExpr": looked_up(keys), "labelLimit": 120}


def _hours_axis(domain: Sequence[float], t: Translator) -> Spec:
    return _log_axis(domain, {v: t.number(v) for v in _round_values(domain)}, t("chart.training.hours_axis"))


def _cost_axis(domain: Sequence[float], currency: str, t: Translator) -> Spec:
    words = {v: t.money(v, currency) if v < 1 else short_money(t, v, currency) for v in _round_values(domain)}
    return _log_axis(domain, words, t("chart.training.cost_axis"))


def _way_row(way: TrainingWay, catalog: Catalog, currency: str, t: Translator) -> Row:
    return {
        "hours": way.hours,
        "cost": way.cost,
        "method": way.method,
        "gpu": way.gpu,
        "method_text": t(f"training.method.{way.method}"),
        "gpu_text": cards_text(t, catalog, way.gpu, way.gpus),
        "hours_text": hours_text(t, way.hours),
        "cost_text": cost_text(t, way.cost, currency),
    }


def _day(domain: Sequence[float], t: Translator, place: Spec) -> list[Spec]:
    """Where a run takes a day, if that is near enough to be seen."""
    if not domain[0] < HOURS_PER_DAY < domain[1]:
        return []
    row: Row = {"hours": HOURS_PER_DAY, "words": t("chart.training.day")}
    at = {"x": place["x"], "y": pixels(4), "text": name("words")}
    return [
        layer([row], "rule", {"x": place["x"]}, color=GREY, strokeDash=[5, 4], **SILENT),
        *text_layer([row], at, halo=True, fontSize=12, align="right", baseline="top", dx=-5),
    ]


def _marks(
    found: Sequence[TrainingWay], plan: TrainingPlan, catalog: Catalog, t: Translator, place: Spec
) -> list[Spec]:
    """A ring around the run of the case; its card stands above the plot, where it hides no other run."""
    at = _case(plan)
    if not at:
        return []
    known = plan.gpu if plan.names_machine else None
    card = t("chart.training.this_case") if known is None else cards_text(t, catalog, known, plan.gpus)
    words = [card, t("word.comma").join((hours_text(t, at[0]), cost_text(t, at[1], plan.case.currency)))]
    row: Row = {"hours": at[0], "cost": at[1], "words": words}
    look: Spec = {"shape": "circle", "filled": False, "strokeWidth": 3, "color": INK, **SILENT}
    ring = layer([row], "point", place, size=RING, **look)
    key = layer([row], "point", {"x": pixels(KEY), "y": pixels(TEXT - ABOVE)}, size=RING / 3, **look)
    beside = {"x": pixels(3 * KEY), "y": pixels(-ABOVE), "text": name("words")}
    return [ring, key, *text_layer([row], beside, fontWeight="bold", lineHeight=16, align="left", baseline="top")]
