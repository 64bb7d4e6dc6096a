"""The alternatives on paper: what is in with its money, what is out with its reason, within five pages."""

from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader

from advisor.charts.style import short_money
from advisor.decision.alternatives import alternatives
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Heading, Note, Paragraph, Table
from advisor.report.pdf import render_pdf
from advisor.report.sections.options import options_section
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import advice, catalog, preset
from tests.report.sample_document import sample


@cache
def section_of(name: str, language: str) -> list[Block]:
    return section(preset(name), language)


def section(case: Scenario, language: str = "en") -> list[Block]:
    return options_section(ReportedCase(advice(case), catalog(), Translator(language)))


def table(blocks: list[Block]) -> Table:
    (found,) = [block for block in blocks if isinstance(block, Table)]
    return found


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", catalog().presets)
def test_every_alternative_stands_once(name: str, language: str) -> None:
    t, blocks = Translator(language), section_of(name, language)
    told = "\n".join([*(row[0] for row in table(blocks).rows), *(b.text for b in blocks if isinstance(b, Note))])
    for row in alternatives(advice(preset(name)), catalog()):
        if not preset(name).daily_requests and not row.one_time:
            continue  # without requests only what a way costs is told
        is_closed = any(notice.code == "route_closed" for notice in row.reasons)
        route = catalog().routes.get(row.id)
        label = t.fact(route.name) if route else t(f"option.{row.id}")
        assert (route.provider if is_closed and route else label) in told


def test_money_is_the_engines() -> None:
    t, rows = Translator("en"), {row[0]: row for row in table(section_of("extraction", "en")).rows}
    case = next(row for row in alternatives(advice(preset("extraction")), catalog()) if row.is_case)
    amounts = (
        case.one_time,
        case.monthly,
        case.npv_against_today,
        case.npv_against_baseline,
        case.npv_p10,
        case.npv_p90,
    )
    assert rows[f"\u25c6 {t('option.case')}"][1:-1] == tuple(short_money(t, float(x or 0), "USD") for x in amounts)


def test_ways_that_hardly_differ_share_a_line() -> None:
    t, blocks = Translator("en"), section_of("extraction", "en")
    (note,) = [block.text for block in blocks if isinstance(block, Note)]
    (line,) = [line for line in note.splitlines() if t("option.qlora") in line]
    assert line.startswith("About the same as")
    assert all(t("option.qlora") not in row[0] for row in table(blocks).rows)


@pytest.mark.parametrize("language", languages())
def test_untested_ones_have_figures_and_say_what_a_test_costs_and_brings(language: str) -> None:
    t, blocks = Translator(language), section_of("extraction", language)
    untested = [row for row in alternatives(advice(preset("extraction")), catalog()) if row.state == "untested"]
    (note,) = [block.text for block in blocks if isinstance(block, Note)]
    shown = {row[0]: row for row in table(blocks).rows}
    priced = [row for row in untested if row.test_cost is not None and not row.tunes]
    assert priced
    for row in priced:
        name = t("options.chart.untested", name=t(f"option.{row.id}"))
        assert shown[name][3] == short_money(t, row.npv_against_today or 0.0, "USD")
        (line,) = [line for line in note.splitlines() if line.startswith(name)]
        assert t.money(row.test_cost, "USD") in line


def test_both_present_values_are_told() -> None:
    (said,) = [block.text for block in section_of("extraction", "en") if isinstance(block, Paragraph)]
    found = advice(preset("extraction"))
    assert found.headline is not None
    assert found.simulation is not None
    today = found.simulation.against_today.mean
    for value in (found.headline.npv.mean, today):
        assert f"${value:,.0f}" in said
    assert Translator("en").prose_money(found.headline.monthly_savings.p50, "USD") in said


def test_without_money_there_is_nothing_to_tell() -> None:
    assert section(Scenario()) == []


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", catalog().presets)
def test_it_fits_one_page(name: str, language: str) -> None:
    blocks = tuple(section_of(name, language))
    assert isinstance(blocks[0], Heading)
    assert len(PdfReader(BytesIO(render_pdf(replace(sample(language), blocks=blocks)))).pages) == 1
