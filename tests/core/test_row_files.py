"""Small tables in any of the formats, the same rows from each, and a line for what cannot be read."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.notices import InputError
from advisor.core.row_files import read_rows

KNOWN = {"a": "a", "b": "b"}
ROWS = [{"a": "1", "b": "x"}, {"a": "2.5", "b": ""}]
SAME = {
    "csv": "a,b\n1,x\n2.5,\n",
    "tsv": "a\tb\n1\tx\n2.5\t\n",
    "semicolons": "a;b\n1;x\n2.5;\n",
    "json": '[{"a": 1, "b": "x"},\n {"a": 2.5, "b": null}]',
    "json with tabs": '[\n\t{"a": 1, "b": "x"},\n\t{"a": 2.5, "b": null}\n]\n',
    "json lines": '{"a": 1, "b": "x"}\n{"a": 2.5, "b": null}\n',
    "yaml": "# runs\n- {a: 1, b: x}\n- a: 2.5\n  b:\n",
}


def read(text: str | bytes):
    return read_rows(text.encode() if isinstance(text, str) else text, KNOWN.get, lambda name: name == "a")


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_every_format_gives_the_same_rows(text: str) -> None:
    found = read(text)
    assert [dict(row.cells) for row in found.rows] == ROWS
    assert found.columns == ("a", "b")


def test_each_row_knows_its_line() -> None:
    assert [row.line for row in read(SAME["csv"]).rows] == [2, 3]
    assert [row.line for row in read(SAME["json"]).rows] == [1, 2]
    assert [row.line for row in read(SAME["yaml"]).rows] == [2, 3]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('[{"a": 1},\n{"a": }]', "results_not_readable", 2),
        ('[{"a": 1}\n{"a": [1]}]', "results_nested", 2),
        ('[{"a": 1},\n\n3]', "results_no_row", 3),
        ("- {a: 1}\n- [1]\n", "results_no_row", 2),
        ("- {a: 1}\n- {a: 1\n", "results_not_readable", None),
        ("- {a: 1}\n- {a: {b: 1}}\n", "results_nested", 2),
        ("a,b\n1,2\n1,2,3\n", "results_row_too_long", 3),
        ('[{"a": 1, "a": 2}]', "results_column_twice", None),
        ("a,a\n1,2\n", "results_column_twice", None),
        ("[" * 100_000, "results_not_readable", 1),
        ("- !!python/object:os.system {a: 1}\n", "results_not_readable", None),
        ("- &x {a: 1}\n- *y\n", "results_not_readable", None),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, code: str, line: int | None) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    issue = caught.value.issues[0]
    assert issue.code == code
    if line is not None:
        assert issue.params["line"] == line


CELLS = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=8))


@given(st.lists(st.dictionaries(st.sampled_from("ab"), CELLS, min_size=1), min_size=1, max_size=5))
def test_json_comes_back_as_text(rows) -> None:
    found = read(json.dumps(rows))
    for row, entry in zip(found.rows, rows, strict=True):
        for name, value in entry.items():
            wanted = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value).strip()
            assert row.cells[name] == wanted


@given(st.binary(max_size=300))
def test_no_bytes_bring_it_down(content: bytes) -> None:
    for begun in (content, b"[" + content, b"{" + content, b"- " + content):
        with suppress(InputError):
            read(begun)
