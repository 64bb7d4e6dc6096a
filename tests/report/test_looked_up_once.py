"""A report resolves its case hundreds of times; the price list is asked once for a model and a day."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from advisor.catalog import hosted_prices, own_hosted
from advisor.decision.advice import advise
from advisor.report.build import build_report
from advisor.text.i18n import Translator
from tests.cases import catalog, preset

ON = date(2026, 11, 20)
REMEMBERED = ("_listed", "hosted_price", "hosted_models", "tiers_of")


def test_a_hosted_price_is_looked_up_once_for_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: Counter[tuple[str, int, date]] = Counter()
    look_up = hosted_prices._rates_on

    def counted(model: Any, on: date) -> Any:
        looked_up[model.id, id(model), on] += 1  # two vendors may sell a model by one name
        return look_up(model, on)

    for name in REMEMBERED:
        getattr(getattr(hosted_prices, name), "cache_clear", lambda: None)()
    own_hosted.use_own(own_hosted.OwnHosted())
    monkeypatch.setattr(hosted_prices, "_rates_on", counted)
    case = preset("extraction", title="looked up once")
    build_report(advise(case, catalog(), ON), catalog(), Translator("en"))
    assert any(name == "gpt-6.1-sol" for name, _, _ in looked_up)
    assert max(looked_up.values()) == 1, looked_up.most_common(3)


def test_a_longer_prompt_has_its_own_price() -> None:
    long = next(m for m in hosted_prices.hosted_models(ON) if hosted_prices.hosted_price(m, ON).long_prompt_above)
    above = hosted_prices.hosted_price(long, ON).long_prompt_above
    assert above is not None
    short, dear = (hosted_prices.hosted_price(long, ON, tokens) for tokens in (above, above + 1))
    assert (short.input_price or 0) < (dear.input_price or 0)
    assert (short.prompt_tokens, dear.prompt_tokens) == (above, above + 1)
