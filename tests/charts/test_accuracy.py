"""The chart of predictions against measurements: every predicted row on it, equal axes, words in both languages."""

import re

import altair as alt
import pytest
import vl_convert

from advisor import charts
from advisor.engineering.validation.score import MeasuredRow
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import validated

SHOWN = ("memory", "speed", "single", "loaded")
NAMES = {"LoRA", "QLoRA", "MLPerf", "GPU", "GB", "token", "DPO"}


def rows_of(about: str) -> tuple[MeasuredRow, ...]:
    return validated().compared[about]


def row(measured: float, predicted: float | None, kind: str = "lora") -> MeasuredRow:
    return MeasuredRow("r", "a source", "", kind, ("a source",), measured, predicted, "", {"model": "m", "gpu": "g"})


def marks(chart: alt.LayerChart) -> dict:
    (found,) = [part for part in chart.to_dict()["layer"] if part["mark"]["type"] == "point"]
    return found


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("about", SHOWN)
def test_the_specification_is_valid_and_drawn_without_a_network(about: str, language: str) -> None:
    chart = charts.build_accuracy_chart(about, rows_of(about), Translator(language))
    alt.LayerChart.validate(chart.to_dict())
    drawn = vl_convert.vegalite_to_svg({**chart.to_dict(), "width": 360}, allowed_base_urls=[])
    assert "NaN" not in drawn
    assert "undefined" not in drawn


@pytest.mark.parametrize("about", SHOWN)
def test_every_predicted_row_is_a_mark(about: str) -> None:
    found = marks(charts.build_accuracy_chart(about, rows_of(about), Translator("en")))
    predicted = [r for r in rows_of(about) if r.predicted is not None]
    assert [d["id"] for d in found["data"]["values"]] == [r.id for r in predicted]
    scale = found["encoding"]["color"]["scale"]
    assert set(scale["domain"]) == {r.kind for r in predicted}
    assert len({*scale["range"]}) == len(scale["domain"])
    assert len({*found["encoding"]["shape"]["scale"]["range"]}) == len(scale["domain"])


@pytest.mark.parametrize("about", SHOWN)
def test_both_axes_are_equal_and_hold_every_mark(about: str) -> None:
    encoding = marks(charts.build_accuracy_chart(about, rows_of(about), Translator("en")))["encoding"]
    low, high = encoding["x"]["scale"]["domain"]
    assert encoding["y"]["scale"] == encoding["x"]["scale"]
    assert encoding["y"]["axis"]["values"] == encoding["x"]["axis"]["values"]
    assert all(low <= v <= high for r in rows_of(about) if r.predicted for v in (r.measured, r.predicted))
    assert 3 <= len(encoding["x"]["axis"]["values"]) <= 8


def test_one_mark_alone_has_an_axis() -> None:
    encoding = marks(charts.build_accuracy_chart("memory", [row(20, 20), row(5, None)], Translator("en")))["encoding"]
    assert encoding["x"]["axis"]["values"] == [20]


@pytest.mark.parametrize("about", SHOWN)
def test_chinese_words_are_chinese(about: str) -> None:
    t = Translator("zh")
    encoding = marks(charts.build_accuracy_chart(about, rows_of(about), t))["encoding"]
    words = [encoding[axis]["axis"]["title"] for axis in ("x", "y")] + [tip["title"] for tip in encoding["tooltip"]]
    words += re.findall(r': "([^"]*)"', encoding["color"]["legend"]["labelExpr"])
    words.append(charts.accuracy_alt(about, rows_of(about), t))
    for text in words:
        assert set(re.findall(r"[A-Za-z]+", text)) <= NAMES, text


def test_the_words_tell_what_is_shown() -> None:
    told = charts.accuracy_alt("memory", [row(10, 11), row(40, 80), row(5, None)], Translator("en"))
    assert all(part in told for part in ("2 measurements", "10", "40", "50%"))
