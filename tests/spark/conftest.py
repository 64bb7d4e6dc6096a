"""A local Spark for all tests of this folder, which ``make test-spark`` runs and nothing else collects."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from advisor.usage.warehouses.address import address_of
from advisor.usage.warehouses.opening import opened

if "ADVISOR_TEST_SPARK" not in os.environ:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    with opened(address_of("spark://local[2]")) as connection:
        yield connection
