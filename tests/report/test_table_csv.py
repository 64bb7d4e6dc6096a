"""A table of a page as CSV: as it is shown, and what a user typed is no formula."""

import pytest

from advisor.report.csv import table_csv
from advisor.text.i18n import Translator


def cells(*texts: str) -> list[str]:
    rows = table_csv(["Name"], [[text] for text in texts]).decode("utf-8-sig").splitlines()[1:]
    return [row.strip('"').replace('""', '"') for row in rows]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "-HYPERLINK(1)"])
def test_what_a_spreadsheet_would_compute_has_a_mark_before_it(text: str) -> None:
    assert cells(text) == [f"'{text}"]


def test_an_amount_stays_as_it_is_shown() -> None:
    t = Translator("en")
    shown = [t.money(-1234.5, "USD", 2), t.months(3), "-$5 to +$3", "plain"]
    assert cells(*shown) == shown
