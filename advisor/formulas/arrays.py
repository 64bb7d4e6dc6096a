"""What makes an array of a number: plain ones as numpy does, ones that record their formula left as they are."""

from typing import Any, cast

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray


def as_array(value: Any, dtype: type | None = None) -> NDArray[Any]:
    """``np.asarray``, which is the one call that numpy does not hand over to a number with operators of its own.

    Parameters
    ----------
    value : float, array or a number that records what is done with it [any unit]
    dtype : type, optional

    Returns
    -------
    array [unit of value]
    """
    if isinstance(value, NDArrayOperatorsMixin):
        recorded = cast(NDArray[Any], value)
        return recorded if dtype is None else recorded.astype(dtype)
    return np.asarray(value, dtype)
