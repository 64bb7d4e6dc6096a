"""Which of two numbers is the day, in files whose dates end in the year: told by a day beyond the twelfth, or asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from advisor.core.notices import InputError, Issue, unknown_id
from advisor.usage.engine import RawTable, told
from advisor.usage.files import UsageFile
from advisor.usage.readers.moments import DATE_ORDERS, DateOrder, day_and_month
from advisor.usage.readers.rows import Row, UsageFormat

UNORDERED = "date_order"
"""The reason of rows whose date could be two days."""
DAYS, MONTHS = 31, 12
MOMENTS = ("time", "seconds")


@dataclass(frozen=True)
class Dates:
    """The largest first and second number of a file's dates where they differ, and one of these dates."""

    first: int
    second: int
    example: str

    @property
    def order(self) -> DateOrder | None:
        """Of dates such as 5/5/2026 alone either order is right."""
        if self.first > MONTHS:
            return None if self.second > MONTHS else "day_first"
        return "month_first" if self.second > MONTHS or not self.example else None


def chosen_order(order: str | None) -> DateOrder | None:
    """The order that a user named. Raises :class:`InputError`."""
    if order is None:
        return None
    found = next((each for each in DATE_ORDERS if each == order.replace("-", "_")), None)
    if found is None:
        raise InputError([unknown_id("dates", order[:40], [], [each.replace("_", "-") for each in DATE_ORDERS])])
    return found


def by_order(
    form: UsageFormat, files: Sequence[UsageFile], table: RawTable, rows: Mapping[str, tuple[int, int]], memory_mb: int
) -> list[tuple[UsageFormat, list[UsageFile]]]:
    """The files by the order of their dates, each with the format that reads this order.

    ``rows`` are by file those used without knowing it and those left out for it; where these are most, and the file
    does not tell, the user is asked: raises :class:`InputError`.
    """
    with told(files, memory_mb):
        found = _dates(form, table.rows)
    groups: dict[DateOrder | None, list[UsageFile]] = {}
    for file in files:
        used, left = rows.get(str(file.path), (0, 0))
        dates = found.get(str(file.path), Dates(0, 0, ""))
        if left and dates.order is None and left >= used:
            raise InputError([Issue("file", "usage_date_order", {"file": file.name, "date": dates.example})])
        groups.setdefault(dates.order if left else None, []).append(file)
    return [(replace(form, date_order=order), members) for order, members in groups.items()]


def _dates(form: UsageFormat, table: Any) -> Mapping[str, Dates]:
    """What the moments of each file say, all columns of a file together."""
    import ibis

    asking = Row(table)
    form.read(asking)
    names = sorted({name for kind, name in asking.asked.values() if kind in MOMENTS and asking.has(name)})
    parts = []
    for name in (name for name in names if table[name].type().is_string()):
        cell = table[name].strip()
        first, second = day_and_month(cell)
        part = table.select("_file", first=first, second=second, example=cell)
        are_days = part["first"].between(1, DAYS) & part["second"].between(1, DAYS)
        is_date = are_days & ((part["first"] <= MONTHS) | (part["second"] <= MONTHS))
        parts.append(part.filter(is_date & (part["first"] != part["second"])))
    if not parts:
        return {}
    whole = ibis.union(*parts) if len(parts) > 1 else parts[0]
    each = whole.group_by("_file").agg(
        first=whole["first"].max(), second=whole["second"].max(), example=whole["example"].min()
    )
    return {row.pop("_file"): Dates(**row) for row in each.to_pyarrow().to_pylist()}
