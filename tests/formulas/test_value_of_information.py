"""What finding facts out is worth, against closed forms; noise is worth nothing."""

from statistics import NormalDist

import numpy as np
import pytest

from advisor.formulas.value_of_information import value_of_facts
from advisor.risk import sobol

DRAWS = 4_096
NORMAL = NormalDist()


def beside_nothing(values):
    return np.column_stack([np.zeros(len(values)), values])


def closed_form(mean, sd_told):
    """Gain from seeing a normal part of the value before choosing between it and nothing."""
    z = mean / sd_told
    return sd_told * NORMAL.pdf(z) - abs(mean) * NORMAL.cdf(-abs(z))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("mean", [-1.0, -0.2, 0.0, 0.4])
def test_noise_is_worth_nothing(seed, mean):
    random = np.random.default_rng(seed)
    found = value_of_facts(random.normal(size=(DRAWS, 12)), beside_nothing(mean + random.normal(size=DRAWS)))
    assert found.counted == 0


@pytest.mark.parametrize("mean", [-1.0, -0.3, 0.0, 0.5])
def test_a_linear_gaussian_case_has_its_closed_form(mean):
    """Within three of its standard errors; the cut of a regression at zero costs less than one of them."""
    random = np.random.default_rng(7)
    facts = random.normal(size=(4 * DRAWS, 6))
    values = mean + 0.8 * facts[:, 0] - 0.6 * facts[:, 3] + 2 * random.normal(size=len(facts))
    found = value_of_facts(facts, beside_nothing(values))
    assert found.counted == pytest.approx(closed_form(mean, 1.0), abs=3 * found.standard_error)


def test_knowing_the_only_uncertain_number_is_worth_as_much_as_knowing_all():
    """Uniform from -0.6 to 0.4: 0.4^2 / 2. A parabola in normal scores finds the zero to a few hundredths."""
    one = sobol.points(DRAWS, 1, seed=5)[:, 0]
    found = value_of_facts(one[:, np.newaxis], beside_nothing(one - 0.6))
    assert found.gain == pytest.approx(0.08, rel=0.03)


def test_two_facts_that_only_matter_together_are_found_together():
    random = np.random.default_rng(3)
    facts = random.normal(size=(DRAWS, 4))
    values = facts[:, 0] * facts[:, 1]
    alone = value_of_facts(facts[:, :1], beside_nothing(values))
    both = value_of_facts(facts, beside_nothing(values))
    assert alone.counted == 0
    assert both.gain == pytest.approx(1 / np.pi, abs=3 * both.standard_error)


def test_the_best_of_several_options_is_taken_and_its_scale_does_not_matter():
    random = np.random.default_rng(2)
    fact = random.lognormal(size=(DRAWS, 1))
    options = np.column_stack([np.zeros(DRAWS), np.log(fact[:, 0]), -np.log(fact[:, 0])])
    found = value_of_facts(fact, options)
    assert found.gain == pytest.approx(np.abs(np.log(fact)).mean(), rel=0.02)
    in_cents = value_of_facts(fact * 1e6, options * 100)
    assert in_cents.gain == pytest.approx(100 * found.gain)
    assert np.array_equal(in_cents.chosen, found.chosen)


def test_too_few_draws_are_refused():
    with pytest.raises(ValueError, match="too_few_draws"):
        value_of_facts(np.ones((64, 20)), np.ones((64, 2)))
