"""Build the two report fonts and ``codepoints.txt`` from the variable Noto Sans SC.

    python data/fonts/build_fonts.py "NotoSansSC[wght].ttf"

Development only; needs fontTools. The source file used for the fonts in this folder comes from the PyPI package
``justmytype-intl-cjk`` 0.1.0 (``justmytype_intl_cjk/fonts/ofl/notosanssc/``). Regular covers GBK, so that people's
names print; Bold covers GB2312, and a bold run takes the few rarer characters from Regular.
The licence is the SIL Open Font License 1.1, ``OFL.txt``.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent
WEIGHTS = {"Regular": (400, "gbk"), "Bold": (700, "gb2312")}
# Latin, Greek, Cyrillic, punctuation, currency, letter-like, arrows, operators, boxes, shapes, dingbats,
# CJK punctuation and kana, enclosed CJK, full-width forms. The subsetter keeps what the source has of them.
BLOCKS = (
    (0x20, 0x7E),
    (0xA0, 0xAC),  # no soft hyphen: it has no shape of its own
    (0xAE, 0x24F),
    (0x370, 0x45F),
    (0x1E00, 0x1EFF),
    (0x2000, 0x206F),
    (0x2070, 0x20CF),
    (0x2100, 0x22FF),
    (0x2300, 0x23FF),
    (0x2460, 0x24FF),
    (0x2500, 0x27BF),
    (0x3000, 0x30FF),
    (0x3200, 0x33FF),
    (0xFF00, 0xFFEF),
)
FEATURES = ["kern", "liga", "locl", "palt", "tnum", "ccmp"]


def codec_characters(codec: str) -> Iterator[int]:
    """Code points that the double-byte ``codec`` can write."""
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                yield ord(bytes((lead, trail)).decode(codec))
            except (UnicodeDecodeError, TypeError):
                continue


def wanted(codec: str) -> set[int]:
    """Every code point a weight should have."""
    return {point for low, high in BLOCKS for point in range(low, high + 1)} | set(codec_characters(codec))


def build(source: Path, style: str) -> set[int]:
    """Write one weight and return the code points it covers."""
    weight, codec = WEIGHTS[style]
    font = TTFont(source, recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, {"wght": weight}, updateFontNames=True)
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=["*"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted(codec))
    subsetter.subset(font)
    font.save(HERE / f"NotoSansSC-{style}.ttf")
    return set(font.getBestCmap())


def ranges(points: set[int]) -> Iterator[str]:
    """``{65, 66, 67, 90}`` as ``41-43``, ``5A``."""
    ordered = sorted(points)
    start = 0
    for i, point in enumerate(ordered):
        if i + 1 == len(ordered) or ordered[i + 1] != point + 1:
            yield f"{ordered[start]:X}-{point:X}" if start < i else f"{point:X}"
            start = i + 1


def main() -> None:
    """Build both weights and the list of what they cover."""
    lines = ["# Code points of each weight, hexadecimal, ends included. Written by build_fonts.py."]
    for style in WEIGHTS:
        lines += [f"[{style}]", " ".join(ranges(build(Path(sys.argv[1]), style)))]
    (HERE / "codepoints.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
