"""Every page in both languages, both themes, wide and narrow: accessible, within its window, without a fault."""

import pytest

from advisor.text.languages import language_record
from tests.browser.conftest import PAGES, OpenPage, Theme

CASE = {"preset": "extraction"}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_fits(open_page: OpenPage, path: str, lang: str, theme: Theme, width: int) -> None:
    tab = open_page(path, lang, theme, width, **CASE)
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in tab.axe()] == []
    assert not tab.overflows()
    assert tab.errors == []
    assert tab.external_requests == []
    assert tab.page.evaluate("document.documentElement.lang") == language_record(lang).tag
