"""A report is handed out again exactly as it was, whatever the figures are by then."""

import json

import pytest

from advisor.report.build import build_report
from advisor.report.document import Document
from advisor.report.frozen import frozen, thawed
from advisor.report.keeping import content_of, report_of
from advisor.report.markdown import render_markdown
from advisor.scenario import parse_scenario
from advisor.store import cases
from advisor.store.database import open_store
from advisor.text.i18n import Translator
from tests.cases import advice, catalog, preset
from tests.report.sample_document import hostile, sample
from tests.store.made import actor


def again(value: object) -> object:
    return json.loads(json.dumps(value, allow_nan=False))


@pytest.mark.parametrize(("name", "language"), [("extraction", "en"), ("chat", "zh"), ("article-002", "zh")])
def test_a_document_comes_back_as_it_was(name: str, language: str) -> None:
    document = build_report(advice(preset(name)), catalog(), Translator(language))
    assert thawed(again(frozen(document))) == document
    assert render_markdown(thawed(again(frozen(document)))) == render_markdown(document)


@pytest.mark.parametrize(
    "document", [sample("en"), sample("zh"), hostile("\x00\ud800 {x} #let")], ids=["en", "zh", "hostile"]
)
def test_every_kind_of_block_and_any_text_comes_back(document: Document) -> None:
    assert thawed(again(frozen(document))) == document


def test_a_kept_report_does_not_follow_the_case(tmp_path) -> None:
    store, t = open_store(f"sqlite:///{tmp_path / 'cases.db'}"), Translator("zh")
    first = advice(preset("extraction"))
    document = build_report(first, catalog(), t)
    case_id = cases.create(store, actor(), "Extraction", content_of(first, catalog(), t, b"%PDF-1.7"))
    cases.save(store, actor(), case_id, 1, content_of(advice(preset("chat")), catalog(), t))
    found = cases.revision(store, actor(), case_id, 1)
    assert report_of(found) == document
    assert found.content.pdf == b"%PDF-1.7"
    assert parse_scenario(found.content.answers) == first.scenario
    store.close()
