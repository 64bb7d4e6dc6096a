"""Compute of the training runs: a vendor's price by the token, rented GPUs by the hour or month, cards one owns."""

from advisor.core.records import Assumptions, LineItem, Number
from advisor.formulas.constants import TOKENS_PER_MTOK
from advisor.formulas.hardware import annual_depreciation, depreciation_per_hour, energy, hours_of_whole_months
from advisor.formulas.training_run import hours_at_speed
from advisor.formulas.training_run import run_hours as finished_run_hours
from advisor.options.declared import one_time, rent

ESTIMATED_WORK = ("training_examples", "training_epochs", "example_tokens", "evaluation_share", "startup_hours")


def run_hours(a: Assumptions) -> Number:
    """One training run: the user's own figure, or the tokens it reads at the speed of the machine. [hours]"""
    if a.knows("training_hours"):
        return a.number("training_hours")
    tokens = a.number("training_examples") * a.number("training_epochs") * a.number("example_tokens")
    reading = hours_at_speed(tokens, a.number("training_tokens_per_second"), 1)
    return finished_run_hours(reading, a.number("evaluation_share"), a.number("startup_hours"))


def _work(a: Assumptions) -> tuple[str, ...]:
    """What the hours of a run rest on."""
    if a.knows("training_hours"):
        return ("training_hours",)
    return (*ESTIMATED_WORK, "training_tokens_per_second")


def training_items(a: Assumptions) -> tuple[LineItem, ...]:
    """All runs of the project, by where they train; without a price where their length is unknown."""
    source = a.choice("training_source")
    if source == "managed":
        return (_managed_item(a),)
    uses = ("training_gpus", *_work(a), "training_runs")
    if not all(a.knows(name) for name in uses):
        return (LineItem("training_compute", "compute", "one_time", 1.0, "GPU*h", None, uses=uses),)
    machine_hours = run_hours(a) * a.number("training_runs")
    return _rented_item(a, machine_hours, uses) if source == "rented" else _own_card_items(a, machine_hours, uses)


def _managed_item(a: Assumptions) -> LineItem:
    """A vendor's training, billed by the tokens of all passes; every run is billed."""
    uses = (*ESTIMATED_WORK[:3], "training_runs")
    tokens = a.number("training_examples") * a.number("training_epochs") * a.number("example_tokens")
    quantity, price = tokens * a.number("training_runs") / TOKENS_PER_MTOK, "managed_training_price"
    return one_time(a, "managed_training", "compute", quantity, "Mtok", price, *uses)


def _rented_item(a: Assumptions, machine_hours: Number, uses: tuple[str, ...]) -> tuple[LineItem, ...]:
    """The hours of the runs, or whole months at a lower price an hour."""
    gpus = a.number("training_gpus")
    if a.choice("rental_term") == "hour":
        return (one_time(a, "training_compute", "compute", gpus * machine_hours, "GPU*h", "training_gpu_price", *uses),)
    paid = gpus * hours_of_whole_months(machine_hours, a.number("hours_per_month"))
    price = rent(a, "training_gpu_price")
    uses = (*uses, "hours_per_month", "training_gpu_price", "monthly_discount")
    return (LineItem("training_compute", "compute", "one_time", paid, "GPU*h", price, uses=uses),)


def _own_card_items(a: Assumptions, machine_hours: Number, uses: tuple[str, ...]) -> tuple[LineItem, ...]:
    card = ("card_price", "card_residual_share", "card_life_years", "card_hours_per_year")
    power = energy(a.number("machine_power_kw"), machine_hours, a.number("power_overhead"))
    per_hour = None
    if a.knows("card_price"):
        annual = annual_depreciation(
            a.number("card_price"), a.number("card_residual_share"), a.number("card_life_years")
        )
        per_hour = depreciation_per_hour(annual, a.number("card_hours_per_year"))
    hours, more = a.number("training_gpus") * machine_hours, ("machine_power_kw", "power_overhead", *uses[1:])
    return (
        LineItem("card_depreciation", "compute", "one_time", hours, "GPU*h", per_hour, uses=(*uses, *card)),
        one_time(a, "electricity", "compute", power, "kWh", "electricity_price", *more),
    )
