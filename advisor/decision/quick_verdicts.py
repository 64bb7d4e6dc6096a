"""What the volume matrix and the payback each say alone, for one case and arrays of cases alike."""

import numpy as np
from numpy.typing import NDArray

from advisor.catalog.rules import DecisionRules
from advisor.core.records import Metrics, Number
from advisor.formulas import decision_matrix

Words = NDArray[np.str_]

MATRIX = {
    decision_matrix.PROMPT: "prompt",
    decision_matrix.ASK_QUALITY: "ask_quality",
    decision_matrix.LORA: "lora",
    decision_matrix.STRONGLY: "strongly",
}


def matrix_cells(daily_requests: Number | None, quality_need: str | None, rules: DecisionRules) -> Words:
    """Cell of article 001's matrix for each volume; unanswered quality is asked for only where it decides."""
    if daily_requests is None:
        return np.asarray("ask_quality")
    quality = None if quality_need is None else quality_need == "high"
    cell = decision_matrix.matrix_cell(daily_requests, quality, rules.matrix.low, rules.matrix.high)
    return np.asarray(np.asarray([MATRIX[code] for code in sorted(MATRIX)])[cell])


def band_of(months: float | None, rules: DecisionRules) -> str:
    """Verdict of the payback bands; ``None`` is never."""
    return str(_bands(np.nan if months is None else months, rules))


def _bands(months: Number, rules: DecisionRules) -> Words:
    names = np.asarray([*(band.verdict for band in rules.bands), "no"])
    return np.asarray(names[decision_matrix.payback_band(months, [band.below_months for band in rules.bands])])


def payback_verdict(metrics: Metrics, rules: DecisionRules) -> str:
    """What the payback of the point case says alone."""
    months = np.nan if metrics.payback_months is None else metrics.payback_months
    return str(payback_verdicts(months, metrics.payback_status, metrics.npv_with_exit, rules))


def payback_verdicts(months: Number, status: str | Words, npv_with_exit: Number, rules: DecisionRules) -> Words:
    """What each payback says alone; nan is never. Money recovered and lost again is at best a caution."""
    lost_again = np.where(np.asarray(npv_with_exit) > 0, "caution", "no")
    return np.where(np.asarray(status) == "reversed_later", lost_again, _bands(months, rules))
