"""The busiest moment of a case whose hours of a week are told: their peak with the reserve within an hour."""

from dataclasses import replace

from advisor.assumptions.draft import Draft, citation, set_fact
from advisor.catalog.fields import Interval
from advisor.core.notices import Notice
from advisor.core.records import Assumption, Citation
from advisor.formulas.hours_of_week import busiest_moment
from advisor.scenario import HOURS, Scenario, hours_shape

WITHIN, PEAK = "within_hour_factor", "peak_factor"


def peak_follows_hours(scenario: Scenario) -> bool:
    """True where the busiest moment is no longer taken as it is answered."""
    return scenario.hours_of_week is not None


def take_hours(draft: Draft) -> None:
    """Set the busiest moment over the mean from the hours of the week; it is drawn as far as the reserve is not known.

    The reader's own answer is kept where it is higher: replicas carry at least the busiest moment that somebody saw. A
    preset's or a default gives way.
    """
    answer, told = draft.scenario.hours_of_week, draft.rows.get(PEAK)
    if answer is None or told is None:
        return
    reserve = draft.catalog.parameter(WITHIN)
    within = draft.catalog.number(WITHIN)
    source = citation(reserve.source)
    set_fact(draft, WITHIN, within, reserve.unit, reserve.kind, source, effective=source.retrieved, note=reserve.note)
    most = max(hours_shape(answer))
    found = float(busiest_moment(most, within))
    if told.set_by == "user" and isinstance(told.value, float):
        if told.value > found:
            draft.notices.append(Notice("peak_above_hours", "info", {"told": told.value, "found": found}))
            return
        draft.notices.append(Notice("peak_from_hours", "info", {"told": told.value, "found": found}))
    row = _measured(draft, replace(told, value=found))
    draft.rows[PEAK] = row if reserve.interval is None else _ranged(row, most, reserve.interval)


def _ranged(row: Assumption, most: float, of_reserve: Interval) -> Assumption:
    """The row with the range that the reserve gives the busiest hour, ``most``. [multiple]"""
    low, high = (float(busiest_moment(most, bound)) for bound in (of_reserve.low, of_reserve.high))
    return replace(row, low=low, high=high, shape=of_reserve.shape)


def _measured(draft: Draft, row: Assumption) -> Assumption:
    """The row as it rests on the hours: whose they are, and on what they were measured."""
    record = draft.scenario.record_of(HOURS)
    source = None if record is None else Citation(record.title, None, record.last or draft.on)
    day = draft.on if source is None else source.retrieved
    own = {"kind": "yours" if record is None else "measured", "set_by": "user", "source": source, "effective": day}
    return replace(row, **own, low=None, high=None, usual=None, note=None)  # type: ignore[arg-type]
