"""What is common where a description of a training run leaves something open, and how its cards share the work."""

from dataclasses import replace

from advisor.engineering.descriptions import REFERENCED, Sharding, TrainingRun

SHARDED_WEIGHTS = ("fsdp", "zero3")


def usual(run: TrainingRun) -> TrainingRun:
    """The run with what is common where its own is not known.

    Full fine-tuning is sharded, adapters are copied; Megatron shards the optimizer over the copies of the model.
    Full fine-tuning is in mixed precision, with 32-bit weights. A reference model is a copy of its own unless adapters
    can be switched off. A loop of one's own takes the defaults of PyTorch, PEFT and bitsandbytes.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    TrainingRun
    """
    run = _laid_out(run)
    return replace(
        run,
        sharding=_sharding(run),
        fp32_masters=run.method == "full" if run.fp32_masters is None else run.fp32_masters,
        reference_model=_has_reference(run),
        masked_attention=_told_or(run.masked_attention, run.own_loop and run.flash_attention is None),
        adapters_float32=_told_or(run.adapters_float32, run.own_loop and run.method != "full"),
        quantised_float32=_told_or(run.quantised_float32, run.own_loop and run.method == "qlora" and not run.gptq),
    )


def _told_or(told: bool | None, otherwise: bool) -> bool:
    return otherwise if told is None else told


def usual_sharding(run: TrainingRun) -> Sharding:
    """How the cards of a run share its state, as in :func:`usual`, which takes longer.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    Sharding
    """
    return _sharding(_laid_out(run))


def _laid_out(run: TrainingRun) -> TrainingRun:
    cards = _tensor_parallel(run)
    return run if cards == run.tensor_parallel else replace(run, tensor_parallel=cards)


def _tensor_parallel(run: TrainingRun) -> int | None:
    """A layout of Megatron that nobody tells lies between one copy over all cards and a copy on each of them."""
    stated = (run.tensor_parallel, run.pipeline_parallel, run.context_parallel, run.expert_parallel)
    if run.software != "megatron" or run.sharding is not None or any(stated):
        return run.tensor_parallel
    return int(min(8, 2 ** ((run.gpus.bit_length() - 1) // 2)))


def _sharding(run: TrainingRun) -> Sharding:
    copies = run.gpus // max(1, cards_of_a_copy(run))
    if run.software == "megatron" and run.sharding in (None, "none"):
        return "zero1" if copies > 1 and run.method == "full" else "none"
    if run.sharding is not None:
        return run.sharding
    return "none" if run.gpus == 1 else "fsdp" if run.method == "full" else "ddp"


def _has_reference(run: TrainingRun) -> bool:
    if run.reference_model is None:
        return run.objective in REFERENCED and run.method == "full"
    return run.reference_model


def cards_of_a_copy(run: TrainingRun) -> int:
    """Cards over which one copy of the model is laid out: tensor, pipeline and context parallel, or layer by layer.

    Several cards without a word about data parallelism hold the model in parts.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    int [GPUs]
    """
    stated = (run.tensor_parallel, run.pipeline_parallel, run.context_parallel, run.expert_parallel)
    if any(stated):
        parts = (run.tensor_parallel or 1) * (run.pipeline_parallel or 1) * (run.context_parallel or 1)
        return min(run.gpus, parts)
    return run.gpus if run.sharding == "none" else 1
