"""How far the estimates lie from what other people measured: overall, by source, and row by row.

Every row is predicted by constants that were fitted without its whole family of software, as a reader's own set-up is.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from advisor import charts
from advisor.engineering.prediction import FITS
from advisor.engineering.validation.report import COMPARED, Validation, validate
from advisor.engineering.validation.score import FitRow, MeasuredRow, Score, score, scores_by
from advisor.text.i18n import Translator
from advisor.text.phrases import signed_percent
from advisor.ui import layout, state, tables

if TYPE_CHECKING:
    import altair as alt

SHOWN = ("memory", "fits", "speed", "single", "loaded")
CHOSEN = "accuracy.about"
WEAK, ENOUGH_ROWS, MOST_WEAK = 0.15, 4, 4
"""A group of rows with a median error above this is named, unless it has hardly any rows."""
ROWS = ("row", "error", "measured", "predicted", "low", "high", "model", "card", "kind", "source", "note", "link")
FIT_COLUMNS = ("row", "source", "model", "card", "happened", "said", "chance", "link")
PARTS = ("part", "rows", "median", "in_fit", "within_15", "within_30", "bias", "inside", "width", "worst")


def draw() -> None:
    t, found = state.translator(), _validation(state.catalog().version)
    st.title(t("page.accuracy.title"))
    st.markdown(t("page.accuracy.intro"))
    layout.cards(_cards(found, t))
    st.caption(t("page.accuracy.left_out"))
    about = st.segmented_control(
        t("page.accuracy.about"),
        SHOWN,
        default=SHOWN[0],
        required=True,
        key=CHOSEN,
        format_func=lambda name: t(f"page.accuracy.name.{name}"),
    )
    if about == "fits":
        verdicts(found, t)
    else:
        comparison(str(about), found, t)


@st.cache_resource(max_entries=2, show_spinner=False)
def _validation(catalog_version: str) -> Validation:
    return validate(state.catalog())


def _cards(found: Validation, t: Translator) -> list[tuple[str, str, str]]:
    """For every estimate: how far off half of the rows are, and what to expect of a single one."""
    cards = []
    for name in COMPARED:
        part, fitted = score(found.left_out[name]), score(found.compared[name])
        if part is not None and fitted is not None:
            value = t("page.accuracy.card", median=t.percent(part.median_error))
            small = t("page.accuracy.inside", share=t.percent(part.inside), fitted=t.percent(fitted.median_error))
            cards.append((t(f"page.accuracy.name.{name}"), value, small))
    fits = found.fit_score
    right = fits.ran["yes"] + fits.ran["tight"] + fits.failed["no"]
    judged = sum(fits.ran.values()) + sum(fits.failed.values())
    value = t("page.accuracy.fits_card", right=right, judged=judged)
    cards.insert(1, (t("page.accuracy.name.fits"), value, t("page.accuracy.fits_tight", tight=fits.failed["tight"])))
    return cards


def comparison(about: str, found: Validation, t: Translator) -> None:
    """One estimate: in a sentence, as a chart, by method and source, and every row."""
    rows = found.left_out[about]
    part = score(rows)
    if part is None:
        return
    st.subheader(t(f"estimates.compared.{about}"))
    st.markdown(layout.plain(_sentence(rows, part, t)))
    st.markdown(layout.plain(_weak(rows, t)))
    layout.chart(*_chart(about, state.catalog().version, t.language), t(f"estimates.compared.{about}"))
    st.caption(t("page.accuracy.legend"))
    _parts(about, found, part, t)
    st.subheader(t("page.accuracy.every_row"))
    farthest = sorted(rows, key=lambda row: -abs(row.error or 0.0))
    tables.table([_row(row, t) for row in farthest], _headings(ROWS, t), t("page.accuracy.every_row"), link=_link(t))


@st.cache_resource(max_entries=32, show_spinner=False)
def _chart(about: str, catalog_version: str, language: str) -> "tuple[alt.LayerChart, str]":
    rows, t = _validation(catalog_version).left_out[about], Translator(language)
    return charts.build_accuracy_chart(about, rows, t), charts.accuracy_alt(about, rows, t)


def _sentence(rows: Sequence[MeasuredRow], part: Score, t: Translator) -> str:
    lean = "level" if abs(part.bias) < 0.01 else "high" if part.bias > 0 else "low"
    return t(
        "page.accuracy.sentence",
        rows=t.number(len(rows), 0),
        sources=len({row.source for row in rows}),
        median=t.percent(part.median_error),
        within=t.percent(part.within[30]),
        inside=t.percent(part.inside),
        width=t.number(part.width**0.5, 2),
        lean=t(f"page.accuracy.lean.{lean}", bias=t.percent(abs(part.bias))),
    )


def _weak(rows: Sequence[MeasuredRow], t: Translator) -> str:
    """Groups of rows that the estimate misses, the worst first."""
    named = scores_by(rows, lambda row: t("page.accuracy.group", source=row.source, kind=_kind(row, t)))
    weak = [(p.median_error, name) for name, p in named.items() if p.median_error > WEAK and p.rows >= ENOUGH_ROWS]
    if not weak:
        return t("page.accuracy.no_weak", limit=t.percent(WEAK))
    worst = sorted(weak, reverse=True)[:MOST_WEAK]
    told = (t("page.accuracy.weak_one", name=name, median=t.percent(median)) for median, name in worst)
    return t("page.accuracy.weak", count=ENOUGH_ROWS, groups=t("word.comma").join(told))


def _parts(about: str, found: Validation, overall: Score, t: Translator) -> None:
    rows, fitted = found.left_out[about], found.compared[about]
    st.subheader(t("page.accuracy.parts"))
    parts: Mapping[str, Score] = {
        t("estimates.all"): overall,
        **{t(f"estimates.kind.{kind}"): part for kind, part in scores_by(rows, lambda row: row.kind).items()},
        **scores_by(rows, lambda row: row.source),
    }
    in_fit = {t("estimates.all"): score(fitted)} | {
        **{t(f"estimates.kind.{kind}"): part for kind, part in found.by_kind(about).items()},
        **found.by_source(about),
    }
    told = [_part(name, part, in_fit[name], t) for name, part in parts.items()]
    tables.table(told, _headings(PARTS, t), t("page.accuracy.parts"), whole=True)


def _part(name: str, part: Score, in_fit: Score | None, t: Translator) -> tuple[object, ...]:
    fitted = "" if in_fit is None else t.percent(in_fit.median_error, 1)
    within = (t.percent(part.within[share]) for share in (15, 30))
    worst = f"{signed_percent(t, part.worst_error)} ({part.worst})"
    bias, width = signed_percent(t, part.bias, 1), t("estimates.width", width=t.number(part.width, 2))
    return name, part.rows, t.percent(part.median_error, 1), fitted, *within, bias, t.percent(part.inside), width, worst


def _row(row: MeasuredRow, t: Translator) -> tuple[object, ...]:
    told = (None if value is None else float(f"{value:.4g}") for value in (row.predicted, row.low, row.high))
    error = None if row.error is None else round(100 * row.error, 1)
    note = t(f"estimates.reason.{row.reason}") if row.reason else row.cells.get("unit", "")
    return (
        *(row.id, error, float(f"{row.measured:.4g}"), *told, row.cells.get("model", ""), row.cells.get("gpu", "")),
        *(_kind(row, t), row.source, note, row.link),
    )


def verdicts(found: Validation, t: Translator) -> None:
    """Runs known to fit or not, against what the estimate says of them."""
    st.subheader(t("estimates.compared.fits"))
    st.markdown(layout.plain(t("page.accuracy.fits_sentence", unpredicted=found.fit_score.unpredicted)))
    sides = (("ran", found.fit_score.ran), ("failed", found.fit_score.failed))
    rows = [(t(f"estimates.{side}"), *(count[v] for v in FITS)) for side, count in sides]
    heads = ["", *(t(f"estimates.verdict.{v}") for v in FITS)]
    tables.table(rows, heads, t("estimates.compared.fits"), whole=True)
    st.subheader(t("page.accuracy.every_fit"))
    tables.table(
        [_fit(row, t) for row in found.fits], _headings(FIT_COLUMNS, t), t("page.accuracy.every_fit"), link=_link(t)
    )


def _fit(row: FitRow, t: Translator) -> tuple[object, ...]:
    happened = t(f"estimates.{'ran' if row.ran else 'failed'}")
    said = t(f"estimates.{'reason' if row.probability is None else 'verdict'}.{row.verdict}")
    chance = "" if row.probability is None else t.percent(row.probability)
    return row.id, row.source, row.cells.get("model", ""), row.cells.get("gpu", ""), happened, said, chance, row.link


def _kind(row: MeasuredRow, t: Translator) -> str:
    return t(f"estimates.kind.{row.kind}")


def _headings(columns: Sequence[str], t: Translator) -> list[str]:
    return [_capital(t(f"estimates.column.{column}")) for column in columns]


def _capital(words: str) -> str:
    """A heading begins with a capital; the command line writes the same words small."""
    return words[:1].upper() + words[1:]


def _link(t: Translator) -> str:
    return _capital(t("estimates.column.link"))
