"""Every card of the catalog in its counts as arrays, asked for many prompts, answers and speeds at once."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from advisor.catalog.catalog import Catalog
from advisor.engineering.deployments import Deployment, check_answers, deployment
from advisor.engineering.descriptions import Architecture, Card, Compute, ServingSetup
from advisor.engineering.from_catalog import architecture_of, card_of
from advisor.engineering.serving import ServingEstimate, estimate_deployment

Array = NDArray[np.float64]

GPU_COUNTS = (1, 2, 4, 8)
WEIGHT_BITS = {"bf16": 16.0, "fp8": 8.0, "int4": 4.0}
MOST_SEQUENCES = 256.0
"""Sequences that a serving engine runs at once by default."""
REMEMBERED = 64
TOGETHER = 16_384
"""Setups of requests that are looked at together: so few that they stay in the cache of the processor."""


def request_rates(
    catalog: Catalog,
    model: str,
    precision: str,
    asked: Array,
    ways: NDArray[np.intp],
) -> tuple[Array, Array]:
    """Requests and answer tokens per second of some of the ``serving_setups``; 0 where one does not carry them.

    Parameters
    ----------
    catalog : Catalog
    model : str, id of an open-weight model
    precision : str, of the weights: a key of WEIGHT_BITS
    asked : array (asked, 3) of prompt, answer, speed for a user [tokens/request, tokens/request, tokens/s]
    ways : array (ways,), places among the setups

    Returns
    -------
    tuple of two arrays (asked, ways) [requests/s, tokens/s]

    Raises
    ------
    InputError
        If an answer has no token.
    """
    one = deployments(catalog, model, precision)[2].among(ways)
    rates = [(e.requests_per_s, e.output_tokens_per_s) for e in estimates(catalog, one, asked)]
    requests, tokens = (np.nan_to_num(np.concatenate(each)) for each in zip(*rates, strict=True))
    return requests, tokens


def estimates(catalog: Catalog, one: Deployment, asked: Array) -> Iterator[ServingEstimate]:
    """The setups for every prompt, answer and speed, so many at a time as the cache of the processor holds.

    Parameters
    ----------
    catalog : Catalog
    one : Deployment, each (ways,)
    asked : array (asked, 3) of prompt, answer, speed for a user [tokens/request, tokens/request, tokens/s]

    Returns
    -------
    iterator of ServingEstimate, each (requests, ways)

    Raises
    ------
    InputError
        If an answer has no token.
    """
    many = max(TOGETHER // len(one["cards"]), 1)
    for start in range(0, len(asked), many):
        part = asked[start : start + many]
        check_answers(float(part[:, 1].min()))
        prompt, answer, speed = part.T[..., np.newaxis]
        numbers = {**one.numbers, "prompt": prompt, "answer": answer, "tpot_limit": 1 / speed}
        yield estimate_deployment(Deployment(numbers, one.words), catalog.constants("serving"))


@lru_cache(REMEMBERED)
def deployments(catalog: Catalog, model: str, precision: str) -> tuple[tuple[str, ...], Array, Deployment]:
    """Every card in those counts that divide the model's attention heads, whatever the lengths of its requests.

    Parameters
    ----------
    catalog : Catalog
    model : str, id of an open-weight model
    precision : str, of the weights: a key of WEIGHT_BITS

    Returns
    -------
    tuple of (ids of the cards, array of counts [GPU], Deployment), one entry for each way
    """
    shape = architecture_of(catalog.model(model))
    cards = [card_of(gpu) for gpu in catalog.gpus.values()]
    ways = [(card, count) for card in cards for count in GPU_COUNTS if shape.heads % count == 0]
    setups = [serving_setup(shape, card, count, 1.0, 1.0, precision) for card, count in ways]
    counts = np.array([float(count) for _, count in ways])
    counts.flags.writeable = False
    return tuple(card.name for card, _ in ways), counts, deployment(setups)


def serving_setup(
    model: Architecture, card: Card, gpus: int, input_tokens: float, output_tokens: float, precision: str
) -> ServingSetup:
    """A saturated replica on a common engine, without a limit on the time per token.

    Parameters
    ----------
    model : Architecture
    card : Card
    gpus : int [GPUs], in tensor parallel
    input_tokens : float [tokens/request]
    output_tokens : float [tokens/request]
    precision : str, of the weights: a key of WEIGHT_BITS

    Returns
    -------
    ServingSetup
    """
    return ServingSetup(
        model=model,
        card=card,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        weight_bits=WEIGHT_BITS[precision],
        compute=_compute(precision, card.fp8_tflops),
        tensor_parallel=gpus,
        http=True,
        load="saturated",
        max_sequences=MOST_SEQUENCES,
    )


def _compute(precision: str, fp8_tflops: float | None) -> Compute:
    """8-bit weights are multiplied in FP8 where the card supports it; other weights are dequantised to bf16."""
    return "fp8" if precision == "fp8" and fp8_tflops is not None else "bf16"
