"""Formulas of the draws: how an uncertain number is drawn, percentiles and chances, and the value of information."""

import math

from advisor.core.notices import UnknownPrice
from advisor.core.records import Assumption
from advisor.evidence.method.records import Entry, WorkedCase
from advisor.evidence.method.tex import equation, factor, frac, lines, tex, text, times
from advisor.formulas.distributions import lognormal_shape, pert_mode, pert_shape
from advisor.risk.headline import Headline
from advisor.risk.simulation import DIMENSIONS
from advisor.risk.summary import Risk
from advisor.text.phrases import field_label

GATE = ("gate_result", "gate_success_share")
"""What the chance of passing the quality gate rests on."""


def _first(c: WorkedCase, shape: str) -> Assumption | None:
    """The first number of the case that is drawn from such a distribution."""
    rows = (r for r in c.a.values() if r.is_uncertain and r.id in DIMENSIONS and r.shape == shape)
    return next((r for r in rows if shape != "lognormal" or (r.low or 0) > 0), None)


def _ends(row: Assumption) -> tuple[float, float, float]:
    return float(row.low or 0), float(row.value or 0), float(row.high or 0)


def _pert(c: WorkedCase) -> str:
    row = _first(c, "pert")
    if row is None:
        return ""
    low, median, high = _ends(row)
    mode = pert_mode(low, median, high)
    top = rf"{tex(low)} + {times(4, mode)} + {factor(high)}"
    mean = equation(r"\mu", frac(top, "6"), pert_shape(low, mode, high).mean)
    return lines([text(field_label(c.t, row.id)), mean])


def _lognormal(c: WorkedCase) -> str:
    row = _first(c, "lognormal")
    if row is None:
        return ""
    low, _, high = _ends(row)
    shown = lognormal_shape(low, high).sigma
    middle = rf"{frac(tex(math.log(high / low)), tex(2 * 1.6448536))}"
    return lines([text(field_label(c.t, row.id)), equation(r"\sigma", middle, shown)])


def _risk(c: WorkedCase) -> Risk:
    if c.advice.risk is None:
        raise UnknownPrice(c.assessment.missing)
    return c.advice.risk


def _chance(c: WorkedCase) -> str:
    risk = _risk(c)
    passed = risk.if_passed.positive_share or 0.0
    return equation("P", times(risk.chance, passed), risk.positive_share)


def _headline(c: WorkedCase) -> Headline:
    if c.advice.headline is None:
        raise UnknownPrice(c.assessment.missing)
    return c.advice.headline


def _expected_npv(c: WorkedCase) -> str:
    found = _headline(c)
    passed, failed = found.npv_if_passed.mean or 0.0, found.npv_if_failed.mean or 0.0
    chance = found.chance
    c.read.update(dict.fromkeys(GATE))
    middle = rf"{times(chance, passed)} + (1 - {tex(chance)}) \times {factor(failed)}"
    return equation(r"\overline{\mathrm{NPV}}", middle, found.npv.mean or 0.0, c.unit("money"))


def _percentiles(c: WorkedCase) -> str:
    """The net present value at which one, five and nine futures in ten lie below it."""
    of = _headline(c).npv
    rows = ((10, of.p10), (50, of.p50), (90, of.p90))
    return lines([equation(rf"\mathrm{{NPV}}_{{{k}}}", tex(x or 0.0), x or 0.0, c.unit("money")) for k, x in rows])


def _evpi(c: WorkedCase) -> str:
    risk = _risk(c)
    blind = max(risk.npv.mean, 0.0)
    middle = rf"{tex(risk.evpi + blind)} - {tex(blind)}"
    return equation(r"\mathrm{EVPI}", middle, risk.evpi, c.unit("money"))


ODDS: tuple[Entry, ...] = (
    Entry(
        "pert",
        "product",
        ("distributions.pert_quantile", "distributions.pert_shape", "distributions.pert_mode"),
        r"\mu = \frac{x_{\min} + 4 m + x_{\max}}{6}, \quad P(X \le x) = \frac{1}{2}",
        _pert,
        lambda c: _first(c, "pert") is not None,
    ),
    Entry(
        "lognormal",
        "product",
        ("distributions.lognormal_quantile", "distributions.lognormal_shape"),
        r"\sigma = \frac{\ln(x_{95} / x_5)}{2 z_{95}}",
        _lognormal,
        lambda c: _first(c, "lognormal") is not None,
    ),
    Entry(
        "chance",
        "product",
        ("simulation.simulate", "risk.risk_of"),
        r"P = p \cdot \frac{\#\{k : \mathrm{NPV}_k > 0\}}{N}",
        _chance,
        lambda c: not c.has_money or c.advice.risk is not None,
        money=True,
    ),
    Entry(
        "expected_npv",
        "product",
        ("worlds.Worlds", "headline.headline_of"),
        r"\overline{\mathrm{NPV}} = p \cdot \overline{\mathrm{NPV}}_{+} + (1 - p) \cdot \overline{\mathrm{NPV}}_{-}",
        _expected_npv,
        lambda c: not c.has_money or c.advice.headline is not None,
        money=True,
    ),
    Entry(
        "percentiles",
        "product",
        ("worlds.weighted_quantiles", "uncertainty.quantile_with_never"),
        r"x_{q} = \min \{ x : P(X \le x) \ge q \}",
        _percentiles,
        lambda c: not c.has_money or c.advice.headline is not None,
        money=True,
    ),
    Entry(
        "evpi",
        "product",
        ("uncertainty.evpi",),
        r"\mathrm{EVPI} = \overline{\max(\mathrm{NPV}_k, 0)} - \max(\overline{\mathrm{NPV}_k}, 0)",
        _evpi,
        lambda c: not c.has_money or c.advice.risk is not None,
        money=True,
    ),
)
