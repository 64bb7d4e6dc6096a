"""Memory of a training run in words: a need, the range it lies in, and how likely it fits."""

from advisor.costs.training import Fit
from advisor.text.i18n import Translator


def gib_text(t: Translator, gib: float) -> str:
    """Memory to three digits."""
    return t("training.gib", value=t.number(float(f"{gib:.3g}")))


def gib_range_text(t: Translator, gib: float, low: float, high: float) -> str:
    """Memory with the ends of its 80 % interval."""
    return t("training.gib_range", value=gib_text(t, gib), range=gib_span_text(t, low, high))


def gib_span_text(t: Translator, low: float, high: float) -> str:
    """Ends of an 80 % interval of memory, to two digits."""
    return t("training.gib_span", low=t.number(float(f"{low:.2g}")), high=t.number(float(f"{high:.2g}")))


def fit_text(t: Translator, fit: Fit) -> str:
    """How many sequences fit at once, or how likely one does."""
    return t(f"training.fit.{fit.verdict}", batch=t.number(fit.micro_batch), chance=t.number(round(10 * fit.chance)))
