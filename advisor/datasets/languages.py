"""In which script an example is written, and for Latin letters a guess at the language by its commonest words."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

LATIN, OTHER, NONE = "latin", "other", "none"
BLOCKS: Sequence[tuple[int, int, str]] = (
    (0x0041, 0x005A, LATIN),
    (0x0061, 0x007A, LATIN),
    (0x00C0, 0x024F, LATIN),
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x06FF, "arabic"),
    (0x0900, 0x097F, "devanagari"),
    (0x0E00, 0x0E7F, "thai"),
    (0x1100, 0x11FF, "hangul"),
    (0x1E00, 0x1EFF, LATIN),
    (0x3040, 0x30FF, "kana"),
    (0x3400, 0x4DBF, "han"),
    (0x4E00, 0x9FFF, "han"),
    (0xAC00, 0xD7A3, "hangul"),
)
"""First and last character of each script's main blocks in Unicode; letters elsewhere are of another script."""
SCRIPTS = (*dict.fromkeys(name for *_, name in BLOCKS), OTHER, NONE)
WIDE = frozenset({"han", "kana", "hangul"})
KANA_SHARE = 0.05
"""Of Japanese characters, kana among Han."""
STOP_WORDS: Mapping[str, str] = {
    "english": "the of and to is that for it was with you are this have what",
    "german": "der die das und ist nicht ein eine zu den mit von auf sich wie",
    "french": "le la les des et est une dans que pour pas vous qui sur avec",
    "spanish": "el la los las y es una en que para no por con del como",
    "portuguese": "o os as e uma em que para n\u00e3o por com do da um como",
    "italian": "il la gli e \u00e8 una di che per non con del della sono come",
    "dutch": "de het een en is van niet dat op te voor met zijn wat je",
}
_LANGUAGES = tuple(STOP_WORDS)
_COUNT_OF: dict[str, int] = {}
"""A number for each of those words with a byte for each language, so that a sum of them counts for all at once."""
for _place, _words in enumerate(STOP_WORDS.values()):
    for _word in _words.split():
        _COUNT_OF[_word] = _COUNT_OF.get(_word, 0) + (1 << 8 * _place)
_ALL_STOP_WORDS = frozenset(_COUNT_OF)
FEWEST_STOP_WORDS = 2
SAMPLED = 256
"""Characters of a longer text by which its script is told, at least."""
UNKNOWN = "unknown"
_ASCII_LETTER = re.compile("[A-Za-z]")


def _table() -> np.ndarray:
    """The number of each character's script in ``SCRIPTS``."""
    table = np.full(0x10000, SCRIPTS.index(NONE), np.uint8)
    table[0x00AA:] = SCRIPTS.index(OTHER)
    table[0x2000:0x2E80] = table[0x3000:0x3040] = table[0xD800:0xF900] = table[0xFE00:] = SCRIPTS.index(NONE)
    for first, last, name in BLOCKS:
        table[first : last + 1] = SCRIPTS.index(name)
    return table


_OF_CHARACTER = _table()


def sample(text: str) -> str:
    """Enough of the characters of a text, evenly from its beginning to its end, to tell its main script."""
    return text if text.isascii() else text[:: max(len(text) // SAMPLED, 1)]


def main_script(text: str) -> str:
    """The script of most letters of a text; ``none`` where it has no letters."""
    return main_scripts([text])[0]


def main_scripts(texts: Sequence[str]) -> list[str]:
    """The main script of each text."""
    found = [LATIN if _ASCII_LETTER.search(text) else NONE for text in texts]
    wide = [k for k, text in enumerate(texts) if not text.isascii()]
    if not wide:
        return found
    joined = "".join(texts[k] for k in wide).encode("utf-32-le", "surrogatepass")
    kinds = _OF_CHARACTER[np.minimum(np.frombuffer(joined, np.uint32), 0xFFFF)]
    owner = np.repeat(np.arange(len(wide)), [len(texts[k]) for k in wide])
    counts = np.bincount(owner * len(SCRIPTS) + kinds, minlength=len(wide) * len(SCRIPTS)).reshape(-1, len(SCRIPTS))
    counts[:, SCRIPTS.index(NONE)] = 0
    kana, han = counts[:, SCRIPTS.index("kana")], counts[:, SCRIPTS.index("han")]
    kana += np.where(kana > KANA_SHARE * (kana + han), han, 0)
    for k, of_each in zip(wide, counts, strict=True):
        found[k] = SCRIPTS[int(of_each.argmax())] if of_each.any() else NONE
    return found


def latin_language(words: Sequence[str]) -> str:
    """The language whose commonest words are most of a text in Latin letters; ``unknown`` where none leads."""
    total = sum(map(_COUNT_OF.__getitem__, _ALL_STOP_WORDS.intersection(words)))
    counts = total.to_bytes(len(_LANGUAGES), "little")
    most = max(counts)
    return _LANGUAGES[counts.index(most)] if most >= FEWEST_STOP_WORDS and counts.count(most) == 1 else UNKNOWN


def group_of(script: str) -> str:
    """The group of scripts for which the tokens of another vocabulary are estimated."""
    return LATIN if script in (LATIN, NONE) else "cjk" if script in WIDE else OTHER
