"""What the method page shows, and the case its formulas are worked on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from advisor.catalog.rules import DecisionRules
from advisor.core.notices import UnknownPrice
from advisor.core.records import Assessment, Assumption, Assumptions, Economics, LineItem, Metrics
from advisor.decision.advice import Advice
from advisor.evidence.method import tex
from advisor.money.cash_flows import monthly_requests, price_changes
from advisor.options import keep_as_is, tune, tuned_serving
from advisor.options.declared import Demand, OptionCosts, total
from advisor.options.registry import UNTUNED
from advisor.text.i18n import Translator


@dataclass(frozen=True)
class Formula:
    """One formula: its name, what it says, in symbols and with the case's numbers (both LaTeX), and its origin.

    ``group`` is its topic, ``built_from`` are the formulas of this case that it takes its numbers from.
    """

    id: str
    title: str
    words: str
    symbols: str
    worked: str
    source: str
    group: str
    built_from: tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """A word of the field and what it means."""

    id: str
    name: str
    meaning: str


@dataclass(frozen=True)
class ArticleNote:
    """A figure that an article prints and its own inputs do not give."""

    article: str
    prints: str
    gives: str
    why: str


@dataclass(frozen=True)
class Method:
    """The content of the method page."""

    formulas: tuple[Formula, ...]
    conventions: tuple[str, ...]
    glossary: tuple[Term, ...]
    article_notes: tuple[ArticleNote, ...]


class Noted(dict[str, Assumption]):
    """Assumptions by name that note in ``read`` which of them are asked for."""

    def __init__(self, rows: Mapping[str, Assumption], read: dict[str, None]) -> None:
        super().__init__(rows)
        self._read = read

    def __getitem__(self, name: str) -> Assumption:
        self._read[name] = None
        return super().__getitem__(name)


@dataclass(frozen=True)
class WorkedCase:
    """The advice as the formulas need it: plain numbers of the point case.

    ``read`` collects the assumptions that are asked for, so that a worked formula can name its inputs.
    """

    advice: Advice
    rules: DecisionRules
    t: Translator
    read: dict[str, None] = field(default_factory=dict, compare=False)

    @property
    def assessment(self) -> Assessment:
        return self.advice.assessment

    @property
    def a(self) -> Assumptions:
        return self.assessment.assumptions

    @property
    def has_money(self) -> bool:
        return self.assessment.economics is not None and self.assessment.metrics is not None

    @property
    def e(self) -> Economics:
        if self.assessment.economics is None:
            raise UnknownPrice(self.assessment.missing)
        return self.assessment.economics

    @property
    def m(self) -> Metrics:
        if self.assessment.metrics is None:
            raise UnknownPrice(self.assessment.missing)
        return self.assessment.metrics

    def n(self, name: str) -> float:
        """A numeric assumption."""
        self.read[name] = None
        return float(self.a.number(name))

    def estimated(self, name: str) -> bool:
        """True where an estimator gave the number, or could not: nobody answered it."""
        return name in self.a and self.a[name].set_by == "default"

    def noted(self, items: Iterable[LineItem]) -> tuple[LineItem, ...]:
        """The same line items, the assumptions behind those that cost anything noted as read."""
        found = tuple(items)
        for item in found:
            if item.cost is None or np.any(item.cost):
                self.read.update(dict.fromkeys(item.uses))
        return found

    def item(self, name: str) -> LineItem:
        """A line item of either option."""
        return next(i for i in (*self.e.baseline.line_items, *self.e.tuned.line_items) if i.id == name)

    @property
    def requests(self) -> float:
        """Requests of a month at today's volume."""
        return float(monthly_requests(self.a))

    @property
    def current_request(self) -> float | None:
        cost = total(keep_as_is.line_items(self.a))
        return None if cost is None else float(cost)

    def priced_in(self, month: int) -> Assumptions:
        """The case at the prices of a month, by what is announced; month 0 is today."""
        changed = [then for since, then in price_changes(self.a, np.asarray([month])) if since[0]]
        return changed[-1] if changed else self.a

    def baseline_usage(self, month: int = 0) -> list[tuple[float, str]]:
        """What a request costs by use with the best alternative without tuning, and each part's price trend."""
        return [
            (float(i.cost), i.trend)
            for i in self.noted(self._baseline(self.priced_in(month)).usage)
            if i.cost is not None
        ]

    def _baseline(self, a: Assumptions) -> OptionCosts:
        a = replace(a, rows=Noted(a.rows, self.read))
        return UNTUNED[a.baseline].declare(a, Demand(np.asarray([self.requests])))

    def steady_gpus(self) -> float:
        """Monthly rent of the serving GPUs at today's volume; 0 when they are not rented."""
        items = self.noted(tuned_serving.serving_items(self.a, np.asarray([self.requests])))
        costs = [i.cost for i in items if i.frequency == "recurring" and i.cost is not None]
        return float(sum(float(np.asarray(c)[0]) for c in costs))

    def usage(self, month: int = 0) -> list[tuple[float, float, str]]:
        """Quantity, unit price and price trend of what a tuned request costs by use."""
        a = self.priced_in(month)
        demand = Demand(np.asarray([self.requests]), call_price=total(self._baseline(a).call))
        items = self.noted(tune.declare(a, demand).usage)
        return [(float(i.quantity), float(i.unit_price), i.trend) for i in items if i.unit_price is not None]

    @property
    def currency(self) -> str:
        return self.a.currency

    def unit(self, name: str) -> str:
        """A unit behind a result; ``money`` is the case's currency."""
        head, _, per = name.partition("/")
        first = self.currency if head == "money" else self.t(f"method.unit.{head}")
        return tex.unit(f"{first}/{self.t(f'method.unit.{per}')}" if per else first)

    def word(self, name: str) -> str:
        return tex.text(self.t(f"method.word.{name}"))


Condition = Callable[[WorkedCase], bool]
"""Says whether a case uses a formula."""


def always(case: WorkedCase) -> bool:
    """A formula that every case uses."""
    return True


@dataclass(frozen=True)
class Entry:
    """A formula of the engine: where it comes from, its code, and when and how it is worked.

    ``needs`` are assumptions without which it cannot be worked, as far as the case uses them at all; ``money`` says
    that the whole money must be known.
    """

    id: str
    origin: str
    code: tuple[str, ...]
    symbols: str
    worked: Callable[[WorkedCase], str]
    used: Condition = always
    needs: tuple[str, ...] = ()
    money: bool = False
