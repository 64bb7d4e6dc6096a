"""Formulas of the one-time cost, the steady monthly saving and the simple payback."""

from collections.abc import Iterable

import numpy as np

from advisor.core.records import LineItem
from advisor.evidence.method.records import Condition, Entry, WorkedCase
from advisor.evidence.method.tex import equation, frac, lines, plus, products, tex, times
from advisor.formulas.constants import SECONDS_PER_HOUR
from advisor.formulas.hardware import (
    annual_depreciation,
    committed_price,
    depreciation_per_hour,
    energy,
    hours_of_whole_months,
)
from advisor.options import tune
from advisor.options.training_compute import run_hours


def _training(name: str) -> Condition:
    return lambda c: c.a.choice("training_source") == name


def _estimated_hours(c: WorkedCase) -> bool:
    return not c.a.knows("training_hours") and c.a.choice("training_source") != "managed"


def _training_speed(c: WorkedCase) -> str:
    of = c.unit("token/second")
    return equation("v", tex(c.n("training_tokens_per_second")), c.n("training_tokens_per_second"), of)


def _run_hours(c: WorkedCase) -> str:
    tokens = times(c.n("training_examples"), c.n("training_epochs"), c.n("example_tokens"))
    reading = frac(tokens, times(SECONDS_PER_HOUR, c.n("training_tokens_per_second")))
    middle = rf"{reading} \times (1 + {tex(c.n('evaluation_share'))}) + {tex(c.n('startup_hours'))}"
    return equation("h", middle, float(run_hours(c.a)), c.unit("hour"))


def _rented_training(c: WorkedCase) -> str:
    factors = [c.n("training_gpus"), float(run_hours(c.a)), c.n("training_runs"), c.n("training_gpu_price")]
    if c.a.choice("rental_term") == "hour":
        return equation(r"C_{\mathrm{train}}", times(*factors), float(np.prod(factors)), c.unit("money"))
    paid = float(hours_of_whole_months(factors[1] * factors[2], c.n("hours_per_month")))
    middle = rf"{times(factors[0], paid, factors[3])} \times (1 - {tex(c.n('monthly_discount'))})"
    cost = factors[0] * paid * float(committed_price(factors[3], c.n("monthly_discount")))
    return equation(r"C_{\mathrm{train}}", middle, cost, c.unit("money"))


def _managed_training(c: WorkedCase) -> str:
    factors = [c.n(name) for name in ("training_examples", "training_epochs", "example_tokens", "training_runs")]
    middle = rf"{frac(times(*factors), '10^{6}')} \times {tex(c.n('managed_training_price'))}"
    cost = float(np.prod(factors)) / 1e6 * c.n("managed_training_price")
    return equation(r"C_{\mathrm{train}}", middle, cost, c.unit("money"))


def _card_per_hour(c: WorkedCase) -> float:
    annual = annual_depreciation(c.n("card_price"), c.n("card_residual_share"), c.n("card_life_years"))
    return float(depreciation_per_hour(annual, c.n("card_hours_per_year")))


def _card_hour(c: WorkedCase) -> str:
    top = rf"{tex(c.n('card_price'))} \times (1 - {tex(c.n('card_residual_share'))})"
    middle = frac(top, times(c.n("card_life_years"), c.n("card_hours_per_year")))
    return equation(r"p_{\mathrm{card}}", middle, _card_per_hour(c), c.unit("money/hour"))


def _card_training(c: WorkedCase) -> str:
    hours = (c.n("training_gpus"), float(run_hours(c.a)), c.n("training_runs"))
    wear = (*hours, _card_per_hour(c))
    used = energy(c.n("machine_power_kw"), hours[1] * hours[2], c.n("power_overhead"))
    kwh = (c.n("machine_power_kw"), c.n("power_overhead"), *hours[1:])
    price = c.n("electricity_price")
    return lines(
        [
            equation(r"C_{\mathrm{card}}", times(*wear), float(np.prod(wear)), c.unit("money")),
            equation(r"E", times(*kwh), float(used), c.unit("kwh")),
            equation(r"C_{\mathrm{power}}", times(float(used), price), float(used) * price, c.unit("money")),
        ]
    )


def _project(items: Iterable[LineItem]) -> list[tuple[float, float]]:
    return [(float(i.quantity), float(i.unit_price)) for i in items if i.unit_price is not None]


def _investment(c: WorkedCase) -> str:
    beside = ("contingency", *tune.PAID_ONCE)
    pairs = _project(item for item in c.noted(tune.project_items(c.a)) if item.id not in beside)
    middle = rf"({products(pairs)}) \times (1 + {tex(c.n('contingency_share'))})"
    middle += "".join(f" + {tex(cost)}" for cost in _paid_once(c))
    return equation("I", middle, c.m.investment, c.unit("money"))


def _paid_once(c: WorkedCase) -> list[float]:
    """What neither the contingency nor a retraining is a share of."""
    costs = [float(i.cost or 0.0) for i in tune.project_items(c.a) if i.id in tune.PAID_ONCE]
    return [cost for cost in costs if cost]


def _requests(c: WorkedCase) -> str:
    middle = times(c.n("daily_requests"), c.n("days_per_month"))
    return equation("V", middle, c.requests, c.unit("request/month"))


def retrained(c: WorkedCase) -> str:
    """One retraining, as a share of the investment without what is paid once only."""
    share, once = c.n("retrain_cost_share"), _paid_once(c)
    repeated = plus((c.m.investment, *(-cost for cost in once)))
    return rf"{tex(share)} \times ({repeated})" if once else times(share, c.m.investment)


def _retraining_month(c: WorkedCase) -> float:
    """Retraining spread evenly between two retrainings."""
    return float(c.e.tuned.steady_costs["retraining"])


def _retraining(c: WorkedCase) -> str:
    top = retrained(c)
    middle = frac(top, tex(c.n("retrain_every_months"))) if c.n("retrain_every_months") else tex(0)
    return equation(r"\bar{U}", middle, _retraining_month(c), c.unit("money/month"))


def _months(c: WorkedCase) -> str:
    keep, tuned = float(c.e.baseline.steady_monthly_cost), float(c.e.tuned.steady_monthly_cost)
    by_use = sum(q * p for q, p, _ in c.usage())
    used = {i.id for i in c.e.tuned.line_items if i.frequency == "usage_based"}
    fixed = [float(cost) for name, cost in c.e.tuned.steady_costs.items() if name not in used]
    c.noted(i for i in (*c.e.baseline.line_items, *c.e.tuned.line_items) if i.frequency == "recurring")
    without = sum(cost for cost, _ in c.baseline_usage())
    kept = {i.id for i in c.e.baseline.line_items if i.frequency == "recurring"}
    held = [float(cost) for name, cost in c.e.baseline.steady_costs.items() if name in kept]
    middle = f"{times(c.requests, by_use)} + {plus(fixed)}"
    of = c.unit("money/month")
    return lines(
        [
            equation("K_0", " + ".join([times(c.requests, without), *map(tex, held)]), keep, of),
            equation("K_1", middle, tuned, of),
        ]
    )


def _saving(c: WorkedCase) -> str:
    values = (float(c.e.baseline.steady_monthly_cost), -float(c.e.tuned.steady_monthly_cost))
    return equation("S", plus(values), c.m.monthly_savings, c.unit("money/month"))


def _tuned_request(c: WorkedCase) -> str:
    middle = frac(tex(float(c.e.tuned.steady_monthly_cost)), tex(c.requests))
    return equation("c_1", middle, c.m.tuned_cost_per_request or 0.0, c.unit("money/request"))


def _saving_today(c: WorkedCase) -> str:
    today, best = (float(o.steady_monthly_cost) for o in (c.e.today, c.e.baseline))
    middle = plus((c.m.monthly_savings, today, -best))
    return equation(SAVED_TODAY, middle, c.m.savings_against_today, c.unit("money/month"))


def _untuned_request(c: WorkedCase) -> str:
    found = ((TODAY_REQUEST, c.e.today), (BEST_REQUEST, c.e.baseline))
    costs = [(left, float(option.steady_monthly_cost)) for left, option in found]
    of = c.unit("money/request")
    return lines([equation(left, frac(tex(x), tex(c.requests)), x / c.requests, of) for left, x in costs])


def _untuned_good_answer(c: WorkedCase) -> str:
    m, of = c.m, c.unit("money/request")
    found = (
        (rf"\hat{{{TODAY_REQUEST[0]}}}{TODAY_REQUEST[1:]}", m.current_cost_per_request, c.e.today),
        (rf"\hat{{{BEST_REQUEST[0]}}}{BEST_REQUEST[1:]}", m.baseline_cost_per_request, c.e.baseline),
    )
    rows = [(left, cost or 0.0, float(option.success_share)) for left, cost, option in found]
    return lines([equation(left, frac(tex(cost), tex(good)), cost / good, of) for left, cost, good in rows])


def _steady_payback(c: WorkedCase) -> str:
    if c.m.steady_payback_months is None:
        return rf"S = {tex(c.m.monthly_savings)} \le 0 \Rightarrow {c.word('never')}"
    middle = frac(tex(c.m.investment), tex(c.m.monthly_savings))
    return equation(r"T_{\mathrm{steady}}", middle, c.m.steady_payback_months, c.unit("month"))


def _annual_roi(c: WorkedCase) -> str:
    top = rf"{times(12, c.m.monthly_savings)} - {tex(c.m.investment)}"
    return equation("r_a", frac(top, tex(c.m.investment)), c.m.annual_roi or 0.0, percent=True)


SAVED_TODAY, TODAY_REQUEST, BEST_REQUEST = r"S_{\mathrm{today}}", r"c_{\mathrm{today}}", r"c_{\mathrm{best}}"

WORK_NEEDS = ("training_gpus", "training_tokens_per_second")
CARD_NEEDS = ("card_price", "electricity_price", *WORK_NEEDS)

PROJECT: tuple[Entry, ...] = (
    Entry(
        "training_speed",
        "estimate",
        ("sizing.training_setups",),
        "v = N_g v_1",
        _training_speed,
        lambda c: _estimated_hours(c) and c.estimated("training_tokens_per_second"),
        WORK_NEEDS,
    ),
    Entry(
        "run_hours",
        "product",
        ("training_compute.run_hours", "training_run.hours_at_speed", "training_run.run_hours"),
        r"h = \frac{n_x n_e t_x}{3600 v} (1 + \varepsilon) + h_0",
        _run_hours,
        _estimated_hours,
        WORK_NEEDS,
    ),
    Entry(
        "training_managed",
        "vendors",
        ("training_compute.training_items",),
        r"C_{\mathrm{train}} = \frac{n_x n_e t_x N_r}{10^{6}} p_v",
        _managed_training,
        _training("managed"),
        ("managed_training_price",),
    ),
    Entry(
        "training_rented",
        "article_001",
        ("training_compute.training_items", "hardware.hours_of_whole_months", "hardware.committed_price"),
        r"C_{\mathrm{train}} = N_g h N_r p_g",
        _rented_training,
        _training("rented"),
        ("training_gpu_price", *WORK_NEEDS),
    ),
    Entry(
        "card_hour",
        "article_000",
        ("hardware.annual_depreciation", "hardware.depreciation_per_hour"),
        r"p_{\mathrm{card}} = \frac{P (1 - \rho)}{L h_y}",
        _card_hour,
        _training("own_card"),
        ("card_price",),
    ),
    Entry(
        "card_training",
        "article_000",
        ("hardware.energy",),
        r"C_{\mathrm{card}} = N_g h N_r p_{\mathrm{card}}, \quad "
        r"E = P_{kW} \eta h N_r, \quad C_{\mathrm{power}} = E p_e",
        _card_training,
        _training("own_card"),
        CARD_NEEDS,
    ),
    Entry(
        "investment",
        "article_001",
        ("tune.project_items",),
        r"I = (1 + k) \sum_j q_j p_j + C_o + C_s",
        _investment,
        money=True,
    ),
    Entry("requests", "article_001", ("assessment.assess",), "V = D d", _requests, needs=("daily_requests",)),
    Entry(
        "retraining_average",
        "product",
        ("tune.declare",),
        r"\bar{U} = \frac{\varrho (I - C_o - C_s)}{k}",
        _retraining,
        lambda c: c.n("retrain_every_months") > 0 and c.n("retrain_cost_share") > 0,
        money=True,
    ),
    Entry(
        "steady_months",
        "product",
        ("cash_flows.evaluate",),
        r"K_0 = V c_b + K_f, \quad K_1 = V c_u + G + O + A + \bar{U} + \varphi K_f",
        _months,
        money=True,
    ),
    Entry("saving", "article_001", ("cash_flows.evaluate",), "S = K_0 - K_1", _saving, money=True),
    Entry(
        "saving_today",
        "product",
        ("cash_flows.evaluate",),
        rf"{SAVED_TODAY} = S + K_{{\mathrm{{today}}}} - K_0",
        _saving_today,
        money=True,
    ),
    Entry(
        "tuned_request",
        "product",
        ("assessment.assess",),
        r"c_1 = \frac{K_1}{V}",
        _tuned_request,
        lambda c: not c.has_money or c.m.tuned_cost_per_request is not None,
        money=True,
    ),
    Entry(
        "untuned_request",
        "product",
        ("assessment.assess",),
        rf"{TODAY_REQUEST} = \frac{{K_{{\mathrm{{today}}}}}}{{V}}, \quad {BEST_REQUEST} = \frac{{K_0}}{{V}}",
        _untuned_request,
        lambda c: not c.has_money or c.m.current_cost_per_request is not None,
        money=True,
    ),
    Entry(
        "untuned_good_answer",
        "product",
        ("quality.cost_per_success",),
        r"\hat{c} = \frac{c}{q}",
        _untuned_good_answer,
        lambda c: not c.has_money or None not in (c.m.current_cost_per_success, c.m.baseline_cost_per_success),
        money=True,
    ),
    Entry(
        "steady_payback",
        "article_001",
        ("finance.steady_payback",),
        r"T_{\mathrm{steady}} = \frac{I}{S}",
        _steady_payback,
        money=True,
    ),
    Entry(
        "annual_roi",
        "article_001",
        ("finance.annual_roi",),
        r"r_a = \frac{12 S - I}{I}",
        _annual_roi,
        lambda c: not c.has_money or c.m.annual_roi is not None,
        money=True,
    ),
)
