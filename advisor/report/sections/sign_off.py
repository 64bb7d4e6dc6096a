"""End of the decision memo: a line to sign, and on a page of its own what was decided at the stage gates so far."""

from advisor.costs.sign_off import SignOff, signed_gates
from advisor.report import sign_off as words
from advisor.report.case import ReportedCase
from advisor.report.document import Align, Approval, Block, Bullets, Column, Heading, PageBreak, Paragraph, Table

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
    """A line to sign, where something is asked for; the record of the gates, where there is one."""
    t, found = case.t, signed_gates(case.told, case.assumptions, case.catalog)
    lines = tuple(t(f"memo.approval.{line}") for line in SIGNED)
    asks = case.serves and (found is not None or case.advice.recommendation.verdict != "need_more_input")
    line: list[Block] = [Approval(words.approval_text(found, t), lines)] if asks else []
    return line if found is None else [*line, PageBreak(), *_record(found, case)]


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
