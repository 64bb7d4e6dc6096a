"""The import: files of a team's own become one canonical table of usage and one of bills."""

import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from advisor.core.notices import InputError, Issue, Notice, nearest, unknown_id
from advisor.core.system_faults import system_fault
from advisor.core.tables import LARGEST_TABLE_BYTES
from advisor.core.usage_logs import recognised as recognised_file
from advisor.usage.canonical import COUNTED, canonical, columns_of, is_cheap, notices_of_marks, typed
from advisor.usage.date_orders import UNORDERED, by_order, chosen_order
from advisor.usage.decimal_marks import chosen_mark, with_mark
from advisor.usage.engine import Engine, same_in_every_row, told
from advisor.usage.examples import FIRST, example_of
from advisor.usage.files import UsageFile, found, opened
from advisor.usage.flattening import flat
from advisor.usage.groups import Group, joined, not_given, without_lone_ids
from advisor.usage.named_columns import MOST_COLUMNS
from advisor.usage.readers import FORMATS, recognised
from advisor.usage.readers.decimals import DecimalMark
from advisor.usage.readers.duckdb_time import DUCKDB_TIME
from advisor.usage.readers.hashing import hashed_with
from advisor.usage.readers.mapped import format_of, read_mapping
from advisor.usage.readers.moments import DateOrder
from advisor.usage.readers.rows import REASONS, UsageFormat, plain
from advisor.usage.readers.traces import FROM_START
from advisor.usage.records import Imported, Rejected

__all__ = ["import_usage", "read_mapping"]
CUT = "cells_wrong"
"""The reason of rows with too few or too many cells."""
NO_LOG = {"usage_format_unknown", "usage_not_text", "usage_empty"}
"""Why a file of a folder is left out instead of refused."""
MOST_NAMED = 5
LARGEST_KEPT_BYTES, PACKED = 500_000_000, 5
"""Files up to this size together become tables of the database, so that each question asked of them has a trivial plan.
Of what is larger the rows are written once as a file of columns in the private folder, which takes a fraction of the
size of the text and bounded memory, and questions read that; columns of Parquet that have the types of what they hold
are asked where they lie. A packed byte stands for several."""
LARGEST_NUMBERED_BYTES = 10_000_000


def import_usage(
    paths: Sequence[str | Path],
    *,
    form: str | None = None,
    mapping: Mapping[str, object] | None = None,
    dates: str | None = None,
    decimal: str | None = None,
    salt: str = "",
    memory_mb: int = 1_000,
    progress: Callable[[float], None] | None = None,
) -> Imported:
    """Logs and bills in files and folders, as canonical tables; text is parsed once.

    Each file's format is recognised by itself, unless ``form`` (an id of ``readers.FORMATS``) or ``mapping`` says it.
    ``dates`` is ``day-first`` or ``month-first`` where dates end in the year and do not tell it themselves;
    ``decimal`` is ``point`` or ``comma`` where a table does not tell how it writes an amount such as 1.234.
    Keys of an API become hashes with ``salt``. The database takes at most ``memory_mb``; ``progress`` hears fractions.
    Files stay where they are as long as the tables are asked.
    Raises :class:`InputError` for what cannot be read; rows that cannot are counted in ``Imported.rejected``.
    """
    chosen, order, mark = _chosen(form, mapping), chosen_order(dates), chosen_mark(decimal)
    folder = Path(tempfile.mkdtemp(prefix="usage-")).resolve()
    keep = False
    try:
        imported = _imported(paths, chosen, order, mark, salt, memory_mb, folder, progress or (lambda _: None))
        keep = True
        return imported
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _chosen(form: str | None, mapping: Mapping[str, object] | None) -> UsageFormat | None:
    if mapping is not None:
        return format_of(mapping)
    if form is None:
        return None
    if form not in FORMATS:
        raise InputError([unknown_id("format", form, nearest(form, FORMATS), FORMATS)])
    return FORMATS[form]


def _imported(
    paths: Sequence[str | Path],
    chosen: UsageFormat | None,
    order: DateOrder | None,
    mark: DecimalMark | None,
    salt: str,
    memory_mb: int,
    folder: Path,
    progress: Callable[[float], None],
) -> Imported:
    listed, copies = found(paths)
    files, left_out = _recognised(listed, chosen, folder, lambda done: progress(0.4 * done))
    files = [(file, with_mark(file, form, mark)) for file, form in files]
    engine = Engine([file.path for file, _ in files], folder, memory_mb)
    weakref.finalize(engine.connection, shutil.rmtree, folder, ignore_errors=True)
    hashed = hashed_with(salt)
    groups = []
    by_shape = _by_shape(files)
    keeps = _are_kept([file for file, _ in files])
    for done, (each, members) in enumerate(by_shape):
        known = each if order is None else replace(each, date_order=order)
        is_only = [form.id for form, _ in by_shape].count(each.id) == 1
        groups += _in_order(engine, _counted(engine, known, members, hashed, keeps, is_only), hashed, keeps)
        progress(0.4 + 0.5 * (done + 1) / len(by_shape))
    rejected = tuple(_rejected(engine, groups, hashed))
    notices = [*_notices_of_files(files, copies, left_out), *_notices_of_rows(groups)]
    read = sum(row["rows"] for group in groups for row in group.counts.values())
    read += sum(rows for group in groups for _, rows, _ in group.cut)
    if read == 0:
        raise InputError([Issue("file", "usage_empty", {"file": _named([file.name for file, _ in files])})])
    usage, bill = (joined(engine, [g for g in groups if g.form.table == t], memory_mb) for t in ("usage", "bill"))
    if keeps:
        with told([file for file, _ in files], memory_mb):
            usage, bill = (None if table is None else engine.kept(table) for table in (usage, bill))
            engine.drop([group.expression for group in groups])
    used, twice = sum(group.rows(None) for group in groups), sum(group.duplicates for group in groups)
    progress(1.0)
    return Imported(
        usage=usage,
        bill=bill,
        formats=tuple(dict.fromkeys(group.form.id for group in groups)),
        files=tuple(file.name for file, _ in files),
        rows_read=read,
        rows_used=used - twice,
        duplicates=twice,
        rejected=rejected,
        not_given=not_given(groups),
        notices=tuple(notices),
    )


def _recognised(
    listed: Sequence[tuple[Path, str, bool]],
    chosen: UsageFormat | None,
    folder: Path,
    progress: Callable[[float], None],
) -> tuple[list[tuple[UsageFile, UsageFormat]], list[str]]:
    """Files with their formats, nested ones made flat; then files of folders that are neither log nor bill."""
    files: list[tuple[UsageFile, UsageFormat]] = []
    left_out, faults = [], []
    for done, (path, name, is_own) in enumerate(listed):
        try:
            file = opened(path, name, folder, _knows(chosen))
            form = _format(file, chosen)
            files.append((_flat_where_needed(file, form, folder), form))
        except OSError as error:
            told = {"file": name, "fault": system_fault(error)}
            raise InputError([Issue("file", "usage_file_unreadable", told)]) from None
        except InputError as error:
            if is_own or not {issue.code for issue in error.issues} <= NO_LOG:
                raise _by_its_name(path, error) from None
            left_out.append(name)
            faults.append(error)
        progress((done + 1) / len(listed))
    if not files:
        raise faults[0]
    return files, left_out


def _by_its_name(path: Path, error: InputError) -> InputError:
    """The refusal of a file of no known format; of a training set what it is."""
    is_small = error.issues[0].code == "usage_format_unknown" and path.stat().st_size <= LARGEST_TABLE_BYTES
    known = recognised_file(path.read_bytes()) if is_small else None
    return InputError([known]) if known is not None and known.code == "is_training_set" else error


def _knows(chosen: UsageFormat | None) -> Callable[[Any], bool]:
    if chosen is None:
        return lambda cells: recognised(cells) is not None
    if chosen.needs:
        places = {plain(chosen.fields[name][0]) for name in chosen.needs}
        return lambda cells: places <= {*cells}
    sets = chosen.known_by
    return lambda cells: any(needed <= {*cells} for needed in sets)


def _format(file: UsageFile, chosen: UsageFormat | None) -> UsageFormat:
    first = file.sample[0] if file.sample else None
    if chosen is None:
        form = recognised(file.places, first)
        if form is None:
            told = {"file": file.name, "columns": _named(file.columns), "headings": file.columns[:MOST_COLUMNS]}
            raise InputError([Issue("file", "usage_format_unknown", told)])
        return form
    if chosen.needs and file.kind in ("csv", "parquet"):
        missing = [chosen.fields[n][0] for n in sorted(chosen.needs) if not _has(file, chosen.fields[n][0])]
        if missing:
            columns = _named(nearest(missing[0], file.columns) or file.columns)
            params = {"file": file.name, "column": missing[0][:40], "columns": columns}
            raise InputError([Issue("mapping", "usage_mapping_column", params)])
    return chosen


def _has(file: UsageFile, place: str) -> bool:
    return plain(place) in file.places or plain(place.split("/")[0]) in file.places


def _flat_where_needed(file: UsageFile, form: UsageFormat, folder: Path) -> UsageFile:
    is_nested = form.nested is not None and any(map(form.nested, file.sample))
    return flat(file, form, folder) if is_nested or form.one_by_one or file.kind == "document" else file


def _by_shape(files: Sequence[tuple[UsageFile, UsageFormat]]) -> list[tuple[UsageFormat, list[UsageFile]]]:
    groups: dict[object, tuple[UsageFormat, list[UsageFile]]] = {}
    for file, form in files:
        columns = file.columns if file.kind in ("csv", "parquet") else ()
        shape = (form.id, form.decimal, file.kind, columns, file.delimiter, file.skip, file.is_zipped)
        groups.setdefault(shape, (form, []))[1].append(file)
    return [*groups.values()]


def _are_kept(files: Sequence[UsageFile]) -> bool:
    """Whether the rows of files fit into tables of the database."""
    sizes = (f.path.stat().st_size * (PACKED if f.is_zipped or f.kind == "parquet" else 1) for f in files)
    return sum(sizes) <= LARGEST_KEPT_BYTES


def _counted(
    engine: Engine,
    form: UsageFormat,
    files: list[UsageFile],
    hashed: Callable[[Any], Any],
    keeps: bool,
    is_only: bool = False,
) -> Group:
    """One pass over the rows: how many are used, how many are left out and why, which columns hold anything.

    A single file that is kept has its rows numbered in this pass, since each pass over a small one is mostly planning.
    Of large files rows are stored, unless no text needs to be taken apart to read them again; and without request ids,
    where the files are the only ones of their format, reading one column is cheap, and no id stands there twice.
    """
    table = engine.raw(files, form)
    is_numbered = keeps and len(files) == 1 and files[0].path.stat().st_size <= LARGEST_NUMBERED_BYTES
    expression = canonical(form, table.checked_numbered if is_numbered else table.checked, hashed, DUCKDB_TIME)
    with told(files, engine.memory_mb):
        checked, has_lone_ids = engine.kept(expression) if keeps else engine.viewed(expression), False
        if not keeps and (table.has_places or not is_cheap(form, table.checked)):
            if is_only and files[0].kind == "parquet" and form.table == "usage":
                checked, has_lone_ids = without_lone_ids(checked)
            name = {"_file": typed(str(files[0].path), "string")} if len(files) == 1 else {}
            checked = engine.stored(checked, {**same_in_every_row(expression), **name})
    held = {name: checked[name].count() for name in columns_of(form)}
    marks = {mark: checked[mark].cast("int64").sum() for mark in COUNTED}
    if is_numbered:
        held[FIRST] = checked["_row"].min()
    counted = checked.group_by(["_file", "_reason"]).agg(rows=checked.count(), **held, **marks)
    with told(files, engine.memory_mb):
        rows = counted.to_pyarrow().to_pylist()
        cut = engine.cut_off(table, files)
    counts = {(row["_file"], row["_reason"]): row for row in rows}
    return Group(form, files, table, checked, counts, cut, has_lone_ids=has_lone_ids)


def _in_order(engine: Engine, group: Group, hashed: Callable[[Any], Any], keeps: bool) -> list[Group]:
    """The group, or the same files anew by the order of their dates where that was not known."""
    if group.form.date_order is not None or not group.rows(UNORDERED):
        return [group]
    rows = {path: (group.of_file(path, None), group.of_file(path, UNORDERED)) for path, _ in group.counts}
    parts = by_order(group.form, group.files, group.table, rows, engine.memory_mb)
    if [form.date_order for form, _ in parts] == [None]:
        return [group]
    if keeps:
        engine.drop([group.expression])
    return [_counted(engine, form, members, hashed, keeps) for form, members in parts]


def _rejected(engine: Engine, groups: Sequence[Group], hashed: Callable[[Any], Any]) -> list[Rejected]:
    """Rows left out by reason, over all groups; the example is looked for only where there is one."""
    total: dict[str, list[Any]] = {}
    for group in groups:
        names = {str(file.path): file for file in group.files}
        for path, rows, line in group.cut:
            total.setdefault(CUT, [0, names[path].name, line, ""])[0] += rows
        order = {path: k for k, path in enumerate(names)}
        for (path, why), row in sorted(group.counts.items(), key=lambda item: (order[item[0][0]], str(item[0][1]))):
            if why is not None:
                if why not in total:
                    at, example = example_of(engine, group.form, group.table, names[path], why, row, hashed)
                    total[why] = [0, names[path].name, at, example]
                total[why][0] += row["rows"]
    reasons = (*REASONS, CUT)
    return [Rejected(why, *total[why]) for why in reasons if why in total]


def _notices_of_files(
    files: Sequence[tuple[UsageFile, UsageFormat]], copies: Sequence[str], left_out: Sequence[str]
) -> list[Notice]:
    notices = []
    if copies:
        notices.append(Notice("usage_same_file", "warning", {"files": _named(copies)}))
    if left_out:
        notices.append(Notice("usage_files_left_out", "info", {"files": _named(left_out)}))
    for encoding in dict.fromkeys(file.encoding for file, _ in files if not file.encoding.startswith("utf")):
        names = [file.name for file, _ in files if file.encoding == encoding]
        notices.append(Notice("usage_encoding", "info", {"files": _named(names), "encoding": encoding.upper()}))
    commas = [file.name for file, form in files if form.decimal == "comma"]
    if commas:
        notices.append(Notice("usage_decimal_comma", "info", {"files": _named(commas)}))
    from_start = [file.name for file, form in files if form.id in FROM_START]
    if from_start:
        notices.append(Notice("usage_time_from_start", "info", {"files": _named(from_start)}))
    for form in dict.fromkeys(form.id for _, form in files):
        pages = [file for file, of in files if of.id == form and file.goes_on is not None]
        if pages and all(file.goes_on for file in pages):
            notices.append(Notice("usage_pages_missing", "warning", {"files": _named([file.name for file in pages])}))
    return notices


def _notices_of_rows(groups: Sequence[Group]) -> list[Notice]:
    names = {mark: _named([f.name for g in groups if g.total(mark) for f in g.files]) for mark in COUNTED}
    return notices_of_marks(names, {mark: sum(group.total(mark) for group in groups) for mark in COUNTED})


def _named(names: Sequence[str]) -> str:
    """The first few names, each cut to a length that can be read."""
    shown = [name[:40] for name in names[:MOST_NAMED]]
    return ", ".join([*shown, "..."] if len(names) > MOST_NAMED else shown)
