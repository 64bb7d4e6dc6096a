"""Cells of a pasted table as people write them: ``7B``, ``80 GB``, ``2 048``, ``Q-LoRA``."""

import re
from collections.abc import Mapping

from advisor.core.tables import GROUP_OR_DECIMALS, without_commas
from advisor.engineering.validation.column_heads import numbers, of_kind

MEMORY_UNITS: Mapping[str, float] = {
    "gb": 1e9, "gib": 2.0**30, "mb": 1e6, "mib": 2.0**20, "tb": 1e12, "tib": 2.0**40, "kb": 1e3, "kib": 2.0**10,
    "bytes": 1.0, "byte": 1.0, "b": 1.0,
}  # fmt: skip
"""Units in which measured memory is told [byte]."""
_PER_CARD = re.compile(r"\s*(?:/|per|a|\u6bcf)\s*(?:gpu|card|device|\u5361).*$", re.IGNORECASE)
_NOTHING = re.compile(r"n/?a|nan|null|[-\u2013\u2014?]+|tbd|k\. ?a\.|n\. ?[vd]\.|#(?:n/a|null!|name\?)", re.IGNORECASE)
_ABOUT = re.compile(r"(?:~|\u2248|\u2243|ca?\.|circa|about|approx\.?|\u7ea6|\u5927\u7ea6)\s*", re.IGNORECASE)
_FOOTNOTE = re.compile(r"(?<=\d)\s*(?:\*+|\u2020|\u2021|\[\d{1,2}\]|[\u00b9\u00b2\u00b3\u2070-\u2079])$")
_RATE = re.compile(
    r"(?P<number>[\d.,]*\d)\s*(?:req(?:uest)?s?\.?|prompts?|\u8bf7\u6c42)?\s*(?:/|per)\s*(?P<per>s|sec|second|\u79d2|min|minute|\u5206\u949f|h|hour)",
    re.IGNORECASE,
)
_SECONDS = {"m": 60, "\u5206": 60, "h": 3600}
_GROUPED_USERS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.,])")
_SCALED_USERS = re.compile(
    r"(?<![\d.,])(?P<number>\d+(?:\.\d+)?)\s?(?P<scale>k(?![a-z\d])|[\u5343\u4e07](?!\d))", re.IGNORECASE
)
_SCALES = {"k": 1000, "\u5343": 1000, "\u4e07": 10_000}
_SAID = re.compile(r"(?P<number>[\d.,]*\d)\s*(?P<suffix>[^\W\d_]+)")
_SCALED = re.compile(r"(?P<number>\d{1,5}(?:[.,]\d{1,2})?)\s*(?P<unit>[^\W\d_].*)")
_OF_TOKENS = re.compile(r"\s*tok(?:en)?s?$", re.IGNORECASE)
_GROUPS = re.compile(r"\d{1,3}(?:[ '\u2019\u00a0\u2009\u202f]\d{3})+")
_BETWEEN = r"[/&\u3001]|\b(?:vs|and|or)\b|[\u548c\u4e0e\u6216]"
_SEVERAL: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "model": (
        re.compile(rf"{_BETWEEN}|[,;+]|^\s*[-\u2013~]\s*$", re.IGNORECASE),
        re.compile(r"(?<![\w.])\d+(?:\.\d+)?\s?[bm]\b", re.IGNORECASE),
    ),
    "method": (
        re.compile(_BETWEEN, re.IGNORECASE),
        re.compile(r"\bq-?lora|\b(?:do|rs|lo)ra|\bfull|\bfft\b|\u5168\u53c2|\u5168\u91cf", re.IGNORECASE),
    ),
}
"""What parts the names of two things in a cell, and what names one."""
_BESIDE_A_MODEL = re.compile(r"activ|\u6fc0\u6d3b|draft|eagle|medusa|speculat|merge|distil|total", re.IGNORECASE)
"""A second size in a model's name that is no other model's: what one token passes through, a draft, a teacher."""
_OTHER_CARDS = re.compile(r"\w\d*\s*[+&/,;]\s*\d+\s*[x\u00d7*]|\bnodes?\b|\u8282\u70b9", re.IGNORECASE)
"""Behind the number of one kind of cards that of another, or nodes whose cards may be counted."""
_USERS_OF_A_CARD = re.compile(
    r"(\d[\d,]*)\s*(?:concurrent\s*)?(?:users?|requests?|reqs?|sequences?|streams?|\u5e76\u53d1)?\s*"
    r"(?:/|per|each|\u6bcf)\s*(?:gpu|card|device|\u5361)s?",
    re.IGNORECASE,
)
_USERS_OF_OTHERS = re.compile(r"\d\D*(?:/|\bper\b)\s*(?!s\b|sec|min|h\b|hour|gpu|card|device|user)[a-z]", re.IGNORECASE)
_IS_RATE = re.compile(r"qps|rps|rate|/ ?s|per s|/ ?min|per min", re.IGNORECASE)
_DECIMAL = re.compile(r"\d+(?:\.\d+)?|\.\d+")
YES_OR_NO = frozenset(
    {"grad_checkpointing", "flash_attention", "cpu_offload", "single_stream", "packing", "enable_dp_attention"}
)
_YES = frozenset({"\u2713", "\u2714", "\u221a", "\u662f", "\u5f00", "\u5f00\u542f", "\u542f\u7528", "enabled", "y"})
_NO = frozenset({"\u2717", "\u2718", "\u00d7", "\u5426", "\u5173", "\u5173\u95ed", "\u65e0", "disabled", "n"})
_NODES = re.compile(
    r"(\d{1,5})\s*(?:nodes?|\u8282\u70b9)?\s*[x\u00d7*]\s*(\d{1,3})(?:\s*(?:gpus?|\u5361))?", re.IGNORECASE
)
_DEGREE = re.compile(r"(?:tp|pp|dp|ep)[ =:]*(\d+)", re.IGNORECASE)
_QLORA = re.compile(r"\bq[ _-]lora\b", re.IGNORECASE)
_FOUR_BIT_LORA = re.compile(r"(?=.*\b(?:4[ -]?bits?|nf4|int4)(?![a-z0-9])).*(?<!q)lora", re.IGNORECASE)


def plain_cell(column: str, cell: str) -> str:
    """A cell with its number alone, in the unit of its column, or with the name of a method as it is written here.

    Parameters
    ----------
    column : str
    cell : str

    Returns
    -------
    str, the cell itself where it says nothing else
    """
    if column == "method":
        named = _QLORA.sub("qlora", cell)
        return f"qlora {named}" if _FOUR_BIT_LORA.match(named) else named
    if column == "unit":
        return _PER_CARD.sub("", cell)
    if column in YES_OR_NO:
        return "yes" if cell.casefold() in _YES else "no" if cell.casefold() in _NO else cell
    nodes = _NODES.fullmatch(cell) if column == "num_gpus" else None
    if nodes is not None:
        return str(int(nodes[1]) * int(nodes[2]))
    rate = _RATE.fullmatch(cell) if column == "request_rate" else None
    if rate is not None:
        return f"{float(rate['number'].replace(',', '.')) / _SECONDS.get(rate['per'][0].casefold(), 1):.12g}"
    degree = _DEGREE.fullmatch(cell) if column in of_kind("degree") else None
    if degree is not None:
        return degree[1]
    if _GROUPS.fullmatch(cell):
        return re.sub(r"\D", "", cell)
    said = _SAID.fullmatch(cell)
    factor = units_of(column).get(said["suffix"].casefold()) if said else None
    if said is None or factor is None:
        return cell
    return _in_the_unit(cell, said["number"], factor)


def units_of(column: str) -> Mapping[str, float]:
    """What may follow a number of the column, as a factor.

    Parameters
    ----------
    column : str

    Returns
    -------
    mapping of str to float
    """
    number = numbers().get(column)
    return {} if number is None else number.units


def told_factor(column: str, unit: str) -> float | None:
    """The factor of a unit that leaves two readings, of which one is taken and told: ``k``, ``k tokens``.

    Parameters
    ----------
    column : str
    unit : str

    Returns
    -------
    float, or None where it is no such unit of the column
    """
    number = numbers().get(column)
    return None if number is None else number.told_units.get(_OF_TOKENS.sub("", unit.casefold()))


def _in_the_unit(cell: str, said: str, factor: float) -> str:
    """A number times its factor; the cell itself where three digits behind a sign leave two readings of it."""
    if GROUP_OR_DECIMALS.fullmatch(said):
        return said if factor == 1 else cell
    bare = without_commas(said)
    if not _DECIMAL.fullmatch(bare):
        return cell
    return bare if factor == 1 else f"{float(bare) * factor:.12g}"


def says_nothing(cell: str) -> bool:
    """Whether a cell stands for a blank one: ``n/a``, a dash, an error of a spreadsheet.

    Parameters
    ----------
    cell : str

    Returns
    -------
    bool
    """
    return _NOTHING.fullmatch(cell) is not None


def number_alone(column: str, cell: str) -> str:
    """A number without what leaves it open: the mark of a footnote, a word for about, a ``k`` of tokens.

    Parameters
    ----------
    column : str
    cell : str

    Returns
    -------
    str, the cell itself where it says anything else
    """
    bare = _FOOTNOTE.sub("", _ABOUT.sub("", cell, count=1) if _ABOUT.match(cell) else cell)
    bare = _scaled(column, plain_cell(column, bare))
    return bare if bare != cell and re.fullmatch(r"\d[\d.,]*", bare) else cell


def _scaled(column: str, cell: str) -> str:
    said = _SCALED.fullmatch(cell)
    factor = told_factor(column, said["unit"]) if said else None
    if said is None or factor is None:
        return cell
    return f"{float(said['number'].replace(',', '.')) * factor:.12g}"


def names_several(column: str, cell: str) -> bool:
    """Whether a cell names two models, ways to tune or kinds of cards, of which a row can be one only.

    Parameters
    ----------
    column : str
    cell : str

    Returns
    -------
    bool
    """
    if column == "gpu":
        return _OTHER_CARDS.search(cell) is not None
    if column not in _SEVERAL or _BESIDE_A_MODEL.search(cell):
        return False
    parting, named = _SEVERAL[column]
    found = [match[0].casefold().replace(" ", "").replace("-", "") for match in named.finditer(cell)]
    between = named.sub("\0", cell).split("\0")[1:-1]
    return len({*found}) > 1 and any(parting.search(part) for part in between)


def all_users(cell: str, gpus: float) -> str:
    """The users of all cards, of a cell that tells those of one: ``16 users / GPU``.

    Parameters
    ----------
    cell : str
    gpus : float [GPUs]

    Returns
    -------
    str, the cell itself where it tells all of them
    """
    found = _USERS_OF_A_CARD.fullmatch(cell)
    return cell if found is None else f"{float(found[1].replace(',', '')) * gpus:.12g}"


def is_of_others(cell: str) -> bool:
    """Whether a cell tells the users of something of which a row does not say how many there are.

    Parameters
    ----------
    cell : str

    Returns
    -------
    bool
    """
    return _USERS_OF_OTHERS.search(cell) is not None


def is_part(cell: str) -> bool:
    """Whether the first number of a cell about users is no whole one and no rate either.

    Parameters
    ----------
    cell : str

    Returns
    -------
    bool
    """
    found = None if _IS_RATE.search(cell) else _DECIMAL.search(cell)
    return found is not None and (float(found[0]) < 1 or float(found[0]) % 1 > 0)


def plain_users(cell: str) -> str:
    """A cell about users with its numbers in digits alone: ``1,000``, ``1.5k users``, ``1E+03``.

    Parameters
    ----------
    cell : str

    Returns
    -------
    str
    """
    if re.fullmatch(r"\d+(?:\.\d+)?e[+]?\d{1,2}", cell, re.IGNORECASE):
        return f"{float(cell):.12g}"
    said = _GROUPED_USERS.sub(lambda found: found[0].replace(",", ""), cell)
    return _SCALED_USERS.sub(lambda found: f"{float(found['number']) * _SCALES[found['scale'].casefold()]:.12g}", said)
