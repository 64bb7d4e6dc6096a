"""What the page Serving and the command line say of two models, and of paying by the token."""

import math

import numpy as np

from advisor.costs.serving import SPEED, ByToken, Cascade, Router, ServingPlan
from advisor.text.i18n import Translator
from advisor.text.phrases import joined, without_unit

PER = 1000
"""Requests whose cost is shown: that of a single one has too many zeros."""
LONGER, MUCH = 0.1, 0.2
"""So much longer than estimated a token may well take, and a loss of throughput by it that a reader should know of."""


def thousand_text(value: float, t: Translator, currency: str) -> str:
    """Cost of a thousand requests with its unit, to the same digit as on every other page."""
    return t.value(value * PER, "money/thousand", currency)


def cascade_words(found: Cascade, t: Translator, currency: str) -> list[str]:
    """What asking the small model first costs, until when it pays, and how long people wait."""
    never = math.isnan(found.break_even_share)
    words = {
        "share": t.percent(found.share),
        "cost": thousand_text(found.cost, t, currency),
        "api": thousand_text(found.large, t, currency),
        "limit": t.percent(found.break_even_share),
    }
    said = [t("serving.cascade.never" if never else "serving.cascade.text", **words)]
    if found.seconds is None or found.small_seconds is None:
        return said
    times = {"small": found.small_seconds, "mean": found.seconds, "both": found.small_seconds + found.large_seconds}
    seconds = {name: t.number(float(f"{value:.2g}")) for name, value in times.items()}
    return [*said, t("serving.cascade.time", share=words["share"], **seconds)]


def router_words(found: Router, cascade: Cascade, t: Translator, currency: str) -> str:
    """What choosing before either has answered costs against asking one after the other."""
    words = {
        "call": thousand_text(found.call_cost, t, currency),
        "share": t.percent(cascade.share),
        "cost": thousand_text(found.cost, t, currency),
        "cascade": thousand_text(cascade.cost, t, currency),
        "limit": t.percent(found.break_even_share),
    }
    return t("serving.router.never" if math.isnan(found.break_even_share) else "serving.router.text", **words)


def by_token_words(found: ByToken, t: Translator, currency: str) -> str:
    """From which volume a replica day and night beats paying by the token."""
    return t(
        f"serving.by_token.{found.status}",
        provider=found.provider,
        cost=thousand_text(found.cost_per_request, t, currency),
        rent=t.money(found.replica_month, currency),
        requests=t.number(float(np.ceil(found.from_requests)), 0),
        carried=t.number(math.floor(found.carried_per_day), 0),
    )


def flat_words(plan: ServingPlan, t: Translator) -> list[str]:
    """How a flat bill is counted; nothing where there is none."""
    if not (plan.flat and plan.has_api):
        return []
    money = t.money(plan.flat, plan.a.currency)
    return [t("serving.flat", money=money, share=t.percent(float(plan.a.number("fallback_share"))))]


def speed_words(plan: ServingPlan, t: Translator) -> str:
    """Between which speeds measurements would lie where the speed is an estimate, and what makes it unsure."""
    row, card, currency = plan.a[SPEED], plan.chosen, plan.a.currency
    if row.kind != "estimate" or row.low is None or row.high is None:
        return t("serving.error.measured")
    low, high = (t.value(float(f"{end:.2g}"), "tokens/s", currency) for end in (row.low, row.high))
    said = t("serving.error.estimate", low=without_unit(low, high), high=high)
    lost = 0.0 if card is None else card.elasticity * LONGER
    if lost < MUCH:
        return said
    speed = t.value(plan.a.number("answer_speed"), "tokens/s", currency)
    return joined([said, t("serving.error.near", speed=speed, longer=t.percent(LONGER), share=t.percent(lost))], t)
