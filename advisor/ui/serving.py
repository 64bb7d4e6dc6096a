"""The page Serving: API or own GPUs, which GPU, and from which volume own GPUs pay."""

import numpy as np
import streamlit as st

from advisor.assumptions.currency import DOLLAR
from advisor.charts import serving as charts
from advisor.charts.serving_words import PER, by_token_words, cascade_words, flat_words, router_words, speed_words
from advisor.core.notices import InputError
from advisor.core.records import TODAY
from advisor.costs import serving
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator
from advisor.text.phrases import joined, option_name, verdict_label
from advisor.ui import layout, load_shape, state, tables
from advisor.ui.tables import longer_table

RENTED = "rented_gpu"
VIEW, WAYS = "serving.view", "serving.ways"
ALWAYS_SHOWN = ("api", "own")
SHOWN_FIRST = ("endpoint", "per_token", "scale_to_zero")
PLAIN = ("count", "multiple")


def draw() -> None:
    t = state.translator()
    st.title(t("page.serving.title"))
    st.markdown(t("page.serving.intro"))
    advice = _rented(t)
    if advice is None:
        return
    plan = serving.serving_plan(advice.scenario, advice.assessment.assumptions, state.catalog())
    if plan.can_count:
        summary(plan, verdict_label(t, state.advice().recommendation), t)
        staircase(plan, t)
        load_shape.draw(plan, t)
    else:
        _cannot_count(advice, t)
    cards(plan, t)
    if plan.can_count:
        hours(plan, t)
        engineers(plan, t)


def _rented(t: Translator) -> Advice | None:
    """The case on rented GPUs; where it is served another way, what they would cost it."""
    case = state.scenario()
    if case.serving_route == RENTED or "serving_gpu_price" in state.advice().assessment.assumptions:
        return state.advice()
    try:
        advice = state.advice(case.with_(serving_route=RENTED))
    except InputError as error:
        layout.faults(error.issues, t)
        return None
    st.info(t("serving.other_route"), icon=":material/alt_route:")
    return advice


def _cannot_count(advice: Advice, t: Translator) -> None:
    """What is missing: a card on which the model fits, its speed, or its price."""
    a = advice.assessment.assumptions
    warnings = [n for n in a.notices if n.severity == "warning" and n.code.startswith(("serving", "gpu_price", "rate"))]
    layout.notices(warnings, t, a.currency)
    st.warning(t("serving.cannot_count"), icon=":material/help:")


# --- The answer -------------------------------------------------------------------


def summary(plan: serving.ServingPlan, verdict: str, t: Translator) -> None:
    """Which is cheaper, by how much, and what it rests on."""
    st.subheader(_headline(plan, t), anchor=False)
    _figures(plan, t)
    st.markdown(layout.plain(joined([_setup(plan, t), _who(plan, t)], t)))
    if plan.has_api:
        pays = serving.own_pays(plan)
        several = [t("serving.pays.several")] if len(pays) > 1 else []
        st.markdown(layout.plain(joined([charts.range_words(pays, t), *several], t)))
    st.markdown(layout.plain(t("serving.alone", verdict=verdict)))
    against = [t("serving.against", option=option_name(t, plan.a.baseline))] if plan.has_api else []
    st.caption(layout.plain(joined([*against, _error(plan, t), *flat_words(plan, t)], t)))


def _headline(plan: serving.ServingPlan, t: Translator) -> str:
    card, currency = plan.chosen, plan.a.currency
    if plan.volume is None or card is None:
        return t("serving.headline.no_volume")
    if not plan.volume:
        return layout.plain(t("serving.headline.no_requests", own=t.money(card.monthly_cost, currency)))
    own = card.monthly_cost + plan.requests * plan.fallback_each
    if not plan.has_api:
        return layout.plain(t("serving.headline.no_api", own=t.money(own, currency)))
    api = plan.requests * (plan.api_each or 0.0)
    words = {"own": t.money(own, currency), "api": t.money(api, currency)}
    return layout.plain(t("serving.headline.own" if own < api else "serving.headline.api", **words))


def _figures(plan: serving.ServingPlan, t: Translator) -> None:
    """What a request costs either way, and how busy the GPUs are."""
    card, currency = plan.chosen, plan.a.currency
    if card is None:
        return
    each, baseline = t("serving.axis.thousand"), plan.a.baseline
    shown = [(option_name(t, baseline), _request(plan.api_each, t, currency), t("serving.figure.api_small"))]
    if baseline != TODAY:
        shown.insert(0, (t("serving.figure.today"), _request(plan.today, t, currency), each))
    if plan.volume:
        own = _request(card.cost_per_request + plan.fallback_each, t, currency)
        back = t("serving.figure.own_small", fallback=_request(plan.fallback_each, t, currency))
        shown.append((t("serving.figure.own"), own, back if plan.fallback_each else each))
    rent, copies = t.money(card.monthly_cost, currency), t.value(card.replicas, "replicas", currency)
    busy = t.percent(serving.utilisation(plan)) if plan.volume else t("word.unknown")
    for name, value in (("rent", rent), ("replicas", copies), ("busy", busy)):
        shown.append((t(f"serving.figure.{name}"), value, t(f"serving.figure.{name}_small")))
    layout.cards(shown)


def _request(value: float | None, t: Translator, currency: str) -> str:
    """Cost of a thousand requests, for a column or a card that says so."""
    return t("word.unknown") if value is None else t.money(value * PER, currency)


def _card_name(plan: serving.ServingPlan, gpu: str, gpus: int, t: Translator) -> str:
    name = state.catalog().gpu(gpu).short_name
    return name if gpus == 1 else t("serving.several", count=t.number(gpus), gpu=name)


def _setup(plan: serving.ServingPlan, t: Translator) -> str:
    card, a = plan.chosen, plan.a
    if card is None:
        return ""
    model = t("serving.your_model") if plan.model is None else state.catalog().model(plan.model).name
    return t(
        "serving.setup",
        model=model,
        precision=t(f"choice.{a.choice('serving_precision')}"),
        cards=_card_name(plan, card.gpu, card.gpus, t),
        carried=t.number(float(np.floor(serving.carried_per_day(a))), 0),
    )


def _who(plan: serving.ServingPlan, t: Translator) -> str:
    """Who chose the card, and which would be cheaper."""
    card, row = plan.chosen, plan.a["serving_gpu"]
    if card is None:
        return ""
    speed = t.value(plan.a.number("answer_speed"), "tokens/s", plan.a.currency)
    said = t(f"serving.who.{'thin' if row.set_by == 'default' and card.is_thin else row.set_by}", speed=speed)
    other = plan.next_card
    if row.set_by != "default" and other is not None and other.monthly_cost < card.monthly_cost:
        cost = t.money(other.monthly_cost, plan.a.currency)
        cheaper = t("serving.cheaper", cards=_card_name(plan, other.gpu, other.gpus, t), cost=cost)
        return joined([said, cheaper], t)
    return said


def _error(plan: serving.ServingPlan, t: Translator) -> str:
    """How far the estimate may be off, and what that does to the volume from which own GPUs pay."""
    row = plan.a[serving.SPEED]
    said = speed_words(plan, t)
    if row.kind != "estimate" or row.low is None or row.high is None:
        return said
    slow, fast = (serving.own_pays(plan, speed) for speed in (row.low, row.high))
    if plan.has_api and slow != fast:
        return joined([said, t("serving.error.slow", words=charts.range_words(slow, t))], t)
    return said


# --- The staircase ----------------------------------------------------------------


def staircase(plan: serving.ServingPlan, t: Translator) -> None:
    """Cost against volume, by the month or by the request, with the alternatives that are wanted."""
    st.subheader(t("serving.staircase.title"))
    lines = serving.lines(plan, state.catalog())
    names = {line.id: charts.line_name(line, t) for line in lines}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        per_request = st.segmented_control(
            t("serving.staircase.view"),
            (False, True),
            default=False,
            required=True,
            key=f"{VIEW}.{t.language}",
            format_func=lambda wanted: t("serving.axis.thousand" if wanted else "serving.axis.month"),
        )
    others = [name for name in names if name not in ALWAYS_SHOWN]
    first = [name for name in others if name in SHOWN_FIRST]
    wanted = st.pills(
        t("serving.staircase.compare"),
        others,
        selection_mode="multi",
        default=first,
        key=f"{WAYS}.{t.language}.{'.'.join(others)}",
        format_func=names.__getitem__,
    )
    shown = [line for line in lines if line.id in (*ALWAYS_SHOWN, *wanted)]
    chart = charts.build_staircase_chart(plan, shown, t, per_request=bool(per_request))
    layout.chart(chart, charts.staircase_alt(plan, shown, t), t("serving.staircase.title"))
    notes = [t("serving.staircase.note")]
    notes += [] if plan.has_api else [t("serving.staircase.no_api")]
    notes += [t("serving.staircase.endpoint", gpu=line.gpu) for line in shown if line.id == "endpoint"]
    st.caption(layout.plain(joined(notes, t)))


# --- Which card -------------------------------------------------------------------


def cards(plan: serving.ServingPlan, t: Translator) -> None:
    """Every card with a rental price, cheapest first."""
    if not plan.cards:
        return
    st.subheader(t("serving.cards.title"))
    st.caption(layout.plain(t("serving.cards.help", unpriced=t.number(plan.unpriced))))
    columns = [t(f"serving.column.{name}") for name in COLUMNS]
    rows = [_card_row(plan, card, t) for card in plan.cards]
    longer_table(rows, columns, t("serving.cards.title"), "cards")


COLUMNS = ("card", "cost", "thousand", "machines", "price", "sequences", "limit", "rate", "ttft", "tpot")


def _card_row(plan: serving.ServingPlan, card: serving.CardOffer, t: Translator) -> tuple[str, ...]:
    currency, none = plan.a.currency, ""
    price, name = t.money(card.price, currency), _with_state(card, t)
    if card.obstacle:
        return (name, *[none] * 3, price, *[none] * 5)
    return (
        name,
        t.money(card.monthly_cost, currency),
        _request(card.cost_per_request, t, currency) if plan.volume else none,
        t("serving.machines", replicas=t.number(card.replicas), gpus=t.number(card.gpus)),
        price,
        t.number(card.sequences),
        t(f"serving.limit.{card.limit}") if card.limit else none,
        t.number(card.requests_per_s, 2),
        t.number(card.ttft_s, 2),
        t.number(card.tpot_s * PER, 0),
    )


def _with_state(card: serving.CardOffer, t: Translator) -> str:
    """A card with what sets it apart: it is chosen, or why it is not."""
    name = state.catalog().gpu(card.gpu).short_name
    other = "desktop" if card.is_desktop else "thin" if card.is_thin else ""
    said = card.obstacle or ("chosen" if card.is_chosen else other)
    return t(f"serving.state.{said}", card=name) if said else name


# --- Hours, sharing, engineers ----------------------------------------------------


def hours(plan: serving.ServingPlan, t: Translator) -> None:
    """Switching off, sharing a base, asking twice: three ways to pay for fewer hours."""
    with layout.folded(t("serving.hours.title"), "serving.hours", icon=":material/schedule:") as opened:
        if not opened:
            return
        priced = "by_month" if plan.a.choice("rental_term") == "month" else "help"
        st.caption(layout.plain(t(f"serving.hours.{priced}")))
        _modes(plan, t)
        _shared(plan, t)
        _by_token(plan, t)
        _two_models(plan, t)
        _parameters(plan, t)


def _modes(plan: serving.ServingPlan, t: Translator) -> None:
    """A month by how replicas are switched; where the hours of the week are told, also what of it is idle."""
    currency, follows = plan.a.currency, serving.week_shape(plan.scenario) is not None
    seconds = _value(t, "cold_start_seconds", currency)
    rows = [
        (
            t(f"serving.mode.{mode.id}", seconds=seconds),
            t.value(mode.hours, "hours", currency),
            t.money(mode.monthly_cost, currency),
            _request(mode.cost_per_request if plan.volume else None, t, currency),
            t.value(mode.waiting_share, "fraction", currency),
            *([t.percent(mode.idle_share)] if follows else []),
        )
        for mode in serving.modes(plan, state.catalog())
    ]
    columns = [t(f"serving.column.{name}") for name in ("mode", "hours", "rent", "request", "waiting")]
    columns += [t("load_shape.column.idle")] if follows else []
    tables.table(rows, columns, t("serving.hours.title"), whole=True)
    if follows:
        st.caption(layout.plain(t("load_shape.help")))


def _shared(plan: serving.ServingPlan, t: Translator) -> None:
    """Several tuned models of this volume on one base model."""
    if not plan.volume:
        return
    currency = plan.a.currency
    st.markdown(f"**{t('serving.shared.title')}**")
    rows = [
        (t.number(s.tasks), t.number(s.replicas), t.money(s.cost_each, currency))
        for s in serving.shared(plan, state.catalog())
    ]
    columns = [t(f"serving.column.{name}") for name in ("tasks", "replicas", "each")]
    tables.table(rows, columns, t("serving.shared.title"), whole=True)


def _two_models(plan: serving.ServingPlan, t: Translator) -> None:
    """Asking the small model first, or choosing one of the two: what each costs, and until which share it pays."""
    catalog, currency = state.catalog(), plan.a.currency
    cascade, router = serving.cascade(plan, catalog), serving.router(plan, catalog)
    if cascade is None:
        return
    st.markdown(f"**{t('serving.cascade.title')}**")
    said = cascade_words(cascade, t, currency)
    said += [] if router is None else [router_words(router, cascade, t, currency)]
    for line in said:
        st.markdown(layout.plain(line))


def _by_token(plan: serving.ServingPlan, t: Translator) -> None:
    """From which volume a replica beats a provider that bills tokens only."""
    found = serving.by_token(plan, state.catalog())
    if found is not None:
        st.markdown(f"**{t('serving.by_token.title')}**")
        st.markdown(layout.plain(by_token_words(found, t, plan.a.currency)))


def _parameters(plan: serving.ServingPlan, t: Translator) -> None:
    """What these tables rest on that nobody is asked for; money as its source states it, in US dollars."""
    st.markdown(f"**{t('serving.parameters')}**")
    rows = []
    for name in serving.parameters(plan.scenario):
        record = state.catalog().parameter(name)
        source = (t.fact(record.source.title), record.source.url or "")
        note = "" if record.note is None else t.fact(record.note)
        values = (_value(t, name, DOLLAR, end) for end in ("value", "low", "high"))
        rows.append((t(f"serving.parameter.{name}"), *values, t(f"kind.{record.kind}"), *source, note))
    names = ("what", "value", "low", "high", "kind", "source", "link", "note")
    tables.table(rows, [t(f"serving.column.{name}") for name in names], t("serving.parameters"), whole=True)


def _value(t: Translator, name: str, currency: str, end: str = "value") -> str:
    """A constant of this page, or an end of its range; counts and multiples need no unit."""
    record = state.catalog().parameter(name)
    value = record.value if end == "value" else getattr(record.interval, end, None)
    if record.unit in PLAIN and isinstance(value, float):
        return t.number(value)
    return t.value(value, record.unit, currency)


def engineers(plan: serving.ServingPlan, t: Translator) -> None:
    """Where a step's time goes, and throughput against latency."""
    with layout.folded(t("serving.engineers"), "serving.engineers", icon=":material/speed:") as opened:
        if not opened:
            return
        seconds, curve = serving.step_seconds(plan, state.catalog()), serving.load_curve(plan, state.catalog())
        if not seconds or curve is None or plan.chosen is None:
            st.caption(t("serving.no_estimate"))
            return
        cards = _card_name(plan, plan.chosen.gpu, plan.chosen.gpus, t)
        total = t.number(sum(seconds.values()) * PER, 1)
        sequences = t.number(plan.chosen.sequences)
        st.markdown(layout.plain(t("serving.step", cards=cards, sequences=sequences, total=total)))
        layout.chart(charts.build_step_time_chart(seconds, t), charts.step_time_alt(seconds, t), t("serving.axis.step"))
        st.markdown(layout.plain(t("serving.curve", sequences=sequences)))
        for place, seen in zip(st.columns(2), (False, True), strict=True):
            with place:
                chart = charts.build_load_chart(curve, plan.chosen.sequences, t, seen=seen)
                layout.chart(
                    chart,
                    charts.load_alt(curve, t, seen=seen),
                    t("serving.axis.seen" if seen else "serving.axis.whole"),
                )
        st.caption(layout.plain(t("serving.engineers_note")))
