"""The result as plain text for a terminal."""

import unicodedata
from collections.abc import Iterable, Sequence

from advisor.catalog.presets import PresetRecord
from advisor.core.places import UPDATE_PRICES
from advisor.core.records import METRICS, Assumption, Metrics
from advisor.costs.sign_off import SignOff
from advisor.decision.advice import Advice
from advisor.decision.bridge import Step
from advisor.decision.examination import UNEXAMINED, Examination
from advisor.decision.old_prices import TOLD_OF_OLD_PRICES
from advisor.evidence.kept_actuals import shown_again
from advisor.report import results, sign_off
from advisor.report.case import memo_of
from advisor.text import risk_phrases
from advisor.text.headline_phrases import chance_text, headline_cards, headline_text
from advisor.text.i18n import Translator
from advisor.text.ladder_phrases import ladder_lines, quick_rule_text, unsettled_text
from advisor.text.memo_phrases import ask_of, beside_ask, step_rows, step_text
from advisor.text.phrases import (
    case_title,
    field_label,
    item_text,
    least_whole,
    metric_text,
    notice_text,
    notices_of,
    source_text,
    verdict_label,
    with_announced,
)

SHOWN = (
    "investment",
    "monthly_savings",
    "savings_against_today",
    "payback_months",
    "annual_roi",
    "discounted_payback_months",
    "steady_payback_months",
    "npv",
    "npv_against_today",
    "irr",
    "roi_horizon",
    "npv_with_exit",
    "current_cost_per_request",
    "baseline_cost_per_request",
    "tuned_cost_per_request",
    "tuned_cost_per_success",
)
NAMED = ("prepared_for", "prepared_by", "company")
MONTH_DIGITS = 3
SEVERITIES = (("warning", "!"), ("info", "-"))

Rows = Iterable[Sequence[str]]


def render_text(
    advice: Advice,
    t: Translator,
    walk: Sequence[Step] = (),
    preset: PresetRecord | None = None,
    examined: Examination = UNEXAMINED,
    signed: SignOff | None = None,
) -> str:
    """The result for a reader at a terminal, ending in a newline; ``preset`` is the one the case came from.

    ``signed`` is what was decided at its stage gates.
    """
    notes = [("-", t.fact(note)) for note in preset.notes] if preset else []
    sections = [
        _head(advice, t, preset),
        _verdict(advice, t, preset, examined),
        *_challenged(examined, advice.assessment.assumptions.currency, t),
        _sign_off(signed, advice.assessment.assumptions.currency, t),
        _actuals(advice, t),
        _money(advice, t, preset),
        _items(advice, t),
        _walk(walk, t, advice.assessment.assumptions.currency),
        _list(t("cli.notes"), notes, " "),
        _notices(advice, t),
        _ledger(advice, t),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def columns(rows: Rows, gap: str = "  ") -> list[str]:
    """Lines of left-aligned columns; a Chinese character is two wide."""
    table = [[str(cell) for cell in row] for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(*table, strict=True)]
    return [
        gap.join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def width(text: str) -> int:
    """Columns that ``text`` takes in a terminal."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1 for c in text
    )


def _list(title: str, rows: Sequence[Sequence[str]], gap: str = "  ") -> str:
    return "\n".join([title, *(f"  {line}" for line in columns(rows, gap))]) if rows else ""


def _head(advice: Advice, t: Translator, preset: PresetRecord | None) -> str:
    a = advice.assessment.assumptions
    facts = t("cli.facts", date=t.date(a.on), currency=a.currency, catalog=a.catalog_version[:12])
    title = case_title(advice.scenario, preset, t)
    given = ((name, getattr(advice.scenario, name)) for name in NAMED)
    named = [t("report.named", name=field_label(t, name), value=value) for name, value in given if value]
    return "\n".join([title, facts, *named])


def _verdict(advice: Advice, t: Translator, preset: PresetRecord | None, examined: Examination) -> str:
    said, currency = advice.recommendation, advice.assessment.assumptions.currency
    memo = memo_of(advice)
    lines = [verdict_label(t, said).upper(), ask_of(memo, t).sentence]
    lines += [sentence] if (sentence := beside_ask(memo, t)) else []
    lines += [f"  - {notice_text(t, reason, currency)}" for reason in (*said.reasons, *said.advice)]
    found, a = advice.headline, advice.assessment.assumptions
    steps = step_rows(memo, t)
    entered = preset is not None and preset.article is not None
    if found is not None and found.serves:
        lines += [f"  - {text}" for text in (headline_text(found, currency, t), chance_text(found, t))]
    deciding = [] if found is None else headline_cards(found, a, t, entered=entered)
    baseline = t(f"option.{advice.assessment.assumptions.baseline}")
    numbered = [
        f"  {k}. {t('report.step', title=step.title, text=step_text(step, currency, t))}"
        for k, step in enumerate(steps, start=1)
    ]
    views = [
        (t("cli.baseline"), baseline),
        (t("cli.rule"), t("report.named", name=said.rule, value=t(f"rule.{said.rule}.label"))),
    ]
    beside = [quick_rule_text(said.matrix, examined.ladder, t, volume_known=a.knows("daily_requests"))]
    if said.calculator is not None:
        beside.append(t("quick_rule.calculator", verdict=t(f"verdict.{said.calculator}.label")))
    parts = ["\n".join(lines), _list(t("cli.deciding"), deciding)]
    parts.append("\n".join([t("cli.views"), *(f"  {line}" for line in (*columns(views), *beside))]))
    parts.append("\n".join([t("page.answer.next"), *numbered]) if numbered else "")
    return "\n\n".join(part for part in parts if part)


def _sign_off(found: SignOff | None, currency: str, t: Translator) -> str:
    """Where the project stands, each gate with its record, and what is missing in it."""
    if found is None:
        return ""
    said = [sign_off.headline(found, t), sign_off.money_text(found, t, currency), *sign_off.remarks(found, t)]
    heads, rows = sign_off.sign_off_table(found, t, currency)
    lines = [*(f"  - {text}" for text in said), *(f"  {line}" for line in columns([heads, *rows]))]
    return "\n".join([t("sign_off.heading"), *lines])


def _actuals(advice: Advice, t: Translator) -> str:
    """The months after the launch beside the plan, where the case keeps them."""
    record = advice.scenario.actuals
    if record is None:
        return ""
    found, day = shown_again(record), t.date(record.compared_on)
    said = [t("actuals.from", date=day, file=record.file, currency=record.currency)]
    said += results.actuals_sentences(found, t)
    said += [notice_text(t, notice, record.currency) for notice in found.notices]
    heads, rows = results.bridge_table(found, t)
    lines = [*(f"  - {text}" for text in said), *(f"  {line}" for line in columns([heads, *rows]))]
    return "\n".join([t("actuals.heading"), *lines])


def _challenged(examined: Examination, currency: str, t: Translator) -> tuple[str, ...]:
    """What would change the verdict, the verdict at each volume, and what speaks against it."""
    reached = [risk_phrases.switching_text(switch, currency, t) for switch in examined.turning]
    facts = [risk_phrases.fact_text(known, currency, t) for known in examined.facts]
    changes = [*facts, *reached, *(risk_phrases.finding_text(finding, t) for finding in examined.findings)]
    if examined.switching_values and not reached:
        changes.append(t("ui.switching.none"))
    against = [notice_text(t, argument.says, currency) for argument in examined.arguments]
    turns = [] if examined.ladder is None else [*ladder_lines(examined.ladder, t), unsettled_text(examined.ladder, t)]
    return (
        _list(t("page.answer.switching"), [("-", text) for text in changes], " "),
        _list(t("cli.ladder"), [("-", text) for text in turns if text], " "),
        _list(t("page.answer.counter"), [("-", text) for text in against], " "),
    )


def _metric(t: Translator, metrics: Metrics, name: str, currency: str) -> tuple[str, str]:
    """Label and figure; a time in months also to three digits."""
    text, value = metric_text(t, metrics, name, currency), getattr(metrics, name)
    if METRICS[name].unit == "months" and value is not None:
        text = f"{text} ({t.number(value, MONTH_DIGITS)})"
    return t(f"metric.{name}.label"), text


def _money(advice: Advice, t: Translator, preset: PresetRecord | None) -> str:
    """Every figure as entered; beside an article's case the volumes that it names, which others have on the ladder."""
    metrics, currency = advice.assessment.metrics, advice.assessment.assumptions.currency
    if metrics is None:
        missing = t("word.comma").join(t(f"item.{item}") for item in advice.assessment.missing)
        return f"{t('cli.figures')}\n  {t('cli.no_figures', items=missing)}"
    rows = [_metric(t, metrics, name, currency) for name in SHOWN]
    if preset is not None and preset.article is not None:
        for months, requests in metrics.band_requests.items():
            known = None if requests is None else t.value(least_whole(requests), "requests/day", currency)
            rows.append((t("cli.band", months=t.months(months, 0)), known or t("cli.no_volume")))
    return _list(t("cli.figures"), rows)


def _items(advice: Advice, t: Translator) -> str:
    """What makes up the investment; parts that cost nothing are left out."""
    economics, currency = advice.assessment.economics, advice.assessment.assumptions.currency
    if economics is None:
        return ""
    rows = []
    for item in economics.tuned.line_items:
        if item.frequency == "one_time" and item.cost:
            cost = float(item.cost)
            rows.append((*item_text(t, item, item.quantity, currency), t.money(cost, currency)))
    head = tuple(t(f"cli.column.{name}") for name in ("item", "quantity", "unit_price", "cost"))
    return _list(t("cli.investment"), [head, *rows] if rows else [])


def _walk(walk: Sequence[Step], t: Translator, currency: str) -> str:
    if not walk:
        return ""
    names = ("investment", "monthly_savings", "npv", "payback_months")
    rows = [(t("cli.column.step"), *(t(f"metric.{name}.label") for name in names))]
    for step in walk:
        money = (t.money(getattr(step, name), currency) for name in names[:3])
        rows.append((t(f"walk.{step.id}.label"), *money, _payback(t, step)))
    return _list(t("cli.walk"), rows)


def _payback(t: Translator, step: Step) -> str:
    if step.payback_months is not None:
        return f"{t.months(step.payback_months)} ({t.number(step.payback_months, MONTH_DIGITS)})"
    return t("word.unknown") if step.payback_status == "unknown" else t(f"status.{step.payback_status}")


def _notices(advice: Advice, t: Translator) -> str:
    currency = advice.assessment.assumptions.currency
    rows = [
        (sign, notice_text(t, n, currency)) for name, sign in SEVERITIES for n in notices_of(advice.assessment, name)
    ]
    if any(notice.code in TOLD_OF_OLD_PRICES for notice in advice.assessment.assumptions.notices):
        rows.append(("-", t("cli.newer_prices", command=UPDATE_PRICES)))
    return _list(t("cli.notices"), rows, " ")


def _ledger(advice: Advice, t: Translator) -> str:
    a = advice.assessment.assumptions
    head = tuple(t(f"cli.column.{name}") for name in ("assumption", "id", "value", "kind", "date", "source"))
    rows = [(field_label(t, row.id), row.id, *_provenance(row, t, a.currency)) for row in a.values()]
    return _list(t("cli.assumptions"), [head, *rows])


def _provenance(row: Assumption, t: Translator, currency: str) -> tuple[str, str, str, str]:
    """Value, kind, day and source; of what nobody knows there is only that."""
    if row.value is None:
        return t("word.unknown"), "", "", ""
    day = row.effective or (row.source.retrieved if row.source else None)
    return with_announced(t, row, currency), t(f"kind.{row.kind}"), t.date(day), source_text(t, row)
