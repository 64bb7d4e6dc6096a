"""Parameters of a decoder, counted from its shape: what each part of a layer holds. Biases and norms are left out.

Every argument is a count; each part is some thousandth of the whole larger in a model with biases.
"""


def embeddings(vocab: float, hidden: float, tied: bool) -> float:
    """Input embedding and output head, which are one matrix where they are tied.

    Parameters
    ----------
    vocab : float [tokens]
    hidden : float [count]
    tied : bool

    Returns
    -------
    float [parameters]
    """
    return vocab * hidden * (1 if tied else 2)


def attention(hidden: float, heads: float, kv_heads: float, head_dim: float) -> float:
    """Query, key, value and output matrices of one layer with grouped heads.

    Parameters
    ----------
    hidden : float [count]
    heads : float [count]
    kv_heads : float [count]
    head_dim : float [count]

    Returns
    -------
    float [parameters]
    """
    return 2 * hidden * (heads + kv_heads) * head_dim


def latent_attention(
    hidden: float, heads: float, head_dim: float, rope_dim: float, value_dim: float, kv_rank: float, q_rank: float
) -> float:
    """Matrices of one layer with latent attention: keys and values of all heads come from one vector per token.

    Parameters
    ----------
    hidden : float [count]
    heads : float [count]
    head_dim : float [count], of queries and keys, with the rotary part
    rope_dim : float [count], rotary part of a key, one for all heads
    value_dim : float [count], of a head
    kv_rank : float [count], width of the vector that is cached
    q_rank : float [count], width of the compressed query; 0 where queries are not compressed

    Returns
    -------
    float [parameters]

    References
    ----------
    DeepSeek-V2, section 2.1 (arXiv 2405.04434).
    """
    queries = heads * head_dim
    query = hidden * q_rank + q_rank * queries if q_rank else hidden * queries
    down = hidden * (kv_rank + rope_dim)
    up = kv_rank * heads * (head_dim - rope_dim + value_dim)
    return query + down + up + heads * value_dim * hidden


def linear_attention(
    hidden: float, key_heads: float, key_dim: float, value_heads: float, value_dim: float, kernel: float
) -> float:
    """Matrices of one gated delta-rule layer: queries, keys, values, gates, a short convolution, the output.

    Parameters
    ----------
    hidden : float [count]
    key_heads : float [count]
    key_dim : float [count], of a head
    value_heads : float [count]
    value_dim : float [count], of a head
    kernel : float [tokens], of the convolution

    Returns
    -------
    float [parameters]

    References
    ----------
    Gated Delta Networks (arXiv 2412.06464), as Qwen3-Next arranges them.
    """
    keys, values = key_heads * key_dim, value_heads * value_dim
    return hidden * (2 * keys + 2 * values + 2 * value_heads) + (2 * keys + values) * kernel + values * hidden


def state_space(hidden: float, inner: float, groups: float, state: float, heads: float, kernel: float) -> float:
    """Matrices of one Mamba-2 layer.

    Parameters
    ----------
    hidden : float [count]
    inner : float [count], width inside the layer
    groups : float [count]
    state : float [count], of a channel
    heads : float [count]
    kernel : float [tokens], of the convolution

    Returns
    -------
    float [parameters]

    References
    ----------
    Transformers are SSMs (arXiv 2405.21060), section 8.
    """
    mixed = inner + 2 * groups * state
    return hidden * (inner + mixed + heads) + mixed * kernel + inner * hidden


def mlp(hidden: float, width: float, gated: bool) -> float:
    """Matrices of one MLP, or of one expert.

    Parameters
    ----------
    hidden : float [count]
    width : float [count]
    gated : bool, with a third matrix

    Returns
    -------
    float [parameters]
    """
    return (3 if gated else 2) * hidden * width


def encoder(width: float, layers: float, mlp_width: float, gated: bool) -> float:
    """An encoder of images or sound, without what leads into and out of it.

    Parameters
    ----------
    width : float [count]
    layers : float [count]
    mlp_width : float [count]
    gated : bool, MLP with a third matrix

    Returns
    -------
    float [parameters]
    """
    return layers * (4 * width * width + mlp(width, mlp_width, gated))
