"""The words of a formula where no mathematics is typeset."""

from advisor.evidence.method.html import words_html


def test_the_words_of_a_formula_set_its_indices_low() -> None:
    assert words_html("cost c_t < c_b, and K_today; not data_set") == (
        "cost <i>c</i><sub>t</sub> &lt; <i>c</i><sub>b</sub>, and <i>K</i><sub>today</sub>; not data_set"
    )
