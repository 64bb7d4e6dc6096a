"""Which class of engine answers in a row of a serving table: by its name, its version, the year of its source."""

import re

from advisor.engineering.descriptions import Engine, Unknown
from advisor.engineering.validation import serving_words as words
from advisor.engineering.validation.cells import Row, written

DATED = re.compile(r"\b(20\d\d)\b")
RELEASE = re.compile(r"(\d+)\.(\d+)")


def engine_of(row: Row) -> tuple[Engine, tuple[Unknown, ...]]:
    """The class of the engine, and whether it was guessed or is of a kind that differs more.

    Parameters
    ----------
    row : mapping of str to object, cells by column

    Returns
    -------
    tuple of Engine, tuple of Unknown
    """
    name = written(row, "engine") or written(row, "framework") or written(row, "backend")
    if words.LLAMA_CPP.search(name):
        return "llama_cpp", ()
    if words.COMPILED.search(name):
        return ("python" if _runs_on_pytorch(row, name) else "compiled"), ()
    if words.LAUNCHED.search(name):
        return "launched", ()
    if words.EAGER.search(name) and not words.PYTHON_ENGINES.search(name):
        return "eager", ()
    stored = f"{written(row, 'weight_precision')} {written(row, 'model')}"
    if words.GGUF.search(stored) and not words.PYTHON_ENGINES.search(name):
        return "llama_cpp", ()
    return _python_engine(row, name.lower()), () if words.PYTHON_ENGINES.search(name) else ("engine",)


def _python_engine(row: Row, name: str) -> Engine:
    """How an engine with a loop in Python schedules its steps, by its version or the year of the source."""
    release = _release(row, name)
    for known, first in words.FIRST_GOOD_VERSION.items():
        if known in name and release:
            early = known == "vllm" and release >= words.FIRST_ASYNCHRONOUS
            return "python" if release >= first else "python_2024" if early else "python_before_2025"
    year = DATED.search(written(row, "source_date"))
    return "python_before_2025" if year is not None and int(year.group(1)) < 2025 else "python"


def _release(row: Row, name: str) -> tuple[int, int] | None:
    found = RELEASE.search(written(row, "engine_version") or name)
    return (int(found.group(1)), int(found.group(2))) if found else None


def _runs_on_pytorch(row: Row, name: str) -> bool:
    """Whether TensorRT-LLM answers over HTTP with its PyTorch backend, the usual one from release 1 on."""
    version = re.search(r"(\d+)\.", written(row, "engine_version"))
    recent = version is not None and int(version.group(1)) >= 1
    return bool(words.TENSORRT.search(name) and recent and words.HTTP.search(f"{name} {written(row, 'notes')}"))
