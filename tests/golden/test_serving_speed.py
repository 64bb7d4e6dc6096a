"""Runs the worked serving cases: the roofline from the same formulas, and the estimator beside it."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.engineering.descriptions import Architecture, Card, ServingSetup
from advisor.engineering.serving import estimate_serving
from advisor.formulas import serving

DOCUMENT = yaml.safe_load(Path(__file__).with_name("serving_speed.yaml").read_text(encoding="utf-8"))
CONSTANTS = load_catalog().constants("serving")
CASES = {case["reference"]: case for case in DOCUMENT["cases"]}
USABLE, SIXTEEN_BITS = 0.9, 16


def roofline(model, card, prompt, answer, mfu=0.45, mbu=0.65, overhead=0.003, batch=1, reserve=1e9):
    m, k = DOCUMENT["models"][model], DOCUMENT["cards"][card]
    weights = serving.weight_bytes(m["params"], 0, SIXTEEN_BITS, SIXTEEN_BITS)
    kv = serving.kv_bytes(2 * m["layers"] * m["kv_heads"] * (m["hidden"] // m["heads"]), SIXTEEN_BITS)
    room = serving.kv_room_tokens(k["memory_bytes"], USABLE, weights, reserve, kv)
    prefill_s = serving.multiply_seconds(m["params"], prompt, k["tflops"], mfu)
    read = serving.read_seconds(weights + batch * (prompt + answer / 2) * kv, k["bandwidth_gb_s"], mbu)
    step_s = np.maximum(read, serving.multiply_seconds(m["params"], batch, k["tflops"], mfu)) + overhead
    tpot_s = serving.time_per_output_token(step_s, batch, prefill_s, answer)
    out_tokens_per_s = serving.steady_output_rate(step_s, batch, prefill_s, answer)
    return {
        "batch_memory": serving.batch_by_memory(room, prompt, answer, 1.0),
        "prefill_s": prefill_s,
        "step_s": step_s,
        "tpot_s": tpot_s,
        "e2e_s": prefill_s + answer * tpot_s,
        "requests_per_s": out_tokens_per_s / answer,
        "out_tokens_per_s": out_tokens_per_s,
    }


def ours(model, card, prompt, answer, batch=None, **_):
    m, k = DOCUMENT["models"][model], DOCUMENT["cards"][card]
    shape = Architecture(
        m["params"], m["params"], m["hidden"], m["layers"], m["heads"], m["kv_heads"], m["hidden"] // m["heads"],
        m["ffn"], m["vocab"],
    )  # fmt: skip
    built = Card(card, "Ampere", k["memory_bytes"] / 2**30, k["bandwidth_gb_s"], k["tflops"])
    built = Card(**{**vars(built), "memory_type": k["memory_type"]})
    setup = ServingSetup(
        shape, built, prompt, answer, engine="python_before_2025", load="closed", concurrency=batch or 256
    )
    return estimate_serving([setup], CONSTANTS)


@pytest.mark.parametrize("reference", ["G080", "G081", "G083"])
def test_the_roofline_of_the_design_follows_from_our_formulas(reference):
    case = CASES[reference]
    found = roofline(**case["inputs"])
    for name, value in case["expect"].items():
        assert found[name] == pytest.approx(value, rel=1e-9), name


@pytest.mark.parametrize("reference", ["G080", "G081"])
def test_the_estimator_departs_from_it_as_the_case_says(reference):
    case = CASES[reference]
    found = float(ours(**case["inputs"]).requests_per_s[0])
    assert found == pytest.approx(case["ours"]["requests_per_s"], rel=5e-3)
    if case["measured"]:
        assert found == pytest.approx(case["measured"]["low"], rel=0.15)


def test_what_does_not_fit_has_no_speed():
    found = ours(**CASES["G083"]["inputs"])
    assert not found.fits[0]
    assert np.isnan(found.requests_per_s[0])
    assert found.limit.tolist() == ["memory"]


def test_an_answer_without_tokens_is_refused():
    case = CASES["G093"]
    with pytest.raises(InputError) as refused:
        ours(**case["inputs"])
    assert (refused.value.issues[0].code, refused.value.issues[0].field) == tuple(case["expect"].values())
