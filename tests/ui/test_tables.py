"""How a table of a page is written: what stays on one line, and which column is left out."""

import pytest

from advisor.ui import tables

ROWS = [["RTX 4090", "公开资料", "", "a long note that may break where it likes"], ["L4", "经验判断", "", "another"]]


def test_a_short_cell_stays_on_one_line_and_a_long_one_may_break() -> None:
    assert tables.is_brief("公开资料")
    assert tables.is_brief("Nov 26, 2026")
    assert not tables.is_brief("公开价格表、论文或文章")
    assert not tables.is_brief("a long note that may break where it likes")


@pytest.mark.parametrize(("rows", "kept"), [(ROWS, ["Card", "Kind", "Note"]), ([], ["Card", "Kind", "Link", "Note"])])
def test_a_column_without_any_value_is_left_out(rows: list[list[str]], kept: list[str]) -> None:
    shown, columns = tables.with_values(rows, ["Card", "Kind", "Link", "Note"])
    assert columns == kept
    assert all(len(row) == len(kept) for row in shown)


def test_the_first_column_names_the_rows_and_always_stays() -> None:
    assert tables.with_values([["", "1"]], ["", "Count"]) == ([["", "1"]], ["", "Count"])
