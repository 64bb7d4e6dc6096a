"""The arguments of the command line, described in the reader's language."""

import argparse
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from advisor import __version__

if TYPE_CHECKING:
    from advisor.text.i18n import Translator

OUTPUT_SUFFIXES = (".pdf", ".pptx", ".xlsx", ".md", ".json", ".csv")
LARGEST_LOGO_KB = 200
CASE_STATUSES = ("draft", "proposed", "approved", "running", "stopped")
LETS = ("viewer", "editor", "none")
TABLES = ("memory", "fits", "speed", "serving")
ARGPARSE_WORDS = {
    "usage: ": "cli.parser.usage",
    "positional arguments": "cli.parser.positional",
    "options": "cli.parser.options",
    "show this help message and exit": "cli.parser.help",
    "%(prog)s: error: %(message)s\n": "cli.parser.error",
    "argument %(argument_name)s: %(message)s": "cli.parser.argument",
    "the following arguments are required: %s": "cli.parser.required",
    "unrecognized arguments: %s": "cli.parser.unrecognized",
    "expected one argument": "cli.parser.one_argument",
    "ignored explicit argument %r": "cli.parser.no_argument",
    "invalid choice: %(value)r (choose from %(choices)s)": "cli.parser.choice",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "cli.parser.command",
}
"""argparse's own English, and where our words for it stand. What a newer argparse says differently stays English."""


@contextmanager
def speaking(t: "Translator") -> Iterator[None]:
    """argparse asks ``gettext`` for its own words, by a name of its module; meanwhile it is given ours."""
    known = {text: _with_places_of(text, t(key)) for text, key in ARGPARSE_WORDS.items()}
    before = argparse._  # type: ignore[attr-defined]
    argparse._ = lambda text: known.get(text, text)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        argparse._ = before  # type: ignore[attr-defined]


def _with_places_of(original: str, ours: str) -> str:
    """``{name}`` as argparse fills it in; its places without a name are ``{text}`` in our words."""
    end = "\n" if original.endswith("\n") else " " if ours.endswith(":") else ""
    return re.sub(r"\{(\w+)\}", lambda m: "%s" if m[1] == "text" else f"%({m[1]})s", ours) + end


def wished_language(arguments: Sequence[str]) -> str | None:
    """What follows ``--language``, read before everything else so that faults are told in that language."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument("--language", nargs="?")
    wish = early.parse_known_args(list(arguments))[0].language
    return wish if wish is None else str(wish)


class _WholeNames(argparse.ArgumentParser):
    """No option is known by its first letters: the language is read before all else, by its whole name.

    The parsers of the commands are of this class too.
    """

    def __init__(self, **said: Any) -> None:
        super().__init__(allow_abbrev=False, **said)


def build_parser(t: "Translator") -> argparse.ArgumentParser:
    """All commands; each sets ``run`` to the name of its command."""
    parser = _WholeNames(prog="advisor", description=t("cli.help.description"), epilog=t("start.help"))
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}", help=t("cli.help.version"))
    common = _WholeNames(add_help=False)
    common.add_argument("--language", metavar="CODE", help=t("cli.help.language"))
    case = _WholeNames(add_help=False, parents=[common])
    case.add_argument("scenario", metavar="SCENARIO", help=t("cli.help.scenario"))
    case.add_argument("--as-of", metavar="YYYY-MM-DD", help=t("cli.help.as_of"))
    commands = parser.add_subparsers(title=t("cli.help.commands"), required=True, metavar="COMMAND", dest="run")
    assess = commands.add_parser("assess", parents=[case], help=t("cli.help.assess"))
    assess.add_argument("--json", action="store_true", help=t("cli.help.assess_json"))
    report = commands.add_parser("report", parents=[case], help=t("cli.help.report"))
    suffixes = ", ".join(OUTPUT_SUFFIXES)
    report.add_argument("-o", "--output", metavar="FILE", required=True, help=t("cli.help.output", suffixes=suffixes))
    _about_report(report, t)
    compare = commands.add_parser("compare", parents=[common], help=t("compare.help.compare"))
    compare.add_argument("cases", metavar="SCENARIO", nargs="+", help=t("compare.help.cases"))
    compare.add_argument("--as-kept", action="store_true", help=t("compare_kept.help.as_kept"))
    compare.add_argument("-o", "--output", metavar="FILE", help=t("compare.help.output"))
    compare.add_argument("--json", action="store_true", help=t("cli.help.assess_json"))
    costs = commands.add_parser("costs", parents=[case], help=t("cli.help.costs"))
    costs.add_argument("--json", action="store_true", help=t("cli.help.assess_json"))
    presets = commands.add_parser("presets", parents=[common], help=t("cli.help.presets"))
    presets.add_argument("--json", action="store_true", help=t("cli.help.presets_json"))
    schema = commands.add_parser("schema", parents=[common], help=t("cli.help.schema"))
    schema.add_argument("--data", metavar="DIR", help=t("cli.help.schema_data"))
    predict = commands.add_parser("predict", parents=[common], help=t("estimates.help.predict"))
    about = ", ".join(TABLES)
    predict.add_argument("about", choices=TABLES, metavar="ABOUT", help=t("estimates.help.about", about=about))
    predict.add_argument("table", metavar="TABLE", help=t("estimates.help.table"))
    predict.add_argument("-o", "--output", metavar="FILE", help=t("estimates.help.output"))
    _portfolio(commands.add_parser("portfolio", parents=[common], help=t("cli.help.portfolio")), t)
    _usage(commands.add_parser("usage", parents=[common], help=t("usage.help.usage")), t)
    validate = commands.add_parser("validate", parents=[common], help=t("estimates.help.validate"))
    validate.add_argument("--json", action="store_true", help=t("estimates.help.validate_json"))
    _results(commands.add_parser("evaluation", parents=[common], help=t("results.help.evaluation")), t, "SCORES")
    _results(commands.add_parser("pilot", parents=[common], help=t("results.help.pilot")), t, "RESULTS")
    _results(commands.add_parser("actuals", parents=[common], help=t("results.help.actuals")), t, "MONTHS")
    _dataset(commands.add_parser("dataset", parents=[common], help=t("dataset.help.dataset")), t)
    _prices(commands.add_parser("prices", help=t("update.help.prices")), common, t)
    _cases(commands.add_parser("cases", help=t("store.help.cases")), common, t)
    review = commands.add_parser("review", parents=[common], help=t("store.help.review"))
    review.add_argument("--json", action="store_true", help=t("store.help.json"))
    review.add_argument("--everybody", action="store_true", help=t("store.help.everybody"))
    _store(commands.add_parser("store", help=t("store.help.store")), common, t)
    _doctor(commands.add_parser("doctor", parents=[common], help=t("doctor.help.doctor")), t)
    return parser


def _portfolio(command: argparse.ArgumentParser, t: "Translator") -> None:
    """Many cases, of a table or kept, and one budget for all."""
    command.add_argument("table", metavar="SCENARIOS", nargs="?", help=t("cli.help.portfolio_table"))
    command.add_argument("-o", "--output", metavar="FILE", help=t("cli.help.portfolio_output"))
    command.add_argument("--budget", metavar="AMOUNT", help=t("portfolio.help.budget"))
    command.add_argument("--currency", metavar="CODE", help=t("portfolio.help.currency"))
    command.add_argument("--progress", action="store_true", help=t("portfolio.help.progress"))
    command.add_argument("--kept", action="store_true", help=t("portfolio.help.kept"))
    command.add_argument(
        "--status", choices=CASE_STATUSES, metavar="STATUS", help=t("store.help.status", known=_known())
    )
    command.add_argument("--tag", metavar="TAG", help=t("store.help.with_tag"))


def _results(command: argparse.ArgumentParser, t: "Translator", table: str) -> None:
    """A command on a table of a team's own results."""
    command.add_argument("table", metavar=table, nargs="?", help=t("results.help.table"))
    if table == "SCORES":
        command.add_argument("--margin", metavar="SHARE", help=t("results.help.margin"))
        command.add_argument("--scale", metavar="LOW-HIGH", help=t("results.help.scale"))
        command.add_argument("--good", metavar="SCORE", help=t("results.help.good"))
    _takes_over(command, t("results.help.case"), t)
    command.add_argument("--template", action="store_true", help=t("results.help.template"))


def _usage(usage: argparse.ArgumentParser, t: "Translator") -> None:
    """Logs and bills, how to read them, and the case that they are held beside."""
    usage.add_argument("paths", metavar="PATH", nargs="*", help=t("usage.help.path"))
    usage.add_argument("--engine", metavar="URL", help=t("engines.help.engine"))
    usage.add_argument("--table", metavar="NAME", help=t("engines.help.table"))
    usage.add_argument("--format", metavar="FORMAT", help=t("usage.help.format"))
    usage.add_argument("--mapping", metavar="FILE", help=t("usage.help.mapping"))
    usage.add_argument("--dates", metavar="ORDER", help=t("usage.help.dates"))
    usage.add_argument("--decimal", metavar="MARK", help=t("usage.help.decimal"))
    usage.add_argument("--use-case", metavar="NAME", help=t("usage.help.use_case"))
    usage.add_argument("-o", "--output", metavar="FILE", help=t("usage.help.output"))
    _takes_over(usage, t("usage.help.case"), t)


def _dataset(dataset: argparse.ArgumentParser, t: "Translator") -> None:
    dataset.add_argument("train", metavar="TRAIN", help=t("dataset.help.train"))
    dataset.add_argument("--evaluation", metavar="FILE", help=t("dataset.help.evaluation"))
    dataset.add_argument("--model", metavar="MODEL", help=t("dataset.help.model"))
    dataset.add_argument("--sequence-tokens", metavar="N", help=t("dataset.help.sequence_tokens"))
    _takes_over(dataset, t("dataset.help.case"), t)


def _takes_over(command: argparse.ArgumentParser, about_case: str, t: "Translator") -> None:
    """Records held beside a case, whose measured answers can be written into it."""
    command.add_argument("--case", metavar="SCENARIO", help=about_case)
    command.add_argument("--into", metavar="FILE", help=t("take_over.help.into"))
    command.add_argument("--json", action="store_true", help=t("take_over.help.json"))


def _prices(prices: argparse.ArgumentParser, common: argparse.ArgumentParser, t: "Translator") -> None:
    """Prices of one's own: so far they are updated."""
    actions = prices.add_subparsers(title=t("cli.help.commands"), required=True, metavar="ACTION", dest="action")
    update = actions.add_parser("update", parents=[common], help=t("update.help.update"))
    update.add_argument("--source", action="append", metavar="NAME", help=t("update.help.source"))
    update.add_argument("--into", metavar="DIR", help=t("update.help.into"))
    update.add_argument("--from", action="append", dest="places", metavar="NAME=PLACE", help=t("update.help.from"))
    update.add_argument("--case", metavar="CASE", help=t("update.help.case"))
    update.add_argument("--dry-run", action="store_true", help=t("update.help.dry_run"))
    update.add_argument("--json", action="store_true", help=t("update.help.json"))


def _about_report(report: argparse.ArgumentParser, t: "Translator") -> None:
    """What stands on the report and nowhere in its figures; each wins over what the case says."""
    report.add_argument("--prepared-for", metavar="NAME", help=t("cli.help.prepared_for"))
    report.add_argument("--prepared-by", metavar="NAME", help=t("cli.help.prepared_by"))
    report.add_argument("--company", metavar="NAME", help=t("cli.help.company"))
    report.add_argument("--logo", metavar="FILE", help=t("cli.help.logo", maximum=LARGEST_LOGO_KB))
    report.add_argument("--template", metavar="FILE", help=t("cli.help.template"))
    report.add_argument("--app-address", metavar="URL", help=t("cli.help.app_address"))


def _cases(command: argparse.ArgumentParser, common: argparse.ArgumentParser, t: "Translator") -> None:
    """Kept cases: what can be done to them, most by the id of one."""
    actions = command.add_subparsers(title=t("cli.help.commands"), required=True, metavar="ACTION", dest="action")
    listed = actions.add_parser("list", parents=[common], help=t("store.help.list"))
    listed.add_argument("--search", metavar="TEXT", help=t("store.help.search"))
    listed.add_argument("--tag", metavar="TAG", help=t("store.help.with_tag"))
    listed.add_argument(
        "--status", choices=CASE_STATUSES, metavar="STATUS", help=t("store.help.status", known=_known())
    )
    listed.add_argument("--archived", action="store_true", help=t("store.help.archived"))
    save = actions.add_parser("save", parents=[common], help=t("store.help.save"))
    save.add_argument("scenario", metavar="SCENARIO", help=t("cli.help.scenario"))
    save.add_argument("--name", metavar="NAME", help=t("store.help.name"))
    save.add_argument("--into", metavar="CASE", help=t("store.help.into"))
    save.add_argument("--seen", metavar="N", type=int, help=t("store.help.seen"))
    save.add_argument("--why", metavar="TEXT", default="", help=t("store.help.why"))
    save.add_argument("--tag", action="append", metavar="TAG", help=t("store.help.tag"))
    save.add_argument("--pdf", action="store_true", help=t("store.help.pdf"))
    named = _WholeNames(add_help=False, parents=[common])
    named.add_argument("case", metavar="CASE", help=t("store.help.case"))
    show = actions.add_parser("show", parents=[named], help=t("store.help.show"))
    show.add_argument("--reprice", action="store_true", help=t("store.help.reprice"))
    history = actions.add_parser("history", parents=[named], help=t("store.help.history"))
    change = actions.add_parser("set", parents=[named], help=t("store.help.set"))
    change.add_argument("--name", metavar="NAME", help=t("store.help.new_name"))
    change.add_argument(
        "--status", choices=CASE_STATUSES, metavar="STATUS", help=t("store.help.status", known=_known())
    )
    change.add_argument("--tag", action="append", metavar="TAG", help=t("store.help.tags"))
    archive = actions.add_parser("archive", parents=[named], help=t("store.help.archive"))
    archive.add_argument("--back", action="store_true", help=t("store.help.back"))
    delete = actions.add_parser("delete", parents=[named], help=t("store.help.delete"))
    delete.add_argument("--yes", action="store_true", help=t("store.help.yes"))
    export = actions.add_parser("export", parents=[named], help=t("store.help.export"))
    export.add_argument("-o", "--output", metavar="FILE", required=True, help=t("store.help.output"))
    taken = actions.add_parser("import", parents=[common], help=t("store.help.import"))
    taken.add_argument("file", metavar="FILE", help=t("store.help.file"))
    for each in (show, export):
        each.add_argument("--revision", metavar="N", type=int, help=t("store.help.revision"))
    _beside_cases(actions, common, named, t)
    for each in (listed, show, history):
        each.add_argument("--json", action="store_true", help=t("store.help.json"))


def _beside_cases(
    actions: "argparse._SubParsersAction[Any]",
    common: argparse.ArgumentParser,
    named: argparse.ArgumentParser,
    t: "Translator",
) -> None:
    """What stands beside a kept case: links, notes, members, its audit; and what the user has not saved."""
    share = actions.add_parser("share", parents=[named], help=t("sharing.help.share"))
    share.add_argument("--revision", metavar="N", type=int, help=t("store.help.revision"))
    share.add_argument("--days", metavar="D", type=int, default=30, help=t("sharing.help.days"))
    share.add_argument("--app-address", metavar="URL", default="", help=t("sharing.help.app_address"))
    links = actions.add_parser("links", parents=[named], help=t("sharing.help.links"))
    revoke = actions.add_parser("revoke", parents=[named], help=t("sharing.help.revoke"))
    revoke.add_argument("link", metavar="LINK", help=t("sharing.help.link"))
    notes = actions.add_parser("notes", parents=[named], help=t("sharing.help.notes"))
    note = actions.add_parser("note", parents=[named], help=t("sharing.help.note"))
    note.add_argument("assumption", metavar="ASSUMPTION", help=t("sharing.help.assumption"))
    note.add_argument("text", metavar="TEXT", help=t("sharing.help.text"))
    note.add_argument("--told-by", metavar="NAME", default="", help=t("sharing.help.told_by"))
    members = actions.add_parser("members", parents=[named], help=t("sharing.help.members"))
    let = actions.add_parser("let", parents=[named], help=t("sharing.help.let"))
    let.add_argument("user", metavar="USER", help=t("sharing.help.user"))
    let.add_argument("access", choices=LETS, metavar="ACCESS", help=t("sharing.help.access", known=", ".join(LETS)))
    audit = actions.add_parser("audit", parents=[named], help=t("sharing.help.audit"))
    drafts = actions.add_parser("drafts", parents=[common], help=t("sharing.help.drafts"))
    for each in (share, links, revoke, notes, note, members, let, audit, drafts):
        each.add_argument("--json", action="store_true", help=t("store.help.json"))


def _known() -> str:
    return ", ".join(CASE_STATUSES)


def _store(command: argparse.ArgumentParser, common: argparse.ArgumentParser, t: "Translator") -> None:
    """The database of kept cases as a whole."""
    actions = command.add_subparsers(title=t("cli.help.commands"), required=True, metavar="ACTION", dest="action")
    backup = actions.add_parser("backup", parents=[common], help=t("store.help.backup"))
    backup.add_argument("-o", "--output", metavar="FILE", required=True, help=t("store.help.backup_output"))
    restore = actions.add_parser("restore", parents=[common], help=t("store.help.restore"))
    restore.add_argument("file", metavar="FILE", help=t("store.help.backup_file"))
    restore.add_argument("--replace", action="store_true", help=t("store.help.replace"))
    verify = actions.add_parser("verify", parents=[common], help=t("store.help.verify"))
    people = actions.add_parser("people", parents=[common], help=t("store.help.people"))
    forget = actions.add_parser("forget", parents=[common], help=t("store.help.forget"))
    forget.add_argument("user", metavar="USER", help=t("store.help.user"))
    for each in (backup, restore, verify, people, forget):
        each.add_argument("--json", action="store_true", help=t("store.help.json"))


def _doctor(command: argparse.ArgumentParser, t: "Translator") -> None:
    command.add_argument("--secrets", action="append", metavar="FILE", help=t("doctor.help.secrets"))
    command.add_argument("--json", action="store_true", help=t("doctor.help.json"))
