"""From figures of the past to answers of a case: which figure answers which question, and what is left open."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import PurePath

from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_prices import hosted_price, is_hosted
from advisor.core.notices import Notice
from advisor.core.units import CURRENCIES
from advisor.formulas.constants import DAYS_PER_MEAN_MONTH
from advisor.formulas.finance import convert
from advisor.scenario import QUESTIONS, Measurement, Scenario, hours_answer
from advisor.scenario.measurement import LARGEST_COUNT
from advisor.usage.records import Measured, UsageProfile

ANSWERS: Mapping[str, str] = {
    "daily_requests": "daily_requests",
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "static_prompt_share": "cacheable_share_hour",
    "cached_input_share": "cached_input_share",
    "batch_share": "batch_share",
    "retry_share": "retry_share",
    "repeat_share": "repeat_share",
    "peak_factor": "peak_factor",
}
"""Questions, and the figure that answers each as it is."""
LONG = ("long_prompt_share", "long_prompt_tokens")
MODEL, DISCOUNT, HOURS = "current_model", "list_price_discount", "hours_of_week"
BILL, CALL = "current_monthly_bill", "current_cost_per_request"
COST, MONTHLY, GROWTH = "cost_per_request", "monthly_bill", "volume_growth"
"""Figures of money, and of growth."""
DOMINANT = 0.8
"""Share of the requests from which on one model stands for all: the rest moves a mean price by less than its range."""
OLD_DAYS = 90
"""A record that ended longer ago says less of today than a quarter's growth changes it."""
FEWEST_GROWTH = 0.005
"""Less a year is told as 0%, and says nothing."""
DIGITS, FINEST = 6, 12
"""Significant digits of an answer, whose sampling error is far larger, and places after the point at most."""
LONGEST_FILE_NAME = 100


def measured_answers(found: UsageProfile, case: Scenario, catalog: Catalog, on: date) -> Mapping[str, Measurement]:
    """The answers that a profile gives to a case, in the order of the questions.

    Money is told once, so that no two answers can contradict each other. Where the case already has a cost of a
    request or a monthly bill, the measured one takes its place. Otherwise the discount on list prices goes first: with
    the model and the lengths it gives the same bill, and the prices of other models, caches and batches stay
    comparable. Where one model does not stand for all, or what is paid is no discount on its list prices, it is the
    bill, to which the prices are scaled. The cost of a request comes last: it hides what a request is made of, and is
    told only where no length is known.

    Requests a day are told without those sent again after a failure, which a case counts on top of them. Growth is no
    answer: the past does not tell the future's.

    Parameters
    ----------
    on : date
        The day of exchange rates and prices, where the case names none.
    """
    figures = dict(found.figures)
    if {"daily_requests", "retry_share"} <= figures.keys():
        figures["daily_requests"] = _scaled(figures["daily_requests"], 1 - figures["retry_share"].value)
    records = {name: _record(name, figures[each], found) for name, each in ANSWERS.items() if each in figures}
    if any(found.hours_of_week):
        shape = hours_answer(found.hours_of_week)
        records[HOURS] = Measurement(value=shape, file=file_of(found), rows=_rows(found), **_period(found))
    model = dominant_model(found)
    if model is not None:
        records[MODEL] = Measurement(value=model, file=file_of(found), rows=_rows(found), **_period(found))
    named = model or case.current_model
    if named is not None and named == _measured_model(found) and _has_tier(named, case.as_of or on):
        records |= {name: _record(name, figures[name], found) for name in LONG if name in figures}
    records |= _money(found, case, catalog, case.as_of or on, model)
    return {name: records[name] for name in QUESTIONS if name in records}


def remarks(found: UsageProfile, case: Scenario, catalog: Catalog, on: date) -> Iterator[Notice]:
    """What a reader must know of these answers: what is not taken over, and what they rest on."""
    if found.last is not None and (on - found.last).days > OLD_DAYS:
        yield Notice("usage_old", "warning", {"days": (on - found.last).days, "last": found.last})
    shares = model_shares(found)
    if shares and dominant_model(found) is None:
        name, share = max(shares.items(), key=lambda each: each[1])
        if not name:
            yield Notice("usage_model_unnamed", "warning", {"share": share})
        else:
            code = "usage_models_mixed" if share < DOMINANT else "usage_model_unknown"
            yield Notice(code, "warning", {"model": name, "share": share, "limit": DOMINANT})
    if ANSWERS["static_prompt_share"] in found.figures:
        yield Notice("usage_repeated_prompts", "info", {"share": found.figures[ANSWERS["static_prompt_share"]].value})
    retries = found.figures.get("retry_share")
    if retries is not None and retries.value > 0 and "daily_requests" in found.figures:
        yield Notice("usage_retries", "info", {"share": retries.value})
    growth = found.figures.get(GROWTH)
    if growth is not None and growth.value >= FEWEST_GROWTH:
        yield Notice("usage_growth", "info", {"share": growth.value})
    elif growth is not None and growth.value <= -FEWEST_GROWTH:
        yield Notice("usage_decline", "info", {"share": -growth.value})
    bill = _bill_alone(found, case, catalog, case.as_of or on)
    if bill is not None:
        yield Notice("usage_bill_alone", "info", {"money": bill, "field": BILL})
    money = [name for name in (COST, MONTHLY, DISCOUNT) if name in found.figures]
    if money and found.currency is not None and _factor(found.currency, case, catalog, case.as_of or on) is None:
        yield Notice("usage_currency", "warning", {"currency": found.currency, "known": case.base_currency})


def model_shares(found: UsageProfile) -> Mapping[str, float]:
    """Share of the requests by model, as price lists know it or else as the records call it.

    By list prices where requests are not counted; empty where neither is known.
    """
    shares: Counter[str] = Counter()
    counted = all(model.requests is not None for model in found.models)
    for model in found.models:
        share = model.requests if counted else model.list_cost
        shares[model.model_id or model.name] += share or 0.0  # type: ignore[assignment]
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()} if total > 0 else {}


def dominant_model(found: UsageProfile) -> str | None:
    """The model that stands for all, as price lists know it; ``None`` where none does, or its prices are not known."""
    model = _measured_model(found)
    return model if model is not None and model_shares(found)[model] >= DOMINANT else None


def file_of(found: UsageProfile) -> str:
    """The records as one name: that of the first file, and how many more there are."""
    first = PurePath(found.files[0]).name if found.files else ""
    shown = "".join(letter if letter.isprintable() else "?" for letter in first)[:LONGEST_FILE_NAME].strip() or "?"
    return f"{shown} + {len(found.files) - 1}" if len(found.files) > 1 else shown


def _measured_model(found: UsageProfile) -> str | None:
    shares = model_shares(found)
    most = max(shares, key=lambda name: shares[name], default=None)
    known = {model.model_id for model in found.models}
    return most if most in known and most is not None and is_hosted(most) else None


def _has_tier(model: str, on: date) -> bool:
    return is_hosted(model) and hosted_price(model, on).long_prompt_above is not None


def _money(
    found: UsageProfile, case: Scenario, catalog: Catalog, on: date, model: str | None
) -> Mapping[str, Measurement]:
    """The one answer about money, if there is any."""
    factor = _factor(found.currency, case, catalog, on)
    billed = found.figures.get(COST)
    cost = None if factor is None or billed is None else _scaled(billed, factor)
    bill = None if factor is None else _bill(found, case, catalog, factor)
    discount = found.figures.get(DISCOUNT)
    if case.current_cost_per_request is not None:
        return {} if cost is None else {CALL: _record(CALL, cost, found)}
    if case.current_monthly_bill is not None and bill is not None:
        return {BILL: _record(BILL, bill, found)}
    if model is not None and discount is not None and _is_inside(DISCOUNT, discount.value):
        return {DISCOUNT: _record(DISCOUNT, discount, found)}
    if bill is not None and {"input_tokens", "output_tokens"} & found.figures.keys():
        return {BILL: _record(BILL, bill, found)}
    return {} if cost is None else {CALL: _record(CALL, cost, found)}


def _bill(found: UsageProfile, case: Scenario, catalog: Catalog, factor: float) -> Measured | None:
    """What a month costs, in months as long as those of the case; ``factor`` is into its currency."""
    cost, requests = (found.figures.get(name) for name in (COST, "daily_requests"))
    monthly = found.figures.get(MONTHLY)
    days = case.days_per_month or catalog.number("days_per_month")
    if cost is None or requests is None:
        return None if monthly is None else _scaled(monthly, factor * days / DAYS_PER_MEAN_MONTH)
    return _scaled(cost, factor * requests.value * days)


def _bill_alone(found: UsageProfile, case: Scenario, catalog: Catalog, on: date) -> float | None:
    """A monthly bill of which no log says how much of it these requests cost, and which the case does not ask for."""
    factor = _factor(found.currency, case, catalog, on)
    is_asked = case.current_monthly_bill is not None or case.current_cost_per_request is not None
    if factor is None or found.models or is_asked:
        return None
    bill = _bill(found, case, catalog, factor)
    return None if bill is None else bill.value


def _scaled(measured: Measured, factor: float) -> Measured:
    low, high = (None if end is None else end * factor for end in (measured.low, measured.high))
    return replace(measured, value=measured.value * factor, low=low, high=high)


def _factor(currency: str | None, case: Scenario, catalog: Catalog, on: date) -> float | None:
    """From a currency into that of the case, by the case's own rates before the published ones."""
    if currency == case.base_currency:
        return 1.0
    if currency not in CURRENCIES:
        return None
    rates = [_per_dollar(each, case, catalog, on) for each in (currency, case.base_currency)]
    old, new = rates
    return None if old is None or new is None else float(convert(1.0, old, new))


def _per_dollar(currency: str, case: Scenario, catalog: Catalog, on: date) -> float | None:
    if currency == CURRENCIES[0]:
        return 1.0
    own = (case.exchange_rates or {}).get(currency)
    dated = catalog.exchange_rate(currency, on)
    return own if own is not None else None if dated is None else float(dated.value)


def _is_inside(name: str, value: float) -> bool:
    return QUESTIONS[name].nearest(value) == float(f"{value:.12g}")


def _record(name: str, measured: Measured, found: UsageProfile) -> Measurement:
    """A figure as the record behind an answer, inside the bounds of the question.

    An interval from hours is too narrow for a case that plans years, which then keeps the usual range.
    """
    question = QUESTIONS[name]

    def near(value: float) -> float:
        return question.nearest(round(float(f"{value:.{DIGITS}g}"), FINEST))

    record = Measurement(
        value=near(measured.value), file=file_of(found), rows=_rows(found, measured.rows), **_period(found)
    )
    if measured.low is None or measured.high is None or measured.blocks == "hour":
        return record
    return record.model_copy(update={"low": near(measured.low), "high": near(measured.high)})


def _rows(found: UsageProfile, rows: int | None = None) -> float:
    """Rows behind a figure, at most as many as a record can name."""
    return min(found.rows if rows is None else rows, LARGEST_COUNT)


def _period(found: UsageProfile) -> dict[str, date]:
    return {name: day for name, day in (("first", found.first), ("last", found.last)) if day is not None}
