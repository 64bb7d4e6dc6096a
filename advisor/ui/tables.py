"""Tables of the money pages: line items and months, with their units."""

from dataclasses import replace

import numpy as np

from advisor.core.records import LineItem
from advisor.decision.advice import Advice
from advisor.text.i18n import Translator
from advisor.text.phrases import item_text
from advisor.ui import layout


def line_items(advice: Advice, t: Translator) -> None:
    """Every declared item of both options: quantity, unit price, amount."""
    economics = advice.assessment.economics
    if economics is None:
        return
    currency = advice.assessment.assumptions.currency
    rows = [
        (
            t(f"option.{option.id}"),
            *_amounts(item, t, currency),
        )
        for option in (economics.baseline, economics.tuned)
        for item in option.line_items
    ]
    columns = [t(f"ui.column.{c}") for c in ("option", "item", "frequency", "quantity", "unit_price", "amount")]
    layout.table(rows, columns, t("ui.line_items_alt"))


def _amounts(item: LineItem, t: Translator, currency: str) -> tuple[str, ...]:
    """Name, charge, quantity, unit price and cost; what changes by month is shown as its monthly mean."""
    price = None if item.unit_price is None else float(np.mean(item.unit_price))
    mean = replace(item, quantity=float(np.mean(item.quantity)), unit_price=price)
    name, quantity, unit_price = item_text(t, mean, mean.quantity, currency)
    cost = None if mean.cost is None else float(mean.cost)
    return name, t(f"ui.frequency.{item.frequency}"), quantity, unit_price, t.money(cost, currency)


def monthly(advice: Advice, t: Translator) -> None:
    """Month by month: requests, both costs, the difference and what has accumulated."""
    economics = advice.assessment.economics
    if economics is None:
        return
    currency = advice.assessment.assumptions.currency
    flows, total = economics.cash_flows, np.cumsum(economics.cash_flows)
    rows: list[tuple[object, ...]] = [("0", "", "", "", t.money(flows[0], currency), t.money(total[0], currency))]
    for k, month in enumerate(economics.months):
        money = (economics.baseline.monthly_cost[k], economics.tuned.monthly_cost[k], flows[k + 1], total[k + 1])
        rows.append(
            (
                t.number(float(month), 0),
                t.number(economics.monthly_requests[k], 0),
                *(t.money(float(m), currency) for m in money),
            )
        )
    columns = [t(f"ui.column.{c}") for c in ("month", "requests", "cost_today", "cost_tuned", "net", "cumulative")]
    layout.table(rows, columns, t("ui.monthly_alt"), whole=True)
