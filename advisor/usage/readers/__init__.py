"""Readers of usage logs and bills, one file a family of formats."""

from collections.abc import Collection, Mapping
from typing import Any

from advisor.usage.readers import anthropic, bills, clouds, gateways, openai, traces, tracing
from advisor.usage.readers.rows import UsageFormat

FORMATS: Mapping[str, UsageFormat] = {
    each.id: each
    for each in (
        *openai.FORMATS,
        *anthropic.FORMATS,
        *clouds.FORMATS,
        *bills.FORMATS,
        *gateways.FORMATS,
        *tracing.FORMATS,
        *traces.FORMATS,
        gateways.PLAIN,
    )
}
"""By id, in the order in which they are tried."""


def recognised(places: Collection[str], first: Mapping[str, Any] | None = None) -> UsageFormat | None:
    """The format of a file by its columns or keys (as ``rows.plain`` spells them) and, of JSON, its first object."""
    if first is not None:
        for each in FORMATS.values():
            if each.nested is not None and each.nested(first):
                return each
    return next((each for each in FORMATS.values() if any(needed <= {*places} for needed in each.known_by)), None)
