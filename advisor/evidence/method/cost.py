"""Formulas of one request: what it costs today and what it costs tuned."""

import numpy as np

from advisor.evidence.method.records import Condition, Entry, WorkedCase
from advisor.evidence.method.tex import equation, frac, lines, plus, products, tex, times
from advisor.formulas.constants import MONTHS_PER_YEAR
from advisor.formulas.hardware import book_value
from advisor.formulas.hours_of_week import busiest_moment
from advisor.formulas.replica_capacity import replica_capacity, request_work
from advisor.formulas.tokens import expected_attempts
from advisor.options import tune, tuned_serving
from advisor.options.keep_as_is import RETRIES
from advisor.scenario import hours_shape


def _route(*names: str) -> Condition:
    return lambda c: c.a.choice("serving_route") in names


def _machines(case: WorkedCase) -> bool:
    """Whether the case serves on whole machines, rented or its own."""
    return case.a.choice("serving_route") in ("rented_gpu", tuned_serving.OWN)


def _given(case: WorkedCase) -> bool:
    return case.a.knows("current_cost_per_request")


def _stated(c: WorkedCase, left: str, name: str) -> str:
    return equation(left, tex(c.n(name)), c.n(name), c.unit("money/request"))


def _current_request(c: WorkedCase) -> str:
    inputs, static = c.n("input_tokens"), c.n("input_tokens") * c.n("static_prompt_share")
    hit = c.n("cache_hit_share")
    amounts = (inputs - static, static * hit, static * (1 - hit), c.n("output_tokens"))
    prices = [c.n(f"current_{p}_price") for p in ("input", "cached_input", "cache_write", "output")]
    pairs = list(zip(amounts, prices, strict=True))
    cached = pairs.pop(1)
    terms = ((pairs, "batch_discount"), ([cached], "cached_batch_discount"))
    once = " + ".join(rf"{frac(products(p), '10^{6}')} \times (1 - {_batch(c, d)})" for p, d in terms)
    middle = rf"({once}) \times {_attempts(c)}"
    return equation("c_0", middle, c.current_request or 0.0, c.unit("money/request"))


def _attempts(c: WorkedCase) -> str:
    """Paid attempts of a request: one, and what is sent again."""
    fails = c.n("retry_share")
    return rf"(1 + {tex(fails)} + {tex(fails)}^{{2}})"


def _baseline_request(c: WorkedCase) -> str:
    costs = [cost for cost, _ in c.baseline_usage()]
    return equation("c_b", plus(costs), sum(costs), c.unit("money/request"))


def _tuned_success(c: WorkedCase) -> str:
    today, share = c.n("success_share"), c.n("fallback_share")
    small = min(max(today + c.n("quality_difference"), 0.0), 1.0)
    middle = rf"(1 - {tex(share)}) \times {tex(small)} + {times(share, today)}"
    return equation("q_t", middle, float(tune.success(c.a)))


def _good_answer(c: WorkedCase) -> str:
    middle = frac(tex(c.m.tuned_cost_per_request or 0.0), tex(float(tune.success(c.a))))
    return equation(r"\hat{c}_1", middle, c.m.tuned_cost_per_success or 0.0, c.unit("money/request"))


def _batch(c: WorkedCase, discount: str) -> str:
    return times(c.n("batch_share"), c.n(discount))


def _tuned_input_tokens(c: WorkedCase) -> float:
    static = c.n("static_prompt_share")
    return c.n("input_tokens") * (static * (1 - c.n("prompt_removed_share")) + 1 - static)


def _tuned_output_tokens(c: WorkedCase) -> float:
    return float(tuned_serving.tuned_output_tokens(c.a))


def _tuned_input(c: WorkedCase) -> str:
    static, removed = c.n("static_prompt_share"), c.n("prompt_removed_share")
    inner = rf"({tex(static)} \times (1 - {tex(removed)}) + 1 - {tex(static)})"
    middle = rf"{tex(c.n('input_tokens'))} \times {inner}"
    return equation("i_t", middle, _tuned_input_tokens(c), c.unit("token/request"))


def _tuned_hosted(c: WorkedCase) -> str:
    pairs = ((_tuned_input_tokens(c), c.n("tuned_input_price")), (_tuned_output_tokens(c), c.n("tuned_output_price")))
    cost = sum(q * p for q, p in pairs) / 1e6 * float(expected_attempts(c.n("retry_share"), RETRIES))
    middle = rf"{frac(products(pairs), '10^{6}')} \times {_attempts(c)}"
    return equation("c_t", middle, cost, c.unit("money/request"))


def _work(c: WorkedCase) -> tuple[float, float]:
    """Work of a tuned request and of a request at the reference lengths."""
    prefill = c.n("prefill_work_share")
    own = request_work(_tuned_input_tokens(c), _tuned_output_tokens(c), prefill)
    reference = request_work(c.n("reference_input_tokens"), c.n("reference_output_tokens"), prefill)
    return float(own), float(reference)


def _request_work(c: WorkedCase) -> str:
    own, reference = _work(c)
    rows = (
        ("w", _tuned_output_tokens(c), _tuned_input_tokens(c), own),
        (r"w_{\mathrm{ref}}", c.n("reference_output_tokens"), c.n("reference_input_tokens"), reference),
    )
    prefill = c.n("prefill_work_share")
    return lines([equation(left, f"{tex(o)} + {times(prefill, i)}", w, c.unit("token")) for left, o, i, w in rows])


def _capacity(c: WorkedCase) -> float:
    own, reference = _work(c)
    return float(replica_capacity(c.n("replica_tokens_per_second"), reference, c.n("reference_output_tokens"), own))


def _replica_speed(c: WorkedCase) -> str:
    return equation(
        r"\tau", tex(c.n("replica_tokens_per_second")), c.n("replica_tokens_per_second"), c.unit("token/second")
    )


def _replica_capacity(c: WorkedCase) -> str:
    own, reference = _work(c)
    top = times(c.n("replica_tokens_per_second"), reference)
    middle = frac(top, times(c.n("reference_output_tokens"), own))
    return equation("x", middle, _capacity(c), c.unit("request/second"))


def _busiest_hour(c: WorkedCase) -> float | None:
    """Load of the busiest hour over the mean, where the busiest moment follows from it."""
    hours = c.advice.scenario.hours_of_week
    if hours is None or "within_hour_factor" not in c.a:
        return None
    most = max(hours_shape(hours))
    return most if float(busiest_moment(most, c.n("within_hour_factor"))) == c.n("peak_factor") else None


def _busiest_moment(c: WorkedCase) -> str:
    return equation(r"\pi", times(c.n("within_hour_factor"), _busiest_hour(c) or 0.0), c.n("peak_factor"))


def _replicas(c: WorkedCase) -> str:
    needed = float(np.asarray(tuned_serving.replicas(c.a, np.asarray([c.requests])))[0])
    load = frac(times(c.n("daily_requests"), c.n("peak_factor")), times(86400, _capacity(c), c.n("target_utilisation")))
    middle = rf"\max({tex(c.n('min_replicas'))}, \lceil {load} \rceil)"
    return equation("R", middle, needed)


def _gpu_rent(c: WorkedCase) -> str:
    needed = float(np.asarray(tuned_serving.replicas(c.a, np.asarray([c.requests])))[0])
    middle = times(needed, c.n("gpus_per_replica"), c.n("hours_per_month"), c.n("serving_gpu_price"))
    if c.a.choice("rental_term") == "month":
        middle += rf" \times (1 - {tex(c.n('monthly_discount'))})"
    return equation("G", middle, c.steady_gpus(), c.unit("money/month"))


def _own_power(c: WorkedCase) -> str:
    needed = float(np.asarray(tuned_serving.replicas(c.a, np.asarray([c.requests])))[0])
    names = ("gpus_per_replica", "serving_power_kw", "power_overhead", "hours_per_month", "electricity_price")
    middle = times(needed, *(c.n(name) for name in names))
    return equation("G", middle, float(c.e.tuned.steady_costs["serving_power"]), c.unit("money/month"))


def _own_cards(c: WorkedCase) -> str:
    """What the cards cost, and what one of them is still worth when the horizon ends."""
    (bought,) = tuned_serving.bought_cards(c.a)
    price, life, lost = c.n("serving_card_price"), c.n("card_life_years"), 1 - c.n("card_residual_share")
    years = c.n("horizon_months") / MONTHS_PER_YEAR
    left = float(book_value(price, c.n("card_residual_share"), life, years))
    worn = rf"{tex(price)} \times (1 - {frac(times(lost, min(years, life)), tex(life))})"
    cost = float(bought.cost or 0.0)
    return lines(
        [
            equation("C_s", times(float(bought.quantity), price), cost, c.unit("money")),
            equation("B", worn, left, c.unit("money")),
        ]
    )


def _usage(c: WorkedCase) -> str:
    pairs = [(q, p) for q, p, _ in c.usage()]
    return equation("c_u", products(pairs), sum(q * p for q, p in pairs), c.unit("money/request"))


SPEED_NEEDS = ("gpus_per_replica", "replica_tokens_per_second")
HOSTED_NEEDS = ("tuned_input_price", "tuned_output_price")
CURRENT_NEEDS = tuple(f"current_{p}_price" for p in ("input", "cached_input", "cache_write", "output"))

REQUEST: tuple[Entry, ...] = (
    Entry(
        "current_request",
        "vendors",
        ("tokens.billed_tokens_per_request", "tokens.token_prices", "tokens.expected_attempts"),
        r"c_0 = \Big( \frac{n_d p_d + n_w p_w + n_o p_o}{10^{6}} (1 - \beta \delta)"
        r" + \frac{n_r p_r}{10^{6}} (1 - \beta \delta_r) \Big) (1 + \epsilon + \epsilon^2)",
        _current_request,
        lambda c: not _given(c),
        CURRENT_NEEDS,
    ),
    Entry(
        "current_request_given",
        "yours",
        ("keep_as_is.line_items",),
        "c_0",
        lambda c: _stated(c, "c_0", "current_cost_per_request"),
        _given,
    ),
    Entry(
        "baseline_request",
        "product",
        ("baseline.best", "optimise_current.line_items"),
        r"c_b = c_{j^*}, \quad j^* = \arg\max_j \mathrm{NPV}_j",
        _baseline_request,
        money=True,
    ),
    Entry(
        "tuned_request_given",
        "yours",
        ("tuned_serving.serving_items",),
        "c_t",
        lambda c: _stated(c, "c_t", "tuned_cost_per_request"),
        _route("own_figure"),
        ("tuned_cost_per_request",),
    ),
    Entry(
        "tuned_input",
        "product",
        ("tuned_serving.tuned_input_tokens",),
        r"i_t = i \left( s (1 - z) + 1 - s \right)",
        _tuned_input,
        _route("hosted", "rented_gpu", tuned_serving.OWN),
    ),
    Entry(
        "tuned_hosted",
        "vendors",
        ("tuned_serving.serving_items",),
        r"c_t = \frac{i_t p_i + o p_o}{10^{6}} (1 + \epsilon + \epsilon^2)",
        _tuned_hosted,
        _route("hosted"),
        HOSTED_NEEDS,
    ),
    Entry(
        "request_work",
        "product",
        ("replica_capacity.request_work",),
        r"w = o + \kappa i_t",
        _request_work,
        _machines,
    ),
    Entry(
        "replica_speed",
        "estimate",
        ("sizing.serving_setups",),
        r"\tau = \frac{b}{t_{\mathrm{step}} + b t_{\mathrm{prompt}} / o}",
        _replica_speed,
        lambda c: _machines(c) and c.estimated("replica_tokens_per_second"),
        SPEED_NEEDS,
    ),
    Entry(
        "replica_capacity",
        "product",
        ("replica_capacity.replica_capacity",),
        r"x = \frac{\tau w_{\mathrm{ref}}}{o_{\mathrm{ref}} w}",
        _replica_capacity,
        _machines,
        SPEED_NEEDS,
    ),
    Entry(
        "busiest_moment",
        "product",
        ("hours_of_week.busiest_moment",),
        r"\pi = \rho \max_h s_h",
        _busiest_moment,
        lambda c: _machines(c) and _busiest_hour(c) is not None,
    ),
    Entry(
        "replicas",
        "product",
        ("replicas.replicas_needed",),
        r"R = \max\left(R_{\min}, \left\lceil \frac{D \pi}{86400 x u} \right\rceil\right)",
        _replicas,
        _machines,
        ("daily_requests", *SPEED_NEEDS),
    ),
    Entry(
        "gpu_rent",
        "vendors",
        ("tuned_serving.gpu_item",),
        r"G = R N_g h_m p_g",
        _gpu_rent,
        _route("rented_gpu"),
        ("daily_requests", "serving_gpu_price", *SPEED_NEEDS),
    ),
    Entry(
        "own_cards",
        "product",
        ("tuned_serving.bought_cards", "hardware.book_value"),
        r"C_s = N_s P_s, \quad B = P_s \left(1 - \frac{(1 - \rho) \min(H / 12, L)}{L}\right)",
        _own_cards,
        _route(tuned_serving.OWN),
        ("daily_requests", "serving_card_price", *SPEED_NEEDS),
    ),
    Entry(
        "gpu_power",
        "product",
        ("tuned_serving.serving_items", "hardware.energy"),
        r"G = R N_g P_w \eta h_m p_e",
        _own_power,
        _route(tuned_serving.OWN),
        ("daily_requests", "electricity_price", "serving_card_price", *SPEED_NEEDS),
        money=True,
    ),
    Entry(
        "usage",
        "product",
        ("tune.declare",),
        r"c_u = c_t + \varphi c_b + k + (1 - q_t) L",
        _usage,
        money=True,
    ),
    Entry(
        "tuned_success",
        "product",
        ("quality.cascade_success", "quality.failed_share"),
        r"q_t = (1 - \varphi) (q_0 + \Delta_q) + \varphi q_0",
        _tuned_success,
    ),
    Entry(
        "good_answer",
        "product",
        ("quality.cost_per_success",),
        r"\hat{c}_1 = \frac{c_1}{q_t}",
        _good_answer,
        lambda c: not c.has_money or c.m.tuned_cost_per_success is not None,
        money=True,
    ),
)
