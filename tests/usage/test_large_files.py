"""Files too large for tables of the database: the same rows and figures, and little is written on the way."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from advisor.usage.engine import Engine
from advisor.usage.importing import import_usage
from advisor.usage.profile import profile
from advisor.usage.records import Imported
from advisor.usage.summary import dump_profile
from tests.usage.read import rows

START = datetime(2026, 9, 1)
DETAILS = '{"usage_object": {"prompt_tokens_details": {"cached_tokens": %d}}}'
MAPPING = {
    **{name: name for name in ("ts", "model", "input_tokens", "output_tokens", "request_id", "prefix_hash")},
    **{"provider": {"constant": "openai"}, "block_tokens": {"constant": 60}},
}


def litellm(count: int = 60) -> list[dict[str, Any]]:
    """Rows of LiteLLM's table, as it exports them: moments and details as text."""
    return [
        {
            "request_id": f"r{k}",
            "api_key": f"k{k % 3}",
            "spend": 0.01 * k,
            "total_tokens": 110 + k,
            "prompt_tokens": 100 + k,
            "completion_tokens": 10,
            "startTime": str(START + timedelta(hours=7 * k)),
            "endTime": f"{START + timedelta(hours=7 * k, seconds=2)}.250",
            "model": "openai/gpt-4o",
            "custom_llm_provider": "openai",
            "metadata": DETAILS % (k % 90),
            "status": "failure" if k == 5 else "success",
        }
        for k in range(count)
    ]


def typed(count: int = 60) -> list[dict[str, Any]]:
    """Rows of a table whose columns have the types of what they hold."""
    return [
        {
            "ts": START + timedelta(minutes=3 * k),
            "model": "gpt-4o",
            "input_tokens": 100,
            "output_tokens": 10 + k,
            "request_id": f"r{k}",
            "prefix_hash": "a" if k else "b",
        }
        for k in range(count)
    ]


def table(folder: Path, records: Sequence[Mapping[str, Any]], name: str = "log.parquet") -> Path:
    pq.write_table(pa.Table.from_pylist([*records]), folder / name)
    return folder / name


def changed(records: list[dict[str, Any]], at: int, **cells: object) -> list[dict[str, Any]]:
    return [{**row, **(cells if k == at else {})} for k, row in enumerate(records)]


def both(
    paths: Sequence[Path], monkeypatch: pytest.MonkeyPatch, mapping: Mapping[str, object] | None = None
) -> tuple[Imported, Imported]:
    """The import in tables, and the import of the same files as if they were large."""
    kept = import_usage(paths, mapping=mapping)
    monkeypatch.setattr("advisor.usage.importing.LARGEST_KEPT_BYTES", -1)
    return kept, import_usage(paths, mapping=mapping)


def without_ids(found: Imported) -> list[dict[str, Any]]:
    return [{name: cell for name, cell in row.items() if name != "request_id"} for row in rows(found)]


LOGS = {
    "clean": (litellm(), 0),
    "an id twice": (changed(litellm(), 7, request_id="r6"), 1),
    "an id twice, one of them left out": (changed(litellm(), 7, request_id="r6", startTime="soon"), 0),
    "rows left out": (changed(changed(litellm(), 3, prompt_tokens=-1), 9, startTime=None), 0),
    "no ids": ([{**row, "request_id": None} for row in litellm()], 0),
    "some ids": (changed(changed(litellm(), 2, request_id=None), 3, request_id=""), 0),
}


@pytest.mark.parametrize("name", LOGS)
def test_a_large_log_gives_the_same_rows_and_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    records, twice = LOGS[name]
    kept, large = both([table(tmp_path, records)], monkeypatch)
    assert without_ids(large) == without_ids(kept)
    assert large.duplicates == kept.duplicates == twice
    for part in ("rows_read", "rows_used", "rejected", "not_given", "notices"):
        assert getattr(large, part) == getattr(kept, part), part
    assert dump_profile(profile(large)) == dump_profile(profile(kept))


def test_an_id_that_stands_in_two_large_files_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = [{**row, "extra": 1} for row in litellm(10)]
    kept, large = both([table(tmp_path, litellm()), table(tmp_path, older, "older.parquet")], monkeypatch)
    assert large.duplicates == kept.duplicates == 10
    assert without_ids(large) == without_ids(kept)


def test_what_is_the_same_in_every_row_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[set[str]] = []

    def noted(engine: Engine, rows_: Any, same: Mapping[str, Any]) -> Any:
        written.append({*rows_.columns} - {*same})
        return plain(engine, rows_, same)

    plain = Engine.stored
    monkeypatch.setattr(Engine, "stored", noted)
    both([table(tmp_path, litellm())], monkeypatch)
    (columns,) = written
    assert {"ts", "model", "input_tokens", "cost", "key_hash", "_reason"} <= columns
    assert not {"currency", "requests", "bucket_seconds", "cost_kind", "prompt_hash", "_file"} & columns


@pytest.mark.parametrize(
    ("records", "twice"),
    [(typed(), 0), (changed(typed(), 7, request_id="r6"), 1), (changed(typed(), 7, input_tokens=-1), 0)],
)
def test_of_typed_columns_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, records: list[dict[str, Any]], twice: int
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("typed columns were written anew")

    monkeypatch.setattr(Engine, "stored", refused)
    kept, large = both([table(tmp_path, records)], monkeypatch, MAPPING)
    assert rows(large) == rows(kept)
    assert (large.duplicates, large.rejected, large.not_given) == (twice, kept.rejected, kept.not_given)
    assert dump_profile(profile(large)) == dump_profile(profile(kept))


def test_a_mapping_names_hashes_of_prefixes_and_their_length(tmp_path: Path) -> None:
    found = profile(import_usage([table(tmp_path, typed())], mapping=MAPPING)).figures["cacheable_share"]
    assert found.value == pytest.approx(0.6 * 58 / 60)


def test_keys_are_hashed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []
    plain = Engine.stored
    monkeypatch.setattr(Engine, "stored", lambda *given: written.append(given) or plain(*given))
    records = [{**row, "who": f"k{k % 2}"} for k, row in enumerate(typed())]
    kept, large = both([table(tmp_path, records)], monkeypatch, {**MAPPING, "key": "who"})
    assert len(written) == 1
    assert without_ids(large) == without_ids(kept)
