"""A second, plain implementation of the odds, from what the JSON of a case says and from nothing else of the product.

What a third party would write: ordinary pseudo-random numbers, the quality gate and what a trial says drawn as yes or
no, and one cash-flow function of months. It knows rented cards by the hour and two ways to go without tuning; a ledger
that says more than it knows is refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

Array = NDArray[np.float64]
Record = Mapping[str, Any]

DRAWS = 60_000
TRIED, HARDLY = 2_000, 0.02
"""Draws in which a fact is tried at both ends, and the share of them that may move without its counting."""
NEVER = np.inf
RETRIES = 2
"""A request that fails is sent again at most so often."""
UNTUNED = ("keep_as_is", "optimise_current")
WIDTH_OF_90_PERCENT = 2 * stats.norm.ppf(0.95)
KNOWN = {"serving_route": "rented_gpu", "rental_term": "hour", "training_source": "rented"}
"""The one way of serving and training that is written here."""
LEFT_OUT = (
    *("cost_per_failure", "review_share", "tuned_review_share"),
    *("deferrable_share", "repeat_share", "current_fixed_monthly_cost"),
)
"""Numbers that would add terms that are not written here."""


class NotWritten(NotImplementedError):
    """The ledger says more than is written here."""


# --- Draws ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ledger:
    """The numbers of a case by id, and the ties between those that are drawn."""

    rows: Mapping[str, Record]
    ties: tuple[tuple[str, str, float], ...]
    baseline: str

    @classmethod
    def of(cls, result: Record) -> "Ledger":
        rows = {row["id"]: row for row in result["assumptions"]}
        ledger = cls(
            rows,
            tuple((tie["first"], tie["second"], tie["value"]) for tie in result["risk"]["correlations"]),
            result["options"]["baseline"]["id"],
        )
        ledger.refuse_what_is_not_written()
        return ledger

    def refuse_what_is_not_written(self) -> None:
        """Raises :class:`NotWritten`, with every reason by the id of its number."""
        values = {name: row["value"] for name, row in self.rows.items()}
        reasons = [f"{name} is stated" for name in LEFT_OUT if values.get(name) is not None]
        reasons += [
            f"{name} is {values.get(name)}, not {way}" for name, way in KNOWN.items() if values.get(name) != way
        ]
        reasons += [f"another price of {name} is announced" for name, row in self.rows.items() if row["announced"]]
        reasons += [] if self.baseline in UNTUNED else [f"the best without tuning is {self.baseline}"]
        if reasons:
            raise NotWritten("; ".join(reasons))

    @property
    def drawn(self) -> tuple[str, ...]:
        return tuple(name for name, row in self.rows.items() if row["shape"] is not None)

    def of_role(self, role: str) -> tuple[str, ...]:
        return tuple(name for name in self.drawn if self.rows[name]["role"] == role)

    @property
    def trends(self) -> tuple[str, ...]:
        return tuple(name for name in self.drawn if self.rows[name]["unit"] == "fraction/year")

    @property
    def open_facts(self) -> tuple[str, ...]:
        """Facts that are drawn: the reader stated none of them, or stated a range of them."""
        return tuple(
            name
            for name in self.of_role("fact")
            if self.rows[name]["set_by"] != "user" or self.rows[name]["shape"] == "three_point"
        )


class Case:
    """Numbers of a ledger, those that are drawn as a column of draws."""

    def __init__(self, ledger: Ledger, columns: Mapping[str, Array]) -> None:
        self._ledger, self._columns = ledger, columns
        self.count = len(next(iter(columns.values()))) if columns else 1

    def knows(self, name: str) -> bool:
        return name in self._ledger.rows and self._ledger.rows[name]["value"] is not None

    def __getitem__(self, name: str) -> Array:
        """As a column, so that it broadcasts against months."""
        if name in self._columns:
            return self._columns[name][:, np.newaxis]
        led = self._ledger.rows[name]["follows"]
        if led is not None and led["id"] in self._columns:
            found = led["constant"] + led["slope"] * self[led["id"]]
            return np.clip(found, 0, 1) if self._ledger.rows[name]["unit"] == "fraction" else found
        return np.full((1, 1), float(self._ledger.rows[name]["value"]))


class Columns(Mapping[str, Array]):
    """Draws of numbers, made of their probabilities when they are first asked for: a Beta takes most of the time."""

    def __init__(self, ledger: Ledger, probability: Mapping[str, Array]) -> None:
        self._ledger, self._probability = ledger, probability
        self._made: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self._made:
            self._made[name] = quantile(self._ledger.rows[name], self._probability[name])
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._probability

    def __iter__(self) -> Iterator[str]:
        return iter(self._probability)

    def __len__(self) -> int:
        return len(self._probability)


def draws(ledger: Ledger, count: int, seed: int, names: Iterable[str] | None = None) -> Columns:
    """Draws of the numbers that have a shape, or of some of them; ties by a Gaussian copula."""
    asked = ledger.drawn if names is None else tuple(names)
    place = {name: k for k, name in enumerate(asked)}
    ties = np.eye(len(asked))
    for first, second, value in ledger.ties:
        if first in place and second in place:
            ties[place[first], place[second]] = ties[place[second], place[first]] = value
    normal = np.random.default_rng(seed).multivariate_normal(np.zeros(len(asked)), ties, count, method="cholesky")
    probability = special.ndtr(normal)
    return Columns(ledger, {name: probability[:, k] for name, k in place.items()})


def quantile(row: Record, u: Array) -> Array:
    """Value of a number below which it lies with probability ``u``, from its row in the ledger."""
    value, low, high = row["value"], row["low"], row["high"]
    if row["shape"] == "uniform":
        return np.asarray(low + u * (high - low))
    if row["shape"] == "estimate":  # a lognormal by its 80 % interval
        return np.asarray(value * np.exp(np.log(high / low) / (2 * special.ndtri(0.9)) * special.ndtri(u)))
    if row["shape"] == "lognormal":
        return np.asarray(value * np.exp(np.log(high / low) / WIDTH_OF_90_PERCENT * special.ndtri(u)))
    low, high = min(low, value), max(high, value)
    mode = value if row["shape"] == "three_point" else pert_mode(low, value, high)
    return np.asarray(low + (high - low) * special.betaincinv(*pert(low, mode, high), u))


def pert(low: float, mode: float, high: float) -> tuple[float, float]:
    """Exponents of the Beta distribution of a PERT."""
    share = (mode - low) / (high - low)
    return 1 + 4 * share, 1 + 4 * (1 - share)


def pert_mode(low: float, median: float, high: float) -> float:
    """The mode of the PERT of a given median; an end where the median lies too near to it for any mode."""

    def off(mode: float) -> float:
        return low + (high - low) * float(stats.beta.ppf(0.5, *pert(low, mode, high))) - median

    if off(low) >= 0:
        return low
    return high if off(high) <= 0 else float(optimize.brentq(off, low, high, xtol=1e-12 * (high - low)))


# --- Cash flows -----------------------------------------------------------------------------------


class Flows(NamedTuple):
    """Of each draw: tuning against the baseline where the gate passes, by month from 0, and what is paid once."""

    passed: Array
    paid_once: Array
    saving: Array


def cash_flows(x: Case, baseline: str, delay: float = 0.0) -> Flows:
    """Tuning, begun ``delay`` months from now, against going without it; money out is negative."""
    horizon = int(x["horizon_months"][0, 0])
    month = np.arange(1, horizon + 1)
    years = (month - 1) / 12
    requests_today = x["daily_requests"] * x["days_per_month"]
    requests = requests_today * (1 + x["volume_growth"]) ** years
    hosted, rented = (1 - x["api_price_decline"]) ** years, (1 - x["hosting_price_decline"]) ** years
    launch = x["deploy_months"] + delay
    live = month > launch
    with np.errstate(divide="ignore"):
        moved = np.where(live, np.minimum((month - launch) / x["ramp_months"], 1.0), 0.0)

    call, once = call_price(x, baseline), investment(x)
    hour = x["serving_gpu_price"] * x["gpus_per_replica"]
    people = x["ops_hours"] * x["hourly_rate"] + x["other_monthly_cost"]
    repeated = (once - x["other_one_time_cost"]) * x["retrain_cost_share"]
    per_use = x["fallback_share"] * call * hosted + x["check_cost_per_request"] * rented

    without = requests * call * hosted
    cards = replicas(x, requests * moved) * hour * x["hours_per_month"] * rented
    running = live * (cards + people + repeated * retrained(month, launch, x["retrain_every_months"], horizon))
    tuned = (1 - moved) * without + moved * requests * per_use + running

    steady_cards = replicas(x, requests_today) * hour * x["hours_per_month"]
    steady_use = requests_today * (x["fallback_share"] * call + x["check_cost_per_request"])
    steady = steady_cards + people + repeated / x["retrain_every_months"] + steady_use

    passed = np.zeros((x.count, horizon + 1))
    passed[:, 1:] += without - tuned
    passed[:, min(int(delay), horizon)] -= np.broadcast_to(once[:, 0], x.count)
    return Flows(passed, _column(x, once), _column(x, requests_today * call - steady))


def _column(x: Case, value: Array) -> Array:
    return np.array(np.broadcast_to(value[:, 0], x.count))


def call_price(x: Case, way: str) -> Array:
    """What a request costs today's model, as it is called now or with every lever that its price list rewards."""
    if x.knows("current_cost_per_request"):
        return x["current_cost_per_request"]
    repeated = x["input_tokens"] * x["static_prompt_share"]
    fresh = x["input_tokens"] - repeated
    hits, write = x["cache_hit_share"], x["current_cache_write_price"]
    if way == "optimise_current":
        reading_saves = x["current_cached_input_price"] < x["current_input_price"]
        long_enough = reading_saves & (repeated >= x["cacheable_prompt_tokens"])
        more_hits = long_enough & (x["potential_cache_share"] > hits)
        # A cut that makes the prompt too short for the cache is not made.
        shorter = repeated * (1 - x["trim_share"])
        stays_long = ~long_enough | (shorter >= x["cacheable_prompt_tokens"])
        repeated = np.where(stays_long, shorter, repeated)
        hits = np.where(more_hits, x["potential_cache_share"], hits)
        write = np.where(more_hits, x["caching_write_price"], write)
    in_batches = 1 - x["batch_share"] * x["batch_discount"]
    read_in_batches = 1 - x["batch_share"] * x["cached_batch_discount"]
    new = fresh * x["current_input_price"] + repeated * (1 - hits) * write
    answer = x["output_tokens"] * x["current_output_price"]
    read = repeated * hits * x["current_cached_input_price"]
    attempts = sum(x["retry_share"] ** k for k in range(RETRIES + 1))
    return ((new + answer) * in_batches + read * read_in_batches) / 1e6 * attempts


def replicas(x: Case, requests: Array) -> Array:
    """Whole replicas for the busiest moment of months with so many tuned requests."""
    kept = x["input_tokens"] * (1 - x["static_prompt_share"] * x["prompt_removed_share"])
    answer = x["tuned_output_tokens"] if x.knows("tuned_output_tokens") else x["output_tokens"]
    work = answer + x["prefill_work_share"] * kept
    measured = x["reference_output_tokens"] + x["prefill_work_share"] * x["reference_input_tokens"]
    a_second = x["replica_tokens_per_second"] / x["reference_output_tokens"] * measured / work
    busiest = requests / x["days_per_month"] / 86_400 * x["peak_factor"]
    return np.maximum(np.ceil(np.round(busiest / (a_second * x["target_utilisation"]), 9)), x["min_replicas"])


def retrained(month: Array, launch: Array, every: Array, horizon: int) -> Array:
    """1 in the months within which a whole number of intervals since the launch is reached, but the last one."""
    since, before = (np.floor(np.maximum(m - launch, 0) / every) for m in (month, month - 1))
    return (since > before) * (month < horizon)


def investment(x: Case) -> Array:
    """What is paid once before the first tuned answer."""
    wage = x["hourly_rate"]
    people = x["data_preparation_hours"] + x["engineer_hours"]
    grading = x["evaluation_items"] * x["evaluation_minutes"] / 60
    if x.knows("training_hours"):
        hours = x["training_hours"]
    else:
        tokens = x["training_examples"] * x["training_epochs"] * x["example_tokens"]
        hours = tokens / x["training_tokens_per_second"] / 3_600 * (1 + x["evaluation_share"]) + x["startup_hours"]
    training = hours * x["training_runs"] * x["training_gpus"] * x["training_gpu_price"]
    project = (people + grading) * wage + x["bought_examples"] * x["example_price"] + training
    return project * (1 + x["contingency_share"]) + x["other_one_time_cost"]


def untuned_gain(x: Case, way: str) -> Array:
    """Net present value of a way to go without tuning against going on as today, in each draw."""
    if way == "keep_as_is":
        return np.zeros(x.count)
    month = np.arange(1, int(x["horizon_months"][0, 0]) + 1)
    requests = x["daily_requests"] * x["days_per_month"] * (1 + x["volume_growth"]) ** ((month - 1) / 12)
    dearer, cheaper = call_price(x, "keep_as_is"), call_price(x, way)
    flows = np.zeros((x.count, len(month) + 1))
    flows[:, 1:] += requests * (dearer - cheaper) * (1 - x["api_price_decline"]) ** ((month - 1) / 12)
    # Nobody works on a call that has nothing left to gain.
    flows[:, :1] -= x["optimise_hours"] * x["hourly_rate"] * (dearer != cheaper)
    return present_value(flows, x)


def present_value(flows: Array, x: Case) -> Array:
    return np.asarray((flows / (1 + x["discount_rate"]) ** (np.arange(flows.shape[1]) / 12)).sum(axis=1))


def payback(flows: Array) -> Array:
    """Month in which the running total first is back at 0, evenly within the month; ``NEVER`` where it is not."""
    total = np.cumsum(flows, axis=1)
    back = (total[:, 1:] >= 0) & (total[:, :-1] < 0)
    month = 1 + np.argmax(back, axis=1)
    here = np.arange(len(flows))
    with np.errstate(divide="ignore", invalid="ignore"):
        months = month - 1 - total[here, month - 1] / flows[here, month]
    return np.where(back.any(axis=1), months, np.where((total < 0).any(axis=1), NEVER, 0.0))


# --- Actions --------------------------------------------------------------------------------------


class Drawn(NamedTuple):
    """Every draw of tuning at once; ``passes`` is the gate's drawn result."""

    x: Case
    columns: Mapping[str, Array]
    passes: NDArray[np.bool_]
    npv_if_passed: Array
    npv_if_failed: Array
    payback_if_passed: Array
    investment: Array
    saving: Array
    roi: Array
    chance: Array

    @property
    def npv(self) -> Array:
        return np.where(self.passes, self.npv_if_passed, self.npv_if_failed)

    @property
    def payback(self) -> Array:
        return np.where(self.passes, self.payback_if_passed, NEVER)


def tune_now(ledger: Ledger, seed: int, count: int = DRAWS) -> Drawn:
    columns = draws(ledger, count, seed)
    x = Case(ledger, columns)
    said = ledger.rows["gate_result"]["value"]
    sure = None if said is None else np.full(count, float(said == "passed"))
    chance = np.broadcast_to(x["gate_success_share"][:, 0], count) if sure is None else sure
    passes = np.random.default_rng([seed, 1]).random(count) < chance
    found = cash_flows(x, ledger.baseline)
    return Drawn(
        x,
        columns,
        passes,
        present_value(found.passed, x),
        -found.paid_once,
        payback(found.passed),
        found.paid_once,
        found.saving,
        found.passed.sum(axis=1) / found.paid_once,
        chance,
    )


def later(drawn: Drawn, ledger: Ledger, delay: float) -> tuple[Array, Array]:
    """Net present values of tuning begun later, where the gate passes and where it fails."""
    found = cash_flows(drawn.x, ledger.baseline, delay)
    lost = np.zeros_like(found.passed)
    lost[:, min(int(delay), lost.shape[1] - 1)] = -found.paid_once
    return present_value(found.passed, drawn.x), present_value(lost, drawn.x)


def facts_that_move(drawn: Drawn, ledger: Ledger) -> tuple[str, ...]:
    """Open facts of which either end gives another worth, all else as drawn, in more than hardly any draw."""
    few = {name: column[:TRIED] for name, column in drawn.columns.items()}

    def worth(**at_its_end: Array) -> Array:
        x = Case(ledger, {**few, **at_its_end})
        flows = cash_flows(x, ledger.baseline)
        return np.stack([present_value(flows.passed, x), flows.paid_once, untuned_gain(x, ledger.baseline)])

    found = []
    for name in ledger.open_facts:
        low, high = (
            worth(**{name: np.full(TRIED, end)}) for end in (drawn.columns[name].min(), drawn.columns[name].max())
        )
        moved = np.abs(high - low) > 1e-9 * np.abs(low).max(axis=1, keepdims=True)
        if moved.any(axis=0).mean() > HARDLY:
            found.append(name)
    return tuple(found)


class Trial(NamedTuple):
    """Of each draw: what a trial first is worth, what tuning then earns, and whether it is tuned at all."""

    worth: Array
    earned: Array
    goes: NDArray[np.bool_]


def trial_first(drawn: Drawn, ledger: Ledger, delay: float, seed: int) -> Trial:
    """A trial that says the truth about the gate as often as stated, then the better on average.

    Tuning that loses money more often than the reader bears is not begun, whatever it is worth on average.
    """
    passed, failed = later(drawn, ledger, delay)
    npv = np.where(drawn.passes, passed, failed)
    truth = np.random.default_rng([seed, 2]).random(len(npv)) < ledger.rows["pilot_reliability"]["value"]
    says_yes = drawn.passes == truth
    goes = np.zeros(len(npv), dtype=bool)
    for said in (says_yes, ~says_yes):
        if npv[said].mean() > 0 and (npv[said] < 0).mean() <= ledger.rows["loss_tolerance"]["value"]:
            goes |= said
    return Trial(np.where(goes, npv, 0.0) - float(ledger.rows["pilot_cost"]["value"]), npv, goes)


def gains_of_deciding(
    known: Array, options: Array, best: int, fits: Iterable[slice], degree: int, crossed: bool
) -> list[Array]:
    """Worth of the option that is best on average given what is known, less that of the ``best`` without; by fit.

    By least squares: a fit sees the draws of its slice alone and decides all others, so that no draw decides for
    itself. Polynomials of the known numbers in standard units, ``crossed``: with the products of two.
    """
    z = (known - known.mean(axis=0)) / known.std(axis=0)
    pairs = [z[:, i] * z[:, j] for i in range(z.shape[1]) for j in range(i)] if crossed else []
    terms = np.column_stack([np.ones(len(z)), *(z**k for k in range(1, degree + 1)), *pairs])
    found = []
    for fit in fits:
        coefficients = np.linalg.solve(terms[fit].T @ terms[fit], terms[fit].T @ options[fit])
        taken = np.argmax(terms @ coefficients, axis=1)
        gains = np.take_along_axis(options, taken[:, np.newaxis], axis=1)[:, 0] - options[:, best]
        found.append(np.delete(gains, fit))
    return found
