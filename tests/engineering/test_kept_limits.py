"""Rows of runs that were measured within a limit on latency: how much they served."""

from itertools import pairwise

import pytest

from advisor.catalog.loader import load_catalog
from advisor.engineering.from_catalog import cards, models
from advisor.engineering.prediction import Prediction
from advisor.engineering.validation.serving_speed import DOES_NOT_FIT, predicted_tokens_per_s
from tests.engineering.test_serving_table import ROW

CATALOG = load_catalog()
LIMITED = {"benchmark_mode": "server", "concurrency_or_batch": ""}
ALONE_MS = 7.0
"""About the time per token of one request on the card of the row."""


def estimates(*rows: dict[str, str]) -> list[Prediction]:
    found = predicted_tokens_per_s(
        [ROW | row for row in rows], cards(CATALOG), CATALOG.constants("serving"), models(CATALOG)
    )
    assert all(isinstance(each, Prediction) for each in found), found
    return [each for each in found if isinstance(each, Prediction)]


def test_a_run_within_the_time_of_one_request_served_more_than_one() -> None:
    """With few requests a step hardly depends on their number, and no estimate of it is exact to a few percent."""
    alone, near = estimates({"benchmark_mode": "single_stream"}, LIMITED | {"tpot_limit_ms": f"{ALONE_MS}"})
    assert near.middle > 1.5 * alone.middle
    assert near.low < alone.middle * 2


@pytest.mark.parametrize("first", ["", "2000"])
@pytest.mark.parametrize("load", [LIMITED, {"concurrency_or_batch": "max"}])
def test_a_tighter_limit_never_serves_more(load: dict[str, str], first: str) -> None:
    limits = ["0.1", "1", "3", "5", "6", "7", "8", "9", "10", "12", "15", "20", "30", "50", "100", "1000", ""]
    found = estimates(*(load | {"tpot_limit_ms": limit, "ttft_limit_ms": first, "notes": "SLA"} for limit in limits))
    rates = [each.middle for each in found]
    assert all(looser >= (1 - 1e-9) * tighter for tighter, looser in pairwise(rates))
    assert rates[0] > 0


def test_a_run_whose_prompts_were_read_sooner_than_estimated_served_more_than_one() -> None:
    """The first token of a request alone comes after about 27 ms, which is estimated no more exactly than a step."""
    alone, tight, near, loose = estimates(
        {"benchmark_mode": "single_stream"},
        *(LIMITED | {"ttft_limit_ms": limit} for limit in ("1", "25", "1000")),
    )
    assert tight.middle < 1.5 * alone.middle < near.middle < loose.middle


def test_a_tighter_limit_on_the_first_token_never_serves_more() -> None:
    limits = ["1", "10", "20", "30", "50", "100", "200", "500", "1000", "5000", ""]
    rates = [each.middle for each in estimates(*(LIMITED | {"ttft_limit_ms": limit} for limit in limits))]
    assert all(looser >= (1 - 1e-9) * tighter for tighter, looser in pairwise(rates))


def test_a_limit_that_decides_nothing_widens_nothing() -> None:
    free, loose = estimates({}, {"tpot_limit_ms": "5000", "notes": "SLA"})
    assert (loose.low, loose.high) == pytest.approx((free.low, free.high))


def test_a_limit_that_no_request_keeps_is_told() -> None:
    tight, first, loose = estimates(
        LIMITED | {"tpot_limit_ms": "3"}, LIMITED | {"ttft_limit_ms": "1"}, LIMITED | {"tpot_limit_ms": "50"}
    )
    assert "kept_limit" in tight.assumed
    assert "kept_limit" in first.assumed
    assert "kept_limit" not in loose.assumed


def test_users_who_wait_for_their_answers_are_as_many_under_a_limit() -> None:
    """A server turns nobody away to keep a limit: that 64 users were answered within it says how fast it is."""
    users = {"benchmark_mode": "closed_loop_concurrency", "concurrency_or_batch": "64"}
    free, held = estimates(users, users | {"tpot_limit_ms": "8"})
    assert held.middle == pytest.approx(free.middle)


def test_what_does_not_fit_is_not_made_to_fit_by_a_limit() -> None:
    large = {"model": "Llama-3.1-405B", "params_b": "405", "active_params_b": "405", "num_layers": "126"}
    found = predicted_tokens_per_s(
        [ROW | LIMITED | large | {"tpot_limit_ms": "50"}],
        cards(CATALOG), CATALOG.constants("serving"), models(CATALOG),
    )  # fmt: skip
    assert found == [DOES_NOT_FIT]
