"""What a training set answers of a case, each answer with the record it rests on."""

from collections.abc import Mapping
from pathlib import PurePath

from advisor.datasets.records import DatasetReport
from advisor.scenario import QUESTIONS, Measurement
from advisor.scenario.measurement import LONGEST_FILE_NAME


def dataset_answers(found: DatasetReport) -> Mapping[str, Measurement]:
    """Examples trained on, tokens of each, examples that are good, and the items of the evaluation set.

    The interval of the tokens is that of the estimate for another vocabulary; a whole set has no sampling error.
    """
    if found.tokens is None or found.truncation is None or not found.examples:
        return {}
    train = _name(found.file)
    answers = {
        "training_examples": Measurement(value=float(found.examples), file=train, rows=found.records),
        "example_tokens": _tokens(found, train),
        "examples_available": Measurement(value=float(found.cleaned.examples), file=train, rows=found.records),
    }
    if found.overlap is not None:
        held_out = _name(found.overlap.file)
        items = found.overlap.items
        answers["evaluation_items"] = Measurement(value=float(items), file=held_out, rows=items)
        answers["evaluation_set"] = Measurement(value="yes", file=held_out, rows=items)
    return answers


def _tokens(found: DatasetReport, file: str) -> Measurement:
    assert found.tokens is not None
    assert found.truncation is not None
    question, value = QUESTIONS["example_tokens"], found.truncation.mean
    low, high = (question.nearest(value * end / found.tokens.mean) for end in (found.tokens.low, found.tokens.high))
    value = question.nearest(value)
    if found.tokens.is_exact:
        return Measurement(value=value, file=file, rows=found.examples)
    return Measurement(value=value, file=file, rows=found.examples, low=min(low, value), high=max(high, value))


def _name(path: str) -> str:
    """The name of a file without its folder, as a record may hold it."""
    name = "".join(c if c.isprintable() else "?" for c in PurePath(path).name).strip()
    return name[:LONGEST_FILE_NAME] or "?"
