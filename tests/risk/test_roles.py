"""What is drawn: facts and futures around their median; what the reader decides is not, unless its range was given."""

from collections.abc import Iterable

import numpy as np
import pytest

from advisor.assumptions import resolve
from advisor.core.records import Assumption, Assumptions
from advisor.risk.simulation import (
    LIVE_DRAWS,
    SEED,
    Sampling,
    columns,
    draw,
    probabilities,
    quantiles,
    simulate,
    spread_of,
)
from advisor.risk.summary import risk_of
from advisor.scenario import QUESTIONS, role_of
from tests.cases import DAY, catalog, preset

LEAST, MOST = 0.1295, 0.8705
"""Between these shares of its range lies the median of a PERT, whose mode cannot leave the range."""
HOW = Sampling(LIVE_DRAWS, SEED)


def assumptions(name: str) -> Assumptions:
    return resolve(preset(name), catalog(), DAY)


def every() -> Iterable[tuple[str, Assumptions]]:
    return ((name, assumptions(name)) for name in catalog().presets)


def test_every_number_has_a_role() -> None:
    assert {q.id for q in QUESTIONS.values() if q.is_number} == {q.id for q in QUESTIONS.values() if q.role is not None}
    assert {role_of(name) for name in QUESTIONS} == {"choice", "fact", "future", None}


def test_no_choice_is_drawn() -> None:
    for name, a in every():
        assert not {q for q in columns(a, HOW) if role_of(q) == "choice"}, name


def test_a_choice_is_drawn_where_its_range_is_given() -> None:
    case = preset("extraction", retrain_every_months=6, ranges={"retrain_every_months": [3, 12]})
    assert "retrain_every_months" in columns(resolve(case, catalog(), DAY), HOW)


def test_a_choice_keeps_its_usual_range_for_what_ifs() -> None:
    row = assumptions("extraction")["training_epochs"]
    assert row.plausible is not None
    assert (row.low, row.high) == (None, None)


def test_the_defaults_can_be_medians() -> None:
    """Nearer to an end of its range than 13 % no PERT has its median: such a default needs other bounds."""
    for parameter in catalog().parameters.values():
        for each in (parameter, *(parameter.of_market(currency) for currency in parameter.markets)):
            if each.interval is None or each.interval.shape != "pert" or role_of(each.id) == "choice":
                continue
            low, high = each.interval.low, each.interval.high
            if each.id in QUESTIONS and isinstance(each.value, float):
                assert LEAST <= (each.value - low) / (high - low) <= MOST, each.id


def halfway(row: Assumption) -> bool:
    """Whether the value is the median: not of a three-point estimate, nor of a PERT with it too near to an end."""
    low, high = float(row.low or 0), float(row.high or 0)
    near = row.shape == "pert" and not LEAST <= (float(row.value or 0) - low) / (high - low) <= MOST
    return not near and row.shape != "three_point"


def test_what_is_drawn_has_the_value_as_its_median() -> None:
    """Of 1,024 points the two in the middle lie a thousandth of the distribution apart from its median."""
    tried = set()
    for name, a in every():
        for row in (a[q] for q in columns(a, HOW)):
            if not halfway(row):
                continue
            values = quantiles(spread_of(row), probabilities(row.id, LIVE_DRAWS, SEED))
            off = abs(float(np.median(values)) - float(row.value or 0)) / (float(row.high or 0) - float(row.low or 0))
            assert off < 2e-3, (name, row.id)
            tried.add(row.id)
    assert len(tried) > 20


def test_wages_follow_the_market_of_the_currency() -> None:
    """Article 000 gives 90, 160 and 325 an hour in China; 50 dollars at 6.8 would be 340."""
    row = resolve(preset("extraction", currency="CNY", hourly_rate=None), catalog(), DAY)["hourly_rate"]
    assert (row.value, row.low, row.high) == (160, 90, 325)
    euro = resolve(preset("extraction", currency="EUR", hourly_rate=None), catalog(), DAY)
    assert euro["hourly_rate"].value == pytest.approx(50 * float(euro["exchange_rate_EUR"].value or 0))


def test_a_bought_example_is_as_many_minutes_of_work_in_every_market() -> None:
    """5 dollars are 6 minutes at 50 dollars an hour; at 160 CNY an hour 16 CNY, and not 5 x 6.8."""
    price, wage = catalog().parameters["example_price"], catalog().parameters["hourly_rate"]
    assert price.markets.keys() == wage.markets.keys()
    for market in price.markets:
        times = float(wage.of_market(market).value or 0) / float(wage.value or 0)
        here, there = price.of_market(market), price
        assert here.kind == "estimate"
        assert here.value == pytest.approx(float(there.value or 0) * times)
        assert here.interval is not None
        assert there.interval is not None
        assert here.interval.low == pytest.approx(there.interval.low * times)
        assert here.interval.high == pytest.approx(there.interval.high * times)
    row = resolve(preset("extraction", currency="CNY", example_price=None), catalog(), DAY)["example_price"]
    assert (row.value, row.low, row.high) == (16, 0.96, 160)


def test_the_reserve_is_over_what_nobody_can_know_yet() -> None:
    """Overrun of labour raises what is paid once; a wage that nobody has looked up adds to it, apart."""
    a = resolve(preset("extraction", hourly_rate=None), catalog(), DAY)
    told = risk_of(simulate(draw(a, HOW)), a)
    assert told.investment_p50 < told.investment_p80 < told.investment_p80_with_facts
    assert a["contingency_share"].value == 0
