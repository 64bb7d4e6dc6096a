"""Fields of a model's shape: what each can be, how a value is read, how many parameters the shape has."""

import re
from collections.abc import Mapping
from typing import cast

from advisor.core.notices import InputError, Issue
from advisor.formulas import model_parameters as formula

FIELD = "open_model"
"""The question that a model of one's own answers."""
BILLION = 1e9
MOST_LAYERS, WIDEST, MOST_EXPERTS = 2_000, 1_000_000, 65_536
COUNTS: Mapping[str, tuple[int, int]] = {
    "hidden_size": (8, 262_144),
    "layers": (1, MOST_LAYERS),
    "heads": (1, 4_096),
    "kv_heads": (1, 4_096),
    "head_dim": (1, 8_192),
    "ffn_size": (1, WIDEST),
    "vocab_size": (2, 10_000_000),
    "experts": (2, MOST_EXPERTS),
    "experts_per_token": (1, MOST_EXPERTS),
    "windowed_layers": (1, MOST_LAYERS),
    "window_tokens": (1, 100_000_000),
    "kv_lora_rank": (1, 65_536),
    "rope_head_dim": (1, 8_192),
    "q_lora_rank": (1, 65_536),
    "value_dim": (1, 8_192),
    "dense_layers": (1, MOST_LAYERS),
    "dense_ffn_size": (1, WIDEST),
    "shared_ffn_size": (1, WIDEST),
    "linear_layers": (1, MOST_LAYERS),
    "state_values": (1, 10**12),
    "cached_values": (1, 10**12),
    "windowed_values": (1, 10**12),
    "image_tokens": (1, 1_000_000),
}
"""Whole numbers of a shape, with the least and the most that each can be."""
REQUIRED = ("hidden_size", "layers", "heads", "ffn_size", "vocab_size")
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{0,12})?(?:[eE][+-]?\d{1,3})?")
_TRUTH = {"true": True, "false": False}
LONGEST_QUOTE = 40


class Reading:
    """Values of a mapping that somebody else wrote, and every fault found while reading them."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values
        self.faults: list[Issue] = []

    def count(
        self, name: str, *others: str, needed: bool = False, default: int | None = None, low: int | None = None
    ) -> int | None:
        """A whole number under the first of its names that is there; missing, it is called by the second of them."""
        bounds = next((COUNTS[each] for each in (name, *others) if each in COUNTS), (1, WIDEST))
        least = bounds[0] if low is None else low
        for each in (name, *others):
            if self.values.get(each) is not None:
                value = _number(self.values[each])
                if value is not None and value == int(value) and least <= value <= bounds[1]:
                    return int(value)
                params = {"name": each, "value": _quoted(self.values[each]), "minimum": least, "maximum": bounds[1]}
                self.faults.append(Issue(FIELD, "model_field_wrong", params))
                return default
        if needed and default is None:
            self.faults.append(Issue(FIELD, "model_field_missing", {"name": (*others, name)[0]}))
        return default

    def number(self, name: str, low: float, high: float) -> float | None:
        """A number under its name."""
        said = self.values.get(name)
        value = _number(said)
        if said is not None and (value is None or not low <= value <= high):
            params = {"name": name, "value": _quoted(said), "minimum": f"{low:g}", "maximum": f"{high:,.0f}"}
            self.faults.append(Issue(FIELD, "model_field_wrong", params))
            return None
        return value

    def flag(self, *names: str) -> bool | None:
        """True or false under the first of these names that says either."""
        for name in names:
            said = self.values.get(name)
            found = _TRUTH.get(said.strip().casefold()) if isinstance(said, str) else said
            if isinstance(found, bool):
                return found
        return None

    def text(self, name: str) -> str:
        """A text, or nothing."""
        said = self.values.get(name)
        return said if isinstance(said, str) else ""

    def texts(self, *names: str) -> list[str]:
        """A list of texts under the first of these names that has one."""
        for name in names:
            said = self.values.get(name)
            if isinstance(said, list):
                return [str(each)[:LONGEST_QUOTE] for each in said[:MOST_LAYERS]]
        return []

    def refuse(self) -> None:
        """Raise :class:`InputError` where anything was wrong."""
        if self.faults:
            raise InputError(self.faults)

    @staticmethod
    def sure(fields: Mapping[str, object], name: str) -> int:
        """A field that is known to be there."""
        return cast(int, fields[name])


def _number(said: object) -> float | None:
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    if isinstance(said, str):
        return float(said) if _NUMBER.fullmatch(said.strip()) else None
    try:
        value = float(said)
    except OverflowError:
        return None
    return value if abs(value) < float("inf") else None


def _quoted(said: object) -> str:
    """A short, printable rendering of what stands there."""
    if isinstance(said, dict | list):
        return "{...}" if isinstance(said, dict) else "[...]"
    try:
        text = str(said)
    except ValueError:  # a whole number of thousands of digits
        return "..."
    plain = "".join(c if c.isprintable() else " " for c in text[:LONGEST_QUOTE])
    return plain if len(text) <= LONGEST_QUOTE else plain + "..."


def in_billions(count: float) -> float:
    """Parameters in billions, to five figures, which is more than is known of them."""
    return float(f"{max(count, 1.0) / BILLION:.5g}")


def parameters_of_fields(fields: Mapping[str, object]) -> tuple[float, float]:
    """Parameters of the shape, and those that one token passes; every MLP is gated. [count]"""

    def of(name: str) -> float:
        return float(cast(int, fields.get(name) or 0))

    hidden, layers, dense = of("hidden_size"), of("layers"), of("dense_layers")
    shape = of("heads"), of("kv_heads"), of("head_dim")
    attention = formula.attention(hidden, *shape)
    if of("kv_lora_rank"):
        ranks = of("kv_lora_rank"), of("q_lora_rank")
        attention = formula.latent_attention(hidden, shape[0], shape[2], of("rope_head_dim"), of("value_dim"), *ranks)
    sparse = layers - dense if of("experts") else 0.0
    expert = formula.mlp(hidden, of("ffn_size"), gated=True)
    plain = formula.mlp(hidden, of("dense_ffn_size") or of("ffn_size"), gated=True) * (layers - sparse)
    every = formula.embeddings(of("vocab_size"), hidden, bool(fields.get("tied_embeddings"))) + layers * attention
    every += plain + sparse * (formula.mlp(hidden, of("shared_ffn_size"), gated=True) + hidden * of("experts"))
    return every + sparse * expert * of("experts"), every + sparse * expert * of("experts_per_token")
