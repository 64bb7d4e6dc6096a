"""What was measured is part of what is kept: estimate against actual comes back without the table of months."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.assumptions.given import read_case
from advisor.evidence.actual_months import read_actuals
from advisor.evidence.actuals import ActualsResult, compare_actuals
from advisor.evidence.kept_actuals import actuals_record, shown_again, with_actuals
from advisor.evidence.pilot import judge_pilot, read_pilot
from advisor.report import results as words
from advisor.report.build import build_report
from advisor.report.document import Document, Heading, Table
from advisor.report.keeping import content_of, file_of, report_in, report_of
from advisor.report.markdown import render_markdown
from advisor.report.text import render_text
from advisor.scenario import Scenario, dump_scenario, parse_scenario
from advisor.store import cases
from advisor.store.database import Store, open_store
from advisor.store.records import Revision, RevisionHead
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import DAY, advice, catalog, preset
from tests.store.made import actor

MONTHS = """month,requests,fallback_share,hosting_bill,api_bill,people_hours,other
0,,,,,180,6500
4,610000,14%,2150,640,9,0
6,655000,12%,2150,,7,0
"""


@pytest.fixture(scope="module")
def found() -> ActualsResult:
    return compare_actuals(read_actuals(MONTHS.encode(), "months.csv", "USD"), preset("extraction"), catalog(), DAY)


@pytest.fixture(scope="module")
def measured(found: ActualsResult) -> Scenario:
    """The case after its measured answers were taken over, with the comparison as it was before."""
    return with_actuals(preset("extraction").with_measured(found.records), actuals_record(found, DAY))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'cases.db'}")


@pytest.mark.parametrize("language", languages())
def test_what_is_shown_again_is_what_was_found(found: ActualsResult, language: str) -> None:
    t, again = Translator(language), shown_again(actuals_record(found, DAY))
    assert words.actuals_sentences(again, t) == words.actuals_sentences(found, t)
    assert words.bridge_table(again, t) == words.bridge_table(found, t)
    assert words.months_table(again, t) == words.months_table(found, t)
    assert again.notices == found.notices
    assert {notice.code for notice in again.notices} >= {"actuals_column_planned", "actuals_months_planned"}
    assert again.investment == found.investment == 180 * 50 + 6500


@pytest.mark.parametrize("language", languages())
def test_a_kept_case_that_is_opened_again_shows_estimate_against_actual(
    store: Store, measured: Scenario, found: ActualsResult, language: str
) -> None:
    t = Translator(language)
    content = content_of(advice(measured), catalog(), t)
    case_id = cases.create(store, actor(), "Triage", content, "three months later")
    revision = cases.revision(store, actor(), case_id)
    again, _ = read_case(revision.content.answers, catalog())
    assert again == measured
    assert again.actuals is not None
    assert words.months_table(shown_again(again.actuals), t) == words.months_table(found, t)
    kept = revision.content.evidence
    assert kept["actuals"]["months"][0]["planned_saving"] == round(found.months[0].planned_saving, 2)
    assert kept["daily_requests"]["file"] == "months.csv"
    printed = render_markdown(report_of(revision)).replace("\\", "")
    assert all(sentence in printed for sentence in words.actuals_sentences(found, t))


def test_the_estimate_stays_what_it_was_when_the_answers_were_taken_over(found: ActualsResult) -> None:
    taken = preset("extraction").with_measured(found.records)
    later = compare_actuals(read_actuals(MONTHS.encode(), "months.csv", "USD"), taken, catalog(), DAY)
    assert later.months[0].planned_requests != pytest.approx(found.months[0].planned_requests, rel=0.1)
    kept = with_actuals(taken, actuals_record(found, DAY)).actuals
    assert kept is not None
    assert kept.months[0].planned_requests == pytest.approx(found.months[0].planned_requests, abs=0.01)


BILLS = st.one_of(st.none(), st.sampled_from((0, 0.004, 1e12)), st.floats(0, 1e12))


@given(st.integers(0, 24), st.floats(0, 1e12), BILLS, BILLS, st.floats(-1e12, 1e12))
@settings(max_examples=40)
def test_whatever_the_months_say_can_be_kept_and_read_back(
    month: int, requests: float, hosting: float | None, api: float | None, other: float
) -> None:
    cells = ("" if cell is None else f"{cell:.4f}" for cell in (requests, hosting, api, other))
    content = f"month,requests,hosting_bill,api_bill,other\n{month},{','.join(cells)}\n"
    case = preset("extraction")
    found = compare_actuals(read_actuals(content.encode(), "months.csv", "USD"), case, catalog(), DAY)
    kept = with_actuals(case, actuals_record(found, DAY))
    assert parse_scenario(dump_scenario(kept)) == kept
    assert kept.actuals is not None
    assert words.bridge_table(shown_again(kept.actuals), Translator("en")) == words.bridge_table(
        found, Translator("en")
    )


def test_nothing_of_the_table_but_sums_is_kept(measured: Scenario) -> None:
    assert measured.actuals is not None
    whole = str(measured.actuals.model_dump())
    assert not any(bill in whole for bill in ("2150", "640", "6500"))


@pytest.mark.parametrize("language", languages())
def test_the_report_prints_the_comparison_and_nothing_without_one(measured: Scenario, language: str) -> None:
    t = Translator(language)

    def heads(document: Document) -> list[str]:
        return [block.text for block in document.blocks if isinstance(block, Heading)]

    with_it = build_report(advice(preset("extraction")), catalog(), t, about=measured)
    assert t("actuals.heading") in heads(with_it)
    assert t("actuals.heading") not in heads(build_report(advice(preset("extraction")), catalog(), t))
    captions = [block.caption for block in with_it.blocks if isinstance(block, Table)]
    assert {t("page.results.bridge"), t("page.results.months")} <= {*captions}
    assert t("actuals.heading") in render_text(advice(measured), t)


def test_the_answers_of_a_pilot_are_kept_with_their_record() -> None:
    case = preset("extraction")
    table = read_pilot(b"run,training_runs,engineer_hours,data_preparation_hours\n1,2,30,25\n", "pilot.csv")
    taken = case.with_measured(judge_pilot(table, case, catalog(), DAY).records)
    kept = content_of(advice(taken), catalog(), Translator("en"))
    assert kept.evidence.keys() == {*(taken.measured or {})} >= {"engineer_hours", "data_preparation_hours"}
    assert {record["file"] for record in kept.evidence.values()} == {"pilot.csv"}
    assert read_case(kept.answers, catalog())[0] == taken


def test_a_case_without_measured_answers_has_no_evidence() -> None:
    assert content_of(advice(preset("extraction")), catalog(), Translator("en")).evidence == {}


def test_the_report_is_kept_in_every_language_with_the_same_figures_and_a_link_of_its_own() -> None:
    link = "https://advisor.example.com/?case=0123@1&lang=en"
    content = content_of(advice(preset("extraction")), catalog(), Translator("en"), b"%PDF as it was", link=link)
    revision = Revision("id", RevisionHead(1, actor().at, "me", "", "", {}, "", ""), content)
    english, chinese = (report_of(revision, language) for language in ("en", "zh"))
    assert (english.language, chinese.language) == ("en", "zh")
    assert report_of(revision) == report_of(revision, "fr") == english
    assert [type(each) for each in english.blocks] == [type(each) for each in chinese.blocks]
    assert "lang=zh" in render_markdown(chinese)
    assert "lang=en" not in render_markdown(chinese)
    assert file_of(revision, ".pdf") == file_of(revision, ".pdf", "en") == b"%PDF as it was"
    assert file_of(revision, ".pdf", "zh") != b"%PDF as it was"
    before = Revision("id", revision.head, replace(content, report=report_in(revision)))
    assert report_of(before, "zh") == english
    assert file_of(before, ".pdf", "zh") == b"%PDF as it was"
