"""The LaTeX of a formula as HTML in one line, for places where no mathematics is typeset: ``a / b`` for a fraction."""

import re
from functools import lru_cache
from html import escape

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|[^\\{}^_]+", re.DOTALL)
OTHER_NAMES = {
    "varphi": "phi",
    "varrho": "rho",
    "varepsilon": "epsilon",
    "infty": "infin",
    "in": "isin",
    "cdot": "middot",
    "dots": "hellip",
    "Rightarrow": "rArr",
    "quad": "emsp",
    "lvert": "vert",
    "rvert": "vert",
}
"""Signs that HTML calls by another name than LaTeX."""
AS_WORDS = frozenset({"min", "max", "arg", "ln"})
LEFT_OUT = frozenset({"left", "right", "Big", "allowbreak", "displaystyle"})
ACCENTS = {"tilde": "&#771;", "bar": "&#772;", "hat": "&#770;"}
SYMBOL = re.compile(r"(?<![\w.])([^\W\d_])_(\w+)")
"""A symbol with its index as the words of a formula name it: ``c_t``."""
ESCAPED = {" ": " ", "%": "%", "&": "&amp;", "_": "_", "#": "#", "$": "$", "{": "{", "}": "}"}


@lru_cache(1024)
def html(latex: str) -> str:
    """A line of LaTeX as HTML; remembered, since most lines stay when a number changes."""
    shown, _ = _sequence(TOKEN.findall(latex), 0)
    return shown.strip()


def words_html(text: str) -> str:
    """What a formula says in words as HTML, the indices of its symbols set low."""
    return SYMBOL.sub(r"<i>\1</i><sub>\2</sub>", escape(text))


def _sequence(tokens: list[str], at: int) -> tuple[str, int]:
    """Everything up to the brace that closes it, and the place behind that."""
    found: list[str] = []
    while at < len(tokens) and tokens[at] != "}":
        shown, at = _element(tokens, at)
        found.append(shown)
    return "".join(found), at + 1


def _element(tokens: list[str], at: int) -> tuple[str, int]:
    token = tokens[at]
    if token == "{":
        return _sequence(tokens, at + 1)
    if token in "^_":
        inner, after = _argument(tokens, at + 1)
        tag = "sup" if token == "^" else "sub"
        return f"<{tag}>{inner}</{tag}>", after
    if token.startswith("\\"):
        return _command(token[1:], tokens, at + 1)
    return escape(token).replace("-", "&minus;"), at + 1


def _argument(tokens: list[str], at: int) -> tuple[str, int]:
    """What an operator takes: a group, a command or the next single sign; the rest of a text stays."""
    token = tokens[at]
    if token == "{" or token.startswith("\\") or len(token) == 1:
        return _element(tokens, at)
    tokens[at] = token[1:]
    return escape(token[0]), at


def _command(name: str, tokens: list[str], at: int) -> tuple[str, int]:
    if name in ESCAPED:
        return ESCAPED[name], at
    if name == "frac":
        top, at = _argument(tokens, at)
        bottom, at = _argument(tokens, at)
        return f"{_bracketed(top)} / {_bracketed(bottom)}", at
    if name == "text":
        return _words(tokens, at)
    if name == "mathrm":
        return _argument(tokens, at)
    if name in ACCENTS:
        inner, at = _argument(tokens, at)
        return inner + ACCENTS[name], at
    if name == "overline":
        inner, at = _argument(tokens, at)
        return f'<span class="over">{inner}</span>', at
    if name in LEFT_OUT:
        return "", at
    return (f" {name} " if name in AS_WORDS else f"&{OTHER_NAMES.get(name, name)};"), at


def _words(tokens: list[str], at: int) -> tuple[str, int]:
    """Words keep their hyphens."""
    inner, at = _argument(tokens, at)
    return inner.replace("&minus;", "-"), at


def _bracketed(inner: str) -> str:
    """A part of a fraction, in brackets where it is more than one number or name."""
    plain = re.sub(r"<su[bp]>.*?</su[bp]>", "", inner).strip()
    return f"({inner.strip()})" if re.search(r"[^\w.,;&#]|\w&|;\w", plain) else inner.strip()
