"""Words with a plural are found on every supported Python."""

import gettext

import pytest

from advisor.text.i18n import Translator
from advisor.text.languages import languages


@pytest.fixture
def old_gettext(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before Python 3.11.5 ``gettext`` finds no id that has a plural."""
    new = gettext.GNUTranslations.gettext

    def old(self: gettext.GNUTranslations, message: str) -> str:
        return message if (message, self.plural(1)) in self._catalog else new(self, message)  # type: ignore[attr-defined]

    monkeypatch.setattr(gettext.GNUTranslations, "gettext", old)


@pytest.mark.usefixtures("old_gettext")
@pytest.mark.parametrize("language", languages())
def test_units_with_a_plural_are_words(language: str) -> None:
    t = Translator(language)
    assert t.has("unit.hours")
    assert t.unit("hours", "USD", 1) != "hours"
    assert not t.has("unit.of nothing")
    if language == "en":
        assert (t.unit("hours", "USD", 1), t.unit("hours", "USD", 2)) == ("hour", "hours")
