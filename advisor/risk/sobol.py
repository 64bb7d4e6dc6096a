"""Points spread evenly between 0 and 1 in many dimensions, the same for the same seed on every machine.

The points are a scrambled Sobol sequence, kept as a table that ``data/draws/build_draws.py`` writes: loading SciPy to
make them anew would take longer than everything computed with them.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from advisor.core.places import DATA

Array = NDArray[np.float64]

TABLE: Final = DATA / "draws" / "sobol.npy"
LEVELS: Final = 2**16
MOST_POINTS: Final = 2**14
MOST_DIMENSIONS: Final = 64


@lru_cache(maxsize=8)
def points(count: int, dimensions: int, seed: int) -> Array:
    """The first ``count`` points (count, dimensions) [fraction], read-only; ``count`` is a power of two.

    A digital shift by the seed: the levels of a dimension are combined by XOR with the same random bits. Each of
    ``count`` equal intervals of a dimension holds exactly one point before and after, and the uniformity over several
    dimensions is kept. A dimension does not depend on how many others are asked for. ValueError outside the table.
    """
    if not 0 < count <= MOST_POINTS or count & (count - 1):
        raise ValueError(f"{count} points: not a power of two up to {MOST_POINTS}")
    if not 0 < dimensions <= MOST_DIMENSIONS:
        raise ValueError(f"{dimensions} dimensions: not between 1 and {MOST_DIMENSIONS}")
    shift = np.random.default_rng(seed).integers(0, LEVELS, MOST_DIMENSIONS, dtype=np.uint16)
    levels = _table()[:count, :dimensions] ^ shift[:dimensions]
    found: Array = (levels + 0.5) / LEVELS
    found.setflags(write=False)
    return found


def plain_random(count: int, dimensions: int, seed: int) -> Array:
    """As many pseudo-random points (count, dimensions) [fraction], for comparison with the Sobol points."""
    return np.random.default_rng(seed).random((count, dimensions))


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint16]:
    table: NDArray[np.uint16] = np.load(TABLE)
    return table
