"""Which column of an unknown table is which: what its headings suggest, and the mapping of what was chosen."""

import re
from collections.abc import Mapping, Sequence

from advisor.usage.readers.mapped import TABLES

MOST_COLUMNS = 200
ALL_IN = "="
"""What a currency of every row begins with, where a column might stand."""
HEADINGS: Mapping[str, str] = {
    "ts": r"time|date|moment|\u65f6\u95f4|\u65e5\u671f",
    "model": r"model|\u6a21\u578b",
    "cache_read_tokens": r"cache|\u7f13\u5b58",
    "input_tokens": r"(input|prompt).*tok|^(input|prompt)$|\u8f93\u5165",
    "output_tokens": r"(output|completion|generated).*tok|^(output|completion)$|\u8f93\u51fa",
    "requests": r"\b(requests|calls)\b|(request|call)s?[ _]?count|\u6b21\u6570|\u8c03\u7528\u91cf",
    "cost": r"cost|amount|charge|\u8d39\u7528|\u91d1\u989d",
    "currency": r"currency|\u5e01\u79cd|\u8d27\u5e01",
}
"""Words of a heading that suggest what its column holds; the first that has them counts, each once, in this order."""


def suggested(columns: Sequence[str]) -> dict[str, str]:
    """What the headings suggest, to be confirmed by the reader: canonical column to heading."""
    found: dict[str, str] = {}
    for name, words in HEADINGS.items():
        free = (each for each in columns if each not in found.values() and re.search(words, each, re.IGNORECASE))
        column = next(free, None)
        if column is not None:
            found[name] = column
    return found


def mapping_of(chosen: Mapping[str, str], bucket: str, *, cache_inside: bool) -> dict[str, object]:
    """A mapping as in a mapping file, of headings by canonical column; a currency may be ``ALL_IN`` with its code.

    Where no tokens are named the table is a bill. ``bucket`` is what a row counts, of ``readers.mapped.BUCKETS``;
    ``cache_inside`` whether input includes cached tokens.
    """
    is_bill = "cost" in chosen and not {"input_tokens", "output_tokens"} & {*chosen}
    table = "bill" if is_bill else "usage"
    named: dict[str, object] = {name: column for name, column in chosen.items() if name in TABLES[table]}
    currency = chosen.get("currency", "")
    if currency.startswith(ALL_IN):
        named["currency"] = {"constant": currency.removeprefix(ALL_IN)}
    if is_bill:
        return {"table": table, **named}
    if "cost" in named:
        named["cost_kind"] = {"constant": "billed"}
    else:
        named.pop("currency", None)
    if "cache_read_tokens" in named:
        named["input_includes_cache"] = cache_inside
    return {"table": table, "bucket": bucket, **named}
