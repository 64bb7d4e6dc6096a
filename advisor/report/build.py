"""The report a finance department can follow: the case as blocks, ready for any renderer.

Every figure comes from the :class:`~advisor.decision.advice.Advice`; this package only sums up and formats.
"""

from advisor import __version__
from advisor.catalog.catalog import Catalog
from advisor.decision.advice import Advice
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Document, Note, PageBreak
from advisor.report.sections.actuals import actuals_section
from advisor.report.sections.annex import annex_section
from advisor.report.sections.cash import cash_section
from advisor.report.sections.change import change_section, walk_section
from advisor.report.sections.costs import costs_section
from advisor.report.sections.decision import decision_section
from advisor.report.sections.ledger import ledger_section, limits_section
from advisor.report.sections.options import options_section
from advisor.report.sections.risk import risk_section
from advisor.scenario import Scenario, logo_of
from advisor.store.records import CaseNote
from advisor.text.i18n import Translator, is_complete
from advisor.text.languages import language_name
from advisor.text.phrases import case_title

DECISION = (
    *((decision_section,), (costs_section,), (options_section,)),
    *((risk_section, change_section, limits_section), (actuals_section,)),
)
"""What a reader needs to decide, each part on a page of its own: the memo, the money, the alternatives, the doubts."""
COST_ALONE = ((decision_section,), (costs_section, options_section, change_section, limits_section), (actuals_section,))
"""The same where no requests are served: nothing comes back, so there are no odds and no cash flows."""
ANNEX = (ledger_section, cash_section, walk_section, annex_section)
"""For whoever checks: every number and its source, the months, the machines."""


def build_report(
    advice: Advice,
    catalog: Catalog,
    t: Translator,
    *,
    about: Scenario | None = None,
    link: str = "",
    notes: tuple[CaseNote, ...] = (),
) -> Document:
    """The whole report in the language of ``t``; shorter, without invented figures, where the money is unknown.

    ``about``: the case with what only stands on its report, where the advice was asked for without; ``link`` leads to
    it in the app; ``notes`` on its numbers stand in the ledger.
    """
    case = ReportedCase(advice, catalog, t, about, link, notes)
    blocks: list[Block] = []
    if not is_complete(t.language):
        blocks.append(Note(t("app.untranslated", language=language_name(t.language))))
    for part in DECISION if case.serves else COST_ALONE:
        found = [block for section in part for block in section(case)]
        blocks += [PageBreak(), *found] if found and part[0] is not decision_section else found
    blocks += [PageBreak(is_soft=True), *(block for section in ANNEX for block in section(case))]
    a, told = case.assumptions, case.told
    logo = None if told.logo is None else logo_of(told.logo)
    return Document(
        title=report_title(case),
        subtitle=t("report.subtitle", date=t.date(a.on), currency=a.currency),
        language=case.language,
        author=told.prepared_by or told.company or t("app.title"),
        date=a.on,
        footer=t("report.footer", product=t("app.title"), version=__version__, catalog=a.catalog_version),
        blocks=tuple(blocks),
        labels={"page": t("report.page", page="{page}", pages="{pages}")},
        logo=logo,
        logo_alt=t("memo.logo_of", company=told.company) if told.company else t("field.logo.label"),
    )


def report_title(case: ReportedCase) -> str:
    """What the case is called; of a case without a name the question that the report answers."""
    preset = case.catalog.presets.get(case.advice.scenario.preset or "")
    is_named = preset is not None or bool(case.told.title and case.told.title.strip())
    return case_title(case.told, preset, case.t) if is_named else case.t("report.title")
