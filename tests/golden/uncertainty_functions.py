"""What the worked cases on uncertainty call: public formulas put side by side, nothing computed anew."""

import numpy as np

from advisor.formulas import cash_flow_timing, distributions, finance, uncertainty
from advisor.risk import sobol
from tests.golden.money_functions import project_measures


def pert(low, mode, high):
    try:
        return distributions.pert_shape(low, mode, high)._asdict()
    except ValueError as refused:
        return {"refused": str(refused)}


def lognormal(p5, p95):
    return distributions.lognormal_shape(p5, p95)._asdict()


def summary(values):
    return uncertainty.summarise(values)._asdict() | {"evpi": uncertainty.evpi(values)}


def perfect_information(probabilities, npvs):
    return uncertainty.evpi_discrete(probabilities, npvs)._asdict()


def pilot(**inputs):
    value = uncertainty.pilot_value(**inputs)
    return value._asdict() | {"run_it": bool(value.net_value > 0)}


def switching_value(turned, low, high, project):
    def npv_at(value):
        return project_measures(**project | {turned: value})["npv"]

    return uncertainty.switching_value(npv_at, low, high)._asdict()


def horizon(horizon_months, months_to_sunset=None):
    months, capped = cash_flow_timing.effective_horizon(horizon_months, months_to_sunset)
    return {"months": months, "capped": bool(capped)}


def simulation(spread, draw_count, seed, project, uncertain):
    """A whole project in every draw. A draw that fails the quality gate has spent the investment and earns nothing."""
    source = {"evenly": sobol.points, "by chance": sobol.plain_random}[spread]
    u = dict(zip([*uncertain, "gate"], source(draw_count, len(uncertain) + 1, seed).T, strict=True))
    drawn = {name: _values(u[name], shape) for name, shape in uncertain.items()}
    labour = drawn["labour_hours"] * drawn["labour_overrun"] * project["wage"]
    investment = project["compute"] + labour

    months = cash_flow_timing.months_axis(project["horizon_months"])
    volume = cash_flow_timing.monthly_volume(drawn["daily_requests"] * project["days_per_month"], 0, months)
    price_now = project["cost_now"] * cash_flow_timing.price_path(drawn["api_decline"], months)
    price_tuned = drawn["fallback_share"][:, np.newaxis] * price_now
    moved = cash_flow_timing.adoption(months, drawn["deploy_months"], drawn["ramp_months"])
    monthly = project["gpu_monthly"] * drawn["gpu_price"] + project["wage"] * drawn["operations_hours"]
    fixed = monthly[:, np.newaxis] * cash_flow_timing.is_live(months, drawn["deploy_months"])
    due = cash_flow_timing.retraining_due(
        months, project["retrain_every"], project["horizon_months"], drawn["deploy_months"]
    )
    retraining = (drawn["retrain_share"] * investment)[:, np.newaxis] * due

    passes = (u["gate"] < project["gate_success"])[:, np.newaxis]
    cost = passes * (fixed + retraining)
    flows = cash_flow_timing.net_cash_flows(investment, passes * moved * volume * (price_now - price_tuned), cost)
    npv = finance.npv(flows, project["annual_rate"])
    return uncertainty.summarise(npv)._asdict() | {
        "evpi": uncertainty.evpi(npv),
        "share_back_within_12_months": np.mean(finance.payback_months(flows) <= 12),
    }


def _values(u, shape):
    (kind, figures), *_ = shape.items()
    if kind == "one_of":
        return np.array(figures, dtype=float)[(u * len(figures)).astype(int)]
    if kind == "pert":
        return distributions.pert_quantile(u, *figures)
    if kind == "lognormal":
        return distributions.lognormal_quantile(u, *figures)
    median, sigma = figures
    return median * np.exp(sigma * distributions.normal_quantile(u))


FUNCTIONS = {f.__name__: f for f in (pert, lognormal, summary, perfect_information, pilot, switching_value)}
FUNCTIONS |= {f.__name__: f for f in (horizon, simulation)}
