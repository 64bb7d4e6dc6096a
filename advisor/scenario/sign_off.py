"""What was decided at a stage gate: when it is due, go, stop or change, by whom, and the money released."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from advisor.core.notices import Issue
from advisor.scenario.values import FIRST_DAY, LAST_DAY, Day, plain_number, plain_text, quoted

SIGN_OFF, DECISION, RELEASED, NOT_YET = "sign_off", "decision", "released", "not_yet"
LONGEST_GATE = 120
LONGEST_REMARK = 300
MOST_GATES = 24
LARGEST_RELEASE = 1e12
GateDecision = Literal["go", "stop", "change"]
DECISIONS: tuple[str, ...] = get_args(GateDecision)

Line = Annotated[Annotated[str, Field(max_length=LONGEST_REMARK)] | None, BeforeValidator(plain_text)]
Person = Annotated[Annotated[str, Field(max_length=LONGEST_GATE)] | None, BeforeValidator(plain_text)]
Amount = Annotated[Annotated[float, Field(ge=0, le=LARGEST_RELEASE)] | None, BeforeValidator(plain_number)]


class GateRecord(BaseModel):
    """The record of one stage gate; ``None`` is not yet known. Who owns the gate stands in ``owners``.

    ``criterion`` takes the place of the plan's own; ``released`` is in the case's currency. [money]
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    criterion: Line = None
    due: Day = None
    decision: GateDecision | None = None
    decided_on: Day = None
    decided_by: Person = None
    released: Amount = None
    remark: Line = None

    @property
    def is_incomplete(self) -> bool:
        """Whether a decision lacks its day or who made it, or the other way round."""
        parts = (self.decision, self.decided_on, self.decided_by)
        return any(parts) and not all(parts)


PARTS: tuple[str, ...] = tuple(GateRecord.model_fields)


def place(gate: object, part: str = "") -> str:
    """What an issue about one gate, or about a part of its record, names as its field."""
    return ".".join(filter(None, (SIGN_OFF, quoted(gate), part)))


def sign_off_issue(error: Mapping[str, Any]) -> Issue:
    """A pydantic error in the table of gates as an :class:`Issue` that names the gate and the part of its record."""
    _, *at = (str(each) for each in error["loc"])
    gate, part = (*at, "", "")[:2]
    field, kind, value = place(gate, part), str(error["type"]), quoted(error.get("input"))
    if len(at) < 2:
        return Issue(field, "not_a_gate_record", {"value": value, "known": ", ".join(PARTS)})
    if kind == "extra_forbidden":
        return Issue(place(gate), "no_part_of_a_gate", {"value": quoted(part), "known": ", ".join(PARTS)})
    if kind == "literal_error":
        return Issue(field, "unknown_choice", {"value": value, "known": ", ".join(DECISIONS)})
    if part in ("due", "decided_on"):
        return Issue(field, "not_a_gate_day", {"value": value, "first": FIRST_DAY.year, "last": LAST_DAY.year})
    if part == RELEASED:
        return Issue(field, "not_a_release", {"value": value, "maximum": LARGEST_RELEASE})
    if kind in ("string_too_long", "too_long"):
        longest = {"value": len(str(error.get("input"))), "maximum": error.get("ctx", {}).get("max_length")}
        return Issue(field, "too_long", longest)
    return Issue(field, "unprintable" if kind == "unprintable" else "not_a_text", {"value": value})


def faults_of_gates(table: str, gates: Mapping[str, object] | None) -> Iterator[Issue]:
    """Of a table by gate: a project has a handful of gates, whose ids are short."""
    given = gates or {}
    if len(given) > MOST_GATES:
        yield Issue(table, "too_many_gates", {"count": len(given), "maximum": MOST_GATES})
    for gate in given:
        if len(gate) > LONGEST_GATE:
            yield Issue(table, "no_gate", {"value": quoted(gate), "maximum": LONGEST_GATE})
