"""Where each number of a case comes from, what is said about it, and how far it may be off."""

import re
from pathlib import Path

import pytest

from advisor.catalog.hosted_prices import hosted_models, hosted_price, price_book
from advisor.core.records import Assumption
from advisor.scenario import QUESTIONS, Scenario
from advisor.text.i18n import Translator
from tests.cases import DAY, advice, catalog, preset

LIBRARY = Path(__file__).resolve().parents[2] / "advisor"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ZH = Translator("zh")
ARTICLES = ("article-000", "article-001", "article-003")
CASE = {"daily_requests": 5000, "quality_need": "high", "budget": 50_000, "currency": "USD"}


def rows_of(name: str, **changes: object) -> dict[str, Assumption]:
    return dict(advice(preset(name, **changes)).assessment.assumptions)


def row_of(name: str, **answers: object) -> Assumption:
    return advice(Scenario.from_answers({**CASE, **answers})).assessment.assumptions[name]


@pytest.mark.parametrize("name", ARTICLES)
def test_what_an_article_does_not_say_is_not_ascribed_to_it(name: str) -> None:
    rows = rows_of(name)
    for question in ("budget", "quality_need", *(["daily_requests"] if name != "article-001" else [])):
        source = rows[question].source
        assert source is not None
        assert (rows[question].kind, source.title) == ("judgement", "Judgement - ours, the article names none")
    source = rows["horizon_months"].source
    assert source is not None
    assert (rows["horizon_months"].kind, source.title[:7]) == ("published", "Article")


@pytest.mark.parametrize(
    ("name", "measured"),
    [
        ("chat", {"input_tokens", "output_tokens"}),
        ("code-completion", {"input_tokens", "output_tokens", "peak_factor"}),
    ],
)
def test_only_what_was_measured_is_called_so(name: str, measured: set[str]) -> None:
    of_preset = [row for row in rows_of(name).values() if row.set_by == "preset"]
    assert {row.id for row in of_preset if row.kind == "measured"} == measured
    for row in of_preset:
        assert row.source is not None
        assert row.source.title.startswith("Azure" if row.id in measured else "Illustrative case")


@pytest.mark.parametrize("name", sorted(catalog().presets))
def test_notes_and_our_own_titles_are_written_in_both_languages(name: str) -> None:
    for row in rows_of(name).values():
        if row.note:
            assert CHINESE.search(ZH.fact(row.note)), row.id
            assert not CHINESE.search(row.note), row.id
        if row.source and re.match("Judgement|Article 00|Calendar|Illustrative", row.source.title):
            assert CHINESE.search(ZH.fact(row.source.title)), row.id


def test_a_parameter_is_a_question_or_named_in_the_code() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in LIBRARY.rglob("*.py"))
    unasked = set(catalog().parameters) - set(QUESTIONS)
    assert {name for name in unasked if f'"{name}"' not in code} == set()
    requests = row_of("daily_requests")
    assert (requests.low, requests.high) == (2500, 10_000)


def test_a_batch_rate_nobody_publishes_is_no_published_zero() -> None:
    without = next(m for m in hosted_models(DAY) if hosted_price(m, DAY).batch_output_price is None)
    for name in ("batch_discount", "cached_batch_discount"):
        row = row_of(name, current_model=without)
        assert (row.value, row.kind) == (0, "judgement")
        assert row.note is not None
        assert "none is assumed" in row.note
    assert row_of("batch_discount", current_model="openai/gpt-6.1-terra").kind == "published"


def test_a_negotiated_discount_comes_off_every_list_price_of_the_vendor() -> None:
    """20 % off what is listed of today's vendor; a price that was entered stays, and so does another vendor's."""
    case = {"current_model": "openai/gpt-6.1-sol", "cache_hit_share": 0.5, "batch_share": 0.1}
    names = [f"current_{part}_price" for part in ("input", "cached_input", "cache_write", "output")]
    names += ["cheaper_input_price", "cheaper_output_price", "caching_write_price"]
    for name in names:
        listed = row_of(name, **case).value
        assert row_of(name, **case, list_price_discount=0.2).value == pytest.approx(0.8 * float(str(listed)))
    for name in ("batch_discount", "cached_batch_discount"):
        assert row_of(name, **case, list_price_discount=0.2).value == row_of(name, **case).value
    assert row_of("current_input_price", **case, list_price_discount=0.2, current_input_price=7).value == 7
    other = {**case, "cheaper_model": next(m for m in hosted_models(DAY) if not m.startswith("openai/"))}
    assert row_of("cheaper_input_price", **other, list_price_discount=0.2) == row_of("cheaper_input_price", **other)


USAGE = {"current_model": "openai/gpt-4o", "input_tokens": 2006, "output_tokens": 300}


def test_the_cached_share_of_a_usage_export_is_one_of_all_input_tokens() -> None:
    """95.7 % of 2,006 tokens at 1.25 a million, the rest at 2.5, and 300 at 10: 0.005615, with retries 0.00567."""
    found = advice(Scenario.from_answers({**CASE, **USAGE, "cached_input_share": 0.957})).assessment
    paid = (2006 * (0.957 * 1.25 + 0.043 * 2.5) + 300 * 10) / 1e6 * (1 + 0.01 + 0.01**2)
    assert found.metrics.current_cost_per_request == pytest.approx(paid)
    assert paid == pytest.approx(0.00567, abs=5e-6)
    assert "repeated_share_from_cache" in {notice.code for notice in found.assumptions.notices}


@pytest.mark.parametrize(
    ("share", "prompt", "answer", "prices"),
    [
        (0.62, 5_200, 180, (3.0, 0.3, 15.0)),
        ("81%", 900, 40, (0.25, 0.025, 2.0)),
        (1, 6_000, 1, (1.25, 0.125, 10.0)),
        (0.004, 1_000, 1_000, (2.5, 1.25, 10.0)),
    ],
)
def test_any_reported_cached_share_is_one_of_all_input_tokens(
    share: float | str, prompt: int, answer: int, prices: tuple[float, float, float]
) -> None:
    fresh, cached, written = prices
    answers = {
        **{"cached_input_share": share, "input_tokens": prompt, "output_tokens": answer, "retry_share": 0},
        **{"current_input_price": fresh, "current_cached_input_price": cached, "current_output_price": written},
        **{"current_cache_write_price": fresh},
    }
    part = float(str(share).rstrip("%")) / (100 if isinstance(share, str) else 1)
    found = advice(Scenario.from_answers({**CASE, **answers})).assessment
    paid = (prompt * (part * cached + (1 - part) * fresh) + answer * written) / 1e6
    assert found.metrics.current_cost_per_request == pytest.approx(paid)


@pytest.mark.parametrize(
    ("answers", "hits", "said"),
    [
        ({"static_prompt_share": 0.8}, 0.5, set()),
        ({"static_prompt_share": 0.8, "cache_hit_share": 0.5}, 0.5, set()),
        ({"static_prompt_share": 0.8, "cache_hit_share": 0.9}, 0.5, {"cached_shares_disagree"}),
        ({"static_prompt_share": 0.3}, 1.0, {"cached_share_above_repeated"}),
        ({"static_prompt_share": 0}, 0.0, {"cached_share_above_repeated"}),
    ],
)
def test_hits_follow_from_the_cached_share_of_all_input(answers: dict[str, float], hits: float, said: set[str]) -> None:
    """40 % of all input, of which the repeated share can be read from the cache."""
    found = advice(
        Scenario.from_answers({**CASE, **USAGE, "cached_input_share": 0.4, **answers})
    ).assessment.assumptions
    assert found["cache_hit_share"].value == pytest.approx(hits)
    assert found["static_prompt_share"].value == answers["static_prompt_share"]
    codes = {"cached_shares_disagree", "cached_share_above_repeated", "repeated_share_from_cache"}
    assert {notice.code for notice in found.notices} & codes == said


@pytest.mark.parametrize(("tokens", "near"), [(150_000, False), (200_000, True), (200_001, True), (300_000, False)])
def test_a_mean_prompt_near_a_long_context_tier_is_told(tokens: int, near: bool) -> None:
    """Gemini 2.5 Pro doubles above 200,000: half at 100,000 and half at 300,000 is a mean of 200,000."""
    found = advice(Scenario.from_answers({**CASE, "input_tokens": tokens, "current_model": "google/gemini-2.5-pro"}))
    codes = {notice.code for notice in found.assessment.assumptions.notices}
    assert ("near_long_prompt_tier" in codes) == near
    assert ("long_prompt_tier" in codes) == (tokens > 200_000)


def test_a_cached_price_nobody_publishes_is_the_input_price_by_judgement() -> None:
    without = next(m for m in hosted_models(DAY) if hosted_price(m, DAY).cached_input_price is None)
    row = row_of("current_cached_input_price", current_model=without, cache_hit_share=0.5)
    assert (row.value, row.kind) == (hosted_price(without, DAY).input_price, "judgement")
    assert row.note == price_book().gaps.cached_price


def test_without_a_cache_repeated_text_costs_what_new_text_costs() -> None:
    row = row_of("current_cache_write_price", cache_hit_share=0)
    assert (row.value, row.kind) == (1.0, "judgement")
    assert row.note == price_book().gaps.no_cache
    assert row_of("current_cache_write_price", cache_hit_share=0, current_input_price=7).value == 7
    used = row_of("current_cache_write_price", cache_hit_share=0.5)
    assert (used.value, used.kind, used.note) == (1.25, "published", None)


@pytest.mark.parametrize(
    ("name", "answer", "low", "high"),
    [
        ("volume_growth", 0.0, -0.4, 0.8),
        ("volume_growth", -0.5, -0.9, 0.3),
        ("hosting_price_decline", 0.9, 0.6, 0.99),
        ("discount_rate", 0.02, 0.0, 0.07),
        ("hourly_rate", 100.0, 50.0, 240.0),
        ("fallback_share", 0.0, 0.0, 0.0),
        ("fallback_share", 0.6, 0.24, 1.0),
        ("training_epochs", 6.0, 2.0, 10.0),
    ],
)
def test_an_answer_is_as_uncertain_as_the_default(name: str, answer: float, low: float, high: float) -> None:
    row = row_of(name, **{name: answer})
    assert row.plausible == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    ("name", "answer", "low", "high"),
    [
        ("hourly_rate", 100.0, 80.0, 120.0),
        ("static_prompt_share", 0.4, 0.32, 0.48),
        ("volume_growth", 0.0, -0.4, 0.8),
        ("peak_factor", 4.0, 3.2, 4.8),
    ],
)
def test_a_stated_number_is_drawn_near_it_but_nobody_knows_the_future(
    name: str, answer: float, low: float, high: float
) -> None:
    row = row_of(name, **{name: answer})
    assert (row.low, row.high) == (pytest.approx(low), pytest.approx(high))


def test_what_the_user_knows_of_a_number_takes_the_place_of_both() -> None:
    row = row_of("hourly_rate", hourly_rate=100.0, ranges={"hourly_rate": [95, 130]})
    assert (row.low, row.high, row.shape) == (95, 130, "three_point")
    beside = row_of("hourly_rate", hourly_rate=100.0, ranges={"hourly_rate": [110, 130]})
    assert (beside.low, beside.high) == (100, 130)


@pytest.mark.parametrize("currency", ["USD", "CNY"])
def test_a_rent_is_the_middle_offer_and_may_turn_out_otherwise(currency: str) -> None:
    row = row_of("serving_gpu_price", currency=currency, serving_gpu="a100-sxm-80gb")
    offers = [point.value for point in catalog().hourly_rentals("a100-sxm-80gb", DAY)]
    rate = 1.0 if currency == "USD" else float(catalog().exchange_rates[currency].values[-1].value)
    assert isinstance(row.value, float)
    assert (row.low, row.high) == (pytest.approx(0.6 * row.value), pytest.approx(1.6 * row.value))
    assert min(offers) * rate < row.value < max(offers) * rate
