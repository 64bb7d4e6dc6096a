"""No model is counted past the end of its life without a word: the horizon ends with it, it is out, or it is told."""

from dataclasses import replace
from datetime import date, timedelta
from math import floor

from advisor.assumptions.answers import number_of
from advisor.assumptions.draft import Draft, unknown
from advisor.catalog.hosted_prices import hosted_price
from advisor.catalog.tuning_routes import RouteRecord
from advisor.core.notices import Notice, UnknownId
from advisor.formulas.constants import DAYS_PER_MEAN_MONTH

HOSTED = ("current_model", "cheaper_model")
TUNED = "/ft:"
"""What stands in the id of a tuned model before the name of its base."""


def last_day(draft: Draft) -> date:
    """The day on which the months looked at are over."""
    return draft.on + timedelta(days=number_of(draft, "horizon_months") * DAYS_PER_MEAN_MONTH)


def ending(draft: Draft) -> frozenset[str]:
    """Hosted models whose end is announced or reached: nobody moves to one and pays for the next move soon after."""
    return frozenset(
        k for k, end in draft.catalog.lifetimes.items() if end.retires.on is not None or end.retires.undated
    )


def end_with_route(draft: Draft, route: RouteRecord) -> None:
    """A service that takes no more jobs is named; one that stops ends the horizon."""
    name, end = route.name, route.retires.on
    if not route.sold_on(draft.on):
        draft.notices.append(Notice("route_closed", "warning", {"route": name}))
    if end is not None and _shortens(draft, end):
        said = {"route": name, "date": end, "horizon": _months_until(draft, end)}
        draft.notices.append(Notice("route_ends", "warning", said))


def end_with_tuned_model(draft: Draft) -> None:
    """A vendor retires a tuned model together with its base, which ends the horizon."""
    model = draft.rows["tuned_model"].value if "tuned_model" in draft.rows else None
    if model is None:
        return
    try:
        base = hosted_price(str(model), draft.on).model_id.replace(TUNED, "/")
    except UnknownId as error:
        raise unknown("tuned_model", error) from None
    end = _end_of(draft, base)
    if end is not None and _shortens(draft, end):
        said = {"model": str(model), "date": end, "horizon": _months_until(draft, end)}
        draft.notices.append(Notice("tuned_model_ends", "warning", said))


def note_lifetimes(draft: Draft) -> None:
    """The announced end of today's model; that of a cheaper one where it comes before the horizon is over."""
    last = last_day(draft)
    end = _end_of_named(draft, "current_model")
    if end is not None:
        code = "current_model_ended" if end <= draft.on else "current_model_ends"
        said = {"model": str(draft.rows["current_model"].value), "date": end}
        draft.notices.append(Notice(code, "warning" if end <= last else "info", said))
    end = _end_of_named(draft, "cheaper_model")
    if end is not None and end <= last:
        said = {"model": str(draft.rows["cheaper_model"].value), "date": end}
        draft.notices.append(Notice("cheaper_model_ends", "warning", said))


def horizon_matters(draft: Draft) -> bool:
    """Whether other rows or notices follow from how far the case looks ahead."""
    cheaper, ends = draft.rows.get("cheaper_model"), any(_end_of_named(draft, name) for name in HOSTED)
    named = any(name in draft.rows and draft.rows[name].value is not None for name in ("managed_route", "tuned_model"))
    return named or ends or (cheaper is not None and cheaper.value is None)


def _end_of_named(draft: Draft, name: str) -> date | None:
    return _end_of(draft, str(draft.rows[name].value)) if name in draft.rows else None


def _end_of(draft: Draft, model: str) -> date | None:
    found = draft.catalog.lifetimes.get(model)
    return None if found is None else found.retires.on


def _months_until(draft: Draft, day: date) -> int:
    """Whole months that are left, at least one."""
    return max(floor(max((day - draft.on).days, 0) / DAYS_PER_MEAN_MONTH), 1)


def _shortens(draft: Draft, day: date) -> bool:
    """Whether the horizon had to be cut to end on a day."""
    row, left = draft.rows["horizon_months"], float(_months_until(draft, day))
    if not isinstance(row.value, float) or left >= row.value:
        return False
    draft.rows["horizon_months"] = replace(row, value=left, low=None, high=None)
    return True
