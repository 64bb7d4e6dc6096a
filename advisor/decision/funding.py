"""Cases under one budget: which are funded, why the others are not, and what the money buys in all.

A case is worth the mean of its net present value over both results of the quality gate, and asks for the middle of
what tuning costs once: what pages and report tell of it alone.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from advisor.assumptions import resolve
from advisor.assumptions.currency import DOLLAR, in_base, rate_row
from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError, Issue, Notice
from advisor.core.records import Assumption, Unpriced
from advisor.core.units import CURRENCIES
from advisor.decision.advice import judged
from advisor.decision.portfolio import lacking
from advisor.formulas.selection import best_within, by_worth, ranked_within, values_by_budget
from advisor.risk.simulation import SEED
from advisor.risk.worlds import Worlds, weighted_quantiles
from advisor.scenario import Scenario
from advisor.scenario.reading import read_choice

MOST_CANDIDATES = 1000
"""Each case is drawn, which takes about a hundredth of a second."""
AGAINST = frozenset(
    [
        *("no", "blocked", "infeasible", "prompt_first", "rag_first", "data_first", "eval_first"),
        *("cost_only", "only_way", "need_more_input"),
    ]
)
"""Verdicts by which no money goes to tuning, or not for what it saves; a case's own budget gives way to the common."""
BY_FACTS = AGAINST - {"no"}
"""Those of them that do not follow from the value."""
NOT_AT_ONCE = frozenset({"look_up_first", "pilot_first", "not_yet"})
"""Verdicts by which something else comes before the money is spent."""
MOST_BUDGETS = 10_000
"""Different sets that are worth comparing for a picture; about 250 cases have more."""
ENOUGH = 1e12
"""Budget of a case that has none of its own: the common one is over it."""
SAMPLED_GATES, MOST_COUNTED_GATES = 1024, 8
"""Results of that many quality gates are counted out in every combination; of more so many combinations are drawn."""

State = Literal[
    "funded", "crowded_out", "above_budget", "no_gain", "against", "left_out", "unknown", "no_rate", "faulty"
]
STATES: tuple[State, ...] = get_args(State)
LONGEST_STATE = f"<U{max(map(len, STATES))}"
UNRANKED = frozenset({"left_out", "unknown", "no_rate", "faulty"})
Method = Literal["exact", "ranked"]


@dataclass(frozen=True, eq=False)
class Candidate:
    """A case that asks for money. ``case`` is ``None`` where a row's cells cannot be told from one another.

    ``then`` is the headline that was frozen with a kept case, as :func:`~advisor.decision.repricing.frozen_headline`
    makes it.
    """

    id: str
    case: Scenario | InputError | None
    name: str = ""
    then: Mapping[str, Any] | None = None


@dataclass(frozen=True, eq=False)
class Prospect:
    """What the simulated futures say of one case, in its own currency; without money ``reasons`` say what is lacking.

    ``asks`` is the middle of what tuning costs once, ``value`` the mean of the net present value.
    """

    verdict: str
    currency: str
    asks: float | None = None
    value: float | None = None
    worlds: Worlds | None = None
    reasons: tuple[Notice, ...] = ()


@dataclass(frozen=True, eq=False)
class Placed:
    """A candidate, where it ends up and its money in the currency of the budget; its ``rank`` begins with 1."""

    candidate: Candidate
    found: Prospect | InputError | None
    state: State
    asks: float | None = None
    value: float | None = None
    worlds: Worlds | None = None
    rank: int | None = None

    @property
    def verdict(self) -> str:
        """The verdict at today's prices; empty where the case cannot be read."""
        return self.found.verdict if isinstance(self.found, Prospect) else ""

    @property
    def npv_ratio(self) -> float | None:
        """Net present value for each unit of money asked for; ``None`` where that is nothing, or unknown."""
        return None if self.value is None or not self.asks else self.value / self.asks

    @property
    def turned(self) -> bool:
        """Whether a kept case has another verdict than when it was kept; without a budget of its own it had none."""
        case, then, found = self.candidate.case, self.candidate.then, self.found
        if then is None or not isinstance(case, Scenario) or case.budget is None or not isinstance(found, Prospect):
            return False
        return bool(then["verdict"] != found.verdict)


@dataclass(frozen=True)
class Whole:
    """What the funded cases are together: money in the currency of the budget, shares of the futures [fraction].

    ``ahead_alike`` is the chance that the sum of their values is above zero where numbers of one name fall alike in
    all of them, ``ahead_apart`` where each case has futures of its own. The range is that of ``alike``.
    """

    asks: float
    value: float
    p10: float
    p90: float
    ahead_alike: float
    ahead_apart: float


@dataclass(frozen=True, eq=False)
class Funding:
    """Every candidate under one budget, ranked ones first; ``rates`` are those that amounts were converted by."""

    budget: float
    currency: str
    method: Method
    placed: tuple[Placed, ...]
    rates: tuple[Assumption, ...]
    whole: Whole | None

    @property
    def funded(self) -> tuple[Placed, ...]:
        return tuple(each for each in self.placed if each.state == "funded")

    @property
    def left(self) -> float:
        """What of the budget is not spent."""
        return self.budget - sum(each.asks or 0.0 for each in self.funded)


ProspectOf = Callable[[Scenario], Prospect]


def prospect_of(case: Scenario, catalog: Catalog, on: date) -> Prospect:
    """What a case asks for and is worth on the day ``on``. Raises :class:`InputError` for unusable answers."""
    found = judged(resolve(case, catalog, on), catalog)
    a, verdict = found.assessment.assumptions, found.recommendation.verdict
    if found.actions is None or found.simulation is None:
        reasons = lacking(Unpriced(found.assessment.missing, None), found.assessment.notices)
        return Prospect(verdict, a.currency, found.assessment.investment, reasons=reasons)
    worlds = found.simulation.worlds
    return Prospect(verdict, a.currency, found.actions.investment, worlds.mean, worlds)


def fund(
    candidates: Sequence[Candidate],
    budget: float,
    currency: str,
    catalog: Catalog,
    on: date,
    left_out: AbstractSet[int] = frozenset(),
    prospect: ProspectOf | None = None,
) -> Funding:
    """Place every candidate under one budget; those at the places in ``left_out`` are not counted.

    ``prospect`` stands in for :func:`prospect_of` where it is remembered. Raises :class:`InputError` for too many.
    """
    refuse_too_many(candidates)
    ask = prospect or (lambda case: prospect_of(case, catalog, on))
    placed = [_converted(each, ask, currency, catalog, on) for each in candidates]
    placed = [replace(p, state="left_out") if k in left_out else p for k, p in enumerate(placed)]
    ranked, others = _ranked([p for p in placed if p.state == "funded"]), [p for p in placed if p.state != "funded"]
    method, chosen = _chosen(ranked, budget)
    told = [_told(p, chosen=is_chosen, budget=budget) for p, is_chosen in zip(ranked, chosen, strict=True)]
    funded = [p for p in told if p.state == "funded"]
    whole = whole_of(funded) if funded else None
    rates = _rates(told, currency, catalog, on)
    return Funding(budget, currency, method, (*told, *sorted(others, key=_order)), rates, whole)


def refuse_too_many(candidates: Sequence[Candidate]) -> None:
    """Raises :class:`InputError` for more candidates than are drawn."""
    if len(candidates) > MOST_CANDIDATES:
        said = {"count": len(candidates), "maximum": MOST_CANDIDATES}
        raise InputError([Issue("budget", "too_many_candidates", said)])


def asking(case: Scenario) -> Scenario:
    """The case of which a prospect is asked: one without a budget of its own asks for the common one."""
    return case.with_(budget=ENOUGH) if case.budget is None else case


def usual_currency(candidates: Sequence[Candidate]) -> str:
    """The currency that most cases are in; of equals that of the first."""
    used = [each.case.base_currency for each in candidates if isinstance(each.case, Scenario)]
    return max(dict.fromkeys(used), key=used.count, default=DOLLAR)


def read_currency(text: str) -> str:
    """A currency as people name it: ``eur``, ``\u20ac``, ``pounds``; what names none as it is, to be refused."""
    return read_choice(text, CURRENCIES)


def read_budget(text: str, currency: str, fields: tuple[str, str] = ("budget", "currency")) -> float:
    """An amount as people write it, in this currency; ``fields`` are what the two are called in a fault.

    Raises :class:`InputError`.
    """
    try:
        return Scenario.from_answers({"budget": text, "currency": currency}).budget or 0.0
    except InputError as error:
        raise InputError([_about_budget(issue, *fields) for issue in error.issues]) from None


def _about_budget(issue: Issue, budget: str, currency: str) -> Issue:
    if issue.code == "foreign_currency":
        value, found, wanted = (issue.params[name] for name in ("value", "found", "currency"))
        said = {"value": value, "found": found, "currency": wanted, "known": ", ".join(CURRENCIES)}
        return Issue(budget, "budget_in_other_currency", said)
    return replace(issue, field=currency if issue.field == "currency" else budget)


def _converted(candidate: Candidate, ask: ProspectOf, currency: str, catalog: Catalog, on: date) -> Placed:
    """A candidate in the currency of the budget; "funded" until something speaks against it."""
    if not isinstance(candidate.case, Scenario):
        return Placed(candidate, candidate.case, "faulty")
    try:
        found = ask(asking(candidate.case))
    except InputError as error:
        return Placed(candidate, error, "faulty")
    rate = in_base(1.0, found.currency, Scenario(currency=currency), catalog, on)
    if rate is None:
        return Placed(candidate, found, "no_rate")
    asks = None if found.asks is None else found.asks * rate
    if found.value is None or found.worlds is None or asks is None:
        return Placed(candidate, found, "unknown", asks)
    worlds = Worlds(found.worlds.passed * rate, found.worlds.failed * rate, found.worlds.chance)
    return Placed(candidate, found, "funded", asks, found.value * rate, worlds)


def _ranked(placed: Sequence[Placed]) -> list[Placed]:
    """By value for each unit of money at risk, the most first."""
    asks, values = (np.array([getattr(p, name) for p in placed], dtype=float) for name in ("asks", "value"))
    return [replace(placed[k], rank=rank) for rank, k in enumerate(by_worth(asks, values).tolist(), start=1)]


def _chosen(ranked: Sequence[Placed], budget: float) -> tuple[Method, list[bool]]:
    """Which are worth most together within the budget; by rank where there are too many sums to compare."""
    asks, values = _may_be_funded(ranked)
    found = best_within(asks, values, budget)
    if found is None:
        return "ranked", ranked_within(asks, values, budget).tolist()
    return "exact", found.tolist()


def _may_be_funded(ranked: Sequence[Placed]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What ranked candidates ask for and are worth; those that a verdict is against are worth nothing here. [money]"""
    asks = np.array([p.asks for p in ranked], dtype=float)
    return asks, np.array([0.0 if p.verdict in AGAINST else p.value for p in ranked], dtype=float)


def placed_by_figures(
    asks: NDArray[np.float64], values: NDArray[np.float64], budget: float
) -> tuple[NDArray[np.intp], NDArray[np.str_]]:
    """Ranks from 1, 0 without one, and states of cases that are too many to be drawn, by what their figures say.

    Money is in the currency of the budget, nan where nobody knows it.
    """
    known = np.flatnonzero(np.isfinite(asks) & np.isfinite(values))
    ranks, states = np.zeros(asks.size, dtype=np.intp), np.full(asks.size, "unknown", dtype=LONGEST_STATE)
    ranks[known[by_worth(asks[known], values[known])]] = np.arange(1, known.size + 1)
    funded = ranked_within(asks[known], values[known], budget)
    others = np.where(values[known] <= 0, "no_gain", np.where(asks[known] > budget, "above_budget", "crowded_out"))
    states[known] = np.where(funded, "funded", others)
    return ranks, states


def other_budgets(found: Funding) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Budgets from which another set of the same cases is worth more, and what the best set is then worth. [money]

    ``None`` where there are too many sets to compare.
    """
    ranked = [each for each in found.placed if each.rank is not None]
    return values_by_budget(*_may_be_funded(ranked), MOST_BUDGETS)


def _told(placed: Placed, *, chosen: bool, budget: float) -> Placed:
    """A ranked candidate with what became of it."""
    verdict, state = placed.verdict, placed.state
    if chosen:
        state = "funded"
    elif verdict in BY_FACTS:
        state = "against"
    elif (placed.value or 0.0) <= 0:
        state = "no_gain"
    elif verdict in AGAINST:
        state = "against"
    else:
        state = "above_budget" if (placed.asks or 0.0) > budget else "crowded_out"
    return replace(placed, state=state)


def _order(placed: Placed) -> int:
    return STATES.index(placed.state)


def _rates(placed: Sequence[Placed], currency: str, catalog: Catalog, on: date) -> tuple[Assumption, ...]:
    """The published rates behind the conversion; none where all is in one currency."""
    used = dict.fromkeys([p.found.currency for p in placed if isinstance(p.found, Prospect)])
    if set(used) <= {currency}:
        return ()
    names = [name for name in dict.fromkeys((*used, currency)) if name != DOLLAR]
    return tuple(rate_row(Scenario(), name, catalog, on) for name in names)


# --- All of it together ------------------------------------------------------------------------------


def whole_of(funded: Sequence[Placed]) -> Whole:
    """The funded cases as one: their gates pass or fail each by itself, in futures that are alike or apart."""
    worlds = [each.worlds for each in funded if each.worlds is not None]
    results, weights = _gates([each.chance for each in worlds])
    alike, apart = (_sums(worlds, results, mixed=mixed) for mixed in (False, True))
    each = np.repeat(weights / alike.shape[1], alike.shape[1])
    p10, p90 = weighted_quantiles(alike.ravel(), each, (0.1, 0.9))
    return Whole(
        asks=sum(p.asks or 0.0 for p in funded),
        value=sum(p.value or 0.0 for p in funded),
        p10=p10,
        p90=p90,
        ahead_alike=float(weights @ (alike > 0).mean(axis=1)),
        ahead_apart=float(weights @ (apart > 0).mean(axis=1)),
    )


def _gates(chances: Sequence[float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Combinations of passed (1) and failed gates, a row each, and the probability of each."""
    open_ones = [k for k, chance in enumerate(chances) if 0 < chance < 1]
    if len(open_ones) > MOST_COUNTED_GATES:
        spread = (np.arange(SAMPLED_GATES) + 0.5) / SAMPLED_GATES
        order = np.random.default_rng(SEED).permuted(np.tile(spread, (len(chances), 1)), axis=1)
        return (order < np.array(chances)[:, np.newaxis]).T.astype(float), np.full(SAMPLED_GATES, 1 / SAMPLED_GATES)
    results = np.tile(np.array(chances) >= 1, (2 ** len(open_ones), 1)).astype(float)
    weights = np.ones(len(results))
    for place, k in enumerate(open_ones):
        passed = (np.arange(len(results)) >> place) % 2
        results[:, k] = passed
        weights *= np.where(passed == 1, chances[k], 1 - chances[k])
    return results, weights


def _sums(worlds: Sequence[Worlds], results: NDArray[np.float64], *, mixed: bool) -> NDArray[np.float64]:
    """The value of all in each combination of gates (rows) and each draw; ``mixed``: each case in an order of its own.

    Both results of a gate follow from the same draw.
    """
    size = len(worlds[0].passed)
    orders = [
        np.random.default_rng([SEED, k]).permutation(size) if mixed and k else np.arange(size)
        for k in range(len(worlds))
    ]
    failed = np.stack([each.failed[order] for each, order in zip(worlds, orders, strict=True)])
    passed = np.stack([each.passed[order] for each, order in zip(worlds, orders, strict=True)])
    total: NDArray[np.float64] = failed.sum(axis=0) + results @ (passed - failed)
    return total
