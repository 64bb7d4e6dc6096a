"""The run of the case: its work, its machine and why this one, its hours and its money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np

from advisor.assumptions import resolve
from advisor.catalog.catalog import Catalog
from advisor.core.records import Assumptions
from advisor.engineering.descriptions import GENERATING, Method, Objective, TrainingRun
from advisor.engineering.from_catalog import card_of
from advisor.engineering.memory import estimate_memory, fits
from advisor.engineering.prediction import spread
from advisor.engineering.sizing import TrainingSetups, answers_of, longest_run_hours, training_run, training_setups
from advisor.engineering.training import SpeedEstimate, estimate_speed
from advisor.formulas.training_run import hours_at_speed, optimizer_steps, run_hours
from advisor.options import training_compute
from advisor.options.declared import total
from advisor.scenario import Scenario

STEP_PARTS = ("matmul", "attention", "memory", "small_batch", "unpacking", "optimizer")


@dataclass(frozen=True)
class Work:
    """What one run reads, and of which model. Lengths in tokens, ``startup_hours`` in hours."""

    model: str
    method: Method
    sequence: int
    examples: float
    epochs: float
    example_tokens: float
    evaluation_share: float
    startup_hours: float
    objective: Objective = "sft"

    @property
    def tokens(self) -> float:
        return self.examples * self.epochs * self.example_tokens

    def hours(self, tokens_per_s: np.ndarray | float) -> np.ndarray:
        """Wall clock of a run [hours], evaluation and start-up included."""
        reading = hours_at_speed(self.tokens, tokens_per_s, 1)
        return np.asarray(run_hours(reading, self.evaluation_share, self.startup_hours))


@dataclass(frozen=True)
class TrainingPlan:
    """The run as the case has it.

    ``hours`` and money are those of the case, ``None`` where nobody knows; ``estimated_hours`` is what the estimator
    says of the same machine. ``gpu`` is ``None`` where no card holds the model; ``why`` is how it was found.
    """

    scenario: Scenario
    case: Assumptions
    work: Work
    gpu: str | None
    gpus: int
    micro_batch: int
    fits: bool
    why: str
    hours: float | None
    estimated_hours: float | None
    tokens_per_s: float | None
    run_cost: float | None
    all_cost: float | None

    @property
    def names_machine(self) -> bool:
        """False where the case states hours and a price for a card it does not name."""
        return self.case.knows("training_gpu")

    @property
    def pays_months(self) -> bool:
        """True where all runs share months that are billed in full, so that a single run has no price of its own."""
        return self.case.choice("training_source") == "rented" and self.case.choice("rental_term") == "month"

    @property
    def is_estimate(self) -> bool:
        """True where the hours of the case follow from the estimated speed."""
        told = self.case.knows("training_hours")
        return not told and self.case["training_tokens_per_second"].kind == "estimate"

    def run(self, catalog: Catalog, method: Method | None = None, micro_batch: int | None = None) -> TrainingRun:
        """The run as the estimators are told it."""
        work, size = self.work, self.micro_batch if micro_batch is None else micro_batch
        return training_run(catalog, work.model, method or work.method, work.sequence, size, self.gpus, work.objective)


@dataclass(frozen=True)
class OptimizerSteps:
    """The estimated run in steps of the optimizer; ``sequences`` are those of one epoch, ``batch`` those of one step.

    ``seconds`` is the time of a step, ``shares`` what it goes into, largest first. ``low_hours`` and ``high_hours``
    are the ends of the run's 80 % interval, ``low_tokens_per_s`` and ``high_tokens_per_s`` those of its speed.
    """

    sequences: int
    batch: int
    steps: int
    seconds: float
    mfu: float
    shares: Mapping[str, float]
    low_tokens_per_s: float
    high_tokens_per_s: float
    low_hours: float
    high_hours: float


def training_plan(scenario: Scenario, catalog: Catalog, on: date) -> TrainingPlan:
    """The run of a case. Raises :class:`~advisor.core.notices.InputError` for answers that cannot be used."""
    if scenario.training_source == "managed":  # what it would take on machines of one's own
        scenario = scenario.with_(training_source=None, managed_route=None)
    case = resolve(scenario, catalog, on)
    sized = case if scenario.training_hours is None else resolve(scenario.with_(training_hours=None), catalog, on)
    work = _work(sized)
    gpu = str(sized["training_gpu"].value) if sized.knows("training_gpu") else None
    gpus = int(float(sized.number("training_gpus"))) if sized.knows("training_gpus") else 1
    setups = training_setups(catalog, work.model, work.method, work.sequence, work.objective)
    place = place_of(setups, gpu, gpus)
    known = place is not None and setups.fits[place] == "yes"
    micro_batch = int(setups.micro_batch[place]) if known else 1
    run = training_run(catalog, work.model, work.method, work.sequence, micro_batch, gpus, work.objective)
    holds = gpu is not None and _holds(run, gpu, catalog)
    timed = work.objective not in GENERATING
    estimated = _speed(run, gpu, catalog) * gpus if gpu is not None and holds and timed else None
    told = case.knows("training_hours") or case.knows("training_tokens_per_second")
    return TrainingPlan(
        scenario=scenario,
        case=case,
        work=work,
        gpu=gpu,
        gpus=gpus,
        micro_batch=micro_batch,
        fits=holds,
        why=_why(case, sized, work, estimated, longest_run_hours(catalog)),
        hours=float(training_compute.run_hours(case)) if told else None,
        estimated_hours=None if estimated is None else float(work.hours(estimated)),
        tokens_per_s=estimated,
        run_cost=_compute_cost(case.replaced({"training_runs": 1.0})) if told else None,
        all_cost=_compute_cost(case) if told else None,
    )


def _work(sized: Assumptions) -> Work:
    length = float(sized.number("example_tokens"))
    return Work(
        model=sized.choice("open_model"),
        method=cast(Method, sized.choice("method")),
        sequence=max(int(float(sized.number("sequence_tokens"))), int(length)),
        examples=float(sized.number("training_examples")),
        epochs=float(sized.number("training_epochs")),
        example_tokens=length,
        evaluation_share=float(sized.number("evaluation_share")),
        startup_hours=float(sized.number("startup_hours")),
        objective=cast(Objective, sized.choice("tuning_objective")),
    )


def place_of(setups: TrainingSetups, gpu: str | None, gpus: int) -> int | None:
    """Place of so many cards of a kind among the setups."""
    found = (k for k, name in enumerate(setups.gpu) if name == gpu and setups.gpus[k] == gpus)
    return next(found, None)


def _holds(run: TrainingRun, gpu: str, catalog: Catalog) -> bool:
    constants = catalog.constants("memory")
    return bool(fits(estimate_memory([run], constants), catalog.gpu(gpu).memory_gib, constants)[0] == "yes")


def _estimate(run: TrainingRun, gpu: str, catalog: Catalog) -> SpeedEstimate:
    return estimate_speed([run], [card_of(catalog.gpu(gpu))], catalog.constants("training"))


def _speed(run: TrainingRun, gpu: str, catalog: Catalog) -> float:
    speed = float(_estimate(run, gpu, catalog).tokens_per_s_per_gpu[0])
    return speed / answers_of(run.objective)


def _why(case: Assumptions, sized: Assumptions, work: Work, tokens_per_s: float | None, longest: float) -> str:
    """How the machine of the run was found."""
    if not sized.knows("training_gpu"):
        return "generates" if work.objective in GENERATING else "fits_nowhere"
    if sized["training_gpu"].kind != "estimate":
        return "named"
    if "training_gpu" not in case:
        return "only_price_named"
    if tokens_per_s is not None and hours_at_speed(work.tokens, tokens_per_s, 1) > longest:
        return "fastest"
    return "cheapest" if case.choice("training_source") == "rented" else "cheapest_to_buy"


def _compute_cost(a: Assumptions) -> float | None:
    """Money of the machines alone, without data and people."""
    cost = total(training_compute.training_items(a))
    return None if cost is None else float(cost)


def steps(plan: TrainingPlan, catalog: Catalog) -> OptimizerSteps | None:
    """The estimated run in steps; ``None`` where the machine does not hold it."""
    if plan.gpu is None or plan.tokens_per_s is None:
        return None
    work, speed = plan.work, _estimate(plan.run(catalog), plan.gpu, catalog)
    range_of_speed = spread(plan.tokens_per_s, float(speed.sigma[0]))
    sequences, batch = int(np.ceil(work.examples * work.example_tokens / work.sequence)), plan.micro_batch * plan.gpus
    whole = float(speed.micro_step_s[0])
    spent = {part: float(getattr(speed, f"{part}_s")[0]) for part in STEP_PARTS}
    spent["idle"] = max(whole - sum(spent.values()), 0.0)
    return OptimizerSteps(
        sequences=sequences,
        batch=batch,
        steps=int(float(optimizer_steps(sequences, batch, work.epochs))),
        seconds=whole,
        mfu=float(speed.mfu[0]),
        shares={part: time / whole for part, time in sorted(spent.items(), key=lambda each: -each[1])},
        low_tokens_per_s=range_of_speed.low,
        high_tokens_per_s=range_of_speed.high,
        low_hours=float(work.hours(range_of_speed.high)),
        high_hours=float(work.hours(range_of_speed.low)),
    )
