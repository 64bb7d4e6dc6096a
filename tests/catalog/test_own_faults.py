"""What is wrong in a folder of the reader's: all of it is told at once, where it stands, in every language."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.catalog import data_files
from advisor.catalog.loader import read_catalog
from advisor.core.notices import DataError, OwnDataError
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.own_fault_phrases import MOST_TOLD, own_faults
from tests.catalog.conftest import Writer

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "price-book"
CARD = b"card-80gb"
FILES = {
    path.relative_to(EXAMPLE).as_posix(): path.read_bytes().replace(b"h100-sxm-80gb", CARD)
    for path in sorted(EXAMPLE.rglob("*.yaml"))
}
WORD = re.compile(r"[A-Za-z]{3,}")
NAMES = {
    "YAML",
    "UTF",
    "ADVISOR",
    "DATA",
    "judgement",
    "yours",
    "url",
    "kind",
    "docs",
    "price",
    "book",
    "https",
    "prices",
}
NAMES |= {"effective_from", "retrieved", "last_verified", "effective", "from", "last", "verified", "true", "false"}
NAMES |= {"USD", "EUR", "GPU", "kWh"}
"""What a Chinese sentence itself may say in Latin letters: keys and words of the files, places and units."""
Break = Callable[[bytes], bytes]


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def refused(root: Path, folder: Path) -> OwnDataError:
    with pytest.raises(OwnDataError) as caught:
        read_catalog(root, [folder])
    return caught.value


def found_in(root: Path, folder: Path) -> tuple[DataError, ...]:
    try:
        read_catalog(root, [folder])
    except OwnDataError as error:
        return error.faults
    return ()


def told(error: OwnDataError, language: str) -> list[str]:
    head, lines = own_faults(error, Translator(language))
    assert str(len(error.faults)) in head
    return lines


def swap(old: str, new: str) -> Break:
    def spoil(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return spoil


RENT, RATES, CARDS = "prices/gpu_rental/acme.yaml", "prices/exchange_rates.yaml", "hardware/gpus.yaml"
CONTRACTS, POWER = "prices/hosted_contracts.yaml", "prices/electricity/frankfurt.yaml"

SPOILED: dict[str, tuple[str, Break, int | None, str]] = {
    "a key missing": (RENT, swap("    gpu: card-80gb\n", ""), 5, "gpu"),
    "a key misspelt": (RENT, swap("    unit:", "    units:"), 10, "acme/card-80gb, units"),
    "a key nobody knows": (CARDS, swap("    tdp_w", "    wattage: 3\n    tdp_w"), 16, "wattage"),
    "a key inside misspelt": (RENT, swap("value: 2.2", "valeu: 2.2"), 12, "list_unit_prices[1].valeu"),
    "a key at the top": (RATES, swap("rates:", "extra: 1\nrates:"), 2, "extra"),
    "a key twice": (RATES, swap("    unit: EUR/USD", "    unit: EUR/USD\n    unit: EUR/USD"), 5, "unit"),
    "a number as a key": (POWER, swap("    region:", "    7: x\n    region:"), 6, "7"),
    "a list as a key": (POWER, swap("    region:", "    ? [a]\n    : x\n    region:"), 6, ""),
    "a unit of nothing": (RENT, swap("EUR/GPU/h", "EUR/GPU/hour"), 10, "unit"),
    "a unit of another book": (POWER, swap("EUR/kWh", "EUR/GPU/h"), 5, "city-works"),
    "a unit unlike any": (POWER, swap("EUR/kWh", "zzzz"), 10, "unit"),
    "no region": (POWER, swap("    region: Frankfurt\n", ""), 5, "city-works"),
    "a day that is none": (RENT, swap("2026-06-01, value", "2026-02-30, value"), 12, "2026-02-30"),
    "a day as written at home": (RENT, swap("2026-06-01, value", "01.06.2026, value"), 12, "effective_from"),
    "a day with a time": (RENT, swap("last_verified: 2026-11-02", "last_verified: 2026-11-02 10:00:00"), 14, "last"),
    "days out of order": (RENT, swap("2026-11-01, value: 1.9", "2026-05-01, value: 1.9"), 5, "acme/card-80gb"),
    "a price from after it was read": (RENT, swap("2026-11-01, value: 1.9", "2026-12-01, value: 1.9"), 13, "[2]"),
    "verified too early": (RENT, swap("last_verified: 2026-11-02", "last_verified: 2026-10-02"), 5, "acme/card"),
    "a decimal comma": (RENT, swap("2.2", '"2,2"'), 12, "list_unit_prices[1].value"),
    "a price of nothing": (RENT, swap("value: 2.2", "value: null"), 12, "value"),
    "a price of zero": (RENT, swap("value: 2.2", "value: 0"), 12, "value"),
    "a price that is no number": (RENT, swap("value: 2.2", "value: .nan"), 12, "value"),
    "a price that is a list": (RENT, swap("value: 2.2", "value: [2.2]"), 12, "value"),
    "a source of nothing": (
        RENT,
        swap('{title: "Framework contract 4711, annex 2", retrieved: 2026-06-01}', "x"),
        12,
        "",
    ),
    "no address": (RENT, swap("kind: yours", "kind: published"), 12, "list_unit_prices[1]"),
    "an address that is none": (RATES, swap('Q4 2026",', 'Q4 2026", url: treasury,'), 6, "url"),
    "a kind that is none": (RENT, swap("kind: yours", "kind: guess"), 12, "kind"),
    "a card that is not there": (RENT, swap("gpu: card-80gb", "gpu: card-80g"), 6, "gpu"),
    "a card unlike any": (RENT, swap("gpu: card-80gb", "gpu: zzz"), 6, "gpu"),
    "an id twice": (RENT, swap("acme/acme-accelerator-96gb", "acme/card-80gb"), 15, "acme/card-80gb"),
    "an id with a blank": (CARDS, swap("id: acme-accelerator-96gb", "id: our card"), 3, "our card, id"),
    "a bundled card again": (CARDS, swap("id: acme-accelerator-96gb", "id: card-80gb"), 3, "card-80gb"),
    "a number for a name": (CARDS, swap("name: Acme Accelerator", "name: 96"), 4, "name"),
    "no name": (CARDS, swap("name: Acme Accelerator", 'name: ""'), 4, "name"),
    "a month as a number": (CARDS, swap('"2026-05"', "2026"), 8, "launched"),
    "a month that is none": (CARDS, swap('"2026-05"', '"May"'), 8, "launched"),
    "watts in words": (CARDS, swap("tdp_w: 600", "tdp_w: 600 W"), 16, "tdp_w"),
    "watts below zero": (CARDS, swap("tdp_w: 600", "tdp_w: -600"), 16, "tdp_w"),
    "watts in kilowatts": (CARDS, swap("tdp_w: 600", "tdp_w: 0.6"), 16, "tdp_w"),
    "memory in MiB": (CARDS, swap("memory_gib: 96", "memory_gib: 98304"), 9, "memory_gib"),
    "memory in TiB": (CARDS, swap("memory_gib: 96", "memory_gib: 0.096"), 9, "memory_gib"),
    "bandwidth in TB/s": (CARDS, swap("gb_per_s: 3000", "gb_per_s: 3.000"), 11, "memory_bandwidth_gb_per_s"),
    "a peak in PFLOPS": (CARDS, swap("tflops: 800", "tflops: 0.8"), 12, "bf16_dense_tflops"),
    "a link in MB/s": (CARDS, swap("link_gb_per_s: 400", "link_gb_per_s: 400000"), 17, "link_gb_per_s"),
    "neither yes nor no": (CARDS, swap("link_is_bridge: false", "link_is_bridge: no"), 18, "link_is_bridge"),
    "names that are no list": (CARDS, swap("[Acme-96]", "Acme-96"), 5, "names"),
    "a currency that is none": (RATES, swap("currency: EUR", "currency: CHF"), 3, "currency"),
    "a rate of another unit": (RATES, swap("unit: EUR/USD", "unit: GBP/USD"), 3, "EUR"),
    "no values": (RATES, lambda content: content[: content.index(b"    values")] + b"    values: []\n", 5, "values"),
    "no seller": (POWER, swap("provider: City works\n", ""), None, "provider"),
    "a class of sellers that is none": (POWER, swap("utility", "shop"), 3, "provider_class"),
    "records that are no list": (POWER, lambda content: content[: content.index(b"  - id")] + b"  id: x\n", 4, "skus"),
    "a record that is a word": (CARDS, lambda content: b"gpus:\n  - card\n", 2, "gpus[1]"),
    "a model that is not hosted": (CONTRACTS, swap("gpt-6.1-terra", "gpt-6.1-tera"), 3, "contracts[1], model"),
    "a model unlike any": (CONTRACTS, swap("openai/gpt-6.1-terra", "zzz"), 3, "contracts[1], model"),
    "a contract that ends before": (CONTRACTS, swap("2027-10-01", "2026-09-01"), 3, "contracts[1]"),
    "a tab": (RENT, swap("    gpu:", "\tgpu:"), 6, ""),
    "a control character": (RENT, swap("Frankfurt", "Frank\x00furt"), None, ""),
    "a bracket left open": (RENT, swap("2026-06-01}}", "2026-06-01"), None, ""),
    "another encoding": (RENT, lambda content: content.replace(b"Acme c", "Müller c".encode("latin-1")), None, ""),
    "nothing": (RENT, lambda content: b"", None, ""),
    "a page": (RENT, lambda content: b"<html><body>Sign in</body></html>", None, ""),
    "too deep": (RENT, lambda content: b"- " * 300_000 + b"1", None, ""),
    "too many digits": (RENT, swap("value: 2.2", "value: " + "9" * 5000), None, ""),
    "without end": (RENT, lambda content: b"a: &x [1]\n" + b"b: [*x, *x]\n", None, ""),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_fault_is_told_with_its_file_and_place_in_every_language(
    name: str, data_tree: Writer, tmp_path: Path
) -> None:
    path, spoil, line, place = SPOILED[name]
    folder = write(tmp_path / "ours", {**FILES, path: spoil(FILES[path])})
    error = refused(data_tree(), folder)
    assert any(fault.file == f"{folder}/{path}" for fault in error.faults)
    assert all(fault.issue is not None for fault in error.faults)
    if line is not None:
        assert line in [fault.line for fault in error.faults]
    for language in languages():
        lines = told(error, language)
        assert any(f"{folder}/{path}" in each and place in each for each in lines)
    for fault, said in zip(error.faults, told(error, "zh"), strict=True):
        assert fault.issue is not None
        for read in sorted((fault.file, fault.issue.field, *map(str, fault.issue.params.values())), key=len)[::-1]:
            said = said.replace(read, "")
        assert set(WORD.findall(said)) <= NAMES, said


def test_every_fault_of_every_file_is_told_at_once(data_tree: Writer, tmp_path: Path) -> None:
    broken = {name: SPOILED[name] for name in ("a decimal comma", "watts in words", "a rate of another unit")}
    files = FILES | {path: spoil(FILES[path]) for path, spoil, _, _ in broken.values()}
    files[RENT] = swap("2026-11-02\n  - id: acme/acme", "soon\n  - id: acme/acme")(files[RENT])
    files |= {"prices/other.yaml": b"x: 1", CONTRACTS: SPOILED["a contract that ends before"][1](FILES[CONTRACTS])}
    error = refused(data_tree(), write(tmp_path / "ours", files))
    assert [(Path(fault.file).name, fault.line) for fault in error.faults] == [
        ("gpus.yaml", 16),
        ("exchange_rates.yaml", 3),
        ("acme.yaml", 12),
        ("acme.yaml", 14),
        ("hosted_contracts.yaml", 3),
        ("other.yaml", None),
    ]


def test_what_follows_from_a_fault_is_not_told_as_another(data_tree: Writer, tmp_path: Path) -> None:
    """The price of the card that is wrong names a card that does not exist; the misspelt key is missing as well."""
    files = {CARDS: swap("tdp_w", "tdp_watt")(FILES[CARDS])}
    (fault,) = refused(data_tree(), write(tmp_path / "ours", FILES | files)).faults
    assert fault.issue is not None
    assert (fault.issue.code, fault.issue.params) == ("own_key_unknown_near", {"near": "tdp_w"})


def test_what_a_file_of_cards_names_is_not_missed_where_it_cannot_be_read(data_tree: Writer, tmp_path: Path) -> None:
    (fault,) = refused(data_tree(), write(tmp_path / "ours", FILES | {CARDS: b"gpus: ["})).faults
    assert fault.file.endswith(CARDS)


def test_a_record_with_another_fault_tells_that_its_card_does_not_exist(data_tree: Writer, tmp_path: Path) -> None:
    spoilt = SPOILED["a card that is not there"][1](SPOILED["a decimal comma"][1](FILES[RENT]))
    faults = refused(data_tree(), write(tmp_path / "ours", FILES | {RENT: spoilt})).faults
    assert [(fault.line, fault.issue.code) for fault in faults if fault.issue] == [
        (6, "own_unknown_id_near"),
        (12, "own_not_number"),
    ]


def test_an_id_may_be_long(data_tree: Writer, tmp_path: Path) -> None:
    name = "acme/" + "a" * 200
    spoilt = FILES[RENT].replace(b"acme/acme-accelerator-96gb", name.encode())
    catalog, _ = read_catalog(data_tree(), [write(tmp_path / "ours", FILES | {RENT: spoilt})])
    assert catalog.prices[name].id == name


def test_a_file_without_its_seller_tells_the_faults_of_its_records_too(data_tree: Writer, tmp_path: Path) -> None:
    spoilt = swap("provider: Acme contract\n", "")(SPOILED["a decimal comma"][1](FILES[RENT]))
    faults = refused(data_tree(), write(tmp_path / "ours", FILES | {RENT: spoilt})).faults
    assert [fault.path for fault in faults] == [("provider",), ("skus", 0, "list_unit_prices", 0, "value")]


def test_a_file_that_is_too_large_is_not_read(
    data_tree: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_files, "MOST_BYTES", 2000)
    folder = write(tmp_path / "ours", FILES | {RENT: FILES[RENT] + b"# more\n" * 1000})
    (fault,) = refused(data_tree(), folder).faults
    assert fault.issue is not None
    assert fault.issue.code == "own_too_large"
    monkeypatch.setattr(data_files, "MOST_BYTES", 64_000_000)
    monkeypatch.setattr(data_files, "MOST_YAML", 2000)
    assert [each.issue.code for each in refused(data_tree(), folder).faults if each.issue] == ["own_too_large"]


def test_a_folder_that_is_not_there_is_told_with_the_faults_of_the_others(data_tree: Writer, tmp_path: Path) -> None:
    folder = write(tmp_path / "ours", FILES | {CONTRACTS: b"contracts: []"})
    with pytest.raises(OwnDataError) as caught:
        read_catalog(data_tree(), [tmp_path / "typo", folder])
    assert {fault.issue.code for fault in caught.value.faults if fault.issue} == {"own_no_folder", "own_no_list"}


def test_a_name_that_is_no_text_is_told_by_its_bytes(data_tree: Writer, tmp_path: Path) -> None:
    folder = write(tmp_path / "ours", FILES)
    with open(os.fsencode(folder) + b"/prices/electricity/m\xfcller.yaml", "wb") as file:
        file.write(b"provider: x")
    for language in languages():
        assert any("udcfc" in line.encode().decode() for line in told(refused(data_tree(), folder), language))


def test_a_folder_wrong_as_a_whole_tells_the_first_and_counts_the_others(data_tree: Writer, tmp_path: Path) -> None:
    rows = b"".join(b"  - {id: c%d}\n" % number for number in range(60))
    error = refused(data_tree(), write(tmp_path / "ours", {CARDS: b"gpus:\n" + rows}))
    assert len(error.faults) > MOST_TOLD
    for language in languages():
        lines = told(error, language)
        assert len(lines) == MOST_TOLD + 1
        assert str(len(error.faults) - MOST_TOLD) in lines[-1]


def test_the_bundled_data_stays_strict_and_stops_at_the_first(data_tree: Writer, minimal: dict[str, str]) -> None:
    spoilt = minimal["hardware/gpus.yaml"].replace("tdp_w: 400", "tdp_w: x").replace("memory_gib: 80", "memory_gib: x")
    with pytest.raises(DataError) as caught:
        read_catalog(data_tree({"hardware/gpus.yaml": spoilt}), [])
    assert not isinstance(caught.value, OwnDataError)
    assert "memory_gib" in caught.value.fault


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_to_a_file_makes_anything_but_faults_that_are_told(
    data: st.DataObject, data_tree: Writer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = data.draw(st.sampled_from(sorted(FILES)))
    content = FILES[path]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(start + 40, len(content))))
        put = data.draw(
            st.sampled_from([b"", b"\t", b": ", b"- ", b"[", b"}", b"\xff", b"null", b"&a *a", b'"', b"\n", b"1e999"])
        )
        content = content[:start] + put + content[end:]
    folder = write(tmp_path_factory.mktemp("ours"), FILES | {path: content})
    faults = found_in(data_tree(), folder)
    assert all(fault.issue is not None and str(folder) in fault.file for fault in faults)
    for language in languages() if faults else ():
        assert len(told(OwnDataError(faults), language)) == min(len(faults), MOST_TOLD + 1)
