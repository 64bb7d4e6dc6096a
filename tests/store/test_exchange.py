"""Cases as files and back: one, several as a ZIP; all of a file is kept, or nothing of it."""

import io
import zipfile

import pytest

from advisor.core.notices import InputError
from advisor.core.places import file_stem
from advisor.store import beside, cases, exchange
from advisor.store.database import Store
from tests.store.made import actor, content

ADA, BOB = actor("ada"), actor("bob")


@pytest.fixture
def kept(store: Store) -> tuple[str, ...]:
    """Two cases of Ada's of the same name, the first with two revisions and a note."""
    first, second = (cases.create(store, ADA, "邮件 / triage", content(k), "", ["mail"]) for k in (1, 2))
    cases.save(store, ADA, first, 1, content(3, b"%PDF"))
    beside.add_note(store, ADA, first, "hourly_rate", "as agreed", "finance")
    return first, second


def test_a_zip_brings_every_case_back_with_its_history(store: Store, kept: tuple[str, ...]) -> None:
    made = exchange.taken_in(store, BOB, exchange.packed(store, ADA, kept))
    assert len(made) == 2
    for before, after in zip(kept, made, strict=True):
        assert cases.history(store, BOB, after) == cases.history(store, ADA, before)
        assert cases.find(store, BOB, after).tags == ("mail",)
    assert [note.told_by for note in beside.notes_of(store, BOB, made[0])] == ["finance"]


def test_a_file_of_one_case_is_taken_in_as_well(store: Store, kept: tuple[str, ...]) -> None:
    (made,) = exchange.taken_in(store, BOB, exchange.exported(store, ADA, kept[0]).encode())
    assert cases.find(store, BOB, made).latest == 2


def test_files_of_a_zip_have_names_for_any_system(store: Store, kept: tuple[str, ...]) -> None:
    names = zipfile.ZipFile(io.BytesIO(exchange.packed(store, ADA, kept))).namelist()
    assert names == [f"邮件-triage-{case_id[:8]}.json" for case_id in kept]
    assert file_stem("../..") == "case"
    assert file_stem('a:b*c?"<>|\\d') == "a-b-c-d"


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.json", text)
    return buffer.getvalue()


def refused(store: Store, file: bytes) -> tuple[str, str]:
    before = cases.listed(store, BOB)
    with pytest.raises(InputError) as error:
        exchange.taken_in(store, BOB, file)
    assert cases.listed(store, BOB) == before
    return error.value.issues[0].field, error.value.issues[0].code


def test_one_faulty_file_keeps_all_of_a_zip_out_and_is_named(store: Store, kept: tuple[str, ...]) -> None:
    good = exchange.exported(store, ADA, kept[0]).encode()
    assert refused(store, zipped(good=good, bad=b"{}")) == ("bad.json", "store_no_export")
    changed = good.replace(b"as agreed", b"as agreed").replace(b"budget: 40000", b"budget: 50000")
    assert refused(store, zipped(good=good, changed=changed)) == ("changed.json", "store_export_broken")


def test_what_is_no_zip_of_cases_is_refused(store: Store, kept: tuple[str, ...]) -> None:
    whole = exchange.packed(store, ADA, kept)
    assert refused(store, whole[:200]) == ("FILE", "store_bad_zip")
    assert refused(store, zipped()) == ("FILE", "store_no_export")
    assert refused(store, b"PK\x03\x04") == ("FILE", "store_bad_zip")
    middle = len(whole) // 2
    damaged = whole[:middle] + bytes(64) + whole[middle + 64 :]
    assert refused(store, damaged)[1] in ("store_bad_zip", "store_no_export")


def test_a_small_zip_that_unpacks_to_too_much_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "LARGEST_UNPACKED_MB", 1)
    assert refused(store, zipped(large=b" " * 1_000_001)) == ("FILE", "store_zip_too_large")
    monkeypatch.setattr(exchange, "MOST_FILES", 2)
    assert refused(store, zipped(a=b"{}", b=b"{}", c=b"{}"))[1] in ("store_no_export", "store_zip_too_large")
