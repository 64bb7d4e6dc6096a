"""Article 000's session: clock, wages, power and the rented run, recomputed from its own inputs."""

import pytest

from advisor.assumptions import resolve
from advisor.catalog.loader import load_catalog
from advisor.costs.article_run import article_run
from tests.cases import DAY, preset

CATALOG = load_catalog()


def run_of(name, **changes):
    case = preset(name, **changes)
    return article_run(case, resolve(case, CATALOG, DAY), CATALOG)


def test_the_clock_adds_up_to_twenty_seconds_more_than_printed():
    found = run_of("article-000")
    assert [step.seconds for step in found.said.steps] == [25, 48, 12, 582, 55]
    assert (found.seconds, found.said.printed_seconds, found.run_seconds) == (722, 702, 582)


def test_three_wages_at_the_printed_time_and_at_the_sum_of_the_steps():
    wages = run_of("article-000").wages
    assert [wage.per_hour for wage in wages] == [90, 160, 325]
    assert [wage.at_printed_time for wage in wages] == pytest.approx([17.55, 31.2, 63.375])
    assert [wage.time for wage in wages] == pytest.approx([18.05, 32.0888889, 65.1805556])
    # 722 s at each wage, plus 0.492663 of the machine worn over 1,200 hours a year.
    assert [wage.whole for wage in wages] == pytest.approx([18.542663, 32.5815519, 65.6732186])


def test_the_cloud_costs_two_times_the_card_over_its_hours_of_work_and_9_7_times_over_the_calendar():
    found = run_of("article-000")
    assert {cost.id: cost.total for cost in found.costs} == pytest.approx(
        {"used": 0.492663, "own": 0.10026145890410959, "cloud": 0.9694444444444444}
    )
    assert found.multiples == pytest.approx({"used": 1.9677638557, "own": 9.6691635554})


def test_the_machine_draws_405_watts_and_every_part_its_share_of_the_electricity():
    found = run_of("article-000")
    assert (found.watts, found.power[0].share) == (405, pytest.approx(295 / 405))
    assert sum(part.electricity for part in found.power) == pytest.approx(0.0379755)
    assert found.power[0].electricity == pytest.approx(0.0276611667)


def test_a_case_on_the_articles_own_hours_has_one_row_for_the_card():
    assert [cost.id for cost in run_of("article-000", card_hours_per_year=1200).costs] == ["used", "cloud"]


def test_other_cases_have_no_such_run():
    assert run_of("article-003") is None


def test_before_the_first_price_the_clock_stands_alone():
    found = run_of("article-000", as_of="2024-06-01")
    assert "cloud" not in [cost.id for cost in found.costs]
    assert found.multiples == {}
