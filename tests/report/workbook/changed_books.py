"""Workbooks in which somebody changed numbers, as a spreadsheet would save them, and what LibreOffice makes of them."""

import io
import random
import re
import subprocess
import zipfile
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from advisor.assumptions.given import read_case
from advisor.core.records import Assumption
from advisor.report.workbook.render import render_workbook
from advisor.scenario import QUESTIONS, Scenario, dump_scenario
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from tests.cases import advice, catalog, preset

KEPT = sorted(Path("tests/fixtures/cases").glob("rich-*.yaml"))
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{mode}</value></prop></item>
</oor:items>
"""
ALWAYS, NEVER = 0, 1
"""When LibreOffice computes a file of another program again as it opens it."""
INPUTS = "xl/worksheets/sheet2.xml"
VALUE, NAME = 1, 12
"""Columns of the sheet of inputs."""


@cache
def cases() -> dict[str, Scenario]:
    """Every preset, and the cases with many answers that are kept as somebody saved them."""
    kept = {path.stem: read_case(path.read_bytes(), catalog(), labels(), str)[0] for path in KEPT}
    return {**{name: preset(name) for name in catalog().presets}, **kept}


def book(case: Scenario, language: str = "en") -> bytes:
    """The workbook of a case, written once a process."""
    key = dump_scenario(case, "json"), language
    if key not in _WRITTEN:
        _WRITTEN[key] = render_workbook(advice(case), catalog(), Translator(language))
    return _WRITTEN[key]


_WRITTEN: dict[tuple[str, str], bytes] = {}


@lru_cache(64)
def opened(content: bytes, *, values: bool = False) -> Workbook:
    """Read by a second library: the formulas, or the values beside them."""
    return load_workbook(io.BytesIO(content), data_only=values)


def entered(content: bytes) -> dict[str, str]:
    """Address of each number that can be changed, by its name."""
    sheet = opened(content).worksheets[1]
    return {str(row[NAME].value): row[VALUE].coordinate for row in sheet.iter_rows(min_row=5) if row[NAME].value}


def other_values(rows: Mapping[str, Assumption], names: Iterable[str], seed: str) -> dict[str, float]:
    """Another value for each number, within the bounds of its question."""
    chance, found = random.Random(seed), {}
    for name in names:
        row, question = rows[name], QUESTIONS.get(name)
        told = float(row.value or 0.0)  # type: ignore[arg-type]
        value = told * chance.uniform(0.7, 1.4) if told else chance.uniform(0.0, 0.3)
        value = min(value, 1.0) if row.unit == "fraction" else value
        if question is not None and question.low is not None and question.high is not None:
            value = min(max(value, question.low), question.high)
        found[name] = float(round(value)) if question is not None and question.whole else value
    return found


def some_names(names: Collection[str], seed: str) -> list[str]:
    """The volume, where it is entered, and seven others."""
    others = sorted(set(names) - {"daily_requests"})
    return [*(["daily_requests"] if "daily_requests" in names else []), *random.Random(seed).sample(others, 7)]


def changed(content: bytes, values: Mapping[str, float]) -> bytes:
    """The file with other numbers entered and every formula's old value beside it."""
    places, buffer = entered(content), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            if name == INPUTS:
                text = part.decode()
                for each, value in values.items():
                    cell = rf'(<c r="{places[each]}"[^>]*>)<v>[^<]*</v>'
                    text, count = re.subn(cell, rf"\g<1><v>{value!r}</v>", text)
                    assert count == 1, each
                part = text.encode()
            after.writestr(name, part)
    return buffer.getvalue()


def recalculated(folder: Path, files: Mapping[str, bytes], mode: int = ALWAYS) -> dict[str, Workbook]:
    """The files as LibreOffice saves them after it has opened them, with the values of their formulas."""
    user, given, saved = folder / "profile" / "user", folder / "given", folder / "saved"
    for path in (user, given, saved):
        path.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(SETTINGS.format(mode=mode), encoding="utf-8")
    for name, content in files.items():
        (given / f"{name}.xlsx").write_bytes(content)
    paths = sorted(str(path) for path in given.iterdir())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    call = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(saved), *paths]
    subprocess.run(call, check=True, capture_output=True, timeout=300)
    return {name: load_workbook(saved / f"{name}.xlsx", data_only=True) for name in files}


def named(names: Workbook, values: Workbook, name: str) -> Any:
    """What stands in a named cell, or in the cells of a named row."""
    sheet, area = names.defined_names[name].attr_text.rsplit("!", 1)
    found = values[sheet.strip("'")][area.replace("$", "")]
    return [cell.value for cell in found[0]] if isinstance(found, tuple) else found.value


def errors(values: Workbook) -> list[tuple[str, str, str]]:
    return [
        (sheet.title, cell.coordinate, str(cell.value))
        for sheet in values
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]
