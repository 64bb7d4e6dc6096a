"""The stage gates of a plan with what was decided at each: who, when, go or stop, and the money released."""

from dataclasses import dataclass
from datetime import date

from advisor.catalog.catalog import Catalog
from advisor.core.notices import UnknownPrice
from advisor.core.records import Assumptions
from advisor.costs.project_plan import StageGate, stage_gates
from advisor.scenario import STEP_OWNER, GateRecord, Scenario

NOTHING_YET = GateRecord()


@dataclass(frozen=True)
class SignedGate:
    """A stage gate with its record; ``number`` counts from 1, ``None`` of a gate that the plan has no more.

    ``name`` and ``stop`` are a source's own words; ``spent`` is the plan's money up to here. [money]
    """

    step: str
    number: int | None
    owner: str
    record: GateRecord
    name: str | None = None
    stop: str | None = None
    spent: float | None = None


@dataclass(frozen=True)
class SignOff:
    """Every gate in the order of the plan, then those it has no more.

    ``planned`` is the money of the whole plan, ``None`` where it is not known; ``released`` over all gates. [money]
    """

    gates: tuple[SignedGate, ...]
    planned: float | None
    released: float
    on: date

    @property
    def of_plan(self) -> tuple[SignedGate, ...]:
        """The gates that the plan has."""
        return tuple(gate for gate in self.gates if gate.number is not None)

    @property
    def stopped(self) -> SignedGate | None:
        """The first gate that was decided ``stop``; ``None`` while nobody stopped the case."""
        return next((gate for gate in self.gates if gate.record.decision == "stop"), None)

    @property
    def decided(self) -> int:
        """How many gates of the plan are decided."""
        return sum(gate.record.decision is not None for gate in self.of_plan)

    @property
    def following(self) -> SignedGate | None:
        """The first gate of the plan that nobody decided yet."""
        return next((gate for gate in self.of_plan if gate.record.decision is None), None)

    @property
    def over(self) -> float:
        """How much more is released than the plan asks for; 0 where that is not known. [money]"""
        return 0.0 if self.planned is None else max(0.0, self.released - self.planned)

    @property
    def incomplete(self) -> tuple[SignedGate, ...]:
        """Gates whose decision lacks its day or who made it, or that have these and no decision."""
        return tuple(gate for gate in self.gates if gate.record.is_incomplete)

    @property
    def late(self) -> tuple[SignedGate, ...]:
        """Gates of the plan whose decision was due before the day of the case and not made; none once it stopped."""
        if self.stopped is not None:
            return ()
        undecided = (gate for gate in self.of_plan if gate.record.decision is None)
        return tuple(gate for gate in undecided if gate.record.due is not None and gate.record.due < self.on)

    @property
    def gone(self) -> tuple[SignedGate, ...]:
        """Gates with a record or an owner that the plan has no more."""
        return tuple(gate for gate in self.gates if gate.number is None)


def signed_gates(case: Scenario, a: Assumptions, catalog: Catalog) -> SignOff | None:
    """The sign-off of a case with the plan that its numbers ``a`` give; ``None`` where nothing is recorded."""
    has_owner = any(not step.startswith(STEP_OWNER) for step in case.owners or {})
    if not has_owner and not case.sign_off:
        return None
    gates = gates_to_sign(case, a, catalog)
    spent = [gate.spent for gate in gates if gate.spent is not None]
    released = sum(record.released or 0.0 for record in (case.sign_off or {}).values())
    return SignOff(gates, spent[-1] if spent else None, released, a.on)


def gates_to_sign(case: Scenario, a: Assumptions, catalog: Catalog) -> tuple[SignedGate, ...]:
    """The gates of the plan in their order, then others that the case has an owner or a record of."""
    owners = {step: name for step, name in (case.owners or {}).items() if not step.startswith(STEP_OWNER)}
    records = case.sign_off or {}
    try:
        plan: tuple[StageGate, ...] = stage_gates(case, a, catalog)
    except UnknownPrice:
        plan = ()
    known = tuple(
        SignedGate(
            gate.step,
            number,
            owners.get(gate.step, ""),
            records.get(gate.step, NOTHING_YET),
            gate.name,
            gate.stop,
            gate.spent,
        )
        for number, gate in enumerate(plan, start=1)
    )
    others = [step for step in dict.fromkeys((*records, *owners)) if step not in {gate.step for gate in plan}]
    return (*known, *(SignedGate(step, None, owners.get(step, ""), records.get(step, NOTHING_YET)) for step in others))
