"""API or own GPUs: serving alone, counted as the economics count it."""

from advisor.costs.serving.by_volume import Band, Line, Range, lines, own_band, own_pays, paying_ranges, volume_domain
from advisor.costs.serving.load import (
    PARAMETERS,
    Cascade,
    LoadCurve,
    Mode,
    Shared,
    cascade,
    load_curve,
    modes,
    shared,
    step_seconds,
    utilisation,
)
from advisor.costs.serving.machines import SPEED, CardOffer, ServingPlan, carried_per_day, gpu_cost, serving_plan

__all__ = [
    "PARAMETERS",
    "SPEED",
    "Band",
    "CardOffer",
    "Cascade",
    "Line",
    "LoadCurve",
    "Mode",
    "Range",
    "ServingPlan",
    "Shared",
    "carried_per_day",
    "cascade",
    "gpu_cost",
    "lines",
    "load_curve",
    "modes",
    "own_band",
    "own_pays",
    "paying_ranges",
    "serving_plan",
    "shared",
    "step_seconds",
    "utilisation",
    "volume_domain",
]
