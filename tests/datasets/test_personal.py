"""Hints of personal data: what has the checksum is found, what lacks it is not, and nothing is shown."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.datasets.personal import masked, personal_data, redacted, searched

FOUND: Mapping[str, tuple[str, str]] = {
    "Write to Jane.Doe+x@mail.example.org, please": ("email", "Jane.Doe+x@mail.example.org"),
    "IBAN DE89 3704 0044 0532 0130 00 AND SO ON": ("iban", "DE89 3704 0044 0532 0130 00"),
    "GB29NWBK60161331926819": ("iban", "GB29NWBK60161331926819"),
    "card 4111 1111 1111 1111.": ("card", "4111 1111 1111 1111"),
    "item 3 4111 1111 1111 1111 at 2:30": ("card", "4111 1111 1111 1111"),
    "ec2 4111111111111111 7": ("card", "4111111111111111"),
    "378282246310005": ("card", "378282246310005"),
    "id 11010519491231002X ok": ("resident_id", "11010519491231002X"),
    "\u8eab\u4efd\u8bc1\u53f7\u7801\uff1a440524188001010014\uff0c": ("", ""),
    "host 8.8.4.4 answers": ("ipv4", "8.8.4.4"),
    "call +49 30 901820 now": ("phone", "+49 30 901820"),
    "(212) 555-0123": ("phone", "(212) 555-0123"),
    "\u7535\u8bdd13812345678": ("phone", "13812345678"),
}
NOT_FOUND = (
    "DE89 3704 0044 0532 0130 01",
    "4111 1111 1111 1112",
    "0000 0000 0000 0000",
    "110105194912310021",
    "110105194913310028",
    "10.0.0.1 and 127.0.0.1 and 999.1.1.1",
    "on 2026-11-29 at 10:30, 1,234,567.89 in all",
    "order 20261129, part 4711",
    "user @ home, @handle, a@b",
    "pi is 3.14159265358979",
    "no number at all",
)


@pytest.mark.parametrize("text", FOUND)
def test_found(text: str) -> None:
    expected = FOUND[text]
    assert [*personal_data(text)] == ([expected] if expected[0] else [])


@pytest.mark.parametrize("text", NOT_FOUND)
def test_not_found(text: str) -> None:
    assert [*personal_data(text)] == []


def test_several_in_one_text() -> None:
    text = "a@b.example; DE89370400440532013000; 4111111111111111 and 8.8.8.8"
    assert sorted(kind for kind, _ in personal_data(text)) == ["card", "email", "iban", "ipv4"]


def test_a_find_is_hidden() -> None:
    assert masked("jane@example.org") == "j***@*******.***"
    assert redacted("ask jane@example.org or 4111 1111 1111 1111") == "ask j***@*******.*** or 4*** **** **** ****"


NUMBERS = st.sampled_from(
    [*FOUND, *NOT_FOUND, "8.8.8.8", "+49 30 901820", "1", "23", " ", ".", "-", "\u5143", "a@b.example"]
)


@given(st.lists(st.lists(NUMBERS, max_size=4).map("".join), max_size=6))
def test_only_texts_without_personal_data_are_passed_over(texts: list[str]) -> None:
    found = {k for k, text in enumerate(texts) if [*personal_data(text)]}
    assert found <= {*searched(texts)}


def test_most_texts_are_passed_over() -> None:
    assert searched(["the year 2026", "no number", "4 of 7", "a.b 12.5 and 3"]) == []
