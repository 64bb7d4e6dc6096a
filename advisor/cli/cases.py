"""The case that a command is told to work on: a preset, a file, or what comes through the standard input."""

import os
import sys
from pathlib import Path

from advisor.assumptions.given import read_case
from advisor.assumptions.short_names import id_named
from advisor.catalog.catalog import Catalog
from advisor.cli.files import model_file, read_file, shown
from advisor.core.notices import InputError, Issue, UnknownId
from advisor.decision.advice import preset_scenario
from advisor.scenario import LONGEST_FILE_BYTES, Scenario
from advisor.text.labels import labels

STANDARD_INPUT = "-"


def named_case(name: str, catalog: Catalog) -> tuple[Scenario, tuple[Issue, ...]]:
    """The answers behind ``name`` and an issue for each left out.

    A preset's id wins over a file of that name, which wins over a preset's title: write ``./name`` for the file.
    """
    if name == STANDARD_INPUT:
        return read_case(_standard_input(), catalog, labels(), model_file(""))
    if name in catalog.presets:
        return preset_scenario(name, catalog), ()
    content = read_file(name, "SCENARIO", LONGEST_FILE_BYTES)
    if content is not None:
        return read_case(content, catalog, labels(), model_file(name))
    try:
        return preset_scenario(id_named("preset", name, catalog, labels()), catalog), ()
    except (InputError, UnknownId) as error:
        near = str(error.issues[0].params.get("near", "")) if isinstance(error, InputError) else ""
    if Path(name).suffix or os.sep in name:
        raise _refused("file_not_found", "SCENARIO", path=shown(name))
    raise _refused("no_such_case_near" if near else "no_such_case", "SCENARIO", path=shown(name), near=near)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise _refused("file_not_found", "SCENARIO", path=STANDARD_INPUT)
    return sys.stdin.buffer.read(LONGEST_FILE_BYTES + 1)


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])
