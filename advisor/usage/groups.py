"""Files of one format and shape as rows with what was counted in them, and all of them as one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from advisor.usage.canonical import columns_of, typed
from advisor.usage.engine import Engine, RawTable, told
from advisor.usage.files import UsageFile
from advisor.usage.readers.rows import UsageFormat

NO_ID = ""
"""What stands for each request id where none was kept."""


@dataclass
class Group:
    """Files of one format and shape, and what was counted in them.

    ``has_lone_ids`` where no request id stands twice in the files, and none was kept.
    """

    form: UsageFormat
    files: list[UsageFile]
    table: RawTable
    expression: Any
    counts: dict[tuple[str, str | None], Mapping[str, int]] = field(default_factory=dict)
    cut: list[tuple[str, int, int]] = field(default_factory=list)
    duplicates: int = 0
    has_lone_ids: bool = False

    @property
    def may_repeat(self) -> bool:
        return not self.has_lone_ids and self.total("request_id") > 0

    @property
    def is_clean(self) -> bool:
        """Whether every row is used."""
        return not any(why for _, why in self.counts)

    def rows(self, reason: str | None) -> int:
        return sum(row["rows"] for (_, why), row in self.counts.items() if why == reason)

    def of_file(self, path: str, reason: str | None) -> int:
        return self.counts.get((path, reason), {}).get("rows", 0)

    def total(self, name: str) -> int:
        return sum(int(row[name] or 0) for (_, why), row in self.counts.items() if why is None)


def without_lone_ids(rows: Any) -> tuple[Any, bool]:
    """The rows with nothing for an id where no request id stands twice, and whether that is so; texts that all
    differ take long to write and to read."""
    ids = rows.filter(rows["request_id"].notnull())["request_id"]
    counts = ids.as_table().agg(rows=ids.count(), hashes=ids.hash().nunique()).to_pyarrow().to_pylist()[0]
    if counts["hashes"] < counts["rows"]:  # or two ids have one hash, and then it takes longer
        return rows, False
    return rows.mutate(request_id=rows["request_id"].notnull().ifelse(NO_ID, None)), True


def joined(engine: Engine, groups: Sequence[Group], memory_mb: int) -> Any:
    """One table of all groups, each request once."""
    import ibis

    if not groups:
        return None
    columns = columns_of(groups[0].form)
    tables = []
    for group in groups:
        rows = group.expression
        tables.append(rows if group.is_clean else rows.filter(rows["_reason"].isnull()))
    if groups[0].form.table == "usage":
        tables = _without_duplicates(engine, groups, tables, memory_mb)
    parts = [table.select(**{n: typed(table[n], kind) for n, kind in columns.items()}) for table in tables]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _without_duplicates(engine: Engine, groups: Sequence[Group], tables: Sequence[Any], memory_mb: int) -> list[Any]:
    """The tables with the first row of each request id of a format; ids are few where any come twice."""
    import ibis

    found_: list[Any] = []
    for form in dict.fromkeys(group.form.id for group in groups):
        members = [(g, t) for g, t in zip(groups, tables, strict=True) if g.form.id == form]
        with_ids = [(g, t) for g, t in members if g.may_repeat]
        found_ += [t for g, t in members if not g.may_repeat]
        if not with_ids:
            continue
        ids = ibis.union(*(t.select("request_id") for _, t in with_ids)) if len(with_ids) > 1 else with_ids[0][1]
        often = ids.filter(ids["request_id"].notnull()).group_by("request_id").agg(rows=lambda t: t.count())
        with told([f for g, _ in with_ids for f in g.files], memory_mb):
            twice = engine.kept(often.filter(often["rows"] > 1))
            count = int(twice["rows"].sum().to_pyarrow().as_py() or 0)
            if count:
                first = engine.kept(_first_of(with_ids, twice))
                with_ids[0][0].duplicates = count - int(first.count().to_pyarrow().as_py())
                found_.append(first)
        found_ += [t.anti_join(twice, "request_id") if count else t for _, t in with_ids]
    return found_


def _first_of(members: Sequence[tuple[Group, Any]], twice: Any) -> Any:
    """Of rows with the same id one that has tokens, the first of them, and of two at once the larger."""
    import ibis

    repeated = []
    for number, (group, table) in enumerate(members):
        columns = columns_of(group.form)
        rows = table.semi_join(twice, "request_id").select(*columns, "_file")
        repeated.append(rows.mutate(_group=ibis.literal(number)))
    rows = ibis.union(*repeated) if len(repeated) > 1 else repeated[0]
    known = [rows[name].isnull() for name in ("input_tokens", "output_tokens", "cost")]
    largest = [rows[name].desc() for name in ("input_tokens", "output_tokens", "cost")]
    order = [*known, rows["_group"], rows["_file"], rows["ts"], *largest]
    place = ibis.row_number().over(ibis.window(group_by="request_id", order_by=order))
    numbered = rows.mutate(_place=place)
    return numbered.filter(numbered["_place"] == 0).drop("_place", "_group")


def not_given(groups: Sequence[Group]) -> frozenset[str]:
    """Columns of the tables that were made in which no row holds anything."""
    names = {name for group in groups for name in columns_of(group.form)}
    held = {name for group in groups for name in columns_of(group.form) if group.total(name)}
    return frozenset(names - held)
