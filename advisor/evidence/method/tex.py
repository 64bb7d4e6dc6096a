r"""Numbers and equations as LaTeX.

Only a few forms are written (``\frac``, ``\times``, powers, brackets, ``\lceil``, ``\min``, ``\max``, ``\lvert``),
so that a test can read every worked line back and compute it again.
"""

import math
import re
from collections.abc import Iterable, Sequence

SIGNIFICANT = 6
SMALLEST_PLAIN = 1e-9
EXACT = 1e-12
PIECE = re.compile(r"[^ \uff0c\u3001\uff1b\uff1a]+[ \uff0c\u3001\uff1b\uff1a]*")
"""A word, or what stands up to a Chinese stop, with what follows it."""
SPECIAL = str.maketrans({c: f"\\{c}" for c in "%&_#$"})


def tex(value: float) -> str:
    """A number: thousands parted, six significant digits and at least two after the point.

    Zeros at the end stand only where something was rounded away.
    """
    number = float(value) + 0.0
    if number.is_integer() and abs(number) < 1e15:
        return f"{number:,.0f}".replace(",", "{,}")
    if abs(number) < SMALLEST_PLAIN or abs(number) >= 1e15:
        mantissa, exponent = f"{number:.{SIGNIFICANT - 1}e}".split("e")
        return rf"{mantissa} \times 10^{{{int(exponent)}}}"
    digits = max(2, SIGNIFICANT - 1 - math.floor(math.log10(abs(number))))
    written = f"{number:,.{digits}f}"
    whole, _, rest = written.partition(".")
    if math.isclose(float(written.replace(",", "")), number, rel_tol=EXACT):  # else the zeros say how far it is rounded
        rest = rest.rstrip("0")
    return whole.replace(",", "{,}") + (f".{rest}" if rest else "")


def share(value: float) -> str:
    """A fraction as percent."""
    return rf"{tex(value * 100)}\%"


def factor(value: float) -> str:
    """A number that stands after an operator."""
    return f"({tex(value)})" if value < 0 else tex(value)


def plus(values: Iterable[float]) -> str:
    """A sum with its signs; zero terms are left out while others stand."""
    terms = [v for v in map(float, values) if v != 0] or [0.0]
    rest = "".join(f" + {tex(v)}" if v > 0 else f" - {tex(-v)}" for v in terms[1:])
    return tex(terms[0]) + rest


def times(*values: float) -> str:
    """A product."""
    return r" \times ".join(factor(v) if k else tex(v) for k, v in enumerate(values))


def products(pairs: Iterable[tuple[float, float]]) -> str:
    """A sum of products without those that are zero."""
    terms = [times(q, p) for q, p in pairs if q != 0 and p != 0]
    return " + ".join(terms) or "0"


def frac(top: str, bottom: str) -> str:
    return rf"\frac{{{top}}}{{{bottom}}}"


def text(words: str) -> str:
    """Words on a line of mathematics, which may break between them and behind a Chinese stop."""
    return r"\allowbreak".join(rf"\text{{{part.translate(SPECIAL)}}}" for part in PIECE.findall(words))


def unit(words: str) -> str:
    """A unit behind a result."""
    return rf"\ \text{{{words.translate(SPECIAL)}}}"


def equation(left: str, middle: str, result: float, of: str = "", *, percent: bool = False) -> str:
    """``left = middle = result unit``; the middle is left out where it only repeats the result."""
    shown = share(result) if percent else tex(result)
    parts = [left, shown + of] if middle == shown else [left, middle, shown + of]
    return " = ".join(parts)


def lines(rows: Sequence[str]) -> str:
    """One equation, or several below each other."""
    if len(rows) == 1:
        return rows[0]
    return r"\begin{aligned} " + r" \\ ".join(f"& {row}" for row in rows) + r" \end{aligned}"


def steps(worked: str) -> tuple[str, ...]:
    """A worked formula line by line, each result on a line of its own."""
    body = worked.removeprefix(r"\begin{aligned} ").removesuffix(r" \end{aligned}")
    found: list[str] = []
    for row in body.split(r" \\ "):
        first, _, result = row.removeprefix("& ").rpartition(" = ")
        if " = " in first and not any(sign in row for sign in (r"\Rightarrow", r"\quad", r"\le ", " > ")):
            found += [first, f"= {result}"]
        else:
            found.append(row.removeprefix("& "))
    return tuple(found)


def by_year(flows: Sequence[float]) -> list[float]:
    """Sums of twelve months each, so that a long series stays readable."""
    return [float(sum(flows[k : k + 12])) for k in range(0, len(flows), 12)]
