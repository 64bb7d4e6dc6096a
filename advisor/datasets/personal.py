"""Hints of personal data: forms with a checksum where there is one. What is found is masked before it is kept."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from ipaddress import AddressValueError, IPv4Address

import numpy as np

KINDS = ("email", "phone", "iban", "card", "resident_id", "ipv4")
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}[A-Za-z]{2,24}(?![\w-])", re.ASCII
)
_DIGITS = "0123456789"
_RUN = re.compile(r"\d(?:[ .()/-]{0,2}\d){3,}", re.ASCII)
"""Digits in a row with at most two signs between: whatever has a number of any kind has one."""
SHORTEST_RUN = 7
"""Signs of the shortest run that can be anything: an IPv4 address of four digits."""
FEWEST_DIGITS = 4
_APART = b"\n" * 4
"""Between two texts: more than two signs, which end a run."""
_BEFORE, _AFTER = 16, 24
"""How far what belongs to a run of digits, such as the letters of an IBAN, may begin before it and end after it."""
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}", re.ASCII)
_CARD = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.]?\d)", re.ASCII)
_GROUP = re.compile(r"\d+", re.ASCII)
_RESIDENT = re.compile(r"(?<!\d)[1-9]\d{16}[\dXx](?!\d)", re.ASCII)
_PHONE = re.compile(
    r"(?<![\w.+])(?:\+[1-9]\d{0,2}[ .-]?(?:\(0?\d{1,4}\)[ .-]?)?\d{1,5}(?:[ .-]?\d{2,5}){1,4}"
    r"|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}([.-])\d{3}\1\d{4}|1[3-9]\d{9}|1[3-9]\d[ -]\d{4}[ -]\d{4})(?![\w-]|\.\d)",
    re.ASCII,
)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)", re.ASCII)
FEWEST_PHONE, MOST_PHONE = 8, 15
IBAN_LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "NL"), 18),
    **dict.fromkeys(("SI",), 19),
    **dict.fromkeys(("AT", "EE", "LT", "LU"), 20),
    **dict.fromkeys(("CH", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "DE", "GB", "IE"), 22),
    **dict.fromkeys(("AE", "IL"), 23),
    **dict.fromkeys(("CZ", "ES", "RO", "SA", "SE", "SK"), 24),
    **dict.fromkeys(("PT",), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("FR", "GR", "IT", "MC", "SM"), 27),
    **dict.fromkeys(("CY", "HU", "PL"), 28),
    **dict.fromkeys(("MT",), 31),
}
"""Letters and digits of an account number by country; of others any length is tried."""
SHORTEST_IBAN = 15
CARD_NUMBERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6011\d{12}|65\d{14}|62\d{14,17}"
    r"|35[2-8]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
)
"""Beginnings of the numbers of cards, each with the lengths it has."""
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
_HIDDEN = re.compile(r"[^\W_]")


def personal_data(text: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each find, the surest kind first where several have the form."""
    if "@" in text:
        yield from (("email", found[0]) for found in _EMAIL.finditer(text))
    if not any(digit in text for digit in _DIGITS):
        return
    for part in _windows(text):
        yield from _numbers(part)


def searched(texts: Sequence[str]) -> list[int]:
    """The places of all texts in which personal data can be: an @, or digits as near to each other as in any number.

    One pass over all of them, so that only the few it names have to be searched.
    """
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    ends = np.cumsum([len(part) + len(_APART) for part in parts])
    digits = np.flatnonzero((np.frombuffer(_APART.join(parts), np.uint8) - np.uint8(ord("0"))) < len(_DIGITS))
    first = np.flatnonzero(np.diff(digits, prepend=-len(_APART)) >= len(_APART))
    last = np.append(first[1:], len(digits)) - 1 if len(first) else first
    is_run = (last - first >= FEWEST_DIGITS - 1) & (digits[last] - digits[first] >= SHORTEST_RUN - 1)
    found = {*np.searchsorted(ends, digits[first[is_run]], side="right").tolist()}
    return [k for k, text in enumerate(texts) if k in found or "@" in text]


def masked(found: str) -> str:
    """A find with every letter and digit but the first hidden."""
    return found[:1] + _HIDDEN.sub("*", found[1:])


def redacted(text: str) -> str:
    """A text with whatever has the form of personal data masked."""
    for _, found in list(personal_data(text)):
        text = text.replace(found, masked(found))
    return text


def _windows(text: str) -> Iterator[str]:
    """Parts of the text around runs of digits long enough for anything; parts that touch are one."""
    begins = ends = -1
    for run in _RUN.finditer(text):
        if run.end() - run.start() < SHORTEST_RUN:
            continue
        if ends < 0 or run.start() - _BEFORE > ends:
            if ends >= 0:
                yield text[begins:ends]
            begins = max(run.start() - _BEFORE, 0)
        ends = run.end() + _AFTER
    if ends >= 0:
        yield text[begins:ends]


def _numbers(part: str) -> Iterator[tuple[str, str]]:
    """Finds in one part, each taken out of it before the next kind is looked for."""
    for kind, pattern, is_real in _CHECKED:
        for found in pattern.finditer(part):
            real = is_real(found[0])
            if real:
                yield kind, real
                part = part.replace(real, " " * len(real), 1)


def real_iban(text: str) -> str:
    """The account number at the beginning of a text, by its country's length and modulus 97; empty if there is none."""
    plain = text.replace(" ", "")
    known = IBAN_LENGTHS.get(plain[:2])
    for length in (known,) if known else range(len(plain), SHORTEST_IBAN - 1, -1):
        moved = plain[4:length] + plain[:4]
        if len(plain) >= length and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1:
            return _beginning(text, length)
    return ""


def _beginning(text: str, characters: int) -> str:
    """As much of a text as holds so many characters that are no space."""
    for at, character in enumerate(text):
        characters -= character != " "
        if not characters:
            return text[: at + 1]
    return text


def real_card(text: str) -> str:
    """The number of a card in a text of digits, also where another number stands before or after it; else empty."""
    groups = [*_GROUP.finditer(text)]
    for first, last in ((0, 1), (1, 1), (0, 2), (1, 2)):
        if first <= len(groups) - last:
            part = text[groups[first].start() : groups[-last].end()]
            if _is_card(part):
                return part
    return ""


def _is_card(text: str) -> bool:
    """Whether it has a known beginning and length, Luhn's sum, more than one digit."""
    digits = [int(c) for c in text if c.isdigit()]
    plain = "".join(map(str, digits))
    doubled = sum(digits[-1::-2]) + sum(2 * d - 9 * (d > 4) for d in digits[-2::-2])
    return CARD_NUMBERS.fullmatch(plain) is not None and doubled % 10 == 0 and len({*plain}) > 1


def real_resident_id(text: str) -> str:
    """The text if it is a Chinese resident id: a date of birth and the check sign of ISO 7064 modulus 11-2."""
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return ""
    weighed = sum(int(digit) * weight for digit, weight in zip(text, RESIDENT_WEIGHTS, strict=False))
    return text if born.year >= 1900 and RESIDENT_CHECKS[weighed % 11] == text[-1].upper() else ""


def real_address(text: str) -> str:
    """The text if it is an address of the public internet."""
    try:
        return text if IPv4Address(text).is_global else ""
    except AddressValueError:
        return ""


def real_phone(text: str) -> str:
    """The text if it has as many digits as telephone numbers have."""
    return text if FEWEST_PHONE <= sum(c.isdigit() for c in text) <= MOST_PHONE else ""


_CHECKED: tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...] = (
    ("iban", _IBAN, real_iban),
    ("resident_id", _RESIDENT, real_resident_id),
    ("card", _CARD, real_card),
    ("ipv4", _IPV4, real_address),
    ("phone", _PHONE, real_phone),
)
