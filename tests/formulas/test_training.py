"""Time of training: the properties any speed model must keep, whatever its constants."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.catalog.loader import load_catalog
from advisor.engineering.descriptions import Architecture, Card, TrainingRun
from advisor.engineering.from_catalog import card_of
from advisor.engineering.training import estimate_speed
from advisor.formulas import training_run

CATALOG = load_catalog()
CONSTANTS = CATALOG.constants("training")
LLAMA = Architecture(8.03e9, 8.03e9, 4096, 32, 32, 8, 128, 14336, 128256, tied=False)
RUN = TrainingRun(LLAMA, "lora", 2, 2048)
CARDS = [card_of(gpu) for gpu in CATALOG.gpus.values()]

runs = st.builds(
    TrainingRun,
    model=st.just(LLAMA),
    method=st.sampled_from(["full", "lora", "qlora"]),
    micro_batch=st.integers(1, 32),
    seq_len=st.sampled_from([256, 1024, 4096, 16384]),
    weight_bits=st.sampled_from([4, 16]),
    checkpointing=st.sampled_from([None, "none", "selective", "full", "host"]),
    flash_attention=st.sampled_from([None, True, False]),
    gpus=st.integers(2, 8),
    sharding=st.sampled_from(["none", "ddp", "zero2", "zero3", "fsdp"]),
    cpu_offload=st.booleans(),
    software=st.sampled_from(["plain", "fused", "megatron"]),
    link=st.sampled_from(["pcie", "nvlink", "network"]),
    accumulation=st.integers(1, 16),
    fp8=st.booleans(),
    gptq=st.booleans(),
)
cards = st.sampled_from(CARDS)


def seconds(run: TrainingRun, card: Card) -> float:
    return float(estimate_speed([run], [card], CONSTANTS).micro_step_s[0])


@given(runs, cards)
def test_more_work_never_takes_less_time(run, card):
    model = run.model
    usual = seconds(run, card)
    larger = replace(model, params=1.5 * model.params, active_params=1.5 * model.active_params)
    for heavier in (
        replace(run, micro_batch=run.micro_batch + 1),
        replace(run, seq_len=run.seq_len + 128),
        replace(run, model=replace(model, layers=model.layers + 1)),
        replace(run, model=larger),
        replace(run, checkpointing="full"),
    ):
        assert seconds(heavier, card) >= usual or heavier.checkpointing != run.checkpointing
    assert seconds(replace(run, checkpointing="full"), card) >= seconds(replace(run, checkpointing="none"), card)


@given(runs, cards, st.floats(1, 4), st.floats(1, 4), st.floats(1, 4))
def test_a_card_with_more_of_everything_is_never_slower(run, card, compute, memory, link):
    better = replace(
        card,
        bf16_tflops=card.bf16_tflops * compute,
        bandwidth_gb_s=card.bandwidth_gb_s * memory,
        link_gb_s=None if card.link_gb_s is None else card.link_gb_s * link,
    )
    assert seconds(run, better) <= seconds(run, card) * (1 + 1e-12)


@given(runs, cards)
def test_more_cards_never_take_more_hours(run, card):
    """Within one machine and from two cards on; the second card of a sharded run pays for the link."""
    more = replace(run, gpus=run.gpus + 1)
    speed = estimate_speed([run, more], [card, card], CONSTANTS)
    hours = training_run.hours_at_speed(1e7, speed.tokens_per_s_per_gpu, np.array([run.gpus, more.gpus]))
    assert hours[1] <= hours[0] * (1 + 1e-12)


@given(st.lists(st.tuples(runs, cards), min_size=1, max_size=6))
def test_many_runs_at_once_are_the_runs_one_by_one(pairs):
    together = estimate_speed([run for run, _ in pairs], [card for _, card in pairs], CONSTANTS)
    alone = [seconds(run, card) for run, card in pairs]
    np.testing.assert_allclose(together.micro_step_s, alone, rtol=1e-12)


@given(runs, cards)
def test_no_card_beats_its_peak(run, card):
    speed = estimate_speed([replace(run, fp8=False)], [card], CONSTANTS)
    assert 0 < speed.mfu[0] <= speed.hfu[0] <= 1


def test_no_runs_are_no_speeds():
    assert estimate_speed([], [], CONSTANTS).tokens_per_s_per_gpu.size == 0


def test_every_card_of_the_catalog_belongs_to_a_family_of_chips():
    speed = estimate_speed([RUN] * len(CARDS), CARDS, CONSTANTS)
    assert np.all(np.isfinite(speed.tokens_per_s_per_gpu))


def test_a_small_batch_waits_for_the_launch_of_its_kernels():
    small = Architecture(0.6e9, 0.6e9, 1024, 28, 16, 8, 128, 3072, 151936, tied=True)
    card = card_of(CATALOG.gpus["h100-sxm-80gb"])
    speed = estimate_speed([TrainingRun(small, "lora", 1, 128)], [card], CONSTANTS)
    assert speed.bottleneck == ("launch",)


def test_sharding_without_fast_links_waits_for_the_link():
    card = card_of(CATALOG.gpus["rtx-3090-24gb"])
    speed = estimate_speed([replace(RUN, micro_batch=1, seq_len=512, gpus=2, sharding="fsdp")], [card], CONSTANTS)
    assert speed.bottleneck == ("link",)


@pytest.mark.parametrize(("examples", "batch", "steps"), [(0, 32, 0), (1, 32, 3), (32, 32, 3), (33, 32, 6)])
def test_steps_round_up_in_every_epoch(examples, batch, steps):
    assert training_run.optimizer_steps(examples, batch, 3) == steps


def test_nothing_is_undefined_silently():
    assert np.isnan(training_run.hours_at_speed(1e6, 0.0, 1))
    assert np.isnan(training_run.tokens_packed(100, 3, 200, 0.0))
    assert np.isnan(training_run.required_share_of_peak(1e15, 0.0, 3e14))


def speed(run: TrainingRun, card: str) -> float:
    found = estimate_speed([run], [card_of(CATALOG.gpu(card))], CONSTANTS)
    return float(found.tokens_per_s_per_gpu[0])


@pytest.mark.parametrize("card", ["a10-24gb", "l40s-48gb", "a100-sxm-80gb", "h100-sxm-80gb", "b200-180gb"])
@pytest.mark.parametrize("software", ["plain", "fused", "megatron"])
def test_sharing_layers_never_makes_cards_faster_than_they_are_alone(card, software):
    run = replace(RUN, software=software, checkpointing="none", sharding="none", micro_batch=8)
    alone = speed(run, card)
    shared = [speed(replace(run, gpus=count, tensor_parallel=count), card) for count in (2, 4, 8)]
    assert alone > shared[0] > shared[1] > shared[2] > 0


def test_sharing_layers_costs_most_where_cards_are_linked_by_pcie():
    shared = replace(RUN, software="megatron", sharding="none", gpus=8, tensor_parallel=8, micro_batch=8)
    over_pcie, over_nvlink = (speed(replace(shared, link=link), "a100-sxm-80gb") for link in ("pcie", "nvlink"))
    assert over_pcie < 0.5 * over_nvlink


def test_sharing_a_sample_costs_little_beside_sharing_layers():
    run = replace(RUN, software="megatron", sharding="none", gpus=8, seq_len=32_768)
    layers, samples = (
        speed(replace(run, **{name: 8}), "h100-sxm-80gb") for name in ("tensor_parallel", "context_parallel")
    )
    assert layers <= samples <= speed(replace(run, gpus=1), "h100-sxm-80gb")


@pytest.mark.parametrize("count", [2, 4, 8])
def test_layers_that_lie_on_several_cards_in_parts_keep_one_of_them_busy(count):
    alone = speed(replace(RUN, gpus=1, sharding="none"), "a100-sxm-80gb")
    in_parts = speed(replace(RUN, gpus=count, sharding="none"), "a100-sxm-80gb")
    assert 0.8 * alone <= count * in_parts <= alone * (1 + 1e-9)


@given(runs.filter(lambda run: run.method != "full"), cards, st.integers(1, 256), st.integers(1, 256))
def test_more_to_adapt_is_never_faster(run, card, rank, more):
    narrow = replace(run, lora_rank=rank, lora_targets="q_proj,v_proj")
    assert seconds(narrow, card) <= seconds(replace(narrow, lora_rank=rank + more), card)
    assert seconds(narrow, card) <= seconds(replace(narrow, lora_targets="all-linear"), card)
    assert seconds(narrow, card) <= seconds(replace(narrow, dora=True), card)


@given(runs, cards)
def test_weights_in_the_memory_of_the_host_are_never_faster(run, card):
    assert seconds(replace(run, cpu_offload=False), card) <= seconds(replace(run, cpu_offload=True), card)


def test_cards_without_runs_have_a_wider_interval():
    known, amd, intel = (
        estimate_speed([RUN], [card_of(CATALOG.gpu(name))], CONSTANTS).sigma[0]
        for name in ("rtx-4090-24gb", "rx-7900-xtx-24gb", "gaudi-3-128gb")
    )
    assert known < amd
    assert known < intel
