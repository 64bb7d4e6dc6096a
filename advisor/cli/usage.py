"""Logs and bills on the command line: what was read, what is measured on it, and what that changes in a case."""

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.cli.cases import named_case
from advisor.cli.files import read_file, shown, writable, write, write_file, write_json
from advisor.cli.progress import told_progress
from advisor.cli.take_over import keep, take, taken_record, target_of, tell_taken
from advisor.core.notices import InputError, Issue
from advisor.report.text import columns
from advisor.scenario import Measurement, Scenario
from advisor.text import usage_phrases
from advisor.text.i18n import Translator
from advisor.text.phrases import notice_text
from advisor.usage.answers import measured_answers, remarks
from advisor.usage.intake import LARGEST_MAPPING_BYTES, measured, measured_table, wish_of
from advisor.usage.records import UsageProfile
from advisor.usage.salt import installation_salt
from advisor.usage.summary import dump_profile

SUMMARY_SUFFIXES = (".json",)
MOST_USE_CASES = 20
Records = Mapping[str, Measurement]


def tell_usage(options: argparse.Namespace, t: Translator, on: date) -> None:
    """Print the profile of the files, write it where that is asked for, and tell what it changes in a case.

    Raises :class:`InputError`.
    """
    if options.into is not None and options.case is None:
        raise InputError([Issue("--into", "usage_into_without_case", {})])
    _check_source(options)
    source = options.table if options.engine else options.paths[0]
    target = None if options.output is None else writable(options.output, source, SUMMARY_SUFFIXES)
    target_of(options.into)
    catalog = load_catalog()
    case = Scenario() if options.case is None else named_case(options.case, catalog)[0]
    wish = wish_of(options.format, _mapping(options.mapping), installation_salt(), options.dates, options.decimal)
    with told_progress(t("usage.progress")) as progress:
        if options.engine:
            found = measured_table(options.engine, options.table, wish, options.use_case, progress)
        else:
            found = measured([Path(name) for name in options.paths], wish, options.use_case, progress)
    records = measured_answers(found, case, catalog, on)
    if target is not None:
        write_file(target, dump_profile(found).encode())
    if options.json:
        _write_json(options, found, records, t, on)
        return
    write("\n".join(_lines(found, case, catalog, on, t)) + "\n")
    if target is not None:
        write(t("cli.written", path=shown(options.output)) + "\n")
    if options.case is not None:
        write("\n")
        tell_taken(options.case, records, t, options.into, on)


def _check_source(options: argparse.Namespace) -> None:
    """Files, or one table of one engine."""
    if options.engine is None and options.table is None and not options.paths:
        raise InputError([Issue("--engine", "engine_or_files", {})])
    if options.engine is not None and not options.table:
        raise InputError([Issue("--table", "engine_without_table", {})])
    if options.table is not None and options.engine is None:
        raise InputError([Issue("--engine", "engine_of_table", {})])
    if options.engine is not None and options.paths:
        raise InputError([Issue("--engine", "engine_and_files", {})])


def _mapping(name: str | None) -> bytes | None:
    if name is None:
        return None
    content = read_file(name, "--mapping", LARGEST_MAPPING_BYTES)
    if content is None:
        raise InputError([Issue("--mapping", "file_not_found", {"path": shown(name)})])
    if len(content) > LARGEST_MAPPING_BYTES:
        raise InputError([Issue("--mapping", "file_too_large", {"maximum": LARGEST_MAPPING_BYTES // 1000})])
    return content


def _write_json(options: argparse.Namespace, found: UsageProfile, records: Records, t: Translator, on: date) -> None:
    """The summary, the answers it gives, and what they change, as one object."""
    answers = {name: record.model_dump(mode="json", exclude_none=True) for name, record in records.items()}
    whole = {"profile": json.loads(dump_profile(found)), "answers": answers}
    if options.case is not None:
        taken = take(options.case, records, on)
        target = target_of(options.into)
        if target is not None:
            keep(target, taken.changed)
        whole["case"] = taken_record(taken, t)
    write_json(whole)


def _lines(found: UsageProfile, case: Scenario, catalog: Catalog, on: date, t: Translator) -> Iterator[str]:
    yield from (shown(line) for line in usage_phrases.read_text(found, t))
    yield from _table(t("usage.part.measured"), "figure", usage_phrases.figure_rows(found, t), t)
    yield from _table(t("usage.part.models"), "model", usage_phrases.model_rows(found, t), t)
    if len(found.by_use_case) > 1:
        most = sorted(found.by_use_case.items(), key=lambda each: -each[1])[:MOST_USE_CASES]
        yield from _table(t("usage.part.use_cases"), "use_case", ((n, t.number(count, 0)) for n, count in most), t)
    yield from _table(t("usage.part.rejected"), "rejected", usage_phrases.rejected_rows(found, t), t)
    missing = usage_phrases.not_known(found, t)
    if missing:
        yield from ("", f"{t('usage.part.not_known')}:")
        yield from (f"  {t('word.comma').join(names)}: {reason}" for reason, names in missing.items())
    told = [*found.notices, *remarks(found, case, catalog, on)]
    if told:
        yield ""
    marks = {"warning": "!", "info": "-"}
    yield from (f"{marks[each.severity]} {shown(notice_text(t, each, case.base_currency))}" for each in told)


def _table(title: str, kind: str, rows: Iterator[tuple[str, ...]], t: Translator) -> Iterator[str]:
    """Lines of a table under its title; nothing where it has no row."""
    told = [tuple(shown(cell) for cell in row) for row in rows]
    if told:
        head = tuple(t(f"usage.column.{name}") for name in usage_phrases.COLUMNS[kind])
        yield from ("", f"{title}:", *(f"  {line}" for line in columns([head, *told])))
