"""Prices of hosted models from a folder of the reader's: a newer list, contracts, and what is refused."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from advisor.assumptions import resolve
from advisor.catalog import own_hosted
from advisor.catalog.hosted_prices import hosted_models, hosted_price, notices_for, price_book
from advisor.catalog.loader import load_catalog
from advisor.catalog.long_prompts import mixed_price
from advisor.core.notices import DataError
from advisor.scenario import Scenario

TERRA, ON = "openai/gpt-6.1-terra", date(2026, 11, 29)
READ_ON = "2026-11-28"
ANSWER = Path(__file__).resolve().parents[1] / "fixtures" / "price_sources" / "genai-prices.json"
CONTRACT = """
contracts:
  - model: {model}
    effective_from: {since}
    ends: {ends}
    input_price: {price}
    output_price: 3.0
    source: {{title: "Framework contract 4711", retrieved: 2026-10-01}}
"""


@pytest.fixture(autouse=True)
def _bundled_again() -> Iterator[None]:
    yield
    own_hosted.use_own(own_hosted.NOTHING_OWN)


def saved(root: Path, **changes: object) -> Path:
    (root / "prices").mkdir(parents=True, exist_ok=True)
    said = {"retrieved": READ_ON, "url": "https://example.org/", "providers": json.loads(ANSWER.read_text()), **changes}
    (root / "prices" / "hosted.json").write_text(json.dumps(said))
    return root


def contract(root: Path, **changes: object) -> Path:
    (root / "prices").mkdir(parents=True, exist_ok=True)
    said = {"model": TERRA, "since": "2026-10-01", "ends": "null", "price": 0.5, **changes}
    (root / "prices" / "hosted_contracts.yaml").write_text(CONTRACT.format(**said))
    return root


def test_a_newer_list_takes_the_place_of_the_bundled_one(tmp_path: Path) -> None:
    before = load_catalog(own=[]).version
    assert hosted_price(TERRA, ON).input_price == 1.0
    prompts = ((1.0, 1000),)
    assert mixed_price(TERRA, ON, prompts).input_price == 1.0
    after = load_catalog(own=[saved(tmp_path)]).version
    price = hosted_price(TERRA, ON)
    assert (price.input_price, price.batch_input_price, price.checked_on) == (1.2, 0.6, date(2026, 11, 28))
    assert price.origin.title == f"genai-prices 2026-11-28: {TERRA}"
    assert mixed_price(TERRA, ON, prompts).input_price == 1.2
    assert before != after
    load_catalog(own=[])
    assert hosted_price(TERRA, ON).input_price == 1.0


def test_a_model_that_the_newer_list_lacks_keeps_its_bundled_price(tmp_path: Path) -> None:
    load_catalog(own=[])
    offered = hosted_models(ON)
    providers = [each for each in json.loads(ANSWER.read_text()) if each["id"] != "openai"]
    load_catalog(own=[saved(tmp_path, providers=providers)])
    assert hosted_price(TERRA, ON).input_price == 1.0
    assert hosted_price(TERRA, ON).checked_on == price_book().data_up_to
    assert set(hosted_models(ON)) == set(offered)


def test_a_kept_model_keeps_its_bundled_price(tmp_path: Path) -> None:
    load_catalog(own=[saved(tmp_path, kept=[TERRA])])
    assert hosted_price(TERRA, ON).input_price == 1.0


def test_a_list_older_than_the_bundled_one_is_left_aside(tmp_path: Path) -> None:
    load_catalog(own=[saved(tmp_path, retrieved="2026-11-01")])
    assert hosted_price(TERRA, ON).input_price == 1.0


@pytest.mark.parametrize(
    "content",
    [
        b"<html>not found</html>",
        b'{"retrieved": "2026-11-28", "url": "u", "providers": [',
        b'{"retrieved": "2026-11-28", "url": "u", "providers": []}',
        b'{"retrieved": "2026-11-28", "url": "u", "providers": [{"id": 3}]}',
        b'{"retrieved": "2026-11-28", "url": "u", "providers": [{"id": "openai", "models": NaN}]}',
        b"[" * 100_000,
        b"\xff\xfe",
        b"null",
    ],
)
def test_a_broken_list_is_refused_and_the_old_one_stays(tmp_path: Path, content: bytes) -> None:
    load_catalog(own=[])
    saved(tmp_path)
    (tmp_path / "prices" / "hosted.json").write_bytes(content)
    with pytest.raises(DataError, match=r"hosted\.json: whole file: .*Mend: update the prices again"):
        load_catalog(own=[tmp_path])
    assert hosted_price(TERRA, ON).input_price == 1.0


def test_a_contract_comes_before_the_list_until_it_ends(tmp_path: Path) -> None:
    load_catalog(own=[contract(tmp_path, ends="2027-03-01")])
    price = hosted_price(TERRA, ON)
    assert (price.input_price, price.output_price, price.cached_input_price, price.kind) == (0.5, 3.0, 0.05, "yours")
    assert price.origin.title == "Framework contract 4711"
    assert [day for day, _ in price.announced] == [date(2027, 3, 1)]
    assert price.announced[0][1].input_price == 1.0
    assert hosted_price(TERRA, date(2026, 9, 30)).input_price == 1.0
    assert [day for day, _ in hosted_price(TERRA, date(2026, 9, 30)).announced] == [date(2026, 10, 1), date(2027, 3, 1)]


def test_a_contract_does_not_grow_old(tmp_path: Path) -> None:
    load_catalog(own=[contract(tmp_path)])
    later = date(2027, 6, 1)
    assert "price_stale" not in {notice.code for notice in notices_for(hosted_price(TERRA, later), later, 60, 0.2)}


def test_a_case_pays_the_contract_without_a_discount_off_the_list(tmp_path: Path) -> None:
    catalog = load_catalog(own=[contract(tmp_path)])
    case = Scenario.from_answers({"current_model": TERRA, "list_price_discount": 0.2, "daily_requests": 1000})
    row = resolve(case, catalog, ON)["current_input_price"]
    assert (row.value, row.kind) == (0.5, "yours")
    assert row.source is not None
    assert row.source.title == "Framework contract 4711"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"price": -1}, "above 0"),
        ({"price": ".inf"}, "plain number"),
        ({"model": "openai/gpt-6.1-tera"}, "did you mean .*gpt-6.1-terra"),
        ({"ends": "2026-09-01"}, "correct a date"),
    ],
)
def test_a_faulty_contract_is_named(tmp_path: Path, changes: dict[str, object], fault: str) -> None:
    with pytest.raises(DataError, match=rf"hosted_contracts\.yaml: .*{fault}"):
        load_catalog(own=[contract(tmp_path, **changes)])
