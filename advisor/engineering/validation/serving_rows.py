"""Rows of serving tables as other people write them, read as setups of the serving estimator."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from advisor.catalog.benchmarks import benchmarks
from advisor.catalog.records import ModelRecord
from advisor.core.tables import without_commas
from advisor.engineering.descriptions import Architecture, Card, Engine, Load, ServingSetup, Unknown
from advisor.engineering.from_catalog import card_named
from advisor.engineering.validation import serving_words as words
from advisor.engineering.validation.cells import Row, amount, written
from advisor.engineering.validation.heads import under_usual_heads
from advisor.engineering.validation.said_cells import number_alone
from advisor.engineering.validation.serving_engines import engine_of
from advisor.engineering.validation.serving_layout import layout_of
from advisor.engineering.validation.serving_model import LARGEST_WHOLE, model_of
from advisor.engineering.validation.serving_precision import precision_of

UNKNOWN_GPU = "gpu_unknown"
UNKNOWN_LOAD = "load_unknown"
UNREADABLE_GPUS, UNREADABLE_LENGTHS = "unreadable_num_gpus", "unreadable_lengths"
DISAGGREGATED, PROMPT_ALONE = "disaggregated", "prompt_alone"
NO_SIZE = "model_size_missing"
ALONE: tuple[Load, ...] = ("single", "decode")
KEPT = 0.95
"""Share of a repeated prompt that engines of today find in their cache: all but its last block."""
NUMBER = re.compile(r"\d+(?:\.\d+)?")
EXACT_NUMBER = re.compile(NUMBER.pattern + r"(?:e[+-]?\d+)?", re.I)
SECONDS_ABOVE, MILLI = 20.0, 1e-3
"""A limit of more is in milliseconds where nothing says so: nobody accepts 20 seconds for a token."""


@dataclass(frozen=True)
class Deployed:
    """The setup of one replica, and the replicas that are busy."""

    setup: ServingSetup
    replicas: float


def deployed(row: Row, cards: Mapping[str, Card], models: Mapping[str, ModelRecord]) -> Deployed | str:
    """What a row describes.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    cards : mapping of str to Card, as from ``from_catalog.cards``
    models : mapping of str to ModelRecord, as from ``from_catalog.models``

    Returns
    -------
    Deployed, or the code of what is missing
    """
    row = under_usual_heads(row, "serving")
    card = card_named(cards, written(row, "gpu")) if written(row, "gpu") else None
    if card is None:
        return UNKNOWN_GPU
    if written(row, "num_gpus") and amount(row, "num_gpus") is None:
        return UNREADABLE_GPUS
    if any(written(row, column) and amount(row, column) is None for column in ("input_len", "output_len")):
        return UNREADABLE_LENGTHS
    if words.DISAGGREGATED.search(f"{written(row, 'gpu_layout')} {written(row, 'engine')} {written(row, 'notes')}"):
        return DISAGGREGATED
    row = {**row, "concurrency_or_batch": _users(row)}
    test = words.LLAMA_BENCH.fullmatch(written(row, "benchmark_mode"))
    if test is not None and not test["answer"]:
        return PROMPT_ALONE
    load = _load_mode(row)
    if load is None:
        return UNKNOWN_LOAD
    model = model_of(row, models)
    return NO_SIZE if model is None else _deployed(row, card, load, model)


def _deployed(row: Row, card: Card, load: Load, model: Architecture) -> Deployed:
    """What a row describes, its card, kind of load and model being known."""
    lengths, of_lengths = _lengths(row, load)
    limits = _limits(row, load)
    engine, of_engine = engine_of(row)
    stored = precision_of(row, card)
    layout = layout_of(row, model, stored.weight_bits, card, load)
    concurrency, requests, arrivals = _load(row, load)
    open_ends: dict[Unknown, bool] = {
        "precision": not stored.stated,
        "layout": layout.guessed,
        "users": load == "saturated" and _names_users(row),
        "limit": load == "limited" and _limits_stated(row) is None and not _is_mlperf(row),
    }
    setup = ServingSetup(
        model=model,
        card=card,
        input_tokens=lengths.prompt,
        output_tokens=lengths.answer,
        weight_bits=stored.weight_bits,
        embedding_bits=stored.embedding_bits,
        kv_bits=stored.kv_bits,
        compute=stored.compute,
        tensor_parallel=layout.tensor,
        layer_split=layout.split,
        engine=engine,
        http=_over_http(row, engine, load),
        load=load,
        concurrency=concurrency,
        max_sequences=_most_sequences(row),
        requests=requests,
        requests_per_s=arrivals,
        longest_over_mean=_longest_over_mean(row, lengths),
        tpot_limit_s=None if limits is None else limits.tpot,
        ttft_limit_s=None if limits is None else limits.ttft,
        expert_parallel=layout.expert_parallel,
        attention_data_parallel=layout.own_cache,
        cached_prompt=KEPT if words.SAME_PROMPT.search(written(row, "notes")) and engine == "python" else 0.0,
        speculative=bool(words.SPECULATIVE.search(f"{written(row, 'engine')} {written(row, 'notes')}")),
        remote_client=bool(words.REMOTE.search(written(row, "notes"))),
        unknown=(*of_lengths, *of_engine, *(code for code, is_open in open_ends.items() if is_open)),
    )
    return _shared(setup, layout.replicas)


def _shared(setup: ServingSetup, replicas: int) -> Deployed:
    """One replica with its part of the users, and how many replicas have any."""
    users = min((n for n in (setup.concurrency, setup.requests) if n is not None), default=float("inf"))
    if setup.load in ALONE:
        users = setup.concurrency or 1.0
    busy = max(min(float(replicas), users), 1.0)

    def part(value: float | None) -> float | None:
        return None if value is None else max(value / busy, min(value, 1.0))

    arrivals = None if setup.requests_per_s is None else setup.requests_per_s / busy
    one = replace(setup, concurrency=part(setup.concurrency), requests=part(setup.requests), requests_per_s=arrivals)
    return Deployed(one, busy)


def _found(pattern: re.Pattern[str], said: str) -> float | None:
    match = pattern.search(said)
    return float(next(group for group in match.groups() if group).replace(",", "")) if match else None


def _users(row: Row) -> str:
    """The cell about users; where it is blank, what the kind of load says of them, or its rate of requests."""
    stated, mode = written(row, "concurrency_or_batch"), written(row, "benchmark_mode")
    told = any(pattern.search(mode) for pattern in (words.NUMBER_OF_USERS, words.RATE, words.RUN_OF))
    return stated or (mode if told and mode.lower() not in words.LOADS else "")


def _load_mode(row: Row) -> Load | None:
    """How load was applied; without a known mode, from the number of users."""
    mode = written(row, "benchmark_mode").lower()
    stated = written(row, "concurrency_or_batch").lower()
    alone = written(row, "single_stream").lower() in ("yes", "true") or stated in ("1", "1.0")
    load = words.LOADS.get(mode) or next((load for word, load in words.LOAD_WORDS if word.search(mode)), None)
    test = words.LLAMA_BENCH.fullmatch(mode)
    if test is not None and test["prompt"]:
        return "single"
    if load == "single" and words.WITHOUT_PROMPT.search(f"{written(row, 'notes')} {written(row, 'derived_fields')}"):
        return "decode"
    if load == "limited" and not _is_limited(row, mode):
        load = "closed"  # a "server" without a limit is a server with users
    if load == "limited" and words.RATE.search(stated) and not _is_mlperf(row):
        load = "open"
    if load in ("closed", "limited") and alone and "server" not in mode:
        return "single"
    if load == "closed" and not NUMBER.search(stated):
        return _open_or_saturated(row)
    if load is not None:
        return load
    if alone:
        return "single"
    if words.RATE.search(stated) or (amount(row, "request_rate") and not stated):
        return "open"
    if not stated:
        endless = words.ENDLESS.fullmatch(written(row, "request_rate"))
        return "saturated" if written(row, "num_prompts") or endless else None
    unlimited = ("max" in stated and not NUMBER.search(stated)) or words.ENDLESS.search(stated) is not None
    return "saturated" if unlimited else "closed"


def _is_limited(row: Row, mode: str) -> bool:
    return bool(_is_mlperf(row) or _limits_stated(row) or "interactive" in mode or "latency" in mode or "sl" in mode)


def _is_mlperf(row: Row) -> bool:
    columns = ("source", "source_id", "notes", "benchmark_mode", "lengths_are")
    named = words.OF_MLPERF.search(written(row, "model")) is not None
    return named or any(words.MLPERF.search(written(row, column)) for column in columns)


def _names_users(row: Row) -> bool:
    """Whether the kind of load is users, arrivals or a server's, of which the row tells no number."""
    mode = written(row, "benchmark_mode").lower()
    named = words.LOADS.get(mode) or next((load for word, load in words.LOAD_WORDS if word.search(mode)), None)
    return named in ("closed", "open", "limited")


def _open_or_saturated(row: Row) -> Load:
    return "open" if amount(row, "request_rate") else "saturated"


def _lengths(row: Row, load: Load) -> tuple[words.Lengths, tuple[Unknown, ...]]:
    """Prompt and answer, and whether they were taken from the name of a dataset or are usual ones."""
    said = " ".join(written(row, c) for c in ("lengths_are", "notes", "concurrency_or_batch", "benchmark_mode"))
    prompt, answer = _tokens(row, "input_len"), _tokens(row, "output_len")
    test = words.LLAMA_BENCH.fullmatch(written(row, "benchmark_mode"))
    if test is not None and not answer:
        prompt, answer = float(test["prompt"] or 0) + float(test["depth"] or 0), float(test["answer"])
    both = words.PAIR.search(written(row, "lengths")) or words.TWO_LENGTHS.search(said)
    prompt = prompt if prompt is not None else _count(both, 1) or _count(words.ISL.search(said), 1)
    answer = answer or _count(both, 2) or _count(words.OSL.search(said), 1)
    of_answers = written(row, "lengths_are")
    is_limit = words.ANSWER_LIMIT.search(of_answers) and "mean" not in of_answers
    limited: tuple[Unknown, ...] = ("answer_limit",) if is_limit else ()
    if prompt is not None and answer:
        return words.Lengths(prompt, answer), limited
    known = _of_benchmark(row, said)
    usual = known or _usual_lengths(load)
    lengths = words.Lengths(usual.prompt if prompt is None else prompt, answer or usual.answer, usual.vary)
    return lengths, ("lengths_of_dataset" if known else "lengths",)


def _usual_lengths(load: Load) -> words.Lengths:
    unstated = benchmarks().unstated
    usual = unstated.lengths_alone if load in ALONE else unstated.lengths_together
    return words.Lengths(usual.prompt, usual.answer, vary=False)


def _of_benchmark(row: Row, said: str) -> words.Lengths | None:
    """Lengths that the name of a benchmark or of a dataset implies."""
    model = words.mlperf_model(written(row, "model")) if _is_mlperf(row) else None
    if model is not None and model.prompt and model.answer:
        return words.Lengths(model.prompt, model.answer)
    known = next((each for each in benchmarks().datasets.entries if each.is_in(said)), None)
    return None if known is None else words.Lengths(known.prompt, known.answer, known.vary)


def _count(match: re.Match[str] | None, group: int) -> float | None:
    """Tokens in a part of a cell, read as a cell of lengths is."""
    if match is None:
        return None
    return amount({"input_len": number_alone("input_len", match.group(group))}, "input_len")


def _tokens(row: Row, column: str) -> float | None:
    """Length of a prompt or an answer; none that a request can have, a part of a token for instance, is not stated."""
    value = amount(row, column)
    return value if value is not None and (value == 0 or 1 <= value <= LARGEST_WHOLE) else None


def _limits_stated(row: Row) -> words.LatencyLimits | None:
    """Limits that columns or notes state."""
    columns = ("notes", "concurrency_or_batch", "benchmark_mode", "lengths_are")
    parts = [part for column in columns for part in written(row, column).split(";")]
    limiting = [written(row, "limits"), *(part for part in parts if words.LIMITING.search(part))]
    tpot, ttft = _seconds(written(row, "tpot_limit")), _seconds(written(row, "ttft_limit"))
    for part in limiting:
        both = words.BOTH_LIMITS.search(part)
        speed = _found(words.USER_SPEED, part)
        ttft = ttft or (_time(both, 1) if both else _limit_in(words.TTFT_LIMITS, part))
        tpot = (
            tpot or (_time(both, 3) if both else _limit_in(words.TPOT_LIMITS, part)) or (1 / speed if speed else None)
        )
    speed = amount(row, "user_speed")
    tpot = tpot or (1 / speed if speed else None)
    return words.LatencyLimits(ttft or float("inf"), tpot or float("inf")) if tpot or ttft else None


def _limit_in(patterns: Sequence[re.Pattern[str]], said: str) -> float | None:
    """A time of a part that speaks of limits, unless it is said to be a result."""
    match = next((found for pattern in patterns if (found := pattern.search(said))), None)
    if match is None or words.RESULT.search(said[max(match.start() - 12, 0) : match.start()]):
        return None
    return _time(match, 1)


def _time(match: re.Match[str], group: int) -> float:
    return float(match.group(group)) * (MILLI if match.group(group + 1).lower() == "ms" else 1.0)


def _seconds(cell: str) -> float | None:
    """A limit of a column of its own: a time, whatever its percentile, or the speed that it leaves a user."""
    said = re.sub(r"[\d.,]*\d", lambda number: without_commas(number[0]), words.PERCENTILE.sub(" ", cell))
    speed = _found(words.SPEED_FOR_ONE, said)
    if speed:
        return 1 / speed
    found = EXACT_NUMBER.search(said)
    if found is None or float(found.group()) <= 0:
        return None
    value = float(found.group())
    in_milli = "ms" in said or (not re.search(r"\ds|\d s", said) and value > SECONDS_ABOVE)
    return value * MILLI if in_milli else value


def _limits(row: Row, load: Load) -> words.LatencyLimits | None:
    """Limits of the run: those it states, else those of its benchmark's rules."""
    stated = _limits_stated(row)
    if stated or load != "limited":
        return stated if load != "open" else None
    rules = words.mlperf_model(written(row, "model"))
    is_interactive = "interactive" in f"{written(row, 'benchmark_mode')} {written(row, 'notes')}".lower()
    limits = None if rules is None else rules.interactive if is_interactive else rules.server
    return None if limits is None else words.LatencyLimits(limits.ttft_s, limits.tpot_s)


def _over_http(row: Row, engine: Engine, load: Load) -> bool:
    """Whether requests come over HTTP: where it is said, and where users meet an engine that is a server."""
    said = words.HTTP.search(f"{written(row, 'engine')} {written(row, 'notes')}")
    return bool(said) or (load in ("closed", "open", "limited") and engine.startswith("python"))


def _most_sequences(row: Row) -> float | None:
    """Limit of the engine on sequences at once, where it is not that of its class."""
    usual = benchmarks().unstated.tensorrt_sequences.value if words.TENSORRT.search(written(row, "engine")) else None
    return amount(row, "max_num_seqs") or _found(words.MAX_SEQUENCES, written(row, "notes")) or usual


def _load(row: Row, load: Load) -> tuple[float | None, float | None, float | None]:
    """Sequences at once, requests of the run and requests per second, where the row states them."""
    stated = written(row, "concurrency_or_batch").lower()
    of_run, is_most = _found(words.RUN_OF, stated), "max" in stated and "concurren" not in stated
    users = words.NUMBER_OF_USERS.search(stated) if load != "open" else words.RATE.search(stated)
    stated = next((each for each in users.groups() if each), stated).replace(",", "") if users else stated
    count = NUMBER.search(words.RUN_OF.sub("", stated)) if load != "burst" else NUMBER.search(stated.replace(",", ""))
    value = float(count.group()) if count else None
    run = amount(row, "num_prompts") or of_run or _found(words.RUN_OF, written(row, "notes"))
    if load in ALONE:
        return value or 1.0, None, None
    if load == "burst":
        return None, value or run, None
    if load == "open":
        return None, run, value or amount(row, "request_rate")
    if load == "saturated":
        return None if is_most else value, amount(row, "num_prompts") or of_run, None
    return value, (amount(row, "num_prompts") or of_run) if load == "closed" else None, None


def _longest_over_mean(row: Row, lengths: words.Lengths) -> float | None:
    """Longest over mean answer; ``None`` where lengths vary as in chats and are not capped."""
    said = f"{written(row, 'lengths_are')} {written(row, 'notes')}"
    cap = _found(words.ANSWER_CAP, said)
    if cap:
        return max(cap / lengths.answer, 1.0)
    return None if words.CHAT_LENGTHS.search(said) and not words.FIXED_LENGTHS.search(said) else 1.0
