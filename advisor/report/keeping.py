"""What is frozen of a case when it is kept, and the report that is handed out again."""

from typing import Any

from advisor import __version__
from advisor.assumptions.given import cleared_answers
from advisor.catalog.loader import Catalog
from advisor.decision.advice import Advice
from advisor.decision.repricing import frozen_headline, frozen_numbers
from advisor.report.build import build_report
from advisor.report.document import Document
from advisor.report.frozen import frozen, thawed
from advisor.report.markdown import render_markdown
from advisor.scenario import Scenario, dump_scenario
from advisor.scenario.actual_record import ACTUALS
from advisor.store.records import CaseNote, Content, Revision
from advisor.text.i18n import Translator


def content_of(
    advice: Advice,
    catalog: Catalog,
    t: Translator,
    pdf: bytes | None = None,
    *,
    report: Document | None = None,
    about: Scenario | None = None,
    notes: tuple[CaseNote, ...] = (),
) -> Content:
    """The case as it stands today, with its report in the language of ``t``, and the ``pdf`` that was made of it.

    ``report`` where it is built already; ``about`` is the same case with what only stands on its report, where the
    advice leaves that out; ``notes`` on its numbers stand in the ledger of a report that is built here.
    """
    a, case = advice.assessment.assumptions, about or advice.scenario
    return Content(
        answers=dump_scenario(case, "yaml", cleared_answers(case, catalog)),
        as_of=a.on,
        language=t.language,
        product_version=__version__,
        catalog_version=a.catalog_version,
        evidence=evidence_of(case),
        prices=tuple(frozen_numbers(a)),
        headline=frozen_headline(advice),
        report=frozen(report or build_report(advice, catalog, t, about=case, notes=notes)),
        pdf=pdf,
    )


def evidence_of(case: Scenario) -> dict[str, Any]:
    """The record behind each measured answer, and the months that were compared with the plan."""
    records = {name: each.model_dump(mode="json") for name, each in (case.measured or {}).items()}
    return records if case.actuals is None else {**records, ACTUALS: case.actuals.model_dump(mode="json")}


def report_of(revision: Revision) -> Document:
    """The report as it was when the revision was saved."""
    return thawed(revision.content.report)


def file_of(revision: Revision, suffix: str) -> bytes:
    """A revision as it was: its answers (``.yaml``, ``.yml``), or its report (``.md``, ``.pdf``).

    The PDF that was kept is handed out as it is; where none was kept it is set from the frozen report.
    """
    if suffix in (".yaml", ".yml"):
        return revision.content.answers.encode()
    if suffix == ".md":
        return render_markdown(report_of(revision)).encode()
    if revision.content.pdf is not None:
        return revision.content.pdf
    from advisor.report.pdf import render_pdf  # typesetting takes a while to load

    return render_pdf(report_of(revision))
