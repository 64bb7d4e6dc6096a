"""Answers and defaults as rows, in the project's currency."""

from dataclasses import dataclass, field, replace
from datetime import date
from math import isclose

from advisor.assumptions.currency import DOLLAR
from advisor.catalog.fields import Words
from advisor.catalog.loader import Catalog
from advisor.catalog.records import PresetRecord, Source
from advisor.core.notices import InputError, Issue, Notice, UnknownId
from advisor.core.records import Assumption, Citation, Kind, Shape
from advisor.formulas.finance import convert
from advisor.scenario import QUESTIONS, Scenario

SAME_AMOUNT = 1e-9
"""A converted amount is rounded to twelve digits."""
SIGNED_UNIT = "fraction/year"
"""Yearly rates lie around 0 and are shifted, where other numbers keep their proportion."""


def citation(source: Source) -> Citation:
    return Citation(source.title, source.url, source.retrieved, source.title_zh)


def note_of(words: Words | None) -> dict[str, str] | None:
    return None if words is None else {"en": words.en, "zh": words.zh}


def unknown(name: str, error: UnknownId) -> InputError:
    near = ", ".join(error.near)
    return InputError(
        [Issue(name, "unknown_id_near" if near else "unknown_id", {"value": error.unknown[:40], "near": near})]
    )


@dataclass
class Rows:
    """One case being resolved: a row for each number, filled from the surest source to the least sure."""

    scenario: Scenario
    catalog: Catalog
    on: date
    rows: dict[str, Assumption] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    # -- answers and defaults -------------------------------------------------------------------

    def _answered(self, name: str) -> Assumption | None:
        value = getattr(self.scenario, name)
        if value is None:
            return None
        low, high = self._spread(name, value)
        usual = None if low is None or high is None else (low, high)
        low, high = self._stated(name, value, low, high)
        shape = self._shape(name)
        unit = QUESTIONS[name].unit
        row = Assumption(name, value, unit, "yours", None, self.on, low, high, "user", shape=shape, usual=usual)
        preset = self._preset()
        if preset is not None and self._is_presets(name, value):
            said = preset.field_notes.get(name)
            kind, source = (
                (preset.kind, preset.source)
                if said is None
                else (said.kind or preset.kind, said.source or preset.source)
            )
            return replace(row, kind=kind, source=citation(source), effective=None, set_by="preset", note=note_of(said))
        return row

    def _is_presets(self, name: str, value: object) -> bool:
        preset = self._preset()
        if preset is None or name not in preset.answers:
            return False
        said, currency = preset.answers[name], preset.answers.get("currency", DOLLAR)
        if "money" not in QUESTIONS[name].unit or currency == self.scenario.base_currency:
            return bool(said == value)
        factor = self._factor(str(currency))
        return factor is not None and isclose(float(said) * factor, float(str(value)), rel_tol=SAME_AMOUNT)

    def _preset(self) -> PresetRecord | None:
        if self.scenario.preset is None:
            return None
        try:
            return self.catalog.preset(self.scenario.preset)
        except UnknownId as error:
            raise unknown("preset", error) from None

    def _interval(self, name: str) -> tuple[float | None, float | None]:
        parameter = self.catalog.parameters.get(name)
        if parameter is None or parameter.interval is None:
            return None, None
        factor = self._money_factor(parameter.unit)
        return (None, None) if factor is None else (parameter.interval.low * factor, parameter.interval.high * factor)

    def _stated(
        self, name: str, value: object, low: float | None, high: float | None
    ) -> tuple[float | None, float | None]:
        """Who states a number knows it better than a default does; of yearly rates nobody knows the future."""
        if low is None or high is None or not isinstance(value, float) or QUESTIONS[name].unit == SIGNED_UNIT:
            return low, high
        off = abs(value) * float(self.catalog.parameter("stated_spread").value or 0)
        return max(low, value - off), min(high, value + off)

    def _shape(self, name: str) -> Shape:
        parameter = self.catalog.parameters.get(name)
        return "pert" if parameter is None or parameter.interval is None else parameter.interval.shape

    def _known_ranges(self) -> None:
        """What the user knows of a number takes the place of what is usual, as a most likely value between two ends."""
        for name, (low, high) in (self.scenario.ranges or {}).items():
            row = self.rows.get(name)
            if row is not None and isinstance(row.value, float):
                ends = (min(low, row.value), max(high, row.value))
                self.rows[name] = replace(row, low=ends[0], high=ends[1], shape="pert")

    def _spread(self, name: str, value: object) -> tuple[float | None, float | None]:
        """Low and high of an answer: as far from it as the default's are from the default."""
        parameter, question = self.catalog.parameters.get(name), QUESTIONS[name]
        if parameter is None or parameter.interval is None or not isinstance(value, float):
            return None, None
        if question.low is None or question.high is None:
            return None, None
        base = parameter.value if isinstance(parameter.value, float) else 0.0
        ends = [parameter.interval.low, parameter.interval.high]
        if question.unit == SIGNED_UNIT:
            ends = [value + end - base for end in ends]
        elif value == 0 or base != 0:
            ends = [0.0 if value == 0 else value * end / base for end in ends]
        else:
            factor = self._money_factor(parameter.unit)
            ends = [value + end * (factor or 0) for end in ends]
        low, high = (min(max(end, question.low), question.high) for end in sorted(ends))
        return low, high

    def _default(self, name: str) -> Assumption:
        parameter = self.catalog.parameters.get(name)
        unit = QUESTIONS[name].unit
        if parameter is None:
            return Assumption(name, None, unit, "judgement", None)
        low, high = self._interval(name)
        factor = self._money_factor(unit)
        value: float | str | None = parameter.value
        if isinstance(value, float):
            value = None if factor is None else value * factor
        return Assumption(
            name,
            value,
            unit,
            parameter.kind,
            citation(parameter.source),
            parameter.source.retrieved,
            low,
            high,
            "default",
            note_of(parameter.note),
            self._shape(name),
        )

    # -- money ------------------------------------------------------------------------------------

    def _per_usd(self, currency: str) -> float | None:
        """Units of ``currency`` for one dollar; the rate becomes an assumption of its own."""
        if currency == DOLLAR:
            return 1.0
        key = f"exchange_rate_{currency}"
        if key not in self.rows:
            self.rows[key] = self._rate(key, currency)
            if self.rows[key].value is None:
                self.notices.append(Notice("rate_missing", "warning", {"currency": currency, "date": self.on}))
        value = self.rows[key].value
        return None if value is None else float(value)

    def _rate(self, key: str, currency: str) -> Assumption:
        unit = f"{currency}/USD"
        own = (self.scenario.exchange_rates or {}).get(currency)
        if own is not None:
            return Assumption(key, own, unit, "yours", None, self.on, set_by="user")
        dated = self.catalog.exchange_rate(currency, self.on)
        if dated is None:
            return Assumption(key, None, unit, "published", None)
        self._stale(key, self.catalog.exchange_rates[currency].last_verified)
        return Assumption(key, float(dated.value), unit, dated.kind, citation(dated.source), dated.effective_from)

    def _money_factor(self, unit: str) -> float | None:
        """From the parameters' currency to the project's; 1 for what is not money."""
        return self._factor(DOLLAR) if "money" in unit else 1.0

    def _factor(self, currency: str) -> float | None:
        if currency == self.scenario.base_currency:
            return 1.0
        rate_from, rate_to = self._per_usd(currency), self._per_usd(self.scenario.base_currency)
        return None if rate_from is None or rate_to is None else float(convert(1.0, rate_from, rate_to))

    def _stale(self, subject: str, last_verified: date) -> None:
        days = (self.on - last_verified).days
        if days > self.catalog.rules.price_stale_after_days:
            self.notices.append(
                Notice("price_old", "warning", {"subject": subject, "days": days, "date": last_verified})
            )

    def _fact(self, name: str, value: float | None, unit: str, kind: Kind, source: Citation | None) -> None:
        """Set a row that nobody is asked for."""
        self.rows[name] = Assumption(name, value, unit, kind, source)

    def _fill(self, name: str, value: float | str | None, kind: Kind, source: Citation | None, **more: object) -> None:
        """Set a row nobody has answered."""
        if name in self.rows and self.rows[name].value is None:
            row = Assumption(name, value, QUESTIONS[name].unit, kind, source)
            self.rows[name] = replace(row, **more)  # type: ignore[arg-type]
