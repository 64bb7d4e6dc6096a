"""Folders of the reader's over the bundled data: what wins, what is refused, and what is left untouched without one."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from advisor.catalog.loader import load_catalog
from advisor.core.notices import DataError
from advisor.core.places import own_folders
from tests.catalog.conftest import MINIMAL, Writer

ON = date(2026, 3, 1)
OWN = "{title: Our contract, retrieved: 2026-02-20}"
RENT = """
provider: {provider}
provider_class: specialist
skus:
  - id: {id}
    gpu: {gpu}
    pricing_category: standard
    charge_frequency: usage_based
    unit: {unit}
    list_unit_prices:
      - {{effective_from: {since}, value: {value}, kind: {kind}, source: {source}}}
    last_verified: 2026-02-20
"""
SEEN = '{title: A page, url: "https://example.org/", retrieved: 2026-02-20}'
RATES = """
rates:
  - currency: EUR
    unit: EUR/USD
    values:
      - {{effective_from: {since}, value: {value}, kind: {kind}, source: {source}}}
    last_verified: 2026-02-20
"""
Folder = Callable[..., Path]


def rent(**other: object) -> str:
    said: dict[str, object] = {"provider": "Cloud", "id": "cloud/card-80gb", "gpu": "card-80gb", "unit": "USD/GPU/h"}
    return RENT.format(**{**said, "since": "2026-02-10", "value": 1.5, "kind": "published", "source": SEEN, **other})


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Writes a folder of the reader's."""

    def write(files: dict[str, str], name: str = "ours") -> Path:
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return root

    return write


def test_a_later_value_continues_a_bundled_price(data_tree: Writer, folder: Folder) -> None:
    own = folder({"prices/gpu_rental/cloud.yaml": rent()})
    catalog = load_catalog(data_tree(), [own])
    sku = catalog.prices["cloud/card-80gb"]
    assert [float(dated.value) for dated in sku.list_unit_prices] == [2.49, 1.99, 1.5]
    assert sku.last_verified == date(2026, 2, 20)
    before = catalog.price("cloud/card-80gb", date(2026, 2, 9))
    assert before is not None
    assert before.value == 1.99


def test_an_older_value_does_not_win(data_tree: Writer, folder: Folder) -> None:
    own = folder({"prices/gpu_rental/cloud.yaml": rent(since="2025-12-01")})
    point = load_catalog(data_tree(), [own]).price("cloud/card-80gb", ON)
    assert point is not None
    assert point.value == 1.99


def test_of_one_day_the_folder_wins_and_the_later_folder_over_the_earlier(data_tree: Writer, folder: Folder) -> None:
    first = folder({"prices/gpu_rental/cloud.yaml": rent(since="2026-01-15", value=1.7)}, "first")
    second = folder({"prices/gpu_rental/cloud.yaml": rent(since="2026-01-15", value=1.6)}, "second")
    for folders, expected in (([first], 1.7), ([first, second], 1.6), ([second, first], 1.7)):
        point = load_catalog(data_tree(), folders).price("cloud/card-80gb", ON)
        assert point is not None
        assert point.value == expected


def test_what_a_team_agreed_on_stands_behind_its_price_alone(data_tree: Writer, folder: Folder) -> None:
    root = data_tree()
    assert not load_catalog(root, []).basis("card-80gb", "gpu_rental", ON).enough
    contract = rent(id="ours/card", provider="Our contract", value=0.9, kind="yours", source=OWN, since="2025-01-01")
    basis = load_catalog(root, [folder({"prices/gpu_rental/ours.yaml": contract})]).basis("card-80gb", "gpu_rental", ON)
    assert basis.enough
    assert [offer.value for offer in basis.offers] == [0.9]


@pytest.mark.parametrize(
    ("since", "kind", "source", "expected"),
    [("2026-02-10", "published", SEEN, 0.8), ("2025-06-01", "yours", OWN, 0.8), ("2025-06-01", "published", SEEN, 0.9)],
)
def test_a_rate_is_the_later_one_or_the_teams_own(
    data_tree: Writer, folder: Folder, since: str, kind: str, source: str, expected: float
) -> None:
    euro = RATES.format(since="2026-01-01", value=0.9, kind="published", source=SEEN).removeprefix("\nrates:\n")
    root = data_tree({"prices/exchange_rates.yaml": MINIMAL["prices/exchange_rates.yaml"] + euro})
    own = folder({"prices/exchange_rates.yaml": RATES.format(since=since, value=0.8, kind=kind, source=source)})
    rate = load_catalog(root, [own]).exchange_rate("EUR", ON)
    assert rate is not None
    assert float(rate.value) == expected


def test_a_card_of_ones_own_with_its_price(data_tree: Writer, folder: Folder) -> None:
    card = MINIMAL["hardware/gpus.yaml"].replace("card-80gb", "our-card").replace("kind: published", "kind: yours")
    own = folder(
        {"hardware/gpus.yaml": card, "prices/gpu_rental/ours.yaml": rent(gpu="our-card", id="ours/card", provider="Us")}
    )
    catalog = load_catalog(data_tree(), [own])
    assert catalog.gpu("our-card").memory_gib == 80
    assert [point.sku.id for point in catalog.hourly_rentals("our-card", ON)] == ["ours/card"]


@pytest.mark.parametrize(
    ("path", "text", "record", "fault", "mend"),
    [
        ("prices/gpu_rental/x.yaml", rent(value=-1), "cloud/card-80gb", "-1", "above 0"),
        ("prices/gpu_rental/x.yaml", rent(value=".nan"), "cloud/card-80gb", "nan", "number"),
        ("prices/gpu_rental/x.yaml", rent(unit="XYZ/GPU/h"), "cloud/card-80gb", "XYZ/GPU/h", "did you mean"),
        ("prices/gpu_rental/x.yaml", rent(unit="EUR/GPU/h"), "cloud/card-80gb", "unit", "id of its own"),
        ("prices/gpu_rental/x.yaml", rent(gpu="card-80g", id="ours/a"), "ours/a", "card-80g", "card-80gb"),
        ("prices/gpu_rental/x.yaml", rent(source="{title: A page, retrieved: 2026-02-20}"), "cloud", "no url", "add"),
        ("prices/gpu_rental/x.yaml", "<html>", "whole file", "no keys", "begin"),
        ("hardware/gpus.yaml", MINIMAL["hardware/gpus.yaml"], "card-80gb", "already used", "choose another"),
        ("prices/gpu_rentals/x.yaml", rent(), "whole file", "does not read", "prices/gpu_rental"),
        ("parameters/x.yaml", "parameters: {}", "whole file", "does not read", "remove"),
    ],
)
def test_a_faulty_file_is_named_with_record_fault_and_mend(
    data_tree: Writer, folder: Folder, path: str, text: str, record: str, fault: str, mend: str
) -> None:
    own = folder({"prices/gpu_rental/good.yaml": rent(id="ours/good"), path: text})
    with pytest.raises(DataError) as refused:
        load_catalog(data_tree(), [own])
    error = refused.value
    assert error.file == f"{own}/{path}"
    assert error.record.startswith(record)
    assert fault in error.fault
    assert mend in error.mend


def test_two_records_of_one_folder_do_not_share_an_id(data_tree: Writer, folder: Folder) -> None:
    own = folder({"prices/gpu_rental/a.yaml": rent(), "prices/gpu_rental/b.yaml": rent()})
    with pytest.raises(DataError, match=r"b\.yaml: cloud/card-80gb: .* already used in .*a\.yaml"):
        load_catalog(data_tree(), [own])


def test_a_folder_that_is_not_there_is_an_error(data_tree: Writer, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder"):
        load_catalog(data_tree(), [tmp_path / "typo"])


def test_the_version_follows_the_content(data_tree: Writer, folder: Folder) -> None:
    root = data_tree()
    none = load_catalog(root, []).version
    empty = folder({}, "empty")
    one = load_catalog(root, [folder({"prices/gpu_rental/cloud.yaml": rent()})]).version
    other = load_catalog(root, [folder({"prices/gpu_rental/cloud.yaml": rent(value=1.4)})]).version
    assert len({none, one, other}) == 3
    assert load_catalog(root, [empty]).prices.keys() == load_catalog(root, []).prices.keys()


def test_what_explains_a_folder_is_not_read(data_tree: Writer, folder: Folder) -> None:
    own = folder({"README.md": "Ours", ".git/config.yaml": "x: [", ".prices.yaml.tmp": "x"})
    assert load_catalog(data_tree(), [own]).prices


def test_the_variable_names_the_folders(
    data_tree: Writer, folder: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import os

    own = folder({"prices/gpu_rental/cloud.yaml": rent()})
    monkeypatch.setenv("ADVISOR_DATA", os.pathsep.join((str(own), "", str(folder({}, "second")))))
    assert own_folders() == (own, tmp_path / "second")
    assert len(load_catalog(data_tree()).prices["cloud/card-80gb"].list_unit_prices) == 3
    monkeypatch.delenv("ADVISOR_DATA")
    assert own_folders() == ()


def test_nothing_bundled_is_anybodys_own() -> None:
    catalog = load_catalog(own=[])
    kinds = {dated.kind for price in catalog.prices.values() for dated in price.list_unit_prices}
    kinds |= {dated.kind for rate in catalog.exchange_rates.values() for dated in rate.values}
    kinds |= {
        record.kind for records in (catalog.gpus, catalog.models, catalog.parameters) for record in records.values()
    }
    assert "yours" not in kinds
