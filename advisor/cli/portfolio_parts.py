"""The parts of an output that is computed for long: what an interrupted run has left is taken up by the next one.

They lie in a hidden folder beside the output until all are there. Each part is written whole or not at all, and only
parts of the very same run are taken: the same rows, prices, day, language and release.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

STATE, FINISHED = "run.json", "finished.json"


class Parts:
    """The parts of one output file. Every method raises :class:`OSError` where a file cannot be written."""

    def __init__(self, target: Path, run: Mapping[str, object]) -> None:
        """``run`` is all that the figures rest on, as JSON can hold it."""
        self.folder = target.parent / f".{target.name}.parts"
        self._run = json.dumps(run, sort_keys=True)
        self.resumed = self._told() == self._run
        if not self.resumed:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir()
            replace_text(self.folder / STATE, self._run)

    def _told(self) -> str | None:
        try:
            return (self.folder / STATE).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def path(self, place: int) -> Path:
        return self.folder / f"{place:06}.parquet"

    def kept(self, place: int, rows: int) -> bool:
        """Whether this part is there with so many rows."""
        import pyarrow as pa
        from pyarrow import parquet

        try:
            return bool(parquet.read_metadata(self.path(place)).num_rows == rows)
        except (OSError, pa.ArrowException):
            return False

    def write(self, place: int, table: "pa.Table") -> None:
        from pyarrow import parquet

        beside = self.path(place).with_suffix(".tmp")
        parquet.write_table(table, beside)
        os.replace(beside, self.path(place))

    def tables(self, count: int) -> "Iterator[pa.Table]":
        """The first ``count`` parts, one after the other."""
        from pyarrow import parquet

        for place in range(count):
            yield parquet.read_table(self.path(place))

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Finished:
    """The outputs of a folder that are done already, by the run that made each; forgotten once all are."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f".{FINISHED}"
        self._runs: dict[str, Any] = {}
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            self._runs = found if isinstance(found, dict) else {}
        except (OSError, ValueError):
            pass

    def has(self, target: Path, run: Mapping[str, object]) -> tuple[int, int] | None:
        """Rows and rows with figures of an output that this run has made and nobody has touched since."""
        told = self._runs.get(target.name)
        if not isinstance(told, dict) or told.get("run") != json.loads(json.dumps(run)):
            return None
        return tuple(told["rows"]) if told.get("file") == _stamp(target) else None

    def add(self, target: Path, run: Mapping[str, object], rows: tuple[int, int]) -> None:
        self._runs[target.name] = {"run": run, "file": _stamp(target), "rows": rows}
        replace_text(self._path, json.dumps(self._runs))

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)


def _stamp(path: Path) -> list[int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def replace_text(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)
