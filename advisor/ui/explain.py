"""A figure that explains itself: behind its tile a panel with the formula, this case's numbers, and its inputs.

The panel is the browser's own popover: it opens without a run of the script, by click or key, and Escape closes it.
What it shows travels as an attribute of the tile and becomes part of the page only when it is opened, which a slider
that redraws the tiles need not wait for; an input that several figures rest on travels once. All of it is written here,
and every text in it escaped.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape

from advisor.core.records import Assumption
from advisor.decision.advice import Advice
from advisor.evidence.method import Formula, steps
from advisor.evidence.method.explanations import Explainer, Explanation
from advisor.evidence.method.html import html, words_html
from advisor.risk.headline import Figure, Headline
from advisor.scenario import QUESTIONS, role_of
from advisor.text.headline_phrases import FigureCard
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, metric_text, source_text, with_announced
from advisor.ui import fields, layout, state

NEAREST = 5
"""Inputs that a panel lists itself; the others stand in one list for all figures of the page."""
ENTERED: Mapping[str, str] = {
    "payback": "payback_months",
    "npv": "npv",
    "savings": "monthly_savings",
    "investment": "investment",
    "roi": "roi_horizon",
}
"""The figure as entered that belongs to each of the headline."""
FIELD_OF: Mapping[str, str] = {"savings": "monthly_savings"}
"""The headline's own name of a figure, where its card is called otherwise."""
AVERAGED = ("npv",)
"""Figures whose card shows the mean of the futures and not their middle."""
RATE, RATES = "exchange_rate_", "exchange_rates"

STYLE = """<style>
.figures > div:has(> button) {padding: 0}
.figures button.tile {all: unset; box-sizing: border-box; display: flex; flex-direction: column; width: 100%;
  height: 100%; padding: .6rem .8rem; border-radius: .5rem; cursor: pointer}
.figures button.tile:hover {background: color-mix(in srgb, currentColor 7%, transparent)}
.figures button.tile:focus-visible {outline: 2px solid light-dark(#0b5cad, #66b2ff)}
.figures button.tile .name {display: flex; justify-content: space-between; gap: .4rem}
.figures button.tile .name::after {content: "?" / ""; flex: none; width: 1.1rem; height: 1.1rem;
  border: 1px solid; border-radius: 50%; font-size: .75rem; line-height: 1.1rem; text-align: center; opacity: .75}
.why {box-sizing: border-box; width: min(44rem, 100vw - 2rem); max-height: min(44rem, 100dvh - 3rem); overflow: auto;
  padding: 1rem 1.2rem; border: 1px solid color-mix(in srgb, currentColor 35%, transparent); border-radius: .6rem;
  color: inherit; background: light-dark(#ffffff, #1d232c); line-height: 1.5}
.why::backdrop {background: rgb(0 0 0 / 35%)}
.why a {color: light-dark(#0b5cad, #66b2ff)}
.why p {margin: .5rem 0}
.why .head {display: flex; justify-content: space-between; gap: 1rem; align-items: start; font-size: 1.15rem}
.why button {font: inherit; font-size: .95rem; color: inherit; background: none; border: 1px solid;
  border-radius: .4rem; padding: .15rem .6rem; cursor: pointer; min-height: 1.8rem; flex: none; align-self: start}
.why .worked {font-family: "KaTeX_Main", "Times New Roman", serif; font-size: 1.08rem; overflow-wrap: anywhere;
  margin: .3rem 0; padding-left: .8rem; border-left: 3px solid color-mix(in srgb, currentColor 25%, transparent)}
.why .over {text-decoration: overline}
.why .part {font-weight: 650; margin-top: .9rem}
.why ul {margin: .3rem 0; padding: 0; list-style: none}
.why li {padding: .35rem 0; border-top: 1px solid color-mix(in srgb, currentColor 15%, transparent)}
.figures .why li .value, .why li .value {font-weight: 650; font-size: inherit}
</style>"""


HOST, ALL = "why-panel", "why-all"
"""The places of the page that show a panel, and every input."""


class Panels:
    """The panels of one advice in one language; each formula is worked once."""

    def __init__(self, advice: Advice, t: Translator) -> None:
        self._explainer = Explainer(advice, state.catalog().rules, t)
        self._currency, self._t = advice.assessment.assumptions.currency, t
        self._metrics = advice.assessment.metrics

    def told_first(self, cards: Iterable[FigureCard], found: Headline) -> str:
        """The tiles of the headline."""
        return "".join(self._first(name, card, found) for name, card in zip(found.told_first, cards, strict=True))

    def metric(self, name: str, label: str, value: str) -> str:
        """The tile of a figure as entered; a plain one where the case has no formula for it."""
        card = FigureCard(label, value, self._t("ui.as_entered"))
        return self._tile(name, card, self._explainer.metric(name), "")

    def hosts(self) -> str:
        """Where the page shows a panel and, of all figures, every input: those of the net present value."""
        found = self._explainer.told_first("npv")
        rows = "".join(_input(row, self._currency, self._t) for row in found.inputs) if found else ""
        content = f"{self._head(ALL, self._t('why.all_inputs'), '')}<ul>{rows}</ul>"
        return STYLE + _host(HOST) + _host(ALL, f' data-why="{escape(content)}"')

    def _first(self, name: str, card: FigureCard, found: Headline) -> str:
        said = self._drawn(name, found) if found.serves else ""
        return self._tile(f"first-{name}", card, self._explainer.told_first(name), said)

    def _future(self, value: float | None, unit: str) -> str:
        """A figure of the simulated futures as its card writes it; a payback may be in none of the months."""
        t = self._t
        if unit == "months":
            return t("status.not_within_horizon") if value is None else t.months(value)
        if unit == "fraction":
            return t("status.no_investment") if value is None else t.percent(value)
        return t.money(value, self._currency)

    def _drawn(self, name: str, found: Headline) -> str:
        """How the shown figure comes about, beside what the formula gives with every number as entered."""
        t, metrics, metric = self._t, self._metrics, ENTERED[name]
        entered = t("word.unknown") if metrics is None else metric_text(t, metrics, metric, self._currency)
        figure: Figure = getattr(found, FIELD_OF.get(name, name))
        middle, key = (figure.mean, "mean") if name in AVERAGED else (figure.p50, "middle")
        low, value, high = (self._future(end, figure.unit) for end in (figure.p10, middle, figure.p90))
        said = t(f"why.drawn.{name}", value=value, count=t.number(found.draws), entered=entered)
        cells = {"low": low, key: value, "high": high, "entered": entered}
        told = "".join(layout.card(t(f"why.beside.{place}"), shown) for place, shown in cells.items())
        way = _to_method("percentiles", t("why.range"))
        title = f'<p class="small">{escape(t(f"metric.{metric}.label"))}</p>'
        return f'<p>{layout.unbroken(said)} {way}</p>{title}<div class="figures">{told}</div>'

    def _tile(self, name: str, card: FigureCard, found: Explanation | None, said: str) -> str:
        if found is None:
            return layout.card(*card)
        small = f'<span class="small">{layout.unbroken(card.small)}</span>' if card.small else ""
        face = f'<span class="name">{escape(card.label)}</span><span class="value">{layout.unbroken(card.value)}</span>'
        opens = f'popovertarget="{HOST}" data-figure="{name}" data-why="{escape(self._panel(card, found, said))}"'
        return f'<div><button type="button" class="tile" {opens}>{face}{small}</button></div>'

    def _panel(self, card: FigureCard, found: Explanation, said: str) -> str:
        nearest = " ".join(row.id for row in found.inputs[:NEAREST])
        entered = f"<p>{escape(self._t('why.entered'))}</p>" if said else ""
        more = f'<p><button type="button" popovertarget="{ALL}">{escape(self._t("why.all_inputs"))}</button></p>'
        return (
            f"{self._head(HOST, card.label, card.value)}{said}"
            f"{''.join(map(self._formula, found.formulas[:-1]))}{entered}{self._formula(found.formulas[-1])}"
            f'<p class="part">{escape(self._t("why.inputs" if found.deciding else "why.inputs_plain"))}</p>'
            f'<ul data-rows="{nearest}"></ul>{more if len(found.inputs) > NEAREST else ""}'
        )

    def _head(self, place: str, title: str, value: str) -> str:
        shown = f'<span><b id="{place}-title">{escape(title)}</b> {layout.unbroken(value)}</span>'
        shut = f'<button type="button" popovertarget="{place}" popovertargetaction="hide">'
        return f'<div class="head">{shown}{shut}{escape(self._t("why.close"))}</button></div>'

    def _formula(self, formula: Formula) -> str:
        lines = "".join(f'<p class="worked">{html(line)}</p>' for line in (formula.symbols, *steps(formula.worked)))
        way = _to_method(formula.id, self._t("why.method"))
        title = f'<p class="part">{escape(formula.title)}</p>'
        return f'{title}<p class="small">{words_html(formula.words)}</p>{lines}<p class="small">{way}</p>'


def _host(place: str, content: str = "") -> str:
    return f'<div popover id="{place}" class="why" role="dialog" aria-labelledby="{place}-title"{content}></div>'


@lru_cache(2048)
def _input(row: Assumption, currency: str, t: Translator) -> str:
    """An input: name, value, the way to change it, whose and what kind of number it is, its source and date.

    Remembered, since a slider changes one of them and dates and numbers take long to write.
    """
    label, value = field_label(t, row.id), with_announced(t, row, currency)
    if isinstance(row.value, str):
        value = fields.option_text(row.id, row.value)
    said = [t(f"set_by.{row.set_by}"), *([] if row.kind == "yours" else [t(f"kind.{row.kind}")])]
    role = role_of(row.id)
    said += [t(f"why.role.{role}")] if role else []
    is_unsourced = row.set_by == "user" and row.source is None
    behind = layout.unbroken(" \u00b7 ".join(said)) + ("" if is_unsourced else _source(row, t))
    return (
        f'<li data-row="{row.id}">{escape(label)} <span class="value">{layout.unbroken(value)}</span> '
        f'{_change(row, label, t)}<br><span class="small">{behind}</span></li>'
    )


def _source(row: Assumption, t: Translator) -> str:
    day = row.effective or (row.source.retrieved if row.source else None)
    shown = layout.unbroken(t("why.source", source=source_text(t, row), date=t.date(day)))
    url = row.source.url if row.source else None
    return f' \u00b7 <a href="{escape(url)}" target="_blank" rel="noopener">{shown}</a>' if url else f" \u00b7 {shown}"


def _change(row: Assumption, label: str, t: Translator) -> str:
    """The way to the field, on the page that asks the case."""
    name = RATES if row.id.startswith(RATE) else row.id
    if name not in QUESTIONS:
        return ""
    said = t("why.change")
    return f'<a class="way" href="./?field={name}" aria-label="{escape(f"{said}: {label}")}">{escape(said)}</a>'


def _to_method(formula: str, words: str) -> str:
    return f'<a class="way" href="method#formula-{formula}">{escape(words)}</a>'


@lru_cache(8)
def panels(advice: Advice, t: Translator) -> Panels:
    """The panels of an advice, kept while a page is drawn again without a change."""
    return Panels(advice, t)
