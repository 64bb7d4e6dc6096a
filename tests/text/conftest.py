"""A place for languages with French in it, which has only just been begun."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.text import languages
from tests.text.stub import CODE, NOTICE, RECORD, WORDS, forget, po


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of ``data/locales`` with French in it, which the product reads instead."""
    folder = tmp_path / "locales"
    shutil.copytree(languages.LOCALES, folder)
    (folder / CODE).mkdir()
    (folder / CODE / "language.yaml").write_text(RECORD, encoding="utf-8")
    notice = {"app.untranslated": NOTICE.replace("Français", "{language}")}
    (folder / CODE / "words.po").write_text(po(WORDS | notice), encoding="utf-8")
    monkeypatch.setattr(languages, "LOCALES", folder)
    forget()
    yield folder
    forget()
