"""Imports as rows that a test can compare."""

from pathlib import Path
from typing import Any

from advisor.usage.importing import import_usage
from advisor.usage.records import Imported

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "usage"


def rows(imported: Imported) -> list[dict[str, Any]]:
    """What is known of each row, in order of time."""
    table = imported.usage if imported.usage is not None else imported.bill
    assert table is not None
    found = [{k: v for k, v in row.items() if v is not None} for row in table.to_pyarrow().to_pylist()]
    return sorted(found, key=lambda row: (row["ts"], str(row.get("request_id")), row.get("input_tokens") or 0))


def imported(name: str) -> Imported:
    return import_usage([FIXTURES / name], salt="s")
