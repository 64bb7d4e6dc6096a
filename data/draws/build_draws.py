"""Build ``sobol.npy``, the table of points that ``advisor/risk/sobol.py`` reads.

    python data/draws/build_draws.py

Development only; needs SciPy. 16,384 points of a scrambled Sobol sequence in 64 dimensions, each coordinate as one of
65,536 levels. The first 2, 4, 8 ... points are as evenly spread as their number allows. Another SciPy or numpy may
scramble differently: ``tests/risk/test_sobol.py`` compares.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

SEED = 20261126
DIMENSIONS = 64
DOUBLINGS = 14
LEVELS = 2**16


def levels() -> NDArray[np.uint16]:
    """Level 0..65,535 of every point (16,384, 64): the coordinate lies between level and level + 1 of 65,536."""
    sobol = qmc.Sobol(DIMENSIONS, scramble=True, rng=np.random.default_rng(SEED))
    return np.floor(sobol.random_base2(DOUBLINGS) * LEVELS).astype(np.uint16)


if __name__ == "__main__":
    np.save(Path(__file__).with_name("sobol.npy"), levels())
