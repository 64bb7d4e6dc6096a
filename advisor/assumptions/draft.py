"""One case being resolved: a row for each number, filled from the most to the least reliable source."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from advisor.catalog.catalog import Catalog
from advisor.catalog.records import Source
from advisor.core.notices import InputError, Notice, UnknownId, unknown_id
from advisor.core.records import Assumption, Citation, Kind
from advisor.engineering.descriptions import Method, Objective
from advisor.engineering.sizing import ServingSetups, TrainingSetups, serving_setups, training_setups
from advisor.scenario import QUESTIONS, Scenario


@dataclass
class Draft:
    """What is known of a case so far on the day ``on``.

    ``billed_at`` is what today's model costs by the bill, as a multiple of its list prices.
    ``ways_to_train`` and ``ways_to_serve`` estimate the machines; many cases together share what was estimated.
    """

    scenario: Scenario
    catalog: Catalog
    on: date
    rows: dict[str, Assumption] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    ways_to_train: Callable[[Catalog, str, Method, int, Objective], TrainingSetups] = training_setups
    ways_to_serve: Callable[[Catalog, str, float, float, str, float], ServingSetups] = serving_setups
    billed_at: float = 1.0


def citation(source: Source) -> Citation:
    return Citation(source.title, source.url, source.retrieved)


def unknown(name: str, error: UnknownId) -> InputError:
    return InputError([unknown_id(name, error.unknown, error.near, error.known)])


def knows(draft: Draft, name: str) -> bool:
    return name in draft.rows and draft.rows[name].value is not None


def lacks(draft: Draft, name: str) -> bool:
    return name in draft.rows and draft.rows[name].value is None


def set_fact(
    draft: Draft, name: str, value: float | None, unit: str, kind: Kind, source: Citation | None, **more: object
) -> None:
    """Set a row that nobody is asked for."""
    row = Assumption(name, value, unit, kind, source)
    draft.rows[name] = replace(row, **more)  # type: ignore[arg-type]


def fill(
    draft: Draft, name: str, value: float | str | None, kind: Kind, source: Citation | None, **more: object
) -> None:
    """Set a row nobody has answered."""
    if name in draft.rows and draft.rows[name].value is None:
        row = Assumption(name, value, QUESTIONS[name].unit, kind, source)
        draft.rows[name] = replace(row, **more)  # type: ignore[arg-type]


def note_stale(draft: Draft, subject: str, last_verified: date) -> None:
    days = (draft.on - last_verified).days
    if days > draft.catalog.rules.price_stale_after_days:
        said = {"subject": subject, "days": days, "date": last_verified}
        draft.notices.append(Notice("price_old", "warning", said))
