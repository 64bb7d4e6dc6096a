"""A verdict beside whose amount a higher one stands says why that one is not taken."""

from html import unescape

import pytest

from advisor.decision.advice import advise
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import notice_text
from advisor.ui.headline import verdict_and_cards
from tests.cases import DAY, catalog

GROWING = {"daily_requests": 60_000, "quality_need": "normal", "budget": 40_000, "volume_growth": 2.0}


@pytest.mark.parametrize("language", languages())
def test_what_only_the_tolerance_for_losses_rules_out_stands_beside_the_verdict(language: str) -> None:
    t, found = Translator(language), advise(Scenario.from_answers(GROWING), catalog(), DAY)
    assert found.recommendation.verdict == "not_yet"
    (told,) = [reason for reason in found.recommendation.reasons if reason.code == "reason_tolerance"]
    assert told.params["action"] == "look_up_first"
    assert notice_text(t, told, "USD") in unescape(verdict_and_cards(found, t))
