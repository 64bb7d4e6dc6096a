"""What the worked cases call: public formulas put side by side, nothing computed anew.

Where a function ends in ``return locals()``, each named intermediate is a figure a case may expect.
"""

import numpy as np

from advisor.formulas import cash_flow_timing, decision_matrix, finance, hardware, rate_of_return, tokens


def article_calculator(data_hours, hourly_rate, gpu_price, train_hours, iterations, cost_now, cost_ft, **volume):
    data_cost = hardware.time_value(hourly_rate, data_hours)
    compute_cost = hardware.rental_cost(gpu_price, 1, train_hours) * iterations
    investment = data_cost + compute_cost
    monthly_savings = volume["daily_requests"] * (cost_now - cost_ft) * volume["days_per_month"]
    payback_months = finance.steady_payback(investment, monthly_savings)
    payback_status = str(finance.steady_payback_status(investment, monthly_savings))
    annual_roi_pct = finance.annual_roi(investment, monthly_savings) * 100
    data_share = data_cost / investment if investment else np.nan
    band = decision_matrix.payback_band(payback_months, volume["limits"])
    return locals()


def training_table_row(gpus, price, lora_hours, full_hours, printed_upper):
    lora_low, lora_high = (hardware.rental_cost(price, gpus, hours) for hours in lora_hours)
    full_low, full_high = (hardware.rental_cost(price, gpus, hours) for hours in full_hours)
    implied_price = printed_upper / (gpus * full_hours[1])
    return locals()


def project_measures(investment, horizon_months, days_per_month, annual_rate, daily_requests, cost_now, **other):
    given = {"cost_tuned": other.pop("cost_ft", 0)} | other
    months = cash_flow_timing.months_axis(horizon_months)
    deploy_months = given.get("deploy_months", 0)
    adoption = cash_flow_timing.adoption(months, deploy_months, given.get("ramp_months", 0))
    volume = cash_flow_timing.monthly_volume(daily_requests * days_per_month, given.get("growth_per_year", 0), months)
    price_now = cost_now * cash_flow_timing.price_path(given.get("api_decline_per_year", 0), months)
    price_tuned = given["cost_tuned"] * cash_flow_timing.price_path(given.get("tuned_decline_per_year", 0), months)
    benefit = adoption * (volume * (price_now - price_tuned) + given.get("quality_value_monthly", 0))
    retraining = cash_flow_timing.retraining_due(months, given.get("retrain_every", 0), horizon_months, deploy_months)
    fixed = given.get("fixed_monthly", 0) * cash_flow_timing.is_live(months, deploy_months)
    flows = cash_flow_timing.net_cash_flows(investment, benefit, fixed + given.get("retrain_cost", 0) * retraining)
    return cash_flow_measures(flows, annual_rate) | {
        "roi_horizon_pct": finance.roi_horizon(flows, investment) * 100,
        "profitability_index": finance.profitability_index(finance.npv(flows, annual_rate), investment),
    }


def cash_flow_measures(cash_flows, annual_rate):
    flows = np.asarray(cash_flows, dtype=float)
    npv = finance.npv(flows, annual_rate)
    payback_months, payback_status = finance.payback(flows)
    discounted_payback_months, discounted_payback_status = finance.payback(finance.discounted(flows, annual_rate))
    irr_monthly, irr_annual, irr_status, irr_roots_monthly = rate_of_return.irr(flows)
    mirr_annual, mirr_status = rate_of_return.mirr(flows, annual_rate, annual_rate)
    npv_with_exit, exit_month = finance.exit_option(flows, annual_rate)
    option_value = npv_with_exit - npv
    cash_flow_first, cash_flow_last, net_undiscounted = flows[:5], flows[-1], flows.sum()
    return locals()


def api_request(input_price, output_price, cache_read_multiplier=1, cache_write_multiplier=1, **other):
    """A published multiplier times the input price is the cache's list price, which the formulas take."""
    batch = {name: other.pop(name) for name in ("batch_share", "batch_discount") if name in other}
    stacked = other.pop("cache_and_batch_stack", 1) * batch.get("batch_discount", 0)
    failures = {name: other.pop(name, 0) for name in ("failure_rate", "retries")}
    cache_prices = input_price * cache_read_multiplier, input_price * cache_write_multiplier
    prices = tokens.token_prices(input_price, *cache_prices, output_price, cached_batch_discount=stacked, **batch)
    billed = tokens.billed_tokens_per_request(**other)
    return {
        "cost_per_attempt": tokens.cost_per_attempt(billed, prices),
        "expected_attempts": tokens.expected_attempts(**failures),
        "unserved_share": tokens.unserved_share(**failures),
        "cost_per_request": tokens.api_cost_per_request(billed, prices, **failures),
    }


def break_even(**inputs):
    requests_per_day = finance.break_even_requests_per_day(**inputs)
    return {"requests_per_day": requests_per_day, "whole_requests": np.ceil(requests_per_day)}


def depreciation(price, residual_share, life_years, used_hours_per_year):
    annual = hardware.annual_depreciation(price, residual_share, life_years)
    per_calendar_hour = hardware.depreciation_per_hour(annual, 365 * 24)
    per_used_hour = hardware.depreciation_per_hour(annual, used_hours_per_year)
    per_day = per_calendar_hour * 24
    return locals()


def run_on_own_card(price, residual_share, life_years, hours_per_year, minutes, seconds, power_kw, tariff, pue):
    run_hours = (minutes + seconds / 60) / 60
    annual = hardware.annual_depreciation(price, residual_share, life_years)
    depreciation = hardware.depreciation_per_hour(annual, hours_per_year) * run_hours
    electricity = hardware.energy_cost(power_kw, run_hours, tariff, pue)
    energy_kwh = hardware.energy(power_kw, run_hours, pue)
    total = depreciation + electricity
    return locals()


def energy(power_kw, hours, tariff, pue):
    energy_kwh = hardware.energy(power_kw, hours, pue)
    cost = hardware.energy_cost(power_kw, hours, tariff, pue)
    return locals()


def attended_time(annual_salary, hours_per_year, step_seconds):
    seconds, wage_per_hour = sum(step_seconds), annual_salary / hours_per_year
    value = hardware.time_value(wage_per_hour, seconds / 3600)
    return locals()


def cloud_against_local(price_per_hour, seconds, fee, local_total):
    rental = hardware.rental_cost(price_per_hour, 1, seconds / 3600)
    return {"rental": rental, "total": rental + fee, "multiple": (rental + fee) / local_total}


def rent_or_buy(price, residual_share, life_years, power_kw, tariff, pue, rent_per_hour):
    annual = hardware.annual_depreciation(price, residual_share, life_years)
    running_cost_per_hour = hardware.energy_cost(power_kw, 1, tariff, pue)
    break_even_hours = hardware.break_even_rental_hours(annual, rent_per_hour, running_cost_per_hour)
    return locals()


def hourly_or_monthly(price_per_hour, monthly_price, hours, project_cost):
    hourly_cost = hardware.rental_cost(price_per_hour, 1, hours)
    return {
        "break_even_hours": hardware.break_even_rental_hours(monthly_price, price_per_hour, 0),
        "hourly_cost": hourly_cost,
        "month_against_hourly": monthly_price / hourly_cost,
        "month_against_project": monthly_price / project_cost,
        "week_against_project": monthly_price * 7 / 30 / project_cost,
    }


def steps_rental(steps, seconds_per_step, price_per_gpu_hour):
    hours = steps * seconds_per_step / 3600
    return {"hours": hours, "cost": hardware.rental_cost(price_per_gpu_hour, 1, hours)}


FUNCTIONS = {
    **{f.__name__: f for f in (article_calculator, training_table_row, project_measures, cash_flow_measures)},
    **{f.__name__: f for f in (api_request, break_even, depreciation, run_on_own_card, attended_time)},
    **{f.__name__: f for f in (cloud_against_local, energy, rent_or_buy, hourly_or_monthly, steps_rental)},
    "budget": lambda **i: {"status": decision_matrix.budget_status(**i), "gap": decision_matrix.budget_gap(**i)},
    "convert": lambda **i: {"amount": finance.convert(**i)},
    "machine_power": lambda parts_w: {
        "total_w": sum(parts_w.values()),
        "gpu_share": parts_w["gpu"] / sum(parts_w.values()),
    },
    "matrix": lambda **i: {"cell": decision_matrix.matrix_cell(**i)},
    "rental_cost": lambda **i: {"cost": hardware.rental_cost(**i)},
    "session_total": lambda **i: {"total": sum(i.values())},
}
