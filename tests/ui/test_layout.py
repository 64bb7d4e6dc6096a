"""What a user typed stands on the page as typed: no markup, no link."""

import re

import pytest

from advisor.ui.layout import WORD_JOINER, plain, unbroken

LINKED = re.compile(r"(https?://|www(?=\.))([-.\w]+)|[-.\w+]+@[-\w]+(?:\.[-\w]+)+", re.IGNORECASE)
"""What Streamlit's Markdown makes a link of, after it has taken the escapes away."""


@pytest.mark.parametrize(
    "typed", ["See https://evil.example/x", "HTTP://evil.example", "www.evil.example", "a@b.example"]
)
def test_an_address_that_was_typed_is_no_link(typed: str) -> None:
    shown = re.sub(r"\\(.)", r"\1", plain(typed))
    assert LINKED.search(typed)
    assert not LINKED.search(shown)
    assert shown.replace(WORD_JOINER, "") == typed


@pytest.mark.parametrize("amount", ["-\u20ac24,495", "-CN\u00a5130,595", "-24.4 %"])
def test_a_minus_sign_stays_on_the_line_of_its_amount(amount: str) -> None:
    for shown in (plain(f"saved {amount}").replace("\\", ""), unbroken(f"saved {amount}")):
        assert f"-{WORD_JOINER}{amount[1:]}" in shown


def test_words_part_at_their_hyphens_and_commands_are_copied_as_they_are() -> None:
    assert unbroken("gpu-price-dashboard") == "gpu-price-dashboard"
    command = "python -m advisor dataset TRAIN --case CASE"
    assert plain(command).replace("\\", "") == command
