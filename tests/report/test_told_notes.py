"""What somebody told about a number stands by it in the ledger, and in the frozen report."""

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from advisor.report.build import build_report
from advisor.report.document import Document, Table
from advisor.report.frozen import frozen, thawed
from advisor.report.pdf import render_pdf
from advisor.report.sections.ledger import note_rows
from advisor.store.records import CaseNote
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import DAY, advice, catalog, preset

AT = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)


def note(assumption: str, text: str, told_by: str = "") -> CaseNote:
    return CaseNote(text, assumption, text, told_by, AT, "local")


NOTES = (
    note("ops_hours", "two people, a day a week", "Kim, operations"),
    note("daily_requests", "counted in the gateway = October", "Lee"),
    note("gone_number", "of a release before"),
)


def report(language: str, notes: tuple[CaseNote, ...] = NOTES) -> Document:
    return build_report(advice(preset("extraction")), catalog(), Translator(language), notes=notes)


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def test_notes_stand_in_the_order_of_the_questions_and_none_is_left_out() -> None:
    t = Translator("en")
    names = [row[0] for row in note_rows(NOTES, t)]
    assert names == [t("field.daily_requests.label"), t("field.ops_hours.label"), "gone_number"]


@pytest.mark.parametrize("language", languages())
def test_the_ledger_marks_the_number_and_says_who_told_it(language: str) -> None:
    t, found = Translator(language), report(language)
    marked = t("told.marked", name=t("field.ops_hours.label"), mark=t("told.mark"))
    assert any(row[0] == marked for table in tables(found) for row in table.rows)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(render_pdf(found))).pages)
    for said in ("two people, a day a week", "Kim, operations", t("told.heading")):
        assert said.replace(" ", "") in text.replace(" ", "").replace("\n", "")


def test_the_frozen_report_has_them() -> None:
    found = report("en")
    again = thawed(json.loads(json.dumps(frozen(found))))
    assert again == found
    assert any("Lee" in row for table in tables(again) for row in table.rows)


def test_without_notes_the_report_is_as_before() -> None:
    t = Translator("en")
    found = report("en", ())
    assert not any(t("told.mark") in cell for table in tables(found) for row in table.rows for cell in row)
