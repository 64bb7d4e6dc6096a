"""What a user names at an engine: a table, or a path that the engine reads itself."""

from pathlib import PurePosixPath
from typing import Any

from advisor.core.notices import InputError, Issue
from advisor.usage.warehouses.address import EngineAddress
from advisor.usage.warehouses.tables import FIELD

MOST_PARTS = 3
PACKED = (".gz", ".bz2", ".zst")


def source_of(connection: Any, address: EngineAddress, name: str) -> Any:
    """A table such as ``catalog.schema.name``, or for Spark a path. Raises :class:`InputError` where there is none."""
    import ibis

    if "/" in name:
        if address.engine != "spark":
            raise InputError([Issue(FIELD, "engine_reads_no_path", {"engine": address.engine})])
        return _of_path(connection, name)
    *above, table = name.split(".")
    if not table or not all(above) or len(above) >= MOST_PARTS:
        raise InputError([Issue(FIELD, "engine_table_name", {"value": name[:80]})])
    place = (*above,) if len(above) > 1 else above[0] if above else None
    try:
        return connection.table(table, database=place)
    except ibis.common.exceptions.TableNotFound:
        params = {"table": name[:80], "engine": address.shown}
        raise InputError([Issue(FIELD, "engine_table_missing", params)]) from None


def _of_path(connection: Any, path: str) -> Any:
    """The rows of a file or a folder under a name of this session alone: nothing is written for it.

    What is not JSON by its name is read as Parquet. CSV is refused: all its cells are text, and the long expressions
    that read a text take Spark minutes to compile.
    """
    name = PurePosixPath(path.rstrip("/"))
    kind = (name.with_suffix("") if name.suffix in PACKED else name).suffix
    if kind == ".csv":
        raise InputError([Issue(FIELD, "engine_reads_no_csv", {"path": path[:200]})])
    if kind in (".json", ".jsonl", ".ndjson"):
        return connection.read_json(path)
    return connection.read_parquet(path)
