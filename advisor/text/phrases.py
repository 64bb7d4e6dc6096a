"""Results as phrases of one language: shared by pages, report and command line, so that they say the same."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import reduce

from advisor.catalog.presets import PresetRecord
from advisor.core.notices import InputError, Issue, Notice
from advisor.core.records import METRICS, Assessment, Assumption, Economics, LineItem, Metrics, Number, Recommendation
from advisor.core.system_faults import PREFIX
from advisor.formulas.arrays import as_array
from advisor.formulas.constants import TOKENS_PER_MTOK
from advisor.scenario import QUESTIONS, Scenario
from advisor.text.i18n import Translator
from advisor.text.number_text import signed, with_number

SMALLEST_WHOLE, CENTS = 100, 2
MONEY_PARAMS = frozenset({"investment", "budget", "gap", "monthly", "worth", "cost", "money", "loss"})
SHARE_PARAMS = frozenset({"share", "limit"})
PRICE_PARAMS = frozenset({"input_price", "output_price"})
PRICE_CURRENCY = "USD"
"""Currency in which hosted models publish their prices."""
MONTH_PARAMS = frozenset({"months", "middle_months"})
DAY_PARAMS = frozenset({"days", "limit_days"})
COUNTS = ("count", "sellers", "offers")
"""What a notice may have a singular for."""
OF_THE_FIELD = frozenset({"at", "counted", "low", "high"})
"""Values of the number that a notice is about."""
DECIDING = ("reason_", "counter_", "action_", "advice_")
"""How codes of notices begin that speak for or against a verdict: their figures are rounded as in any sentence."""
RESULTS: Mapping[str, tuple[str, ...]] = {
    "reason_tune_now": ("money",),
    "reason_tune_now_never": ("money",),
    "reason_trial": ("money", "monthly", "worth"),
    "reason_look_up": ("money", "worth"),
    "reason_wait": ("money", "worth"),
    "reason_best_without": ("money",),
    "reason_about_nothing": ("money",),
    "reason_tolerance": ("money",),
    "counter_runner_up": ("money",),
    "counter_same": ("money",),
    "counter_too_risky": ("money",),
    "counter_other_way": ("money",),
    "counter_untested": ("money",),
}
"""Net present values that a notice tells as a gain or a loss."""
RARE = 0.005
"""A smaller chance is worded as none or hardly any."""
ALWAYS = 0.95
"""A chance above which, or below one minus which, is told in words instead of tenths."""
WHOLE_PARAMS = frozenset(
    [
        *("examples", "floor", "count", "offers", "month", "prompt_tokens"),
        *("above_tokens", "answer_tokens", "long_tokens", "short_tokens", "counted_tokens"),
    ]
)
UNIT_BEGINS = re.compile(r"(?<=[\d%])[ /]")
"""Where the unit of a value begins, after its number."""
COUNT_PARAMS = frozenset({"requests", "prompt", "answer", "examples"})
LIMIT_PARAMS = frozenset({"minimum", "maximum"})
LIMIT_CODES = frozenset({"below_minimum", "above_maximum"})
FILE_FIELDS = frozenset({"file", "schema", "mapping", "format"})
"""What an issue may name that is no question."""
LARGEST_IRR = 10.0
"""An internal rate of return above 1000 % a year says only that the investment is small."""
WITHOUT: Mapping[str, str] = {"fraction": "no_investment", "money/request": "no_requests"}
"""Why a metric without a status of its own has no number, by its unit."""

PRICE_UNITS: Mapping[str, str] = {
    "Mtok/request": "money/Mtok",
    "requests": "money/request",
    "examples": "money/example",
    "hours": "money/h",
    "hours/month": "money/h",
    "GPU*h": "money/GPU/h",
    "GPU*h/month": "money/GPU/h",
    "kWh": "money/kWh",
    "kWh/month": "money/kWh",
    "months": "money/month",
}
"""Unit of the price of a quantity; what is not listed is paid as a whole."""


def without_unit(low: str, high: str) -> str:
    """The low end of a range without the words of its unit where the high end has the same: 20 to 80 a day."""
    same = 0
    while same < min(len(low), len(high)) and low[-1 - same] == high[-1 - same]:
        same += 1
    found = UNIT_BEGINS.search(low, len(low) - same)
    return low if found is None else low[: found.start()]


def within(said: str) -> str:
    """What stands alone in a cell, as it is said within a sentence: "not within the horizon"."""
    return said[:1].lower() + said[1:]


def joined(sentences: Iterable[str], t: Translator) -> str:
    """Sentences of one paragraph; Chinese sets no space between them."""
    told = [sentence for sentence in sentences if sentence]
    return reduce(lambda first, second: t("word.sentences", first=first, second=second), told) if told else ""


def case_title(case: Scenario, preset: PresetRecord | None, t: Translator) -> str:
    """What a case is called: its own name, else that of the example it is, in the reader's language."""
    if case.title and case.title.strip():
        return case.title
    return t("word.untitled_case") if preset is None else t.fact(preset.title)


def field_label(t: Translator, name: str) -> str:
    """Name of a question, or of an exchange rate that became an assumption."""
    if name.startswith("exchange_rate_"):
        return t("field.exchange_rate.label", currency=name.removeprefix("exchange_rate_"))
    return t(f"field.{name}.label") if name in QUESTIONS or t.has(f"field.{name}.label") else name


def bill_money(t: Translator, value: float, currency: str) -> str:
    """Money of a bill: whole units from 100 up, else cents; nobody asks for a tenth of one."""
    return t.money(value, currency, 0 if abs(value) >= SMALLEST_WHOLE or not value else CENTS)


def signed_money(t: Translator, value: float, currency: str) -> str:
    """Money that shows a plus as well."""
    return signed(t.money(value, currency), value)


def signed_percent(t: Translator, value: float, digits: int = 0) -> str:
    """A fraction as percent that shows a plus as well."""
    return signed(t.percent(value, digits), value)


def verdict_label(t: Translator, found: Recommendation) -> str:
    """The verdict in a word or two."""
    return t(f"verdict.{found.verdict}.label")


def verdict_sentence(t: Translator, found: Recommendation) -> str:
    """The verdict in one sentence."""
    return t(f"verdict.{found.verdict}.sentence", months=t.months(found.again_in, 0))


def notice_text(t: Translator, notice: Notice, currency: str) -> str:
    """A notice as a sentence."""
    words = {k: _param(t, k, v, currency) for k, v in notice.params.items()}
    if notice.code.startswith(DECIDING):
        words |= _prose(t, notice, currency)
    for name in OF_THE_FIELD & notice.params.keys():
        question = QUESTIONS[str(notice.params["field"])]
        unit = "money" if name != "at" and "money" in question.unit else question.unit  # the unit is told once
        words[name] = t.value(float(str(notice.params[name])), unit, currency)
    counts = [float(str(notice.params[name])) for name in COUNTS if name in notice.params]
    return t(f"notice.{notice.code}", *counts[:1], **words)


def _prose(t: Translator, notice: Notice, currency: str) -> dict[str, str]:
    """Figures of a notice that speaks for or against a verdict, as a person would say them."""
    said: dict[str, str] = {}
    for name, value in notice.params.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if name in RESULTS.get(notice.code, ()):
            said[name] = result_text(float(value), currency, t)
        elif name == "budget":  # what the reader entered, digit for digit
            said[name] = t.money(float(value), currency)
        elif name in MONEY_PARAMS:
            said[name] = t.prose_money(float(value), currency)
        elif name in MONTH_PARAMS:
            said[name] = t.prose_months(float(value))
        elif name == "share":
            said[name] = futures_text(float(value), t)
    if "limit" in notice.params and "share" in said:  # tenths could read as the limit that they exceed
        said["share"] = _beyond(float(str(notice.params["share"])), float(str(notice.params["limit"])), t)
    if said.get("budget") and said.get("investment") == t.prose_money(float(str(notice.params["budget"])), currency):
        said["investment"] = _param(t, "investment", notice.params["investment"], currency)  # apart only in full
    if notice.code in ("reason_instead", "reason_only_budget"):
        said["monthly"] = monthly_text(float(str(notice.params["monthly"])), currency, t)
    return said


def _beyond(share: float, limit: float, t: Translator) -> str:
    """In how many simulated futures, in percent that do not read as the ``limit``."""
    digits = 0 if t.percent(share) != t.percent(limit) else 1
    return t("futures.percent", percent=t.percent(share, digits))


def result_text(value: float | None, currency: str, t: Translator) -> str:
    """Money gained, or lost."""
    amount = value or 0.0
    if round(amount, 2) == 0:
        return t("prose.nothing")
    money = t.prose_money(abs(amount), currency)
    return t("headline.gain", money=money) if amount >= 0 else t("headline.loss", money=money)


def monthly_text(saved: float, currency: str, t: Translator) -> str:
    """What is saved in a month; a negative saving is an extra cost."""
    money = t.prose_money(abs(saved), currency)
    return t("prose.saves", money=money) if saved >= 0 else t("prose.costs_more", money=money)


def futures_text(share: float, t: Translator) -> str:
    """In how many simulated futures, in tenths; what is nearly always or never so is said in words."""
    if share < RARE or share > 1 - RARE:
        return t("futures.none") if share < RARE else t("futures.all")
    if share < 1 - ALWAYS or share > ALWAYS:
        return t("futures.few") if share < 1 - ALWAYS else t("futures.most")
    return t("futures.some", chances=min(max(round(10 * share), 1), 9))


def option_name(t: Translator, option: str) -> str:
    """What an alternative is called, by its id; a vendor's service comes by its name in the data."""
    return t(f"option.{option}") if t.has(f"option.{option}") else t.fact(option)


def _param(t: Translator, name: str, value: object, currency: str) -> str:
    if isinstance(value, tuple):
        return t("word.comma").join(_param(t, name.removesuffix("s"), v, currency) for v in value)
    if isinstance(value, date):
        return t.date(value)
    if name in ("field", "question", "subject"):
        return field_label(t, str(value))
    if name in ("item", "verdict"):
        return t(f"{name}.{value}") if name == "item" else t(f"verdict.{value}.label")
    if name in ("limits", "route"):
        return t.fact(str(value))
    if name == "option":
        return option_name(t, str(value))
    if name == "action":
        return t(f"action.{value}.label")
    if isinstance(value, int | float):
        return _number_param(t, name, float(value), currency)
    return t("word.unknown") if value is None else str(value)


def _number_param(t: Translator, name: str, value: float, currency: str) -> str:
    if name in MONEY_PARAMS:
        return t.money(value, currency)
    if name in PRICE_PARAMS:
        return t.money(value, PRICE_CURRENCY)
    if name in SHARE_PARAMS:
        return t.percent(value)
    if name in MONTH_PARAMS:
        return t.months(value)
    if name == "horizon":
        return t.months(value, 0)
    if name in DAY_PARAMS:
        return t.value(round(value), "days", currency)
    if name == "requests":
        return t.number(least_whole(value))
    return t.number(value, 0 if name in WHOLE_PARAMS else None)


def least_whole(requests: float) -> int:
    """The first whole number of requests that is enough."""
    return math.ceil(round(requests, 3))


def issue_text(t: Translator, issue: Issue, *, in_form: bool = False) -> str:
    """A fault in the input as one sentence: the field's name, what is wrong, how to mend it.

    In a form, where the fault stands beside its field, the identifier that files use is left out.
    """
    params = {**_issue_params(t, issue), "field": _issue_field(t, issue.field, in_form)}
    if "question" in issue.params:
        params["question"] = _issue_field(t, str(issue.params["question"]), in_form)
    return t(f"error.{issue.code}", **params)


def _issue_field(t: Translator, field: str, in_form: bool) -> str:
    if field in QUESTIONS:
        return field_label(t, field) if in_form else t("word.named_field", label=field_label(t, field), id=field)
    return t(f"word.{field}") if field in FILE_FIELDS else field


def _issue_params(t: Translator, issue: Issue) -> dict[str, object]:
    """Limits as numbers; where the question is a share, both value and limit as percent."""
    params = dict(issue.params)
    is_share = issue.field in QUESTIONS and QUESTIONS[issue.field].unit.startswith("fraction")
    for name, value in params.items():
        if is_share and issue.code in LIMIT_CODES:
            params[name] = _as_percent(t, value)
        elif name == "kind":
            params[name] = t(f"word.log.{value}")
        elif name == "results":
            params[name] = t(f"page.results.kind.{value}")
        elif name == "asked":
            params[name] = t.unit(str(value), str(issue.params["currency"]))
        elif isinstance(value, datetime):
            params[name] = t.moment(value)
        elif name == "fault" and str(value).startswith(PREFIX):
            params[name] = _system_fault(t, str(value).removeprefix(PREFIX))
        elif name in COUNT_PARAMS and isinstance(value, int):
            params[name] = t.number(value, 0)
        elif name in LIMIT_PARAMS and isinstance(value, int | float):
            params[name] = t.percent(value) if is_share else t.number(float(value))
    return params


def _system_fault(t: Translator, kind: str) -> str:
    return t("system_fault.number", number=kind) if kind.isdigit() else t(f"system_fault.{kind}")


def _as_percent(t: Translator, value: object) -> object:
    """``0.2`` as ``20%``; a text too long to have been kept whole stays as it is."""
    try:
        return t.value(float(str(value)), "fraction", PRICE_CURRENCY)
    except ValueError:
        return value


def error_text(t: Translator, error: InputError) -> str:
    """Every fault of the input, a line each."""
    return "\n".join(issue_text(t, issue) for issue in error.issues)


def metric_text(t: Translator, metrics: Metrics, name: str, currency: str) -> str:
    """A metric with its unit; where there is no number, the words that say why."""
    value, metric = getattr(metrics, name), METRICS[name]
    if metric.unit == "money":
        return t.money(value, currency)
    if metric.unit == "months":
        status = getattr(metrics, metric.status) if metric.status else ("ok" if value is not None else "nothing_saved")
        return t.months(value) if value is not None and status in ("ok", "reversed_later") else t(f"status.{status}")
    if value is None:
        return t(f"status.{getattr(metrics, metric.status) if metric.status else WITHOUT[metric.unit]}")
    if name == "irr" and value > LARGEST_IRR:
        return t("status.above", value=t.percent(LARGEST_IRR))
    if metric.unit in ("fraction", "fraction/year"):
        share = t.percent(value, 1)
        return share if metric.unit == "fraction" else with_number(t("unit.fraction/year.value", value=share), share)
    if metric.unit == "money/request":  # its name says of what
        return t.money(value, currency)
    return t.value(least_whole(value) if metric.unit == "requests/day" else value, metric.unit, currency)


def assumption_text(t: Translator, row: Assumption, currency: str) -> str:
    """Value and unit of an assumption."""
    return t.value(row.value, row.unit, currency)


def with_announced(t: Translator, row: Assumption, currency: str) -> str:
    """Value and unit of an assumption, with what it will be on later days as announced by now."""
    found = assumption_text(t, row, currency)
    for change in row.announced:
        later = assumption_text(t, row.in_force(change.on), currency)
        found = t("word.announced", value=found, date=t.date(change.on), later=later)
    return found


def source_text(t: Translator, row: Assumption) -> str:
    """Who says so: the source's title, or that it is the user's own figure or follows from such."""
    if row.source is not None:
        return t.fact(row.source.title)
    if row.set_by == "user":
        return t("word.your_figure")
    return t("word.follows_yours") if row.kind == "yours" else t("word.unknown")


def item_text(t: Translator, item: LineItem, quantity: Number, currency: str) -> tuple[str, str, str]:
    """Name, quantity and unit price of a line item."""
    price = None if item.unit_price is None else float(item.unit_price)
    unit, amount = item.unit, float(quantity)
    if unit == "Mtok/request":
        unit, amount = "tokens/request", amount * TOKENS_PER_MTOK
    unit = "fraction" if unit == "share" else unit
    price_unit = PRICE_UNITS.get(item.unit, "money")
    shown = t.number(amount) if item.category == "other" and unit == "fraction" else t.value(amount, unit, currency)
    return t(f"item.{item.id}"), shown, t.value(price, price_unit, currency)


def sale_text(t: Translator, e: Economics, currency: str) -> str:
    """What GPUs that were bought bring in the last month, which no steady month shows; empty where none are sold."""
    sold = [
        -float(as_array(item.cost)[-1])
        for item in e.tuned.line_items
        if item.id == "card_sale" and item.cost is not None
    ]
    income = sum(sold)
    return t("report.sale", month=t.number(len(e.months)), money=t.money(income, currency)) if income > 0 else ""


def notices_of(assessment: Assessment, severity: str) -> tuple[Notice, ...]:
    """Notices of one severity."""
    return tuple(n for n in assessment.notices if n.severity == severity)
