"""Which kind of result a table holds, so that months after the launch are not read as a pilot."""

from collections.abc import Mapping, Sequence

from advisor.core.notices import InputError, Issue
from advisor.core.row_files import listed_form
from advisor.evidence import actual_months, evaluation, pilot
from advisor.evidence.results_table import ResultColumn, columns_known
from advisor.scenario.actual_record import ACTUALS

COLUMNS: Mapping[str, Sequence[ResultColumn]] = {
    "evaluation": evaluation.COLUMNS,
    "pilot": pilot.COLUMNS,
    ACTUALS: actual_months.COLUMNS,
}
HEAD_BYTES = 10_000
"""The first lines of a table tell its columns; a list is read as a whole."""


def of_kind(content: bytes, kind: str) -> bytes:
    """The table, unless more of its columns are those of another kind of result. Raises :class:`InputError`."""
    head = content if listed_form(content) else content[:HEAD_BYTES].rpartition(b"\n")[0] or content
    try:
        known = {name: columns_known(head, columns) for name, columns in COLUMNS.items()}
    except InputError:  # told where the whole table is read
        return content
    meant = max(known, key=lambda name: known[name])
    if known[meant] > known[kind]:
        raise InputError([Issue("file", "results_other_kind", {"results": meant, "command": meant})])
    return content
