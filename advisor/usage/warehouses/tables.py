"""A table of an engine as an import: the readers of files on its columns, and nothing but questions to the engine.

Nothing is stored on the way: each question of the profile reads the table anew, in the columns that it needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from advisor.core.notices import InputError, Issue, nearest, unknown_id
from advisor.usage.canonical import COUNTED, canonical, columns_of, notices_of_marks, typed
from advisor.usage.date_orders import chosen_order
from advisor.usage.decimal_marks import chosen_mark
from advisor.usage.readers import FORMATS, recognised
from advisor.usage.readers.mapped import format_of
from advisor.usage.readers.rows import REASONS, UsageFormat, plain
from advisor.usage.records import Imported, Rejected
from advisor.usage.warehouses.dialects import DIALECTS, Dialect

if TYPE_CHECKING:  # imported where it is used: heavy
    import pandas as pd

FIELD = "--table"
MOST_NAMED = 8
CORRUPT = "_corrupt_record"
"""The column in which Spark keeps a line that it cannot read."""


def import_table(
    table: Any,
    name: str,
    engine: str,
    *,
    form: str | None = None,
    mapping: Mapping[str, object] | None = None,
    dates: str | None = None,
    decimal: str | None = None,
    salt: str = "",
) -> Imported:
    """A table of Ibis as the canonical table of usage or bills, lazily; ``name`` is what messages call it.

    The other arguments are those of ``importing.import_usage``. The engine is asked how many rows are used and why the
    others are not, and whether a request stands there twice. Raises :class:`InputError` for what cannot be read.
    """
    dialect = DIALECTS[engine]
    chosen = _chosen(table, name, form, mapping)
    order, mark = chosen_order(dates), chosen_mark(decimal)
    chosen = chosen if order is None else replace(chosen, date_order=order)
    chosen = chosen if mark is None else replace(chosen, decimal=mark)
    checked = canonical(chosen, fields_of(table, chosen, dialect), dialect.hashed_with(salt), dialect.time)
    held = {column: checked[column].count() for column in columns_of(chosen)}
    marks = {mark_: checked[mark_].cast("int64").sum() for mark_ in COUNTED}
    counts = checked.group_by("_reason").agg(rows=checked.count(), **held, **marks).to_pandas()
    read = int(counts["rows"].sum())
    if read == 0:
        raise InputError([Issue(FIELD, "usage_empty", {"file": name})])
    used = counts[counts["_reason"].isna()]
    sums = {column: int(used[column].fillna(0).sum()) for column in (*held, *marks, "rows")}
    rows = checked if sums["rows"] == read else checked.filter(checked["_reason"].isnull())
    given = {column: rows[column] if sums[column] else None for column in held}
    rows = rows.select(**{column: typed(given[column], kind) for column, kind in columns_of(chosen).items()})
    twice = 0
    if chosen.table == "usage" and sums["request_id"]:
        rows, twice = _once(rows, sums["request_id"] == sums["rows"])
    return Imported(
        usage=rows if chosen.table == "usage" else None,
        bill=rows if chosen.table == "bill" else None,
        formats=(chosen.id,),
        files=(name,),
        rows_read=read,
        rows_used=sums["rows"] - twice,
        duplicates=twice,
        rejected=_rejected(counts, name),
        not_given=frozenset(column for column in held if not sums[column]),
        notices=tuple(notices_of_marks(dict.fromkeys(COUNTED, name), sums)),
    )


def fields_of(table: Any, form: UsageFormat, dialect: Dialect) -> Any:
    """The fields of a format by their names, from the columns of a table, what stands in structures, and JSON text."""
    import ibis

    columns = {plain(name): name for name in reversed(table.columns)}
    found = {field: _field(table, columns, places, dialect) for field, places in form.fields.items()}
    given = {field: value for field, value in found.items() if value is not None}
    if CORRUPT in table.columns:
        given["_bad"] = table[CORRUPT].notnull()
    if not all(kind.is_string() for kind in table.schema().types):
        given["_native"] = ibis.literal(True)
    return table.select(**given, _file=ibis.literal(""))


def _field(table: Any, columns: Mapping[str, str], places: Sequence[str], dialect: Dialect) -> Any:
    """The first of its places that is not empty; ``None`` where the table has none of them."""
    import ibis

    found = [value for place in places if (value := _at(table, columns, place, dialect)) is not None]
    if len(found) < 2:
        return found[0] if found else None
    if any(value.type() != found[0].type() for value in found):
        found = [value.cast("string") for value in found]
    if found[0].type().is_string():
        found = [value.strip().nullif("") for value in found]
    return ibis.coalesce(*found)


def _at(table: Any, columns: Mapping[str, str], place: str, dialect: Dialect) -> Any:
    if (name := columns.get(plain(place.replace("!", "")))) is not None:
        return _value(table[name], dialect)
    first, *keys = place.replace("!", "").split("/")
    if not keys or (name := columns.get(plain(first))) is None:
        return None
    value = table[name]
    while keys:
        kind = value.type()
        if kind.is_string() or kind.is_json():
            return dialect.json_text(value, keys)
        if kind.is_map():
            value, keys = value.get("/".join(keys)), []
        elif kind.is_struct():
            names = {plain(each): each for each in kind.names}
            if (inner := names.get(plain(keys[0]))) is None:
                return None
            value, keys = value[inner], keys[1:]
        else:
            return None
    return _value(value, dialect)


def _value(column: Any, dialect: Dialect) -> Any:
    """A column as a number, a moment, true or false, or text; ``None`` where its type is none of these."""
    import ibis

    kind = column.type()
    if kind.is_array():
        inner = kind.value_type
        return ibis.literal('["') + column[0] + '"]' if inner.is_string() else None
    if kind.is_decimal() or kind.is_floating():
        return column.cast("float64")
    if kind.is_timestamp():
        return column if kind.timezone is None else dialect.in_utc(column)
    if kind.is_uuid():
        return column.cast("string")
    if kind.is_string():
        return column.nullif("")
    return column if kind.is_integer() or kind.is_boolean() or kind.is_date() else None


def _chosen(table: Any, name: str, form: str | None, mapping: Mapping[str, object] | None) -> UsageFormat:
    shown = ", ".join(table.columns[:MOST_NAMED])
    if mapping is not None:
        chosen = format_of(mapping)
        known = {plain(column) for column in table.columns}
        for field in sorted(chosen.needs):
            place = chosen.fields[field][0]
            if not {plain(place), plain(place.split("/")[0])} & known:
                columns = ", ".join(nearest(place, table.columns)) or shown
                params = {"file": name, "column": place[:40], "columns": columns}
                raise InputError([Issue("mapping", "usage_mapping_column", params)])
        return chosen
    if form is not None:
        if form not in FORMATS:
            raise InputError([unknown_id("format", form, nearest(form, FORMATS), FORMATS)])
        return FORMATS[form]
    found = recognised(_places(table))
    if found is None:
        raise InputError([Issue(FIELD, "usage_format_unknown", {"file": name, "columns": shown})])
    return found


def _places(table: Any) -> set[str]:
    """Columns, and what stands within structures, in the spelling of :func:`plain`."""

    def within(kind: Any, before: str) -> set[str]:
        if not kind.is_struct():
            return {plain(before)}
        inner = (within(each, f"{before}/{name}") for name, each in zip(kind.names, kind.types, strict=True))
        return {plain(before)}.union(*inner)

    return set().union(*(within(kind, name) for name, kind in table.schema().items()))


def _once(rows: Any, all_have_ids: bool) -> tuple[Any, int]:
    """Each request once, and how many rows that leaves out: of several the one that import of files keeps too."""
    import ibis

    named = rows if all_have_ids else rows.filter(rows["request_id"].notnull())
    often = named.group_by("request_id").agg(n=named.count())
    often = often.filter(often["n"] > 1)
    more = (often["n"] - 1).sum().name("more")
    twice = int(often.agg(more).to_pandas()["more"].fillna(0).iloc[0])
    if not twice:
        return rows, 0
    size = ("input_tokens", "output_tokens", "cost")
    order = [*(named[name].isnull() for name in size), named["ts"], *(named[name].desc() for name in size)]
    place = ibis.row_number().over(ibis.window(group_by="request_id", order_by=order))
    numbered = named.mutate(_place=place)
    first = numbered.filter(numbered["_place"] == 0).drop("_place")
    return first if all_have_ids else first.union(rows.filter(rows["request_id"].isnull())), twice


def _rejected(counts: "pd.DataFrame", name: str) -> tuple[Rejected, ...]:
    """Rows left out by reason; an engine numbers no lines, and no row is fetched to show one."""
    by_reason = dict(zip(counts["_reason"], counts["rows"], strict=True))
    return tuple(Rejected(why, int(by_reason[why]), name, None, "") for why in REASONS if why in by_reason)
