"""Runs the worked money cases: every ``*.yaml`` beside this file whose topic is ``money``.

A case names a function of ``money_functions``. ``expect`` holds figures to reproduce; ``figures``
adds what a source article printed and whether its own inputs give that.
"""

from pathlib import Path

import numpy as np
import pytest
import yaml

from tests.golden.money_functions import FUNCTIONS

# The expected figures were computed in double precision by an independent program. Another order of
# the same operations moves the last few of 16 digits; another formula moves far more than this.
RELATIVE_TOLERANCE = 1e-9


def money_cases():
    cases = []
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        if document.get("topic") == "money":
            cases += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in document["cases"]]
    return cases


@pytest.mark.parametrize("case", money_cases())
def test_case(case):
    figures = case.get("figures", {})
    expected = case.get("expect", {}) | {name: figure["recomputed"] for name, figure in figures.items()}
    result = FUNCTIONS[case["function"]](**case["inputs"])
    for name, value in expected.items():
        if isinstance(value, str):
            assert result[name] == value, name
            continue
        wanted = np.nan if value is None else value
        tolerance = case.get("absolute_tolerance", 1e-12)
        assert result[name] == pytest.approx(wanted, rel=RELATIVE_TOLERANCE, abs=tolerance, nan_ok=True), name


@pytest.mark.parametrize("case", money_cases())
def test_printed_figures_agree_exactly_where_the_case_says_so(case):
    for name, figure in case.get("figures", {}).items():
        if isinstance(figure["printed"], str):
            continue
        decimals = len(str(figure["printed"]).partition(".")[2])
        half_a_digit = 0.5000001 * 10**-decimals
        agrees = abs(figure["recomputed"] - figure["printed"]) <= half_a_digit
        assert agrees == (figure["status"] in ("match", "rounding")), name
