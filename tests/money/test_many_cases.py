"""Cases computed together as arrays are what each of them is alone: its baseline, its figures, its unknown prices."""

import random
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from advisor.assumptions import resolve
from advisor.core.records import Assumptions, Economics, Unpriced
from advisor.money.assessment import figures
from advisor.money.baseline import best, standings, with_baseline
from advisor.money.cash_flows import evaluate
from advisor.money.many_cases import Part, parts
from tests.cases import DAY, catalog, preset

COUNT = 40
VARIED: Mapping[str, tuple[float, ...]] = {
    "daily_requests": (0.0, 30.0, 4_000.0, 900_000.0),
    "input_tokens": (100.0, 1_500.0, 6_000.0),
    "static_prompt_share": (0.0, 0.5, 1.0),
    "cache_hit_share": (0.0, 0.4, 1.0),
    "batch_discount": (0.0, 0.5),
    "deferrable_share": (0.0, 0.3),
    "repeat_share": (0.0, 0.2),
    "trim_share": (0.0, 0.2),
    "optimise_hours": (0.0, 40.0, 4_000.0),
    "budget": (100.0, 5_000.0, 1e6),
    "training_runs": (0.0, 3.0),
    "deploy_months": (0.0, 2.0, 60.0),
    "discount_rate": (0.0, 0.2),
    "min_replicas": (0.0, 1.0),
}
"""Numbers that decide which alternative is best and which prices are needed."""
CASES: Mapping[str, Mapping[str, object]] = {
    "every price is known": {"deferrable_share": 0.2, "repeat_share": 0.1},
    "a run has no price": {"training_source": "managed", "deferrable_share": 0.2},
    "nobody sells the tuned model": {"serving_route": "hosted"},
    "a cheaper model passes": {"cheaper_model_passes": "yes", "failure_kind": "knowledge"},
    "an announced price": {"current_model": "google/gemini-3.8-flash", "cheaper_model_passes": "yes"},
    "nothing may leave the house": {"hosting_allowed": "self_hosted"},
}


def columns(a: Assumptions, chance: random.Random) -> dict[str, np.ndarray]:
    return {n: np.array(chance.choices(values, k=COUNT)) for n, values in VARIED.items() if a.knows(n)}


def at(a: Assumptions, found: Mapping[str, np.ndarray], place: int) -> Assumptions:
    return a.replaced({name: float(column[place]) for name, column in found.items()})


def check(a: Assumptions, found: Mapping[str, np.ndarray]) -> list[Part]:
    together = list(parts(a.replaced(found), COUNT))
    assert sorted(k for part in together for k in part.places.tolist()) == list(range(COUNT))
    for part in together:
        said = None if isinstance(part.money, Unpriced) else figures(part.assumptions, part.money)
        for here, place in enumerate(part.places.tolist()):
            case, _ = with_baseline(at(a, found, place))
            assert part.assumptions.baseline == case.baseline
            alone = evaluate(case)
            if isinstance(alone, Unpriced):
                assert isinstance(part.money, Unpriced)
                assert part.money.items == alone.items
                continue
            assert said is not None
            expected, size = figures(case, alone), float(np.abs(alone.today.monthly_cost).sum() + alone.investment)
            for name in said._fields:
                value = np.broadcast_to(getattr(said, name), part.places.size)[here]
                if name == "payback_status":
                    assert value == expected.payback_status
                else:
                    assert value == pytest.approx(float(getattr(expected, name)), 1e-9, 1e-12 * size, nan_ok=True)
    return together


@pytest.mark.parametrize("which", CASES)
@pytest.mark.parametrize("name", ["extraction", "customer-service", "article-001"])
def test_many_cases_are_what_each_is_alone(name: str, which: str) -> None:
    a = resolve(preset(name, **CASES[which]), catalog(), DAY)
    check(a, columns(a, random.Random(f"{name} {which}")))


def test_a_price_that_only_some_need_keeps_no_money_from_the_others() -> None:
    """Text read from a cache has no price, and half of the cases use a cache."""
    a = resolve(preset("customer-service", deferrable_share=0.2), catalog(), DAY)
    row = a["current_cached_input_price"]
    a = replace(a, rows={**a.rows, row.id: replace(row, value=None)})
    found = check(a, {"cache_hit_share": np.tile([0.0, 0.5], COUNT // 2), "daily_requests": np.full(COUNT, 5_000.0)})
    assert {type(part.money): part.places.tolist() for part in found} == {
        Economics: list(range(0, COUNT, 2)),
        Unpriced: list(range(1, COUNT, 2)),
    }


def test_without_requests_only_the_project_is_priced() -> None:
    a = resolve(preset("extraction", daily_requests=None), catalog(), DAY)
    hours = np.linspace(0.0, 100.0, COUNT)
    (part,) = parts(a.replaced({"engineer_hours": hours}), COUNT)
    assert isinstance(part.money, Unpriced)
    assert part.money.items == ("daily_requests",)
    assert part.money.investment is not None
    assert np.all(np.diff(part.money.investment) > 0)


def test_each_case_has_its_own_reasons() -> None:
    """What is over one budget may be within another."""
    a = resolve(preset("extraction"), catalog(), DAY).replaced({"budget": np.array([100.0, 1e6])})
    found = standings(a)
    assert best(found).tolist() == ["keep_as_is", "optimise_current"]
    (option,) = (each for each in found if each.id == "optimise_current")
    assert np.asarray(option.is_out).tolist() == [True, False]
