"""Whatever is given as a model of one's own, through every door: a case with estimates, or a fault that names it."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.assumptions.given import case_of_row, read_case
from advisor.catalog.loader import load_catalog
from advisor.catalog.model_fields import COUNTS
from advisor.catalog.own_model import own_model_text
from advisor.core.notices import InputError
from advisor.engineering.sizing import serving_setups, training_setups
from advisor.scenario import Scenario
from advisor.ui.address import read

CATALOG = load_catalog()
PUBLIC = json.loads(Path("tests/fixtures/model_configs/configs.json").read_text(encoding="utf-8"))
CONFIGS = [said["config"] for said in PUBLIC.values()]
KEYS = sorted({key for config in CONFIGS for key in (*config, *config.get("text_config", {}))} | {*COUNTS, "params_b"})
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.text()))
NEEDED = {"daily_requests": 20000, "quality_need": "high", "budget": 40000}
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]


def changed(config: dict[str, object], changes: dict[str, object]) -> dict[str, object]:
    return {**config, **changes}


GIVEN = st.one_of(
    st.builds(changed, st.sampled_from(CONFIGS), st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3)),
    st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=8)), VALUES, max_size=8),
)


def through(door: str, config: dict[str, object]) -> tuple[Scenario | None, set[str]]:
    """The case that arrives, and the fields whose answers were refused."""
    try:
        if door == "file":
            return read_case(json.dumps({**NEEDED, "open_model": config}), CATALOG)[0], set()
        if door == "row":
            return case_of_row({**NEEDED, "open_model": json.dumps(config)}, CATALOG), set()
    except InputError as error:
        return None, {issue.field for issue in error.issues}
    arrived = read({**{k: str(v) for k, v in NEEDED.items()}, "open_model": json.dumps(config)}, CATALOG, str)
    return arrived.case, {issue.field for issue in arrived.issues}


@settings(max_examples=600, deadline=None, suppress_health_check=SLOW)
@given(st.sampled_from(["file", "row", "address"]), GIVEN)
def test_no_door_lets_through_what_cannot_be_counted(door: str, config: dict[str, object]) -> None:
    case, refused = through(door, config)
    assert refused <= {"open_model", "file"}
    kept = case.open_model if case else None
    assert bool(kept) != bool(refused)
    if kept:
        assert own_model_text(kept) == kept
        assert CATALOG.model(kept).params_b > 0


BOUNDS = {name: st.integers(low, high) for name, (low, high) in COUNTS.items()}
SMALL = {name: st.integers(low, min(high, 4096)) for name, (low, high) in COUNTS.items()}
SHAPES = [st.fixed_dictionaries({n: each[n] for n in ("hidden_size", "layers", "heads", "ffn_size", "vocab_size")},
    optional={n: s for n, s in each.items() if n not in ("hidden_size", "layers", "heads", "ffn_size", "vocab_size")})
    for each in (BOUNDS, SMALL)]  # fmt: skip


@pytest.mark.filterwarnings("error")
@settings(max_examples=120, deadline=None, suppress_health_check=SLOW)
@given(st.one_of(*SHAPES, st.sampled_from(CONFIGS)))
def test_any_shape_that_is_taken_can_be_estimated(shape: dict[str, int]) -> None:
    try:
        model = own_model_text(shape)
    except InputError:
        return
    ways = training_setups(CATALOG, model, "lora", 2048)
    assert not np.isnan(ways.need_gib).any()
    assert (ways.need_gib > 0).all()
    served = serving_setups(CATALOG, model, 1000.0, 200.0, "bf16", 10.0)
    rates = served.estimate.output_tokens_per_s
    assert (rates[~np.isnan(rates)] > 0).all()
