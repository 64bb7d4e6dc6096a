"""What the first page of a new server waits for."""

import subprocess
import sys

from advisor.core.places import HOME

HEAVY = {
    "altair",
    "pandas",
    "typst",
    "vl_convert",
    "sqlalchemy",
    "alembic",
    "ibis",
    "duckdb",
    "scipy",
    "xlsxwriter",
    "pptx",
    "prometheus_client",
}


def test_what_draws_and_keeps_is_loaded_after_it() -> None:
    """A fifth of a second for altair alone: the first page has no chart of its own, and keeps nothing yet."""
    script = f"import sys, advisor.ui.shell, advisor.ui.your_case; print({HEAVY} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", script], cwd=HOME, capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"
