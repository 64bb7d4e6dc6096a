"""How far a measured serving speed may lie from the estimate: what is always uncertain, and what is not known."""

from collections.abc import Mapping
from typing import get_args

import numpy as np

from advisor.engineering.deployments import Array, Deployment
from advisor.engineering.descriptions import Unknown

QUANTISED_BITS = 9
NOT_OF_NVIDIA = ("CDNA", "RDNA", "Gaudi")
SMALL = 2e9
PART_OF = {"users": "users_unknown"}
OF_LENGTHS = ("lengths", "lengths_of_dataset", "answer_limit")


def serving_sigma(d: Deployment, constants: Mapping[str, float], by_length: Array, elasticity: Array) -> Array:
    """Standard deviation of the logarithm of measured over estimated answer tokens per second.

    Errors of the parts add as independent ones do. Unknown lengths matter as far as lengths decide: for few users who
    share the weights hardly, where memory decides how many run at once fully.

    Parameters
    ----------
    d : Deployment
    constants : mapping of str to float, of the serving estimator
    by_length : array [fraction], of a step that reading prompts and caches takes
    elasticity : array [multiple], of the rate to the limit on the time per token; 0 where that decides nothing

    Returns
    -------
    array, one entry for each setup [natural logarithm]

    References
    ----------
    The parts stand in ``data/estimators/serving.yaml``.
    """
    as_memory_allows = ~d.having("load", "single", "decode") & np.isinf(d["concurrency"])
    weight = np.where(as_memory_allows, 1.0, np.nan_to_num(by_length))
    weights = dict.fromkeys(OF_LENGTHS, weight) | {"step": elasticity}
    squares = [
        np.where(applies, (constants[f"sigma_{part}"] * weights.get(part, 1.0)) ** 2, 0.0)
        for part, applies in _parts(d).items()
    ]
    return np.asarray(np.sqrt(sum(squares)))


def _parts(d: Deployment) -> dict[str, Array]:
    """Where each part applies."""
    alone, limited = d.having("load", "single", "decode"), d.having("load", "limited")
    generation = d.words["generation"]
    many = ~alone
    found = {
        "single": alone,
        "saturated": d.having("load", "saturated", "static"),
        "users": d.having("load", "closed", "burst", "open"),
        "limited": limited,
        "step": many & np.isfinite(d["tpot_limit"]),
        "old_software": d.having("engine", "python_2024", "python_before_2025"),
        "small": (d["active"] < SMALL) & ~d.having("engine", "llama_cpp"),
        "eager": d.having("engine", "eager"),
        "experts": d["active"] < d["params"],
        "latent": d["latent"] > 0,
        "amd": np.logical_or.reduce([np.char.startswith(generation, maker) for maker in NOT_OF_NVIDIA]),
        "before_ampere": np.isin(generation, ("Volta", "Turing")),
        "blackwell": many & (generation == "Blackwell"),
        "pcie": (d["cards"] > 1) & (d["link"] == 0),
        "apart": d["apart"] > 0,
        "remote": d["remote"] > 0,
        "speculative": d["speculative"] > 0,
        "quantised": many & (d["weight_bits"] <= QUANTISED_BITS) & d.having("compute", "bf16"),
    }
    return found | {PART_OF.get(code, code): d[f"unknown_{code}"] > 0 for code in get_args(Unknown)}
