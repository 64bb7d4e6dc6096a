"""What is common where a description of a training run leaves something open."""

from dataclasses import replace

from advisor.engineering.descriptions import Sharding, TrainingRun


def usual(run: TrainingRun) -> TrainingRun:
    """The run with the common layout where its own is not known: full fine-tuning is sharded, adapters are copied.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    TrainingRun
    """
    if run.sharding is not None:
        return run
    common: Sharding = "none" if run.gpus == 1 else "fsdp" if run.method == "full" else "ddp"
    return replace(run, sharding=common)
