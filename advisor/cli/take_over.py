"""Measured answers beside a case: what they change, the verdict before and after, and the case with them in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from advisor.catalog.loader import load_catalog
from advisor.cli.cases import named_case
from advisor.cli.files import shown, writable, write, write_file
from advisor.decision.advice import Advice, advise
from advisor.evidence.kept_actuals import with_actuals
from advisor.report.text import columns
from advisor.scenario import QUESTIONS, ActualsRecord, Measurement, Scenario, dump_scenario
from advisor.text.headline_phrases import headline_text
from advisor.text.i18n import Translator
from advisor.text.measured_phrases import answered, interval_text, open_numbers, open_texts
from advisor.text.phrases import field_label, verdict_label

COLUMNS = ("question", "now", "measured", "interval")
SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class Taken:
    """A case with measured answers in it, and the advice before and after."""

    changed: Scenario
    before: Advice
    after: Advice


def tell_taken(
    case: str,
    records: Mapping[str, Measurement],
    t: Translator,
    into: str | None,
    on: date,
    compared: ActualsRecord | None = None,
    note: str | None = None,
) -> None:
    """Print what the measured answers change in the ``case`` of this name; with them in it, it is written ``into``.

    ``compared`` are months that are kept with it, as they stood beside its plan; ``note`` says how an answer follows
    from what was measured. Raises :class:`InputError`.
    """
    target = target_of(into)
    found = take(case, records, on)
    write("\n".join(_lines(records, found.before, found.after, t, note)) + "\n")
    if target is not None:
        keep(target, found.changed if compared is None else with_actuals(found.changed, compared))
        write(t("cli.written", path=shown(str(into))) + "\n")


def take(case: str, records: Mapping[str, Measurement], on: date) -> Taken:
    """The case of this name with the records in it. Raises :class:`InputError`."""
    catalog = load_catalog()
    scenario, _ = named_case(case, catalog)
    changed = scenario.with_measured(records)
    return Taken(changed, advise(scenario, catalog, on), advise(changed, catalog, on))


def target_of(into: str | None) -> Path | None:
    """Where the case goes; refused before anything is computed."""
    return None if into is None else writable(into, "", SUFFIXES)


def keep(target: Path, changed: Scenario) -> None:
    """Write the case, as JSON where the name of the file says so."""
    form = "json" if target.suffix.lower() == ".json" else "yaml"
    write_file(target, dump_scenario(changed, "json" if form == "json" else "yaml").encode())


def taken_record(found: Taken, t: Translator) -> dict[str, Any]:
    """Both verdicts as plain values, and the numbers that are still open."""
    verdicts = {
        name: {
            "verdict": each.recommendation.verdict,
            "headline": _headline(each, t),
            "npv_p10": each.headline and each.headline.npv.p10,
            "npv_p50": each.headline and each.headline.npv.p50,
            "npv_p90": each.headline and each.headline.npv.p90,
        }
        for name, each in (("before", found.before), ("after", found.after))
    }
    return {**verdicts, "still_open": open_numbers(found.after.assessment), "scenario": found.changed.answers()}


def _lines(
    records: Mapping[str, Measurement], before: Advice, after: Advice, t: Translator, note: str | None
) -> Iterator[str]:
    if not records:
        yield t("take_over.nothing")
        return
    yield f"{t('take_over.title')}:"
    rows = [tuple(t(f"take_over.column.{name}") for name in COLUMNS)]
    rows += [_row(name, record, before, t) for name, record in records.items()]
    yield from (f"  {line}" for line in columns(rows))
    if note is not None:
        yield note
    for title, found in (("before", before), ("after", after)):
        yield ""
        yield f"{t(f'take_over.{title}')}: {verdict_label(t, found.recommendation)}"
        if found.headline is not None:
            yield f"  {_headline(found, t)}"
    yield ""
    yield from open_texts(records, after.assessment, t)


def _headline(found: Advice, t: Translator) -> str | None:
    if found.headline is None:
        return None
    return headline_text(found.headline, found.assessment.assumptions.currency, t)


def _row(name: str, record: Measurement, before: Advice, t: Translator) -> tuple[str, ...]:
    a, unit = before.assessment.assumptions, QUESTIONS[name].unit
    values = [answered(name, before.scenario, a), record.value]
    texts = [_text(value, unit, a.currency, t) for value in values]
    return field_label(t, name), *texts, interval_text(name, record, a.currency, t)


def _text(value: object, unit: str, currency: str, t: Translator) -> str:
    return "" if value is None else t.value(value, unit, currency)
