"""Cases under one budget: what is funded, why the rest is not, and what is said of all together."""

import numpy as np
import pytest

from advisor.core.notices import InputError
from advisor.decision.advice import advise
from advisor.decision.funding import (
    AGAINST,
    MOST_CANDIDATES,
    Candidate,
    Funding,
    Placed,
    Prospect,
    fund,
    prospect_of,
    read_budget,
    usual_currency,
    whole_of,
)
from advisor.risk.worlds import Worlds
from advisor.scenario import Scenario
from tests.cases import DAY, advice, catalog, preset

OPEN = Scenario.from_answers({"quality_need": "high", "budget": "1"})


def candidates(*names: str) -> list[Candidate]:
    return [Candidate(name, preset(name)) for name in names]


def funded(found: Funding) -> list[str]:
    return [each.candidate.id for each in found.funded]


def states(found: Funding) -> dict[str, str]:
    return {each.candidate.id: each.state for each in found.placed}


def under(budget: float, cases: list[Candidate], currency: str = "USD", **how: object) -> Funding:
    return fund(cases, budget, currency, catalog(), DAY, **how)


def prospects(*figures: tuple[float, float]) -> tuple[list[Candidate], dict[str, Prospect]]:
    """Made-up cases that ask for and are worth what is said, each with futures of two values."""
    cases = [Candidate(str(k), preset("extraction", title=str(k))) for k in range(len(figures))]
    flat = np.ones(4)
    made = {
        str(k): Prospect("yes", "USD", asks, value, Worlds(value * flat, -asks * flat, 1.0))
        for k, (asks, value) in enumerate(figures)
    }
    return cases, made


def made_up(budget: float, *figures: tuple[float, float]) -> Funding:
    cases, made = prospects(*figures)
    return under(budget, cases, prospect=lambda case: made[str(case.title)])


def test_a_case_asks_for_and_is_worth_what_its_advice_says() -> None:
    found, told = prospect_of(preset("extraction"), catalog(), DAY), advice(preset("extraction"))
    assert told.headline is not None
    assert (found.asks, found.value) == (told.headline.investment.p50, told.headline.npv.mean)
    assert (found.verdict, found.currency) == (told.recommendation.verdict, "USD")


def test_the_most_for_its_money_comes_first_and_a_verdict_against_is_told() -> None:
    found = under(1e6, candidates("chat", "extraction", "article-003", "code-completion", "article-001"))
    ranked = [(each.rank, each.candidate.id) for each in found.placed]
    assert ranked == [(1, "article-001"), (2, "extraction"), (3, "code-completion"), (4, "article-003"), (5, "chat")]
    assert funded(found) == ["article-001", "extraction"]
    assert {name: state for name, state in states(found).items() if state != "funded"} == {
        "code-completion": "against",
        "article-003": "against",
        "chat": "no_gain",
    }
    assert found.method == "exact"
    ratios = [each.npv_ratio for each in found.placed if each.npv_ratio is not None]
    assert ratios == sorted(ratios, reverse=True)


def test_no_case_whose_verdict_is_against_is_funded() -> None:
    found = under(1e9, [*candidates(*sorted(catalog().presets)), Candidate("blocked", _blocked())])
    assert states(found)["blocked"] == "against"
    assert all(isinstance(each.found, Prospect) and each.found.verdict not in AGAINST for each in found.funded)


def _blocked() -> Scenario:
    return preset("extraction", data_rights="no")


def test_the_budget_is_filled_with_what_is_worth_most_together() -> None:
    """The best ranked is left where two others bring more for the same money."""
    found = made_up(8_000.0, (5_000.0, 6_500.0), (4_000.0, 5_000.0), (4_000.0, 5_000.0))
    assert sorted(funded(found)) == ["1", "2"]
    assert states(found)["0"] == "crowded_out"
    assert found.left == 0.0
    assert found.whole is not None
    assert (found.whole.asks, found.whole.value) == (8_000.0, 10_000.0)


def test_what_alone_is_above_the_budget_is_told_so() -> None:
    assert states(made_up(100.0, (50.0, 80.0), (101.0, 900.0))) == {"0": "funded", "1": "above_budget"}


def test_unknown_is_listed_and_never_nothing() -> None:
    cases = [
        *candidates("extraction"),
        Candidate("open", OPEN),
        Candidate("faulty", InputError([])),
        Candidate("x", None),
    ]
    found = under(50_000.0, cases)
    assert states(found) == {"extraction": "funded", "open": "unknown", "faulty": "faulty", "x": "faulty"}
    (row,) = [each for each in found.placed if each.candidate.id == "open"]
    assert row.value is None
    assert row.rank is None
    assert isinstance(row.found, Prospect)
    assert [reason.code for reason in row.found.reasons] == ["reason_need_more_input"]
    assert found.whole is not None
    assert found.whole.asks == found.funded[0].asks


def test_what_the_reader_leaves_out_is_not_counted() -> None:
    cases = [Candidate("a", preset("extraction")), Candidate("b", preset("extraction"))]
    assert states(under(1e6, cases, left_out=frozenset({0}))) == {"b": "funded", "a": "left_out"}


def test_a_case_without_a_budget_of_its_own_takes_the_common_one() -> None:
    answers = {k: v for k, v in preset("extraction").answers().items() if k != "budget"}
    found = under(20_000.0, [Candidate("a", Scenario.from_answers(answers))])
    assert states(found) == {"a": "funded"}


def test_a_budget_of_its_own_gives_way_to_the_common_one() -> None:
    tight = preset("extraction", budget=100.0)
    assert advise(tight, catalog(), DAY).recommendation.verdict == "over_budget"
    assert states(under(20_000.0, [Candidate("a", tight)])) == {"a": "funded"}


def test_other_currencies_are_converted_by_the_dated_rate() -> None:
    rate = catalog().exchange_rate("EUR", DAY)
    assert rate is not None
    dollars, euros = (under(1e6, candidates("extraction"), money) for money in ("USD", "EUR"))
    assert dollars.rates == ()
    assert [(row.id, row.value) for row in euros.rates] == [("exchange_rate_EUR", float(rate.value))]
    assert euros.funded[0].asks == pytest.approx((dollars.funded[0].asks or 0) * float(rate.value))
    assert euros.funded[0].value == pytest.approx((dollars.funded[0].value or 0) * float(rate.value))
    assert euros.funded[0].npv_ratio == pytest.approx(dollars.funded[0].npv_ratio)


def test_without_a_rate_a_case_is_refused_with_its_reason() -> None:
    before_all_rates = DAY.replace(year=2001)
    cases = [Candidate("a", preset("extraction"))]
    prospect = prospect_of(preset("extraction"), catalog(), DAY)
    found = fund(cases, 1e6, "EUR", catalog(), before_all_rates, prospect=lambda case: prospect)
    assert states(found) == {"a": "no_rate"}
    assert found.whole is None


def test_the_chance_of_one_case_is_its_own() -> None:
    found, told = under(1e6, candidates("extraction")), advice(preset("extraction"))
    assert told.risk is not None
    assert found.whole is not None
    assert found.whole.ahead_alike == found.whole.ahead_apart == pytest.approx(told.risk.positive_share)
    assert (found.whole.p10, found.whole.p90) == pytest.approx((told.risk.npv.p10, told.risk.npv.p90))


def placed(passed: list[float], failed: list[float], chance: float) -> Placed:
    worlds = Worlds(np.array(passed), np.array(failed), chance)
    return Placed(Candidate("", None), None, "funded", 1.0, worlds.mean, worlds)


def test_gates_pass_each_by_itself() -> None:
    """Worked by hand: each gains 3 or loses 1, so two are ahead unless both fail: 1 - 0.5 x 0.5."""
    case = placed([3.0, 3.0], [-1.0, -1.0], 0.5)
    found = whole_of([case, case])
    assert found.ahead_alike == found.ahead_apart == pytest.approx(0.75)
    assert found.value == pytest.approx(2.0)


def test_many_gates_are_drawn_and_come_near_what_counting_gives() -> None:
    """Twelve cases that gain 1 or lose 1 at even chances are ahead where more than half pass: 1586 of 4096."""
    found = whole_of([placed([1.0], [-1.0], 0.5)] * 12)
    assert found.ahead_alike == pytest.approx(1_586 / 4_096, abs=0.05)


def test_futures_that_are_alike_do_not_offset_one_another() -> None:
    """A loss of 1 or a gain of 1.5 in the same futures: apart, one case's gain makes up for the other's loss."""
    values = np.tile([-1.0, 1.5], 512)
    case = placed(values.tolist(), values.tolist(), 1.0)
    found = whole_of([case, case])
    assert found.ahead_alike == 0.5
    assert found.ahead_apart == pytest.approx(0.75, abs=0.05)


@pytest.mark.parametrize(("text", "amount"), [("30k", 30_000.0), ("$1,200", 1_200.0), ("0", 0.0)])
def test_a_budget_is_read_as_people_write_it(text: str, amount: float) -> None:
    assert read_budget(text, "USD") == amount


@pytest.mark.parametrize(
    ("text", "code"), [("much", "not_a_number"), ("\u20ac5k", "budget_in_other_currency"), ("-1", "below_minimum")]
)
def test_an_unusable_budget_is_refused(text: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_budget(text, "USD", ("--budget", "--currency"))
    assert [(issue.field, issue.code) for issue in refused.value.issues] == [("--budget", code)]


def test_too_many_cases_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        under(1.0, [Candidate("", None)] * (MOST_CANDIDATES + 1))
    assert refused.value.issues[0].code == "too_many_candidates"


def test_the_usual_currency_is_that_of_most_cases() -> None:
    assert usual_currency(candidates("extraction", "chat", "article-003")) == "CNY"
    assert usual_currency([Candidate("x", None)]) == "USD"
