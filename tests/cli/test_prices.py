"""Prices updated on the command line from files, and what a folder of one's own does to a case."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.catalog import own_hosted
from advisor.text.languages import languages
from tests.price_sources.standin import RECORDED, SELLERS, VERSION, offers_of, zipped


@pytest.fixture(autouse=True)
def own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.delenv("ADVISOR_DATA", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield
    own_hosted.use_own(own_hosted.NOTHING_OWN)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "ours"


@pytest.fixture
def update(run, tmp_path: Path, folder: Path):
    """The command, with every source in files."""
    offers = tmp_path / "offers"
    for seller in SELLERS:
        (offers / seller / VERSION).mkdir(parents=True)
        (offers / seller / "version").write_text(VERSION)
        (offers / seller / VERSION / "catalog.zip").write_bytes(zipped(f"{seller}.csv", offers_of(seller)))
    places = {
        "genai-prices": RECORDED / "genai-prices.json",
        "gpuhunt": offers,
        "ecb": RECORDED / "eurofxref-daily.xml",
    }
    given = [word for name, place in places.items() for word in ("--from", f"{name}={place}")]

    def call(*more: str, code: int = 0) -> tuple[str, str]:
        return run("prices", "update", "--into", str(folder), *given, *more, code=code)

    return call


def test_all_sources_are_written_and_told(update, folder: Path) -> None:
    told = json.loads(update("--json", "--case", "extraction")[0])
    assert told["written"]
    assert [each["source"] for each in told["sources"]] == ["genai-prices", "gpuhunt", "ecb"]
    assert [len(each["moves"]) > 0 for each in told["sources"]] == [True, True, True]
    assert told["case"]["before"].keys() == {"verdict", "npv"}
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    assert names == {"hosted.json", "exchange_rates_ecb.yaml", *(f"gpuhunt-{seller}.yaml" for seller in SELLERS)}


@pytest.mark.parametrize("language", languages())
def test_a_second_update_says_that_nothing_moved(update, language: str) -> None:
    update()
    out, err = update("--language", language)
    assert err == ""
    nothing = "0 moved, 0 new, 0 kept as before" if language == "en" else "变动 0 个，新增 0 个，保持原价 0 个"
    assert out.count(nothing) == 3


def test_trying_out_writes_nothing(update, folder: Path) -> None:
    out, _ = update("--dry-run")
    assert "Nothing was written" in out
    assert not folder.exists()


def test_the_folder_changes_the_case_and_the_catalog(
    update, run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update()
    before = json.loads(run("assess", "extraction", "--json")[0])
    monkeypatch.setenv("ADVISOR_DATA", str(folder))
    after = json.loads(run("assess", "extraction", "--json")[0])
    assert before["catalog_version"] != after["catalog_version"]


@pytest.mark.parametrize("language", languages())
def test_a_fault_in_ones_own_file_is_said_to_be_in_ones_own_folder(
    run, folder: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "prices").mkdir(parents=True)
    (folder / "prices" / "exchange_rates.yaml").write_text("rates: [{currency: EUR}]\n")
    monkeypatch.setenv("ADVISOR_DATA", str(folder))
    err = run("assess", "extraction", "--language", language, code=2)[1]
    head, *told = err.strip().splitlines()
    assert ("3 faults in your own folders of data" if language == "en" else "您自己的数据文件夹") in head
    assert [f"{key}" in line for key, line in zip(("unit", "values", "last_verified"), told, strict=True)] == [True] * 3
    assert all("exchange_rates.yaml" in line for line in told)


@pytest.mark.parametrize(
    "more", [("--source", "nowhere"), ("--from", "ecb"), ("--from", "ecb=/nowhere/rates.xml"), ("--into", " ")]
)
def test_what_cannot_be_done_is_one_clear_error(update, folder: Path, more: tuple[str, ...]) -> None:
    out, err = update(*more, code=2)
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert not folder.exists()
