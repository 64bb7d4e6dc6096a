"""A model of one's own: its shape as fields, as a Hugging Face ``config.json``, or as the text that a case keeps.

The text is the fields that matter as JSON without blanks. It stands wherever the id of a model of the catalog does.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from pydantic import ValidationError

from advisor.catalog.model_config import fields_of_config
from advisor.catalog.model_fields import BILLION, COUNTS, FIELD, REQUIRED, Reading, in_billions, parameters_of_fields
from advisor.catalog.records import ModelRecord, Source
from advisor.core.notices import InputError, Issue, nearest

LARGEST_CONFIG_BYTES = 1_000_000
DEEPEST = 40
"""Levels of a configuration at most; one of a model has four."""
REMEMBERED = 256
MARK = "{"
"""How the text of a model of one's own begins; no id does."""
NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST_NAME = 60
PARAMETERS = ("params_b", "active_params_b", "encoder_params_b")
SMALLEST_PARAMS_B, LARGEST_PARAMS_B = 1e-9, 20_000.0
OWN_FIELDS = ("name", *PARAMETERS, "tied_embeddings", "all_experts_computed", *COUNTS)
"""In the order in which a case keeps them."""
FIELDS_ALONE = frozenset({"layers", "heads", "ffn_size"})
"""Names of fields that no ``config.json`` uses."""
MISREAD = 3.0
"""A stated number of parameters that is so many times the counted one, or one such part of it, is another unit."""
ORDERED = (
    ("kv_heads", "heads"),
    ("experts_per_token", "experts"),
    ("windowed_layers", "layers"),
    ("linear_layers", "layers"),
    ("dense_layers", "layers"),
    ("active_params_b", "params_b"),
)
"""Fields of which the first cannot be larger than the second."""


def is_own(text: str) -> bool:
    """Whether a text is a model of one's own rather than the id of one of the catalog."""
    return text.lstrip("\ufeff \t\r\n").startswith(MARK)


def own_model_text(said: object) -> str:
    """A configuration, as a mapping or as JSON, as the text that a case keeps. Raises :class:`InputError`."""
    return own_model(said if isinstance(said, str) else _dumped(said)).id


def config_text(content: bytes) -> str:
    """The text of a file of JSON in UTF-8 or UTF-16. Raises :class:`UnicodeDecodeError` where it is none."""
    return content.decode(json.detect_encoding(content)).strip()


@lru_cache(REMEMBERED)
def own_model(text: str) -> ModelRecord:
    """The model that a configuration or a kept text describes. Raises :class:`InputError` naming each faulty field."""
    config = _parsed(text)
    fields = _checked(_known(config) if FIELDS_ALONE & {*config} else fields_of_config(config))
    said = {name: fields[name] for name in OWN_FIELDS if fields.get(name) is not None}
    source = Source(title="Model of your own", retrieved=date.min)
    beside = {"id": json.dumps(said, separators=(",", ":")), "family": "own", "kind": "judgement", "source": source}
    try:
        return ModelRecord.model_validate({**said, **beside})
    except ValidationError:
        raise InputError([Issue(FIELD, "model_config_unusable", {"value": said["name"]})]) from None


def _dumped(said: object) -> str:
    try:
        return json.dumps(said)
    except (TypeError, ValueError, RecursionError):
        raise InputError([Issue(FIELD, "model_config_unreadable", {})]) from None


def _parsed(text: str) -> dict[str, object]:
    """The mapping that a JSON text holds."""
    if len(text) > LARGEST_CONFIG_BYTES:
        raise InputError([Issue(FIELD, "model_config_too_large", {"maximum": LARGEST_CONFIG_BYTES // 1000})])
    unreadable = InputError([Issue(FIELD, "model_config_unreadable", {})])
    if _depth(text) > DEEPEST:
        raise unreadable
    try:
        found = json.loads(text.lstrip("\ufeff"), object_pairs_hook=_once)
    except InputError:
        raise
    except (ValueError, RecursionError):
        raise unreadable from None
    if not isinstance(found, dict) or not found:
        raise unreadable
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A mapping whose keys stand once, or again with the same value."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found and repr(found[key]) != repr(value):
            first, second = (str(each)[:LONGEST_NAME] for each in (found[key], value))
            params = {"name": key[:LONGEST_NAME], "first": first, "second": second}
            raise InputError([Issue(FIELD, "model_key_twice", params)])
        found[key] = value
    return found


def _depth(text: str) -> int:
    """An upper bound of the nesting depth."""
    depth = deepest = 0
    for sign in re.findall(r"[\[\]{}]", text):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _known(said: dict[str, object]) -> dict[str, object]:
    """The fields, refused where one of them is none."""
    for name in said:
        if name not in OWN_FIELDS:
            near = ", ".join(nearest(name, OWN_FIELDS) or OWN_FIELDS[4:])
            raise InputError([Issue(FIELD, "model_field_unknown", {"name": name[:LONGEST_NAME], "near": near})])
    return said


def _checked(said: Mapping[str, object]) -> dict[str, object]:
    """The fields with numbers in the place of texts, parameters counted where they are not stated."""
    reading = Reading(said)
    fields: dict[str, object] = {name: reading.count(name, needed=name in REQUIRED) for name in COUNTS}
    fields |= {name: reading.number(name, SMALLEST_PARAMS_B, LARGEST_PARAMS_B) for name in PARAMETERS}
    fields |= {name: reading.flag(name) for name in ("tied_embeddings", "all_experts_computed")}
    reading.refuse()
    hidden, heads = reading.sure(fields, "hidden_size"), reading.sure(fields, "heads")
    fields["kv_heads"] = fields["kv_heads"] or heads
    fields["head_dim"] = fields["head_dim"] or max(1, hidden // heads)
    derived = Reading(fields)
    derived.count("head_dim")
    derived.refuse()
    _check_order(fields)
    whole, active = parameters_of_fields(fields)
    stated = fields["params_b"]
    if isinstance(stated, float) and not 1 / MISREAD <= stated * BILLION / whole <= MISREAD:
        params = {"name": "params_b", "value": f"{stated:g}", "counted": f"{whole / BILLION:.3g}"}
        raise InputError([Issue(FIELD, "model_params_differ", params)])
    if whole / BILLION > LARGEST_PARAMS_B:
        params = {"counted": f"{whole / BILLION:.3g}", "maximum": f"{LARGEST_PARAMS_B:,.0f}"}
        raise InputError([Issue(FIELD, "model_too_large", params)])
    fields["params_b"] = stated if stated is not None else in_billions(whole)
    experts = fields["experts"]
    fields["active_params_b"] = fields["active_params_b"] or (in_billions(active) if experts else fields["params_b"])
    name = NO_NAME.sub("-", str(said.get("name") or "")).strip("-")[:LONGEST_NAME]
    fields["name"] = name or f"own-model-{fields['params_b']:.3g}B"
    return fields


def _check_order(fields: Mapping[str, object]) -> None:
    """Refuse numbers that cannot stand beside each other."""
    for first, second in ORDERED:
        value, most = fields.get(first), fields.get(second)
        if isinstance(value, int | float) and isinstance(most, int | float) and value > most:
            params = {"name": first, "value": f"{value:g}", "other": second, "maximum": f"{most:g}"}
            raise InputError([Issue(FIELD, "model_field_exceeds", params)])
    heads, kv_heads = fields["heads"], fields["kv_heads"]
    if isinstance(heads, int) and isinstance(kv_heads, int) and heads % kv_heads:
        params = {"name": "heads", "value": str(heads), "other": "kv_heads", "divisor": str(kv_heads)}
        raise InputError([Issue(FIELD, "model_heads_not_multiple", params)])
    pairs = ("experts", "experts_per_token"), ("windowed_layers", "window_tokens"), ("kv_lora_rank", "value_dim")
    for pair in pairs:
        for name, beside in (pair, pair[::-1]):
            if fields[name] is None and fields[beside] is not None:
                raise InputError([Issue(FIELD, "model_field_missing", {"name": name})])
