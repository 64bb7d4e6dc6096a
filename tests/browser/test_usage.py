"""A log of a month in a real browser: chosen, measured, taken into the case, and nothing lost on the way."""

from pathlib import Path

from advisor.text.i18n import Translator
from tests.browser.conftest import OpenPage
from tests.usage.synthetic import DAYS, write_month

MEASURE_MS = 300_000


def test_a_log_leads_to_a_verdict_and_into_the_case(open_page: OpenPage, tmp_path: Path) -> None:
    log, t = tmp_path / "month.csv", Translator("en")
    write_month(log, DAYS * 40)
    tab = open_page("usage", preset="extraction")
    tab.page.set_input_files("input[type=file] >> nth=0", str(log))
    tab.settled()
    tab.page.get_by_role("button", name=t("page.usage.read")).click()
    tab.page.wait_for_selector(f"text={t('page.usage.found')}", timeout=MEASURE_MS)
    tab.settled()
    assert tab.axe() == []
    tab.page.get_by_role("button", name=t("take_over.take")).click()
    tab.settled()
    assert "month.csv" in tab.page.url
    tab.narrowed()
    assert not tab.overflows()
    tab.page.get_by_text("\u4e2d\u6587", exact=True).first.click()
    tab.settled()
    assert tab.page.get_by_text(Translator("zh")("page.usage.found"), exact=True).count() == 1
    assert tab.external_requests == []
    assert tab.errors == []
