"""What the rules of the verdict look at, gathered from an assessment: ``None`` is what nobody knows.

A record of its own, so that a rule reads as a sentence about values, and a golden case states these values alone.
"""

from dataclasses import dataclass

from advisor.core.notices import Notice
from advisor.core.records import Assessment, Assumptions, Metrics
from advisor.risk.actions import ActionTable
from advisor.risk.summary import Deciding, Risk
from advisor.scenario import REQUIRED

NOT_ESTIMATED = "objective_not_estimated"
DOES_NOT_FIT = ("training_does_not_fit", "serving_does_not_fit", "route_closed")


@dataclass(frozen=True)
class Facts:
    """Answers as codes, shares as fractions of the draws, money in the case's currency, times in months and days.

    ``infeasible`` says why nothing fits, ``not_estimated`` why a cost is missing that nobody can look up;
    ``is_only_way``: no request may leave the house and nothing else passes.
    ``payback_if_passed`` is the middle where the quality gate passes.
    """

    daily_requests: float | None = None
    quality_need: str | None = None
    budget: float | None = None
    open_questions: tuple[str, ...] = ()
    data_rights: str | None = None
    gate_result: str | None = None
    prompt_tried: str | None = None
    prompt_meets_bar: str | None = None
    failure_kind: str | None = None
    facts_change_days: float | None = None
    examples: float | None = None
    evaluation_set: str | None = None
    team_skill: str | None = None
    hosting_allowed: str | None = None
    infeasible: tuple[Notice, ...] = ()
    has_money: bool = False
    is_only_way: bool = False
    not_estimated: Notice | None = None
    missing: tuple[str, ...] = ()
    investment_p50: float | None = None
    investment_p80: float | None = None
    tuned_monthly: float | None = None
    actions: ActionTable | None = None
    payback_if_passed: float | None = None
    deploy_months: float | None = None
    horizon: int = 0
    metrics: Metrics | None = None
    assessment: Assessment | None = None


def facts_of(found: Assessment, drawn: Risk | Deciding | None, table: ActionTable | None) -> Facts:
    """The facts of an assessment, its draws and the actions compared in them."""
    a, e = found.assumptions, found.economics
    return Facts(
        daily_requests=_number(a, "daily_requests"),
        quality_need=_choice(a, "quality_need"),
        budget=_number(a, "budget"),
        open_questions=tuple(name for name in REQUIRED if not a.knows(name)),
        data_rights=_choice(a, "data_rights"),
        gate_result=_choice(a, "gate_result"),
        prompt_tried=_choice(a, "prompt_tried"),
        prompt_meets_bar=_choice(a, "prompt_meets_bar"),
        failure_kind=_choice(a, "failure_kind"),
        facts_change_days=_number(a, "facts_change_days"),
        examples=_number(a, "examples_available"),
        evaluation_set=_choice(a, "evaluation_set"),
        team_skill=_choice(a, "team_skill"),
        hosting_allowed=_choice(a, "hosting_allowed"),
        infeasible=tuple(notice for notice in a.notices if notice.code in DOES_NOT_FIT),
        has_money=e is not None,
        is_only_way=not found.proven and _choice(a, "hosting_allowed") == "self_hosted",
        not_estimated=next((notice for notice in a.notices if notice.code == NOT_ESTIMATED), None),
        missing=found.missing,
        investment_p50=found.investment if drawn is None else drawn.investment_p50,
        investment_p80=found.investment if drawn is None else drawn.investment_p80,
        tuned_monthly=None if e is None else float(e.tuned.steady_monthly_cost),
        actions=table,
        payback_if_passed=None if drawn is None else drawn.payback_p50,
        deploy_months=_number(a, "deploy_months"),
        horizon=0 if e is None else len(e.months),
        metrics=found.metrics,
        assessment=found,
    )


def _number(a: Assumptions, name: str) -> float | None:
    return float(a.number(name)) if a.knows(name) else None


def _choice(a: Assumptions, name: str) -> str | None:
    return a.choice(name) if a.knows(name) else None
