"""Estimate against actual as a case keeps it: what was found on a day, shown again without the table."""

from datetime import date

from advisor.evidence.actuals import ActualsResult, MonthPair, Outlook, notices_of
from advisor.scenario import ActualsRecord, Scenario
from advisor.scenario.actual_record import ACTUALS, CAUSES, LONGEST_MONTH_NAME, ActualMonthRecord

CENTS, DIGITS = 2, 6


def actuals_record(found: ActualsResult, on: date) -> ActualsRecord:
    """The sums by month of a comparison, to the cent; no row of the table, and no bill of its own."""
    return ActualsRecord.model_validate(
        {
            "file": found.file,
            "compared_on": on,
            "currency": found.currency,
            "months": [_month(pair) for pair in found.months],
            "planned_saving": found.planned_saving,
            "actual_saving": found.actual_saving,
            "steps": {name: round(amount, CENTS) for name, amount in found.steps.items()},
            "plan": _outlook(found.plan),
            "now": _outlook(found.now),
            "rest": round(found.rest, CENTS),
            "investment": None if found.investment is None else round(found.investment, CENTS),
        }
    )


def with_actuals(case: Scenario, record: ActualsRecord | None) -> Scenario:
    """The case with this comparison in it, in the place of one before; ``None`` takes it out."""
    return case.corrected(ACTUALS, None if record is None else record.model_dump(mode="json", exclude_none=True))


def shown_again(record: ActualsRecord) -> ActualsResult:
    """The comparison that a case keeps; cash flows and measured answers are not in it."""
    pairs = tuple(_pair(month) for month in record.months)
    return ActualsResult(
        file=record.file,
        currency=record.currency,
        months=pairs,
        planned_saving=record.planned_saving,
        actual_saving=record.actual_saving,
        steps={name: record.steps.get(name, 0.0) for name in CAUSES},
        plan=Outlook(record.plan.payback_months, record.plan.payback_status, record.plan.npv),
        now=Outlook(record.now.payback_months, record.now.payback_status, record.now.npv),
        rest=record.rest,
        planned_flows=(),
        flows=(),
        records={},
        notices=notices_of(pairs, record.investment),
        investment=record.investment,
    )


def _pair(month: ActualMonthRecord) -> MonthPair:
    return MonthPair(
        number=month.number,
        name=month.name,
        planned_requests=month.planned_requests,
        actual_requests=month.requests,
        planned_cost=month.planned_cost,
        actual_cost=month.cost,
        planned_saving=month.planned_saving,
        actual_saving=month.saving,
        assumed=month.assumed or (),
    )


def _month(pair: MonthPair) -> dict[str, object]:
    return {
        "number": pair.number,
        "name": pair.name[:LONGEST_MONTH_NAME],
        "requests": None if pair.actual_requests is None else round(pair.actual_requests, CENTS),
        "planned_requests": round(pair.planned_requests, CENTS),
        "cost": round(pair.actual_cost, CENTS),
        "planned_cost": round(pair.planned_cost, CENTS),
        "saving": round(pair.actual_saving, CENTS),
        "planned_saving": round(pair.planned_saving, CENTS),
        "assumed": pair.assumed or None,
    }


def _outlook(found: Outlook) -> dict[str, object]:
    months = None if found.payback_months is None else round(found.payback_months, DIGITS)
    return {"payback_months": months, "payback_status": found.payback_status, "npv": round(found.npv, CENTS)}
