"""Cost charts: the investment against the monthly saving, and the line items by size."""

from collections.abc import Sequence

import altair as alt

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, name, quantity, tips
from advisor.charts.listed import Listed, listed_layers, listed_rows
from advisor.charts.payback import payback_words
from advisor.charts.row_layout import BarRow, bar_layers, rows_height
from advisor.charts.style import (
    BLUE,
    CASE,
    GREEN,
    GREY,
    PAPER,
    PINK,
    RED,
    money_of,
    money_rows,
    month_axis,
    moving_axis,
)
from advisor.core.records import LineItem, OptionResult
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator
from advisor.text.phrases import bill_money

ROLES = ("untuned", "tuned")
HEADROOM = 1.06
HEIGHT = 420
DASHES = {"untuned": (7, 4), "tuned": (1, 0)}
COLOURS = {"untuned": RED, "tuned": BLUE}
LEAST_SHARE = 0.0005
"""A line below this share of the largest rounds to nothing in a picture; it is still in the table."""


def build_cost_and_savings_chart(advice: Advice, t: Translator) -> alt.LayerChart:
    """The investment at month 0, each month's cost without and with the tuned model, and when the money is back."""
    economics, metrics = money_of(advice)
    currency = advice.assessment.assumptions.currency
    horizon = len(economics.months)
    options = dict(zip(ROLES, (economics.baseline, economics.tuned), strict=True))
    highest = max(float(option.monthly_cost.max()) for option in options.values())
    top = HEADROOM * (max(highest, metrics.investment) or 1.0)
    bottom = HEADROOM * min(0.0, float(economics.tuned.monthly_cost.min()))  # own GPUs are sold in the last month
    place = {
        "x": quantity("month", axis=month_axis(t, horizon), scale={"domain": [-0.6, horizon], "nice": False}),
        "y": quantity("cost", **moving_axis("cost_axis", t("chart.axis.monthly_cost"))),
    }
    layers = [*_gap(place), *_investment(t, place), *_cost_lines(t, place), *_break_even(place), *listed_layers("list")]
    invested = t("chart.costs.investment", money=t.money(metrics.investment, currency))
    moving: dict[str, list[Row]] = {
        "lines": [row for role, option in options.items() for row in _line_rows(role, option, currency, t)],
        "gap": _gap_rows(economics.baseline, economics.tuned),
        "investment": [{"month": 0, "cost": metrics.investment, "words": invested}],
        "back": [] if _back(advice) is None else [{"month": _back(advice), "cost": 0}],
        "cost_axis": money_rows(t, (bottom, top), currency, wanted=5),
        **listed_rows("list", _list(advice, invested, t)),
    }
    return drawing(layers, HEIGHT, moving)


def _back(advice: Advice) -> float | None:
    """The month of the payback's card; ``None`` where the money is typically not back, or nothing is served."""
    found = advice.headline
    return found.payback.p50 if found is not None and found.serves else None


def _list(advice: Advice, invested: str, t: Translator) -> list[Listed]:
    """What each sign means; the sign of the saving has the colour of the band between the lines."""
    economics, metrics = money_of(advice)
    saving = saving_words(metrics.monthly_savings, advice.assessment.assumptions.currency, t)
    options = zip(ROLES, (economics.baseline, economics.tuned), strict=True)
    return [
        Listed(invested, PINK),
        *(Listed(t(f"option.{o.id}"), COLOURS[role], DASHES[role], is_case=role == "tuned") for role, o in options),
        Listed(saving, GREEN if metrics.monthly_savings >= 0 else RED, opacity=0.35),
        Listed(payback_words(advice, t), GREEN, shape="diamond", there=_back(advice) is not None),
    ]


def cost_and_savings_alt(advice: Advice, t: Translator) -> str:
    """What the chart shows, in words."""
    economics, metrics = money_of(advice)
    currency = advice.assessment.assumptions.currency
    return t(
        "chart.costs.alt",
        investment=t.money(metrics.investment, currency),
        keep=t.money(float(economics.baseline.steady_monthly_cost), currency),
        tuned=t.money(float(economics.tuned.steady_monthly_cost), currency),
        saving=saving_words(metrics.monthly_savings, currency, t),
    )


def saving_words(monthly_savings: float, currency: str, t: Translator) -> str:
    """What a steady month saves, or costs more."""
    key = "saved" if monthly_savings > 0 else ("same" if monthly_savings == 0 else "more")
    return t(f"chart.costs.{key}", money=t.money(abs(monthly_savings), currency))


def _gap(place: Spec) -> list[Spec]:
    """The saving as the band between the two lines; dearer months in another colour."""
    step: Spec = {"opacity": 0.2, "interpolate": "step", **SILENT}
    return [
        layer("gap", "area", {**place, "y": {**place["y"], "field": high}, "y2": {"field": low}}, color=colour, **step)
        for colour, low, high in ((GREEN, "lower", "keep"), (RED, "keep", "higher"))
    ]


def _gap_rows(keep: OptionResult, tuned: OptionResult) -> list[Row]:
    months = enumerate(zip(keep.monthly_cost.tolist(), tuned.monthly_cost.tolist(), strict=True), 1)
    return [{"month": m, "keep": a, "lower": min(a, b), "higher": max(a, b)} for m, (a, b) in months]


def _investment(t: Translator, place: Spec) -> list[Spec]:
    hover = tips(("words", t("chart.tip.month_0")))
    return [layer("investment", "bar", {**place, "tooltip": hover}, color=PINK, size=12, aria=False)]


def _break_even(place: Spec) -> list[Spec]:
    """The month in which the money is back."""
    edge: Spec = {"filled": True, "opacity": 1, "size": 150, "stroke": PAPER, "strokeWidth": 1.5}
    return [
        layer("back", "rule", {"x": place["x"]}, color=GREY, strokeDash=[5, 4], strokeWidth=1.5, **SILENT),
        layer("back", "point", place, color=GREEN, shape="diamond", **edge, **SILENT),
    ]


def _line_rows(role: str, option: OptionResult, currency: str, t: Translator) -> list[Row]:
    return [
        {
            "month": month,
            "cost": float(cost),
            "role": role,
            "option_text": t(f"option.{option.id}"),
            "month_text": t.number(month),
            "cost_text": t.money(float(cost), currency),
        }
        for month, cost in enumerate(option.monthly_cost, 1)
    ]


def _cost_lines(t: Translator, place: Spec) -> list[Spec]:
    scales = {"color": [RED, CASE], "strokeDash": [list(dash) for dash in DASHES.values()]}
    told_apart = {
        channel: name("role", scale={"domain": list(ROLES), "range": look}, legend=None)
        for channel, look in scales.items()
    }
    line = {**place, **told_apart}
    hover = tips(
        ("option_text", t("chart.tip.option")),
        ("month_text", t("chart.tip.month")),
        ("cost_text", t("chart.axis.monthly_cost")),
    )
    return [
        layer("lines", "line", line, strokeWidth=2.5, interpolate="step", aria=False),
        layer("lines", "point", {**place, "tooltip": hover}, size=260, opacity=0, aria=False),
    ]


def build_investment_breakdown_chart(advice: Advice, t: Translator) -> alt.LayerChart:
    """What is paid once, line by line, largest first."""
    currency = advice.assessment.assumptions.currency
    rows = _investment_rows(advice, t)
    return _breakdown(rows, t, currency, t("chart.axis.once"))


def investment_breakdown_alt(advice: Advice, t: Translator) -> str:
    """What the chart shows, in words."""
    return _rows_alt(_investment_rows(advice, t), t)


def build_monthly_breakdown_chart(advice: Advice, t: Translator) -> alt.LayerChart:
    """What a steady month costs, line by line and largest first, as today and with the tuned model."""
    currency = advice.assessment.assumptions.currency
    rows = _monthly_rows(advice, t)
    return _breakdown(rows, t, currency, t("chart.axis.steady_month"))


def monthly_breakdown_alt(advice: Advice, t: Translator) -> str:
    """What the chart shows, in words."""
    return _rows_alt(_monthly_rows(advice, t), t)


def steady_items(option: OptionResult) -> list[tuple[LineItem, float]]:
    """Running cost lines of an option in a month at today's volume, largest first, without the empty ones."""
    running = [i for i in option.line_items if i.id in option.steady_costs]
    return _sized([(i, float(option.steady_costs[i.id])) for i in running])


def _sized(items: Sequence[tuple[LineItem, float]]) -> list[tuple[LineItem, float]]:
    largest = max((cost for _, cost in items), default=0.0)
    return sorted((p for p in items if p[1] > LEAST_SHARE * largest), key=lambda p: -p[1])


def _item_rows(
    items: Sequence[tuple[LineItem, float]], prefix: str, colour: str, advice: Advice, t: Translator
) -> list[BarRow]:
    currency = advice.assessment.assumptions.currency
    return [
        BarRow(f"{prefix}.{item.id}", t(f"item.{item.id}"), bill_money(t, cost, currency), 0.0, cost, colour)
        for item, cost in items
    ]


def _investment_rows(advice: Advice, t: Translator) -> list[BarRow]:
    economics, metrics = money_of(advice)
    currency = advice.assessment.assumptions.currency
    once = [(i, float(i.cost or 0.0)) for i in economics.tuned.line_items if i.frequency == "one_time"]
    total = BarRow("once", t("chart.costs.once_total"), t.money(metrics.investment, currency), is_heading=True)
    return [total, *_item_rows(_sized(once), "once", PINK, advice, t)]


def _monthly_rows(advice: Advice, t: Translator) -> list[BarRow]:
    economics, _ = money_of(advice)
    currency = advice.assessment.assumptions.currency
    rows: list[BarRow] = []
    for option, colour in ((economics.baseline, RED), (economics.tuned, BLUE)):
        total = t.money(float(option.steady_monthly_cost), currency)
        rows.append(BarRow(option.id, t(f"option.{option.id}"), total, is_heading=True))
        rows += _item_rows(steady_items(option), option.id, colour, advice, t)
    return rows


def _breakdown(rows: list[BarRow], t: Translator, currency: str, axis_title: str) -> alt.LayerChart:
    layers = bar_layers(rows, t, currency, axis_title, (t("chart.tip.item"), t("chart.tip.cost")))
    return drawing(layers, rows_height(rows))


def _rows_alt(rows: list[BarRow], t: Translator) -> str:
    sentences: list[list[str]] = []
    for row in rows:
        words = t("chart.rows.pair", name=row.name, value=row.value)
        if row.is_heading:
            sentences.append([words])
        else:
            sentences[-1].append(words)
    return t("chart.rows.end").join(t("chart.list").join(words) for words in sentences)
