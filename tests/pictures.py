"""Take the README's pictures anew, of the example for data extraction: ``make pictures``."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS, DESK, DRAWN, IDLE, ROOT, SETTLE_MS, running_app, system_chromium

CASE = "preset=extraction&lang=en"
HEIGHTS_PX = {"your_case": 1000, "answer": 1250, "cash_flow": 1400, "alternatives": 1300, "risk": 1300, "serving": 1450}
"""Each page down to where its first chart is whole."""


def main() -> None:
    with sync_playwright() as playwright, running_app(ROOT / "app.py") as address:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=CHROMIUM_FLAGS)
        for name, height in HEIGHTS_PX.items():
            page = browser.new_page(viewport={"width": DESK, "height": height}, reduced_motion="reduce")
            page.goto(f"{address}/{'' if name == 'your_case' else name}?{CASE}")
            page.wait_for_selector(IDLE, timeout=SETTLE_MS)
            page.wait_for_function(DRAWN)
            page.wait_for_load_state("networkidle")
            picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize()  # a third of the bytes
            picture.save(ROOT / "docs" / f"{name}.png", optimize=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
