"""Serving speed of described deployments: sequences that fit, what limits a step, tokens per second."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
from numpy.typing import NDArray

from advisor.engineering.deployments import Array, Deployment, deployment
from advisor.engineering.descriptions import ServingSetup
from advisor.engineering.serving_interval import serving_sigma
from advisor.formulas import serving as formula
from advisor.formulas.constants import GIB
from advisor.formulas.kept_limits import sequences_of_a_run

Constants = Mapping[str, float]
LIMITS = ("weights", "kv", "compute", "link", "fixed", "prefill")
"""What can limit a decoding step, in the order of ``ServingEstimate.terms``."""
QUANTISED_BITS = 9
"""Weights of at most so many bits, scales included, count as quantised: they reach less of the bandwidth."""
ENCODER_BITS = 16
"""Encoders of images and sound stay as they are stored."""
OLD_PYTHON = ("python_2024", "python_before_2025")
PYTHON = ("python", *OLD_PYTHON)
UNFUSED = (*PYTHON, "eager")
LAUNCHED = ("llama_cpp", "launched")
"""Engines of kernels of their own that are launched one by one, neither joined nor recorded."""
BEFORE_AMPERE = ("Volta", "Turing")
MILLI, MICRO = 1e-3, 1e-6
SOME_MORE = 1.1
"""So many times the sequences show how a step depends on their number."""
ROUNDING = 1e-9
ROUNDS = 60
"""Steps of the bisection for the sequences in flight; each halves the error."""


@dataclass(frozen=True)
class ServingEstimate:
    """Speed of each setup, one entry for each, or (requests, setups); nan where the setup does not fit.

    ``ttft_s`` is that of a request which is served at once, without waiting in a queue.
    ``terms`` are the seconds of one token after the first by LIMITS, in which the prompts of others are read.
    """

    fits: NDArray[np.bool_]
    keeps_limits: NDArray[np.bool_]  # with one sequence at least, by this estimate
    memory_gib_per_card: Array
    batch: Array  # sequences at once
    batch_by_memory: Array  # sequences whose KV cache fits
    ttft_s: Array  # time to first token
    tpot_s: Array  # time per output token after the first
    output_tokens_per_s: Array
    requests_per_s: Array
    limit: NDArray[np.str_]  # one of LIMITS, or "memory" where the setup does not fit
    terms: Array  # (LIMITS, ..., setups) [s]
    elasticity: Array  # of the output rate to the limit on the time per token; 0 where that decides nothing
    sigma: Array  # of the output rate, in the logarithm of measured over estimated

    def of_request(self, place: int) -> "ServingEstimate":
        """Every setup for one of many kinds of requests."""
        arrays = {f.name: getattr(self, f.name) for f in fields(self)}
        return ServingEstimate(**{name: values[..., place, :] for name, values in arrays.items()})


def estimate_serving(setups: Sequence[ServingSetup], constants: Constants) -> ServingEstimate:
    """Speed of every setup.

    Parameters
    ----------
    setups : sequence of ServingSetup, at least one
    constants : mapping of str to float, of the serving estimator

    Returns
    -------
    ServingEstimate, one entry for each setup

    Raises
    ------
    InputError
        If an answer has no token.

    References
    ----------
    The constants and their sources stand in ``data/estimators/serving.yaml``.
    """
    return estimate_deployment(deployment(setups), constants)


def estimate_deployment(d: Deployment, c: Constants) -> ServingEstimate:
    """Speed of every setup, from arrays: thousands of setups or draws cost one pass.

    Prompts, answers and limits that are columns (requests, 1) are looked at on every setup.

    Parameters
    ----------
    d : Deployment
    c : mapping of str to float, constants of the serving estimator

    Returns
    -------
    ServingEstimate, one entry for each setup

    References
    ----------
    The constants and their sources stand in ``data/estimators/serving.yaml``.
    """
    per_card, kv_card, by_memory = _memory(d, c)
    request = _prefill(d, c)
    unanswered = np.where(d.having("load", "decode"), 0.0, request + d["http"] * c["http_ms"] * MILLI)

    most = _most_sequences(d, c, by_memory)
    batch, keeps_limits = _in_flight(d, c, unanswered, request, most)
    has_more = batch < np.floor(most) * (1 - ROUNDING)
    if d.having("load", "open").any():
        batch = np.where(d.having("load", "open"), _arriving(d, c, unanswered, batch), batch)
    fits = batch > 0
    some = np.maximum(batch, 1.0)
    tpot = partial(_time_per_token, d, c, unanswered)
    moved = formula.rate_elasticity(tpot(some), tpot(some * SOME_MORE), SOME_MORE)
    elasticity = np.where(has_more, np.minimum(moved, c["most_elastic"]), 0.0)
    batch = np.where(fits, batch, np.nan)
    terms = _terms(d, c, batch)
    rate = _output_rate(d, c, batch, terms.sum(axis=0), unanswered)
    work = _with_prompts(terms, batch * unanswered / d["answer"])
    slowest = np.argmax(np.nan_to_num(work), axis=0)
    shares = _with_prompts(terms, np.maximum(batch - 1, 0.0) * unanswered / d["answer"])
    held = batch * (d["prompt"] + d["answer"]) * kv_card
    return ServingEstimate(
        fits=fits,
        keeps_limits=keeps_limits,
        # What does not fit beside the weights waits, so that a card is full and not more.
        memory_gib_per_card=np.minimum(per_card + c["reserve_gib"] * GIB + held, d["memory"]) / GIB,
        batch=batch,
        batch_by_memory=by_memory,
        ttft_s=np.where(fits, request + terms.sum(axis=0), np.nan),
        tpot_s=np.where(fits, shares.sum(axis=0), np.nan),
        output_tokens_per_s=rate,
        requests_per_s=rate / d["answer"],
        limit=np.where(fits, np.array(LIMITS)[slowest], "memory"),
        terms=shares,
        elasticity=elasticity,
        sigma=serving_sigma(d, c, (work[1] + work[5]) / work.sum(axis=0), elasticity),
    )


def _memory(d: Deployment, c: Constants) -> tuple[Array, Array, Array]:
    """Bytes of weights on a card, bytes of one cached token on a card, sequences that fit at once."""
    weights = formula.weight_bytes(d["params"], d["embeddings"], d["weight_bits"], d["embedding_bits"])
    encoder = formula.weight_bytes(d["encoder"], 0.0, ENCODER_BITS, ENCODER_BITS)
    per_card = np.asarray((weights + encoder) / (d["cards"] * d["split"]))
    kv_token = _kv_bytes(d, d["prompt"] + d["answer"])
    kv_card = np.asarray(kv_token / (_cache_parts(d) * d["split"]))
    usable = np.where(d.having("engine", "compiled"), c["usable_memory_compiled"], c["usable_memory"])
    room = formula.kv_room_tokens(d["memory"], usable, per_card, c["reserve_gib"] * GIB, kv_card)
    spare = formula.kv_room_tokens(d["memory"], 1.0, per_card, c["least_reserve_gib"] * GIB, kv_card)
    usual = formula.batch_by_memory(room, d["prompt"], d["answer"], c["held_answer_share"])
    alone = np.where(np.asarray(spare) >= d["prompt"] + d["answer"], 1.0, 0.0)
    return per_card, kv_card, np.maximum(usual, alone)


def _time_per_token(d: Deployment, c: Constants, unanswered: Array, batch: Array) -> Array:
    """Seconds between two tokens of an answer, with the prompts of others, which take ``unanswered`` each.

    One's own prompt is read before the first token.
    """
    step = _terms(d, c, batch).sum(axis=0)
    return np.asarray(formula.time_per_output_token(step, np.maximum(batch - 1, 0.0), unanswered, d["answer"]))


def _with_prompts(terms: Array, prompts: Array) -> Array:
    """What a token takes by LIMITS: the terms of a step, and the prompts that are read in between."""
    return np.concatenate([terms, prompts[np.newaxis]])


def _limits_used(d: Deployment, c: Constants, unanswered: Array, request: Array) -> Callable[[Array], Array]:
    """What share of its limits a number of sequences takes: on the time per token, or on the mean time to the first."""

    def used(batch: Array) -> Array:
        each = _time_per_token(d, c, unanswered, batch)
        if not np.isfinite(d["ttft_limit"]).any():
            return np.asarray(each / d["tpot_limit"])
        busy = np.minimum(np.maximum(batch - 1, 0.0) * request / (d["answer"] * each), 1.0)
        first = request + _terms(d, c, batch).sum(axis=0) + formula.mean_wait_seconds(busy, request)
        return np.asarray(np.maximum(each / d["tpot_limit"], first / d["ttft_limit"]))

    return used


def _in_flight(
    d: Deployment, c: Constants, unanswered: Array, request: Array, most: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """Sequences at once, of at most so many, and whether one at least keeps the limits by this estimate."""
    used = _limits_used(d, c, unanswered, request)
    batch = formula.largest_batch(lambda some: used(some) <= 1, most)
    keeps_limits = batch > 0
    runs = np.flatnonzero(d["limits_kept"])
    if runs.size:
        batch[runs] = _measured_within_limits(d.among(runs), c, unanswered[runs], request[runs], most[runs])
    return batch, keeps_limits


def _measured_within_limits(d: Deployment, c: Constants, unanswered: Array, request: Array, most: Array) -> Array:
    """Sequences of runs that were measured within their limits, if only one at a time.

    A server turns no user away to keep a limit: where each waits for his answer, there were as many as are stated.
    """
    used = _limits_used(d, c, unanswered, request)
    told = sequences_of_a_run(used, np.ones_like(most), c["sigma_step"], np.maximum(most, 1.0))
    waiting = d.having("load", "closed", "static") & np.isfinite(d["concurrency"])
    return np.where(most >= 1, np.where(waiting, np.floor(most), told), 0.0)


def _kv_bytes(d: Deployment, tokens: Array) -> Array:
    """Bytes of cache for each token of a text of ``tokens``."""
    values = formula.kv_values_per_token(d["lasting"], d["windowed"], d["window"], d["state"], tokens)
    return np.asarray(formula.kv_bytes(values, d["kv_bits"]))


def _cache_parts(d: Deployment) -> Array:
    """Cards that share the cache of a sequence, or the sequences among them; the others hold copies."""
    return np.where(d["own_cache"] > 0, d["cards"], np.minimum(d["cards"], d["kv_shards"]))


def _most_sequences(d: Deployment, c: Constants, by_memory: Array) -> Array:
    """Sequences that load, engine and memory allow at once."""
    large = (
        (d["memory"] >= c["large_card_gib"] * GIB) & ~d.having("generation", "Ampere") & d.having("engine", "python")
    )
    default = np.where(large, c["max_sequences_large"], c["max_sequences"])
    default = np.where(d.having("engine", "compiled"), c["max_sequences_compiled"], default)
    engine = np.where(np.isnan(d["max_sequences"]), default, d["max_sequences"])
    engine = np.where(d.having("load", "static", "decode", "single"), np.inf, engine)
    alone = d.having("load", "single", "decode") & np.isinf(d["concurrency"])
    wanted = np.where(alone, 1.0, np.minimum(d["concurrency"], d["requests"]))
    return np.minimum(np.minimum(wanted, engine), by_memory)


def _output_rate(d: Deployment, c: Constants, batch: Array, step: Array, request: Array) -> Array:
    """Answer tokens per second, in the steady state or over a finite run."""
    steady = formula.steady_output_rate(step, batch, request, d["answer"])
    idle = _terms(d, c, batch * 0, touched_by=batch).sum(axis=0)
    finite = np.isfinite(d["requests"])
    count = np.where(finite, d["requests"], 1.0)
    tail = np.where(np.isnan(d["tail"]), np.maximum(c["chat_tail"] * formula.longest_of(count), 1.0), d["tail"])
    seconds = formula.burst_seconds(count, batch, d["answer"], tail, step, idle, request)
    arrives = d.having("load", "open")
    last_answered = count / d["arrivals"] + request + d["answer"] * step
    seconds = np.where(arrives, np.maximum(seconds, last_answered), seconds)
    short = finite & d.having("load", "burst", "open", "closed", "saturated")
    rate = np.where(short, count * d["answer"] / seconds, steady)
    rate = np.where(arrives, np.minimum(rate, d["arrivals"] * d["answer"]), rate)
    rate = np.where(d.having("load", "limited"), rate * c["limited_share"], rate)
    client = np.where(d["remote"] > 0, c["remote_token_ms"] * MILLI, 0.0)
    return np.asarray(rate / (1 + rate * client))


def _arriving(d: Deployment, c: Constants, unanswered: Array, capacity: Array) -> Array:
    """Sequences in flight when requests arrive at their rate: Little's law, solved by bisection below the capacity."""
    low, high = np.zeros_like(capacity), capacity
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        step = _terms(d, c, np.maximum(middle, 1e-9)).sum(axis=0)
        served = formula.steady_output_rate(step, middle, unanswered, d["answer"]) / d["answer"]
        low = np.where(served < d["arrivals"], middle, low)
        high = np.where(served < d["arrivals"], high, middle)
    return np.asarray(high)


def _mfu(d: Deployment, c: Constants) -> Array:
    """Share of the peak of the multiplied data type that large matrix products reach under this engine."""
    share = np.where(d.having("compute", "fp8", "int8"), c["mfu_8bit_share"], 1.0) * c["mfu"]
    share = share * np.where(d.having("generation", *BEFORE_AMPERE), c["mfu_before_ampere_share"], 1.0)
    share = share * np.where(d["half_rate"] > 0, c["mfu_half_rate_share"], 1.0)
    share = share * np.where(d.having("compute", "fp4"), c["mfu_4bit_share"], 1.0)
    widened = (d["weight_bits"] <= QUANTISED_BITS) & d.having("compute", "bf16")
    share = share * np.where(widened, c["mfu_widened_share"], 1.0)
    general = d.having("engine", *UNFUSED)
    share = share * np.where(general, c["python_loop_share"], 1.0)
    share = share * np.where(general & (d["http"] > 0), _served_share(d, c), 1.0)
    experts = np.where(general, c["mfu_experts_python_share"], c["mfu_experts_share"])
    share = share * np.where(d["active"] < d["params"], experts, 1.0)
    cdna = np.where(d.having("engine", *OLD_PYTHON), c["mfu_cdna_before_2025"], c["mfu_cdna"])
    return share * np.where(_of_amd(d), cdna / c["mfu"], 1.0)


def _served_share(d: Deployment, c: Constants) -> Array:
    """What a loop that answers over HTTP leaves of the card: less of a faster one, whose steps are shorter.

    How fast a card is says its memory or its arithmetic, whichever is further from A100 towards H100.
    """
    by_memory = np.log(d["bandwidth"] / c["served_usual_gb_s"]) / np.log(c["served_fast_gb_s"] / c["served_usual_gb_s"])
    by_peak = np.log(d["bf16_peak"] / c["served_usual_tflops"]) / np.log(
        c["served_fast_tflops"] / c["served_usual_tflops"]
    )
    share = c["served_fast_card_share"] ** np.clip(np.maximum(by_memory, by_peak), 0.0, 1.0)
    return np.where(_of_amd(d), 1.0, share)


def _of_amd(d: Deployment) -> NDArray[np.bool_]:
    """Cards whose share of the peak was set with engines that serve."""
    return np.char.startswith(d.words["generation"], "CDNA") | np.char.startswith(d.words["generation"], "RDNA")


def _link_gb_s(d: Deployment, c: Constants) -> Array:
    """Rate that one direction of the link between cards achieves [GB/s]."""
    return np.where(d["link"] > 0, d["link"] / 2 * c["link_share"], c["pcie_gb_s"])


def _latency_us(d: Deployment, c: Constants, batch: Array) -> Array:
    """Latency of one all-reduce [us]: small ones go to every card at once, larger ones more and more in parts.

    Between the two it grows by the root of the size, which fits families of software left out better than a line.
    """
    large = c["all_reduce_large_gib"] * GIB
    part = np.sqrt(np.minimum(batch * d["hidden"] * formula.BYTES_PER_ACTIVATION / large, 1.0))
    linked = c["all_reduce_small_us"] + np.maximum(c["all_reduce_us"] - c["all_reduce_small_us"], 0.0) * part
    over_pcie = np.where(d.having("engine", "python_before_2025"), c["all_reduce_pcie_old_us"], c["all_reduce_pcie_us"])
    return np.where(d["link"] > 0, linked, over_pcie * np.log2(np.maximum(d["cards"], 2.0)))


def _prefill(d: Deployment, c: Constants) -> Array:
    """Seconds to process one prompt."""
    mfu = _mfu(d, c)
    inner = np.maximum(d["active"] - d["embeddings"], 0.5 * d["active"])
    new = d["prompt"] * (1 - d["cached"])
    products = formula.multiply_seconds(inner, new, d["peak"] * d["cards"], mfu)
    seeing = d["layers"] - d["linear"] - d["looking_back"] * (1 - formula.seen_share(d["prompt"], d["window"]))
    peak = d["bf16_peak"] * d["cards"]
    attention = formula.attention_seconds(seeing, d["heads"], d["head_dim"], d["prompt"], peak, c["mfu_attention"])
    wire = formula.all_reduce_seconds(d["layers"], d["hidden"], new, d["cards"], 0.0, _link_gb_s(d, c))
    return np.asarray(products + attention * (1 - d["cached"] ** 2) + wire)


def _terms(d: Deployment, c: Constants, batch: Array, touched_by: Array | None = None) -> Array:
    """Seconds of one decoding step by what they are spent on, one row for each of the first five LIMITS."""
    size, head = _weights_read(d, batch if touched_by is None else touched_by)
    weights = formula.read_seconds(size, d["bandwidth"] * d["cards"], _weight_bandwidth_share(d, c))
    seen = d["prompt"] + d["answer"] / 2
    kv_token = _kv_bytes(d, seen)
    share = np.where(d["latent"] > 0, c["mbu_latent"], c["mbu_kv"])
    kv = formula.read_seconds(batch * seen * kv_token, d["bandwidth"] * _cache_parts(d), share)
    multiplied = d["active"] - d["embeddings"] + head
    compute = formula.multiply_seconds(multiplied, batch, d["peak"] * d["cards"], _mfu(d, c))
    latency, rate = _latency_us(d, c, batch), _link_gb_s(d, c)
    link = formula.all_reduce_seconds(d["layers"], d["hidden"], batch, d["cards"], latency, rate)
    fixed = _fixed(d, c, batch) + _launching(d, c, batch, np.asarray(kv) + np.asarray(compute))
    step = np.stack(np.broadcast_arrays(weights, kv, compute, link, fixed))
    drafted = np.stack(np.broadcast_arrays(weights, kv, compute * c["drafted_tokens"], link, fixed))
    drafted = drafted / c["speculative_gain"]
    pays = (d["speculative"] > 0) & (drafted.sum(axis=0) < step.sum(axis=0))
    return np.where(pays, drafted, step)


def _weights_read(d: Deployment, batch: Array) -> tuple[Array, Array]:
    """Bytes of the weights that one step reads, and the parameters of the output head.

    The input embedding is looked up, not read; of a mixture of experts only the experts that the batch visits are read.
    """
    head = d["table"]
    experts = formula.expert_params(d["params"], d["active"], d["routed"])
    unvisited = experts * (1 - formula.touched_share(d["routed"], batch))
    read = d["params"] - (d["embeddings"] - head) - unvisited
    return np.asarray(formula.weight_bytes(read, head, d["weight_bits"], d["embedding_bits"])), head


def _weight_bandwidth_share(d: Deployment, c: Constants) -> Array:
    """Share of the peak bandwidth that streaming the weights reaches."""
    hbm = np.where(d.having("engine", "llama_cpp"), c["mbu_hbm_llama_cpp"], c["mbu_hbm"])
    hbm = hbm * np.where(d["weight_bits"] <= QUANTISED_BITS, c["mbu_quantised_share"], 1.0)
    return np.where(d["gddr"] > 0, c["mbu_gddr"], hbm)


def _fixed(d: Deployment, c: Constants, batch: Array) -> Array:
    """Seconds of a step besides memory and arithmetic: kernel launches, the scheduler, hops between cards."""
    layer_us = np.where(d.having("engine", "eager"), c["layer_us_eager"], c["layer_us"])
    launches = d["layers"] * layer_us * MICRO
    scheduler = (
        d.having("engine", "python_before_2025") * c["old_scheduler_ms"] * MILLI
        + d.having("engine", "python_2024") * c["scheduler_2024_ms"] * MILLI
    )
    sequences = np.where(d.having("engine", *UNFUSED), batch * c["python_sequence_us"] * MICRO, 0.0)
    hops = (d["split"] - 1) * c["hop_ms"] * MILLI
    return launches + scheduler + sequences + hops


def _launching(d: Deployment, c: Constants, batch: Array, growing: Array) -> Array:
    """Seconds that launching kernels one by one adds; it hides behind what more sequences than one take longer.

    ``growing`` is what grows with the sequences, of all of them.
    """
    added = d["layers"] * (c["layer_us_launched"] - c["layer_us"]) * MICRO
    hidden = growing * (1 - 1 / np.maximum(batch, 1.0))
    return np.where(d.having("engine", *LAUNCHED), np.maximum(added - hidden, 0.0), 0.0)
