"""Scenario and catalog become :class:`Assumptions`: every number the model uses, with where it comes from.

An answer of the user wins, then the preset's, then the price books and tables, then the sourced default.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from math import isclose

from advisor.catalog.fields import Words
from advisor.catalog.hosted import HostedPrice, hosted_price, notices_for, price_book
from advisor.catalog.loader import Catalog, PricePoint
from advisor.catalog.records import PresetRecord, Source
from advisor.models.finance import convert
from advisor.notices import InputError, Issue, Notice, UnknownId
from advisor.relevance import relevant_questions
from advisor.results import Assumption, Assumptions, Citation, Kind
from advisor.scenario import QUESTIONS, Scenario
from advisor.units import currency_of

PARAMETER_CURRENCY = "USD"
SAME_AMOUNT = 1e-9
"""A converted amount is rounded to twelve digits."""
SIGNED_UNIT = "fraction/year"
"""Yearly rates lie around 0 and are shifted, where other numbers keep their proportion."""


def resolve(scenario: Scenario, catalog: Catalog, on: date) -> Assumptions:
    """Every number behind the case on the day ``on`` (or the scenario's own ``as_of``).

    Raises :class:`InputError` when an answer names a model, GPU or preset that does not exist.
    """
    return _Resolver(scenario, catalog, scenario.as_of or on).run()


def _citation(source: Source) -> Citation:
    return Citation(source.title, source.url, source.retrieved, source.title_zh)


def _note(words: Words | None) -> dict[str, str] | None:
    return None if words is None else {"en": words.en, "zh": words.zh}


@dataclass
class _Resolver:
    scenario: Scenario
    catalog: Catalog
    on: date
    rows: dict[str, Assumption] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    def run(self) -> Assumptions:
        wanted = relevant_questions(self.scenario, self.catalog)
        for name in QUESTIONS:
            if name in wanted:
                self.rows[name] = self._answered(name) or self._default(name)
        self._training()
        if "current_model" in wanted:
            self._current_prices()
        if "serving_gpu" in wanted:
            self._serving()
        if "tuned_model" in wanted:
            self._tuned_prices()
        if "card_price" in wanted:
            self._card()
        self._plausible_volume()
        ordered = {name: self.rows[name] for name in (*QUESTIONS, *self.rows) if name in self.rows}
        return Assumptions(
            ordered,
            self.scenario.base_currency,
            self.on,
            self.catalog.version,
            tuple(n for k, n in enumerate(self.notices) if n not in self.notices[:k]),
        )

    # -- answers and defaults -------------------------------------------------------------------

    def _answered(self, name: str) -> Assumption | None:
        value = getattr(self.scenario, name)
        if value is None:
            return None
        low, high = self._spread(name, value)
        row = Assumption(name, value, QUESTIONS[name].unit, "yours", None, self.on, low, high, "user")
        preset = self._preset()
        if preset is not None and self._is_presets(name, value):
            said = preset.field_notes.get(name)
            kind, source = (
                (preset.kind, preset.source)
                if said is None
                else (said.kind or preset.kind, said.source or preset.source)
            )
            return replace(row, kind=kind, source=_citation(source), effective=None, set_by="preset", note=_note(said))
        return row

    def _is_presets(self, name: str, value: object) -> bool:
        preset = self._preset()
        if preset is None or name not in preset.answers:
            return False
        said, currency = preset.answers[name], preset.answers.get("currency", PARAMETER_CURRENCY)
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
            raise _unknown("preset", error) from None

    def _interval(self, name: str) -> tuple[float | None, float | None]:
        parameter = self.catalog.parameters.get(name)
        if parameter is None or parameter.interval is None:
            return None, None
        factor = self._money_factor(parameter.unit)
        return (None, None) if factor is None else (parameter.interval.low * factor, parameter.interval.high * factor)

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
            _citation(parameter.source),
            parameter.source.retrieved,
            low,
            high,
            "default",
            _note(parameter.note),
        )

    def _plausible_volume(self) -> None:
        row = self.rows["daily_requests"]
        if isinstance(row.value, float):
            spread = self.catalog.parameter("plausible_volume").interval
            if spread is not None:
                row = replace(row, low=row.value * spread.low, high=row.value * spread.high)
            self.rows["daily_requests"] = row

    # -- money ------------------------------------------------------------------------------------

    def _per_usd(self, currency: str) -> float | None:
        """Units of ``currency`` for one dollar; the rate becomes an assumption of its own."""
        if currency == PARAMETER_CURRENCY:
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
        return Assumption(key, float(dated.value), unit, dated.kind, _citation(dated.source), dated.effective_from)

    def _money_factor(self, unit: str) -> float | None:
        """From the parameters' currency to the project's; 1 for what is not money."""
        return self._factor(PARAMETER_CURRENCY) if "money" in unit else 1.0

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

    # -- tables and price books -------------------------------------------------------------------

    def _fill(self, name: str, value: float | str | None, kind: Kind, source: Citation | None, **more: object) -> None:
        """Set a row nobody has answered."""
        if name in self.rows and self.rows[name].value is None:
            row = Assumption(name, value, QUESTIONS[name].unit, kind, source)
            self.rows[name] = replace(row, **more)  # type: ignore[arg-type]

    def _training(self) -> None:
        size, method = str(self.rows["model_size"].value), str(self.rows["method"].value)
        table = self.catalog.training_table[size]
        hours = table.lora_hours if method == "lora" else table.full_hours
        source = _citation(table.source)
        self._fill("training_gpu", table.gpu, table.kind, source)
        self._fill("training_gpus", float(table.gpus), table.kind, source)
        self._fill("training_hours", (hours.low + hours.high) / 2, table.kind, source, low=hours.low, high=hours.high)
        self._known_gpu("training_gpu")
        if "training_gpu_price" in self.rows:
            self._gpu_price("training_gpu_price", "training_gpu")

    def _serving(self) -> None:
        reference = self.catalog.serving_references[str(self.rows["model_size"].value)]
        source, rate = _citation(reference.source), reference.output_tokens_per_s
        self._fill("serving_gpu", reference.gpu, reference.kind, source)
        self._known_gpu("serving_gpu")
        self._gpu_price("serving_gpu_price", "serving_gpu")
        if self.rows["serving_gpu"].value != reference.gpu and self.rows["replica_tokens_per_second"].value is None:
            measured_on = self.catalog.gpu(reference.gpu).name
            self.notices.append(Notice("speed_unknown", "warning", {"gpu": measured_on}))
            return
        self._fill("gpus_per_replica", float(reference.gpus_per_replica), reference.kind, source)
        self._fill(
            "replica_tokens_per_second",
            rate.base,
            reference.kind,
            source,
            low=rate.low,
            high=rate.high,
            note=_note(reference.note),
        )
        self._fill("reference_input_tokens", reference.input_tokens, reference.kind, source)
        self._fill("reference_output_tokens", reference.output_tokens, reference.kind, source)

    def _known_gpu(self, name: str) -> None:
        try:
            self.catalog.gpu(str(self.rows[name].value))
        except UnknownId as error:
            raise _unknown(name, error) from None

    def _gpu_price(self, name: str, gpu: str) -> None:
        if self.rows[name].value is not None:
            return
        card = self.catalog.gpu(str(self.rows[gpu].value))
        point, offers = self.catalog.median_rental(card.id, self.on)
        if point is None:
            self.notices.append(Notice("gpu_price_missing", "warning", {"gpu": card.name}))
            return
        self._from_point(
            name,
            point,
            Notice(
                "median_offer",
                "info",
                {"field": name, "gpu": card.name, "offers": offers},
            ),
        )
        if self.rows[name].value is not None:
            offered = self.catalog.hourly_rentals(card.id, self.on)
            prices = [p.value * factor for p in offered if (factor := self._factor(p.currency)) is not None]
            self.rows[name] = replace(self.rows[name], low=min(prices), high=max(prices))

    def _from_point(self, name: str, point: PricePoint, notice: Notice) -> None:
        factor = self._factor(currency_of(point.unit) or PARAMETER_CURRENCY)
        value = None if factor is None else point.value * factor
        self._fill(name, value, point.kind, _citation(point.source), effective=point.effective_from)
        self._stale(name, point.last_verified)
        self.notices.append(notice)

    def _card(self) -> None:
        if self.rows["card_price"].value is not None:
            return
        card = self.catalog.gpu(str(self.rows["training_gpu"].value))
        offers = self.catalog.prices_for(card.id, "gpu_purchase", self.on)
        if not offers:
            self.notices.append(Notice("gpu_price_missing", "warning", {"gpu": card.name}))
            return
        self._from_point(
            "card_price",
            offers[(len(offers) - 1) // 2],
            Notice(
                "median_offer",
                "info",
                {"field": "card_price", "gpu": card.name, "offers": len(offers)},
            ),
        )

    # -- hosted models ------------------------------------------------------------------------------

    def _hosted(self, name: str) -> HostedPrice | None:
        model = self.rows[name].value
        if model is None:
            return None
        prompt = self.rows["input_tokens"].value if "input_tokens" in self.rows else 0
        try:
            price = hosted_price(str(model), self.on, int(prompt or 0))
        except UnknownId as error:
            raise _unknown(name, error) from None
        self.notices += [
            n
            for n in notices_for(price, self.on, self.catalog.rules.price_stale_after_days)
            if n.code not in CONDITIONAL_NOTICES
        ]
        return price

    def _fill_hosted(self, name: str, value: float | None, price: HostedPrice) -> None:
        factor = self._factor(PARAMETER_CURRENCY)
        amount = None if value is None or factor is None else value * factor
        self._fill(name, amount, "published", _price_list(price), effective=price.effective_from)

    def _current_prices(self) -> None:
        price = self._hosted("current_model")
        if price is None:
            return
        uses_cache, uses_batch = (bool(self.rows[n].value) for n in ("cache_hit_share", "batch_share"))
        gaps = price_book().gaps
        self._fill_hosted("current_input_price", price.input_price, price)
        self._fill_hosted("current_output_price", price.output_price, price)
        if price.cached_input_price is None:
            self._as_new_text("current_cached_input_price", price, gaps.cached_price)
        if not uses_cache or price.cache_write_price is None:
            said = gaps.write_price if uses_cache else gaps.no_cache
            self._as_new_text("current_cache_write_price", price, said)
        self._fill_hosted("current_cached_input_price", price.cached_input_price, price)
        self._fill_hosted("current_cache_write_price", price.cache_write_price, price)
        if uses_cache and price.cached_input_price is None:
            self.notices.append(Notice("cache_rate_unknown", "warning", {"model": price.model_id}))
        if price.batch_output_price is None and uses_batch:
            self.notices.append(Notice("batch_rate_unknown", "warning", {"model": price.model_id}))
        self._discount("batch_discount", price, (price.batch_output_price, price.output_price), gaps.batch_rate)
        cached = (price.batch_cached_input_price, price.cached_input_price)
        self._discount("cached_batch_discount", price, cached, gaps.cached_batch_rate)

    def _as_new_text(self, name: str, price: HostedPrice, said: Words) -> None:
        """A price the list does not give: text costs what new text costs in this case."""
        new = self.rows["current_input_price"]
        if new.value is not None:
            self._fill(
                name, float(new.value), "judgement", _price_list(price), effective=new.effective, note=_note(said)
            )

    def _discount(self, name: str, price: HostedPrice, rates: tuple[float | None, float | None], said: Words) -> None:
        """Share the batch interface takes off a price; none where no batch rate is published."""
        batch, standard = rates
        if batch is not None and standard:
            self._fill(name, 1 - batch / standard, "published", _price_list(price))
        else:
            self._fill(name, 0.0, "judgement", _price_list(price), note=_note(said))

    def _tuned_prices(self) -> None:
        price = self._hosted("tuned_model")
        if price is not None:
            self._fill_hosted("tuned_input_price", price.input_price, price)
            self._fill_hosted("tuned_output_price", price.output_price, price)


CONDITIONAL_NOTICES = frozenset({"batch_rate_unknown", "cache_rate_unknown"})
"""Said only when the scenario uses the lever whose rate is not published."""


def _price_list(price: HostedPrice) -> Citation:
    return Citation(f"genai-prices {price_book().version}: {price.model_id}", price_book().source.url, price.checked_on)


def _unknown(name: str, error: UnknownId) -> InputError:
    near = ", ".join(error.near)
    return InputError(
        [Issue(name, "unknown_id_near" if near else "unknown_id", {"value": error.unknown[:40], "near": near})]
    )
