"""A training set by the length of its examples: a bar for each doubling, those beyond the sequence length in red."""

import altair as alt

from advisor.charts.drawing import Row, drawing, layer, name, quantity, tips
from advisor.charts.listed import Listed, listed_layers, listed_rows
from advisor.charts.style import BLUE, RED, nice_ticks, short_number
from advisor.datasets.records import DatasetReport
from advisor.text.i18n import Translator

HEIGHT, TICKS = 260, 5


def build_lengths_chart(found: DatasetReport, t: Translator) -> alt.LayerChart:
    """The bars of a set that has usable examples, with the list of what their colours mean."""
    assert found.tokens is not None
    assert found.truncation is not None
    rows: list[Row] = [_bar(bar, found.truncation.sequence, t) for bar in found.tokens.bars]
    most = max(count for _, _, count in found.tokens.bars)
    shown = [label for label in dict.fromkeys(str(row["length"]) for row in rows)]
    x = {"title": t("chart.dataset.from"), "labelAngle": 0, "grid": False}
    ticks = [tick for tick in nice_ticks(0, most, TICKS) if tick == round(tick)]
    y = {"title": t("chart.dataset.examples"), "values": ticks, "format": ",d"}
    encoding = {
        "x": name("length", sort=shown, axis=x),
        "y": quantity("examples", axis=y),
        "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
        "tooltip": tips(("range", t("chart.dataset.length")), ("words", t("chart.dataset.examples"))),
    }
    signs = [Listed(t("chart.dataset.within"), BLUE)]
    if any(row["colour"] == RED for row in rows):
        signs.append(Listed(t("chart.dataset.beyond"), RED))
    moving = {"bars": rows, **listed_rows("list", signs)}
    return drawing([layer("bars", "bar", encoding, aria=False), *listed_layers("list")], HEIGHT, moving)


def lengths_alt(found: DatasetReport, t: Translator) -> str:
    """What the chart shows, in words."""
    assert found.tokens is not None
    low, high, count = max(found.tokens.bars, key=lambda bar: bar[2])
    return t(
        "chart.dataset.alt",
        share=t.percent(count / found.examples),
        low=t.number(float(low), 0),
        high=t.number(float(high - 1), 0),
        longest=t.number(float(found.tokens.longest), 0),
    )


def _bar(bar: tuple[int, int, int], sequence: int, t: Translator) -> Row:
    low, high, count = bar
    return {
        "length": short_number(t, low),
        "examples": count,
        "colour": RED if high > sequence + 1 else BLUE,
        "range": f"{t.number(float(low), 0)} \u2013 {t.number(float(high - 1), 0)}",
        "words": t.number(float(count), 0),
    }
