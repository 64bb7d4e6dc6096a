"""Results as phrases of one language: shared by pages, report and command line, so that they say the same."""

from collections.abc import Mapping
from datetime import date

from advisor.i18n import Translator
from advisor.notices import InputError, Issue, Notice
from advisor.results import Assessment, Assumption, LineItem, Metrics, Number
from advisor.scenario import QUESTIONS

MONEY_PARAMS = frozenset({"investment", "budget", "gap"})
MONTH_PARAMS = frozenset({"months"})
WHOLE_PARAMS = frozenset({"requests", "days", "count", "offers", "month", "horizon", "prompt_tokens", "above_tokens"})
LIMIT_PARAMS = frozenset({"minimum", "maximum"})
LARGEST_IRR = 10.0
"""An internal rate of return above 1000 % a year says only that the investment is small."""

MONEY_METRICS = frozenset({"investment", "monthly_savings", "npv", "npv_with_exit"})
SHARE_METRICS = frozenset({"annual_roi", "irr", "roi_horizon"})
MONTH_METRICS: Mapping[str, str] = {
    "payback_months": "payback_status",
    "discounted_payback_months": "discounted_payback_status",
    "steady_payback_months": "",
}
UNIT_PRICE_METRICS = frozenset({"current_cost_per_request", "tuned_cost_per_request"})


def field_label(t: Translator, name: str) -> str:
    """Name of a question, or of an exchange rate that became an assumption."""
    if name.startswith("exchange_rate_"):
        return t("field.exchange_rate.label", currency=name.removeprefix("exchange_rate_"))
    return t(f"field.{name}.label") if name in QUESTIONS else name


def notice_text(t: Translator, notice: Notice, currency: str) -> str:
    """A notice as a sentence."""
    return t(f"notice.{notice.code}", **{k: _param(t, k, v, currency) for k, v in notice.params.items()})


def _param(t: Translator, name: str, value: object, currency: str) -> str:
    if isinstance(value, tuple):
        return t("word.comma").join(_param(t, name.removesuffix("s"), v, currency) for v in value)
    if isinstance(value, date):
        return t.date(value)
    if name in ("field", "question", "subject"):
        return field_label(t, str(value))
    if name in ("item", "verdict"):
        return t(f"{name}.{value}") if name == "item" else t(f"verdict.{value}.label")
    if isinstance(value, int | float):
        if name in MONEY_PARAMS:
            return t.money(float(value), currency)
        if name in MONTH_PARAMS:
            return t.months(float(value))
        return t.number(float(value), 0 if name in WHOLE_PARAMS else None)
    return t("word.unknown") if value is None else str(value)


def issue_text(t: Translator, issue: Issue) -> str:
    """A fault in the input as one sentence: the field's name, what is wrong, how to mend it."""
    params = {k: t.number(float(v)) if k in LIMIT_PARAMS and isinstance(v, int | float) else v for k, v in issue.params.items()}
    name = t("word.named_field", label=field_label(t, issue.field), id=issue.field) if issue.field in QUESTIONS else issue.field
    return t(f"error.{issue.code}", **{"field": name, **params})


def error_text(t: Translator, error: InputError) -> str:
    """Every fault of the input, a line each."""
    return "\n".join(issue_text(t, issue) for issue in error.issues)


def metric_text(t: Translator, metrics: Metrics, name: str, currency: str) -> str:
    """A metric with its unit; where there is no number, the words that say why."""
    value = getattr(metrics, name)
    if name in MONTH_METRICS:
        status = getattr(metrics, MONTH_METRICS[name]) if MONTH_METRICS[name] else ("ok" if value is not None else "never")
        return t.months(value) if value is not None and status in ("ok", "reversed_later") else t(f"status.{status}")
    if name in MONEY_METRICS:
        return t.money(value, currency)
    if name in UNIT_PRICE_METRICS:
        return t.value(value, "money/request", currency)
    if name == "irr" and value is None:
        return t(f"status.{metrics.irr_status}")
    if name == "irr" and value > LARGEST_IRR:
        return t("status.above", value=t.percent(LARGEST_IRR))
    if name in SHARE_METRICS:
        return t("status.no_investment") if value is None else t.percent(value, 1)
    if name == "break_even_requests":
        return t(f"status.{metrics.break_even_status}") if value is None else t.value(round(value), "requests/day", currency)
    return t.number(value)


def assumption_text(t: Translator, row: Assumption, currency: str) -> str:
    """Value and unit of an assumption."""
    unit = row.unit if "/USD" not in row.unit else "exchange"
    if unit == "exchange":
        return t("unit.plain.value", value=t.number(float(row.value)) if isinstance(row.value, float) else t("word.unknown"), unit=row.unit)
    return t.value(row.value, row.unit, currency)


def source_text(t: Translator, row: Assumption) -> str:
    """Who says so: the source's title, or that it is the user's own figure."""
    if row.set_by == "user":
        return t("word.your_figure")
    return row.source.title if row.source else t("word.unknown")


def item_text(t: Translator, item: LineItem, quantity: Number, currency: str) -> tuple[str, str, str]:
    """Name, quantity and unit price of a line item."""
    price = None if item.unit_price is None else float(item.unit_price)  # type: ignore[arg-type]
    return t(f"item.{item.id}"), t.value(float(quantity), item.unit, currency), t.money(price, currency)


def notices_of(assessment: Assessment, severity: str) -> tuple[Notice, ...]:
    """Notices of one severity."""
    return tuple(n for n in assessment.notices if n.severity == severity)
