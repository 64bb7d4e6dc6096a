"""What a decision memo opens with: what is asked for, the figures as ranges, and the next steps with cost and day.

Every amount is one of the advice's own records; in sentences it is rounded to what is known.
"""

import calendar
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from advisor.core.records import Assumptions, Number, Recommendation
from advisor.risk.actions import ActionTable
from advisor.risk.another_model import FirstTest
from advisor.risk.headline import Figure, Headline
from advisor.text.headline_phrases import FigureCard, in_ten_text, payback_text
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, monthly_text, option_name, verdict_sentence

SOON = 3
"""Months after which prices and volume are looked at again, unless the verdict is to wait for longer."""
TUNES = frozenset({"strong_yes", "yes", "caution"})
ON_THE_WAY = frozenset({"pilot_first", "look_up_first", "not_yet"})
PAID_FIRST = ("pilot_first", "look_up_first")
"""Verdicts whose action costs something before anybody tunes."""
TEST_OF: Mapping[str, str] = {
    **dict.fromkeys(TUNES, "ask.test.tune"),
    **dict.fromkeys(ON_THE_WAY, "ask.test.not_yet"),
    "no": "ask.test.no",
    "over_budget": "ask.test.over_budget",
}
UPDATE_STEP = "update_prices"
"""The step of prices that decide and are old; a memo of one page has room for it in the place of a vaguer one."""
VAGUE_STEP = "what_would_change"
RECHECKS = ("recheck", "recheck_later")


class MemoCase(NamedTuple):
    """What a memo tells of: the parts of an advice, the number to tell next, and the old prices that decide."""

    said: Recommendation
    assumptions: Assumptions
    headline: Headline | None
    table: ActionTable | None
    test: FirstTest | None
    following: str | None
    old_prices: tuple[str, ...] = ()


class Ask(NamedTuple):
    """What is asked for: the sentence, the amount now [money], and what follows if a test fails; ``None``: nothing."""

    sentence: str
    now: float | None = None
    then: float | None = None


class StepRow(NamedTuple):
    """A next step: its id, what to do, what it costs [money] and until when; ``None`` where nobody has said."""

    id: str
    title: str
    text: str
    cost: float | None
    by: date | None


def ask_of(case: MemoCase, t: Translator) -> Ask:
    """The ask of a verdict; where money did not decide, the verdict's own sentence."""
    if case.headline is None or case.table is None:
        return Ask(verdict_sentence(t, case.said))
    invested, verdict = case.headline.investment.p50, case.said.verdict
    if case.test is not None and verdict in TEST_OF:
        return _test_first(case, case.test, t)
    if verdict in TUNES:
        key = "ask.careful" if verdict == "caution" else "ask.tune"
        return Ask(t(key, cost=_said(case, invested, t)), invested)
    if verdict in PAID_FIRST:
        action = case.table.recommended
        cost, months = _said(case, action.at_risk, t), t.months(action.delay_months, 0)
        trial = t("ask.trial", cost=cost, months=months) if verdict == "pilot_first" else t("ask.facts", cost=cost)
        return Ask(trial, action.at_risk)
    if verdict == "not_yet":
        return Ask(t("ask.wait", date=t.date(look_again(case))))
    return _refusal(case, t)


def beside_ask(case: MemoCase, t: Translator) -> str:
    """The verdict's own sentence; empty where the ask is that sentence, or asks for a test before what it says.

    The ask of a no says it already; without any budget there is none of which the sentence could speak.
    """
    if case.said.verdict == "no":
        return ""
    sentence = verdict_sentence(t, case.said)
    tested = case.test is not None and case.said.verdict in TEST_OF
    no_budget = any(reason.code == "reason_no_budget" for reason in case.said.reasons)
    return "" if tested or no_budget or sentence == ask_of(case, t).sentence else sentence


def _test_first(case: MemoCase, test: FirstTest, t: Translator) -> Ask:
    """Another model is tested before anything else; then follows the amount of tuning, or of what to do instead."""
    verdict, invested = case.said.verdict, None if case.headline is None else case.headline.investment.p50
    said = {"model": test.model, "test": _said(case, test.cost, t), "gain": _said(case, test.gain, t)}
    if verdict in TUNES:
        return Ask(t("ask.test.tune", cost=_said(case, invested, t), **said), test.cost, invested)
    if any(reason.code == "reason_instead" for reason in case.said.reasons):
        cost = _instead(case)[0]
        key = "ask.test.instead" if cost else "ask.test.instead_free"
        return Ask(t(key, **said, **_of_the_alternative(case, t)), cost + test.cost)
    then = None if case.table is None or verdict not in PAID_FIRST else case.table.recommended.at_risk
    return Ask(t(TEST_OF[verdict], **said), test.cost, then)


def _refusal(case: MemoCase, t: Translator) -> Ask:
    """Not tuning: what to do instead, or what is missing for it."""
    reasons = {reason.code: reason.params for reason in case.said.reasons}
    if "reason_instead" in reasons:
        cost = _instead(case)[0]
        return Ask(t("ask.instead" if cost else "ask.instead_free", **_of_the_alternative(case, t)), cost or None)
    if {"reason_instead_today", "reason_only_budget"} & reasons.keys():
        return Ask(t("ask.keep"))
    if "reason_no_budget" in reasons and case.headline is not None:
        return Ask(t("ask.no_budget", cost=_said(case, case.headline.investment.p50, t)), case.headline.investment.p50)
    if case.said.verdict == "over_budget" and case.headline is not None:
        gap = float(str(reasons["reason_over_budget"]["gap"]))
        invested = case.headline.investment.p50
        return Ask(t("ask.over_budget", cost=_said(case, invested, t), gap=_said(case, gap, t)), invested)
    return Ask(verdict_sentence(t, case.said))


def look_again(case: MemoCase) -> date:
    """The day by which the case is to be looked at again."""
    return months_after(case.assumptions.on, _until_again(case))


def _until_again(case: MemoCase) -> int:
    return SOON if case.said.again_in is None else round(case.said.again_in)


def range_cards(found: Headline, a: Assumptions, t: Translator) -> tuple[FigureCard, ...]:
    """Investment, net present value and payback, each as the range that holds 8 of 10 futures."""
    currency, horizon = a.currency, t.months(found.horizon, 0)
    if not found.serves:
        return ()
    invested = t("memo.investment", middle=t.money(found.investment.p50, currency))
    worth = t("memo.npv", mean=t.money(found.npv.mean, currency), horizon=horizon)
    low, high = found.payback.p10, found.payback.p90
    back = payback_text(found.payback, found, t)
    if low is None:
        why = t("headline.card.payback.fails") if found.fails else t("memo.payback.works", horizon=horizon)
        payback = FigureCard(t("headline.card.payback"), back, why)
    elif found.payback.p50 is None:
        seldom = t("memo.payback.seldom", low=t.number(low, 1), horizon=horizon)
        payback = FigureCard(t("headline.card.payback"), back, seldom)
    elif high is None:
        shown = t("memo.payback.from", low=t.number(low, 1))
        why = t("memo.payback.open", middle=back, horizon=horizon, unpaid=in_ten_text(found.unpaid_share, t))
        payback = FigureCard(t("headline.card.payback"), shown, why)
    else:
        shown = t("memo.payback.range", low=t.number(low, 1), high=t.number(high, 1))
        payback = FigureCard(t("headline.card.payback"), shown, t("memo.payback.middle", middle=back))
    return (
        FigureCard(t("headline.card.investment"), _range(found.investment, currency, t), invested),
        FigureCard(t("headline.card.npv"), _range(found.npv, currency, t), worth),
        payback,
    )


def step_rows(case: MemoCase, t: Translator) -> tuple[StepRow, ...]:
    """Every next step in order, with the costs and days that the case knows."""
    return tuple(_step(name, case, t) for name in _steps(case))


def step_text(step: StepRow, currency: str, t: Translator) -> str:
    """How a step is done and what it costs, unless the step says that already."""
    if step.cost is None or step.id in ("do_instead", "first_test"):
        return step.text
    return t("word.sentences", first=step.text, second=t("ui.step_cost", money=t.money(step.cost, currency)))


def _steps(case: MemoCase) -> tuple[str, ...]:
    """The steps of the verdict; before all but what is proven already, old prices that decide and another model."""
    names = case.said.next_steps
    proven = names[: names[:1] == ("do_instead",)]
    old = (UPDATE_STEP,) if case.old_prices else ()
    test = () if case.test is None or case.table is None else ("first_test",)
    rest = (name for name in names[len(proven) :] if not old or name != VAGUE_STEP)
    return (*proven, *old, *test, *rest)


def _step(name: str, case: MemoCase, t: Translator) -> StepRow:
    table, said = case.table, {}
    if name == "first_test" and case.test is not None:
        said = _of_the_test(case, case.test, t)
    elif name == UPDATE_STEP:
        listed = t("word.comma").join(field_label(t, each) for each in case.old_prices)
        said = {"names": listed}
    elif name == "do_instead":
        said = _of_the_alternative(case, t)
    elif name == "find_next_number" and case.following is not None:
        said = {"field": field_label(t, case.following)}
    elif (by := _by(name, case)) is not None:
        said = {"date": t.date(by), "months": t.months(_until_again(case), 0)}
    alone = name == "first_test" and table is not None and table.recommended.id == "best_without"
    text = t("step.first_test.instead", **said) if alone else t(f"step.{name}.text", **said)
    return StepRow(name, t(f"step.{name}.title", **said), text, _cost(name, case), _by(name, case))


def _of_the_test(case: MemoCase, test: FirstTest, t: Translator) -> dict[str, str]:
    return {
        "model": test.model,
        "cost": _said(case, test.cost, t),
        "chance": t("headline.in_ten", chances=min(max(round(10 * test.chance), 1), 9)),
        "gain": _said(case, test.gain, t),
        "option": option_name(t, test.option),
        "otherwise": option_name(t, case.assumptions.baseline),
    }


def _of_the_alternative(case: MemoCase, t: Translator) -> dict[str, str]:
    """The best without tuning, by the reason that names it."""
    cost, monthly = _instead(case)
    saved = monthly_text(monthly, case.assumptions.currency, t)
    return {
        "option": option_name(t, case.assumptions.baseline),
        "monthly": saved,
        "money": t.prose_money(cost, case.assumptions.currency),
    }


def _instead(case: MemoCase) -> tuple[float, float]:
    """What the alternative named as a reason costs once, and what it saves in a month against today. [money]"""
    said = next(reason.params for reason in case.said.reasons if reason.code == "reason_instead")
    return float(str(said["cost"])), float(str(said["monthly"]))


def _cost(step: str, case: MemoCase) -> float | None:
    if step == "do_instead":
        return _instead(case)[0]
    if step == "first_test":
        return None if case.test is None else case.test.cost
    if step == "fine_tune":
        return None if case.headline is None else case.headline.investment.p50
    if step == "find_out_facts" and case.table is not None:
        return case.table["look_up_first"].at_risk
    if step == "pilot_small" and case.table is not None and "trial_first" in case.table:
        return case.table["trial_first"].at_risk
    return None


def _by(step: str, case: MemoCase) -> date | None:
    return look_again(case) if step in RECHECKS else None


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _said(case: MemoCase, value: Number | None, t: Translator) -> str:
    return t.prose_money(None if value is None else float(value), case.assumptions.currency)


def _range(figure: Figure, currency: str, t: Translator) -> str:
    """From the lowest to the highest of 8 in 10; one amount where they are the same."""
    ends = dict.fromkeys(t.prose_money(end or 0.0, currency) for end in (figure.p10, figure.p90))
    low, *high = ends
    return t("report.range", low=low, high=high[0]) if high else low
