"""Read a worked line back: every printed equation is computed again from the numbers printed in it."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

NUMBER = re.compile(r"\d+(?:\{,\}\d{3})*(?:\.\d+)?")


@dataclass(frozen=True)
class Equation:
    """``left = middle = result``: the printed result and its last digit, and what the middle gives."""

    left: str
    result: float
    step: float
    computed: float
    slack: float

    @property
    def holds(self) -> bool:
        """Equal within the rounding of the result and of the printed inputs."""
        return abs(self.result - self.computed) <= self.step / 2 * 1.0001 + self.slack + 1e-12 * abs(self.result)


def rows(worked: str) -> list[str]:
    body = worked.removeprefix(r"\begin{aligned} ").removesuffix(r" \end{aligned}")
    return [row.removeprefix("& ") for row in body.split(r" \\ ")]


def equations(worked: str) -> Iterator[Equation]:
    """Every equation of three parts."""
    for row in rows(worked):
        if row.count(" = ") == 2 and not any(sign in row for sign in (r"\Rightarrow", r"\quad", r"\le ", " > ")):
            left, middle, last = row.split(" = ")
            result, step = value(last)
            computed, slack = compute(middle)
            yield Equation(left, result, step, computed, slack)


def last_number(worked: str) -> float:
    """The number that the last equation ends in."""
    return value(rows(worked)[-1].split(" = ")[-1])[0]


def value(text: str) -> tuple[float, float]:
    """A result with the size of its last digit (trailing zeros are not printed); percent as a fraction."""
    bare = text.split(r"\ \text")[0].split(r" \Rightarrow")[0].strip()
    percent = 100.0 if bare.endswith(r"\%") else 1.0
    number = bare.removesuffix(r"\%").replace("{,}", "")
    return float(number) / percent, _step(float(number)) / percent


def _step(number: float) -> float:
    """Size of the last digit of a printed number: six significant ones, at least two after the point."""
    size = math.floor(math.log10(abs(number))) if number else 0
    return float(10.0 ** -max(2, 5 - size))


def compute(middle: str) -> tuple[float, float]:
    """Value of a LaTeX expression, and how far the rounding of its decimal numbers can move it."""
    code = _python(middle)
    base = _run(code)
    slack = 0.0
    for match in re.finditer(r"\d+\.\d+", code):
        half = _step(float(match.group())) / 2
        moved = f"{code[: match.start()]}{float(match.group()) + half!r}{code[match.end() :]}"
        slack += 0 if "ceil" in code or "floor" in code else abs(_run(moved) - base)
    return base, slack


def _run(code: str) -> float:
    return float(
        eval(code, {"__builtins__": {}}, {"ceil": math.ceil, "floor": math.floor, "max": max, "min": min, "abs": abs})
    )


def _python(latex: str) -> str:
    text = NUMBER.sub(lambda m: m.group().replace("{,}", ""), latex)
    while r"\frac{" in text:
        start = text.rindex(r"\frac{")
        top, after = _braces(text, start + 5)
        bottom, end = _braces(text, after)
        text = f"{text[:start]}(({top})/({bottom})){text[end:]}"
    for pattern, replacement in (
        (r"\times", "*"),
        (r"\lceil", "ceil("),
        (r"\rceil", ")"),
        (r"\lfloor", "floor("),
        (r"\rfloor", ")"),
        (r"\lvert", "abs("),
        (r"\rvert", ")"),
        (r"\max", "max"),
        (r"\min", "min"),
        ("^{", "**("),
        ("}", ")"),
    ):
        text = text.replace(pattern, replacement)
    return text


def _braces(text: str, start: int) -> tuple[str, int]:
    depth = 0
    for k in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[k], 0)
        if depth == 0:
            return text[start + 1 : k], k + 1
    raise ValueError(f"open brace in {text}")
