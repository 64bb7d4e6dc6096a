"""Serving speed: what more of something does to it, and that arrays say what single setups say."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.engineering.descriptions import Architecture, ServingSetup
from advisor.engineering.from_catalog import architecture_of, card_named, cards
from advisor.engineering.serving import LIMITS, estimate_serving
from advisor.formulas import serving

CATALOG = load_catalog()
CONSTANTS = CATALOG.constants("serving")
CARDS = cards(CATALOG)
H100, A100 = CARDS["h100-sxm-80gb"], CARDS["a100-sxm-80gb"]
LLAMA_8B = Architecture(8.03e9, 8.03e9, 4096, 32, 32, 8, 128, 14336, 128256, tied=False)
MIXTRAL = Architecture(46.7e9, 12.9e9, 4096, 32, 32, 8, 128, 14336, 32000, False, 8, 2)
SMALL = Architecture(1.24e9, 1.24e9, 2048, 16, 32, 8, 64, 8192, 128256, tied=True)
CHAT = ServingSetup(LLAMA_8B, H100, 500, 200)
FEW = settings(max_examples=60, deadline=None)

loads = st.sampled_from(["single", "decode", "static", "closed", "burst", "saturated", "open"])
setups = st.builds(
    lambda model, card, prompt, answer, load, users, engine, limit: ServingSetup(
        model, card, prompt, answer, engine=engine, load=load,
        concurrency=users if load in ("static", "closed") else None,
        requests=float(users * 10) if load in ("burst", "open") else None,
        requests_per_s=users / 4 if load == "open" else None,
        tensor_parallel=2, longest_over_mean=None, tpot_limit_s=limit,
    ),
    st.sampled_from([LLAMA_8B, MIXTRAL]), st.sampled_from([H100, A100, CARDS["l40s-48gb"], CARDS["mi300x-192gb"]]),
    st.integers(1, 20_000), st.integers(1, 4_000), loads, st.integers(1, 400),
    st.sampled_from(["compiled", "python", "python_2024", "python_before_2025", "llama_cpp", "launched"]),
    st.sampled_from([None, 0.05, 1.0]),
)  # fmt: skip


def rate(*described, **changes):
    return estimate_serving([replace(each, **changes) for each in described], CONSTANTS).requests_per_s


def no_more(small, large):
    """Not above, apart from whole sequences: a batch of 10 may become one of 9."""
    return np.all((small <= large * 1.001) | np.isnan(small) | np.isnan(large))


@FEW
@given(setups, st.integers(1, 5_000))
def test_a_longer_prompt_or_answer_never_serves_more_requests(setup, more):
    longer_prompt = replace(setup, input_tokens=setup.input_tokens + more)
    longer_answer = replace(setup, output_tokens=setup.output_tokens + more)
    unlimited = {"tpot_limit_s": None}
    base, prompt, answer = rate(setup, longer_prompt, longer_answer, **unlimited)
    assert no_more(prompt, base)
    assert no_more(answer, base)


@pytest.mark.parametrize("card", ["t4-16gb", "rtx-2080-ti-11gb", "l4-24gb", "h100-sxm-80gb"])
@pytest.mark.parametrize("times", [1.02, 1.1, 1.3])
def test_under_a_limit_longer_answers_are_served_less_often(card, times):
    """The prompts of others interrupt a short answer as a long one, and one's own never does."""
    setup = replace(CHAT, card=CARDS[card], input_tokens=1_000, tensor_parallel=4)
    alone = replace(setup, load="closed", concurrency=1.0, output_tokens=4_000)
    limit = times * estimate_serving([alone], CONSTANTS).tpot_s[0]
    served = rate(*(replace(setup, output_tokens=answer, tpot_limit_s=limit) for answer in (50, 200, 1_000, 4_000)))
    assert all(longer <= shorter * 1.05 for shorter, longer in pairwise(served))


@FEW
@given(setups, st.floats(1, 4))
def test_a_faster_card_is_never_slower(setup, times):
    card = setup.card
    fast = replace(card, bandwidth_gb_s=card.bandwidth_gb_s * times, bf16_tflops=card.bf16_tflops * times)
    slow_rate, fast_rate = rate(replace(setup, card=replace(card, int8_tops=None)), replace(setup, card=fast))
    assert no_more(slow_rate, fast_rate)


@FEW
@given(st.sampled_from([LLAMA_8B, MIXTRAL]), st.sampled_from(sorted(CATALOG.gpus)), st.integers(1, 64))
def test_smaller_weights_never_decode_slower(model, gpu, users):
    wide = ServingSetup(model, CARDS[gpu], 100, 100, load="decode", concurrency=users, tensor_parallel=8)
    slow, fast = rate(wide, replace(wide, weight_bits=4.25))
    assert no_more(slow, fast)


@FEW
@given(setups.filter(lambda setup: setup.load == "closed"))
def test_a_larger_batch_never_lowers_throughput(setup):
    users = [float(count) for count in range(1, 40)]
    found = estimate_serving([replace(setup, concurrency=each, tpot_limit_s=None) for each in users], CONSTANTS)
    grows = np.diff(found.output_tokens_per_s) >= -1e-9 * found.output_tokens_per_s[:-1]
    assert np.all(grows | np.isnan(found.output_tokens_per_s[1:]))


@FEW
@given(st.lists(setups, min_size=1, max_size=6))
def test_arrays_say_what_single_setups_say(described):
    together = estimate_serving(described, CONSTANTS)
    for index, setup in enumerate(described):
        alone = estimate_serving([setup], CONSTANTS)
        for name in ("batch", "ttft_s", "tpot_s", "output_tokens_per_s", "requests_per_s", "memory_gib_per_card"):
            wanted = getattr(together, name)[index]
            assert getattr(alone, name)[0] == pytest.approx(wanted, rel=1e-12, nan_ok=True), name
        assert alone.limit[0] == together.limit[index]


@FEW
@given(setups)
def test_what_fits_has_every_figure_and_what_does_not_has_none(setup):
    found = estimate_serving([setup], CONSTANTS)
    figures = [found.ttft_s[0], found.tpot_s[0], found.output_tokens_per_s[0], found.requests_per_s[0]]
    assert np.all(np.isfinite(figures)) == found.fits[0] == (not np.all(np.isnan(figures)))
    assert found.limit[0] in (*LIMITS, "memory")
    if found.fits[0] and setup.tpot_limit_s is not None:
        assert found.tpot_s[0] <= setup.tpot_limit_s * (1 + 1e-9)


def test_the_latency_limit_takes_the_largest_batch_that_keeps_it():
    free = estimate_serving([CHAT], CONSTANTS)
    held = estimate_serving([replace(CHAT, tpot_limit_s=0.02)], CONSTANTS)
    one_more = replace(CHAT, load="closed", concurrency=held.batch[0] + 1)
    assert held.tpot_s[0] <= 0.02 < estimate_serving([one_more], CONSTANTS).tpot_s[0]
    assert held.batch[0] < free.batch[0]


def test_below_saturation_requests_are_served_as_they_arrive():
    found = estimate_serving([replace(CHAT, load="open", requests_per_s=1.0)], CONSTANTS)
    assert found.requests_per_s[0] == pytest.approx(1.0)
    step = found.terms[: LIMITS.index("prefill"), 0].sum()
    own_prompt = found.ttft_s[0] - step
    assert found.batch[0] > 1
    assert found.batch[0] == pytest.approx(own_prompt + CHAT.output_tokens * found.tpot_s[0], rel=1e-6)


def test_ones_own_prompt_is_in_the_time_to_the_first_token_and_not_in_that_of_the_others():
    """Whoever asks alone waits for a step between two tokens, however long his prompt took before the first."""
    alone = replace(CHAT, load="closed", concurrency=1.0, input_tokens=8_000, output_tokens=50)
    found = estimate_serving([alone], CONSTANTS)
    step = found.terms[: LIMITS.index("prefill"), 0].sum()
    assert found.tpot_s[0] == pytest.approx(step) == pytest.approx(found.terms[:, 0].sum())
    assert found.output_tokens_per_s[0] == pytest.approx(50 / (found.ttft_s[0] + 49 * step))


def test_a_long_prompt_does_not_break_a_limit_on_the_tokens_after_the_first():
    long = replace(CHAT, load="saturated", input_tokens=8_000, output_tokens=50)
    alone = estimate_serving([replace(long, load="closed", concurrency=1.0)], CONSTANTS)
    step = alone.terms[: LIMITS.index("prefill"), 0].sum()
    held = estimate_serving([replace(long, tpot_limit_s=1.01 * step)], CONSTANTS)
    assert held.batch[0] == 1


def test_a_short_burst_never_reaches_the_steady_rate():
    steady = rate(replace(CHAT, load="saturated", max_sequences=200))[0]
    burst = replace(CHAT, load="burst", requests=200, max_sequences=200, longest_over_mean=None)
    assert rate(burst)[0] < 0.9 * steady
    assert rate(replace(burst, longest_over_mean=1))[0] == pytest.approx(steady, rel=1e-3)


def test_a_mixture_of_experts_touches_more_of_itself_in_a_batch():
    assert serving.touched_share(0.25, 1) == pytest.approx(0.25)
    assert serving.touched_share(0.25, 16) > 0.98
    assert serving.expert_params(46.7e9, 12.9e9, 0.25) == pytest.approx(45.07e9, rel=1e-3)
    assert serving.expert_params(8e9, 8e9, 1.0) == 0


def test_the_search_finds_the_largest_that_holds():
    most = np.array([0.0, 1.0, 7.0, 1000.0, np.inf])
    found = serving.largest_batch(lambda batch: batch <= 37, most)
    assert found.tolist() == [0, 1, 7, 37, 37]
    assert serving.largest_batch(lambda batch: batch < 1, np.array([5.0])).tolist() == [0]


def test_an_answer_without_tokens_is_refused():
    with pytest.raises(InputError):
        estimate_serving([replace(CHAT, output_tokens=0)], CONSTANTS)


@pytest.mark.parametrize(
    ("label", "card"),
    [
        ("A100-80GB", "a100-sxm-80gb"),
        ("NVIDIA A100-SXM4-40GB", "a100-sxm-40gb"),
        ("a100 pcie 80 GB", "a100-pcie-80gb"),
        ("RTX3090-24GB", "rtx-3090-24gb"),
        ("GeForce RTX 4090", "rtx-4090-24gb"),
        ("8xH100", "h100-sxm-80gb"),
        ("H100-94GB", "h100-nvl-94gb"),
        ("H20", "h20-96gb"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm-80gb"),
        ("NVIDIA A100 80GB PCIe", "a100-pcie-80gb"),
        ("NVIDIA GH200 480GB", "gh200-96gb"),
        ("AMD Instinct MI300X OAM", "mi300x-192gb"),
        ("Quadro RTX 6000", "quadro-rtx-6000-24gb"),
        ("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "rtx-pro-6000-blackwell-ws-96gb"),
        ("A100 80GB SXM4", "a100-sxm-80gb"),
        ("NVIDIA A100 40 GB PCIe", "a100-pcie-40gb"),
        ("V100 32G SXM2", "v100-sxm-32gb"),
        ("H100 64GB SXM", None),
        ("H100-40GB", None),
        ("24 GB GPU", None),
        ("", None),
    ],
)
def test_labels_of_tables_name_cards(label, card):
    found = card_named(CARDS, label)
    assert (found.name if found else None) == card


def test_every_model_of_the_catalog_has_a_shape():
    for model in CATALOG.models.values():
        shape = architecture_of(model)
        assert shape.head_dim * shape.heads >= shape.hidden / 2, model.id


@pytest.mark.parametrize(
    ("tokens", "layers"),
    [(512, 62), (1024, 62), (10_240, 10 + 52 * 0.1), (102_400, 10 + 52 * 0.01)],
)
def test_a_layer_with_a_window_keeps_no_more_than_the_window(tokens, layers):
    """Gemma 3 27B: 52 of 62 layers look back 1,024 tokens. By hand: the ten others and a share of the 52."""
    assert serving.kv_values_per_token(10, 52, 1024, 0, tokens) == pytest.approx(layers)


def test_the_state_of_linear_attention_is_as_large_for_a_long_text_as_for_a_short_one():
    totals = [float(serving.kv_values_per_token(0, 0, np.inf, 1000, tokens)) * tokens for tokens in (10, 10_000)]
    assert totals == pytest.approx([1000, 1000])


def test_long_texts_need_less_memory_where_layers_have_windows():
    windowed = architecture_of(CATALOG.model("gemma-3-27b"))
    whole = replace(windowed, windowed_layers=0, window=None)
    card = CARDS["h100-sxm-80gb"]
    long = [ServingSetup(model, card, 20_000, 500, tensor_parallel=2, load="saturated") for model in (windowed, whole)]
    few = [replace(setup, input_tokens=300, output_tokens=200) for setup in long]
    assert np.divide(*estimate_serving(long, CONSTANTS).batch_by_memory) > 3
    assert np.divide(*estimate_serving(few, CONSTANTS).batch_by_memory) == pytest.approx(1)


@pytest.mark.parametrize(("batch", "elasticity"), [(1, 8.0), (8, 1.0), (80, 0.1), (1e9, 0.0)])
def test_how_far_throughput_hangs_on_the_limit_of_a_token(batch: float, elasticity: float) -> None:
    """A step of 8 ms and 1 ms for each sequence serves (limit - 8) / limit a millisecond: elasticity 8 / sequences."""
    time, longer = (0.008 + 0.001 * batch * more for more in (1, 1 + 1e-6))
    assert serving.rate_elasticity(time, longer, 1 + 1e-6) == pytest.approx(elasticity, rel=1e-4, abs=1e-6)


def test_a_step_that_does_not_depend_on_its_sequences_hangs_without_bound_on_its_limit() -> None:
    assert serving.rate_elasticity(0.01, 0.01, 1.1) > 1e6


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("rtx-4090-24gb", "rtx-5090-32gb"),
        ("rtx-4070-12gb", "rtx-5070-12gb"),
        ("l40s-48gb", "rtx-pro-6000-blackwell-ws-96gb"),
        ("rtx-6000-ada-48gb", "rtx-pro-6000-blackwell-se-96gb"),
        ("a100-pcie-80gb", "h100-pcie-80gb"),
        ("a100-sxm-80gb", "h100-sxm-80gb"),
        ("h100-pcie-80gb", "h100-sxm-80gb"),
        ("h100-sxm-80gb", "h200-141gb"),
        ("h200-141gb", "b200-180gb"),
    ],
)
@pytest.mark.parametrize("users", [1, 32, 256])
@pytest.mark.parametrize("prompt", [64, 4_000])
def test_a_card_that_is_better_in_everything_serves_more_over_http_too(older, newer, users, prompt):
    """A loop that costs a larger part of a shorter step must not make the better card the slower one."""
    setup = ServingSetup(SMALL, CARDS[older], prompt, 200, http=True, load="closed", concurrency=users)
    slow, fast = rate(setup, replace(setup, card=CARDS[newer]))
    assert slow <= fast * 1.001


def test_a_sequence_whose_cache_does_not_fit_is_not_served():
    long = ServingSetup(LLAMA_8B, CARDS["rtx-3090-24gb"], 131_072, 200)
    assert not estimate_serving([long], CONSTANTS).fits[0]
    assert estimate_serving([replace(long, input_tokens=16_000)], CONSTANTS).fits[0]
    assert estimate_serving([replace(long, card=H100)], CONSTANTS).fits[0]


@FEW
@given(setups)
def test_a_card_is_never_fuller_than_full(setup):
    found = estimate_serving([setup], CONSTANTS)
    assert found.memory_gib_per_card[0] <= setup.card.memory_gib or not found.fits[0]


@FEW
@given(st.integers(1, 200_000), st.integers(64, 8_192))
def test_layers_that_look_back_a_window_only_take_less_of_a_long_prompt(prompt, window):
    share = serving.seen_share(prompt, window)
    assert 0 < share <= 1
    assert share == pytest.approx(min(1.0, 2 * window / prompt), rel=1.0)
    every = replace(CHAT, card=CARDS["b200-180gb"], input_tokens=prompt, load="single")
    some = replace(every, model=replace(LLAMA_8B, windowed_layers=24, window=window))
    assert estimate_serving([some], CONSTANTS).ttft_s[0] <= estimate_serving([every], CONSTANTS).ttft_s[0]


def test_a_prompt_of_which_most_is_cached_still_looks_at_all_of_it():
    long = replace(CHAT, input_tokens=60_000, load="single")
    whole, cached = (estimate_serving([replace(long, cached_prompt=c)], CONSTANTS).ttft_s[0] for c in (0.0, 0.9))
    assert 0.1 * whole < cached < 0.4 * whole


@FEW
@given(setups, st.integers(1, 300))
def test_a_draft_helps_few_users_most_and_never_slows_anybody_down(setup, users):
    one = replace(setup, load="closed", concurrency=float(users), requests=None, requests_per_s=None)
    plain, drafted = rate(one, replace(one, speculative=True), tpot_limit_s=None)
    alone, alone_drafted = rate(one, replace(one, speculative=True), tpot_limit_s=None, concurrency=1.0)
    if not np.isnan(plain):
        assert plain <= drafted * (1 + 1e-9)
        assert drafted / plain <= alone_drafted / alone * 1.05
        assert alone_drafted / alone <= CONSTANTS["speculative_gain"] * (1 + 1e-9)


@FEW
@given(st.sampled_from(["llama_cpp", "launched"]), st.sampled_from(sorted(CATALOG.gpus)), st.integers(1, 64))
def test_two_sequences_never_answer_more_than_twice_as_fast_as_one(engine, gpu, users):
    setup = ServingSetup(SMALL, CARDS[gpu], 200, 200, engine=engine, load="closed", concurrency=users)
    once, twice = rate(setup, replace(setup, concurrency=2 * users))
    assert np.isnan(twice) or once <= twice * (1 + 1e-9)
    assert np.isnan(twice) or twice <= 2 * once * (1 + 1e-9)


def test_engines_run_more_sequences_on_large_cards():
    """As vLLM does unless told otherwise: 1,024 on cards of 70 GiB and more, A100 excepted."""
    setup = ServingSetup(SMALL, H100, 100, 100, load="closed", concurrency=2_000)
    many, usual, older = estimate_serving(
        [setup, replace(setup, card=A100), replace(setup, engine="python_2024")], CONSTANTS
    ).batch
    assert (many, usual, older) == (1024, 256, 256)


def test_cards_of_other_makers_have_a_wider_interval():
    known, other = (
        estimate_serving([replace(CHAT, model=SMALL, card=CARDS[name])], CONSTANTS).sigma[0]
        for name in ("rtx-4090-24gb", "rx-7900-xtx-24gb")
    )
    assert other > known


@FEW
@given(setups, st.sampled_from([0.1, 0.3, 1.0, 3.0]))
def test_a_looser_limit_on_the_first_token_never_serves_less(setup, limit):
    served = [
        rate(setup, load="saturated", ttft_limit_s=each, longest_over_mean=1.0)[0] for each in (limit, 2 * limit, None)
    ]
    tight, loose, free = (0.0 if np.isnan(each) else each for each in served)
    assert tight <= loose * (1 + 1e-9)
    assert loose <= free * (1 + 1e-9)


def test_both_limits_are_kept_and_a_prompt_that_takes_longer_is_not_served():
    long = replace(CHAT, input_tokens=16_000, load="saturated")
    free, first, both = estimate_serving(
        [long, replace(long, ttft_limit_s=1.0), replace(long, ttft_limit_s=1.0, tpot_limit_s=0.02)], CONSTANTS
    ).batch
    assert both < first < free
    assert not estimate_serving([replace(long, ttft_limit_s=0.1)], CONSTANTS).fits[0]
