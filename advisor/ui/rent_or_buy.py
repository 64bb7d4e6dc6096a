"""Own card, by the hour or by the month: what a year costs by hours of use, and from where each pays."""

import streamlit as st

from advisor.charts.hardware import build_hardware_chart, hardware_alt
from advisor.charts.training import cost_text, hours_text
from advisor.core.records import Assumption
from advisor.costs import buy_or_rent
from advisor.costs.buy_or_rent import WAYS, Ownership
from advisor.scenario import QUESTIONS
from advisor.text.i18n import Translator
from advisor.text.phrases import assumption_text, field_label, source_text
from advisor.ui import articles, electricity, fields, layout, state, tables

CARD = "hardware.card"
CHANGEABLE = ("card_residual_share", "card_life_years", "discount_rate", "machine_power_kw", "power_overhead")


def draw() -> None:
    t = state.translator()
    st.title(t("page.rent_or_buy.title"))
    st.markdown(t("page.rent_or_buy.intro"))
    found = asked(t)
    headline(found, t)
    if found.ways:
        layout.chart(build_hardware_chart(found, t), hardware_alt(found, t), t("page.rent_or_buy.title"))
        ways(found, t)
        remarks(found, t)
    job(found, t)
    articles.own_card_run(t)
    inputs(found, t)


def asked(t: Translator) -> Ownership:
    """The card and its hours of use; the card is only looked at, the hours belong to the case."""
    case, a, catalog = state.scenario(), state.advice().assessment.assumptions, state.catalog()
    offered = buy_or_rent.cards(case, catalog, a.on)
    of_case = buy_or_rent.card_of_case(case, a, catalog, a.on)
    left, right = st.columns(2)
    with left:
        options = offered if of_case in offered else (of_case, *offered)
        key = f"{CARD}.{of_case}.{t.language}"
        gpu = st.selectbox(
            t("hardware.card"),
            options,
            index=options.index(of_case),
            key=key,
            format_func=lambda g: catalog.gpus[g].name,
            help=t("hardware.card_help"),
        )
    with right:
        fields.ask("card_hours_per_year", label=t("hardware.hours"))
    return buy_or_rent.compare_ways(case, a, catalog, a.on, gpu)


def headline(found: Ownership, t: Translator) -> None:
    """What is cheapest at these hours, and from where it is not."""
    cheapest = found.cheapest
    if cheapest is None:
        st.info(t("hardware.no_price"), icon=":material/info:")
        return
    least = found.ways[cheapest].cost(found.hours)
    cost = t.money(least, found.currency)
    hours = t.value(found.hours, "hours", found.currency)
    said = t(f"hardware.cheapest.{cheapest}", hours=hours, cost=cost)
    st.subheader(layout.plain(said))
    spot = found.ways["spot"].cost(found.hours) if "spot" in found.ways else least
    if spot < least:
        st.markdown(layout.plain(t("hardware.spot_cheaper", cost=t.money(spot, found.currency))))
    for way in ("own", "monthly"):
        st.markdown(layout.plain(break_even_text(found, way, t)))
    if found.mixes_cards:
        st.warning(t("hardware.mixed"), icon=":material/warning:")


def break_even_text(found: Ownership, way: str, t: Translator) -> str:
    """From how many hours a way beats renting by the hour, or why there are none."""
    even = found.break_evens.get(way)
    if even is None:
        return t(f"hardware.unpriced.{'hourly' if way in found.ways else way}")
    status = "equal" if even.cheaper == "equal" else even.status
    hours, month = t.number(even.hours, 0), t.number(even.a_month, 0)
    return t(f"hardware.even.{way}.{status}", hours=hours, month=month)


def way_text(found: Ownership, way: str, t: Translator) -> str:
    """Name of a way, with its card where several are compared."""
    name = t(f"hardware.way.{way}")
    return t("hardware.chart.way", way=name, card=found.ways[way].price.name) if found.mixes_cards else name


def price_text(row: Assumption, t: Translator, currency: str) -> str:
    """A price with what it is for."""
    per = row.unit.removeprefix("money").removeprefix("/")
    amount = t.money(float(row.value or 0), currency)
    return t("prices.value", money=amount, per=t(f"prices.per.{per}")) if per else amount


def ways(found: Ownership, t: Translator) -> None:
    """Each way at the hours of use."""
    columns = ("way", "price", "year", "hour", "fixed", "running")
    rows = [
        (
            way_text(found, w.id, t),
            price_text(w.price.row, t, found.currency),
            t.money(w.cost(found.hours), found.currency),
            t.value(_figures(w.hour_of_use(found.hours)), "money/h", found.currency),
            t.money(w.fixed, found.currency),
            t.value(_figures(w.per_hour), "money/h", found.currency),
        )
        for w in (found.ways[name] for name in WAYS if name in found.ways)
    ]
    title = t("hardware.table", hours=t.value(found.hours, "hours", found.currency), gpus=t.number(found.gpus))
    st.markdown(f"**{layout.plain(title)}**")
    tables.table(rows, [t(f"hardware.column.{c}") for c in columns], title, whole=True)


def remarks(found: Ownership, t: Translator) -> None:
    """What an own hour is made of, what interruptions and pauses do."""
    if found.own_hour is not None:
        hour = found.own_hour
        names = ("depreciation", "capital", "electricity")
        parts = {n: t.money(_figures(getattr(hour, n)), found.currency) for n in names}
        whole = t.money(_figures(found.ways["own"].hour_of_use(found.hours)), found.currency)
        st.caption(layout.plain(t("hardware.own_hour", whole=whole, **parts)))
        electricity.tell_default(found.currency, t)
    if found.pausing_saves:
        saved = t.money(found.pausing_saves, found.currency)
        st.caption(layout.plain(t("hardware.pausing", saved=saved)))
    if found.spot_bill is not None:
        longer, bill = t.percent(found.spot_time - 1, 1), t.percent(found.spot_bill)
        st.caption(layout.plain(t("hardware.spot", longer=longer, bill=bill)))


def job(found: Ownership, t: Translator) -> None:
    """The training of this case, each way, and the people's time beside it."""
    st.subheader(t("hardware.job"))
    if found.job is None:
        st.info(t("hardware.job_unknown"), icon=":material/info:")
        return
    done, currency = found.job, found.currency
    st.markdown(layout.plain(t("hardware.job_hours", hours=hours_text(t, done.hours))))
    rows = [
        (
            way_text(found, way, t),
            cost_text(t, cost, currency),
            t("hardware.times", times=_multiple(done.multiples[way], t))
            if way in done.multiples
            else t("word.unknown"),
        )
        for way, cost in done.costs.items()
    ]
    columns = ("way", "job", "multiple")
    tables.table(rows, [t(f"hardware.column.{c}") for c in columns], t("hardware.job"), whole=True)
    people = t.money(done.people_cost, currency)
    is_short = done.people_hours < 1
    hours = hours_text(t, done.people_hours) if is_short else t.value(done.people_hours, "hours", currency)
    st.caption(layout.plain(t("hardware.people", hours=hours, cost=people)))


def _figures(value: float) -> float:
    """A cost of an hour to three figures: nothing here is known better."""
    return float(f"{value:.3g}")


def _multiple(value: float, t: Translator) -> str:
    """How many times as much: two figures, whole from ten up."""
    return t.number(value, 0) if value >= 10 else t.number(float(f"{value:.2g}"))


def inputs(found: Ownership, t: Translator) -> None:
    """Every figure behind the page with its kind and source; those that the case asks can be changed here."""
    with layout.folded(t("hardware.change"), "hardware.change") as opened:
        if opened:
            columns = st.columns(2)
            for k, name in enumerate(CHANGEABLE):
                with columns[k % 2]:
                    fields.ask(name)
    st.subheader(t("hardware.inputs"))
    rows = [
        (
            t("hardware.price_of", way=t(f"hardware.way.{w.id}"), card=w.price.name),
            t("hardware.price_derived", price=price_text(w.price.row, t, found.currency))
            if w.price.derived
            else price_text(w.price.row, t, found.currency),
            *_origin(w.price.row, t),
        )
        for w in found.ways.values()
        if w.id != "paused"
    ]
    rows += [(_label(row, t), assumption_text(t, row, found.currency), *_origin(row, t)) for row in found.inputs]
    headings = [t(f"ui.column.{c}") for c in ("what", "amount", "kind", "source")] + [t("hardware.column.note")]
    tables.table(rows, headings, t("hardware.inputs"), whole=True)


def _label(row: Assumption, t: Translator) -> str:
    return field_label(t, row.id) if row.id in QUESTIONS else t(f"hardware.input.{row.id}")


def _origin(row: Assumption, t: Translator) -> tuple[str, str, str]:
    kind = t(f"kind.{row.kind}")
    return kind, source_text(t, row), t.fact(row.note) if row.note else ""
