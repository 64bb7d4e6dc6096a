"""What a user typed stands on the page as typed: no markup, no link."""

import re

import pytest

from advisor.ui.layout import WORD_JOINER, plain

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
