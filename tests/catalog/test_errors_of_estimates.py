"""How far an estimate may be off is a share of it, smaller than the whole."""

import pytest

from advisor.catalog.loader import load_catalog
from advisor.core.notices import DataError

FILE = "estimators/errors.yaml"
ERRORS = """
coefficients:
  training:
    unit: fraction
    value: {value}
    kind: measured
    source: {{title: A page, url: "https://example.org/", retrieved: 2026-02-01}}
    note: Why
"""


@pytest.mark.parametrize("value", ["-1", "1", "1e+300"])
def test_an_error_that_is_no_share_is_refused(data_tree, value: str) -> None:
    with pytest.raises(DataError) as caught:
        load_catalog(data_tree({FILE: ERRORS.format(value=value)}))
    assert (caught.value.file, caught.value.record) == (f"data/{FILE}", "training")
    assert "from 0 to less than 1" in caught.value.mend


@pytest.mark.parametrize("value", ["0", "0.3"])
def test_a_share_is_taken(data_tree, value: str) -> None:
    catalog = load_catalog(data_tree({FILE: ERRORS.format(value=value)}))
    assert catalog.coefficients["errors"]["training"].value == float(value)
