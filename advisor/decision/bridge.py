"""Walk from one scenario to another, one group of answers at a time: why the same case gives another result."""

from dataclasses import dataclass
from datetime import date

from advisor.assumptions import resolve
from advisor.assumptions.currency import in_currency
from advisor.catalog.catalog import Catalog
from advisor.core.records import Economics
from advisor.formulas import finance
from advisor.money.baseline import with_baseline
from advisor.money.cash_flows import evaluate
from advisor.scenario import QUESTIONS, Scenario

WALK: tuple[tuple[str, frozenset[str]], ...] = (
    ("prices_today", frozenset({"current", "traffic"})),
    ("serving", frozenset({"tuned", "serving"})),
    ("project", frozenset({"project", "training"})),
    ("upkeep", frozenset({"upkeep"})),
    ("timing", frozenset({"time"})),
)
MARKET = frozenset({"api_price_decline", "hosting_price_decline", "volume_growth"})


@dataclass(frozen=True)
class Step:
    """Results after one more group of answers has changed; ``None`` where a price is unknown."""

    id: str
    investment: float | None
    monthly_savings: float | None
    npv: float | None
    payback_months: float | None
    payback_status: str


def walk(start: Scenario, end: Scenario, catalog: Catalog, on: date) -> tuple[Step, ...]:
    """Steps from ``start`` (first) to ``end`` (last). The steps' order is fixed, so each gets what the earlier left."""
    answers = in_currency(start, end.base_currency, catalog, on).answers()
    steps = [_step("start", Scenario.from_answers(answers), catalog, on)]
    for name, fields in _steps():
        answers = {k: v for k, v in answers.items() if k not in fields}
        answers |= {k: v for k, v in end.answers().items() if k in fields}
        steps.append(_step(name, Scenario.from_answers(answers), catalog, on))
    return (*steps, _step("best_alternative", Scenario.from_answers(answers), catalog, on, compared=True))


def _steps() -> list[tuple[str, set[str]]]:
    groups = [
        (name, {q.id for q in QUESTIONS.values() if q.group in wanted and q.id not in MARKET}) for name, wanted in WALK
    ]
    rest = {q.id for q in QUESTIONS.values() if q.group in ("need", "case")} - {"currency"}
    return [*groups, ("market", set(MARKET) | rest)]


def _step(name: str, scenario: Scenario, catalog: Catalog, on: date, *, compared: bool = False) -> Step:
    """A step against going on as today, or ``compared`` with the best alternative without tuning."""
    a = resolve(scenario, catalog, on)
    if compared:
        a, _ = with_baseline(a)
    e = evaluate(a)
    if not isinstance(e, Economics):
        return Step(name, None, None, None, None, "unknown")
    back = finance.payback(e.cash_flows)
    months = None if back.months != back.months else back.months
    npv = float(finance.npv(e.cash_flows, a.number("discount_rate")))
    return Step(name, float(e.investment), float(e.monthly_savings), npv, months, back.status)
