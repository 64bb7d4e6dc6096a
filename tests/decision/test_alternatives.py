"""Alternatives in their order and their states; they are remembered, so nobody can change one for the next reader."""

import pytest

from advisor.decision.alternatives import Alternative, alike, alternatives, ranked
from tests.cases import advice, catalog, preset


@pytest.mark.parametrize("part", ["answers", "name"])
def test_tables_of_a_row_are_read_only(part: str) -> None:
    found = [getattr(row, part) for row in alternatives(advice(preset("extraction")), catalog())]
    tables = [table for table in found if table is not None]
    assert tables
    for table in tables:
        with pytest.raises(TypeError):
            table["en"] = "changed"


def rows_of(name: str, **changes: object) -> tuple[Alternative, ...]:
    return alternatives(advice(preset(name, **changes)), catalog())


@pytest.mark.parametrize("name", sorted(catalog().presets))
def test_ranked_by_value_and_what_is_ruled_out_last(name: str) -> None:
    rows = ranked(rows_of(name))
    assert sorted(row.id for row in rows) == sorted(row.id for row in rows_of(name))
    for group in ([row for row in rows if row.state != "ruled_out"], [row for row in rows if row.state == "ruled_out"]):
        worth = [row.npv_against_today for row in group]
        known = [value for value in worth if value is not None]
        assert known == sorted(known, reverse=True)
        assert worth[: len(known)] == known
    states = [row.state == "ruled_out" for row in rows]
    assert states == sorted(states)


def test_what_nobody_has_tested_is_untested_and_never_ruled_out() -> None:
    states = {row.id: row.state for row in rows_of("extraction")}
    assert states["cheaper_model"] == states["open_model"] == "untested"
    assert states["retrieval"] == "untested"
    assert states["case"] == "in"
    known = {row.id: row.state for row in rows_of("extraction", failure_kind="behaviour", cheaper_model_passes="no")}
    assert known["retrieval"] == "ruled_out"
    assert known["cheaper_model"] == "ruled_out"
    assert {row.id: row.state for row in rows_of("extraction", cheaper_model_passes="yes")}["cheaper_model"] == "in"


def test_a_test_costs_and_brings_what_the_first_step_says() -> None:
    found = advice(preset("customer-service"))
    assert found.first_test is not None
    row = next(row for row in rows_of("customer-service") if row.id == found.first_test.option)
    assert row.test_cost == pytest.approx(found.first_test.cost, rel=1e-12)
    assert row.test_gain == pytest.approx(found.first_test.gain, rel=1e-9)
    assert row.test_chance == found.first_test.chance
    assert all(row.test_cost is None for row in rows_of("customer-service") if row.state != "untested")


@pytest.mark.parametrize("name", ["extraction", "article-001", "chat"])
def test_ways_to_tune_that_are_worth_about_the_same_are_one_group(name: str) -> None:
    found = advice(preset(name))
    groups = alike(rows_of(name), found)
    assert sorted(row.id for group in groups for row in group) == sorted(row.id for row in rows_of(name))
    for group in groups:
        worth = [row.npv_against_today or 0.0 for row in group]
        if len(group) > 1:
            assert found.actions is not None
            assert max(worth) - min(worth) < found.actions.margin(found.actions.recommended.mean)
            assert all(row.tunes for row in group)
        assert group[0].is_case or not any(row.is_case for row in group)
