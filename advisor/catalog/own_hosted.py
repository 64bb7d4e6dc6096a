"""What the folders of the reader say about prices of hosted models, and that it is in force."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from advisor.catalog.hosted_book import HostedContract, PriceList

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class OwnHosted:
    """What the folders of the reader say about hosted models; compared by identity, as what is remembered needs it.

    ``listed`` are provider and model by id of a price list that is newer than the bundled one, as published on the day
    ``read_on`` at ``url``; a model of ``earlier`` stands in it as an earlier list told it, on the day given there.
    ``lists`` are all of these lists as they were published, ``contracts`` are in the order of their files.
    """

    read_on: date | None = None
    url: str = ""
    listed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    contracts: tuple[HostedContract, ...] = ()
    earlier: Mapping[str, date] = field(default_factory=dict)
    lists: tuple[PriceList, ...] = ()

    def day_of(self, model_id: str) -> date | None:
        """The day of the list that tells a model; ``None`` where only the bundled one does."""
        return self.earlier.get(model_id, self.read_on) if model_id in self.listed else None

    def lacks(self, model_id: str) -> bool:
        """Whether the newest list no longer has a model: its prices are then those of an earlier one."""
        if not self.lists:
            return False
        provider, _, model = model_id.partition("/")
        known = (each for told in self.lists[0].providers if told["id"] == provider for each in told["models"])
        return all(each["id"] != model for each in known)

    def contract(self, model_id: str, on: date) -> HostedContract | None:
        """The last contract for a model that holds on a day."""
        held = [each for each in self.contracts if each.model == model_id and each.holds(on)]
        return max(held, key=lambda each: each.effective_from, default=None)

    def next_change(self, model_id: str, on: date) -> date | None:
        """The first later day on which a contract for a model begins or ends."""
        of_model = (each for each in self.contracts if each.model == model_id)
        days = (day for each in of_model for day in (each.effective_from, each.ends) if day is not None and day > on)
        return min(days, default=None)


NOTHING_OWN = OwnHosted()


class _InForce:
    """What ``load_catalog`` put over the bundled list last; every price is remembered together with it."""

    own: OwnHosted = NOTHING_OWN


_tried: ContextVar[OwnHosted | None] = ContextVar("tried", default=None)


def in_force() -> OwnHosted:
    """What prices rest on now, over the bundled list."""
    return _tried.get() or _InForce.own


@contextmanager
def trying(own: OwnHosted) -> Iterator[None]:
    """Inside, every price is that of ``own``, for whoever tries it out; for everybody else nothing changes."""
    before = _tried.set(own)
    try:
        yield
    finally:
        _tried.reset(before)


def use_own(own: OwnHosted) -> None:
    """From now on every price is that of ``own`` over the bundled list."""
    _InForce.own = own


def remembered(most: int) -> Callable[[Function], Function]:
    """As ``lru_cache``, for what rests on hosted prices: what was found before ``use_own`` is not found after it."""

    def decorate(function: Function) -> Function:
        @lru_cache(most)
        def kept(own: OwnHosted, *given: Any) -> Any:
            return function(*given)

        @wraps(function)
        def found(*given: Any) -> Any:
            return kept(in_force(), *given)

        return cast(Function, found)

    return decorate
