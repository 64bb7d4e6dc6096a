"""What can be done next, compared in the same draws: not tune, tune now, look facts up, run a trial, or wait.

Every action ends on the same calendar date and is discounted to today, so a delay shortens the benefit and does not
move it. Worth is measured against the best proven alternative without tuning, whose own worth is therefore 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.core.notices import Notice
from advisor.core.records import TODAY, Assumptions
from advisor.formulas import finance
from advisor.formulas.value_of_information import Knowledge, value_of_facts
from advisor.money import cash_flows
from advisor.risk.open_facts import look_up_cost, open_facts
from advisor.risk.simulation import Drawn, Simulation, untuned_npv
from advisor.risk.worlds import Worlds, weighted_quantiles
from advisor.scenario import QUESTIONS

Array = NDArray[np.float64]
Share = float | Array

ActionId = Literal["best_without", "tune_now", "look_up_first", "trial_first", "wait"]
ACTIONS: tuple[ActionId, ...] = ("best_without", "tune_now", "look_up_first", "trial_first", "wait")
"""In the order in which the earlier is preferred where their means are nearly the same."""
YEARLY = "fraction/year"
TUNE = 1
"""Place of tuning among the options that are decided between; 0 is the best without tuning."""


class Outcomes(NamedTuple):
    """What an action may come to, with the probability of each; ``cost`` is that of the action itself. [money]"""

    values: Array
    weights: Array
    cost: float


@dataclass(frozen=True)
class Action:
    """One action against the best alternative without tuning. Money in the case's currency.

    ``chance_of_loss`` is the share of its futures with a go whose cash flows from the go on lose money; ``go_share``
    how often it ends in tuning, ``go_mean`` what that is then worth before the cost of the action itself. ``at_risk``
    is what is spent before the next decision. ``worlds`` is its worth in each draw, where the gate passes and where it
    fails; ``outcomes`` is what it may come to, before its own cost. ``why_not`` says why it is not admissible.
    """

    id: ActionId
    mean: float
    chance_of_loss: float
    at_risk: float
    delay_months: float
    go_share: float
    go_mean: float
    worlds: Worlds
    outcomes: Outcomes
    why_not: Notice | None = None

    @cached_property
    def percentiles(self) -> tuple[float, float, float]:
        """P10, P50 and P90 of the worth. [money]"""
        possible = self.outcomes.weights > 0
        values, weights = self.outcomes.values[possible], self.outcomes.weights[possible]
        p10, p50, p90 = weighted_quantiles(values, weights, (0.1, 0.5, 0.9))
        return p10 - self.outcomes.cost, p50 - self.outcomes.cost, p90 - self.outcomes.cost

    @property
    def p10(self) -> float:
        return self.percentiles[0]

    @property
    def p50(self) -> float:
        return self.percentiles[1]

    @property
    def p90(self) -> float:
        return self.percentiles[2]


@dataclass(frozen=True)
class ActionTable:
    """Every action that the case allows, in the order of ``ACTIONS``, and the one recommended.

    ``investment`` is the middle of what tuning costs once [money]; ``tolerance`` the chance of loss given a go that the
    reader bears [fraction]; means that differ by less than the share ``nearly_same`` count as the same. ``facts`` are
    those that somebody could look up and nobody has stated; ``trial`` is tuning begun after a trial.
    """

    rows: tuple[Action, ...]
    investment: float
    tolerance: float
    nearly_same: float
    facts: tuple[str, ...]
    trial: Worlds | None

    def __getitem__(self, name: str) -> Action:
        return next(row for row in self.rows if row.id == name)

    def __contains__(self, name: str) -> bool:
        return any(row.id == name for row in self.rows)

    @property
    def recommended(self) -> Action:
        """The first admissible action whose mean is nearly the highest.

        The margin is a share of the investment or of the highest mean, whichever is more: a difference that no draws of
        such size can tell, and no reader would spend weeks on.
        """
        bearable = [row for row in self.rows if row.why_not is None]
        highest = max(row.mean for row in bearable)
        return next(row for row in bearable if row.mean >= highest - self.margin(highest))

    def margin(self, highest: float) -> float:
        """By how much means may differ and still be nearly the same. [money]"""
        return self.nearly_same * max(self.investment, highest)

    @property
    def runner_up(self) -> Action | None:
        """The best of the other actions that could change anything, ruled out by their losses or not."""
        others = [row for row in self.rows if row.id != self.recommended.id]
        some = [row for row in others if row.go_share or row.id == "best_without"]
        return max((row for row in some if not _is_risky(row) or row is self.excluded), key=_mean, default=None)

    def best_but(self, name: str) -> float:
        """The highest mean of the other admissible actions. [money]"""
        return max(row.mean for row in self.rows if row.id != name and row.why_not is None)

    @property
    def excluded(self) -> Action | None:
        """The action of a clearly higher mean where only the tolerance for losses rules it out."""
        best = max(self.rows, key=lambda row: row.mean)
        ahead = best.mean - self.recommended.mean > self.margin(best.mean)
        return best if ahead and _is_risky(best) else None

    @property
    def beyond_tolerance(self) -> tuple[Action, ...]:
        """What only the tolerance for losses rules out: the excluded action, and tuning at once where it is ahead of
        the recommended one. Where not tuning is recommended, its reason tells how often tuning loses."""
        advised, excluded = self.recommended, self.excluded
        beside = "" if advised.id == "best_without" else "tune_now"
        risky = [row for row in self.rows if _is_risky(row)]
        return tuple(row for row in risky if row is excluded or (row.id == beside and row.mean > advised.mean))


def _is_risky(row: Action) -> bool:
    return row.why_not is not None and row.why_not.code == "action_too_risky"


def _mean(row: Action) -> float:
    return row.mean


# --- The table ------------------------------------------------------------------------------------


def actions(
    a: Assumptions,
    drawn: Drawn,
    found: Simulation,
    proven: tuple[str, ...],
    investment: float,
    *,
    nearly_same: float,
    wait_months: float,
) -> ActionTable:
    """Every action that the case ``a`` allows, from its draws and what they say.

    Raises ``UnknownPrice`` where the price of an alternative is unknown. ``proven`` are the alternatives without tuning
    beside the best of them; ``investment`` is the middle of what tuning costs once [money]; means that differ by less
    than the share ``nearly_same`` of it, or of the highest mean, count as the same [fraction]. Who waits decides again
    after ``wait_months``.
    """
    now, facts, tolerance = found.worlds, open_facts(a, found, proven), float(a.number("loss_tolerance"))
    others, cost = beside_the_best(drawn, found, proven), look_up_cost(a, len(facts))
    rows = [best_without(now), tune_now(now, investment)]
    if facts:
        known = _known(facts, found, now, others)
        rows.append(_decided("look_up_first", known, now, others, cost, 0.0))
    trial = None
    if 0 < now.chance < 1 and a.knows("pilot_cost"):
        delay, price = float(a.number("pilot_months")), float(a.number("pilot_cost"))
        trial = begun_later(drawn, delay)
        rows.append(trial_first(trial, float(a.number("pilot_reliability")), price, delay, tolerance))
    trends = [name for name in found.columns if QUESTIONS[name].unit == YEARLY]
    if trends and float(a.number("horizon_months")) > wait_months:
        later = begun_later(drawn, wait_months)
        rows.append(_decided("wait", _known(trends, found, later, others), later, others, 0.0, wait_months))
    told = tuple(admitted(row, tolerance) for row in rows)
    return ActionTable(told, investment, tolerance, nearly_same, facts, trial)


def best_without(now: Worlds) -> Action:
    """Not tuning: what everything else is measured against."""
    return _action("best_without", now, 0.0, 0.0, np.zeros_like(now.passed), 0.0, 0.0)


def tune_now(now: Worlds, investment: float) -> Action:
    """The project as it is; where its evaluation stops it before launch, the ``investment`` is lost. [money]"""
    return _action("tune_now", now, 1.0, 1.0, np.zeros_like(now.passed), 0.0, 0.0, investment)


def trial_first(told: Worlds, reliability: float, cost: float, delay: float, tolerance: float) -> Action:
    """A trial says with its reliability whether the gate would be passed.

    It is followed by a go where tuning, by what it said, is worth more than nothing on average and loses money no more
    often than the reader bears. ``told`` is tuning begun after the trial, ``reliability`` how often the trial is right
    [fraction], ``cost`` [money] and ``delay`` [months] its own, ``tolerance`` the chance of loss borne [fraction].
    """
    if_passed, if_failed = _goes_after(told, reliability, tolerance)
    return _action("trial_first", told, if_passed, if_failed, np.zeros_like(told.passed), cost, delay)


def _goes_after(told: Worlds, reliability: float, tolerance: float) -> tuple[float, float]:
    """How often a trial of such a reliability is followed by tuning that passes the gate, and by tuning that fails."""
    p = told.chance
    on_good = _goes(told, p * reliability, (1 - p) * (1 - reliability), tolerance)
    on_bad = _goes(told, p * (1 - reliability), (1 - p) * reliability, tolerance)
    if_passed = reliability * on_good + (1 - reliability) * on_bad
    return if_passed, (1 - reliability) * on_good + reliability * on_bad


def reliability_needed(table: ActionTable, cost: float, otherwise: float) -> float | None:
    """Least reliability, in steps of 1 %, at which a trial is worth more than the best of the other actions.

    ``cost`` is that of the trial, ``otherwise`` what the best other action is worth [money]. The result is a fraction;
    ``None`` where even a trial that is never wrong is worth less.
    """
    told = table.trial
    if told is None:
        return None
    good, bad = told.chance * float(told.passed.mean()), (1 - told.chance) * float(told.failed.mean())
    for percent in range(50, 101):
        if_passed, if_failed = _goes_after(told, percent / 100, table.tolerance)
        if if_passed * good + if_failed * bad - cost >= otherwise:
            return percent / 100
    return None


def _goes(told: Worlds, passes: float, fails: float, tolerance: float) -> float:
    """1 where tuning is worth it after a signal that comes with these probabilities of passing and failing, else 0."""
    if not passes + fails:
        return 0.0
    after = told._replace(chance=passes / (passes + fails))
    return float(after.mean > 0 and after.share(after.passed < 0, after.failed < 0) <= tolerance)


def _decided(
    id: ActionId, known: Knowledge, told: Worlds, others: Sequence[Array], cost: float, delay: float
) -> Action:
    """The best of all once some numbers are known; where knowing them gains nothing, the best of all now."""
    options = np.column_stack([np.zeros_like(told.passed), told.expected, *others])
    chosen = known.chosen if known.counted else np.full(len(options), int(np.argmax(options.mean(axis=0))))
    go = (chosen == TUNE).astype(float)
    without = np.where(chosen == TUNE, 0.0, options[np.arange(len(options)), chosen])
    return _action(id, told, go, go, without, cost, delay)


def _action(
    id: ActionId,
    told: Worlds,
    if_passed: Share,
    if_failed: Share,
    without: Array,
    cost: float,
    delay: float,
    at_risk: float | None = None,
) -> Action:
    """An action that tunes with these probabilities in either result of the gate and else gains ``without``."""
    count = len(told.passed)
    passed, failed = (np.broadcast_to(np.asarray(share, dtype=float), count) for share in (if_passed, if_failed))
    here, there = told.chance / count, (1 - told.chance) / count
    values = np.concatenate([told.passed, told.failed, without])
    go = np.concatenate([here * passed, there * failed])
    weights = np.concatenate([go, here * (1 - passed) + there * (1 - failed)])
    tuned = float(go.sum())
    earned = told.values
    worth = Worlds(
        passed * told.passed + (1 - passed) * without - cost,
        failed * told.failed + (1 - failed) * without - cost,
        told.chance,
    )
    return Action(
        id=id,
        mean=worth.mean,
        chance_of_loss=float(go[earned < 0].sum()) / tuned if tuned else 0.0,
        at_risk=cost if at_risk is None else at_risk,
        delay_months=delay,
        go_share=tuned,
        go_mean=float(go @ earned) / tuned if tuned else 0.0,
        worlds=worth,
        outcomes=Outcomes(values, weights, cost),
    )


def admitted(row: Action, tolerance: float) -> Action:
    """The action with what speaks against it: losses too likely, or nothing that could make it end in tuning."""
    if row.chance_of_loss > tolerance:
        limits = {"share": row.chance_of_loss, "limit": tolerance}
        return replace(row, why_not=Notice("action_too_risky", "info", limits))
    if row.id not in ("best_without", "tune_now") and not row.go_share:
        return replace(row, why_not=Notice("action_changes_nothing", "info", {}))
    return row


# --- What it rests on -----------------------------------------------------------------------------


def beside_the_best(drawn: Drawn, found: Simulation, names: Sequence[str]) -> tuple[Array, ...]:
    """What these alternatives without tuning are worth in each draw, against the best of them. [money]"""
    gained = (0.0 if name == TODAY else untuned_npv(drawn, name) for name in names)
    return tuple(each - found.baseline_npv for each in gained)


def begun_later(drawn: Drawn, delay: float) -> Worlds:
    """Tuning begun ``delay`` months from now: launch and spending move, prices change meanwhile, the horizon stays."""
    case = drawn.case
    investment, moved = cash_flows.begun_later(case, drawn.line, drawn.economics.baseline, delay)
    flows = np.array(np.broadcast_to(moved, (drawn.sampling.count, moved.shape[-1])))
    flows[:, 0] = 0.0
    rate, month = case.number("discount_rate"), min(int(delay), flows.shape[-1] - 1)
    failed = drawn.each(-investment / (1 + finance.monthly_rate(rate)) ** month)
    return Worlds(np.asarray(finance.npv(flows, rate)) + failed, failed, float(drawn.chance.mean()))


def _known(names: Sequence[str], found: Simulation, told: Worlds, others: Sequence[Array]) -> Knowledge:
    """What deciding on these numbers gains over deciding at once."""
    drawn = np.column_stack([found.columns[name] for name in names])
    return value_of_facts(drawn, np.column_stack([np.zeros(len(drawn)), told.expected, *others]))
