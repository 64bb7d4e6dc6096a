"""Quality gate of the tuned model, the sample size it takes, and the cost of errors.

Every argument may be a float or an array of draws. Undefined is nan. Shares are fractions, so a
margin of two points is 0.02.
"""

from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.arrays import as_array
from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]
Words = NDArray[np.str_]

# 0.51 against 0.52 is -0.019230769230769246 in binary floats; a limit met exactly must hold.
COMPARED_DECIMALS: Final = 9


# --- The gate -----------------------------------------------------------------


def relative_change(before: Numbers, after: Numbers, higher_is_better: bool | NDArray[np.bool_]) -> Numbers:
    """Change of a metric as a share of what it was, positive = better [fraction]; nan from a metric of 0.

    An error rate is mirrored. Two points of 85 are 2.4 %: relative change and points are different limits.

    Parameters
    ----------
    before : float or array [unit of the metric]
    after : float or array [unit of the metric]
    higher_is_better : bool or array

    Returns
    -------
    float or array [fraction]
    """
    direction = np.where(higher_is_better, 1.0, -1.0)
    change: Numbers = ratio(direction * (after - before), np.abs(before))
    return change


def gate_status(change: Numbers, allowed_loss: Numbers, allowed_gain: Numbers) -> Words:
    """pass, fail or undefined (nothing to compare with); both limits belong to pass.

    A gate against loss lets every gain pass: ``allowed_gain`` infinite. Article 004 asks for a
    change within +-2 %, under which an improvement of 3 % fails.

    Parameters
    ----------
    change : float or array [fraction]
    allowed_loss : float or array [fraction]
    allowed_gain : float or array [fraction]

    Returns
    -------
    array of str, one of the words above

    References
    ----------
    Article 004, the limits of +-2 %.
    """
    rounded = np.round(np.asarray(change, dtype=float), COMPARED_DECIMALS)
    within = (rounded >= -np.asarray(allowed_loss)) & (rounded <= np.asarray(allowed_gain))
    words = [np.asarray("undefined"), np.asarray("pass")]
    return np.select([np.isnan(rounded), within], words, default=np.asarray("fail"))


def rating_status(before: Numbers, after: Numbers, allowed_drop: Numbers) -> Words:
    """pass or fail of a human rating: the drop is in points of its scale, not relative.

    Parameters
    ----------
    before : float or array [points of the scale]
    after : float or array [points of the scale]
    allowed_drop : float or array [points of the scale]

    Returns
    -------
    array of str, one of the words above
    """
    return gate_status(np.asarray(after, dtype=float) - before, allowed_drop, np.inf)


def proven_status(status: Words, items: Numbers, items_needed: Numbers) -> Words:
    """A pass on fewer items than it takes to detect the margin becomes not_proven.

    Twenty items cannot show a loss of two points; that they showed none is no evidence. A fail stays.

    Parameters
    ----------
    status : array of str, as from ``gate_status``
    items : float or array [items]
    items_needed : float or array [items]

    Returns
    -------
    array of str, the status, or not_proven
    """
    unproven = (np.asarray(status) == "pass") & (np.asarray(items) < items_needed)
    return np.where(unproven, "not_proven", status)


def combined_status(statuses: Sequence[Words]) -> Words:
    """One word for several gates (metric, rating, safety, slices): the worst one holds.

    Parameters
    ----------
    statuses : sequence of arrays of str, as from ``gate_status`` or ``proven_status``

    Returns
    -------
    array of str, fail, undefined, not_proven or pass
    """
    gates = [np.asarray(status) for status in statuses]
    found = [np.logical_or.reduce([gate == word for gate in gates]) for word in ("fail", "undefined", "not_proven")]
    words = [np.asarray(word) for word in ("fail", "undefined", "not_proven")]
    return np.select(found, words, default=np.asarray("pass"))


# --- How many items it takes --------------------------------------------------


def unpaired_variance(pass_rate: Numbers) -> Numbers:
    """Variance of the difference when two models answer different items [per item].

    Parameters
    ----------
    pass_rate : float or array [fraction]

    Returns
    -------
    float or array [per item]
    """
    return 2 * pass_rate * (1 - pass_rate)


def paired_variance(discordant_share: Numbers) -> Numbers:
    """Variance of the difference when both models answer the same items and are equally good [per item].

    Only items on which exactly one of the two is right say anything. Models that come from one
    another disagree rarely, so pairing needs fewer items.

    Parameters
    ----------
    discordant_share : float or array [fraction]

    Returns
    -------
    float or array [per item]
    """
    return discordant_share


def items_needed(difference_variance: Numbers, margin: Numbers, confidence: Numbers, power: Numbers) -> Numbers:
    """Items per model that show a loss of ``margin`` [items]; round up. nan without a margin.

    One-sided. Margin in points of the pass rate. Half the margin takes four times the items.
    Items from one document count less than that: they succeed and fail together.

    Parameters
    ----------
    difference_variance : float or array [per item]
    margin : float or array [fraction]
    confidence : float or array [fraction]
    power : float or array [fraction]

    Returns
    -------
    float or array [items]
    """
    certainty = standard_score(confidence) + standard_score(power)
    return ratio(certainty**2 * difference_variance, margin**2)


def margin_seen(difference_variance: Numbers, items: Numbers, confidence: Numbers, power: Numbers) -> Numbers:
    """Smallest loss that so many items can detect [fraction]; nan without items. The inverse of ``items_needed``.

    Parameters
    ----------
    difference_variance : float or array [per item]
    items : float or array [items]
    confidence : float or array [fraction]
    power : float or array [fraction]

    Returns
    -------
    float or array [fraction]
    """
    certainty = standard_score(confidence) + standard_score(power)
    margin: Numbers = certainty * np.sqrt(ratio(difference_variance, items))
    return margin


# --- What an error costs ------------------------------------------------------


def break_even_accuracy(cost_wrong: Numbers, saving_right: Numbers) -> Numbers:
    """Share of right answers at which errors cost what right answers save [fraction].

    Per answered request: 300 lost by a wrong and 50 saved by a right answer ask for 85.7 %.

    Parameters
    ----------
    cost_wrong : float or array [money/request]
    saving_right : float or array [money/request]

    Returns
    -------
    float or array [fraction]
    """
    return ratio(cost_wrong, cost_wrong + saving_right)


def standard_score(probability: Numbers) -> Numbers:
    """Standard normal quantile of a probability between 0 and 1, both excluded.

    Parameters
    ----------
    probability : float or array [fraction]

    Returns
    -------
    float or array [standard deviations]
    """
    score: Numbers = np.vectorize(NormalDist().inv_cdf, otypes=[float])(probability)[()]
    return score


# --- Answers that are good enough ---------------------------------------------


def failed_share(success_share: Numbers) -> Numbers:
    """Share of the answers that are not good enough [fraction]. Each failed request is counted once.

    Parameters
    ----------
    success_share : float or array [fraction]

    Returns
    -------
    float or array [fraction]

    References
    ----------
    Model of this tool.
    """
    failed: Numbers = np.clip(1 - as_array(success_share, float), 0.0, 1.0)[()]
    return failed


def cascade_success(handed_over: Numbers, small_success: Numbers, large_success: Numbers) -> Numbers:
    """Share of good answers when a share of the requests is handed over to the large model [fraction].

    The check hands over whatever it doubts, so what stays with the small model is as good as the small model
    on average at least. Counting the handed-over share as failed would charge for it twice.

    Parameters
    ----------
    handed_over : float or array [fraction]
    small_success : float or array [fraction]
    large_success : float or array [fraction]

    Returns
    -------
    float or array [fraction]

    References
    ----------
    Model of this tool.
    """
    mixed = (1 - handed_over) * np.clip(small_success, 0.0, 1.0) + handed_over * large_success
    success: Numbers = np.clip(mixed, 0.0, 1.0)[()]
    return success


def cost_per_success(cost_per_request: Numbers, success_share: Numbers) -> Numbers:
    """What one good answer costs, the bad ones included [money/request]; nan where none is good.

    Parameters
    ----------
    cost_per_request : float or array [money/request]
    success_share : float or array [fraction]

    Returns
    -------
    float or array [money/request]

    References
    ----------
    Model of this tool.
    """
    return ratio(cost_per_request, success_share)
