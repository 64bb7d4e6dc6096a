"""The command ``prices``: update the prices in a folder of one's own, and tell what that changes."""

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.cli.files import shown, write, write_json
from advisor.core.notices import InputError, Issue
from advisor.core.places import OWN_DATA, own_folders
from advisor.text.i18n import Translator

if TYPE_CHECKING:
    from advisor.decision.advice import Advice
    from advisor.price_sources.update import PriceUpdate

SEPARATOR = "="


def update(options: argparse.Namespace, t: Translator, on: date) -> None:
    """Ask the sources, write what they answer, print what moved and what that does to a case."""
    from advisor.decision.advice import advise
    from advisor.price_sources.update import ASKED_BY_DEFAULT, catalog_before, update_prices

    folder, places = _folder(options.into), _places(options.places)
    before = catalog_before(folder)
    case, old = None, None
    if options.case is not None:
        from advisor.cli.cases import named_case

        case, _ = named_case(options.case, before)
        old = advise(case, before, on)
    names = tuple(dict.fromkeys(options.source or ASKED_BY_DEFAULT))
    done = update_prices(folder, names, on, before, places, dry_run=options.dry_run)
    effect = None if case is None or old is None else (old, advise(case, done.catalog, on))
    if options.json:
        write_json(_as_json(done, effect))
    else:
        write("\n".join(_lines(done, effect, t)) + "\n")


def _folder(into: str | None) -> Path:
    """The folder to write into: the one that was named, else the first of ``ADVISOR_DATA``."""
    if into is not None:
        if not into.strip() or "\0" in into:
            raise InputError([Issue("--into", "folder_not_writable", {"path": shown(into)})])
        return Path(into).expanduser()
    named = own_folders()
    if not named:
        raise InputError([Issue("--into", "no_own_folder", {"variable": OWN_DATA})])
    return named[0]


def _places(given: list[str] | None) -> dict[str, str]:
    """By source what is read in the place of its own."""
    places = {}
    for each in given or ():
        name, separator, place = each.partition(SEPARATOR)
        if not separator or not place:
            raise InputError([Issue("--from", "place_without_source", {"value": shown(each)[:60]})])
        places[name] = place
    return places


def _lines(done: "PriceUpdate", effect: "tuple[Advice, Advice] | None", t: Translator) -> list[str]:
    from advisor.evidence.price_moves import MOVE_COLUMNS, effect_lines, move_row, shown_moves, source_line
    from advisor.report.text import columns

    lines = []
    for answer in done.answers:
        lines.append(source_line(answer, t))
        moves = shown_moves(answer)
        if moves:
            head = tuple(t(f"update.column.{name}") for name in MOVE_COLUMNS)
            lines += [f"  {line}" for line in columns([head, *(move_row(move, t) for move in moves)])]
        more = sum(move.old is not None for move in answer.moves) - len(moves)
        if more:
            lines.append("  " + t("update.more", count=t.number(more, 0)))
    if effect is not None:
        lines += ["", *effect_lines(*effect, t)]
    folder = shown(str(done.folder))
    lines += ["", t("update.written" if done.written else "update.not_written", folder=folder)]
    if done.written and done.folder not in own_folders():
        lines.append(t("update.name_folder", variable=OWN_DATA, folder=shown(str(done.folder.absolute()))))
    return lines


def _as_json(done: "PriceUpdate", effect: "tuple[Advice, Advice] | None") -> dict[str, object]:
    sources = [
        {
            "source": answer.source,
            "as_of": answer.as_of.isoformat(),
            "read": answer.read,
            "missing": list(answer.missing),
            "moves": [
                {
                    "subject": move.subject,
                    "unit": move.unit,
                    "old": move.old,
                    "new": move.new,
                    "change": move.change,
                    "from": move.on.isoformat(),
                    "kept": move.kept,
                }
                for move in answer.moves
            ],
        }
        for answer in done.answers
    ]
    said: dict[str, object] = {"folder": str(done.folder), "written": done.written, "catalog": done.catalog.version}
    said["sources"] = sources
    if effect is not None:
        said["case"] = {name: _told(advice) for name, advice in zip(("before", "after"), effect, strict=True)}
    return said


def _told(advice: "Advice") -> dict[str, object]:
    metrics = advice.assessment.metrics
    npv = None if metrics is None else float(metrics.npv)
    return {"verdict": advice.recommendation.verdict, "npv": npv}
