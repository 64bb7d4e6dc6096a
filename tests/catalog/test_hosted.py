"""The traps of the published price data, each with a real model, and the record of its release."""

from dataclasses import replace
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from advisor.catalog import hosted_prices
from advisor.catalog.hosted_names import in_a_sentence, models_called
from advisor.catalog.hosted_prices import hosted_models, hosted_price, notices_for, priced_model
from advisor.core.notices import DataError, UnknownId

TODAY = date(2026, 11, 20)
ROOT = Path(__file__).resolve().parents[2]


def codes(price: hosted_prices.HostedPrice, on: date = TODAY, stale_after_days: int = 90) -> set[str]:
    return {notice.code for notice in notices_for(price, on, stale_after_days, 0.2)}


def test_a_plain_price() -> None:
    price = hosted_price("openai/gpt-6.1-terra", TODAY)
    assert (price.name, price.provider) == ("GPT-6.1 Terra", "OpenAI")
    assert (price.input_price, price.cached_input_price, price.cache_write_price) == (1.0, 0.05, 1.25)
    assert (price.output_price, price.batch_input_price, price.batch_output_price) == (5.0, 0.5, 2.5)
    assert codes(price) == set()


class TestBatch:
    def test_no_rate_before_the_day_it_was_recorded(self) -> None:
        before = hosted_price("openai/gpt-4.1-mini", date(2026, 10, 13))
        after = hosted_price("openai/gpt-4.1-mini", date(2026, 10, 14))
        assert (before.batch_input_price, before.batch_output_price) == (None, None)
        assert (after.batch_input_price, after.batch_output_price) == (0.2, 0.8)
        assert "batch_rate_unknown" in codes(before)
        assert "batch_rate_unknown" not in codes(after)

    def test_no_rate_is_not_the_standard_rate(self) -> None:
        price = hosted_price("google/gemini-3.7-flash", TODAY)
        assert price.input_price == 0.75
        assert price.batch_input_price is None
        assert "batch_rate_unknown" in codes(price)

    def test_a_batch_record_without_prices_is_no_rate(self) -> None:
        assert hosted_price("openai/gpt-3.5-turbo-1106", TODAY).batch_input_price is None

    def test_other_service_tiers_are_not_batch(self) -> None:
        assert hosted_price("openai/gpt-5.3-codex", TODAY).batch_input_price is None

    def test_a_later_batch_rate_takes_over(self) -> None:
        assert hosted_price("google/gemini-4-argon", date(2026, 11, 30)).batch_input_price == 1.0
        assert hosted_price("google/gemini-4-argon", date(2026, 12, 1)).batch_input_price == 2.0

    def test_batch_costs_no_more_than_standard(self) -> None:
        for model_id in hosted_models(TODAY):
            for prompt_tokens in (0, 1_000_000):
                price = hosted_price(model_id, TODAY, prompt_tokens)
                if price.batch_input_price is not None and price.input_price is not None:
                    assert price.batch_input_price <= price.input_price, model_id


class TestDates:
    def test_both_sides_of_a_start_date(self) -> None:
        before = hosted_price("openai/gpt-5.6-luna", date(2026, 7, 29))
        after = hosted_price("openai/gpt-5.6-luna", date(2026, 7, 30))
        assert (before.input_price, before.effective_from) == (1.0, None)
        assert [(day, price.input_price) for day, price in before.announced] == [(date(2026, 7, 30), 0.2)]
        assert (after.input_price, after.effective_from, after.announced) == (0.2, date(2026, 7, 30), ())

    def test_a_known_future_price_is_announced(self) -> None:
        price = hosted_price("google/gemini-4-argon", TODAY)
        ((day, later),) = price.announced
        assert (price.input_price, price.output_price, price.batch_input_price) == (2.0, 10.0, 1.0)
        assert day == date(2026, 12, 1)
        assert (later.input_price, later.output_price, later.batch_input_price) == (4.0, 20.0, 2.0)

    def test_a_rate_that_has_not_begun(self) -> None:
        price = replace(hosted_price("openai/gpt-4.1", TODAY), effective_from=TODAY + timedelta(days=1))
        assert "price_from_future" in codes(price)

    def test_a_rate_without_a_date_says_little_about_years_before_it_was_seen(self) -> None:
        price = hosted_price("openai/gpt-6.1-terra", TODAY)
        assert price.effective_from is None
        seen = price.checked_on
        assert "price_not_dated" not in codes(price, seen - timedelta(days=365))
        assert "price_not_dated" in codes(price, seen - timedelta(days=366))
        dated = replace(price, effective_from=date(2020, 1, 1))
        assert "price_not_dated" not in codes(dated, date(2021, 1, 1))


class TestHours:
    def test_the_dearer_rate(self) -> None:
        price = hosted_price("deepseek/deepseek-flash", TODAY)
        assert (price.input_price, price.cached_input_price, price.output_price) == (0.3, 0.006, 1.2)
        assert price.varies_by_hour
        assert "price_varies_by_hour" in codes(price)

    def test_peak_hours_do_not_reach_back_before_the_rate_they_belong_to(self) -> None:
        before = hosted_price("deepseek/deepseek-v4-pro", date(2026, 8, 16))
        after = hosted_price("deepseek/deepseek-v4-pro", date(2026, 8, 17))
        assert (before.input_price, before.varies_by_hour) == (0.435, False)
        assert (after.input_price, after.varies_by_hour) == (1.32, True)


class TestPromptLength:
    @pytest.mark.parametrize(
        ("prompt_tokens", "input_price", "output_price"),
        [(0, 1.0, 5.0), (271_999, 1.0, 5.0), (272_000, 1.0, 5.0), (272_001, 2.0, 7.5)],
    )
    def test_both_sides_of_a_tier(self, prompt_tokens: int, input_price: float, output_price: float) -> None:
        price = hosted_price("openai/gpt-6.1-terra", TODAY, prompt_tokens)
        assert price.long_prompt_above == 272_000
        assert (price.input_price, price.output_price) == (input_price, output_price)
        assert ("long_prompt_tier" in codes(price)) == (prompt_tokens > 272_000)

    def test_cached_and_batch_rates_follow_the_tier(self) -> None:
        price = hosted_price("anthropic/claude-haiku-5-5", TODAY, 100_001)
        assert (price.cached_input_price, price.batch_input_price, price.batch_output_price) == (0.05, 0.25, 1.25)

    def test_no_tier(self) -> None:
        price = hosted_price("openai/gpt-4.1-mini", TODAY, 900_000)
        assert price.long_prompt_above is None
        assert "long_prompt_tier" not in codes(price)


class TestNames:
    def test_an_unknown_model_names_its_neighbours(self) -> None:
        with pytest.raises(UnknownId) as caught:
            hosted_price("openai/gpt-6.1-tera", TODAY)
        assert caught.value.kind == "hosted model"
        assert caught.value.near[0] == "openai/gpt-6.1-terra"

    @pytest.mark.parametrize(
        "model_id",
        [
            "openai/gpt-4o-mini-2024-07-18",  # the package would match the prefix
            "azure/gpt-4.1",  # the package would answer with OpenAI's price
            "gpt-4.1",
            "nobody/gpt-4.1",
            "",
        ],
    )
    def test_only_exact_ids(self, model_id: str) -> None:
        with pytest.raises(UnknownId):
            hosted_price(model_id, TODAY)

    def test_a_fine_tuned_name_needs_its_provider(self) -> None:
        price = hosted_price("openai/ft:gpt-4o-mini-2024-07-18:acme::abc123", TODAY)
        assert price.model_id == "openai/ft:gpt-4o-mini"
        assert (price.input_price, price.output_price) == (0.3, 1.2)
        with pytest.raises(UnknownId):
            hosted_price("ft:gpt-4o-mini-2024-07-18:acme::abc123", TODAY)

    def test_a_fine_tuned_name_never_gets_the_base_price(self) -> None:
        for name in ("ft:gpt-4.1-mini-2025-04-14:acme::abc123", "ft:gpt-4-0613:acme::abc123"):
            with pytest.raises(UnknownId):
                hosted_price(f"openai/{name}", TODAY)


def test_a_model_without_token_prices_says_so() -> None:
    price = hosted_price("openai/gpt-transcribe", TODAY)
    assert (price.input_price, price.output_price) == (None, None)
    assert "token_price_unknown" in codes(price)


def test_a_model_without_a_cache_price_says_so() -> None:
    price = hosted_price("together/Qwen/Qwen3.5-9B", TODAY)
    assert price.cached_input_price is None
    assert "cache_rate_unknown" in codes(price)


def test_a_deprecated_model_says_so() -> None:
    price = hosted_price("google/gemini-2.0-flash", TODAY)
    assert price.deprecated
    assert "deprecated_model" in codes(price)


def test_prices_grow_stale() -> None:
    price = hosted_price("openai/gpt-4.1", TODAY)
    last_fresh_day = price.checked_on + timedelta(days=90)
    assert "price_stale" not in codes(price, last_fresh_day)
    (notice,) = notices_for(price, last_fresh_day + timedelta(days=1), 90, 0.2)
    assert (notice.code, notice.severity) == ("price_stale", "warning")
    told = {"model": "openai/gpt-4.1", "days": 91, "checked_on": price.checked_on}
    assert notice.params == told


class TestOffered:
    def test_every_offered_model_is_usable(self) -> None:
        lines = [(p, steps) for p, own in hosted_prices.price_book().offered.items() for steps in own.values()]
        offered = [f"{p}/{model}" for p, steps in lines for step in steps for model in step]
        assert offered
        assert len(offered) == len({*offered})
        assert {*hosted_models(TODAY)} == {*offered}

    def test_sorted_and_stable_over_time(self) -> None:
        models = hosted_models(TODAY)
        assert list(models) == sorted(models)
        assert hosted_models(TODAY + timedelta(days=400)) == models

    def test_no_free_or_fine_tuned_names(self) -> None:
        assert not [m for m in hosted_models(TODAY) if ":free" in m or "/ft:" in m]

    def test_every_offered_price_is_positive_and_cached_input_is_no_dearer(self) -> None:
        for model_id in hosted_models(TODAY):
            price = hosted_price(model_id, TODAY)
            assert price.input_price is not None
            assert price.output_price is not None
            assert 0 < price.input_price <= price.output_price, model_id
            assert (price.cached_input_price or 0) <= price.input_price, model_id


class TestRelease:
    def test_the_recorded_release_is_the_installed_and_the_pinned_one(self) -> None:
        recorded = hosted_prices.price_book().version
        assert version("genai-prices") == recorded
        assert f'"genai-prices=={recorded}",' in (ROOT / "pyproject.toml").read_text()
        assert f"\ngenai-prices=={recorded} " in (ROOT / "requirements.txt").read_text()

    def test_the_recorded_date_is_the_newest_in_the_data(self) -> None:
        retrieved = hosted_prices.price_book().source.retrieved
        starts = {
            entry.constraint.start_date
            for _, model in hosted_prices._models().values()
            if isinstance(model.prices, list)
            for entry in model.prices
            if hasattr(entry.constraint, "start_date")
        }
        assert hosted_prices.price_book_date() == max(start for start in starts if start <= retrieved)

    def test_another_release_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hosted_prices, "version", lambda package: "9.9.9")
        hosted_prices.price_book.cache_clear()
        try:
            with pytest.raises(DataError, match="is installed"):
                hosted_prices.price_book()
        finally:
            hosted_prices.price_book.cache_clear()

    def test_a_wrong_field_is_named(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        broken = tmp_path / "hosted.yaml"
        broken.write_text(hosted_prices.PRICE_BOOK_FILE.read_text().replace("data_up_to:", "data_until:"))
        monkeypatch.setattr(hosted_prices, "PRICE_BOOK_FILE", broken)
        hosted_prices.price_book.cache_clear()
        try:
            with pytest.raises(DataError, match="data_up_to"):
                hosted_prices.price_book()
        finally:
            hosted_prices.price_book.cache_clear()

    def test_every_dated_list_ascends(self) -> None:
        for model_id, (_, model) in hosted_prices._models().items():
            if isinstance(model.prices, list):
                starts = [s for e in model.prices if (s := getattr(e.constraint, "start_date", None))]
                assert starts == sorted(starts), model_id


class TestNamesOfLogs:
    """A log names models with dates, regions and sellers; what only begins like a known name is another model."""

    @pytest.mark.parametrize(
        ("provider", "name", "model_id"),
        [
            ("openai", "gpt-4.1-mini-2025-04-14", "openai/gpt-4.1-mini"),
            ("openrouter", "openai/gpt-4.1-mini", "openrouter/openai/gpt-4.1-mini"),
            ("anthropic", "claude-opus-4-6-20260205", "anthropic/claude-opus-4-6"),
            ("bedrock", "eu.anthropic.claude-opus-4-6-v1", "aws/regional.anthropic.claude-opus-4-6-v1:0"),
            (
                "aws",
                "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
                "aws/regional.anthropic.claude-3-haiku-20240307-v1:0",
            ),
            ("azure", "gpt-4o-2024-08-06", "openai/gpt-4o"),
            ("azure_openai", "gpt-5.1", "openai/gpt-5.1"),
            ("vertex_ai", "gemini-2.5-flash", "google/gemini-2.5-flash"),
            ("litellm", "openai/gpt-4o", "openai/gpt-4o"),
            (None, "gpt-4o", "openai/gpt-4o"),
            ("openai", "gpt-4.1-mini-of-my-team", None),
            ("azure", "gpt-4o-production", None),
            ("anthropic", "claude-opus-4-6-internal", None),
            ("openai", "gpt-99", None),
            ("nobody", "gpt-4o", None),
            ("openai", "", None),
            (None, "", None),
        ],
    )
    def test_a_name_leads_to_its_price(self, provider: str | None, name: str, model_id: str | None) -> None:
        assert priced_model(name, provider) == model_id

    def test_every_name_of_the_list_leads_to_itself(self) -> None:
        for model_id in hosted_models(TODAY):
            provider, _, name = model_id.partition("/")
            assert priced_model(name, provider) == model_id


@pytest.mark.parametrize(
    ("name", "model_id"),
    [
        ("Claude Sonnet 4.5", "anthropic/claude-sonnet-4-5"),
        ("claude-haiku-4.5", "anthropic/claude-haiku-4-5"),
        ("claude sonnet 4", "anthropic/claude-sonnet-4-0"),
        ("anthropic/claude-opus-4.5", "anthropic/claude-opus-4-5"),
        ("OpenAI/GPT-4o", "openai/gpt-4o"),
        ("gpt 4o mini", "openai/gpt-4o-mini"),
    ],
)
def test_a_name_as_people_write_it_is_the_makers_model_and_not_a_resellers(name: str, model_id: str) -> None:
    assert models_called(name) == (model_id,)


def test_a_name_that_only_begins_like_a_model_is_none() -> None:
    assert models_called("mistral medium 3") == models_called("claude 9") == ()


@pytest.mark.parametrize(
    ("model_id", "said"),
    [
        ("openai/gpt-5.4-mini", "GPT-5.4 mini"),
        ("anthropic/claude-haiku-4-5", "Claude Haiku 4.5"),
        ("openai/gpt-4o-mini", "gpt-4o-mini"),  # its list has "gpt 4o mini"
        ("openai/o4-mini", "o4-mini"),  # its list has "o4 Mini High", another model
        ("openai/gpt-4-32k", "gpt-4-32k"),  # its list has "gpt 4"
        ("fireworks/glm-5p3-flash", "glm-5p3-flash"),
        ("aws/amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
    ],
)
def test_what_a_sentence_calls_a_model(model_id: str, said: str) -> None:
    assert in_a_sentence(model_id, TODAY) == said


def test_no_two_models_of_a_seller_share_the_name_of_a_sentence() -> None:
    said = [(model_id.partition("/")[0], in_a_sentence(model_id, TODAY)) for model_id in hosted_models(TODAY)]
    assert len({*said}) == len(said)
