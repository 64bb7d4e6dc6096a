"""From an assessment to a verdict: ordered rules, first hit wins, every rule gives its reason in numbers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from advisor.catalog.rules import DecisionRules
from advisor.core.notices import InputError, Issue, Notice
from advisor.core.records import Recommendation
from advisor.decision.facts import Facts
from advisor.decision.instead import instead_of_tuning
from advisor.decision.quick_verdicts import band_of, matrix_cells, payback_verdict
from advisor.formulas import decision_matrix
from advisor.risk.actions import ActionTable

FAVOURABLE = frozenset({"strong_yes", "yes"})
ACTS = frozenset({*FAVOURABLE, "caution"})
"""Verdicts that say to tune now."""
Tone = Literal["good", "fair", "poor", "unknown"]
HIGHEST_SHARE = 1 + 1e-9
TONES: dict[str, Tone] = {
    "strong_yes": "good",
    "yes": "good",
    "caution": "fair",
    "pilot_first": "fair",
    "look_up_first": "fair",
    "not_yet": "fair",
    "only_way": "fair",
    "prompt_first": "poor",
    "rag_first": "poor",
    "data_first": "poor",
    "eval_first": "poor",
    "over_budget": "poor",
    "infeasible": "poor",
    "blocked": "poor",
    "no": "poor",
    "need_more_input": "unknown",
    "cost_only": "unknown",
}


@dataclass(frozen=True)
class RuleInput:
    """What the rules look at: the facts, the limits, and what matrix and calculator say alone."""

    facts: Facts
    rules: DecisionRules
    matrix: str
    calculator: str | None


@dataclass(frozen=True)
class RuleOutcome:
    """A rule that applies: its verdict, why, and what moved it there."""

    verdict: str
    reason: Notice
    further: tuple[Notice, ...] = ()


def recommend(facts: Facts, rules: DecisionRules) -> Recommendation:
    """The verdict of the first rule that applies, beside what the matrix and the calculator say alone."""
    calculator = payback_verdict(facts.metrics, rules) if facts.metrics else None
    matrix = str(matrix_cells(facts.daily_requests, facts.quality_need, rules))
    case = RuleInput(facts, rules, matrix, calculator)
    rule, outcome = next((r.id, o) for r in rules.rules if (o := RULES[r.id](case)) is not None)
    conflict = _conflict(case, rule, outcome.verdict) if outcome.verdict != "need_more_input" else None
    reasons = (outcome.reason, *outcome.further, *_further_reasons(case, rule, outcome.verdict))
    return Recommendation(
        verdict=outcome.verdict,
        rule=rule,
        matrix=case.matrix,
        calculator=calculator,
        conflict=conflict,
        reasons=reasons,
        deciding=DECIDING.get(rule, ()),
        next_steps=_next_steps(outcome.verdict, facts, reasons),
        advice=_advice(case),
        again_in=rules.limits.wait_months if outcome.verdict == "not_yet" else None,
    )


def _next_steps(verdict: str, facts: Facts, reasons: Sequence[Notice]) -> tuple[str, ...]:
    """Steps of the verdict, but for what is done already or does not exist.

    That is where nothing is to find out, to evaluate or to try, or no alternative is named that could be done instead.
    """
    passed, instead = facts.gate_result == "passed", any(reason.code == INSTEAD for reason in reasons)
    unknown = None if facts.assessment is None else facts.assessment.evidence.next_to_find
    idle = {
        "find_next_number": unknown is None or facts.actions is None or not facts.actions.facts,
        "evaluation_set": passed or facts.evaluation_set == "yes",
        "pilot_small": passed,
        "do_instead": not instead,
        "cheaper_first": verdict == "no" and instead,
        "ask_for_budget": bool(facts.budget),
        "cut_scope": not facts.budget,
    }
    return tuple(step for step in NEXT_STEPS[verdict] if not idle.get(step))


def tone_of(found: Recommendation) -> Tone:
    """How good the news is."""
    return TONES[found.verdict]


# --- The rules, in their order --------------------------------------------------------------------


def input_invalid(case: RuleInput) -> RuleOutcome | None:
    """R00: a chance above one or below zero is refused. Raises :class:`InputError`."""
    for row in () if case.facts.actions is None else case.facts.actions.rows:
        share = row.chance_of_loss
        if share > HIGHEST_SHARE:
            raise InputError([Issue("chance_of_loss", "above_maximum", {"value": share, "maximum": 1.0})])
        if share < 0:
            raise InputError([Issue("chance_of_loss", "below_minimum", {"value": share, "minimum": 0.0})])
    return None


def data_rights_not_cleared(case: RuleInput) -> RuleOutcome | None:
    """R01: the data may not be used for training."""
    if case.facts.data_rights != "no":
        return None
    return RuleOutcome("blocked", Notice("reason_data_rights", "warning", {}))


def quality_gate_failed(case: RuleInput) -> RuleOutcome | None:
    """R02: the tuned model has been measured and is not good enough."""
    return (
        RuleOutcome("no", Notice("reason_gate_failed", "warning", {})) if case.facts.gate_result == "failed" else None
    )


def prompt_baseline_missing(case: RuleInput) -> RuleOutcome | None:
    """R03: nobody has tried what a good prompt does."""
    return (
        RuleOutcome("prompt_first", Notice("reason_no_prompt", "info", {})) if case.facts.prompt_tried == "no" else None
    )


def prompt_meets_the_bar(case: RuleInput) -> RuleOutcome | None:
    """R04: the prompt is good enough, and neither cost nor speed is the motive."""
    motive = case.facts.failure_kind
    if case.facts.prompt_meets_bar != "yes" or motive in (None, "cost_latency"):
        return None
    return RuleOutcome("prompt_first", Notice("reason_prompt_is_enough", "info", {}))


def facts_change_too_fast(case: RuleInput) -> RuleOutcome | None:
    """R05: knowledge is missing and changes faster than anybody retrains."""
    days, limit = case.facts.facts_change_days, case.rules.limits.facts_change_days
    if case.facts.failure_kind != "knowledge" or days is None or days > limit:
        return None
    return RuleOutcome("rag_first", Notice("reason_facts_change", "info", {"days": days, "limit_days": limit}))


def too_few_examples(case: RuleInput) -> RuleOutcome | None:
    """R06: fewer examples than tuning can learn from."""
    examples, floor = case.facts.examples, case.rules.limits.fewest_examples
    if examples is None or examples >= floor:
        return None
    return RuleOutcome("data_first", Notice("reason_few_examples", "info", {"examples": examples, "floor": floor}))


def evaluation_set_missing(case: RuleInput) -> RuleOutcome | None:
    """R07: nobody could tell whether the tuned model is better."""
    return (
        RuleOutcome("eval_first", Notice("reason_no_evaluation", "info", {}))
        if case.facts.evaluation_set == "no"
        else None
    )


def nothing_fits(case: RuleInput) -> RuleOutcome | None:
    """R08: no machine holds or serves the model, or nobody sells the route any more."""
    return RuleOutcome("infeasible", case.facts.infeasible[0]) if case.facts.infeasible else None


def economics_unknown(case: RuleInput) -> RuleOutcome | None:
    """R10: a question is open, the money cannot be computed, or there is nothing to compare it with."""
    facts = case.facts
    if facts.open_questions:
        params: dict[str, object] = {"questions": facts.open_questions}
        return RuleOutcome("need_more_input", Notice("reason_need_more_input", "info", params))
    if not facts.has_money and facts.not_estimated is not None:
        return RuleOutcome("need_more_input", facts.not_estimated)
    if not facts.has_money:
        return RuleOutcome("need_more_input", Notice("reason_cost_unknown", "warning", {"items": facts.missing}))
    if facts.is_only_way:
        said = {"investment": facts.investment_p50, "monthly": facts.tuned_monthly}
        return RuleOutcome("only_way", Notice("reason_price_of_compliance", "info", said))
    return None


def cost_only(case: RuleInput) -> RuleOutcome | None:
    """R13: a case without requests only counts what a project costs; there is no payback to judge."""
    return RuleOutcome("cost_only", Notice("reason_no_requests", "info", {})) if _serves_nobody(case) else None


def over_budget(case: RuleInput) -> RuleOutcome | None:
    """R09: the best action spends on tuning, and the middle of what that costs exceeds the budget."""
    facts, table = case.facts, case.facts.actions
    if table is None or table.recommended.id not in ("tune_now", "trial_first") or not _exceeds(case):
        return None
    cost, budget = facts.investment_p50 or 0.0, facts.budget or 0.0
    said = {"investment": cost, "worth": facts.investment_p80, "budget": budget, "gap": cost - budget}
    code = "reason_over_budget" if budget else "reason_no_budget"  # nothing can be cut down to fit in nothing
    return RuleOutcome("over_budget", Notice(code, "warning", said))


def best_action(case: RuleInput) -> RuleOutcome | None:
    """R14: the admissible action that is worth most on average decides."""
    table = case.facts.actions
    if table is None:
        raise ValueError("money without draws")
    outcome = _OF_ACTION[table.recommended.id](case, table)
    return replace(outcome, further=(*outcome.further, *_beyond_tolerance(table)))


def _beyond_tolerance(table: ActionTable) -> Iterator[Notice]:
    for row in table.beyond_tolerance:
        said = {"action": row.id, "money": row.mean, "share": row.chance_of_loss, "limit": table.tolerance}
        yield Notice("reason_tolerance", "info", said)


def _tune_now(case: RuleInput, table: ActionTable) -> RuleOutcome:
    """Article 001's bands of the payback where it works give the degree."""
    months = case.facts.payback_if_passed
    band, row = band_of(months, case.rules), table["tune_now"]
    said = {"money": row.mean, "share": row.chance_of_loss, "months": months}
    code = "reason_tune_now" if months is not None else "reason_tune_now_never"
    slow = () if band != "no" else (Notice("reason_slower_than_a_year", "info", {"months": months}),)
    return RuleOutcome("caution" if band == "no" else band, Notice(code, "info", said), slow)


def _trial_first(case: RuleInput, table: ActionTable) -> RuleOutcome:
    row, now = table["trial_first"], max(table["tune_now"].mean, 0.0)
    said = {"cost": row.at_risk, "months": row.delay_months, "money": row.mean, "worth": row.go_mean, "monthly": now}
    return RuleOutcome("pilot_first", Notice("reason_trial", "info", said))


def _look_up_first(case: RuleInput, table: ActionTable) -> RuleOutcome:
    row, now = table["look_up_first"], table["tune_now"].mean
    said = {"count": len(table.facts), "cost": row.at_risk, "money": row.mean, "worth": now, "share": row.go_share}
    return RuleOutcome("look_up_first", Notice("reason_look_up", "info", said))


def _wait(case: RuleInput, table: ActionTable) -> RuleOutcome:
    row = table["wait"]
    said = {"months": row.delay_months, "money": row.mean, "worth": table["tune_now"].mean, "share": row.go_share}
    return RuleOutcome("not_yet", Notice("reason_wait", "info", said))


def _best_without(case: RuleInput, table: ActionTable) -> RuleOutcome:
    """Tuning is worth less than the best without it; what follows says what to do instead."""
    row, facts = table["tune_now"], case.facts
    if facts.deploy_months is not None and facts.deploy_months >= facts.horizon:
        return RuleOutcome("no", Notice("reason_launch_too_late", "info", {"horizon": facts.horizon}))
    said = {"money": row.mean, "share": 1 - row.worlds.positive_share, "horizon": facts.horizon}
    instead = () if facts.assessment is None else instead_of_tuning(facts.assessment)
    code = "reason_best_without" if row.mean <= 0 or row.why_not is not None else "reason_about_nothing"
    return RuleOutcome("no", Notice(code, "info", said), instead)


_OF_ACTION: Mapping[str, Callable[[RuleInput, ActionTable], RuleOutcome]] = {
    "tune_now": _tune_now,
    "trial_first": _trial_first,
    "look_up_first": _look_up_first,
    "wait": _wait,
    "best_without": _best_without,
}


def _exceeds(case: RuleInput) -> bool:
    """Whether the middle of what tuning costs once exceeds the budget."""
    cost, budget = case.facts.investment_p50, case.facts.budget
    if cost is None or budget is None:
        return False
    return int(decision_matrix.budget_status(cost, cost, budget)) == decision_matrix.OVER_BUDGET


def _serves_nobody(case: RuleInput) -> bool:
    """True for a case that only counts what a project costs."""
    return case.facts.daily_requests == 0


RULES: dict[str, Callable[[RuleInput], RuleOutcome | None]] = {
    "R00": input_invalid,
    "R01": data_rights_not_cleared,
    "R02": quality_gate_failed,
    "R03": prompt_baseline_missing,
    "R04": prompt_meets_the_bar,
    "R05": facts_change_too_fast,
    "R06": too_few_examples,
    "R07": evaluation_set_missing,
    "R08": nothing_fits,
    "R10": economics_unknown,
    "R13": cost_only,
    "R09": over_budget,
    "R14": best_action,
}
"""Every rule of ``data/rules/``; that file gives the order."""
DECIDING: dict[str, tuple[str, ...]] = {
    "R09": ("investment", "payback_months", "monthly_savings"),
    "R14": ("payback_months", "monthly_savings", "investment"),
}
NEXT_STEPS: dict[str, tuple[str, ...]] = {
    "strong_yes": ("evaluation_set", "pilot_small", "find_next_number", "freeze_prices", "fine_tune"),
    "yes": ("evaluation_set", "pilot_small", "find_next_number", "freeze_prices", "fine_tune"),
    "caution": ("find_next_number", "cheaper_first", "evaluation_set", "fine_tune", "recheck"),
    "pilot_first": ("pilot_small", "evaluation_set", "find_next_number", "recheck"),
    "look_up_first": ("find_out_facts", "evaluation_set", "recheck"),
    "not_yet": ("note_the_trend", "evaluation_set", "recheck_later"),
    "cost_only": ("enter_requests",),
    "only_way": ("evaluation_set", "pilot_small", "recheck"),
    "no": ("do_instead", "cheaper_first", "what_would_change", "recheck"),
    "prompt_first": ("write_prompt", "evaluation_set", "recheck"),
    "rag_first": ("build_retrieval", "evaluation_set", "recheck"),
    "data_first": ("collect_examples", "evaluation_set", "recheck"),
    "eval_first": ("evaluation_set", "write_prompt", "recheck"),
    "infeasible": ("make_it_fit", "cheaper_first", "recheck"),
    "blocked": ("clear_rights", "recheck"),
    "over_budget": ("ask_for_budget", "cut_scope", "find_next_number", "recheck"),
    "need_more_input": ("answer_open", "find_next_number"),
}
INSTEAD = "reason_instead"
"""The reason that names an alternative without tuning."""
DECIDED_BY_MONEY = ("R09", "R14")
"""Rules that compare the actions: only then does the money explain the verdict."""


def _conflict(case: RuleInput, rule: str, verdict: str) -> str | None:
    """Where the matrix and what the money says disagree, and which way."""
    if rule not in DECIDED_BY_MONEY or case.matrix == "ask_quality":
        return None
    tunes, pays = case.matrix in ("lora", "strongly"), verdict in (*ACTS, "over_budget")
    if tunes and not pays:
        return "matrix_yes_calculator_no"
    return "matrix_no_calculator_yes" if not tunes and pays else None


def _further_reasons(case: RuleInput, rule: str, verdict: str) -> tuple[Notice, ...]:
    """What else a reader must hear: a budget that breaks besides, edited limits.

    Where the answer is no and no budget is asked for or given, there is nothing to hear about it.
    """
    found, rules, facts = [], case.rules, case.facts
    matters = bool(facts.budget) or verdict != "no"
    if rule in ("R10", "R14") and not facts.open_questions and _exceeds(case) and matters:
        over = {"investment": facts.investment_p50, "worth": facts.investment_p80, "budget": facts.budget}
        found.append(Notice("reason_budget_besides", "info", over))
    edited = [b for b in rules.bands if b.below_months != b.article_below_months]
    if edited or (rules.matrix.low, rules.matrix.high) != (rules.matrix.article_low, rules.matrix.article_high):
        found.append(Notice("limits_edited", "warning", {}))
    return tuple(found)


def _advice(case: RuleInput) -> tuple[Notice, ...]:
    """What a reader should know and what never changes the verdict."""
    facts, limits = case.facts, case.rules.limits
    found = []
    if facts.failure_kind == "both":
        found.append(Notice("advice_combine", "info", {}))
    if facts.examples is not None and limits.fewest_examples <= facts.examples < limits.advised_examples:
        found.append(Notice("advice_start_small", "info", {"examples": facts.examples}))
    if facts.budget is not None and facts.investment_p50 is not None and facts.investment_p80 is not None:
        status = int(decision_matrix.budget_status(facts.investment_p50, facts.investment_p80, facts.budget))
        if status == decision_matrix.AT_RISK:
            said = {"investment": facts.investment_p80, "budget": facts.budget}
            found.append(Notice("advice_budget_at_risk", "warning", said))
    if facts.team_skill == "no":
        found.append(Notice("advice_use_a_service", "info", {}))
    if facts.hosting_allowed == "self_hosted":
        found.append(Notice("advice_self_hosted_only", "info", {}))
    return tuple(found)
