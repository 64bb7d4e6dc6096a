"""The import as a whole: kinds of files, encodings, folders, mapping files, secrets, the locked database."""

import errno
import gzip
import json
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from advisor.core.notices import InputError, Issue
from advisor.usage import importing
from advisor.usage.engine import Engine, told
from advisor.usage.importing import import_usage, read_mapping
from advisor.usage.readers.rows import REASONS
from tests.usage.read import FIXTURES, rows

LOG = "timestamp,model,prompt_tokens,completion_tokens\n2026-10-01T10:00:00Z,m,100,10\n2026-10-01T11:00:00Z,m,50,5\n"
OURS = "when,who,in,out,hit,secs\n2026-10-01 18:00:00,a,100,10,40,1.5\n2026-10-02,b,50,5,0,2\n"
MAPPING = b"""ts: when
key: who
provider: {constant: openai}
input_tokens: in
output_tokens: out
cache_read_tokens: hit
latency_ms: secs
units: {latency_ms: s}
input_includes_cache: false
time_zone: Asia/Shanghai
"""


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def tokens(*paths: Path) -> list[tuple[str, int, int]]:
    return [(str(row["ts"]), row["input_tokens"], row["output_tokens"]) for row in rows(import_usage(paths))]


EXPECTED = [("2026-10-01 10:00:00", 100, 10), ("2026-10-01 11:00:00", 50, 5)]


@pytest.mark.parametrize(
    ("name", "content"),
    {
        "plain": ("log.csv", LOG),
        "tabs": ("log.tsv", LOG.replace(",", "\t")),
        "semicolons": ("log.csv", LOG.replace(",", ";")),
        "a title above": ("log.csv", "Usage of October\n\n" + LOG),
        "sep": ("log.csv", "sep=,\n" + LOG),
        "a mark of UTF-8": ("log.csv", b"\xef\xbb\xbf" + LOG.encode()),
        "Windows lines": ("log.csv", LOG.replace("\n", "\r\n")),
        "lines of both kinds": ("log.csv", LOG.replace("\n", "\r\n", 1)),
        "old Macintosh lines": ("log.csv", LOG.replace("\n", "\r")),
        "UTF-16": ("log.csv", LOG.encode("utf-16")),
        "compressed": ("log.csv.gz", gzip.compress(LOG.encode(), mtime=0)),
        "a name with signs": ("a'b[1]*?.csv", LOG),
        "seconds": ("log.csv", LOG.replace("2026-10-01T10:00:00Z", "1790848800")),
        "milliseconds": ("log.csv", LOG.replace("2026-10-01T10:00:00Z", "1790848800000")),
        "nanoseconds": ("log.csv", LOG.replace("2026-10-01T10:00:00Z", "1790848800000000000")),
        "another zone": ("log.csv", LOG.replace("2026-10-01T10:00:00Z", "2026-10-01T18:00:00+08:00")),
        "slashes": ("log.csv", LOG.replace("2026-10-01T10:00:00Z", "2026/10/1 10:00")),
        "JSON lines": (
            "log.jsonl",
            '{"timestamp":"2026-10-01T10:00:00Z","prompt_tokens":100,"completion_tokens":10}\n\n'
            '{"timestamp":1790852400,"prompt_tokens":"50","completion_tokens":5.0}',
        ),
        "a JSON list": (
            "log.json",
            '[{"timestamp":"2026-10-01T10:00:00Z","prompt_tokens":100,"completion_tokens":10},\n'
            '{"timestamp":1790852400,"prompt_tokens":50,"completion_tokens":5}]',
        ),
    }.values(),
)
def test_every_spelling_reads_the_same(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert tokens(written(tmp_path, name, content)) == EXPECTED


def test_chinese_text_in_its_own_encoding(tmp_path: Path) -> None:
    chinese = LOG.replace(",m,", ",\u6a21\u578b\u4e00\u53f7,")
    found = import_usage([written(tmp_path, "log.csv", chinese.encode("gb18030"))])
    assert [row["model"] for row in rows(found)] == ["\u6a21\u578b\u4e00\u53f7"] * 2
    assert [(n.code, n.params["encoding"]) for n in found.notices] == [("usage_encoding", "GB18030")]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    pq.write_table(
        pa.table(
            {
                "timestamp": pa.array([1790848800_000_000, 1790852400_000_000], pa.timestamp("us", tz="UTC")),
                "prompt_tokens": pa.array([100, 50], pa.int32()),
                "completion_tokens": pa.array([10.0, 5.0]),
            }
        ),
        tmp_path / "log.parquet",
    )
    assert tokens(tmp_path / "log.parquet") == EXPECTED


def test_a_folder_of_several_formats_is_one_table(tmp_path: Path) -> None:
    written(tmp_path, "a.csv", LOG)
    (tmp_path / "inner").mkdir()
    written(tmp_path / "inner", "b.jsonl", (FIXTURES / "bedrock_invocation.jsonl").read_bytes())
    written(tmp_path, "focus.csv", (FIXTURES / "focus_1_2.csv").read_bytes())
    written(tmp_path, "README.md", "Nothing, to be read.\n")
    written(tmp_path, "again.csv", LOG)
    found = import_usage([tmp_path])
    assert set(found.formats) == {"gateway_log", "bedrock_invocations", "focus"}
    assert found.usage is not None
    assert found.bill is not None
    assert found.usage.count().to_pyarrow().as_py() == 4
    assert {n.code for n in found.notices} == {"usage_same_file", "usage_files_left_out"}


def test_a_rejected_row_is_shown_by_line_without_its_text(tmp_path: Path) -> None:
    content = LOG.replace("model", "model,prompt").replace(",m,", ',m,"a secret\nof two lines",') + "soon,m,x,1,1\n"
    (rejected,) = import_usage([written(tmp_path, "log.csv", content)]).rejected
    assert (rejected.reason, rejected.rows, rejected.file, rejected.line) == ("time_unreadable", 1, "log.csv", 6)
    assert rejected.example == "timestamp: soon; model: m; prompt_tokens: 1; completion_tokens: 1"


@pytest.mark.parametrize(
    "name", sorted(p.name for p in FIXTURES.glob("*.*") if p.suffix in (".csv", ".json", ".jsonl"))
)
def test_no_secret_comes_through(name: str) -> None:
    found = import_usage([FIXTURES / name], salt="s")
    told = json.dumps([rows(found), [vars(r) for r in found.rejected]], default=str)
    assert not any(secret in told for secret in ("secret", "key-a", "key-b", "apikey_1", "key_1", '"hash"', '"u1"'))


def test_a_file_that_may_not_be_read_is_told_with_the_cause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "log.csv", LOG)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(importing, "opened", refuse)
    with pytest.raises(InputError) as caught:
        import_usage([path])
    assert caught.value.issues == (
        Issue("file", "usage_file_unreadable", {"file": "log.csv", "fault": "system:denied"}),
    )


def test_a_key_is_a_hash_that_depends_on_the_salt(tmp_path: Path) -> None:
    path = written(tmp_path, "log.csv", OURS)
    one, same, other = (
        {row["key_hash"] for row in rows(import_usage([path], mapping=read_mapping(MAPPING), salt=salt))}
        for salt in ("x", "x", "y")
    )
    assert one == same
    assert not one & other
    assert all(len(key) == 16 and int(key, 16) >= 0 for key in one)


def test_any_table_by_a_mapping_file(tmp_path: Path) -> None:
    found = import_usage([written(tmp_path, "log.csv", OURS)], mapping=read_mapping(MAPPING))
    first, second = rows(found)
    assert found.formats == ("mapped",)
    assert str(first["ts"]) == "2026-10-01 10:00:00"
    assert (first["input_tokens"], first["cache_read_tokens"], first["latency_ms"]) == (140, 40, 1_500.0)
    assert (str(second["ts"]), second["provider"], second["requests"]) == ("2026-10-01 16:00:00", "openai", 1)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (b"ts: [", "usage_mapping_not_yaml"),
        (b"- a", "usage_mapping_not_yaml"),
        (b"input_tokens: in", "usage_mapping_lacks"),
        (b"ts: when", "usage_mapping_lacks"),
        (b"ts: when\ninput_tokens: in\ncolour: red", "unknown_id"),
        (b"ts: when\ninput_tokens: in\ncache_read_tokens: hit", "usage_mapping_cache"),
        (b"ts: when\ninput_tokens: in\ncost: paid\ncurrency: {constant: CNY}", "usage_mapping_cost_kind"),
        (b"ts: when\ninput_tokens: in\ncost: paid\ncost_kind: kind", "usage_mapping_lacks"),
        (b"ts: when\ninput_tokens: in\ntime_zone: Moon/Sea", "usage_mapping_zone"),
        (b"ts: when\ninput_tokens: in\nunits: {latency_ms: weeks}", "usage_mapping_choice"),
        (b"ts: when\ninput_tokens: in\nbucket: year", "usage_mapping_choice"),
        (b"ts: when\ninput_tokens: {const: 4}", "usage_mapping_value"),
        (b"ts: when\ninput_tokens: in\nprefix: system\nprefix_hash: hash", "usage_mapping_twice"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(mapping: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_mapping(mapping)
    assert caught.value.issues[0].code == code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("log.csv.gz", gzip.compress(LOG.encode() * 100, mtime=0)[:-20], "usage_gzip_broken"),
        ("log.csv", b"\x00\x01\x02\xff" * 50, "usage_not_text"),
        ("log.csv", "a,b\n1,2\n", "usage_format_unknown"),
        ("log.csv", "", "usage_empty"),
        ("log.csv", "\ufeff\n\n", "usage_empty"),
        ("log.csv", LOG.splitlines()[0] + "\n", "usage_empty"),
        ("log.csv", LOG + '2026-10-01T10:00:00Z,"m,1,1\n', "usage_quote_open"),
        ("log.json", "{", "usage_json_broken"),
        ("log.parquet", b"PAR1" + b"x" * 100, "usage_parquet_broken"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, name: str, content: str | bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        import_usage([written(tmp_path, name, content)])
    (issue,) = caught.value.issues
    assert issue.code == code
    assert name in str(issue.params["file"])


def test_a_file_that_is_not_there_and_a_format_that_is_none(tmp_path: Path) -> None:
    for paths, form, code in (
        ([tmp_path / "no.csv"], None, "usage_file_missing"),
        ([tmp_path], None, "usage_no_files"),
        ([tmp_path], "openai_usge", "unknown_id_near"),
    ):
        with pytest.raises(InputError) as caught:
            import_usage(paths, form=form)
        assert caught.value.issues[0].code == code


def test_the_database_reads_nothing_else_and_stays_so(tmp_path: Path) -> None:
    found = import_usage([written(tmp_path, "log.csv", LOG)])
    assert found.usage is not None
    connection = found.usage.get_backend()
    other = written(tmp_path, "other.csv", LOG)
    for statement in (
        f"SELECT * FROM read_csv('{other}')",
        "SELECT * FROM read_text('/etc/passwd')",
        f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        "SELECT * FROM read_csv('https://example.org/a.csv')",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ):
        with pytest.raises(duckdb.Error):
            connection.raw_sql(statement).fetchall()


def test_progress_is_heard_to_its_end(tmp_path: Path) -> None:
    heard: list[float] = []
    import_usage([written(tmp_path, "log.csv", LOG)], progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_reasons_are_all_told_apart() -> None:
    assert len(set(REASONS)) == len(REASONS)


@pytest.mark.parametrize("content", [LOG, LOG + LOG.split("\n", 1)[1] + "x,m,1,1\n"])
def test_large_files_are_read_anew_with_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    path = written(tmp_path, "log.csv", content)
    kept = import_usage([path])
    monkeypatch.setattr("advisor.usage.importing.LARGEST_KEPT_BYTES", 0)
    lazy = import_usage([path])
    assert rows(lazy) == rows(kept)
    assert (lazy.rows_used, lazy.rejected, lazy.notices) == (kept.rows_used, kept.rejected, kept.notices)
    path.unlink()
    assert len(rows(kept)) == kept.rows_used


@pytest.mark.parametrize(
    "fault", [RuntimeError("Query interrupted"), duckdb.Error("Python exception: KeyboardInterrupt")]
)
def test_a_query_that_is_stopped_is_no_damaged_file(fault: Exception) -> None:
    with pytest.raises(KeyboardInterrupt), told([], 100):
        raise fault


def test_other_faults_of_the_database_are_told_of_the_file() -> None:
    with pytest.raises(InputError), told([], 100):
        raise duckdb.Error("no such column")
    with pytest.raises(RuntimeError), told([], 100):
        raise RuntimeError("something else")


def test_the_selects_of_an_import_are_not_put_into_one_another(tmp_path: Path) -> None:
    """DuckDB does that itself; Ibis takes a quarter of a small import for it. Other engines are asked as before."""
    engine = Engine([], tmp_path, 500)
    engine.connection.raw_sql("CREATE TABLE held AS SELECT 1 AS cell")
    doubled = engine.connection.table("held").mutate(twice=ibis._.cell * 2).mutate(more=ibis._.twice + 1)
    assert str(engine.connection.compile(doubled)).count("SELECT") == 2
    assert str(ibis.to_sql(doubled.unbind(), dialect="trino")).count("SELECT") == 1
    assert doubled.to_pyarrow().to_pylist() == [{"cell": 1, "twice": 2, "more": 3}]
