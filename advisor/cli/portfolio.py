"""Many cases at once, of a table or kept: what the money alone says of each, and which of them a budget pays for."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime

from advisor.assumptions.given import read_case
from advisor.catalog.catalog import Catalog
from advisor.catalog.loader import load_catalog
from advisor.cli import portfolio_bulk
from advisor.cli.files import model_file, read_file, shown, writable, write, write_file
from advisor.cli.tables import nothing_computed, tell
from advisor.core.notices import InputError, Issue
from advisor.core.tables import LARGEST_TABLE_BYTES
from advisor.decision.funding import Candidate, Funding, fund, read_budget, read_currency, usual_currency
from advisor.decision.portfolio import PortfolioOutcome, portfolio_of
from advisor.report.portfolio import funding_lines, outcomes, portfolio_csv, read_portfolio
from advisor.scenario import Scenario
from advisor.text.i18n import Translator


def tell_portfolio(options: argparse.Namespace, t: Translator, at: datetime) -> bool:
    """A row of figures, or of why there are none, for each case, to a file or to the screen.

    Says whether anything was computed.
    """
    _check(options)
    if portfolio_bulk.is_bulk(options):
        return portfolio_bulk.tell_bulk(options, t, at)
    target = None if options.output is None else writable(options.output, options.table or "")
    catalog, name = load_catalog(), options.table or t("portfolio.kept")
    candidates = [*(_kept(options, catalog, at) if options.kept else ())]
    candidates += _of_table(options.table, catalog, t) if options.table else ()
    funding = _funding(options, candidates, catalog, at)
    cases = [each.case for each in candidates if each.case is not None]
    results = outcomes(candidates, portfolio_of(cases, catalog, at.date()))
    text = portfolio_csv(candidates, results, t, funding)
    computed = sum(isinstance(result, PortfolioOutcome) and result.npv is not None for result in results)
    lines = () if funding is None else funding_lines(funding, t)
    if target is None:
        write(text)
        _tell_lines(lines)
    else:
        write_file(target, text.encode())
        count = t("cli.portfolio.done", rows=len(results), computed=computed)
        write("\n".join([t("cli.written", path=shown(options.output)), count, *lines]) + "\n")
    return computed > 0 or nothing_computed(t, name)


def _check(options: argparse.Namespace) -> None:
    """Refuse a call that names no case, and options that would be passed over."""
    if options.table is None and not options.kept:
        raise InputError([Issue("SCENARIOS", "portfolio_nothing_named", {})])
    alone = [name for name in ("status", "tag") if getattr(options, name) is not None and not options.kept]
    faults = [Issue(f"--{name}", "portfolio_option_alone", {"other": "--kept"}) for name in alone]
    if options.currency is not None and options.budget is None:
        faults.append(Issue("--currency", "portfolio_option_alone", {"other": "--budget"}))
    if faults:
        raise InputError(faults)


def _of_table(path: str, catalog: Catalog, t: Translator) -> Sequence[Candidate]:
    content = read_file(path, "TABLE", LARGEST_TABLE_BYTES)
    if content is None:
        raise InputError([Issue("TABLE", "file_not_found", {"path": shown(path)})])
    found = read_portfolio(content, catalog, model_file(path))
    tell(t, path, found.told)
    return found.candidates


def _kept(options: argparse.Namespace, catalog: Catalog, at: datetime) -> list[Candidate]:
    """Every kept case that the user may see, of the status and tag that are asked for, at today's prices."""
    from advisor.cli.kept import actor
    from advisor.store import cases
    from advisor.store.database import open_store

    store, me, found = open_store(), actor(at), []
    try:
        for case in cases.listed(store, me):
            if options.status in (None, case.status) and (options.tag is None or options.tag in case.tags):
                answers = cases.revision(store, me, case.id).content.answers
                found.append(Candidate(case.id, _read(answers, catalog), case.name, case.headline))
    finally:
        store.close()
    if not found:
        raise InputError([Issue("--kept", "portfolio_nothing_kept", {})])
    return found


def _read(answers: str, catalog: Catalog) -> Scenario | InputError:
    try:
        return read_case(answers, catalog)[0].with_(as_of=None)
    except InputError as error:
        return error


def _funding(
    options: argparse.Namespace, candidates: Sequence[Candidate], catalog: Catalog, at: datetime
) -> Funding | None:
    """The cases under the budget that is named; ``None`` where none is."""
    if options.budget is None:
        return None
    currency = read_currency(options.currency or usual_currency(candidates))
    budget = read_budget(options.budget, currency, ("--budget", "--currency"))
    return fund(candidates, budget, currency, catalog, at.date())


def _tell_lines(lines: Sequence[str]) -> None:
    """Beside the table, which another program may read."""
    for line in lines:
        print(line, file=sys.stderr)
