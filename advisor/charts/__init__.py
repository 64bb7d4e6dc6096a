"""Every chart of the advisor: pure functions from results and a translator to a picture, and to its words."""

from advisor.charts.accuracy import accuracy_alt, build_accuracy_chart
from advisor.charts.chances import build_chances_chart, chances_alt, shows_chances
from advisor.charts.costs import (
    build_cost_and_savings_chart,
    build_investment_breakdown_chart,
    build_monthly_breakdown_chart,
    cost_and_savings_alt,
    investment_breakdown_alt,
    monthly_breakdown_alt,
)
from advisor.charts.decision_matrix import build_decision_matrix_chart, decision_matrix_alt
from advisor.charts.payback import build_payback_chart, from_article, payback_alt
from advisor.charts.tornado import build_evidence_chart, evidence_alt
from advisor.charts.usage import build_daily_requests_chart, build_week_chart, daily_requests_alt, week_alt
from advisor.charts.volume_ladder import build_volume_ladder_chart, volume_ladder_alt
from advisor.charts.waterfall import (
    actuals_alt,
    build_actuals_chart,
    build_lever_chart,
    build_plan_chart,
    build_walk_chart,
    lever_alt,
    plan_alt,
    walk_alt,
)

__all__ = [
    "accuracy_alt",
    "actuals_alt",
    "build_accuracy_chart",
    "build_actuals_chart",
    "build_chances_chart",
    "build_cost_and_savings_chart",
    "build_daily_requests_chart",
    "build_decision_matrix_chart",
    "build_evidence_chart",
    "build_investment_breakdown_chart",
    "build_lever_chart",
    "build_monthly_breakdown_chart",
    "build_payback_chart",
    "build_plan_chart",
    "build_volume_ladder_chart",
    "build_walk_chart",
    "build_week_chart",
    "chances_alt",
    "cost_and_savings_alt",
    "daily_requests_alt",
    "decision_matrix_alt",
    "evidence_alt",
    "from_article",
    "investment_breakdown_alt",
    "lever_alt",
    "monthly_breakdown_alt",
    "payback_alt",
    "plan_alt",
    "shows_chances",
    "volume_ladder_alt",
    "walk_alt",
    "week_alt",
]
