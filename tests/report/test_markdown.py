"""The Markdown renderer: every block, and text that stays text."""

import datetime

import pytest

from advisor.report.document import Bullets, Column, Document, Heading, KeyFigure, KeyFigures, Table, Verdict
from advisor.report.markdown import render_markdown
from advisor.text.languages import languages
from tests.report.sample_document import hostile, sample
from tests.report.test_pdf import HOSTILE, strings

SHORT = Document(
    "Should we?",
    "For Northwind",
    "en",
    "Ada",
    datetime.date(2026, 11, 20),
    "Estimates.",
    (
        Verdict("good", "Go ahead", "Tune.", "It pays."),
        KeyFigures((KeyFigure("NPV", "$68,400", "80 %"), KeyFigure("Money back", "Month 10"))),
        Heading("Costs"),
        Bullets(("gpt_4o costs 2 * 3", "- not a list")),
        Table("Flows", (Column("Month"), Column("Net", "right")), (("1", "$5|6"), ("Total", "")), "Before tax.", True),
    ),
)
EXPECTED = """\
# Should we?

For Northwind

> **✓ Go ahead**
>
> **Tune.**
>
> It pays.

- NPV: **$68,400** (80 %)
- Money back: **Month 10**

## Costs

- gpt_4o costs 2 \\* 3
- \\- not a list

**Flows**

| Month | Net |
| --- | ---: |
| 1 | $5\\|6 |
| **Total** |  |

*Before tax.*

---

Ada · 2026-11-20 · Estimates.
"""


def test_markdown_reads_as_expected() -> None:
    assert render_markdown(SHORT) == EXPECTED


@pytest.mark.parametrize("language", languages())
def test_markdown_contains_every_string(language: str) -> None:
    text = render_markdown(sample(language)).replace("\\", "")
    assert [s for s in strings(sample(language)) if s not in text] == []


@pytest.mark.parametrize("case", HOSTILE)
def test_markup_in_text_is_escaped(case: str) -> None:
    text = render_markdown(hostile(HOSTILE[case]))
    assert "<script" not in text.replace("\\<", "")
    assert "<image" not in text.replace("\\<", "")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.replace("\\|", "").count("|") == 4 for line in rows)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-01-01", "2026-01-01"),
        ("10.5 %", "10.5 %"),
        ("-5", "-5"),
        ("1. one", "1\\. one"),
        ("# one", "\\# one"),
        ("> one", "\\> one"),
        ("_one_ a_b", "\\_one\\_ a_b"),
        ("[a](b) `c`", "\\[a\\](b) \\`c\\`"),
    ],
)
def test_escapes_only_what_would_be_markup(text: str, written: str) -> None:
    document = Document("t", "", "en", "a", datetime.date(2026, 1, 1), "", (Bullets((text,)),))
    assert f"\n- {written}\n" in render_markdown(document)
