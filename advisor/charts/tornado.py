"""The numbers that matter: how far each could move the result, and which of them the user already knows."""

import altair as alt

from advisor.charts.drawing import SILENT, Spec, drawing, layer, quantity
from advisor.charts.row_layout import BAR_OFFSET, BarRow, bar_layers, row_place, rows_height
from advisor.charts.style import BLUE, GREY, INK, PAPER, money_of, short_money
from advisor.core.records import Swing
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label

MOST_ROWS = 8


def build_evidence_chart(advice: Advice, t: Translator) -> alt.LayerChart:
    """Net present value between the low and the high of each number that matters, largest range first."""
    _, metrics = money_of(advice)
    currency = advice.assessment.assumptions.currency
    rows = _rows(advice, t)
    npv = t.money(metrics.npv, currency)
    titles = (t("chart.tip.number"), t("chart.tip.npv_range"))
    at = {"x": quantity("start")}
    rules = [
        layer([{"start": 0}], "rule", at, color=GREY, strokeWidth=1.5, **SILENT),
        layer([{"start": metrics.npv}], "rule", at, color=INK, strokeWidth=1.5, strokeDash=[5, 3], **SILENT),
    ]
    layers = bar_layers(rows, t, currency, t("chart.evidence.axis", npv=npv), titles, rules)
    return drawing([*layers, _own_marks(rows, advice)], rows_height(rows))


def evidence_alt(advice: Advice, t: Translator) -> str:
    """What the chart shows, in words."""
    _, metrics = money_of(advice)
    currency = advice.assessment.assumptions.currency
    pairs = [t("chart.rows.pair", name=row.name, value=row.value) for row in _rows(advice, t)]
    return t("chart.evidence.alt", npv=t.money(metrics.npv, currency), ranges=t("chart.list").join(pairs))


def _shown(advice: Advice) -> tuple[Swing, ...]:
    return advice.assessment.evidence.matter[:MOST_ROWS]


def _rows(advice: Advice, t: Translator) -> list[BarRow]:
    currency = advice.assessment.assumptions.currency
    rows = []
    for swing in _shown(advice):
        low, high = sorted((swing.npv_low, swing.npv_high))
        value = t("chart.evidence.range", low=short_money(t, low, currency), high=short_money(t, high, currency))
        label = field_label(t, swing.id)
        shown = t("chart.evidence.yours", name=label) if swing.is_yours else label
        rows.append(BarRow(swing.id, shown, value, low, high, BLUE if swing.is_yours else GREY))
    return rows


def _own_marks(rows: list[BarRow], advice: Advice) -> Spec:
    """A diamond on both ends of the ranges that rest on the user's own figures."""
    own = {swing.id for swing in _shown(advice) if swing.is_yours}
    return layer(
        [{"id": r.id, "start": end} for r in rows if r.id in own for end in (r.start, r.end)],
        "point",
        {"x": quantity("start"), "y": row_place(rows)},
        shape="diamond",
        filled=True,
        opacity=1,
        size=120,
        color=BLUE,
        stroke=PAPER,
        strokeWidth=1.5,
        yOffset=BAR_OFFSET,
        **SILENT,
    )
