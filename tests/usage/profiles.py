"""Profiles written by hand, as a month of one assistant would give them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from advisor.usage.profile import FIGURES as EVERY_FIGURE
from advisor.usage.records import Measured, ModelShare, UsageProfile

MODEL = "openai/gpt-6.1-sol"
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
FIGURES: Mapping[str, Measured] = {
    "daily_requests": Measured(60_500.0, 59_200.0, 61_800.0, 1_875_500, "day"),
    "input_tokens": Measured(2_612.4, 2_590.1, 2_634.7, 1_875_500, "day"),
    "output_tokens": Measured(181.25, 178.0, 184.5, 1_875_500, "day"),
    "cached_input_share": Measured(0.31, 0.30, 0.32, 1_875_500, "day"),
    "batch_share": Measured(0.58, 0.55, 0.61, 1_875_500, "day"),
    "peak_factor": Measured(2.4, 2.3, 2.6, 31, "day"),
    "volume_growth": Measured(0.8, 0.3, 1.5, 31, "day"),
}


def model(name: str = MODEL, share: float | None = 1.0, **changes: object) -> ModelShare:
    known = ModelShare(name, name, share, 2_612.4, 181.25, share, share)
    return replace(known, **changes)  # type: ignore[arg-type]


def usage_profile(figures: Mapping[str, Measured] = FIGURES, **changes: object) -> UsageProfile:
    days = tuple((FIRST + timedelta(days=k), 60_000.0 + 100 * k) for k in range(31))
    month = UsageProfile(
        formats=("litellm_spend",),
        files=("spend-2026-10.parquet",),
        first=FIRST,
        last=LAST,
        days=31.0,
        rows=1_875_500,
        requests=1_875_500,
        currency="USD",
        figures=figures,
        not_known={name: "not_reported" for name in EVERY_FIGURE if name not in figures},
        models=(model(),),
        daily=days,
    )
    return replace(month, **changes)  # type: ignore[arg-type]
