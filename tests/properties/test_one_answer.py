"""One case speaks with one voice: over hundreds of random cases verdict, actions and figures never contradict.

``ANSWERED_CASES=2000`` draws more of them than a quick run has.
"""

import os
import random
from collections.abc import Iterator
from functools import cache

import pytest

from advisor.catalog.hosted_prices import hosted_models
from advisor.core.notices import InputError
from advisor.decision.advice import Advice, advise
from advisor.decision.examination import examine
from advisor.decision.rules import ACTS
from advisor.report.json import result_record
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from tests.cases import DAY, catalog

CASES, EXAMINED, LADDERS = int(os.environ.get("ANSWERED_CASES", "600")), 6, 3
RAISED = CASES // 20
"""A contradiction in one case of a hundred stays unseen by 600 with a chance of 0.3 %, one in three hundred by 14 %."""
OF_ACTION = {
    "tune_now": ACTS,
    "trial_first": {"pilot_first"},
    "look_up_first": {"look_up_first"},
    "wait": {"not_yet"},
    "best_without": {"no"},
}
USUALLY = 0.6
"""How often an optional question stays open."""


def random_answers(rng: random.Random) -> dict[str, object]:
    """Answers of a plausible case: the three always, others now and then."""

    def log(low: float, high: float) -> float:
        return float(f"{low * (high / low) ** rng.random():.3g}")

    optional: dict[str, object] = {
        "current_model": rng.choice(hosted_models(DAY)),
        "input_tokens": round(log(50, 20_000)),
        "output_tokens": round(log(5, 3_000)),
        "static_prompt_share": round(rng.random(), 2),
        "model_size": rng.choice(["7b", "13b", "34b", "70b"]),
        "method": rng.choice(["lora", "qlora", "full"]),
        "gate_result": rng.choice(["passed", "failed"]),
        "gate_success_share": round(rng.random(), 2),
        "hosting_allowed": rng.choice(["anywhere", "self_hosted"]),
        "serving_route": rng.choice(["rented_gpu", "hosted"]),
        "fallback_share": round(rng.random() / 2, 2),
        "volume_growth": round(rng.uniform(-0.5, 2), 2),
        "api_price_decline": round(rng.uniform(-0.2, 0.8), 2),
        "horizon_months": rng.choice([6, 12, 24, 36]),
        "hourly_rate": round(log(10, 200)),
        "bought_examples": round(log(100, 20_000)),
        "deploy_months": rng.choice([0, 1, 2, 6]),
        "pilot_cost": round(log(200, 20_000)),
        "pilot_reliability": round(rng.uniform(0.5, 1), 2),
        "loss_tolerance": rng.choice([0.2, 0.5, 0.8]),
        "currency": rng.choice(["CNY", "EUR"]),
        "cheaper_model_passes": rng.choice(["yes", "no"]),
        "other_one_time_cost": round(log(100, 100_000)),
        "current_fixed_monthly_cost": round(log(10, 20_000)),
    }
    answers = {name: value for name, value in optional.items() if rng.random() > USUALLY}
    always = {
        "daily_requests": round(log(50, 5_000_000)),
        "quality_need": rng.choice(["normal", "high"]),
        "budget": round(log(2_000, 400_000)),
    }
    return {**always, **answers}


def random_cases(count: int, seed: int) -> Iterator[Advice]:
    """Cases that can be computed at all."""
    rng = random.Random(seed)
    while count:
        try:
            yield advise(Scenario.from_answers(random_answers(rng)), catalog(), DAY)
        except InputError:
            continue
        count -= 1


@cache
def cases() -> tuple[Advice, ...]:
    return tuple(random_cases(CASES, 7))


def examined_cases() -> list[Advice]:
    """Some of the cases that money decides, from all over; examining one takes as long as thirty pieces of advice."""
    return [case for case in cases() if case.recommendation.rule == "R14"][:: max(CASES // 4 // EXAMINED, 1)][:EXAMINED]


def test_where_no_earlier_rule_fires_the_verdict_is_the_recommended_action() -> None:
    decided = [case for case in cases() if case.recommendation.rule == "R14"]
    assert len(decided) > CASES / 4
    seen = set()
    for case in decided:
        assert case.actions is not None
        action = case.actions.recommended.id
        assert case.recommendation.verdict in OF_ACTION[action], case.scenario.answers()
        seen.add(case.recommendation.verdict)
    assert len(seen) >= 6, seen


def test_over_budget_is_said_of_good_cases_alone() -> None:
    found = [case for case in cases() if case.recommendation.verdict == "over_budget"]
    assert found
    for case in found:
        assert case.actions is not None
        assert case.actions.recommended.id in ("tune_now", "trial_first")
        assert case.actions.recommended.mean > 0


def test_the_headline_is_the_row_of_tuning_now_and_its_sign_agrees_with_the_verdict() -> None:
    for case in cases():
        table, head, risk = case.actions, case.headline, case.risk
        if table is None or head is None or risk is None:
            continue
        row = table["tune_now"]
        assert (head.npv.mean, head.npv.p10, head.npv.p50, head.npv.p90) == (row.mean, row.p10, row.p50, row.p90)
        assert (risk.npv.mean, risk.npv.p50) == (row.mean, row.p50)
        assert head.investment.p50 == risk.investment_p50 == row.at_risk
        worlds = row.worlds
        parts = worlds.chance * worlds.passed.mean() + (1 - worlds.chance) * worlds.failed.mean()
        assert head.npv.mean == pytest.approx(parts, rel=1e-9, abs=1e-6)
        if case.recommendation.rule != "R14":
            continue
        if case.recommendation.verdict in ACTS:
            assert row.mean > 0
            assert row.chance_of_loss <= table.tolerance
        if case.recommendation.verdict == "no":
            nothing = row.mean <= table.nearly_same * max(table.investment, row.mean)
            assert nothing or row.chance_of_loss > table.tolerance


def test_what_explains_a_verdict_does_not_contradict_it() -> None:
    """Alternatives, counter-case, ladder and the JSON of some of the cases, as they take longer."""
    t = Translator("en")
    for case in examined_cases():
        assert case.actions is not None
        assert case.headline is not None
        found, best = examine(case, catalog()), case.actions.recommended
        own = next(row for row in found.alternatives if row.is_case)
        assert own.npv_against_baseline == pytest.approx(case.headline.npv.mean)
        assert [row.id for row in found.alternatives if row.is_baseline] == [case.assessment.assumptions.baseline]
        assert found.ladder is not None
        assert found.ladder.at(found.ladder.you) == case.recommendation.verdict
        for argument in found.arguments:
            if argument.says.code == "counter_runner_up":
                assert argument.says.params["action"] != best.id
                assert float(str(argument.says.params["money"])) <= best.mean
        for switch in found.switching_values:
            assert switch.verdict != case.recommendation.verdict
        record = result_record(case, t, (), found)
        (chosen,) = [row for row in record["actions"] if row["recommended"]]
        assert chosen["id"] == best.id
        assert record["headline"]["npv"]["mean"] == record["risk"]["npv"]["mean"]


def test_a_dearer_model_of_today_or_a_cheaper_project_never_turns_yes_into_no() -> None:
    rng, tried = random.Random(11), 0
    while tried < RAISED:
        answers = {**random_answers(rng), "current_input_price": 2.0, "current_output_price": 8.0}
        answers.setdefault("other_one_time_cost", 5_000.0)
        for name in ("current_fixed_monthly_cost", "cheaper_model_passes"):
            answers.pop(name, None)
        try:
            before = advise(Scenario.from_answers(answers), catalog(), DAY)
        except InputError:
            continue
        if before.recommendation.verdict not in ACTS:
            continue
        dearer = {**answers, "current_input_price": 3.0, "current_output_price": 12.0}
        cheaper = {**answers, "other_one_time_cost": 0.0}
        for changed in (dearer, cheaper):
            after = advise(Scenario.from_answers(changed), catalog(), DAY)
            assert after.recommendation.verdict in ACTS, (changed, before.recommendation, after.recommendation)
        tried += 1


def test_the_verdict_changes_with_volume_only_where_the_ladder_says() -> None:
    for case in examined_cases()[:LADDERS]:
        ladder = examine(case, catalog()).ladder
        assert ladder is not None
        for rung in ladder.rungs:
            assert ladder.at(rung.volume) == rung.verdict


def test_figures_do_not_depend_on_what_was_computed_before() -> None:
    t = Translator("en")
    some = cases()[:40]
    first = [result_record(case, t) for case in some]
    again = [result_record(advise(case.scenario, catalog(), DAY), t) for case in reversed(some)]
    assert first == again[::-1]
