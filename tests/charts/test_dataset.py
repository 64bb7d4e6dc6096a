"""The bars of a training set say which lengths they hold: each ends before the next begins."""

from advisor.charts.dataset import build_lengths_chart, lengths_alt
from advisor.text.i18n import Translator
from tests.datasets.made import chat, lines, measured


def test_a_bar_ends_before_the_next_begins() -> None:
    t, found = Translator("en"), measured(lines([chat("What is two plus two?", "Four.", "Be brief.")]))
    assert "have 16 to 31 tokens" in lengths_alt(found, t)
    assert "16 \u2013 31" in build_lengths_chart(found, t).to_json(ensure_ascii=False)
