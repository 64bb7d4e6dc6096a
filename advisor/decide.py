"""From an assessment to a verdict: ordered rules, first hit wins, every rule gives its reason in numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from advisor.catalog.records import DecisionRules
from advisor.models import decision
from advisor.notices import Notice
from advisor.results import Assessment, Metrics, Recommendation

MATRIX = {
    decision.PROMPT: "prompt",
    decision.ASK_QUALITY: "ask_quality",
    decision.LORA: "lora",
    decision.STRONGLY: "strongly",
}
MATRIX_VERDICT = {"prompt": "no", "ask_quality": "need_more_input", "lora": "yes", "strongly": "yes"}
"""What the matrix alone can say: without money it never says more than yes."""
FAVOURABLE = frozenset({"strong_yes", "yes"})
Tone = Literal["good", "fair", "poor", "unknown"]
TONES: dict[str, Tone] = {
    "strong_yes": "good",
    "yes": "good",
    "caution": "fair",
    "over_budget": "poor",
    "no": "poor",
    "need_more_input": "unknown",
}


@dataclass(frozen=True)
class Case:
    """What the rules look at."""

    assessment: Assessment
    rules: DecisionRules
    matrix: str
    calculator: str | None

    @property
    def metrics(self) -> Metrics | None:
        return self.assessment.metrics


@dataclass(frozen=True)
class Outcome:
    """A rule that applies: its verdict and why."""

    verdict: str
    reason: Notice


def recommend(assessment: Assessment, rules: DecisionRules) -> Recommendation:
    """The verdict of the first rule that applies, beside what the matrix and the calculator say alone."""
    calculator = payback_verdict(assessment.metrics, rules) if assessment.metrics else None
    case = Case(assessment, rules, matrix_cell(assessment, rules), calculator)
    rule, outcome = next((r.id, o) for r in rules.rules if (o := RULES[r.id](case)) is not None)
    conflict = _conflict(case) if outcome.verdict != "need_more_input" else None
    reasons = (outcome.reason, *_further_reasons(case, outcome.verdict))
    return Recommendation(
        verdict=outcome.verdict,
        rule=rule,
        matrix=case.matrix,
        calculator=calculator,
        conflict=conflict,
        reasons=reasons,
        deciding=DECIDING[rule],
        next_steps=_next_steps(outcome.verdict, assessment),
    )


def _next_steps(verdict: str, assessment: Assessment) -> tuple[str, ...]:
    """Steps of the verdict; a number to find out next is named only where one matters."""
    idle = set() if assessment.evidence.next_to_find else {"find_next_number"}
    return tuple(step for step in NEXT_STEPS[verdict] if step not in idle)


def speaks_without_money(found: Recommendation) -> bool:
    """True when only the matrix could say anything."""
    return found.rule == "R10" and found.verdict != "need_more_input"


def tone_of(found: Recommendation) -> Tone:
    """How good the news is; without money it is not known."""
    return "unknown" if speaks_without_money(found) else TONES[found.verdict]


def matrix_cell(assessment: Assessment, rules: DecisionRules) -> str:
    """Cell of article 001's matrix for the case; unanswered quality is asked for only where it decides."""
    a = assessment.assumptions
    if not a.knows("daily_requests"):
        return "ask_quality"
    quality = a.choice("quality_need") == "high" if a.knows("quality_need") else None
    cell = decision.matrix_cell(a.number("daily_requests"), quality, rules.matrix.low, rules.matrix.high)
    return MATRIX[int(cell)]


def payback_verdict(metrics: Metrics, rules: DecisionRules) -> str:
    """Verdict of the payback bands; money recovered and lost again is at best a caution."""
    names = (*(band.verdict for band in rules.bands), "no")
    if metrics.payback_status == "reversed_later":
        return "caution" if metrics.npv_with_exit > 0 else "no"
    months = float("nan") if metrics.payback_months is None else metrics.payback_months
    return names[int(decision.payback_band(months, tuple(band.below_months for band in rules.bands)))]


def over_budget(case: Case) -> Outcome | None:
    """R09: the investment exceeds the budget."""
    a, investment = case.assessment.assumptions, case.assessment.investment
    if investment is None or not a.knows("budget"):
        return None
    budget = float(a.number("budget"))
    if int(decision.budget_status(investment, investment, budget)) != decision.OVER_BUDGET:
        return None
    params = {"investment": investment, "budget": budget, "gap": investment - budget}
    return Outcome("over_budget", Notice("reason_over_budget", "warning", params))


def economics_unknown(case: Case) -> Outcome | None:
    """R10: a question is open, or the money cannot be computed and the matrix speaks alone."""
    a = case.assessment.assumptions
    open_questions = tuple(q for q in ("daily_requests", "quality_need", "budget") if not a.knows(q))
    if open_questions:
        return Outcome("need_more_input", Notice("reason_need_more_input", "info", {"questions": open_questions}))
    if case.metrics is None:
        params = {"items": case.assessment.missing}
        return Outcome(MATRIX_VERDICT[case.matrix], Notice("reason_matrix_only", "warning", params))
    return None


def payback_band(case: Case) -> Outcome | None:
    """R12: the payback decides."""
    metrics = case.metrics
    if metrics is None or case.calculator is None:
        return None
    horizon = len(case.assessment.economics.months) if case.assessment.economics else 0
    if _serves_nobody(case):
        return Outcome(case.calculator, Notice("reason_no_requests", "info", {}))
    if float(case.assessment.assumptions.number("deploy_months")) >= horizon:
        return Outcome(case.calculator, Notice("reason_launch_too_late", "info", {"horizon": horizon}))
    params = {"months": metrics.payback_months, "horizon": horizon}
    return Outcome(case.calculator, Notice(f"reason_payback_{metrics.payback_status}", "info", params))


def _serves_nobody(case: Case) -> bool:
    """True for a case that only counts what a project costs."""
    a = case.assessment.assumptions
    return a.knows("daily_requests") and float(a.number("daily_requests")) == 0


RULES: dict[str, Callable[[Case], Outcome | None]] = {"R09": over_budget, "R10": economics_unknown, "R12": payback_band}
"""Every rule of ``data/rules/``; that file gives the order."""
DECIDING: dict[str, tuple[str, ...]] = {
    "R10": (),
    "R09": ("investment", "payback_months", "monthly_savings"),
    "R12": ("payback_months", "monthly_savings", "investment"),
}
NEXT_STEPS: dict[str, tuple[str, ...]] = {
    "strong_yes": ("evaluation_set", "pilot_small", "find_next_number", "freeze_prices"),
    "yes": ("evaluation_set", "pilot_small", "find_next_number", "freeze_prices"),
    "caution": ("find_next_number", "cheaper_first", "evaluation_set", "recheck"),
    "no": ("cheaper_first", "what_would_change", "recheck"),
    "over_budget": ("cut_scope", "find_next_number", "recheck"),
    "need_more_input": ("answer_open", "find_next_number"),
}


def _conflict(case: Case) -> str | None:
    """Where matrix and calculator disagree, and which way."""
    if case.calculator is None or case.matrix == "ask_quality":
        return None
    tunes = case.matrix in ("lora", "strongly")
    if tunes and case.calculator not in FAVOURABLE:
        return "matrix_yes_calculator_no"
    return "matrix_no_calculator_yes" if not tunes and case.calculator in FAVOURABLE else None


def _further_reasons(case: Case, verdict: str) -> tuple[Notice, ...]:
    """What else a reader must hear: a case that is slow besides, edited limits, the volume it would take."""
    found = []
    m, rules = case.metrics, case.rules
    if m is not None and verdict == "over_budget" and case.calculator in ("no", "caution"):
        found.append(Notice("reason_also_slow", "info", {"verdict": case.calculator}))
    if m is not None and verdict not in FAVOURABLE and not _serves_nobody(case):
        pays = "reason_pays_down_to" if m.npv > 0 else "reason_break_even"
        code = "reason_no_volume" if m.break_even_requests is None else pays
        found.append(Notice(code, "info", {"requests": m.break_even_requests}))
    edited = [b for b in rules.bands if b.below_months != b.article_below_months]
    if edited or (rules.matrix.low, rules.matrix.high) != (rules.matrix.article_low, rules.matrix.article_high):
        found.append(Notice("limits_edited", "warning", {}))
    return tuple(found)
