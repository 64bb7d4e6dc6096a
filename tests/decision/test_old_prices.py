"""A price that decides and is old becomes the first next step, told to whoever decides; a terminal has the command."""

from datetime import timedelta

import pytest

from advisor.core.places import UPDATE_PRICES
from advisor.decision.advice import advise
from advisor.decision.old_prices import old_prices
from advisor.report.case import memo_of
from advisor.report.text import render_text
from advisor.text.i18n import Translator
from advisor.text.memo_phrases import step_rows
from advisor.text.phrases import notice_text
from tests.cases import DAY, advice, catalog, preset

LATER = DAY + timedelta(days=400)
TERRA = "openai/gpt-6.1-terra"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_old_price_that_decides_is_looked_up_first(language: str) -> None:
    t = Translator(language)
    found = advise(preset("extraction", current_model=TERRA), catalog(), LATER)
    first = step_rows(memo_of(found), t)[0]
    assert first.id == "update_prices"
    assert t("field.current_output_price.label") in first.text or t("field.current_input_price.label") in first.text
    assert t("page.prices.nav") in first.text
    assert UPDATE_PRICES not in first.text


def test_only_the_terminal_is_told_the_command() -> None:
    old, t = advise(preset("extraction", current_model=TERRA), catalog(), LATER), Translator("en")
    assert render_text(old, t).count(UPDATE_PRICES) == 1
    told = [notice_text(t, notice, "USD") for notice in old.assessment.assumptions.notices]
    assert not [each for each in told if UPDATE_PRICES in each]


def test_a_fresh_price_is_no_step() -> None:
    found = advice(preset("extraction", current_model=TERRA))
    assert "update_prices" not in {step.id for step in step_rows(memo_of(found), Translator("en"))}


def test_an_old_price_that_does_not_decide_is_no_step() -> None:
    found = advise(preset("extraction", current_model=TERRA), catalog(), LATER)
    assert old_prices(found.assessment.assumptions, ["hourly_rate"]) == ()


def test_a_price_of_ones_own_is_not_looked_up() -> None:
    own = preset("extraction", current_model=TERRA, current_input_price=1.0, current_output_price=4.0)
    found = advise(own, catalog(), LATER)
    names = ["current_input_price", "current_output_price"]
    assert old_prices(found.assessment.assumptions, names) == ()
