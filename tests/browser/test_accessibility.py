"""Every page in both languages, both themes, wide and narrow: found by its address, accessible, within its window."""

import re

import pytest
from playwright.sync_api import expect

from advisor.evidence.evaluation import evaluation_template
from advisor.text.i18n import Translator
from advisor.text.languages import language_record
from tests.browser.conftest import DESK, PAGES, PHONE, AppPage, OpenPage, Theme
from tests.datasets.made import chat, lines

CASE = {"preset": "extraction"}
SMALLEST_TARGET = 24
"""Of what is pressed, across [px]: WCAG 2.2, 2.5.8."""
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


CASES_TABLE = """title,daily_requests,quality_need,use_case,current_monthly_bill,currency
Support tickets,12000,high,classification,2400,EUR
Invoices,60000,normal,extraction,18000,EUR
"""
UPLOADS = {
    "training_data": lines(
        [chat(f"Wo ist Paket {k}?", ("Versand", "\u9000\u6b3e")[k % 2]) for k in range(40)]
    ).encode(),
    "results": evaluation_template().encode(),
    "portfolio": CASES_TABLE.encode(),
}
"""What each page reads, and shows tables and charts of."""
LOOKS: tuple[tuple[str, Theme, int], ...] = (("en", "light", DESK), ("zh", "dark", PHONE), ("zh", "light", DESK))
TYPED = {"prices": ("serving_gpu_price", "1.35"), "": ("daily_requests", "twelve")}
"""A price of the reader's own, and what cannot be read."""


CUT_OFF = """() => [...document.querySelectorAll('.broad')].filter(e => e.scrollWidth > e.clientWidth)
    .map(e => e.getAttribute('aria-label'))"""
"""Tables of which a part is seen only when they are moved."""


def opened(tab: AppPage) -> None:
    """Open every fold of the page, also those in folds."""
    closed = tab.page.locator("[data-testid=stMain] details:not([open]) > summary")
    while folds := [fold for fold in closed.element_handles() if fold.is_visible()]:
        for fold in folds:
            fold.click()
        tab.settled()


@pytest.mark.parametrize(
    ("path", "lang", "theme", "width"), [("", "zh", "dark", PHONE), ("prices", "en", "light", DESK)]
)
def test_what_is_typed_and_folded_is_accessible(
    open_page: OpenPage, path: str, lang: str, theme: Theme, width: int
) -> None:
    tab = open_page(path, lang, theme, width, **CASE, currency="EUR")
    name, text = TYPED[path]
    field = tab.page.locator(f".st-key-w-main-{name}-{lang} input")
    field.fill(text)
    field.press("Enter")
    tab.settled()
    opened(tab)
    assert tab.page.evaluate(CUT_OFF) == []
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in tab.axe()] == []
    assert not tab.overflows()
    assert tab.errors == []


@pytest.mark.parametrize(("path", "lang", "theme", "width"), [(p, *v) for p, v in zip(UPLOADS, LOOKS, strict=True)])
def test_what_is_read_from_files_is_accessible(
    open_page: OpenPage, path: str, lang: str, theme: Theme, width: int
) -> None:
    tab = open_page(path, lang, theme, width, **CASE)
    name = "train.jsonl" if path == "training_data" else "table.csv"
    tab.page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": UPLOADS[path]}
    )
    tab.settled()
    if path == "training_data":
        tab.page.get_by_role("button", name=Translator(lang)("page.training_data.check")).click()
    elif path == "portfolio":
        field = tab.page.locator(".st-key-w-portfolio-budget input")
        field.fill("60k EUR")
        field.press("Enter")
    tab.settled()
    expect(tab.page.locator("table.stacked").first).to_be_visible()
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in tab.axe()] == []
    assert not tab.overflows()
    assert tab.errors == []


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_what_opens_a_help_is_large_enough_to_be_hit(open_view, width: int) -> None:
    helps = open_view("", width=width, preset="customer-service").page.locator("[aria-label^='Help for']")
    sizes = helps.evaluate_all("all => all.map(e => e.getBoundingClientRect()).map(e => Math.min(e.width, e.height))")
    assert min(sizes) >= SMALLEST_TARGET
