"""How long the prompts of a case are: one mean length, or those above the long-context tier apart from the others."""

from advisor.assumptions.draft import Draft
from advisor.catalog.hosted_prices import hosted_price
from advisor.catalog.long_prompts import Prompts
from advisor.core.notices import Notice, UnknownId
from advisor.formulas.tokens import long_prompt_tokens, short_prompt_tokens

ROUNDING = 0.01
"""Shares are looked up in whole percent."""


def prompts_of(draft: Draft) -> Prompts:
    """Lengths of the prompts, from what the case says of those above the tier of today's model."""
    mean, share = _number(draft, "input_tokens") or 0.0, _number(draft, "long_prompt_share")
    tier = _tier(draft)
    long = _long(draft, mean, share, tier)
    if share is None or long is None:
        return ((1.0, int(mean)),)
    short = min(max(short_prompt_tokens(mean, share, long), 0.0), mean if tier is None else tier)
    return ((1 - share, int(short)), (share, round(long)))


def note_prompts(draft: Draft) -> None:
    """What the price of long prompts rests on."""
    mean, share, tier = _number(draft, "input_tokens") or 0.0, _number(draft, "long_prompt_share"), _tier(draft)
    if share is None:
        return
    model = str(draft.rows["current_model"].value)
    if tier is None:
        draft.notices.append(Notice("long_prompts_cost_the_same", "info", {"model": model}))
        return
    (shorts, short), (longs, long) = prompts_of(draft)
    said = {"model": model, "share": share, "above_tokens": tier, "long_tokens": long, "short_tokens": short}
    measured = _number(draft, "long_prompt_tokens") is not None
    code = "long_prompts_mixed" if measured else "long_prompts_estimated"
    draft.notices.append(Notice(code, "info" if measured else "warning", said))
    counted = shorts * short + longs * long
    if abs(counted - mean) > ROUNDING * mean:
        disagree = {"prompt_tokens": round(mean), "counted_tokens": round(counted), "share": share}
        draft.notices.append(Notice("long_prompts_disagree", "warning", disagree))


def _long(draft: Draft, mean: float, share: float | None, tier: int | None) -> float | None:
    """Mean length of the prompts above the tier: as stated, else estimated; ``None`` where neither is possible."""
    stated = _number(draft, "long_prompt_tokens")
    if not share:
        return None if share is None or tier is None else float(tier + 1)
    if tier is None:
        return stated
    return max(long_prompt_tokens(mean, share, tier) if stated is None else stated, float(tier + 1))


def _tier(draft: Draft) -> int | None:
    """Length above which today's model charges more."""
    model = draft.rows["current_model"].value if "current_model" in draft.rows else None
    try:
        return None if model is None else hosted_price(str(model), draft.on).long_prompt_above
    except UnknownId:  # told where its price is looked up
        return None


def _number(draft: Draft, name: str) -> float | None:
    value = draft.rows[name].value if name in draft.rows else None
    return value if isinstance(value, float) else None
