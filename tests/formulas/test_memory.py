"""Training memory: what more of something does to it, what the estimate says of its own parts, and what would fit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.catalog.loader import load_catalog
from advisor.engineering.descriptions import METHODS, Architecture, Card, TrainingRun
from advisor.engineering.linear_layers import adapter_widths
from advisor.engineering.memory import estimate_memory, fit_probability, fits, other_readings
from advisor.engineering.remedies import remedies
from advisor.formulas import memory

CONSTANTS = load_catalog().constants("memory")
LLAMA_8B = Architecture(8.03e9, 8.03e9, 4096, 32, 32, 8, 128, 14336, 128256)
MIXTRAL = Architecture(46.7e9, 12.9e9, 4096, 32, 32, 8, 128, 14336, 32000, False, 8, 2)
A100 = Card("A100", "Ampere", 80, 2039, 312)
LORA = TrainingRun(LLAMA_8B, "lora", 2, 2048, lora_rank=16, checkpointing="full", loss="plain")

models = st.builds(
    lambda hidden, layers, groups, ffn, vocab, tied: Architecture(
        params=layers * (2 * hidden**2 * (1 + 1 / groups) + 3 * hidden * ffn) + vocab * hidden * (2 - tied),
        active_params=0,
        hidden=hidden,
        layers=layers,
        heads=hidden // 64,
        kv_heads=max(1, hidden // 64 // groups),
        head_dim=64,
        ffn=ffn,
        vocab=vocab,
        tied=tied,
    ),
    st.sampled_from([512, 1024, 4096, 8192]),
    st.integers(1, 100),
    st.sampled_from([1, 4, 8]),
    st.integers(512, 30_000),
    st.integers(1_000, 260_000),
    st.booleans(),
)
runs = st.builds(
    TrainingRun,
    model=models,
    method=st.sampled_from(METHODS),
    micro_batch=st.integers(1, 64),
    seq_len=st.integers(16, 40_000),
    weight_bits=st.sampled_from([4, 4.5, 8, 16]),
    optimizer=st.sampled_from(["adamw", "adamw_8bit", "paged_adamw_32bit", "sgd", "adafactor"]),
    fp32_masters=st.sampled_from([None, True, False]),
    lora_rank=st.one_of(st.none(), st.integers(1, 512)),
    lora_targets=st.sampled_from([None, "q_proj,v_proj", "all-linear", "c_attn", "mlp,head"]),
    checkpointing=st.sampled_from([None, "none", "selective", "full", "host"]),
    flash_attention=st.sampled_from([None, True, False]),
    gpus=st.integers(1, 64),
    sharding=st.sampled_from([None, "none", "ddp", "zero1", "zero2", "zero3", "fsdp"]),
    cpu_offload=st.booleans(),
    loss=st.sampled_from([None, "plain", "compiled", "chunked", "fused"]),
    objective=st.sampled_from(["sft", "dpo", "kto", "orpo", "grpo", "reward"]),
    framework=st.sampled_from([None, "unsloth", "trl", "megatron"]),
    tensor_parallel=st.sampled_from([None, None, 2]),
    pipeline_parallel=st.sampled_from([None, None, 2]),
    software=st.sampled_from(["plain", "fused", "megatron"]),
    variable_lengths=st.booleans(),
    accumulation=st.integers(1, 8),
)


def measures(*described):
    estimate = estimate_memory(described, CONSTANTS)
    return np.array([estimate.allocated_gib, estimate.reserved_gib, estimate.process_gib])


def assert_never_less(run, more):
    less, larger = measures(run, more).T
    assert (larger >= less * (1 - 1e-12)).all()


@given(runs, st.integers(1, 64), st.integers(1, 20_000), st.integers(0, 200))
def test_more_of_anything_never_needs_less(run, samples, tokens, rank):
    assert_never_less(run, replace(run, micro_batch=run.micro_batch + samples))
    assert_never_less(run, replace(run, seq_len=run.seq_len + tokens))
    assert_never_less(run, replace(run, lora_rank=(run.lora_rank or 16) + rank))


@given(runs, st.integers(1, 40))
def test_a_larger_model_never_needs_less(run, more):
    model = run.model
    layer = (model.params - model.vocab * model.hidden * (2 - bool(model.tied))) / model.layers
    deeper = replace(model, layers=model.layers + more, params=model.params + more * layer)
    wider = replace(model, hidden=2 * model.hidden, heads=2 * model.heads, params=4 * model.params)
    assert_never_less(run, replace(run, model=deeper))
    assert_never_less(run, replace(run, model=wider))


@given(runs, st.integers(2, 64), st.integers(1, 64))
def test_more_cards_under_fsdp_never_need_more_each(run, cards, more):
    """From two cards on; the first step from one to two adds the gathered layers."""
    few = replace(run, sharding="fsdp", gpus=cards)
    assert_never_less(replace(few, gpus=cards + more), few)


@given(runs)
def test_less_kept_for_backward_never_needs_more(run):
    for less, more in (("full", "none"), ("full", "selective"), ("selective", "none"), ("host", "full")):
        assert_never_less(replace(run, checkpointing=less), replace(run, checkpointing=more))


@given(runs)
def test_the_savings_save(run):
    one_card = replace(run, gpus=1, sharding="none", fp32_masters=None)
    assert_never_less(replace(one_card, loss="fused"), one_card)
    assert_never_less(replace(one_card, optimizer="adamw_8bit"), replace(one_card, optimizer="adamw"))
    assert_never_less(replace(one_card, flash_attention=True), replace(one_card, flash_attention=False))


@given(st.lists(runs, min_size=1, max_size=5))
def test_runs_together_are_as_runs_alone(several):
    alone = np.concatenate([measures(run) for run in several], axis=1)
    assert measures(*several) == pytest.approx(alone, rel=1e-12)


@given(runs)
def test_the_terms_add_up_and_the_measures_are_ordered(run):
    estimate = estimate_memory([run], CONSTANTS)
    assert sum(estimate.terms_gib.values()) == pytest.approx(estimate.process_gib)
    assert 0 < estimate.allocated_gib < estimate.reserved_gib < estimate.process_gib < np.inf
    assert all(value >= 0 for value in estimate.terms_gib.values())
    assert estimate.moment[0] in memory.MOMENTS


def test_formulas_take_arrays():
    tokens = np.array([1024.0, 4096.0])
    layer = memory.layer_activations(tokens, 4096, 1024, 14336, 6, 0, 0)
    assert list(layer) == [memory.layer_activations(count, 4096, 1024, 14336, 6, 0, 0) for count in tokens]
    # Llama 3.1 8B keeps 34 bytes per token and hidden unit, as a GPT of the paper does.
    assert layer == pytest.approx(34 * tokens * 4096)


def test_adapters_know_that_keys_are_narrower_under_grouped_queries():
    widths = adapter_widths(replace(LORA, lora_targets="q_proj,v_proj"))
    assert memory.adapter_parameters(32, 8, widths) == 3_407_872


@pytest.mark.parametrize(
    ("said", "same_as"),
    [
        (None, "q,k,v,o,gate,up_proj,down_proj"),
        ("all-linear", "attention,mlp"),
        ("something else", "all"),
        ("c_attn", "query_key_value"),
        ("self_attn", "q_proj,k_proj,v_proj,o_proj"),
        ("w1,w2,w3", "mlp"),
    ],
)
def test_the_names_that_frameworks_give(said, same_as):
    assert adapter_widths(replace(LORA, lora_targets=said)) == adapter_widths(replace(LORA, lora_targets=same_as))


def test_every_expert_of_every_layer_is_adapted_when_all_linear_layers_are():
    attention = adapter_widths(replace(LORA, model=MIXTRAL, lora_targets="q_proj,k_proj,v_proj,o_proj"))
    everything = adapter_widths(replace(LORA, model=MIXTRAL))
    assert everything - attention == 3 * 8 * (4096 + 14336)


def test_all_experts_are_stored_but_only_the_active_ones_run():
    dense = replace(MIXTRAL, experts=None, experts_per_token=None)
    stored, dense_stored = (
        estimate_memory([replace(LORA, model=model)], CONSTANTS).terms_gib for model in (MIXTRAL, dense)
    )
    assert dense_stored["weights"] == pytest.approx(stored["weights"], rel=0.02)
    attention = replace(LORA, model=MIXTRAL, loss="fused", lora_targets="q_proj,v_proj")
    kept = 12 * 4096 + 4 * 1024 + 6 * 2 * 14336 + CONSTANTS["adapter_input"] * 2 * 4096
    layer = estimate_memory([attention], CONSTANTS).terms_gib["layer"]
    assert layer == pytest.approx(CONSTANTS["layer"] * 4096 * kept / 2**30)


def test_verdicts():
    full = replace(LORA, method="full", fp32_masters=False)
    several = [LORA, replace(LORA, micro_batch=16), full, replace(full, fp32_masters=True)]
    estimate = estimate_memory(several, CONSTANTS)
    assert list(fits(estimate, 80, CONSTANTS)) == ["yes", "tight", "tight", "no"]
    chances = fit_probability(estimate, 80, CONSTANTS)
    assert chances[0] > 0.99
    assert chances[3] < 0.01


def test_full_tuning_whose_precision_nobody_says_is_in_mixed_precision_on_one_card_as_on_many():
    full = replace(LORA, method="full")
    for gpus, sharding in ((1, "none"), (2, "fsdp"), (2, None)):
        open_, mixed = (replace(full, gpus=gpus, sharding=sharding, fp32_masters=said) for said in (None, True))
        guessed, told = estimate_memory([open_, mixed], CONSTANTS).process_gib
        assert guessed == told


def test_what_is_not_known_widens_the_interval():
    known = estimate_memory([replace(LORA, gpus=2, sharding="fsdp")], CONSTANTS).sigma[0]
    for open_ in ({"loss": None}, {"checkpointing": None}, {"sharding": None}, {"variable_lengths": None}):
        assert estimate_memory([replace(LORA, gpus=2, **{"sharding": "fsdp"} | open_)], CONSTANTS).sigma[0] > known


def test_unsloth_of_unknown_version_is_at_most_tight_where_older_ones_would_not_fit():
    """65,536 tokens on 80 GB ran out of memory for some and fitted for others."""
    run = replace(LORA, method="qlora", weight_bits=4, micro_batch=1, seq_len=65_536, checkpointing="host", loss=None)
    old, new = (replace(run, framework="unsloth", loss=kernel) for kernel in ("plain", "fused"))
    verdicts = fits(estimate_memory([old, replace(run, framework="unsloth"), new], CONSTANTS), 80, CONSTANTS)
    assert list(verdicts) == ["no", "tight", "yes"]
    found = estimate_memory([replace(run, framework="unsloth")], CONSTANTS).prediction()
    assert found.low < estimate_memory([new], CONSTANTS).process_gib[0]
    assert estimate_memory([old], CONSTANTS).process_gib[0] < found.high


def test_a_pair_is_two_sequences_and_a_reference_model_a_copy():
    pair = replace(LORA, objective="dpo", loss=None)
    two = replace(LORA, micro_batch=4)
    assert measures(pair) == pytest.approx(measures(two))
    packed = replace(pair, packing=True)
    assert measures(packed) == pytest.approx(measures(LORA))
    full = replace(LORA, method="full", objective="kto")
    with_copy, without = (estimate_memory([replace(full, reference_model=said)], CONSTANTS) for said in (None, False))
    copied = with_copy.terms_gib["weights"] - without.terms_gib["weights"]
    assert copied == pytest.approx(2 * LLAMA_8B.params / 2**30)


@pytest.mark.parametrize(
    ("layout", "parts"),
    [
        ({"gpus": 8, "tensor_parallel": 4, "sharding": None}, 4),
        ({"gpus": 8, "tensor_parallel": 2, "pipeline_parallel": 2, "sharding": None}, 4),
        ({"gpus": 8, "context_parallel": 8, "sharding": "none"}, 1),
        ({"gpus": 4, "sharding": "none"}, 4),
        ({"gpus": 8, "sharding": "fsdp"}, 8),
    ],
)
def test_weights_are_divided_by_the_cards_of_one_copy(layout, parts):
    run = replace(LORA, method="full", software="plain" if layout["sharding"] else "megatron", **layout)
    weights = estimate_memory([replace(run, fp32_masters=False)], CONSTANTS).terms_gib["weights"]
    assert weights == pytest.approx(2 * LLAMA_8B.params / parts / 2**30)


@given(runs)
def test_remedies_fit_and_differ(run):
    for remedy in remedies(run, A100, CONSTANTS):
        assert remedy.run != run
        assert fits(estimate_memory([remedy.run], CONSTANTS), A100.memory_gib, CONSTANTS) == ["yes"]


def test_remedies_begin_with_those_that_leave_the_result_as_it_is():
    run = replace(LORA, micro_batch=8, seq_len=4096)
    found = remedies(run, A100, CONSTANTS)
    assert [remedy.code for remedy in found[:2]] == ["fused_loss", "smaller_micro_batch"]
    smaller = found[1].run
    assert smaller.micro_batch * smaller.accumulation >= 8
    full = remedies(replace(LORA, method="full", fp32_masters=True), A100, CONSTANTS)
    assert {"shard_over_8", "lora", "qlora"} <= {remedy.code for remedy in full}
    assert all(remedy.saved_gib > 0 for remedy in [*found, *full])


def test_a_saving_that_is_there_already_is_not_proposed():
    codes = [remedy.code for remedy in remedies(replace(LORA, micro_batch=16), A100, CONSTANTS)]
    assert "fused_loss" in codes
    assert "checkpointing" not in codes
    assert "all_savings" not in codes


@pytest.mark.parametrize("masters", [True, False])
def test_moments_of_low_rank_in_8_bit_take_no_more_than_in_32(masters):
    full = replace(LORA, method="full", fp32_masters=masters)
    wide, low, lower, eight = (
        estimate_memory([replace(full, optimizer=name)], CONSTANTS).process_gib[0]
        for name in ("adamw", "galore_adamw", "galore_adamw_8bit", "adamw_8bit")
    )
    assert lower <= low < wide
    assert lower < eight


@pytest.mark.parametrize("sharding", ["zero2", "zero3"])
def test_what_a_host_holds_is_off_one_card_as_off_several(sharding):
    full = replace(LORA, method="full", fp32_masters=True, cpu_offload=True, sharding=sharding)
    alone, pair = (estimate_memory([replace(full, gpus=count)], CONSTANTS).allocated_gib[0] for count in (1, 2))
    assert alone <= 1.5 * pair
    assert alone < estimate_memory([replace(full, sharding="none")], CONSTANTS).allocated_gib[0]


@given(runs)
def test_the_interval_holds_what_else_may_be_meant(run):
    found = estimate_memory([run], CONSTANTS).prediction()
    for other in other_readings(run):
        assert found.low <= estimate_memory([other], CONSTANTS).process_gib[0] * (1 + 1e-9)
        assert estimate_memory([other], CONSTANTS).process_gib[0] <= found.high * (1 + 1e-9)
    assert found.low < found.middle < found.high


def test_a_known_card_bounds_what_else_may_be_meant():
    unsaid = estimate_memory([replace(LORA, checkpointing=None)], CONSTANTS)
    free, bounded = unsaid.prediction(), unsaid.prediction(room_gib=40)
    assert bounded.high == 40 < free.high
    assert unsaid.prediction(room_gib=5).high > unsaid.process_gib[0]


def test_dora_keeps_more_than_lora():
    kept = replace(LORA, checkpointing="none")
    lora, dora = (estimate_memory([replace(kept, dora=dora)], CONSTANTS) for dora in (False, True))
    assert lora.process_gib[0] < dora.process_gib[0] < 1.5 * lora.process_gib[0]
    assert lora.sigma[0] < dora.sigma[0]
