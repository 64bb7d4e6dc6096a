"""What is said of measured answers beside a case: their intervals, and which numbers are still open."""

from collections.abc import Iterable

from advisor.core.records import Assessment, Assumptions
from advisor.scenario import QUESTIONS, Measurement, Scenario
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, without_unit


def open_numbers(found: Assessment) -> list[str]:
    """The numbers that matter and are not the reader's own yet."""
    return [swing.id for swing in found.evidence.matter if not swing.is_yours]


def open_texts(measured: Iterable[str], found: Assessment, t: Translator) -> list[str]:
    """What is still open, and which of the ``measured`` answers the case does not ask for as it stands."""
    still_open = _labels(open_numbers(found), t)
    idle = _labels((name for name in measured if name not in found.assumptions.rows), t)
    said = [t("take_over.open", names=still_open) if still_open else t("take_over.all_own")]
    return [*said, t("take_over.idle", names=idle)] if idle else said


def answered(name: str, scenario: Scenario, found: Assumptions) -> object:
    """What the case has now, also where it is no number of the ledger; ``None`` where nobody has said."""
    return scenario.answers().get(name) if name not in found.rows else found.rows[name].value


def interval_text(name: str, record: Measurement, currency: str, t: Translator) -> str:
    """The 80 % interval of a measured answer, the unit once; empty where the sampling error is not known."""
    ends = [t.value(end, QUESTIONS[name].unit, currency) for end in (record.low, record.high) if end is not None]
    if len(ends) == 2:
        ends[0] = without_unit(*ends)
    return " \u2013 ".join(ends)


def _labels(names: Iterable[str], t: Translator) -> str:
    return t("word.comma").join(field_label(t, name) for name in names)
