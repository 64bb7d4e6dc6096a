"""Published tables of memory read as training runs; predictions in the unit and for the tool of each row."""

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.memory import estimate_memory, fits
from advisor.engineering.prediction import Prediction, spread
from advisor.engineering.validation.cells import Row, number, text
from advisor.engineering.validation.training_rows import training_run
from advisor.formulas.constants import GIB

MEASURES = {"smi": "process_gib", "reserved": "reserved_gib", "active": "allocated_gib", "allocated": "allocated_gib"}
UNITS = {"gb": 1e9, "gib": GIB, "mb": 1e6, "mib": 2.0**20}


def _card_gib(row: Row) -> float | None:
    """Memory of the row's card [GiB] from its name: nominal gigabytes of a card are binary."""
    found = re.search(r"(\d+(?:\.\d+)?)\s*g(?:i)?b", text(row, "gpu_canonical"))
    return float(found[1]) if found and float(found[1]) > 0 else None


def predicted_gb_per_gpu(rows: Sequence[Row], constants: Mapping[str, float]) -> list[Prediction | str]:
    """Predicted peak memory of each row, in the unit of the row and as its tool measures it.

    An unknown tool counts as the allocator's figure, an unknown unit as GiB. No prediction exceeds the card's memory.

    Parameters
    ----------
    rows : sequence of mapping of str to str or None, cells by column
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    list of Prediction [GB, GiB, MB or MiB per GPU], or the code of what is missing
    """
    runs = [training_run(row) for row in rows]
    known = [(place, run) for place, run in enumerate(runs) if isinstance(run, TrainingRun)]
    predicted: list[Prediction | str] = [run if isinstance(run, str) else "" for run in runs]
    if not known:
        return predicted
    estimate = estimate_memory([run for _, run in known], constants)
    for index, (place, _) in enumerate(known):
        row = rows[place]
        measure = next((name for word, name in MEASURES.items() if word in text(row, "memory_kind")), "reserved_gib")
        gib = min(float(getattr(estimate, measure)[index]), _card_gib(row) or math.inf)
        predicted[place] = spread(gib * GIB / UNITS.get(text(row, "unit"), GIB), constants["sigma"])
    return predicted


def predicted_fit(rows: Sequence[Row], constants: Mapping[str, float]) -> list[str]:
    """Whether each row's run fits its card.

    Parameters
    ----------
    rows : sequence of mapping of str to str or None, cells by column
    constants : mapping of str to float, of the memory estimator

    Returns
    -------
    list of str: "yes", "tight", "no", or the code of what is missing
    """
    runs = [training_run(row) for row in rows]
    cards = [number(row, "gpu_memory_gb") or _card_gib(row) for row in rows]
    verdicts = [
        run if isinstance(run, str) else "no_card" if card is None else ""
        for run, card in zip(runs, cards, strict=True)
    ]
    known = [place for place, verdict in enumerate(verdicts) if not verdict]
    if known:
        estimate = estimate_memory([run for place in known if isinstance(run := runs[place], TrainingRun)], constants)
        sizes = np.array([cards[place] for place in known], dtype=float)
        for place, verdict in zip(known, fits(estimate, sizes, constants), strict=True):
            verdicts[place] = str(verdict)
    return verdicts
