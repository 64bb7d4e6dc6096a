"""What makes a training run fit a card: less memory for the same result, then more cards or a smaller method."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import METHODS, Card, Method, TrainingRun
from advisor.engineering.memory import estimate_memory, fits
from advisor.engineering.weight_memory import Constants, Values

BITS: Mapping[Method, float] = {"full": 16, "lora": 16, "qlora": 4}


class Remedy(NamedTuple):
    """A change that makes a run fit."""

    code: str
    run: TrainingRun  # after the change
    saved_gib: float  # per card


def _fitting(runs: Sequence[TrainingRun], card: Card, constants: Constants) -> tuple[NDArray[np.bool_], Values]:
    """Whether each run fits with the margin, and what it needs [GiB]."""
    estimate = estimate_memory(runs, constants)
    return fits(estimate, card.memory_gib, constants) == "yes", estimate.process_gib


def _with_smaller_micro_batch(run: TrainingRun, card: Card, constants: Constants) -> TrainingRun:
    """The same samples per optimizer step in the largest micro-batches that fit, single samples where none does."""
    samples = run.micro_batch * run.accumulation
    smaller = [
        replace(run, micro_batch=size, accumulation=-(-samples // size)) for size in range(1, run.micro_batch + 1)
    ]
    fitting, _ = _fitting(smaller, card, constants)
    return smaller[max(0, int(fitting.sum()) - 1)]


def _costly_changes(run: TrainingRun) -> list[tuple[str, TrainingRun]]:
    """Changes that cost money or quality, the most costly last."""
    cards = [count for count in (2, 4, 8) if count > run.gpus]
    adapter = METHODS[METHODS.index(run.method) + 1 :]
    narrow = [("sixteen_bit", replace(run, fp32_masters=False, optimizer="adamw_8bit"))] if run.method == "full" else []
    return [
        ("eight_bit_optimizer", replace(run, optimizer="adamw_8bit")),
        *narrow,
        *((f"shard_over_{count}", replace(run, gpus=count, sharding="fsdp")) for count in cards),
        *((method, replace(run, method=method, weight_bits=BITS[method], fp32_masters=None)) for method in adapter),
    ]


def remedies(run: TrainingRun, card: Card, constants: Constants) -> list[Remedy]:
    """Changes after which the run fits, the least costly first.

    The first ones leave the result as it is; "all_savings" is all of them at once. Where not even that
    is enough, the others, which cost money or quality, are also tried on top of it.

    Parameters
    ----------
    run : TrainingRun that does not fit
    card : Card
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    list of Remedy [GiB]
    """
    checkpointed = replace(run, checkpointing="full") if run.checkpointing in ("none", "selective") else run
    lean = _with_smaller_micro_batch(replace(checkpointed, loss="fused"), card, constants)
    candidates = [
        ("fused_loss", replace(run, loss="fused")),
        ("checkpointing", checkpointed),
        ("smaller_micro_batch", _with_smaller_micro_batch(run, card, constants)),
        ("all_savings", lean),
        *_costly_changes(run),
    ]
    if not _fitting([lean], card, constants)[0][0]:
        whole = replace(lean, micro_batch=run.micro_batch, accumulation=run.accumulation)
        candidates += [
            (code, _with_smaller_micro_batch(more, card, constants)) for code, more in _costly_changes(whole)
        ]
    fitting, needed = _fitting([run, *(changed for _, changed in candidates)], card, constants)
    found: dict[str, Remedy] = {}
    for (code, changed), fit, after in zip(candidates, fitting[1:], needed[1:], strict=True):
        known = [run, *(remedy.run for remedy in found.values())]
        if fit and changed not in known and code not in found:
            found[code] = Remedy(code, changed, float(needed[0] - after))
    order = dict.fromkeys(code for code, _ in candidates)
    return [found[code] for code in order if code in found]
