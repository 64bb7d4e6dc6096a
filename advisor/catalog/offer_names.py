"""How the names of a catalog of offers lead to our cards and sellers: ``data/sources/``."""

import re
from typing import Annotated

from pydantic import Field

from advisor.catalog.fields import Id, Pattern, Positive, ProviderClass, Record, Text

MEMORY_OFF = 0.07
"""How far the memory of an offer may lie from that of the card, as sellers round it. [fraction]"""


class FormOfCard(Record):
    """Instances of this beginning, and of this memory where it is given, hold the card; ``None``: none of ours."""

    instance: Pattern
    memory_gib: Positive | None = None
    card: Id | None


class OfferSeller(Record):
    """A seller: its id in the catalog of offers, and how the books call it."""

    id: Id
    provider: Text
    company: Text | None = None
    provider_class: ProviderClass
    forms: Annotated[tuple[FormOfCard, ...], Field(strict=False)] = ()


class CardName(Record):
    """A name that stands for one card only, with the memory it has."""

    gpu_name: Text
    memory_gib: Positive
    card: Id


class OfferNames(Record):
    """A file of ``data/sources/``."""

    sellers: Annotated[tuple[OfferSeller, ...], Field(min_length=1, strict=False)]
    cards: Annotated[tuple[CardName, ...], Field(strict=False)]

    def card(self, seller: OfferSeller, instance: str, gpu_name: str, memory_gib: float | None) -> str | None:
        """Id of the card of an offer; ``None`` where its names do not tell."""
        for form in seller.forms:
            if re.match(form.instance, instance) and _is_near(memory_gib, form.memory_gib):
                return form.card
        for named in self.cards:
            if named.gpu_name == gpu_name and _is_near(memory_gib, named.memory_gib):
                return named.card
        return None


def _is_near(told: float | None, wanted: float | None) -> bool:
    return told is None or wanted is None or abs(told / wanted - 1) <= MEMORY_OFF
