"""What must hold of the estimates once they are money, whatever the case."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.assumptions import resolve
from advisor.core.records import OptionResult
from advisor.decision.advice import Advice
from advisor.scenario import Scenario
from tests.cases import DAY, advice, catalog, preset

CASES = ("extraction", "chat", "customer-service")
cases = st.sampled_from(CASES)
FEW = settings(max_examples=25, deadline=None)


def tuned(found: Advice) -> OptionResult:
    assert found.assessment.economics is not None
    return found.assessment.economics.tuned


@FEW
@given(cases, st.floats(1, 2e6))
def test_doubling_the_volume_never_lowers_the_monthly_bill(name: str, requests: float) -> None:
    once, twice = (tuned(advice(preset(name, daily_requests=n))).steady_monthly_cost for n in (requests, 2 * requests))
    assert twice >= once * (1 - 1e-12)


@FEW
@given(cases, st.floats(0.05, 50), st.floats(1, 20))
def test_a_dearer_gpu_never_lowers_a_bill(name: str, price: float, times: float) -> None:
    for field in ("serving_gpu_price", "training_gpu_price"):
        cheap, dear = (tuned(advice(preset(name, **{field: p}))) for p in (price, price * times))
        assert dear.steady_monthly_cost >= cheap.steady_monthly_cost * (1 - 1e-12)


@FEW
@given(cases, st.floats(1, 2e6))
def test_a_request_never_costs_less_than_a_full_replica_makes_it_cost(name: str, requests: float) -> None:
    found = advice(preset(name, daily_requests=requests))
    a, month = found.assessment.assumptions, tuned(found).steady_costs["serving_gpus"]
    work = a.number("output_tokens") / a.number("replica_tokens_per_second") / 3600
    at_full_load = work * a.number("gpus_per_replica") * a.number("serving_gpu_price")
    served = requests * float(a.number("days_per_month"))
    assert float(month) / served >= float(at_full_load) * (1 - 1e-9)


@FEW
@given(cases, st.sampled_from(["training_examples", "training_epochs", "example_tokens"]), st.floats(1, 10))
def test_more_to_learn_never_takes_less(name: str, field: str, times: float) -> None:
    base = float(advice(preset(name)).assessment.assumptions.number(field))
    less, more = (advice(preset(name, **{field: base * k})).assessment.investment for k in (1, times))
    assert less is not None
    assert more is not None
    assert more >= less * (1 - 1e-12)


@pytest.mark.parametrize("size", ["7b", "13b", "34b", "70b"])
@pytest.mark.parametrize("method", ["lora", "qlora", "full"])
def test_every_size_and_method_finds_its_machines(size: str, method: str) -> None:
    case = Scenario.from_answers(
        {"daily_requests": 5000, "quality_need": "high", "budget": 1e6, "model_size": size, "method": method}
    )
    found = resolve(case, catalog(), DAY)
    assert found.knows("training_tokens_per_second"), found.notices
    assert found.knows("replica_tokens_per_second"), found.notices
