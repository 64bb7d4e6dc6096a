"""End of the decision memo: what was decided at the stage gates so far, and a line to sign."""

from advisor.costs.sign_off import SignOff, signed_gates
from advisor.report import sign_off as words
from advisor.report.case import ReportedCase
from advisor.report.document import Align, Approval, Block, Bullets, Column, Heading, Paragraph, Table

SIGNED = ("name", "signature", "date")
LOOKS: tuple[tuple[Align, float], ...] = (
    ("left", 3.4),
    ("left", 1.3),
    ("left", 1.4),
    ("left", 2.2),
    ("right", 1.2),
    ("left", 2.2),
)
"""How each column of the record stands, and its width relative to the others."""


def sign_off_section(case: ReportedCase) -> list[Block]:
    """The record of the gates, where there is one; a line to sign, where something is asked for."""
    t, found = case.t, signed_gates(case.told, case.assumptions, case.catalog)
    lines = tuple(t(f"memo.approval.{line}") for line in SIGNED)
    line: list[Block] = [Approval(words.approval_text(found, t), lines)] if case.serves else []
    return line if found is None else [*_record(found, case), *line]


def _record(found: SignOff, case: ReportedCase) -> list[Block]:
    t, missing = case.t, words.remarks(found, case.t)
    heads, rows = words.sign_off_table(found, t, case.currency)
    columns = tuple(Column(head, *look) for head, look in zip(heads, LOOKS, strict=True))
    first, second = words.headline(found, t), words.money_text(found, t, case.currency)
    return [
        Heading(t("sign_off.heading")),
        Paragraph(t("word.sentences", first=first, second=second)),
        Table("", columns, rows),
        *([Bullets(missing)] if missing else []),
    ]
