"""What a ``model_type`` says besides what its ``config.json`` holds: kinds of models, and what is left out.

What a file leaves out is what the configuration classes of ``transformers`` take for it.
"""

from collections.abc import Mapping

ENCODER_DECODERS = frozenset([
    "t5", "mt5", "umt5", "longt5", "t5gemma", "bart", "mbart", "pegasus", "pegasus_x", "marian", "m2m_100",
    "nllb_moe", "whisper", "blenderbot", "led", "fsmt", "prophetnet", "bigbird_pegasus", "switch_transformers",
    "seamless_m4t", "speech_to_text", "encoder-decoder",
])  # fmt: skip
ENCODERS = frozenset([
    "bert", "roberta", "xlm-roberta", "distilbert", "albert", "electra", "deberta", "deberta-v2", "modernbert",
    "camembert", "mpnet", "nomic_bert", "new", "clip", "siglip", "vit", "eurobert", "ernie", "layoutlmv3",
    "wav2vec2", "hubert", "longformer", "big_bird", "xlnet",
])  # fmt: skip
UNCOUNTED = frozenset([
    "mamba", "mamba2", "falcon_mamba", "rwkv", "rwkv5", "rwkv6", "rwkv7", "xlstm", "retnet", "jamba", "zamba",
    "zamba2", "nemotron_h", "falcon_h1", "lfm2", "lfm2_moe", "recurrent_gemma", "kimi_linear", "gemma3n",
    "gemma3n_text", "plamo2", "minimax", "hyena", "mllama", "mllama_text_model", "dbrx", "openelm",
])  # fmt: skip
"""With layers whose memory or parameters are not described here."""
NOT_GATED = frozenset([
    "gpt2", "gpt_neo", "gpt_neox", "gptj", "gpt_bigcode", "codegen", "bloom", "opt", "mpt", "falcon", "starcoder2",
    "phi", "persimmon", "nemotron",
])  # fmt: skip
"""With two matrices in an MLP instead of three."""
TIED = frozenset([
    "gemma", "gemma2", "gemma3", "gemma3_text", "gemma4", "gemma4_text", "cohere", "cohere2", "gpt2", "gpt_bigcode",
    "bloom", "opt", "mpt", "falcon", "starcoder2", "smollm3",
])  # fmt: skip
"""With one matrix of embeddings where the file does not say."""
ALL_WINDOWED = frozenset([
    "mistral", "mixtral", "phi3", "phimoe", "starcoder2",
])  # fmt: skip
EVERY = {"gemma2": 2, "gemma3_text": 6, "gemma4_text": 6, "gpt_oss": 2, "cohere2": 4, "llama4_text": 4}
"""Of so many layers one has no window, where the file does not list them."""
DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "gemma": {"head_dim": 256},
    "gemma2": {"head_dim": 256, "sliding_window": 4096},
    "gemma3_text": {
        "head_dim": 256,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "vocab_size": 262_208,
        "sliding_window": 4096,
    },
    "gemma4_text": {"head_dim": 256, "global_head_dim": 512},
    "qwen3_next": {"attn_output_gate": True},
    "qwen3_5_text": {"attn_output_gate": True},
    "qwen3_5_moe_text": {"attn_output_gate": True},
    "deepseek_v2": {"qk_rope_head_dim": 64},
    "falcon": {"num_key_value_heads": 1},
    "gpt_bigcode": {"num_key_value_heads": 1},
}
