"""How far an estimate of memory may be off: each part by what is always uncertain of it and by what is not known.

The parts are those of :data:`PARTS`; a part that is half of the whole passes on half of its own error. Constants are
the ``sigma_...`` of ``data/estimators/memory.yaml``, standard deviations of the logarithm of measured over estimated.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.descriptions import GENERATING, TrainingRun
from advisor.engineering.prediction import STANDARD_DEVIATIONS

Values = NDArray[np.float64]

PARTS: Mapping[str, tuple[str, ...]] = {
    "state": ("weights", "gradients", "accumulated", "optimizer", "temporaries"),
    "gathered": ("gathered",),
    "activations": ("saved", "held", "layer"),
    "logits": ("logits",),
    "reserve": ("allocator", "workspace", "context"),
}
"""Terms of the estimate whose errors have one cause each."""
OF_TOKENS = ("activations", "logits")
"""Parts that grow with the tokens of a micro-batch."""


def _unknown(run: TrainingRun) -> dict[str, list[str]]:
    """Names of the unknowns that widen each part, and of the whole."""
    full, several = run.method == "full", run.gpus > 1
    megatron = run.software == "megatron"
    laid_out = any((run.tensor_parallel, run.pipeline_parallel, run.expert_parallel, run.context_parallel))
    return {
        "state": [
            *(["masters"] if full and run.fp32_masters is None else []),
            *(["layout"] if several and (_layout_unknown(run) or (megatron and not laid_out)) else []),
            *(["quantised"] if run.method == "qlora" else []),
        ],
        "gathered": ["gathered"],
        "activations": [
            *(["checkpointing"] if run.checkpointing is None else []),
            *(["kept"] if run.checkpointing in ("none", "selective") else []),
            *(["attention"] if run.flash_attention is False else []),
            *(["experts"] if run.model.experts else []),
        ],
        "logits": ["loss"] if run.loss is None else [],
        "reserve": ["lengths"] if run.variable_lengths is not False else [],
        "whole": [
            *(["host"] if run.checkpointing == "host" else []),
            *(["dora"] if run.dora else []),
            *(["objective"] if run.objective != "sft" else []),
            *(["vision"] if run.vision else []),
            *(["offload"] if run.cpu_offload else []),
            *(["parallel"] if megatron or laid_out else []),
        ],
    }


def _layout_unknown(run: TrainingRun) -> bool:
    return run.sharding is None or run.sharding_assumed


def sigmas(runs: Sequence[TrainingRun], terms_gib: Mapping[str, Values], constants: Mapping[str, float]) -> Values:
    """Standard deviation of the logarithm of measured over estimated, of each run.

    Parameters
    ----------
    runs : sequence of TrainingRun, as described: ``None`` where nobody says it
    terms_gib : mapping of str to array (..., runs) [GiB], at the peak
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    array (..., runs) [fraction]
    """
    total = np.sum(list(terms_gib.values()), axis=0)
    variance = np.full(total.shape, constants["sigma"] ** 2)
    unknown = [_unknown(run) for run in runs]
    for part, names in PARTS.items():
        share = np.sum([terms_gib[name] for name in names], axis=0) / total
        own = np.array([_square([part, *each[part]], constants) for each in unknown])
        variance += share**2 * own
    variance += _of_tokens(runs, terms_gib, constants) ** 2
    return np.asarray(np.sqrt(variance + [_square(each["whole"], constants) for each in unknown]))


def _of_tokens(runs: Sequence[TrainingRun], terms_gib: Mapping[str, Values], constants: Mapping[str, float]) -> Values:
    """What tokens of a micro-batch that nobody states add: from the estimate to that of the upper end of usual ones."""
    grows = np.sum([terms_gib[name] for part in OF_TOKENS for name in PARTS[part]], axis=0)
    share = grows / np.sum(list(terms_gib.values()), axis=0)
    spread = np.array([math.hypot(*(constants[f"sigma_{name}"] for name in _tokens_unknown(run))) for run in runs])
    return np.asarray(np.log1p(share * np.expm1(STANDARD_DEVIATIONS * spread)) / STANDARD_DEVIATIONS)


def _tokens_unknown(run: TrainingRun) -> list[str]:
    unknown = {"micro_batch": run.micro_batch_assumed, "seq_len": run.seq_len_assumed}
    return [name for name, holds in unknown.items() if holds]


def _square(names: Sequence[str], constants: Mapping[str, float]) -> float:
    return float(sum(constants[f"sigma_{name}"] ** 2 for name in names))


def assumed(run: TrainingRun) -> tuple[str, ...]:
    """Codes of what the estimate takes for granted because nobody says it, where that moves the answer.

    Parameters
    ----------
    run : TrainingRun, as described

    Returns
    -------
    tuple of str
    """
    codes = []
    if run.method == "full" and run.fp32_masters is None:
        codes.append("mixed_precision")
    if run.seq_len_assumed:
        codes.append("seq_len")
    if run.micro_batch_assumed:
        codes.append("micro_batch")
    if run.gpus > 1 and _layout_unknown(run):
        codes.append("sharding")
    if run.checkpointing is None:
        codes.append("checkpointing")
    if run.framework == "unsloth" and run.loss is None:
        codes.append("unsloth_version")
    elif run.loss is None:
        codes.append("loss_kernel")
    if run.objective in GENERATING and run.engine_share is None:
        codes.append("no_engine")
    return tuple(codes)
