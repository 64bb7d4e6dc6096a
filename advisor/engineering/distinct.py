"""Each object of a list once: a run that stands beside many cards is described once."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")


def distinct(items: Sequence[Item]) -> tuple[list[Item], NDArray[np.intp]]:
    """Each of the objects once, and for every place which of them stands there: a run stands beside many cards.

    Parameters
    ----------
    items : sequence, compared by identity

    Returns
    -------
    tuple of list and array (items,) [index]
    """
    places: dict[int, int] = {}
    which = np.fromiter((places.setdefault(id(item), len(places)) for item in items), dtype=np.intp)
    own = {id(item): item for item in items}
    return [own[key] for key in places], which
