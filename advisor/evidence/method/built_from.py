"""Which formulas stand behind which, so that a reader can go from a figure down to what was entered."""

from collections.abc import Collection, Iterator, Mapping

COSTS_OF_USE = ("tuned_hosted", "tuned_request_given", "baseline_request", "tuned_success")
MACHINES = ("gpu_rent", "gpu_power")
TODAY = ("current_request", "current_request_given")

BUILT_FROM: Mapping[str, tuple[str, ...]] = {
    "baseline_request": TODAY,
    "tuned_hosted": ("tuned_input",),
    "request_work": ("tuned_input",),
    "replica_capacity": ("replica_speed", "request_work"),
    "replicas": ("busiest_moment", "replica_capacity"),
    "gpu_rent": ("replicas",),
    "gpu_power": ("replicas",),
    "own_cards": ("replicas",),
    "usage": COSTS_OF_USE,
    "good_answer": ("tuned_request", "tuned_success"),
    "run_hours": ("training_speed",),
    "training_rented": ("run_hours",),
    "card_training": ("run_hours", "card_hour"),
    "investment": ("training_managed", "training_rented", "card_training", "own_cards"),
    "retraining_average": ("investment",),
    "steady_months": ("requests", "baseline_request", "usage", *MACHINES, "retraining_average"),
    "saving": ("steady_months",),
    "saving_today": ("saving", *TODAY),
    "tuned_request": ("steady_months", "requests"),
    "untuned_request": ("requests", "baseline_request", *TODAY),
    "untuned_good_answer": ("untuned_request",),
    "steady_payback": ("investment", "saving"),
    "annual_roi": ("saving", "investment"),
    "volume": ("requests",),
    "retraining": ("investment",),
    "cash_flow": (
        *("investment", "volume", "adoption", "baseline_request", "usage", "api_path", "announced_price"),
        *("hosting_path", *MACHINES, "retraining"),
    ),
    "cumulative": ("cash_flow",),
    "roi_horizon": ("cumulative", "investment"),
    "payback": ("cumulative",),
    "payback_today": ("cash_flow", *TODAY),
    "discounting": ("cash_flow", "monthly_rate"),
    "npv": ("discounting",),
    "npv_today": ("discounting", *TODAY),
    "npv_with_exit": ("discounting",),
    "discounted_payback": ("discounting",),
    "irr": ("cash_flow",),
    "mirr": ("cash_flow",),
    "break_even": ("npv",),
    "band_volume": ("payback",),
    "payback_band": ("payback",),
    "budget": ("investment",),
    "swing": ("npv",),
    "chance": ("npv",),
    "expected_npv": ("npv",),
    "percentiles": ("pert", "lognormal"),
    "evpi": ("npv",),
}
"""Formulas that a formula takes its numbers from; which of them a case uses, the case decides."""


def all_behind(name: str, used: Collection[str]) -> Iterator[str]:
    """A formula and every one behind it that is ``used``, the nearest first, each once."""
    found, ahead = {name}, [name]
    while ahead:
        current = ahead.pop(0)
        yield current
        nearer = [other for other in BUILT_FROM.get(current, ()) if other in used and other not in found]
        found.update(nearer)
        ahead += nearer
