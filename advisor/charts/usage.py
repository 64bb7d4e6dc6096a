"""Requests as logs tell them: of each day, and of each hour of the week."""

from collections.abc import Sequence
from datetime import date

import altair as alt

from advisor.charts.drawing import Row, Spec, drawing, layer, looked_up, quantity, tips
from advisor.charts.style import BLUE, PAPER, SKY, nice_ticks, short_number
from advisor.text.i18n import Translator

DAYS_HEIGHT, WEEK_HEIGHT = 260, 260
WEEK, HOURS = 7, 24
SATURDAY = 5
GAP, MOST_PARTED = 0.1, 120
"""Room between the bars of two days; of more days than this they touch."""
WANTED_DAYS, WANTED_COUNTS, HOUR_STEP = 5, 4, 6
HEADROOM = 1.05
FAINT = 0.06
"""How much of its colour an hour without a request has."""
Daily = Sequence[tuple[date, float]]


def build_daily_requests_chart(daily: Daily, t: Translator) -> alt.LayerChart:
    """A bar for each whole day, weekends lighter."""
    first = daily[0][0]
    gap = GAP if len(daily) <= MOST_PARTED else 0.0
    rows = [_day(day, count, (day - first).days, gap, t) for day, count in daily]
    last, top = (daily[-1][0] - first).days + 1, HEADROOM * (max(count for _, count in daily) or 1.0)
    place = {
        "x": quantity("left", axis=_day_axis(first, last, t), scale={"domain": [0, last], "nice": False}),
        "x2": {"field": "right"},
        "y": quantity("count", axis=_count_axis(top, t), scale={"domain": [0, top], "nice": False}),
        "y2": {"datum": 0},
        "tooltip": tips(("day", t("usage.chart.day")), ("requests", t("usage.chart.requests"))),
    }
    colour = {"expr": f"datum.weekend ? '{SKY}' : '{BLUE}'"}
    return drawing([layer(rows, "rect", place, color=colour, aria=False)], DAYS_HEIGHT)


def daily_requests_alt(daily: Daily, t: Translator) -> str:
    """What the chart shows, in words."""
    least, most = (choose(daily, key=lambda each: each[1]) for choose in (min, max))
    ends = {"first": t.date(daily[0][0]), "last": t.date(daily[-1][0])}
    lowest = {"least": t.number(least[1], 0), "least_day": t.date(least[0])}
    return t("usage.chart.daily_alt", **ends, **lowest, most=t.number(most[1], 0), most_day=t.date(most[0]))


def build_week_chart(hours: Sequence[float], t: Translator) -> alt.LayerChart:
    """A field for each hour of the week, from Monday 00:00 UTC: the fuller its colour, the more requests."""
    names, top = week_days(t), max(hours) or 1.0
    rows = [_hour(k, count, count / top, names, t) for k, count in enumerate(hours)]
    clock = {str(hour): f"{hour:02d}:00" for hour in range(0, HOURS + 1, HOUR_STEP)}
    x_axis = {"title": t("usage.chart.hour"), "values": [int(hour) for hour in clock], "labelExpr": looked_up(clock)}
    lines = {f"{day + 0.5}": name for day, name in enumerate(names)}
    y_axis = {"title": None, "values": [float(line) for line in lines], "labelExpr": looked_up(lines)}
    plain = {"grid": False, "ticks": False}
    place = {
        "x": quantity("hour", axis={**x_axis, **plain}, scale={"domain": [0, HOURS], "nice": False}),
        "x2": {"field": "next"},
        "y": quantity("day", axis={**y_axis, **plain}, scale={"domain": [0, WEEK], "nice": False, "reverse": True}),
        "y2": {"field": "below"},
        "opacity": {"field": "share", "type": "quantitative", "scale": None, "legend": None},
        "tooltip": tips(("time", t("usage.chart.hour")), ("requests", t("usage.chart.requests"))),
    }
    return drawing([layer(rows, "rect", place, color=BLUE, stroke=PAPER, strokeWidth=1, aria=False)], WEEK_HEIGHT)


def week_alt(hours: Sequence[float], t: Translator) -> str:
    """What the chart shows, in words."""
    names = week_days(t)
    busiest, quietest = (choose(range(len(hours)), key=lambda k: hours[k]) for choose in (max, min))
    said = {"busiest": _time(busiest, names, t), "quietest": _time(quietest, names, t)}
    return t("usage.chart.week_alt", most=t.number(hours[busiest], 0), least=t.number(hours[quietest], 0), **said)


def week_days(t: Translator) -> list[str]:
    """Short names of the days of a week, Monday first."""
    return [str(t.locale.days["format"]["abbreviated"][day]) for day in range(WEEK)]


def _day(day: date, count: float, place: int, gap: float, t: Translator) -> Row:
    return {
        "left": place + gap,
        "right": place + 1 - gap,
        "count": count,
        "weekend": day.weekday() >= SATURDAY,
        "day": t.date(day),
        "requests": t.number(count, 0),
    }


def _hour(k: int, count: float, share: float, names: Sequence[str], t: Translator) -> Row:
    day, hour = divmod(k, HOURS)
    return {
        "hour": hour,
        "next": hour + 1,
        "day": day,
        "below": day + 1,
        "share": FAINT + (1 - FAINT) * share,
        "time": _time(k, names, t),
        "requests": t.number(count, 0),
    }


def _time(k: int, names: Sequence[str], t: Translator) -> str:
    day, hour = divmod(k, HOURS)
    return t("usage.chart.time", day=names[day], hour=f"{hour:02d}:00")


def _day_axis(first: date, last: int, t: Translator) -> Spec:
    step = max(1, -(-last // WANTED_DAYS))
    days = {f"{place + 0.5}": t.date(date.fromordinal(first.toordinal() + place)) for place in range(0, last, step)}
    values = [float(place) for place in days]
    return {"title": None, "values": values, "labelExpr": looked_up(days), "grid": False, "labelFlush": True}


def _count_axis(top: float, t: Translator) -> Spec:
    ticks = nice_ticks(0.0, top, WANTED_COUNTS)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    words = {str(k): short_number(t, value) for k, value in enumerate(ticks)}
    title = t("usage.chart.requests")
    return {"title": title, "values": ticks, "labelExpr": looked_up(words, f"round(datum.value / {step!r})")}
