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
from advisor.decision.advice import Advice, advise, judged
from advisor.report.json import render_json
from advisor.risk.actions import begun_later
from advisor.risk.headline import headline_of
from advisor.risk.simulation import LIVE_DRAWS, draw, quantiles, spread_of
from advisor.text.i18n import Translator
from tests.cases import DAY, catalog, preset
from tests.risk import second
from tests.risk.second import DRAWS, NEVER, Array, Case, Drawn, Ledger

PRESETS = ("article-001-extended", "customer-service", "extraction", "code-completion")
MANY = 16_384
"""Draws of the product beside those that are shown, so that a difference is seen four times as well."""
SEED = 7
MEASURED = {"serving_gpu": "h100-sxm-80gb", "gpus_per_replica": 1, "replica_tokens_per_second": 326}
"""A speed that somebody measured, at which the case is as good as open."""
APART = 4.0
FITS = 40
"""Fits on as few draws as the product's, whose losses are looked at."""

EN = Translator("en")


@cache
def told_by(name: str, count: int) -> tuple[Advice, dict[str, Any]]:
    """The advice on a preset and its JSON, from so many draws."""
    case = preset(name, **(MEASURED if name == "code-completion" else {}))
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


@cache
def paid_in_futures(name: str) -> Array:
    """Paid once, with facts at their medians."""
    ledger, _ = again(name)
    future = Case(ledger, second.draws(ledger, DRAWS, SEED + 1, ledger.of_role("future")))
    return np.broadcast_to(second.investment(future)[:, 0], DRAWS)


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
            there = quantiles(spread_of(advice.assessment.assumptions[row["id"]]), u)
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


RANGES = {"list_price_discount": [0.05, 0.3], "cached_input_share": [0.02, 0.09]}
"""Of numbers that others follow from."""


def test_what_follows_a_drawn_number_is_told_by_the_ledger() -> None:
    case = preset("code-completion", list_price_discount=0.1, cached_input_share=0.05, ranges=RANGES)
    advice = advise(case, catalog(), DAY)
    ledger, found = Ledger.of(json.loads(render_json(advice, EN))), advice.simulation
    assert found is not None
    assert set(RANGES) < set(found.columns)
    x = Case(ledger, found.columns)
    flows = second.cash_flows(x, ledger.baseline)
    assert found.npv_if_passed == pytest.approx(second.present_value(flows.passed, x), rel=1e-9, abs=1e-6)
    assert found.baseline_npv == pytest.approx(second.untuned_gain(x, ledger.baseline), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("delay", [0.0, 1.0, 6.0])
def test_cash_flows_of_the_same_draws_agree_to_rounding(name: str, delay: float) -> None:
    """The product's own draws through the second cash-flow function: what differs here is arithmetic, not chance."""
    advice, result = told_by(name, LIVE_DRAWS)
    found, ledger = advice.simulation, Ledger.of(result)
    assert found is not None
    x = Case(ledger, found.columns)
    flows = second.cash_flows(x, ledger.baseline, delay)
    npv = second.present_value(flows.passed, x)
    told = (
        begun_later(draw(advice.assessment.assumptions, found.sampling), delay).passed if delay else found.npv_if_passed
    )
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
    told, (_, found), paid = told_by(name, count)[1], again(name), paid_in_futures(name)
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
    trial = second.trial_first(found, ledger, told["delay_months"], SEED)
    same_mean(told["mean"], trial.worth, count)
    same_share(told["go_share"], float(trial.goes.mean()), count)
    for key, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        same_quantile(told[key], trial.worth, share, count)
    if trial.goes.any():
        earned, share = trial.earned[trial.goes], float(trial.goes.mean())
        same_share(told["chance_of_loss"], float(np.mean(earned < 0)), int(count * share), len(earned))
        assert abs(told["go_mean"] - earned.mean()) <= APART * earned.std() * np.sqrt((1 / count + 1 / DRAWS) / share)


def test_a_trial_that_ends_in_a_go_is_among_them() -> None:
    """After a good sign it is tuned and after a bad one it is not, so each sign's own odds are held."""
    told = action(told_by("code-completion", MANY)[1], "trial_first")
    ledger, found = again("code-completion")
    trial = second.trial_first(found, ledger, told["delay_months"], SEED)
    assert 0 < trial.goes.mean() < 1
    assert 0 < told["go_share"] < 1
    assert trial.worth.mean() > 0


@pytest.mark.parametrize("id", ["look_up_first", "wait"])
def test_deciding_when_some_numbers_are_known(name: str, count: int, id: str) -> None:
    """What deciding on them gains over deciding at once, between what many draws and few draws make of it.

    A gain varies far less than the worth it is added to, so its own error is the tolerance. The second implementation
    fits on half of its draws, with cubes and all products, and loses next to nothing: the most there is to gain. The
    product fits on three quarters of its own and with some of the products: it gains no less than such small fits do on
    average with none or with all of the products, but for their spread from fit to fit. A gain of less than two of its
    standard errors above nothing it does not count.
    """
    (advice, result), (ledger, found) = told_by(name, count), again(name)
    told = action(result, id)
    known = second.facts_that_move(found, ledger) if id == "look_up_first" else ledger.trends
    columns = np.column_stack([found.columns[each] for each in known])
    options = at_once(found, ledger, told["delay_months"])
    best = int(options.mean(axis=0).argmax())
    halves = [slice(0, DRAWS // 2), slice(DRAWS // 2, DRAWS)]
    most = np.concatenate(second.gains_of_deciding(columns, options, best, halves, 3, crossed=True))
    few = count * 3 // 4
    parts = [slice(k * (DRAWS - few) // FITS, k * (DRAWS - few) // FITS + few) for k in range(FITS)]
    off, least = error(float(most.std()), count), np.inf
    for crossed in (False, True):
        means = [g.mean() for g in second.gains_of_deciding(columns, options, best, parts, 2, crossed=crossed)]
        least = min(least, np.mean(means) - APART * np.hypot(np.std(means), off))
    if least < 2 * most.std() / np.sqrt(count):
        least = min(least, 0.0)
    cost = len(known) * costs(ledger) if id == "look_up_first" else 0.0
    gain = told["mean"] + cost - told_at_once(advice, ledger, told["delay_months"])
    assert least - 1e-6 <= gain <= most.mean() + APART * off
    assert told["at_risk"] == pytest.approx(cost)


def at_once(found: Drawn, ledger: Ledger, delay: float) -> Array:
    """Worth of not tuning, of tuning after the delay and, where it is no baseline, of going on as today, by draw.

    The gate is integrated out: its chance depends on nothing that somebody knows.
    """
    passed, failed = second.later(found, ledger, delay)
    chance = found.chance.mean()
    options = [np.zeros(DRAWS), chance * passed + (1 - chance) * failed]
    if ledger.baseline != "keep_as_is":
        options.append(-second.untuned_gain(found.x, ledger.baseline))
    return np.column_stack(options)


def told_at_once(advice: Advice, ledger: Ledger, delay: float) -> float:
    """The mean of the best of these by the product's own draws."""
    found = advice.simulation
    assert found is not None
    tuned = begun_later(draw(advice.assessment.assumptions, found.sampling), delay) if delay else found.worlds
    today = [] if ledger.baseline == "keep_as_is" else [-found.baseline_npv.mean()]
    return float(max(0.0, tuned.mean, *today))


def costs(ledger: Ledger) -> float:
    """Hours to look up one fact, at the wage."""
    return float(ledger.rows["look_up_hours"]["value"] * ledger.rows["hourly_rate"]["value"])


# --- What is not written --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"current_model": "google/gemini-3.6-flash"}, "another price of current_input_price is announced"),
        ({"review_share": 0.1, "tuned_review_share": 0.05}, "review_share is stated; tuned_review_share is stated"),
        ({"cost_per_failure": 0.1}, "cost_per_failure is stated"),
        ({"rental_term": "month"}, "rental_term is month, not hour"),
        ({"training_source": "own_card"}, "training_source is own_card, not rented"),
    ],
)
def test_a_ledger_that_says_more_than_is_written_is_refused(changes: dict[str, object], said: str) -> None:
    result = json.loads(render_json(advise(preset("code-completion", **changes), catalog(), DAY), EN))
    with pytest.raises(second.NotWritten, match=said):
        Ledger.of(result)
