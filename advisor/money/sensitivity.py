"""One-at-a-time sensitivity: which numbers move the net present value, and which of them are the user's own."""

import numpy as np

from advisor.core.records import Assumptions, Evidence, Swing, Unpriced
from advisor.formulas import finance
from advisor.money.cash_flows import HORIZON, evaluate

MATTERS_SHARE = 0.1
"""A number matters when its swing is at least this share of the largest swing."""
DECIDES_SHARE = 0.05
"""A number decides when it makes at least this share of the spread."""


def evidence(a: Assumptions) -> Evidence:
    """Swing every uncertain number from its low to its high, one at a time, in one array run."""
    rows = [r for r in a.values() if r.plausible is not None and isinstance(r.value, float) and r.id != HORIZON]
    if not rows:
        return Evidence((), None)
    base = {r.id: float(r.value) for r in rows}  # type: ignore[arg-type]
    columns = {name: np.full(2 * len(rows), value) for name, value in base.items()}
    for k, row in enumerate(rows):
        low, high = row.plausible or (base[row.id], base[row.id])
        columns[row.id][2 * k : 2 * k + 2] = (min(low, base[row.id]), max(high, base[row.id]))
    result = evaluate(a.replaced(columns))
    if isinstance(result, Unpriced):
        return Evidence((), None)
    npvs = np.asarray(finance.npv(result.cash_flows, columns.get("discount_rate", a.number("discount_rate"))))
    swings = [Swing(r.id, float(npvs[2 * k]), float(npvs[2 * k + 1]), r.set_by == "user") for k, r in enumerate(rows)]
    ranked = sorted(swings, key=lambda s: -s.size)
    matter = tuple(s for s in ranked if s.size > 0 and s.size >= MATTERS_SHARE * ranked[0].size)
    return Evidence(matter, next((s.id for s in matter if not s.is_yours), None))


def share_of_spread(found: Evidence, name: str) -> float:
    """Share of the spread that one number makes, by the squares of the swings; 0 where it hardly matters. [fraction]"""
    own = next((swing.size for swing in found.matter if swing.id == name), 0.0)
    return own and own**2 / sum(swing.size**2 for swing in found.matter)
