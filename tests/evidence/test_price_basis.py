"""How many sellers a default price rests on, as the page Prices tells it."""

from datetime import date

import pytest

from advisor.catalog.loader import load_catalog
from advisor.evidence.price_basis import CardBasis, basis_summary, basis_word, card_bases
from advisor.text.i18n import Translator
from advisor.text.languages import languages

ON = date(2026, 11, 29)


def by_rent() -> dict[str, CardBasis]:
    return {each.gpu: each for each in card_bases(load_catalog(own=[]), ON) if each.book == "gpu_rental"}


def test_sellers_are_counted_by_company_and_fresh_ones_among_them() -> None:
    catalog, found = load_catalog(own=[]), by_rent()
    for gpu, basis in found.items():
        offers = catalog.basis(gpu, "gpu_rental", ON).offers
        fresh = {o.sku.company or o.sku.provider for o in offers if (ON - o.last_verified).days <= 60}
        assert (basis.fresh, basis.sellers) == (len(fresh), len({o.sku.company or o.sku.provider for o in offers}))
        assert basis.enough == (basis.fresh >= 3), gpu


@pytest.mark.parametrize("language", languages())
def test_a_word_stands_where_fewer_than_three_are_fresh(language: str) -> None:
    catalog, t = load_catalog(own=[]), Translator(language)
    said = {gpu: basis_word(basis, catalog, t) for gpu, basis in by_rent().items()}
    assert said["h100-sxm-80gb"] == t("prices.basis.enough")
    assert said["t4-16gb"] == t("prices.basis.few", fewest="3")
    assert said["h200-141gb"] == t("prices.basis.old", fewest="3", days="60")
    firm = sum(word == t("prices.basis.enough") for word in said.values())
    summary = basis_summary(tuple(by_rent().values()), catalog, t)
    assert str(firm) in summary
    assert str(len(said)) in summary
