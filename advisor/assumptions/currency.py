"""Money in another currency, at the user's own rates before the published ones."""

from datetime import date

from advisor.assumptions.draft import Draft, citation, note_stale
from advisor.catalog.catalog import Catalog
from advisor.catalog.parameters import Parameter, UseRecord
from advisor.core.notices import InputError, Issue, Notice
from advisor.core.records import Assumption, SetBy
from advisor.formulas.finance import convert
from advisor.scenario import QUESTIONS, Scenario
from advisor.scenario.reading import MEASURED_NUMBERS
from advisor.scenario.sign_off import RELEASED, SIGN_OFF

DOLLAR = "USD"
"""What rates are told in, and money in ``data/parameters`` unless a record says otherwise."""
RATE = "exchange_rate_"
"""What the id of a rate's row begins with; the currency follows."""
SIGNIFICANT_DIGITS = 12


def rate_row(scenario: Scenario, currency: str, catalog: Catalog, on: date) -> Assumption:
    """Units of ``currency`` for one dollar: the user's rate, else the dated one; unknown where there is neither."""
    key, unit = f"{RATE}{currency}", f"{currency}/{DOLLAR}"
    own = (scenario.exchange_rates or {}).get(currency)
    if own is not None:
        return Assumption(key, own, unit, "yours", None, on, set_by="user")
    dated = catalog.exchange_rate(currency, on)
    if dated is None:
        return Assumption(key, None, unit, "published", None)
    return Assumption(key, float(dated.value), unit, dated.kind, citation(dated.source), dated.effective_from)


def per_dollar(scenario: Scenario, currency: str, catalog: Catalog, on: date) -> float | None:
    """Units of ``currency`` for one dollar; ``None`` where no rate is known."""
    value = 1.0 if currency == DOLLAR else rate_row(scenario, currency, catalog, on).value
    return None if value is None else float(value)


def in_base(amount: float, currency: str, scenario: Scenario, catalog: Catalog, on: date) -> float | None:
    """An amount in the currency of the case; ``None`` where a rate is unknown."""
    if currency == scenario.base_currency:
        return amount
    old, new = (per_dollar(scenario, each, catalog, on) for each in (currency, scenario.base_currency))
    return None if old is None or new is None else float(convert(amount, old, new))


def in_currency(scenario: Scenario, currency: str, catalog: Catalog, on: date) -> Scenario:
    """The case with every answer about money converted, so that it means the same. Raises :class:`InputError`."""
    if currency == scenario.base_currency:
        return scenario
    day = scenario.as_of or on
    old, new = (_known_rate(scenario, c, catalog, day) for c in (scenario.base_currency, currency))

    def converted(amount: float) -> float:
        return float(f"{convert(amount, old, new):.{SIGNIFICANT_DIGITS}g}")

    amounts = {k: converted(v) for k, v in scenario.answers().items() if "money" in QUESTIONS[k].unit}
    ranges = {
        name: [converted(end) for end in ends] if "money" in QUESTIONS[name].unit else list(ends)
        for name, ends in (scenario.ranges or {}).items()
    }
    held = {
        name: converted(said)
        for name in ranges.keys() - amounts.keys()
        if (said := _of_another_market(scenario, name, currency, catalog, day)) is not None
    }
    measured = {
        name: {k: converted(v) if isinstance(v, float) and k in MEASURED_NUMBERS else v for k, v in record.items()}
        if "money" in QUESTIONS[name].unit
        else record
        for name, record in (scenario.answers().get("measured") or {}).items()
    }
    sign_off = {
        gate: {part: converted(v) if part == RELEASED else v for part, v in record.items()}
        for gate, record in (scenario.answers().get(SIGN_OFF) or {}).items()
    }
    tables = {"ranges": ranges or None, "measured": measured or None, SIGN_OFF: sign_off or None}
    return scenario.with_(currency=currency, **tables, **amounts, **held)


def _of_another_market(scenario: Scenario, name: str, currency: str, catalog: Catalog, day: date) -> float | None:
    """The default that a range was given around, in the case's currency, where that of ``currency`` is another one."""
    parameter = catalog.parameters.get(name)
    if parameter is None or parameter.of_market(currency) == parameter.of_market(scenario.base_currency):
        return None
    said = parameter.of_market(scenario.base_currency)
    return in_base(float(said.value or 0), said.currency, scenario, catalog, day)


def _known_rate(scenario: Scenario, currency: str, catalog: Catalog, on: date) -> float:
    rate = per_dollar(scenario, currency, catalog, on)
    if rate is None:
        raise InputError([Issue("currency", "rate_unknown", {"value": currency})])
    return rate


def factor_from(draft: Draft, currency: str) -> float | None:
    """From ``currency`` to the project's; every rate it rests on becomes a row. ``None`` where one is unknown."""
    if currency == draft.scenario.base_currency:
        return 1.0
    for each in (currency, draft.scenario.base_currency):
        _note_rate(draft, each)
    return in_base(1.0, currency, draft.scenario, draft.catalog, draft.on)


def from_dollars(draft: Draft, amount: float | None) -> float | None:
    """An amount in dollars in the project's currency; ``None`` where it or a rate is unknown."""
    factor = factor_from(draft, DOLLAR)
    return None if amount is None or factor is None else amount * factor


def parameter_of(draft: Draft, name: str) -> Parameter | None:
    """The default of a number for the case's use, quality need and currency; ``None`` where it has none."""
    parameter, use = draft.catalog.parameters.get(name), _use(draft)
    if parameter is None:
        return None
    if use is not None and name in use.typical:
        return parameter.as_in(use.typical[name])
    return parameter.of_need(draft.scenario.quality_need).of_market(draft.scenario.base_currency)


def default_of(draft: Draft, name: str) -> SetBy:
    """What a default follows from."""
    parameter, use = draft.catalog.parameters.get(name), _use(draft)
    if use is not None and name in use.typical:
        return "use"
    return "need" if parameter is not None and draft.scenario.quality_need in parameter.needs else "default"


def _use(draft: Draft) -> UseRecord | None:
    return draft.catalog.uses[draft.scenario.use_case] if draft.scenario.use_case is not None else None


def money_factor(draft: Draft, parameter: Parameter) -> float | None:
    """From the parameter's currency to the project's; 1 for what is not money."""
    return factor_from(draft, parameter.currency) if "money" in parameter.unit else 1.0


def _note_rate(draft: Draft, currency: str) -> None:
    if currency == DOLLAR or f"{RATE}{currency}" in draft.rows:
        return
    row = rate_row(draft.scenario, currency, draft.catalog, draft.on)
    draft.rows[row.id] = row
    if row.value is None:
        draft.notices.append(Notice("rate_missing", "warning", {"currency": currency, "date": draft.on}))
    elif row.set_by != "user":
        note_stale(draft, row.id, draft.catalog.exchange_rates[currency].last_verified)
