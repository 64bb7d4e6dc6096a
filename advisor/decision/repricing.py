"""A kept case and the same case today: what has changed of what it rested on, and whether the verdict turns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError
from advisor.core.records import Assumption, Assumptions
from advisor.decision.advice import Advice, advise
from advisor.decision.bridge import Step, walk
from advisor.scenario import QUESTIONS, Scenario

SAME_MONTHS = 0.05
"""Paybacks that lie closer together read the same."""


@dataclass(frozen=True)
class NumberThen:
    """A number of the model, or a choice, as it was frozen or is today; ``None`` is unknown."""

    value: float | str | None
    unit: str
    kind: str
    source: str | None
    effective: str | None
    retrieved: str | None


@dataclass(frozen=True)
class NumberChange:
    """A number that is not what it was; ``None`` on the side on which the model does not use it."""

    id: str
    then: NumberThen | None
    now: NumberThen | None


@dataclass(frozen=True)
class Repricing:
    """What changed since a case was frozen. ``steps`` lead from the old prices to today's, one group at a time.

    ``then`` and ``now`` are headlines as :func:`frozen_headline` makes them.
    """

    then: Mapping[str, Any]
    now: Mapping[str, Any]
    changes: tuple[NumberChange, ...]
    steps: tuple[Step, ...]
    advice: Advice

    @property
    def turns(self) -> bool:
        """Whether the verdict is another one."""
        return bool(self.then["verdict"] != self.now["verdict"])

    @property
    def payback_moved(self) -> bool:
        """Whether the typical payback reads differently."""
        return _moved(_payback(self.then), _payback(self.now))


def frozen_numbers(a: Assumptions) -> list[dict[str, Any]]:
    """Every number behind a result with its source and dates, as values of JSON."""
    return [_frozen(row) for row in a.values()]


def frozen_headline(advice: Advice) -> dict[str, Any]:
    """The verdict and the figures told first, as values of JSON; figures are ``None`` where money is unknown."""
    a, told = advice.assessment.assumptions, advice.headline
    figures = ("payback", "npv", "monthly_savings", "roi", "investment")
    return {
        "verdict": advice.recommendation.verdict,
        "rule": advice.recommendation.rule,
        "currency": a.currency,
        "as_of": a.on.isoformat(),
        **{name: None if told is None else getattr(told, name)._asdict() for name in figures},
    }


def reprice(
    scenario: Scenario, then: Mapping[str, Any], frozen: Iterable[Mapping[str, Any]], catalog: Catalog, on: date
) -> Repricing:
    """The case at the prices of the day ``on`` beside what was frozen. Raises :class:`InputError` for unusable answers.

    A day that the case is to be priced at is left out: it would hold the old prices.
    """
    today = scenario.with_(as_of=None)
    advice = advise(today, catalog, on)
    old = {row["id"]: row for row in frozen}
    new = {row["id"]: row for row in frozen_numbers(advice.assessment.assumptions)}
    changes = tuple(
        NumberChange(name, _then(old.get(name)), _then(new.get(name)))
        for name in {**old, **new}
        if not _is_same(old.get(name), new.get(name))
    )
    return Repricing(then, frozen_headline(advice), changes, _steps(today, changes, catalog, on), advice)


def _steps(today: Scenario, changes: Iterable[NumberChange], catalog: Catalog, on: date) -> tuple[Step, ...]:
    """The bridge from the old prices, given as answers, to today's; empty where no answer could hold an old one."""
    before = {c.id: c.then.value for c in changes if c.then and c.then.value is not None and c.id in QUESTIONS}
    if not before:
        return ()
    try:
        return walk(today.with_(**before), today, catalog, on)
    except InputError:  # an old price that may not be answered any more
        return ()


def _frozen(row: Assumption) -> dict[str, Any]:
    source = row.source
    return {
        "id": row.id,
        "value": row.value if row.value is None or isinstance(row.value, str) else float(row.value),
        "unit": row.unit,
        "kind": row.kind,
        "set_by": row.set_by,
        "low": row.low,
        "high": row.high,
        "source": source and source.title,
        "url": source and source.url,
        "retrieved": source and source.retrieved.isoformat(),
        "effective": row.effective and row.effective.isoformat(),
    }


def _then(row: Mapping[str, Any] | None) -> NumberThen | None:
    if row is None:
        return None
    return NumberThen(*(row[name] for name in ("value", "unit", "kind", "source", "effective", "retrieved")))


def _is_same(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> bool:
    return old is not None and new is not None and (old["value"], old["unit"]) == (new["value"], new["unit"])


def _payback(headline: Mapping[str, Any]) -> float | None:
    figure: Mapping[str, float | None] | None = headline["payback"]
    return None if figure is None else figure["p50"]


def _moved(then: float | None, now: float | None) -> bool:
    return (then is None) != (now is None) or (then is not None and now is not None and abs(then - now) >= SAME_MONTHS)
