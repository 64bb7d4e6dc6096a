"""For engineers: the ways behind the money, and the volume from which own GPUs pay."""

from advisor.catalog.catalog import Catalog
from advisor.charts.serving import build_staircase_chart, range_words, staircase_alt
from advisor.charts.serving_words import flat_words, speed_words
from advisor.charts.training import (
    LOW_STEP,
    build_training_memory_chart,
    cards_text,
    cost_text,
    hours_band,
    hours_text,
    training_memory_alt,
    way_text,
)
from advisor.charts.training_words import speed_range_text
from advisor.costs.serving import lines, own_pays, serving_plan
from advisor.costs.training import TrainingPlan, memory_of_methods, steps, training_plan, ways
from advisor.report.case import CHART_WIDTH, ReportedCase
from advisor.report.charts_svg import chart_to_svg
from advisor.report.document import Block, Chart, Column, Heading, Note, Paragraph, Table
from advisor.text.i18n import Translator
from advisor.text.phrases import option_name

MEMORY_HEIGHT, STAIRCASE_HEIGHT = 165, 100
SHOWN_LINES = ("api", "own")
MOST_WAYS = 5


def annex_section(case: ReportedCase) -> list[Block]:
    """Only what the money of this case rests on: estimated training, serving on rented GPUs."""
    if case.economics is None:
        return []
    blocks = [*_training(case), *_serving(case)]
    return [Heading(case.t("report.heading.annex")), *blocks] if blocks else []


def _training(case: ReportedCase) -> list[Block]:
    if not case.assumptions.knows("training_tokens_per_second"):
        return []
    plan = training_plan(case.advice.scenario, case.catalog, case.assumptions.on)
    if plan.gpu is None:
        return []
    t, catalog = case.t, case.catalog
    memory = memory_of_methods(plan, catalog)
    chart = build_training_memory_chart(memory, plan.work.method, catalog, t, LOW_STEP)
    chart = chart.properties(width=CHART_WIDTH, height=MEMORY_HEIGHT)
    told = t(
        "report.annex.training_months" if plan.pays_months else "report.annex.training",
        model=catalog.model(plan.work.model).name,
        method=t(f"training.method.{plan.work.method}"),
        cards=cards_text(t, catalog, plan.gpu, plan.gpus),
        hours=_hours(plan, catalog, t),
        cost=cost_text(t, plan.run_cost, case.currency),
        all_cost=cost_text(t, plan.all_cost, case.currency),
    )
    return [
        Heading(t("report.heading.training"), 2),
        Paragraph(told),
        Chart(chart_to_svg(chart, case.language), t("report.chart.memory"), training_memory_alt(memory, t)),
        _ways(case, plan, catalog),
        Note(t("report.annex.training_error")),
    ]


def _hours(plan: TrainingPlan, catalog: Catalog, t: Translator) -> str:
    """Hours of a run, with their 80 % interval where they are estimated."""
    found = steps(plan, catalog) if plan.is_estimate else None
    if found is None:
        return hours_text(t, plan.hours)
    ends = hours_band(t, found.low_hours, found.high_hours)
    return t("estimates.with_range", value=hours_text(t, plan.hours), range=ends)


def _ways(case: ReportedCase, plan: TrainingPlan, catalog: Catalog) -> Table:
    """The cheapest ways to train with the method of the case, one a card, and the case's own."""
    t = case.t
    found = sorted((way for way in ways(plan, catalog) if way.method == plan.work.method), key=lambda way: way.cost)
    cheapest = list({way.gpu: way for way in reversed(found)}.values())[::-1]
    columns = (
        Column(t("report.column.cards"), share=2.4),
        Column(t("training.column.speed"), "right", 1.6),
        Column(t("report.column.hours"), "right", 1.2),
        Column(t("report.column.amount"), "right", 1.2),
    )
    rows = tuple(
        (
            way_text(t, catalog, way),
            speed_range_text(t, way.tokens_per_s, way.low_tokens_per_s, way.high_tokens_per_s),
            hours_text(t, way.hours),
            cost_text(t, way.cost, case.currency),
        )
        for place, way in enumerate(sorted(cheapest, key=lambda way: way.cost))
        if place < MOST_WAYS or way.is_chosen
    )
    by_the_hour = case.assumptions.choice("training_source") == "rented" and not plan.pays_months
    return Table(t("report.annex.ways"), columns, rows, "" if by_the_hour else t("report.annex.ways_rent"))


def _serving(case: ReportedCase) -> list[Block]:
    a, t = case.assumptions, case.t
    if a.choice("serving_route") != "rented_gpu" or not a.knows("replica_tokens_per_second"):
        return []
    plan = serving_plan(case.advice.scenario, a, case.catalog)
    if not plan.can_count or not plan.has_api:
        return []
    shown = [line for line in lines(plan, case.catalog) if line.id in SHOWN_LINES]
    chart = build_staircase_chart(plan, shown, t).properties(width=CHART_WIDTH, height=STAIRCASE_HEIGHT)
    return [
        Heading(t("report.heading.serving"), 2),
        Paragraph(t("report.annex.serving", ranges=range_words(own_pays(plan), t), option=option_name(t, a.baseline))),
        Chart(chart_to_svg(chart, case.language), t("report.chart.staircase"), staircase_alt(plan, shown, t)),
        *(Note(words) for words in flat_words(plan, t)),
        Note(speed_words(plan, t)),
    ]
