"""Numbers of a pasted table held against what their columns can hold; what is odd is told, never another number."""

import re
from collections.abc import Mapping, Sequence

from advisor.core.notices import Issue
from advisor.core.tables import GROUP_OR_DECIMALS
from advisor.engineering.validation.cells import amount, number
from advisor.engineering.validation.column_heads import numbers
from advisor.engineering.validation.said_cells import (
    MEMORY_UNITS,
    all_users,
    is_of_others,
    is_part,
    names_several,
    number_alone,
    plain_cell,
    plain_users,
    says_nothing,
)

USERS, GPUS = "concurrency_or_batch", "num_gpus"
NEVER_ASSUMED = (GPUS, "micro_batch", "seq_len")
"""Columns that are usual where they are blank, and refused where what they hold is no number of theirs."""
LENGTHS = ("input_len", "output_len")
"""So are these, but for words and ranges, which may name a dataset."""
MEANS = (
    ("input_len", "total_input_tokens", ("completed", "num_prompts")),
    ("output_len", "total_output_tokens", ("completed", "num_prompts")),
)
TOKENS_OF_A_BATCH = re.compile(r"(\d[\d,]*) ?tok(?:en)?s?", re.IGNORECASE)
LONGEST_SHOWN = 40
KNOWN_UNITS = "GB, GiB, MB, MiB, TB, TiB"
FEWEST_OF_A_MEAN = 10
"""A mean length below this with three decimals is a group of thousands as well."""
_SEVERAL = re.compile(r"\d\s*(?:[-\u2013\u2014/,;]|to|\.\.+|\u81f3|\u5230)\s*\d|^\s*(?:[<>\u2264\u2265]|up to)")
_BETWEEN, _PARTS = re.compile(r"(?<=\d)(\D+)(?=\d)"), re.compile(r"^[.,]$|[(\[]|[a-z]{3}", re.IGNORECASE)
"""What stands between two numbers in a cell, and what of it tells a second one that is no number of users."""
_WORD = re.compile(r"[a-z]{3}|[\u4e00-\u9fff]", re.IGNORECASE)
_USERS_ALONE = re.compile(
    r"(?:[a-z]{1,2} ?[=:]? ?|[~\u2248@] ?)?\d+(?:\.\d+)? ?(?:[x*\u2020\u2021]|\[\d\])?", re.IGNORECASE
)
_NO_USERS = re.compile(r"[#$%\u20ac\u00a3\u00a5\uffe5\uff05!?^{}\\\"]|[\u5343\u4e07\u4ebf]\s*\d|^[-=]|^\d+\.[^\d\s]+$")
_GROUP = re.compile(r"(?<![\d.,])(?!0)\d{1,3}\.\d{3}(?![\d.,])")
_ENDLESS = re.compile(r"inf(?:inite|inity)?|max", re.IGNORECASE)


def plausible(
    rows: Sequence[Mapping[str, str] | None],
) -> tuple[list[dict[str, str] | None], list[Issue]]:
    """Cells whose numbers can be what their columns ask for, and what was changed.

    A number of another size that can only be in another unit is taken in that unit; any other is left out.

    Parameters
    ----------
    rows : sequence of mapping of str to str (cells by column), or None

    Returns
    -------
    tuple of list of dict of str to str or None, list of Issue (one for each column and kind of change)
    """
    kept: list[dict[str, str] | None] = []
    odd = dict[tuple[str, str, float], list[tuple[str, str]]]()
    for row in rows:
        kept.append(None if row is None else _checked(row, odd))
    return kept, [_odd(column, kind, factor, odd[column, kind, factor]) for column, kind, factor in sorted(odd)]


def _checked(row: Mapping[str, str], odd: dict[tuple[str, str, float], list[tuple[str, str]]]) -> dict[str, str]:
    """A row with what is odd about it added to ``odd``: each cell as it is written and as it was read."""
    cells = {column: "" if says_nothing(cell) else plain_cell(column, cell) for column, cell in row.items()}
    _take_means(cells, odd)
    for column in numbers().keys() & cells.keys():
        alone = number_alone(column, cells[column])
        if alone != cells[column]:
            odd.setdefault((column, "read", 0.0), []).append((row[column], alone))
            cells[column] = alone
        kind, factor = _oddity(column, cells)
        if kind:
            odd.setdefault((column, kind, factor), []).append((row[column], cells[column]))
            cells[column] = repr((number(cells, column) or 0.0) * factor) if factor else ""
            refused = column in NEVER_ASSUMED or (column in LENGTHS and kind not in ("text", "several"))
            cells[column] = f"{row[column]}?" if refused and not factor else cells[column]
    _leave_out_several(row, cells, odd)
    if cells.get("unit") and cells["unit"].casefold() not in {*MEMORY_UNITS, "unknown"}:
        odd.setdefault(("unit", "name", 0.0), []).append((row["unit"], ""))
        cells["unit"] = ""
    users = plain_users(cells.get(USERS, ""))
    of_all = all_users(users, number(cells, GPUS) or 1)
    if of_all != users:
        odd.setdefault((USERS, "read", 0.0), []).append((row[USERS], of_all))
        users = of_all
    if users:
        kind = _oddity_of_users(users)
        if kind:
            odd.setdefault((USERS, kind, 0.0), []).append((row[USERS], users))
        cells[USERS] = "" if kind else users
    return cells


def _take_means(cells: dict[str, str], odd: dict[tuple[str, str, float], list[tuple[str, str]]]) -> None:
    """Lengths as all tokens of a run over its requests, which outweigh what was asked for; a batch of tokens."""
    for column, total, over in MEANS:
        tokens, parts = number(cells, total), next((n for name in over if (n := number(cells, name))), None)
        found = "" if not tokens or not parts else f"{tokens / parts:.6g}"
        if found and found != cells.get(column):
            odd.setdefault((column, "read", 0.0), []).append((f"{tokens:.12g} / {parts:.12g}", found))
            cells[column] = found
    batch, length = TOKENS_OF_A_BATCH.fullmatch(cells.get("global_batch", "")), number(cells, "seq_len")
    if batch is not None and length:
        samples = f"{max(1, round(float(batch[1].replace(',', '')) / length))}"
        odd.setdefault(("global_batch", "read", 0.0), []).append((cells["global_batch"], samples))
        cells["global_batch"] = samples


def _leave_out_several(
    row: Mapping[str, str], cells: dict[str, str], odd: dict[tuple[str, str, float], list[tuple[str, str]]]
) -> None:
    """Take out cells that name two things; where they are cards, their number is not known either."""
    for column in ("model", "method", "gpu"):
        if names_several(column, cells.get(column, "")) and not (column == "model" and cells.get("params_b")):
            odd.setdefault((column, "names", 0.0), []).append((row[column], ""))
            cells |= {column: "?" if column == "method" else ""}
            cells |= {GPUS: f"{row[column]}?"} if column == "gpu" else {}


def _oddity_of_users(users: str) -> str:
    """What is odd about the number of users, which may stand among words."""
    if _GROUP.search(users):
        return "two"
    if _SEVERAL.search(users.casefold()) or any(not _PARTS.search(part) for part in _BETWEEN.findall(users)):
        return "several"
    if is_of_others(users):
        return "text"
    if is_part(users):
        return "part"
    no_number = _NO_USERS.search(users) or not (_WORD.search(users) or _USERS_ALONE.fullmatch(users))
    return "text" if no_number else ""


def _oddity(column: str, cells: Mapping[str, str]) -> tuple[str, float]:
    """What is odd about a cell, and the factor that mends it (0: none)."""
    value, can_be, cell = number(cells, column), numbers()[column], cells[column]
    low, high = can_be.least, can_be.most
    if value is None:
        if column == "request_rate" and _ENDLESS.fullmatch(cell):
            return "", 0.0
        none = amount(cells, column)
        if none is not None:
            return ("" if none == 0 and can_be.or_none else "unit"), 0.0
        return ("several" if _SEVERAL.search(cell) else "text") if cell else "", 0.0
    if GROUP_OR_DECIMALS.fullmatch(cell) and ("." in cell) == (can_be.of != "amount" or column == "request_rate"):
        small, large = _readings(cell)
        if can_be.of != "amount" or low <= small <= large <= high:
            return "two", 0.0
    if can_be.of == "length" and value < FEWEST_OF_A_MEAN and re.fullmatch(r"\d\.\d{3}0", cell):
        return "two", 0.0
    if can_be.of in ("count", "degree") and value % 1:
        return "part", 0.0
    if low <= value <= high:
        return "", 0.0
    return "unit", next((f for f in can_be.larger_in if low <= value * f <= high), 0.0)


def _readings(cell: str) -> tuple[float, float]:
    """A number with three digits after its sign, as decimals and as thousands."""
    found = _GROUP.search(cell)
    bare = found[0] if found else cell[:-1] if re.fullmatch(r"\d\.\d{3}0", cell) else cell
    return float(bare.replace(",", ".")), float(bare.replace(",", "").replace(".", ""))


def _odd(column: str, kind: str, factor: float, found: Sequence[tuple[str, str]]) -> Issue:
    count, read = len(found), found[0][1]
    value = found[0][0][:LONGEST_SHOWN]
    if kind == "text":
        return Issue(column, "cells_no_number", {"count": count, "value": value})
    if kind == "several":
        return Issue(column, "cells_of_several", {"count": count, "value": value})
    if kind == "names":
        return Issue(column, "cells_of_two_names", {"count": count, "value": value})
    if kind == "part":
        return Issue(column, "cells_not_whole", {"count": count, "value": value})
    if kind == "name":
        return Issue(column, "unit_unknown", {"count": count, "value": value, "known": KNOWN_UNITS})
    if kind == "read":
        return Issue(column, "cells_read_as", {"count": count, "value": value, "read": read})
    if kind == "two":
        small, large = (f"{reading:g}" for reading in _readings(read))
        return Issue(column, "cells_of_two_readings", {"count": count, "value": value, "first": small, "second": large})
    if factor:
        scaled = f"{(number({column: read}, column) or 0.0) * factor:.6g}"
        return Issue(column, "cells_in_other_unit", {"count": count, "value": value, "read": scaled})
    low, high = (f"{bound:g}" for bound in (numbers()[column].least, numbers()[column].most))
    return Issue(column, "cells_not_plausible", {"count": count, "value": value, "minimum": low, "maximum": high})
