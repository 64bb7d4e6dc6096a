"""What a table of measurements means where it says no more: by the names that stand in it, or as is usual."""

import re
from functools import cache
from typing import Literal

from pydantic import Field

from advisor.catalog.fields import Count, Pattern, Positive, Record, Share, Text
from advisor.catalog.reader import build, parse_yaml
from advisor.catalog.records import Sourced
from advisor.core.places import DATA

BENCHMARKS = DATA / "validation" / "benchmarks.yaml"


class NamedInWords(Record):
    """Something known by the words that name it, whatever their case."""

    names: Pattern

    def is_in(self, words: str) -> bool:
        return re.search(self.names, words, re.IGNORECASE) is not None


class DatasetLengths(NamedInWords):
    """Mean prompt and answer of a dataset [tokens/request]; ``vary`` as lengths in chats do."""

    prompt: Positive
    answer: Positive
    vary: bool = True


class ScenarioLimits(Record):
    """Limits of a scenario on the time to the first token, and on the time per output token [s]."""

    ttft_s: Positive
    tpot_s: Positive


class BenchmarkModel(NamedInWords):
    """A model of MLPerf: lengths of its dataset [tokens/request], limits of its scenarios; ``None``: not known."""

    prompt: Positive | None = None
    answer: Positive | None = None
    server: ScenarioLimits | None = None
    interactive: ScenarioLimits | None = None


class FamilyAttention(NamedInWords):
    """How a family looks back: a share of its layers over ``window`` tokens only, or all through a latent cache."""

    windowed_share: Share = 0.0
    window: Count | None = None
    latent_rank: Count | None = None
    latent_rope: int = Field(default=0, ge=0)


class ModelSize(NamedInWords):
    """Size of a model whose name does not tell it [billions of parameters]; ``None``: a dense one, all are active."""

    params_b: Positive
    active_params_b: Positive | None = None


class PublishedPrecision(NamedInWords):
    """Data type of the weights that a family is published in, which is taken where a name says no other."""

    precision: Literal["FP8", "MXFP4", "INT4"]


class Datasets(Sourced):
    entries: tuple[DatasetLengths, ...] = Field(strict=False)


class BenchmarkModels(Sourced):
    entries: tuple[BenchmarkModel, ...] = Field(strict=False)


class FamilyAttentions(Sourced):
    entries: tuple[FamilyAttention, ...] = Field(strict=False)


class ModelSizes(Sourced):
    entries: tuple[ModelSize, ...] = Field(strict=False)


class PublishedPrecisions(Sourced):
    entries: tuple[PublishedPrecision, ...] = Field(strict=False)


class UsualNumber(Sourced):
    """What is taken where a row does not state a number, in its ``unit``."""

    value: Positive
    unit: Text
    note: Text


class UsualLengths(Sourced):
    """Prompt and answer that are taken where nothing says how long requests are [tokens/request]."""

    prompt: Positive
    answer: Positive
    note: Text


class Unstated(Record):
    """What is taken of what a row leaves blank.

    Of training: length of a sample, tokens of a micro-batch, micro-steps of a step of Megatron, mean over longest
    length. Of models: vocabulary, experts of a token. Of serving: sequences that TensorRT-LLM runs at once, lengths of
    requests sent alone and together.
    """

    sample_length: UsualNumber
    micro_batch_tokens: UsualNumber
    megatron_micro_steps: UsualNumber
    mean_over_longest: UsualNumber
    vocabulary: UsualNumber
    experts_per_token: UsualNumber
    tensorrt_sequences: UsualNumber
    lengths_alone: UsualLengths
    lengths_together: UsualLengths


class Benchmarks(Record):
    """The file: each list with the source of its numbers, and words beside the name of a card that are none of it."""

    unstated: Unstated

    datasets: Datasets
    mlperf: BenchmarkModels
    attention: FamilyAttentions
    sizes: ModelSizes
    precisions: PublishedPrecisions
    beside_a_card: frozenset[Text] = Field(strict=False)


@cache
def benchmarks() -> Benchmarks:
    """What the file says. Raises :class:`DataError` where the file is at fault."""
    label = f"{BENCHMARKS.parent.name}/{BENCHMARKS.name}"
    return build(Benchmarks, parse_yaml(BENCHMARKS.read_bytes(), label), label, "benchmarks")


def size_named(model: str) -> ModelSize | None:
    """Size of a model by its name; ``None`` where the file has none."""
    return next((each for each in benchmarks().sizes.entries if each.is_in(_hyphened(model))), None)


def precision_published(model: str) -> str:
    """Data type of the weights that a model is published in, by its name; empty where the file has none."""
    entries = benchmarks().precisions.entries
    return next((each.precision for each in entries if each.is_in(_hyphened(model))), "")


def _hyphened(name: str) -> str:
    return re.sub(r"[\s_]+", "-", name)
