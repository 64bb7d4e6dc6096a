"""Numbers as they are shown: a text like any other that still knows its value."""

import copy
import json
import pickle

import pytest

from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.number_text import NumberText, signed, with_number
from advisor.text.phrases import signed_money


@pytest.mark.parametrize("language", languages())
def test_a_number_is_a_text_like_any_other(language: str) -> None:
    shown = Translator(language).money(12.5, "USD")
    assert isinstance(shown, NumberText)
    assert (shown.value, shown == str(shown), type(str(shown))) == (12.5, True, str)
    assert json.loads(json.dumps([shown])) == [str(shown)]
    for again in (copy.deepcopy(shown), pickle.loads(pickle.dumps(shown))):
        assert (again, again.value, again.pattern) == (shown, shown.value, shown.pattern)


def test_a_sentence_with_a_number_in_it_is_a_plain_text() -> None:
    t = Translator("en")
    assert type(f"{t.money(1, 'USD')} in all") is str
    assert type(t.months(3) + "!") is str


def test_a_unit_around_a_number_stands_in_its_pattern() -> None:
    t = Translator("en")
    assert t.months(3.25).pattern == '#,##0.0" months"'
    assert t.value(0.25, "fraction/year", "USD").value == 0.25
    assert with_number("about 3", "3") == "about 3"
    assert with_number('3 "units"', NumberText("3", 3, "0")).pattern == '0" units"'


def test_a_plus_does_not_lose_the_number() -> None:
    t = Translator("en")
    assert signed_money(t, 5.0, "USD").value == 5.0
    assert signed(t.percent(-0.5), -0.5) == t.percent(-0.5)
    assert signed(t.months(2), 2) == "+2.0 months"
