"""Verdicts of whole cases, what would switch them, what speaks against them, and what is at risk at each gate."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest

from advisor.core.findings import SwitchingValue
from advisor.core.notices import InputError
from advisor.costs.project_plan import stage_gates
from advisor.decision import switching_values
from advisor.decision.advice import advise
from advisor.decision.alternatives import alternatives, better_way
from advisor.decision.counter_case import counter_case
from advisor.decision.examination import examine
from advisor.decision.rules import TONES
from advisor.decision.switching_values import findings, step_of, switching_value_table
from advisor.report.case import memo_of
from advisor.risk.regret import regret_table
from advisor.risk.simulation import LIVE_DRAWS
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.memo_phrases import ask_of, beside_ask, step_rows
from tests.cases import DAY, advice, catalog, plain, preset


@cache
def switching_values_of(name: str) -> tuple[SwitchingValue, ...]:
    return switching_value_table(advice(preset(name)), catalog(), DAY)


@pytest.mark.parametrize(
    ("changes", "verdict", "rule"),
    [
        ({"data_rights": "no"}, "blocked", "R01"),
        ({"gate_result": "failed"}, "no", "R02"),
        ({"prompt_tried": "no"}, "prompt_first", "R03"),
        ({"prompt_meets_bar": "yes", "failure_kind": "behaviour"}, "prompt_first", "R04"),
        ({"failure_kind": "knowledge", "facts_change_days": 30}, "rag_first", "R05"),
        ({"examples_available": 49}, "data_first", "R06"),
        ({"evaluation_set": "no"}, "eval_first", "R07"),
        ({"training_gpu": "rtx-3090-24gb", "training_gpus": 1, "method": "full"}, "infeasible", "R08"),
        ({"managed_route": "cohere/command-r", "training_source": "managed"}, "infeasible", "R08"),
        ({"budget": 100}, "over_budget", "R09"),
        ({"hosting_allowed": "self_hosted"}, "only_way", "R10"),
        ({}, "yes", "R14"),
        ({"daily_requests": 0}, "cost_only", "R13"),
    ],
)
def test_each_rule_decides_a_whole_case(changes: dict[str, object], verdict: str, rule: str) -> None:
    found = advice(preset("extraction", **changes)).recommendation
    assert (found.verdict, found.rule) == (verdict, rule)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_budget_nothing_is_cut_down_or_more_than_there_is(language: str) -> None:
    t, found = Translator(language), advice(preset("extraction", budget=0))
    memo = memo_of(found)
    assert (found.recommendation.verdict, found.recommendation.reasons[0].code) == ("over_budget", "reason_no_budget")
    assert ask_of(memo, t).sentence == t("ask.no_budget", cost=t.prose_money(ask_of(memo, t).now, "USD"))
    assert beside_ask(memo, t) == ""
    assert step_rows(memo, t)[0].id == "ask_for_budget"
    assert "cut_scope" not in found.recommendation.next_steps
    some = advice(preset("extraction", budget=100)).recommendation
    assert (some.reasons[0].code, some.next_steps[0]) == ("reason_over_budget", "cut_scope")


@pytest.mark.parametrize("objective", ["grpo", "ppo"])
def test_what_cannot_be_estimated_is_said_first_and_once(objective: str) -> None:
    found = advice(preset("extraction", tuning_objective=objective))
    first, *others = found.recommendation.reasons
    assert (first.code, first.params["objective"], others) == ("objective_not_estimated", objective.upper(), [])
    codes = [notice.code for notice in found.assessment.notices]
    assert codes.count("objective_not_estimated") == 1
    assert "price_missing" not in codes
    measured = {"training_gpu": "a100-sxm-80gb", "training_gpus": 8, "training_hours": 20}
    assert advice(preset("extraction", tuning_objective=objective, **measured)).assessment.metrics is not None


def test_a_trial_is_advised_where_its_worth_exceeds_cost_and_delay() -> None:
    """A gate as open as a coin, a trial that is nearly always right and quick, an investment that hurts."""
    answers = {"gate_result": None, "gate_success_share": 0.35, "pilot_reliability": 0.95, "pilot_months": 0.25}
    found = advice(preset("extraction", other_one_time_cost=20_000, budget=200_000, pilot_cost=1000, **answers))
    assert (found.recommendation.verdict, found.recommendation.rule) == ("pilot_first", "R14")
    assert found.actions is not None
    trial, now = found.actions["trial_first"], found.actions["tune_now"]
    assert trial.mean > max(now.mean, 0.0) + 0.05 * found.actions.investment


@pytest.mark.parametrize("name", ["article-001-today", "customer-service", "code-completion", "copywriting"])
def test_a_flip_is_exactly_where_the_table_says(name: str) -> None:
    found = advice(preset(name))
    switching_values = [switch for switch in switching_values_of(name) if switch.switches_at is not None]
    for switch in switching_values:
        assert switch.switches_at is not None
        a = found.assessment.assumptions
        step = step_of(a[switch.id]) * (1 if switch.switches_at > switch.value else -1)
        there = advice(preset(name, **{switch.id: switch.switches_at})).recommendation.verdict
        just_before = advice(preset(name, **{switch.id: round(switch.switches_at - step, 10)})).recommendation.verdict
        assert there == switch.verdict != found.recommendation.verdict
        assert switch.once_known or just_before == found.recommendation.verdict
    assert name not in ("customer-service", "code-completion") or switching_values


def asked(monkeypatch: pytest.MonkeyPatch, verdict: Callable[[Scenario], str]) -> None:
    """The verdict of a tried case is told by ``verdict`` instead of the rules."""
    monkeypatch.setattr(
        switching_values, "verdict_of", lambda scenario, _catalog, _on, draws=LIVE_DRAWS: verdict(scenario)
    )
    switching_value_table.cache_clear()


def test_a_verdict_that_turns_and_turns_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole GPUs can turn a verdict over a short stretch only."""
    found = advice(preset("code-completion"))
    price, now = found.assessment.assumptions["serving_gpu_price"], found.recommendation.verdict
    low, high = price.plausible or (0.0, 0.0)
    start, end = (float(price.value or 0) + share * (high - float(price.value or 0)) for share in (0.4, 0.6))
    asked(monkeypatch, lambda case: "yes" if start <= (case.serving_gpu_price or 0) <= end else now)
    turned = {switch.id: switch for switch in switching_value_table(found, catalog(), DAY)}["serving_gpu_price"]
    assert turned.verdict == "yes" != now
    assert turned.switches_at == pytest.approx(start, abs=0.01 * (high - low))


def test_a_number_that_only_has_to_be_confirmed_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stated number is drawn closer, which can change a verdict without another value."""
    found = advice(preset("classification", hourly_rate=None))
    asked(monkeypatch, lambda case: found.recommendation.verdict if case.hourly_rate is None else "caution")
    wage = {switch.id: switch for switch in switching_value_table(found, catalog(), DAY)}["hourly_rate"]
    assert found.recommendation.verdict != wage.verdict == "caution"
    assert wage.once_known
    assert (wage.switches_at, wage.distance) == (wage.value, 0)


def test_the_volume_is_among_the_numbers_that_turn_the_verdict_where_it_plausibly_does() -> None:
    """2 % fewer requests turned "recommended", and the page that lists what turns it did not name them."""
    found = examine(advice(preset("extraction")), catalog())
    assert found.turning[0] == found.volume
    assert [each for each in found.turning if each is not found.volume] == [
        each for each in found.switching_values if each.switches_at is not None
    ]
    far = examine(advice(preset("extraction").with_(daily_requests=500.0)), catalog())
    assert far.volume is not None
    assert far.volume not in far.turning


@pytest.mark.parametrize(("requests", "least", "most"), [(20_000, 0.0, 0.005), (40_000, 0.005, 0.05)])
def test_what_happens_in_almost_no_simulated_future_speaks_for_nothing(
    requests: float, least: float, most: float
) -> None:
    """ "Tuning still pays in almost no simulated future, by $7,100 on average"."""
    found = advice(Scenario(daily_requests=requests, quality_need="high", budget=30_000))
    assert found.actions is not None
    share, _ = found.actions["tune_now"].worlds.gains
    assert least < share < most
    assert found.actions.recommended.id == "best_without"
    assert "counter_gain" not in [each.says.code for each in examine(found, catalog()).arguments]


def test_what_cannot_flip_alone_says_between_which_values() -> None:
    told = switching_values_of("chat")
    alone = next(switch for switch in told if switch.switches_at is None)
    assert alone.low <= alone.value <= alone.high
    assert (alone.verdict, alone.distance) == (None, None)


def test_findings_that_would_change_the_verdict() -> None:
    told = {
        (each.id, each.answer): each.verdict
        for each in findings(advice(preset("code-completion", serving_gpu="mi300x-192gb")), catalog(), DAY)
    }
    assert told[("gate_result", "failed")] == "no"
    assert told[("cheaper_model_passes", "yes")] == "no"
    assert ("gate_result", "passed") not in told  # it is a yes already


def test_the_alternatives_agree_with_the_verdicts_own_figures() -> None:
    found = advice(preset("customer-service"))
    rows = {row.id: row for row in alternatives(found, catalog())}
    assert found.headline is not None
    assert found.simulation is not None
    case = rows["case"]
    assert case.is_case
    assert case.npv_against_baseline == found.headline.npv.mean
    assert case.npv_against_today == pytest.approx(found.headline.npv.mean + found.simulation.baseline_npv.mean())
    assert (case.npv_p10, case.npv_p90) == (found.headline.npv.p10, found.headline.npv.p90)
    assert case.payback_months == found.headline.payback.p50
    assert [row.id for row in rows.values() if row.is_baseline] == [found.assessment.assumptions.baseline]
    assert rows["keep_as_is"].npv_against_today == 0


def test_taking_a_way_over_gives_the_figures_it_was_offered_with() -> None:
    found = advice(preset("customer-service"))
    for row in alternatives(found, catalog()):
        if row.tunes and row.is_in and not row.is_case:
            taken = advice(found.scenario.with_(**(row.answers or {})))
            assert taken.simulation is not None
            assert taken.assessment.assumptions.baseline == found.assessment.assumptions.baseline
            assert taken.simulation.against_today.mean == pytest.approx(row.npv_against_today), row.id


def test_the_better_way_is_worth_more_than_the_cases_own() -> None:
    rows = alternatives(advice(preset("customer-service")), catalog())
    better, case = better_way(rows), next(row for row in rows if row.is_case)
    assert better is not None
    assert better.is_in
    assert (better.npv_against_today or 0) > (case.npv_against_today or 0)


def test_a_route_that_closes_ends_the_horizon_and_is_named() -> None:
    answers = {"training_source": "managed", "serving_route": "hosted", "managed_route": "openai/gpt-4o-mini"}
    found = advice(preset("customer-service", **answers))
    codes = {notice.code: notice.params for notice in found.assessment.notices}
    ends = catalog().route("openai/gpt-4o-mini").retires.on
    assert ends is not None
    assert codes["route_ends"]["date"] == ends
    assert codes["route_closed"]["route"] == catalog().route("openai/gpt-4o-mini").name
    economics = found.assessment.economics
    assert economics is not None
    assert len(economics.months) == codes["route_ends"]["horizon"] <= (ends - DAY).days / 30
    assert found.recommendation.verdict == "infeasible"


def test_before_it_closes_the_same_route_only_caps_the_horizon() -> None:
    answers = {"training_source": "managed", "serving_route": "hosted", "managed_route": "openai/gpt-4o-mini"}
    early = advise(preset("customer-service", **answers), catalog(), date(2026, 5, 1) - timedelta(days=1))
    assert early.recommendation.verdict != "infeasible"
    assert any(notice.code == "route_ends" for notice in early.assessment.notices)


def test_waiting_is_worth_less_where_tuning_pays_and_regret_is_never_negative() -> None:
    found = advice(preset("extraction"))
    assert found.actions is not None
    table = {choice.id: choice for choice in regret_table(found.actions)}
    assert set(table) == {row.id for row in found.actions.rows}
    assert table["tune_now"].npv[1] > table["wait"].npv[1]
    assert all(regret >= 0 for choice in table.values() for regret in choice.regret)
    assert all(min(choice.regret[k] for choice in table.values()) == 0 for k in range(3))


def test_money_at_risk_adds_up_to_the_project() -> None:
    found = advice(preset("extraction"))
    gates = stage_gates(found.scenario, found.assessment.assumptions, catalog())
    assert [gate.step for gate in gates] == ["data", "first_100", "evaluation", "release"]
    spent = [gate.spent for gate in gates]
    assert spent == sorted(spent)
    assert all(now.spent + now.next_spend == pytest.approx(after.spent) for now, after in pairwise(gates))
    assert spent[-1] == pytest.approx(found.assessment.investment, rel=0.01)


@pytest.mark.parametrize("name", ["extraction", "code-completion", "chat"])
def test_the_counter_case_speaks_against_the_verdict_in_money(name: str) -> None:
    found = advice(preset(name))
    rows, switching_values = alternatives(found, catalog()), switching_values_of(name)
    arguments = counter_case(found, rows, switching_values)
    assert [argument.money for argument in arguments[1:]] == sorted((a.money for a in arguments[1:]), reverse=True)
    against = {"counter_loss", "counter_untested", "counter_baseline", "counter_flip"}
    codes = {argument.says.code for argument in arguments[name != "chat" :]}
    if name != "chat":  # where nothing else could change anything, no action is the next best
        assert arguments[0].says.code in ("counter_runner_up", "counter_same", "counter_too_risky")
    assert codes <= (
        against if found.recommendation.verdict != "no" else {"counter_gain", "counter_other_way", "counter_flip"}
    )


def test_an_alternative_that_may_not_be_used_is_no_argument() -> None:
    """Where requests may not leave the house, an untested hosted model speaks against nothing."""
    at_home = {"hosting_allowed": "self_hosted", "daily_requests": 300_000, "gate_result": None}
    found = advice(preset("extraction", **at_home))
    told = {a.says.params.get("option") for a in counter_case(found, alternatives(found, catalog()), ())}
    assert "open_model" in told
    assert "cheaper_model" not in told


@pytest.mark.parametrize("name", ["article-001-today", "customer-service", "extraction", "copywriting"])
def test_only_a_turn_to_the_other_side_speaks_against_a_verdict(name: str) -> None:
    """That a dearer project would break the budget is no argument against advising against it."""
    found = advice(preset(name))
    for argument in counter_case(found, (), switching_values_of(name)):
        if argument.says.code == "counter_flip":
            assert TONES[str(argument.says.params["verdict"])] != TONES[found.recommendation.verdict]


def test_every_verdict_has_a_tone_and_next_steps() -> None:
    assert {"pilot_first", "blocked", "only_way"} <= set(TONES)


def test_no_trial_is_asked_for_where_one_has_passed() -> None:
    """A tuned model that is known to pass the evaluation leaves a trial nothing to show."""
    for passed in ("extraction", "article-001"):
        found = advice(preset(passed))
        assert found.assessment.assumptions["gate_result"].value == "passed"
        assert "pilot_small" not in found.recommendation.next_steps
    assert (
        "pilot_small" in advice(preset("extraction", gate_result=None, daily_requests=80_000)).recommendation.next_steps
    )


def test_only_a_case_that_can_be_counted_is_drawn() -> None:
    assert advice(Scenario(quality_need="high")).risk is None
    assert advice(plain(daily_requests=100)).risk is not None


def test_a_vendor_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(InputError) as caught:
        advice(preset("extraction", managed_route="openai/gpt-4o-minni"))
    (issue,) = caught.value.issues
    assert (issue.field, issue.code) == ("managed_route", "unknown_id_near")


def test_the_facts_to_find_first_are_open_and_told_where_that_is_the_verdict() -> None:
    found = advice(preset("article-001-extended"))
    facts = examine(found, catalog()).facts
    assert found.actions is not None
    assert found.recommendation.verdict == "look_up_first"
    assert 0 < len(facts) <= 3
    assert {known.id for known in facts} <= set(found.actions.facts)
    assert facts[0].worth > 0
    assert [known.worth for known in facts] == sorted((known.worth for known in facts), reverse=True)
    assert examine(advice(preset("extraction")), catalog()).facts == ()


@pytest.mark.parametrize(("name", "turns_below"), [("extraction", True), ("customer-service", False)])
def test_the_volume_that_turns_the_verdict_is_the_one_of_the_ladder(name: str, turns_below: bool) -> None:
    found = examine(advice(preset(name)), catalog())
    volume, ladder = found.volume, found.ladder
    assert volume is not None
    assert ladder is not None
    assert volume.switches_at is not None
    here = ladder.at(ladder.you)
    assert here == advice(preset(name)).recommendation.verdict != volume.verdict
    assert volume.switches_at in [start for start, _ in ladder.verdicts]
    assert (volume.switches_at <= ladder.you) is turns_below
    assert ladder.at(volume.switches_at - 1 if turns_below else volume.switches_at) == volume.verdict
    assert 0 < volume.chance < 1
