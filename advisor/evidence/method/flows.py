"""Formulas of the months: volume, adoption, prices, cash flows and what they add up to."""

import math

import numpy as np

from advisor.evidence.method.project import retrained
from advisor.evidence.method.records import Entry, WorkedCase
from advisor.evidence.method.tex import by_year, equation, factor, frac, lines, plus, tex, times
from advisor.formulas import cash_flow_timing
from advisor.options.keep_as_is import FLAT

TREND_RATES = {"api": "api_price_decline", "hosting": "hosting_price_decline"}
WORKED_MONTH = 12


def horizon(c: WorkedCase) -> int:
    return int(c.n("horizon_months"))


def first_live_month(c: WorkedCase) -> int:
    """The first month with a tuned answer, or the last month where none is reached."""
    return min(math.floor(c.n("deploy_months")) + 1, horizon(c))


def shown_months(c: WorkedCase) -> tuple[int, ...]:
    """The first live month, and month 12 or the last."""
    return tuple(sorted({first_live_month(c), min(WORKED_MONTH, horizon(c))}))


def price_factor(c: WorkedCase, trend: str, month: int) -> float:
    """Price of a month as a share of today's."""
    if trend not in TREND_RATES:
        return 1.0
    return float(cash_flow_timing.price_path(c.n(TREND_RATES[trend]), c.e.months)[month - 1])


def adopted(c: WorkedCase, month: int) -> float:
    return float(cash_flow_timing.adoption(c.e.months, c.n("deploy_months"), c.n("ramp_months"))[month - 1])


def _power(c: WorkedCase, base: str, month: int) -> str:
    return rf"({base})^{{{frac(f'{month} - 1', '12')}}}"


def _volume(c: WorkedCase) -> str:
    rows = []
    for m in shown_months(c):
        growth = c.n("volume_growth")
        middle = rf"{tex(c.requests)} \times {_power(c, f'1 + {factor(growth)}', m)}"
        rows.append(equation(f"V_{{{m}}}", middle, float(c.e.monthly_requests[m - 1]), c.unit("request")))
    return lines(rows)


def _adoption(c: WorkedCase) -> str:
    deploy, ramp = c.n("deploy_months"), c.n("ramp_months")
    rows = []
    for m in shown_months(c):
        ramped = rf"\min(1, {frac(f'{m} - {tex(deploy)}', tex(ramp))})" if ramp > 0 else "1"
        middle = ramped if m > deploy else "0"
        rows.append(equation(f"a_{{{m}}}", middle, adopted(c, m)))
    return lines(rows)


def _path(c: WorkedCase, letter: str, trend: str) -> str:
    decline = c.n(TREND_RATES[trend])
    rows = [
        equation(f"{letter}_{{{m}}}", _power(c, f"1 - {factor(decline)}", m), price_factor(c, trend, m))
        for m in shown_months(c)
    ]
    return lines(rows)


def _announced_days(c: WorkedCase) -> list[int]:
    """Days from today to each price that is announced."""
    return sorted({(change.on - c.a.on).days for row in c.a.values() for change in row.announced})


def _announced(c: WorkedCase) -> str:
    rows = []
    for days in _announced_days(c):
        middle = rf"\lfloor {frac(times(days, 12), '365')} \rfloor + 1"
        rows.append(equation("m_p", middle, float(cash_flow_timing.month_of(days))))
    return lines(rows)


def retraining_months(c: WorkedCase) -> list[int]:
    due = np.asarray(c.item("retraining").quantity)
    return [int(m) for m in c.e.months[np.broadcast_to(due, c.e.months.shape) > 0]]


def _retraining(c: WorkedCase) -> str:
    months = retraining_months(c)
    if not months:
        return rf"U_m = 0 \quad {c.word('no_retraining')}"
    cost = float(np.asarray(c.item("retraining").cost)[months[0] - 1])
    listed = ", ".join(map(str, months))
    return lines([rf"m \in \{{{listed}\}}", equation("U_m", retrained(c), cost, c.unit("money"))])


def fixed_costs(c: WorkedCase, month: int) -> list[float]:
    """GPUs, operations, other upkeep and retraining of a month after go-live."""
    costs = []
    for item in c.noted(i for i in c.e.tuned.line_items if i.frequency == "recurring"):
        cost = np.asarray(item.cost, dtype=float)
        costs.append((float(cost[month - 1]) if item.by_month else float(cost)) * price_factor(c, item.trend, month))
    return costs


def _flat_saved(c: WorkedCase, month: int) -> str:
    """What is no longer paid of a flat bill; empty without one."""
    bill = [float(i.cost or 0) * price_factor(c, i.trend, month) for i in c.e.baseline.line_items if i.id == FLAT]
    kept = tex(c.n("fallback_share"))
    return rf" + {tex(adopted(c, month))} \times (1 - {kept}) \times {tex(sum(bill))}" if bill else ""


def _cash_flow(c: WorkedCase) -> str:
    rows = [equation("F_0", f"-{tex(c.m.investment)}", float(c.e.cash_flows[0]), c.unit("money"))]
    for m in shown_months(c):
        result = float(c.e.cash_flows[m])
        if m <= c.n("deploy_months"):
            rows.append(equation(f"F_{{{m}}}", "0", result, c.unit("money")))
            continue
        today = sum(cost * price_factor(c, trend, m) for cost, trend in c.baseline_usage(m))
        by_use = sum(q * p * price_factor(c, trend, m) for q, p, trend in c.usage(m))
        volume = rf"{tex(float(c.e.monthly_requests[m - 1]))} \times {tex(adopted(c, m))}"
        middle = rf"{volume} \times ({tex(today)} - {factor(by_use)}){_flat_saved(c, m)} - ({plus(fixed_costs(c, m))})"
        rows.append(equation(f"F_{{{m}}}", middle, result, c.unit("money")))
    return lines(rows)


def _cumulative(c: WorkedCase) -> str:
    flows = c.e.cash_flows
    terms = [float(flows[0]), *by_year([float(f) for f in flows[1:]])]
    return equation(f"C_{{{horizon(c)}}}", plus(terms), float(np.sum(flows)), c.unit("money"))


def _roi_horizon(c: WorkedCase) -> str:
    top = tex(float(np.sum(c.e.cash_flows)))
    return equation("r_H", frac(top, tex(c.m.investment)), c.m.roi_horizon or 0.0, percent=True)


def _hosting_moves(c: WorkedCase) -> bool:
    if not c.has_money:
        return c.n("hosting_price_decline") != 0
    uses = any(i.trend == "hosting" and i.cost is not None for i in c.e.tuned.line_items)
    return uses and c.n("hosting_price_decline") != 0


FLOWS: tuple[Entry, ...] = (
    Entry(
        "volume",
        "product",
        ("cash_flow_timing.months_axis", "cash_flow_timing.monthly_volume"),
        r"V_m = D d (1 + g)^{\frac{m - 1}{12}}",
        _volume,
        money=True,
    ),
    Entry(
        "adoption",
        "product",
        ("cash_flow_timing.adoption", "cash_flow_timing.is_live"),
        r"a_m = 0 \ (m \le M_d), \quad a_m = \min\left(1, \frac{m - M_d}{M_r}\right) \ (m > M_d)",
        _adoption,
        money=True,
    ),
    Entry(
        "api_path",
        "product",
        ("cash_flow_timing.price_path",),
        r"f_m = (1 - \delta_a)^{\frac{m - 1}{12}}",
        lambda c: _path(c, "f", "api"),
        money=True,
    ),
    Entry(
        "announced_price",
        "product",
        ("cash_flow_timing.month_of",),
        r"m_p = \left\lfloor \frac{t}{365 / 12} \right\rfloor + 1",
        _announced,
        lambda c: bool(_announced_days(c)),
    ),
    Entry(
        "hosting_path",
        "product",
        ("cash_flow_timing.price_path",),
        r"e_m = (1 - \delta_h)^{\frac{m - 1}{12}}",
        lambda c: _path(c, "e", "hosting"),
        _hosting_moves,
        money=True,
    ),
    Entry(
        "retraining",
        "product",
        ("cash_flow_timing.retraining_due",),
        r"U_m = \varrho (I - C_o - C_s) \quad (m = M_d + j M_U < H, \ j = 1, 2, \dots)",
        _retraining,
        lambda c: c.n("retrain_every_months") > 0 and c.n("retrain_cost_share") > 0,
        money=True,
    ),
    Entry(
        "cash_flow",
        "product",
        ("cash_flow_timing.net_cash_flows",),
        r"F_0 = -I, \quad F_m = V_m a_m (c_b f_m - c_{u,m})"
        r" + a_m (1 - \varphi) K_f f_m - (G_m e_m + O + A + U_m)",
        _cash_flow,
        money=True,
    ),
    Entry("cumulative", "finance", ("finance.payback_months",), r"C_m = \sum_{j=0}^{m} F_j", _cumulative, money=True),
    Entry(
        "roi_horizon",
        "finance",
        ("finance.roi_horizon",),
        r"r_H = \frac{C_H}{I}",
        _roi_horizon,
        lambda c: not c.has_money or c.m.roi_horizon is not None,
        money=True,
    ),
)
