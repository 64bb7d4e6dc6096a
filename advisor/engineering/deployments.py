"""Deployments as arrays, one entry for each: what the serving estimator and its interval read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import InputError, Issue
from advisor.engineering.descriptions import ServingSetup, Unknown
from advisor.formulas.constants import GIB

Array = NDArray[np.float64]
HALF_RATE = 3.5
"""Ratio of the INT8 to the 16-bit peak above which the 16-bit units run at half rate, as in GeForce cards."""


@dataclass(frozen=True)
class Deployment:
    """Setups as arrays, one entry for each: what :func:`estimate_deployment` reads."""

    numbers: Mapping[str, Array]
    words: Mapping[str, NDArray[np.str_]]

    def __getitem__(self, name: str) -> Array:
        return self.numbers[name]

    def having(self, name: str, *values: str) -> NDArray[np.bool_]:
        """Where the word ``name`` of a setup is one of ``values``."""
        return np.isin(self.words[name], values)

    def among(self, places: NDArray[np.intp]) -> "Deployment":
        """Some of the setups."""
        numbers = {name: values[places] for name, values in self.numbers.items()}
        return Deployment(numbers, {name: values[places] for name, values in self.words.items()})


def deployment(setups: Sequence[ServingSetup]) -> Deployment:
    """The setups as arrays, one for each of their fields.

    Parameters
    ----------
    setups : sequence of ServingSetup, at least one

    Returns
    -------
    Deployment, one entry for each setup

    Raises
    ------
    InputError
        If an answer has no token.
    """
    check_answers(min(setup.output_tokens for setup in setups))
    rows = [_numbers(setup) for setup in setups]
    numbers = {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}
    words = {
        "engine": np.array([setup.engine for setup in setups]),
        "load": np.array([setup.load for setup in setups]),
        "compute": np.array([setup.compute for setup in setups]),
        "generation": np.array([setup.card.architecture.split()[0] for setup in setups]),
    }
    return Deployment(numbers, words)


def check_answers(shortest: float) -> None:
    """Refuse answers without a token: nothing would be produced.

    Parameters
    ----------
    shortest : float [tokens], of the answers

    Raises
    ------
    InputError
        "below_minimum" for less than one token.
    """
    if shortest < 1:
        raise InputError([Issue("output_tokens", "below_minimum", {"value": shortest, "minimum": 1})])


def _numbers(setup: ServingSetup) -> dict[str, float]:
    """Numbers of one setup, as ``Deployment.numbers`` holds them."""
    model, card = setup.model, setup.card
    copies = 1 if model.tied else 2
    routed = model.experts_per_token / model.experts if model.experts and model.experts_per_token else None
    peaks = {"bf16": card.bf16_tflops, "fp8": card.fp8_tflops, "int8": card.int8_tops, "fp4": card.fp4_tflops}
    return {
        "params": model.params,
        "active": model.active_params,
        "routed": routed or model.active_params / model.params,
        "table": float(model.vocab * model.hidden),
        "embeddings": float(copies * model.vocab * model.hidden),
        "hidden": model.hidden,
        "layers": model.layers,
        "linear": model.linear_layers,
        "looking_back": model.windowed_layers if model.window else 0,
        "lasting": model.kv_values[0],
        "windowed": model.kv_values[1],
        "state": model.state_values,
        "encoder": model.encoder_params,
        "window": _or(model.window, np.inf),
        "heads": model.heads,
        "kv_shards": model.kv_shards,
        "head_dim": model.head_dim,
        "memory": card.memory_gib * GIB,
        "bandwidth": card.bandwidth_gb_s,
        "peak": peaks[setup.compute] or card.bf16_tflops,
        "bf16_peak": card.bf16_tflops,
        "link": card.link_gb_s or 0.0,
        "half_rate": float((card.int8_tops or 0.0) > HALF_RATE * card.bf16_tflops),
        "gddr": float((card.memory_type or "").upper().startswith("GDDR")),
        "weight_bits": setup.weight_bits,
        "embedding_bits": setup.embedding_bits,
        "kv_bits": setup.kv_bits,
        "cards": setup.tensor_parallel,
        "split": setup.layer_split,
        "http": float(setup.http),
        "prompt": setup.input_tokens,
        "answer": setup.output_tokens,
        "cached": setup.cached_prompt,
        "concurrency": _or(setup.concurrency, np.inf),
        "max_sequences": _or(setup.max_sequences, np.nan),
        "requests": _or(setup.requests, np.inf),
        "arrivals": _or(setup.requests_per_s, np.inf),
        "tail": _or(setup.longest_over_mean, np.nan),
        "tpot_limit": _or(setup.tpot_limit_s, np.inf),
        "ttft_limit": _or(setup.ttft_limit_s, np.inf),
        "limits_kept": float(setup.limits_kept),
        "latent": float(model.kv_lora_rank or 0),
        "own_cache": float(setup.attention_data_parallel),
        "remote": float(setup.remote_client),
        "speculative": float(setup.speculative),
        "apart": float(setup.expert_parallel or setup.attention_data_parallel),
        **{f"unknown_{code}": float(code in setup.unknown) for code in get_args(Unknown)},
    }


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else float(value)
