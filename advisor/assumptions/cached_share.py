"""The cached share of all input tokens, as providers report it, becomes that of the repeated part of the prompt."""

from dataclasses import replace

from advisor.assumptions.draft import Draft
from advisor.core.notices import Notice
from advisor.core.records import Follows

SAME_SHARE = 0.01
"""Shares are reported in whole percent."""


def take_reported_cache(draft: Draft) -> None:
    """Set the share of the repeated prompt that is read from the cache where the case tells that of all input tokens.

    What is read from a cache is repeated, so a repeated part that nobody has measured is at least as large. The
    reported share goes before a stated share of the repeated part. What is set here follows the reported share where
    that is drawn.
    """
    reported = draft.rows.get("cached_input_share")
    if reported is None or not isinstance(reported.value, float):
        return
    cached, row = reported.value, draft.rows["static_prompt_share"]
    static = float(row.value or 0)
    if cached > static:
        code = "cached_share_above_repeated" if row.set_by == "user" else "repeated_share_from_cache"
        draft.notices.append(
            Notice(code, "warning" if row.set_by == "user" else "info", {"share": cached, "limit": static})
        )
        if row.set_by != "user":
            draft.rows[row.id] = replace(reported, id=row.id, follows=Follows(reported.id, 0.0, 1.0))
            static = cached
    hits = min(cached / static, 1.0) if static else 0.0
    stated = draft.scenario.cache_hit_share
    if stated is not None and abs(stated - hits) > SAME_SHARE:
        draft.notices.append(Notice("cached_shares_disagree", "warning", {"share": hits, "limit": stated}))
    found = replace(reported, id="cache_hit_share", value=hits, low=None, high=None)
    if static and draft.rows[row.id].follows is None:  # else both follow, and all of it is read from the cache
        found = replace(found, follows=Follows(reported.id, 0.0, 1 / static))
    draft.rows[found.id] = found
