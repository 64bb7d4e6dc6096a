"""Words of Streamlit's own: in Chinese on a Chinese page, wherever it draws them, and in English again afterwards."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from advisor.text.i18n import Translator
from advisor.ui import framework_words
from tests.browser.conftest import PHONE, REDRAW_MS

ENGLISH = frozenset(map(Translator("en"), map(framework_words.KEY.format, framework_words.WORDS)))


@pytest.mark.parametrize("width", [1280, PHONE])
def test_the_framework_speaks_the_readers_language(open_page, tmp_path: Path, width: int) -> None:
    shown = open_page("usage", lang="zh", width=width, preset="extraction")
    page = shown.page
    place = page.get_by_test_id("stFileUploaderDropzone").first
    expect(place).to_contain_text("上传")
    expect(place).to_contain_text("每个文件最大 20MB")
    assert "Upload" not in place.inner_text()
    assert page.get_by_test_id("stSidebarNavViewButton").count() == 0  # "View 9 more", in English alone
    log = tmp_path / "requests.exe"
    log.write_bytes(b"MZ")
    page.set_input_files("input[type=file] >> nth=0", log)
    expect(page.get_by_test_id("stFileUploader").first).to_contain_text("类型的文件")
    said = page.get_by_test_id("stFileUploader").first.text_content() or ""
    assert not any(word in said for word in ("Error", "add icon"))  # heard by a screen reader alone
    page.goto(page.url.replace("/usage", "/"))
    shown.settled()
    page.get_by_role("textbox").first.fill("5000")
    expect(page.get_by_test_id("InputInstructions").first).to_have_text("按 Enter 键确认")
    page.get_by_test_id("stMainMenu").get_by_role("button").click()
    expect(page.get_by_test_id("stMainMenuPopover")).to_contain_text("跟随系统")
    page.keyboard.press("Escape")
    labels = page.eval_on_selector_all("[aria-label]", "all => all.map(e => e.getAttribute('aria-label'))")
    assert [label for label in labels if label in ENGLISH or label.startswith("Help for")] == []
    assert shown.axe() == []
    assert shown.errors == []


def test_pages_that_have_no_place_on_top_stand_under_the_readers_word(open_page) -> None:
    """On a tablet beside the open side."""
    top = open_page("answer", lang="zh", width=800, preset="extraction").page.get_by_test_id("stTopNav")
    expect(top).to_contain_text("更多（10 页）")
    expect(top).not_to_contain_text("10 more")


def test_a_dialog_is_closed_in_the_readers_language(open_page) -> None:
    page = open_page("", lang="zh", preset="extraction").page
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_role("dialog").get_by_role("button", name="关闭")).to_be_visible()


def test_an_address_of_no_page_is_told_in_the_readers_language(open_page) -> None:
    open_page("", lang="zh")  # a server that has run no script yet says so of every address, and is not heard
    dialog = open_page("nosuchpage", lang="zh").page.get_by_role("dialog")
    expect(dialog).to_have_text("未找到页面您打开的页面不存在，已改为显示首页。")


def test_what_somebody_named_is_not_exchanged_in_a_dialog(open_page) -> None:
    page = open_page("", lang="zh", preset="extraction").page
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_role("dialog").get_by_role("button", name="关闭")).to_be_visible()
    paragraph = page.get_by_role("dialog").locator("[data-testid=stMarkdownContainer] p").first
    paragraph.evaluate("e => { e.textContent = 'Page not found'; }")  # as the name of a case would stand there
    page.wait_for_timeout(REDRAW_MS)
    expect(paragraph).to_have_text("Page not found")


def test_another_language_is_taken_up_at_once(open_page) -> None:
    page = (shown := open_page("usage", lang="zh", preset="extraction")).page
    place = page.get_by_test_id("stFileUploaderDropzone").first
    expect(place).to_contain_text("上传")
    page.get_by_role("radio", name="English").click()
    shown.settled()
    expect(place).to_contain_text("Upload")
    expect(place).to_contain_text("20MB per file")
    page.get_by_role("radio", name="中文").click()
    shown.settled()
    expect(place).to_contain_text("每个文件最大 20MB")
