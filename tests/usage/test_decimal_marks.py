"""Amounts of tables with decimal commas: read as the file tells or its user says, never guessed."""

import gzip
from pathlib import Path

import pytest

from advisor.core.notices import InputError
from advisor.usage.importing import import_usage, read_mapping
from tests.usage.read import FIXTURES, rows

MAPPING = read_mapping(
    b"table: bill\nts: day\ncost: cost\nquantity: amount\ncurrency: {constant: EUR}\nmodel: {constant: m}\n"
)


def bill(folder: Path, *costs: str, sign: str = ";", amounts: tuple[str, ...] = (), name: str = "bill.csv") -> Path:
    path = folder / name
    others = amounts or ("1",) * len(costs)
    lines = [
        f'2026-10-{k:02}{sign}"{cost}"{sign}"{other}"'
        for k, (cost, other) in enumerate(zip(costs, others, strict=True), 1)
    ]
    path.write_text("\n".join((f"day{sign}cost{sign}amount", *lines)) + "\n", encoding="utf-8")
    return path


def read(*paths: Path, decimal: str | None = None) -> list[float]:
    return [row["cost"] for row in rows(import_usage(paths, mapping=MAPPING, decimal=decimal))]


@pytest.mark.parametrize("sign", [";", "\t", ","])
@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        (("1.234", "0,05"), [1234.0, 0.05]),
        (("1.234", "1.250,75"), [1234.0, 1250.75]),
        (("1.234", "12,5"), [1234.0, 12.5]),
        (("1.234", "1.234.567"), [1234.0, 1234567.0]),
        (("1.234", "-3,1"), [1234.0, -3.1]),
        (("1,234", "0,05"), [1.234, 0.05]),
        (("1.234", "0.05"), [1.234, 0.05]),
        (("1.234", "1,250.75"), [1.234, 1250.75]),
        (("1.234", "12.5"), [1.234, 12.5]),
        (("1.234", "1,234,567"), [1.234, 1234567.0]),
        (("1.234", "2.5e-05"), [1.234, 2.5e-05]),
        (("3", "12"), [3.0, 12.0]),
    ],
)
def test_an_amount_that_can_be_read_in_one_way_tells_the_others(
    tmp_path: Path, costs: tuple[str, ...], expected: list[float], sign: str
) -> None:
    assert read(bill(tmp_path, *costs, sign=sign)) == expected


def test_another_column_of_amounts_tells_too(tmp_path: Path) -> None:
    assert read(bill(tmp_path, "1.234", sign="\t", amounts=("0,5",))) == [1234.0]
    assert read(bill(tmp_path, "1.234", sign="\t", amounts=("0.5",))) == [1.234]


def test_semicolons_tell_where_no_amount_does_and_that_is_said(tmp_path: Path) -> None:
    path = bill(tmp_path, "1.234", "2.500")
    assert read(path) == [1234.0, 2500.0]
    codes = [notice.code for notice in import_usage([path], mapping=MAPPING).notices]
    assert "usage_decimal_comma" in codes


@pytest.mark.parametrize("cost", ["1.234", "1,234", "-1.234"])
def test_what_nothing_tells_is_asked_for(tmp_path: Path, cost: str) -> None:
    path = bill(tmp_path, cost, "17", sign="\t")
    with pytest.raises(InputError) as caught:
        read(path)
    (issue,) = caught.value.issues
    assert (issue.code, issue.params) == ("usage_decimal_mark", {"file": "bill.csv", "value": cost})


def test_what_the_user_says_counts(tmp_path: Path) -> None:
    path = bill(tmp_path, "1.234", "17", sign="\t")
    assert read(path, decimal="comma") == [1234.0, 17.0]
    assert read(path, decimal="point") == [1.234, 17.0]
    assert read(bill(tmp_path, "1.234", "17"), decimal="point") == [1.234, 17.0]
    with pytest.raises(InputError) as caught:
        read(path, decimal="dot")
    assert caught.value.issues[0].code == "unknown_id"


def test_a_mapping_says_it_for_its_files(tmp_path: Path) -> None:
    path = bill(tmp_path, "1.234", sign="\t")
    for mark, expected in (("comma", 1234.0), ("point", 1.234)):
        assert [row["cost"] for row in rows(import_usage([path], mapping={**MAPPING, "decimal": mark}))] == [expected]
    with pytest.raises(InputError) as caught:
        import_usage([path], mapping={**MAPPING, "decimal": "both"})
    assert caught.value.issues[0].code == "usage_mapping_choice"


def test_both_marks_in_one_file_are_asked_for_where_an_amount_depends_on_it(tmp_path: Path) -> None:
    path = bill(tmp_path, "0,5", "0.5", "1.234")
    with pytest.raises(InputError):
        read(path)
    found = import_usage([path], mapping=MAPPING, decimal="comma")
    assert [row["cost"] for row in rows(found)] == [0.5, 1234.0]
    assert [(each.reason, each.rows) for each in found.rejected] == [("number_unreadable", 1)]


def test_each_file_tells_its_own_mark(tmp_path: Path) -> None:
    first, second = bill(tmp_path, "1.234", "0,5", name="a.csv"), bill(tmp_path, "1.234", "0.5", name="b.csv")
    assert sorted(read(first, second)) == [0.5, 0.5, 1.234, 1234.0]


def test_a_mark_far_below_is_found(tmp_path: Path) -> None:
    path = bill(tmp_path, *["1.234"] * 28, sign="\t")
    text = path.read_text(encoding="utf-8") + '2026-11-01\t"7"\t"1"\n' * 6_000 + '2026-11-02\t"0,5"\t"1"\n'
    packed = tmp_path / "bill.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert read(packed)[0] == 1234.0


def test_counts_of_a_table_with_commas_are_thousands(tmp_path: Path) -> None:
    mapping = read_mapping(
        b"ts: day\ninput_tokens: tokens\ncost: cost\ncost_kind: {constant: billed}\ncurrency: {constant: EUR}\n"
    )
    path = tmp_path / "log.csv"
    path.write_text("day;tokens;cost\n2026-10-01;1.250;1.234\n2026-10-02;12.000;0,5\n", encoding="utf-8")
    found = [(row["input_tokens"], row["cost"]) for row in rows(import_usage([path], mapping=mapping))]
    assert found == [(1250, 1234.0), (12000, 0.5)]


def test_a_known_export_saved_again_with_commas_reads_as_before(tmp_path: Path) -> None:
    """The bill of FOCUS as a spreadsheet program of Germany writes it."""
    import csv

    with (FIXTURES / "focus_1_2.csv").open(encoding="utf-8", newline="") as file:
        head, *cells = csv.reader(file)
    costs = [
        at for at, name in enumerate(head) if name in ("BilledCost", "ListCost", "ConsumedQuantity", "PricingQuantity")
    ]
    for row in cells:
        for at in costs:
            row[at] = row[at].replace(".", ",")
    saved = tmp_path / "focus.csv"
    with saved.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([head, *cells])
    before = [row.get("cost") for row in rows(import_usage([FIXTURES / "focus_1_2.csv"]))]
    assert [row.get("cost") for row in rows(import_usage([saved]))] == before
