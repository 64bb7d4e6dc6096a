"""Numbers as people type them into a field."""

import pytest

from advisor.core.notices import InputError
from advisor.scenario import QUESTIONS
from advisor.text.i18n import Translator
from advisor.ui.fields import parsed_number

EN = Translator("en")


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("20 %", "volume_growth", 0.2),
        ("20", "volume_growth", 0.2),
        ("\uff12\uff10\uff05", "batch_share", 0.2),
        ("20k", "daily_requests", 20_000),
        ("1.8", "power_overhead", 1.8),
        ("", "budget", None),
    ],
)
def test_a_number_is_read_in_the_unit_of_its_question(text: str, name: str, number: float | None) -> None:
    assert parsed_number(text, QUESTIONS[name], EN) == number


@pytest.mark.parametrize("name", ["daily_requests", "budget", "power_overhead", "horizon_months"])
def test_percent_of_what_is_no_share_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed_number("15 %", QUESTIONS[name], EN)
    assert [(issue.field, issue.code) for issue in caught.value.issues] == [(name, "not_a_number")]
