"""Ways to train at many lengths at once are those of each length alone, run by run."""

import numpy as np
import pytest

from advisor.engineering.descriptions import Method, Objective
from advisor.engineering.from_catalog import card_of
from advisor.engineering.memory import estimate_memory, fits
from advisor.engineering.serving_ways import GPU_COUNTS
from advisor.engineering.sizing import (
    MICRO_BATCHES,
    answers_of,
    training_run,
    training_setups_together,
)
from advisor.engineering.training import estimate_speed
from tests.cases import catalog

LENGTHS = [1, 255, 256, 511, 512, 1023, 1024, 2047, 2048, 4095, 4096, 30_000]
"""On both sides of every length at which an uncertainty changes, and one that fits few cards."""
EVERY = 11
"""Of the cards, one in so many."""


@pytest.mark.parametrize(
    ("model", "method", "objective"),
    [
        ("qwen3-8b", "lora", "sft"),
        ("qwen3-8b", "qlora", "dpo"),
        ("mixtral-8x7b", "full", "sft"),
        ("gemma-2-9b", "lora", "kto"),
    ],
)
def test_each_way_is_the_fastest_run_that_fits(model: str, method: Method, objective: Objective) -> None:
    found = training_setups_together(catalog(), model, method, LENGTHS, objective)
    assert len(found) == len(LENGTHS)
    memory_of, speed_of = catalog().constants("memory"), catalog().constants("training")
    for length, setups in zip(LENGTHS, found, strict=True):
        for k in range(0, len(setups.gpu), EVERY):
            card = card_of(catalog().gpus[setups.gpu[k]])
            count = GPU_COUNTS[k % len(GPU_COUNTS)]
            assert setups.gpus[k] == count
            runs = [training_run(catalog(), model, method, length, m, count, objective) for m in MICRO_BATCHES]
            verdict = fits(estimate_memory(runs, memory_of), card.memory_gib, memory_of)
            speed = estimate_speed(runs, [card] * len(runs), speed_of)
            rate = np.where(verdict == "yes", speed.tokens_per_s_per_gpu, -1.0)
            best = int(np.argmax(rate))
            assert setups.micro_batch[k] == MICRO_BATCHES[best]
            assert setups.fits[k] == verdict[best]
            if rate[best] > 0:
                assert setups.tokens_per_s[k] == pytest.approx(rate[best] * count / answers_of(objective), 1e-12)
                assert setups.sigma[k] == pytest.approx(speed.sigma[best], 1e-12)
                assert setups.mfu[k] == pytest.approx(speed.mfu[best], 1e-12)
            else:
                assert np.isnan(setups.tokens_per_s[k])
                assert np.isnan(setups.sigma[k])


def test_no_lengths_no_setups() -> None:
    assert training_setups_together(catalog(), "qwen3-8b", "lora", []) == []
