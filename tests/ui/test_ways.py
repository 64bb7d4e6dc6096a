"""Every page can be shown for a case that a vendor trains, that rents by the month, or that may not leave the house."""

from itertools import cycle

import pytest
from streamlit.testing.v1 import AppTest

from advisor.text.languages import languages
from tests.cases import preset
from tests.ui.test_pages import PAGES, ROOT

WAYS = {
    "dedicated": {"managed_route": "together/up-to-16b", "training_source": "managed", "serving_route": "rented_gpu"},
    "by the token": {"managed_route": "alibaba/qwen3-32b", "training_source": "managed", "serving_route": "hosted"},
    "closed": {"managed_route": "openai/gpt-4o", "training_source": "managed", "serving_route": "hosted"},
    "by the month": {"rental_term": "month"},
    "own house": {"hosting_allowed": "self_hosted"},
    "priced errors": {"cost_per_failure": 2, "review_share": 0.1, "quality_difference": -0.02},
    "everything open": {"data_rights": "no", "owners": {"data": "Chen"}, "ranges": {"daily_requests": [30000, 50000]}},
}


@pytest.mark.parametrize(("way", "language"), list(zip(WAYS, cycle(languages()), strict=False)))
def test_every_page_shows_it(way: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.session_state["language"] = language
    app.session_state["scenario"] = preset("customer-service", **WAYS[way])
    app.run()
    for page in PAGES:
        app.switch_page(page).run()
        assert not app.exception, page
        assert not app.error, page
