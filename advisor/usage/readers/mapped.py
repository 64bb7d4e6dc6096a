"""Any table at all, by a short file that says which of its columns is which."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from advisor.core.notices import InputError, Issue, unknown_id
from advisor.core.notices import nearest as nearest_names
from advisor.core.yaml import YamlFault, read_yaml
from advisor.usage.readers.decimals import DECIMAL_MARKS
from advisor.usage.readers.moments import DATE_ORDERS, DateOrder
from advisor.usage.readers.rows import Columns, Row, UsageFormat, one_of, settled
from advisor.usage.records import BILL_COLUMNS, USAGE_COLUMNS

ID = "mapped"
TABLES: Mapping[str, Mapping[str, str]] = {"usage": USAGE_COLUMNS, "bill": BILL_COLUMNS}
MADE = ("bucket_seconds", "key_hash", "block_hashes")
"""Canonical columns that no column is named for: they follow from others."""
BESIDE = ("key", "prefix", "total_tokens")
"""Columns that may be named besides canonical ones: they are hashed, or decide what the input includes. ``prefix`` is
text of which ``prefix_hash`` is made; a log that has the hash names that."""
OPTIONS = (
    "table",
    "units",
    "input_includes_cache",
    "output_includes_reasoning",
    "time_zone",
    "date_order",
    "bucket",
    "decimal",
)
BUCKETS = {"request": 0, "minute": 60, "hour": 3_600, "day": 86_400}
UNITS: Mapping[str, Mapping[str, float]] = {
    "time": {"ms": 1.0, "s": 1e3, "us": 1e-3, "ns": 1e-6},
    "money": {"units": 1.0, "cents": 0.01},
    "tokens": {"tokens": 1.0, "thousand": 1e3, "million": 1e6},
}
MEASURED = {"latency_ms": "time", "ttft_ms": "time", "cost": "money", "list_cost": "money"}
SIGNED = ("cost", "list_cost", "quantity")


def read_mapping(content: bytes) -> Mapping[str, object]:
    """The mapping in a YAML file. Raises :class:`InputError`.

    Each canonical column stands with the name of the column it comes from, or with ``{constant: value}``; ``units``,
    ``input_includes_cache``, ``output_includes_reasoning``, ``time_zone``, ``date_order``, ``decimal``, ``bucket``
    and ``table`` say the rest.
    """
    try:
        read = read_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError([Issue("mapping", "usage_mapping_not_yaml", {"line": 1})]) from None
    except YamlFault as fault:
        raise InputError([Issue("mapping", "usage_mapping_not_yaml", {"line": fault.line or 1})]) from None
    if not isinstance(read, dict):
        raise InputError([Issue("mapping", "usage_mapping_not_yaml", {"line": 1})])
    mapping = {str(key): value for key, value in read.items()}
    format_of(mapping)
    return mapping


def format_of(mapping: Mapping[str, object]) -> UsageFormat:
    """A format made of a mapping. Raises :class:`InputError` with an issue for each entry that cannot be meant."""
    table = str(mapping.get("table", "usage"))
    if table not in TABLES:
        raise InputError([_not_one_of("table", table, TABLES)])
    columns = {*TABLES[table], *BESIDE} - {*MADE}
    issues = [
        unknown_id("mapping", name, nearest_names(name, [*columns, *OPTIONS]), sorted(columns))
        for name in mapping
        if name not in columns and name not in OPTIONS
    ]
    named = {name: value for name, value in mapping.items() if name in columns}
    constants = {name: _constant(name, value, issues) for name, value in named.items() if isinstance(value, Mapping)}
    places = {name: str(value) for name, value in named.items() if name not in constants}
    issues += [_lacks(name) for name in _missing(table, named)]
    issues += _faults_of_options(mapping, places)
    if {"prefix", "prefix_hash"} <= {*named}:
        issues.append(Issue("mapping", "usage_mapping_twice", {"first": "prefix", "second": "prefix_hash"}))
    if issues:
        raise InputError(issues)
    return UsageFormat(
        ID,
        "usage" if table == "usage" else "bill",
        {name: (place,) for name, place in places.items()},
        (frozenset(),),
        _reader(table, mapping, constants),
        needs=frozenset(places),
        date_order=_date_order(mapping),
        decimal=next((mark for mark in DECIMAL_MARKS if mark == mapping.get("decimal")), None),
    )


def _constant(name: str, value: Mapping[str, object], issues: list[Issue]) -> object:
    constant = value.get("constant")
    if [*value] != ["constant"] or not isinstance(constant, str | int | float):
        issues.append(Issue("mapping", "usage_mapping_value", {"column": name}))
    return constant


def _lacks(column: str) -> Issue:
    if column == "cost_kind":
        known = ", ".join(f"{{constant: {kind}}}" for kind in ("billed", "estimated"))
        return Issue("mapping", "usage_mapping_cost_kind", {"column": column, "known": known})
    return Issue("mapping", "usage_mapping_lacks", {"column": column})


def _missing(table: str, named: Mapping[str, object]) -> Iterable[str]:
    yield from ({"ts"} - {*named})
    if table == "bill":
        yield from sorted({"cost", "currency"} - {*named})
    elif not {"input_tokens", "output_tokens", "cost"} & {*named}:
        yield "input_tokens"
    elif "cost" in named:  # else no figure of money could use it
        yield from sorted({"cost_kind", "currency"} - {*named})


def _faults_of_options(mapping: Mapping[str, object], places: Mapping[str, str]) -> list[Issue]:
    issues = []
    bucket = str(mapping.get("bucket", "request"))
    if bucket not in BUCKETS:
        issues.append(_not_one_of("bucket", bucket, BUCKETS))
    if "date_order" in mapping and _date_order(mapping) is None:
        orders = [order.replace("_", "-") for order in DATE_ORDERS]
        issues.append(_not_one_of("date_order", str(mapping["date_order"]), orders))
    if "decimal" in mapping and mapping["decimal"] not in DECIMAL_MARKS:
        issues.append(_not_one_of("decimal", str(mapping["decimal"]), DECIMAL_MARKS))
    for name in ("input_includes_cache", "output_includes_reasoning"):
        if not isinstance(mapping.get(name, True), bool):
            issues.append(_not_one_of(name, str(mapping[name]), ("true", "false")))
    caches = [name for name in ("cache_read_tokens", "cache_write_tokens") if name in places]
    if caches and "input_includes_cache" not in mapping and "total_tokens" not in places:
        issues.append(Issue("mapping", "usage_mapping_cache", {"column": caches[0]}))
    units = mapping.get("units", {})
    for name, unit in (units if isinstance(units, Mapping) else {"units": units}).items():
        if str(unit) not in _units_of(str(name)):
            issues.append(_not_one_of(f"units.{name}", str(unit), _units_of(str(name))))
    zone = mapping.get("time_zone")
    if zone is not None and not _is_zone(str(zone)):
        issues.append(Issue("mapping", "usage_mapping_zone", {"value": str(zone)[:40]}))
    return issues


def _date_order(mapping: Mapping[str, object]) -> DateOrder | None:
    named = str(mapping.get("date_order")).replace("-", "_")
    return next((order for order in DATE_ORDERS if order == named), None)


def _units_of(column: str) -> Mapping[str, float]:
    return UNITS["tokens"] if column.endswith("_tokens") else UNITS.get(MEASURED.get(column, ""), {})


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _not_one_of(name: str, value: str, known: Iterable[str]) -> Issue:
    return Issue("mapping", "usage_mapping_choice", {"name": name, "value": value[:40], "known": ", ".join(known)})


def _reader(table: str, mapping: Mapping[str, object], constants: Mapping[str, object]) -> Callable[[Row], Columns]:
    given = mapping.get("units")
    units = {str(name): _units_of(str(name))[str(unit)] for name, unit in dict(given or {}).items()}  # type: ignore[call-overload]
    seconds = BUCKETS[str(mapping.get("bucket", "request"))]
    zone = str(mapping["time_zone"]) if mapping.get("time_zone") else None

    def read(row: Row) -> Columns:
        import ibis

        row.zone = zone
        found: dict[str, Any] = {"bucket_seconds": ibis.literal(seconds).cast("int64"), **constants}
        if table == "usage" and seconds == 0:
            found["requests"] = ibis.literal(1).cast("int64")
        for name, kind in {**TABLES[table], **dict.fromkeys(BESIDE, "string"), "total_tokens": "int64"}.items():
            if row.has(name):
                found[name] = _column(row, name, kind, units.get(name, 1.0))
        if table == "usage":
            _settle(found, mapping)
        else:
            found["category"] = _category(row, found)
        return found

    return read


def _column(row: Row, name: str, kind: str, per_unit: float) -> Any:
    if kind == "timestamp":
        return row.time(name)
    if kind == "boolean":
        return row.flag(name)
    if kind == "float64":
        number = row.number(name, signed=name in SIGNED)
        return number if per_unit == 1.0 else number * per_unit
    if kind == "int64":
        return row.whole(name) if per_unit == 1.0 else (row.number(name) * per_unit).round().try_cast("int64")
    return row.text(name)


def _settle(found: dict[str, Any], mapping: Mapping[str, object]) -> None:
    """Input with its cache, output with its reasoning, as the mapping or the row's own total says."""
    import ibis

    nothing, total = ibis.null("int64"), found.pop("total_tokens", None)
    caches = [found[name] for name in ("cache_read_tokens", "cache_write_tokens") if name in found]
    cache_inside = bool(mapping.get("input_includes_cache", True))
    reasoning_inside = bool(mapping.get("output_includes_reasoning", True))
    if total is None and cache_inside and reasoning_inside:
        return
    parts = settled(
        found.get("input_tokens", nothing),
        caches,
        found.get("output_tokens", nothing),
        found.get("output_reasoning_tokens", nothing),
        nothing if total is None else total,
        cache_inside=cache_inside,
        reasoning_inside=reasoning_inside,
    )
    found |= {"input_tokens": parts.input, "output_tokens": parts.output}
    found |= {"_by_total": parts.by_total, "_unlike": parts.unlike}


def _category(row: Row, found: Mapping[str, Any]) -> Any:
    from advisor.usage.readers.bills import CATEGORIES

    if not row.has("category"):
        return found.get("category", "usage")
    word = found["category"].lower()
    row.fault("category_unknown", ~one_of(word, CATEGORIES).fill_null(False))
    return word
