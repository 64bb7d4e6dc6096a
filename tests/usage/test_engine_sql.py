"""The SQL that each engine would be sent, word by word. After a wished change of it, and a look at the difference:

``pytest tests/usage/test_engine_sql.py --update-golden``
"""

import difflib
from pathlib import Path

import pytest
import sqlglot

from tests.usage.asked import queries

SNAPSHOTS = Path(__file__).parent / "snapshots"
ENGINES = {"trino": "trino", "bigquery": "bigquery", "snowflake": "snowflake", "databricks": "databricks"}


@pytest.mark.parametrize("dialect", ENGINES)
def test_the_questions_are_those_of_the_snapshot(dialect: str, request: pytest.FixtureRequest) -> None:
    asked = queries(dialect, ENGINES[dialect])
    text = "".join(f"-- question {k}, of {title}\n{query};\n\n" for k, (title, query) in enumerate(asked, 1))
    path = SNAPSHOTS / f"{dialect}.sql"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    changed = "".join(difflib.unified_diff(known.splitlines(True), text.splitlines(True), path.name, "now", n=2))
    assert changed == "", f"the questions to {dialect} changed; --update-golden writes them anew\n{changed}"


@pytest.mark.parametrize("dialect", ENGINES)
def test_every_question_is_a_question(dialect: str) -> None:
    asked = sqlglot.parse((SNAPSHOTS / f"{dialect}.sql").read_text(encoding="utf-8"), read=dialect)
    assert len(asked) > 12
    assert {type(each) for each in asked if each is not None} <= {sqlglot.exp.Select, sqlglot.exp.Union}
