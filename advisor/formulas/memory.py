"""Memory of one card during a training step: its terms in bytes, and what is alive at each moment of the step.

Every argument may be a number or an array. Counts are whole model, ``tokens`` is micro batch x length
of one card. Flags are 0 or 1. Forms: model.md B1 and estimators.md; constants: data/estimators/memory.yaml.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]

MOMENTS: Mapping[str, tuple[str, ...]] = {
    "loss": ("weights", "optimizer", "gathered", "accumulated", "saved", "logits"),
    "backward": ("weights", "optimizer", "gathered", "accumulated", "saved", "held", "layer"),
    "end": ("weights", "optimizer", "gathered", "gradients", "layer"),
    "step": ("weights", "optimizer", "gradients", "temporaries"),
}
"""Terms alive at each moment: loss of the forward pass, first and last layer of the backward pass, optimizer step.

A plain sum of all terms is the classic mistake: gradients do not exist yet while the logits do.
"""


def embedding_parameters(vocab: Numbers, hidden: Numbers, tied: Numbers) -> Numbers:
    """Parameters of input embedding and output head [count]; one matrix where they are tied.

    Parameters
    ----------
    vocab : float or array [tokens]
    hidden : float or array [count]
    tied : float or array [0/1]

    Returns
    -------
    float or array [count]
    """
    return vocab * hidden * (2 - tied)


def adapter_parameters(layers: Numbers, rank: Numbers, widths: Numbers) -> Numbers:
    """Trainable parameters of LoRA [count]: two matrices of ``rank`` beside each target.

    ``widths`` is the sum of input and output widths over the targets of one layer. With grouped
    queries the key and value outputs are narrower than the hidden size.

    Parameters
    ----------
    layers : float or array [count]
    rank : float or array [count]
    widths : float or array [count]

    Returns
    -------
    float or array [count]
    """
    return layers * rank * widths


def base_bytes(
    linear_parameters: Numbers,
    embedding: Numbers,
    bytes_per_parameter: Numbers,
    embedding_bytes_per_parameter: Numbers,
) -> Numbers:
    """Weights as stored [bytes]. Quantisation leaves the embeddings alone: 4 bits are not a quarter of the file.

    Parameters
    ----------
    linear_parameters : float or array [count]
    embedding : float or array [count]
    bytes_per_parameter : float or array [bytes/parameter]
    embedding_bytes_per_parameter : float or array [bytes/parameter]

    Returns
    -------
    float or array [bytes]
    """
    return linear_parameters * bytes_per_parameter + embedding * embedding_bytes_per_parameter


def layer_activations(
    tokens: Numbers,
    hidden: Numbers,
    kv_width: Numbers,
    ffn: Numbers,
    ffn_bytes: Numbers,
    trained_inputs: Numbers,
    scores: Numbers,
) -> Numbers:
    """What one layer keeps for its backward pass, 16 bit [bytes]: 12 h around norms and attention, 4 h_kv.

    ``ffn`` is the width of the experts a token passes through; ``ffn_bytes`` per unit of it is larger with a
    gated MLP. ``trained_inputs``, bytes per token, come on top: a frozen matrix needs no copy of its input, a
    trained one does. ``scores`` is the attention matrix, 0 with flash attention. After Korthikanti et al. 2022.

    Parameters
    ----------
    tokens : float or array [tokens], micro batch x length of one card
    hidden : float or array [count]
    kv_width : float or array [count], h_kv
    ffn : float or array [count]
    ffn_bytes : float or array [bytes per token and unit of ffn]
    trained_inputs : float or array [bytes/token]
    scores : float or array [bytes]

    Returns
    -------
    float or array [bytes]

    References
    ----------
    Korthikanti et al. 2022.
    """
    return tokens * (12 * hidden + 4 * kv_width + ffn_bytes * ffn + trained_inputs) + scores


def attention_scores(tokens: Numbers, length: Numbers, heads: Numbers) -> Numbers:
    """Attention matrix of one layer without flash attention [bytes]: 16-bit scores, softmax and dropout mask.

    Grows with the square of the length, the rest of a layer does not.

    Parameters
    ----------
    tokens : float or array [tokens], micro batch x length of one card
    length : float or array [tokens]
    heads : float or array [count]

    Returns
    -------
    float or array [bytes]
    """
    return 5 * heads * length * tokens


def saved_inputs(tokens: Numbers, hidden: Numbers, layers: Numbers, bytes_per_value: Numbers) -> Numbers:
    """Input of every layer, which checkpointing keeps to recompute the rest [bytes].

    Parameters
    ----------
    tokens : float or array [tokens], micro batch x length of one card
    hidden : float or array [count]
    layers : float or array [count]
    bytes_per_value : float or array [bytes/value]

    Returns
    -------
    float or array [bytes]
    """
    return tokens * hidden * layers * bytes_per_value


def logits(tokens: Numbers, vocab: Numbers, bytes_per_logit: Numbers) -> Numbers:
    """Logits, their 32-bit copy, log-softmax and gradient [bytes]; the peak of many a small model.

    Parameters
    ----------
    tokens : float or array [tokens], micro batch x length of one card
    vocab : float or array [tokens]
    bytes_per_logit : float or array [bytes/logit]

    Returns
    -------
    float or array [bytes]
    """
    return tokens * vocab * bytes_per_logit


def gathered_weights(layer_bytes: Numbers, embedding: Numbers, layers_at_once: Numbers) -> Numbers:
    """Whole layers that FSDP or ZeRO-3 collects from the other cards, the next one prefetched [bytes].

    Parameters
    ----------
    layer_bytes : float or array [bytes], of one whole layer
    embedding : float or array [bytes]
    layers_at_once : float or array [count]

    Returns
    -------
    float or array [bytes]
    """
    return layers_at_once * layer_bytes + embedding


def moments(terms: Mapping[str, Numbers]) -> NDArray[np.float64]:
    """Sum of what is alive at each of the moments, one row each, in the unit of the terms.

    Parameters
    ----------
    terms : mapping of str to float or array [bytes], by the names in ``MOMENTS``

    Returns
    -------
    array [bytes], one row a moment
    """
    return np.stack(np.broadcast_arrays(*(sum(terms[name] for name in alive) for alive in MOMENTS.values()))).astype(
        float
    )


def reserved(
    standing: Numbers,
    activations: Numbers,
    update: Numbers,
    unshared: Numbers,
    allocated: Numbers,
    unused: Numbers,
    rounding: Numbers,
) -> Numbers:
    """What the caching allocator holds [bytes], which "out of memory" compares with the card.

    ``activations`` and ``update`` (gradients and the optimizer's copies) occupy the same room in turn above
    what is ``standing``; a share ``unshared`` of the smaller does not fit blocks cut for the larger. What is left over
    between blocks grows with everything that is held, by the share ``rounding``.

    Parameters
    ----------
    standing : float or array [bytes]
    activations : float or array [bytes]
    update : float or array [bytes]
    unshared : float or array [fraction]
    allocated : float or array [bytes]
    unused : float or array [bytes]
    rounding : float or array [fraction]

    Returns
    -------
    float or array [bytes]
    """
    larger, smaller = np.maximum(activations, update), np.minimum(activations, update)
    cached = standing + larger + unshared * smaller
    return np.maximum(cached, allocated) * (1 + rounding) + unused


def process(reserved_bytes: Numbers, context: Numbers, several_cards: Numbers, collective: Numbers) -> Numbers:
    """What nvidia-smi shows [bytes]: the allocator's, the CUDA context, NCCL buffers with several cards.

    Parameters
    ----------
    reserved_bytes : float or array [bytes]
    context : float or array [bytes]
    several_cards : float or array [0/1]
    collective : float or array [bytes]

    Returns
    -------
    float or array [bytes]
    """
    return reserved_bytes + context + several_cards * collective
