"""The report a finance department can follow: the case as blocks, ready for any renderer.

Every figure comes from the :class:`~advisor.decision.advice.Advice`; this package only sums up and formats.
"""

from advisor import __version__
from advisor.catalog.loader import Catalog
from advisor.decision.advice import Advice
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Document, Note, PageBreak
from advisor.report.sections.annex import annex_section
from advisor.report.sections.cash import cash_section
from advisor.report.sections.change import change_section
from advisor.report.sections.costs import costs_section
from advisor.report.sections.decision import decision_section
from advisor.report.sections.ledger import ledger_section, limits_section
from advisor.report.sections.options import options_section
from advisor.report.sections.risk import risk_section
from advisor.text.i18n import Translator, is_complete
from advisor.text.languages import language_name

DECISION = (
    *(decision_section, options_section, costs_section, risk_section),
    *(change_section, cash_section, limits_section),
)
"""What a reader needs to decide; the ledger and the machines follow as annexes."""


def build_report(advice: Advice, catalog: Catalog, t: Translator) -> Document:
    """The whole report in the language of ``t``; shorter, without invented figures, where the money is unknown."""
    case = ReportedCase(advice, catalog, t)
    blocks: tuple[Block, ...] = tuple(block for section in DECISION for block in section(case))
    if not is_complete(t.language):
        blocks = (Note(t("app.untranslated", language=language_name(t.language))), *blocks)
    blocks = (*blocks, PageBreak(), *ledger_section(case), *annex_section(case))
    a = case.assumptions
    return Document(
        title=report_title(case),
        subtitle=t("report.subtitle", date=t.date(a.on), currency=a.currency),
        language=case.language,
        author=t("app.title"),
        date=a.on,
        footer=t("report.footer", product=t("app.title"), version=__version__, catalog=a.catalog_version),
        blocks=blocks,
        labels={"page": t("report.page", page="{page}", pages="{pages}")},
    )


def report_title(case: ReportedCase) -> str:
    """The user's own title; else the preset's in the reader's language; else the question the report answers."""
    title = case.advice.scenario.title
    preset = case.catalog.presets.get(case.advice.scenario.preset or "")
    if title and title.strip():
        return title
    if preset is not None:
        return case.t.fact(preset.title)
    return case.t("report.title")
