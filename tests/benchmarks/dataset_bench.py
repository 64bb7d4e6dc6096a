"""How long a training set takes beside only tokenising it: ``python -m tests.benchmarks.dataset_bench [EXAMPLES]``.

Both take turns on the same few hundred examples, so that other programs on the machine disturb them alike. Both ratios
are told, of processor time and of the clock, and the peak memory of the process.
"""

import json
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from advisor.catalog.loader import load_catalog
from advisor.datasets.measure import Counting, NamedFile, measure_dataset
from advisor.datasets.tokens import encoder, token_constants, vocabulary_of

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES, VOCABULARY, AIM = 60_000, "o200k_base", 2.0
WORDS_OF_EACH, SPREAD, MOST_WORDS = 5.4, 0.45, 2_500
"""Logarithm of the median and spread of an example's words, which makes about 350 tokens."""
CHINESE, WITH_SYSTEM, REPEATED, EDITED, WITH_MAIL = 0.3, 0.5, 0.01, 0.02, 0.02
"""Shares of the examples."""
COMMON = """
    the of and to in is that for it was with on as are you have this from they at be or one had by word but not what
    all were we when your can said there use an each which she do how their if will up other about many then them
"""
Seconds = tuple[float, float]


def now() -> Seconds:
    """Processor and clock. [seconds]"""
    return time.process_time(), time.perf_counter()


def since(begun: Seconds) -> Seconds:
    processor, clock = now()
    return processor - begun[0], clock - begun[1]


def added(first: Seconds, second: Seconds, sign: int = 1) -> Seconds:
    return first[0] + sign * second[0], first[1] + sign * second[1]


def write_set(path: Path, examples: int) -> None:
    """Chats of one or two turns in English and Chinese; some repeat an earlier one, exactly or with a word changed."""
    rng = random.Random(20_261_129)
    rare = ["".join(rng.choices("etaoinshrdlucmfwyp", k=rng.randint(3, 9))) for _ in range(5_000)]
    english = COMMON.split() * 300 + rare
    catalogue = (ROOT / "data/locales/zh/method.po").read_text(encoding="utf-8")
    chinese = re.findall("[\u4e00-\u9fff]{1,2}", catalogue)
    systems = [" ".join(rng.choices(english, k=60)) for _ in range(8)]
    said: list[str] = []
    with path.open("w", encoding="utf-8") as file:
        for _ in range(examples):
            if said and rng.random() < REPEATED + EDITED:
                words = rng.choice(said).split(" ")
                if rng.random() < EDITED / (REPEATED + EDITED):
                    words[rng.randrange(len(words))] = "changed"
            else:
                language = chinese if rng.random() < CHINESE else english
                words = rng.choices(language, k=min(int(rng.lognormvariate(WORDS_OF_EACH, SPREAD)), MOST_WORDS))
                if rng.random() < WITH_MAIL:
                    words.append(f"name{rng.randrange(1_000)}@example.org")
                said = [*said[-500:], " ".join(words)]
            file.write(json.dumps(_chat(words, rng, systems), ensure_ascii=False) + "\n")


def _chat(words: list[str], rng: random.Random, systems: list[str]) -> dict[str, object]:
    half = max(len(words) // 2, 1)
    glue = "" if "\u4e00" <= words[0][0] <= "\u9fff" else " "
    turns = [("user", glue.join(words[:half])), ("assistant", glue.join(words[half:]) or "yes")]
    if rng.random() < WITH_SYSTEM:
        turns.insert(0, ("system", rng.choice(systems)))
    return {"messages": [{"role": role, "content": text} for role, text in turns]}


class Alone:
    """Tokenises, whenever the measuring has read some records, the same ones by itself."""

    def __init__(self, path: Path, encode: Callable[[str], list[int]]) -> None:
        self.took, self.inside = (0.0, 0.0), (0.0, 0.0)
        self.tokens = self._read = 0
        self._file, self._encode = path.open("rb"), encode

    def __call__(self, records: int) -> None:
        entered = now()
        lines = (self._file.readline() for _ in range(records - self._read))
        texts = [message["content"] for line in lines for message in json.loads(line)["messages"]]
        begun = now()
        counts = [len(self._encode(text)) for text in texts]
        self.took = added(self.took, since(begun))
        self.tokens += sum(counts)
        self._read = records
        self.inside = added(self.inside, since(entered))


def main(examples: int) -> None:
    encode, constants = encoder(VOCABULARY), token_constants(load_catalog())
    counting = Counting(vocabulary_of("openai/gpt-4.1"), constants, 2_048)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.jsonl"
        write_set(path, examples)
        alone, begun = Alone(path, encode), now()
        with path.open("rb") as raw:
            measure_dataset(NamedFile(path.name, raw), counting, progress=alone)
        whole = added(since(begun), alone.inside, -1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{examples:,} examples of {alone.tokens / examples:.0f} tokens, peak {peak:.0f} MB")
    for name, first, second in zip(("processor", "clock"), alone.took, whole, strict=True):
        what = f"a training set, by {name}"
        print(f"{what:<34} {second / first:5.2f} times   (aim {AIM:g}; {second:.1f} s against {first:.1f} s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES)
