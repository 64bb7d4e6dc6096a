"""Months after the launch beside the plan: what happened, why it differs, and what that makes of the months to come.

A month that happened is a cash flow of its own: what the best alternative without tuning would have cost at the actual
requests and lengths, less what was paid. A bill that is not known counts as the plan has it at the actual volume.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions import resolve
from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError, Issue, Notice
from advisor.core.records import Assumptions, Economics
from advisor.evidence.actual_months import ActualMonth, months_of
from advisor.evidence.results_table import ResultTable
from advisor.formulas import finance
from advisor.formulas.variance_bridge import bridge_steps
from advisor.money.baseline import with_baseline
from advisor.money.cash_flows import evaluate, timeline, tuned_by_category
from advisor.scenario import QUESTIONS, Measurement, Scenario
from advisor.scenario.actual_record import CAUSES

Array = NDArray[np.float64]
BILLS: Final[Mapping[str, str]] = {"api_bill": "api", "hosting_bill": "serving", "people_hours": "people"}
"""Columns by the category of the items that they are the actual amount of."""
QUALITY: Final = "quality"
"""What wrong answers cost is on no bill, so it counts as the plan has it."""


@dataclass(frozen=True)
class MonthPair:
    """One month, planned and actual: requests, cost of the tuned model, and what it saves. [requests, money]

    ``assumed`` are columns that are not known, so that the plan's amount at the actual volume stands for them.
    """

    number: int
    name: str
    planned_requests: float
    actual_requests: float | None
    planned_cost: float
    actual_cost: float
    planned_saving: float
    actual_saving: float
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class Outlook:
    """What a row of cash flows comes to: payback [months; ``None`` with its status] and net present value [money]."""

    payback_months: float | None
    payback_status: str
    npv: float


@dataclass(frozen=True)
class ActualsResult:
    """Plan and actual months, the bridge between their savings, and the outlook.

    ``steps`` add up to ``actual_saving`` - ``planned_saving`` to the cent, by ``CAUSES``. ``rest`` is what the months
    to come are worth at the end of the last one told [money]; ``records`` answer the case anew; ``investment`` is what
    was paid before the launch, ``None`` where it is not told.
    """

    file: str
    currency: str
    months: tuple[MonthPair, ...]
    planned_saving: float
    actual_saving: float
    steps: Mapping[str, float]
    plan: Outlook
    now: Outlook
    rest: float
    planned_flows: tuple[float, ...]
    flows: tuple[float, ...]
    records: Mapping[str, Measurement]
    notices: tuple[Notice, ...]
    investment: float | None = None


@dataclass(frozen=True)
class _Modelled:
    """One month as the case has it with some numbers replaced: cost without tuning, and of tuning by category."""

    without: float
    by_category: Mapping[str, float]

    @property
    def saving(self) -> float:
        return self.without - sum(self.by_category.values())


def compare_actuals(table: ResultTable, scenario: Scenario, catalog: Catalog, on: date) -> ActualsResult:
    """The months of a table beside the case's plan. Raises :class:`InputError` where either has no money."""
    a, _ = with_baseline(resolve(scenario, catalog, on))
    plan = evaluate(a)
    if not isinstance(plan, Economics):
        raise InputError([Issue("SCENARIO", "actuals_no_plan", {"items": ", ".join(plan.items)})])
    months = months_of(table, a.on, len(plan.months))
    invested = next((month for month in months if month.number == 0), None)
    ran = tuple(month for month in months if month.number > 0)
    stages = [_stages(month, a, plan) for month in ran]
    paid = None if invested is None else _paid_once(invested, a)
    pairs = tuple(_pair(*each, plan) for each in zip(ran, stages, strict=True))
    steps, ends = _bridge(stages, float(plan.investment), paid)
    future, records = _coming(ran, a, plan, catalog)
    flows = _flows(plan.cash_flows, paid, pairs, future)
    last, rate = max((month.number for month in ran), default=0), float(a.number("discount_rate"))
    return ActualsResult(
        file=table.file,
        currency=a.currency,
        months=pairs,
        planned_saving=ends[0],
        actual_saving=ends[1],
        steps=steps,
        plan=_outlook(plan.cash_flows, rate),
        now=_outlook(flows, rate),
        rest=float(finance.npv(np.concatenate([[0.0], flows[last + 1 :]]), rate)),
        planned_flows=tuple(map(float, plan.cash_flows)),
        flows=tuple(map(float, flows)),
        records={name: replace_file(record, table.file) for name, record in records.items()},
        notices=notices_of(pairs, paid),
        investment=paid,
    )


def replace_file(record: Measurement, file: str) -> Measurement:
    """The record with the name of the file it was read from."""
    return record.model_copy(update={"file": file})


# --- One month ------------------------------------------------------------------------------------


def _modelled(a: Assumptions, number: int) -> _Modelled:
    """The month of this number, where the case's numbers are those of ``a``."""
    line = timeline(a)
    found = evaluate(a, line)
    if not isinstance(found, Economics):
        raise InputError([Issue("SCENARIO", "actuals_no_plan", {"items": ", ".join(found.items)})])
    parts = {name: float(cost[number - 1]) for name, cost in tuned_by_category(a, line).items()}
    return _Modelled(float(found.baseline.monthly_cost[number - 1]), parts)


def _stages(month: ActualMonth, a: Assumptions, plan: Economics) -> tuple[_Modelled, ...]:
    """The month as planned, then with actual requests, lengths, fallback, and each bill in the place of the model's."""
    changed: dict[str, float] = {}
    found = [_modelled(a, month.number)]
    for group in (_volume(month, a, plan), _lengths(month, a), _handed_over(month)):
        changed |= group
        found.append(_modelled(a.replaced(changed), month.number) if group else found[-1])
    for column, category in BILLS.items():
        paid = _paid(month, column, a)
        found.append(found[-1] if paid is None else _with_bill(found[-1], category, paid))
    others = {name: cost for name, cost in found[-1].by_category.items() if _is_other(name)}
    if month.numbers.get("other") is not None:
        kept = {name: cost for name, cost in found[-1].by_category.items() if name not in others}
        found.append(replace(found[-1], by_category={**kept, "other": month.numbers["other"]}))
    else:
        found.append(found[-1])
    return tuple(found)


def _is_other(category: str) -> bool:
    return category not in {*BILLS.values(), QUALITY}


def _with_bill(month: _Modelled, category: str, paid: float) -> _Modelled:
    return replace(month, by_category={**month.by_category, category: paid})


def _volume(month: ActualMonth, a: Assumptions, plan: Economics) -> dict[str, float]:
    requests = month.numbers.get("requests")
    if requests is None:
        return {}
    planned = float(plan.monthly_requests[month.number - 1])
    return {"daily_requests": float(a.number("daily_requests")) * requests / planned} if planned else {}


def _lengths(month: ActualMonth, a: Assumptions) -> dict[str, float]:
    """Tokens of a request; answers of the tuned model in the same proportion, where they have a length of their own."""
    requests = month.numbers.get("requests")
    if not requests:
        return {}
    told = ((name, month.numbers.get(name)) for name in ("input_tokens", "output_tokens"))
    found = {name: tokens / requests for name, tokens in told if tokens is not None and a.knows(name)}
    before = float(a.number("output_tokens")) if a.knows("output_tokens") else 0.0
    if "output_tokens" in found and before and a.knows("tuned_output_tokens"):
        found["tuned_output_tokens"] = float(a.number("tuned_output_tokens")) * found["output_tokens"] / before
    return found


def _handed_over(month: ActualMonth) -> dict[str, float]:
    share = month.numbers.get("fallback_share")
    return {} if share is None else {"fallback_share": share}


def _paid(month: ActualMonth, column: str, a: Assumptions) -> float | None:
    amount = month.numbers.get(column)
    if amount is None or column != "people_hours":
        return amount
    return amount * float(a.number("hourly_rate"))


def _paid_once(month: ActualMonth, a: Assumptions) -> float:
    """What the project cost until the launch: every bill of month 0."""
    bills = [_paid(month, column, a) for column in (*BILLS, "other")]
    return sum(bill for bill in bills if bill is not None)


def _pair(month: ActualMonth, stages: Sequence[_Modelled], plan: Economics) -> MonthPair:
    first, last = stages[0], stages[-1]
    lacking = [name for name in ("requests", "fallback_share", *BILLS) if month.numbers.get(name) is None]
    return MonthPair(
        number=month.number,
        name=month.name,
        planned_requests=float(plan.monthly_requests[month.number - 1]),
        actual_requests=month.numbers.get("requests"),
        planned_cost=sum(first.by_category.values()),
        actual_cost=sum(last.by_category.values()),
        planned_saving=first.saving,
        actual_saving=last.saving,
        assumed=tuple(lacking),
    )


# --- All months -----------------------------------------------------------------------------------


def _bridge(
    stages: Sequence[Sequence[_Modelled]], planned_once: float, paid_once: float | None
) -> tuple[dict[str, float], tuple[float, float]]:
    """What each cause adds to the saving of the told months, and both ends, to the cent.

    What was paid before the launch counts where it is told.
    """
    sums = np.array([[month.saving for month in row] for row in stages], dtype=float)
    total = sums.sum(axis=0) if len(stages) else np.zeros(len(CAUSES))
    before = 0.0 if paid_once is None else planned_once
    after = 0.0 if paid_once is None else paid_once
    amounts = np.concatenate([[total[0] - before], total - after])
    found = bridge_steps(amounts)
    ends = np.round(amounts[[0, -1]], 2)
    return dict(zip(CAUSES, map(float, found), strict=True)), (float(ends[0]), float(ends[1]))


def _coming(
    ran: Sequence[ActualMonth], a: Assumptions, plan: Economics, catalog: Catalog
) -> tuple[Array, dict[str, Measurement]]:
    """Savings of every month if it goes on as the last ones did, and the answers of the case that say so."""
    last = _late(ran, catalog)
    changed = dict(_as_of_late(last, a, plan))
    after = a.replaced({name: value for name, (value, _) in changed.items()})
    line = timeline(after)
    found = evaluate(after, line)
    if not isinstance(found, Economics):
        raise InputError([Issue("SCENARIO", "actuals_no_plan", {"items": ", ".join(found.items)})])
    parts = tuned_by_category(after, line)
    for column, category in (("api_bill", "api"), ("hosting_bill", "serving")):
        parts[category] = parts.get(category, np.zeros_like(line.months)) * _bill_ratio(last, column, parts, category)
    saving = found.baseline.monthly_cost - np.sum(list(parts.values()), axis=0)
    days: dict[str, object] = {"first": last[0].first, "last": last[-1].last} if last else {}
    counted = _counted_a_day(last, a)
    records = {
        name: Measurement.model_validate(
            {"value": QUESTIONS[name].nearest(value), "file": "-", **days, **({} if rows is None else {"rows": rows})}
        )
        for name, (value, rows) in changed.items()
        if name in QUESTIONS and name != "tuned_output_tokens"
    }
    requests = records.get("daily_requests")
    if requests is not None and counted is not None and not math.isclose(counted, float(requests.value)):
        records["daily_requests"] = requests.model_copy(update={"counted": counted})
    return np.asarray(saving), records


def _late(ran: Sequence[ActualMonth], catalog: Catalog) -> Sequence[ActualMonth]:
    """The last months told, as which the coming ones go on."""
    return ran[-int(catalog.number("actuals_months")) :]


def _counted_a_day(last: Sequence[ActualMonth], a: Assumptions) -> float | None:
    counted = [month.numbers["requests"] for month in last if month.numbers.get("requests")]
    return sum(counted) / len(counted) / float(a.number("days_per_month")) if counted else None


def _as_of_late(
    last: Sequence[ActualMonth], a: Assumptions, plan: Economics
) -> Iterator[tuple[str, tuple[float, float | None]]]:
    """Numbers of the case by the last months, each with the rows behind it.

    Requests are taken back to the case's first day, from which they grow as planned.
    """
    counted = [month for month in last if month.numbers.get("requests")]
    seen = sum(month.numbers["requests"] for month in counted)
    planned = sum(float(plan.monthly_requests[month.number - 1]) for month in counted)
    if seen and planned:
        yield "daily_requests", (float(a.number("daily_requests")) * seen / planned, seen)
    for name in ("input_tokens", "output_tokens"):
        told = [month for month in counted if month.numbers.get(name) is not None]
        requests = sum(month.numbers["requests"] for month in told)
        if requests and a.knows(name):
            length = sum(month.numbers[name] for month in told) / requests
            yield name, (length, requests)
            if name == "output_tokens" and a.knows("tuned_output_tokens") and float(a.number(name)):
                yield (
                    "tuned_output_tokens",
                    (float(a.number("tuned_output_tokens")) * length / float(a.number(name)), None),
                )
    shares = [month for month in last if month.numbers.get("fallback_share") is not None]
    if shares:
        weights = [month.numbers.get("requests") or 0.0 for month in shares]
        values = [month.numbers["fallback_share"] for month in shares]
        mean = float(np.average(values, weights=weights)) if all(weights) else float(np.mean(values))
        yield "fallback_share", (mean, sum(weights) if all(weights) else None)
    hours = [month.numbers["people_hours"] for month in last if month.numbers.get("people_hours") is not None]
    if hours:
        yield "ops_hours", (float(np.mean(hours)), float(len(hours)))


def _bill_ratio(last: Sequence[ActualMonth], column: str, parts: Mapping[str, Array], category: str) -> float:
    """A bill of the last months over what the case makes of the same months; 1 where it is not known."""
    told = [month for month in last if month.numbers.get(column) is not None]
    modelled = sum(float(parts[category][month.number - 1]) for month in told)
    return sum(month.numbers[column] for month in told) / modelled if modelled > 0 else 1.0


def _flows(planned: Array, paid: float | None, pairs: Sequence[MonthPair], future: Array) -> Array:
    """Cash flows: what was paid, the told months, months between them as planned, then the months to come."""
    flows = np.array(planned, dtype=float)
    if paid is not None:
        flows[0] = -paid
    last = max((pair.number for pair in pairs), default=0)
    if pairs:
        flows[last + 1 :] = future[last:]
    for pair in pairs:
        flows[pair.number] = pair.actual_saving
    return flows


def _outlook(flows: Array, rate: float) -> Outlook:
    back = finance.payback(flows)
    return Outlook(None if back.months != back.months else back.months, back.status, float(finance.npv(flows, rate)))


def notices_of(pairs: Sequence[MonthPair], investment: float | None) -> tuple[Notice, ...]:
    """What a reader of these months must hear; ``investment`` is what was paid before the launch [money]."""
    found = [Notice("actuals_after_investment", "info", {})] if investment is not None and pairs else []
    numbers = {pair.number for pair in pairs}
    between = [k for k in range(1, max(numbers, default=0)) if k not in numbers]
    if between:
        found.append(Notice("actuals_months_planned", "info", {"count": len(between)}))
    for name in dict.fromkeys(column for pair in pairs for column in pair.assumed):
        found.append(Notice("actuals_column_planned", "info", {"name": name}))
    if not pairs:
        found.append(Notice("actuals_only_investment", "info", {}))
    return tuple(found)
