"""How long a training set takes beside only tokenising it: ``python -m tests.benchmarks.dataset_bench [EXAMPLES]``.

Both ratios are of one run on one machine: of processor time, which other programs disturb less, and of the clock.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from advisor.catalog.loader import load_catalog
from advisor.datasets.measure import Counting, NamedFile, measure_dataset
from advisor.datasets.tokens import encoder, token_constants, vocabulary_of

EXAMPLES, WORDS_OF_EACH, VOCABULARY = 200_000, 145, "o200k_base"
COMMON = """
    the of and to in is that for it was with on as are you have this from they at be or one had by word but not what
    all were we when your can said there use an each which she do how their if will up other about many then them
"""


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Processor and clock time. [seconds]"""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - processor, time.perf_counter() - clock


def write_set(path: Path, examples: int) -> None:
    """Chats of about 200 tokens, each another one."""
    rng = random.Random(20_261_129)
    rare = ["".join(rng.choices("etaoinshrdlucmfwyp", k=rng.randint(3, 9))) for _ in range(5_000)]
    words = COMMON.split() * 300 + rare
    with path.open("w", encoding="utf-8") as file:
        for _ in range(examples):
            said = rng.choices(words, k=WORDS_OF_EACH)
            texts = (" ".join(said[:90]), " ".join(said[90:]))
            turns = zip(("user", "assistant"), texts, strict=True)
            file.write(json.dumps({"messages": [{"role": r, "content": text} for r, text in turns]}) + "\n")


def main(examples: int) -> None:
    encode, constants = encoder(VOCABULARY), token_constants(load_catalog())
    counting = Counting(vocabulary_of("openai/gpt-4.1"), constants, 2_048)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.jsonl"
        write_set(path, examples)
        with path.open(encoding="utf-8") as file:
            texts = [message["content"] for line in file for message in json.loads(line)["messages"]]
        tokens = sum(len(encode(text)) for text in texts[:2_000])
        print(f"{examples:,} examples of {tokens / 1_000:.0f} tokens")
        alone = timed(lambda: [len(encode(text)) for text in texts])
        texts.clear()
        with path.open("rb") as raw:
            whole = timed(lambda: measure_dataset(NamedFile(path.name, raw), counting))
    for name, first, second in zip(("processor", "clock"), alone, whole, strict=True):
        print(f"{name}: tokenising {first:.1f} s, all {second:.1f} s, ratio {second / first:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES)
