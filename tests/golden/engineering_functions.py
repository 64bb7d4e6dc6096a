"""What the worked engineering cases call: public formulas put side by side, nothing computed anew.

Where a function ends in ``return locals()``, each named intermediate is a figure a case may expect.
"""

import numpy as np

from advisor.formulas import cash_flow_timing, cost_levers, finance, hardware, quality, rate_of_return, routing, tokens
from advisor.formulas import hours_of_week as hour_formulas
from advisor.formulas import project_plan as plan_formulas
from advisor.formulas import replicas as replica_formulas
from advisor.scenario import hours_answer, hours_shape

# --- Hosting and routing ------------------------------------------------------


def _replicas(mean_rate, given):
    constants = (given["peak_factor"], given["requests_per_s"], given["target_utilisation"], given["min_replicas"])
    return replica_formulas.replicas_needed(mean_rate, *constants)


def _bill(replicas, replica_hours, given):
    requests = given["daily_requests"] * given["days_per_month"]
    monthly_cost = replica_formulas.monthly_hosting_cost(replica_hours, given.get("gpus", 1), given["gpu_hour"])
    return {
        "replicas": replicas,
        "replica_hours": replica_hours,
        "monthly_cost": monthly_cost,
        "cost_per_request": replica_formulas.cost_per_request(monthly_cost, requests),
        "mean_utilisation": replica_formulas.mean_utilisation(requests, given["requests_per_s"], replica_hours),
    }


def hosting_always_on(**given):
    replicas = _replicas(replica_formulas.mean_requests_per_s(given["daily_requests"]), given)
    return _bill(replicas, replica_formulas.always_on_hours(replicas, given["hours_per_month"]), given)


def hosting_autoscaled(scaling_reserve, **given):
    mean_rate = replica_formulas.mean_requests_per_s(given["daily_requests"])
    replicas = _replicas(mean_rate, given)
    usable = given["requests_per_s"] * given["target_utilisation"]
    limits = replicas, given["min_replicas"]
    hours = replica_formulas.autoscaled_hours(*limits, mean_rate, usable, scaling_reserve, given["hours_per_month"])
    return _bill(replicas, hours, given)


def hosting_scaled_to_zero(active_hours, cold_starts, cold_start_seconds, **given):
    factor = replica_formulas.peak_factor_when_active(given["peak_factor"], active_hours, given["hours_per_month"])
    replicas = _replicas(replica_formulas.mean_requests_per_s(given["daily_requests"]), given | {"peak_factor": factor})
    hours = replica_formulas.scale_to_zero_hours(replicas, active_hours, cold_starts, cold_start_seconds)
    requests = given["daily_requests"] * given["days_per_month"]
    waiting = {"cold_start_share": replica_formulas.cold_start_share(cold_starts, requests), "peak_factor": factor}
    return _bill(replicas, hours, given) | waiting


def hosting_by_hours(hours, within_hour_factor, cold_start_seconds=0, **given):
    """A day or week of hours: always on for the busiest of them, following them, and off without requests."""
    shape = np.asarray(hours_shape(hours_answer(hours)))
    mean_rate = replica_formulas.mean_requests_per_s(given["daily_requests"])
    fleet = (within_hour_factor, given["requests_per_s"], given["target_utilisation"])
    needed = hour_formulas.replicas_by_hour(mean_rate, shape, *fleet, given["min_replicas"])
    chance = hour_formulas.chance_of_a_request(mean_rate, shape)
    starts = hour_formulas.cold_starts(chance, given["hours_per_month"])
    awake = hour_formulas.replica_hours(chance * needed, given["hours_per_month"])
    hours_paid = {
        "always_on": replica_formulas.always_on_hours(needed.max(), given["hours_per_month"]),
        "autoscaled": hour_formulas.replica_hours(hour_formulas.ready_ahead(needed), given["hours_per_month"]),
        "asleep": awake + starts * cold_start_seconds / 3600,
    }
    bills = {way: _bill(needed.max(), paid, given) for way, paid in hours_paid.items()}
    peak = hour_formulas.busiest_moment(shape.max(), within_hour_factor)
    return {
        "peak_factor": peak,
        "replicas": needed.max(),
        **{f"{way}_cost": bill["monthly_cost"] for way, bill in bills.items()},
        **{f"{way}_idle": hour_formulas.idle_share(bill["mean_utilisation"]) for way, bill in bills.items()},
    }


def serverless_break_even(replica_monthly_cost, token_cost, carried_per_day, days_per_month):
    inputs = replica_monthly_cost, token_cost, carried_per_day, days_per_month
    status = str(replica_formulas.serverless_break_even_status(*inputs))
    return {"requests_per_day": replica_formulas.serverless_break_even(*inputs), "status": status}


def managed_endpoint(requests_per_month, **given):
    monthly_cost = replica_formulas.monthly_managed_cost(requests_per_month=requests_per_month, **given)
    return {
        "monthly_cost": monthly_cost,
        "cost_per_request": replica_formulas.cost_per_request(monthly_cost, requests_per_month),
    }


def cascade(small_cost, check_cost, large_cost, fallback_share, small_seconds=0, large_seconds=0):
    cost_per_request = routing.cascade_cost(small_cost, check_cost, large_cost, fallback_share)
    saving = large_cost - cost_per_request
    break_even_share = routing.cascade_break_even_share(small_cost, check_cost, large_cost)
    latency = routing.cascade_latency(small_seconds, large_seconds, fallback_share)
    return locals()


def router(router_call_cost, small_cost, large_cost, large_share):
    cost_per_request = routing.router_cost(router_call_cost, small_cost, large_cost, large_share)
    break_even_share = routing.router_break_even_share(router_call_cost, small_cost, large_cost)
    return locals()


def hosted_project(api, hosting, project):
    """Price of a request today, the replicas that replace it, and the cash flows of the change."""
    prices = tokens.token_prices(*(api[name] for name in ("input", "cache_read", "cache_write", "output")))
    billed = tokens.billed_tokens_per_request(api["static"], api["dynamic"], api["answer"], cache_hit_share=api["hit"])
    api_cost_per_request = tokens.cost_per_attempt(billed, prices)
    hosted = hosting_always_on(**hosting)
    fallback_cost = routing.cascade_cost(0, 0, api_cost_per_request, project["fallback_share"])

    months = cash_flow_timing.months_axis(project["horizon_months"])
    volume = cash_flow_timing.monthly_volume(hosting["daily_requests"] * hosting["days_per_month"], 0, months)
    adoption = cash_flow_timing.adoption(months, project["deploy_months"], project["ramp_months"])
    price_now = api_cost_per_request * cash_flow_timing.price_path(project["api_decline"], months)
    price_tuned = fallback_cost * cash_flow_timing.price_path(project["fallback_decline"], months)
    fixed = (hosted["monthly_cost"] + project["operations_monthly"]) * cash_flow_timing.is_live(
        months, project["deploy_months"]
    )
    flows = cash_flow_timing.net_cash_flows(project["investment"], adoption * volume * (price_now - price_tuned), fixed)
    payback = finance.payback(flows)
    return {
        "api_cost_per_request": api_cost_per_request,
        "replicas": hosted["replicas"],
        "hosting_monthly": hosted["monthly_cost"],
        "hosting_per_request": hosted["cost_per_request"],
        "npv": finance.npv(flows, project["annual_rate"]),
        "payback_months": payback.months,
        "payback_status": payback.status,
        "irr_status": rate_of_return.irr(flows).status,
    }


# --- Machines -----------------------------------------------------------------


def own_card(
    price, residual_share, life_years, capital_rate, power_kw, tariff, pue, used_hours_per_year, rent_per_hour
):
    annual = hardware.annual_owning_cost(price, residual_share, life_years, capital_rate)
    per_calendar_hour = hardware.depreciation_per_hour(annual, 365 * 24)
    per_used_hour = hardware.depreciation_per_hour(annual, used_hours_per_year)
    running_cost_per_hour = hardware.energy_cost(power_kw, 1, tariff, pue)
    hour_of_work = hardware.owning_cost_per_hour(annual, used_hours_per_year, running_cost_per_hour)
    break_even_hours = hardware.break_even_rental_hours(annual, rent_per_hour, running_cost_per_hour)
    status = str(hardware.break_even_status(break_even_hours, 365 * 24))
    cheaper = str(hardware.cheaper_way(used_hours_per_year, break_even_hours))
    return locals()


def hourly_or_monthly(price_per_hour, monthly_price, hours):
    hourly_cost = hardware.rental_cost(price_per_hour, 1, hours)
    break_even_hours = hardware.break_even_rental_hours(monthly_price, price_per_hour, 0)
    cheaper = str(hardware.cheaper_way(hours, break_even_hours))
    return locals()


def spot(discount, interruptions_per_hour, checkpoint_minutes, restart_minutes):
    time_multiple = hardware.interrupted_time(interruptions_per_hour, checkpoint_minutes, restart_minutes)
    cost_multiple = hardware.spot_cost(discount, time_multiple)
    worth_it = bool(cost_multiple < 1)
    return locals()


def pausing(run_hours, paused_hours, price_per_hour, disk_price_per_hour):
    cost = hardware.paused_cost(run_hours, price_per_hour, paused_hours, disk_price_per_hour)
    saved = hardware.pausing_saves(paused_hours, price_per_hour, disk_price_per_hour)
    return locals()


def session(own, clock, wage, cloud):
    """One fine-tune on an own card against a rented one, the engineer's time on top."""
    hours = (clock["minutes"] + clock["seconds"] / 60) / 60
    annual = hardware.annual_owning_cost(own["price"], own["residual_share"], own["life_years"], own["capital_rate"])
    hour = hardware.energy_cost(own["power_kw"], 1, own["tariff"], own["pue"])
    machine = hardware.owning_cost_per_hour(annual, own["hours_per_year"], hour) * hours
    attended_hours = clock["attended_seconds"] / 3600
    wage_per_hour = hardware.hourly_wage(wage["annual_salary"], wage["hours_per_year"])
    time = hardware.time_value(wage_per_hour, attended_hours)
    rented = hardware.rental_cost(cloud["price_per_hour"], 1, cloud["seconds"] / 3600) + cloud["fee"]
    multiple = rented / machine
    total = machine + time
    return locals()


# --- Quality ------------------------------------------------------------------


def gate(before, after, allowed_loss, allowed_gain=np.inf, higher_is_better=True):
    change = quality.relative_change(before, after, higher_is_better)
    lowest_that_passes = before * (1 - allowed_loss)
    return locals() | {"status": str(quality.gate_status(change, allowed_loss, allowed_gain))}


def rating(before, after, allowed_drop):
    return {"status": str(quality.rating_status(before, after, allowed_drop))}


def items(margin, confidence, power, pass_rate=None, discordant_share=None, have=0):
    variance = (
        quality.unpaired_variance(pass_rate) if discordant_share is None else quality.paired_variance(discordant_share)
    )
    exact = quality.items_needed(variance, margin, confidence, power)
    whole = np.ceil(exact)
    seen = quality.margin_seen(variance, have, confidence, power)
    verdict = str(quality.proven_status(np.asarray("pass"), have, exact))
    return locals()


# --- Levers -------------------------------------------------------------------


def bill_walk(bill, levers_in_order, domains=None, floors=None, priority=()):
    chosen = [
        cost_levers.Lever(**lever | {"excludes": frozenset(lever.get("excludes", ()))}) for lever in levers_in_order
    ]
    rules = (domains or {part: [part] for part in bill}), (floors or {})
    left = cost_levers.bill_after(bill, chosen, *rules)
    before, after = cost_levers.total(bill), cost_levers.total(left)

    def cost(pulled):
        return cost_levers.total(cost_levers.bill_after(bill, pulled, *rules))

    steps = cost_levers.waterfall(cost_levers.by_priority(chosen, priority), cost)
    by_money = cost_levers.waterfall(cost_levers.by_money(chosen, cost), cost)
    return {
        "before": before,
        "after": after,
        "left": left,
        "reduction": cost_levers.reduction(before, after),
        "counted": [lever.id for lever in cost_levers.counted(chosen)],
        "steps": {step.lever: step.saving for step in steps},
        "largest_first": [step.lever for step in by_money],
        "saved_in_both_orders": [sum(step.saving for step in order) for order in (steps, by_money)],
    }


def before_and_after(before, after):
    reduction_pct = cost_levers.reduction(before, after) * 100
    remaining = after / before
    speed_up_pct = cost_levers.speed_up(before, after) * 100
    return locals()


def on_the_clock(minutes, seconds, price_per_hour):
    total_minutes = minutes + seconds / 60
    hours = total_minutes / 60
    cost = hardware.rental_cost(price_per_hour, 1, hours)
    return locals()


def hours_at_a_price(hours, price_per_hour, printed_cost):
    cost = hardware.rental_cost(price_per_hour, 1, hours)
    overstatement = printed_cost / cost
    implied_price = hardware.depreciation_per_hour(printed_cost, hours)
    return locals()


def hidden_cost(total, hidden_share):
    visible = total * cost_levers.diluted(0, hidden_share)
    hidden = total - visible
    return locals()


def cost_at_volume(fixed, per_request, requests):
    return {"cost": replica_formulas.monthly_managed_cost(1, fixed, requests, per_request)}


# --- Plans --------------------------------------------------------------------


def project_plan(steps, prices, monthly=None):
    fields = {name: np.array([step[name] for step in steps], dtype=float) for name in plan_formulas.PlanSteps._fields}
    costs = plan_formulas.step_costs(plan_formulas.PlanSteps(**fields), plan_formulas.Prices(**prices))
    totals = plan_formulas.totals_by_kind(costs)
    result = {
        "gpu_hours": plan_formulas.gpu_hours(plan_formulas.PlanSteps(**fields)).sum(),
        "hours": (fields["hours"] * fields["runs"]).sum(),
        "cost_by_step": plan_formulas.cost_by_step(costs).tolist(),
        "spent_when_stopping": plan_formulas.spent_when_stopping(costs).tolist(),
        "gpu": totals.gpu,
        "people": totals.people,
        "paused_disk": totals.paused_disk,
        "total": plan_formulas.cost_by_step(costs).sum(),
    }
    return result | ({"by_the_month": plan_formulas.plan_by_the_month(**monthly, costs=costs)} if monthly else {})


def training_run(steps, seconds_per_step, startup_hours, price_per_hour):
    hours = plan_formulas.run_hours(steps, seconds_per_step, startup_hours)
    minutes, seconds = hours * 60, hours * 3600
    cost = hardware.rental_cost(price_per_hour, 1, hours)
    return locals()


def booked_hours(run_hours, runs, price_per_hour):
    hours = run_hours * runs
    cost = hardware.rental_cost(price_per_hour, 1, hours)
    return locals()


def stages(examples, seconds_per_example, startup_hours, price_per_hour, go_on_share):
    """Each stage trains anew on more examples."""
    hours = plan_formulas.run_hours(np.array(examples, dtype=float), seconds_per_example, startup_hours)
    costs = hardware.rental_cost(price_per_hour, 1, hours)
    return {
        "cost_by_stage": costs.tolist(),
        "all_stages": costs.sum(),
        "expected": plan_formulas.expected_cost(costs, go_on_share),
    }


def ratio_of(one, other):
    return {"ratio": one / other}


def value_of(function):
    return lambda **inputs: {"value": function(**inputs)}


FUNCTIONS = {
    **{f.__name__: f for f in (hosting_always_on, hosting_autoscaled, hosting_scaled_to_zero, serverless_break_even)},
    **{f.__name__: f for f in (hosting_by_hours,)},
    **{f.__name__: f for f in (managed_endpoint, cascade, router, hosted_project, own_card, hourly_or_monthly)},
    **{f.__name__: f for f in (spot, pausing, session, gate, rating, items, bill_walk, before_and_after)},
    **{
        f.__name__: f
        for f in (on_the_clock, hours_at_a_price, cost_at_volume, project_plan, training_run, booked_hours, stages)
    },
    "ratio_of": ratio_of,
    "hidden_cost": hidden_cost,
    "lever_on_a_share": value_of(cost_levers.diluted),
    "break_even_accuracy": value_of(quality.break_even_accuracy),
    "requests_per_day_carried": value_of(replica_formulas.requests_per_day_carried),
    "shared_base": value_of(replica_formulas.shared_base_cost),
    "full_load": value_of(replica_formulas.cost_per_request_at_full_load),
    "smoke_run": value_of(plan_formulas.smoke_run_saves),
    "monthly_rental": value_of(hardware.monthly_rental_cost),
    "rental_cost": value_of(hardware.rental_cost),
    "human_examples": value_of(plan_formulas.human_examples_cost),
    "synthetic_example": value_of(plan_formulas.synthetic_example_price),
    "synthetic_examples": value_of(plan_formulas.synthetic_examples_cost),
    "rating_cost": value_of(plan_formulas.rating_cost),
    "managed_training": value_of(plan_formulas.managed_training_cost),
    "retraining": value_of(plan_formulas.retraining_cost),
}
