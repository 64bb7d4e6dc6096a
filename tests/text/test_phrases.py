"""Results and faults as sentences: nothing missing, nothing left unsaid, the same in every language."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError, Issue, Notice
from advisor.core.records import METRICS
from advisor.decision.advice import Advice, advise, preset_scenario
from advisor.scenario import QUESTIONS, Scenario, parse_scenario
from advisor.text.headline_phrases import headline_cards, in_ten_text
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.memo_phrases import MemoCase, months_after, range_cards, step_rows
from advisor.text.phrases import (
    assumption_text,
    error_text,
    field_label,
    issue_text,
    item_text,
    metric_text,
    notice_text,
    source_text,
    verdict_sentence,
    without_unit,
)
from tests.text.catalogues import ON, by_key, items

CATALOG = load_catalog()
EN, ZH = Translator("en"), Translator("zh")
ENGLISH_WORDS = re.compile(r"\b(?:the|of|is|not|known|requests|months)\b")
SAMPLES: dict[str, object] = {
    "objective": "GRPO",
    **{"speed": 20.0, "size": "8.03"},
    **{"gpus": 2, "share": 2.94},
    **{"investment": 13240.0, "budget": 5000.0, "gap": 8240.0, "months": 7.53, "horizon": 24, "requests": 628.3},
    **{"verdict": "caution", "item": "fallback", "items": ("fallback", "electricity"), "month": 7, "count": 2},
    **{"questions": ("budget", "daily_requests"), "field": "card_price", "subject": "exchange_rate_CNY", "days": 196},
    **{
        "date": ON,
        "last": ON,
        "checked_on": ON,
        "effective_from": ON,
        "changes_on": ON,
        "gpu": "l4-24gb",
        "offers": 11,
        "seller": "Us",
    },
    **{"model": "openai/gpt-6", "currency": "JPY", "input_price": 0.1, "output_price": None},
    **{"long_tokens": 300000, "short_tokens": 100000, "counted_tokens": 250000, "answer_tokens": 622.4, "times": 7.364},
    **{"prompt_tokens": 300000, "above_tokens": 200000, "limit_days": 30, "examples": 60, "floor": 50},
    **{"monthly": 900.0, "worth": 4100.0, "cost": 2000.0, "money": 8200.0, "loss": 12000.0, "limit": 0.7},
    **{
        "middle_months": 8.1,
        "route": "OpenAI, gpt-4o",
        "option": "cheaper_model",
        "at": 1250.0,
        "counted": 1375.0,
        "low": 400.0,
        "high": 900.0,
    },
    **{"gates": ("moon",), "known": ("data", "release"), "action": "tune_now"},
    **{"licence": "MIT", "limits": "Ask before use."},
    **{"told": 2.0, "found": 3.6},
    **{"sellers": 2, "fewest": 3},
    **{"name": "hosting_bill", "names": "gpu, sequence_tokens"},
    **{"files": "january.csv", "rows": 12, "encoding": "GB18030"},
}
FAULTS: list[tuple[dict[str, object], str]] = [
    ({"daily_requests": -1}, "below_minimum"),
    ({"horizon_months": 500}, "above_maximum"),
    ({"training_gpus": 1.5}, "not_whole"),
    ({"hours_of_week": [1] * 23}, "hours_count"),
    ({"hours_of_week": [-1] * 24}, "hours_number"),
    ({"hours_of_week": [0] * 24}, "hours_all_zero"),
    ({"budget": "plenty"}, "not_a_number"),
    ({"budget": "nan"}, "nan"),
    ({"budget": "inf"}, "infinite"),
    ({"quality_need": "best"}, "unknown_choice"),
    ({"dayly_requests": 1}, "unknown_field_near"),
    ({"zzz": 1}, "unknown_field"),
    ({"title": "x" * 200}, "too_long"),
    ({"title": 5}, "not_a_text"),
    ({"exchange_rates": 5}, "not_a_table"),
    ({"exchange_rates": {"XYZ": 1}}, "unknown_currency"),
    ({"as_of": "tomorrow"}, "not_a_date"),
]
FILES = [
    (b"\xff\xfe\x00", "not_utf8"),
    (b"a: [1", "quote_in_yaml"),
    (b"? [a]: 1", "not_readable"),
    (b"- 1", "not_a_scenario"),
    (b"budget: 1\nbudget: 2", "written_twice"),
    (b"schema: 9", "other_schema"),
    (b"budget: 1", "missing"),
    (b"x" * 300_000, "file_too_large"),
]
NAMES = re.compile(r"\w+(?:_\w+)+")


def preset_advice(preset: str) -> Advice:
    return advise(preset_scenario(preset, CATALOG), CATALOG, ON)


def told(t: Translator, advice: Advice) -> list[str]:
    """Everything a renderer may say about a case, apart from the titles of sources."""
    a = advice.assessment
    currency = a.assumptions.currency
    texts = [notice_text(t, n, currency) for n in (*a.notices, *advice.recommendation.reasons)]
    if a.metrics:
        texts += [metric_text(t, a.metrics, name, currency) for name in METRICS]
    for row in a.assumptions.values():
        texts += [field_label(t, row.id), assumption_text(t, row, currency)]
    for option in (a.economics.baseline, a.economics.tuned) if a.economics else ():
        for item in option.line_items:
            flat = replace(item, unit_price=None if item.by_month else item.unit_price)
            texts += item_text(t, flat, float(np.mean(item.quantity)), currency)
    return texts


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("preset", CATALOG.presets)
def test_every_preset_can_be_read_aloud(preset: str, language: str) -> None:
    for text in told(Translator(language), preset_advice(preset)):
        assert text
        assert not re.search(r"[{}]|\bnan\b|\binf\b|None|True|False", text), text
        assert language == "en" or not ENGLISH_WORDS.search(text), text


@pytest.mark.parametrize("language", languages())
def test_every_notice_can_be_read_aloud(language: str) -> None:
    for key, entry in by_key(language).items():
        if key.startswith("notice."):
            params = {name: SAMPLES[name] for name in entry.placeholders}
            text = notice_text(Translator(language), Notice(key.removeprefix("notice."), "info", params), "USD")
            assert "{" not in text
            assert "个月 " not in text, text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("answers", "code"), FAULTS, ids=[code for _, code in FAULTS])
def test_a_faulty_answer_is_named_with_its_mend(answers: dict[str, object], code: str, language: str) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.from_answers(answers)
    (issue,) = caught.value.issues
    text = issue_text(Translator(language), issue)
    assert issue.code == code
    assert issue.field in text
    assert text.count("。" if language == "zh" else ". ") >= 1 or text.endswith(("?", "？"))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("content", "code"), FILES, ids=[code for _, code in FILES])
def test_a_faulty_file_is_named_with_its_mend(content: bytes, code: str, language: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_scenario(content)
    assert caught.value.issues[0].code == code
    text = error_text(Translator(language), caught.value)
    assert text.startswith(("The file", "File version", "文件")) or caught.value.issues[0].field in text
    assert len(text.splitlines()) == len(caught.value.issues)


def test_limits_of_a_share_are_told_as_percent() -> None:
    issue = Issue("fallback_share", "above_maximum", {"value": "1.5", "maximum": 1.0})
    assert issue_text(EN, issue).endswith("150% is above the largest allowed value, 100%. Enter a value up to 100%.")
    assert issue_text(ZH, issue).endswith("150% 超过允许的最大值 100%。请输入不大于 100% 的值。")


def test_a_limit_that_is_no_share_keeps_its_unit() -> None:
    issue = Issue("as_of", "below_minimum", {"value": "1999-01-01", "minimum": "2000-01-01"})
    assert "1999-01-01 is below the smallest allowed value, 2000-01-01" in issue_text(EN, issue)


def test_a_value_too_long_to_be_kept_whole_is_shown_as_it_is() -> None:
    issue = Issue("fallback_share", "above_maximum", {"value": "9" * 40 + "...", "maximum": 1.0})
    assert "9..." in issue_text(EN, issue)


def test_names_of_questions_and_exchange_rates() -> None:
    assert field_label(EN, "exchange_rate_CNY") == "CNY for one US dollar"
    assert field_label(ZH, "budget") == "预算"
    assert field_label(EN, "unheard_of") == "unheard_of"


def test_prices_in_a_notice_name_their_currency() -> None:
    params = {"model": "m", "changes_on": date(2027, 1, 1), "input_price": 2.5, "output_price": None, "month": 2}
    text = notice_text(EN, Notice("price_changes", "warning", params), "CNY")
    assert "$2.50 for a million prompt tokens, not known for" in text


@pytest.mark.parametrize(
    ("change", "name", "english", "chinese"),
    [
        (
            {"payback_months": None, "payback_status": "never"},
            "payback_months",
            "Not within the horizon",
            "测算期内不回本",
        ),
        ({"payback_months": 0.0, "payback_status": "immediate"}, "payback_months", "At once", "立即"),
        ({"payback_months": 3.0, "payback_status": "reversed_later"}, "payback_months", "3.0 months", "3.0 个月"),
        ({"steady_payback_months": None}, "steady_payback_months", "Never", "无法回本"),
        ({"irr": 0.5}, "irr", "50.0% a year", "每年 50.0%"),
        ({"irr": 25.0}, "irr", "Over 1,000% a year", "每年超过 1,000%"),
        ({"irr": None, "irr_status": "multiple"}, "irr", "No single rate", "不唯一"),
        ({"annual_roi": None}, "annual_roi", "No money spent", "没有投入"),
        ({"current_cost_per_request": None}, "current_cost_per_request", "No requests", "没有请求"),
        ({"break_even_requests": 628.398}, "break_even_requests", "629 requests a day", "629 次/天"),
        ({"break_even_requests": 629.0000001}, "break_even_requests", "629 requests a day", "629 次/天"),
        (
            {"break_even_requests": None, "break_even_status": "no_volume_breaks_even"},
            "break_even_requests",
            "At no volume",
            "任何请求量都不能保本",
        ),
    ],
)
def test_a_figure_without_a_number_says_why(change: dict[str, object], name: str, english: str, chinese: str) -> None:
    metrics = preset_advice("article-001").assessment.metrics
    assert metrics is not None
    changed = replace(metrics, **change)
    assert (metric_text(EN, changed, name, "USD"), metric_text(ZH, changed, name, "USD")) == (english, chinese)


def test_a_line_item_names_quantity_and_price_with_their_units() -> None:
    by_id = {item.id: item for item in items()}
    prompt = replace(by_id["current_answer"], quantity=220 / 1e6, unit_price=10.0)
    assert item_text(EN, prompt, prompt.quantity, "USD") == (
        "Answers of today's model",
        "220 tokens a request",
        "$10.00 per million tokens",
    )
    reserve = replace(by_id["contingency"], quantity=0.15, unit_price=11513.0)
    assert item_text(ZH, reserve, reserve.quantity, "USD") == ("预备费", "15%", "US$11,513")
    other = replace(by_id["other_one_time"], quantity=1.0, unit_price=4000.0)
    assert item_text(EN, other, other.quantity, "USD") == ("Other one-time costs", "1", "$4,000")
    unpriced = replace(prompt, unit_price=None)
    assert item_text(EN, unpriced, unpriced.quantity, "USD")[2] == "not known"


def test_the_source_of_a_number_is_named() -> None:
    answered = preset_scenario("article-001", CATALOG).with_(daily_requests=1234)
    rows = advise(answered, CATALOG, ON).assessment.assumptions
    assert source_text(EN, rows["daily_requests"]) == "Your own figure"
    assert source_text(EN, rows["hourly_rate"]).startswith("Article 001")
    assert source_text(ZH, rows["hourly_rate"]).startswith("文章 001")
    assert source_text(EN, rows["budget"]) == "Judgement - ours, the article names none"
    told = preset_scenario("extraction", CATALOG).with_(preset=None)
    followed = advise(told, CATALOG, ON).assessment.assumptions["example_tokens"]
    assert (followed.kind, source_text(EN, followed)) == ("yours", "Follows from your own figures")
    assert source_text(ZH, followed) == "由您填写的数字得出"


@pytest.mark.parametrize("language", languages())
def test_no_label_shows_the_name_of_a_field(language: str) -> None:
    for name in QUESTIONS:
        assert not NAMES.search(field_label(Translator(language), name))


@pytest.mark.parametrize("t", [EN, ZH])
def test_how_long_to_wait_is_the_limit_of_the_rules(t: Translator) -> None:
    """Sentence, step and table say the same number of months, whatever stands in the data."""
    limits = CATALOG.rules.limits.model_copy(update={"wait_months": 9.0})
    catalog = replace(CATALOG, rules=CATALOG.rules.model_copy(update={"limits": limits}))
    found = advise(preset_scenario("code-completion", catalog), catalog, ON)
    assert found.actions is not None
    assert found.actions["wait"].delay_months == 9
    waits = replace(found.recommendation, verdict="not_yet", again_in=9.0)
    assert t.months(9, 0) in verdict_sentence(t, waits)
    waits = replace(waits, next_steps=("recheck_later",))
    (step,) = step_rows(MemoCase(waits, found.assessment.assumptions, found.headline, found.actions, None, None), t)
    assert t.months(9, 0) in step.title
    assert t.date(months_after(ON, 9)) in step.title


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        ("20,000 requests a day", "80,000 requests a day", "20,000"),
        ("$0.18 per example", "$30.00 per example", "$0.18"),
        ("10% a year", "85% a year", "10%"),
        ("150 条样本", "15,000 条样本", "150"),
        ("US$25.00/小时", "US$120/小时", "US$25.00"),
        ("10 hours", "20 hours", "10"),
        ("1 hour", "3 hours", "1 hour"),
        ("40%", "90%", "40%"),
        ("每年 10%", "每年 85%", "每年 10%"),
        ("5", "15", "5"),
    ],
)
def test_a_range_says_its_unit_once(low: str, high: str, shown: str) -> None:
    assert without_unit(low, high) == shown


def test_a_payback_that_typically_never_comes_is_not_called_rare() -> None:
    """Where the middle is never back, more than the slowest tenth are not: the card names the fastest tenth alone."""
    found = advise(preset_scenario("customer-service", CATALOG), CATALOG, ON)
    assert found.headline is not None
    assert found.headline.payback.p50 is None
    assert found.headline.payback.p10 is not None
    for language in ("en", "zh"):
        t = Translator(language)
        (card, *_) = headline_cards(found.headline, found.assessment.assumptions, t)
        assert t("status.not_within_horizon") == card.value
        assert t.number(found.headline.payback.p10, 1) in card.small
        assert t.months(found.headline.horizon, 0) in card.small


@pytest.mark.parametrize("t", [EN, ZH])
def test_how_often_the_money_does_not_come_back_is_counted(t: Translator) -> None:
    """Not the slowest tenth alone: with 7 in 10 that work and 4 in 10 that pay, 4 in 10 of those that work do not."""
    answers = {"daily_requests": 95_000, "quality_need": "normal", "budget": 40_000}
    found = advise(Scenario.from_answers(answers), CATALOG, ON)
    told = found.headline
    assert told is not None
    assert told.payback.p50 is not None
    assert told.payback.p90 is None
    assert told.chance * (1 - told.unpaid_share) == pytest.approx(0.1 * told.chances_in_ten, abs=0.05)
    assert told.unpaid_share > 0.3
    (card, *_) = headline_cards(told, found.assessment.assumptions, t)
    assert in_ten_text(told.unpaid_share, t) in card.small
    memo = range_cards(told, found.assessment.assumptions, t)
    assert in_ten_text(told.unpaid_share, t) in memo[2].small


@pytest.mark.parametrize("t", [EN, ZH])
def test_what_exceeds_the_budget_does_not_read_as_the_budget_itself(t: Translator) -> None:
    """15,435 is 15,000 in a sentence, and so is the budget that it exceeds."""
    over = Notice("reason_budget_besides", "info", {"investment": 15435.0, "worth": 17795.0, "budget": 15000.0})
    assert "15,435" in notice_text(t, over, "USD")


@pytest.mark.parametrize("t", [EN, ZH])
@pytest.mark.parametrize(("share", "shown"), [(0.52, "52%"), (0.5034, "50.3%")])
def test_a_share_beyond_the_limit_does_not_read_as_the_limit(t: Translator, share: float, shown: str) -> None:
    """0.52 is 5 of 10, and so is the limit that it exceeds."""
    params = {"action": "tune_now", "money": 8900.0, "share": share, "limit": 0.5}
    assert shown in notice_text(t, Notice("reason_tolerance", "info", params), "USD")


@pytest.mark.parametrize("t", [EN, ZH])
def test_an_amount_far_from_the_budget_stays_rounded(t: Translator) -> None:
    over = Notice("reason_budget_besides", "info", {"investment": 18435.0, "worth": 19795.0, "budget": 15000.0})
    assert "18,435" not in notice_text(t, over, "USD")
