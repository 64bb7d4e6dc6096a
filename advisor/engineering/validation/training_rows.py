"""The one reader of rows about training runs: tables of memory, of what fits and of speed describe the same runs.

Columns are those of ``data/validation/memory.csv`` and ``speed.csv``; any may be missing or blank. What has no column
is recognised by its words (:mod:`.training_words`). What nothing says stays ``None``.
"""

import re
from dataclasses import replace

from advisor.catalog.benchmarks import benchmarks
from advisor.engineering.descriptions import Method, TrainingRun
from advisor.engineering.validation import training_words as say
from advisor.engineering.validation.cells import Row, amount, count, number, said, text
from advisor.engineering.validation.model_rows import architecture, without_encoder
from advisor.formulas.constants import GIB

TOLD = (
    "framework", "trainer", "software", "library", "optimizer", "sharding", "parallelism", "strategy", "precision",
    "loss", "kernels", "run_type", "config", "recipe", "notes",
)  # fmt: skip
"""Columns whose words describe the run; the name of the source counts where they are silent."""
ADAPTERS = re.compile(r"lora|dora|adapter")
FOUR_BITS = re.compile(r"nf4|fp4|int4|4[- ]?bit|gptq|awq|qlora")
EIGHT_BITS = re.compile(r"int[-_ ]?8|(?<![\d.])8[- ]?bit(?![- ]*(?:paged|adam|optim|lion))")
FP8_WEIGHTS = re.compile(
    r"(?:fp-?8|float8|e4m3)(?![\s_-]*(?:mixed|comput|train|recipe|hybrid|kv|cache|activ|optim|matmul|gemm))"
)
FP8_BASE = re.compile(r"base (?:model |weights? )?(?:is |are |stored |kept )?in fp-?8|fp-?8 base")
"""In notes, where FP8 alone may be what is computed in; so may it under "precision"."""
FEW_BITS = re.compile(r"(?<![\d.])([2-7])[- ]?bits?\b|\bi?q([2-8])_[k01]")
RANK = re.compile(r"(?<![a-z])(?:r|rank)\s*[=:]?\s*(\d{1,4})(?![\d.])")
PACKED = re.compile(r"(?<!un)pack(?!age)|padding.?free")
FULL_METHOD = re.compile(
    r"full|galore|apollo|\bfft\b|\u5168\u53c2|\u5168\u91cf|\bsft\b|pre-?train|\bft\b|fine-?tun|freeze_none"
)
IN_WORDS = re.compile(r"q?lora|full[\s-](?:param|weight|fine|ft\b|sft\b)|\u5168\u53c2|\u5168\u91cf")
"""Of a row whose method has no column, where "SFT" is as often done with adapters."""
DENIED_METHOD = re.compile(r"\b(?:no|not|non|without|w/o|instead of)[\s-]+(?:an?\s+)?(?:[qd]?-?lora|adapters?|peft)\b")
DORA = re.compile(r"(?<![a-z])q?dora(?![a-z])")
EMBEDDINGS = re.compile(
    r"embed_tokens|\bwte\b|modules_to_save|lm_head also|embeddings? (?:and|also|are) (?:\w+ )?(?:trained|\w*head)"
)
IN_BACKWARD = re.compile(r"optimi[sz]er.in.b(?:ack)?wa?r?d|fused.backward.pass")
ON_THE_CPU = re.compile(r"cpu.?offload|offload\w* to (?:the )?cpu|optimi[sz]er on the cpu|offload_optimizer")
OPTIMIZERS = re.compile(
    r"paged[\s_-]*adamw?(?:[\s_-]*(?:8|32)[\s_-]*bit)?|adamw?(?:_bnb)?[\s_-]*8[\s_-]*bit|adafactor|"
    r"8[\s_-]*bit (?:adamw?|optimi[sz]er)|\blion\b|\bmuon\b|(?:galore|apollo)(?:[\s_-]*adamw?)?(?:[\s_-]*8[\s_-]*bit)?"
)
GRADIENTS_32 = re.compile(r"fp32 grad|grad\w* (?:accum\w* |reduc\w* )?(?:in |dtype )?(?:fp32|32)")
IN_TURN = re.compile(r"device_?map|naive|layer[\s_-]split|layers? in turn|model[\s_-]parallel")
"""Words for a model whose layers lie on the cards, which compute one after the other."""
ROOM_FOR_WEIGHTS = 0.6
"""Share of a card above which weights are taken to be sharded, and micro-batches to be of one sample."""
FULL_STATE_BITS = 128
"""Weights, gradients and moments of full fine-tuning, for each parameter."""
NO_REFERENCE = re.compile(r"reference[\s-]free|no ref|ref\w* (?:model )?(?:log\w* )?precomput")
VISION = re.compile(r"vision|image|\bvlm?\b|multimodal|\bvit\b")
ENGINE_SHARE = re.compile(
    r"gpu_memory_utili[sz]ation\W{0,3}(0?\.\d+)|(\d{1,2}) ?% (?:of the card )?(?:for|to) (?:vllm|sglang)"
)


def training_run(row: Row) -> TrainingRun | str:
    """The training run that a row describes. Length and micro-batch that it leaves blank are taken as usual.

    Parameters
    ----------
    row : mapping of str to object, cells by column

    Returns
    -------
    TrainingRun, or the code of what is missing
    """
    words = say.told(text(row, *TOLD))
    method = _method(row, words)
    if method is None:
        return "unknown_method"
    model = architecture(row)
    if isinstance(model, str):
        return model
    stated_length, stated_batch = number(row, "seq_len"), number(row, "micro_batch")
    if stated_length is None and text(row, "seq_len"):
        return "no_seq_len"
    if stated_batch is None and text(row, "micro_batch"):
        return "no_micro_batch"
    length, gpus = stated_length or benchmarks().unstated.sample_length.value, count(row, "num_gpus") or 1
    micro_batch = max(1, round(stated_batch or _usual_batch(row, length, gpus)))
    if text(row, "num_gpus") and number(row, "num_gpus") is None:
        return "unreadable_num_gpus"
    run = TrainingRun(
        model=model,
        method=method,
        micro_batch=micro_batch,
        seq_len=max(1, round(length)),
        weight_bits=_weight_bits(row, method, words),
        optimizer=_optimizer(row, words),
        optimizer_in_backward=IN_BACKWARD.search(words) is not None,
        lora_rank=None if method == "full" else _rank(row),
        lora_targets=text(row, "lora_targets") or None,
        dora=method != "full" and DORA.search(f"{text(row, 'method')} {words}") is not None,
        trained_embeddings=method != "full" and EMBEDDINGS.search(text(row, "lora_targets", "notes")) is not None,
        flash_attention=_flash(row, words),
        gpus=gpus,
        accumulation=max(1, round((number(row, "global_batch") or 0) / (micro_batch * gpus))),
        cpu_offload=_on_the_cpu(row, words),
        fp8="fp8" in text(row, "precision") or re.search(r"fp8.(?:train|recipe|mixed)", words) is not None,
        fp8_base=method == "qlora" and _in_fp8(row, words),
        gptq=re.search(r"gptq|awq", words) is not None or "int4" in text(row, "precision"),
        variable_lengths=_variable_lengths(row, words),
        packing=True if PACKED.search(words) else None,
        micro_batch_assumed=stated_batch is None,
        seq_len_assumed=stated_length is None,
    )
    return _with_software(run, row, words)


def laid_out(run: TrainingRun, card_gib: float | None, row: Row) -> TrainingRun:
    """The run as its weights lie on the cards, where a row says nothing of it or that nothing is sharded.

    A micro-batch that nobody states is of one sample where the weights leave little room for more. Adapters are trained
    on a copy of the model for each card as long as that leaves room, which "no sharding" says of several cards too;
    larger models are sharded, or lie on the cards in parts where that is denied.

    Parameters
    ----------
    run : TrainingRun, as from :func:`training_run`
    card_gib : float or None [GiB], memory of the card
    row : mapping of str to object, cells by column

    Returns
    -------
    TrainingRun
    """
    if run.micro_batch_assumed and not room_for_a_copy(replace(run, method="lora"), card_gib):
        run = replace(run, micro_batch=1)
    in_parts = any((run.tensor_parallel, run.pipeline_parallel, run.context_parallel, run.expert_parallel))
    if run.gpus == 1 or run.software == "megatron" or in_parts or run.sharding not in (None, "none"):
        return run
    if run.sharding == "none":
        copies = room_for_a_copy(run, card_gib) and not IN_TURN.search(text(row, *TOLD, "method"))
        return replace(run, sharding="ddp") if copies else run
    sharded = run.method != "full" and not room_for_a_copy(run, card_gib)
    return replace(run, sharding="fsdp", sharding_assumed=True) if sharded else run


def room_for_a_copy(run: TrainingRun, card_gib: float | None) -> bool:
    """Whether a card holds all of what is trained, with its state, and room is left for activations.

    Parameters
    ----------
    run : TrainingRun
    card_gib : float or None [GiB], memory of the card; None: any

    Returns
    -------
    bool
    """
    per_weight = FULL_STATE_BITS if run.method == "full" else run.weight_bits
    held = (run.model.params + run.model.encoder_params) * per_weight / 8 / GIB
    return card_gib is None or held < ROOM_FOR_WEIGHTS * card_gib


def _with_software(run: TrainingRun, row: Row, words: str) -> TrainingRun:
    """The run with what follows from its software: kernels, checkpointing, layout, training state."""
    source = say.told(text(row, "source"))
    name = say.framework(words, source)
    release = say.version(f"{words} {source}", name)
    sharding = say.sharding(text(row, "sharding"), f"{words} {text(row, 'method')}", run.gpus)
    whole = f"{words} {source}"
    sharded = sharding in ("fsdp", "zero1", "zero2", "zero3")
    kernels = words if say.PLAIN.search(words) and name != "unsloth" else whole
    bits = number(row, "weight_precision_bits")
    vision = VISION.search(f"{words} {text(row, 'model')}") is not None
    return replace(
        run,
        model=without_encoder(row, run.model) if vision else run.model,
        objective=say.objective(text(row, "method"), words),
        checkpointing=say.checkpointing(text(row, "grad_checkpointing"), words, name),
        loss=say.loss(kernels, name, release),
        software=say.software(words, source) or ("fused" if "pretrain" in text(row, "run_type") else None),
        grouped_experts=say.grouped_experts(words),
        framework=name,
        version=release,
        year=say.year(f"{source} {text(row, 'source_date', 'notes')}"),
        own_loop=say.OWN_LOOP.search(whole) is not None,
        masked_attention=say.masked_attention(words),
        adapters_float32=say.adapters_float32(words),
        quantised_float32=say.quantised_float32(words),
        compiled=True if re.search(r"torch\.?compile|\bcompiled?\b", words) else None,
        sharding=sharding,
        fp32_masters=None if run.method != "full" else say.masters(whole, name, bits, sharded or name == "megatron"),
        gradient_bits=32 if GRADIENTS_32.search(words) else None,
        fp32_residual=False if re.search(r"accelerated", words) or name in say.WITHOUT_PEFT else None,
        whole_model_gathered=run.method != "full" and name == "lit_gpt",
        reference_model=False if NO_REFERENCE.search(words) else None,
        engine_share=_engine_share(words),
        vision=vision,
        tensor_parallel=say.degree("tensor", words),
        pipeline_parallel=say.degree("pipeline", words),
        context_parallel=say.degree("context", words),
        expert_parallel=say.degree("expert", words),
    )


def _method(row: Row, words: str) -> Method | None:
    """Method from its column, from the words where that is silent; a quantised base under LoRA makes it QLoRA."""
    stated = DENIED_METHOD.sub(" ", text(row, "method"))
    of_objective = any(re.search(pattern, stated) for _, pattern in say.OBJECTIVES)
    if not stated or (of_objective and not ADAPTERS.search(stated) and not FULL_METHOD.search(stated)):
        stated = _method_in_words(row, words)
    bits = number(row, "weight_precision_bits")
    if re.search(r"q[ld]ora", stated):
        return "qlora"
    if ADAPTERS.search(stated):
        base = _of_the_base(row)
        named = any(pattern.search(base) for pattern in (FOUR_BITS, EIGHT_BITS, FEW_BITS)) or _in_fp8(row, words)
        quantised = named if bits is None else bits <= 8
        return "qlora" if quantised or FOUR_BITS.search(text(row, "precision")) else "lora"
    return "full" if FULL_METHOD.search(stated) else None


def _method_in_words(row: Row, words: str) -> str:
    """The method as the notes or the rank of adapters (0: none) tell it, where its own column is blank or missing."""
    named = IN_WORDS.search(DENIED_METHOD.sub(" ", words))
    rank = amount(row, "lora_rank")
    return named[0] if named else "" if rank is None else "lora" if rank else "full"


def _of_the_base(row: Row) -> str:
    """What says how the weights under adapters are stored: the precision, the method, the name of the model."""
    return DENIED_METHOD.sub(" ", text(row, "precision", "method", "model"))


def _in_fp8(row: Row, words: str) -> bool:
    """Whether the weights under adapters are stored in FP8."""
    named = FP8_WEIGHTS.search(DENIED_METHOD.sub(" ", text(row, "method", "model")))
    return named is not None or FP8_BASE.search(words) is not None


def _rank(row: Row) -> int | None:
    """Rank of adapters from its column, else as the method names it: "LoRA r=64"."""
    named = RANK.search(text(row, "method"))
    return count(row, "lora_rank") or (int(named[1]) if named and int(named[1]) else None)


def _weight_bits(row: Row, method: Method, words: str) -> float:
    """Bits per weight with their scales: NF4 with single quantisation 4.5, GPTQ 4.15."""
    stated = number(row, "weight_precision_bits")
    few = FEW_BITS.search(_of_the_base(row))
    in_eight = EIGHT_BITS.search(_of_the_base(row)) or _in_fp8(row, words)
    quantised = 8 if in_eight else float(few[1] or few[2]) if few else 4
    bits = stated or (16 if method != "qlora" else quantised)
    if bits == 4 and re.search(r"gptq|awq", f"{words} {_of_the_base(row)}"):
        return 4.15
    if bits == 4 and re.search(r"nf4(?!-dq|.{0,12}double)", words) and "nf4-dq" not in words and "bnb.nf4" in words:
        return 4.5
    return bits


def _optimizer(row: Row, words: str) -> str:
    """Optimizer from its column, else as the notes name it."""
    stated = text(row, "optimizer")
    if stated and "adam" not in stated:
        return stated
    found = OPTIMIZERS.search(f"{text(row, 'method')} {words}")
    if stated and ("8" in stated or "paged" in stated):
        return stated
    return found[0].replace(" ", "_").replace("8_bit", "8bit") if found else stated or "adamw"


def _on_the_cpu(row: Row, words: str) -> bool:
    """Whether training state lies in the memory of the host; beside ZeRO, "offload" alone says it."""
    beside = re.search(r"offload", say.told(text(row, "sharding"))) is not None
    return bool(said(row, "cpu_offload")) or beside or ON_THE_CPU.search(words) is not None


def _flash(row: Row, words: str) -> bool | None:
    said_so = said(row, "flash_attention")
    if said_so is not None:
        return said_so
    if re.search(r"\bno[ -]flash|eager attention|attn\w* ?= ?eager", text(row, "notes", "kernels")):
        return False
    return True if re.search(r"flash|\bfa[23]\b|\bsdpa\b|xformers", words) else None


def _variable_lengths(row: Row, words: str) -> bool | None:
    """Whether batches differ in length: packed and fixed ones do not."""
    kind = text(row, "seq_len_kind")
    if kind == "fixed" or PACKED.search(words):
        return False
    return True if kind in ("longest_sample", "max") else None


def _usual_batch(row: Row, length: float, gpus: int) -> float:
    """Samples of a micro-batch that nobody states: of the usual tokens, at most each card's share of the batch."""
    tokens = benchmarks().unstated.micro_batch_tokens.value
    return min((number(row, "global_batch") or tokens) / gpus, tokens / length)


def _engine_share(words: str) -> float | None:
    """Share of the card for generation: as stated, 0 where an engine runs elsewhere or there is none."""
    found = ENGINE_SHARE.search(words)
    if found:
        return float(found[1]) if found[1] else float(found[2]) / 100
    return 0.0 if re.search(r"(?:vllm|sglang)[\s\w-]{0,12}server|separate (?:gpus?|cards?|nodes?)", words) else None
