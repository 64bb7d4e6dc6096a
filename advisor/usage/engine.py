"""DuckDB behind Ibis: the one file that knows SQL. Files become tables whose columns are the fields of a format.

The database is locked down before it sees a file: it reads these files and nothing else, writes only to a private
folder, reaches no network, loads nothing and changes no setting.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.core.notices import InputError, Issue
from advisor.usage.files import UsageFile
from advisor.usage.flattening import LINE
from advisor.usage.readers.rows import UsageFormat, plain

THREADS = 2
CUT_OFF = ("MISSING COLUMNS", "TOO MANY COLUMNS", "LINE SIZE OVER MAXIMUM")
"""Faults of a table that concern one row; of others nobody knows where the row ends."""
STOPPED = ("Query interrupted", "KeyboardInterrupt")
"""What DuckDB says of Ctrl+C while it works, and while it waits for a function of Python."""
_NESTED = ("STRUCT", "MAP", "LIST", "JSON", "UNION", "VARIANT")


class _Places:
    """Text at places within JSON: each text is taken apart once for all places that are asked of it."""

    def __init__(self) -> None:
        self._asked: dict[str, list[str]] = {}

    def at(self, text: str, keys: Sequence[str]) -> str:
        """What stands there, null where nothing does or the text is no JSON; of :meth:`over` the expression."""
        pointer = "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)
        pointers = self._asked.setdefault(text, [])
        if pointer not in pointers:
            pointers.append(pointer)
        return f"{_part([*self._asked].index(text))}[{pointers.index(pointer) + 1}]"

    @property
    def are_asked(self) -> bool:
        return bool(self._asked)

    def over(self, rows: str) -> str:
        """The rows with what was asked for; a text may itself stand at a place within another."""
        for number, (text, pointers) in enumerate(self._asked.items()):
            listed = ", ".join(map(_quoted, pointers))
            rows = f"(SELECT *, try(json_extract_string({text}, [{listed}])) AS {_part(number)} FROM {rows})"
        return rows


def _part(number: int) -> str:
    return f'"_within {number}"'


@dataclass(frozen=True)
class RawTable:
    """Fields of a format from files of one shape, lazily.

    ``rows`` has ``_file``; of JSON ``_bad``, the line is no object; of Parquet ``_native``, cells have types.
    ``numbered`` has ``_row`` besides, the number of the readable row, from 1. ``checked`` is ``rows`` and notes what it
    cannot read, for :meth:`Engine.cut_off`; so is ``checked_numbered``, with ``_row``. ``has_places`` where fields
    stand within JSON.
    """

    rows: Any
    numbered: Any
    checked: Any
    checked_numbered: Any
    faults: str | None
    has_places: bool


class Engine:
    """One database in memory for one import."""

    def __init__(self, files: Sequence[Path], folder: Path, memory_mb: int) -> None:
        import ibis

        from advisor.usage.as_written import AsWritten

        spill = folder / "spill"
        spill.mkdir()
        self.memory_mb = memory_mb
        self._folder = folder
        self.connection = ibis.duckdb.connect(
            ":memory:", threads=THREADS, memory_limit=f"{memory_mb}MB", temp_directory=str(spill)
        )
        self.connection.compiler = AsWritten()
        self._made = 0
        for setting in (
            "SET TimeZone = 'UTC'",
            "SET autoinstall_known_extensions = false",
            f"SET allowed_paths = [{', '.join(_quoted(str(path)) for path in files)}]",
            f"SET allowed_directories = [{_quoted(f'{folder}/')}]",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self.connection.raw_sql(setting)

    def raw(self, files: Sequence[UsageFile], form: UsageFormat) -> RawTable:
        """The fields of a format in files that have the same kind, columns and signs."""
        self._made += 1
        name = f"raw_{self._made}"
        first = files[0]
        faults = f"{name}_faults" if first.kind == "csv" else None
        fields, places = self._fields(files, form)
        noting = f", store_rejects = true, rejects_table = '{faults}', rejects_scan = '{faults}_scan'"
        with told(files, self.memory_mb):
            self._view(name, f"SELECT {fields} FROM {places.over(_scan(files))}")
            noted = _scan(files, noting if faults else "")
            self._view(f"{name}_checked", f"SELECT {fields} FROM {places.over(noted)}")
            for end in ("", "_checked"):
                self._view(f"{name}{end}_numbered", f"SELECT *, row_number() OVER () AS _row FROM {name}{end}")
            ends = ("", "_numbered", "_checked", "_checked_numbered")
            rows, numbered, checked, both = (self.connection.table(f"{name}{end}") for end in ends)
        return RawTable(rows, numbered, checked, both, faults, places.are_asked)

    def cut_off(self, table: RawTable, files: Sequence[UsageFile]) -> list[tuple[str, int, int]]:
        """After ``checked`` was read: path, number of rows that have too few or too many cells, line of the first.

        Raises :class:`InputError` where a quote is not closed, because the rest of the file could be anything.
        """
        if table.faults is None:
            return []
        found = self.connection.raw_sql(
            f"SELECT file_path, error_type, count(DISTINCT line), min(line) FROM {table.faults} "
            f"JOIN {table.faults}_scan USING (scan_id, file_id) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        names = {str(file.path): file.name for file in files}
        for path, kind, _, line in found:
            if kind not in CUT_OFF:
                raise InputError([Issue("file", "usage_quote_open", {"file": names.get(path, path), "line": line})])
        return [(path, rows, line) for path, _, rows, line in found]

    def kept(self, expression: Any) -> Any:
        """The rows of an expression, now, as a table of this database."""
        self._made += 1
        return self.connection.create_table(f"kept_{self._made}", expression)

    def stored(self, rows: Any, same: Mapping[str, Any]) -> Any:
        """The rows of an expression, now, as a file of columns in the private folder, in no order.

        It is smaller than the text it is made of, and what reads it again needs memory for a part of it at a time.
        ``same`` are columns with what is in every row of them, which is not written.
        """
        self._made += 1
        path = str(self._folder / f"stored_{self._made}.parquet")
        self.connection.to_parquet(rows.drop(*same), path, preserve_order=False)
        self._view(f"stored_{self._made}", f"SELECT * FROM read_parquet({_quoted(path)})")
        stored = self.connection.table(f"stored_{self._made}")
        return self.viewed(stored.mutate(**same).select(*rows.columns))

    def viewed(self, expression: Any) -> Any:
        """The rows of an expression, computed whenever they are asked for, in the columns that are asked for."""
        self._made += 1
        return self.connection.create_view(f"viewed_{self._made}", expression)

    def drop(self, tables: Sequence[Any]) -> None:
        """Free what tables hold that were kept."""
        for table in tables:
            self.connection.raw_sql(f"DROP TABLE {_named(table.op().name)}")

    def _view(self, name: str, query: str) -> None:
        self.connection.raw_sql(f"CREATE VIEW {name} AS {query}")

    def _fields(self, files: Sequence[UsageFile], form: UsageFormat) -> tuple[str, "_Places"]:
        """The list of a SELECT, and the places within JSON that it asks for."""
        first, json = files[0], _Places()
        if first.kind == "parquet":
            with told(files, self.memory_mb):
                described = self.connection.raw_sql(f"DESCRIBE SELECT * FROM {_scan(files)}").fetchall()
            types = {row[0]: row[1] for row in described if row[0] != "filename"}
            parts = {name: _of_parquet(types, places, json) for name, places in form.fields.items()}
        elif first.kind == "csv":
            columns = {plain(name): k for k, name in reversed([*enumerate(first.columns)])}
            parts = {name: _of_csv(columns, places, json) for name, places in form.fields.items()}
        elif first.kind == "flat":
            parts = {name: json.at("json", (name,)) for name in form.fields}
            parts[LINE] = f"CAST({json.at('json', (LINE,))} AS BIGINT)"
        else:
            seen: dict[str, list[str]] = {}
            for path in dict.fromkeys(path for file in files for path in file.columns):
                seen.setdefault(plain(path), []).append(path)
            parts = {name: _of_json(seen, places, json) for name, places in form.fields.items()}
        listed = [f'{expression} AS "{name}"' for name, expression in parts.items() if expression]
        if first.kind in ("lines", "flat"):
            listed.append("(json IS NULL OR json_type(json) <> 'OBJECT') AS _bad")
        if first.kind == "parquet":
            listed.append("true AS _native")
        return ", ".join([*listed, "filename AS _file"]), json


@contextmanager
def told(files: Sequence[UsageFile], memory_mb: int) -> Iterator[None]:
    """What the database cannot do becomes an error of the input. Its own words may quote a line, and stay away."""
    import duckdb

    names = ", ".join(file.name for file in files[:3])
    with stoppable():
        try:
            yield
        except duckdb.OutOfMemoryException:
            raise InputError([Issue("file", "usage_out_of_memory", {"file": names, "memory": memory_mb})]) from None
        except duckdb.Error as error:
            if STOPPED[1] in str(error):
                raise
            raise InputError([Issue("file", "usage_unreadable", {"file": names})]) from None


@contextmanager
def stoppable() -> Iterator[None]:
    """Ctrl+C in a query is what it is anywhere; DuckDB makes it an error of its own, by where it finds it."""
    import duckdb

    try:
        yield
    except (RuntimeError, duckdb.Error) as error:
        if any(words in str(error) for words in STOPPED):
            raise KeyboardInterrupt from None
        raise


def same_in_every_row(table: Any) -> Mapping[str, Any]:
    """Columns that do not depend on the row by their expression, with what is in them."""
    return {name: value for name in table.columns if (value := _constant(table, name)) is not None}


def _constant(table: Any, name: str) -> Any:
    """What a column is in every row, as an expression, where that does not depend on the row; else ``None``."""
    from ibis.expr import operations

    rows = table.op()
    while True:
        if isinstance(rows, operations.DropColumns):
            rows = rows.parent
        elif not isinstance(rows, operations.Project):
            return None
        elif isinstance(rows.values[name], operations.Field):
            rows, name = rows.values[name].rel, rows.values[name].name
        else:
            return None if rows.values[name].relations else rows.values[name].to_expr()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _scan(files: Sequence[UsageFile], noting: str = "") -> str:
    first = files[0]
    paths = f"[{', '.join(_quoted(str(file.path)) for file in files)}]"
    zipped = "gzip" if first.is_zipped else "none"
    if first.kind == "parquet":
        return f"read_parquet({paths}, filename = true, union_by_name = true)"
    if first.kind != "csv":
        return (
            f"read_json_objects({paths}, format = 'newline_delimited', ignore_errors = true, filename = true, "
            f"compression = '{zipped}')"
        )
    columns = ", ".join(f"'c{k}': 'VARCHAR'" for k in range(len(first.columns)))
    return (
        f"read_csv({paths}, auto_detect = false, header = false, skip = {first.skip}, "
        f"delim = {_quoted(first.delimiter)}, quote = '\"', "
        f"escape = '\"', columns = {{{columns}}}, filename = true, ignore_errors = true, "
        f"strict_mode = true, compression = '{zipped}'{noting})"
    )


def _either(parts: Sequence[str]) -> str:
    """The first that is not empty; few have blanks around them, and taking them off is slow."""
    if len(parts) < 2:
        return "".join(parts)
    texts = [f"CAST({part} AS VARCHAR)" for part in parts]
    filled = (
        f"CASE WHEN {text} < '!' OR suffix({text}, ' ') THEN nullif(trim({text}), '') ELSE {text} END" for text in texts
    )
    return f"coalesce({', '.join(filled)})"


def _of_csv(columns: Mapping[str, int], places: Sequence[str], json: _Places) -> str:
    parts = []
    for place in places:
        first, *inner = place.replace("!", "").split("/")
        if (at := columns.get(plain(place.replace("!", "")))) is not None:
            parts.append(f"c{at}")
        elif inner and (at := columns.get(plain(first))) is not None:
            parts.append(json.at(f"c{at}", inner))
    return _either(parts)


def _of_json(seen: Mapping[str, Sequence[str]], places: Sequence[str], json: _Places) -> str:
    """A field from any of its places, each as the records spell it."""
    parts = []
    for place in places:
        named = place.replace("!", "")
        for path in seen.get(plain(named), (named,)):
            keys = path.split("/")
            parts.append(json.at("json", keys))
            if "!" in place and len(keys) > 1:
                parts.append(json.at(json.at("json", keys[:1]), keys[1:]))
    return _either(parts)


def _of_parquet(types: Mapping[str, str], places: Sequence[str], json: _Places) -> str:
    columns = {plain(name): name for name in reversed([*types])}
    parts = []
    for place in places:
        first, *inner = place.replace("!", "").split("/")
        if (name := columns.get(plain(place.replace("!", "")))) is not None:
            parts.append(_parquet_value(_named(name), types[name]))
        elif inner and (name := columns.get(plain(first))) is not None:
            is_nested = _is_nested(types[name])
            parts.append(json.at(f"to_json({_named(name)})" if is_nested else _named(name), inner))
    return _either([part for part in parts if part])


def _is_nested(kind: str) -> bool:
    return kind.endswith("]") or kind.startswith(_NESTED)


def _parquet_value(name: str, kind: str) -> str:
    """A column as a number, a moment, true or false, or text."""
    if _is_nested(kind):
        return f"CAST(to_json({name}) AS VARCHAR)"
    if kind in ("HUGEINT", "UHUGEINT", "FLOAT") or kind.startswith("DECIMAL"):
        return f"CAST({name} AS DOUBLE)"
    if kind.startswith("TIMESTAMP"):
        return f"CAST({name} AS TIMESTAMP)"
    if kind.startswith(("TIME", "INTERVAL", "BLOB", "BIT")):
        return ""
    if kind == "VARCHAR":
        return f"nullif({name}, '')"
    return f"CAST({name} AS VARCHAR)" if kind == "UUID" or kind.startswith("ENUM") else name
