"""Runs the worked engineering cases: every ``*.yaml`` beside this file whose topic is ``engineering``.

A case names a function of ``engineering_functions``. ``expect`` holds figures to reproduce; ``figures``
adds what a source article printed and whether its own inputs give that; ``refused`` holds an answer
that must not reach a formula.
"""

from pathlib import Path

import numpy as np
import pytest
import yaml

from advisor.core.notices import InputError
from advisor.scenario import Scenario
from tests.golden.engineering_functions import FUNCTIONS

# The expected figures were computed in double precision by an independent program or with pencil and
# paper. Another order of the same operations moves the last few of 16 digits; another formula moves
# far more than this.
RELATIVE_TOLERANCE = 1e-9
ABSOLUTE_TOLERANCE = 1e-12


def engineering_cases(kind):
    cases = []
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        if document.get("topic") == "engineering":
            found = [case for case in document["cases"] if kind in case]
            cases += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in found]
    return cases


def assert_figure(name, found, wanted):
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            assert_figure(f"{name}.{key}", found[key], value)
    elif isinstance(wanted, str | bool) or (isinstance(wanted, list) and isinstance(wanted[0], str)):
        assert found == wanted, name
    else:
        figure = np.nan if wanted is None else wanted
        close = pytest.approx(figure, rel=RELATIVE_TOLERANCE, abs=ABSOLUTE_TOLERANCE, nan_ok=True)
        assert found == close, name


@pytest.mark.parametrize("case", engineering_cases("function"))
def test_case(case):
    figures = {name: figure["recomputed"] for name, figure in case.get("figures", {}).items()}
    result = FUNCTIONS[case["function"]](**case["inputs"])
    for name, wanted in (case.get("expect", {}) | figures).items():
        assert_figure(name, result[name], wanted)


@pytest.mark.parametrize("case", engineering_cases("figures"))
def test_printed_figures_agree_exactly_where_the_case_says_so(case):
    for name, figure in case["figures"].items():
        if isinstance(figure["printed"], str):
            continue
        decimals = len(str(figure["printed"]).partition(".")[2])
        half_a_digit = 0.5000001 * 10**-decimals
        agrees = abs(figure["recomputed"] - figure["printed"]) <= half_a_digit
        assert agrees == (figure["status"] in ("match", "rounding")), name


@pytest.mark.parametrize("case", engineering_cases("refused"))
def test_an_answer_outside_its_bounds_is_refused(case):
    with pytest.raises(InputError) as caught:
        Scenario.from_answers(case["refused"])
    assert [(issue.field, issue.code) for issue in caught.value.issues] == [(case["field"], case["error"])]
