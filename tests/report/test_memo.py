"""The memo: one page, every amount from the advice's records, users' text as text, and nothing that print cannot do."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from itertools import combinations

import pytest
from pypdf import PageObject, PdfReader

from advisor.decision.advice import Advice, advise
from advisor.report.build import build_report
from advisor.report.case import ReportedCase, memo_of
from advisor.report.document import Column, Document, Heading, Particulars, Table
from advisor.report.markdown import render_markdown
from advisor.report.pdf import printable, render_pdf
from advisor.report.sections.decision import decision_section
from advisor.report.text import render_text
from advisor.scenario import LONGEST_NAME, Scenario, logo_text
from advisor.text.headline_phrases import headline_cards
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.memo_phrases import ask_of, months_after, range_cards, step_rows
from advisor.text.phrases import field_label, verdict_sentence
from tests import cases
from tests.cases import DAY, catalog
from tests.report.sample_document import sample
from tests.report.test_build import texts
from tests.report.test_pdf import squeezed
from tests.scenario.test_report_fields import ABOUT, GOOD

PRESETS = sorted(catalog().presets)
SHOWN = ("customer-service", "extraction", "article-001", "chat", "code-completion")
LINK = "https://advisor.example.com/?lang=en&preset=chat"
USUAL = {"prepared_for": "Group Finance Board, meeting of 4 December", "prepared_by": "Data & AI platform team"}
LONGEST = {"prepared_for": "W" * LONGEST_NAME, "prepared_by": "x y " * (LONGEST_NAME // 4)}
HOSTILE = '#panic("x") *b* $x^2$ #read("/etc/passwd") <script>alert(1)</script> [a](javascript:x) |'
OF_THE_SCREEN = re.compile(r"\b[Pp]ages? [A-Z“]|\bclick|\btap\b|”页|页面|点击")


def advice_of(name: str) -> Advice:
    return cases.advice(cases.preset(name))


@cache
def report_of(name: str, language: str) -> Document:
    return build_report(advice_of(name), catalog(), Translator(language))


def reported(name: str, language: str, about: Scenario | None = None, link: str = "") -> ReportedCase:
    return ReportedCase(advice_of(name), catalog(), Translator(language), about, link)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", PRESETS)
def test_it_is_one_page_with_names_a_logo_and_a_link(name: str, language: str) -> None:
    about = cases.preset(name).with_(**USUAL, company="Northwind Trading International", logo=logo_text(GOOD["png"]))
    assert len(memo_pages(name, language, about)) == 1


@pytest.mark.parametrize("language", languages())
def test_the_longest_names_are_printed_whole(language: str) -> None:
    about = cases.preset("chat").with_(**LONGEST, company="\u5fae" * LONGEST_NAME, title="T" * LONGEST_NAME)
    pages = memo_pages("chat", language, about)
    text = squeezed("".join(page.extract_text() for page in pages))
    assert len(pages) <= 2
    assert all(squeezed(name) in text for name in (*LONGEST.values(), "\u5fae" * LONGEST_NAME))


def memo_pages(name: str, language: str, about: Scenario) -> list[PageObject]:
    whole = build_report(advice_of(name), catalog(), Translator(language), about=about, link=LINK)
    memo = replace(whole, blocks=tuple(decision_section(reported(name, language, about, LINK))))
    return [*PdfReader(BytesIO(render_pdf(memo))).pages]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", PRESETS)
def test_every_amount_of_the_ask_is_one_of_the_records(name: str, language: str) -> None:
    t, advice = Translator(language), advice_of(name)
    case = reported(name, language).memo
    asked, currency = ask_of(case, t), advice.assessment.assumptions.currency
    assert advice.headline is not None
    assert advice.actions is not None
    known = [advice.headline.investment.p50, advice.actions.recommended.at_risk]
    if advice.first_test is not None:
        known += [advice.first_test.cost, advice.first_test.gain]
    for reason in advice.recommendation.reasons:
        known += [value for value in reason.params.values() if isinstance(value, float)]
    amounts = {t.prose_money(value, currency) for value in known if value is not None}
    assert {asked.now, asked.then} - {None} <= {*known, *(sum(pair) for pair in combinations(known, 2))}
    said = asked.sentence
    for amount in sorted(amounts, key=len, reverse=True):
        said = said.replace(amount, "")
    sentence = verdict_sentence(t, advice.recommendation)
    assert t.symbol(currency) not in said or asked.sentence == sentence
    if advice.first_test is not None:
        assert advice.first_test.model in asked.sentence
        instead = [r.params["cost"] for r in advice.recommendation.reasons if r.code == "reason_instead"]
        assert asked.now == advice.first_test.cost + sum(float(str(cost)) for cost in instead)


def test_a_test_before_finding_out_asks_for_both_amounts() -> None:
    answers = {"daily_requests": 80_000, "quality_need": "normal", "budget": 40_000, "volume_growth": 2.0}
    found = advise(Scenario.from_answers(answers), catalog(), DAY)
    assert (found.recommendation.verdict, found.first_test is not None) == ("look_up_first", True)
    asked = ask_of(memo_of(found), Translator("en"))
    assert found.first_test is not None
    assert found.actions is not None
    assert (asked.now, asked.then) == (found.first_test.cost, found.actions["look_up_first"].at_risk)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", PRESETS)
def test_the_ranges_are_those_of_the_headline(name: str, language: str) -> None:
    t, found = Translator(language), advice_of(name).headline
    assert found is not None
    a = advice_of(name).assessment.assumptions
    for card, figure in zip(range_cards(found, a, t), (found.investment, found.npv), strict=False):
        assert t.prose_money(figure.p10 or 0.0, a.currency) in card.value
        assert t.prose_money(figure.p90 or 0.0, a.currency) in card.value


def test_steps_have_the_costs_and_days_that_are_known_and_the_owners_that_are_named() -> None:
    owners = {"step.first_test": "Ada", "step.recheck": "Bo", "first_100": "a gate's"}
    about = cases.preset("article-001-today").with_(owners=owners)
    t, case = Translator("en"), reported("article-001-today", "en", about)
    table, _ = (b for b in decision_section(case) if isinstance(b, Table))  # the other is of the gates
    test = case.advice.first_test
    assert test is not None
    steps = [step.id for step in step_rows(case.memo, t)]
    assert steps[:3] == ["do_instead", "update_prices", "first_test"]  # what is proven already comes first
    assert (table.rows[2][1], table.rows[2][2]) == ("Ada", t.money(test.cost, "USD"))
    assert (table.rows[-1][1], table.rows[-1][3]) == ("Bo", t.date(months_after(DAY, 3)))
    assert t.date(months_after(DAY, 3)) in table.rows[-1][0]
    assert {row[1] for row in table.rows} == {"Ada", "Bo", ""}


def test_a_payback_that_most_never_see_is_not_told_as_missed_by_one_in_ten() -> None:
    found, t = advice_of("customer-service").headline, Translator("en")
    assert found is not None
    assert found.payback.p50 is None
    note = headline_cards(found, advice_of("customer-service").assessment.assumptions, t)[0].small
    assert "1 in 10 within" in note
    assert "not within" not in note


def steps_of(name: str, **answers: object) -> list[str]:
    advice = cases.advice(cases.preset(name, **answers))
    return [step.id for step in step_rows(ReportedCase(advice, catalog(), Translator("en")).memo, Translator("en"))]


def test_what_is_done_already_is_no_step_and_tuning_is_one_with_its_cost_where_it_is_advised() -> None:
    neither = {"gate_result": None, "evaluation_set": None, "daily_requests": 80_000}  # enough to tune
    assert {"pilot_small", "evaluation_set"} <= {*steps_of("extraction", **neither)}
    assert "evaluation_set" not in steps_of("extraction", **{**neither, "evaluation_set": "yes"})
    assert {"pilot_small", "evaluation_set", "recheck"} & {*steps_of("extraction")} == set()
    found = advice_of("extraction").headline
    assert found is not None
    (row,) = (each for each in step_rows(reported("extraction", "en").memo, Translator("en")) if each.id == "fine_tune")
    assert row.cost == found.investment.p50


@pytest.mark.parametrize("language", languages())
def test_the_facts_to_find_are_named_in_their_step(language: str) -> None:
    case = reported("article-001-extended", language)
    (table,) = (b for b in decision_section(case) if isinstance(b, Table))
    assert case.examined.facts
    assert all(field_label(case.t, fact.id) in table.rows[0][0] for fact in case.examined.facts)


def test_what_to_do_instead_costs_the_same_in_the_ask_in_the_reason_and_in_its_step() -> None:
    case, t = reported("customer-service", "en"), Translator("en")
    (cost,) = (r.params["cost"] for r in case.advice.recommendation.reasons if r.code == "reason_instead")
    assert case.advice.first_test is not None
    assert ask_of(case.memo, t).now == cost + case.advice.first_test.cost
    assert next(step.cost for step in step_rows(case.memo, t) if step.id == "do_instead") == cost


@pytest.mark.parametrize(
    ("day", "months", "later"), [("2026-11-30", 3, "2027-02-28"), ("2026-01-31", 12, "2027-01-31")]
)
def test_months_end_on_a_day_that_there_is(day: str, months: int, later: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(later)


@pytest.mark.parametrize("name", ["prepared_for", "prepared_by", "company"])
def test_what_a_user_writes_stays_text(name: str) -> None:
    about = cases.preset("chat").with_(**{name: HOSTILE})
    document = build_report(advice_of("chat"), catalog(), Translator("en"), about=about)
    pdf = render_pdf(document)
    assert squeezed(printable(HOSTILE)) in squeezed(PdfReader(BytesIO(pdf)).pages[0].extract_text())
    written = render_markdown(document)
    assert "<script" not in written.replace("\\<", "")
    assert "[a](" not in written.replace("\\[", "").replace("\\]", "")
    advice = replace(advice_of("chat"), scenario=about)
    assert HOSTILE in render_text(advice, Translator("en"))


def test_what_nobody_named_leaves_no_gap() -> None:
    named, plain = (
        next(b for b in decision_section(reported("chat", "en", about, link)) if isinstance(b, Particulars))
        for about, link in ((cases.preset("chat").with_(**ABOUT), LINK), (None, ""))
    )
    assert [item.value for item in named.items[:3]] == [*ABOUT.values()]
    assert [item.link for item in named.items if item.link] == [LINK]
    assert len(named.items) == len(plain.items) + 3
    assert all(item.value for item in (*named.items, *plain.items))


def test_the_version_tells_one_case_from_another_and_not_by_its_names() -> None:
    of = {
        "as it stands": reported("chat", "en").fingerprint,
        "named": reported("chat", "zh", cases.preset("chat").with_(**ABOUT)).fingerprint,
        "another": reported("chat", "en", cases.preset("chat").with_(budget=1)).fingerprint,
    }
    assert of["as it stands"] == of["named"] != of["another"]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", ["article-001-today", "classification"])
def test_a_no_is_said_once_below_its_label(name: str, language: str) -> None:
    """The ask begins with it: "No: keep today's setup"."""
    advice, t = advice_of(name), Translator(language)
    assert advice.recommendation.verdict == "no"
    assert ask_of(memo_of(advice), t).sentence != t("verdict.no.sentence")
    assert t("verdict.no.sentence") not in render_text(advice, t)
    assert t("verdict.no.sentence") not in [*texts(report_of(name, language))]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", PRESETS)
def test_print_sends_nobody_to_a_page_of_the_screen(name: str, language: str) -> None:
    assert [text for text in texts(report_of(name, language)) if OF_THE_SCREEN.search(text)] == []


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", SHOWN)
def test_no_page_ends_in_a_heading_a_caption_a_topic_or_a_table_head(name: str, language: str) -> None:
    document = report_of(name, language)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    titles = {squeezed(block.text) for block in document.blocks if isinstance(block, Heading)}
    titles |= {squeezed(table.caption) for table in tables} | {squeezed(topic) for t in tables for _, topic in t.topics}
    heads = {squeezed("".join(column.title for column in table.columns)) for table in tables}
    foot, pages = squeezed(document.footer), PdfReader(BytesIO(render_pdf(document))).pages
    for number, page in enumerate(pages, 1):
        label = squeezed(document.labels["page"].format(page=number, pages=len(pages)))
        lines = (squeezed(line) for line in page.extract_text().splitlines())
        body = [line for line in lines if line and line not in (foot, label, foot + label)]
        assert body[-1] not in titles | heads, f"page {number}"


def test_a_long_table_says_its_head_and_its_topic_again_on_every_page() -> None:
    rows = tuple((f"row {k}", "1") for k in range(150))
    ledger = Table("", (Column("Assumption"), Column("Value", "right")), rows, topics=((0, "First"), (70, "Second")))
    pages = PdfReader(BytesIO(render_pdf(replace(sample("en"), blocks=(ledger,))))).pages
    read = [page.extract_text() for page in pages]
    assert len(read) == 3
    assert all("Assumption" in text and ("First" in text or "Second" in text) for text in read)
