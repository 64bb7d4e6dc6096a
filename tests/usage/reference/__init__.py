"""A second reading of logs and bills, in plain Python, row by row: what an import must add up to.

It knows nothing of the product's readers: ``files`` has the records of a file, ``formats`` one function a format,
``cells`` what a cell says.
"""

from collections.abc import Sequence

from tests.usage.reference.cells import COMMAS, DATES, Dates, Read
from tests.usage.reference.files import records
from tests.usage.reference.formats import FORMATS

SUMMED = (
    *("ts", "requests", "input_tokens", "cache_read_tokens", "cache_write_tokens"),
    *("output_tokens", "output_reasoning_tokens", "cost"),
)


def sums(form: str, content: str, commas: bool = False) -> dict[str, float]:
    """Rows that a file has and those used, with their times, requests, tokens and cost, each request once.

    ``commas``: the file writes 1,5 for one and a half, as its import told.
    """
    COMMAS.set(commas)
    DATES.set(dates := Dates())
    _summed(form, content)
    dates.decide()
    return _summed(form, content)


def _summed(form: str, content: str) -> dict[str, float]:
    read, kept, seen = 0, [], dict[str, list[Read]]()
    for record in records(form, content):
        read += 1
        if record is None:
            continue
        try:
            found = FORMATS[form].read(record)
        except ValueError:
            continue
        if found.id is None:
            kept.append(found)
        else:
            seen.setdefault(found.id, []).append(found)
    kept += [min(same, key=_order) for same in seen.values()]
    totals = {name: sum(row.sums.get(name) or 0 for row in kept) for name in SUMMED}
    return {"read": read, "rows": len(kept), **totals}


def _order(row: Read) -> Sequence[float]:
    """Of rows of one request the one with tokens counts, then the one with a cost, the earliest, the largest."""
    known = [row.sums.get(name) for name in ("input_tokens", "output_tokens", "cost")]
    return [*(value is None for value in known), row.sums["ts"] or 0, *(-(value or 0) for value in known)]
