"""What people type or paste, read the same wherever it comes in: form, scenario file, table, address.

A text with two readings is refused with both, because a factor of 1000 or 100 that nobody notices is worse than a
question. A reading that the question's bounds rule out is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from advisor.core.notices import InputError, Issue
from advisor.core.units import CURRENCIES
from advisor.scenario.hours_of_week import HOURS, recorded
from advisor.scenario.question import Question
from advisor.scenario.said_units import without_unit
from advisor.scenario.sign_off import DECISION, DECISIONS, LARGEST_RELEASE, NOT_YET, RELEASED, SIGN_OFF, place
from advisor.scenario.signs import AGREED, COUNTED, CURRENCY_MARKS, DENIED, SCALES, TYPED_WAN, plain_text_of
from advisor.scenario.values import SPECIAL_NUMBERS, quoted

SHARES = frozenset({"fraction", "fraction/year"})
SURE_SHARE = 1
LONGEST_NUMBER = 200
"""Characters with all that stands beside the digits."""
FINE_UNITS = SHARES | {
    *("share", "years", "epochs", "kW", "minutes/item", "money/request", "money/Mtok", "money/GPU/h", "money/kWh"),
    *("money/h", "money/example", "money/failure"),
}
"""Units of small numbers, of which decimals are usual; of all others, three digits after a sign part thousands."""
DOUBTED_SHARE = 2
"""From here up a bare share of a file may be whole percent, as spreadsheets hold it: growth of 20 is meant as 20 %.
Below it, a yearly growth of 1.5 is the 150 % it says: a growth or a discount of 1.5 % is rarer than a file that knows
that shares are fractions, and what this program wrote before stays readable."""
_CODE = re.compile(r"^([A-Z]{3})(?=[ \d.])|(?<=[ \d.])([A-Z]{3})$")
_OTHER_CURRENCY = re.compile(r"(?<![a-z\d])(?!us\$|cn|[kmt]\$)[a-z]{1,2}\$|[\u20a0-\u20ab\u20ad-\u20c0]", re.IGNORECASE)
"""A dollar of another country, or a sign of none of ours."""
_NO_NUMBER = re.compile(r"[+-]?\.?(?:nan|inf|infinity)", re.IGNORECASE)
_SIGNED = re.compile(r"([+-]?)([\d .,'_]*[\d.])((?:e[+-]?\d{1,4})?)", re.IGNORECASE)
_SURE = re.compile(r"[+-]?\d+(?:\.(?!\d{3}$)\d*)?(?:[eE][+-]?\d+)?")
_PERCENT = re.compile(
    r"(?:^(?:\u767e\u5206\u4e4b|%)(?P<after>.+)|(?P<before>.+?) ?(?:%|per ?cent|pct\.?))", re.IGNORECASE
)
"""``15 %``, ``15 percent``, ``%15`` and the Chinese "of a hundred parts 15"."""
_ABOUT = re.compile(r"(?:~|\u2248|(?:ca|circa|about|approx|around)\b\.?|\u7ea6|\u5927\u7ea6)\s*(?=\S)", re.IGNORECASE)
_RANGE = re.compile(
    r"\D{0,4}\d[\d.,]*\D{0,4}?\s*(?:-|\u2013|\u2014|~|\.\.|to|\u81f3|\u5230)\s*\D{0,4}\d[\d.,]*\D{0,9}", re.IGNORECASE
)
"""``20-30k``: two numbers, the second behind a dash."""
_QUOTED = re.compile(r"'(?P<text>[^']*)|[\"\u201c'](?P<inside>.*)[\"\u201d']")
_HAS_AMOUNT = re.compile(r"[+-]?[\d.]*[1-9]")
"""Not 0, though so small that a computer takes it for 0, as 3e-400 is."""
_THREE = re.compile(r"(?!0+[.,])\d{1,3}[.,]\d{3}")
_FOUR = re.compile(r"[1-9]\d{0,3},\d{4}")
"""A group of four digits, as Chinese has words for, or four decimals behind a comma."""
_BY_HUNDREDS = re.compile(r"[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d+)?")
"""Lakh and crore: 1,50,000."""
_GROUPED = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*")
_PARTED = re.compile(r"\d{1,3}(?:([ '_])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")


@dataclass(frozen=True)
class Notation:
    """How numbers are written where this one stands.

    ``group`` parts thousands there and can mean nothing else; ``in_percent`` where a bare number of a share is percent.
    """

    decimal: str = "."
    group: str = ""
    in_percent: bool = False


IN_FILES = Notation()
TABLES_OF_NUMBERS = frozenset({"exchange_rates", "ranges"})
MEASURED, MEASURED_NUMBERS = "measured", frozenset({"value", "low", "high", "counted"})
"""Records of measured answers, and what of one is read as the answer itself."""
LARGEST_RATE = 1e9


def read_number(text: str, question: Question, currency: str, notation: Notation = IN_FILES) -> float | None:
    """What a text such as ``20 000``, ``20k`` or ``15 %`` means, in the question's unit; ``None`` of an empty one.

    ``currency`` is that of the case. Raises :class:`InputError` for what has no reading, or two.
    """
    if not notation.in_percent and _SURE.fullmatch(text):
        number = float(text)
        if (number or not _HAS_AMOUNT.match(text)) and (question.unit not in SHARES or number <= SURE_SHARE):
            return number
    plain = _without_words(plain_text_of(text))
    if not plain:
        return None
    if len(plain) > LONGEST_NUMBER:
        raise InputError([Issue(question.id, "not_a_number", {"value": quoted(text)})])
    if _NO_NUMBER.fullmatch(plain):
        return float(SPECIAL_NUMBERS.get(plain.lower(), plain))
    plain = without_unit(plain, text, question, currency)
    if "money" in question.unit:
        plain = _without_currency(plain, text, question.id, currency)
    stated = _PERCENT.fullmatch(plain) if question.unit in SHARES else None
    percent = stated is not None
    body = plain if stated is None else (stated["after"] or stated["before"]).strip()
    body, suffix = _scaled(body, question)
    power = SCALES.get(suffix, 0) - 2 * (percent or (notation.in_percent and question.unit in SHARES))
    found = _readings(body, notation)
    if not found:
        is_range = _RANGE.fullmatch(plain) is not None
        raise InputError([Issue(question.id, "range_said" if is_range else "not_a_number", {"value": quoted(text)})])
    if len(found) > 1:
        found = _meant(found, body, question, notation, power) or found[:1]
    if len(found) > 1:
        sign = suffix + ("%" if percent else "")
        raise _two_readings(question.id, text, *(_written(each, notation.decimal) + sign for each in found))
    value = found[0].scaleb(power)
    if question.unit in SHARES and not percent:
        _check_share(value, found[0], question, text, notation)
    if value and not float(value):
        raise InputError([Issue(question.id, "not_a_number", {"value": quoted(text)})])
    return float(value)


def says_its_currency(text: str, question: Question) -> bool:
    """Whether an amount that can be read is written with its currency, so that it is none of another."""
    if "money" not in question.unit:
        return False
    for currency in CURRENCIES:
        try:
            read_number(text, question, currency)
        except InputError as error:
            if any(issue.code == "foreign_currency" for issue in error.issues):
                return True
    return False


def _without_words(plain: str) -> str:
    """The text without quotation marks around it, "about" before it, and a long dash as its minus."""
    said = _QUOTED.fullmatch(plain)
    inside = plain if said is None else (said["text"] or said["inside"] or "").strip()
    inside = _ABOUT.sub("", inside, count=1) if _ABOUT.match(inside) else inside
    return re.sub(r"^[\u2012-\u2014](?=[\d.])", "-", inside)


def _scaled(body: str, question: Question) -> tuple[str, str]:
    """Digits, and the scale such as ``k`` that follows them."""
    bare = body[:-1] if re.search(r"[a-z]\.$", body, re.IGNORECASE) else body
    suffix = next((s for s in sorted(SCALES, key=len, reverse=True) if bare.casefold().endswith(s)), "")
    if not suffix or (suffix == TYPED_WAN and not question.unit.startswith(COUNTED)):
        return body, ""
    return bare[: len(bare) - len(suffix)].strip(), suffix


def _without_currency(plain: str, text: str, name: str, currency: str) -> str:
    """An amount without the signs of the case's own currency; a foreign one is refused by its name."""
    marks = sorted({mark for own in CURRENCY_MARKS.values() for mark in own}, key=len, reverse=True)
    plain = re.sub(r"\bUSD? ?\$|\$ ?US\b", "US$", plain, flags=re.IGNORECASE)
    while True:
        upper = plain.upper()
        mark = next((m for m in marks if upper.startswith(m) or upper.endswith(m)), None)
        code, other = _CODE.search(plain), _OTHER_CURRENCY.search(plain)
        if mark is None and code is None and other is None:
            return re.sub(r"(?<=\d)[.,](?:--?|\u2013|\u2014)$", "", plain)
        named = [c for c in CURRENCIES if mark in CURRENCY_MARKS[c]] if mark and other is None else []
        if mark is None or currency not in named:
            foreign = other[0] if other else (code[1] or code[2]) if code and mark is None else " / ".join(named)
            params = {
                "value": quoted(text),
                "found": foreign,
                "currency": currency,
                "question": "currency",
                "known": ", ".join(CURRENCIES),
            }
            raise InputError([Issue(name, "foreign_currency", params)])
        plain = (plain[len(mark) :] if upper.startswith(mark) else plain[: -len(mark)]).strip()


def _readings(text: str, notation: Notation) -> list[Decimal]:
    """Every number that the digits can stand for, as decimal first; none where they are no number."""
    signed = _SIGNED.fullmatch(text)
    if signed is None:
        return []
    sign, body, exponent = signed.groups()
    if (_THREE.fullmatch(body) or (_FOUR.fullmatch(body) and notation.decimal == ".")) and not exponent:
        mark, whole = ("." if "." in body else ","), body.replace(".", "").replace(",", "")
        readings = [whole] if mark == notation.group and _THREE.fullmatch(body) else [body.replace(",", "."), whole]
    else:
        reading = _decimal(body)
        readings = [reading] if reading is not None else []
    return [Decimal(f"{sign}{reading}{exponent}") for reading in readings]


def _decimal(body: str) -> str | None:
    """Digits with a point for the decimals and nothing else, where their signs have one meaning."""
    if re.search(r"[ '_]", body):
        if not _PARTED.fullmatch(body):
            return None
        return re.sub(r"[ '_]", "", body).replace(",", ".")
    if _BY_HUNDREDS.fullmatch(body):
        return body.replace(",", "")
    points, commas = body.count("."), body.count(",")
    if points + commas <= 1:
        found = body.replace(",", ".")
        return found if re.fullmatch(r"\d+\.?\d*|\.\d+", found) else None
    last = max(body.rfind("."), body.rfind(","))
    whole, decimals = (body[:last], body[last + 1 :]) if points and commas else (body, "")
    return re.sub("[.,]", "", whole) + "." + decimals if _GROUPED.fullmatch(whole) else None


def _meant(found: list[Decimal], body: str, question: Question, notation: Notation, power: int) -> list[Decimal]:
    """Of ``1.234`` as decimal and as thousands, what the question can be answered with; both where both are usual."""
    allowed = [number for number in found if _allows(question, number.scaleb(power))]
    if len(allowed) < len(found):
        return allowed
    is_fine = question.unit in FINE_UNITS or question.id == "exchange_rates"
    if _FOUR.fullmatch(body):
        return found[:1] if is_fine else found
    if notation.decimal in body:
        return found[:1] if is_fine and found[1] % 10 else found
    return found if is_fine else found[1:]


def _allows(question: Question, number: Decimal) -> bool:
    low, high = question.low, question.high
    whole = not question.whole or number == number.to_integral_value()
    return whole and (low is None or number >= Decimal(low)) and (high is None or number <= Decimal(high))


def _check_share(value: Decimal, bare: Decimal, question: Question, text: str, notation: Notation) -> None:
    """Refuse a bare number that may be percent or a share: below 1 in a field of percent, far above 1 in a file."""
    high = Decimal(question.high or 0)
    is_doubted = 0 < abs(bare) < 1 if notation.in_percent else high > 1 and DOUBTED_SHARE <= value <= 100 * high
    readings = [_written(n, notation.decimal) + "%" for n in (bare, bare * 100)]
    if is_doubted:
        raise _two_readings(question.id, text, *readings)
    if not notation.in_percent and high <= 1 < value <= 100 * high:
        params = {"value": quoted(text), "percent": readings[0], "read": readings[1]}
        raise InputError([Issue(question.id, "share_or_percent", params)])


def _two_readings(name: str, text: str, first: str, second: str) -> InputError:
    return InputError([Issue(name, "two_readings", {"value": quoted(text), "first": first, "second": second})])


def _written(number: Decimal, decimal: str = ".") -> str:
    """Digits that have one reading: a number with three decimals gets a fourth."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text += "0" if _THREE.fullmatch(text.removeprefix("-")) else ""
    return text.replace(".", decimal)


def has_two_readings(text: str, decimal: str) -> bool:
    """Whether the decimals of a number that is shown could as well be a group of three digits."""
    return decimal in text and _THREE.fullmatch(text.removeprefix("-")) is not None


def written_answer(question: Question, value: float) -> float | str:
    """A number as a file or an address holds it: itself, or a text where its digits would have two readings."""
    if question.unit in SHARES and value >= DOUBTED_SHARE:
        return _written(Decimal(repr(value)).scaleb(2)) + "%"
    text = repr(value)
    return _written(Decimal(text)) if _THREE.fullmatch(text.removeprefix("-")) else value


def read_answers(
    answers: Mapping[str, object], questions: Mapping[str, Question]
) -> tuple[dict[str, object], list[Issue]]:
    """Answers with numbers and choices in the place of the texts that say them, and what could not be read."""
    read: dict[str, object] = {}
    faults: list[Issue] = []
    said = answers.get("currency")
    currency = read_choice(said, questions["currency"].choices) if isinstance(said, str) else CURRENCIES[0]
    for name, value in answers.items():
        try:
            read[name] = _read(name, value, questions, currency)
        except InputError as error:
            faults += error.issues
    return read, faults


def _read(name: str, value: object, questions: Mapping[str, Question], currency: str) -> object:
    question = questions.get(name)
    if isinstance(value, str) and question is not None:
        if question.is_number:
            number = read_number(value, question, currency)
            return value if number is None else number
        return read_choice(value, question.choices) if question.choices else value
    if isinstance(value, bool) and question is not None and {*question.choices} == {"yes", "no"}:
        return "yes" if value else "no"
    if name == HOURS and isinstance(value, list | tuple) and question is not None:
        of_one = replace(question, unit="share", low=0.0)
        return [read_number(each, of_one, currency) if isinstance(each, str) else each for each in value]
    if name in TABLES_OF_NUMBERS and isinstance(value, Mapping):
        return {key: _entry(name, str(key), entry, questions, currency) for key, entry in value.items()}
    if name == MEASURED and isinstance(value, Mapping):
        return {key: _record(str(key), record, questions, currency) for key, record in value.items()}
    if name == SIGN_OFF and isinstance(value, Mapping):
        return {gate: _gate(gate, record, questions, currency) for gate, record in value.items()}
    return value


def release_of(gate: object, questions: Mapping[str, Question]) -> Question:
    """The money released at a gate, as a question of its own."""
    return replace(questions["budget"], id=place(gate, RELEASED), low=0.0, high=LARGEST_RELEASE)


def _gate(gate: object, record: object, questions: Mapping[str, Question], currency: str) -> object:
    """The record of a stage gate; an empty text is nothing yet."""
    if not isinstance(record, Mapping):
        return record
    read = {part: value if value != "" else None for part, value in record.items()}
    if isinstance(read.get(RELEASED), str):
        read[RELEASED] = read_number(str(read[RELEASED]), release_of(gate, questions), currency)
    if isinstance(read.get(DECISION), str):
        said = read_choice(str(read[DECISION]), (*DECISIONS, NOT_YET))
        read[DECISION] = None if said == NOT_YET else said
    return read


def _record(key: str, record: object, questions: Mapping[str, Question], currency: str) -> object:
    """The record of a measured answer; value and interval are read as the answer is."""
    if not isinstance(record, Mapping):
        return record
    read = {
        name: _read(key, each, questions, currency) if name in MEASURED_NUMBERS else each
        for name, each in record.items()
    }
    return {**read, "value": recorded(read["value"])} if key == HOURS and "value" in read else read


def _entry(table: str, key: str, entry: object, questions: Mapping[str, Question], currency: str) -> object:
    """An exchange rate, or the two ends of a range, which are read as the question's own answer is."""
    if isinstance(entry, str) and table == "exchange_rates":
        rate = replace(questions[table], low=0.0, high=LARGEST_RATE)
        return read_number(entry, rate, currency)
    question = questions.get(key)
    if table == "exchange_rates" or question is None or not question.is_number:
        return entry
    if isinstance(entry, Mapping):
        return {end: _read(key, value, questions, currency) for end, value in entry.items()}
    return [_read(key, value, questions, currency) for value in entry] if isinstance(entry, list | tuple) else entry


def answers_as_written(answers: Mapping[str, object], questions: Mapping[str, Question]) -> dict[str, object]:
    """The answers with every number as a file holds it."""
    return {name: _as_written(name, value, questions) for name, value in answers.items()}


def _as_written(name: str, value: object, questions: Mapping[str, Question]) -> object:
    question = questions.get(name)
    if isinstance(value, Mapping) and name in TABLES_OF_NUMBERS:
        return {key: _as_written(name if name == "exchange_rates" else key, v, questions) for key, v in value.items()}
    if isinstance(value, Mapping) and name == MEASURED:
        return {key: _record_as_written(key, record, questions) for key, record in value.items()}
    if isinstance(value, Mapping) and name == SIGN_OFF:
        return {gate: _gate_as_written(gate, record, questions) for gate, record in value.items()}
    if isinstance(value, list):
        return [_as_written(name, each, questions) for each in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return written_answer(question, float(str(value))) if is_number and question is not None else value


def _gate_as_written(gate: object, record: object, questions: Mapping[str, Question]) -> object:
    released = record.get(RELEASED) if isinstance(record, Mapping) else None
    if not isinstance(record, Mapping) or released is None:
        return record
    return {**record, RELEASED: written_answer(release_of(gate, questions), float(str(released)))}


def _record_as_written(key: str, record: object, questions: Mapping[str, Question]) -> object:
    if not isinstance(record, Mapping):
        return record
    return {
        name: _as_written(key, each, questions) if name in MEASURED_NUMBERS else each
        for name, each in record.items()
        if each is not None
    }


def read_choice(text: str, choices: tuple[str, ...]) -> str:
    """The choice that a text names, whatever its case and with whatever between its words; else the text itself."""
    if text in choices:
        return text
    plain = plain_text_of(text).casefold()
    if {*choices} == {"yes", "no"} and plain in AGREED | DENIED:
        return "yes" if plain in AGREED else "no"
    if {*choices} == {*CURRENCIES}:
        named = [code for code, marks in CURRENCY_MARKS.items() if plain.upper() in marks]
        return named[0] if len(named) == 1 else text
    return next((choice for choice in choices if bare_name(choice) == bare_name(text)), text)


def bare_name(text: str) -> str:
    """A name without its case and what stands between its words: ``Daily requests`` and ``daily_requests`` are one."""
    return re.sub(r"[\s_-]+", "", plain_text_of(text).casefold())
