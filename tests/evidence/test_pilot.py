"""A pilot's runs: taken over where they ran as the case will, calibrating the estimate where they did not."""

import math

import pytest

from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError
from advisor.costs.training.run import training_plan
from advisor.decision.advice import advise, preset_scenario
from advisor.evidence.pilot import judge_pilot, pilot_template, read_pilot
from advisor.evidence.results_table import template
from advisor.scenario import QUESTIONS
from tests.evidence.conftest import CATALOG, ON

CASE = preset_scenario("extraction", CATALOG)
PLAN = training_plan(CASE, CATALOG, ON)
OTHER = next(name for name in ("h100-sxm-80gb", "a100-sxm-80gb") if name != PLAN.gpu)
OWN_EXAMPLE = pilot_template().replace("h100-sxm-80gb", str(PLAN.gpu)).replace("9800", "3800").replace("10100", "4000")


def judged(content: str | bytes, catalog: Catalog = CATALOG):
    table = read_pilot(content.encode() if isinstance(content, str) else content, "pilot.csv")
    return judge_pilot(table, CASE, catalog, ON)


def runs(*rows: dict[str, object]) -> str:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return template(columns, [tuple(row.get(name) for name in columns) for row in rows])


def test_the_example_can_be_read() -> None:
    found = judged(OWN_EXAMPLE)
    assert [each.id for each in found.calibrations] == ["speed", "memory"]
    assert found.records["fallback_share"].value == pytest.approx(0.12)


def test_runs_at_the_cases_own_conditions_are_the_answer() -> None:
    here = {"gpu": PLAN.gpu, "sequence_tokens": PLAN.work.sequence}
    found = judged(runs(here | {"training_tokens_per_second": 4000}, here | {"training_tokens_per_second": 6250}))
    record = found.records["training_tokens_per_second"]
    assert record.value == pytest.approx(5000)
    assert record.low < 5000 < record.high
    assert (found.records["training_gpu"].value, found.records["training_gpus"].value) == (PLAN.gpu, 1.0)


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.4])
def test_elsewhere_the_ratio_is_carried_over_and_the_interval_narrows(factor: float) -> None:
    one = {"sequence_tokens": 1024, "micro_batch": 4}
    ratio = judged(runs(one | {"training_tokens_per_second": 1000})).calibrations[0]
    estimated = 1000 / ratio.ratio ** (1 / _weight(ratio))
    found = judged(runs(one | {"training_tokens_per_second": factor * estimated})).calibrations[0]
    assert found.before.middle == pytest.approx(PLAN.tokens_per_s)
    assert found.ratio == pytest.approx(factor ** _weight(found), rel=1e-3)
    assert found.after.middle == pytest.approx(found.before.middle * found.ratio)
    assert found.after.high / found.after.low < found.before.high / found.before.low


def _weight(found) -> float:
    """How much of the logarithm of a run's ratio is carried over, from the interval that is left."""
    before, after = (float(_log_width(each)) for each in (found.before, found.after))
    left = (after / before) ** 2
    tie = 0.7 + 0.3 * 0.5 ** abs(math.log2(found.own_length / found.lengths[0]))
    return (1 - left) / tie


def _log_width(found) -> float:
    return math.log(found.high / found.low)


def test_memory_is_read_in_both_units_and_of_each_kind() -> None:
    binary = judged(runs({"memory_gib": 40.0, "sequence_tokens": 1024})).calibrations[0]
    decimal = judged(runs({"memory_gb": 40.0 * 2**30 / 1e9, "sequence_tokens": 1024})).calibrations[0]
    tensors = judged(runs({"memory_gib": 40.0, "memory_kind": "allocated", "sequence_tokens": 1024})).calibrations[0]
    assert binary.ratio == pytest.approx(decimal.ratio)
    assert tensors.ratio > binary.ratio


def test_twice_the_memory_turns_the_verdict_of_the_card() -> None:
    usual = judged(runs({"memory_gib": 60.0, "sequence_tokens": PLAN.work.sequence})).fit
    twice = judged(runs({"memory_gib": 120.0, "sequence_tokens": PLAN.work.sequence})).fit
    assert usual is not None
    assert twice is not None
    assert usual.gpu == CATALOG.gpus[str(PLAN.gpu)].short_name
    assert (usual.before, usual.after) == ("yes", "yes")
    assert (twice.after, twice.chance_after < 0.05) == ("no", True)


def test_another_card_says_nothing_of_the_case() -> None:
    found = judged(runs({"gpu": OTHER, "training_tokens_per_second": 3000}))
    assert (found.calibrations, found.records) == ((), {})
    assert [n.params for n in found.notices if n.code == "pilot_other_set_up"] == [{"count": 1}]


def test_hours_count_only_of_the_cases_own_work() -> None:
    work = {"gpu": PLAN.gpu, "sequence_tokens": PLAN.work.sequence, "training_hours": 3}
    few = judged(runs(work | {"examples": 100, "epochs": 1}))
    whole = judged(runs(work | {"examples": PLAN.work.examples, "epochs": PLAN.work.epochs}))
    assert "training_hours" not in few.records
    assert "pilot_hours_elsewhere" in {notice.code for notice in few.notices}
    assert whole.records["training_hours"].value == pytest.approx(3)


def test_hours_of_people_add_up_and_shares_are_weighed_by_requests() -> None:
    found = judged(
        runs(
            {"engineer_hours": 10, "fallback_share": 0.1, "requests": 100},
            {"engineer_hours": 6, "fallback_share": 0.2, "requests": 300},
        )
    )
    assert found.records["engineer_hours"].value == 16
    fallback = found.records["fallback_share"]
    assert (fallback.value, fallback.rows) == (pytest.approx(0.175), 400)
    assert fallback.low < 0.175 < fallback.high


def test_an_inference_speed_comes_with_its_lengths_and_only_of_the_cases_card() -> None:
    own = str(PLAN.case["serving_gpu"].value)
    lengths = {"input_tokens": 900, "output_tokens": 150}
    here = judged(runs({"gpu": own, "replica_tokens_per_second": 700, **lengths})).records
    other = judged(runs({"gpu": "rtx-4090-24gb", "replica_tokens_per_second": 700, **lengths})).records
    assert here["replica_tokens_per_second"].value == pytest.approx(700)
    assert (here["reference_input_tokens"].value, here["reference_output_tokens"].value) == (900, 150)
    assert other == {}


def test_the_answers_make_a_case_that_is_judged() -> None:
    case = CASE.with_measured(judged(OWN_EXAMPLE).records)
    row = advise(case, CATALOG, ON).assessment.assumptions["training_tokens_per_second"]
    assert row.kind == "measured"
    assert all(QUESTIONS[name].unit for name in case.measured or {})


@pytest.mark.parametrize(
    ("content", "field", "code", "line"),
    [
        ("run\nx\n", "file", "pilot_nothing_measured", None),
        ("gpu,memory_gib\nh9000,40\n", "gpu", "results_unknown_word", 2),
        ("model,memory_gib\nno such model,40\n", "model", "results_unknown_word", 2),
        ("method,memory_gib\nmagic,40\n", "method", "results_unknown_word", 2),
        ("memory_kind,memory_gib\nall of it,40\n", "memory_kind", "results_unknown_word", 2),
        ("memory_gib\n-3\n", "memory_gib", "results_outside", 2),
        ("gpus,memory_gib\n1.5,30\n", "gpus", "results_not_whole", 2),
        ("memory_gib\nforty\n", "memory_gib", "results_no_number", 2),
        ("fallback_share\n3\n", "fallback_share", "results_share_or_percent", 2),
        ("sequence_tokens,memory_gib\n8,30\n", "sequence_tokens", "results_outside", 2),
    ],
)
def test_a_faulty_table_is_told_by_column_and_line(content, field, code, line) -> None:
    with pytest.raises(InputError) as caught:
        judged(content)
    issue = caught.value.issues[0]
    assert (issue.field, issue.code, issue.params.get("line")) == (field, code, line)
