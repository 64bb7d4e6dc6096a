"""Work that takes seconds, on plain data: the same bytes and figures whether the server does it or a worker beside it.

Nothing here knows a session. What is asked for travels as a :class:`Request`; a worker reads the data of the product
itself and says so where they are not those that the server works with.
"""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError, Issue
from advisor.decision.advice import Advice, advise
from advisor.decision.examination import Examination, examine
from advisor.scenario import Scenario
from advisor.store.records import Actor, CaseNote, Content
from advisor.text.i18n import Translator
from advisor.ui.logs import Redraw

if TYPE_CHECKING:
    from advisor.datasets.measure import Counting
    from advisor.datasets.records import DatasetReport
    from advisor.decision.funding import Prospect
    from advisor.report.comparison import Kept
    from advisor.usage.intake import Wish
    from advisor.usage.records import UsageProfile

Tell = Callable[[float], None]
"""Is told how much of a long work is done, from 0 to 1."""


@dataclass(frozen=True)
class PlainCase:
    """What advice is made of: answers as JSON, the day, and the version of the data."""

    answers: str
    on: date
    version: str


@dataclass(frozen=True)
class PlainCases:
    """Several cases likewise, the answers of each."""

    answers: tuple[str, ...]
    on: date
    version: str


@dataclass(frozen=True)
class Request:
    """A work of :data:`OF_A_CASE` with its case, of :data:`OF_CASES` with its cases, or of :data:`OF_NO_CASE`.

    ``arguments`` and ``named`` are plain values. ``redraw``: under whose number the log has what happens in it.
    """

    work: str
    arguments: tuple[Any, ...]
    named: Mapping[str, Any] = field(default_factory=dict)
    case: PlainCase | PlainCases | None = None
    redraw: Redraw | None = None


class OtherData(Exception):
    """The data on disk are no longer those that the request was made with."""


def fixed(found: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """A mapping that cannot be changed, as it arrives from another process."""
    return MappingProxyType(found)


def plain(advice: Advice) -> PlainCase:
    """The case behind an advice, to be computed anew elsewhere."""
    a = advice.assessment.assumptions
    return PlainCase(json.dumps(advice.scenario.answers()), a.on, a.catalog_version)


def plain_cases(cases: Sequence[Scenario], catalog: Catalog, on: date) -> PlainCases:
    """Several cases, to be computed elsewhere."""
    return PlainCases(tuple(json.dumps(case.answers()) for case in cases), on, catalog.version)


# -- files and figures of a case ------------------------------------------------------------------------


def pdf(advice: Advice, catalog: Catalog, said: tuple[str, str], about: Scenario, notes: tuple[CaseNote, ...]) -> bytes:
    """The report; ``said``: its language, and the link to the case."""
    from advisor.report.build import build_report
    from advisor.report.pdf import render_pdf

    language, link = said
    return render_pdf(build_report(advice, catalog, Translator(language), about=about, link=link, notes=notes))


def slides(advice: Advice, catalog: Catalog, said: tuple[str, str], about: Scenario, template: bytes | None) -> bytes:
    """The same as slides, in the look of the ``template``."""
    from advisor.report.deck import build_deck
    from advisor.report.pptx import render_pptx

    language, link = said
    return render_pptx(build_deck(advice, catalog, Translator(language), about=about, link=link), template)


def workbook(advice: Advice, catalog: Catalog, language: str, about: Scenario) -> bytes:
    from advisor.report.workbook.render import render_workbook

    return render_workbook(advice, catalog, Translator(language), about=about)


def kept_content(
    advice: Advice, catalog: Catalog, said: tuple[str, str], about: Scenario, notes: tuple[CaseNote, ...]
) -> Content:
    """What saving keeps of the case: its figures, its report and the report's PDF."""
    from advisor.report.build import build_report
    from advisor.report.keeping import content_of
    from advisor.report.pdf import render_pdf

    language, link = said
    t = Translator(language)
    report = build_report(advice, catalog, t, about=about, link=link, notes=notes)
    return content_of(advice, catalog, t, render_pdf(report), report=report, about=about, link=link, notes=notes)


def examination(advice: Advice, catalog: Catalog) -> Examination:
    """What would change the verdict, and what speaks against it."""
    return examine(advice, catalog)


# -- files and figures of several cases -----------------------------------------------------------------


def compared_pdf(
    cases: Sequence[Scenario], catalog: Catalog, on: date, language: str, names: Sequence[str], kept: "Kept"
) -> bytes:
    """Cases side by side as a PDF; ``names`` and ``kept`` as the page shows them."""
    from advisor.decision.comparison import compare
    from advisor.report.comparison import build_comparison
    from advisor.report.pdf import render_pdf

    t = Translator(language)
    return render_pdf(build_comparison(compare(cases, catalog, on), names, catalog, t, kept))


def prospects(cases: Sequence[Scenario], catalog: Catalog, on: date) -> "list[Prospect | tuple[Issue, ...]]":
    """What each case asks for and is worth, or what is wrong with its answers."""
    from advisor.decision.funding import prospect_of

    def found(case: Scenario) -> "Prospect | tuple[Issue, ...]":
        try:
            return prospect_of(case, catalog, on)
        except InputError as error:
            return error.issues

    return [found(case) for case in cases]


# -- kept cases -----------------------------------------------------------------------------------------


def kept_pdf(tell: Tell, report: Mapping[str, Any]) -> bytes:
    """A kept report, of which no PDF was kept, printed."""
    from advisor.report.frozen import thawed
    from advisor.report.pdf import render_pdf

    return render_pdf(thawed(report))


def archive(tell: Tell, address: str, actor: Actor, case_ids: Sequence[str]) -> bytes:
    """These cases of the database at ``address`` as a ZIP, as far as ``actor`` may see them."""
    from advisor.store.database import open_store
    from advisor.store.exchange import packed

    store = open_store(address)
    try:
        return packed(store, actor, case_ids)
    finally:
        store.close()


# -- measured files -------------------------------------------------------------------------------------


def usage(tell: Tell, paths: list[Path], wish: "Wish", most: int) -> "dict[str | None, UsageProfile]":
    """Profiles of logs by use case."""
    from advisor.usage.intake import measured_by_use_case

    return dict(measured_by_use_case(paths, wish, most, tell))


def picture(tell: Tell, chart: dict[str, Any], kind: str, language: str) -> bytes:
    """A chart, as Vega-Lite writes it, as PNG or SVG."""
    from advisor.report.charts_svg import drawn, svg_to_png

    svg = drawn(chart, language)
    return svg_to_png(svg) if kind == "png" else svg.encode()


def dataset(
    tell: Tell, train: tuple[str, bytes], counting: "Counting", held_out: tuple[str, bytes] | None
) -> "DatasetReport":
    """What is found in a training set; files as name and content."""
    from advisor.datasets.measure import NamedFile, measure_dataset

    def file(given: tuple[str, bytes]) -> NamedFile:
        return NamedFile(given[0], io.BytesIO(given[1]))

    return measure_dataset(file(train), counting, None if held_out is None else file(held_out))


def warm(tell: Tell) -> None:
    """Load what the first report needs; starting the drawing engine takes longer than any chart."""
    import typst  # noqa: F401

    from advisor.report import build, charts_svg  # noqa: F401

    _own_catalog()
    charts_svg.warm_up()


# -- done where it is asked ------------------------------------------------------------------------------

OF_A_CASE: dict[str, Callable[..., Any]] = {
    each.__name__: each for each in (pdf, slides, workbook, kept_content, examination)
}
OF_CASES: dict[str, Callable[..., Any]] = {each.__name__: each for each in (compared_pdf, prospects)}
OF_NO_CASE: dict[str, Callable[..., Any]] = {
    each.__name__: each for each in (usage, dataset, picture, kept_pdf, archive, warm)
}


def untold(part: float) -> None:
    """Nobody waits for how much is done."""


def done(request: Request, tell: Tell) -> Any:
    """The result, computed from plain data. Raises :class:`OtherData`, and what the work raises."""
    if request.case is None:
        return OF_NO_CASE[request.work](tell, *request.arguments, **request.named)
    case, catalog = request.case, _catalog_of(request.case.version)
    if isinstance(case, PlainCases):
        cases = [Scenario.from_answers(json.loads(answers)) for answers in case.answers]
        return OF_CASES[request.work](cases, catalog, case.on, *request.arguments, **request.named)
    advice = advise(Scenario.from_answers(json.loads(case.answers)), catalog, case.on)
    return OF_A_CASE[request.work](advice, catalog, *request.arguments, **request.named)


def _catalog_of(version: str) -> Catalog:
    """The data on disk, where they are of this version."""
    if _own_catalog().version != version:
        _own_catalog.cache_clear()
    if _own_catalog().version != version:
        raise OtherData
    return _own_catalog()


@cache
def _own_catalog() -> Catalog:
    return load_catalog()
