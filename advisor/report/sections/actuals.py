"""Estimate against actual: what the months after the launch cost and saved beside the plan, as the case keeps it."""

from advisor.evidence.kept_actuals import shown_again
from advisor.report import results as words
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Bullets, Column, Heading, Note, Table


def actuals_section(case: ReportedCase) -> list[Block]:
    """Nothing before anything was compared."""
    record, t = case.told.actuals, case.t
    if record is None:
        return []
    found = shown_again(record)
    about = t("actuals.from", date=t.date(record.compared_on), file=record.file, currency=record.currency)
    return [
        Heading(t("actuals.heading")),
        Note(about),
        Bullets((*words.actuals_sentences(found, t), *(case.notice(notice) for notice in found.notices))),
        _table(words.bridge_table(found, t), t("page.results.bridge")),
        *([_table(words.months_table(found, t), t("page.results.months"))] if found.months else []),
    ]


def _table(table: words.Table, caption: str) -> Table:
    """Figures to the right of what they are of."""
    heads, rows = table
    first, *others = heads
    return Table(caption, (Column(first, share=1.4), *(Column(head, "right") for head in others)), rows)
