"""The words of the estimates: none is left that nothing asks for, and each kind of row and reason has its own."""

import re
from pathlib import Path

from advisor.cli.tables import FIGURE_COLUMNS, SCORE_COLUMNS
from advisor.engineering.descriptions import GENERATING
from advisor.engineering.prediction import FITS
from advisor.engineering.validation import report
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.ui.accuracy import FIT_COLUMNS, PARTS, ROWS, SHOWN
from tests.cases import validated
from tests.text.catalogues import asked_literally, entries

MEASURED = Path(report.__file__).parent
QUOTED = re.compile(r'"(\w+)"')
FAMILIES = ("estimates.", "page.accuracy.", "chart.accuracy.")


def asked() -> set[str]:
    """Keys put together from a family and an id; a reason or an assumption is a word quoted in the code."""
    found = validated()
    families = {
        "estimates.kind": {row.kind for rows in found.compared.values() for row in rows},
        "estimates.figure": {*found.figures},
        "estimates.compared": {*found.compared, "fits"},
        "estimates.column": {*SCORE_COLUMNS, *FIGURE_COLUMNS, *ROWS, *PARTS, *FIT_COLUMNS},
        "estimates.verdict": {*FITS},
        "estimates.memory_of": {*GENERATING},
        "estimates": {"ran", "failed", "held", "held_off_target", "missed", "missed_off_target"},
        "page.accuracy": {"nav"},
        "page.accuracy.name": {*found.compared, *SHOWN},
        "page.accuracy.lean": {"level", "high", "low"},
        "chart.accuracy.unit": {*SHOWN} - {"fits"},
    }
    return {f"{family}.{word}" for family, words in families.items() for word in words}


def test_every_word_is_there_and_none_is_left() -> None:
    files = [*MEASURED.glob("*.py"), *MEASURED.parent.glob("*.py")]
    quoted = {word for path in files for word in QUOTED.findall(path.read_text(encoding="utf-8"))}
    own = {e.key for e in entries("en") if e.file == "estimates.po" and e.key.startswith(FAMILIES)}
    codes = {f"estimates.{kind}.{word}" for kind in ("reason", "assumed") for word in quoted}
    assert own - asked() - codes - asked_literally() == set()
    for language in languages():
        assert {key for key in asked() if not Translator(language).has(key)} == set()
