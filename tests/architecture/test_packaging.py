"""What an installed copy holds, and where it looks for it."""

import zipfile
from pathlib import Path

import hatchling.build
import pytest

from advisor.core import places

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = ("__pycache__", ".pyc")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel that the build backend makes of this checkout, without pip or network."""
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        name = hatchling.build.build_wheel(str(folder))
    with zipfile.ZipFile(folder / name) as archive:
        return set(archive.namelist())


def files(folder: str) -> set[str]:
    found = (path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file())
    return {name for name in found if not any(part in name for part in LEFT_OUT)}


@pytest.mark.parametrize("folder", ["pages", "data"])
def test_the_wheel_holds_every_file_the_app_needs(wheel: set[str], folder: str) -> None:
    assert files(folder)
    assert {f"advisor/{places.INSTALLED}/{name}" for name in files(folder)} <= wheel


def test_the_wheel_holds_how_the_app_looks_and_no_secrets(wheel: set[str]) -> None:
    beside = f"advisor/{places.INSTALLED}/.streamlit/"
    assert {name for name in wheel if name.startswith(beside)} == {f"{beside}config.toml"}


def test_the_wheel_holds_the_app_and_the_package(wheel: set[str]) -> None:
    assert files("advisor") | {f"advisor/{places.INSTALLED}/app.py"} <= wheel


def test_nothing_else_lands_beside_other_packages(wheel: set[str]) -> None:
    beside = {name.split("/")[0] for name in wheel}
    assert {name for name in beside if not name.endswith(".dist-info")} == {"advisor"}


def test_the_command_is_installed(wheel: set[str]) -> None:
    assert any(name.endswith(".dist-info/entry_points.txt") for name in wheel)


def test_a_checkout_finds_its_files_beside_the_package() -> None:
    assert places.HOME == ROOT
    assert places.APP.is_file()


def test_an_installed_copy_finds_its_files_inside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "advisor"
    (package / places.INSTALLED).mkdir(parents=True)
    assert places.home_of(package) == package / places.INSTALLED
