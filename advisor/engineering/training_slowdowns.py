"""What makes parts of a training step slower than tensor cores and fused kernels allow, chosen by the run."""

from collections.abc import Mapping
from dataclasses import replace

from advisor.engineering.descriptions import Architecture, Card, Framework, TrainingRun

Constants = Mapping[str, float]

GROUPED_EXPERTS: tuple[Framework, ...] = ("megatron", "torchtitan", "automodel", "torchtune", "llm_foundry")
"""Frameworks that multiply the tokens of all experts at once."""
MANY_EXPERTS = 16
"""More experts than these are small ones."""
MIXTURE, EXPERTS_PER_SHARE = 0.9, 2
"""Share of its parameters that a token of a mixture passes through at most; experts per share, where not stated."""
INT8 = 8
"""Bits of weights."""
LONG_SAMPLE = 4096  # tokens


def is_mixture(model: Architecture) -> bool:
    """Whether a token passes through a part of the model only.

    Parameters
    ----------
    model : Architecture

    Returns
    -------
    bool
    """
    return model.experts is not None or model.active_params < MIXTURE * model.params


def as_computed(run: TrainingRun) -> TrainingRun:
    """The run with its model as wide as the trainer computes it.

    The module of Transformers passes every token of Llama 4 through every expert, with nothing but zeros for those
    that were not chosen (huggingface/transformers#37325): such a mixture costs what a dense model of its size does.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    TrainingRun
    """
    if not run.model.all_experts_computed or not loops_over_experts(run):
        return run
    width = replace(run.model, experts_per_token=run.model.experts).mlp_width
    dense = replace(run.model, active_params=run.model.params, experts=None, experts_per_token=None, dense_layers=0)
    return replace(run, model=replace(dense, ffn=round(width), shared_ffn=0))


def loops_over_experts(run: TrainingRun) -> bool:
    """Whether a trainer calls the experts of a mixture one after the other.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    bool
    """
    if not is_mixture(run.model) or run.grouped_experts is not None:
        return is_mixture(run.model) and not run.grouped_experts
    return run.software != "megatron" and run.framework not in GROUPED_EXPERTS


def experts_of(model: Architecture) -> int:
    """Experts of a layer, 0 in a dense model; where only the active parameters are known, twice their inverse share.

    Parameters
    ----------
    model : Architecture

    Returns
    -------
    int [count]
    """
    if model.experts is not None:
        return model.experts
    return round(EXPERTS_PER_SHARE * model.params / model.active_params) if is_mixture(model) else 0


def software_slowdown(run: TrainingRun, constants: Constants) -> float:
    """How much slower software is that nobody names: it is rarely the fastest.

    Parameters
    ----------
    run : TrainingRun
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    float [multiple]
    """
    return constants["unnamed_slowdown"] if run.software is None and not run.own_loop else 1.0


def attention_slowdown(run: TrainingRun, constants: Constants) -> float:
    """How much slower than plain matrix products attention is.

    Parameters
    ----------
    run : TrainingRun
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    float [multiple]
    """
    return constants["attention_slowdown"] * (constants["masked_attention"] if run.masked_attention else 1.0)


def visits_slowdown(run: TrainingRun, constants: Constants) -> float:
    """How much more often what a layer keeps is read and written than in full fine-tuning in 16 bit.

    Parameters
    ----------
    run : TrainingRun
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    float [multiple]
    """
    adapters = 1.0 if run.method == "full" else constants["visits_lora"]
    return adapters * (constants["visits_float32"] if run.adapters_float32 else 1.0)


def matmul_slowdown(run: TrainingRun, card: Card, constants: Constants) -> float:
    """Experts make many small products, int8 weights are taken apart and put together again, DoRA multiplies twice.

    Products in 32 bit run beside the tensor cores.

    Parameters
    ----------
    run : TrainingRun
    card : Card
    constants : mapping of str to float, of the training estimator

    Returns
    -------
    float [multiple]
    """
    int8 = run.method == "qlora" and round(run.weight_bits) == INT8 and not (run.gptq or run.fp8 or run.fp8_base)
    experts = experts_of(run.model)
    small = "" if not experts else "experts_small" if experts > MANY_EXPERTS else "experts"
    with_hbm = card.memory_type is None or card.memory_type.startswith("HBM")
    share = constants["float32_compute" if with_hbm else "float32_graphics"] if run.quantised_float32 else 1.0
    again = constants["dora_slowdown"] if run.dora else 1.0
    return again * (constants[small] if small else 1.0) * (constants["int8_slowdown"] if int8 else 1.0) / share
