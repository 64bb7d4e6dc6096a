"""The case on six slides: the same figures, words and order as the memo, in pieces that a slide has room for.

Charts are data, so that they can be edited where they are shown. Every string is translated and formatted.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from advisor import __version__
from advisor.catalog.catalog import Catalog
from advisor.charts import option_words
from advisor.charts.costs import cost_and_savings_alt, saving_words
from advisor.charts.options import options_alt
from advisor.charts.payback import payback_alt, payback_words, simulated
from advisor.charts.style import BLUE, GREEN, GREY, PINK, RED, SKY, money_of
from advisor.charts.tornado import evidence_alt
from advisor.core.records import Citation
from advisor.decision.advice import Advice
from advisor.decision.alternatives import Alternative, alike
from advisor.report.build import report_title
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Bullets, KeyFigures, Paragraph, Particulars, Table, Verdict
from advisor.report.sections.costs import costs_section
from advisor.report.sections.decision import decision_section
from advisor.report.sections.ledger import limits_section
from advisor.report.sections.risk import nearest_switches
from advisor.risk.headline import Headline
from advisor.scenario import Logo, Scenario, logo_of
from advisor.text import risk_phrases
from advisor.text.headline_phrases import break_even_text, chance_text, headline_text
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, joined, sale_text

MOST_ALTERNATIVES = 8
MOST_SWINGS = 6
MOST_SWITCHING = 3
MOST_UNKNOWN = 6
"""As many as can be read from the back of a room."""
Style = Literal["line", "dashes", "bar", "mark"]


@dataclass(frozen=True)
class Curve:
    """Points from left to right; a ``mark`` is one point with its name beside it, a ``bar`` stands on zero."""

    name: str
    points: tuple[tuple[float, float], ...]
    colour: str
    style: Style = "line"


@dataclass(frozen=True)
class CurveChart:
    """Money over months; ``alt`` says in words what it shows."""

    curves: tuple[Curve, ...]
    months: int
    x_title: str
    y_title: str
    alt: str


@dataclass(frozen=True)
class BarSeries:
    """One amount for each row of a bar chart; a colour for each, and which are hollow."""

    name: str
    values: tuple[float, ...]
    colours: tuple[str, ...]
    hollow: frozenset[int] = frozenset()


@dataclass(frozen=True)
class BarChart:
    """Money in rows, the first on top. With several series they share a row, each on its side of zero."""

    rows: tuple[str, ...]
    series: tuple[BarSeries, ...]
    x_title: str
    alt: str


Piece = Block | CurveChart | BarChart


@dataclass(frozen=True)
class Slide:
    """A title, pieces from top to bottom, and what the speaker's notes say: how to read it and where it comes from."""

    title: str
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Deck:
    """All slides of a case. ``money`` is what stands before and after an amount in its currency."""

    title: str
    author: str
    language: str
    date: datetime.date
    money: tuple[str, str]
    slides: tuple[Slide, ...]
    logo: Logo | None
    logo_alt: str


def build_deck(
    advice: Advice, catalog: Catalog, t: Translator, *, about: Scenario | None = None, link: str = ""
) -> Deck:
    """Six slides; fewer, without invented figures, where nothing is served or the money is unknown."""
    case = ReportedCase(advice, catalog, t, about, link)
    memo = {type(block): block for block in reversed(decision_section(case))}  # the first of each kind
    first = Slide(report_title(case), _present(memo, Verdict, Particulars), (t("slides.note.ask"), *_about(case)))
    last = Slide(t("report.heading.next"), _present(memo, Table), _sources(case))
    told = case.told
    before, after = t.named_money("\0", case.currency).split("\0")
    return Deck(
        title=report_title(case),
        author=told.prepared_by or told.company or t("app.title"),
        language=t.language,
        date=case.assumptions.on,
        money=(before, after),
        slides=(first, *_middle(case), last),
        logo=None if told.logo is None else logo_of(told.logo),
        logo_alt=t("memo.logo_of", company=told.company) if told.company else t("field.logo.label"),
    )


def _present(memo: dict[type, Block], *kinds: type) -> tuple[Block, ...]:
    return tuple(memo[kind] for kind in kinds if kind in memo)


def _middle(case: ReportedCase) -> tuple[Slide, ...]:
    """The slides between the ask and the next steps."""
    found = case.advice.headline
    if case.economics is None or found is None:
        return (_unknown(case),)
    if not case.serves:
        table = next(block for block in costs_section(case) if isinstance(block, Table))
        return (Slide(case.t("report.heading.costs"), (table,), _about(case)), _unknown(case))
    return (_outlook(case, found), _money(case, found), _alternatives(case), _change(case))


def _about(case: ReportedCase) -> tuple[str, ...]:
    """Which case, which data and which program the figures are of, and the way back to it."""
    t, a = case.t, case.assumptions
    version = t("memo.version", case=case.fingerprint, catalog=a.catalog_version)
    footer = t("report.footer", product=t("app.title"), version=__version__, catalog=a.catalog_version)
    return tuple(
        filter(None, (t("report.subtitle", date=t.date(a.on), currency=a.currency), version, footer, case.link))
    )


# --- How sure, and the money ----------------------------------------------------------------------


def _outlook(case: ReportedCase, found: Headline) -> Slide:
    """Three figures as ranges, the chance of payback, and the cash in the simulated futures."""
    t, risk = case.t, case.advice.risk
    figures = next(b for b in decision_section(case) if isinstance(b, KeyFigures))
    said = t("word.sentences", first=chance_text(found, t), second=headline_text(found, case.currency, t))
    drawn = () if risk is None else (risk_phrases.draws_text(risk, t),)
    notes = (payback_alt(case.advice, t), *drawn, *_about(case))
    return Slide(t("slides.sure"), (figures, Paragraph(said), _fan(case, found)), notes)


def _fan(case: ReportedCase, found: Headline) -> CurveChart:
    t, simulation = case.t, simulated(case.advice)[0]
    low, middle, high = (_points(line, 0) for line in simulation.cumulative)
    may_fail = found.chance < 1
    curves = [
        Curve(t("slides.fan.high"), high, SKY, "dashes"),
        Curve(t("chart.payback.case_if" if may_fail else "chart.payback.case"), middle, BLUE),
        Curve(t("slides.fan.low"), low, SKY, "dashes"),
    ]
    if may_fail and found.npv_if_failed.p50 is not None:
        lost = found.npv_if_failed.p50
        curves.append(Curve(t("chart.payback.failed"), ((0.0, lost), (float(len(middle) - 1), lost)), RED, "dashes"))
    curves += _back(case, found)
    axes = (t("chart.axis.months"), t("chart.axis.cumulative_cash"))
    return CurveChart(tuple(curves), len(middle) - 1, *axes, payback_alt(case.advice, t))


def _money(case: ReportedCase, found: Headline) -> Slide:
    """Training cost against inference savings, with the break-even marked."""
    t, (economics, metrics) = case.t, money_of(case.advice)
    sold = sale_text(t, economics, case.currency)
    said = joined((break_even_text(found, case.metric("payback_months"), t), sold), t)
    invested = t("chart.costs.investment", money=case.money(metrics.investment))
    baseline, tuned = economics.baseline, economics.tuned
    curves = [
        Curve(t(f"option.{baseline.id}"), _points(baseline.monthly_cost, 1), RED, "dashes"),
        Curve(t(f"option.{tuned.id}"), _points(tuned.monthly_cost, 1), BLUE),
        Curve(invested, ((0.0, metrics.investment),), PINK, "bar"),
        *_back(case, found),
    ]
    alt = cost_and_savings_alt(case.advice, t)
    chart = CurveChart(tuple(curves), len(economics.months), t("chart.axis.months"), t("chart.axis.monthly_cost"), alt)
    saving = saving_words(metrics.monthly_savings, case.currency, t)
    return Slide(t("report.heading.money"), (Paragraph(said), chart), (alt, saving, *_about(case)))


def _back(case: ReportedCase, found: Headline) -> list[Curve]:
    months = found.payback.p50
    if months is None:
        return []
    return [Curve(payback_words(case.advice, case.t), ((months, 0.0),), GREEN, "mark")]


def _points(values: NDArray[np.float64], first: int) -> tuple[tuple[float, float], ...]:
    return tuple((float(month), float(value)) for month, value in enumerate(values, first))


# --- Alternatives, and what would change it -------------------------------------------------------


def _alternatives(case: ReportedCase) -> Slide:
    """What every alternative is worth against going on as today; what nobody has tested is hollow."""
    t, rows = case.t, case.examined.alternatives
    names = option_words.alternative_names(rows, t)
    groups = [g for g in alike(rows, case.advice) if g[0].npv_against_today is not None and g[0].state != "ruled_out"]
    groups = groups[:MOST_ALTERNATIVES]
    leads = [group[0] for group in groups]
    series = BarSeries(
        t("options.chart.axis"),
        tuple(float(row.npv_against_today or 0.0) for row in leads),
        tuple(GREEN if row.is_baseline else BLUE if row.tunes else SKY for row in leads),
        frozenset(k for k, row in enumerate(leads) if row.state == "untested"),
    )
    alt = options_alt(groups, names, case.currency, t)
    labels = tuple(option_words.grouped_name(group, names, t) for group in groups)
    chart = BarChart(labels, (series,), t("options.chart.axis"), alt)
    said = option_words.summary_text(case.advice, rows, t)
    notes = (alt, *_untested(case, leads, names), *_about(case))
    return Slide(t("report.heading.options"), (Paragraph(said), chart), notes)


def _untested(case: ReportedCase, rows: Sequence[Alternative], names: dict[str, str]) -> list[str]:
    t = case.t
    return [
        t("report.named", name=names[row.id], value=option_words.untested_text(row, case.currency, t))
        for row in rows
        if row.state == "untested"
    ]


def _change(case: ReportedCase) -> Slide:
    """How far each number that matters moves the result, and which values turn the verdict."""
    t, evidence, (_, metrics) = case.t, case.advice.assessment.evidence, money_of(case.advice)
    shown = evidence.matter[:MOST_SWINGS]
    nearest = nearest_switches(case.examined.turning, MOST_SWITCHING)
    turns = [risk_phrases.switching_text(switch, case.currency, t) for switch in nearest] or [t("ui.switching.none")]
    note = t("report.evidence.note", shown=len(shown), count=len(evidence.matter), yours=evidence.yours)
    notes = (note, *_not_known(case), *_about(case))
    if not shown:
        return Slide(t("report.heading.change"), (Bullets(tuple(turns)),), notes)
    chart = BarChart(
        tuple(field_label(t, swing.id) for swing in shown),
        (
            _ends(t("slides.tornado.low"), [swing.npv_low - metrics.npv for swing in shown], GREY),
            _ends(t("slides.tornado.high"), [swing.npv_high - metrics.npv for swing in shown], BLUE),
        ),
        t("slides.tornado.axis", npv=case.money(metrics.npv)),
        evidence_alt(case.advice, t, MOST_SWINGS),
    )
    return Slide(t("report.heading.change"), (Bullets(tuple(turns)), chart), (chart.alt, *notes))


def _ends(name: str, changes: Sequence[float], colour: str) -> BarSeries:
    return BarSeries(name, tuple(changes), (colour,) * len(changes))


def _unknown(case: ReportedCase) -> Slide:
    items = _not_known(case)
    return Slide(case.t("report.heading.unknown"), (Bullets(items[:MOST_UNKNOWN]),), (*items, *_about(case)))


def _not_known(case: ReportedCase) -> tuple[str, ...]:
    return next(block.items for block in limits_section(case) if isinstance(block, Bullets))


def _sources(case: ReportedCase) -> tuple[str, ...]:
    """Every source of a number of the case, once, with the day it was read."""
    t = case.t
    cited: dict[Citation, None] = dict.fromkeys(row.source for row in case.assumptions.values() if row.source)
    entries = [
        t("report.semicolon").join(filter(None, (t.fact(c.title), c.url, c.retrieved.isoformat()))) for c in cited
    ]
    return (t("report.heading.sources"), *entries, *_about(case))
