"""Scoring: what an error is, how groups are averaged, how verdicts are counted, and that the shipped figures hold."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.catalog.loader import load_catalog
from advisor.core.notices import DataError
from advisor.engineering.validation.report import COMPARED, VALIDATION, validate
from advisor.engineering.validation.score import FitRow, MeasuredRow, as_cost, fit_score, score, scores_by
from tests.cases import validated


def row(measured: float, predicted: float | None, group: str = "a", name: str = "r") -> MeasuredRow:
    return MeasuredRow(name, group, "", "lora", (group,), measured, predicted, "" if predicted else "no_params", {})


def fit(ran: bool, verdict: str) -> FitRow:
    return FitRow("f", "a", "", ran, verdict, None, {})


def test_figures_of_one_group() -> None:
    found = score([row(100, 105), row(100, 88), row(100, 125, name="worst"), row(100, 100)])
    assert found is not None
    assert (found.rows, found.unpredicted, found.worst) == (4, 0, "worst")
    assert found.median_error == pytest.approx((0.05 + 0.12) / 2)
    assert found.bias == pytest.approx(0.025)
    assert found.worst_error == pytest.approx(0.25)
    assert found.within == {10: 0.5, 15: 0.75, 20: 0.75, 30: 1.0}


def test_a_large_group_does_not_drown_a_small_one() -> None:
    found = score([*(row(100, 110) for _ in range(99)), row(100, 150, "b")])
    assert found is not None
    assert found.median_error == pytest.approx(0.3)
    assert found.within[30] == pytest.approx(0.5)


def test_rows_without_a_prediction_are_counted_and_not_scored() -> None:
    found = score([row(100, 110), row(100, None)])
    assert found is not None
    assert (found.rows, found.unpredicted) == (2, 1)
    assert found.median_error == pytest.approx(0.1)
    assert score([row(100, None)]) is None
    assert score([]) is None


def test_the_interval_is_judged_by_what_lies_inside_and_by_its_width() -> None:
    wide = replace(row(100, 110), low=80.0, high=160.0)
    missed = replace(row(100, 130, "b"), low=104.0, high=130.0)
    found = score([wide, replace(wide, measured=170.0), missed])
    assert found is not None
    assert found.inside == pytest.approx((1 / 2 + 0) / 2)
    assert found.width == pytest.approx((2 + 1.25) / 2)
    (cost,) = as_cost([wide])
    assert (cost.low, cost.high) == (pytest.approx(1 / 160), pytest.approx(1 / 80))
    assert cost.is_inside


def test_parts_keep_their_order() -> None:
    parts = scores_by([row(1, 1, "b"), row(1, 1, "a"), row(1, None, "c")], lambda r: r.source)
    assert list(parts) == ["b", "a"]


def test_cost_is_the_inverse_of_speed() -> None:
    (found,) = as_cost([row(100, 125)])
    assert found.error == pytest.approx(100 / 125 - 1)
    assert as_cost([row(100, None)])[0].predicted is None


def test_verdicts() -> None:
    rows = [fit(True, "yes"), fit(True, "tight"), fit(True, "tight"), fit(True, "no")]
    rows += [fit(False, "no"), fit(False, "no"), fit(False, "no"), fit(False, "yes"), fit(False, "tight")]
    found = fit_score([*rows, fit(False, "no_seq_len")])
    assert (found.rows, found.unpredicted) == (10, 1)
    assert found.balanced_accuracy == pytest.approx((3 / 4 + 3 / 4) / 2)
    assert found.balanced_accuracy_if_tight_fits == pytest.approx((3 / 4 + 3 / 5) / 2)
    assert fit_score([fit(True, "yes")]).balanced_accuracy is None


def test_the_shipped_figures_hold() -> None:
    found = validated()
    assert [(e.id, found.figures[e.id], e.limit) for e in found.missed] == []
    assert set(found.compared) == {*COMPARED}
    assert [len(found.compared[name]) for name in ("memory", "speed")] == [434, 653]
    assert len(found.compared["single"]) + len(found.compared["loaded"]) == 2240


def test_limits_are_no_looser_than_needed() -> None:
    found = validated()
    slack = {e.id: abs(e.limit - (found.figures[e.id] or 0)) for e in found.expected}
    assert {name: by for name, by in slack.items() if by > 0.03} == {}


def test_ids_are_told_apart() -> None:
    found = validated()
    for name in COMPARED:
        ids = [r.id for r in found.compared[name]]
        assert len(ids) == len({*ids})


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("id: memory.median", "id: memory.medium", "figures and expectations differ"),
        ("sense: at_most", "sense: about", "sense"),
        ("figures:", "numbers:", "figures"),
    ],
)
def test_expectations_that_do_not_agree_are_named(tmp_path: Path, old: str, new: str, part: str) -> None:
    shutil.copytree(VALIDATION, tmp_path, dirs_exist_ok=True)
    expected = tmp_path / "expected.yaml"
    expected.write_text(expected.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=part):
        validate(load_catalog(), tmp_path)


def test_a_figure_beyond_its_limit_is_missed() -> None:
    found = validated()
    worse = replace(found, figures={name: None for name in found.figures})
    assert len(worse.missed) == len(found.expected)


def test_every_shipped_row_is_also_predicted_without_its_family() -> None:
    found = validated()
    for name in COMPARED:
        assert [r.id for r in found.left_out[name] if r.predicted is None] == [
            r.id for r in found.compared[name] if r.predicted is None
        ], "run: make calibrate"
