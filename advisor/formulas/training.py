"""Time of one micro-step of training on one card: arithmetic, memory traffic and communication.

A micro-step is one forward and backward pass over ``tokens`` = micro-batch x sequence length on one GPU.
Amounts are whole (FLOP, bytes, parameters), rates per second (FLOP/s, bytes/s). Every argument may be a
float or an array. Undefined is nan.
"""

import numpy as np
from numpy.typing import NDArray

from advisor.formulas.division import ratio

Numbers = float | NDArray[np.float64]


def matmul_passes(trained_share: Numbers, recomputed_share: Numbers) -> Numbers:
    """Forward-sized matrix products of one step [forward passes].

    Forward, gradient of the activations, gradient of the weights that are trained (LoRA saves this one of
    three, not more), and what checkpointing computes a second time.

    Parameters
    ----------
    trained_share : float or array [fraction], of the multiplied weights
    recomputed_share : float or array [fraction], of a forward pass

    Returns
    -------
    float or array [forward passes]
    """
    return 2 + trained_share + recomputed_share


def matmul_flop(passes: Numbers, parameters: Numbers, tokens: Numbers) -> Numbers:
    """Matrix products [FLOP]: a multiply and an add for every parameter, token and pass.

    ``parameters`` without the input embedding, which is looked up, not multiplied; of a mixture of
    experts only those a token visits.

    Parameters
    ----------
    passes : float or array [forward passes]
    parameters : float or array [count]
    tokens : float or array [tokens]

    Returns
    -------
    float or array [FLOP]
    """
    return 2 * passes * parameters * tokens


def embedding_copies(
    parameters: Numbers, layers: Numbers, layer_attention: Numbers, layer_mlp: Numbers, embedding: Numbers
) -> Numbers:
    """Whether input embedding and output layer are one matrix or two [copies], by what the total leaves over.

    ``layer_mlp`` is one matrix of the MLP, all experts together; a gated MLP has three, a plain one two.

    Parameters
    ----------
    parameters : float or array [count]
    layers : float or array [count]
    layer_attention : float or array [count], parameters of one layer
    layer_mlp : float or array [count], parameters
    embedding : float or array [count], parameters

    Returns
    -------
    float or array [copies]
    """
    candidates = [(copies, matrices) for copies in (1.0, 2.0) for matrices in (3.0, 2.0)]
    totals = [layers * (layer_attention + matrices * layer_mlp) + copies * embedding for copies, matrices in candidates]
    nearest = np.argmin(np.abs(np.asarray(totals) - parameters), axis=0)
    copies: Numbers = np.asarray([copies for copies, _ in candidates])[nearest]
    return copies


def attention_flop(
    tokens: Numbers, sequence: Numbers, width: Numbers, layers: Numbers, recomputed_share: Numbers
) -> Numbers:
    """Causal attention, forward and backward [FLOP]; ``width`` = heads x head dimension.

    A token looks back over half the sequence on average: 4 x width x sequence / 2 a layer. The backward
    pass of flash attention takes 2.5 forward passes, it computes the scores again (Dao 2023).

    Parameters
    ----------
    tokens : float or array [tokens]
    sequence : float or array [tokens]
    width : float or array [count]
    layers : float or array [count]
    recomputed_share : float or array [fraction], of a forward pass

    Returns
    -------
    float or array [FLOP]

    References
    ----------
    Dao 2023.
    """
    forward = 2 * layers * width * sequence * tokens
    return forward * (3.5 + recomputed_share)


def sustained_share(
    watts_per_tflops: Numbers, enough: Numbers, exponent: Numbers, family: Numbers, best: Numbers
) -> Numbers:
    """Share of the dense peak that large matrix products keep up [fraction].

    Peaks are computed at a clock that the power limit does not allow for long: the fewer watts a card
    has for each TFLOP/s of its data sheet, the further it throttles; with ``enough`` it does not.
    ``family`` is what a generation of chips does better or worse at the same power.

    Parameters
    ----------
    watts_per_tflops : float or array [W per TFLOP/s]
    enough : float or array [W per TFLOP/s]
    exponent : float or array [-]
    family : float or array [multiple]
    best : float or array [fraction]

    Returns
    -------
    float or array [fraction]
    """
    throttled = family * ratio(watts_per_tflops, enough) ** exponent
    return best * np.minimum(1.0, throttled)


def compute_seconds(flop: Numbers, peak: Numbers, share: Numbers) -> Numbers:
    """Time of so many FLOP at a share of the dense peak [s]. Data sheets print the sparse peak, twice it.

    Parameters
    ----------
    flop : float or array [FLOP]
    peak : float or array [FLOP/s], dense, of one card
    share : float or array [fraction]

    Returns
    -------
    float or array [s]
    """
    return ratio(flop, peak * share)


def activation_bytes(tokens: Numbers, hidden: Numbers, kv_width: Numbers, mlp_width: Numbers) -> Numbers:
    """What one layer with a gated MLP keeps for its backward pass, 16 bit [bytes] (Korthikanti et al. 2022).

    About 34 bytes per hidden unit in Llama; ``mlp_width`` counts every expert a token visits.

    Parameters
    ----------
    tokens : float or array [tokens]
    hidden : float or array [count]
    kv_width : float or array [count]
    mlp_width : float or array [count]

    Returns
    -------
    float or array [bytes]

    References
    ----------
    Korthikanti et al. 2022.
    """
    return tokens * (12 * hidden + 4 * kv_width + 6 * mlp_width)


def score_bytes(tokens: Numbers, sequence: Numbers, heads: Numbers) -> Numbers:
    """Attention scores a layer writes out without flash attention [bytes]. Grows with length squared.

    Parameters
    ----------
    tokens : float or array [tokens]
    sequence : float or array [tokens]
    heads : float or array [count]

    Returns
    -------
    float or array [bytes]
    """
    return 5 * heads * sequence * tokens


def elementwise_bytes(kept_bytes: Numbers, layers: Numbers, visits: Numbers, recomputed_share: Numbers) -> Numbers:
    """Memory traffic of norms, activation functions, residuals and adapters of one step [bytes].

    ``visits``: how often what a layer keeps is read or written, in quarters: one forward, two backward,
    and half of one for what checkpointing repeats, since a repeated pass writes less.

    Parameters
    ----------
    kept_bytes : float or array [bytes], by one layer
    layers : float or array [count]
    visits : float or array [count]
    recomputed_share : float or array [fraction], of a forward pass

    Returns
    -------
    float or array [bytes]
    """
    share = (3 + 0.5 * recomputed_share) / 4
    return visits * layers * kept_bytes * share


def transfer_seconds(moved_bytes: Numbers, bandwidth: Numbers) -> Numbers:
    """Time to move so many bytes [s].

    Parameters
    ----------
    moved_bytes : float or array [bytes]
    bandwidth : float or array [bytes/s]

    Returns
    -------
    float or array [s]
    """
    return ratio(moved_bytes, bandwidth)


def ramp(tokens: Numbers, ramp_tokens: Numbers) -> Numbers:
    """How much slower small micro-batches run, because they do not fill the card [multiple].

    Parameters
    ----------
    tokens : float or array [tokens]
    ramp_tokens : float or array [tokens]

    Returns
    -------
    float or array [multiple]
    """
    return 1 + ratio(ramp_tokens, tokens)


def unpack_bytes(parameters: Numbers, passes: Numbers, bytes_per_parameter: Numbers) -> Numbers:
    """Traffic of turning low-bit weights into 16 bit, once in every pass [bytes].

    Independent of the tokens, so it weighs most on small batches. All experts count, not only those visited.

    Parameters
    ----------
    parameters : float or array [count]
    passes : float or array [forward passes]
    bytes_per_parameter : float or array [bytes/parameter], moved in one pass

    Returns
    -------
    float or array [bytes]
    """
    return parameters * passes * bytes_per_parameter


def collective_bytes(whole_bytes: Numbers, collectives: Numbers, gpus: Numbers) -> Numbers:
    """Bytes one card sends and receives for ``collectives`` gathers or reductions of the whole [bytes].

    Parameters
    ----------
    whole_bytes : float or array [bytes]
    collectives : float or array [count]
    gpus : float or array [GPUs]

    Returns
    -------
    float or array [bytes]
    """
    return collectives * whole_bytes * ratio(gpus - 1, gpus)


def loss_bytes(tokens: Numbers, vocabulary: Numbers, bytes_per_logit: Numbers) -> Numbers:
    """Memory traffic of the logits, their loss and its gradient [bytes]. Weighs most on small models.

    Parameters
    ----------
    tokens : float or array [tokens]
    vocabulary : float or array [count]
    bytes_per_logit : float or array [bytes/logit], read and written in one step

    Returns
    -------
    float or array [bytes]
    """
    return tokens * vocabulary * bytes_per_logit


def tokens_per_second(tokens: Numbers, micro_step: Numbers) -> Numbers:
    """Training speed of one card [tokens/s].

    Parameters
    ----------
    tokens : float or array [tokens]
    micro_step : float or array [s]

    Returns
    -------
    float or array [tokens/s]
    """
    return ratio(tokens, micro_step)


def utilisation(flop: Numbers, seconds: Numbers, peak: Numbers) -> Numbers:
    """Share of the card's dense peak [fraction].

    MFU when ``flop`` is what the model needs, HFU when it includes what checkpointing repeats: a third
    more for full fine-tuning. The two must not be compared.

    Parameters
    ----------
    flop : float or array [FLOP]
    seconds : float or array [s]
    peak : float or array [FLOP/s], dense, of one card

    Returns
    -------
    float or array [fraction]
    """
    return ratio(flop, seconds * peak)
