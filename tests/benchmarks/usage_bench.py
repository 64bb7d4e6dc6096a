"""Time of a usage profile over 10 million requests of Parquet, as a ratio to the same figures in bare DuckDB.

Run alone with ``python -m tests.benchmarks.usage_bench [rows]``, or as part of ``make bench``. Both read the same file,
in turn, and the least time of each counts: seconds of the clock, and of the processors, which other work on the machine
disturbs less. The file is deleted. Peak memory is that of the process.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import ibis

from advisor.usage.profile import profile
from advisor.usage.records import USAGE_COLUMNS, Imported

ROWS, ROUNDS, MEMORY = 10_000_000, 2, "1GB"
Seconds = tuple[float, float]
"""Of the clock, and of the processors."""
GENERATE = """
copy (
    select
        timestamp '2026-07-01' + to_microseconds(cast(random() * 90 * 86400 * 1e6 as bigint)) as ts,
        'openai' as provider,
        case when random() < 0.7 then 'gpt-4.1-mini' else 'gpt-4o' end as model,
        cast(exp(6.5 + 1.2 * (random() + random() + random() - 1.5)) as bigint) + 20 as input_tokens,
        cast(random() * 20 as bigint) as cache_read_tokens,
        cast(exp(5 + 1.2 * (random() + random() + random() - 1.5)) as bigint) + 1 as output_tokens,
        random() * 1e-3 as cost, 'USD' as currency, 'billed' as cost_kind,
        exp(6 + 2 * random()) as latency_ms,
        random() > 0.01 as ok,
        printf('%016x', cast(random() * 20000 as bigint) * 7919) as prefix_hash, 256 as block_tokens
    from range({rows})
) to '{file}' (format parquet)
"""
HOURS = """
select date_trunc('hour', ts) as hour, provider, model, count(*) as n,
    sum(input_tokens), sum(cache_read_tokens), sum(output_tokens), sum(cost), count(cost),
    count(*) filter (not ok), count(ok),
    count(*) filter (input_tokens > 200000), sum(input_tokens) filter (input_tokens > 200000),
    sum(output_tokens) filter (input_tokens > 200000), sum(cache_read_tokens) filter (input_tokens > 200000),
    {below}
from read_parquet('{file}') group by all
"""
QUANTILES = """
select {parts} from read_parquet('{file}')
"""
REUSE = """
select date_trunc('hour', ts) as hour, sum(input_tokens),
    sum(least(block_tokens, input_tokens)) filter (before + interval 5 minute >= ts),
    sum(least(block_tokens, input_tokens)) filter (before + interval 1 hour >= ts)
from (
    select ts, input_tokens, block_tokens,
        lag(ts) over (partition by provider, model, prefix_hash order by ts) as before
    from read_parquet('{file}')
) group by all
"""
COLUMNS, SHARES = ("input_tokens", "output_tokens", "latency_ms"), (0.5, 0.9, 0.95, 0.99)


def bare(file: Path) -> dict[str, float]:
    """The sums behind the same figures as SQL: by hour and model, quantiles with what lies below, reuse of prefixes."""
    connection = duckdb.connect(config={"memory_limit": MEMORY, "threads": 2})
    parts = ", ".join(f"quantile_disc(round({name})::bigint, {list(SHARES)})" for name in COLUMNS)
    found = connection.sql(QUANTILES.format(parts=parts, file=file)).fetchall()[0]
    below = ", ".join(
        f"count(*) filter (round({name}) <= {value})"
        for name, values in zip(COLUMNS, found, strict=True)
        for value in values
    )
    hours = connection.sql(HOURS.format(below=below, file=file)).df()
    reuse = connection.sql(REUSE.format(file=file)).df()
    mean, seen = hours.iloc[:, 4].sum() / hours["n"].sum(), reuse.iloc[:, 2].sum() / reuse.iloc[:, 1].sum()
    return {"input_tokens": mean, "input_tokens_p95": found[0][2], "cacheable_share": seen}


def ours(file: Path) -> dict[str, float]:
    """The profile of the same file as a canonical table."""
    connection = ibis.duckdb.connect(memory_limit=MEMORY, threads=2)
    rows = connection.read_parquet(file)
    given = {"bucket_seconds": 0, "requests": 1}
    columns = {
        name: rows[name] if name in rows.columns else ibis.literal(given.get(name), type=kind)
        for name, kind in USAGE_COLUMNS.items()
    }
    found = profile(Imported(rows.select(**columns), None, ("trace",), (file.name,), ROWS, ROWS)).figures
    return {name: found[name].value for name in ("input_tokens", "input_tokens_p95", "cacheable_share")}


def seconds(work: Callable[[Path], dict[str, float]], file: Path) -> tuple[Seconds, dict[str, float]]:
    clock, processors = time.perf_counter(), time.process_time()
    found = work(file)
    return (time.perf_counter() - clock, time.process_time() - processors), found


def usage_seconds(rows: int = ROWS) -> tuple[Seconds, Seconds]:
    """Least seconds of the profile and of bare DuckDB; they must agree on the figures."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "usage.parquet"
        duckdb.sql(GENERATE.format(rows=rows, file=file))
        times: dict[str, list[Seconds]] = {"ours": [], "bare": []}
        for _ in range(ROUNDS):
            took, plain = seconds(bare, file)
            times["bare"].append(took)
            took, found = seconds(ours, file)
            times["ours"].append(took)
            assert all(abs(found[name] / plain[name] - 1) < 1e-9 for name in found), (found, plain)
        return least(times["ours"]), least(times["bare"])


def least(times: list[Seconds]) -> Seconds:
    return min(clock for clock, _ in times), min(used for _, used in times)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    found, plain = usage_seconds(rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for k, what in enumerate(("", ", processors")):
        name = f"usage, {rows / 1e6:g} M requests{what}"
        print(
            f"{name:<34} {found[k] / plain[k]:5.2f} times   "
            f"(aim 1.3; {found[k]:.1f} s against {plain[k]:.1f} s, peak {peak:,.0f} MiB)"
        )


if __name__ == "__main__":
    main()
