"""The answer to the case: what is asked for, the odds, what would change it, what to do next; the rest folded."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from advisor import charts
from advisor.core.notices import UnknownPrice
from advisor.costs.project_plan import StageGate
from advisor.costs.project_plan import stage_gates as gates_of
from advisor.costs.sign_off import gates_to_sign, signed_gates
from advisor.decision.advice import Advice, walk_from_compared
from advisor.decision.examination import Examination
from advisor.report.case import memo_of
from advisor.scenario import LONGEST_NAME, QUESTIONS, STEP_OWNER
from advisor.text import risk_phrases as words
from advisor.text.headline_phrases import chance_text, headline_text
from advisor.text.i18n import Translator
from advisor.text.ladder_phrases import quick_rule_text
from advisor.text.memo_phrases import TUNES, StepRow, step_rows, step_text
from advisor.text.phrases import bill_money, field_label, notice_text, verdict_label
from advisor.ui import changes, exports, fields, headline, layout, risk, sign_off, state
from advisor.ui.cash_flow import timeline
from advisor.ui.tables import stacked_table
from advisor.ui.what_if import slider

NEAREST = 3


def draw() -> None:
    t, advice = state.translator(), state.advice()
    headline.verdict_card(advice, t, large=True, level=1)
    if state.scenario().missing:
        st.page_link("pages/decide/your_case.py", label=t("ui.answer_questions"), icon=":material/edit:")
    odds(advice, t)
    steps(step_rows(memo_of(advice), t), t)
    if advice.assessment.economics is not None:
        would_change()
    quick_rule(advice, t)
    folds(advice, t)
    exports.downloads(advice, t)


def odds(advice: Advice, t: Translator) -> None:
    """Ten dots for the chances, the futures over time, and the figures with their ranges."""
    found, a = advice.headline, advice.assessment.assumptions
    if found is None:
        if not advice.scenario.missing:  # else the card names the open questions, and nothing is counted yet
            layout.notices(advice.assessment.notices, t, a.currency)
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        if charts.shows_chances(advice):
            layout.chart(
                charts.build_chances_chart(advice, t), charts.chances_alt(advice, t), t("risk.heading.chances")
            )
        if found.serves:
            st.html(f"<p>{led(chance_text(found, t), headline_text(found, a.currency, t), t)}</p>")
    with right:
        layout.heading(t("page.cash_flow.cumulative"))
        timeline(advice, advice, t)
    headline.told_first(advice, t)


def led(first: str, rest: str, t: Translator) -> str:
    """A sentence in bold letters and what follows, as HTML, which is drawn in half the time of Markdown."""
    return t("word.sentences", first=f"<strong>{escape(first)}</strong>", second=escape(rest))


def steps(rows: tuple[StepRow, ...], t: Translator) -> None:
    """What to do next, with cost, day and who does it; names are typed in below and become part of the case."""
    if not rows:
        return
    owners = state.scenario().owners or {}
    told = "".join(_step(row, owners.get(STEP_OWNER + row.id, ""), t) for row in rows)
    more = f'<p><a class="way" href="./alternatives">{escape(t("ui.see_worked"))}</a></p>'
    worked = more if state.advice().assessment.economics is not None else ""
    layout.heading(t("page.answer.next"), f"<ol>{told}</ol>{worked}")
    with layout.folded(t("ui.who_does_each"), "answer.owners", icon=":material/person:") as is_open:
        if is_open:
            _doers(rows, owners, t)


def _step(step: StepRow, owner: str, t: Translator) -> str:
    text = step_text(step, state.scenario().base_currency, t)
    if owner:
        text = t("word.sentences", first=text, second=t("ui.done_by", name=owner))
    return f"<li>{led(step.title, text, t)}</li>"


def _doers(rows: tuple[StepRow, ...], owners: Mapping[str, str], t: Translator) -> None:
    for step in rows:
        key = fields.widget_key(STEP_OWNER + step.id, "owner")
        st.session_state[key] = owners.get(STEP_OWNER + step.id, "")
        st.text_input(
            t("ui.who_does", step=step.title),
            key=key,
            on_change=_keep,
            args=(STEP_OWNER + step.id, key),
            placeholder=t("ui.nobody_yet"),
            max_chars=LONGEST_NAME,
        )


@layout.part
def would_change() -> None:
    """The numbers nearest to another verdict, each to be tried out or looked up; answers that nobody has given yet."""
    t, advice, tried = state.translator(), state.advice(), state.compared()
    with st.spinner(t("ui.computing")):
        found = state.examined(advice)
    currency = advice.assessment.assumptions.currency
    nearest = found.turning[:NEAREST]
    to_yes = advice.recommendation.verdict not in TUNES and any(switch.verdict in TUNES for switch in nearest)
    layout.heading(t("answer.becomes_yes" if to_yes else "page.answer.switching"))
    for switch in nearest:
        said, tool = st.columns([3, 2], gap="large")
        with said:
            can_look_up = QUESTIONS[switch.id].role == "fact"
            label = t("ui.look_up" if can_look_up else "ui.enter_yours", field=field_label(t, switch.id))
            way = f'<a class="way" href="./?{state.FIELD}={switch.id}">{escape(label)}</a>'
            st.html(f"<p>{escape(words.switching_text(switch, currency, t))}</p><p>{way}</p>")
        with tool:
            slider(advice, switch.id, t)
    told = _told(found, currency, t) or ([] if nearest else [t("ui.switching.none")])
    if told:
        st.html(f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in told)}</ul>")
    if state.what_if():
        st.info(layout.plain(t("ui.with_these", verdict=verdict_label(t, tried.recommendation))))
        st.button(t("ui.reset_sliders"), on_click=state.what_if().clear, key="w.reset")


def _told(found: Examination, currency: str, t: Translator) -> list[str]:
    facts = [words.fact_text(known, currency, t) for known in found.facts]
    return [*facts, *(words.finding_text(finding, t) for finding in found.findings)]


def quick_rule(advice: Advice, t: Translator) -> None:
    """Article 001's matrix with the case in it, and what joins it to the verdict."""
    layout.heading(t("page.answer.matrix"))
    rules = state.catalog().rules
    picture = charts.build_decision_matrix_chart(advice, rules, t)
    layout.chart(picture, charts.decision_matrix_alt(advice, rules, t), t("page.answer.matrix"))
    with st.spinner(t("ui.computing")):
        ladder = state.ladder_of(advice)
    known = advice.assessment.assumptions.knows("daily_requests")
    said = quick_rule_text(advice.recommendation.matrix, ladder, t, volume_known=known)
    st.html(f"<p>{escape(said)}</p>")
    why_different(advice, t)


def folds(advice: Advice, t: Translator) -> None:
    """What a reader may want to see behind the answer; a closed part costs nothing."""
    parts = {
        "why": reasons,
        "actions": _actions,
        "counter": against,
        "moves": risk.what_moves_it,
        "gates": _stage_gates,
        "calculator": _calculator,
    }
    for name, show in parts.items():
        if name != "why" and advice.assessment.economics is None:
            continue
        if name == "calculator" and advice.recommendation.calculator is None:
            continue
        with layout.folded(t(f"answer.fold.{name}"), f"answer.{name}") as is_open:
            if is_open:
                show(advice, t)


def reasons(advice: Advice, t: Translator) -> None:
    """The rule that decided and everything else a reader must hear."""
    found, currency = advice.recommendation, advice.assessment.assumptions.currency
    for reason in (*found.reasons, *found.advice):
        st.markdown(f"- {layout.plain(notice_text(t, reason, currency))}")
    st.caption(t("ui.rule", rule=found.rule, name=t(f"rule.{found.rule}.label")))
    layout.notices(advice.assessment.notices, t, currency)


def _actions(advice: Advice, t: Translator) -> None:
    risk.compared(advice, t)
    st.page_link("pages/money/risk.py", label=t("ui.see_risk"), icon=":material/casino:")


def against(advice: Advice, t: Translator) -> None:
    """The strongest case against the verdict, from the same numbers."""
    found = state.examined(advice)
    for argument in found.arguments:
        st.markdown(f"- {layout.plain(notice_text(t, argument.says, advice.assessment.assumptions.currency))}")
        if found.can_settle(argument):
            st.caption(t("ui.settled_by", text=t(f"ui.settled.{argument.settled_by}")))
    if not found.arguments:
        st.markdown(t("ui.no_counter"))
    st.page_link("pages/money/alternatives.py", label=t("ui.see_options"), icon=":material/compare:")


def _calculator(advice: Advice, t: Translator) -> None:
    said = t("quick_rule.calculator", verdict=t(f"verdict.{advice.recommendation.calculator}.label"))
    st.markdown(layout.plain(said))


def why_different(advice: Advice, t: Translator) -> None:
    """Step by step from the article's case to this one."""
    steps = walk_from_compared(advice.scenario, state.catalog(), advice.assessment.assumptions.on)
    if not steps:
        return
    st.subheader(t("page.answer.walk"))
    currency = advice.assessment.assumptions.currency
    layout.chart(
        charts.build_walk_chart(steps, currency, t), charts.walk_alt(steps, currency, t), t("page.answer.walk")
    )
    for step in steps:
        st.markdown(f"- **{t(f'walk.{step.id}.label')}**: {t(f'walk.{step.id}.text')}")


GATE_COLUMNS = ("gate", "spent", "next_spend", "stop_if")
SHOWN_MONEY = 0.005
"""Less of it is not seen beside two amounts."""


def _stage_gates(advice: Advice, t: Translator) -> None:
    """The decisions on the way with what each puts at risk, who decides, and what was decided."""
    a, metrics = advice.assessment.assumptions, advice.assessment.metrics
    try:
        found = gates_of(advice.scenario, a, state.catalog())
    except UnknownPrice:
        return
    st.caption(t("ui.gates_help"))
    names = {gate.step: t.fact(gate.name) if gate.name else t(f"plan.step.{gate.step}") for gate in found}
    rows = [_gate_row(gate, names[gate.step], t, a.currency) for gate in found]
    stacked_table(rows, [t(f"ui.column.{name}") for name in GATE_COLUMNS], t("ui.gates_help"), "gates")
    economics = advice.assessment.economics
    beyond = 0.0 if economics is None or not found else found[-1].spent - float(economics.investment)
    if beyond >= SHOWN_MONEY:
        st.caption(layout.plain(t("ui.gates_beyond", money=bill_money(t, beyond, a.currency))))
    if advice.headline is not None and advice.headline.npv_if_failed.mean is not None:
        lost = {"mean": -advice.headline.npv_if_failed.mean, "entered": advice.headline.investment.as_entered}
        said = t("ui.gates_lost", **{name: t.money(amount, a.currency) for name, amount in lost.items()})
        st.caption(layout.plain(said))
    if metrics is not None and economics is not None and metrics.exit_month < len(economics.months):
        npv, leave = (t.money(x, a.currency) for x in (metrics.npv, metrics.npv_with_exit))
        st.markdown(layout.plain(t("ui.exit_option", npv=npv, exit=leave, month=t.number(metrics.exit_month))))
    _owners(names, t)
    signed = signed_gates(state.scenario(), a, state.catalog())
    if signed is not None:
        sign_off.told(signed, a.currency, t)
    sign_off.form(gates_to_sign(state.scenario(), a, state.catalog()), a.currency, t)


def _gate_row(gate: StageGate, name: str, t: Translator, currency: str) -> tuple[str, ...]:
    record = (state.scenario().sign_off or {}).get(gate.step)
    planned = t.fact(gate.stop) if gate.stop else t(f"plan.stop.{gate.step}")
    stop = record.criterion if record is not None and record.criterion else planned
    return name, bill_money(t, gate.spent, currency), bill_money(t, gate.next_spend, currency), stop


def _owners(names: Mapping[str, str], t: Translator) -> None:
    """Who decides at each gate: what is typed becomes part of the case."""
    owners, places = state.scenario().owners or {}, st.columns(len(names), vertical_alignment="bottom")
    for column, (step, name) in zip(places, names.items(), strict=True):
        key = fields.widget_key(step, "owner")
        st.session_state[key] = owners.get(step, "")
        label = t("ui.who_decides", gate=name)
        empty = t("ui.nobody_yet")
        column.text_input(label, key=key, on_change=_keep, args=(step, key), placeholder=empty, max_chars=LONGEST_NAME)


def _keep(step: str, key: str) -> None:
    named = {**(state.scenario().owners or {}), step: str(st.session_state[key]).strip()}
    changes.answer("owners", {step: name for step, name in named.items() if name} or None)
