"""The project step by step: hours, machines, people, and what stopping after each step has cost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

import streamlit as st

from advisor import charts
from advisor.core.notices import UnknownPrice
from advisor.costs.project_plan import (
    FAULTS,
    Monthly,
    Plan,
    PlanCost,
    PlanStep,
    by_the_month,
    plan_cost,
    project_plan,
    rehearsal_saves,
)
from advisor.decision.advice import Advice
from advisor.formulas.project_plan import Prices
from advisor.text.i18n import Translator
from advisor.text.phrases import bill_money
from advisor.ui import articles, layout, state, tables

NUMBERS = ("hours", "gpus", "people", "runs")
PRICES = ("gpu_hour", "wage", "paused_disk_hour")
OF = f"{state.PLAN_WIDGETS}.of"
"""The plan that the typed numbers belong to."""


def draw() -> None:
    t, advice = state.translator(), state.advice()
    st.header(t("page.plan.title"))
    st.markdown(t("page.plan.intro"))
    plan = _plan(advice)
    if plan is None:
        layout.notices(advice.assessment.notices, t, state.scenario().base_currency)
        st.info(t("page.plan.no_price"))
        st.page_link("pages/decide/your_case.py", label=t("ui.answer_questions"), icon=":material/edit:")
        return
    live()


def _plan(advice: Advice) -> Plan | None:
    """The plan of the case; nothing where nobody knows what a GPU hour costs."""
    try:
        return project_plan(advice.scenario, advice.assessment.assumptions, state.catalog())
    except UnknownPrice:
        return None


@layout.part
def live() -> None:
    """Everything that a typed number redraws."""
    t, advice = state.translator(), state.advice()
    plan = _plan(advice)
    if plan is None:
        return
    a = advice.assessment.assumptions
    names = [_name(step, t) for step in plan.steps]
    place = st.container()
    steps, prices = edited(plan, names, t, a.currency)
    cost = plan_cost(steps, prices)
    with place:
        totals(cost, a.currency, t)
    st.subheader(t("page.plan.gates"))
    picture = charts.build_plan_chart(cost, names, a.currency, t)
    layout.chart(picture, charts.plan_alt(cost, names, a.currency, t), t("page.plan.gates"))
    gates(steps, cost, a.currency, t)
    advices(plan, steps, prices, a.currency, t)
    monthly(plan, cost, prices, float(a.number("days_per_month")), a.currency, t)
    articles.notes(t)


def _name(step: PlanStep, t: Translator) -> str:
    return t.fact(step.name) if step.name else t(f"plan.step.{step.id}")


def _stop(step: PlanStep, t: Translator) -> str:
    return t.fact(step.stop) if step.stop else t(f"plan.stop.{step.id}")


def edited(plan: Plan, names: Sequence[str], t: Translator, currency: str) -> tuple[list[PlanStep], Prices]:
    """The plan as the reader wants it: what is typed over is kept while the plan of the case stays."""
    kept, case = state.plan(), repr(plan)
    if st.session_state.get(OF, case) != case:
        kept.clear()
    st.session_state[OF] = case
    proposed = [[float(getattr(step, n)) for n in NUMBERS] for step in plan.steps]
    key, base = f"{state.PLAN_WIDGETS}.{t.language}.{hash(case)}", f"{state.PLAN_WIDGETS}.base.{t.language}"
    if key not in st.session_state:
        rows = kept.get("rows")
        st.session_state[base] = rows if isinstance(rows, list) and len(rows) == len(proposed) else proposed
    st.subheader(t("page.plan.steps"))
    columns = [t("page.plan.column.step"), *(t(f"page.plan.column.{n}") for n in NUMBERS)]
    shown = [[name, *row] for name, row in zip(names, st.session_state[base], strict=True)]
    numbers = [[float(str(value)) for value in row[1:]] for row in tables.number_table(shown, columns, key)]
    _keep("rows", numbers, proposed)
    steps = [
        replace(step, hours=hours, gpus=gpus, people=people, runs=runs)
        for step, (hours, gpus, people, runs) in zip(plan.steps, numbers, strict=True)
    ]
    return steps, _prices(plan, t, currency, key)


def _keep(name: str, value: object, proposed: object) -> None:
    """Remember what was typed over, and nothing that stands as it was proposed."""
    if value == proposed:
        state.plan().pop(name, None)
    else:
        state.plan()[name] = value


@overload
def _kept(name: str, proposed: float) -> float: ...


@overload
def _kept(name: str, proposed: float | None) -> float | None: ...


def _kept(name: str, proposed: float | None) -> float | None:
    """What was typed over a proposal, else the proposal."""
    value = state.plan().get(name)
    return float(value) if isinstance(value, int | float) else proposed


def _prices(plan: Plan, t: Translator, currency: str, key: str) -> Prices:
    found = {}
    for column, name in layout.in_rows(PRICES, len(PRICES)):
        proposed = round(float(getattr(plan.prices, name)), 4)
        label = t(f"page.plan.{name}", currency=currency)
        own = f"{key}.{name}"
        st.session_state.setdefault(own, _kept(name, proposed))
        found[name] = float(column.number_input(label, min_value=0.0, key=own, format="%.4g"))
        _keep(name, found[name], proposed)
    return Prices(**found)


def totals(cost: PlanCost, currency: str, t: Translator) -> None:
    """The whole, and each kind of cost."""
    layout.cards(
        [
            (t("page.plan.total"), bill_money(t, cost.total, currency), ""),
            (
                t("page.plan.gpu"),
                bill_money(t, cost.gpu, currency),
                t("page.plan.gpu_hours", hours=t.number(cost.gpu_hours, 1)),
            ),
            (
                t("page.plan.people"),
                bill_money(t, cost.people, currency),
                t("page.plan.hours", hours=t.number(cost.person_hours, 1)),
            ),
            (t("page.plan.disk"), bill_money(t, cost.paused_disk, currency), t("page.plan.disk_help")),
        ]
    )
    if cost.bought:
        st.caption(layout.plain(t("page.plan.bought", money=bill_money(t, cost.bought, currency))))


def gates(steps: Sequence[PlanStep], cost: PlanCost, currency: str, t: Translator) -> None:
    """What has been spent when the project stops after a step, and when it should."""
    rows = [
        (_name(step, t), bill_money(t, float(spent), currency), _stop(step, t))
        for step, spent in zip(steps, cost.spent, strict=True)
    ]
    columns = [t(f"page.plan.column.{name}") for name in ("step", "spent", "stop")]
    tables.table(rows, columns, t("page.plan.gates_alt"), whole=True)


def advices(plan: Plan, steps: Sequence[PlanStep], prices: Prices, currency: str, t: Translator) -> None:
    """What the rehearsals are worth."""
    saved = rehearsal_saves(steps, prices, state.catalog())
    if saved is None:
        return
    key = "page.plan.rehearsal_pays" if saved > 0 else "page.plan.rehearsal_costs"
    failing, found = (state.catalog().parameter(name).value for name in FAULTS)
    shares = {"failing": t.percent(float(failing or 0), 0), "found": t.percent(float(found or 0), 0)}
    st.info(layout.plain(t(key, money=bill_money(t, abs(saved), currency), **shares)), icon=":material/info:")


def monthly(plan: Plan, cost: PlanCost, prices: Prices, days: float, currency: str, t: Translator) -> None:
    """The same GPU hours by the hour and by the month."""
    st.subheader(t("page.plan.monthly"))
    offer = plan.monthly
    card = offer.name or t("page.plan.this_card")
    st.markdown(
        layout.plain(t("page.plan.monthly_intro", card=card, price=t.value(offer.hour_price, "money/GPU/h", currency)))
    )
    left, right = st.columns(2)
    days_offered = max(float(round(offer.days)), 1.0)
    price = left.number_input(
        t("page.plan.month_price", currency=currency),
        min_value=0.0,
        value=_kept("month", offer.price),
        format="%g",
        key=f"{state.PLAN_WIDGETS}.month",
    )
    length = right.number_input(
        t("page.plan.days"),
        min_value=1.0,
        value=_kept("days", days_offered),
        step=1.0,
        format="%g",
        key=f"{state.PLAN_WIDGETS}.days",
    )
    _keep("month", price, offer.price)
    _keep("days", length, days_offered)
    hour = float(offer.hour_price if offer.name else prices.gpu_hour)
    found = by_the_month(cost, Monthly(price or None, hour, length), days)
    if found is None:
        st.caption(t("page.plan.type_month"))
        return
    layout.cards(
        [
            (
                t("page.plan.by_hour"),
                bill_money(t, found.hourly, currency),
                t("page.plan.gpu_hours", hours=t.number(cost.gpu_hours, 1)),
            ),
            (
                t("page.plan.by_month"),
                bill_money(t, found.monthly, currency),
                t("page.plan.times", times=t.number(found.multiple, 1)),
            ),
            (t("page.plan.break_even"), t.value(found.break_even_hours, "hours/month", currency), ""),
        ]
    )
