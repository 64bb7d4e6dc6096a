"""The command line: a second front-end on the same engine.

Exit codes: 0 done, 2 the input, the call or a data file is wrong, 1 the output could not be written, a figure that
``validate`` holds is missed, ``review`` found a case that moved, ``store`` a broken chain or ``doctor`` what is broken,
130 interrupted.
Everything heavy is imported where it is needed, so that ``--help`` and ``--version`` answer at once.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from advisor.cli.files import shown, writable, write, write_file, write_json
from advisor.cli.parser import OUTPUT_SUFFIXES, build_parser, speaking, wished_language
from advisor.core.notices import DataError, InputError, Issue, OwnDataError
from advisor.core.surroundings import surrounding_language
from advisor.core.system_faults import system_fault

if TYPE_CHECKING:
    from advisor.catalog.catalog import Catalog
    from advisor.decision.advice import Advice
    from advisor.decision.bridge import Step
    from advisor.text.i18n import Translator

DONE, NOT_WRITTEN, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130
MISSED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; argparse itself leaves with ``SystemExit``."""
    _speak_utf8()
    try:
        return _run(arguments)
    except BrokenPipeError:
        return _leave_quietly(DONE)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(arguments: Sequence[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        t = _translator(wished_language(given))
    except DataError as error:  # nobody can translate this one
        print(f"advisor: {shown(str(error))}", file=sys.stderr)
        return WRONG_INPUT
    with speaking(t):
        parser = build_parser(t)
        options = parser.parse_args(given)
        if options.language is not None and options.language != t.language:
            known = ", ".join(_languages())
            parser.error(t("cli.help.unknown_language", value=shown(options.language), known=known))
    try:
        _say_what_is_untranslated(t)
        code = COMMANDS[options.run](options, t) or DONE
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        raise
    except OSError as error:
        from advisor.text.phrases import issue_text

        place = shown(str(error.filename or "stdout"))
        print(
            issue_text(t, Issue("stdout", "not_writable", {"path": place, "fault": system_fault(error)})),
            file=sys.stderr,
        )
        return _leave_quietly(NOT_WRITTEN)
    except KeyboardInterrupt:
        print(t("cli.interrupted"), file=sys.stderr)
        return INTERRUPTED
    except InputError as error:
        named = (getattr(options, name, None) for name in ("table", "scenario", "train"))
        _print_issues(t, error.issues, next((name for name in named if name), None))
        return WRONG_INPUT
    except OwnDataError as error:
        from advisor.text.own_fault_phrases import own_faults

        head, told = own_faults(error, t)
        print(head, *(shown(each) for each in told), sep="\n  ", file=sys.stderr)
        return WRONG_INPUT
    except DataError as error:
        print(t("cli.data_error", text=shown(str(error))), file=sys.stderr)
        return WRONG_INPUT


# -- commands -----------------------------------------------------------------------------------------


def _assess(options: argparse.Namespace, t: "Translator") -> None:
    from advisor.costs.sign_off import signed_gates
    from advisor.decision.examination import examine

    advice, walk, catalog = _advice(options, t)
    signed = signed_gates(advice.scenario, advice.assessment.assumptions, catalog)
    if options.json:
        from advisor.report.json import render_json

        write(render_json(advice, t, walk, examine(advice, catalog), signed))
        return
    from advisor.report.text import render_text

    preset = catalog.presets.get(advice.scenario.preset or "")
    write(render_text(advice, t, walk, preset, examine(advice, catalog), signed))


def _costs(options: argparse.Namespace, t: "Translator") -> None:
    advice, _, catalog = _advice(options, t)
    from advisor.report.engineering import render_engineering, render_engineering_json

    write((render_engineering_json if options.json else render_engineering)(advice, catalog, t))


def _report(options: argparse.Namespace, t: "Translator") -> None:
    target = writable(options.output, options.scenario, OUTPUT_SUFFIXES)
    from advisor.cli.about_report import about_report, template_of

    template, about = template_of(options), about_report(options, t)
    advice, walk, catalog = _advice(options, t, about)
    write_file(target, _rendered(target.suffix.lower(), advice, walk, catalog, t, options.app_address, template))
    write(t("cli.written", path=shown(options.output)) + "\n")


def _presets(options: argparse.Namespace, t: "Translator") -> None:
    from advisor.catalog.loader import load_catalog
    from advisor.report.text import columns

    presets = sorted(load_catalog().presets.values(), key=lambda preset: preset.order)
    if not options.json:
        write("".join(f"{line}\n" for line in columns((p.id, t.fact(p.title)) for p in presets)))
        return
    fields = ("id", "title", "summary", "article")
    rows = ((p.id, t.fact(p.title), t.fact(p.summary), p.article) for p in presets)
    write_json([dict(zip(fields, row, strict=True)) for row in rows])


def _schema(options: argparse.Namespace, t: "Translator") -> None:
    if options.data is not None:
        from advisor.cli.schemas import write_schemas

        write_schemas(options, t)
        return
    from advisor.scenario import json_schema

    write_json(json_schema())


def _predict(options: argparse.Namespace, t: "Translator") -> int:
    from advisor.cli.tables import predict_table

    return DONE if predict_table(options, t) else WRONG_INPUT


def _portfolio(options: argparse.Namespace, t: "Translator") -> int:
    from advisor.cli.portfolio import tell_portfolio

    return DONE if tell_portfolio(options, t, datetime.now(UTC)) else WRONG_INPUT


def _usage(options: argparse.Namespace, t: "Translator") -> None:
    from advisor.cli.usage import tell_usage

    tell_usage(options, t, date.today())


def _prices(options: argparse.Namespace, t: "Translator") -> None:
    from advisor.cli.prices import update

    update(options, t, date.today())


def _validate(options: argparse.Namespace, t: "Translator") -> int:
    from advisor.cli.tables import print_validation

    return DONE if print_validation(options, t) else MISSED


def _evaluation(options: argparse.Namespace, t: "Translator") -> None:
    from advisor.cli.results import tell_evaluation

    tell_evaluation(options, t, date.today())


def _pilot(options: argparse.Namespace, t: "Translator") -> None:
    from advisor.cli.results import tell_pilot

    tell_pilot(options, t, date.today())


def _actuals(options: argparse.Namespace, t: "Translator") -> None:
    from advisor.cli.results import tell_actuals

    tell_actuals(options, t, date.today())


def _dataset(options: argparse.Namespace, t: "Translator") -> None:
    from advisor.cli.dataset import tell_dataset

    tell_dataset(options, t, date.today())


def _cases(options: argparse.Namespace, t: "Translator") -> None:
    from advisor.cli.kept import tell_cases

    tell_cases(options, t, datetime.now(UTC))


def _review(options: argparse.Namespace, t: "Translator") -> int:
    from advisor.cli.review import tell_review

    return DONE if tell_review(options, t, datetime.now(UTC)) else MISSED


def _store(options: argparse.Namespace, t: "Translator") -> int:
    from advisor.cli.store import tell_store

    return DONE if tell_store(options, t, datetime.now(UTC)) else MISSED


def _doctor(options: argparse.Namespace, t: "Translator") -> int:
    from advisor.cli.doctor import tell_doctor

    return DONE if tell_doctor(options, t, datetime.now(UTC)) else MISSED


# -- the case -----------------------------------------------------------------------------------------


def _advice(
    options: argparse.Namespace, t: "Translator", about: Mapping[str, str] | None = None
) -> "tuple[Advice, tuple[Step, ...], Catalog]":
    """The case judged, the walk from the one it is compared with, and the catalog.

    ``about``: what the report says besides.
    """
    from advisor.catalog.loader import load_catalog
    from advisor.cli.cases import named_case
    from advisor.decision.advice import advise, walk_from_compared

    catalog = load_catalog()
    scenario, gone = named_case(options.scenario, catalog)
    _print_issues(t, gone, options.scenario)
    if options.as_of is not None:
        scenario = scenario.with_(as_of=options.as_of)
    if about:
        scenario = scenario.with_(**about)
    advice = advise(scenario, catalog, date.today())
    return advice, walk_from_compared(scenario, catalog, advice.assessment.assumptions.on), catalog


def _rendered(
    suffix: str,
    advice: "Advice",
    walk: "Sequence[Step]",
    catalog: "Catalog",
    t: "Translator",
    app: str | None,
    template: bytes | None,
) -> bytes:
    """The report as the bytes of its file; ``app`` is where the app runs, for the link back, ``template`` of slides."""
    if suffix == ".json":
        from advisor.costs.sign_off import signed_gates
        from advisor.decision.examination import examine
        from advisor.report.json import render_json

        signed = signed_gates(advice.scenario, advice.assessment.assumptions, catalog)
        return render_json(advice, t, walk, examine(advice, catalog), signed).encode()
    if suffix == ".csv":
        from advisor.report.csv import render_csv

        return render_csv(advice, t)
    if suffix == ".xlsx":
        from advisor.report.workbook.render import render_workbook

        return render_workbook(advice, catalog, t)
    from advisor.report.build import build_report
    from advisor.report.link import link_to, query_of

    link = "" if app is None else link_to(app, query_of(advice.scenario, catalog, t.language))
    if suffix == ".pptx":
        from advisor.report.deck import build_deck
        from advisor.report.pptx import render_pptx

        return render_pptx(build_deck(advice, catalog, t, link=link), template)
    document = build_report(advice, catalog, t, link=link)
    if suffix == ".md":
        from advisor.report.markdown import render_markdown

        return render_markdown(document).encode()
    from advisor.report.pdf import render_pdf

    return render_pdf(document)


# -- words and output ---------------------------------------------------------------------------------


def _translator(wish: str | None) -> "Translator":
    from advisor.text.i18n import Translator
    from advisor.text.languages import nearest_language

    return Translator(wish if wish in _languages() else nearest_language(surrounding_language()))


def _languages() -> tuple[str, ...]:
    from advisor.text.languages import languages

    return languages()


def _say_what_is_untranslated(t: "Translator") -> None:
    from advisor.text.i18n import is_complete
    from advisor.text.languages import language_name

    if not is_complete(t.language):
        print(t("app.untranslated", language=language_name(t.language)), file=sys.stderr)


def _print_issues(t: "Translator", issues: tuple[Issue, ...], given: str | None) -> None:
    from advisor.text.phrases import FILE_FIELDS, issue_text

    for issue in issues:
        ours = issue.field in (
            "SCENARIO",
            "TABLE",
            "STORE",
            "CASE",
            "NAME",
            "TAG",
            "WHY",
            "FILE",
        ) or issue.field.startswith("-")
        where = issue.field if ours or given is None else shown(given)
        text = shown(issue_text(t, issue))
        is_named = text.startswith(where) or (where == issue.field and issue.field in FILE_FIELDS)
        print(text if is_named else t("cli.fault", where=where, text=text), file=sys.stderr)


def _speak_utf8() -> None:
    """Chinese text goes out as UTF-8 whatever the surroundings say."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _leave_quietly(code: int) -> int:
    """Nobody reads what is left in the buffer: let Python's last flush go nowhere."""
    with open(os.devnull, "w") as nowhere, contextlib.suppress(AttributeError, OSError):
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return code


def _compare(options: argparse.Namespace, t: "Translator") -> None:
    from advisor.cli.compare import tell_compared

    tell_compared(options, t, date.today())


COMMANDS: dict[str, Callable[[argparse.Namespace, "Translator"], int | None]] = {
    "assess": _assess,
    "report": _report,
    "costs": _costs,
    "compare": _compare,
    "presets": _presets,
    "schema": _schema,
    "predict": _predict,
    "portfolio": _portfolio,
    "usage": _usage,
    "validate": _validate,
    "evaluation": _evaluation,
    "pilot": _pilot,
    "actuals": _actuals,
    "dataset": _dataset,
    "prices": _prices,
    "cases": _cases,
    "review": _review,
    "store": _store,
    "doctor": _doctor,
}
