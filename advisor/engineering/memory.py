"""Peak memory of a training run on each of its cards, and whether it fits."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.activation_memory import activation_terms
from advisor.engineering.descriptions import Framework, TrainingRun
from advisor.engineering.memory_interval import sigmas
from advisor.engineering.prediction import STANDARD_DEVIATIONS, Prediction, spread
from advisor.engineering.usual import usual
from advisor.engineering.weight_memory import Constants, Values, per_run, weight_terms
from advisor.formulas import memory as formula
from advisor.formulas.constants import GIB
from advisor.formulas.distributions import normal_probability

CHECKPOINTING: tuple[Framework, ...] = ("unsloth", "axolotl", "llama_factory", "ms_swift", "torchtune")
"""Frameworks whose recipes compute activations again."""


@dataclass(frozen=True)
class MemoryEstimate:
    """Peak memory of each card [GiB], one entry for each run; ``terms_gib`` are those at the peak."""

    terms_gib: Mapping[str, Values]  # add up to process_gib
    moment: NDArray[np.str_]  # of the step at which memory peaks, as in formulas.memory.MOMENTS
    allocated_gib: Values  # tensors: torch.cuda.max_memory_allocated
    reserved_gib: Values  # held by the caching allocator: torch.cuda.max_memory_reserved
    process_gib: Values  # of the whole process, as nvidia-smi shows
    need_gib: Values  # what the card must have: the allocator gives some of its blocks back
    need_if_larger_gib: Values  # the same by the less favourable of two readings
    smaller_ratio: Values  # lower end of the interval over that of one reading, 1 where there is only one reading
    larger_ratio: Values  # the same of the upper end
    sigma: Values  # standard deviation of the logarithm of measured over estimated

    def prediction(
        self, run: int = 0, gib: float | None = None, wider: float = 0.0, room_gib: float | None = None
    ) -> Prediction:
        """What nvidia-smi shows of one run, or another figure of it, with the 80 % interval [GiB].

        Where several readings are open the interval holds them, as far as they leave room on a card that is known.
        """
        middle = float(self.process_gib[run]) if gib is None else gib
        found = spread(middle, math.hypot(float(self.sigma[run]), wider))
        low, high = found.low * float(self.smaller_ratio[run]), found.high * float(self.larger_ratio[run])
        high = high if room_gib is None else max(found.high, min(high, room_gib))
        return replace(found, low=low, high=high)


def estimate_memory(runs: Sequence[TrainingRun], constants: Constants, lengths: Values | None = None) -> MemoryEstimate:
    """Peak memory per card of every run.

    The peak is the largest of the moments of a step, not the sum of all terms. Unknown checkpointing is full, unknown
    attention is flash, unknown rank 16 on every linear layer, unknown precision of full fine-tuning is mixed: what
    current trainers do unless told otherwise. What is not known widens the error.

    Parameters
    ----------
    runs : sequence of TrainingRun
    constants : mapping of str to float, of the memory estimator
    lengths : array (lengths, 1) [tokens/sample], at each of which every run is looked at instead of at its own

    Returns
    -------
    MemoryEstimate [GiB], one entry for each run, or (lengths, runs)

    References
    ----------
    The constants and their sources stand in ``data/estimators/memory.yaml``.
    """
    estimate = _estimate(runs, constants, lengths)
    for place, run in enumerate(runs):
        for other in other_readings(run):
            _take_in(estimate, place, _estimate([other], constants, lengths), has_two_readings(run))
    return estimate


def _take_in(estimate: MemoryEstimate, place: int, other: MemoryEstimate, counts: bool) -> None:
    """Widen the interval of a run to another reading of it, with its spread where it ``counts`` for whether it fits."""
    ratio = other.process_gib[..., 0] / estimate.process_gib[..., place]
    spread_of_one = 1.0 if counts else np.exp(STANDARD_DEVIATIONS * estimate.sigma[..., place])
    estimate.smaller_ratio[..., place] = np.minimum(estimate.smaller_ratio[..., place], ratio * spread_of_one)
    estimate.larger_ratio[..., place] = np.maximum(estimate.larger_ratio[..., place], ratio / spread_of_one)
    if counts:
        estimate.need_if_larger_gib[..., place] = other.need_gib[..., 0]


def other_readings(run: TrainingRun) -> tuple[TrainingRun, ...]:
    """The run by what else may be meant where nobody says it and it moves the memory by much.

    Logits in pieces or whole; all activations kept by a trainer that does not compute them again unless told to; all in
    16 bit instead of mixed precision.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    tuple of TrainingRun
    """
    if has_two_readings(run):
        return (replace(run, loss="plain"),)
    found = []
    if run.checkpointing is None and run.framework not in CHECKPOINTING and run.software != "megatron":
        found.append(replace(run, checkpointing="none"))
    if run.method == "full" and run.fp32_masters is None:
        found.append(replace(run, fp32_masters=False))
    return tuple(found)


def has_two_readings(run: TrainingRun) -> bool:
    """Whether a run's logits exist in pieces or whole, which nobody says: Unsloth changed it between two releases.

    Parameters
    ----------
    run : TrainingRun

    Returns
    -------
    bool
    """
    return run.framework == "unsloth" and run.loss is None and run.objective == "sft"


def _estimate(described: Sequence[TrainingRun], constants: Constants, lengths: Values | None) -> MemoryEstimate:
    """The estimate by one reading of each run."""
    runs = [usual(run) for run in described]
    terms = {**weight_terms(runs, constants), **activation_terms(runs, constants, lengths)}
    sums = formula.moments(terms)
    highest = np.argmax(sums, axis=0)
    allocated = sums.max(axis=0) + constants["workspace_gib"] * GIB
    reserved = _reserved(runs, terms, allocated, constants)
    several = per_run([run.gpus > 1 for run in runs])
    context, collective = constants["context_gib"] * GIB, constants["collective_gib"] * GIB
    process = np.asarray(formula.process(reserved, context, several, collective))

    names = list(formula.MOMENTS)
    at_peak = {
        name: np.where(np.array([name in alive for alive in formula.MOMENTS.values()])[highest], terms[name], 0) / GIB
        for name in terms
        if name != "stranded"
    }
    at_peak |= {
        "workspace": np.full(highest.shape, constants["workspace_gib"]),
        "allocator": (reserved - allocated) / GIB,
        "context": (process - reserved) / GIB,
    }
    need = (allocated + constants["fit_reserve"] * (process - allocated)) / GIB
    return MemoryEstimate(
        terms_gib=at_peak,
        moment=np.array(names)[highest],
        allocated_gib=allocated / GIB,
        reserved_gib=reserved / GIB,
        process_gib=process / GIB,
        need_gib=need,
        need_if_larger_gib=need.copy(),
        smaller_ratio=np.ones(highest.shape),
        larger_ratio=np.ones(highest.shape),
        sigma=sigmas(described, at_peak, constants),
    )


def _reserved(
    runs: Sequence[TrainingRun], terms: Mapping[str, Values], allocated: Values, constants: Constants
) -> Values:
    """What the allocator holds for each run [bytes]."""
    spreading = np.where(per_run([run.variable_lengths for run in runs]) == 1, constants["spread"], 1)
    passing = np.maximum(terms["held"] + terms["layer"], terms["logits"] + terms["stranded"])
    cached = (terms["saved"] + passing * spreading) * constants["slack"]
    standing = terms["weights"] + terms["optimizer"] + terms["gathered"] + terms["accumulated"]
    update = terms["gradients"] + terms["temporaries"] - terms["accumulated"]
    unshared, unused, rounding = constants["unshared"], constants["unused_gib"] * GIB, constants["rounding"]
    return np.asarray(formula.reserved(standing, cached, update, unshared, allocated, unused, rounding))


def fit_probability(estimate: MemoryEstimate, card_gib: float | Values, constants: Constants) -> Values:
    """Probability that each run fits its card.

    A run needs its tensors, the driver's part and some of what the allocator holds; under pressure it gives back
    the rest. The error of the need is that of the estimate. Where a description has two readings and only one fits,
    the run is at most tight.

    Parameters
    ----------
    estimate : MemoryEstimate [GiB]
    card_gib : float or array that broadcasts against the runs [GiB], memory of the card
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    array [fraction]
    """
    room = np.log(np.asarray(card_gib) * constants["usable_share"])
    needs = (estimate.need_gib, estimate.need_if_larger_gib)
    chances = [normal_probability((room - np.log(need)) / estimate.sigma) for need in needs]
    # The less favourable reading takes away from what lies above even odds: it can make a run tight, not impossible.
    return np.asarray(np.where(chances[0] > 0.5, 0.5 + (chances[0] - 0.5) * chances[1], chances[0]))


def fits(estimate: MemoryEstimate, card_gib: float | Values, constants: Constants) -> NDArray[np.str_]:
    """Verdict for each run from the probability that it fits: "yes", "tight" or "no".

    Parameters
    ----------
    estimate : MemoryEstimate [GiB]
    card_gib : float or array that broadcasts against the runs [GiB], memory of the card
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    array of str, one of the words above
    """
    chance, tight = fit_probability(estimate, card_gib, constants), constants["tight_below"]
    return np.where(chance < tight, "no", np.where(chance <= 1 - tight, "tight", "yes"))
