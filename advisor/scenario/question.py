"""One question of a case: its unit, bounds and choices."""

from dataclasses import dataclass

from advisor.core.records import Role


@dataclass(frozen=True)
class Question:
    """What the user interface, the schema and the documents know about one field.

    ``role`` says what a reader can do about a number: decide it (choice), look it up or measure it today (fact), or
    only wait (future); ``None`` of what is no number. A choice is drawn only where its range is given.
    """

    id: str
    group: str
    unit: str
    low: float | None
    high: float | None
    whole: bool
    choices: tuple[str, ...]
    role: Role | None = None

    @property
    def is_number(self) -> bool:
        return self.low is not None

    def nearest(self, value: float) -> float:
        """The number closest to a value that may be answered, without the last binary digits."""
        bounded = max(value if self.low is None else self.low, min(value if self.high is None else self.high, value))
        return float(f"{bounded:.12g}")
