"""Every figure that is shown has its formula and its inputs; a formula as HTML says what its LaTeX says."""

import re
from html import unescape

import pytest

from advisor.catalog.catalog import Catalog
from advisor.core.records import METRICS
from advisor.decision.advice import Advice
from advisor.evidence.method import build_method, steps
from advisor.evidence.method.explanations import FORMULA_OF, TOLD_FIRST, Explainer
from advisor.evidence.method.html import html
from advisor.text.i18n import Translator


def explainer(advice: Advice, catalog: Catalog) -> Explainer:
    return Explainer(advice, catalog.rules, Translator("en"))


def test_every_metric_has_a_formula() -> None:
    assert set(FORMULA_OF) == set(METRICS)


def test_what_is_known_is_explained(advice: Advice, catalog: Catalog) -> None:
    found, metrics = explainer(advice, catalog), advice.assessment.metrics
    assert metrics is not None
    for name in METRICS:
        explained = found.metric(name)
        assert (explained is not None and explained.inputs) or getattr(metrics, name) is None, name
    for name in TOLD_FIRST:
        explained = found.told_first(name)
        assert explained is None or all(row.value is not None for row in explained.inputs), name


def test_inputs_are_those_behind_the_figure(advices: dict[str, Advice], catalog: Catalog) -> None:
    found = explainer(advices["customer-service"], catalog)
    inputs = {name: {row.id for row in found.told_first(name).inputs} for name in TOLD_FIRST}  # type: ignore[union-attr]
    assert {"bought_examples", "hourly_rate", "training_gpu_price"} <= inputs["investment"]
    assert not inputs["investment"] & {"daily_requests", "discount_rate", "current_input_price"}
    assert {"daily_requests", "current_input_price", "serving_gpu_price"} <= inputs["savings"]
    assert not inputs["savings"] & {"api_price_decline", "horizon_months", "discount_rate"}
    assert {"api_price_decline", "horizon_months", "deploy_months"} <= inputs["payback"]
    assert "discount_rate" not in inputs["payback"]
    assert {"discount_rate", "gate_success_share"} <= inputs["npv"]
    assert set.union(*inputs.values()) == inputs["npv"]


def test_what_decides_stands_first_and_is_all_there(advice: Advice, catalog: Catalog) -> None:
    explained = explainer(advice, catalog).told_first("npv")
    assert explained is not None
    matter = [swing.id for swing in advice.assessment.evidence.matter]
    assert [row.id for row in explained.inputs[: explained.deciding]] == matter


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"T = m - 1 + \frac{-C_{m-1}}{F_m}", "T = m &minus; 1 + (&minus;C<sub>m&minus;1</sub>) / F<sub>m</sub>"),
        (r"\frac{1{,}200}{36} \times 2\%", "1,200 / 36 &times; 2%"),
        (r"(1 + 0.1)^{\frac{1}{12}} - 1", "(1 + 0.1)<sup>1 / 12</sup> &minus; 1"),
        (r"\tilde{F}_m \ \text{a-b \& c}", "F&#771;<sub>m</sub>  a-b &amp; c"),
        (r"D^* \le 10^6", "D<sup>*</sup> &le; 10<sup>6</sup>"),
    ],
)
def test_a_formula_in_one_line(latex: str, shown: str) -> None:
    assert html(latex) == shown


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_latex_is_left_in_any_line(advice: Advice, catalog: Catalog, language: str) -> None:
    for formula in build_method(advice, Translator(language), catalog.rules).formulas:
        for line in (formula.symbols, *steps(formula.worked)):
            assert not re.search(r"\\|&\w+;|[_^]", unescape(html(line)).replace("_x", "")), (formula.id, html(line))
