"""Numbers as they are shown that still know their value: a table that is taken along holds numbers, not texts."""

from typing import Self


class NumberText(str):
    """A number as it is shown, a text like any other; what is made of it by joining or replacing is a plain text.

    ``value`` is the number before it was rounded to be read, ``pattern`` how a spreadsheet writes it so.
    """

    value: float
    pattern: str

    def __new__(cls, text: str, value: float, pattern: str) -> Self:
        made = super().__new__(cls, text)
        made.value, made.pattern = float(value), pattern
        return made

    def __getnewargs__(self) -> tuple[str, float, str]:  # type: ignore[override]
        return str(self), self.value, self.pattern


def quoted(words: str) -> str:
    """Words as they stand in the pattern of a number, which has no way to hold a quotation mark."""
    told = words.replace('"', "")
    return f'"{told}"' if told else ""


def with_number(words: str, number: str) -> str:
    """``words`` around a number, such as its unit, that know it as well."""
    before, found, after = words.partition(number)
    if not found or not isinstance(number, NumberText):
        return words
    return NumberText(words, number.value, f"{quoted(before)}{number.pattern}{quoted(after)}")


def signed(number: str, value: float) -> str:
    """A number as written that shows a plus as well."""
    return with_number(f"+{number}", number) if value > 0 else number
