"""What the report says: the engine's figures, every assumption, both languages, and nothing where nothing is known."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from advisor.core.records import Assumption
from advisor.decision.advice import Advice, advise, preset_scenario
from advisor.decision.examination import examine
from advisor.report.build import build_report
from advisor.report.case import FINGERPRINT
from advisor.report.document import (
    Approval,
    Bullets,
    Chart,
    Document,
    Heading,
    KeyFigures,
    PageBreak,
    Paragraph,
    Sources,
    Table,
    Verdict,
)
from advisor.report.markdown import render_markdown
from advisor.report.pdf import render_pdf
from advisor.report.sections.cash import SHOWN, periods
from advisor.scenario import GROUPS, QUESTIONS, Scenario
from advisor.text.headline_phrases import headline_cards
from advisor.text.i18n import Translator
from advisor.text.ladder_phrases import quick_rule_text
from advisor.text.memo_phrases import range_cards
from advisor.text.phrases import assumption_text, bill_money, field_label, metric_text, notice_text, without_unit
from tests import cases
from tests.cases import DAY as ON

CATALOG = cases.catalog()
PRESETS = sorted(CATALOG.presets)
SERVING = [name for name in PRESETS if cases.preset(name).daily_requests]
"""Presets with requests; of the others the report tells the cost alone."""
WORDS = {language: Translator(language) for language in ("en", "zh")}
GOLDEN = Path(__file__).parents[1] / "golden" / "reports"
NEEDS = {"daily_requests": 10_000, "quality_need": "normal", "budget": 5_000}
ENGLISH_SENTENCE = re.compile(r"[A-Za-z']+(?:,? [A-Za-z']+){4,}")
PAGES = range(3, 6)
"""Pages of the decision: the memo, the money, the alternatives, and one or two on what is not known."""
LONGEST_ANNEX = 8
COST_PAGES = 2


def advice_of(preset: str) -> Advice:
    return cases.advice(cases.preset(preset))


def advice_for(**answers: object) -> Advice:
    return advise(Scenario.from_answers({**NEEDS, **answers}), CATALOG, ON)


def report_of(advice: Advice, language: str = "en") -> Document:
    return _report(advice, language)


@cache
def _report(advice: Advice, language: str) -> Document:
    return build_report(advice, CATALOG, WORDS[language])


def table(document: Document, *titles: str) -> Table:
    """The one table with these columns among its own."""
    (found,) = (
        b for b in document.blocks if isinstance(b, Table) and set(titles) <= {column.title for column in b.columns}
    )
    return found


def by_topic(advice: Advice) -> list[Assumption]:
    """Every known assumption in the order of the questions' groups; what nobody is asked comes last."""
    known = [row for row in advice.assessment.assumptions.values() if row.value is not None]
    return sorted(known, key=lambda r: GROUPS.index(QUESTIONS[r.id].group) if r.id in QUESTIONS else len(GROUPS))


def texts(value: object) -> Iterator[str]:
    """Every string of a document except pictures."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            if name != "svg":
                yield from texts(getattr(value, name))


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("preset", SERVING)
def test_key_figures_are_those_told_everywhere_and_metrics_read_as_on_screen(preset: str, language: str) -> None:
    t, advice = WORDS[language], advice_of(preset)
    metrics, currency = advice.assessment.metrics, advice.assessment.assumptions.currency
    assert metrics is not None
    document = report_of(advice, language)
    rows = {row[0]: row[1] for row in table(document, t("report.column.meaning")).rows}
    assert rows == {t(f"metric.{name}.label"): metric_text(t, metrics, name, currency) for name in SHOWN}
    ranges, figures = (block for block in document.blocks if isinstance(block, KeyFigures))
    assert advice.headline is not None
    entered, a = CATALOG.presets[preset].article is not None, advice.assessment.assumptions
    cards = headline_cards(advice.headline, a, t, entered=entered)
    assert [(f.label, f.value, f.note) for f in figures.items] == [tuple(card) for card in cards[: len(figures.items)]]
    memo = range_cards(advice.headline, a, t) or headline_cards(advice.headline, a, t)
    assert [(f.label, f.value, f.note) for f in ranges.items] == [tuple(card) for card in memo]


@pytest.mark.parametrize("preset", SERVING)
def test_totals_are_the_engines(preset: str) -> None:
    t, advice = WORDS["en"], advice_of(preset)
    e, metrics = advice.assessment.economics, advice.assessment.metrics
    assert e is not None
    assert metrics is not None

    def money(value: object) -> str:
        return t.money(float(np.asarray(value)), advice.assessment.assumptions.currency)

    document = report_of(advice)
    assert table(document, t("report.column.share")).rows[-1][3] == money(metrics.investment)
    monthly = table(document, t("report.column.item"), t("report.column.tuned")).rows[-1]
    assert monthly[1:] == (money(e.baseline.steady_monthly_cost), money(e.tuned.steady_monthly_cost))
    each = [metrics.baseline_cost_per_request, metrics.tuned_cost_per_request]
    many = [bill_money(t, 1000 * cost, advice.assessment.assumptions.currency) for cost in each if cost is not None]
    told = " with the best alternative without tuning and ".join(many)
    assert told in table(document, t("report.column.item"), t("report.column.tuned")).note
    cash = table(document, t("report.column.cumulative")).rows
    once = float(e.baseline.one_time_cost)  # tuning pays it as well, as the months in CSV say too
    spent = once + metrics.investment + float(np.sum(e.tuned.monthly_cost))
    net = money(np.sum(e.cash_flows))
    whole = t.number(round(float(np.sum(e.monthly_requests))))
    assert cash[-1] == (t("report.total"), whole, money(once + np.sum(e.baseline.monthly_cost)), money(spent), net, net)
    assert ("once, which tuning pays as well" in table(document, t("report.column.cumulative")).note) == (once > 0)
    assert cash[0][-2:] == (money(e.cash_flows[0]),) * 2
    assert [row[-1] for row in cash[1:-1][:12]] == [money(x) for x in np.cumsum(e.cash_flows)[1:13]]


@pytest.mark.parametrize("changes", [{}, {"training_source": "own_card"}, {"rental_term": "month"}])
def test_ways_to_train_say_that_they_are_rented_by_the_hour_where_the_case_is_not(changes: dict[str, object]) -> None:
    """Beside a case with a GPU of its own stood two amounts for one run."""
    document = report_of(advise(cases.preset("extraction", **changes), CATALOG, ON))
    (ways,) = (b for b in document.blocks if isinstance(b, Table) and b.caption.startswith("Ways to train"))
    assert ("rented by the hour" in ways.note) == bool(changes)


def test_nothing_is_signed_where_more_answers_are_needed() -> None:
    advice = advice_for(serving_route="own_figure")
    assert advice.recommendation.verdict == "need_more_input"
    assert not any(isinstance(block, Approval) for block in report_of(advice).blocks)


def test_the_sale_of_own_gpus_is_told_and_never_called_zero() -> None:
    """It stands in no steady month, yet the last month rests on it."""
    advice, t = advise(cases.preset("extraction", serving_route="own_card"), CATALOG, ON), WORDS["en"]
    e = advice.assessment.economics
    assert e is not None
    (sale,) = (item for item in e.tuned.line_items if item.id == "card_sale")
    income = -float(np.asarray(sale.cost)[-1])
    said = f"In month {len(e.months)}, the last, the GPUs bought are counted as sold for {t.money(income, 'USD')}"
    document = report_of(advice)
    assert said in next(b.text for b in document.blocks if isinstance(b, Paragraph) and b.text.startswith("Break-even"))
    assert said in table(document, t("report.column.cumulative")).note
    assert t("item.card_sale") not in table(document, t("report.column.item"), t("report.column.tuned")).note


@pytest.mark.parametrize("horizon", [1, 11, 12, 13, 24, 36, 37, 60, 119, 120])
def test_rows_of_the_cash_table_cover_every_month_once(horizon: int) -> None:
    rows = periods(horizon)
    assert [month for first, last in rows for month in range(first, last + 1)] == list(range(1, horizon + 1))
    assert len(rows) <= 27
    assert all(first == last for first, last in rows[:12])


def value_of(row: Assumption, currency: str, t: Translator, ranges: Mapping[str, tuple[float, float]] | None) -> str:
    if row.id in {"training_gpu", "serving_gpu"}:
        return CATALOG.gpu(str(row.value)).short_name
    if row.id in (ranges or {}):
        low, high = (t.value(end, row.unit, currency) for end in (ranges or {})[row.id])
        return t("report.ledger.range", value=assumption_text(t, row, currency), low=without_unit(low, high), high=high)
    return CATALOG.model(str(row.value)).name if row.id == "open_model" else assumption_text(t, row, currency)


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("preset", PRESETS)
def test_the_ledger_has_every_known_assumption(preset: str, language: str) -> None:
    t, advice = WORDS[language], advice_of(preset)
    a = advice.assessment.assumptions
    rows = table(report_of(advice, language), t("report.column.assumption")).rows
    known, ranges = by_topic(advice), advice.scenario.ranges
    assert [row[:4] for row in rows] == [
        (field_label(t, r.id), value_of(r, a.currency, t, ranges), t(f"kind.{r.kind}"), t(f"set_by.{r.set_by}"))
        for r in known
    ]
    for row, assumption in zip(rows, known, strict=True):
        assert assumption.source is not None
        assert re.fullmatch(r"\[\d+\]", row[4])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row[5])


@pytest.mark.parametrize(
    ("language", "said"), [("en", "(20,000 to 90,000 requests a day)"), ("zh", "（20,000 至 90,000 次/天）")]
)
def test_a_range_that_was_told_stands_beside_its_number(language: str, said: str) -> None:
    """The odds rest on it, and nothing else in the report says that it is the reader's."""
    told, t = cases.preset("article-004", ranges={"daily_requests": [20_000, 90_000]}), WORDS[language]
    rows = table(report_of(advise(told, CATALOG, ON), language), t("report.column.assumption")).rows
    assert said in next(row[1] for row in rows if row[0] == t("field.daily_requests.label"))


def test_every_source_is_named_once_under_its_number() -> None:
    t, advice = WORDS["en"], advice_of("article-001-today")
    (sources,) = (block.items for block in report_of(advice).blocks if isinstance(block, Sources))
    assert len(set(sources)) == len(sources)
    rows = table(report_of(advice), t("report.column.assumption")).rows
    numbers = set()
    for row, assumption in zip(rows, by_topic(advice), strict=True):
        assert assumption.source is not None
        number = int(row[4].strip("[]"))
        assert sources[number - 1].startswith(assumption.source.title)
        numbers.add(number)
    assert numbers == set(range(1, len(sources) + 1))


@pytest.mark.parametrize("language", WORDS)
def test_the_ledger_is_grouped_by_topic(language: str) -> None:
    t, advice = WORDS[language], advice_of("extraction")
    ledger = table(report_of(advice, language), t("report.column.assumption"))
    known = by_topic(advice)
    titles = [t(f"group.{QUESTIONS[r.id].group}.title") if r.id in QUESTIONS else t("report.topic.rest") for r in known]
    firsts = [k for k, title in enumerate(titles) if k == 0 or titles[k - 1] != title]
    assert ledger.topics == tuple((k, titles[k]) for k in firsts)
    assert len({title for _, title in ledger.topics}) == len(ledger.topics)


def test_own_figures_are_marked_and_cite_nobody() -> None:
    advice = advice_for(hourly_rate=99, title="Ours")
    rows = {row[0]: row for row in table(report_of(advice), WORDS["en"]("report.column.assumption")).rows}
    marked = {row[0] for row in rows.values() if row[4] == WORDS["en"]("report.own_mark")}
    own = {r.id for r in advice.assessment.assumptions.values() if r.set_by == "user"}
    assert own == {*NEEDS, "hourly_rate"}
    assert marked == {field_label(WORDS["en"], name) for name in own}


def test_what_follows_from_own_figures_alone_is_marked_as_they_are() -> None:
    ledger = table(report_of(advice_for(input_tokens=3200, output_tokens=260)), WORDS["en"]("report.column.assumption"))
    marks = {row[0]: row[4] for row in ledger.rows}
    assert "" not in marks.values()
    assert marks["Measured prompt length"] == marks["Prompt length"] == WORDS["en"]("report.own_mark")


@pytest.mark.parametrize("preset", PRESETS)
def test_the_chinese_report_has_no_english_sentence(preset: str) -> None:
    document = report_of(advice_of(preset), "zh")
    (sources,) = (b.items for b in document.blocks if isinstance(b, Sources))
    assert [s for s in texts(document) if s not in sources and ENGLISH_SENTENCE.search(s)] == []


@pytest.mark.parametrize("language", WORDS)
def test_without_a_price_the_report_is_short_and_invents_nothing(language: str) -> None:
    t, advice = WORDS[language], advice_for(serving_route="own_figure")
    assert advice.assessment.economics is None
    document = report_of(advice, language)
    assert not any(isinstance(block, KeyFigures | Chart) for block in document.blocks)
    assert len([block for block in document.blocks if isinstance(block, Table)]) == 2  # next steps, ledger
    bullets = [item for block in document.blocks if isinstance(block, Bullets) for item in block.items]
    assert t("report.unknown.economics") in bullets
    missing = next(n for n in advice.assessment.notices if n.code == "price_missing")
    assert notice_text(t, missing, "USD") in bullets


def test_with_nothing_answered_there_is_still_a_report() -> None:
    advice = advise(Scenario.from_answers({}), CATALOG, ON)
    document = report_of(advice)
    (verdict,) = (block for block in document.blocks if isinstance(block, Verdict))
    assert verdict.tone == "unknown"
    assert document.title == WORDS["en"]("report.title")


@pytest.mark.parametrize(
    "answers",
    [
        {"daily_requests": 0},
        {"horizon_months": 1},
        {"horizon_months": 120, "daily_requests": 50_000},
        {"daily_requests": 1e9, "currency": "JPY"},
        {"engineer_hours": 0, "data_preparation_hours": 0, "bought_examples": 0, "evaluation_items": 0},
        {"budget": None, "quality_need": None},
    ],
    ids=str,
)
def test_unusual_cases_have_a_report(answers: dict[str, object]) -> None:
    advice = advice_for(**answers)
    for language in WORDS:
        assert not re.search(r"\b(?:nan|inf|None)\b", render_markdown(report_of(advice, language)))


def test_a_hostile_title_stays_text() -> None:
    title = "=cmd|' /C calc'!A0 <script>alert(1)</script> #panic(\"x\") $x^2$ {title}"
    document = report_of(advice_for(title=title))
    assert document.title == title
    assert render_pdf(document).startswith(b"%PDF-")


def test_the_title_of_a_preset_speaks_the_readers_language() -> None:
    advice = advice_of("article-001")
    assert report_of(advice, "zh").title == WORDS["zh"].fact(CATALOG.preset("article-001").title)
    renamed = replace(advice, scenario=advice.scenario.with_(title="Ours"))
    assert report_of(renamed, "zh").title == "Ours"


def test_the_report_names_its_day_its_versions_and_that_it_estimates() -> None:
    document = report_of(advice_of("article-001"))
    assert WORDS["en"].date(ON) in document.subtitle
    assert "USD" in document.subtitle
    assert CATALOG.version in document.footer
    assert "estimates" in document.footer
    assert "{page}" in document.labels["page"]
    assert "{pages}" in document.labels["page"]


@pytest.mark.parametrize("language", WORDS)
def test_edited_limits_are_stamped(language: str) -> None:
    t, first = WORDS[language], CATALOG.rules.bands[0]
    bands = (first.model_copy(update={"below_months": 3.0}), *CATALOG.rules.bands[1:])
    catalog = replace(CATALOG, rules=CATALOG.rules.model_copy(update={"bands": bands}))
    document = build_report(advise(preset_scenario("article-001", catalog), catalog, ON), catalog, t)
    said = list(texts(document))
    assert t("notice.limits_edited") in said


def test_the_quick_rule_is_joined_to_the_verdict_and_the_calculator_is_a_note() -> None:
    advice, t = advice_of("article-001-today"), WORDS["en"]
    said, found = list(texts(report_of(advice))), advice.recommendation
    joined = quick_rule_text(found.matrix, examine(advice, CATALOG).ladder, t)
    assert "quick rule says" in joined
    assert joined in said
    assert t("quick_rule.calculator", verdict=t(f"verdict.{found.calculator}.label")) in said


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("preset", PRESETS)
def test_the_decision_takes_three_to_five_pages_and_annexes_follow(preset: str, language: str) -> None:
    document = report_of(advice_of(preset), language)
    annex = document.blocks.index(Heading(WORDS[language]("report.heading.ledger")))
    assert isinstance(document.blocks[annex - 1], PageBreak)
    decision = replace(document, blocks=document.blocks[: annex - 1])
    pages = PAGES if preset in SERVING else (COST_PAGES,)
    assert len(PdfReader(BytesIO(render_pdf(decision))).pages) in pages
    assert len(PdfReader(BytesIO(render_pdf(document))).pages) <= PAGES[-1] + LONGEST_ANNEX


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("preset", [name for name in PRESETS if name not in SERVING])
def test_without_requests_the_report_tells_the_cost_and_neither_odds_nor_payback(preset: str, language: str) -> None:
    t, advice = WORDS[language], advice_of(preset)
    assert advice.assessment.metrics is not None
    document = report_of(advice, language)
    once = table(document, t("report.column.share"))
    assert once.rows[-1][3] == t.money(advice.assessment.metrics.investment, advice.assessment.assumptions.currency)
    assert not any(isinstance(block, Chart | Approval) for block in document.blocks)
    assert len([block for block in document.blocks if isinstance(block, KeyFigures)]) == 1
    said = set(texts(document))
    assert not said & {t("memo.asked"), t("metric.payback_months.label"), t("status.never"), t("status.no_requests")}
    assert not [text for text in said if t("chance.none", horizon="") in text]


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("preset", ["article-001", "article-001-today"])
def test_the_whole_text_is_as_agreed(preset: str, language: str, request: pytest.FixtureRequest) -> None:
    """After an intended change: ``pytest --update-golden``, then read the difference."""
    text = render_markdown(report_of(advice_of(preset), language))
    text = text.replace(CATALOG.version, "(version)").replace(CATALOG.version[:FINGERPRINT], "(version)")
    path = GOLDEN / f"{preset}-{language}.md"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")
