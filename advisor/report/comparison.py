"""Cases side by side in words and tables, the same on the page, on the command line and on paper."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from advisor import __version__
from advisor.catalog.catalog import Catalog
from advisor.charts.comparison import bridge_alt, build_bridge_chart, build_compared_cash_chart, compared_cash_alt
from advisor.decision.advice import Advice
from advisor.decision.comparison import Bridge, CaseComparison, Change
from advisor.report.case import CHART_WIDTH
from advisor.report.charts_svg import chart_to_svg
from advisor.report.document import Block, Chart, Column, Document, Heading, Note, Paragraph, Table
from advisor.report.kept_compared import ComparedRevision, frozen_rows
from advisor.report.sections.ledger import value_text
from advisor.risk.headline import Headline
from advisor.text.headline_phrases import chance_text, payback_text
from advisor.text.i18n import Translator
from advisor.text.number_text import signed
from advisor.text.phrases import bill_money, field_label, option_name, verdict_label

FAN_HEIGHT = 150
Cells = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""Headings, and rows of cells."""


def distinct(names: Sequence[str]) -> list[str]:
    """The names, with a number behind one that stood before."""
    return [f"{name} ({k})" if (k := names[: at + 1].count(name)) > 1 else name for at, name in enumerate(names)]


def currency_of(found: CaseComparison) -> str:
    return found.advices[0].assessment.assumptions.currency


def is_drawn(found: CaseComparison) -> bool:
    """Whether every case has simulated futures to draw."""
    return all(advice.simulation is not None for advice in found.advices)


# --- Figures --------------------------------------------------------------------------------------


Kept = Sequence[ComparedRevision | None]
"""For each case the kept revision that it is; ``None`` for another one, and nothing at all where none is kept."""


def figures_table(found: CaseComparison, names: Sequence[str], t: Translator, kept: Kept = ()) -> Cells:
    """Verdict and the figures told first of each case, and by how much each other differs from the first.

    Below them what was frozen of a kept one that does not come out so again.
    """
    heads = (t("compare.column.figure"), *names, *_difference_heads(names, t))
    rows = [_row(t("compare.figure.verdict"), [verdict_label(t, a.recommendation) for a in found.advices], found)]
    rows.append(_row(t("compare.figure.chance"), [_chance(a, t) for a in found.advices], found))
    rows.append(_payback_row(found, t))
    for name in ("npv", "npv_low", "npv_high", "savings", "investment"):
        rows.append(_money_row(name, found, t))
    rows.append(_row(t("compare.figure.without"), [_without(a, t) for a in found.advices], found))
    rows += [_row(label, cells, found) for label, cells in frozen_rows(kept, t)]
    return heads, tuple(rows)


def notes_of_kept(kept: Kept) -> list[str]:
    """How each kept revision stands among the others."""
    return [each.says for each in kept if each is not None]


def _difference_heads(names: Sequence[str], t: Translator) -> tuple[str, ...]:
    if len(names) == 2:
        return (t("compare.column.difference"),)
    return tuple(t("compare.column.difference_of", case=name) for name in names[1:])


def _row(label: str, cells: Sequence[str], found: CaseComparison, differences: Sequence[str] = ()) -> tuple[str, ...]:
    return (label, *cells, *(differences or [""] * (len(found.advices) - 1)))


def _chance(advice: Advice, t: Translator) -> str:
    return t("word.unknown") if advice.headline is None else chance_text(advice.headline, t)


def _without(advice: Advice, t: Translator) -> str:
    return option_name(t, advice.assessment.assumptions.baseline)


def _payback_row(found: CaseComparison, t: Translator) -> tuple[str, ...]:
    told = [advice.headline for advice in found.advices]
    cells = [t("word.unknown") if h is None else payback_text(h.payback, h, t) for h in told]
    months = [None if h is None else h.payback.p50 for h in told]
    first, *others = months
    differences = ["" if first is None or m is None else _signed_months(m - first, t) for m in others]
    return _row(t("headline.card.payback"), cells, found, differences)


def _signed_months(months: float, t: Translator) -> str:
    return signed(t.months(months), months)


def _money_row(name: str, found: CaseComparison, t: Translator) -> tuple[str, ...]:
    currency = currency_of(found)
    amounts = [None if a.headline is None else _amount(name, a.headline) for a in found.advices]
    first, *others = amounts
    differences = ["" if first is None or x is None else _difference(x - first, currency, t) for x in others]
    return _row(t(f"compare.figure.{name}"), [t.money(x, currency) for x in amounts], found, differences)


def _difference(amount: float, currency: str, t: Translator) -> str:
    """An amount beside others that it is the difference of, to the cent at most."""
    return signed(bill_money(t, amount, currency), amount)


def _amount(name: str, found: Headline) -> float | None:
    """A figure told first, of those with an amount [money]."""
    return {
        "npv": found.npv.mean,
        "npv_low": found.npv.p10,
        "npv_high": found.npv.p90,
        "savings": found.monthly_savings.p50,
        "investment": found.investment.p50,
    }[name]


def figures_note(t: Translator) -> str:
    """What the figures and their differences are counted against."""
    return t("word.sentences", first=t("compare.figures.note"), second=t("word.rounding"))


# --- Costs and assumptions ------------------------------------------------------------------------


def costs_table(found: CaseComparison, names: Sequence[str], t: Translator) -> Cells:
    """What is paid once and in a steady month, line by line; a line that a case has not is empty there."""
    heads = (t("report.column.item"), *names, *_difference_heads(names, t))
    ledgers = [_costs(advice) for advice in found.advices]
    rows = []
    for key in dict.fromkeys(key for ledger in ledgers for key in ledger):
        amounts = [ledger.get(key) for ledger in ledgers]
        if any(amounts):
            rows.append(_cost_row(key, amounts, found, t))
    return heads, tuple(rows)


def _costs(advice: Advice) -> dict[tuple[str, str], float]:
    """Amounts by what they are of (once, or of one of the two options in a month) and their item [money]."""
    e = advice.assessment.economics
    if e is None:
        return {}
    once = {("once", item.id): float(item.cost or 0) for item in e.tuned.line_items if item.frequency == "one_time"}
    keep = {("keep", item): float(cost) for item, cost in e.baseline.steady_costs.items()}
    return {**once, **keep, **{("tuned", item): float(cost) for item, cost in e.tuned.steady_costs.items()}}


def _cost_row(
    key: tuple[str, str], amounts: Sequence[float | None], found: CaseComparison, t: Translator
) -> tuple[str, ...]:
    group, item = key
    currency = currency_of(found)
    label = t(f"compare.cost.{group}", item=t(f"item.{item}"))
    first, *others = amounts
    changes = [(x or 0.0) - (first or 0.0) for x in others]
    differences = [_difference(change, currency, t) for change in changes]
    return (label, *("" if x is None else bill_money(t, x, currency) for x in amounts), *differences)


def assumptions_table(found: CaseComparison, names: Sequence[str], catalog: Catalog, t: Translator) -> Cells:
    """Every number that is not the same in all cases; those that only follow from others are marked."""
    heads = (t("report.column.assumption"), *names, t("compare.column.whose"))
    currency = currency_of(found)
    rows = []
    for each in found.differences:
        whose = t("compare.answered" if each.is_answer else "compare.follows")
        values = (t("compare.unused") if row is None else value_text(row, catalog, currency, t) for row in each.rows)
        rows.append((field_label(t, each.id), *values, whose))
    return heads, tuple(rows)


# --- The bridge -----------------------------------------------------------------------------------


def bridge_rows(bridge: Bridge, first: str, other: str, t: Translator) -> tuple[tuple[str, float], ...]:
    """Words and amounts: the first case, each change, the other case."""
    start, end = t("compare.bridge.case", case=first), t("compare.bridge.case", case=other)
    return ((start, bridge.start), *((_change(c, t), c.amount) for c in bridge.changes), (end, bridge.end))


def _change(change: Change, t: Translator) -> str:
    names = [field_label(t, name) for name in change.ids]
    if len(names) > 2:
        return t("compare.bridge.others", len(names), count=len(names))
    return t("word.comma").join(names)


def bridge_table(bridge: Bridge, names: tuple[str, str], currency: str, t: Translator) -> Cells:
    """The same as a table, to the cent."""
    (first, start), *changes, (last, end) = bridge_rows(bridge, *names, t)
    rows = [(first, t.money(start, currency, 2))]
    rows += [(words, signed(t.money(amount, currency, 2), amount)) for words, amount in changes]
    return (t("compare.column.change"), t("chart.axis.npv")), (*rows, (last, t.money(end, currency, 2)))


# --- On paper -------------------------------------------------------------------------------------


def build_comparison(
    found: CaseComparison, names: Sequence[str], catalog: Catalog, t: Translator, kept: Kept = ()
) -> Document:
    """The comparison as a document for any renderer."""
    a = found.advices[0].assessment.assumptions
    blocks: list[Block] = [_table(figures_table(found, names, t, kept)), Note(figures_note(t))]
    blocks += [Note(said) for said in notes_of_kept(kept)]
    if is_drawn(found):
        chart = build_compared_cash_chart(found.advices, names, t).properties(width=CHART_WIDTH, height=FAN_HEIGHT)
        alt = compared_cash_alt(found.advices, names, t)
        blocks.append(Chart(chart_to_svg(chart, t.language), t("compare.chart.title"), alt))
    for other, bridge in zip(names[1:], found.bridges, strict=True):
        blocks.append(Heading(t("compare.heading.bridge", first=names[0], other=other)))
        blocks += _bridge(bridge, (names[0], other), a.currency, t)
    costs = _table(costs_table(found, names, t))
    blocks += [Heading(t("compare.heading.costs")), replace(costs, note=t("word.rounding"))]
    blocks += [
        Heading(t("compare.heading.assumptions")),
        _table(assumptions_table(found, names, catalog, t), text=True),
    ]
    return Document(
        title=t("compare.title", cases=t("compare.and").join(names)),
        subtitle=t("report.subtitle", date=t.date(a.on), currency=a.currency),
        language=t.language,
        author=t("app.title"),
        date=a.on,
        footer=t("report.footer", product=t("app.title"), version=__version__, catalog=a.catalog_version),
        blocks=tuple(blocks),
        labels={"page": t("report.page", page="{page}", pages="{pages}")},
    )


def _bridge(bridge: Bridge | None, names: tuple[str, str], currency: str, t: Translator) -> list[Block]:
    if bridge is None:
        return [Paragraph(t("compare.bridge.unknown"))]
    rows = bridge_rows(bridge, *names, t)
    chart = build_bridge_chart(rows, bridge, currency, t).properties(width=CHART_WIDTH)
    alt = bridge_alt(rows, bridge, currency, t)
    return [Chart(chart_to_svg(chart, t.language), t("compare.bridge.note"), alt)]


def _table(found: Cells, *, text: bool = False) -> Table:
    """Cells beside their names; a text stands to the left."""
    heads, rows = found
    side: tuple[Column, ...] = tuple(Column(head, "left" if text else "right", 1.4) for head in heads[1:])
    return Table("", (Column(heads[0], share=2.2), *side), rows)


# --- For machines ---------------------------------------------------------------------------------


def comparison_json(found: CaseComparison, names: Sequence[str], kept: Kept = ()) -> dict[str, object]:
    """Every figure of the comparison; what is not known is null, and ``frozen`` where that is what comes out."""
    cases = [
        {
            "name": name,
            "verdict": advice.recommendation.verdict,
            "headline": None if advice.headline is None else asdict(advice.headline),
            "as_of": advice.assessment.assumptions.on.isoformat(),
            "frozen": None if revision is None else revision.frozen,
        }
        for advice, name, revision in zip(found.advices, names, kept or [None] * len(names), strict=True)
    ]
    bridges = [None if bridge is None else asdict(bridge) for bridge in found.bridges]
    differences = [
        {
            "id": each.id,
            "values": [None if row is None else row.value for row in each.rows],
            "is_answer": each.is_answer,
        }
        for each in found.differences
    ]
    return {"currency": currency_of(found), "cases": cases, "bridges": bridges, "differences": differences}
