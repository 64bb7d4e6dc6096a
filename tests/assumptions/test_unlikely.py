"""Amounts of one's own in what can only be another unit: told with what was understood, whatever the door."""

import shutil
from pathlib import Path

import pytest

from advisor.assumptions import resolve
from advisor.assumptions.given import read_case
from advisor.assumptions.unlikely import ASKED, UNLIKELY, unlikely
from advisor.catalog.loader import load_catalog
from advisor.decision.portfolio import PortfolioOutcome, portfolio_of
from advisor.scenario import QUESTIONS, Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import notice_text
from tests.cases import DAY, catalog

CASE = {"daily_requests": 20_000, "quality_need": "normal", "budget": 50_000}
OWN_CARDS = {"training_source": "own_card", "serving_route": "own_card"}


def told(**answers: object) -> list[str]:
    found = resolve(Scenario.from_answers({**CASE, **answers}), catalog(), DAY)
    return [str(n.params["field"]) for n in found.notices if n.code in UNLIKELY]


@pytest.mark.parametrize(
    ("name", "slip", "other"),
    [
        # a card's rent: of a machine, of a month, in cents
        ("serving_gpu_price", 220, {"currency": "EUR"}),
        ("serving_gpu_price", 24, {"serving_gpu": "h100-sxm-80gb"}),
        ("training_gpu_price", 1_200, {}),
        ("training_gpu_price", 180, {"training_gpu": "a100-sxm-80gb"}),
        # tokens: a price of one, of a thousand, of all of them, in cents
        ("current_input_price", 0.0000025, {}),
        ("current_input_price", 0.0025, {"current_model": "openai/gpt-4o"}),
        ("current_input_price", 250, {"current_model": "openai/gpt-4o"}),
        ("current_input_price", 0.0025, {}),
        ("current_output_price", 0.00001, {}),
        ("current_output_price", 0.01, {}),
        ("current_output_price", 250_000, {}),
        ("tuned_output_price", 0.0006, {"serving_route": "hosted"}),
        # wages: of a year, of a month
        ("hourly_rate", 120_000, {}),
        ("hourly_rate", 5_200, {}),
        ("hourly_rate", 25_000, {"currency": "CNY"}),
        # a request: a thousand of them
        ("current_cost_per_request", 2.3, {}),
        ("tuned_cost_per_request", 2.3, {"serving_route": "own_figure"}),
        # cards in thousands, current in cents, power in watts
        ("card_price", 25, OWN_CARDS),
        ("serving_card_price", 20, OWN_CARDS),
        ("electricity_price", 28, OWN_CARDS),
        ("machine_power_kw", 700, OWN_CARDS),
        ("serving_power_kw", 350, OWN_CARDS),
    ],
)
def test_a_slip_of_the_unit_is_told(name: str, slip: float, other: dict[str, object]) -> None:
    assert told(**{name: slip}, **other) == [name]


@pytest.mark.parametrize(
    ("name", "real", "other"),
    [
        ("serving_gpu_price", 1.1, {"serving_gpu": "h100-sxm-80gb"}),
        ("serving_gpu_price", 12.3, {"serving_gpu": "h100-sxm-80gb"}),
        ("serving_gpu_price", 14, {"serving_gpu": "b300-288gb"}),
        ("training_gpu_price", 0.12, {}),
        ("current_input_price", 0, {}),
        ("current_input_price", 1.25, {"current_model": "openai/gpt-4o"}),
        ("current_input_price", 0.02, {}),
        ("current_output_price", 75, {}),
        ("hourly_rate", 12, {}),
        ("hourly_rate", 250, {}),
        ("hourly_rate", 30_000, {"currency": "JPY"}),
        ("current_cost_per_request", 0.00603, {}),
        ("current_cost_per_request", 0.5, {"input_tokens": 60_000, "output_tokens": 3_000}),
        ("card_price", 1_999, OWN_CARDS),
        ("serving_card_price", 32_000, OWN_CARDS),
        ("electricity_price", 0.35, OWN_CARDS),
        ("electricity_price", 0.04, OWN_CARDS),
        ("machine_power_kw", 10.2, OWN_CARDS),
        ("serving_power_kw", 0.07, OWN_CARDS),
    ],
)
def test_what_somebody_pays_is_not_doubted(name: str, real: float, other: dict[str, object]) -> None:
    assert told(**{name: real}, **other) == []


def test_an_amount_that_the_case_leaves_aside_is_not_told() -> None:
    assert told(serving_gpu_price=220, serving_route="own_figure", tuned_cost_per_request=0.001) == []


def test_no_shipped_case_is_doubted() -> None:
    for preset in catalog().presets:
        case, _ = read_case(f"preset: {preset}\n", catalog())
        assert unlikely(case, catalog(), DAY) == (), preset


def test_the_amount_and_what_is_known_stand_in_every_language() -> None:
    found = unlikely(Scenario.from_answers({**CASE, "currency": "EUR", "serving_gpu_price": 220}), catalog(), DAY)
    for language in languages():
        said = notice_text(Translator(language), found[0], "EUR")
        assert "220" in said, said
        assert "{" not in said, said


def test_a_table_of_cases_tells_it_beside_the_figures() -> None:
    doubted = Scenario.from_answers({**CASE, "hourly_rate": 120_000})
    usual = Scenario.from_answers({**CASE, "hourly_rate": 120})
    first, second = portfolio_of([doubted, usual], catalog(), DAY)
    assert isinstance(first, PortfolioOutcome)
    assert isinstance(second, PortfolioOutcome)
    assert first.npv is not None
    assert [n.params["field"] for n in first.reasons] == ["hourly_rate"]
    assert second.reasons == ()


def test_every_amount_that_is_looked_at_is_a_question() -> None:
    for name in ASKED:
        assert QUESTIONS[name].is_number


def test_a_price_of_a_book_of_ones_own_is_looked_at_too(tmp_path: Path) -> None:
    shutil.copytree(Path("docs/price-book/prices/gpu_rental"), tmp_path / "prices" / "gpu_rental")
    offers = tmp_path / "prices" / "gpu_rental" / "acme.yaml"
    text = offers.read_text(encoding="utf-8").split("  - id: acme/acme-accelerator")[0]
    for value, expected in (("1.9", []), ("190", ["serving_gpu_price"])):
        offers.write_text(text.replace("value: 1.9", f"value: {value}"), encoding="utf-8")
        book = load_catalog(own=[tmp_path])
        case = Scenario.from_answers({**CASE, "serving_gpu": "h100-sxm-80gb", "training_gpu": "a100-sxm-80gb"})
        found = resolve(case, book, DAY)
        assert [n.params["field"] for n in found.notices if n.code in UNLIKELY] == expected
        assert "own_offer" in {n.code for n in found.notices}
        row = portfolio_of([case], book, DAY)[0]
        assert isinstance(row, PortfolioOutcome)
        assert [n.params["field"] for n in row.reasons] == expected
