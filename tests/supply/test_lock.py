"""The requirements files are what ``make lock`` makes of pyproject.toml, as far as no network is needed to tell."""

from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply.lock import ROOT, Locked, development, locked, needed, pins, runtime

FILES = {"requirements.txt": runtime, "requirements-dev.txt": development}


def test_every_pin_is_held_with_its_version() -> None:
    for requirements, held in zip((pins()[0], pins()[0] + pins()[1]), (runtime(), development()), strict=True):
        wanted = {canonicalize_name(Requirement(pin).name): pin.split("==")[1] for pin in requirements}
        assert {name: held[name].version for name in wanted if name in held} == wanted


def test_what_the_pins_need_is_held_and_nothing_else() -> None:
    held = runtime()
    assert {name for name, row in held.items() if row.needed_here} == needed(pins()[0])


def test_what_is_installed_is_what_is_held() -> None:
    held = {name: row.version for name, row in runtime().items() if row.needed_here}
    assert {name: metadata.version(name) for name in held} == held


def test_the_tests_run_on_what_users_install() -> None:
    ours, theirs = development(), runtime()
    assert {name: ours.get(name) for name in theirs} == theirs


@pytest.mark.parametrize("file", FILES)
def test_every_package_has_the_hashes_of_its_files(file: str) -> None:
    assert [row.name for row in FILES[file]().values() if not row.hashes] == []


def test_no_file_of_one_package_passes_for_another() -> None:
    seen = [each for row in development().values() for each in row.hashes]
    assert len(seen) == len(set(seen))


def test_an_installation_checks_every_hash() -> None:
    """pip checks hashes where one stands; told so, it also refuses a file that has lost them all."""
    recipes = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    (installer,) = [line for line in recipes if line.startswith("PIP_INSTALL")]
    installs = [line.replace("$(PIP_INSTALL)", installer) for line in recipes if "-r requirements" in line]
    assert len(installs) >= 2
    assert [line for line in installs if "--require-hashes" not in line] == []


def test_a_file_is_read_as_pip_reads_it() -> None:
    zeros = "0" * 64
    text = (
        f"# made\nAn_y==1.0 ; sys_platform == 'nowhere' \\\n    --hash=sha256:{zeros} \\\n    --hash=sha256:{zeros}\n"
    )
    assert locked(text) == {"an-y": Locked("an-y", "1.0", False, frozenset({zeros}))}


@pytest.mark.parametrize("line", ["some>=1.0", "some==1,<2", "some==1,==1.0", "some"])
def test_a_line_that_is_no_exact_pin_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not pinned"):
        locked(line)
