"""Two commands on tables of measurements: predict the rows of one, hold the estimates against the shipped ones."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from advisor.catalog.loader import load_catalog
from advisor.cli.files import read_file, shown, writable, write, write_file, write_json
from advisor.core.notices import InputError, Issue
from advisor.core.tables import LARGEST_TABLE_BYTES
from advisor.engineering.prediction import FitVerdict, Prediction
from advisor.engineering.validation.predictions import deciding, predict, predictions_csv, unknown_cards
from advisor.engineering.validation.report import COMPARED, Validation, validate
from advisor.engineering.validation.score import SHARES, FitScore, Score, score
from advisor.engineering.validation.tables import TABLES, TableRow, read_table
from advisor.report.text import columns
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text, signed_percent

SCORE_COLUMNS = ("rows", "median", "within", "bias", "inside", "width", "worst")
FIGURE_COLUMNS = ("figure", "now", "limit", "target", "left_out", "verdict")


def predict_table(options: argparse.Namespace, t: Translator) -> bool:
    """One prediction or reason for each row, to a file or to the screen; says whether anything was predicted."""
    table = TABLES[options.about]
    target = None if options.output is None else writable(options.output, options.table)
    content = read_file(options.table, "TABLE", LARGEST_TABLE_BYTES)
    if content is None:
        raise InputError([Issue("TABLE", "file_not_found", {"path": shown(options.table)})])
    read = read_table(content, table)
    tell(t, options.table, read.told)
    rows = read.rows
    catalog = load_catalog()
    tell(t, options.table, unknown_cards(table, rows, catalog))
    found = list(zip(rows, predict(table, rows, catalog), strict=True))
    usable = [not isinstance(value, str) for _, value in found]
    told = ((row.id, value, _reason(row, value, t)) for row, value in found)
    text = predictions_csv(table, told)
    if target is None:
        write(text)
    else:
        write_file(target, text.encode())
        count = t("estimates.predicted", rows=len(rows), predicted=usable.count(True))
        write(f"{t('cli.written', path=shown(options.output))}\n{count}\n")
    return any(usable) or nothing_computed(t, options.table)


def _reason(row: TableRow, value: Prediction | FitVerdict | str, t: Translator) -> str:
    """Why there is no prediction, with the cells that decide it, or what was assumed for it."""
    if isinstance(value, Prediction):
        return t("word.comma").join(t(f"estimates.assumed.{code}") for code in value.assumed)
    if not isinstance(value, str):
        return ""
    reason, cells = t(f"estimates.reason.{value}"), deciding(row, value)
    return t("estimates.reason_read", reason=reason, cells=cells) if cells else reason


def tell(t: Translator, path: str, told: Iterable[Issue]) -> None:
    """What was understood or left out of a table, beside the result."""
    for issue in told:
        print(t("cli.fault", where=shown(path), text=shown(issue_text(t, issue))), file=sys.stderr)


def nothing_computed(t: Translator, path: str) -> bool:
    """Say that every row lacks something, and that this is a failure."""
    tell(t, path, [Issue("file", "nothing_computed", {})])
    return False


def print_validation(options: argparse.Namespace, t: Translator) -> bool:
    """Print how far the estimates lie from the shipped measurements; says whether every figure is met."""
    catalog = load_catalog()
    found = validate(catalog)
    if options.json:
        write_json(_as_json(found, catalog.version))
    else:
        write("\n".join(_lines(found, catalog.version, t)) + "\n")
    return not found.missed


def _lines(found: Validation, version: str, t: Translator) -> Iterator[str]:
    yield t("estimates.heading", version=version)
    yield t("estimates.how")
    yield ""
    yield t("estimates.left_out")
    yield from _left_out_lines(found, t)
    yield ""
    yield t("estimates.in_sample")
    for name in COMPARED:
        yield ""
        yield t(f"estimates.compared.{name}")
        yield from _score_lines(found, name, t)
    yield ""
    yield t("estimates.compared.fits")
    yield from _fit_lines(found.fit_score, t)
    yield ""
    yield t("estimates.figures")
    yield from _figure_lines(found, t)


def _left_out_lines(found: Validation, t: Translator) -> Iterator[str]:
    rows = [("", *(t(f"estimates.column.{c}") for c in SCORE_COLUMNS))]
    rows += [row for name in COMPARED for row in _part(t(f"page.accuracy.name.{name}"), score(found.left_out[name]), t)]
    yield from (f"  {line}" for line in columns(rows))


def _score_lines(found: Validation, name: str, t: Translator) -> Iterator[str]:
    rows = [("", *(t(f"estimates.column.{c}") for c in SCORE_COLUMNS))]
    rows += _part(t("estimates.all"), score(found.compared[name]), t)
    if name != "cost":
        rows += [
            row for kind, part in found.by_kind(name).items() for row in _part(t(f"estimates.kind.{kind}"), part, t)
        ]
        rows += [row for source, part in found.by_source(name).items() for row in _part(f"- {source}", part, t)]
    yield from (f"  {line}" for line in columns(rows))


def _part(label: str, part: Score | None, t: Translator) -> list[tuple[str, ...]]:
    if part is None:
        return []
    count = t.number(part.rows, 0)
    within = "/".join(t.number(100 * part.within[share], 0) for share in SHARES)
    rows = t("estimates.rows_unpredicted", rows=count, unpredicted=part.unpredicted) if part.unpredicted else count
    worst = f"{signed_percent(t, part.worst_error, 0)} {part.worst}"
    interval = (t.percent(part.inside), t("estimates.width", width=t.number(part.width, 2)))
    return [(label, rows, t.percent(part.median_error, 1), within, signed_percent(t, part.bias, 1), *interval, worst)]


def _fit_lines(fits: FitScore, t: Translator) -> Iterator[str]:
    sides = (("ran", fits.ran), ("failed", fits.failed))
    rows = [(t(f"estimates.{side}"), *(str(count[v]) for v in ("yes", "tight", "no"))) for side, count in sides]
    heads = ("", *(t(f"estimates.verdict.{v}") for v in ("yes", "tight", "no")))
    yield from (f"  {line}" for line in columns([heads, *rows]))
    yield "  " + t(
        "estimates.balanced",
        apart=t.percent(fits.balanced_accuracy, 1),
        fits=t.percent(fits.balanced_accuracy_if_tight_fits, 1),
        unpredicted=fits.unpredicted,
    )


def _figure_lines(found: Validation, t: Translator) -> Iterator[str]:
    missed = {expected.id for expected in found.missed}
    rows = []
    for expected in found.expected:
        value = found.figures[expected.id]
        verdict = "missed" if expected.id in missed else "held"
        met = expected.is_met(value, expected.target)
        sign = "\u2264" if expected.sense == "at_most" else "\u2265"
        bounds = (f"{sign} {t.percent(bound, 1)}" for bound in (expected.limit, expected.target))
        left_out = "-" if (figure := found.left_out_figures.get(expected.id)) is None else t.percent(figure, 1)
        words = t(f"estimates.{verdict}") if met else t(f"estimates.{verdict}_off_target")
        rows.append((t(f"estimates.figure.{expected.id}"), t.percent(value, 1), *bounds, left_out, words))
    heads = [t(f"estimates.column.{c}") for c in FIGURE_COLUMNS]
    yield from (f"  {line}" for line in columns([heads, *rows]))


def _as_json(found: Validation, version: str) -> Mapping[str, Any]:
    missed = {expected.id for expected in found.missed}
    return {
        "catalog_version": version,
        "in_sample": True,
        "left_out": {name: _score_json(score(found.left_out[name])) for name in COMPARED},
        "estimates": {
            name: {
                "overall": _score_json(score(found.compared[name])),
                "by_kind": {kind: _score_json(part) for kind, part in found.by_kind(name).items()},
                "by_source": {source: _score_json(part) for source, part in found.by_source(name).items()},
            }
            for name in COMPARED
        },
        "fits": {
            "rows": found.fit_score.rows,
            "unpredicted": found.fit_score.unpredicted,
            "ran": found.fit_score.ran,
            "failed": found.fit_score.failed,
            "balanced_accuracy": found.fit_score.balanced_accuracy,
            "balanced_accuracy_if_tight_fits": found.fit_score.balanced_accuracy_if_tight_fits,
        },
        "figures": {
            expected.id: {
                "value": found.figures[expected.id],
                **expected.model_dump(mode="json", exclude={"id"}),
                "held_out": found.left_out_figures.get(expected.id),
                "is_met": expected.id not in missed,
            }
            for expected in found.expected
        },
    }


def _score_json(part: Score | None) -> Mapping[str, Any] | None:
    if part is None:
        return None
    return {
        "rows": part.rows,
        "unpredicted": part.unpredicted,
        "median_error": part.median_error,
        "within": {f"{share} %": part.within[share] for share in SHARES},
        "bias": part.bias,
        "measured_between": [part.measured_low, part.measured_high],
        "inside": part.inside,
        "width": part.width,
        "worst": {"row_id": part.worst, "error": part.worst_error},
    }
