"""How fast a deployment of a language model answers, from what one step has to move and to multiply.

Every argument may be a float or an array. Seconds are those of one replica, which may span several cards.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]
BITS_PER_BYTE = 8
MOST_SEQUENCES = 1 << 20
BYTES_PER_ACTIVATION = 2
GIGA, TERA, MICRO = 1e9, 1e12, 1e-6


def weight_bytes(params: Numbers, embeddings: Numbers, weight_bits: Numbers, embedding_bits: Numbers) -> Numbers:
    """Bytes of the stored weights. Quantisation leaves the embeddings wide: a 4-bit 0.5B model is not 0.25 GB.

    Parameters
    ----------
    params : float or array [count]
    embeddings : float or array [count]
    weight_bits : float or array [bit/parameter]
    embedding_bits : float or array [bit/parameter]

    Returns
    -------
    float or array [bytes]
    """
    linear = params - embeddings
    return (linear * weight_bits + embeddings * embedding_bits) / BITS_PER_BYTE


def expert_params(params: Numbers, active_params: Numbers, active_share: Numbers) -> Numbers:
    """Parameters that stand in experts [count], from total and active ones; 0 for a dense model.

    ``active_share`` is the share of the experts one token visits, k/E.

    Parameters
    ----------
    params : float or array [count]
    active_params : float or array [count], of one token
    active_share : float or array [fraction]

    Returns
    -------
    float or array [count]
    """
    idle = params - active_params
    return ratio(idle, 1 - np.minimum(active_share, 1 - 1e-9))


def touched_share(active_share: Numbers, tokens: Numbers) -> Numbers:
    """Share of the experts that a batch of ``tokens`` visits, each choosing independently [fraction].

    Eight tokens touch far more experts than one: a mixture of experts is cheap for one user, not for a batch.

    Parameters
    ----------
    active_share : float or array [fraction]
    tokens : float or array [tokens]

    Returns
    -------
    float or array [fraction]
    """
    missed_by_one = 1 - active_share
    return 1 - missed_by_one**tokens


def kv_values_per_token(
    lasting: Numbers, windowed: Numbers, window: Numbers, state: Numbers, tokens: Numbers
) -> Numbers:
    """Values that a text of ``tokens`` keeps in the cache, for each of its tokens [count].

    A layer with a window keeps the last ``window`` tokens of the text; linear attention keeps as much of a short text
    as of a long one; every other layer keeps all of it.

    Parameters
    ----------
    lasting : float or array [count], of a token in the layers without a window
    windowed : float or array [count], of a token in the layers with one
    window : float or array [tokens]
    state : float or array [count], of the whole text in layers with linear attention
    tokens : float or array [tokens], read and written so far

    Returns
    -------
    float or array [count]
    """
    length = np.maximum(tokens, 1)
    return np.asarray(lasting + windowed * np.minimum(window, tokens) / length + state / length)[()]


def kv_bytes(values: Numbers, kv_bits: Numbers) -> Numbers:
    """Bytes of so many values in the cache [bytes].

    Parameters
    ----------
    values : float or array [count]; key and value of the key-value heads, not of the attention heads
    kv_bits : float or array [bit/value]

    Returns
    -------
    float or array [bytes]
    """
    return values * kv_bits / BITS_PER_BYTE


def read_seconds(size: Numbers, bandwidth_gb_s: Numbers, achieved_share: Numbers) -> Numbers:
    """Time to stream ``size`` bytes from the card's memory [s].

    Parameters
    ----------
    size : float or array [bytes]
    bandwidth_gb_s : float or array [GB/s]
    achieved_share : float or array [fraction]

    Returns
    -------
    float or array [s]
    """
    return size / (bandwidth_gb_s * GIGA * achieved_share)


def multiply_seconds(params: Numbers, tokens: Numbers, tflops: Numbers, achieved_share: Numbers) -> Numbers:
    """Time of the matrix products of ``tokens`` tokens [s]: one multiplication and one addition per parameter.

    Parameters
    ----------
    params : float or array [count]
    tokens : float or array [tokens]
    tflops : float or array [TFLOP/s]
    achieved_share : float or array [fraction]

    Returns
    -------
    float or array [s]
    """
    operations = 2 * params * tokens
    return operations / (tflops * TERA * achieved_share)


def attention_seconds(
    layers: Numbers, heads: Numbers, head_dim: Numbers, prompt: Numbers, tflops: Numbers, achieved_share: Numbers
) -> Numbers:
    """Time of causal attention over one prompt [s]. Grows with the square of the prompt: small at 1k, not at 32k.

    Parameters
    ----------
    layers : float or array [count]
    heads : float or array [count]
    head_dim : float or array [count]
    prompt : float or array [tokens]
    tflops : float or array [TFLOP/s]
    achieved_share : float or array [fraction]

    Returns
    -------
    float or array [s]
    """
    operations = 2 * layers * heads * head_dim * prompt**2
    return operations / (tflops * TERA * achieved_share)


def seen_share(prompt: Numbers, window: Numbers) -> Numbers:
    """Share of causal attention over a prompt that is left where each token looks back ``window`` tokens [fraction].

    Parameters
    ----------
    prompt : float or array [tokens]
    window : float or array [tokens]

    Returns
    -------
    float or array [fraction]
    """
    covered: Numbers = np.minimum(ratio(window, np.maximum(prompt, 1.0)), 1.0)
    return covered * (2 - covered)


def all_reduce_seconds(
    layers: Numbers, hidden: Numbers, tokens: Numbers, cards: Numbers, latency_us: Numbers, link_gb_s: Numbers
) -> Numbers:
    """Time tensor parallelism spends adding partial results, twice per layer [s]; 0 on one card.

    ``link_gb_s`` is what one direction of the links achieves.

    Parameters
    ----------
    layers : float or array [count]
    hidden : float or array [count]
    tokens : float or array [tokens]
    cards : float or array [count]
    latency_us : float or array [us]
    link_gb_s : float or array [GB/s]

    Returns
    -------
    float or array [s]
    """
    wire = tokens * hidden * BYTES_PER_ACTIVATION * 2 * (cards - 1) / cards
    once = latency_us * MICRO + wire / (link_gb_s * GIGA)
    return np.where(np.asarray(cards) > 1, 2 * layers * once, 0.0)


def kv_room_tokens(
    memory_bytes: Numbers, usable_share: Numbers, weights_per_card: Numbers, reserve: Numbers, kv_per_card: Numbers
) -> Numbers:
    """Tokens whose keys and values fit beside the weights [tokens]; negative where the weights do not fit.

    ``kv_per_card`` is what one token takes on one card: with more cards than key-value heads, heads are copied.

    Parameters
    ----------
    memory_bytes : float or array [bytes], of one card
    usable_share : float or array [fraction]
    weights_per_card : float or array [bytes]
    reserve : float or array [bytes], of one card
    kv_per_card : float or array [bytes/token]

    Returns
    -------
    float or array [tokens]
    """
    free = memory_bytes * usable_share - weights_per_card - reserve
    return free / kv_per_card


def batch_by_memory(room_tokens: Numbers, prompt: Numbers, answer: Numbers, held_share: Numbers) -> Numbers:
    """Sequences that run at once [count]. A running sequence holds its prompt and, on average, part of its answer.

    Parameters
    ----------
    room_tokens : float or array [tokens]
    prompt : float or array [tokens]
    answer : float or array [tokens]
    held_share : float or array [fraction]

    Returns
    -------
    float or array [count]
    """
    held = prompt + held_share * answer
    return np.floor(np.maximum(room_tokens, 0.0) / np.maximum(held, 1.0))


def largest_batch(within: Callable[[NDArray[np.float64]], NDArray[np.bool_]], most: Numbers) -> NDArray[np.float64]:
    """Largest whole batch up to ``most`` for which ``within`` holds [count]; 0 if none.

    By bisection: where ``within`` fails for one batch it must fail for every larger one.

    Parameters
    ----------
    within : callable, batch [count] to whether it holds
    most : float or array [count]

    Returns
    -------
    array [count]
    """
    low = np.zeros_like(np.asarray(most, dtype=float))
    high = np.minimum(np.floor(np.asarray(most, dtype=float)), MOST_SEQUENCES) + 1
    while bool(np.any(high - low > 1)):
        middle = np.where(high - low > 1, np.floor((low + high) / 2), np.maximum(low, 1.0))
        good = within(middle) & (high - low > 1)
        low = np.where(good, middle, low)
        high = np.where(~good & (high - low > 1), middle, high)
    return low


def time_per_output_token(step: Numbers, batch: Numbers, prefill: Numbers, answer: Numbers) -> Numbers:
    """What a user waits for the next token [s]: a step, and the share of newcomers' prompts that interrupt it.

    Parameters
    ----------
    step : float or array [s]
    batch : float or array [count]
    prefill : float or array [s], of one prompt
    answer : float or array [tokens]

    Returns
    -------
    float or array [s]
    """
    return step + batch * prefill / np.maximum(answer, 1.0)


def mean_wait_seconds(busy: Numbers, service: Numbers) -> Numbers:
    """Mean time that a request waits behind others which come at random and take ``service`` seconds each [s].

    Parameters
    ----------
    busy : float or array [fraction], of the time that requests are served
    service : float or array [s]

    Returns
    -------
    float or array [s]

    References
    ----------
    Formula of Pollaczek and Khinchine for equal service times.
    """
    return ratio(busy * service, 2 * np.maximum(1 - busy, 1e-9))


def steady_output_rate(step: Numbers, batch: Numbers, prefill: Numbers, answer: Numbers) -> Numbers:
    """Answer tokens per second while ``batch`` sequences are always running [tokens/s].

    Parameters
    ----------
    step : float or array [s]
    batch : float or array [count]
    prefill : float or array [s], of one prompt
    answer : float or array [tokens]

    Returns
    -------
    float or array [tokens/s]
    """
    return ratio(batch, time_per_output_token(step, batch, prefill, answer))


def rate_elasticity(time: Numbers, time_of_more: Numbers, more: float) -> NDArray[np.float64]:
    """How many percent more a deployment serves where each token may take one percent longer, in the steady state.

    A step that hardly depends on the number of sequences lets in many more of them for a little more time. It is as
    well by how much an error of the step's time moves the throughput.

    Parameters
    ----------
    time : float or array [s], per output token
    time_of_more : float or array [s], with ``more`` times as many sequences
    more : float [multiple], above 1

    Returns
    -------
    array [multiple], 0 or more

    References
    ----------
    Throughput is sequences over time per token, so the elasticity is that of the sequences less one.
    """
    growth = np.log(np.maximum(time_of_more / time, 1 + 1e-9))
    return np.asarray(np.maximum(np.log(more) / growth - 1, 0.0))


def longest_of(requests: Numbers) -> Numbers:
    """Longest of so many answers over their mean [multiple], their lengths spread exponentially as in chats.

    Parameters
    ----------
    requests : float or array [requests]

    Returns
    -------
    float or array [multiple]
    """
    return np.log(np.maximum(requests, 1.0)) + np.euler_gamma


def burst_seconds(
    requests: Numbers,
    batch: Numbers,
    answer: Numbers,
    tail: Numbers,
    step: Numbers,
    idle_step: Numbers,
    prefill: Numbers,
) -> Numbers:
    """Time until all of ``requests`` sent at once are answered [s].

    The work of each sequence is done whatever the order; the fixed part of a step, ``idle_step``, is paid once per
    step, and steps go on until the longest answer, ``tail`` times the mean, is finished in a nearly empty batch.
    Dividing the tokens by the steady rate leaves out that tail, which is half of a short run.

    Parameters
    ----------
    requests : float or array [requests]
    batch : float or array [count]
    answer : float or array [tokens]
    tail : float or array [multiple], of the mean answer
    step : float or array [s]
    idle_step : float or array [s]
    prefill : float or array [s], of one prompt

    Returns
    -------
    float or array [s]
    """
    per_sequence = (step - idle_step) / np.maximum(batch, 1.0)
    steps = np.maximum(requests - batch, 0.0) * answer / np.maximum(batch, 1.0) + tail * answer
    return steps * idle_step + requests * (answer * per_sequence + prefill)
