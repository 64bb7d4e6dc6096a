"""A case as somebody gives it: short names found, the answers of its preset below its own, every fault at once."""

from collections.abc import Callable, Mapping
from datetime import date

from advisor.assumptions.currency import in_currency
from advisor.assumptions.short_names import id_named, names_a_file
from advisor.catalog.catalog import Catalog
from advisor.catalog.own_model import own_model_text
from advisor.catalog.presets import PresetRecord
from advisor.core.notices import InputError, Issue
from advisor.scenario import Scenario
from advisor.scenario.files import complete_case, given_answers
from advisor.scenario.names import NO_LABELS, Labels, with_ids

OF_CURRENCY = ("currency", "as_of", "exchange_rates")
"""Answers that an amount in another currency follows from."""
FileReader = Callable[[str], str]
"""The text of a file that an answer names. Raises :class:`InputError`."""


def read_case(
    content: bytes | str, catalog: Catalog, labels: Labels = NO_LABELS, read_file: FileReader | None = None
) -> tuple[Scenario, tuple[Issue, ...]]:
    """The case of a YAML or JSON file, and an issue for each answer left out because its question is gone.

    ``read_file`` where the answers may name files, as on the command line. Raises :class:`InputError` with every fault
    of the file.
    """
    given = given_answers(content, labels)
    named, faults = with_known_names(given.answers, catalog, read_file, labels)
    answers = named if given.is_whole else over_preset(named, catalog)
    is_no_name = not isinstance(answers.get("preset"), str | None)
    if is_no_name or any(issue.field == "preset" for issue in faults):  # what is missing may stand in the one meant
        raise InputError([*given.faults, *faults, *_faults_of(answers)])
    return complete_case(answers, [*given.faults, *faults]), given.gone


def unfinished_case(content: str, catalog: Catalog) -> Scenario:
    """The case of answers as they were kept, which may lack a required one. Raises :class:`InputError`."""
    given = given_answers(content)
    named, faults = with_known_names(given.answers, catalog)
    if given.faults or faults:
        raise InputError([*given.faults, *faults])
    return Scenario.from_answers(over_preset(named, catalog))


def case_of_row(
    row: Mapping[str, object], catalog: Catalog, labels: Labels = NO_LABELS, read_file: FileReader | None = None
) -> Scenario:
    """The case of a row of a table; what it leaves open is as its preset says. Raises :class:`InputError`."""
    told, twice = with_ids({name: value for name, value in row.items() if value is not None}, labels)
    named, faults = with_known_names(told, catalog, read_file, labels)
    answers = over_preset(named, catalog)
    if twice or faults:
        raise InputError([*twice, *faults, *_faults_of(answers)])
    return Scenario.from_answers(answers)


def _faults_of(answers: Mapping[str, object]) -> tuple[Issue, ...]:
    try:
        Scenario.from_answers(answers)
    except InputError as error:
        return error.issues
    return ()


def over_preset(answers: Mapping[str, object], catalog: Catalog) -> dict[str, object]:
    """The preset's answers, over which the case's own go; an answer that is ``None`` takes the preset's away."""
    preset = catalog.presets.get(str(answers.get("preset")))
    return {**(presets_answers(preset, answers, catalog) if preset else {}), **answers}


def presets_answers(preset: PresetRecord, answers: Mapping[str, object], catalog: Catalog) -> Mapping[str, object]:
    """The preset's answers in the currency of the case, at its own rates, else those of its day or the newest.

    Raises :class:`InputError` where a rate is unknown.
    """
    about_money = {name: answers[name] for name in OF_CURRENCY if answers.get(name) is not None}
    if not about_money:
        return preset.answers
    try:
        currency = Scenario.from_answers(about_money).currency
        as_preset = Scenario.from_answers({**preset.answers, **about_money, "currency": preset.answers.get("currency")})
    except InputError:  # told where the case is read
        return preset.answers
    return preset.answers if currency is None else in_currency(as_preset, currency, catalog, date.max).answers()


def cleared_answers(case: Scenario, catalog: Catalog) -> tuple[str, ...]:
    """Questions that the case leaves open though its preset answers them."""
    preset = catalog.presets.get(case.preset or "")
    return tuple(name for name in (preset.answers if preset else {}) if getattr(case, name) is None)


def with_known_names(
    answers: Mapping[str, object],
    catalog: Catalog,
    read_file: FileReader | None = None,
    labels: Labels = NO_LABELS,
) -> tuple[dict[str, object], list[Issue]]:
    """The answers with the ids of the models, GPUs, routes and preset that they name, and an issue for each unknown.

    A model of one's own, as fields or as a ``config.json``, becomes the text that a case keeps.
    """
    found: dict[str, object] = {}
    faults: list[Issue] = []
    for name, value in answers.items():
        try:
            if name == "open_model" and isinstance(value, Mapping):
                found[name] = own_model_text(value)
            elif isinstance(value, str):
                is_file = read_file is not None and name == "open_model" and names_a_file(value)
                said = read_file(value) if is_file and read_file is not None else value
                found[name] = id_named(name, said, catalog, labels)
            else:
                found[name] = value
        except InputError as error:
            faults += error.issues
    return found, faults
