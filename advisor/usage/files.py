"""Files of usage as they lie on disk: found, checked to be text from end to end, and what they are by their beginning.

Nothing is read whole here: a file is streamed once, and copied only where its encoding or its line ends need it.
"""

import codecs
import csv
import gzip
import json
import re
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Literal

from advisor.core.notices import InputError, Issue
from advisor.core.tables import decoded
from advisor.usage.readers.rows import plain

BLOCK = 1 << 20
HEAD, LARGEST_LINE = 1 << 18, 1 << 24
MOST_TITLE_LINES, SAMPLE_LINES = 10, 50
LINE_END = re.compile(r"\r\n|\n|\r")
"""Of what Python takes for ends of lines, these are the ones that the database does."""
DELIMITERS = (",", "\t", ";", "|")
LARGEST_DOCUMENT_MB = 100
DEEPEST = 4
"""Keys within keys that are looked at to recognise a format."""
LAST_LINE = 1_000_000
"""Records beyond which no line is looked up any more."""
Kind = Literal["csv", "lines", "document", "parquet", "flat"]
Known = Callable[[Collection[str]], bool]


@dataclass(frozen=True)
class UsageFile:
    """One file: ``path`` is what is read, ``name`` what the reader of a message knows it by.

    ``columns`` are those of a table in order, or the keys seen in JSON, inner ones after a slash. ``skip`` are the
    lines of a table up to and with its header. ``sample`` are the first objects of JSON; ``goes_on`` is whether the
    pages of an API end by saying that another follows, ``None`` where they say neither.
    """

    path: Path
    name: str
    kind: Kind
    columns: tuple[str, ...]
    delimiter: str = ","
    skip: int = 0
    is_zipped: bool = False
    encoding: str = "utf-8"
    sample: tuple[Mapping[str, Any], ...] = ()
    goes_on: bool | None = None

    @property
    def places(self) -> frozenset[str]:
        return frozenset(map(plain, self.columns))


def found(paths: Sequence[str | Path]) -> tuple[list[tuple[Path, str, bool]], list[str]]:
    """Files and what is in folders, sorted, with their names and whether they were named one by one; then copies of a
    file that was found before, which are left out.

    Raises :class:`InputError` for what is not there.
    """
    listed: list[tuple[Path, str, bool]] = []
    for given in map(Path, paths):
        if given.is_dir():
            inside = (p for p in sorted(given.rglob("*")) if p.is_file() and not p.name.startswith((".", "_")))
            listed += [(p.resolve(), str(p.relative_to(given)), False) for p in inside]
        elif given.is_file():
            listed.append((given.resolve(), given.name, True))
        else:
            raise InputError([Issue("file", "usage_file_missing", {"file": given.name})])
    if not listed:
        raise InputError([Issue("file", "usage_no_files")])
    return _without_copies(listed)


def _without_copies(listed: list[tuple[Path, str, bool]]) -> tuple[list[tuple[Path, str, bool]], list[str]]:
    sizes = [path.stat().st_size for path, _, _ in listed]
    seen: set[object] = set()
    kept, copies = [], []
    for (path, name, is_own), size in zip(listed, sizes, strict=True):
        mark: object = path if sizes.count(size) == 1 else (size, _digest(path))
        if mark in seen:
            copies.append(name)
        else:
            kept.append((path, name, is_own))
        seen.add(mark)
    return kept, copies


def _digest(path: Path) -> str:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def opened(path: Path, name: str, folder: Path, knows: Known) -> UsageFile:
    """What the file is. ``knows`` tells a header from the lines above it. Raises :class:`InputError`."""
    if any(sign in str(path) for sign in "[*?"):  # which would stand for other files
        link = folder / f"{blake2b(str(path).encode(), digest_size=8).hexdigest()}.link"
        link.symlink_to(path)
        path = link
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == b"PAR1":
        return UsageFile(path, name, "parquet", _parquet_columns(path, name))
    is_zipped = magic[:2] == b"\x1f\x8b"
    encoding, is_mixed = _checked(path, name, is_zipped)
    head = _head(path, encoding, is_zipped)
    is_json = head.lstrip("\ufeff \t\r\n").startswith(("{", "["))
    if is_json and head.startswith("\ufeff") and encoding == "utf-8":
        encoding = "utf-8-sig"
    if encoding != "utf-8" or (is_mixed and not is_json):
        path, is_zipped = _rewritten(path, name, folder, encoding, is_zipped), False
    file_ = UsageFile(path, name, "csv", (), is_zipped=is_zipped, encoding=encoding)
    return _as_json(file_, head) if is_json else _as_table(file_, head, knows)


def _stream(path: Path, is_zipped: bool) -> BinaryIO:
    return gzip.open(path, "rb") if is_zipped else path.open("rb")  # type: ignore[return-value]


def _blocks(path: Path, name: str, is_zipped: bool) -> Iterator[bytes]:
    try:
        with _stream(path, is_zipped) as file:
            while block := file.read(BLOCK):
                yield block
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise InputError([Issue("file", "usage_gzip_broken", {"file": name})]) from None


def _checked(path: Path, name: str, is_zipped: bool) -> tuple[str, bool]:
    """The encoding of the whole file, and whether its lines end in several ways."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    both, feeds, returns, last = 0, 0, 0, b""
    try:
        for block in _blocks(path, name, is_zipped):
            if b"\0" in block:
                return _other_encoding(path, name, is_zipped, block), False
            decoder.decode(block)
            both += block.count(b"\r\n") + (last == b"\r" and block[:1] == b"\n")
            feeds += block.count(b"\n")
            returns += block.count(b"\r")
            last = block[-1:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _other_encoding(path, name, is_zipped, block), True
    return "utf-8", len({bool(both) and "both", feeds > both and "feed", returns > both and "return"} - {False}) > 1


def _other_encoding(path: Path, name: str, is_zipped: bool, block: bytes) -> str:
    """The encoding of a file that is not UTF-8, from its beginning or from the block that is not."""
    first = next(_blocks(path, name, is_zipped), b"")
    whole = first if first[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in first else block
    sample = whole
    if b"\0" in sample:
        sample = sample[: len(sample) // 2 * 2]
    elif b"\n" in sample[1:-1]:
        sample = sample[sample.find(b"\n") if sample is not first else 0 : sample.rfind(b"\n")]
    try:
        encoding = decoded(sample)[1]
        return decoded(whole)[1] if encoding == "utf-8" else encoding  # the last line is what is not
    except InputError:
        raise InputError([Issue("file", "usage_not_text", {"file": name})]) from None


def _rewritten(path: Path, name: str, folder: Path, encoding: str, is_zipped: bool) -> Path:
    """A copy in UTF-8 with one kind of line ends, so that every line stays the line it was."""
    target = folder / f"{blake2b(str(path).encode(), digest_size=8).hexdigest()}.txt"
    decoder = codecs.getincrementaldecoder(encoding)()
    last = ""
    try:
        with target.open("w", encoding="utf-8", newline="") as copy:
            for block in _blocks(path, name, is_zipped):
                text = last + decoder.decode(block)
                last = "\r" if text.endswith("\r") else ""
                copy.write(text.removesuffix(last).replace("\r\n", "\n").replace("\r", "\n"))
            copy.write((last + decoder.decode(b"", final=True)).replace("\r", "\n"))
    except UnicodeDecodeError:
        raise InputError([Issue("file", "usage_not_text", {"file": name})]) from None
    return target


def _head(path: Path, encoding: str, is_zipped: bool) -> str:
    """The first lines: at least two, unless a line is longer than any that is read."""
    with _stream(path, is_zipped) as file:
        head = file.read(HEAD)
        while head.count(b"\n") < 2 and len(head) < LARGEST_LINE and (more := file.read(BLOCK)):
            head += more
    return codecs.getincrementaldecoder(encoding)("replace").decode(head)


def _as_json(file: UsageFile, head: str) -> UsageFile:
    lines = [line for line in LINE_END.split(head) if line.strip()]
    whole = lines if len(head) < HEAD else lines[:-1]
    objects = [item for line in whole[:SAMPLE_LINES] if isinstance(item := _parsed(line), dict)]
    if len(lines) > 1 and len(objects) * 2 > len(whole[:SAMPLE_LINES]):
        return _with_sample(replace(file, kind="lines"), objects)
    return _with_sample(replace(file, kind="document"), document(file)[:SAMPLE_LINES])


def _with_sample(file: UsageFile, objects: Sequence[Mapping[str, Any]]) -> UsageFile:
    said = [more for page in objects if isinstance(more := page.get("has_more"), bool)]
    return replace(file, columns=_keys(objects), sample=tuple(objects), goes_on=said[-1] if said else None)


def document(file: UsageFile) -> list[Mapping[str, Any]]:
    """The records of a JSON document: those of its list, or of the one list within it, or itself."""
    blocks: list[bytes] = []
    for block in _blocks(file.path, file.name, file.is_zipped):
        blocks.append(block)
        if len(blocks) * BLOCK > (LARGEST_DOCUMENT_MB + 1) * 1_000_000:
            raise InputError(
                [Issue("file", "usage_document_large", {"file": file.name, "maximum": LARGEST_DOCUMENT_MB})]
            )
    read = _parsed(b"".join(blocks).decode("utf-8-sig", "replace"))
    if isinstance(read, dict) and not _is_page(read):
        inner = [v for v in read.values() if isinstance(v, list) and v and all(isinstance(i, dict) for i in v)]
        is_span = "attributes" in read or "resourceSpans" in read
        read = inner[0] if len(inner) == 1 and not is_span else [read]
    records = read if isinstance(read, list) else [read]
    kept: list[Mapping[str, Any]] = [item for item in records if isinstance(item, dict)]
    if not kept:
        raise InputError([Issue("file", "usage_json_broken", {"file": file.name})])
    return kept


def _is_page(read: Mapping[str, Any]) -> bool:
    data = read.get("data")
    return isinstance(data, list) and all(isinstance(item, dict) and "results" in item for item in data)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _keys(objects: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    found_: dict[str, None] = {}
    for each in objects:
        _add_keys(each, "", 0, found_)
    return tuple(found_)


def _add_keys(value: Mapping[str, Any], before: str, depth: int, keys: dict[str, None]) -> None:
    for key, inner in value.items():
        keys[f"{before}{key}"] = None
        if isinstance(inner, dict) and depth < DEEPEST:
            _add_keys(inner, f"{before}{key}/", depth + 1, keys)


def _as_table(file: UsageFile, head: str, knows: Known) -> UsageFile:
    lines = LINE_END.split(head.removeprefix("\ufeff"))[: MOST_TITLE_LINES + 1]
    read = [
        (at, delimiter, cells)
        for at, line in enumerate(lines)
        for delimiter in DELIMITERS
        if len(cells := next(csv.reader([line[:HEAD]], delimiter=delimiter), [])) > 1
    ]
    if not head.strip("\ufeff\r\n\t "):
        raise InputError([Issue("file", "usage_empty", {"file": file.name})])
    if not read:
        raise InputError(
            [Issue("file", "usage_format_unknown", {"file": file.name, "columns": (lines or [""])[0][:40]})]
        )
    known = [each for each in read if knows({plain(cell) for cell in each[2]})]
    at, delimiter, cells = known[0] if known else max(read, key=lambda each: (-each[0], len(each[2])))
    return replace(file, columns=tuple(cell.strip() for cell in cells), delimiter=delimiter, skip=at + 1)


def _parquet_columns(path: Path, name: str) -> tuple[str, ...]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return tuple(map(str, parquet.read_schema(path).names))
    except (pa.ArrowException, OSError, ValueError):
        raise InputError([Issue("file", "usage_parquet_broken", {"file": name})]) from None


def records(file: UsageFile) -> Iterator[tuple[int | None, Mapping[str, Any] | None]]:
    """Every record with its line (``None`` in a document); no record where a line cannot be read."""
    if file.kind == "document":
        yield from ((None, record) for record in document(file))
    elif file.kind == "parquet":
        from pyarrow import parquet

        for batch in parquet.ParquetFile(file.path).iter_batches(batch_size=10_000):
            yield from ((None, record) for record in batch.to_pylist())
    elif file.kind == "lines":
        for number, line in enumerate(_text(file), 1):
            if line.strip():
                parsed = _parsed(line)
                yield number, parsed if isinstance(parsed, dict) else None
    else:
        for line_number, cells in table_rows(file):
            whole = len(cells) == len(file.columns)
            yield line_number, dict(zip(map(plain, file.columns), map(_cell, cells), strict=True)) if whole else None


def _cell(cell: str) -> object:
    return (_parsed(cell) or cell) if cell[:1] in ("[", "{") else cell


def _text(file: UsageFile) -> Iterator[str]:
    with _stream(file.path, file.is_zipped) as stream:
        yield from codecs.iterdecode(stream, "utf-8-sig", "replace")


def table_rows(file: UsageFile) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table below its header, each with the line it begins in. Raises :class:`InputError`."""
    reader = csv.reader(islice(_text(file), file.skip, None), delimiter=file.delimiter, strict=True)
    begins = file.skip + 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = file.skip + reader.line_num + 1
    except csv.Error:
        raise InputError([Issue("file", "usage_quote_open", {"file": file.name, "line": begins})]) from None


def line_of(file: UsageFile, record: int) -> int | None:
    """The line in which the ``record``-th readable record of a file begins; ``None`` where a file has no lines."""
    if file.kind not in ("csv", "lines") or record > LAST_LINE:
        return None
    if file.kind == "lines":
        filled = (number for number, line in enumerate(_text(file), 1) if line.strip())
        return next(islice(filled, record - 1, None), None)
    whole = (number for number, cells in table_rows(file) if len(cells) == len(file.columns))
    return next(islice(whole, record - 1, None), None)
