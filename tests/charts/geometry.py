"""Where the words and the rules of a drawn picture lie, to see whether one crosses the other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

WIDTH_OF_LETTER, WIDTH_OF_BOLD = 0.62, 0.68
"""Of a wide font, as a share of the letters' height; Chinese characters are as wide as high."""
TELEPHONE = 351
"""Width of a picture where the window is 390 px wide [pixels]."""
PLACE = re.compile(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)")
SHIFT = {"start": 0.0, "middle": -0.5, "end": -1.0}


@dataclass(frozen=True)
class Box:
    """Words or a rule, with the corners of what they cover [pixels]."""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    def crosses(self, other: "Box") -> bool:
        """Whether the two cover a common point."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def words_and_rules(picture: str) -> tuple[list[Box], list[Box]]:
    """Words of a picture in SVG, and its rules, with those of the axes left out."""
    words, rules = [], []
    for element, x, y, role in _placed(ElementTree.fromstring(picture), 0.0, 0.0, ""):
        kind = element.tag.rpartition("}")[2]
        if "role-mark" in role and kind == "text":
            words += _lines(element, x, y)
        elif "role-mark" in role and kind == "line":
            right, bottom = x + float(element.get("x2", 0)), y + float(element.get("y2", 0))
            rules.append(Box("", min(x, right), min(y, bottom), max(x, right) + 1, max(y, bottom)))
    return words, rules


def crossed(picture: str) -> set[str]:
    """Words of a picture through which a rule runs."""
    words, rules = words_and_rules(picture)
    return {box.words for box in words if any(box.crosses(rule) for rule in rules)}


def overlapping(picture: str) -> set[tuple[str, str]]:
    """Pairs of words that lie on one another; the same words twice are their own halo."""
    words, _ = words_and_rules(picture)
    return {(a.words, b.words) for a in words for b in words if a.words < b.words and a.crosses(b)}


def hidden_points(picture: str, reach: float = 6) -> set[str]:
    """Words of a picture that lie on a point of its data, the point's own radius [pixels] with it."""
    words, _ = words_and_rules(picture)
    places = [
        (x, y)
        for element, x, y, role in _placed(ElementTree.fromstring(picture), 0.0, 0.0, "")
        if "role-mark" in role and element.tag.endswith("path")
    ]
    spots = [Box("", x - reach, y - reach, x + reach, y + reach) for x, y in places]
    return {box.words for box in words if any(box.crosses(spot) for spot in spots)}


def _placed(
    element: ElementTree.Element, x: float, y: float, role: str
) -> Iterator[tuple[ElementTree.Element, float, float, str]]:
    """Every element with its place in the whole picture, and the class of the mark that it belongs to."""
    found = PLACE.search(element.get("transform", ""))
    if found:
        x, y = x + float(found[1]), y + float(found[2])
    role = element.get("class", role)
    yield element, x, y, role
    for child in element:
        yield from _placed(child, x, y, role)


def _lines(element: ElementTree.Element, x: float, y: float) -> list[Box]:
    size = float(element.get("font-size", "11px").removesuffix("px"))
    letter = WIDTH_OF_BOLD if element.get("font-weight") == "bold" else WIDTH_OF_LETTER
    parts = list(element) or [element]
    boxes = []
    for part in parts:
        words = part.text or ""
        y += float(part.get("dy", 0)) if part is not element else 0.0
        width = sum(size if ord(c) > 0x2E80 else size * letter for c in words)
        left = x + width * SHIFT[element.get("text-anchor", "start")]
        boxes.append(Box(words, left, y - 0.75 * size, left + width, y + 0.2 * size))
    return boxes
