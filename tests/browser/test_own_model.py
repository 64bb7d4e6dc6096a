"""A model that is not listed is pasted or chosen as a file, counted, kept in the address, and refused in words."""

import json
import os
from pathlib import Path

import pytest

from tests.browser.conftest import DESK, PHONE, AppPage, OpenPage

CONFIG = json.loads(Path("tests/fixtures/model_configs/configs.json").read_text(encoding="utf-8"))
GEMMA = json.dumps(CONFIG["google/gemma-3-4b-it"]["config"])
CASE = {"daily_requests": "20000", "quality_need": "high", "budget": "40000", "serving_route": "rented_gpu"}
WORDS = {
    "en": (
        "A model that is not listed",
        "Text of config.json",
        "An image counts as 256 tokens",
        "encoder and a decoder",
    ),
    "zh": ("列表之外的模型", "config.json 的内容", "一张图片按提示词中的 256 个 token 计算", "编码器和解码器"),
}


def opened(open_page: OpenPage, lang: str, width: int, **query: str) -> AppPage:
    tab = open_page("training", lang=lang, width=width, **CASE, **query)
    tab.page.locator("[data-testid=stExpander] summary").first.click()
    tab.settled()
    return tab


def picture(tab: AppPage, name: str) -> None:
    folder = os.environ.get("ADVISOR_PICTURES")
    if folder:
        tab.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize(("lang", "width"), [("en", PHONE), ("zh", DESK)])
def test_a_pasted_configuration_becomes_the_model_to_tune(open_page: OpenPage, lang: str, width: int) -> None:
    title, label, image, refused = WORDS[lang]
    tab = opened(open_page, lang, width)
    tab.page.get_by_role("button", name=title).first.click()
    tab.settled()
    picture(tab, f"open-{lang}-{width}")
    area = tab.page.get_by_role("textbox", name=label)
    area.fill('{"model_type": "t5", "d_model": 512}')
    area.press("Control+Enter")
    tab.settled()
    tab.page.get_by_text(refused).first.wait_for()
    picture(tab, f"refused-{lang}-{width}")
    area = tab.page.get_by_role("textbox", name=label)
    if not area.is_visible():  # a redrawn page may have closed it
        tab.page.get_by_role("button", name=title).first.click()
        tab.settled()
    assert area.input_value().startswith('{"model_type": "t5"')  # what was typed is not lost
    area.fill(GEMMA)
    area.press("Control+Enter")
    tab.settled()
    tab.page.keyboard.press("Escape")
    tab.page.get_by_text(image).first.wait_for()
    picture(tab, f"read-{lang}-{width}")
    assert "open_model=%7B%22name%22" in tab.page.url
    assert not tab.overflows()
    assert tab.errors == []
    tab.page.reload()
    tab.settled()
    assert tab.page.get_by_text("gemma3_text-3.88B").first.is_visible()


def test_a_configuration_may_be_chosen_as_a_file(open_page: OpenPage) -> None:
    tab = opened(open_page, "en", DESK)
    tab.page.get_by_role("button", name=WORDS["en"][0]).first.click()
    tab.settled()
    chosen = {"name": "config.json", "mimeType": "application/json", "buffer": GEMMA.encode()}
    tab.page.locator("input[type=file]").first.set_input_files(chosen)  # type: ignore[arg-type]
    tab.settled()
    tab.page.get_by_text(WORDS["en"][2]).first.wait_for()
    assert tab.errors == []
