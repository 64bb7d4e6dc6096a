"""Rows of published serving measurements, predicted by the serving estimator."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from advisor.engineering.descriptions import Architecture, Card, ServingSetup
from advisor.engineering.prediction import Prediction, spread
from advisor.engineering.serving import Constants, ServingEstimate, estimate_serving
from advisor.engineering.serving_interval import serving_sigma
from advisor.engineering.validation.serving_model import Row, number
from advisor.engineering.validation.serving_rows import Deployed, deployed

DOES_NOT_FIT = "does_not_fit"
TOLD = ("lengths", "lengths_of_dataset", "engine", "layout", "limit", "precision")
"""What is assumed and said so beside the figure."""


def predicted_tokens_per_s(
    rows: Sequence[Row],
    cards: Mapping[str, Card],
    constants: Constants,
    models: Mapping[str, Architecture] | None = None,
) -> list[Prediction | str]:
    """Predicted throughput of the whole deployment of each row.

    Parameters
    ----------
    rows : sequence of mapping of str to object, cells by column
    cards : mapping of str to Card, as from ``from_catalog.cards``
    constants : mapping of str to float, of the serving estimator
    models : mapping of str to Architecture, as from ``serving_model.known_models``; None: only what rows say

    Returns
    -------
    list of Prediction [tokens/s], or the code of what is missing: answer tokens, or prompt and answer tokens where the
    row states only their total
    """
    read = [deployed(row, cards, models or {}) for row in rows]
    setups = [each.setup for each in read if isinstance(each, Deployed)]
    rates = iter(_rates(setups, constants) if setups else ())
    found: list[Prediction | str] = []
    for row, each in zip(rows, read, strict=True):
        if isinstance(each, str):
            found.append(each)
            continue
        setup, rate = each.setup, next(rates) * each.replicas
        rate *= _total_per_output(setup) if _wants_total(row) else 1.0
        told = tuple(code for code in setup.unknown if code in TOLD)
        sigma = serving_sigma(setup, constants)
        found.append(spread(rate, sigma, told) if math.isfinite(rate) else DOES_NOT_FIT)
    return found


def _rates(setups: Sequence[ServingSetup], constants: Constants) -> list[float]:
    """Answer tokens per second of each setup. A published run kept its limits, if only with one sequence at a time."""
    estimate = estimate_serving(setups, constants)
    if estimate.fits.all():
        return [float(rate) for rate in estimate.output_tokens_per_s]
    alone = [_without_limit(setup, estimate, place) for place, setup in enumerate(setups)]
    return [float(rate) for rate in estimate_serving(alone, constants).output_tokens_per_s]


def _without_limit(setup: ServingSetup, estimate: ServingEstimate, place: int) -> ServingSetup:
    if estimate.fits[place] or setup.tpot_limit_s is None:
        return setup
    return replace(setup, tpot_limit_s=None, concurrency=1)


def _wants_total(row: Row) -> bool:
    return number(row, "output_tokens_per_s") is None and number(row, "total_tokens_per_s") is not None


def _total_per_output(setup: ServingSetup) -> float:
    return (setup.input_tokens + setup.output_tokens) / setup.output_tokens
