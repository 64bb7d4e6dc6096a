"""From an assessment to a verdict: ordered rules, first hit wins, every rule gives its reason in numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from advisor.catalog.rules import DecisionRules
from advisor.core.notices import InputError, Issue, Notice
from advisor.core.records import Assessment, Recommendation
from advisor.decision.facts import Facts
from advisor.decision.quick_verdicts import band_of, matrix_cells, payback_verdict
from advisor.formulas import decision_matrix
from advisor.risk.summary import Odds

MATRIX_VERDICT = {"prompt": "no", "ask_quality": "need_more_input", "lora": "yes", "strongly": "yes"}
"""What the matrix alone can say: without money it never says more than yes."""
FAVOURABLE = frozenset({"strong_yes", "yes"})
LEVELS = ("strong_yes", "yes", "caution", "no")
Tone = Literal["good", "fair", "poor", "unknown"]
TONES: dict[str, Tone] = {
    "strong_yes": "good",
    "yes": "good",
    "caution": "fair",
    "pilot_first": "fair",
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
}
HIGHEST_SHARE = 1.0


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
        next_steps=_next_steps(outcome.verdict, facts.assessment),
        advice=_advice(case),
    )


def _next_steps(verdict: str, assessment: Assessment | None) -> tuple[str, ...]:
    """Steps of the verdict; a number to find out next is named only where one matters."""
    idle = set() if assessment is not None and assessment.evidence.next_to_find else {"find_next_number"}
    return tuple(step for step in NEXT_STEPS[verdict] if step not in idle)


def tone_of(found: Recommendation) -> Tone:
    """How good the news is; without money it is not known."""
    return "unknown" if found.speaks_without_money else TONES[found.verdict]


# --- The rules, in their order --------------------------------------------------------------------


def input_invalid(case: RuleInput) -> RuleOutcome | None:
    """R00: a share above one or below zero is refused. Raises :class:`InputError`."""
    for name in ("positive_share", "within_limit_share"):
        value = getattr(case.facts, name)
        if value is not None and value > HIGHEST_SHARE:
            raise InputError([Issue(name, "above_maximum", {"value": value, "maximum": HIGHEST_SHARE})])
        if value is not None and value < 0:
            raise InputError([Issue(name, "below_minimum", {"value": value, "minimum": 0.0})])
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


def over_budget(case: RuleInput) -> RuleOutcome | None:
    """R09: the middle of the investments drawn exceeds the budget."""
    investment, budget = case.facts.investment_p50, case.facts.budget
    if investment is None or budget is None:
        return None
    if int(decision_matrix.budget_status(investment, investment, budget)) != decision_matrix.OVER_BUDGET:
        return None
    params = {"investment": investment, "budget": budget, "gap": investment - budget}
    return RuleOutcome("over_budget", Notice("reason_over_budget", "warning", params))


def economics_unknown(case: RuleInput) -> RuleOutcome | None:
    """R10: a question is open, the money cannot be computed, or there is nothing to compare it with."""
    facts = case.facts
    if facts.open_questions:
        params: dict[str, object] = {"questions": facts.open_questions}
        return RuleOutcome("need_more_input", Notice("reason_need_more_input", "info", params))
    if not facts.has_money:
        return RuleOutcome(
            MATRIX_VERDICT[case.matrix], Notice("reason_matrix_only", "warning", {"items": facts.missing})
        )
    if facts.is_only_way:
        said = {"investment": facts.investment_p50, "monthly": facts.tuned_monthly}
        return RuleOutcome("only_way", Notice("reason_price_of_compliance", "info", said))
    return None


def pilot_first(case: RuleInput) -> RuleOutcome | None:
    """R11: the odds are open, knowing would be worth more than a trial costs, and a good result would settle it."""
    facts = case.facts
    share, worth, cost = facts.positive_share, facts.evpi, facts.pilot_cost
    if cost is None or not _is_open(case):
        return None
    if facts.trial_worth is not None and facts.trial_worth <= cost:
        return None  # what is open is not what a trial tells
    if facts.if_passed is not None and _level(case, facts.if_passed)[0] == LEVELS.index("no"):
        return None  # a trial that cannot change the decision is worth nothing
    if facts.trial_worth is None or facts.trial_pays_from is None:
        return RuleOutcome(
            "pilot_first", Notice("reason_pilot", "info", {"share": share, "worth": worth, "cost": cost})
        )
    said = {"share": share, "worth": facts.trial_worth, "cost": cost, "limit": facts.trial_pays_from}
    return RuleOutcome("pilot_first", Notice("reason_good_pilot", "info", said))


def payback_band(case: RuleInput) -> RuleOutcome | None:
    """R12: the payback in the middle of the draws decides, lowered where the odds are poor."""
    facts = case.facts
    level, moved = _level(case, Odds(facts.payback_p50, facts.positive_share, facts.within_limit_share))
    no_trial = _why_no_trial(case) if LEVELS[level] == "no" else ()
    return RuleOutcome(LEVELS[level], _plain_reason(case), (*moved, *no_trial))


def _why_no_trial(case: RuleInput) -> tuple[Notice, ...]:
    """Why a trial is not called for although what is open is worth more than one costs."""
    facts = case.facts
    worth, cost, passed = facts.trial_worth, facts.pilot_cost, facts.if_passed
    if worth is None or cost is None or passed is None or not _is_open(case):
        return ()
    if worth <= cost:
        return (Notice("reason_trial_tells_little", "info", {"money": facts.evpi, "worth": worth, "cost": cost}),)
    said = {"months": passed.payback_p50, "share": passed.positive_share, "worth": worth, "cost": cost}
    code = "reason_even_if_good_never" if passed.payback_p50 is None else "reason_even_if_good"
    return (Notice(code, "info", said),)


def _is_open(case: RuleInput) -> bool:
    """Whether the odds are open and knowing everything would be worth more than a trial costs."""
    facts, limits = case.facts, case.rules.limits
    share, worth, cost = facts.positive_share, facts.evpi, facts.pilot_cost
    if facts.gate_result is not None or share is None or worth is None or cost is None:
        return False
    return limits.pilot_above_share < share < limits.pilot_below_share and worth > cost


def _level(case: RuleInput, odds: Odds) -> tuple[int, tuple[Notice, ...]]:
    """Place among the verdicts from the best to the worst, and what moved it there."""
    facts, limits = case.facts, case.rules.limits
    level = LEVELS.index(band_of(odds.payback_p50, case.rules))
    if facts.metrics is not None and facts.metrics.payback_status == "reversed_later" and case.calculator:
        level = max(level, LEVELS.index(case.calculator))
    moved = []
    share, within = odds.positive_share, odds.within_limit_share
    if share is not None and share < limits.capped_below_share:
        level = max(level, LEVELS.index("caution"))
        moved.append(Notice("reason_capped", "info", {"share": share, "limit": limits.capped_below_share}))
    elif share is not None and share < limits.lowered_below_share:
        level = min(level + 1, len(LEVELS) - 1)
        moved.append(Notice("reason_lowered", "info", {"share": share, "limit": limits.lowered_below_share}))
    if within is not None and within < limits.within_limit_share:
        level = min(level + 1, len(LEVELS) - 1)
        moved.append(Notice("reason_slow_odds", "info", {"share": within, "limit": limits.within_limit_share}))
    return level, tuple(moved)


def _plain_reason(case: RuleInput) -> Notice:
    """What the payback is, in words of the point case where it says more than a number."""
    facts, metrics = case.facts, case.facts.metrics
    if _serves_nobody(case):
        return Notice("reason_no_requests", "info", {})
    if metrics is not None and facts.deploy_months is not None and facts.deploy_months >= facts.horizon:
        return Notice("reason_launch_too_late", "info", {"horizon": facts.horizon})
    stated = metrics.payback_months if metrics is not None else facts.payback_p50
    params = {"months": stated, "middle_months": facts.payback_p50, "horizon": facts.horizon}
    if metrics is not None and metrics.payback_status != "ok":
        return Notice(f"reason_payback_{metrics.payback_status}", "info", params)
    if facts.payback_p50 is None:
        return Notice("reason_middle_never", "info", params)
    return Notice("reason_payback_ok", "info", params)


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
    "R09": over_budget,
    "R10": economics_unknown,
    "R11": pilot_first,
    "R12": payback_band,
}
"""Every rule of ``data/rules/``; that file gives the order."""
DECIDING: dict[str, tuple[str, ...]] = {
    "R09": ("investment", "payback_months", "monthly_savings"),
    "R11": ("payback_months", "monthly_savings", "investment"),
    "R12": ("payback_months", "monthly_savings", "investment"),
}
NEXT_STEPS: dict[str, tuple[str, ...]] = {
    "strong_yes": ("evaluation_set", "pilot_small", "find_next_number", "freeze_prices"),
    "yes": ("evaluation_set", "pilot_small", "find_next_number", "freeze_prices"),
    "caution": ("find_next_number", "cheaper_first", "evaluation_set", "recheck"),
    "pilot_first": ("pilot_small", "evaluation_set", "find_next_number", "recheck"),
    "only_way": ("evaluation_set", "pilot_small", "recheck"),
    "no": ("cheaper_first", "what_would_change", "recheck"),
    "prompt_first": ("write_prompt", "evaluation_set", "recheck"),
    "rag_first": ("build_retrieval", "evaluation_set", "recheck"),
    "data_first": ("collect_examples", "evaluation_set", "recheck"),
    "eval_first": ("evaluation_set", "write_prompt", "recheck"),
    "infeasible": ("make_it_fit", "cheaper_first", "recheck"),
    "blocked": ("clear_rights", "recheck"),
    "over_budget": ("cut_scope", "find_next_number", "recheck"),
    "need_more_input": ("answer_open", "find_next_number"),
}
MONEY_RULES = ("R09", "R11", "R12")
"""Rules that have looked at the money: only then do volume and odds explain the verdict."""


def _conflict(case: RuleInput, rule: str, verdict: str) -> str | None:
    """Where the matrix and what the money says disagree, and which way."""
    says = verdict if rule == "R12" else case.calculator
    if says is None or rule not in MONEY_RULES or case.matrix == "ask_quality":
        return None
    tunes = case.matrix in ("lora", "strongly")
    if tunes and says not in FAVOURABLE:
        return "matrix_yes_calculator_no"
    return "matrix_no_calculator_yes" if not tunes and says in FAVOURABLE else None


def _further_reasons(case: RuleInput, rule: str, verdict: str) -> tuple[Notice, ...]:
    """What else a reader must hear: a case that is slow besides, edited limits, the volume it would take."""
    found = []
    m, rules = case.facts.metrics, case.rules
    if m is not None and verdict == "over_budget" and case.calculator in ("no", "caution"):
        found.append(Notice("reason_also_slow", "info", {"verdict": case.calculator}))
    if m is not None and rule in MONEY_RULES and verdict not in FAVOURABLE and not _serves_nobody(case):
        pays = "reason_pays_down_to" if m.npv > 0 else "reason_break_even"
        code = "reason_no_volume" if m.break_even_requests is None else pays
        found.append(Notice(code, "info", {"requests": m.break_even_requests}))
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
