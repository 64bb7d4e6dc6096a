"""Tables whose columns a reader names on the page: what headings suggest, and the mapping that follows."""

from pathlib import Path

import pytest
import yaml

from advisor.core.notices import InputError
from advisor.usage.importing import import_usage, read_mapping
from advisor.usage.named_columns import mapping_of, suggested
from advisor.usage.profile import profile
from advisor.usage.records import UsageProfile

COST_AND_USAGE = "lineItem/UsageStartDate,lineItem/ProductCode,lineItem/UnblendedCost,lineItem/CurrencyCode"
OF_AZURE = "SubscriptionId,Date,MeterCategory,CostInBillingCurrency,BillingCurrencyCode"
IN_CHINESE = "\u8bf7\u6c42\u65f6\u95f4,\u6a21\u578b\u540d\u79f0,\u8f93\u5165token\u6570,\u8f93\u51fatoken\u6570"
A_MONTH = range(1, 29)


@pytest.mark.parametrize(
    ("headings", "meant"),
    [
        (COST_AND_USAGE, {"ts": 0, "cost": 2, "currency": 3}),
        (OF_AZURE, {"ts": 1, "cost": 3, "currency": 4}),
        (IN_CHINESE, {"ts": 0, "model": 1, "input_tokens": 2, "output_tokens": 3}),
        (
            "request_id,created time,cached prompt tokens,prompt tokens,completion tokens",
            {"ts": 1, "cache_read_tokens": 2, "input_tokens": 3, "output_tokens": 4},
        ),
        ("day,calls,charge", {"requests": 1, "cost": 2}),
        ("name,value", {}),
    ],
)
def test_headings_suggest_what_their_columns_hold(headings: str, meant: dict[str, int]) -> None:
    columns = headings.split(",")
    assert suggested(columns) == {name: columns[place] for name, place in meant.items()}


def measured(folder: Path, headings: str, rows: list[str], mapping: dict[str, object]) -> UsageProfile:
    table = folder / "table.csv"
    table.write_text("\n".join([headings, *rows]), encoding="utf-8")
    said = read_mapping(yaml.safe_dump(mapping, allow_unicode=True).encode())
    return profile(import_usage([table], mapping=said))


def test_a_bill_that_is_named_on_the_page_is_a_month_of_money(tmp_path: Path) -> None:
    rows = [f"2026-10-{day:02}T00:00:00Z,AmazonBedrock,10.5,USD" for day in A_MONTH]
    found = measured(
        tmp_path,
        COST_AND_USAGE,
        rows,
        mapping_of(suggested(COST_AND_USAGE.split(",")), "request", cache_inside=True),
    )
    assert found.currency == "USD"
    assert found.figures["monthly_bill"].value == pytest.approx(10.5 * 365 / 12)


def test_a_log_that_is_named_on_the_page_has_requests_and_tokens(tmp_path: Path) -> None:
    rows = [f"2026-10-{day:02} 09:00,gpt-6.1-sol,1000,200" for day in A_MONTH for _ in range(3)]
    columns = IN_CHINESE.split(",")
    found = measured(tmp_path, IN_CHINESE, rows, mapping_of(suggested(columns), "request", cache_inside=True))
    assert found.figures["input_tokens"].value == pytest.approx(1000)
    assert found.figures["daily_requests"].value == pytest.approx(3, rel=0.1)


def test_days_in_sum_count_their_requests(tmp_path: Path) -> None:
    rows = [f"2026-10-{day:02},50,50000,5000" for day in A_MONTH]
    chosen = {"ts": "day", "requests": "calls", "input_tokens": "in", "output_tokens": "out"}
    found = measured(tmp_path, "day,calls,in,out", rows, mapping_of(chosen, "day", cache_inside=True))
    assert found.figures["daily_requests"].value == pytest.approx(50)
    assert found.figures["input_tokens"].value == pytest.approx(1000)


def test_a_currency_may_be_that_of_every_row() -> None:
    chosen = {"ts": "day", "cost": "charge", "currency": "=EUR"}
    assert mapping_of(chosen, "request", cache_inside=True)["currency"] == {"constant": "EUR"}
    billed = mapping_of({**chosen, "input_tokens": "in"}, "request", cache_inside=False)
    assert (billed["cost_kind"], billed["currency"]) == ({"constant": "billed"}, {"constant": "EUR"})


def test_what_is_not_named_is_asked_for_as_in_a_mapping_file() -> None:
    with pytest.raises(InputError, match="usage_mapping_lacks"):
        read_mapping(yaml.safe_dump(mapping_of({"input_tokens": "in"}, "request", cache_inside=True)).encode())
