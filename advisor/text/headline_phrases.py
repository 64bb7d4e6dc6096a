"""The figures told first: cards with every digit, sentences rounded, on pages, in report and command line alike."""

import math
from typing import NamedTuple

from advisor.core.records import Assumptions
from advisor.risk.headline import Figure, Headline
from advisor.text.i18n import Translator
from advisor.text.phrases import ALWAYS, option_name, result_text, within


class FigureCard(NamedTuple):
    """Name of a figure, its value, and what it rests on."""

    label: str
    value: str
    small: str


def headline_text(found: Headline, currency: str, t: Translator) -> str:
    """What tuning now brings in either result of the quality gate, and over both; empty where nothing is served.

    All of them are means, so that by their chances they add up.
    """
    if not found.serves:
        return ""
    works, mean = (result_text(value, currency, t) for value in (found.npv_if_passed.mean, found.npv.mean))
    lost = t.prose_money(-(found.npv_if_failed.mean or 0.0), currency)
    horizon, back = t.months(found.horizon, 0), _back(found, t)
    if found.chance == 1:
        return t("headline.certain", horizon=horizon, back=back, mean=mean)
    if found.chance == 0:
        return t("headline.fails", lost=lost)
    said = {
        "works": in_ten_text(found.chance, t),
        "fails": in_ten_text(1 - found.chance, t),
        "gain": works,
        "lost": lost,
        "mean": mean,
    }
    return t("headline.both", horizon=horizon, back=back, **said)


def chance_text(found: Headline, t: Translator) -> str:
    """The odds of payback in one sentence, as people say them."""
    if found.chance_months is not None:
        return t("chance.within", chances=found.chances_in_ten, months=t.months(math.ceil(found.chance_months), 0))
    if found.chances_in_ten:
        return t("chance.at_all", chances=found.chances_in_ten, horizon=t.months(found.horizon, 0))
    return t("chance.none", horizon=t.months(found.horizon, 0))


def headline_cards(found: Headline, a: Assumptions, t: Translator, *, entered: bool = False) -> tuple[FigureCard, ...]:
    """Payback, net present value, monthly saving, investment and return; of a case without requests its cost alone.

    ``entered``: beside each what the numbers as entered give, for the cases of articles.
    """
    currency, saves = a.currency, found.monthly_savings
    if not found.serves:
        cost = t.money(found.investment.as_entered, currency)
        return (FigureCard(t("headline.card.investment"), cost, t("headline.card.investment.entered")),)
    saving = t("headline.card.savings")
    if (saves.p50 or 0.0) < 0:  # told as what it costs more, as entered too
        saving, saves = t("headline.card.extra_cost"), saves._replace(as_entered=-(saves.as_entered or 0.0))
    against = _averaged(t("headline.card.savings.small", option=option_name(t, a.baseline)), found, currency, t)
    above = _investment_range(found, currency, t)
    roi = t("status.no_investment") if found.roi.p50 is None else t.percent(found.roi.p50)
    horizon = t.months(found.horizon, 0)
    back, worth = payback_text(found.payback, found, t), t.money(found.npv.mean, currency)
    cards = {
        "payback": (found.payback, t("headline.card.payback"), back, _payback_range(found, t)),
        "npv": (found.npv, t("headline.card.npv"), worth, _npv_range(found, currency, t)),
        "savings": (saves, saving, t.money(abs(saves.p50 or 0.0), currency), against),
        "investment": (found.investment, t("headline.card.investment"), t.money(found.investment.p50, currency), above),
        "roi": (found.roi, t("headline.card.roi", horizon=horizon), roi, t("headline.card.roi.small")),
    }
    return tuple(
        FigureCard(label, value, _with_entry(figure, small, currency, t) if entered else small)
        for figure, label, value, small in map(cards.__getitem__, found.told_first)
    )


def _averaged(small: str, found: Headline, currency: str, t: Translator) -> str:
    """Beside the saving at today's volume and prices what a month saves over the horizon, where that is another."""
    today, typical = found.monthly_savings.p50, found.averaged_savings.p50
    if typical is None or t.prose_money(typical, currency) == t.prose_money(today, currency):
        return small
    said = {"small": small, "money": t.prose_money(abs(typical), currency), "horizon": t.months(found.horizon, 0)}
    if typical < 0:
        return t("headline.card.extra_cost.averaged", **said)
    return t("headline.card.savings.averaged", **said)


def _investment_range(found: Headline, currency: str, t: Translator) -> str:
    """What it may cost with facts as they stand; its mean with facts drawn as well, where that is another amount."""
    above = t("headline.card.investment.small", money=t.money(found.investment_p80, currency))
    mean, middle = (t.prose_money(x, currency) for x in (-(found.npv_if_failed.mean or 0.0), found.investment.p50))
    return above if mean == middle else t("headline.card.investment.facts", small=above, mean=mean)


def _with_entry(figure: Figure, small: str, currency: str, t: Translator) -> str:
    value = figure.as_entered
    if value is None:
        return small
    shown = t.percent(value) if figure.unit == "fraction" else t.value(value, figure.unit, currency)
    shown = t.months(value) if figure.unit == "months" else shown
    return t("headline.card.entered", small=small, value=shown)


def payback_text(figure: Figure, found: Headline, t: Translator) -> str:
    """The middle payback where tuning works, or that there is none."""
    return t.months(figure.p50) if figure.p50 is not None else t("status.not_within_horizon")


def break_even_text(found: Headline | None, entered: str, t: Translator) -> str:
    """When the savings have paid the training cost: typically where tuning works, and with every number as entered."""
    typical = within(t("word.unknown") if found is None else payback_text(found.payback, found, t))
    if found is not None and found.serves and found.fails:
        return t("report.break_even_fails", typical=typical)
    return t("report.break_even", typical=typical, entered=within(entered))


def _payback_range(found: Headline, t: Translator) -> str:
    low, high, horizon = found.payback.p10, found.payback.p90, t.months(found.horizon, 0)
    if low is None:
        return t("headline.card.payback.fails") if found.fails else t("headline.card.payback.small", horizon=horizon)
    if found.payback.p50 is None:  # then it is not the highest tenth alone that is never back
        return t("headline.card.payback.seldom", low=t.number(low, 1), horizon=horizon)
    if high is None:
        unpaid = in_ten_text(found.unpaid_share, t)
        return t("headline.card.payback.open", low=t.number(low, 1), horizon=horizon, unpaid=unpaid)
    return t("headline.card.payback.range", low=t.number(low, 1), high=t.number(high, 1))


def _npv_range(found: Headline, currency: str, t: Translator) -> str:
    low, high = (t.money(value, currency) for value in (found.npv.p10, found.npv.p90))
    return t("headline.card.npv.small", low=low, high=high, horizon=t.months(found.horizon, 0))


def _back(found: Headline, t: Translator) -> str:
    months = found.payback.p50
    return t("headline.not_back") if months is None else t("headline.back", months=t.prose_months(months))


def in_ten_text(share: float, t: Translator) -> str:
    """A chance in tenths; what is nearly certain or nearly impossible is said so."""
    if share > ALWAYS:
        return t("headline.almost_always")
    return t("headline.hardly_ever") if share < 1 - ALWAYS else t("headline.in_ten", chances=max(round(10 * share), 1))
