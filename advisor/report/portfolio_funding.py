"""The columns that a budget adds to a table of cases: of drawn cases where they are few, of their figures otherwise."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions.currency import DOLLAR, in_base
from advisor.catalog.catalog import Catalog
from advisor.decision.funding import Candidate, Funding, placed_by_figures
from advisor.report.portfolio import FUNDED_COLUMNS, place_of
from advisor.report.portfolio_files import schema_of
from advisor.scenario import Scenario
from advisor.text.i18n import Translator

if TYPE_CHECKING:
    import pyarrow as pa

Array = NDArray[np.float64]
BY_FIGURES = ("rank", "funded", "why", "budget_currency")
"""What is said of a case that was not drawn."""


@dataclass(frozen=True, eq=False)
class FundedColumns:
    """Columns beside those of the figures, a value for every case in its order, and what is told of the whole."""

    columns: tuple[str, ...]
    values: tuple[Any, ...]  # each gives a slice of itself
    lines: tuple[str, ...]

    def beside(self, table: "pa.Table", first: int) -> "pa.Table":
        """The cases from the place ``first`` on with these columns."""
        import pyarrow as pa

        schema = schema_of(self.columns)
        for field, values in zip(schema, self.values, strict=True):
            table = table.append_column(field, pa.array(values[first : first + table.num_rows], field.type))
        return table


def drawn(candidates: Sequence[Candidate], funding: Funding, lines: tuple[str, ...], t: Translator) -> FundedColumns:
    """The columns of cases whose futures were drawn, as in a table that is text."""
    placed = {id(each.candidate): each for each in funding.placed}
    rows = [place_of(placed[id(each)], funding, t) for each in candidates]
    return FundedColumns(FUNDED_COLUMNS, tuple(zip(*rows, strict=True)), lines)


@dataclass(frozen=True, eq=False)
class BudgetOfFigures:
    """What the figures of every case say of its money, in its own currency; nan where nobody knows."""

    asks: Array
    values: Array
    currencies: NDArray[np.str_]

    @classmethod
    def of(cls, tables: Iterable["pa.Table"]) -> "BudgetOfFigures":
        """The money of the cases in tables of figures."""
        asks, values, currencies = [], [], []
        for table in tables:
            asks.append(table["investment"].to_numpy())
            values.append(table["npv"].to_numpy())
            currencies.append(np.array(table["currency"].fill_null("").to_pylist()))
        return cls(np.concatenate(asks), np.concatenate(values), np.concatenate(currencies))

    @property
    def usual_currency(self) -> str:
        """The currency that most cases are in; of equals the first by its code."""
        names, counts = np.unique(self.currencies[self.currencies != ""], return_counts=True)
        return str(names[np.argmax(counts)]) if names.size else DOLLAR


def by_figures(
    told: BudgetOfFigures, budget: float, currency: str, catalog: Catalog, on: date, t: Translator
) -> FundedColumns:
    """Cases taken by the net present value of their figures for each unit of money that they ask for."""
    rate = np.full(told.asks.size, np.nan)
    for name in np.unique(told.currencies).tolist():
        found = in_base(1.0, name, Scenario(currency=currency), catalog, on) if name else None
        rate[told.currencies == name] = np.nan if found is None else found
    asks, values = told.asks * rate, told.values * rate
    ranks, states = placed_by_figures(asks, values, budget)
    states[(told.currencies != "") & np.isnan(rate)] = "no_rate"
    funded = states == "funded"
    counts = {"funded": t.number(int(funded.sum()), 0), "count": t.number(told.asks.size, 0)}
    left = budget - float(asks[funded].sum())
    money = {"asks": t.money(float(asks[funded].sum()), currency), "left": t.money(left, currency)}
    lines = (
        t("portfolio.told.funded", budget=t.money(budget, currency), **counts),
        t("portfolio.told.figures", value=t.money(float(values[funded].sum()), currency), **money),
        t("portfolio.method.figures"),
    )
    whys = _Whys(states, asks, told.currencies, budget, currency, t)
    columns = (_Ranks(ranks), np.where(funded, "yes", "no"), whys, np.full(told.asks.size, currency))
    return FundedColumns(BY_FIGURES, columns, lines)


class _Ranks:
    """Ranks a slice at a time, ``None`` for 0."""

    def __init__(self, ranks: NDArray[np.intp]) -> None:
        self._ranks = ranks

    def __getitem__(self, some: slice) -> list[int | None]:
        return [rank or None for rank in self._ranks[some].tolist()]


class _Whys:
    """Why cases are funded or not, in words, a slice at a time."""

    def __init__(
        self,
        states: NDArray[np.str_],
        asks: Array,
        currencies: NDArray[np.str_],
        budget: float,
        currency: str,
        t: Translator,
    ) -> None:
        self._states, self._asks, self._currencies, self._t = states, asks, currencies, t
        self._said = {"budget": t.money(budget, currency), "other": currency, "verdict": ""}

    def __getitem__(self, some: slice) -> list[str]:
        return list(self._words(some))

    def _words(self, some: slice) -> Iterator[str]:
        rows = zip(self._states[some].tolist(), self._asks[some].tolist(), self._currencies[some].tolist(), strict=True)
        for state, asks, currency in rows:
            money = "" if asks != asks else self._t.money(asks, self._said["other"])
            yield self._t(f"portfolio.why.{state}", money=money, currency=currency, **self._said)
