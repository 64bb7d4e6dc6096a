"""Results of the simulation as sentences and table rows, shared by page and report."""

from collections.abc import Sequence

from advisor.core.findings import ON_THE_LADDER, Finding, SwitchingValue
from advisor.core.records import Assumptions
from advisor.risk.actions import Action, ActionTable, reliability_needed
from advisor.risk.regret import Choice
from advisor.risk.summary import Information, Risk
from advisor.scenario import QUESTIONS
from advisor.text.i18n import Translator, to_figures
from advisor.text.ladder_phrases import told_volume
from advisor.text.phrases import (
    RARE,
    assumption_text,
    field_label,
    futures_text,
    option_name,
    result_text,
    signed_percent,
    without_unit,
)

FIGURES = 3
"""Significant figures of a value that changes the verdict."""
NOTHING = "–"
"""A cell without a value."""
MOST_FIRST = 6
LEAST_ERROR = 0.1
"""Smallest error of a chance that is named [percentage points]."""
MANY_REQUESTS = 1000
"""Requests whose cost is shown: that of a single one has too many zeros."""


def share_text(t: Translator, share: float) -> str:
    """A chance as whole percent; what would read as 0 or 100 % without being so is said in words."""
    if 0 < share < RARE:
        return t("risk.share.hardly", share=t.percent(0.01))
    return t("risk.share.almost", share=t.percent(0.99)) if 1 - RARE < share < 1 else t.percent(share)


def thousand_text(risk: Risk, currency: str, t: Translator) -> str:
    """P10 to P90 of what a thousand requests cost with the tuned model."""
    cost = risk.cost_per_request
    if cost is None:
        return t("status.no_requests")
    low, high = (t.money(MANY_REQUESTS * value, currency, 2) for value in (cost.p10, cost.p90))
    return t("risk.range", low=low, high=high)


def switching_columns(t: Translator) -> tuple[str, ...]:
    return tuple(t(f"risk.switching.{column}") for column in ("number", "now", "at", "verdict", "distance", "chance"))


def switching_row(switch: SwitchingValue, currency: str, t: Translator) -> tuple[str, ...]:
    """Number, value now, value that changes the verdict, the new verdict, how far away, chance to lie there."""
    unit = QUESTIONS[switch.id].unit
    now, at = t.value(switch.value, unit, currency), _turns_at(switch, currency, t)
    if switch.once_known:
        return (
            field_label(t, switch.id),
            now,
            t("risk.switching.once_known"),
            t(f"verdict.{switch.verdict}.label"),
            NOTHING,
            NOTHING,
        )
    far = _distance(switch, unit, t)
    chance = share_text(t, switch.chance) if switch.chance > 0 else t("risk.switching.no_draw")
    return field_label(t, switch.id), now, at, t(f"verdict.{switch.verdict}.label"), far, chance


def _turns_at(switch: SwitchingValue, currency: str, t: Translator) -> str:
    """The value that changes the verdict, to the figures that its search can tell; beside today's by words."""
    if switch.switches_at is None:
        return t.value(None, QUESTIONS[switch.id].unit, currency)
    if switch.id == ON_THE_LADDER:
        return _on_the_ladder(switch, t)
    at, now = (
        t.value(value, QUESTIONS[switch.id].unit, currency)
        for value in (to_figures(switch.switches_at, FIGURES), switch.value)
    )
    return at if at != now else _beside(switch, now, t)


def _beside(switch: SwitchingValue, now: str, t: Translator) -> str:
    """A value that is shown as the one now: on which side of it the verdict changes."""
    if (switch.switches_at or 0.0) > switch.value:
        return t("risk.switching.above", value=now)
    return t("risk.switching.below", value=now)


def _distance(switch: SwitchingValue, unit: str, t: Translator) -> str:
    """How far away the switch is: of a share in percentage points, of anything else as a share of the value now."""
    if unit.startswith("fraction") and switch.switches_at is not None:
        points = 100 * (switch.switches_at - switch.value)
        return t("risk.switching.points", points=f"{'+' if points > 0 else ''}{t.number(points, 1)}")
    return "–" if switch.distance is None else signed_percent(t, switch.distance)


def reached(switching_values: Sequence[SwitchingValue]) -> list[SwitchingValue]:
    """The numbers that can change the verdict on their own."""
    return [switch for switch in switching_values if switch.switches_at is not None]


def alone_text(switching_values: Sequence[SwitchingValue], currency: str, t: Translator) -> str:
    """Which numbers cannot change the verdict on their own, and between which values; empty where all can."""
    names = []
    for switch in (switch for switch in switching_values if switch.switches_at is None):
        ends = (to_figures(end, FIGURES) for end in (switch.low, switch.high))
        low, high = (t.value(end, QUESTIONS[switch.id].unit, currency) for end in ends)
        low = without_unit(low, high)
        names.append(t("risk.switching.between", field=field_label(t, switch.id), low=low, high=high))
    return t("risk.switching.alone", list=t("chart.list").join(names)) if names else ""


def switching_text(switch: SwitchingValue, currency: str, t: Translator) -> str:
    """A number that changes the verdict on its own, in one sentence."""
    unit = QUESTIONS[switch.id].unit
    value, at = t.value(switch.value, unit, currency), _turns_at(switch, currency, t)
    key = "risk.switching.said_volume" if switch.id == ON_THE_LADDER else "risk.switching.said"
    key = "risk.switching.said_beside" if at == _beside(switch, value, t) else key
    key = key if switch.chance >= RARE else f"{key}_rare"
    key = "risk.switching.said_once_known" if switch.once_known else key
    value = value if switch.once_known else without_unit(value, at)
    verdict, share = t(f"verdict.{switch.verdict}.label"), futures_text(switch.chance, t)
    return t(key, field=field_label(t, switch.id), value=value, at=at, verdict=verdict, share=share)


def finding_text(finding: Finding, t: Translator) -> str:
    """An open answer that would change the verdict, in one sentence."""
    answer, verdict = t(f"choice.{finding.answer}"), t(f"verdict.{finding.verdict}.label")
    return t("risk.finding", field=field_label(t, finding.id), answer=answer, verdict=verdict)


def first_text(known: Sequence[Information], unknown: str | None, currency: str, t: Translator) -> str:
    """What to find out first, and what that is worth; ``unknown`` is the number to tell next, if any."""
    if not known:
        return t("risk.first.none")
    best = known[0]
    if best.worth <= 0:
        none = t("risk.first.all_yours")
        return none if unknown is None else t("risk.first.worthless", field=field_label(t, unknown))
    return t("risk.first.best", field=field_label(t, best.id), worth=t.prose_money(best.worth, currency))


def fact_text(known: Information, currency: str, t: Translator) -> str:
    """A fact to find out before deciding, and what that alone is worth."""
    if known.worth <= 0:
        return t("risk.fact.together", field=field_label(t, known.id))
    return t("risk.fact.alone", field=field_label(t, known.id), worth=t.prose_money(known.worth, currency))


def find_out_columns(t: Translator) -> tuple[str, ...]:
    switching = ("number", "now", "at", "verdict", "chance")
    return (*(t(f"risk.switching.{c}") for c in switching), *(t(f"risk.first.{c}") for c in ("share", "worth")))


def find_out_rows(
    known: Sequence[Information],
    switching_values: Sequence[SwitchingValue],
    a: Assumptions,
    t: Translator,
    volume: SwitchingValue | None = None,
) -> list[tuple[str, ...]]:
    """Each number that moves the value or turns the verdict: where it turns it, its share of the spread, its worth.

    ``volume``: where the volume ladder turns it.
    """
    turns, moves = {switch.id: switch for switch in reached(switching_values)}, {each.id: each for each in known}
    if volume is not None:
        turns[volume.id] = volume
    rows: list[tuple[str, ...]] = []
    for name in dict.fromkeys((*moves, *turns)):
        if name in turns:
            number, now, at, verdict, _, chance = switching_row(turns[name], a.currency, t)
        else:
            number, now = field_label(t, name), _now(a, name, t)
            at = verdict = chance = NOTHING
        share = share_text(t, moves[name].variance_share) if name in moves else NOTHING
        worth = t.money(moves[name].worth, a.currency, 0) if name in moves and moves[name].worth > 0 else NOTHING
        rows.append((number, now, at, verdict, chance, share, worth))
    return rows


def _on_the_ladder(volume: SwitchingValue, t: Translator) -> str:
    """Below or from which volume the verdict is another, to the figures that the ladder shows."""
    at = volume.switches_at or 0.0
    told = t.number(told_volume(at, volume.value))
    if told == t.number(volume.value) and at <= volume.value:
        return _beside(volume, t.value(volume.value, QUESTIONS[volume.id].unit, ""), t)
    return t("ladder.from" if at > volume.value else "ladder.below", requests=told)


def _now(a: Assumptions, name: str, t: Translator) -> str:
    """The value of a number as it stands; the result of the quality gate has none yet."""
    return assumption_text(t, a[name], a.currency) if name in a else NOTHING


def pilot_text(a: Assumptions, table: ActionTable, t: Translator) -> str:
    """What a trial is worth beside the best other action, and how reliable it would have to be."""
    if "trial_first" not in table or table.trial is None:
        return t("risk.pilot.unknown" if "pilot_cost" in a and not a.knows("pilot_cost") else "risk.pilot.known")
    row, other = table["trial_first"], table.best_but("trial_first")
    said = t(
        "risk.pilot.row",
        cost=t.prose_money(row.at_risk, a.currency),
        reliability=t.percent(float(a.number("pilot_reliability"))),
        months=t.months(row.delay_months, 0),
        money=result_text(row.mean, a.currency, t),
        other=result_text(other, a.currency, t),
    )
    least = reliability_needed(table, row.at_risk, other)
    if least is None:
        return t("word.sentences", first=said, second=t("risk.pilot.never"))
    limit = "risk.pilot.holds" if row.mean >= other else "risk.pilot.from"
    return t("word.sentences", first=said, second=t(limit, reliability=t.percent(least)))


def action_name(row: Action, table: ActionTable, t: Translator) -> str:
    """An action, marked where it is recommended or ruled out."""
    name = t(f"action.{row.id}.label")
    if row.id == table.recommended.id:
        return t("risk.actions.recommended", action=name)
    if row.why_not is None:
        return name
    is_idle = row.why_not.code == "action_changes_nothing"
    return t("risk.actions.idle" if is_idle else "risk.actions.ruled_out", action=name)


def action_columns(t: Translator) -> tuple[str, ...]:
    columns = ("action", "mean", "p10", "p50", "p90", "loss", "at_risk", "delay", "go")
    return tuple(t(f"risk.actions.{column}") for column in columns)


def action_row(row: Action, table: ActionTable, currency: str, t: Translator) -> tuple[str, ...]:
    """What an action is worth, how often it loses, what it puts at risk, and how long it takes."""
    money = (t.money(value, currency, 0) for value in (row.mean, row.p10, row.p50, row.p90))
    loss = share_text(t, row.chance_of_loss) if row.go_share else "–"
    delay = t.months(row.delay_months, 0) if row.delay_months else "–"
    at_risk = t.money(row.at_risk, currency, 0) if row.at_risk else "–"
    return (action_name(row, table, t), *money, loss, at_risk, delay, share_text(t, row.go_share))


def actions_read(table: ActionTable, a: Assumptions, risk: Risk, t: Translator) -> str:
    """What the table of actions is measured against, and how one is recommended."""
    horizon = t.months(float(a.number("horizon_months")), 0)
    count = t.number(risk.sampling.count, 0)
    return t("risk.actions.read", option=option_name(t, a.baseline), horizon=horizon, count=count)


def action_with_regret_columns(t: Translator) -> tuple[str, ...]:
    columns = ("action", "mean", "range", "loss", "at_risk", "delay", "go", "regret")
    return tuple(t(f"risk.actions.{column}") for column in columns)


def action_with_regret(
    row: Action, choice: Choice, table: ActionTable, currency: str, t: Translator
) -> tuple[str, ...]:
    """A row of the actions with its range in one cell, and the most it can be behind the best action."""
    name, mean, low, _, high, *others = action_row(row, table, currency, t)
    ends = low if low == high else t("chart.evidence.range", low=low, high=high)
    return name, mean, ends, *others, t.money(choice.worst_regret, currency, 0)


def regret_of_recommended(found: Sequence[Choice], table: ActionTable, currency: str, t: Translator) -> str:
    """How far the recommended action can fall behind the best one."""
    chosen = next(choice for choice in found if choice.id == table.recommended.id)
    choice, worst = t(f"action.{chosen.id}.label"), t.prose_money(chosen.worst_regret, currency)
    if round(chosen.worst_regret) == 0:
        return t("risk.regret.nothing", choice=choice)
    return t("risk.regret.least", choice=choice, regret=worst)


def draws_text(risk: Risk, t: Translator) -> str:
    """How many draws, from which seed, and how well the chance is known."""
    return t(
        "risk.draws",
        count=t.number(risk.sampling.count, 0),
        seed=risk.sampling.seed,
        error=t.number(max(100 * risk.standard_error, LEAST_ERROR), 1),
    )


def failing_text(share: float, t: Translator) -> str:
    """In how many draws the tuned model is not good enough; empty where in none."""
    return t("risk.failing", share=futures_text(share, t)) if share > 0 else ""
