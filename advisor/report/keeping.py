"""What is frozen of a case when it is kept, and the report that is handed out again."""

from collections.abc import Mapping
from typing import Any

from advisor import __version__
from advisor.assumptions.given import cleared_answers
from advisor.catalog.catalog import Catalog
from advisor.decision.advice import Advice
from advisor.decision.repricing import frozen_headline, frozen_numbers
from advisor.report.build import build_report
from advisor.report.document import Document
from advisor.report.frozen import frozen, thawed
from advisor.report.link import in_language as link_in_language
from advisor.report.markdown import render_markdown
from advisor.scenario import Scenario, dump_scenario
from advisor.scenario.actual_record import ACTUALS
from advisor.store.records import CaseNote, Content, Revision
from advisor.text.i18n import Translator
from advisor.text.languages import languages

OTHERS = "in_other_languages"
"""Where a frozen report holds the same in other languages; one that was kept before has none."""


def content_of(
    advice: Advice,
    catalog: Catalog,
    t: Translator,
    pdf: bytes | None = None,
    *,
    report: Document | None = None,
    about: Scenario | None = None,
    link: str = "",
    notes: tuple[CaseNote, ...] = (),
) -> Content:
    """The case as it stands today, with its report in the language of ``t``, and the ``pdf`` that was made of it.

    ``report`` where it is built already; ``about`` is the same case with what only stands on its report, where the
    advice leaves that out; ``link`` leads to it in the app; ``notes`` on its numbers stand in the ledger. The report
    is kept in every other language too, for readers of a later day, when it would come out otherwise.
    """
    a, case = advice.assessment.assumptions, about or advice.scenario

    def in_language(code: str) -> Document:
        there = link_in_language(link, code)
        return build_report(advice, catalog, Translator(code), about=case, link=there, notes=notes)

    others = {code: frozen(in_language(code)) for code in languages() if code != t.language}
    return Content(
        answers=dump_scenario(case, "yaml", cleared_answers(case, catalog)),
        as_of=a.on,
        language=t.language,
        product_version=__version__,
        catalog_version=a.catalog_version,
        evidence=evidence_of(case),
        prices=tuple(frozen_numbers(a)),
        headline=frozen_headline(advice),
        report=frozen(report or in_language(t.language)) | {OTHERS: others},
        pdf=pdf,
    )


def evidence_of(case: Scenario) -> dict[str, Any]:
    """The record behind each measured answer, and the months that were compared with the plan."""
    records = {name: each.model_dump(mode="json") for name, each in (case.measured or {}).items()}
    return records if case.actuals is None else {**records, ACTUALS: case.actuals.model_dump(mode="json")}


def report_in(revision: Revision, language: str = "") -> Mapping[str, Any]:
    """The frozen report as values of JSON, for readers of this language where it was kept in it."""
    kept = revision.content.report
    return kept.get(OTHERS, {}).get(language) or {name: value for name, value in kept.items() if name != OTHERS}


def report_of(revision: Revision, language: str = "") -> Document:
    """The report as it was when the revision was saved, for readers of this language where it was kept in it."""
    return thawed(report_in(revision, language))


def kept_pdf_of(revision: Revision, language: str = "") -> bytes | None:
    """The PDF that was kept, where readers of this language are to have that one."""
    return None if language in revision.content.report.get(OTHERS, {}) else revision.content.pdf


def file_of(revision: Revision, suffix: str, language: str = "") -> bytes:
    """A revision as it was: its answers (``.yaml``, ``.yml``), or its report (``.md``, ``.pdf``).

    The PDF that was kept is handed out as it is; where none was kept, or the report is asked for in another
    ``language``, it is set from the frozen report.
    """
    if suffix in (".yaml", ".yml"):
        return revision.content.answers.encode()
    if suffix == ".md":
        return render_markdown(report_of(revision, language)).encode()
    found = kept_pdf_of(revision, language)
    if found is not None:
        return found
    from advisor.report.pdf import render_pdf  # typesetting takes a while to load

    return render_pdf(report_of(revision, language))
