"""What calls cost, what list prices would have charged on the day, and what a bill holds."""

from datetime import datetime, timedelta

import pytest

from tests.usage.tables import at, hourly, measured, value

TERRA = {"provider": "openai", "model": "gpt-6.1-terra"}
"""USD per million tokens: 1 input, 0.05 cached, 1.25 written, 5 output; batch 0.5 and 2.5; above 272,000 2 and 7.5."""
BILLED = {"cost_kind": "billed", "currency": "USD"}
MONTHLY = ("monthly_bill", "monthly_tax", "monthly_credits", "monthly_purchases", "monthly_adjustments")


def one(**row):
    return {"ts": datetime(2026, 11, 20, 12), "cache_read_tokens": 0, "output_tokens": 0, **TERRA, **BILLED, **row}


class TestListPrices:
    @pytest.mark.parametrize(
        ("row", "list_price"),
        [
            ({"input_tokens": 100_000, "output_tokens": 20_000}, 0.1 + 0.1),
            ({"input_tokens": 100_000, "cache_read_tokens": 40_000}, 0.06 + 0.002),
            ({"input_tokens": 100_000, "cache_write_tokens": 80_000}, 0.02 + 0.1),
            ({"input_tokens": 100_000, "output_tokens": 20_000, "batch": True}, 0.05 + 0.05),
            ({"input_tokens": 300_000, "output_tokens": 20_000}, 0.6 + 0.15),
            ({"input_tokens": 272_000}, 0.272),
        ],
    )
    def test_the_discount_is_off_the_price_for_just_these_tokens(self, row, list_price):
        found = measured([one(**row, cost=0.75 * list_price)])
        assert value(found, "list_price_discount") == pytest.approx(0.25)

    def test_the_price_is_that_of_the_day(self):
        """Luna cost 1 USD per million tokens until 29 July 2026 and 0.2 from then on."""
        luna = one(model="gpt-5.6-luna", input_tokens=100_000)
        found = measured(
            [luna | {"ts": datetime(2026, 7, day, 12), "cost": cost} for day, cost in ((29, 0.1), (30, 0.02))]
        )
        assert value(found, "list_price_discount") == pytest.approx(0)

    def test_what_has_no_list_price_is_on_no_side(self):
        known = one(input_tokens=100_000, cost=0.08)
        others = [
            one(input_tokens=5, cost=7.0, model="gpt-6.1-terra-of-our-own"),
            one(input_tokens=5, cost=7.0, provider="google", model="gemini-3.7-flash", batch=True),
            one(input_tokens=5, cost=7.0, provider="deepseek", model="deepseek-flash"),
            one(input_tokens=5, cost=None),
        ]
        rows = [known, *(row | {"ts": row["ts"] + timedelta(hours=1)} for row in others)]
        found = measured(rows)
        assert value(found, "list_price_discount") == pytest.approx(0.2)
        assert value(found, "unresolved_share") == pytest.approx(1 / 5)

    def test_a_log_that_hides_the_cache_has_no_list_price(self):
        found = measured([one(input_tokens=100_000, cost=0.08, cache_read_tokens=None)])
        assert found.not_known["list_price_discount"] == "no_list_price"

    def test_another_currency_is_not_compared(self):
        found = measured([one(input_tokens=100_000, cost=0.08, currency="EUR")])
        assert found.not_known["list_price_discount"] == "currency_not_usd"
        assert value(found, "cost_per_request") == pytest.approx(0.08)
        assert found.currency == "EUR"

    def test_an_estimate_is_no_bill(self):
        found = measured([one(input_tokens=100_000, cost=0.08, cost_kind="estimated")])
        assert found.not_known["cost_per_request"] == "no_billed_cost"
        assert found.not_known["list_price_discount"] == "no_billed_cost"
        assert value(found, "estimated_cost_per_request") == pytest.approx(0.08)
        assert measured([one(cost=1.0)]).not_known["estimated_cost_per_request"] == "no_estimated_cost"

    def test_several_currencies_are_not_added(self):
        found = measured([one(cost=1.0), one(cost=1.0, currency="CNY")])
        for name in ("cost_per_request", "list_price_discount", "monthly_bill"):
            assert found.not_known[name] == "several_currencies"
        assert found.currency is None


class TestModels:
    def test_shares_of_models(self):
        rows = [one(input_tokens=1_000_000, cost=3.0), one(input_tokens=500_000, cost=1.0, model="our-own")]
        rows = [rows[0], rows[0], rows[1], rows[0]]
        first, second = measured(rows).models
        assert (first.name, first.model_id, first.requests, first.cost) == (
            "gpt-6.1-terra",
            "openai/gpt-6.1-terra",
            0.75,
            0.9,
        )
        assert (first.input_tokens, first.list_cost) == (1_000_000, 1)
        assert (second.name, second.model_id, second.requests, second.list_cost) == ("our-own", None, 0.25, 0)


def amounts(days=14, **more):
    return [{"ts": at(day), "cost": 10.0, "provider": "openai", **more} for day in range(days)]


MONTH = 365 / 12
"""Days of a month, as a case counts them."""


class TestBills:
    def test_a_month_by_kind(self):
        bill = [
            *amounts(),
            {"ts": at(13), "category": "tax", "cost": 26.6},
            {"ts": at(3), "category": "credit", "cost": -14.0},
            {"ts": at(3), "category": "purchase", "cost": 7.0},
        ]
        found = measured(None, bill)
        assert [value(found, name) for name in MONTHLY[:4]] == pytest.approx(
            [10 * MONTH, 1.9 * MONTH, -MONTH, MONTH / 2]
        )
        assert found.not_known["monthly_adjustments"] == "none_in_bill"
        assert found.not_known["daily_requests"] == "no_usage"
        assert (found.currency, found.days, found.rows) == ("USD", 14, 17)

    def test_an_invoice_of_a_month(self):
        found = measured(None, [{"ts": datetime(2026, 9, 1), "bucket_seconds": 30 * 86_400, "cost": 300.0}])
        assert value(found, "monthly_bill") == pytest.approx(10 * MONTH)
        assert found.figures["monthly_bill"].low is None

    def test_six_days_are_no_month(self):
        assert measured(None, amounts(6)).not_known["monthly_bill"] == "shorter_than_a_week"

    def test_several_currencies_are_not_added(self):
        found = measured(None, [*amounts(), {"ts": at(2), "cost": 1.0, "currency": "EUR"}])
        assert {found.not_known[name] for name in MONTHLY} == {"several_currencies"}

    def test_a_log_with_costs_is_a_bill_of_usage_alone(self):
        found = measured(hourly(7, cost=1.0, **BILLED))
        assert value(found, "monthly_bill") == pytest.approx(24 * MONTH)
        assert found.not_known["monthly_tax"] == "no_bill"
        assert measured(hourly(6, cost=1.0, **BILLED)).not_known["monthly_bill"] == "shorter_than_a_week"

    def test_the_bill_states_list_prices_itself(self):
        found = measured(None, amounts(list_cost=12.5))
        assert value(found, "list_price_discount") == pytest.approx(0.2)
        assert measured(None, amounts()).not_known["list_price_discount"] == "no_list_price"

    def test_a_bill_by_model_gives_the_cost_of_a_request(self):
        """10 requests an hour for 10 a day: other amounts of the bill are of other things."""
        bill = [
            *amounts(model="gpt-6.1-terra-2026-10-01"),
            *amounts(model=None),
            *amounts(model="text-embedding-3-small"),
        ]
        found = measured(hourly(14, **TERRA), bill)
        assert value(found, "cost_per_request") == pytest.approx(10 / 240)

    def test_a_bill_without_models_does_not(self):
        found = measured(hourly(14, **TERRA), amounts())
        assert found.not_known["cost_per_request"] == "bill_without_model"

    def test_a_bill_of_one_use_case(self):
        found = measured(None, [*amounts(use_case="chat"), *amounts(use_case="mail")], use_case="chat")
        assert value(found, "monthly_bill") == pytest.approx(10 * MONTH)
