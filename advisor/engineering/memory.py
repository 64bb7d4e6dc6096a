"""Peak memory of a training run on each of its cards, and whether it fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.activation_memory import activation_terms
from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.usual import usual
from advisor.engineering.weight_memory import Constants, Values, per_run, weight_terms
from advisor.formulas import memory as formula
from advisor.formulas.constants import GIB


@dataclass(frozen=True)
class MemoryEstimate:
    """Peak memory of each card [GiB], one entry for each run; ``terms_gib`` are those at the peak."""

    terms_gib: Mapping[str, Values]  # add up to process_gib
    moment: NDArray[np.str_]  # of the step at which memory peaks, as in formulas.memory.MOMENTS
    allocated_gib: Values  # tensors: torch.cuda.max_memory_allocated
    reserved_gib: Values  # held by the caching allocator: torch.cuda.max_memory_reserved
    process_gib: Values  # of the whole process, as nvidia-smi shows


def estimate_memory(runs: Sequence[TrainingRun], constants: Constants) -> MemoryEstimate:
    """Peak memory per card of every run.

    The peak is the largest of the moments of a step, not the sum of all terms. Unknown checkpointing is full, unknown
    attention is flash, unknown rank 16 on every linear layer: what current trainers do unless told otherwise.

    Parameters
    ----------
    runs : sequence of TrainingRun
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    MemoryEstimate [GiB], one entry for each run

    References
    ----------
    The constants and their sources stand in ``data/estimators/memory.yaml``.
    """
    runs = [usual(run) for run in runs]
    terms = {**weight_terms(runs, constants), **activation_terms(runs, constants)}
    sums = formula.moments(terms)
    highest = np.argmax(sums, axis=0)
    allocated = sums.max(axis=0) + constants["workspace_gib"] * GIB

    several = per_run([run.gpus > 1 for run in runs])
    spread = np.where(per_run([run.variable_lengths for run in runs]) == 1, constants["spread"], 1)
    passing = np.maximum(terms["held"] + terms["layer"], terms["logits"] + terms["stranded"])
    cached = (terms["saved"] + passing * spread) * constants["slack"]
    standing = terms["weights"] + terms["optimizer"] + terms["gathered"] + terms["accumulated"]
    update = terms["gradients"] + terms["temporaries"] - terms["accumulated"]
    unused, context, collective = (constants[name] * GIB for name in ("unused_gib", "context_gib", "collective_gib"))
    reserved = np.asarray(formula.reserved(standing, cached, update, constants["unshared"], allocated, unused))
    process = np.asarray(formula.process(reserved, context, several, collective))

    names = list(formula.MOMENTS)
    at_peak = {
        name: np.where([name in formula.MOMENTS[names[index]] for index in highest], terms[name], 0) / GIB
        for name in terms
        if name != "stranded"
    }
    at_peak |= {
        "workspace": np.full(len(runs), constants["workspace_gib"]),
        "allocator": (reserved - allocated) / GIB,
        "context": (process - reserved) / GIB,
    }
    return MemoryEstimate(at_peak, np.array(names)[highest], allocated / GIB, reserved / GIB, process / GIB)


def fits(estimate: MemoryEstimate, card_gib: float | Values, constants: Constants) -> NDArray[np.str_]:
    """Verdict for each run: "yes", "tight" or "no".

    "yes" leaves a margin for the error of the estimate, "no" is where not even the tensors fit. Between the two it is
    "tight": the allocator then gives back what it caches, which costs speed and sometimes fails.

    Parameters
    ----------
    estimate : MemoryEstimate [GiB]
    card_gib : float or array that broadcasts against the runs [GiB], memory of the card
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    array of str, one of the words above
    """
    least = (estimate.allocated_gib + constants["context_gib"]) * (1 - constants["error_allocated"])
    most = estimate.process_gib * (1 + constants["error_process"])
    return np.where(least > card_gib, "no", np.where(most > card_gib, "tight", "yes"))
