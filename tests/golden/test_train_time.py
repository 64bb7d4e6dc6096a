"""Training time: the worked cases, article 002's figures, and the estimator beside the assumed utilisation."""

from pathlib import Path

import pytest
import yaml

from advisor.catalog.loader import load_catalog
from advisor.engineering.descriptions import Architecture, TrainingRun
from advisor.engineering.from_catalog import card_of
from advisor.engineering.training import estimate_speed
from advisor.formulas import hardware, training, training_run

DOCUMENT = yaml.safe_load(Path(__file__).with_suffix(".yaml").with_stem("train_time").read_text(encoding="utf-8"))
EXACT = 1e-9
ESTIMATE = 0.01
"""The estimate moves with its constants; a case records it to the percent."""

FUNCTIONS = {
    "optimizer_steps": training_run.optimizer_steps,
    "minutes_at_step_time": lambda **inputs: 60 * training_run.hours_at_step_time(**inputs),
    "required_share_of_peak": training_run.required_share_of_peak,
    "seconds_per_step_at_half_of_the_peak": lambda flop, peak: (
        training_run.SECONDS_PER_HOUR * training_run.hours_at_utilisation(flop, peak, 0.5, 1)
    ),
    "planned_gpu_hours": training_run.planned_gpu_hours,
    "rental_cost": hardware.rental_cost,
}


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


def worked(inputs):
    """The case computed the way it was written: all products once more for checkpointing, at an assumed utilisation."""
    model = DOCUMENT["models"][inputs["model"]]
    tokens = training_run.tokens_packed(
        inputs["examples"], inputs["epochs"], inputs["mean_tokens"], inputs["packing_efficiency"]
    )
    passes = training.matmul_passes(float(inputs["method"] == "full"), 1.0)
    flop = training.matmul_flop(passes, model["params"] - model["vocab"] * model["hidden"], tokens)
    hours = training_run.hours_at_utilisation(flop, DOCUMENT["peaks"][inputs["gpu"]], inputs["utilisation"], 1)
    run_hours = training_run.run_hours(hours, inputs["evaluation_share"], inputs["startup_hours"])
    planned = training_run.planned_gpu_hours(run_hours, 1, inputs["runs"])
    return {
        "processed_tokens": tokens,
        "flop": flop,
        "training_hours": hours,
        "run_hours": run_hours,
        "planned_gpu_hours": planned,
        "cost": hardware.rental_cost(inputs["price"], 1, planned),
        "steps": training_run.optimizer_steps(inputs["examples"], inputs["batch"], inputs["epochs"]),
    }


@pytest.mark.parametrize("case", named(DOCUMENT["cases"]))
def test_worked_case(case):
    result = worked(case["inputs"])
    for name, value in case["expect"].items():
        assert result[name] == pytest.approx(value, rel=EXACT, abs=EXACT), name


@pytest.mark.parametrize("case", named(DOCUMENT["cases"]))
def test_the_estimate_beside_it(case):
    catalog, inputs = load_catalog(), case["inputs"]
    shape = DOCUMENT["models"][inputs["model"]]
    model = Architecture(active_params=shape["params"], head_dim=shape["hidden"] // shape["heads"], **shape)
    run = TrainingRun(model, inputs["method"], micro_batch=inputs["batch"], seq_len=1024)
    card = card_of(catalog.gpus[DOCUMENT["cards"][inputs["gpu"]]])
    speed = estimate_speed([run], [card], catalog.constants("training"))
    hours = training_run.hours_at_speed(case["expect"]["processed_tokens"], float(speed.tokens_per_s_per_gpu[0]), 1)
    assert hours == pytest.approx(case["estimate"]["training_hours"], rel=ESTIMATE)
    assert case["estimate"]["why"]


@pytest.mark.parametrize("case", named(DOCUMENT["articles"]))
def test_figure_of_an_article(case):
    result = FUNCTIONS[case["function"]](**case["inputs"])
    assert result == pytest.approx(case["recomputed"], rel=EXACT)


@pytest.mark.parametrize("case", named(case for case in DOCUMENT["articles"] if "printed" in case))
def test_printed_figures_agree_where_the_case_says_so(case):
    decimals = len(str(case["printed"]).partition(".")[2])
    agrees = abs(case["recomputed"] - case["printed"]) <= 0.5000001 * 10**-decimals
    assert agrees == (case["status"] in ("match", "rounding"))
