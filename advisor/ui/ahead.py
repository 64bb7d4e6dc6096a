"""What the first page needs, loaded while the browser still loads Streamlit."""

from contextlib import suppress
from importlib import import_module
from threading import Thread
from time import sleep

from streamlit import runtime

from advisor.core.notices import DataError, InputError, OwnDataError

FRONT_PAGE = ("advisor.ui.shell", "advisor.ui.your_case")
SOON_SECONDS = 0.01
_begun: list[Thread] = []


def begin() -> None:
    """Load it as soon as this process serves."""
    loading = Thread(target=_load, daemon=True)
    loading.start()
    _begun.append(loading)


def wait() -> None:
    """Return once it is loaded; at once where nobody began."""
    for loading in _begun:
        loading.join()


def _load() -> None:
    while not runtime.exists():
        sleep(SOON_SECONDS)
    for module in FRONT_PAGE:
        import_module(module)
    from advisor.decision.advice import advise, preset_scenario
    from advisor.ui import loaded

    with suppress(DataError, InputError, OwnDataError):  # the page meets the same fault and tells it
        catalog = loaded.catalog()
        advise(preset_scenario(next(iter(catalog.presets)), catalog), catalog, loaded.today())
