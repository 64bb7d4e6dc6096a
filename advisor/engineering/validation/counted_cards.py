"""Numbers of cards that stand beside their name: "8xH100", "2 nodes x 8 H100", "dual RTX 3090", "DGX H100"."""

import re
from collections.abc import Iterable, Mapping

from advisor.core.notices import Issue
from advisor.engineering.validation.cells import number
from advisor.engineering.validation.plausible_cells import LONGEST_SHOWN
from advisor.engineering.validation.said_cells import plain_cell

_TIMES, _CARDS = r"[x\u00d7*]", r"[\u5361\u5f20\u5757]"
_GEFORCE = r"[2-5]0[5-9]0(?!\d)"
NUMBER_FOR_A_CARD = re.compile(rf"{_GEFORCE}(?: ?ti| ?d| ?super)*", re.IGNORECASE)
"""What a card for desktops is called for short: 4090."""
_NODES = "nodes?|servers?|hosts?|machines?|\u8282\u70b9|\u53f0|\u673a"
_NODES_OF_CARDS = re.compile(
    rf"(?P<nodes>\d{{1,4}})\s*(?:(?:{_NODES})\s*(?:{_TIMES}\s*|(?:of|with)\s+)?|{_TIMES}\s*)"
    rf"(?P<each>\d{{1,2}})(?:\s*{_TIMES}\s*|\s+)(?:gpus?\s+)?(?P<card>(?!g(?:i?b)?\b)[a-z].*\d.*)",
    re.IGNORECASE,
)
"""Nodes with as many cards each: "2x8 H100", "2 nodes x 8 H100"."""
_ON_NODES = re.compile(rf"\s*[(\[,]\s*(?:on |across |over )?\d{{1,4}}\s*(?:{_NODES})\s*[)\]]?$", re.IGNORECASE)
_FEWEST_ON_NODES = 9
"""Cards that stand on several nodes for sure: of fewer, "8x H100 (2 nodes)" may as well be as many on each."""
_DGX, _CARDS_OF_A_DGX = re.compile(r"dgx[ -]*(?=[abh]\d00)", re.IGNORECASE), 8
_WORDS = {"single": 1, "one": 1, "dual": 2, "two": 2, "twin": 2, "three": 3, "quad": 4, "four": 4, "eight": 8}
_WORD = re.compile(rf"({'|'.join(_WORDS)})[ -]+(?:{_TIMES} ?)?", re.IGNORECASE)
_SIGNS = dict(zip("\u5355\u4e00\u53cc\u4e24\u4e8c\u4e09\u56db\u516d\u516b", (1, 1, 2, 2, 2, 3, 4, 6, 8), strict=True))
_SIGN = re.compile(rf"(?<!\w)([{''.join(_SIGNS)}])(?={_CARDS})")
"""Counts in words: "dual RTX 3090", the same in Chinese."""
NAMES_OF_CARDS = ("gpu", "gpu_canonical", "gpu_memory_gb")
COUNTED_CARDS = (
    re.compile(
        rf"(?P<count>\d{{1,4}})\s*(?!xtx?\b)(?:{_TIMES}\s*|gpus?\s+)(?=.*[a-z]|{_GEFORCE})(?P<card>\S.*)", re.IGNORECASE
    ),
    re.compile(rf"(?P<card>.*\S)\s+{_TIMES}\s*(?P<count>\d{{1,4}}){_CARDS}?", re.IGNORECASE),
    re.compile(rf"(?P<card>.*[^\s\d])\s*[\u00d7*]\s*(?P<count>\d{{1,4}}){_CARDS}?"),
    re.compile(rf"(?P<card>.*\d)\s*{_TIMES}\s*(?P<count>\d{{1,2}}){_CARDS}?", re.IGNORECASE),
    re.compile(rf"(?P<card>.*\S)\s*[(\[]\s*{_TIMES}\s*(?P<count>\d{{1,4}})\s*[)\]]", re.IGNORECASE),
    re.compile(rf"(?P<card>.*\S)\s*[(\[]\s*(?P<count>\d{{1,4}})\s*(?:{_TIMES}|gpus?)\s*[)\]]", re.IGNORECASE),
    re.compile(rf"(?P<card>.*[^\s,])[\s,]\s*(?P<count>\d{{1,4}})\s*(?:gpus?|cards?|{_CARDS})", re.IGNORECASE),
    re.compile(rf"(?P<count>\d{{1,4}})\s*{_CARDS}\s*(?P<card>.*\S)"),
)
"""How a number of cards stands beside their name: "8xH100", "A100-80GB x 4", "L40S (x2)", "8 GPUs H100"; a Radeon
7900 XTX is one card."""


def with_counted_cards(cells: Mapping[str, str]) -> dict[str, str]:
    """The row with the number of cards that stands beside their name under its own column: "8xH100".

    Parameters
    ----------
    cells : mapping of str to str, by column

    Returns
    -------
    dict of str to str
    """
    found = dict(cells)
    has_nodes = found.get("nodes") and found.get("gpus_per_node")
    for column in NAMES_OF_CARDS:
        counted = counted_cards(found.get(column, ""))
        if counted is not None:
            found[column] = counted[1]
            found["num_gpus"] = found.get("num_gpus") or ("" if has_nodes else str(counted[0]))
    return found


def counted_twice(rows: Iterable[Mapping[str, str]]) -> list[Issue]:
    """What is told where the column of a number and the name of the card say two: the column, made for it, is taken.

    Parameters
    ----------
    rows : iterable of mapping of str to str, by column, as they were written

    Returns
    -------
    list of Issue, at most one
    """
    found = [twice for cells in rows if (twice := _counted_twice(cells)) is not None]
    if not found:
        return []
    column, value, cell, counted = found[0]
    params = {"count": len(found), "value": value, "cell": cell[:LONGEST_SHOWN], "counted": str(counted)}
    return [Issue(column, "cards_counted_twice", params)]


def _counted_twice(cells: Mapping[str, str]) -> tuple[str, str, str, int] | None:
    """The column and the cell that are taken, the name of the card, and the other number in it.

    Cards on each of several nodes are no other number; those of a node are taken only where the nodes are told.
    """
    gpus, nodes, each = (
        number({column: plain_cell(column, cells.get(column, ""))}, column)
        for column in ("num_gpus", "nodes", "gpus_per_node")
    )
    column, taken = ("num_gpus", gpus) if cells.get("num_gpus") else ("gpus_per_node", (nodes or 0) * (each or 0))
    for name in filter(None, map(cells.get, NAMES_OF_CARDS)):
        beside = counted_cards(name)
        if taken and beside is not None and taken not in (beside[0], beside[0] * (nodes or 1)):
            return column, cells[column], name, beside[0]
    return None


def counted_cards(cell: str) -> tuple[int, str] | None:
    """A number of cards and their name, of a cell that says both.

    Parameters
    ----------
    cell : str

    Returns
    -------
    tuple of int, str, or None where it says no number
    """
    said = _SIGN.sub(lambda found: str(_SIGNS[found[1]]), cell.strip())
    said = _WORD.sub(lambda found: f"{_WORDS[found[1].casefold()]}x ", said) if _WORD.match(said) else said
    nodes = _NODES_OF_CARDS.fullmatch(said)
    match = next((found for each in COUNTED_CARDS if (found := each.fullmatch(said))), None)
    if nodes is not None:
        count, card = int(nodes["nodes"]) * int(nodes["each"]), nodes["card"].strip()
    elif match is not None:
        count, card = int(match["count"]), match["card"].strip()
    elif _DGX.match(said):
        count, card = 1, said
    else:
        return None
    if _DGX.match(card):
        count, card = count * _CARDS_OF_A_DGX, _DGX.sub("", card, count=1)
    if count >= _FEWEST_ON_NODES:
        card = _ON_NODES.sub("", card)
    return None if count < 1 else (count, card)
