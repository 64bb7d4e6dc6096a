"""A month of a team's usage that nobody had: LiteLLM's log of spend, with weekdays, hours, growth and two assistants.

``python -m tests.usage.synthetic FILE ROWS`` writes it as CSV, or as Parquet by the name of the file; ten million rows
take about a minute. The same call writes the same rows.
"""

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

FIRST = datetime(2026, 10, 1)
DAYS = 31
MODEL, PROVIDER = "gpt-6.1-sol", "openai"
GROWTH_A_DAY = 0.004
WEEKEND = 0.4
"""Requests of a day of the weekend against those of a working day."""
CACHED_SHARE = 0.4
FAILED_SHARE = 0.01
INPUT_TOKENS, OUTPUT_TOKENS = 2_400, 180
"""Means of a request, rounded."""
SUPPORT_SHARE = 0.7
COLUMNS = """request_id, call_type, api_key, spend, total_tokens, prompt_tokens, completion_tokens, "startTime",
    "endTime", request_duration_ms, "completionStartTime", model, model_group, custom_llm_provider, metadata, cache_hit,
    request_tags, team_id, status"""
_ROWS = f"""
WITH weights AS (
    SELECT day, hour, exp({GROWTH_A_DAY} * day)
        * CASE WHEN isodow(TIMESTAMP '{FIRST}' + to_days(day)) > 5 THEN {WEEKEND} ELSE 1 END
        * (1 + 0.9 * cos((hour - 14) * pi() / 12)) AS weight
    FROM range({DAYS}) AS days(day), range(24) AS hours(hour)
), shares AS (
    SELECT CAST(day AS INTEGER) AS day, CAST(hour AS INTEGER) AS hour,
        sum(weight) OVER (ORDER BY day, hour) / sum(weight) OVER () AS upto,
        weight / (sum(weight) OVER ()) AS share
    FROM weights
), drawn AS (
    SELECT k, (k + 0.5) / $rows AS place, hash(k) % 1000 / 1000.0 AS a, hash(k + 1000000007) % 1000 / 1000.0 AS b,
        hash(k + 2000000011) % 1000 / 1000.0 AS c
    FROM range($rows) AS rows(k)
), timed AS (
    SELECT drawn.*, TIMESTAMP '{FIRST}' + to_days(day) + to_hours(hour)
        + to_microseconds(CAST(3.6e9 * (1 - (upto - place) / share) AS BIGINT)) AS moment
    FROM drawn ASOF JOIN shares ON drawn.place <= shares.upto
), sized AS (
    SELECT *, CAST({INPUT_TOKENS} * (0.5 + a) AS BIGINT) AS prompt,
        CAST({OUTPUT_TOKENS} * (0.5 + b) AS BIGINT) AS answer, c < {FAILED_SHARE} AS failed
    FROM timed
)
SELECT 'r' || k AS request_id, 'acompletion' AS call_type, 'key-' || k % 3 AS api_key,
    round(prompt * 2e-6 + answer * 1e-5, 6) AS spend, prompt + answer AS total_tokens, prompt AS prompt_tokens,
    answer AS completion_tokens, moment AS "startTime",
    moment + to_milliseconds(CAST(400 + 8 * answer AS BIGINT)) AS "endTime",
    400 + 8 * answer AS request_duration_ms, moment + to_milliseconds(400) AS "completionStartTime",
    '{PROVIDER}/{MODEL}' AS model, '{MODEL}' AS model_group, '{PROVIDER}' AS custom_llm_provider,
    '{{"usage_object":{{"prompt_tokens":' || prompt || ',"completion_tokens":' || answer
        || ',"prompt_tokens_details":{{"cached_tokens":' || CAST(prompt * {CACHED_SHARE} AS BIGINT)
        || '}}}}}}' AS metadata,
    'False' AS cache_hit, CASE WHEN c < {SUPPORT_SHARE} THEN '["support"]' ELSE '["search"]' END AS request_tags,
    '' AS team_id, CASE WHEN failed THEN 'failure' ELSE 'success' END AS status
FROM sized ORDER BY k
"""


@dataclass(frozen=True)
class Month:
    """What the month holds, for tests to compare with."""

    rows: int

    @property
    def daily_requests(self) -> float:
        return self.rows / DAYS


def write_month(path: Path, rows: int) -> Month:
    """Write a month of this many requests."""
    form = "FORMAT parquet" if path.suffix == ".parquet" else "FORMAT csv, HEADER"
    with duckdb.connect() as database:
        database.execute("SET preserve_insertion_order = true")
        query = f"SELECT {COLUMNS} FROM ({_ROWS.replace('$rows', str(int(rows)))})"
        database.execute(f"COPY ({query}) TO '{path}' ({form})")
    return Month(rows)


if __name__ == "__main__":
    write_month(Path(sys.argv[1]), int(sys.argv[2]))
