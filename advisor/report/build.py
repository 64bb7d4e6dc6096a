"""The report a finance department can follow: the case as blocks, ready for any renderer.

Every figure comes from the :class:`~advisor.advise.Advice`; this package only sums up and formats.
"""

from advisor import __version__
from advisor.advise import Advice
from advisor.catalog.loader import Catalog
from advisor.i18n import Translator
from advisor.report.case import Case
from advisor.report.document import Block, Document
from advisor.report.sections.annex import annex_section
from advisor.report.sections.cash import cash_section
from advisor.report.sections.change import change_section
from advisor.report.sections.costs import costs_section
from advisor.report.sections.decision import decision_section
from advisor.report.sections.ledger import ledger_section, limits_section


def build_report(advice: Advice, catalog: Catalog, t: Translator) -> Document:
    """The whole report in the language of ``t``; shorter, without invented figures, where the money is unknown."""
    case = Case(advice, catalog, t)
    body = (decision_section, costs_section, cash_section, change_section, limits_section, ledger_section)
    blocks: tuple[Block, ...] = tuple(block for section in (*body, annex_section) for block in section(case))
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


def report_title(case: Case) -> str:
    """The user's own title; else the preset's in the reader's language; else the question the report answers."""
    title = case.advice.scenario.title
    preset = case.catalog.presets.get(case.advice.scenario.preset or "")
    if title and title.strip():
        return title
    if preset is not None:
        return preset.title.of(case.language)
    return case.t("report.title")
