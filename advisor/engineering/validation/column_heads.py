"""What columns of a table of runs are called: their usual names, and other heads that people give them."""

from collections.abc import Mapping

ANY: Mapping[str, tuple[str, ...]] = {
    "params_b": (
        "params",
        "parameters",
        "param_count",
        "size_b",
        "\u53c2\u6570\u91cf",
        "\u6a21\u578b\u53c2\u6570\u91cf",
    ),
    "model": ("model_name", "model_id", "base_model", "\u6a21\u578b", "\u6a21\u578b\u540d\u79f0"),
    "num_gpus": (
        *(
            "gpus",
            "n_gpus",
            "n_gpu",
            "num_gpu",
            "ngpus",
            "gpu_count",
            "gpu_num",
            "number_of_gpus",
            "of_gpus",
            "no_of_gpus",
        ),
        *("num_devices", "world_size", "num_accelerators", "accelerators"),
        *("\u5361\u6570", "gpu\u6570", "gpu\u6570\u91cf", "\u663e\u5361\u6570", "\u663e\u5361\u6570\u91cf"),
    ),
    "gpu": (
        *("gpu_type", "gpu_model", "gpu_name", "accelerator", "hardware", "device", "gpus"),
        *("\u663e\u5361", "\u663e\u5361\u578b\u53f7", "gpu\u578b\u53f7", "\u52a0\u901f\u5361"),
    ),
    "nodes": ("num_nodes", "nnodes", "node_count", "\u8282\u70b9\u6570"),
    "gpus_per_node": ("nproc_per_node", "num_gpus_per_node", "\u6bcf\u8282\u70b9\u5361\u6570"),
    "notes": ("note", "remarks", "comment", "comments", "\u5907\u6ce8", "\u8bf4\u660e"),
}
TRAINING: Mapping[str, tuple[str, ...]] = {
    **ANY,
    "method": (
        *("train_type", "finetuning_type", "tuning_method", "training_method", "fine_tuning", "finetuning"),
        *("\u65b9\u6cd5", "\u5fae\u8c03\u65b9\u5f0f", "\u5fae\u8c03\u65b9\u6cd5"),
        *("\u8bad\u7ec3\u65b9\u5f0f", "\u8bad\u7ec3\u65b9\u6cd5"),
    ),
    "micro_batch": (
        *("micro_batch_size", "mbs", "per_device_train_batch_size", "per_device_batch_size", "batch_size_per_gpu"),
        *("batch_size_per_device", "train_batch_size_per_gpu", "batch_size", "batch", "bs"),
        *("\u5fae\u6279\u6b21", "\u6279\u5927\u5c0f", "\u6279\u6b21\u5927\u5c0f", "\u5355\u5361\u6279\u5927\u5c0f"),
    ),
    "global_batch": (
        *("gbs", "global_batch_size", "total_batch_size", "effective_batch_size"),
        "\u5168\u5c40\u6279\u5927\u5c0f",
    ),
    "seq_len": (
        *("sequence_length", "sequence_len", "seq_length", "seqlen", "max_seq_length", "max_seq_len", "max_length"),
        *("cutoff_len", "context_length", "context_len", "context", "block_size"),
        *("\u5e8f\u5217\u957f\u5ea6", "\u4e0a\u4e0b\u6587\u957f\u5ea6", "\u6700\u5927\u957f\u5ea6"),
    ),
    "lora_rank": ("lora_r", "rank", "r"),
    "lora_targets": ("target_modules", "lora_target", "lora_target_modules"),
    "grad_checkpointing": (
        *("gradient_checkpointing", "activation_checkpointing", "checkpointing", "activation_recompute", "recompute"),
        *("ac", "gc"),
        "\u68af\u5ea6\u68c0\u67e5\u70b9",
    ),
    "flash_attention": ("flash_attn", "use_flash_attn", "flash_attention_2"),
    "kernels": ("attn_implementation", "attention", "kernel"),
    "gradient_accumulation_steps": ("gradient_accumulation", "grad_accum", "grad_accum_steps", "ga", "gas"),
    "sharding": ("deepspeed", "zero_stage", "zero", "fsdp", "ds_config"),
    "cpu_offload": ("offload", "offloading"),
    "optimizer": ("optim", "optimiser", "\u4f18\u5316\u5668"),
    "framework": ("tool", "toolkit", "stack", "codebase", "\u6846\u67b6", "\u8bad\u7ec3\u6846\u67b6"),
    "precision": ("dtype", "torch_dtype", "data_type", "quantization", "quantisation", "\u7cbe\u5ea6", "\u91cf\u5316"),
    "weight_precision_bits": ("bits", "quantization_bit", "load_in_bits", "\u91cf\u5316\u4f4d\u6570"),
}  # fmt: skip
PARALLEL: Mapping[str, tuple[str, ...]] = {
    "tp": ("tp", "tp_size", "tensor_parallel", "tensor_parallel_size", "tensor_model_parallel_size"),
    "pp": ("pp", "pp_size", "pipeline_parallel", "pipeline_parallel_size", "pipeline_model_parallel_size"),
    "cp": ("cp", "cp_size", "context_parallel", "context_parallel_size"),
    "ep": ("ep", "ep_size", "expert_parallel", "expert_parallel_size", "expert_model_parallel_size"),
}
"""Of training, whose degrees have no column but are words."""
SERVING: Mapping[str, tuple[str, ...]] = {
    **ANY,
    "engine": (
        *("framework", "backend", "serving_framework", "inference_engine", "inference_framework"),
        *("runtime", "software"),
        *("\u6846\u67b6", "\u5f15\u64ce", "\u63a8\u7406\u6846\u67b6", "\u63a8\u7406\u5f15\u64ce"),
    ),
    "engine_version": ("version", "\u7248\u672c"),
    "tensor_parallel": ("tp", "tp_size", "tensor_parallel_size"),
    "replicas": ("dp", "dp_size", "data_parallel", "data_parallel_size", "data_parallel_replicas", "num_replicas"),
    "expert_parallel": ("ep", "ep_size", "expert_parallel_size"),
    "pipeline_parallel": ("pp", "pp_size", "pipeline_parallel_size"),
    "gpu_layout": (
        *("parallelism", "parallel", "parallel_config", "parallel_strategy", "layout", "config", "configuration"),
        *("\u5e76\u884c", "\u5e76\u884c\u7b56\u7565", "\u5e76\u884c\u65b9\u5f0f"),
    ),
    "lengths": (
        *("isl_osl", "input_output", "in_out", "input_output_len", "input_output_length", "input_output_tokens"),
        *("prompt_output", "prompt_gen", "in_out_tokens", "sequence_lengths"),
        *("\u8f93\u5165\u8f93\u51fa", "\u8f93\u5165_\u8f93\u51fa"),
    ),
    "input_len": (
        *("isl", "input_tokens", "prompt_tokens", "prompt_len", "input_length", "prompt_length", "random_input_len"),
        *("input_sequence_length", "avg_input_len"),
        *("\u8f93\u5165\u957f\u5ea6", "\u8f93\u5165tokens", "\u8f93\u5165token\u6570"),
    ),
    "output_len": (
        *("osl", "output_tokens", "answer_tokens", "gen_len", "output_length", "generated_tokens", "random_output_len"),
        *("output_sequence_length", "avg_output_len", "gen_tokens", "max_new_tokens"),
        *("\u8f93\u51fa\u957f\u5ea6", "\u8f93\u51fatokens", "\u8f93\u51fatoken\u6570"),
    ),
    "concurrency_or_batch": (
        *("concurrency", "batch_size", "batch", "users", "max_concurrency", "concurrent_users", "concurrent_requests"),
        *("num_users", "bs", "\u5e76\u53d1", "\u5e76\u53d1\u6570", "\u5e76\u53d1\u91cf", "\u6279\u5927\u5c0f"),
    ),
    "num_prompts": ("num_requests", "n_prompts", "requests", "prompts", "samples", "\u8bf7\u6c42\u6570"),
    "max_num_seqs": ("max_batch_size", "max_running_requests"),
    "request_rate": ("qps", "rps", "arrival_rate", "target_qps", "request_rate_rps", "request_rate_qps"),
    "output_tokens_per_s": (
        *("output_throughput", "output_token_throughput", "output_tokens_per_second", "output_tokens_s"),
        *("output_tok_s", "tokens_per_second", "tokens_per_sec", "tokens_s", "tokens_sec", "tok_s", "t_s"),
    ),
    "total_tokens_per_s": (
        *("total_token_throughput", "total_throughput", "total_tokens_per_second", "total_tokens_s", "total_tok_s"),
    ),
    "benchmark_mode": ("scenario", "mode", "load", "test", "\u573a\u666f"),
    "lengths_are": ("dataset", "dataset_name", "\u6570\u636e\u96c6"),
    "weight_precision": (
        *("precision", "dtype", "quantization", "quantisation", "quant", "weight_dtype", "data_type"),
        *("\u7cbe\u5ea6", "\u91cf\u5316", "\u91cf\u5316\u65b9\u5f0f"),
    ),
    "kv_precision": ("kv_cache_dtype", "kv_dtype", "kv_cache", "kv_cache_precision", "kv", "kv_quant"),
    "source_date": ("date", "\u65e5\u671f"),
    "tpot_limit": (
        *("tpot_limit_ms", "tpot_limit_s", "tpot_sla", "tpot_sla_ms", "itl_limit", "itl_limit_ms", "tpot_slo_ms"),
        *("itl_slo_ms", "itl_sla_ms", "tpot_slo"),
    ),
    "ttft_limit": ("ttft_limit_ms", "ttft_limit_s", "ttft_sla", "ttft_sla_ms", "ttft_slo_ms", "ttft_slo"),
    "limits": ("sla", "slo", "latency_limit", "latency_limits", "constraint", "constraints", "latency_sla"),
    "user_speed": ("tokens_per_s_per_user", "tok_s_user", "interactivity"),
}  # fmt: skip
OTHER_HEADS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "memory": TRAINING,
    "fits": {**TRAINING, "gpu_memory_gb": ("gpu_memory", "vram", "card_memory", "\u663e\u5b58")},
    "speed": TRAINING,
    "serving": SERVING,
}
"""Other heads of a column, by kind of table; in one of memory, "GPU memory" may be what was measured."""
SHAPE = (
    *("hidden_size", "num_layers", "num_heads", "num_kv_heads", "head_dim", "intermediate_size", "vocab_size"),
    *("num_experts", "experts_per_token", "active_params_b"),
)
ABOUT = (
    "row_id",
    "source",
    "source_id",
    "source_date",
    "url",
    "url_or_repo_path",
    "quality",
    "derived",
    "derived_fields",
)
OF_TRAINING = (
    *SHAPE,
    *ABOUT,
    *("trainer", "software", "library", "strategy", "loss", "run_type", "config", "recipe", "parallelism", "packing"),
    *("shared_intermediate_size", "all_experts_computed", "gpu_canonical", "gpu_memory_gb", "unit", "memory_kind"),
    *("seq_len_kind", "fits", "peak_memory_gb_per_gpu", "peak_allocated_gib", "tokens_per_s_per_gpu", "sec_per_step"),
    *("hours_total", "mfu_pct", "samples_per_s", "tokens_per_step"),
)
READ: Mapping[str, tuple[str, ...]] = {
    **{kind: (*OTHER_HEADS[kind], *OF_TRAINING) for kind in ("memory", "fits", "speed")},
    "serving": (
        *OTHER_HEADS["serving"],
        *SHAPE,
        *ABOUT,
        *("requests_per_s", "single_stream", "memory_gb", "ttft_ms"),
        *("tpot_ms", "enable_dp_attention", "enable_expert_parallel"),
    ),
}
"""Usual names of columns, by kind of table: those that describe the run, its source and what was measured."""
