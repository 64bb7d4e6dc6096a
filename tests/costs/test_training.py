"""The training run of a case: its machine, the cards that hold it, its ways, its steps, and speeds nobody can reach."""

import numpy as np
import pytest

from advisor.core.notices import InputError, Issue
from advisor.costs.training import (
    TrainingPlan,
    memory_of_methods,
    published_hours,
    rooms,
    steps,
    training_plan,
    ways,
    ways_out,
)
from advisor.engineering.descriptions import METHODS
from advisor.options import training_compute
from advisor.scenario import Scenario
from tests.cases import DAY, advice, catalog, preset

PRESETS = tuple(catalog().presets)


def plan_of(case: Scenario) -> TrainingPlan:
    return training_plan(case, catalog(), DAY)


STEP = {"open_model": "llama-2-7b", "method": "full", "training_gpu": "a100-sxm-80gb", "training_gpus": 1}


class TestImpossibleSpeeds:
    def shares(self, **answers: object) -> list[object]:
        """Shares of the peak for which a case is refused."""
        issues: tuple[Issue, ...] = ()
        try:
            advice(preset("extraction", **answers))
        except InputError as error:
            issues = error.issues
        assert {(i.field, i.code) for i in issues} <= {("training_tokens_per_second", "faster_than_card")}
        return [i.params["share"] for i in issues]

    def test_article_002s_step_asks_nearly_three_times_the_peak(self) -> None:
        """32 x 1024 tokens in 1.5 s: 2.94 times an A100 by 6 N; attention and the embedding add to both sides."""
        (share,) = self.shares(**STEP, training_tokens_per_second=32 * 1024 / 1.5)
        assert share == pytest.approx(2.94, rel=0.05)

    def test_a_speed_that_was_seen_is_believed(self) -> None:
        """fms-fsdp: Llama 2 7B, 4 550 tokens/s on an A100, 0.63 of its peak."""
        assert self.shares(**STEP, training_tokens_per_second=4_550, sequence_tokens=4096) == []

    def test_several_cards_share_the_work(self) -> None:
        (one,) = self.shares(**STEP, training_tokens_per_second=30_000)
        (two,) = self.shares(**{**STEP, "training_gpus": 2}, training_tokens_per_second=30_000)
        assert one == pytest.approx(2 * float(str(two)), rel=0.01)

    def test_cards_that_compute_in_8_bit_may_be_faster(self) -> None:
        """The fastest published 8-bit run reaches 0.85 of an H100's 16-bit peak."""
        on_h100 = {**STEP, "training_gpu": "h100-sxm-80gb"}
        assert self.shares(**on_h100, training_tokens_per_second=0.9 * 989e12 / 42e9) == []
        assert self.shares(**on_h100, training_tokens_per_second=2 * 989e12 / 42e9) != []

    def test_a_speed_on_cards_nobody_named_cannot_be_refused(self) -> None:
        assert self.shares(training_tokens_per_second=1e6) == []

    def test_our_own_estimate_is_never_refused(self) -> None:
        assert self.shares() == []


class TestPlan:
    @pytest.mark.parametrize("name", PRESETS)
    def test_hours_and_money_are_those_of_the_case(self, name: str) -> None:
        plan, assessment = plan_of(preset(name)), advice(preset(name)).assessment
        a = assessment.assumptions
        assert plan.hours == pytest.approx(float(training_compute.run_hours(a)))
        if assessment.economics is not None:
            compute = [float(i.cost or 0) for i in assessment.economics.tuned.line_items if i.category == "compute"]
            assert plan.all_cost == pytest.approx(sum(compute))
        if plan.run_cost is not None:
            assert plan.all_cost == pytest.approx(plan.run_cost * float(a.number("training_runs")))

    @pytest.mark.parametrize("name", PRESETS)
    def test_an_estimated_case_is_its_own_estimate(self, name: str) -> None:
        plan = plan_of(preset(name))
        if plan.why in ("cheapest", "fastest"):
            assert plan.hours == pytest.approx(plan.estimated_hours)

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({}, "cheapest"),
            ({"training_gpu": "h100-sxm-80gb"}, "named"),
            ({"training_examples": 10_000_000}, "fastest"),
            ({"training_source": "own_card"}, "cheapest_to_buy"),
            ({"open_model": "llama-3.1-70b", "method": "full", "training_gpus": 1}, "fits_nowhere"),
            ({"training_hours": 4, "training_gpu_price": 3, "training_gpus": 1}, "only_price_named"),
        ],
    )
    def test_why_this_machine(self, changes: dict[str, object], why: str) -> None:
        assert plan_of(preset("extraction", **changes)).why == why

    def test_where_it_fits_nowhere_nothing_is_invented(self) -> None:
        case = preset("extraction", open_model="llama-3.1-70b", method="full", training_gpus=1)
        plan = plan_of(case)
        assert (plan.gpu, plan.hours, plan.run_cost, plan.all_cost, plan.estimated_hours) == (None,) * 5
        assert steps(plan, catalog()) is None
        assert not any(way.is_chosen for way in ways(plan, catalog()))

    def test_an_odd_number_of_cards_is_estimated_too(self) -> None:
        plan = plan_of(preset("extraction", training_gpu="h100-sxm-80gb", training_gpus=3))
        assert plan.fits
        assert plan.estimated_hours is not None


class TestRoom:
    def test_the_parts_make_up_the_need(self) -> None:
        plan = plan_of(preset("extraction"))
        found = memory_of_methods(plan, catalog())
        assert [each.method for each in found] == list(METHODS)
        assert [each.moment for each in found] == ["step", "loss", "loss"]
        assert found[0].total > found[1].total > found[2].total > 0

    def test_more_cards_and_larger_cards_never_hold_less(self) -> None:
        found = rooms(plan_of(preset("extraction", method="full")), catalog())
        most = np.array([[fit.micro_batch for fit in room.fits] for room in found])
        assert np.all(np.diff(most, axis=0) >= 0)
        assert [room.memory_gib for room in found] == sorted(room.memory_gib for room in found)
        for room in found:
            for fit in room.fits:
                assert (fit.micro_batch > 0) == (fit.verdict == "yes")
                assert fit.low_gib < fit.need_gib < fit.high_gib
                assert (fit.verdict == "yes") == (fit.chance > 0.65)
                assert (fit.verdict == "no") == (fit.chance < 0.35)

    def test_the_card_of_the_case_holds_it(self) -> None:
        plan = plan_of(preset("extraction"))
        (own,) = [room for room in rooms(plan, catalog()) if plan.gpu in room.gpus]
        assert own.fits[0].verdict == "yes"
        assert own.fits[0].micro_batch >= plan.micro_batch
        assert ways_out(plan, catalog()) is None

    def test_a_card_that_is_too_small_has_ways_out(self) -> None:
        found = ways_out(
            plan_of(preset("extraction", method="full", training_gpu="a100-sxm-80gb", training_gpus=1)), catalog()
        )
        assert found is not None
        assert found.gpu == "a100-sxm-80gb"
        assert found.need_gib > 70
        assert {"sixteen_bit", "shard_over_4", "lora"} <= {remedy.code for remedy in found.remedies}
        assert all(remedy.saved_gib > 0 for remedy in found.remedies)

    def test_a_model_that_fits_nowhere_is_asked_of_the_largest_card(self) -> None:
        case = preset("extraction", open_model="llama-3.1-70b", method="full", training_gpus=1)
        found = ways_out(plan_of(case), catalog())
        assert found is not None
        assert catalog().gpu(found.gpu).memory_gib >= 180


class TestWays:
    def test_the_machine_of_the_case_is_among_them_at_its_price(self) -> None:
        plan = plan_of(preset("extraction"))
        (own,) = [way for way in ways(plan, catalog()) if way.is_chosen]
        assert (own.method, own.gpu, own.gpus) == (plan.work.method, plan.gpu, plan.gpus)
        assert own.hours == pytest.approx(plan.hours)
        assert own.cost == pytest.approx(plan.run_cost)

    def test_no_server_card_beats_it_within_a_day(self) -> None:
        found = ways(plan_of(preset("extraction")), catalog())
        (own,) = [way for way in found if way.is_chosen]
        fewest, day = catalog().rules.fewest_offers, DAY
        offered = [w for w in found if catalog().basis(w.gpu, "gpu_rental", day).sellers >= fewest]
        others = [w for w in offered if w.method == own.method and w.hours <= 24 and not catalog().gpu(w.gpu).desktop]
        assert own.cost == min(way.cost for way in others)

    def test_each_card_stands_there_once_for_each_method(self) -> None:
        found = [(way.method, way.gpu) for way in ways(plan_of(preset("extraction")), catalog())]
        assert len(found) == len(set(found))
        assert {method for method, _ in found} == set(METHODS)

    def test_money_is_in_the_currency_of_the_case(self) -> None:
        dollars = ways(plan_of(preset("extraction")), catalog())
        yuan = ways(plan_of(preset("extraction").with_(currency="CNY")), catalog())
        ratios = {round(b.cost / a.cost, 6) for a, b in zip(dollars, yuan, strict=True) if a.gpu == b.gpu}
        (ratio,) = ratios
        assert 6 < ratio < 8

    def test_a_price_without_a_card_marks_no_card(self) -> None:
        case = preset("extraction", training_hours=4, training_gpu_price=3, training_gpus=1)
        assert not any(way.is_chosen for way in ways(plan_of(case), catalog()))

    def test_nothing_to_learn_takes_no_way(self) -> None:
        assert ways(plan_of(preset("extraction", training_examples=0)), catalog()) == ()


class TestPublishedHours:
    def test_every_row_of_the_article_stands_there_for_both_methods(self) -> None:
        found = published_hours(plan_of(preset("extraction")), catalog())
        assert [(row.size, row.method) for row in found[:2]] == [("7b", "lora"), ("7b", "full")]
        assert len(found) == 2 * len(catalog().training_table)

    def test_at_the_lengths_named_our_hours_are_the_articles(self) -> None:
        first = published_hours(plan_of(preset("extraction")), catalog())[0]
        assert first.tokens is not None
        assert first.hours is not None
        reading = (first.hours - 0.1) / 1.05
        assert first.tokens[0] * reading / 2260 == pytest.approx(first.low)

    def test_full_training_of_7b_does_not_fit_one_card_of_80_gb(self) -> None:
        full = published_hours(plan_of(preset("extraction")), catalog())[1]
        assert full.hours is None
        assert full.need_gib > 70


class TestSteps:
    def test_steps_and_seconds_make_the_hours(self) -> None:
        plan = plan_of(preset("extraction"))
        found = steps(plan, catalog())
        assert found is not None
        assert found.batch == plan.micro_batch * plan.gpus
        assert found.steps == 3 * np.ceil(found.sequences / found.batch)
        assert plan.estimated_hours is not None
        reading = (plan.estimated_hours - plan.work.startup_hours) / (1 + plan.work.evaluation_share)
        assert found.steps * found.seconds / 3600 == pytest.approx(reading, rel=0.01)
        assert found.low_hours < plan.estimated_hours < found.high_hours
        assert sum(found.shares.values()) == pytest.approx(1)


class TestObjective:
    """Preference tuning takes more work and memory; what nothing can estimate is said."""

    def test_pairs_and_a_reference_model_take_two_and_a_half_times_the_work_and_more_memory(self) -> None:
        machine = {"training_gpu": "a100-sxm-80gb", "training_gpus": 1, "method": "lora"}
        plain, pairs = (plan_of(preset("extraction", tuning_objective=each, **machine)) for each in ("sft", "dpo"))
        assert pairs.tokens_per_s is not None
        assert plain.tokens_per_s is not None
        # A pair is two answers, read once more by the reference model: 2 x (1 + 1/3).
        assert 2 < plain.tokens_per_s / pairs.tokens_per_s < 3
        assert pairs.run_cost > plain.run_cost
        need = [memory_of_methods(plan, catalog())[1].total / plan.micro_batch for plan in (plain, pairs)]
        assert need[1] > need[0]

    def test_a_pair_without_a_reference_model_is_two_answers(self) -> None:
        machine = {"training_gpu": "a100-sxm-80gb", "training_gpus": 8, "method": "full"}
        plain, pairs, judged = (
            plan_of(preset("extraction", tuning_objective=each, **machine)).tokens_per_s
            for each in ("sft", "orpo", "kto")
        )
        assert plain / pairs == pytest.approx(2, rel=0.15)  # fewer pairs fit into a micro-batch
        assert plain / judged == pytest.approx(1.75, rel=0.15)  # three forward passes on four

    @pytest.mark.parametrize("objective", ["grpo", "ppo"])
    def test_generation_is_not_estimated_and_measured_hours_are_taken(self, objective: str) -> None:
        case = preset("extraction", tuning_objective=objective)
        plan = plan_of(case)
        assert (plan.hours, plan.run_cost, plan.why) == (None, None, "generates")
        assert "objective_not_estimated" in {notice.code for notice in plan.case.notices}
        assert ways(plan, catalog()) == ()
        told = {"training_hours": 12, "training_gpus": 1, "training_gpu": "a100-sxm-80gb"}
        assert plan_of(case.with_(**told)).run_cost > 0


def test_what_is_cheaper_than_the_chosen_card_says_why_it_is_not_chosen() -> None:
    plan = training_plan(preset("customer-service"), catalog(), DAY)
    same = [way for way in ways(plan, catalog()) if way.method == plan.work.method]
    chosen = next(way for way in same if way.is_chosen)
    cheaper = [way for way in same if way.cost < chosen.cost]
    assert cheaper
    assert all(way.is_thin or catalog().gpu(way.gpu).desktop for way in cheaper)


@pytest.mark.parametrize(("term", "source", "months"), [("month", "rented", True), ("month", "own_card", False)])
def test_runs_that_share_a_month_have_no_price_each(term: str, source: str, months: bool) -> None:
    case = preset("extraction", rental_term=term, training_source=source)
    assert training_plan(case, catalog(), DAY).pays_months == months
