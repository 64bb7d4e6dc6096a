"""Models of one's own: public configurations are counted to a few percent, and no paste breaks anything."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.catalog.loader import load_catalog
from advisor.catalog.model_fields import COUNTS
from advisor.catalog.own_model import LARGEST_CONFIG_BYTES, config_text, own_model, own_model_text
from advisor.catalog.records import ModelRecord
from advisor.core.notices import InputError, Issue
from advisor.engineering.from_catalog import architecture_of
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text

PUBLIC = json.loads(Path("tests/fixtures/model_configs/configs.json").read_text(encoding="utf-8"))
CATALOG = load_catalog()
LLAMA = PUBLIC["meta-llama/Llama-3.2-1B"]["config"]
ONE_HEAD = {"head_dim": None, "num_attention_heads": 1, "num_key_value_heads": 1}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_configuration_is_counted_as_its_maker_counts(name: str) -> None:
    """``billions`` and ``active`` are what the model card, or the catalog, states."""
    said = PUBLIC[name]
    found = own_model(json.dumps(said["config"]))
    assert found.params_b == pytest.approx(said["billions"], rel=0.02)
    if said["active"]:
        assert found.active_params_b == pytest.approx(said["active"], rel=0.2, abs=0.9)


@pytest.mark.parametrize("name", PUBLIC)
def test_what_a_case_keeps_is_short_and_means_the_same(name: str) -> None:
    kept = own_model_text(PUBLIC[name]["config"])
    assert len(kept) < 450
    assert own_model_text(kept) == own_model_text(json.loads(kept)) == kept
    as_written = {key: str(value) for key, value in json.loads(kept).items()}  # as the reader of YAML gives it
    assert own_model_text(as_written) == kept


@pytest.mark.parametrize(
    ("id_", "name"),
    [
        ("deepseek-v3-0324", "deepseek-ai/DeepSeek-V3"),
        ("kimi-k2", "moonshotai/Kimi-K2-Instruct"),
        ("glm-4.7", "zai-org/GLM-4.7"),
        ("qwen3-next-80b-a3b", "Qwen/Qwen3-Next-80B-A3B-Instruct"),
        ("gemma-4-31b", "google/gemma-4-31B-it"),
        ("llama-4-scout", "meta-llama/Llama-4-Scout-17B-16E-Instruct"),
        ("gpt-oss-20b", "openai/gpt-oss-20b"),
        ("qwen3-8b", "Qwen/Qwen3-8B"),
    ],
)
def test_a_configuration_gives_the_shape_that_the_catalog_has(id_: str, name: str) -> None:
    found, listed = shape(name), architecture_of(CATALOG.model(id_))
    assert found.params == pytest.approx(listed.params, rel=0.01)
    same = {"params": 0.0, "active_params": 0.0, "encoder_params": 0.0}
    assert replace(found, **same) == replace(listed, **same)


def shape(name: str, **changes: object):
    return architecture_of(own_model(json.dumps({**PUBLIC[name]["config"], **changes})))


def test_what_a_token_adds_to_the_cache() -> None:
    """By hand: 61 layers of 512 + 64; 12 of 48 layers with two heads of 256; 5 full layers and 29 with a window."""
    assert shape("deepseek-ai/DeepSeek-V3").kv_values == (61 * 576, 0)
    assert shape("deepseek-ai/DeepSeek-V3").kv_shards == 1
    assert shape("Qwen/Qwen3-Next-80B-A3B-Instruct").kv_values == (12 * 2 * 2 * 256, 0)
    assert shape("google/gemma-3-4b-it").kv_values == (5 * 2 * 4 * 256, 29 * 2 * 4 * 256)
    assert shape("google/gemma-4-31B-it").kv_values == (10 * 2 * 4 * 512, 50 * 2 * 16 * 256)
    assert shape("mistralai/Mistral-7B-v0.1").kv_values == (0, 32 * 2 * 8 * 128)
    assert shape("Qwen/Qwen3-8B").kv_values == (36 * 2 * 8 * 128, 0)
    v4 = shape("deepseek-ai/DeepSeek-V4-Flash")
    assert v4.kv_values == (round(21 * 512 / 4 + 20 * 512 / 128), 43 * 512)


def test_the_state_of_linear_attention_is_kept_once_for_a_text() -> None:
    """36 layers of 32 heads, 128 x 128 in 32 bit, and four tokens of the convolution."""
    by_hand = 36 * (32 * 128 * 128 * 2 + (2 * 16 * 128 + 32 * 128) * 4)
    assert shape("Qwen/Qwen3-Next-80B-A3B-Instruct").state_values == by_hand


def test_images_count_and_their_encoder_takes_memory() -> None:
    found = own_model(json.dumps(PUBLIC["google/gemma-3-4b-it"]["config"]))
    assert found.image_tokens == 256
    assert found.encoder_params_b == pytest.approx(0.41, rel=0.02)


@pytest.mark.parametrize(
    ("said", "code", "named"),
    [
        ({**LLAMA, "hidden_size": "wide"}, "model_field_wrong", "hidden_size"),
        ({**LLAMA, "hidden_size": -2048}, "model_field_wrong", "hidden_size"),
        ({**LLAMA, "num_hidden_layers": 10**400}, "model_field_wrong", "num_hidden_layers"),
        ({**LLAMA, "vocab_size": float("nan")}, "model_field_wrong", "vocab_size"),
        ({**LLAMA, "num_attention_heads": True}, "model_field_wrong", "num_attention_heads"),
        ({**LLAMA, "num_key_value_heads": 5}, "model_heads_not_multiple", "heads"),
        ({**LLAMA, "num_key_value_heads": 64}, "model_field_exceeds", "kv_heads"),
        ({k: v for k, v in LLAMA.items() if k != "hidden_size"}, "model_field_missing", "hidden_size"),
        ({k: v for k, v in LLAMA.items() if k != "intermediate_size"}, "model_field_missing", "intermediate_size"),
        ({"model_type": "t5", "d_model": 512}, "model_is_encoder_decoder", "t5"),
        ({**LLAMA, "is_encoder_decoder": True}, "model_is_encoder_decoder", "llama"),
        ({"model_type": "bert", "hidden_size": 768}, "model_is_encoder", "bert"),
        ({"model_type": "mamba2"}, "model_layers_unknown", "mamba2"),
        ({**LLAMA, "layer_types": ["hyena"] * 16}, "model_layers_unknown", "hyena"),
        ({"layers": 32, "hidden_size": 4096, "heads": 32, "ffn": 11008}, "model_field_unknown", "ffn"),
        ({**LLAMA, **ONE_HEAD, "hidden_size": 9000}, "model_field_wrong", "head_dim"),
        ({**json.loads(own_model_text(LLAMA)), "params_b": 7000}, "model_params_differ", "7000"),
    ],
)
def test_a_fault_is_told_with_the_field_and_what_was_read(said: object, code: str, named: str) -> None:
    with pytest.raises(InputError) as refused:
        own_model_text(said)
    issue = refused.value.issues[0]
    assert (issue.field, issue.code) == ("open_model", code)
    for language in ("en", "zh"):
        assert named in issue_text(Translator(language), issue)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{" * 100_000, "model_config_unreadable"),
        ("{}", "model_config_unreadable"),
        ('{"a": ' * 60 + "1" + "}" * 60, "model_config_unreadable"),
        ('{"hidden_size": ', "model_config_unreadable"),
        ('{"a": "' + "x" * 10_000_000 + '"}', "model_config_too_large"),
        ('{"hidden_size": ' + "9" * 10_000 + "}", "model_config_unreadable"),
    ],
)
def test_what_is_no_configuration_is_refused_in_words(text: str, code: str) -> None:
    assert LARGEST_CONFIG_BYTES < 10_000_000
    with pytest.raises(InputError) as refused:
        own_model_text(text)
    assert [issue.code for issue in refused.value.issues] == [code]


KEYS = sorted({key for said in PUBLIC.values() for key in (*said["config"], *said["config"].get("text_config", {}))})
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(1, 10**5),
    st.floats(),
    st.text(max_size=12),
    st.lists(st.one_of(st.text(max_size=6), st.integers()), max_size=4),
    st.dictionaries(st.sampled_from(KEYS), st.integers(), max_size=3),
    st.sampled_from(["1e308", "4096", "4,096", "NaN", "", "-1", "0", "\u4e00\u4e07", "x" * 300]),
)


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(PUBLIC)),
    st.dictionaries(st.sampled_from([*KEYS, *COUNTS, "params_b", "name"]), VALUES, max_size=5),
    st.sampled_from(["", "text_config", "vision_config"]),
)
def test_a_changed_configuration_is_a_model_or_a_fault_in_words(name: str, changes: dict, nested: str) -> None:
    config = dict(PUBLIC[name]["config"])
    config |= {nested: {**config.get(nested, {}), **changes}} if nested else changes
    found, issues = _read(json.dumps(config))
    for issue in issues:
        assert issue.field == "open_model"
        assert all("error." not in issue_text(Translator(code), issue) for code in ("en", "zh"))
    if found is not None:
        assert own_model(found.id) == found
        assert min(architecture_of(found).kv_values) >= 0
        assert 0 < found.active_params_b <= found.params_b


def _read(text: str) -> tuple[ModelRecord | None, tuple[Issue, ...]]:
    try:
        return own_model(text), ()
    except InputError as error:
        return None, error.issues


QWEN = PUBLIC["Qwen/Qwen3-8B"]["config"]


def fault_of(said: object) -> Issue:
    with pytest.raises(InputError) as caught:
        own_model(said if isinstance(said, str) else json.dumps(said))
    return caught.value.issues[0]


def test_a_key_with_two_values_is_refused_by_its_name() -> None:
    """JSON takes the last; which of the two is meant nobody knows."""
    text = json.dumps(LLAMA)[:-1]
    issue = fault_of(f'{text}, "hidden_size": 512}}')
    params = {"name": "hidden_size", "first": str(LLAMA["hidden_size"]), "second": "512"}
    assert (issue.code, issue.params) == ("model_key_twice", params)
    assert own_model(f'{text}, "hidden_size": {LLAMA["hidden_size"]}}}') == own_model(json.dumps(LLAMA))


@pytest.mark.parametrize("count", [5, 40])
def test_kinds_of_layers_are_as_many_as_the_layers(count: int) -> None:
    issue = fault_of({**QWEN, "layer_types": ["full_attention"] * count})
    layers = str(QWEN["num_hidden_layers"])
    assert (issue.code, issue.params) == (
        "model_layer_types_differ",
        {"name": "layer_types", "value": str(count), "other": "num_hidden_layers", "maximum": layers},
    )


def test_windows_begin_behind_the_layers_that_see_all() -> None:
    said = {**QWEN, "sliding_window": 4096, "use_sliding_window": True, "max_window_layers": 28}
    found = own_model(json.dumps({key: value for key, value in said.items() if key != "layer_types"}))
    assert (found.windowed_layers, found.window_tokens) == (QWEN["num_hidden_layers"] - 28, 4096)
    assert own_model(json.dumps({**said, "use_sliding_window": False})).windowed_layers is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_is_read_in_any_encoding_of_json(encoding: str) -> None:
    assert own_model(config_text(json.dumps(LLAMA).encode(encoding))) == own_model(json.dumps(LLAMA))
