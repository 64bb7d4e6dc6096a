"""The rows of alternatives are remembered: nobody who gets one can change it for the next."""

import pytest

from advisor.decision.alternatives import alternatives
from tests.cases import advice, catalog, preset


@pytest.mark.parametrize("part", ["answers", "name"])
def test_tables_of_a_row_are_read_only(part: str) -> None:
    found = [getattr(row, part) for row in alternatives(advice(preset("extraction")), catalog())]
    tables = [table for table in found if table is not None]
    assert tables
    for table in tables:
        with pytest.raises(TypeError):
            table["en"] = "changed"
