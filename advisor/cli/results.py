"""A team's own results on the command line: an evaluation, a pilot, months after the launch."""

import argparse
import os
from collections.abc import Callable, Iterable
from datetime import date

from advisor.catalog.loader import load_catalog
from advisor.cli.cases import named_case
from advisor.cli.files import read_file, shown, write, write_json
from advisor.cli.tables import tell
from advisor.cli.take_over import tell_taken
from advisor.core.notices import InputError, Issue
from advisor.core.tables import LARGEST_TABLE_BYTES
from advisor.evidence.actual_months import actuals_template, read_actuals
from advisor.evidence.actuals import ActualsResult, compare_actuals
from advisor.evidence.evaluation import EvaluationResult, evaluate_scores, evaluation_template, read_scores
from advisor.evidence.kept_actuals import actuals_record
from advisor.evidence.pilot import PilotResult, judge_pilot, pilot_template, read_pilot
from advisor.evidence.results_kinds import of_kind
from advisor.evidence.results_table import read_margin, read_scale
from advisor.report import results as words
from advisor.report.text import columns
from advisor.scenario.actual_record import ACTUALS
from advisor.scenario.measurement import LONGEST_FILE_NAME
from advisor.text.i18n import Translator
from advisor.text.phrases import notice_text

Found = EvaluationResult | PilotResult | ActualsResult


def tell_evaluation(options: argparse.Namespace, t: Translator, on: date) -> None:
    """Quality of both models on the same items, and what that changes in a case. Raises :class:`InputError`."""
    if _template(options, evaluation_template):
        return
    margin = None if options.margin is None else read_margin(options.margin)
    scale, good = read_scale(options.scale, options.good)
    scores = read_scores(of_kind(_content(options), "evaluation"), _name(options), scale, good)
    tell(t, options.table, scores.table.told)
    found = evaluate_scores(scores, load_catalog(), margin)
    _tell(found, words.evaluation_sentences(found, t), [words.evaluation_table(found, t)], options, t, on)


def tell_pilot(options: argparse.Namespace, t: Translator, on: date) -> None:
    """Measured runs beside the case's estimates, and what they answer. Raises :class:`InputError`."""
    if _template(options, pilot_template):
        return
    catalog = load_catalog()
    scenario, _ = named_case(_case(options), catalog)
    table = read_pilot(of_kind(_content(options), "pilot"), _name(options))
    tell(t, options.table, table.told)
    found = judge_pilot(table, scenario, catalog, on)
    tables = [words.pilot_table(found, t), words.beside_table(found, t)]
    _tell(found, words.pilot_sentences(found, t), tables, options, t, on)


def tell_actuals(options: argparse.Namespace, t: Translator, on: date) -> None:
    """Months of usage and bills beside the plan's. Raises :class:`InputError`."""
    if _template(options, actuals_template):
        return
    catalog = load_catalog()
    scenario, _ = named_case(_case(options), catalog)
    table = read_actuals(of_kind(_content(options), ACTUALS), _name(options), scenario.base_currency)
    tell(t, options.table, table.told)
    found = compare_actuals(table, scenario, catalog, on)
    tables = [words.months_table(found, t), words.bridge_table(found, t)]
    _tell(found, words.actuals_sentences(found, t), tables, options, t, on)


def _tell(
    found: Found,
    sentences: Iterable[str],
    tables: Iterable[words.Table],
    options: argparse.Namespace,
    t: Translator,
    on: date,
) -> None:
    if options.json:
        write_json(words.results_json(found))
        return
    lines = [*sentences, *(notice_text(t, notice, "USD") for notice in found.notices)]
    for heads, rows in tables:
        lines += ["", *(f"  {line}" for line in columns([heads, *rows]))] if rows else []
    write("\n".join(shown(line) for line in lines) + "\n")
    months = found if isinstance(found, ActualsResult) else None
    compared, counted = (None, None) if months is None else (actuals_record(months, on), words.taken_back(months, t))
    if options.case is not None and (found.records or (compared and options.into)):
        write("\n")
        tell_taken(options.case, found.records, t, options.into, on, compared, counted)


def _template(options: argparse.Namespace, build: Callable[[], str]) -> bool:
    if options.template:
        write(build())
    return bool(options.template)


def _content(options: argparse.Namespace) -> bytes:
    if options.table is None:
        raise InputError([Issue("TABLE", "results_no_file", {"path": "--template"})])
    if options.into is not None and options.case is None:
        raise InputError([Issue("--into", "results_no_case", {"path": "--case"})])
    content = read_file(options.table, "TABLE", LARGEST_TABLE_BYTES)
    if content is None:
        raise InputError([Issue("TABLE", "file_not_found", {"path": shown(options.table)})])
    return content


def _case(options: argparse.Namespace) -> str:
    if options.case is None:
        raise InputError([Issue("--case", "results_no_case", {"path": "--case"})])
    return str(options.case)


def _name(options: argparse.Namespace) -> str:
    """The name of the file as a record keeps it."""
    return shown(os.path.basename(str(options.table)))[:LONGEST_FILE_NAME] or "-"
