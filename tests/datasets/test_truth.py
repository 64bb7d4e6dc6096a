"""A synthetic set of which is known what was put in: how much of it is found, and what is found besides."""

import random
from collections.abc import Callable, Mapping
from math import comb, sqrt

import pytest

from advisor.datasets import batches, measure
from advisor.datasets.duplicates import BANDS, PERMUTATIONS, ROWS, SHINGLE, THRESHOLD
from advisor.datasets.tokens import encoder
from tests.datasets.made import chat, edited, lines, measured, passage

EACH = 60


@pytest.fixture(autouse=True)
def _everything_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (measure, batches):
        monkeypatch.setattr(module, "MOST_SHOWN", 100_000)


def similarity(first: str, second: str) -> float:
    """Sequences of five tokens in both texts among those in either."""
    one, two = (_sequences(text) for text in (first, second))
    return len(one & two) / len(one | two)


def _sequences(text: str) -> set[tuple[int, ...]]:
    tokens = encoder("o200k_base")(text)
    return {tuple(tokens[k : k + SHINGLE]) for k in range(len(tokens) - SHINGLE + 1)}


def chance(alike: float) -> float:
    """That a pair of this similarity is told: enough permutations agree, in one band at least all of them."""
    needed = range(round(THRESHOLD * PERMUTATIONS), PERMUTATIONS + 1)
    agree = sum(comb(PERMUTATIONS, k) * alike**k * (1 - alike) ** (PERMUTATIONS - k) for k in needed)
    return min(agree, 1 - (1 - alike**ROWS) ** BANDS)


def test_near_duplicates_are_told_as_often_as_minhash_can() -> None:
    """The number told is that of independent draws with each pair's own chance, to four standard deviations.

    Beyond them is one run in 16,000; by the texts' seed it is one run that never changes. What is told at all has a
    similarity whose chance of being told is one in a thousand or more.
    """
    rng = random.Random(11)
    firsts = [passage(rng, 150) for _ in range(8 * EACH)]
    copies = [edited(rng, words, k // EACH) for k, words in enumerate(firsts)]
    texts = [" ".join(words) for words in [*firsts, *copies]]
    found = measured(lines({"prompt": text, "completion": "Yes."} for text in texts))
    assert {later - 1 for later, _ in found.duplicates.exact_pairs} == {*range(8 * EACH, 9 * EACH)}
    alike = {k: similarity(*(f"{texts[j]}Yes." for j in (k, k - 8 * EACH))) for k in range(9 * EACH, 16 * EACH)}
    told = {later - 1 for later, _ in found.duplicates.near_pairs}
    chances = [chance(each) for each in alike.values()]
    assert abs(len(told) - sum(chances)) <= 4 * sqrt(sum(p * (1 - p) for p in chances))
    assert all(chance(alike[k]) > 0.001 for k in told)
    sure = {k for k, each in alike.items() if each >= 0.93}
    assert len(sure) >= EACH
    assert len(sure - told) <= 1 + 4 * sqrt(sum(1 - chance(alike[k]) for k in sure))


def _card(rng: random.Random) -> str:
    digits = [4, *(rng.randrange(10) for _ in range(14))]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::2]) + sum(digits[1::2])
    return "".join(map(str, [*digits, -doubled % 10]))


def _iban(rng: random.Random) -> str:
    account = "".join(str(rng.randrange(10)) for _ in range(18))
    return f"DE{98 - int(f'{account}131400') % 97:02d}{account}"


def _resident(rng: random.Random) -> str:
    born = f"{rng.randrange(1950, 2006)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
    front = f"310115{born}{rng.randrange(1000):03d}"
    rest = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(front)) % 11
    return front + "10X98765432"[rest]


def _address(rng: random.Random) -> str:
    return f"{rng.randrange(11, 100)}.{rng.randrange(1, 200)}.{rng.randrange(256)}.{rng.randrange(256)}"


MADE: Mapping[str, Callable[[random.Random], str]] = {
    "card": _card,
    "iban": _iban,
    "resident_id": _resident,
    "ipv4": _address,
    "email": lambda rng: f"name{rng.randrange(1_000)}@mail.example.org",
    "phone": lambda rng: f"+49 30 {rng.randrange(1_000_000, 10_000_000)}",
}
CHECKED = ("card", "iban", "resident_id")


def _spoilt(number: str) -> str:
    """The number with another last digit, which its checksum tells."""
    return number[:-1] + str((int(number[-1]) + 1) % 10 if number[-1].isdigit() else 0)


@pytest.mark.parametrize("kind", MADE)
def test_all_personal_data_is_found_and_no_number_with_a_wrong_checksum(kind: str) -> None:
    rng = random.Random(12)
    texts = [[*passage(rng, 20), "of", "", "and", *passage(rng, 20)] for _ in range(3 * EACH)]
    for k, words in enumerate(texts):
        made = MADE[kind](rng)
        decoy = _spoilt(made) if kind in CHECKED else f"{rng.randrange(2100)}"
        words[21] = made if k < EACH else decoy
    found = measured(lines(chat(" ".join(words), f"It is {k}.") for k, words in enumerate(texts)))
    told = {hint.kind: {line - 1 for line, _ in hint.first} for hint in found.personal}
    assert told == {kind: {*range(EACH)}}


def test_the_overlap_is_what_was_put_in() -> None:
    rng = random.Random(13)
    items = [passage(rng, 60) for _ in range(4 * EACH)]
    long = [passage(rng, 150) for _ in range(4 * EACH)]
    as_prompt = items[:EACH]
    inside = [[*after, *words, *after[:50]] for after, words in zip(long, items[EACH : 2 * EACH], strict=False)]
    a_little = [
        [*after, *words[:12], *after[:50]]
        for after, words in zip(long[EACH:], items[2 * EACH : 3 * EACH], strict=False)
    ]
    train = [*as_prompt, *inside, *a_little, *long[3 * EACH :]]
    found = measured(
        lines(chat(" ".join(words), f"Answer {k}") for k, words in enumerate(train)),
        evaluation=lines(chat(" ".join(words), "x") for words in items),
    ).overlap
    assert found is not None
    assert found.first == tuple(range(1, 2 * EACH + 1))
    assert (found.prompts, found.passages, found.training_examples) == (EACH, EACH, 2 * EACH)
