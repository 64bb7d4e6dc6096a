"""Bills of clouds: FOCUS, and the billing export of Google Cloud."""

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.usage.readers.rows import Columns, Row, UsageFormat, known, one_of

CATEGORIES = ("usage", "tax", "credit", "purchase", "adjustment")
GOOGLE_KINDS = {"regular": "usage", "tax": "tax", "adjustment": "adjustment", "rounding_error": "adjustment"}


def _focus(row: Row) -> Columns:
    category = row.text("category").lower()
    row.fault("category_unknown", ~one_of(category, CATEGORIES).fill_null(False))
    seconds = row.seconds_since_1970("end") - row.seconds_since_1970("start")
    return {
        "ts": row.time("start"),
        "bucket_seconds": seconds.round().try_cast("int64"),
        "provider": row.text("provider").lower(),
        "model": row.text("model"),
        "item": row.text("item").coalesce(row.text("sku")),
        "category": category,
        "quantity": row.number("quantity", signed=True),
        "unit": row.text("unit"),
        "cost": row.number("cost", signed=True),
        "list_cost": row.number("list_cost", signed=True),
        "currency": row.text("currency").upper(),
        "use_case": row.text("use_case"),
    }


def charges(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A row of the export without its credits, then each of its credits as a row of its own."""
    yield {**record, "credits": None}
    credits = record.get("credits")
    for credit in credits if isinstance(credits, list) else ():
        if isinstance(credit, Mapping):
            named = credit.get("full_name") or credit.get("name")
            money = {"cost": credit.get("amount"), "cost_at_list": None, "usage": None}
            yield {**record, **money, "cost_type": "credit", "sku": {"description": named}, "credits": None}


def _google(row: Row) -> Columns:
    import ibis

    word = row.text("category").lower().fill_null("regular")
    category = ibis.cases(*((word == name, kind) for name, kind in {**GOOGLE_KINDS, "credit": "credit"}.items()))
    row.fault("category_unknown", category.isnull())
    seconds = row.seconds_since_1970("end") - row.seconds_since_1970("start")
    return {
        "ts": row.time("start"),
        "bucket_seconds": seconds.round().try_cast("int64"),
        "provider": "google",
        "item": row.text("item"),
        "category": category,
        "quantity": row.number("quantity", signed=True),
        "unit": row.text("unit"),
        "cost": row.number("cost", signed=True),
        "list_cost": row.number("list_cost", signed=True),
        "currency": row.text("currency").upper(),
        "use_case": row.text("use_case"),
    }


FORMATS = (
    UsageFormat(
        "focus",
        "bill",
        {
            "start": ("ChargePeriodStart",),
            "end": ("ChargePeriodEnd",),
            "provider": ("ServiceProviderName", "ProviderName"),
            "model": ("x_Model", "x_ModelName", "x_ModelId"),
            "item": ("ChargeDescription",),
            "sku": ("SkuMeter", "SkuId"),
            "category": ("ChargeCategory",),
            "quantity": ("ConsumedQuantity", "x_ConsumedTokens"),
            "unit": ("ConsumedUnit",),
            "cost": ("BilledCost",),
            "list_cost": ("ListCost",),
            "currency": ("BillingCurrency",),
            "use_case": ("Tags!/use_case", "Tags!/application", "Tags!/project"),
        },
        known("chargecategory billedcost chargeperiodstart"),
        _focus,
    ),
    UsageFormat(
        "google_billing",
        "bill",
        {
            "start": ("usage_start_time",),
            "end": ("usage_end_time",),
            "item": ("sku/description", "sku_description"),
            "category": ("cost_type",),
            "quantity": ("usage/amount", "usage_amount"),
            "unit": ("usage/unit", "usage_unit"),
            "cost": ("cost",),
            "list_cost": ("cost_at_list",),
            "currency": ("currency",),
            "use_case": ("project/id", "project_id"),
        },
        known("billing_account_id cost usage_start_time", "sku_description cost usage_start_time"),
        _google,
        rows_of=charges,
        one_by_one=True,
    ),
)
