"""Numbers on the way to a result that get a cell of their own, so that no formula is long and none is written twice."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

import numpy as np

from advisor.report.workbook.formulas import needs_row
from advisor.report.workbook.traced import Traced

LONGEST, WORTH_A_NAME = 14, 4
"""Most numbers in one formula; the fewest behind a number that is used again."""
SAME_NUMBER = frozenset({"broadcast", "slice", "element", "negative", "constant"})


def reached(wanted: Iterable[Traced]) -> list[Traced]:
    """Every number that these rest on and they themselves, each after those it rests on."""
    found: dict[int, Traced] = {}

    def visit(number: Traced) -> None:
        if id(number) not in found:
            for arg in number.args:
                visit(arg)
            found[id(number)] = number

    for number in wanted:
        visit(number)
    return [*found.values()]


def steps(wanted: Collection[Traced], placed: Collection[int]) -> Iterator[Traced]:
    """Numbers without a cell that need one, each after those it rests on."""
    numbers = reached(wanted)
    rows = {id(row) for row in map(needs_row, numbers) if row is not None}
    uses = Counter(id(arg) for number in numbers for arg in number.args)
    size: dict[int, int] = {}
    for number in numbers:
        whole = sum(size[id(arg)] * _times(number, arg) for arg in number.args) or 1
        if id(number) in placed:
            size[id(number)] = 1
        elif id(number) in rows or _is_worth_it(number, whole, uses[id(number)]):
            size[id(number)] = 1
            yield number
        else:
            size[id(number)] = whole


def _times(number: Traced, arg: Traced) -> int:
    """How often an argument is written out: each of a few numbers that become one."""
    return arg.shape[-1] if number.op in ("sum", "max", "any", "all") and arg.ndim and not arg.by_month else 1


def _is_worth_it(number: Traced, size: int, uses: int) -> bool:
    values = number.value
    has_cells = number.by_month or values.size == 1
    if number.op in SAME_NUMBER or not has_cells or values.dtype.kind == "U" or _is_undefined(values):
        return False
    return size > LONGEST or (uses > 1 and size >= WORTH_A_NAME)


def _is_undefined(values: np.ndarray) -> bool:
    return bool(values.dtype.kind == "f" and np.isnan(values).any())
