"""Every alternative side by side: what it costs, what it brings, and whether it is in, untested or ruled out.

A way to tune is a set of answers, so that the ordinary engine computes it and a reader can take it over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import numpy as np

from advisor.assumptions import resolve
from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError, Notice
from advisor.core.records import TODAY, Assumptions, Economics, OptionResult, Unpriced
from advisor.decision.advice import Advice, sampling
from advisor.decision.facts import DOES_NOT_FIT, NOT_ESTIMATED
from advisor.formulas.quality import cost_per_success, gate_status, relative_change
from advisor.formulas.uncertainty import quantile_with_never
from advisor.money.baseline import UntunedOption, standings
from advisor.money.cash_flows import evaluate, monthly_requests
from advisor.options import tune
from advisor.options.declared import grading, success_today
from advisor.risk.simulation import Drawn, draw, simulate, untuned_npv
from advisor.scenario import QUESTIONS, Scenario

State = Literal["in", "untested", "ruled_out"]
UNTESTED = frozenset({"out_quality_unproven", "out_knowledge_unknown"})
"""Reasons that a test would settle; an alternative is ruled out only by what somebody knows."""
UNPRICED = frozenset({"out_price_unknown"})
BUILT_FIRST = ("retrieval",)
"""What has to be built before it can be tested, so that a test costs that as well."""
TESTED_MODELS = ("cheaper_model", "open_model")
REMEMBERED = 64
RENTED = {"training_source": "rented", "rental_term": "hour"}
WAYS: Mapping[str, Mapping[str, object]] = {
    "lora": {"method": "lora", **RENTED},
    "qlora": {"method": "qlora", **RENTED},
    "full": {"method": "full", **RENTED},
    "by_the_month": {"training_source": "rented", "rental_term": "month"},
    "own_card": {"training_source": "own_card", "rental_term": "hour"},
    "own_serving": {"serving_route": "own_card"},
    "without_fallback": {"fallback_share": 0.0},
}
"""Ways to tune that need no vendor of their own; what they leave open is as in the case."""
MACHINES = ("training_gpu", "training_gpus", "training_gpu_price", "training_hours", "training_tokens_per_second")
"""Answers about a machine, which another way to train does not share."""
VENDORS = ("managed_route", "managed_training_price", "tuned_model", "tuned_input_price", "tuned_output_price")
"""Answers about a vendor's service, which ends with it."""


@dataclass(frozen=True)
class Alternative:
    """One row: money in the case's currency over the horizon, ``None`` where unknown.

    Net present values are means over the draws, in both results of the quality gate; ``npv_p10`` and ``npv_p90`` are
    against the baseline, ``today_p10`` and ``today_p90`` against going on as today. The payback is the middle where the
    gate passes.
    ``reasons`` says why it is untested or ruled out, empty where it is in. Of what is untested without tuning
    ``test_cost`` is what finding out costs, ``test_gain`` what a pass is worth beyond the recommended action, and
    ``test_chance`` that of passing, where the case knows it [fraction]. ``answers`` is what a reader takes over with
    it. A vendor's ``route`` has a ``name`` by language.
    """

    id: str
    tunes: bool
    reasons: tuple[Notice, ...]
    one_time: float | None = None
    monthly: float | None = None
    cost_per_request: float | None = None
    cost_per_success: float | None = None
    npv_against_today: float | None = None
    npv_against_baseline: float | None = None
    npv_p10: float | None = None
    npv_p90: float | None = None
    today_p10: float | None = None
    today_p90: float | None = None
    payback_months: float | None = None
    payback_status: str = ""
    is_case: bool = False
    is_baseline: bool = False
    answers: Mapping[str, object] | None = None
    route: str | None = None
    name: str | None = None
    test_cost: float | None = None
    test_gain: float | None = None
    test_chance: float | None = None

    @property
    def is_in(self) -> bool:
        return not self.reasons

    @property
    def state(self) -> State:
        """In; untested, where only a test speaks against it; ruled out by what is known."""
        codes = {reason.code for reason in self.reasons}
        if not codes:
            return "in"
        return "untested" if codes & UNTESTED and codes <= UNTESTED | UNPRICED else "ruled_out"


@lru_cache(REMEMBERED)
def alternatives(advice: Advice, catalog: Catalog) -> tuple[Alternative, ...]:
    """Without tuning first, then the case's own way, then the other ways; empty where the money is unknown."""
    a = advice.assessment.assumptions
    if advice.assessment.economics is None:
        return ()
    found = standings(a)
    gained = 0.0 if advice.simulation is None else float(advice.simulation.baseline_npv.mean())
    drawn = draw(a, sampling(catalog))
    rows = [_with_test(_without_tuning(standing, a, gained, drawn), advice) for standing in found]
    case = _tuned("case", a, catalog)
    own = tuple(reason for reason in case.reasons if reason.code != "out_quality_unproven")
    case = replace(case, reasons=own, is_case=True)
    others = [_way(name, answers, advice, catalog) for name, answers in _ways(advice, catalog).items()]
    return (*rows, case, *(other for other in others if other is not None))


def ranked(rows: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """What is worth most against today first; what is ruled out stands last, and what nobody can price at its end."""

    def place(row: Alternative) -> tuple[bool, float]:
        worth = row.npv_against_today
        return row.state == "ruled_out", np.inf if worth is None else -worth

    return tuple(sorted(rows, key=place))


def alike(rows: Sequence[Alternative], advice: Advice) -> tuple[tuple[Alternative, ...], ...]:
    """Ranked rows, those ways to tune in one group that are worth about the same as its best; the case's own leads it.

    About the same is what counts as nearly the same among actions.
    """
    groups: list[list[Alternative]] = []
    for row in ranked(rows):
        group = next((found for found in groups if _is_alike(found[0], row, advice)), None)
        if group is None:
            groups.append([row])
        else:
            group.append(row)
    return tuple(tuple(sorted(group, key=lambda row: not row.is_case)) for group in groups)


def nearly_same(first: float, second: float, advice: Advice) -> bool:
    """Whether two net present values are too near each other to be told apart. [money]"""
    table = advice.actions
    return table is not None and abs(first - second) < table.margin(table.recommended.mean)


def _is_alike(first: Alternative, second: Alternative, advice: Advice) -> bool:
    worth = first.npv_against_today, second.npv_against_today
    same_kind = first.tunes and second.tunes and first.state == second.state
    return same_kind and None not in worth and nearly_same(worth[0] or 0.0, worth[1] or 0.0, advice)


def better_way(rows: tuple[Alternative, ...]) -> Alternative | None:
    """The way to tune that is worth most and more than the case's own; ``None`` where the case has it already."""
    case = next((row for row in rows if row.is_case), None)
    ways = [row for row in rows if row.tunes and row.is_in and row.npv_against_today is not None and not row.is_case]
    best = max(ways, key=lambda row: row.npv_against_today or 0.0, default=None)
    if case is None or best is None or (case.npv_against_today or 0.0) >= (best.npv_against_today or 0.0):
        return None
    return best


def _without_tuning(standing: UntunedOption, a: Assumptions, gained: float, drawn: Drawn) -> Alternative:
    """``gained`` is what the baseline is worth against going on as today. [money]"""
    row = Alternative(standing.id, False, standing.reasons, is_baseline=standing.id == a.baseline)
    if isinstance(standing.result, Unpriced) or standing.npv is None:
        return row
    brings = untuned_npv(drawn, standing.id)
    row = _priced(row, standing.result, a, float(brings.mean()), float(brings.mean()) - gained)
    if standing.id == TODAY:
        return row
    low, high = np.percentile(brings, (10, 90))
    return replace(row, today_p10=float(low), today_p90=float(high))


def _with_test(row: Alternative, advice: Advice) -> Alternative:
    """What is untested with the cost of a test and what a pass would bring."""
    a, table, worth = advice.assessment.assumptions, advice.actions, row.npv_against_baseline
    if row.state != "untested" or worth is None or table is None:
        return row
    built = float(row.one_time or 0.0) if row.id in BUILT_FIRST else 0.0
    cost = float(np.asarray(grading(a).cost)) + built
    chance = float(a.number("other_model_pass_share")) if row.id in TESTED_MODELS else None
    return replace(row, test_cost=cost, test_gain=worth - table.recommended.mean, test_chance=chance)


def _priced(row: Alternative, result: OptionResult, a: Assumptions, today: float, baseline: float) -> Alternative:
    requests = float(monthly_requests(a))
    each = float(result.steady_monthly_cost) / requests if requests else None
    good = None if each is None else float(cost_per_success(each, result.success_share))
    return replace(
        row,
        one_time=float(result.one_time_cost),
        monthly=float(result.steady_monthly_cost),
        cost_per_request=each,
        cost_per_success=good,
        npv_against_today=today,
        npv_against_baseline=baseline,
    )


def _ways(advice: Advice, catalog: Catalog) -> dict[str, Mapping[str, object]]:
    """Every other way to tune, by name: our own machines first, then what vendors sell."""
    found, a = dict(WAYS), advice.assessment.assumptions
    if a.choice("serving_route") != "rented_gpu":  # the same machines, bought
        del found["own_serving"]
    model = a.choice("open_model") if a.knows("open_model") else catalog.usual_model(a.choice("model_size")).id
    size = catalog.model(model).params_b
    for route in catalog.routes.values():
        if route.model is None and not route.takes(size):
            continue
        serving = "rented_gpu" if route.hosting is not None and route.input is None else "hosted"
        found[route.id] = {"managed_route": route.id, "training_source": "managed", "serving_route": serving}
    if advice.scenario.current_cost_per_request is not None:  # nothing is known of what a request holds
        found = {name: answers for name, answers in found.items() if name in WAYS}
    return found


def _way(name: str, answers: Mapping[str, object], advice: Advice, catalog: Catalog) -> Alternative | None:
    """The case tuned another way; ``None`` where that is the case's own way."""
    a = advice.assessment.assumptions
    if all(_says(a, question, value) for question, value in answers.items()):
        return None
    route = catalog.routes.get(name)
    open_again = (*MACHINES, *VENDORS) if answers.keys() & {"training_source", "method"} else ()
    changed = {**advice.scenario.answers(), **dict.fromkeys(open_again), **answers}
    if route is not None and route.model is not None:
        changed["open_model"] = route.model
    try:
        scenario = Scenario.from_answers(changed)
        other = replace(resolve(scenario, catalog, a.on), baseline=a.baseline)
    except InputError:
        return None
    row = _tuned(name, other, catalog)
    changes = {q: getattr(scenario, q) for q in QUESTIONS if getattr(scenario, q) != getattr(advice.scenario, q)}
    kept = MappingProxyType(changes)
    if route is None:
        return replace(row, answers=kept)
    return replace(row, answers=kept, route=route.id, name=route.name)


def _says(a: Assumptions, question: str, value: object) -> bool:
    return question in a and a[question].value == value


def _tuned(name: str, a: Assumptions, catalog: Catalog) -> Alternative:
    e = evaluate(a)
    row = Alternative(name, True, _against(a, e, catalog))
    if not isinstance(e, Economics) or any(reason.code == "route_closed" for reason in row.reasons):
        return row
    found = simulate(draw(a, sampling(catalog)), explained=False)
    worlds, today = found.worlds, found.against_today
    (low, high), (today_low, today_high) = (each.quantiles(0.1, 0.9) for each in (worlds, today))
    months = quantile_with_never(found.payback, 0.5) if worlds.chance else np.nan
    return replace(
        _priced(row, e.tuned, a, today.mean, worlds.mean),
        npv_p10=low,
        npv_p90=high,
        today_p10=today_low,
        today_p90=today_high,
        payback_months=None if np.isnan(months) else months,
        payback_status="not_within_horizon" if np.isnan(months) else "ok",
    )


def _against(a: Assumptions, e: Economics | Unpriced, catalog: Catalog) -> tuple[Notice, ...]:
    """Why a way to tune is out."""
    found = [n for n in a.notices if n.code in (*DOES_NOT_FIT, NOT_ESTIMATED)]
    if isinstance(e, Unpriced):
        return tuple(found) or (Notice("out_price_unknown", "info", {}),)
    outside = a.choice("serving_route") == "hosted" or a.choice("training_source") == "managed"
    if outside and a["hosting_allowed"].value == "self_hosted":
        found.append(Notice("out_not_allowed_outside", "info", {}))
    if a.knows("budget") and float(e.investment) > float(a.number("budget")):
        found.append(Notice("out_over_budget", "info", {}))
    if _fails_gate(a, catalog):
        found.append(Notice("out_quality_gate_failed", "info", {}))
    elif not np.any(a.number("fallback_share")) and a["gate_result"].value != "passed":
        found.append(Notice("out_quality_unproven", "info", {}))
    return tuple(found)


def _fails_gate(a: Assumptions, catalog: Catalog) -> bool:
    """True where even the expected quality falls further than the gate allows."""
    change = relative_change(success_today(a), tune.success(a), higher_is_better=True)
    return str(gate_status(change, catalog.number("gate_margin"), float("inf"))) == "fail"
