"""How far a measured serving speed may lie from the estimate: what is always uncertain, and what is not known."""

from collections.abc import Mapping

from advisor.engineering.descriptions import ServingSetup
from advisor.engineering.prediction import combined

ALONE = ("single", "decode")


def serving_sigma(setup: ServingSetup, constants: Mapping[str, float]) -> float:
    """Standard deviation of the logarithm of measured over estimated answer tokens per second.

    Parameters
    ----------
    setup : ServingSetup
    constants : mapping of str to float, of the serving estimator

    Returns
    -------
    float [natural logarithm]

    References
    ----------
    The parts stand in ``data/estimators/serving.yaml``.
    """
    return combined(constants[f"sigma_{part}"] for part in _parts(setup))


def _parts(setup: ServingSetup) -> list[str]:
    """Names of the parts that apply."""
    model, card = setup.model, setup.card
    alone = setup.load in ALONE
    applies = {
        "single": alone,
        "saturated": setup.load in ("saturated", "static"),
        "users": setup.load in ("closed", "burst", "open"),
        "limited": setup.load == "limited",
        "old_software": setup.engine == "python_before_2025",
        "eager": setup.engine == "eager",
        "experts": model.active_params < model.params,
        "latent": model.kv_lora_rank is not None,
        "amd": card.architecture.startswith("CDNA"),
        "before_ampere": card.architecture.startswith(("Volta", "Turing")),
        "blackwell": card.architecture.startswith("Blackwell") and not alone,
        "many_cards": setup.tensor_parallel > 1 and not card.link_gb_s,
        "expert_parallel": setup.expert_parallel or setup.attention_data_parallel,
        "remote": setup.remote_client,
        "speculative": setup.speculative,
        "quantised": setup.weight_bits < 16 and setup.compute == "bf16" and not alone,
    }
    unknown = {"lengths": "lengths_alone" if alone else "lengths", "lengths_of_dataset": "dataset"}
    not_known = [
        unknown.get(code, code)
        for code in setup.unknown
        if code in ("engine", "layout", "limit", "lengths", "precision")
    ]
    not_known += ["dataset"] if "lengths_of_dataset" in setup.unknown and not alone else []
    not_known += ["answer_limit"] if "answer_limit" in setup.unknown and not alone else []
    return [part for part, is_so in applies.items() if is_so] + not_known
