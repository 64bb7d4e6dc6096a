"""What the server holds for all its sessions: the data, the words, the libraries; and when they are loaded."""

import gc
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import import_module
from itertools import count
from threading import Timer
from time import sleep

from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_prices import hosted_models
from advisor.catalog.loader import load_catalog
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui import heavy

READING_SECONDS = 1.0
COLLECTED_EVERY_SECONDS = 30.0
"""Streamlit would collect after every run, of whichever reader, and walk what all of them hold each time."""
LOADED_LATER = (
    "pandas",
    "advisor.charts",
    "advisor.evidence.method",
    "advisor.evidence.prices",
    "advisor.report.build",
    "advisor.store.beside",
    "advisor.store.cases",
)


@cache
def catalog() -> Catalog:
    return load_catalog()


def forget_data() -> None:
    """The data are read anew when they are next asked for."""
    catalog.cache_clear()


def read_data_anew() -> None:
    """From now on every session works with the data as they are on disk now."""
    forget_data()
    catalog()


@cache
def translator_of(language: str) -> Translator:
    return Translator(language)


def today() -> date:
    return date.today()


def warm_up() -> None:
    """Load what later pages and the report need while the first is being read; garbage is collected from then on."""
    heavy.let_wait()
    timer = Timer(READING_SECONDS, _beside_the_pages)
    timer.daemon = True
    timer.start()


def _beside_the_pages() -> None:
    _load_the_rest()
    while True:
        gc.collect()
        sleep(COLLECTED_EVERY_SECONDS)


def _load_the_rest() -> None:
    """What lives as long as the server, which the garbage collector then no longer walks."""
    for module in LOADED_LATER:
        import_module(module)
    heavy.warm_up()
    hosted_models(today())
    for code in languages():
        translator_of(code)
    gc.collect()
    gc.freeze()


@cache
def _runs() -> Iterator[int]:
    return count()


def first_run_of_process() -> bool:
    """True once in the life of the server."""
    return next(_runs()) == 0
