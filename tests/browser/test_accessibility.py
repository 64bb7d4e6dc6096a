"""Every page in both languages, both themes, wide and narrow: found by its address, accessible, within its window."""

import re

import pytest
from playwright.sync_api import expect

from advisor.text.i18n import Translator
from advisor.text.languages import language_record
from tests.browser.conftest import DESK, PAGES, PHONE, OpenPage, Theme

CASE = {"preset": "extraction"}
OTHER_WIDTH = {DESK: PHONE, PHONE: DESK}
VIEWS: list[tuple[str, str, Theme, int]] = [
    (path, *view)
    for k, path in enumerate(PAGES)
    for view in (("en", "light", (DESK, PHONE)[k % 2]), ("zh", "dark", (PHONE, DESK)[k % 2]))
]
"""Each page in both themes, languages and widths: a theme decides on contrasts, the others on what stands where.
A page is opened twice, and which width goes with which theme takes turns; whether it fits is asked at both widths."""

TITLED_BY_VERDICT = dict.fromkeys(("answer", "present"), "verdict.yes.label")


@pytest.mark.parametrize(("path", "lang", "theme", "width"), VIEWS)
def test_every_page_is_accessible_and_fits(open_view: OpenPage, path: str, lang: str, theme: Theme, width: int) -> None:
    tab = open_view(path, lang, theme, width, **CASE)
    title = TITLED_BY_VERDICT.get(path, f"page.{PAGES[path]}.title")
    expect(tab.page.get_by_role("heading", level=1)).to_contain_text(Translator(lang)(title))
    expect(tab.page).to_have_url(re.compile(f"/{path}\\?.*lang={lang}"))
    assert tab.page.evaluate("document.documentElement.lang") == language_record(lang).tag
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in tab.axe()] == []
    assert not tab.overflows()
    tab.resized(OTHER_WIDTH[width])
    assert not tab.overflows()
    assert tab.errors == []
    assert tab.external_requests == []
    tab.page.close()
