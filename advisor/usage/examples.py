"""The first row that is left out for a reason, as a user finds it again: its line, and what stands in it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from advisor.usage.canonical import canonical
from advisor.usage.engine import Engine, RawTable, told
from advisor.usage.files import UsageFile, line_of
from advisor.usage.flattening import LINE
from advisor.usage.readers.duckdb_time import DUCKDB_TIME
from advisor.usage.readers.rows import UsageFormat, plain

FIRST = "_first"
"""The number of the first row that is left out for a reason."""
SECRET = ("key", "user", "prompt_name", "prefix")
"""Fields that no example repeats."""
SHOWN = re.compile(r"[\w.:+/@$%,-]{1,40}|\d{4}-[\dTZ:., +-]{1,30}")
"""What an example repeats of a cell: one word, a number or a moment; of anything longer only its length."""


def example_of(
    engine: Engine,
    form: UsageFormat,
    table: RawTable,
    file: UsageFile,
    why: str,
    counted: Mapping[str, int],
    hashed: Callable[[Any], Any],
) -> tuple[int | None, str]:
    """Line and recognised fields; ``counted`` may have the number of the row, which is looked for otherwise."""
    number, raw = counted.get(FIRST), table.numbered
    with told([file], engine.memory_mb):
        if number is None:
            raw = engine.raw([file], form).numbered
            faulty = canonical(form, raw, hashed, DUCKDB_TIME)
            row_number = faulty.filter(faulty["_reason"] == why).limit(1).select("_row")
            number = row_number.to_pyarrow().to_pylist()[0]["_row"]
        cells = raw.filter(raw["_row"] == number).limit(1).to_pyarrow().to_pylist()[0]
    shown = [
        f"{_place(file, places)}: {_shown(cells[name])}"
        for name, places in form.fields.items()
        if name not in SECRET and cells.get(name) is not None
    ]
    line = cells[LINE] if file.kind == "flat" else line_of(file, number)
    return line, "; ".join(shown)


def _place(file: UsageFile, places: Sequence[str]) -> str:
    """The place that a file has, as it is written there."""
    return next((place for place in places if plain(place) in file.places), places[0]).replace("!", "")


def _shown(value: object) -> str:
    text = str(value)
    return text if SHOWN.fullmatch(text) else f"({len(text)})"
