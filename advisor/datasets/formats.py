"""Readers of training sets: a record at a time out of JSON lines, a JSON array, a table or Parquet, also in gzip."""

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, cast

from advisor.core.notices import InputError, Issue
from advisor.core.tables import DELIMITERS, LARGEST_TABLE_BYTES, LARGEST_TABLE_MB, decoded, not_csv
from advisor.core.usage_logs import raise_if_recognised
from advisor.datasets.conversations import KNOWN_KEYS
from advisor.datasets.json_faults import OPEN_TEXT, JsonFault, json_fault
from advisor.datasets.personal import redacted
from advisor.datasets.records import Place

LONGEST_LINE = 32_000_000
"""A longer line is no example [bytes]; it is left out as one fault."""
LARGEST_ARRAY_MB = 500
LARGEST_ARRAY = LARGEST_ARRAY_MB * 1_000_000
"""A JSON array has to be in memory as a whole [bytes]."""
LONGEST_CELL = 10_000_000
ROWS_AT_ONCE = 1_024
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
OTHERS = {b"PK\x03\x04": "zip", b"%PDF": "pdf", b"BZh": "bz2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zst"}
"""What is something else, by how it begins."""
LONGEST_HEADING = 80
DAMAGED = (OSError, EOFError, zlib.error)
"""What reading raises where the bytes of a file, or of what is packed in it, are not whole."""
JSON_NAME = re.compile(r"\.(jsonl?|ndjson)(\.gz)?$", re.IGNORECASE)
"""Names of files whose lines are objects even where the first is spoilt."""


class RawRecord(NamedTuple):
    """One record as it was read, or the ``code`` of why it could not be, with what was ``read`` or is no ``json``."""

    line: int
    value: Any = None
    code: str = ""
    read: str = ""
    json: JsonFault | None = None


@dataclass(frozen=True)
class RecordStream:
    """The records of a file, lazily, and what they are counted in."""

    place: Place
    records: Iterator[RawRecord]


def open_records(file: BinaryIO, name: str, field: str) -> RecordStream:
    """The records of a file that can be sought in, of this ``name``; a fault names the ``field``.

    Raises :class:`InputError`, also while the records are read.
    """
    head = _head(file, field)
    if head.startswith(GZIP):
        file = cast(BinaryIO, gzip.GzipFile(fileobj=file))
        head = _head(file, field)
    other = next((name for sign, name in OTHERS.items() if head.startswith(sign)), None)
    if other is not None:
        raise _refused("dataset_other_file", field, read=other)
    if head.startswith(PARQUET):
        return RecordStream("record", _parquet(file, field))
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        file = io.BytesIO(decoded(_whole(file, field, LARGEST_TABLE_BYTES))[0].encode())
        head = _head(file, field)
    first = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not first:
        raise _refused("dataset_empty", field)
    if first.startswith(b"["):
        return RecordStream("record", _array(file, field))
    if first.startswith(b"{") or JSON_NAME.search(name):
        return RecordStream("line", _json_lines(file, field))
    return RecordStream("line", _table(file, field))


def _head(file: BinaryIO, field: str) -> bytes:
    """The beginning of a file, to which it is put back."""
    try:
        head = file.read(4_096)
        file.seek(0)
    except DAMAGED:
        raise _refused("dataset_damaged", field) from None
    return head


def _whole(file: BinaryIO, field: str, largest: int) -> bytes:
    try:
        content = file.read(largest + 1)
    except DAMAGED:
        raise _refused("dataset_damaged", field) from None
    if len(content) > largest:
        raise _refused("dataset_too_large", field, maximum=largest // 1_000_000)
    return content


def _json_lines(file: BinaryIO, field: str) -> Iterator[RawRecord]:
    number = 0
    while True:
        try:
            line = file.readline(LONGEST_LINE + 1)
            is_too_long = len(line) > LONGEST_LINE
            while is_too_long and line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)
        except DAMAGED:
            raise _refused("dataset_broken", field, line=number) from None
        number += 1
        line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if is_too_long:
            yield RawRecord(number, code="line_too_long")
        elif not line:
            return
        elif not line.isspace():
            yield _json_line(number, line)


def _json_line(number: int, line: bytes) -> RawRecord:
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        return RawRecord(number, code="not_utf8", read=f"0x{line[error.start]:02X}")
    try:
        return RawRecord(number, json.loads(text))
    except (ValueError, RecursionError) as error:
        return RawRecord(number, code="not_json", json=json_fault(error))


def _array(file: BinaryIO, field: str) -> Iterator[RawRecord]:
    content = _whole(file, field, LARGEST_ARRAY)
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused("dataset_not_utf8", field, line=line) from None
    except (ValueError, RecursionError) as error:
        raise _no_array(json_fault(error), field) from None
    for number, value in enumerate(found, 1):
        yield RawRecord(number, value)


def _no_array(fault: JsonFault, field: str) -> InputError:
    if not fault.line:
        return _refused("dataset_array_too_deep", field)
    if not fault.sign or fault.code == OPEN_TEXT:
        return _refused("dataset_array_open", field, line=fault.line)
    return _refused("dataset_array_broken", field, line=fault.line, column=fault.column, read=fault.sign)


def _table(file: BinaryIO, field: str) -> Iterator[RawRecord]:
    """Rows as objects by their columns; a row of another width than its heading is read as far as it goes."""
    try:
        text, _ = decoded(_whole(file, field, LARGEST_TABLE_BYTES))
    except InputError as error:
        if error.issues[0].code == "dataset_too_large":
            raise _refused("dataset_table_too_large", field, maximum=LARGEST_TABLE_MB) from None
        raise _refused("dataset_no_text", field) from None
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    first = text.partition("\n")[0].rstrip("\r")
    delimiter = max(DELIMITERS, key=lambda sign: len(_known(first, sign)))
    if not _known(first, delimiter):
        raise_if_recognised(text.encode("utf-8", "replace"))
        raise _refused("dataset_unknown", field, read=redacted(_printable(first[:LONGEST_HEADING])))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        heads = [cell.strip().casefold() for cell in next(rows)]
        begins = rows.line_num + 1
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield RawRecord(begins, dict(zip(heads, cells, strict=False)))
            begins = rows.line_num + 1
    except csv.Error as error:
        raise not_csv(error, field, begins) from None


def _known(line: str, delimiter: str) -> set[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return set()
    return {cell.strip().casefold() for cell in cells} & KNOWN_KEYS


def _parquet(file: BinaryIO, field: str) -> Iterator[RawRecord]:
    import pyarrow as pa  # heavy, and only this format needs it
    import pyarrow.parquet as pq

    number = 0
    try:
        for batch in pq.ParquetFile(file).iter_batches(ROWS_AT_ONCE):
            for row in batch.to_pylist():
                number += 1
                yield RawRecord(number, row)
    except pa.ArrowNotImplementedError:
        raise _refused("dataset_parquet_unknown", field) from None
    except (pa.ArrowException, *DAMAGED, ValueError):
        raise _refused("dataset_damaged", field) from None


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])
