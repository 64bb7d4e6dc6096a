"""A training set: what is in it and wrong with it, and what tuning on it takes in a case."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import date
from time import monotonic
from typing import BinaryIO

from advisor.assumptions import resolve
from advisor.assumptions.short_names import id_named
from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.cli.cases import named_case
from advisor.cli.files import shown, writable, write, write_json
from advisor.cli.progress import CLEAR
from advisor.cli.take_over import tell_taken
from advisor.core.notices import InputError, Issue, nearest, unknown_id
from advisor.core.system_faults import system_fault
from advisor.costs.set_costs import cleaning_saves
from advisor.datasets.answers import dataset_answers
from advisor.datasets.measure import EVALUATION, TRAIN, Counting, NamedFile, measure_dataset
from advisor.datasets.records import CleaningSaves, DatasetReport
from advisor.datasets.tokens import token_constants, vocabulary_of
from advisor.report.text import columns
from advisor.scenario import Scenario
from advisor.text import dataset_phrases
from advisor.text.i18n import Translator

SEQUENCE = "sequence_tokens"
MODEL_QUESTIONS = ("open_model", "tuned_model")
SECONDS = 0.5
"""Between two lines of progress."""


def tell_dataset(options: argparse.Namespace, t: Translator, on: date) -> None:
    """Print what is found in a training set; with a case, what it changes there. Raises :class:`InputError`."""
    if options.into is not None and options.case is None:
        raise _refused("dataset_into_without_case", "--into")
    if options.into is not None:
        writable(options.into, options.train, (".yaml", ".yml", ".json"))
    catalog = load_catalog()
    case = None if options.case is None else named_case(options.case, catalog)[0]
    model = _model(options.model, case, catalog, on)
    counting = Counting(vocabulary_of(model), token_constants(catalog), _sequence(options, case, catalog, on))
    with _opened(options.train, TRAIN) as train, _opened(options.evaluation, EVALUATION) as held_out:
        evaluation = None if held_out is None else NamedFile(options.evaluation, held_out)
        assert train is not None
        progress = _Progress(train, t)
        try:
            found = measure_dataset(NamedFile(options.train, train), counting, evaluation, progress.tell)
        finally:
            progress.end()
    saves = None if case is None else cleaning_saves(found, case, catalog, on)
    if options.json:
        write_json(_as_json(found, saves))
        return
    write("\n".join(_lines(found, saves, t)) + "\n")
    answers = dataset_answers(found)
    if options.case is not None and answers:
        write("\n")
        tell_taken(options.case, answers, t, options.into, on)


def _model(named: str | None, case: Scenario | None, catalog: Catalog, on: date) -> str:
    """The model whose tokens count: the one named, else the one that the case tunes, else none in particular."""
    if named is not None:
        return _known_model(named, catalog)
    if case is None:
        return ""
    a = resolve(case, catalog, on)
    if a.choice("training_source") == "managed" and case.managed_route is not None:
        return case.managed_route
    return catalog.model(a.choice("open_model")).name


def _known_model(named: str, catalog: Catalog) -> str:
    if vocabulary_of(named).is_exact:
        return named
    for question in MODEL_QUESTIONS:
        try:
            found = id_named(question, named, catalog)
        except InputError:
            continue
        if question != "open_model" or found in catalog.models:
            return found
    raise InputError([unknown_id("--model", shown(named), nearest(named, catalog.models), catalog.models)])


def _sequence(options: argparse.Namespace, case: Scenario | None, catalog: Catalog, on: date) -> int:
    """The sequence length asked for, else the case's, else the usual one."""
    if options.sequence_tokens is not None:
        told = Scenario.from_answers({SEQUENCE: options.sequence_tokens}).sequence_tokens
        return int(told or 0)
    a = None if case is None else resolve(case, catalog, on)
    return int(float(a.number(SEQUENCE))) if a is not None and a.knows(SEQUENCE) else int(catalog.number(SEQUENCE))


@contextmanager
def _opened(name: str | None, field: str) -> Iterator[BinaryIO | None]:
    """The file of this name, open; ``None`` where there is no name."""
    if name is None:
        yield None
        return
    with ExitStack() as opened:
        try:
            file = opened.enter_context(open(name, "rb"))
        except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a path with a NUL
            raise _refused("file_not_found", field, path=shown(name)) from None
        except IsADirectoryError:
            raise _refused("is_a_directory", field, path=shown(name)) from None
        except OSError as error:
            raise _refused("file_unreadable", field, path=shown(name), fault=system_fault(error)) from None
        yield file


class _Progress:
    """One line of the terminal that says how far the reading is; nothing where the output goes elsewhere."""

    def __init__(self, file: BinaryIO, t: Translator) -> None:
        self._file, self._t, self._told = file, t, monotonic()
        self._size = os.fstat(file.fileno()).st_size
        self._shows = sys.stderr is not None and sys.stderr.isatty()

    def tell(self, records: int) -> None:
        if not self._shows or monotonic() - self._told < SECONDS:
            return
        self._told = monotonic()
        share = min(self._file.tell() / self._size, 1.0) if self._size else 1.0
        words = self._t("dataset.progress", records=self._t.number(float(records), 0), share=self._t.percent(share))
        sys.stderr.write(f"{CLEAR}{words}")
        sys.stderr.flush()

    def end(self) -> None:
        if self._shows:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()


def _lines(found: DatasetReport, saves: CleaningSaves | None, t: Translator) -> Iterator[str]:
    yield shown(found.file)
    yield from (f"  {line}" for line in columns(dataset_phrases.cards(found, t)))
    if found.faults:
        yield from _table(
            t("dataset.title.faults"), dataset_phrases.FAULT_COLUMNS, dataset_phrases.fault_rows(found, t), t
        )
    for title, sentence in dataset_phrases.findings(found, t):
        yield from ("", title, f"  {shown(sentence)}")
    yield ""
    if found.personal:
        rows = dataset_phrases.personal_rows(found, t)
        yield from _table(t("dataset.title.personal"), dataset_phrases.PERSONAL_COLUMNS, rows, t)
    else:
        yield from (t("dataset.title.personal"), f"  {t('dataset.no_personal')}")
    if saves is not None:
        yield from _table(
            t("dataset.title.costs"), dataset_phrases.COST_COLUMNS, dataset_phrases.cost_rows(saves, t), t
        )
        yield f"  {t('word.rounding')}"
        if not saves.follows_set:
            yield f"  {t('dataset.hours_stated')}"


def _table(title: str, names: tuple[str, ...], rows: list[tuple[str, ...]], t: Translator) -> Iterator[str]:
    yield from ("", title)
    heads = tuple(t(f"dataset.column.{name}") for name in names)
    yield from (f"  {shown(line)}" for line in columns([heads, *rows]))


def _as_json(found: DatasetReport, saves: CleaningSaves | None) -> object:
    """The report as it is, the answers it gives and both costs."""
    answers = {name: record.model_dump(mode="json") for name, record in dataset_answers(found).items()}
    told = {**asdict(found), "answers": answers, "costs": None if saves is None else asdict(saves)}
    return json.loads(json.dumps(told))


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])
