"""What is frozen of a case when it is kept, and the report that is handed out again."""

from advisor import __version__
from advisor.assumptions.given import cleared_answers
from advisor.catalog.loader import Catalog
from advisor.decision.advice import Advice
from advisor.decision.repricing import frozen_headline, frozen_numbers
from advisor.report.build import build_report
from advisor.report.document import Document
from advisor.report.frozen import frozen, thawed
from advisor.scenario import Scenario, dump_scenario
from advisor.store.records import Content, Revision
from advisor.text.i18n import Translator


def content_of(
    advice: Advice,
    catalog: Catalog,
    t: Translator,
    pdf: bytes | None = None,
    *,
    report: Document | None = None,
    about: Scenario | None = None,
) -> Content:
    """The case as it stands today, with its report in the language of ``t``, and the ``pdf`` that was made of it.

    ``report`` where it is built already; ``about`` is the same case with what only stands on its report, where the
    advice leaves that out.
    """
    a, case = advice.assessment.assumptions, about or advice.scenario
    return Content(
        answers=dump_scenario(case, "yaml", cleared_answers(case, catalog)),
        as_of=a.on,
        language=t.language,
        product_version=__version__,
        catalog_version=a.catalog_version,
        evidence={name: each.model_dump(mode="json") for name, each in (case.measured or {}).items()},
        prices=tuple(frozen_numbers(a)),
        headline=frozen_headline(advice),
        report=frozen(report or build_report(advice, catalog, t, about=case)),
        pdf=pdf,
    )


def report_of(revision: Revision) -> Document:
    """The report as it was when the revision was saved."""
    return thawed(revision.content.report)
