"""Words of a kept case as it was and as it would be today, the same on the page and on the command line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from advisor.assumptions.given import unfinished_case
from advisor.catalog.catalog import Catalog
from advisor.decision.repricing import NumberThen, Repricing, reprice
from advisor.store.records import Revision
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, within

Headline = Mapping[str, Any]
"""What :func:`advisor.decision.repricing.frozen_headline` freezes."""
Cells = tuple[list[str], list[list[str]]]
"""Headings and rows."""


def repriced(revision: Revision, catalog: Catalog, on: date) -> Repricing:
    """A revision beside the same case at the prices of the day ``on``. Raises :class:`InputError`."""
    case = unfinished_case(revision.content.answers, catalog)
    return reprice(case, revision.head.headline, revision.content.prices, catalog, on)


def has_moved(found: Repricing) -> bool:
    """Whether verdict or payback is another than it was."""
    return found.turns or found.payback_moved


def verdict_text(headline: Headline, t: Translator) -> str:
    """The verdict that was frozen; one that this release does not know as it is written."""
    key = f"verdict.{headline.get('verdict')}.label"
    return t(key) if t.has(key) else str(headline.get("verdict", ""))


def payback_text(headline: Headline, t: Translator) -> str:
    """The typical payback, or why there is none."""
    if headline.get("payback") is None:
        return t("word.unknown")
    months = headline["payback"]["p50"]
    return t("status.not_within_horizon") if months is None else t.months(months)


def value_text(headline: Headline, t: Translator) -> str:
    """The mean net present value."""
    figure = headline.get("npv")
    return t("word.unknown") if figure is None else t.money(figure["mean"], headline["currency"])


def priced_on(headline: Headline) -> date | None:
    """The day of whose prices the figures are."""
    return date.fromisoformat(headline["as_of"]) if "as_of" in headline else None


def frozen_cards(headline: Headline, t: Translator) -> list[tuple[str, str, str]]:
    """Name, value and range of the figures that were frozen; nothing where no money was known."""
    if headline.get("payback") is None:
        return []
    saving = headline["monthly_savings"]["p50"] or 0.0
    label = t("headline.card.savings") if saving >= 0 else t("headline.card.extra_cost")
    currency, invested = headline["currency"], headline["investment"]["p50"]
    value_range = _range(headline["npv"], lambda x: t.money(x, currency), t)
    return [
        (t("headline.card.payback"), payback_text(headline, t), _range(headline["payback"], t.months, t)),
        (t("headline.card.npv"), value_text(headline, t), value_range),
        (label, t.money(abs(saving), currency), ""),
        (t("headline.card.investment"), t.money(invested, currency), ""),
    ]


def _range(figure: Mapping[str, float | None], shown: Callable[[float], str], t: Translator) -> str:
    low, high = figure["p10"], figure["p90"]
    return "" if low is None or high is None else t("cases.range", low=shown(low), high=shown(high))


def turn_lines(found: Repricing, t: Translator) -> Sequence[str]:
    """Whether the verdict turns, the payback then and now, and whether any number has changed."""
    old, new = (verdict_text(each, t) for each in (found.then, found.now))
    turns = t("store.verdict_turns", old=old, new=new) if found.turns else t("store.verdict_stays", verdict=new)
    old, new = (within(payback_text(each, t)) for each in (found.then, found.now))
    moves = t("store.payback_moves", old=old, new=new)
    return (turns, moves) if found.changes else (turns, moves, t("store.no_number_changed"))


def changes_table(found: Repricing, t: Translator) -> Cells:
    """Each number that changed: then, now, and where it comes from now."""
    currency = found.now["currency"]
    rows = [
        [
            field_label(t, change.id),
            _number(change.then, currency, t),
            _number(change.now, currency, t),
            t.fact((change.now or change.then or _NOTHING).source or ""),
        ]
        for change in found.changes
    ]
    return [t(f"store.column.{name}") for name in ("number", "then", "now", "source")], rows


def steps_table(found: Repricing, t: Translator) -> Cells:
    """The net present value at the old prices, after each group of prices that changed it, and what stands today."""
    steps, last = found.steps, len(found.steps) - 1
    rows = [
        [t("cases.step_then") if not k else t(f"walk.{step.id}.label"), t.money(step.npv, found.now["currency"])]
        for k, step in enumerate(steps)
        if k in (0, last) or step.npv != steps[k - 1].npv
    ]
    return [t("store.column.step"), t("store.column.npv")], rows


def by_label(names: Iterable[str], t: Translator) -> dict[str, str]:
    """Numbers of the model by their ids with their names in words, sorted by these; an unknown one is its id."""
    return dict(sorted(((name, field_label(t, name)) for name in names), key=lambda pair: pair[1].casefold()))


_NOTHING = NumberThen(None, "", "", None, None, None)


def _number(number: NumberThen | None, currency: str, t: Translator) -> str:
    return t("store.not_used") if number is None else t.value(number.value, number.unit, currency)
