"""Cost levers on a case's bill: one total whatever the order, nothing counted twice, whole GPUs stay whole."""

import pytest

from advisor.assumptions import resolve
from advisor.core.notices import UnknownPrice
from advisor.core.records import Economics
from advisor.costs.cost_levers import LeverBill, busy_share, offers, pulled_at_first, savings
from advisor.costs.serving import modes, serving_plan
from advisor.formulas.cost_levers import counted
from advisor.money.baseline import with_baseline
from advisor.money.cash_flows import evaluate
from advisor.scenario import Scenario
from tests.cases import DAY, catalog, plain, preset

CASES = ("article-001", "article-001-today", "article-003", "article-004", "extraction", "copywriting", "chat")
EVERYTHING = frozenset(catalog().levers)


def bench(case: Scenario) -> LeverBill:
    return LeverBill(case, catalog(), DAY)


def open_levers(found: LeverBill) -> frozenset[str]:
    return frozenset(offer.record.id for offer in offers(found) if offer.status == "open")


def left(found: LeverBill, *chosen: str) -> float:
    return savings(found, chosen, "priority").total_after


@pytest.mark.parametrize("name", CASES)
def test_the_parts_are_the_bill_the_engine_makes(name: str) -> None:
    found = bench(preset(name))
    economics = evaluate(found.base)
    assert isinstance(economics, Economics)
    whole = float(economics.investment) + float(economics.tuned.steady_monthly_cost) * found.months
    assert sum(found.over_period(found.bill).values()) == pytest.approx(whole)
    assert min(found.bill.values()) >= -1e-9
    assert 0 <= busy_share(found.base) <= 1


@pytest.mark.parametrize("name", CASES)
def test_the_bill_is_the_one_that_the_money_pages_show(name: str) -> None:
    """Requests that fall back pay the best alternative without tuning, as everywhere."""
    found, (a, _) = bench(preset(name)), with_baseline(resolve(preset(name), catalog(), DAY))
    money = evaluate(a)
    assert isinstance(money, Economics)
    monthly = sum(found.bill[part] for part in ("idle", "inference", "upkeep"))
    assert monthly == pytest.approx(float(money.tuned.steady_monthly_cost))


@pytest.mark.parametrize("name", CASES)
def test_steps_of_both_orders_lead_to_the_same_total(name: str) -> None:
    found = bench(preset(name))
    chosen = open_levers(found)
    walks = [savings(found, chosen, order) for order in ("priority", "money")]
    for walk in walks:
        saved = sum(float(step.saving) for step in walk.steps)
        assert walk.total_before - saved == pytest.approx(walk.total_after)
    assert walks[0].total_after == pytest.approx(walks[1].total_after)
    assert walks[0].total_after <= walks[0].total_before


@pytest.mark.parametrize("name", CASES)
def test_what_is_proposed_can_be_pulled_together(name: str) -> None:
    found = bench(preset(name))
    proposed = pulled_at_first(found, offers(found))
    levers = [found.lever(found.records[name]) for name in proposed]
    assert {lever.id for lever in counted(levers)} == proposed
    assert not any(catalog().levers[name].ask_first for name in proposed)


def test_hidden_cost_comes_first_unless_money_does() -> None:
    found = bench(preset("article-004"))
    chosen = ("article_process", "article_training", "article_inference")
    assert [step.lever for step in savings(found, chosen, "priority").steps] == list(chosen)
    by_money = [step.lever for step in savings(found, chosen, "money").steps]
    assert by_money == ["article_process", "article_inference", "article_training"]


def test_what_the_estimators_know_is_computed_and_not_multiplied() -> None:
    full = bench(preset("extraction", method="full"))
    offer = next(o for o in offers(full) if o.record.id == "lora")
    assert (offer.status, offer.basis) == ("open", "computed")
    lora = bench(preset("extraction", method="lora"))
    assert left(full, "lora") == pytest.approx(sum(lora.over_period(lora.bill).values()))
    assert offer.least == offer.most


def test_a_stated_figure_leaves_only_the_claim() -> None:
    found = bench(plain(method="full", training_hours=10.0, engineer_hours=0).with_(training_runs=1))
    offer = next(o for o in offers(found) if o.record.id == "lora")
    assert offer.basis == "claimed"
    assert offer.once == pytest.approx(0.33 * found.bill["training"])


def test_what_an_estimate_holds_already_cannot_be_pulled_again() -> None:
    status = {o.record.id: o.status for o in offers(bench(preset("extraction")))}
    assert (status["batching"], status["packing"], status["lora"]) == ("in_estimate", "in_estimate", "elsewhere")
    assert {o.record.id: o.status for o in offers(bench(preset("article-001")))}["batching"] == "open"


def test_one_replica_serves_a_shorter_prompt_no_cheaper() -> None:
    offer = next(o for o in offers(bench(preset("chat"))) if o.record.id == "shorter_prompt")
    assert (offer.status, offer.monthly) == ("open", pytest.approx(0))


def test_of_two_precisions_one_counts() -> None:
    found = bench(preset("extraction"))
    both = savings(found, ("fp8", "int4"), "priority")
    assert (len(both.steps), len(both.displaced)) == (1, 1)


def test_pausing_reaches_idle_hours_only_and_never_all_of_them() -> None:
    found = bench(preset("extraction"))
    walk = savings(found, ("pausing",), "priority")
    assert walk.after["inference"] == walk.before["inference"]
    assert 0 < walk.after["hidden"] < walk.before["hidden"]


@pytest.mark.parametrize("name", ["extraction", "chat", "customer-service"])
def test_pausing_saves_what_the_page_on_serving_says(name: str) -> None:
    case = preset(name)
    found = bench(case)
    offer = next(o for o in offers(found) if o.record.id == "pausing")
    plan = serving_plan(case, found.base, catalog())
    costs = {mode.id: mode.monthly_cost for mode in modes(plan, catalog())}
    assert offer.basis == "computed"
    assert offer.monthly == pytest.approx(costs["always_on"] - costs["scale_to_zero"])


def test_rehearsals_do_nothing_where_one_run_is_enough() -> None:
    offer = next(o for o in offers(bench(preset("extraction", training_runs=1))) if o.record.id == "rehearsal")
    assert offer.once == 0


def test_spot_halves_the_rented_training() -> None:
    found = bench(preset("article-003"))
    assert left(found, "spot") == pytest.approx(37.5)


def test_half_price_reaches_the_share_in_batches() -> None:
    case = preset("extraction", serving_route="hosted", tuned_input_price=1.0, tuned_output_price=2.0, batch_share=0.2)
    found = bench(case)
    tokens = found.bill["inference"] - float(evaluate(found.base).tuned.steady_costs["fallback"])  # type: ignore[union-attr]
    offer = next(o for o in offers(found) if o.record.id == "batch_api")
    assert offer.monthly == pytest.approx(0.1 * tokens)


def test_without_a_bill_there_is_nothing_to_lever() -> None:
    with pytest.raises(UnknownPrice):
        bench(Scenario(quality_need="high", budget=1000.0))


def test_no_part_of_the_general_levers_shows_in_the_articles_case() -> None:
    assert set(bench(preset("article-004")).records).isdisjoint(bench(preset("extraction")).records)


def test_most_of_the_bill_may_be_serving() -> None:
    assert savings(bench(preset("extraction")), (), "priority").serving_share > 0.5
    assert savings(bench(preset("article-003")), (), "priority").serving_share == 0
