"""Runs the worked cases on uncertainty: every ``*.yaml`` beside this file whose topic is ``uncertainty``.

A case names a function of ``uncertainty_functions``. ``tolerance`` says for single figures how far off they may be,
``abs`` in their unit or ``rel`` as a share; the case argues it.
"""

from pathlib import Path

import numpy as np
import pytest
import yaml

from tests.golden.uncertainty_functions import FUNCTIONS

# The expected figures were computed in double precision by an independent program. Another order of
# the same operations moves the last few of 16 digits; another formula moves far more than this.
EXACT = {"rel": 1e-9, "abs": 1e-12}
NOTHING = {"rel": 0.0, "abs": 0.0}


def cases():
    found = []
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        if document.get("topic") == "uncertainty":
            found += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in document["cases"]]
    return found


@pytest.mark.parametrize("case", cases())
def test_case(case):
    assert case["why"]
    result = FUNCTIONS[case["function"]](**case["inputs"])
    for name, wanted in case["expect"].items():
        if isinstance(wanted, str | bool):
            assert result[name] == wanted, name
            continue
        given = case.get("tolerance", {}).get(name)
        tolerance = NOTHING | given if given else EXACT
        figure = np.nan if wanted is None else wanted
        assert result[name] == pytest.approx(figure, **tolerance, nan_ok=True), name
