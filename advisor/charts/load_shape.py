"""The hours of a week: requests against what the replicas carry, and what is paid and not used, in words."""

import altair as alt
import numpy as np
from babel.dates import get_day_names
from numpy.typing import NDArray

from advisor.charts.drawing import SILENT, Row, Spec, drawing, layer, looked_up, quantity, tips
from advisor.charts.listed import ROW, Listed, listed_layers, listed_rows
from advisor.charts.style import BLUE, GREEN, GREY, RED, nice_ticks, short_number
from advisor.costs.serving import Mode, ServingPlan, Week
from advisor.formulas.constants import HOURS_PER_DAY, SECONDS_PER_HOUR
from advisor.scenario import HOURS, Scenario
from advisor.text.i18n import Translator

HEIGHT = 260
HEADROOM = 1.06
TICKS = 4
EVERY = 6
"""Hours between two marks of a single day."""
LINES = {"always_on": (BLUE, (1, 0)), "running": (GREEN, (7, 4)), "peak": (RED, (2, 3))}

Array = NDArray[np.float64]


def build_week_chart(week: Week, t: Translator) -> alt.LayerChart:
    """Mean load of each hour as an area; its busiest minutes and what the replicas carry as steps over it."""
    known = _series(week)
    top = HEADROOM * max(float(values.max()) for values in known.values())
    ticks = nice_ticks(0.0, top, TICKS)
    words = {str(k): short_number(t, value) for k, value in enumerate(ticks)}
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    labels = looked_up(words, f"round(datum.value / {step!r})")
    axis = {"title": t("load_shape.axis.requests"), "values": ticks, "labelExpr": labels}
    place = {
        "x": quantity("hour", axis=_hour_axis(week, t), scale={"domain": [0, week.shape.size], "nice": False}),
        "y": quantity("requests", axis=axis, scale={"domain": [0, top], "nice": False}),
    }
    load = layer(_rows(known["load"]), "area", place, color=GREY, opacity=0.35, interpolate="step-after", **SILENT)
    steps = [
        layer(
            _rows(known[name]), "line", place, color=colour, strokeDash=list(dash), interpolate="step-after", **SILENT
        )
        for name, (colour, dash) in LINES.items()
    ]
    listed = [Listed(t("load_shape.line.load"), GREY, opacity=0.5)]
    listed += [Listed(t(f"load_shape.line.{name}"), *look) for name, look in LINES.items()]
    layers = [load, *steps, _told(week, known, place, t), *listed_layers("list")]
    return drawing(layers, HEIGHT + round(ROW * len(listed)), dict(listed_rows("list", listed)))


def week_alt(week: Week, t: Translator) -> str:
    """What the chart shows, in words."""
    known = _series(week)
    quietest = int(np.argmin(week.shape))
    return t(
        "load_shape.alt",
        busiest=hour_name(week, week.busiest, t),
        most=t.number(float(known["load"][week.busiest]), 0),
        quietest=hour_name(week, quietest, t),
        least=t.number(float(known["load"][quietest]), 0),
        always_on=t.number(week.always_on),
        fewest=t.number(float(week.running.min())),
        most_running=t.number(float(week.running.max())),
    )


def measured_words(scenario: Scenario, t: Translator) -> str:
    """What the hours were measured on, or that the reader told them."""
    record = scenario.record_of(HOURS)
    return t("load_shape.told") if record is None else t("load_shape.measured", record=record.title)


def week_words(week: Week, plan: ServingPlan, modes: tuple[Mode, ...], t: Translator) -> list[str]:
    """What replicas are sized for, what of them is idle, and what following the hours would cost instead."""
    always, scaled = modes[0], modes[1]
    if plan.chosen is None:
        return []
    rent, currency = plan.chosen.monthly_cost, plan.a.currency
    sized = t(
        "load_shape.sized",
        hour=hour_name(week, week.busiest, t),
        times=t.number(float(week.shape.max()), 2),
        reserve=t.number(week.within, 2),
        count=t.number(week.always_on),
    )
    idle = t("load_shape.idle", idle=t.percent(always.idle_share), rent=t.money(rent, currency))
    following = {"cost": t.money(scaled.monthly_cost, currency), "idle": t.percent(scaled.idle_share)}
    saved = rent - scaled.monthly_cost
    if saved > 0:
        return [sized, idle, t("load_shape.saves", saved=t.money(saved, currency), **following)]
    return [sized, idle, t("load_shape.saves_nothing", **following)]


def hour_name(week: Week, place: int, t: Translator) -> str:
    """An hour by its day and time: Tuesday 14:00; of a day that repeats the time alone."""
    day, hour = divmod(place, HOURS_PER_DAY)
    time = f"{hour:02d}:00"
    if week.shape.size == HOURS_PER_DAY:
        return time
    return t("load_shape.hour", day=str(get_day_names("wide", locale=t.locale)[day]), time=time)


def _series(week: Week) -> dict[str, Array]:
    """What is drawn, in requests an hour."""
    hours = np.ones(week.shape.size)
    per_hour = {
        "load": week.load,
        "peak": week.load * week.within,
        "running": week.running * week.usable,
        "always_on": hours * week.always_on * week.usable,
    }
    return {name: values * SECONDS_PER_HOUR for name, values in per_hour.items()}


def _rows(values: Array) -> list[Row]:
    """A point at the start of each hour, and the end of the last."""
    return [{"hour": k, "requests": round(float(v), 3)} for k, v in enumerate([*values, values[-1]])]


def _told(week: Week, known: dict[str, Array], place: Spec, t: Translator) -> Spec:
    """Points in the middle of each hour, which nobody sees and which say what stands there."""
    rows: list[Row] = [
        {
            "hour": k + 0.5,
            "requests": round(float(known["load"][k]), 3),
            "name": hour_name(week, k, t),
            "load": t.number(float(known["load"][k]), 0),
            "replicas": t.number(float(week.running[k])),
        }
        for k in range(week.shape.size)
    ]
    told = tips(
        ("name", t("load_shape.tip.hour")),
        ("load", t("load_shape.axis.requests")),
        ("replicas", t("load_shape.tip.running")),
    )
    return layer(rows, "point", {**place, "tooltip": told}, size=160, opacity=0, aria=False)


def _hour_axis(week: Week, t: Translator) -> Spec:
    if week.shape.size == HOURS_PER_DAY:
        ticks = [*range(0, HOURS_PER_DAY + 1, EVERY)]
        words = {str(k): f"{hour:02d}:00" for k, hour in enumerate(ticks)}
        step = EVERY
    else:
        names = get_day_names("abbreviated", locale=t.locale)
        ticks = [*range(0, week.shape.size, HOURS_PER_DAY)]
        words = {str(k): str(names[k]) for k in range(len(ticks))}
        step = HOURS_PER_DAY
    labels = looked_up(words, f"round(datum.value / {step})")
    return {"title": t("load_shape.axis.hours"), "values": ticks, "labelExpr": labels, "labelAlign": "left"}
