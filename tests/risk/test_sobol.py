"""The points: even in every dimension, the same for a seed, and from the table that the script builds."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from advisor.risk import sobol

POWERS = [2**m for m in range(15)]


def test_the_table_is_what_the_script_builds():
    path = sobol.TABLE.with_name("build_draws.py")
    specification = importlib.util.spec_from_file_location("build_draws", path)
    script = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(script)
    table = np.load(sobol.TABLE)
    assert table.dtype == np.uint16
    assert np.array_equal(table, script.levels())


@pytest.mark.parametrize("count", POWERS)
@pytest.mark.parametrize("seed", [0, 20260101])
def test_each_equal_part_of_a_dimension_holds_one_point(count, seed):
    parts = np.floor(sobol.points(count, sobol.MOST_DIMENSIONS, seed) * count).astype(int)
    assert np.array_equal(np.sort(parts, axis=0), np.tile(np.arange(count)[:, np.newaxis], sobol.MOST_DIMENSIONS))


def test_no_point_touches_an_end():
    points = sobol.points(sobol.MOST_POINTS, sobol.MOST_DIMENSIONS, 1)
    assert points.min() >= 0.5 / sobol.LEVELS
    assert points.max() <= 1 - 0.5 / sobol.LEVELS


def test_a_seed_gives_the_same_bytes_and_another_seed_others():
    first = sobol.points(1_024, 8, 5).tobytes()
    sobol.points.cache_clear()
    assert sobol.points(1_024, 8, 5).tobytes() == first
    assert sobol.points(1_024, 8, 6).tobytes() != first
    assert sobol.plain_random(1_024, 8, 5).tobytes() == sobol.plain_random(1_024, 8, 5).tobytes()
    assert sobol.plain_random(1_024, 8, 5).tobytes() != sobol.plain_random(1_024, 8, 6).tobytes()


def test_fewer_points_or_dimensions_are_the_first_of_more():
    many = sobol.points(1_024, 9, 5)
    assert np.array_equal(sobol.points(256, 4, 5), many[:256, :4])


def test_points_cannot_be_written_on():
    with pytest.raises(ValueError, match="read-only"):
        sobol.points(16, 2, 1)[0, 0] = 0.5


@pytest.mark.parametrize(("count", "dimensions"), [(0, 1), (3, 1), (-4, 1), (2**15, 1), (16, 0), (16, 65)])
def test_what_the_table_does_not_hold_is_refused(count, dimensions):
    with pytest.raises(ValueError, match=r"points|dimensions"):
        sobol.points(count, dimensions, 1)


def test_they_tell_a_mean_better_than_four_times_as_many_by_chance():
    def worth(u):
        return np.exp(u[:, 0]) * (1 + u[:, 1]) - 3 * u[:, 2] ** 2

    exact = (np.e - 1) * 1.5 - 1

    def error(points, count):
        return np.sqrt(np.mean([(worth(points(count, 3, seed)).mean() - exact) ** 2 for seed in range(30)]))

    assert error(sobol.points, 1_024) < 0.25 * error(sobol.plain_random, 4_096)


def test_two_dimensions_of_sixty_four_are_never_tied():
    """Among the 2,016 pairs of columns of as many independent random draws, the worst would correlate by 0.03."""
    points = sobol.points(sobol.MOST_POINTS, sobol.MOST_DIMENSIONS, 1)
    tied = np.corrcoef(points.T) - np.eye(sobol.MOST_DIMENSIONS)
    assert np.abs(tied).max() < 0.02


def test_the_product_does_without_scipy():
    use = "from advisor.risk import sobol; from advisor.formulas import distributions; sobol.points(4, 2, 1)"
    code = f"import sys; {use}; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=sobol.TABLE.parents[2], check=False).returncode == 0
