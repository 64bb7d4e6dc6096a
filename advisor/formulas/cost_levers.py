"""Cost levers put together: what counts, what is left of the bill, which lever saves how much.

A lever is a multiplier of one domain of the bill (hidden, train_compute, infer_requests, ...).
Inside a domain multipliers multiply; domains meet only in the parts of the bill they scale, so
the total never depends on the order. A multiplier may be a float or an array of draws.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]
Bill = Mapping[str, Numbers]
Domains = Mapping[str, Sequence[str]]


class Lever(NamedTuple):
    """``multiplier`` is what is left of the domain [fraction]: 0.7 saves thirty percent.

    ``measured`` = the total of its domain before and after, not a claim about one measure.
    ``excludes`` names levers that do the same thing (8-bit and 4-bit weights).
    """

    id: str
    domain: str
    multiplier: Numbers
    measured: bool = False
    excludes: frozenset[str] = frozenset()


class Saving(NamedTuple):
    """One step of a waterfall [money]: what the bill loses when this lever comes after those before it."""

    lever: str
    domain: str
    saving: Numbers


Cost = Callable[[Sequence[Lever]], Numbers]
"""What everything costs with these levers and no others [money]."""


def diluted(multiplier: Numbers, share: Numbers) -> Numbers:
    """Multiplier of a lever that reaches only a share of its domain [fraction].

    Half price for batches, with a fifth of the requests in batches, leaves 0.9 and not 0.5.

    Parameters
    ----------
    multiplier : float or array [fraction]
    share : float or array [fraction]

    Returns
    -------
    float or array [fraction]
    """
    return 1 - share * (1 - multiplier)


def counted(levers: Sequence[Lever]) -> list[Lever]:
    """The levers that count, in the order given.

    A measured total replaces every claim in its domain: claims overlap, the measurement includes
    them all. Of levers that exclude each other the one that saves least counts.

    Parameters
    ----------
    levers : sequence of Lever [multipliers as fractions]

    Returns
    -------
    list of Lever, in the order given
    """
    measured = {lever.domain for lever in levers if lever.measured}
    candidates = [lever for lever in levers if lever.measured or lever.domain not in measured]
    kept: list[Lever] = []
    for lever in sorted(candidates, key=lambda lever: (-np.mean(lever.multiplier), lever.id)):
        if not any(_exclude(lever, other) for other in kept):
            kept.append(lever)
    return [lever for lever in candidates if any(lever is one for one in kept)]


def domain_multiplier(levers: Sequence[Lever], domain: str, floors: Bill) -> Numbers:
    """What the counted levers leave of a domain [fraction].

    Not below the domain's floor: no lever removes all waste. A measured total may be lower, because
    it was observed.

    Parameters
    ----------
    levers : sequence of Lever [multipliers as fractions]
    domain : str, of the bill, as in ``Lever.domain``
    floors : mapping of str to float or array [fraction], least that is left of each domain

    Returns
    -------
    float or array [fraction]
    """
    own = sorted((lever for lever in levers if lever.domain == domain), key=lambda lever: lever.id)
    product: Numbers = 1.0
    for lever in own:
        product = product * lever.multiplier
    floor = 0.0 if any(lever.measured for lever in own) else floors.get(domain, 0.0)
    left: Numbers = np.maximum(product, floor)
    return left


def bill_after(bill: Bill, levers: Sequence[Lever], domains: Domains, floors: Bill) -> dict[str, Numbers]:
    """Every part of the bill after the levers [money]. ``domains`` names what scales each part.

    Parameters
    ----------
    bill : mapping of str to float or array [money], each part
    levers : sequence of Lever [multipliers as fractions]
    domains : mapping of str to sequence of str, names of the domains that scale each part
    floors : mapping of str to float or array [fraction], least that is left of each domain

    Returns
    -------
    dict of str to float or array [money]
    """
    count = counted(levers)
    left: dict[str, Numbers] = {}
    for part, cost in bill.items():
        multiplier: Numbers = 1.0
        for domain in domains[part]:
            multiplier = multiplier * domain_multiplier(count, domain, floors)
        left[part] = cost * multiplier
    return left


def total(bill: Bill) -> Numbers:
    """Sum of the parts [money].

    Parameters
    ----------
    bill : mapping of str to float or array [money], each part

    Returns
    -------
    float or array [money]
    """
    parts: Numbers = sum(bill.values(), start=0.0)
    return parts


def waterfall(levers: Sequence[Lever], cost: Cost) -> list[Saving]:
    """Savings in the order given; they add up to the whole saving [money].

    A lever's own step depends on what came before it, which is why two orders show different
    steps and one total. Levers that do not count have no step.

    Parameters
    ----------
    levers : sequence of Lever [multipliers as fractions]
    cost : callable [money], what everything costs with the levers passed to it

    Returns
    -------
    list of Saving [money]
    """
    count = counted(levers)
    bills = [cost(count[:position]) for position in range(len(count) + 1)]
    return [
        Saving(lever.id, lever.domain, before - after)
        for lever, before, after in zip(count, bills, bills[1:], strict=False)
    ]


def by_priority(levers: Sequence[Lever], priority: Sequence[str]) -> list[Lever]:
    """Levers in the order of their domains, hidden cost first; unnamed domains last.

    Parameters
    ----------
    levers : sequence of Lever [multipliers as fractions]
    priority : sequence of str, names of domains, first to last

    Returns
    -------
    list of Lever, in the new order
    """
    rank = {domain: position for position, domain in enumerate(priority)}
    return sorted(levers, key=lambda lever: rank.get(lever.domain, len(rank)))


def by_money(levers: Sequence[Lever], cost: Cost) -> list[Lever]:
    """Levers by what each would save alone, the largest first; draws by their mean.

    Parameters
    ----------
    levers : sequence of Lever [multipliers as fractions]
    cost : callable [money], what everything costs with the levers passed to it

    Returns
    -------
    list of Lever, in the new order
    """
    return sorted(levers, key=lambda lever: float(np.mean(cost([lever]))))


def reduction(before: Numbers, after: Numbers) -> Numbers:
    """Saved share [fraction]; nan from nothing.

    Parameters
    ----------
    before : float or array [any unit]
    after : float or array [unit of before]

    Returns
    -------
    float or array [fraction]
    """
    return ratio(before - after, before)


def speed_up(seconds_before: Numbers, seconds_after: Numbers) -> Numbers:
    """How much more is done in the same time [fraction]: 3 h to 1 h is +200 %, and saves 67 % of the time.

    Parameters
    ----------
    seconds_before : float or array [s]
    seconds_after : float or array [s]

    Returns
    -------
    float or array [fraction]
    """
    return ratio(seconds_before, seconds_after) - 1


def _exclude(one: Lever, other: Lever) -> bool:
    both_measured = one.measured and other.measured and one.domain == other.domain
    same = one.id == other.id
    return same or both_measured or other.id in one.excludes or one.id in other.excludes
