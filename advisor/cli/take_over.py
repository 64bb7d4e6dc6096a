"""Measured answers beside a case: what they change, the verdict before and after, and the case with them in it."""

from collections.abc import Iterator, Mapping
from datetime import date

from advisor.catalog.loader import load_catalog
from advisor.cli.cases import named_case
from advisor.cli.files import shown, writable, write, write_file
from advisor.decision.advice import Advice, advise
from advisor.report.text import columns
from advisor.scenario import QUESTIONS, Measurement, dump_scenario
from advisor.text.headline_phrases import headline_text
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, verdict_label

COLUMNS = ("question", "now", "measured", "interval")


def tell_taken(case: str, records: Mapping[str, Measurement], t: Translator, into: str | None, on: date) -> None:
    """Print what the measured answers change in the ``case`` of this name; with them in it, it is written ``into``.

    Raises :class:`InputError`.
    """
    target = None if into is None else writable(into, "", (".yaml", ".yml", ".json"))
    catalog = load_catalog()
    scenario, _ = named_case(case, catalog)
    changed = scenario.with_measured(records)
    before, after = advise(scenario, catalog, on), advise(changed, catalog, on)
    write("\n".join(_lines(records, before, after, t)) + "\n")
    if target is not None:
        form = "json" if target.suffix.lower() == ".json" else "yaml"
        write_file(target, dump_scenario(changed, "json" if form == "json" else "yaml").encode())
        write(t("cli.written", path=shown(str(into))) + "\n")


def _lines(records: Mapping[str, Measurement], before: Advice, after: Advice, t: Translator) -> Iterator[str]:
    rows = [tuple(t(f"take_over.column.{name}") for name in COLUMNS)]
    rows += [_row(name, record, before, t) for name, record in records.items()]
    yield from (f"  {line}" for line in columns(rows))
    for title, found in (("before", before), ("after", after)):
        yield ""
        yield f"{t(f'take_over.{title}')}: {verdict_label(t, found.recommendation)}"
        if found.headline is not None:
            yield f"  {headline_text(found.headline, found.assessment.assumptions.currency, t)}"
    names = [field_label(t, swing.id) for swing in after.assessment.evidence.matter if not swing.is_yours]
    yield ""
    yield t("take_over.open", names=t("word.comma").join(names)) if names else t("take_over.all_own")


def _row(name: str, record: Measurement, before: Advice, t: Translator) -> tuple[str, ...]:
    a, unit = before.assessment.assumptions, QUESTIONS[name].unit
    old = a.rows.get(name)
    values = [None if old is None else old.value, record.value]
    texts = [_text(value, unit, a.currency, t) for value in values]
    ends = [_text(end, unit, a.currency, t) for end in (record.low, record.high) if end is not None]
    return field_label(t, name), *texts, " \u2013 ".join(ends)


def _text(value: object, unit: str, currency: str, t: Translator) -> str:
    return "" if value is None else t.value(value, unit, currency)
