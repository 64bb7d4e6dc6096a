"""What is remembered and handed out cannot be changed by whoever got it."""

from dataclasses import fields

import numpy as np
import pytest

from advisor.engineering.sizing import serving_setups, serving_setups_together, training_setups
from tests.cases import catalog


def _arrays(record: object) -> list[np.ndarray]:
    values = [getattr(record, f.name) for f in fields(record)]  # type: ignore[arg-type]
    nested = [getattr(v, f.name) for v in values if hasattr(v, "__dataclass_fields__") for f in fields(v)]
    return [value for value in (*values, *nested) if isinstance(value, np.ndarray)]


@pytest.mark.parametrize("kind", ["training", "serving", "serving together"])
def test_arrays_of_remembered_setups_are_read_only(kind: str) -> None:
    model = next(iter(catalog().models))
    found = {
        "training": lambda: training_setups(catalog(), model, "lora", 1024),
        "serving": lambda: serving_setups(catalog(), model, 1000.0, 100.0, "bf16", 10.0),
        "serving together": lambda: serving_setups_together(catalog(), model, "bf16", [(1000.0, 100.0, 10.0)])[0],
    }[kind]()
    arrays = _arrays(found)
    assert arrays
    assert not any(array.flags.writeable for array in arrays)
