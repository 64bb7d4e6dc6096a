"""The tuned model with the API behind it: asked one after the other (cascade), or one of them chosen first (router)."""

from dataclasses import dataclass

import numpy as np

from advisor.assumptions.currency import DOLLAR, in_base
from advisor.catalog.catalog import Catalog
from advisor.costs.serving.machines import ServingPlan, gpu_cost, lengths
from advisor.formulas import routing
from advisor.formulas.replicas import cost_per_request


@dataclass(frozen=True)
class Cascade:
    """The tuned model first, the API for what fails a check that costs nothing; money per request, seconds an answer.

    ``small_seconds`` are ``None`` where the replica's speed is a measured figure; ``seconds`` are the mean of all.
    """

    small: float
    large: float
    share: float
    break_even_share: float
    cost: float
    small_seconds: float | None
    large_seconds: float
    seconds: float | None


@dataclass(frozen=True)
class Router:
    """Each request goes to one of the two before either has answered, the same share to the API; money per request."""

    call_cost: float
    cost: float
    break_even_share: float


def cascade(plan: ServingPlan, catalog: Catalog) -> Cascade | None:
    """What falling back costs at today's volume; None where the volume or the API's price is unknown."""
    large = plan.api_each
    if not plan.volume or large is None:
        return None
    share, small = float(plan.a.number("fallback_share")), _small(plan, 0.0)
    written = lengths(plan.a)[1]
    slow = written / catalog.number("large_answer_speed")
    quick = _small_seconds(plan, written)
    return Cascade(
        small=small,
        large=large,
        share=share,
        break_even_share=float(routing.cascade_break_even_share(small, 0.0, large)),
        cost=float(routing.cascade_cost(small, 0.0, large, share)),
        small_seconds=quick,
        large_seconds=slow,
        seconds=None if quick is None else float(routing.cascade_latency(quick, slow, share)),
    )


def router(plan: ServingPlan, catalog: Catalog) -> Router | None:
    """What choosing first costs at today's volume and fallback share; None where a price is unknown.

    The GPUs have fewer requests to answer than in a cascade, and whole ones are rented for those.
    """
    call, large = _call_cost(plan, catalog), plan.api_each
    if not plan.volume or large is None or call is None:
        return None
    share = float(plan.a.number("fallback_share"))
    cost = routing.router_cost(call, _small(plan, share), large, share)
    limit = routing.router_break_even_share(call, _small(plan, 0.0), large)
    return Router(call, float(cost), float(limit))


def _small(plan: ServingPlan, sent_away: float) -> float:
    """A request on whole GPUs when a share goes elsewhere; nothing where all do. [money/request]"""
    if sent_away >= 1:
        return 0.0
    kept = (plan.volume or 0.0) * (1 - sent_away)
    return float(cost_per_request(float(gpu_cost(plan.a, np.full(1, kept))[0]), plan.requests * (1 - sent_away)))


def _small_seconds(plan: ServingPlan, written: float) -> float | None:
    """From the question to the last token of the chosen replica at its full batch. [s]"""
    card = plan.chosen
    if card is None or np.isnan(card.tpot_s):
        return None
    return card.ttft_s + card.tpot_s * written


def _call_cost(plan: ServingPlan, catalog: Catalog) -> float | None:
    value = catalog.number("router_call_cost")
    return in_base(value, DOLLAR, plan.scenario, catalog, plan.a.on)
