"""What training on a set takes in a case, as it stands and once it is cleaned."""

from datetime import date

from advisor.assumptions import resolve
from advisor.catalog.catalog import Catalog
from advisor.core.records import Assumptions, Economics
from advisor.datasets.records import CleaningSaves, DatasetReport, SetCost
from advisor.money.baseline import with_baseline
from advisor.money.cash_flows import evaluate
from advisor.options.declared import total
from advisor.options.training_compute import run_hours, training_items
from advisor.scenario import QUESTIONS, Scenario


def cleaning_saves(found: DatasetReport, case: Scenario, catalog: Catalog, on: date) -> CleaningSaves | None:
    """Both costs in a case; ``None`` where nothing of the set can be trained on. Raises :class:`InputError`."""
    if found.truncation is None or found.cleaned.mean is None:
        return None
    before = _set_cost(case, found.examples, found.truncation.mean, catalog, on)
    after = _set_cost(case, found.cleaned.examples, found.cleaned.mean, catalog, on)
    return CleaningSaves(before, after, case.base_currency, case.training_hours is None)


def _set_cost(case: Scenario, examples: int, tokens: float, catalog: Catalog, on: date) -> SetCost:
    length = QUESTIONS["example_tokens"].nearest(tokens)
    a, _ = with_baseline(resolve(case.with_(training_examples=float(examples), example_tokens=length), catalog, on))
    return SetCost(examples, _hours(a), _run_money(a), _horizon_money(a))


def _hours(a: Assumptions) -> float | None:
    needs = ("training_examples", "training_epochs", "example_tokens", "training_tokens_per_second")
    known = a.knows("training_hours") or all(a.knows(name) for name in (*needs, "evaluation_share", "startup_hours"))
    return float(run_hours(a)) if known else None


def _run_money(a: Assumptions) -> float | None:
    if not a.knows("training_runs"):
        return None
    once = total(training_items(a.replaced({"training_runs": 1.0})))
    return None if once is None else float(once)


def _horizon_money(a: Assumptions) -> float | None:
    found = evaluate(a)
    if not isinstance(found, Economics):
        return None
    return float(found.tuned.one_time_cost) + float(found.tuned.monthly_cost.sum())
