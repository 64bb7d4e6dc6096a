"""The frozen records passed between the layers, from resolved numbers to a recommendation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import Notice, UnknownPrice

Number = float | np.ndarray

Kind = Literal["measured", "published", "vendor_claim", "judgement", "estimate", "yours"]
SetBy = Literal["default", "use", "need", "bill", "preset", "user"]
"""A default may be typical for what the model does, follow the quality need, or be scaled to the monthly bill."""
ChargeFrequency = Literal["one_time", "recurring", "usage_based"]
PriceTrend = Literal["flat", "api", "hosting"]
Shape = Literal["pert", "lognormal", "estimate", "uniform", "three_point"]
"""A PERT or lognormal has the value as its median; an estimate is a lognormal given by its 80 % interval; a three-point
estimate of the user is a PERT with the value as its mode."""
Role = Literal["choice", "fact", "future"]


TODAY = "keep_as_is"
"""Id of the alternative that changes nothing."""


@dataclass(frozen=True)
class Citation:
    """Where a figure comes from and the day somebody looked. A title that is our own sentence has translations."""

    title: str
    url: str | None
    retrieved: date


@dataclass(frozen=True)
class PriceChange:
    """A value that is announced already: it holds from the day ``on``, in the place of the one before."""

    on: date
    value: Number


@dataclass(frozen=True)
class Follows:
    """What a number follows from where it has no value of its own: ``constant`` + ``slope`` x the number ``id``."""

    id: str
    constant: float
    slope: float


def _at(value: Number, places: np.ndarray) -> Number:
    return value[places] if isinstance(value, np.ndarray) else value


@dataclass(frozen=True)
class Assumption:
    """One number (or choice) of the model with everything needed to trace it.

    ``value`` is ``None`` when nobody knows; ``low`` and ``high`` bound what is plausible (of a lognormal ``shape`` they
    are its 5 % and 95 % points, of an estimate its 10 % and 90 % points); ``note`` is English, as in the data.
    ``usual`` is the range before somebody stated the number. ``announced`` are later values of a published price, the
    earliest first. With another value of the number that it ``follows`` it is another one too.
    """

    id: str
    value: Number | str | None
    unit: str
    kind: Kind
    source: Citation | None
    effective: date | None = None
    low: float | None = None
    high: float | None = None
    set_by: SetBy = "default"
    note: str | None = None
    shape: Shape = "pert"
    usual: tuple[float, float] | None = None
    announced: tuple[PriceChange, ...] = ()
    follows: Follows | None = None

    @property
    def plausible(self) -> tuple[float, float] | None:
        """Range of the number before anybody states it, else its own; ``None`` where it has none."""
        if self.usual is not None:
            return self.usual
        return None if self.low is None or self.high is None else (self.low, self.high)

    def with_value(self, value: Number) -> "Assumption":
        """Another number in its place; what is announced keeps its proportion to it."""
        if not self.announced or not isinstance(self.value, float | int | np.ndarray) or not np.all(self.value):
            other = object.__new__(Assumption)  # as `replace` does, without its questions about each field
            other.__dict__.update(self.__dict__, value=value)
            return other
        later = tuple(replace(change, value=change.value * (value / self.value)) for change in self.announced)
        return replace(self, value=value, announced=later)

    def following(self, value: Number) -> "Assumption":
        """The same with this value of the number that it follows; a fraction stays between 0 and 1."""
        if self.follows is None:
            return self
        found = self.follows.constant + self.follows.slope * value
        return self.with_value(np.clip(found, 0.0, 1.0) if self.unit == "fraction" else found)

    def in_force(self, day: date) -> "Assumption":
        """The same number as it is on ``day``, by what is announced."""
        begun = [change.value for change in self.announced if change.on <= day]
        return replace(self, value=begun[-1]) if begun else self

    def at(self, places: np.ndarray) -> "Assumption":
        """The elements at these places of a number that is an array; of another one the number itself."""
        later = tuple(replace(change, value=_at(change.value, places)) for change in self.announced)
        value = self.value if isinstance(self.value, str) or self.value is None else _at(self.value, places)
        return replace(self, value=value, announced=later)

    @property
    def is_uncertain(self) -> bool:
        """True for a number with a range around it."""
        return isinstance(self.value, float) and self.low is not None and self.high is not None and self.low < self.high


@dataclass(frozen=True)
class Assumptions(Mapping[str, Assumption]):
    """Every number the model uses. Formulas receive numbers from nowhere else.

    ``baseline`` is the alternative without tuning that the case is compared with.
    """

    rows: Mapping[str, Assumption]
    currency: str
    on: date
    catalog_version: str
    notices: tuple[Notice, ...] = ()
    baseline: str = TODAY

    def __getitem__(self, key: str) -> Assumption:
        return self.rows[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def number(self, key: str) -> Number:
        """Value of a numeric assumption. Raises ``UnknownPrice`` when it is unknown: ask :meth:`knows` first."""
        value = self.rows[key].value
        if value is None or isinstance(value, str):
            raise UnknownPrice((key,))
        return value

    def choice(self, key: str) -> str:
        """Value of an assumption that is a choice."""
        return str(self.rows[key].value)

    def knows(self, key: str) -> bool:
        """True when the assumption ``key`` exists and has a value."""
        return key in self.rows and self.rows[key].value is not None

    def replaced(self, values: Mapping[str, Number]) -> "Assumptions":
        """The same assumptions with other numbers, e.g. one column of draws an assumption, and what follows them."""
        rows = {**self.rows, **{k: self.rows[k].with_value(v) for k, v in values.items()}}
        led = [(k, row) for k, row in self.rows.items() if row.follows is not None and row.follows.id in values]
        rows.update({k: row.following(values[row.follows.id]) for k, row in led if row.follows and k not in values})
        return replace(self, rows=rows)

    def at(self, places: np.ndarray) -> "Assumptions":
        """Some of many cases: the elements at these places of every number that is an array."""
        some = {k: row.at(places) for k, row in self.items() if isinstance(row.value, np.ndarray)}
        return replace(self, rows={**self.rows, **some})

    def in_force(self, day: date) -> "Assumptions":
        """The case at the prices that hold on ``day``, by what is announced."""
        return replace(self, rows={k: row.in_force(day) if row.announced else row for k, row in self.rows.items()})


@dataclass(frozen=True)
class LineItem:
    """A quantity at a unit price; the engine multiplies.

    ``quantity`` is a total (one_time), per month (recurring; with the month axis last if ``by_month``)
    or per request (usage_based). ``trend`` names the yearly price movement that applies. ``uses`` lists the
    assumptions behind it.
    """

    id: str
    category: str
    frequency: ChargeFrequency
    quantity: Number
    unit: str
    unit_price: Number | None
    trend: PriceTrend = "flat"
    uses: tuple[str, ...] = ()
    by_month: bool = False

    @property
    def is_used(self) -> np.bool_ | NDArray[np.bool_]:
        """Whether there is any quantity to pay for, in each case by itself."""
        used = np.asarray(self.quantity) != 0
        return np.asarray(used.any(axis=-1) if self.by_month else used)[()]

    @cached_property
    def cost(self) -> Number | None:
        """Money, before any price trend; ``None`` when the price of something that is used is unknown."""
        if self.unit_price is None:
            return None if np.any(self.quantity) else 0.0 * self.quantity
        return self.quantity * self.unit_price


@dataclass(frozen=True)
class OptionResult:
    """One way to serve the requests. Money in the base currency; months on the last axis.

    ``steady_month`` works the ``steady_costs`` out, once somebody asks for them; ``success_share`` is how many of the
    answers are good enough.
    """

    id: str
    line_items: tuple[LineItem, ...]
    one_time_cost: Number
    monthly_cost: np.ndarray
    steady_month: Callable[[], Mapping[str, Number]]
    success_share: Number = 1.0

    @cached_property
    def steady_costs(self) -> Mapping[str, Number]:
        """A month at today's volume and prices with everything in use, by item id."""
        return self.steady_month()

    @cached_property
    def steady_monthly_cost(self) -> Number:
        whole: Number = 0.0
        for cost in self.steady_costs.values():
            whole = whole + cost
        return whole


@dataclass(frozen=True)
class Economics:
    """The money of the case. Leading axes, if any, are draws; the month axis is last.

    ``cash_flows`` has index 0 = today, outflow negative, end of month; it is the tuned option against the
    ``baseline``, the best alternative without tuning. ``today`` is going on as now, which may be the same. What the
    tuned model does not answer costs what the baseline costs, so savings of the baseline are never credited to tuning.
    """

    today: OptionResult
    baseline: OptionResult
    tuned: OptionResult
    months: np.ndarray
    monthly_requests: np.ndarray
    investment: Number
    cash_flows: np.ndarray

    @property
    def monthly_savings(self) -> Number:
        """What tuning saves in a month at today's volume and prices."""
        return self.baseline.steady_monthly_cost - self.tuned.steady_monthly_cost

    @property
    def against_today(self) -> np.ndarray:
        """The same flows against going on as today: those of the baseline are added."""
        gained = self.today.monthly_cost - self.baseline.monthly_cost
        first = np.negative(self.baseline.one_time_cost)[..., np.newaxis]
        ahead = np.concatenate([np.broadcast_to(first, (*gained.shape[:-1], 1)), gained], axis=-1)
        flows: np.ndarray = self.cash_flows + ahead
        return flows

    @property
    def savings_against_today(self) -> Number:
        """The monthly saving against today, with what the baseline alone would save."""
        return self.monthly_savings + self.today.steady_monthly_cost - self.baseline.steady_monthly_cost


@dataclass(frozen=True)
class Unpriced:
    """Takes the place of :class:`Economics` while a needed price is unknown."""

    items: tuple[str, ...]
    investment: Number | None


@dataclass(frozen=True)
class Metric:
    """A figure of :class:`Metrics` as it is shown: its unit, and the field that says why it has no number, if any."""

    id: str
    unit: str
    status: str = ""


def _shown(unit: str, status: str = "") -> Mapping[str, str]:
    return {"unit": unit, "status": status}


@dataclass(frozen=True)
class Metrics:
    """Figures of the point case; ``None`` stands beside a status that says why. Those shown are in ``METRICS``."""

    investment: float = field(metadata=_shown("money"))
    monthly_savings: float = field(metadata=_shown("money"))
    savings_against_today: float = field(metadata=_shown("money"))
    steady_payback_months: float | None = field(metadata=_shown("months"))
    annual_roi: float | None = field(metadata=_shown("fraction"))
    payback_months: float | None = field(metadata=_shown("months", "payback_status"))
    payback_status: str
    discounted_payback_months: float | None = field(metadata=_shown("months", "discounted_payback_status"))
    discounted_payback_status: str
    npv: float = field(metadata=_shown("money"))
    npv_against_today: float = field(metadata=_shown("money"))
    payback_against_today: float | None = field(metadata=_shown("months", "payback_against_today_status"))
    payback_against_today_status: str
    irr: float | None = field(metadata=_shown("fraction/year", "irr_status"))
    irr_status: str
    mirr: float | None = field(metadata=_shown("fraction/year", "irr_status"))
    roi_horizon: float | None = field(metadata=_shown("fraction"))
    npv_with_exit: float = field(metadata=_shown("money"))
    exit_month: int
    break_even_requests: float | None = field(metadata=_shown("requests/day", "break_even_status"))
    break_even_status: str
    break_even_intervals: tuple[tuple[float, float | None], ...]
    band_requests: Mapping[float, float | None]
    current_cost_per_request: float | None = field(metadata=_shown("money/request"))
    baseline_cost_per_request: float | None = field(metadata=_shown("money/request"))
    tuned_cost_per_request: float | None = field(metadata=_shown("money/request"))
    current_cost_per_success: float | None = field(metadata=_shown("money/request"))
    baseline_cost_per_success: float | None = field(metadata=_shown("money/request"))
    tuned_cost_per_success: float | None = field(metadata=_shown("money/request"))


METRICS: Mapping[str, Metric] = {f.name: Metric(f.name, **f.metadata) for f in fields(Metrics) if f.metadata}
"""Every figure that is shown, in the order of the record."""


@dataclass(frozen=True)
class Swing:
    """Net present value with one assumption at its low and at its high, the others unchanged."""

    id: str
    npv_low: float
    npv_high: float
    is_yours: bool

    @property
    def size(self) -> float:
        return abs(self.npv_high - self.npv_low)


@dataclass(frozen=True)
class Evidence:
    """Numbers that move the net present value most, the largest swing first, and which of them to find out next."""

    matter: tuple[Swing, ...]
    next_to_find: str | None

    @property
    def yours(self) -> int:
        return sum(s.is_yours for s in self.matter)


@dataclass(frozen=True)
class Assessment:
    """Assumptions in, money out, unless a number is unknown; nothing speaks against the ``proven`` ones untuned.

    There are no ``metrics`` where only a verdict was asked for.
    """

    assumptions: Assumptions
    economics: Economics | None
    metrics: Metrics | None
    evidence: Evidence
    notices: tuple[Notice, ...] = ()
    missing: tuple[str, ...] = ()
    investment: float | None = None
    proven: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recommendation:
    """The verdict, the rule that gave it and the numbers that decided; ``advice`` never changes the verdict.

    ``again_in`` are the months after which a case that waits is decided again.
    """

    verdict: str
    rule: str
    matrix: str
    calculator: str | None
    conflict: str | None
    reasons: tuple[Notice, ...]
    deciding: tuple[str, ...]
    next_steps: tuple[str, ...] = field(default=())
    advice: tuple[Notice, ...] = field(default=())
    again_in: float | None = None
