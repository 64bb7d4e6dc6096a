"""Size of the cache of keys and values that a language model keeps of the text so far.

Every argument may be a float or an array.
"""

import numpy as np

from advisor.formulas.serving import BITS_PER_BYTE, Numbers


def caching_layers(layers: Numbers, windowed: Numbers, window: Numbers, tokens: Numbers) -> Numbers:
    """Layers whose cache would hold as much if every layer saw the whole text [count].

    A layer with a window keeps the last ``window`` tokens of a text of ``tokens``, the others keep all of them.

    Parameters
    ----------
    layers : float or array [count]
    windowed : float or array [count], of the layers
    window : float or array [tokens]
    tokens : float or array [tokens], read and written so far

    Returns
    -------
    float or array [count]
    """
    kept = np.minimum(window, tokens) / np.maximum(tokens, 1)
    return np.asarray(layers - windowed * (1 - kept))[()]


def kv_bytes_per_token(layers: Numbers, kv_heads: Numbers, head_dim: Numbers, kv_bits: Numbers) -> Numbers:
    """Key and value of one token in every layer [bytes]. Count the key-value heads, not the attention heads.

    Parameters
    ----------
    layers : float or array [count]
    kv_heads : float or array [count]
    head_dim : float or array [count]
    kv_bits : float or array [bit/value]

    Returns
    -------
    float or array [bytes]
    """
    return 2 * layers * kv_heads * head_dim * kv_bits / BITS_PER_BYTE


def latent_bytes_per_token(layers: Numbers, rank: Numbers, rope_dim: Numbers, kv_bits: Numbers) -> Numbers:
    """Latent cache of one token in every layer [bytes]: keys and values are one vector that all heads share.

    Parameters
    ----------
    layers : float or array [count]
    rank : float or array [count], values of the vector
    rope_dim : float or array [count], values of the position beside it
    kv_bits : float or array [bit/value]

    Returns
    -------
    float or array [bytes]

    References
    ----------
    DeepSeek-V2, arXiv 2405.04434, multi-head latent attention.
    """
    return layers * (rank + rope_dim) * kv_bits / BITS_PER_BYTE
