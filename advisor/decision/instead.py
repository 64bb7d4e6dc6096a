"""What to do where tuning is not worth it, as reasons of the verdict."""

from advisor.core.notices import Notice
from advisor.core.records import TODAY, Assessment, Assumptions, Economics, OptionResult, Unpriced
from advisor.money.baseline import contenders


def instead_of_tuning(found: Assessment) -> tuple[Notice, ...]:
    """The best alternative without tuning, what it saves against going on as today and what it costs once."""
    a, e = found.assumptions, found.economics
    if e is None:
        return (Notice("reason_instead_today", "info", {}),)
    if a.baseline == TODAY:
        return (_only_budget(a, e) or Notice("reason_instead_today", "info", {}),)
    said = {"option": a.baseline, "monthly": _saved(e.baseline, e), "cost": float(e.baseline.one_time_cost)}
    return (Notice("reason_instead", "info", said),)


def _saved(result: OptionResult, e: Economics) -> float:
    """What an alternative saves in a steady month against today. [money/month]"""
    return float(e.today.steady_monthly_cost) - float(result.steady_monthly_cost)


def _only_budget(a: Assumptions, e: Economics) -> Notice | None:
    """The best alternative without tuning that would be better than today's setup and only costs too much.

    None where today's setup is no choice either, as a hosted model is none for whoever serves on machines of their own.
    """
    found = {each.id: each for each in contenders(a)}
    if TODAY not in found:
        return None
    dear = [each for each in found.values() if [reason.code for reason in each.reasons] == ["out_over_budget"]]
    worth = {each.id: float(each.npv) for each in (*dear, found[TODAY]) if each.npv is not None}
    best = max(worth, key=lambda name: worth[name], default=TODAY)
    result = found[best].result
    if best == TODAY or isinstance(result, Unpriced):
        return None
    said = {"option": best, "monthly": _saved(result, e), "cost": float(result.one_time_cost)}
    return Notice("reason_only_budget", "info", {**said, "budget": float(a.number("budget"))})
