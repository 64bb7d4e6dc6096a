"""What an answer was measured on: the file, its period, how many rows, and the sampling error."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from advisor.scenario.values import Day, plain_number, plain_text

LONGEST_FILE_NAME = 120
LARGEST_COUNT = 1e15

Ending = Annotated[float | None, BeforeValidator(plain_number)]


class Measurement(BaseModel):
    """The record behind one answer. An answer other than ``value`` does not rest on it.

    ``low`` and ``high`` are the 80 % interval of the sampling error, in the unit of the answer; ``None`` where it is
    not known. ``first`` and ``last`` are the days of the period. ``counted`` is what was counted in it where ``value``
    was taken back from that by planned growth.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Annotated[float, BeforeValidator(plain_number)] | str
    file: Annotated[str, BeforeValidator(plain_text), Field(min_length=1, max_length=LONGEST_FILE_NAME)]
    rows: Annotated[Annotated[float, Field(ge=0, le=LARGEST_COUNT)] | None, BeforeValidator(plain_number)] = None
    first: Day = None
    last: Day = None
    low: Ending = None
    high: Ending = None
    counted: Ending = None

    @property
    def title(self) -> str:
        """The record as a source is named, the same in every language: file, period, number of rows."""
        days = " \u2013 ".join(dict.fromkeys(day.isoformat() for day in (self.first, self.last) if day))
        rows = "" if self.rows is None else f"n = {self.rows:,.0f}"
        told = "; ".join(part for part in (days, rows) if part)
        return f"{self.file} ({told})" if told else self.file
