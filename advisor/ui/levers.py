"""What would make it cheaper: levers on the bill, what each needs, and whether quality allows it."""

from collections.abc import Sequence

import streamlit as st

from advisor import charts
from advisor.charts.gate_words import error_words, gate_lines
from advisor.costs.cost_levers import (
    PAUSING,
    SHOWN,
    LeverBill,
    LeverEffect,
    Order,
    Savings,
    offers,
    pulled_at_first,
    savings,
)
from advisor.costs.quality_gate import BeforeAfter, QualityGate, error_limit, example_quality, judge, quality_gate
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator
from advisor.text.phrases import bill_money, signed_percent
from advisor.ui import articles, layout, state, tables

ORDERS = ("priority", "money")
ORDER = "levers.order"
STYLE = """<style>
@media (min-width: 641px) {
  [data-testid=stColumn]:has(.st-key-levers-walk) {align-self: stretch}
  [data-testid=stColumn]:has(.st-key-levers-walk) > [data-testid=stVerticalBlock] {height: 100%}
  [data-testid=stLayoutWrapper]:has(> .st-key-levers-walk) {position: sticky; top: 4.5rem}
}
</style>"""
"""The bill stays in sight while its measures are ticked."""
HALF_A_CENT = 0.005
"""A saving below this reads as none."""
PARTS = tuple(part for part in SHOWN if part != "rest")
TABLE = ("lever", "part", "left", "low", "high", "basis", "kind", "source", "link")


def draw() -> None:
    t, advice = state.translator(), state.advice()
    st.title(t("page.levers.title"))
    st.markdown(t("page.levers.intro"))
    bench = _bench(advice)
    if bench is None:
        layout.notices(advice.assessment.notices, t, state.scenario().base_currency)
        st.info(t("page.levers.no_bill"))
        st.page_link("pages/decide/your_case.py", label=t("ui.answer_questions"), icon=":material/edit:")
        return
    live()


def _bench(advice: Advice) -> LeverBill | None:
    """The case laid out for levers; nothing where a price is unknown."""
    if advice.assessment.economics is None:
        return None
    return LeverBill(advice.scenario, state.catalog(), state.today())


@layout.part
def live() -> None:
    """Everything that a tick redraws."""
    t, advice = state.translator(), state.advice()
    bench = _bench(advice)
    if bench is None:
        return
    currency = advice.assessment.assumptions.currency
    found = offers(bench)
    chosen = _chosen(bench, found)
    order: Order = "money" if st.session_state.get(ORDER) == "money" else "priority"
    result = savings(bench, chosen, order)
    totals(result, currency, t)
    st.html(STYLE)
    left, right = st.columns(2, gap="large")
    with left, st.container(key="levers-walk"):
        walk(result, bench, currency, t)
    with right:
        st.subheader(t("page.levers.which"))
        ticks(found, chosen, result, currency, t)
    articles.speed(t)
    gate(bench, t)
    errors(advice, t)
    details(bench, found, t)


def _chosen(bench: LeverBill, found: Sequence[LeverEffect]) -> frozenset[str]:
    """What the reader ticked, and what stands ticked at first where they said nothing."""
    said, first = state.levers(), pulled_at_first(bench, found)
    able = {offer.record.id for offer in found if offer.status == "open"}
    return frozenset(name for name in able if said.get(name, name in first))


def totals(result: Savings, currency: str, t: Translator) -> None:
    """The bill before and after, and what that is by part."""
    before, after = result.total_before, result.total_after
    months = t.value(result.months, "months", currency)
    saved = t.percent((before - after) / before, 1) if before else ""
    layout.cards(
        [
            (t("page.levers.before", months=months), bill_money(t, before, currency), ""),
            (t("page.levers.after"), bill_money(t, after, currency), ""),
            (t("page.levers.saved"), bill_money(t, before - after, currency), saved),
        ]
    )
    layout.cards(_part(result, part, currency, t) for part in result.before)
    st.caption(t("page.levers.what_bill"))
    if result.serving_share > 1 / 2:
        st.info(t("page.levers.serving_first", share=t.percent(result.serving_share, 0)), icon=":material/info:")


def _part(result: Savings, part: str, currency: str, t: Translator) -> tuple[str, str, str]:
    """One part of the bill: before, after, and how much of the whole it is."""
    before, after = (bill_money(t, bill[part], currency) for bill in (result.before, result.after))
    share = t.percent(result.before[part] / result.total_before, 0) if result.total_before else t.percent(0.0, 0)
    changed = before if before == after else t("page.levers.from_to", before=before, after=after)
    return t(f"page.levers.part.{part}"), changed, t("page.levers.of_bill", share=share)


def walk(result: Savings, bench: LeverBill, currency: str, t: Translator) -> None:
    """The way from one bill to the other, in one of two orders that end at the same total."""
    st.subheader(t("page.levers.walk"))
    st.segmented_control(
        t("page.levers.order"),
        ORDERS,
        default=ORDERS[0],
        required=True,
        key=ORDER,
        format_func=lambda name: t(f"page.levers.order.{name}"),
        help=t("page.levers.order_help"),
    )
    names = {name: t.fact(record.name) for name, record in bench.records.items()}
    words = charts.lever_alt(result, names, currency, t)
    layout.chart(charts.build_lever_chart(result, names, currency, t), words, t("chart.axis.bill"))


def ticks(found: Sequence[LeverEffect], chosen: frozenset[str], result: Savings, currency: str, t: Translator) -> None:
    """One box for each lever that this case can pull, hidden cost first."""
    able = [offer for offer in found if offer.status == "open"]
    domains = state.catalog().lever_domains
    for part in PARTS:
        own = [offer for offer in able if domains[offer.record.domain].part == part]
        if own:
            st.markdown(f"**{t(f'page.levers.part.{part}')}**")
        for offer in own:
            _tick(offer, chosen, result, currency, t)


def _tick(offer: LeverEffect, chosen: frozenset[str], result: Savings, currency: str, t: Translator) -> None:
    record = offer.record
    key = f"w.lever.{record.id}.{t.language}"
    st.session_state[key] = record.id in chosen
    others = [t.fact(state.catalog().levers[name].name) for name in record.excludes if name in chosen]

    def commit() -> None:
        state.levers()[record.id] = bool(st.session_state[key])

    note = t.fact(record.note) if record.note else ""
    st.checkbox(
        layout.plain(t.fact(record.name)),
        key=key,
        on_change=commit,
        disabled=bool(others),
        help=layout.plain(note) or None,
    )
    said = [t("page.levers.excluded", other=other) for other in others]
    said += [t("page.levers.displaced")] if record.id in result.displaced else []
    said += [t("page.levers.needs", needs=t.fact(record.needs))]
    said += [t("page.levers.today_too")] if record.today_too else []
    said += [note] if record.domain_share is not None else []
    st.caption("  \n".join([*_saving(offer, currency, t), *map(layout.plain, said)]))


def _saving(offer: LeverEffect, currency: str, t: Translator) -> list[str]:
    """What it brings alone, once or a month, and how sure that is, a line each."""
    once, monthly, least, most = (
        bill_money(t, value, currency) for value in (offer.once, offer.monthly, offer.least, offer.most)
    )
    if max(offer.once, offer.monthly) < HALF_A_CENT:
        return [layout.plain(t("page.levers.saves_nothing"))]
    both = offer.once > 0 and offer.monthly > offer.once / 10
    saves = t("page.levers.saves_both", once=once, monthly=monthly) if both else t("page.levers.saves_once", once=once)
    saves = saves if offer.once > 0 else t("page.levers.saves_monthly", monthly=monthly)
    computed = "page.levers.as_on_serving" if offer.record.id == PAUSING else "page.levers.computed"
    how = t(computed) if offer.basis == "computed" else ""
    how = t("page.levers.between", least=least, most=most) if not how and least != most else how
    return [f"**{layout.plain(saves)}**", *filter(None, [layout.plain(how)])]


def gate(bench: LeverBill, t: Translator) -> None:
    """The quality check that a cheaper model has to pass, and whether the case's items can show it."""
    st.subheader(t("page.levers.gate"))
    found = quality_gate(bench.base, bench.catalog)
    margin, differ = t.percent(found.margin, 0), t.percent(found.discordant_share, 0)
    same = t("page.levers.gate_at", share=differ, apart=t.number(found.items_apart, 0))
    st.markdown(layout.plain(t("page.levers.gate_rule", margin=margin)))
    seen = t("page.levers.gate_none") if found.margin_seen is None else t.percent(found.margin_seen, 1)
    layout.cards(
        [
            (t("page.levers.gate_needed"), t.number(found.items_needed, 0), same),
            (t("page.levers.gate_items"), t.number(found.items, 0), ""),
            (t("page.levers.gate_seen"), seen, t("page.levers.points")),
        ]
    )
    if found.items < found.items_needed:
        st.warning(t("page.levers.gate_few", margin=margin), icon=":material/warning:")
    _judge(found, t)


def errors(advice: Advice, t: Translator) -> None:
    """How many more answers may be wrong before the saving is gone, where an error has a price."""
    found = error_limit(advice.assessment.assumptions, advice.assessment.metrics)
    if found is not None:
        st.markdown(layout.plain(error_words(found, advice.assessment.assumptions.currency, t)))


def _judge(gate: QualityGate, t: Translator) -> None:
    """Three gates on readings that the reader types, those of an article to begin with, and all of them together."""
    example = example_quality(state.catalog())
    st.caption(layout.plain(t("page.levers.gate_readings", metric=example.metric)))
    metric = _readings("metric", (example.metric_before, example.metric_after), t)
    rating = _readings("rating", (example.rating_before, example.rating_after), t, scale=example.rating_scale)
    worst = _readings("slice", None, t)
    if metric is None or rating is None:
        st.info(t("page.levers.gate_untyped"), icon=":material/info:")
        return
    found = judge(gate, metric, rating, example.rating_scale, worst)
    change = signed_percent(t, found.changes["metric"], 1)
    said = layout.plain(t(f"page.levers.gate_{found.statuses['metric']}", change=change))
    (st.success if found.statuses["metric"] == "pass" else st.warning)(said)
    for line in gate_lines(found, rating, example.rating_scale, gate, t):
        st.markdown(f"- {layout.plain(line)}")
    combined = t(f"page.levers.gates_{found.combined}", items=t.number(gate.items), needed=t.number(gate.items_needed))
    st.markdown(f"**{layout.plain(combined)}**")


def _readings(name: str, first: BeforeAfter | None, t: Translator, scale: float = 1.0) -> BeforeAfter | None:
    """A reading before and after; nothing where one of the two is not typed."""
    typed = []
    for column, end, value in zip(st.columns(2), ("before", "after"), first or (None, None), strict=True):
        key = f"w.gate.{end}" if name == "metric" else f"w.gate.{name}.{end}"
        label = t(f"page.levers.{name}_{end}", scale=t.number(scale))
        most = scale if name == "rating" else None
        form = "%.1f" if name == "rating" else "%.3f"
        typed.append(column.number_input(label, 0.0, most, value=value, key=key, format=form))
    before, after = typed
    return None if before is None or after is None else (float(before), float(after))


def details(bench: LeverBill, found: Sequence[LeverEffect], t: Translator) -> None:
    """Levers this case cannot pull, with the reason; and every lever with its source."""
    idle = [offer for offer in found if offer.status != "open"]
    if idle:
        with layout.folded(t("page.levers.not_here"), "levers.not_here") as is_open:
            if is_open:
                for offer in idle:
                    st.markdown(f"- **{layout.plain(t.fact(offer.record.name))}** {layout.plain(_why(offer, t))}")
    with layout.folded(t("page.levers.sources"), "levers.sources") as is_open:
        if is_open:
            columns = [t(f"page.levers.column.{name}") for name in TABLE]
            rows = [_row(offer, bench, t) for offer in found]
            tables.table(rows, columns, t("page.levers.sources_alt"), link=columns[-1])
    articles.notes(t)


def _why(offer: LeverEffect, t: Translator) -> str:
    if offer.status == "elsewhere" and offer.record.otherwise:
        return t.fact(offer.record.otherwise)
    return t(f"page.levers.{offer.status}")


def _row(offer: LeverEffect, bench: LeverBill, t: Translator) -> tuple[object, ...]:
    record = offer.record
    left = (record.multiplier.base, record.multiplier.low, record.multiplier.high)
    return (
        t.fact(record.name),
        t(f"page.levers.part.{bench.catalog.lever_domains[record.domain].part}"),
        *(t.percent(value, 0) for value in left),
        t(f"page.levers.basis.{offer.basis}"),
        t(f"kind.{record.kind}"),
        t.fact(record.source.title),
        record.source.url,
    )
