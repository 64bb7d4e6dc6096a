"""What the first page of a new server waits for."""

import subprocess
import sys
import tomllib

import pytest

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


AHEAD = """
import sys
from types import SimpleNamespace
from advisor.core.notices import DataError
from advisor.ui import ahead, loaded
ahead.runtime = SimpleNamespace(exists=lambda: True)
if sys.argv[1:]:
    def loaded_badly():
        raise DataError("models.yaml", "name", "missing", "add it")
    loaded.catalog = loaded_badly
ahead.wait()
print("advisor.ui.your_case" in sys.modules)
ahead.begin()
ahead.wait()
print("advisor.ui.your_case" in sys.modules, "genai_prices" in sys.modules)
"""


@pytest.mark.parametrize(("fault", "told"), [((), "True True"), (("faulty",), "True False")])
def test_what_the_first_page_needs_is_loaded_before_anybody_asks(fault: tuple[str, ...], told: str) -> None:
    """Faulty data are the page's to tell, which meets them again."""
    command = [sys.executable, "-c", AHEAD, *fault]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True)
    assert done.stdout == f"False\n{told}\n"
    assert "Traceback" not in done.stderr


CYCLE = """
import gc, time, weakref
from advisor.ui import heavy, loaded
class Held: pass
gc.disable()
heavy.warm_up = heavy.let_wait = lambda: None
loaded.READING_SECONDS, loaded.COLLECTED_EVERY_SECONDS = 0.0, 0.05
loaded.warm_up()
while not gc.get_freeze_count(): time.sleep(0.05)
one = Held()
one.itself, gone = one, weakref.ref(one)
del one
until = time.monotonic() + 60
while gone() is not None and time.monotonic() < until: time.sleep(0.05)
print(gone())
"""


def test_what_holds_itself_is_collected_beside_the_pages() -> None:
    """A log that was uploaded lies in a folder that goes with its reader's session, which no run collects any more."""
    told = subprocess.run([sys.executable, "-c", CYCLE], cwd=HOME, capture_output=True, text=True, check=True)
    assert told.stdout == "None\n"
    settings = tomllib.loads((HOME / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["postScriptGC"] is False
