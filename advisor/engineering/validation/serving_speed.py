"""Rows of published serving measurements, predicted by the serving estimator."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from advisor.catalog.records import ModelRecord
from advisor.engineering.descriptions import Card, Load, ServingSetup
from advisor.engineering.prediction import Prediction, spread
from advisor.engineering.serving import Constants, estimate_serving
from advisor.engineering.validation.cells import Row, amount
from advisor.engineering.validation.serving_rows import MILLI, Deployed, deployed
from advisor.engineering.validation.serving_words import LOADS

DOES_NOT_FIT = "does_not_fit"
LASTING: tuple[Load, ...] = ("open", "closed")
TOLD = ("lengths", "lengths_of_dataset", "engine", "layout", "limit", "precision", "users")
"""What is assumed and said so beside the figure."""


def predicted_tokens_per_s(
    rows: Sequence[Row],
    cards: Mapping[str, Card],
    constants: Constants,
    models: Mapping[str, ModelRecord] | None = None,
) -> list[Prediction | str]:
    """Predicted throughput of the whole deployment of each row.

    Parameters
    ----------
    rows : sequence of mapping of str to object, cells by column
    cards : mapping of str to Card, as from ``from_catalog.cards``
    constants : mapping of str to float, of the serving estimator
    models : mapping of str to ModelRecord, as from ``from_catalog.models``; None: only what rows say

    Returns
    -------
    list of Prediction [tokens/s], or the code of what is missing: answer tokens, or prompt and answer tokens where the
    row states only their total
    """
    return predicted(rows, [deployed(row, cards, models or {}) for row in rows], constants)


def predicted(rows: Sequence[Row], read: Sequence[Deployed | str], constants: Constants) -> list[Prediction | str]:
    """Predicted throughput of rows that were read before, which takes longer than to estimate them.

    Parameters
    ----------
    rows : sequence of mapping of str to object, cells by column
    read : sequence of Deployed or str, as from ``serving_rows.deployed``
    constants : mapping of str to float, of the serving estimator

    Returns
    -------
    list of Prediction [tokens/s], or the code of what is missing
    """
    setups = [each.setup for each in read if isinstance(each, Deployed)]
    estimates = iter(_estimated(setups, constants) if setups else ())
    found: list[Prediction | str] = []
    for row, each in zip(rows, read, strict=True):
        if isinstance(each, str):
            found.append(each)
            continue
        setup, (rate, sigma, keeps_limits) = each.setup, next(estimates)
        rate *= each.replicas
        rate *= _total_per_output(setup) if _wants_total(row) else 1.0
        stated = "limit" not in setup.unknown and math.isfinite(setup.ttft_limit_s or math.inf)
        of_limits = (*(("first_token",) if stated else ()), *(() if keeps_limits else ("kept_limit",)))
        told = (*(code for code in setup.unknown if code in TOLD), *of_limits)
        found.append(spread(rate, sigma, told) if math.isfinite(rate) else DOES_NOT_FIT)
    return found


def is_timed(row: Row) -> bool:
    """Whether the load of a row lasts and the row tells the time per token, which then belongs to its throughput.

    Parameters
    ----------
    row : mapping of str to object, cells by column

    Returns
    -------
    bool
    """
    return LOADS.get(str(row["benchmark_mode"])) in LASTING and amount(row, "tpot_ms") is not None


def predicted_under_limits(
    rows: Sequence[Row], cards: Mapping[str, Card], constants: Constants, models: Mapping[str, ModelRecord]
) -> list[Prediction | str]:
    """Predicted throughput of the same deployments while a token takes no longer than was measured.

    Parameters
    ----------
    rows : sequence of mapping of str to object, cells by column; each is timed
    cards : mapping of str to Card, as from ``from_catalog.cards``
    constants : mapping of str to float, of the serving estimator
    models : mapping of str to ModelRecord, as from ``from_catalog.models``

    Returns
    -------
    list of Prediction [tokens/s], or the code of what is missing
    """
    read = [deployed(row, cards, models) for row in rows]
    limited = [
        within_its_time_per_token(each, (amount(row, "tpot_ms") or 0.0) * MILLI) if isinstance(each, Deployed) else each
        for row, each in zip(rows, read, strict=True)
    ]
    return predicted(rows, limited, constants)


def within_its_time_per_token(each: Deployed, seconds: float) -> Deployed:
    """The same deployment, asked for as much as it serves while a token takes its users no longer.

    Parameters
    ----------
    each : Deployed
    seconds : float [s], time per output token

    Returns
    -------
    Deployed
    """
    limited = replace(
        each.setup,
        load="saturated",
        tpot_limit_s=seconds,
        ttft_limit_s=None,
        concurrency=None,
        requests=None,
        requests_per_s=None,
        longest_over_mean=None,
    )
    return replace(each, setup=limited)


def _estimated(setups: Sequence[ServingSetup], constants: Constants) -> Iterator[tuple[float, float, bool]]:
    """Answer tokens per second of each setup, how uncertain they are, and whether one request keeps the limits."""
    runs = [replace(setup, limits_kept=_is_limited(setup)) for setup in setups]
    estimate = estimate_serving(runs, constants)
    figures = (estimate.output_tokens_per_s, estimate.sigma, estimate.keeps_limits | ~estimate.fits)
    return zip(*(each.tolist() for each in figures), strict=True)


def _is_limited(setup: ServingSetup) -> bool:
    return setup.tpot_limit_s is not None or setup.ttft_limit_s is not None


def _wants_total(row: Row) -> bool:
    return amount(row, "output_tokens_per_s") is None and amount(row, "total_tokens_per_s") is not None


def _total_per_output(setup: ServingSetup) -> float:
    return (setup.input_tokens + setup.output_tokens) / setup.output_tokens
