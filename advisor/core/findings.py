"""What would change a verdict: an open answer, or another value of a number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """An open question, one possible answer to it, and the verdict with that answer."""

    id: str
    answer: str
    verdict: str


ON_THE_LADDER = "daily_requests"
"""At which volumes the verdict turns is told by the volume ladder, with the volume as well known as it is."""


@dataclass(frozen=True)
class SwitchingValue:
    """Switching value of one number: the nearest value within its range at which the verdict is another.

    ``switches_at`` and ``verdict`` are ``None`` where the number cannot change the verdict alone between ``low`` and
    ``high``; ``chance`` is the share of the draws that lie at or beyond it. Where ``switches_at`` is the value itself,
    confirming the value changes the verdict, because its range then narrows.
    """

    id: str
    value: float
    low: float
    high: float
    switches_at: float | None = None
    verdict: str | None = None
    chance: float = 0.0

    @property
    def distance(self) -> float | None:
        """Relative distance from the value to the switching value; ``None`` from zero or without a switching value."""
        return None if self.switches_at is None or not self.value else self.switches_at / self.value - 1

    @property
    def once_known(self) -> bool:
        """Whether the verdict changes as soon as somebody confirms the value."""
        return self.switches_at == self.value and self.id != ON_THE_LADDER
