"""The price page: every price with its source and date, in its own currency and in the case's."""

from datetime import date

import pytest

from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_prices import price_book
from advisor.decision.advice import Advice, advise
from advisor.evidence.prices import PriceBookView, build_price_book
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.evidence.conftest import ON

BOOKS = ("gpu_rental", "gpu_purchase", "electricity", "managed_tuning")


def view(advice: Advice, catalog: Catalog, language: str = "en", on: date = ON) -> PriceBookView:
    return build_price_book(advice, catalog, Translator(language), on)


@pytest.mark.parametrize("language", languages())
def test_every_preset_has_its_page(advice: Advice, catalog: Catalog, language: str) -> None:
    shown = view(advice, catalog, language)
    assert {row.book for row in shown.book} == set(BOOKS)
    assert sum(len(shown.of_book(b)) for b in BOOKS) == len(shown.book) == len(catalog.prices)
    assert len(shown.models) > 50
    assert {row.currency for row in shown.rates} == set(catalog.exchange_rates)
    assert shown.used


def test_every_row_has_source_and_date(advice: Advice, catalog: Catalog) -> None:
    shown = view(advice, catalog)
    for origin in (row.origin for rows in (shown.book, shown.models, shown.rates) for row in rows):
        assert origin.title
        assert origin.last_verified is not None
        assert origin.age_days == (ON - origin.last_verified).days
        assert origin.stale == (origin.age_days > catalog.rules.price_stale_after_days)
    for used in shown.used:
        assert used.origin.title
        assert used.label
        assert used.amount.value is not None


def test_prices_grow_old(advices: dict[str, Advice], catalog: Catalog) -> None:
    now, later = (view(advices["extraction"], catalog, on=day) for day in (ON, date(2027, 11, 20)))
    assert any(row.origin.stale for row in now.book)
    assert not all(row.origin.stale for row in now.book)
    assert all(row.origin.stale for row in later.book)
    assert all(row.origin.stale for row in later.models)


def test_used_prices_are_the_engines(advice: Advice, catalog: Catalog) -> None:
    rows = advice.assessment.assumptions
    for used in view(advice, catalog).used:
        assert used.amount.converted == rows.number(used.id)
        assert used.whose == rows[used.id].set_by


def test_foreign_prices_keep_their_currency(advices: dict[str, Advice], catalog: Catalog) -> None:
    used = {row.id: row for row in view(advices["chat"], catalog).used}
    rate = catalog.exchange_rate("CNY", ON)
    assert rate is not None
    for name in ("current_input_price", "serving_gpu_price", "training_gpu_price"):
        amount = used[name].amount
        assert amount.currency == "USD"
        assert amount.value is not None
        assert amount.converted == pytest.approx(amount.value * float(rate.value))
        assert amount.text != amount.converted_text
    assert used["serving_gpu_price"].origin.url is not None


def test_only_prices_the_case_needs_are_listed(advices: dict[str, Advice], catalog: Catalog) -> None:
    own = {row.id for row in view(advices["article-000"], catalog).used}
    assert {"card_price", "electricity_price"} <= own
    assert "training_gpu_price" not in own
    assert "current_cached_input_price" not in {row.id for row in view(advices["classification"], catalog).used}


def test_own_figures_are_called_own(catalog: Catalog) -> None:
    answers = {"daily_requests": 5000, "quality_need": "high", "budget": 9000, "currency": "CNY"}
    own = {"current_cost_per_request": 0.05, "exchange_rates": {"CNY": 7.0}}
    shown = view(advise(Scenario.from_answers({**answers, **own}), catalog, ON), catalog)
    used = {row.id: row for row in shown.used}
    assert used["current_cost_per_request"].whose == "user"
    assert used["current_cost_per_request"].origin.url is None
    assert next(row.text for row in shown.rates if row.currency == "EUR").startswith("0.85027 EUR")
    (rate,) = (row for row in shown.rates if row.currency == "CNY")
    assert (rate.value, rate.whose) == (7.0, "user")
    dollar = next(row for row in shown.book if row.amount.currency == "USD")
    assert dollar.amount.value is not None
    assert dollar.amount.converted == pytest.approx(dollar.amount.value * 7)


def test_what_is_sold_is_told_in_words_of_the_language(advice: Advice, catalog: Catalog) -> None:
    english, chinese = (view(advice, catalog, language).book for language in ("en", "zh"))
    told = {row.what: other.what for row, other in zip(english, chinese, strict=True) if catalog.prices[row.id].item}
    assert [what for what in told if "_" in what] == []
    assert [what for what, other in told.items() if what == other] == []


def test_what_follows_an_own_price_is_not_called_listed(catalog: Catalog) -> None:
    """Without a cache repeated text costs what new text costs: of an own price no list says that."""
    answers = {"daily_requests": 5000, "quality_need": "high", "budget": 9000, "currency": "EUR"}
    case = Scenario.from_answers({**answers, "current_model": "openai/gpt-5.4-mini", "current_input_price": 0.7})
    used = {row.id: row for row in view(advise(case, catalog, ON), catalog).used}
    written, read = used["current_cache_write_price"], used["current_output_price"]
    assert written.amount.text == written.amount.converted_text == used["current_input_price"].amount.converted_text
    assert (written.origin.title, written.origin.url) == (price_book().gaps.own_price, None)
    assert read.amount.text.startswith("$")
    assert read.origin.url is not None


def test_unknown_prices_stay_unknown(catalog: Catalog) -> None:
    answers = {"daily_requests": 5000, "quality_need": "high", "budget": 9000, "serving_route": "own_figure"}
    advice = advise(Scenario.from_answers({**answers, "current_cost_per_request": 0.01}), catalog, ON)
    used = {row.id: row for row in view(advice, catalog).used}
    assert used["tuned_cost_per_request"].amount.value is None
    assert used["tuned_cost_per_request"].amount.text == "not known"


def test_a_day_before_all_prices_shows_none(advices: dict[str, Advice], catalog: Catalog) -> None:
    assert view(advices["extraction"], catalog, on=date(2020, 1, 1)).book == ()
