"""First page: the verdict, the numbers that decided it, the payback picture, what to do next."""

from advisor.charts.payback import build_payback_chart, from_article, payback_alt
from advisor.decision.rules import tone_of
from advisor.report.case import CHART_WIDTH, ReportedCase
from advisor.report.charts_svg import chart_to_svg
from advisor.report.document import Block, Bullets, Chart, Heading, KeyFigure, KeyFigures, Paragraph, Verdict
from advisor.scenario import REQUIRED
from advisor.text.headline_phrases import chance_text, headline_cards, headline_text, step_texts
from advisor.text.ladder_phrases import quick_rule_text
from advisor.text.phrases import assumption_text, verdict_label, verdict_sentence

MOST_FIGURES = 4
PAYBACK_HEIGHT = 135
"""Low enough that the next steps stand on the first page as well [px]."""


def decision_section(case: ReportedCase) -> list[Block]:
    """The verdict and everything a reader in a hurry needs."""
    t, found = case.t, case.advice.recommendation
    reason, *further = [case.notice(n) for n in found.reasons] or [""]
    blocks: list[Block] = [
        Paragraph(_needs(case)),
        Verdict(
            tone_of(found),
            verdict_label(t, found),
            verdict_sentence(t, found),
            reason,
        ),
        *_figures(case),
    ]
    blocks += _outlook(case)
    told = (*further, *(case.notice(n) for n in found.advice))
    if told:
        blocks.append(Bullets(told))
    blocks += [*_chart(case), Paragraph(_quick_rule(case))]
    ahead = step_texts(found.next_steps, case.advice.first_test, case.advice.actions, case.currency, t)
    steps = tuple(t("report.step", title=step.title, text=step.text) for step in ahead)
    return [*blocks, Heading(t("report.heading.next")), Bullets(steps)] if steps else blocks


def _outlook(case: ReportedCase) -> list[Block]:
    """What tuning brings where it works and where it does not, and the chance of payback in words."""
    found, t = case.advice.headline, case.t
    if found is None or not found.serves:
        return []
    said = t("report.sentences", first=headline_text(found, case.currency, t), second=chance_text(found, t))
    return [Paragraph(said)]


def _needs(case: ReportedCase) -> str:
    """The three answers everything starts from."""
    t = case.t
    rows = case.assumptions
    return t("report.needs", **{name: assumption_text(t, rows[name], case.currency) for name in REQUIRED})


def _figures(case: ReportedCase) -> list[Block]:
    if case.advice.headline is None:
        return []
    preset = case.catalog.presets.get(case.advice.scenario.preset or "")
    entered = preset is not None and preset.article is not None
    cards = headline_cards(case.advice.headline, case.assumptions, case.t, entered=entered)
    items = [KeyFigure(*card) for card in cards]
    return [KeyFigures(tuple(items[:MOST_FIGURES]))]


def _chart(case: ReportedCase) -> list[Block]:
    if case.economics is None:
        return []
    entered = from_article(case.advice, case.catalog)
    chart = build_payback_chart(case.advice, case.t, paper=True, as_entered=entered)
    chart = chart.properties(width=CHART_WIDTH, height=PAYBACK_HEIGHT)
    alt = payback_alt(case.advice, case.t, as_entered=entered)
    return [Chart(chart_to_svg(chart, case.language), case.t("report.chart.cash"), alt)]


def _quick_rule(case: ReportedCase) -> str:
    """What the quick matrix says, and from which volume the whole cost says that it pays."""
    known = case.assumptions.knows("daily_requests")
    return quick_rule_text(case.advice.recommendation.matrix, case.examined.ladder, case.t, volume_known=known)
