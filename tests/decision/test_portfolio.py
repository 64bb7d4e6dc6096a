"""A table of cases says of each what it would say of that case alone, in the order of the rows."""

import random
from collections.abc import Mapping

import numpy as np
import pytest

from advisor.assumptions import resolve
from advisor.assumptions.batch import FOLLOWED, NUMBERS, ONLY_IF_ANY, resolve_many
from advisor.assumptions.currency import in_currency
from advisor.assumptions.machines import SERVED_LOAD
from advisor.assumptions.unlikely import UNLIKELY, unlikely
from advisor.catalog.hosted_prices import hosted_models, hosted_price
from advisor.core.notices import InputError
from advisor.core.records import Assumptions
from advisor.decision.advice import advise, preset_scenario
from advisor.decision.portfolio import FIGURES, PortfolioOutcome, portfolio
from advisor.decision.quick_verdicts import matrix_cells, payback_verdict
from advisor.money.assessment import assess
from advisor.scenario import QUESTIONS, Scenario
from tests.cases import DAY, catalog

ROWS, ALIKE = 400, 10
CHOICES: Mapping[str, tuple[str, ...]] = {
    "quality_need": ("normal", "high"),
    "serving_route": ("rented_gpu", "hosted", "own_figure"),
    "training_source": ("rented", "own_card", "managed"),
    "rental_term": ("hour", "month"),
    "method": ("lora", "qlora", "full"),
    "model_size": ("7b", "13b", "34b", "70b"),
    "hosting_allowed": ("anywhere", "self_hosted"),
    "failure_kind": ("behaviour", "knowledge", "cost_latency"),
    "cheaper_model_passes": ("yes", "no"),
    "currency": ("USD", "CNY"),
    "prompt_meets_bar": ("yes", "no"),
    "serving_gpu": ("h100-sxm-80gb", "rtx-4090-24gb"),
}
USUAL = {
    **{"deferrable_share": 0.3, "repeat_share": 0.1, "cost_per_failure": 0.2, "review_share": 0.02},
    **{
        "tuned_cost_per_request": 0.002,
        "tuned_input_price": 0.4,
        "tuned_output_price": 1.0,
        "managed_training_price": 3.0,
        "tuned_output_tokens": 90.0,
        "other_one_time_cost": 3000.0,
        "current_fixed_monthly_cost": 400.0,
        "list_price_discount": 0.2,
        "cached_input_share": 0.4,
    },
}
"""Numbers without a default, or with 0 for one, that a row may state."""


def alike(chance: random.Random, count: int) -> list[dict[str, object]]:
    """Rows of one preset with the same choices made and the same numbers moved, each by as much as it likes."""
    name = chance.choice(sorted(catalog().presets))
    choices = {question: chance.choice(these) for question, these in CHOICES.items() if chance.random() < 0.12}
    known = resolve(preset_scenario(name, catalog()), catalog(), DAY)
    moved: dict[str, float] = {}
    for question in QUESTIONS.values():
        value = known[question.id].value if question.id in known else None
        value = value if isinstance(value, float) and value else USUAL.get(question.id, value)
        if question.is_number and isinstance(value, float) and chance.random() < 0.15:
            moved[question.id] = value
    return [{"preset": name, **choices, **_numbers(moved, chance)} for _ in range(count)]


def _numbers(moved: Mapping[str, float], chance: random.Random) -> dict[str, float]:
    numbers = {n: _within(n, value * chance.choice((0.0, 0.6, 0.9, 1.0, 1.3, 2.5))) for n, value in moved.items()}
    return numbers | {"daily_requests": 10 ** chance.uniform(1, 6.5)}


def _within(name: str, value: float) -> float:
    question = QUESTIONS[name]
    assert question.low is not None
    assert question.high is not None
    return min(max(float(round(value)) if question.whole else value, question.low), question.high)


CHANCE = random.Random(20_261_128)
TABLE = [row for _ in range(ROWS // ALIKE) for row in alike(CHANCE, ALIKE)]
CHANCE.shuffle(TABLE)


def alone(row: Mapping[str, object]) -> Scenario:
    if "preset" not in row:
        return Scenario.from_answers(row)
    case = preset_scenario(str(row["preset"]), catalog())
    case = in_currency(case, str(row.get("currency", case.base_currency)), catalog(), DAY)
    return case.with_(**{k: v for k, v in row.items() if k != "preset"})


def wide(chance: random.Random, preset: str, count: int, **choices: str) -> list[dict[str, object]]:
    """Rows of one preset and choices in which every number is another one."""
    known = resolve(preset_scenario(preset, catalog()).with_(**choices), catalog(), DAY)
    usual = {name: row.value for name, row in known.items() if name in QUESTIONS and QUESTIONS[name].is_number}
    told = {name: value or USUAL.get(name, 0.0) for name, value in usual.items() if isinstance(value, float)}
    moved = {name: value for name, value in told.items() if name not in ESTIMATED or chance.random() < 0.3}
    return [{"preset": preset, **choices, **_spread(moved, chance)} for _ in range(count)]


def _spread(moved: Mapping[str, float], chance: random.Random) -> dict[str, float]:
    numbers = {n: _within(n, value * chance.uniform(0.3, 1.9)) for n, value in moved.items() if n not in COUNTED}
    lengths = {n: float(round(10 ** chance.uniform(1, 5.6))) for n in ("input_tokens",) if chance.random() < 0.5}
    counted = {n: float(chance.choice((1, 2, 4))) for n in COUNTED if n in moved}
    return {**numbers, **lengths, **counted, "daily_requests": 10 ** chance.uniform(1, 6.5), "horizon_months": 24.0}


ESTIMATED = frozenset(
    [
        *("training_tokens_per_second", "replica_tokens_per_second", "training_gpus", "gpus_per_replica"),
        *("example_tokens", "reference_input_tokens", "reference_output_tokens", "current_input_price"),
        *("current_cached_input_price", "current_cache_write_price", "training_gpu_price", "serving_gpu_price"),
    ]
)
"""Numbers that a row states now and then, because they follow from others where it does not."""
COUNTED = ("training_gpus", "gpus_per_replica")
WIDE = [
    row
    for preset, choices in (
        *(("chat", {}), ("extraction", {}), ("copywriting", {"serving_route": "rented_gpu"})),
        *(("customer-service", {"serving_route": "rented_gpu", "method": "qlora", "model_size": "70b"}),),
        *(("extraction", {"hosting_allowed": "self_hosted", "serving_route": "own_card", "method": "full"}),),
        *(("article-003", {}), ("chat", {"current_model": "google/gemini-2.5-pro"})),
        *(("extraction", {"training_gpu": "h100-sxm-80gb"}), ("chat", {"training_source": "own_card"})),
    )
    for row in wide(CHANCE, preset, 24, **choices)
]
BILLED = [
    {
        **({"preset": preset} if preset else {"quality_need": "high"}),
        **choices,
        **{name: value * CHANCE.uniform(0.2, 2.0) for name, value in lengths.items()},
        "daily_requests": 10 ** CHANCE.uniform(1, 5),
        "current_monthly_bill": round(10 ** CHANCE.uniform(1.5, 6), 2) if CHANCE.random() < 0.9 else 0.0,
        "current_fixed_monthly_cost": CHANCE.choice((0.0, 20.0, 3000.0)),
    }
    for preset, choices, lengths in (
        *(("", {}, {}), ("", {"current_model": "google/gemini-2.5-pro", "currency": "EUR"}, {})),
        *(("", {"cached_input_share": 0.3, "list_price_discount": 0.2}, {"input_tokens": 3000.0}),),
        *(("chat", {}, {"input_tokens": 1500.0, "output_tokens": 300.0}), ("", {"batch_share": 0.5}, {})),
        *(("", {"current_cost_per_request": 0.01}, {}), ("", {"current_output_price": 12.0}, {"input_tokens": 900.0})),
        *(("", {"serving_route": "rented_gpu", "current_model": "google/gemini-2.5-pro"}, {"output_tokens": 9000.0}),),
    )
    for _ in range(24)
]
"""Bills of which lengths follow, or prices, or neither."""


@pytest.fixture(scope="module")
def told() -> list[PortfolioOutcome | InputError]:
    return portfolio(TABLE, catalog(), DAY)


def test_every_row_is_what_the_case_says_alone(told: list[PortfolioOutcome | InputError]) -> None:
    assert len(told) == ROWS
    _compare(TABLE, told)


def test_every_row_is_what_the_case_says_alone_where_every_number_differs() -> None:
    found = portfolio(WIDE, catalog(), DAY)
    assert sum(isinstance(each, PortfolioOutcome) and each.npv is not None for each in found) > len(WIDE) / 2
    _compare(WIDE, found)


def test_every_row_is_what_the_case_says_alone_where_bills_differ() -> None:
    found = portfolio(BILLED, catalog(), DAY)
    assert sum(isinstance(each, PortfolioOutcome) and each.npv is not None for each in found) > len(BILLED) / 2
    _compare(BILLED, found)


def test_each_speed_that_no_card_has_is_told_with_its_own_number() -> None:
    speeds = [200.0, 9e6, 400.0, 8e6, 7e6]
    same = {"quality_need": "high", "daily_requests": 20_000.0, "budget": 4e4, "training_gpu": "h100-sxm-80gb"}
    rows: list[dict[str, object]] = [{**same, "training_tokens_per_second": speed} for speed in speeds]
    found = portfolio(rows, catalog(), DAY)
    assert [isinstance(each, InputError) for each in found] == [False, True, False, True, True]
    _compare(rows, found)


def test_models_whose_prices_change_stand_beside_others() -> None:
    """An announced price is that of its own row, whatever the first row of the table announces."""
    models = [name for name in hosted_models(DAY) if hosted_price(name, DAY).announced]
    rows: list[dict[str, object]] = [{"preset": "chat", "current_model": name} for name in (*models, "openai/gpt-4o")]
    for table in (rows, rows[::-1]):
        _compare(table, portfolio(table, catalog(), DAY))


def _compare(table: list[dict[str, object]], told: list[PortfolioOutcome | InputError]) -> None:
    for row, outcome in zip(table, told, strict=True):
        resolved = _resolved(row)
        if isinstance(resolved, InputError):
            assert isinstance(outcome, InputError), row
            assert outcome.issues == resolved.issues, row
            continue
        assert isinstance(outcome, PortfolioOutcome), (row, outcome)
        found = assess(resolved, ())
        rules, volume = catalog().rules, found.assumptions["daily_requests"].value
        need = found.assumptions["quality_need"].value
        assert outcome.matrix == str(matrix_cells(volume, need, rules)), row
        if found.metrics is None:
            assert outcome.reasons, row
            assert outcome.npv is outcome.baseline is None, row
            continue
        assert outcome.reasons == unlikely(alone(row), catalog(), DAY)
        assert outcome.baseline == found.assumptions.baseline, row
        assert outcome.band == payback_verdict(found.metrics, rules), row
        assert outcome.payback_status == found.metrics.payback_status, row
        assert found.economics is not None
        size = found.metrics.investment + float(np.abs(found.economics.today.monthly_cost).sum())
        for name in FIGURES:
            expected = getattr(found.metrics, name)
            rounding = 1e-9 if name == "payback_months" else 1e-12 * size
            assert getattr(outcome, name) == (
                expected if expected is None else pytest.approx(expected, 1e-9, rounding)
            ), (
                name,
                row,
            )


def test_the_table_has_every_kind_of_row(told: list[PortfolioOutcome | InputError]) -> None:
    known = [outcome for outcome in told if isinstance(outcome, PortfolioOutcome) and outcome.npv is not None]
    assert len(known) > ROWS / 2
    assert any(isinstance(outcome, PortfolioOutcome) and outcome.reasons for outcome in told)
    assert len({outcome.baseline for outcome in known}) > 2
    assert {outcome.payback_status for outcome in known} >= {"ok", "never", "not_within_horizon"}
    assert {outcome.band for outcome in known} >= {"strong_yes", "no"}


def test_an_advised_case_says_the_same() -> None:
    rows: list[dict[str, object]] = [{"preset": name} for name in sorted(catalog().presets)]
    for row, outcome in zip(rows, portfolio(rows, catalog(), DAY), strict=True):
        found = advise(alone(row), catalog(), DAY)
        assert isinstance(outcome, PortfolioOutcome)
        assert outcome.band == found.recommendation.calculator
        if found.assessment.metrics is not None:
            assert outcome.npv == pytest.approx(found.assessment.metrics.npv, 1e-9)


def test_the_order_of_the_rows_is_kept_whatever_their_groups() -> None:
    rows = TABLE[:40]
    forward, backward = portfolio(rows, catalog(), DAY), portfolio(rows[::-1], catalog(), DAY)
    for one, other in zip(forward, backward[::-1], strict=True):
        assert isinstance(one, PortfolioOutcome) == isinstance(other, PortfolioOutcome)
        if isinstance(one, PortfolioOutcome) and isinstance(other, PortfolioOutcome):
            assert (one.baseline, one.band, one.reasons) == (other.baseline, other.band, other.reasons)
            assert one.npv == (None if other.npv is None else pytest.approx(other.npv, 1e-9))


def test_a_faulty_row_stops_no_other() -> None:
    good: dict[str, object] = {"daily_requests": "20000", "quality_need": "high", "budget": "40000"}
    bad = [{**good, "preset": "no such"}, {**good, "budget": "much"}, {**good, "current_model": "no/such"}]
    first, *faults, last = portfolio([good, *bad, good], catalog(), DAY)
    assert first == last
    assert isinstance(first, PortfolioOutcome)
    assert [[issue.field for issue in fault.issues] for fault in faults if isinstance(fault, InputError)] == [
        ["preset"],
        ["budget"],
        ["current_model"],
    ]


def test_a_cache_in_use_and_none_have_their_own_prices() -> None:
    """The first row of a structure is not the measure of the others."""
    rows: list[dict[str, object]] = [{"preset": "customer-service", "cache_hit_share": share} for share in (0.5, 0.0)]
    for row, outcome in zip(rows, portfolio(rows, catalog(), DAY), strict=True):
        found = assess(resolve(alone(row), catalog(), DAY), ()).metrics
        assert isinstance(outcome, PortfolioOutcome)
        assert found is not None
        assert outcome.savings_against_today == pytest.approx(found.savings_against_today, 1e-9)


def test_without_a_volume_there_is_a_reason() -> None:
    (outcome,) = portfolio([{"quality_need": "high"}], catalog(), DAY)
    assert isinstance(outcome, PortfolioOutcome)
    assert outcome.matrix == "ask_quality"
    assert [reason.code for reason in outcome.reasons] == ["reason_need_more_input"]


def test_no_rows_no_outcomes() -> None:
    assert portfolio([], catalog(), DAY) == []


# --- What is resolved once for many cases ---------------------------------------------------------


@pytest.mark.parametrize("table", [TABLE, WIDE, BILLED], ids=["some numbers", "every number", "bills"])
def test_cases_resolved_together_have_the_rows_they_have_alone(table: list[dict[str, object]]) -> None:
    scenarios = [alone(row) for row in table if not isinstance(_resolved(row), InputError)]
    for scenario, found in zip(scenarios, resolve_many(scenarios, catalog(), DAY), strict=True):
        expected = resolve(scenario, catalog(), DAY)
        assert not isinstance(found, InputError)
        values = {name: found.own.get(name, row.value) for name, row in found.like.items()}
        assert [*values] == [*expected]
        for name, row in expected.items():
            same = pytest.approx(row.value, 1e-12, 0) if isinstance(row.value, float) else row.value
            assert values[name] == same, (name, scenario.answers())
        of_all = [notice.code for notice in expected.notices if notice.code not in UNLIKELY]
        assert [notice.code for notice in found.like.notices] == of_all


def _resolved(row: Mapping[str, object]) -> Assumptions | InputError:
    try:
        return resolve(alone(row), catalog(), DAY)
    except InputError as error:
        return error


@pytest.mark.parametrize("name", sorted({*NUMBERS} - FOLLOWED - ONLY_IF_ANY - {*SERVED_LOAD}))
def test_nothing_follows_from_a_number_that_is_taken_as_it_stands(name: str) -> None:
    for preset in ("extraction", "chat", "article-001", "article-003", "article-004"):
        scenario = preset_scenario(preset, catalog())
        known = resolve(scenario, catalog(), DAY)
        value = known[name].value if name in known and known[name].value is not None else USUAL.get(name, 1.0)
        one, other = (
            resolve(scenario.with_(**{name: _within(name, float(str(value)) * k)}), catalog(), DAY) for k in (1, 0.8)
        )
        changed = {each for each in one if one[each].value != other[each].value}
        assert changed <= {name}, (preset, changed)
