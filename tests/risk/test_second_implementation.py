"""Odds and worth of the actions against a second implementation that knows the printed JSON of a case alone.

Tolerances are ``APART`` standard errors of both sides together: about 200 figures are held side by side, of which three
errors would refuse one by mere chance and four do so once in 80 such sets. Sobol points err less than the independent
draws that the errors are stated for, so the product's side of them is an upper bound.
"""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from advisor.assumptions import resolve
from advisor.decision.advice import Advice, judged
from advisor.report.json import render_json
from advisor.risk.actions import begun_later
from advisor.risk.headline import headline_of
from advisor.risk.simulation import LIVE_DRAWS, drawn, spread_of
from advisor.text.i18n import Translator
from tests.cases import DAY, catalog, preset
from tests.risk import second
from tests.risk.second import DRAWS, NEVER, Array, Case, Drawn, Ledger

PRESETS = ("article-001-extended", "customer-service", "extraction")
MANY = 16_384
"""Draws of the product beside those that are shown, so that a difference is seen four times as well."""
SEED = 7
APART = 4.0
FITS = 40
"""Fits on as few draws as the product's, whose losses are looked at."""

EN = Translator("en")


@cache
def told_by(name: str, count: int) -> tuple[Advice, dict[str, Any]]:
    """The advice on a preset and its JSON, from so many draws."""
    case = preset(name)
    found = judged(resolve(case, catalog(), DAY), catalog(), count, explained=True)
    drawn_case, risk, metrics = found.simulation, found.risk, found.assessment.metrics
    assert drawn_case is not None
    assert risk is not None
    assert metrics is not None
    headline = headline_of(drawn_case, risk, found.assessment.assumptions, metrics)
    advice = Advice(case, found.assessment, found.recommendation, risk, drawn_case, found.actions, headline)
    return advice, json.loads(render_json(advice, EN))


@cache
def again(name: str) -> tuple[Ledger, Drawn]:
    ledger = Ledger.of(told_by(name, LIVE_DRAWS)[1])
    return ledger, second.tune_now(ledger, SEED)


@pytest.fixture(params=PRESETS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[LIVE_DRAWS, MANY])
def count(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def error(spread: float, count: int) -> float:
    """Standard error of the difference of two means, one of each side."""
    return spread * float(np.sqrt(1 / count + 1 / DRAWS))


def same_mean(told: float, values: Array, count: int) -> None:
    assert abs(told - values.mean()) <= APART * error(float(values.std()), count)


def same_share(told: float, found: float, count: int, draws: float = DRAWS) -> None:
    spread = np.sqrt(found * (1 - found))
    assert abs(told - found) <= APART * spread * np.sqrt(1 / count + 1 / draws) + 1e-9


def same_quantile(told: float | None, values: Array, share: float, count: int) -> None:
    """Between the percentiles of the second sample that lie so many standard errors of a share below and above.

    Needs no density; ``None`` is later than any month.
    """
    width = APART * error(float(np.sqrt(share * (1 - share))), count)
    between = (max(share - width, 0.0), min(share + width, 1.0))
    low, high = np.quantile(values, between, method="nearest")
    slack = 1e-9 * float(np.abs(values[np.isfinite(values)]).max())
    assert low - slack <= (NEVER if told is None else told) <= high + slack


# --- Parts ----------------------------------------------------------------------------------------


def test_what_has_a_shape_in_the_ledger_is_what_is_drawn(name: str) -> None:
    advice, result = told_by(name, LIVE_DRAWS)
    assert advice.simulation is not None
    assert set(Ledger.of(result).drawn) == set(advice.simulation.columns)


def test_every_marginal_is_that_of_its_row_in_the_ledger(name: str) -> None:
    """To the error that the product states of its tables: some millionths of the range."""
    advice, result = told_by(name, LIVE_DRAWS)
    u = np.linspace(0.001, 0.999, 999)
    for row in result["assumptions"]:
        if row["shape"]:
            here = second.quantile(row, u)
            there = drawn(spread_of(advice.assessment.assumptions[row["id"]]), u)
            slack = 1e-5 * np.ptp(here) + (1e-4 * row["high"] if row["shape"] == "lognormal" else 0.0)
            assert there == pytest.approx(here, abs=slack), row["id"]


def test_ties_are_those_of_the_ledger(name: str) -> None:
    advice, _ = told_by(name, MANY)
    ledger, found = again(name)
    assert advice.simulation is not None
    there, here = advice.simulation.columns, found.columns
    held = [(one, other) for one, other, _ in ledger.ties if one in there and other in there]
    assert held
    for one, other in held:
        rank = [stats.spearmanr(side[one], side[other]).statistic for side in (there, here)]
        assert abs(rank[0] - rank[1]) <= APART * error(1.0, MANY)


@pytest.mark.parametrize("delay", [0.0, 1.0, 6.0])
def test_cash_flows_of_the_same_draws_agree_to_rounding(name: str, delay: float) -> None:
    """The product's own draws through the second cash-flow function: what differs here is arithmetic, not chance."""
    advice, result = told_by(name, LIVE_DRAWS)
    found, ledger = advice.simulation, Ledger.of(result)
    assert found is not None
    x = Case(ledger, found.columns)
    flows = second.cash_flows(x, ledger.baseline, delay)
    npv = second.present_value(flows.passed, x)
    told = begun_later(advice.assessment.assumptions, found, delay).passed if delay else found.npv_if_passed
    assert told == pytest.approx(npv, rel=1e-9, abs=1e-6)
    assert found.investment == pytest.approx(flows.paid_once, rel=1e-9)
    assert found.monthly_savings == pytest.approx(flows.saving, rel=1e-9, abs=1e-6)
    assert found.baseline_npv == pytest.approx(second.untuned_gain(x, ledger.baseline), rel=1e-9, abs=1e-6)
    if not delay:
        months = np.nan_to_num(found.payback, nan=NEVER)
        assert months == pytest.approx(second.payback(flows.passed), rel=1e-9)


# --- Odds -----------------------------------------------------------------------------------------


def test_means_of_tuning_now(name: str, count: int) -> None:
    result, found = told_by(name, count)[1], again(name)[1]
    told = result["headline"]
    same_mean(told["npv"]["mean"], found.npv, count)
    same_mean(told["npv_if_passed"]["mean"], found.npv_if_passed, count)
    same_mean(told["npv_if_failed"]["mean"], found.npv_if_failed, count)
    same_mean(told["monthly_savings"]["mean"], found.saving, count)
    same_mean(told["chance"], found.chance, count)
    assert action(result, "tune_now")["mean"] == told["npv"]["mean"]


def test_percentiles_of_tuning_now(name: str, count: int) -> None:
    result, found = told_by(name, count)[1], again(name)[1]
    told = result["headline"]
    for key, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        same_quantile(told["npv"][key], found.npv, share, count)
        same_quantile(action(result, "tune_now")[key], found.npv, share, count)
        same_quantile(told["npv_if_passed"][key], found.npv_if_passed, share, count)
        same_quantile(told["payback"][key], found.payback_if_passed, share, count)
        same_quantile(told["roi"][key], found.roi, share, count)


def test_chances_of_tuning_now(name: str, count: int) -> None:
    result, found = told_by(name, count)[1], again(name)[1]
    told = result["risk"]
    same_share(told["positive_share"], np.mean(found.npv > 0), count)
    same_share(action(result, "tune_now")["chance_of_loss"], np.mean(found.npv < 0), count)
    same_share(told["within_limit_share"], np.mean(found.payback <= told["limit_months"]), count)
    same_share(told["back_share"], np.mean(found.payback < NEVER), count)
    same_mean(told["evpi"], np.maximum(found.npv, 0) - max(found.npv.mean(), 0), count)
    months = told["chance_months"]
    if months is not None:
        same_share(told["chances_in_ten"] / 10, np.mean(found.payback <= months), count)


def test_money_paid_once_over_what_only_the_future_tells(name: str, count: int) -> None:
    """Facts at their medians; with facts drawn as well, the other P80."""
    told, (ledger, found) = told_by(name, count)[1], again(name)
    future = Case(ledger, second.draws(ledger, DRAWS, SEED + 1, ledger.of_role("future")))
    paid = np.broadcast_to(second.investment(future)[:, 0], DRAWS)
    same_quantile(told["risk"]["investment_p50"], paid, 0.5, count)
    same_quantile(told["risk"]["investment_p80"], paid, 0.8, count)
    same_quantile(told["headline"]["investment"]["p10"], paid, 0.1, count)
    same_quantile(told["risk"]["investment_p80_with_facts"], found.investment, 0.8, count)


# --- Actions --------------------------------------------------------------------------------------


def action(result: dict[str, Any], id: str) -> dict[str, Any]:
    return next(row for row in result["actions"] if row["id"] == id)


def test_a_trial_first(name: str, count: int) -> None:
    result, (ledger, found) = told_by(name, count)[1], again(name)
    if found.chance.min() == 1:
        assert all(row["id"] != "trial_first" for row in result["actions"])
        return
    told = action(result, "trial_first")
    worth = second.trial_first(found, ledger, told["delay_months"], SEED)
    same_mean(told["mean"], worth, count)


@pytest.mark.parametrize("id", ["look_up_first", "wait"])
def test_deciding_when_some_numbers_are_known(name: str, count: int, id: str) -> None:
    """Between what many draws and few draws make of what is known.

    The second implementation fits on half of its draws, with cubes and all products, and loses next to nothing. The
    product fits on three quarters of its own and loses by how few they are: not more than the worst of ``FITS`` fits on
    as many. It counts a gain only two of its standard errors above nothing, so one that lies less than ``APART`` more
    above that may be missing.
    """
    result, (ledger, found) = told_by(name, count)[1], again(name)
    told = action(result, id)
    known = second.facts_that_move(found, ledger) if id == "look_up_first" else ledger.trends
    columns = np.column_stack([found.columns[each] for each in known])
    passed, failed = second.later(found, ledger, told["delay_months"])
    tuned = np.where(found.passes, passed, failed)
    options = [np.zeros(DRAWS), tuned]
    if ledger.baseline != "keep_as_is":
        options.append(-second.untuned_gain(found.x, ledger.baseline))
    worth = np.column_stack(options)
    halves = [slice(0, DRAWS // 2), slice(DRAWS // 2, DRAWS)]
    most = np.concatenate(second.worth_of_deciding(columns, worth, halves, 3, crossed=True))
    few = count * 3 // 4
    parts = [slice(k * DRAWS // FITS, min(k * DRAWS // FITS + few, DRAWS)) for k in range(FITS)]
    least = min(each.mean() for each in second.worth_of_deciding(columns, worth, parts, 2, crossed=False))
    now = worth[:, np.argmax(worth.mean(axis=0))]
    gain = most[: DRAWS // 2] - now[DRAWS // 2 :]
    if gain.mean() < (2 + APART) * gain.std() / np.sqrt(count):
        least = min(least, now.mean())
    cost = len(known) * costs(ledger) if id == "look_up_first" else 0.0
    slack = APART * error(float(most.std()), count)
    assert least - cost - slack <= told["mean"] <= most.mean() - cost + slack
    assert told["at_risk"] == pytest.approx(cost)


def costs(ledger: Ledger) -> float:
    """Hours to look up one fact, at the wage."""
    return float(ledger.rows["look_up_hours"]["value"] * ledger.rows["hourly_rate"]["value"])
