"""What one pass finds in small sets made by hand, and in synthetic edits whose likeness is known."""

import json
import random
from math import log2

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.notices import InputError
from advisor.datasets import duplicates
from advisor.datasets.records import DatasetReport
from advisor.datasets.tokens import encoder, vocabulary_of
from tests.datasets.made import ESTIMATED, chat, edited, lines, measured, passage


def test_tokens_by_hand() -> None:
    encode = encoder("o200k_base")
    found = measured(lines([chat("What is two plus two?", "Four.", "Be brief.")]))
    assert found.tokens is not None
    texts = ("Be brief.", "What is two plus two?", "Four.")
    assert found.tokens.total == sum(len(encode(text)) for text in texts) + 3 * 4 + 3
    assert found.tokens.answers == len(encode("Four."))
    assert (found.tokens.is_exact, found.tokens.low) == (True, found.tokens.high)
    assert found.tokens.bars == ((16, 32, 1),)


@pytest.mark.parametrize(
    ("model", "vocabulary", "is_exact"),
    [
        ("openai/gpt-4o-mini", "o200k_base", True),
        ("gpt-4.1", "o200k_base", True),
        ("openai/o3-mini", "o200k_base", True),
        ("gpt-oss-20b", "o200k_base", True),
        ("gpt-3.5-turbo", "cl100k_base", True),
        ("azure-openai/gpt-4", "cl100k_base", True),
        ("meta/llama-3.1-8b", "o200k_base", False),
        ("qwen3-8b", "o200k_base", False),
    ],
)
def test_the_vocabulary_of_a_model(model: str, vocabulary: str, is_exact: bool) -> None:
    found = vocabulary_of(model)
    assert (found.name, found.is_exact) == (vocabulary, is_exact)


def test_another_vocabulary_is_estimated_by_script() -> None:
    latin = measured(lines([chat("What is two plus two?", "It is four.")]), model=ESTIMATED).tokens
    chinese = measured(
        lines([chat("\u4e8c\u52a0\u4e8c\u7b49\u4e8e\u51e0\uff1f", "\u56db\u3002")]), model=ESTIMATED
    ).tokens
    assert latin is not None
    assert chinese is not None
    assert not latin.is_exact
    assert latin.low < latin.mean < latin.high
    assert chinese.high / chinese.mean > latin.high / latin.mean


def test_what_is_cut_at_the_sequence_length() -> None:
    long, short = chat("word " * 100, "yes " * 100), chat("What is it?", "Nothing of the kind.")
    found = measured(lines([short, long]), sequence=64)
    assert found.truncation is not None
    assert (found.truncation.examples, found.truncation.first) == (1, (2,))
    assert found.tokens is not None
    assert found.truncation.tokens_lost == found.tokens.longest - 64


def test_exact_duplicates_whatever_case_and_space() -> None:
    records = [chat("What is  two plus two?", "Four."), chat("what is two\nplus TWO?", "four."), chat("Who?", "Me.")]
    found = measured(lines([*records, chat("Who?", "Me.", "Be kind")]))
    assert (found.duplicates.exact, found.duplicates.exact_pairs) == (1, ((2, 1),))
    assert (found.cleaned.examples, found.cleaned.left_out["exact"]) == (3, 1)


def test_one_prompt_with_two_answers() -> None:
    found = measured(lines([chat("Is it so?", "yes"), chat("Is it so?", "no"), chat("And now?", "yes")]))
    assert (found.conflicts.prompts, found.conflicts.examples, found.conflicts.pairs) == (1, 2, ((2, 1),))


def test_near_duplicates_are_found_and_others_are_not() -> None:
    rng = random.Random(1)
    firsts = [passage(rng, 120) for _ in range(150)]
    little = [edited(rng, words, 1) for words in firsts[:50]]
    much = [edited(rng, words, 40) for words in firsts[50:100]]
    texts = [" ".join(words) for words in [*firsts, *little, *much]]
    found = measured(lines(chat(text, f"Answer {k} of all.") for k, text in enumerate(texts)))
    assert found.duplicates.exact == 0
    assert 48 <= found.duplicates.near <= 50
    assert all(later - earlier == 150 for later, earlier in found.duplicates.near_pairs)
    assert found.cleaned.examples == 250 - found.duplicates.near


def test_an_instruction_around_each_text_makes_no_duplicates() -> None:
    rng = random.Random(2)
    instruction = " ".join(passage(rng, 300))
    texts = [f"{instruction}: {' '.join(passage(rng, 30))}" for _ in range(200)]
    assert measured(lines(chat(text, f"Answer {k}") for k, text in enumerate(texts))).duplicates.near == 0


def test_signatures_are_those_of_datasketch() -> None:
    rng = np.random.default_rng(3)
    tokens = rng.integers(0, 200_000, 40, dtype=np.uint32)
    numbers = duplicates.shingles(tokens)
    mine = duplicates._signature(numbers, np.array([len(numbers)]))[0]
    theirs = MinHash(num_perm=duplicates.PERMUTATIONS, seed=duplicates.SEED, scheme="affine32")
    factors, summands = theirs.permutations
    expected = (numbers[:, None] * factors[None, :].astype(np.uint32) + summands[None, :].astype(np.uint32)).min(axis=0)
    assert (mine == expected).all()


def test_the_evaluation_in_training() -> None:
    rng = random.Random(4)
    texts = [" ".join(passage(rng, 80)) for _ in range(12)]
    train = [chat(text, f"Answer {k}") for k, text in enumerate(texts[:10])]
    part = f"Before it. {' '.join(texts[3].split()[:70])}"
    items = [chat(texts[0].upper(), "x"), chat(part, "y"), chat(texts[10], "z"), chat(texts[11], "z")]
    found = measured(lines(train), evaluation=lines([*items, {"messages": []}])).overlap
    assert found is not None
    assert (found.items, found.faulty, found.prompts, found.passages, found.first) == (4, 1, 1, 1, (1, 2))
    assert found.training_examples == 2


def test_a_long_example_around_an_item_gives_it_away() -> None:
    rng = random.Random(5)
    item, other = " ".join(passage(rng, 80)), " ".join(passage(rng, 80))
    around, after = " ".join(passage(rng, 300)), " ".join(passage(rng, 300))
    train = [chat(f"{around} {item} {after}", "Yes."), chat(f"{around} {other[:100]} {after}", "No.")]
    found = measured(lines(train), evaluation=lines([chat(item, "x"), chat(other, "y")]))
    assert found.overlap is not None
    assert (found.overlap.passages, found.overlap.first, found.overlap.training_examples) == (1, (1,), 1)
    assert found.cleaned.left_out["overlap"] == 1


def test_labels_and_their_balance() -> None:
    answers = ["refund"] * 6 + ["delivery"] * 3 + ["other"] * 3
    found = measured(lines({"prompt": f"Ticket {k}", "completion": a} for k, a in enumerate(answers))).labels
    assert found is not None
    assert found.labels == (("refund", 6), ("delivery", 3), ("other", 3))
    assert found.majority == 0.5
    assert found.entropy == pytest.approx(0.5 * log2(2) + 0.5 * log2(4))


def test_free_answers_are_no_labels() -> None:
    assert measured(lines(chat(f"Ticket {k}", f"Word {k}") for k in range(30))).labels is None


def test_scripts_and_languages() -> None:
    records = [
        chat("What is the name of it?", "This is the one that you have."),
        chat("Wie hei\u00dft das und was ist es?", "Das ist nicht von mir."),
        chat("\u8fd9\u662f\u4ec0\u4e48\uff1f", "\u8fd9\u662f\u4e00\u672c\u4e66\u3002"),
        chat("\u041a\u0430\u043a \u0434\u0435\u043b\u0430?", "\u0425\u043e\u0440\u043e\u0448\u043e."),
        chat("1 + 1", "2"),
    ]
    found = measured(lines(records))
    assert found.scripts == {"latin": 2, "han": 1, "cyrillic": 1, "none": 1}
    assert found.languages == {"english": 1, "german": 1}


def test_personal_data_is_told_by_line_and_hidden() -> None:
    found = measured(lines([chat("Who is it?", "Me."), chat("Mail?", "jane@example.org or joe@example.org")]))
    assert [(hint.kind, hint.finds, hint.examples, hint.first) for hint in found.personal] == [
        ("email", 2, 1, ((2, "j***@*******.***"),))
    ]
    assert "jane" not in repr(found)


def test_a_fault_shows_no_personal_data() -> None:
    found = measured(lines([{"messages": [{"role": "jane@example.org", "content": "x"}]}]))
    assert "jane" not in repr(found)
    assert (found.examples, found.faulty, found.tokens) == (0, 1, None)


PIECES = st.sampled_from(
    [
        *('{"messages": [', '{"role": "user", "content": "a b c"}', '{"role": "assistant", "content": "d"}', "]}"),
        *('{"prompt": "p", "completion": "c"}\n', "{}", "[", '"', "\\ud800", "\x00", "1e999", "\xff", ",", "\n"),
        "prompt,completion\n",
    ]
)


def measured_or_refused(content: bytes, name: str = "set.jsonl") -> DatasetReport | None:
    """What was found; ``None`` where the file is refused with the faults named."""
    try:
        return measured(content, name)
    except InputError as error:
        return None if error.issues else pytest.fail("refused without a fault")


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12), st.sampled_from(["set.jsonl", "set.json", "set.csv", "set.parquet"]))
def test_any_bytes_are_refused_or_add_up(pieces: list[str], name: str) -> None:
    found = measured_or_refused("".join(pieces).encode("latin-1", "replace"), name)
    if found is None:
        return
    assert found.examples + found.faulty == found.records > 0
    left_out = sum(found.cleaned.left_out.values())
    assert found.cleaned.examples + left_out == found.records
    assert sum(found.scripts.values()) == found.examples
    assert found.tokens is None or sum(bar[2] for bar in found.tokens.bars) == found.examples


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_a_damaged_set_is_refused_or_adds_up(seed: int) -> None:
    rng = random.Random(seed)
    content = bytearray(lines(chat(f"Question {k}", f"Answer {k}") for k in range(6)).encode())
    for _ in range(rng.randint(1, 6)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    found = measured_or_refused(bytes(content))
    assert found is None or found.examples + found.faulty == found.records


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=1, max_size=6))
def test_any_texts_are_read(pairs: list[tuple[str, str]]) -> None:
    content = "".join(f"{json.dumps(chat(q, a))}\n" for q, a in pairs)
    found = measured(content)
    blank = sum(not q.strip() or not a.strip() for q, a in pairs)
    assert (found.records, found.faulty) == (len(pairs), blank)
