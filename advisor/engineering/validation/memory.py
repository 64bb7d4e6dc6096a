"""Published tables of memory read as training runs; predictions in the unit and for the tool of each row."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from advisor.engineering.descriptions import GENERATING, Card, TrainingRun
from advisor.engineering.from_catalog import card_named
from advisor.engineering.memory import estimate_memory, fit_probability, fits
from advisor.engineering.memory_interval import assumed
from advisor.engineering.prediction import FitVerdict, Prediction
from advisor.engineering.validation.cells import Row, number, text
from advisor.engineering.validation.said_cells import MEMORY_UNITS, plain_cell
from advisor.engineering.validation.training_rows import laid_out, training_run
from advisor.formulas.constants import GIB

MEASURES = {"smi": "process_gib", "reserved": "reserved_gib", "active": "allocated_gib", "allocated": "allocated_gib"}
NOT_ESTIMATED = {"ppo": "ppo_models_unknown"}
"""Objectives whose memory nothing in a row decides: how large value and reward model are, and where they stand."""


def memory_run(row: Row, known: Mapping[str, Card]) -> TrainingRun | str:
    """The training run of a row, or the code of why its memory cannot be estimated.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    known : mapping of str to Card, as from ``from_catalog.cards``

    Returns
    -------
    TrainingRun or str
    """
    run = training_run(row)
    if isinstance(run, str):
        return run
    return NOT_ESTIMATED.get(run.objective, laid_out(run, card_gib(row, known), row))


def card_gib(row: Row, known: Mapping[str, Card]) -> float | None:
    """Memory of the row's card [GiB]: as stated, as drivers report it of a card of this name, or from the name itself.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    known : mapping of str to Card, as from ``from_catalog.cards``

    Returns
    -------
    float or None [GiB]
    """
    stated = number(row, "gpu_memory_gb")
    card = card_named(known, text(row, "gpu_canonical")) or card_named(known, text(row, "gpu"))
    if card is not None and (stated is None or abs(card.memory_gib / stated - 1) < 0.1):
        return card.memory_gib
    named = re.search(r"(\d+(?:\.\d+)?)\s*g(?:i?b)?\b", text(row, "gpu_canonical", "gpu"))
    return stated or (float(named[1]) if named and float(named[1]) > 0 else None)


def predicted_gb_per_gpu(
    rows: Sequence[Row], known: Mapping[str, Card], constants: Mapping[str, float]
) -> list[Prediction | str]:
    """Predicted peak memory of each row, in the unit of the row and as its tool measures it.

    An unknown tool counts as the allocator's figure, an unknown unit as GiB. Where tensors fit the card but what the
    allocator would like to keep does not, the card is full: it then gives cached blocks back. Tensors are never capped.

    Parameters
    ----------
    rows : sequence of mapping of str to object, cells by column
    known : mapping of str to Card, as from ``from_catalog.cards``
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    list of Prediction [GB, GiB, MB or MiB per GPU], or the code of what is missing
    """
    runs = [memory_run(row, known) for row in rows]
    described = [(place, run) for place, run in enumerate(runs) if isinstance(run, TrainingRun)]
    predicted: list[Prediction | str] = [run if isinstance(run, str) else "" for run in runs]
    if not described:
        return predicted
    estimate = estimate_memory([run for _, run in described], constants)
    for index, (place, run) in enumerate(described):
        row = rows[place]
        measure = next((name for word, name in MEASURES.items() if word in text(row, "memory_kind")), "reserved_gib")
        gib, room = float(getattr(estimate, measure)[index]), card_gib(row, known)
        if room is not None and measure != "allocated_gib":
            gib = max(float(estimate.allocated_gib[index]), min(gib, room * constants["usable_share"]))
        if run.objective in GENERATING:
            gib += (run.engine_share or 0) * (room or 0)
        wide = (
            constants["sigma_tool"] if measure == "reserved_gib" and "reserved" not in text(row, "memory_kind") else 0
        )
        found = estimate.prediction(index, gib, wide, room)
        scale = GIB / MEMORY_UNITS.get(plain_cell("unit", text(row, "unit")), GIB)
        predicted[place] = Prediction(found.middle * scale, found.low * scale, found.high * scale, assumed(run))
    return predicted


def predicted_fit(
    rows: Sequence[Row], known: Mapping[str, Card], constants: Mapping[str, float]
) -> list[FitVerdict | str]:
    """Whether each row's run fits its card, and how probably.

    Parameters
    ----------
    rows : sequence of mapping of str to object, cells by column
    known : mapping of str to Card, as from ``from_catalog.cards``
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    list of FitVerdict, or the code of what is missing
    """
    runs = [memory_run(row, known) for row in rows]
    rooms = [card_gib(row, known) for row in rows]
    verdicts: list[FitVerdict | str] = [
        run if isinstance(run, str) else "no_card" if room is None else ""
        for run, room in zip(runs, rooms, strict=True)
    ]
    places = [place for place, verdict in enumerate(verdicts) if not verdict]
    if places:
        described = [run for place in places if isinstance(run := runs[place], TrainingRun)]
        estimate = estimate_memory(described, constants)
        free = [
            (rooms[place] or 0) * (1 - (run.engine_share or 0)) for place, run in zip(places, described, strict=True)
        ]
        said = fits(estimate, np.array(free), constants)
        chances = fit_probability(estimate, np.array(free), constants)
        for place, verdict, chance in zip(places, said, chances, strict=True):
            verdicts[place] = FitVerdict(str(verdict), float(chance))
    return verdicts
