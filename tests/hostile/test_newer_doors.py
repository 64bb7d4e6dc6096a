"""Doors that came later: a team's own cards and prices, logos, addresses of kept cases, tables of serving runs, files
with the settings of one run. No number is another than was written, and every fault names a field or a file.

``HOSTILE_ROUNDS`` times as many inputs are drawn as a quick run has.
"""

import base64
import os
import random
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from advisor.catalog import own_hosted
from advisor.catalog.loader import load_catalog
from advisor.core.notices import DataError, InputError
from advisor.engineering.prediction import Prediction
from advisor.engineering.validation.cells import number
from advisor.engineering.validation.predictions import predict
from advisor.engineering.validation.said_cells import says_nothing
from advisor.engineering.validation.serving_rows import Deployed, deployed
from advisor.engineering.validation.tables import TABLES, TableRead, read_table
from advisor.engineering.validation.training_rows import training_run
from advisor.report.pdf import check_logo
from advisor.scenario import logo_of, logo_text
from advisor.store import cases
from advisor.store.database import open_store
from advisor.ui import database, kept
from tests.cases import catalog
from tests.engineering.pasted import CARDS, CATALOG, MODELS
from tests.hostile.test_every_door import JUNK, check_refusal, damaged, keeps_the_digits, spelled
from tests.hostile.test_measured_doors import keeps_the_digits_somewhere
from tests.store.made import actor, content

SEED = os.environ.get("HOSTILE_SEED", "20261130")
TIMES = int(os.environ.get("HOSTILE_ROUNDS", "1"))
ROUNDS = {"serving": 400, "training": 400, "settings": 150, "own": 40, "logo": 400, "printed": 8, "kept": 300}
BOOK = Path(__file__).resolve().parents[2] / "docs" / "price-book"
TOOL_TABLES = Path(__file__).resolve().parents[1] / "fixtures" / "tool_tables.yaml"


def rounds(door: str) -> Iterator[random.Random]:
    for k in range(ROUNDS[door] * TIMES):
        yield random.Random(f"{SEED} {door} {k}")


def typed(rng: random.Random, number: float) -> tuple[str, float | None]:
    """A number in a cell as somebody writes it, and what is meant; ``None`` where nobody can say."""
    if rng.random() < 0.15:
        return rng.choice((*JUNK, "10-12", "8/16", ">4", "n/a", "16 users", "2 per node")), None
    text = spelled(rng, number).strip()
    return (damaged(rng, text), None) if rng.random() < 0.4 else (text, number)


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', "").replace("\n", " ").replace("\r", " ").replace("\0", "") + '"'


def allowed(text: str, found: float, meant: float | None) -> bool:
    """Whether a number that was read is the one meant, or at least made of the digits of its cell."""
    return found == pytest.approx(meant, rel=1e-6) if meant is not None else keeps_the_digits(text, found)


def is_blank(text: str) -> bool:
    """Whether a cell says nothing, or how many cards stand in how many nodes."""
    plain = text.replace("\0", "").strip()
    return not plain or says_nothing(plain) or re.search(r"\d ?[x\u00d7*] ?\d", plain) is not None


def told_of(read: TableRead) -> set[str]:
    """Columns of which something is told, also that their decimals were read behind a comma."""
    decimals = [str(i.params["columns"]).split(", ") for i in read.told if i.code == "decimals_read_as"]
    return {issue.field for issue in read.told} | {name for names in decimals for name in names}


SERVED = {"num_gpus": (1, 64), "input_len": (1, 9000), "output_len": (1, 9000), "concurrency": (2, 5000)}


def test_tables_of_serving_runs() -> None:
    for rng in rounds("serving"):
        column = rng.choice((*SERVED, "gpu", "model", "precision"))
        cells = {"model": "Llama-3.1-8B", "gpu": "H100", "engine": "vLLM 0.9", "precision": "bf16"}
        cells |= {"num_gpus": "2", "input_len": "512", "output_len": "128", "concurrency": "16"}
        meant: float | None = None
        if column in SERVED:
            number = float(rng.randint(*SERVED[column]))
            cells[column], meant = typed(rng, number)
        else:
            cells[column] = damaged(rng, cells[column])
        sign = rng.choice(",;\t|")
        text = "\n".join(sign.join(map(quoted, row)) for row in (cells, cells.values()))
        try:
            read = read_table(text.encode("utf-8", "surrogatepass"), TABLES["serving"])
        except InputError as error:
            check_refusal(error)
            continue
        for value in predict(TABLES["serving"], read.rows, CATALOG):
            assert not isinstance(value, Prediction) or 0 < value.low <= value.middle <= value.high
        found = None if read.rows[0].cells is None else deployed(read.rows[0].cells, CARDS, MODELS)
        if not isinstance(found, Deployed) or column not in SERVED:
            continue
        told = told_of(read) | {*found.setup.unknown}
        _check_served(column, cells[column], meant, found, told)


def _check_served(column: str, text: str, meant: float | None, found: Deployed, told: set[str]) -> None:
    setup = found.setup
    value = {
        "num_gpus": setup.tensor_parallel * found.replicas * setup.layer_split,
        "input_len": setup.input_tokens,
        "output_len": setup.output_tokens,
        "concurrency": setup.concurrency,
    }[column]
    left_out = {"num_gpus": 1, "input_len": 512, "output_len": 256, "concurrency": None}[column]
    named = {"concurrency", "concurrency_or_batch", "users"} if column == "concurrency" else {column, "lengths"}
    if value is None or (value == left_out and (named & told or is_blank(text))):
        return
    assert allowed(text, float(value), meant) or named & told, (column, text, value)


TRAINED = {"num_gpus": (1, 64), "micro_batch": (1, 64), "seq_len": (16, 99_999), "lora_rank": (1, 512)}


def test_tables_of_training_runs() -> None:
    attribute = {"num_gpus": "gpus"}
    for rng in rounds("training"):
        cells = {"model": "Llama-3.1-8B", "method": "lora", "gpu": "H100"}
        cells |= {"num_gpus": "2", "micro_batch": "2", "seq_len": "2048", "lora_rank": "16"}
        column = rng.choice((*TRAINED,))
        cells[column], meant = typed(rng, float(rng.randint(*TRAINED[column])))
        text = "\n".join(rng.choice(",;").join(map(quoted, row)) for row in (cells, cells.values()))
        try:
            read = read_table(text.encode("utf-8", "surrogatepass"), TABLES["memory"])
        except InputError as error:
            check_refusal(error)
            continue
        run = None if read.rows[0].cells is None else training_run(read.rows[0].cells)
        if run is None or isinstance(run, str):
            continue
        value = getattr(run, attribute.get(column, column))
        if column == "seq_len":  # the mean of whole lengths, which is rounded
            value = number(read.rows[0].cells or {}, column)
        told = told_of(read)
        is_known = value is None or column in told or is_blank(cells[column])
        assert is_known or allowed(cells[column], float(value), meant), (column, cells[column])


def test_files_with_the_settings_of_one_run() -> None:
    """A damaged configuration is refused, or says the same but for the setting that was damaged."""
    known = [case for case in yaml.safe_load(TOOL_TABLES.read_text(encoding="utf-8")) if ": " in case["text"]]
    for rng in rounds("settings"):
        case = rng.choice(known)
        lines = case["text"].splitlines()
        at = rng.randrange(len(lines))
        lines[at] = damaged(rng, lines[at])
        try:
            read = read_table("\n".join(lines).encode("utf-8", "surrogatepass"), TABLES[case["table"]])
        except InputError as error:
            check_refusal(error)
            continue
        for value in predict(TABLES[case["table"]], read.rows, CATALOG):
            assert not isinstance(value, Prediction) or 0 < value.low <= value.middle <= value.high


def test_cards_and_prices_of_a_teams_own(tmp_path: Path) -> None:
    """A spoilt file of a price book is told by its name, or its numbers are made of the digits in it."""
    files = sorted(path for path in BOOK.rglob("*.yaml"))
    try:
        for k, rng in enumerate(rounds("own")):
            path = rng.choice(files)
            lines = path.read_text(encoding="utf-8").splitlines()
            at = rng.choice([n for n, line in enumerate(lines) if re.search(r"\d", line)])
            lines[at] = damaged(rng, lines[at])
            target = tmp_path / str(k) / path.relative_to(BOOK)
            target.parent.mkdir(parents=True)
            target.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
            if path.name != "gpus.yaml":  # whose card the offers name
                cards = tmp_path / str(k) / "hardware" / "gpus.yaml"
                cards.parent.mkdir(parents=True, exist_ok=True)
                cards.write_bytes((BOOK / "hardware" / "gpus.yaml").read_bytes())
            told = ""
            try:
                read = load_catalog(own=[tmp_path / str(k)])
            except DataError as error:
                read, told = None, str(error)
            if read is None:
                assert target.name in told, (path, lines[at])
                continue
            card = read.gpus.get("acme-accelerator-96gb")
            said = [] if card is None else [card.memory_gib, card.memory_bandwidth_gb_per_s, card.bf16_dense_tflops]
            said += [
                float(dated.value)
                for name, sku in read.prices.items()
                if name not in catalog().prices
                for dated in sku.list_unit_prices
            ]
            whole = "\n".join(lines) + (BOOK / "hardware" / "gpus.yaml").read_text(encoding="utf-8")
            for value in said:
                assert keeps_the_digits_somewhere(whole, float(value)), (path, lines[at], value)
    finally:
        own_hosted.use_own(own_hosted.NOTHING_OWN)


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = (b"\0" + b"\x20\x60\xa0" * width) * height
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#267"/></svg>'


def spoilt_picture(rng: random.Random) -> bytes:
    whole = bytearray(rng.choice((png(4, 3), JPEG, SVG)))
    for _ in range(rng.randint(0, 4)):
        match rng.randrange(4):
            case 0:
                whole[rng.randrange(len(whole))] = rng.randrange(256)
            case 1:
                del whole[rng.randrange(len(whole)) :]
            case 2:
                at = rng.randrange(len(whole) + 1)
                whole[at:at] = rng.randbytes(rng.randint(1, 9))
            case _:
                whole += rng.choice((b"\0" * 50, b"<svg>" * 200, b'<image href="file:///etc/passwd"/>'))
        whole = whole or bytearray(b"\0")
    return bytes(whole)


def test_logos() -> None:
    """A picture is taken as it is or refused under its field; some that are taken are printed as well."""
    taken = []
    for rng in rounds("logo"):
        content = spoilt_picture(rng)
        try:
            text = logo_text(content)
        except InputError as error:
            check_refusal(error, {"logo"})
            continue
        assert logo_of(text).content == content
        taken.append(text)
    assert taken
    for rng in rounds("printed"):
        try:
            check_logo(logo_of(rng.choice(taken)))
        except InputError as error:
            check_refusal(error, {"logo"})


REVISIONS = ("1", "2", "3", "0", "", "-1", "01", "\u0661", "999999999", "1@2", "1.0")


def test_addresses_of_kept_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another case or revision than the one that is named is never shown: an address is right or names none."""
    address = f"sqlite:///{tmp_path / 'kept.db'}"
    store = open_store(address)
    ada = actor("ada")
    monkeypatch.setattr(database, "store", lambda: store)
    monkeypatch.setattr("advisor.ui.people.actor", lambda: ada)
    first = cases.create(store, ada, "first", content(1000), "")
    cases.save(store, ada, first, 1, content(2000))
    cases.create(store, ada, "second", content(3000), "")
    try:
        for rng in rounds("kept"):
            name = f"{first}@{rng.choice(REVISIONS)}"
            name = damaged(rng, name) if rng.random() < 0.6 else name
            try:
                found = kept.named(name, catalog())
            except InputError as error:
                check_refusal(error)
                continue
            case_id, _, number = name.partition("@")
            assert found.id == case_id
            wanted = int(number) if re.fullmatch("[0-9]{1,6}", number) else 2
            assert (found.seen, found.saved.daily_requests) == (wanted, 1000.0 * wanted), name
    finally:
        store.close()
