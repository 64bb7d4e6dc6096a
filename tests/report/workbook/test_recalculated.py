"""A workbook in another's hands: LibreOffice computes changed files anew, and the model says the same.

LibreOffice keeps the values it finds beside the formulas unless it is told to compute. Every test here rests on that it
was told; the first shows that they would fail otherwise.
"""

import math
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from openpyxl import Workbook

from advisor.core.records import Assumptions, Economics
from advisor.money.assessment import entered_figures
from advisor.money.cash_flows import evaluate
from tests.cases import advice, preset
from tests.report.workbook.changed_books import (
    KEPT,
    NEVER,
    book,
    cases,
    changed,
    entered,
    errors,
    named,
    opened,
    other_values,
    recalculated,
    some_names,
)

CLOSE = 1e-9
"""Largest relative difference; what is found is of the order of the last digit, 1e-14."""
DOOR = ("article-001", "customer-service", "extraction", "chat")
MORE = 1.1
WHOLLY = ("article-001-extended", "customer-service", *(path.stem for path in KEPT))
"""Cases in which every number is changed as well."""
CHANGES = (*((name, "some") for name in cases()), *((name, "every") for name in WHOLLY))


class Changed(NamedTuple):
    """The numbers of a case after the changes, the names of its cells, the file as LibreOffice saved it."""

    assumptions: Assumptions
    values: dict[str, float]
    names: Workbook
    saved: Workbook


@pytest.fixture(scope="module")
def all_changed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Changed]:
    """Numbers of every case changed, of some all of them; one process of LibreOffice opens all files."""
    files, told = {}, {}
    for name, case in cases().items():
        content, a = book(case), advice(case).assessment.assumptions
        can = entered(content)
        for how in (how for other, how in CHANGES if other == name):
            names = list(can) if how == "every" else some_names(can, name)
            values = other_values(a, names, f"{name} {how}")
            key = f"{name}-{how}"
            files[key], told[key] = changed(content, values), (a.replaced(values), values, opened(content))
    for name in DOOR:
        volume = float(preset(name).daily_requests or 0) * MORE
        content = book(preset(name))
        files[name] = changed(content, {"daily_requests": volume})
        a = advice(preset(name)).assessment.assumptions.replaced({"daily_requests": volume})
        told[name] = (a, {"daily_requests": volume}, opened(content))
    saved = recalculated(tmp_path_factory.mktemp("books"), files)
    return {key: Changed(*told[key], saved[key]) for key in files}


def money(a: Assumptions) -> Economics:
    found = evaluate(a)
    assert isinstance(found, Economics)
    return found


def test_without_being_told_to_it_shows_stale_values(tmp_path: Path) -> None:
    content = book(preset("article-001"))
    stale = recalculated(tmp_path, {"stale": changed(content, {"daily_requests": 20_000.0})}, NEVER)["stale"]
    before = advice(preset("article-001")).assessment.metrics
    assert before is not None
    assert named(opened(content), stale, "daily_requests") == 20_000
    assert named(opened(content), stale, "result_npv") == pytest.approx(before.npv, rel=CLOSE)


@pytest.mark.parametrize(("name", "how"), CHANGES)
def test_every_figure_recomputes_as_the_model_does(all_changed: dict[str, Changed], name: str, how: str) -> None:
    found = all_changed[f"{name}-{how}"]
    assert len(found.values) >= 5
    figures = entered_figures(found.assumptions, money(found.assumptions))
    faults = {
        figure: (value, shown)
        for figure, value in figures.items()
        if not _same(value, shown := named(found.names, found.saved, f"result_{figure}"))
    }
    assert faults == {}
    assert errors(found.saved) == []


def _same(value: object, shown: object) -> bool:
    """A status by its word, a number within the tolerance, nothing where the model has no number."""
    if np.asarray(value).dtype.kind == "U":
        return str(value) == shown
    number = float(np.asarray(value))
    if math.isnan(number):
        return shown in (None, "")
    return isinstance(shown, int | float) and math.isclose(number, shown, rel_tol=CLOSE, abs_tol=CLOSE)


@pytest.mark.parametrize(("name", "how"), CHANGES)
def test_every_month_recomputes_as_the_model_does(all_changed: dict[str, Changed], name: str, how: str) -> None:
    found = all_changed[f"{name}-{how}"]
    e = money(found.assumptions)
    rows = {
        "months_net": e.cash_flows,
        "months_requests": e.monthly_requests,
        f"months_{e.today.id}_cost": e.today.monthly_cost,
        f"months_{e.baseline.id}_cost": e.baseline.monthly_cost,
        f"months_{e.tuned.id}_cost": e.tuned.monthly_cost,
    }
    for row, values in rows.items():
        shown = named(found.names, found.saved, row)
        shown = shown if isinstance(shown, list) else [shown]
        assert shown == pytest.approx(values.tolist(), rel=CLOSE, abs=CLOSE * float(np.abs(values).max())), row


@pytest.mark.parametrize("name", DOOR)
def test_more_volume_gives_what_the_app_says(all_changed: dict[str, Changed], name: str) -> None:
    """Where nothing else follows from the volume, the file agrees with the whole way from the answers."""
    found = all_changed[name]
    said = advice(preset(name).with_(daily_requests=found.values["daily_requests"])).assessment
    held = {k: replace(row, low=None, high=None, usual=None) for k, row in found.assumptions.items()}
    assert {k: held[k].value for k in held} == {k: row.value for k, row in said.assumptions.items()}
    assert said.metrics is not None
    assert named(found.names, found.saved, "result_npv") == pytest.approx(said.metrics.npv, rel=CLOSE)
    assert named(found.names, found.saved, "result_monthly_savings") == pytest.approx(
        said.metrics.monthly_savings, rel=CLOSE
    )


@pytest.mark.parametrize("name", cases())
def test_the_first_sheet_warns_as_soon_as_an_input_was_changed(all_changed: dict[str, Changed], name: str) -> None:
    found = all_changed[f"{name}-some"]
    before = advice(cases()[name]).assessment.assumptions
    count = sum(value != before[key].value for key, value in found.values.items())
    assert named(found.names, found.saved, "inputs_changed") == count
    assert found.saved.worksheets[0]["A4"].value.startswith(f"Inputs changed: {count}.")
    assert found.names.worksheets[0]["A4"].value.startswith("=IF(inputs_changed=0")


def test_a_check_ceases_to_hold_when_another_alternative_becomes_the_best(tmp_path: Path) -> None:
    """Cheaper calls are the best without tuning of this preset; at a dear wage, going on as today is."""
    content = book(preset("customer-service"))
    saved = recalculated(tmp_path, {"dear": changed(content, {"hourly_rate": 5_000.0})})["dear"]
    states = {row[0].value: row[2].value for row in saved["Frozen choices"].iter_rows(max_col=3)}
    assert states["It is still the best alternative without tuning"].startswith("No longer")
    assert named(opened(content), saved, "needs_the_app") >= 1
