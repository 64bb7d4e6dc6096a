"""A training run in words: memory and speed with the range each lies in, and how likely a run fits."""

from advisor.costs.training import Fit
from advisor.engineering.descriptions import GENERATING, Objective
from advisor.text.i18n import Translator


def generating_words(t: Translator, objective: Objective) -> tuple[str, ...]:
    """What is not estimated of a run that generates answers while it trains; nothing for others."""
    if objective not in GENERATING:
        return ()
    name = objective.upper()
    return t("estimates.generates", objective=name), t(f"estimates.memory_of.{objective}")


def gib_text(t: Translator, gib: float) -> str:
    """Memory to three digits."""
    return t("training.gib", value=t.number(float(f"{gib:.3g}")))


def gib_range_text(t: Translator, gib: float, low: float, high: float) -> str:
    """Memory with the ends of its 80 % interval."""
    return t("training.gib_range", value=gib_text(t, gib), range=gib_span_text(t, low, high))


def gib_span_text(t: Translator, low: float, high: float) -> str:
    """Ends of an 80 % interval of memory, to two digits."""
    return t("training.gib_span", low=t.number(float(f"{low:.2g}")), high=t.number(float(f"{high:.2g}")))


def speed_range_text(t: Translator, tokens_per_s: float, low: float, high: float) -> str:
    """Tokens a second to three digits, with the ends of their 80 % interval to two."""
    ends = {"low": t.number(float(f"{low:.2g}")), "high": t.number(float(f"{high:.2g}"))}
    return t("estimates.speed_range", value=t.number(float(f"{tokens_per_s:.3g}")), **ends)


def fit_text(t: Translator, fit: Fit) -> str:
    """How many sequences fit at once, or how likely one does."""
    return t(f"training.fit.{fit.verdict}", batch=t.number(fit.micro_batch), chance=t.number(round(10 * fit.chance)))
