"""Questions for DuckDB with the SELECTs that they are written in.

Ibis would first put them into one another wherever it can, which took a quarter of the import of a small file; DuckDB
does that itself, in no time, and computes what several columns are made of once. Other engines are asked as Ibis does.
"""

from threading import Lock
from typing import Any

from ibis import options
from ibis.backends.sql.compilers import DuckDBCompiler

_OPTION = Lock()
"""Ibis has the choice for a whole process, in which others may ask another engine."""


class AsWritten(DuckDBCompiler):  # type: ignore[misc]
    __slots__ = ()

    def translate(self, op: Any, *, params: Any) -> Any:
        with _OPTION:
            usual, options.sql.fuse_selects = options.sql.fuse_selects, False
            try:
                return super().translate(op, params=params)
            finally:
                options.sql.fuse_selects = usual
