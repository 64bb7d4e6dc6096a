"""Rows of a table of measured training speed, read as training runs and predicted.

Columns are those of ``data/validation/speed.csv``; numeric columns may be missing or blank. What has no column
(framework, sharding, kernels) is recognised by keywords in ``source``, ``notes``, ``run_type`` and ``precision``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from advisor.catalog.benchmarks import benchmarks
from advisor.engineering.descriptions import Card, Sharding, TrainingRun
from advisor.engineering.from_catalog import card_named
from advisor.engineering.prediction import Prediction, spread
from advisor.engineering.training import estimate_speed
from advisor.engineering.training_layout import model_cards
from advisor.engineering.training_spread import parts
from advisor.engineering.validation.cells import Row, number, text
from advisor.engineering.validation.memory import NOT_ESTIMATED
from advisor.engineering.validation.training_rows import PACKED, TOLD, laid_out, training_run

UNKNOWN_GPU = "gpu_unknown"
ASSUMED: Mapping[str, str] = {
    "unnamed": "software", "own_loop": "library_defaults", "micro_batch": "micro_batch", "seq_len": "seq_len",
    "checkpointing": "checkpointing", "layout": "sharding", "expert_loop": "expert_loop", "rollouts": "rollouts",
}  # fmt: skip
"""What is told of a part of the uncertainty."""


def speed_run(row: Row, cards: Mapping[str, Card]) -> tuple[TrainingRun, Card] | str:
    """The training run and the card that a row describes.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    cards : mapping of str to Card, as from ``from_catalog.cards``

    Returns
    -------
    tuple of TrainingRun, Card, or the code of what is missing
    """
    card = card_named(cards, text(row, "gpu_canonical")) or card_named(cards, text(row, "gpu"))
    if card is None:
        return UNKNOWN_GPU
    fill = benchmarks().unstated.mean_over_longest.value
    run = training_run({**row, "seq_len": (number(row, "seq_len") or 0) * fill} if _is_unfilled(row) else row)
    if isinstance(run, str):
        return run
    if run.objective in NOT_ESTIMATED:
        return NOT_ESTIMATED[run.objective]
    run = laid_out(run, card.memory_gib, row)
    run = replace(run, sharding=_sharding(run))
    return replace(run, accumulation=_accumulation(row, run)), card


def _accumulation(row: Row, run: TrainingRun) -> int:
    """Micro-steps in an optimizer step; cards that share a model work on the same samples."""
    at_once = run.micro_batch * max(1, run.gpus // model_cards(run))
    stated = number(row, "global_batch")
    if stated is None:
        usual = benchmarks().unstated.megatron_micro_steps.value if run.software == "megatron" else 1
        return max(round(usual), run.pipeline_parallel or 1)
    return max(1, round(stated / at_once))


def _sharding(run: TrainingRun) -> Sharding:
    """Sharding; where nothing says it, Megatron divides the model itself."""
    if run.sharding is not None:
        return run.sharding
    if run.software == "megatron":
        return "none"
    return "fsdp" if run.method == "full" else "ddp"


def predicted_tokens_per_s_per_gpu(
    rows: Sequence[Row], cards: Mapping[str, Card], constants: Mapping[str, float]
) -> list[Prediction | str]:
    """Predicted training speed of each row.

    Parameters
    ----------
    rows : sequence of mapping of str to object, cells by column
    cards : mapping of str to Card, as from ``from_catalog.cards``
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    list of Prediction [tokens/s/GPU], or the code of what is missing
    """
    return predicted_speeds(rows, [speed_run(row, cards) for row in rows], constants)


def predicted_speeds(
    rows: Sequence[Row], read: Sequence[tuple[TrainingRun, Card] | str], constants: Mapping[str, float]
) -> list[Prediction | str]:
    """Predicted training speed of rows that were read before: by other constants, many times over.

    Parameters
    ----------
    rows : sequence of mapping of str to object, cells by column
    read : sequence, of each row what :func:`speed_run` made of it
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    list of Prediction [tokens/s/GPU], or the code of what is missing
    """
    known = [pair for pair in read if not isinstance(pair, str)]
    found = estimate_speed([run for run, _ in known], [card for _, card in known], constants)
    speeds = iter(zip(found.tokens_per_s_per_gpu.tolist(), found.sigma.tolist(), strict=True))
    predicted: list[Prediction | str] = []
    for row, pair in zip(rows, read, strict=True):
        if isinstance(pair, str):
            predicted.append(pair)
            continue
        speed, sigma = next(speeds)
        predicted.append(spread(speed * _training_share(row, constants), sigma, _assumed(row, *pair)))
    return predicted


def _assumed(row: Row, run: TrainingRun, card: Card) -> tuple[str, ...]:
    """Codes of what is taken because nothing says it."""
    uncertain = parts(run, card)
    return tuple(
        code
        for code, holds in (
            *((code, part in uncertain) for part, code in ASSUMED.items()),
            ("half_of_the_limit", _is_unfilled(row)),
        )
        if holds
    )


def _is_unfilled(row: Row) -> bool:
    """Whether a row states the limit of its lengths alone, which samples that are not packed do not fill."""
    limited = text(row, "seq_len_kind") == "max" and number(row, "seq_len") is not None
    return limited and not PACKED.search(text(row, *TOLD))


def _training_share(row: Row, constants: Mapping[str, float]) -> float:
    """Share of the stated time that is training: MLPerf states the time to a target loss, evaluations included."""
    return constants["mlperf_training_share"] if "mlperf" in text(row, "run_type") else 1.0
