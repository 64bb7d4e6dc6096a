"""Formulas that value the cash flows: payback, present value, internal rate of return, and the decision."""

import math
from collections.abc import Sequence

import numpy as np

from advisor.core.notices import UnknownPrice
from advisor.core.records import Economics
from advisor.evidence.method.flows import first_live_month, horizon
from advisor.evidence.method.records import Entry, WorkedCase
from advisor.evidence.method.tex import by_year, equation, factor, frac, lines, plus, tex, text
from advisor.formulas import finance, rate_of_return
from advisor.money.break_even_volume import LARGEST_VOLUME, SMALLEST_VOLUME
from advisor.money.cash_flows import evaluate
from advisor.text.phrases import field_label

NEAR = (0.99, 1.01)
"""Volumes beside the break-even at which the value is shown, as shares of it."""

INFINITY = r"\infty"
TODAY_PAYBACK, TODAY_NPV = r"T_{\mathrm{today}}", r"\mathrm{NPV}_{\mathrm{today}}"


def _discounted(c: WorkedCase) -> np.ndarray:
    return np.asarray(finance.discounted(c.e.cash_flows, c.n("discount_rate")))


def _recovery(c: WorkedCase, left: str, cumulative: str, flow: str, flows: np.ndarray, months: float | None) -> str:
    """The interpolation inside the month of recovery, or the highest point of a sum that never recovers."""
    totals = np.cumsum(flows)
    if months is None:
        top = rf"\max_{{1 \le m \le {horizon(c)}}} {cumulative}_m = {tex(float(np.max(totals[1:])))}"
        return rf"{top} < 0 \Rightarrow {c.word('not_back')}"
    if months == 0:
        return rf"{cumulative}_0 = {tex(float(totals[0]))} \ge 0 \Rightarrow {left} = 0"
    m = max(1, math.ceil(round(months, 9)))
    missing, came = float(totals[m - 1]), float(flows[m])
    rows = [
        rf"{cumulative}_{{{m - 1}}} = {tex(missing)}, \quad {flow}_{{{m}}} = {tex(came)}",
        equation(left, rf"{m} - 1 + {frac(tex(-missing), tex(came))}", months, c.unit("month")),
    ]
    if totals[-1] < 0:
        rows.append(rf"{cumulative}_{{{horizon(c)}}} = {tex(float(totals[-1]))} < 0 \Rightarrow {c.word('lost_again')}")
    return lines(rows)


def _payback(c: WorkedCase) -> str:
    return _recovery(c, "T", "C", "F", c.e.cash_flows, c.m.payback_months)


def _discounted_payback(c: WorkedCase) -> str:
    return _recovery(c, r"\tilde{T}", r"\tilde{C}", r"\tilde{F}", _discounted(c), c.m.discounted_payback_months)


def _monthly_rate(c: WorkedCase) -> str:
    rate = c.n("discount_rate")
    return equation("r", rf"(1 + {tex(rate)})^{{{frac('1', '12')}}} - 1", float(finance.monthly_rate(rate)))


def _discounting(c: WorkedCase) -> str:
    m = first_live_month(c)
    rate = float(finance.monthly_rate(c.n("discount_rate")))
    middle = frac(tex(float(c.e.cash_flows[m])), rf"(1 + {tex(rate)})^{{{m}}}")
    return equation(rf"\tilde{{F}}_{{{m}}}", middle, float(_discounted(c)[m]), c.unit("money"))


def _worth_until(c: WorkedCase, month: int) -> str:
    values = [float(v) for v in _discounted(c)[: month + 1]]
    return plus([values[0], *by_year(values[1:])])


def _npv(c: WorkedCase) -> str:
    return equation(r"\mathrm{NPV}", _worth_until(c, horizon(c)), c.m.npv, c.unit("money"))


def _exit(c: WorkedCase) -> str:
    month = c.m.exit_month
    worked = equation(r"\mathrm{NPV}_x", _worth_until(c, month), c.m.npv_with_exit, c.unit("money"))
    return lines([f"M_x = {month}", worked])


def _irr(c: WorkedCase) -> str:
    if c.m.irr is None:
        return c.word(f"irr_{c.m.irr_status}")
    monthly = rate_of_return.irr(c.e.cash_flows).monthly
    return lines(
        [
            rf"\iota = {tex(monthly)} \Rightarrow \mathrm{{NPV}}(\iota) = 0",
            equation(r"\mathrm{IRR}", rf"(1 + {factor(monthly)})^{{12}} - 1", c.m.irr, percent=True),
        ]
    )


def _mirr(c: WorkedCase) -> str:
    """Outflows at their worth today, inflows at theirs at the end: both at the cost of capital."""
    rate, flows = c.n("discount_rate"), c.e.cash_flows
    out = -float(finance.npv(np.minimum(flows, 0.0), rate))
    years = horizon(c) / 12
    end = float(finance.npv(np.maximum(flows, 0.0), rate)) * (1 + rate) ** years
    middle = rf"({frac(tex(end), tex(out))})^{{{frac('1', tex(years))}}} - 1"
    return equation(r"\mathrm{MIRR}", middle, c.m.mirr or 0.0, percent=True)


def _payback_today(c: WorkedCase) -> str:
    return _recovery(c, TODAY_PAYBACK, "C'", "F'", c.e.against_today, c.m.payback_against_today)


def _npv_today(c: WorkedCase) -> str:
    values = [float(v) for v in np.asarray(finance.discounted(c.e.against_today, c.n("discount_rate")))]
    middle = plus([values[0], *by_year(values[1:])])
    return equation(TODAY_NPV, middle, c.m.npv_against_today, c.unit("money"))


def _npv_at(c: WorkedCase, volumes: Sequence[float]) -> list[float]:
    result = evaluate(c.a.replaced({"daily_requests": np.asarray(volumes)}))
    if not isinstance(result, Economics):
        raise UnknownPrice(result.items)
    return [float(v) for v in np.asarray(finance.npv(result.cash_flows, c.n("discount_rate")))]


def _break_even(c: WorkedCase) -> str:
    if c.m.break_even_requests is None:
        low, high = tex(SMALLEST_VOLUME), tex(LARGEST_VOLUME)
        return rf"\mathrm{{NPV}}(D) < 0 \quad ({low} \le D \le {high})"
    start = c.m.break_even_requests
    rows = [f"D^* = {tex(start)}" + c.unit("request/day")]
    if start > SMALLEST_VOLUME:
        below, above = _npv_at(c, [k * start for k in NEAR])
        shown = (rf"\mathrm{{NPV}}({tex(k)} D^*) = {tex(v)}" for k, v in zip(NEAR, (below, above), strict=True))
        rows.append(r", \quad ".join(shown))
    if len(c.m.break_even_intervals) > 1 or c.m.break_even_intervals[0][1] is not None:
        ranges = (f"[{tex(a)}, {INFINITY if b is None else tex(b)})" for a, b in c.m.break_even_intervals)
        rows.append(r"D \in " + r" \cup ".join(ranges))
    return lines(rows)


def _band_volume(c: WorkedCase) -> str:
    rows = []
    for limit, volume in c.m.band_requests.items():
        shown = c.word("no_volume") if volume is None else tex(volume) + c.unit("request/day")
        rows.append(rf"D_{{{tex(limit)}}} = {shown}")
    return lines(rows)


def _matrix(c: WorkedCase) -> str:
    low, high, volume = c.rules.matrix.low, c.rules.matrix.high, c.n("daily_requests")
    quality = c.a.choice("quality_need") if c.a.knows("quality_need") else "open"
    if volume < low:
        where = rf"{tex(volume)} < {tex(low)}"
    elif volume > high:
        where = rf"{tex(volume)} > {tex(high)}"
    else:
        where = rf"{tex(low)} \le {tex(volume)} \le {tex(high)}, \ {c.word(f'quality_{quality}')}"
    return rf"{where} \Rightarrow {c.word(f'matrix_{c.advice.recommendation.matrix}')}"


def _band(c: WorkedCase) -> str:
    verdict = c.advice.recommendation.calculator
    label = text(c.t(f"verdict.{verdict}.label"))
    months = c.m.payback_months
    if c.m.payback_status == "reversed_later":
        sign = ">" if c.m.npv_with_exit > 0 else r"\le"
        return rf"\mathrm{{NPV}}_x = {tex(c.m.npv_with_exit)} {sign} 0 \Rightarrow {label}"
    if months is None:
        return rf"T: {c.word('not_back')} \Rightarrow {label}"
    limits = [0.0, *(b.below_months for b in c.rules.bands)]
    place = sum(round(months, 9) >= limit for limit in limits) - 1
    upper = rf" < {tex(limits[place + 1])}" if place + 1 < len(limits) else ""
    return rf"{tex(limits[place])} \le {tex(months)}{upper} \Rightarrow {label}"


def _budget(c: WorkedCase) -> str:
    budget, needed = c.n("budget"), c.m.investment
    sign = ">" if round(needed, 9) > round(budget, 9) else r"\le"
    return rf"I = {tex(needed)} {sign} {tex(budget)} = B"


def _swing(c: WorkedCase) -> str:
    first = c.assessment.evidence.matter[0]
    rows = [text(field_label(c.t, first.id))]
    middle = rf"\lvert {tex(first.npv_high)} - {factor(first.npv_low)} \rvert"
    rows.append(equation(r"\Delta_1", middle, first.size, c.unit("money")))
    return lines(rows)


VALUATION: tuple[Entry, ...] = (
    Entry(
        "payback",
        "finance",
        ("finance.payback", "finance.payback_months", "finance.payback_status"),
        r"T = m - 1 + \frac{-C_{m-1}}{F_m} \quad (C_{m-1} < 0 \le C_m)",
        _payback,
        money=True,
    ),
    Entry("monthly_rate", "finance", ("finance.monthly_rate",), r"r = (1 + r_y)^{\frac{1}{12}} - 1", _monthly_rate),
    Entry(
        "discounting",
        "finance",
        ("finance.discounted",),
        r"\tilde{F}_m = \frac{F_m}{(1 + r)^m}",
        _discounting,
        money=True,
    ),
    Entry("npv", "finance", ("finance.npv",), r"\mathrm{NPV} = \sum_{m=0}^{H} \tilde{F}_m", _npv, money=True),
    Entry(
        "npv_with_exit",
        "product",
        ("finance.exit_option",),
        r"\mathrm{NPV}_x = \max_{0 \le M_x \le H} \sum_{m=0}^{M_x} \tilde{F}_m",
        _exit,
        money=True,
    ),
    Entry(
        "discounted_payback",
        "finance",
        ("finance.payback", "finance.discounted"),
        r"\tilde{T} = m - 1 + \frac{-\tilde{C}_{m-1}}{\tilde{F}_m}",
        _discounted_payback,
        money=True,
    ),
    Entry(
        "payback_today",
        "product",
        ("finance.payback",),
        rf"{TODAY_PAYBACK} = m - 1 + \frac{{-C'_{{m-1}}}}{{F'_m}}, \quad F'_m = F_m + K_{{\mathrm{{today}}, m}}"
        r" - K_{0, m}",
        _payback_today,
        money=True,
    ),
    Entry(
        "npv_today",
        "product",
        ("finance.npv",),
        rf"{TODAY_NPV} = \sum_{{m=0}}^{{H}} \frac{{F'_m}}{{(1 + r)^m}}",
        _npv_today,
        money=True,
    ),
    Entry(
        "irr",
        "finance",
        ("rate_of_return.irr",),
        r"\sum_{m=0}^{H} \frac{F_m}{(1 + \iota)^m} = 0, \quad \mathrm{IRR} = (1 + \iota)^{12} - 1",
        _irr,
        money=True,
    ),
    Entry(
        "mirr",
        "finance",
        ("rate_of_return.mirr",),
        r"\mathrm{MIRR} = \left( \frac{\mathrm{FV}(F^+)}{-\mathrm{PV}(F^-)} \right)^{\frac{12}{H}} - 1",
        _mirr,
        lambda c: not c.has_money or c.m.mirr is not None,
        money=True,
    ),
    Entry(
        "break_even",
        "product",
        ("break_even_volume.volume_scan",),
        r"D^* = \min \{ D : \mathrm{NPV}(D) \ge 0 \}",
        _break_even,
        money=True,
    ),
    Entry(
        "band_volume",
        "product",
        ("break_even_volume.volume_scan",),
        r"D_t = \min \{ D : T(D) < t \}",
        _band_volume,
        money=True,
    ),
    Entry(
        "matrix",
        "article_001",
        ("decision_matrix.matrix_cell",),
        r"D < D_{\mathrm{low}}, \quad D_{\mathrm{low}} \le D \le D_{\mathrm{high}}, \quad D > D_{\mathrm{high}}",
        _matrix,
        needs=("daily_requests",),
    ),
    Entry(
        "payback_band",
        "article_001",
        ("decision_matrix.payback_band",),
        r"t_{k-1} \le T < t_k",
        _band,
        money=True,
    ),
    Entry(
        "budget",
        "product",
        ("decision_matrix.budget_status",),
        r"I \le B",
        _budget,
        lambda c: c.a.knows("budget"),
        money=True,
    ),
    Entry(
        "swing",
        "product",
        ("sensitivity.evidence",),
        r"\Delta_j = \lvert \mathrm{NPV}(x_j^{\mathrm{high}}) - \mathrm{NPV}(x_j^{\mathrm{low}}) \rvert",
        _swing,
        lambda c: not c.has_money or bool(c.assessment.evidence.matter),
        money=True,
    ),
)
