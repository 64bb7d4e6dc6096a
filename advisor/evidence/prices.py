"""The evidence page "Prices": what this case pays for, and every price the product knows, each with source and date."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from advisor.assumptions.currency import DOLLAR, in_base, per_dollar
from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_prices import HostedPrice, hosted_models, hosted_price
from advisor.catalog.records import PricePoint, PriceRecord
from advisor.core.records import Assumption, LineItem
from advisor.decision.advice import Advice
from advisor.formulas.finance import convert
from advisor.options import keep_as_is, tune
from advisor.options.declared import Demand
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label

EUROSTAT = "eurostat"
NOT_A_PRICE = frozenset({"budget", "current_fixed_monthly_cost", "other_monthly_cost", "other_one_time_cost"})
RENTED = {"serving_gpu_price": "serving_gpu", "training_gpu_price": "training_gpu"}
BOUGHT = {"serving_card_price": "serving_gpu", "card_price": "training_gpu"}
HOSTED_FIELDS = {"input_price", "cached_input_price", "cache_write_price", "output_price"}


@dataclass(frozen=True)
class Origin:
    """Source, effective date, date last verified, and whether that is too old."""

    kind: str
    title: str
    url: str | None
    effective: date | None
    last_verified: date | None
    age_days: int | None
    stale: bool
    kind_text: str
    effective_text: str
    last_verified_text: str
    age_text: str


@dataclass(frozen=True)
class Amount:
    """A price in the currency of its source and in the project's; ``per`` is the unit without the currency."""

    value: float | None
    currency: str
    per: str
    converted: float | None
    text: str
    converted_text: str


@dataclass(frozen=True)
class UsedPrice:
    """A price behind this case; ``whose`` is default, preset or user."""

    id: str
    label: str
    amount: Amount
    origin: Origin
    whose: str
    whose_text: str


@dataclass(frozen=True)
class BookPrice:
    """One price of the books gpu_rental, gpu_purchase, electricity or managed_tuning."""

    id: str
    book: str
    book_text: str
    what: str
    provider: str
    provider_class: str
    provider_class_text: str
    region: str
    category: str
    category_text: str
    amount: Amount
    origin: Origin
    note: str


@dataclass(frozen=True)
class ModelPrice:
    """A hosted model, in US dollars per million tokens; ``None`` where nothing is published."""

    id: str
    name: str
    provider: str
    input: Amount
    cached: Amount
    output: Amount
    batch_input: Amount
    batch_output: Amount
    origin: Origin


@dataclass(frozen=True)
class RatePrice:
    """Units of a currency for one US dollar."""

    currency: str
    value: float
    text: str
    origin: Origin
    whose: str
    whose_text: str


@dataclass(frozen=True)
class PriceBookView:
    """The content of the price page."""

    currency: str
    on: date
    stale_after_days: int
    used: tuple[UsedPrice, ...]
    book: tuple[BookPrice, ...]
    models: tuple[ModelPrice, ...]
    rates: tuple[RatePrice, ...]

    def of_book(self, name: str) -> tuple[BookPrice, ...]:
        """Prices of one book."""
        return tuple(row for row in self.book if row.book == name)


def build_price_book(advice: Advice, catalog: Catalog, t: Translator, on: date) -> PriceBookView:
    """Every price of the case and of the catalog, as seen on the day ``on``."""
    context = _PriceContext(advice, catalog, t, on)
    return PriceBookView(
        currency=context.base,
        on=on,
        stale_after_days=catalog.rules.price_stale_after_days,
        used=context.used(),
        book=tuple(context.book_row(p) for s in catalog.prices if (p := catalog.price(s, on)) is not None),
        models=tuple(context.model_row(hosted_price(model, on)) for model in hosted_models(on)),
        rates=tuple(row for c in catalog.exchange_rates if (row := context.rate_row(c)) is not None),
    )


@dataclass(frozen=True)
class _PriceContext:
    advice: Advice
    catalog: Catalog
    t: Translator
    on: date

    @property
    def base(self) -> str:
        return self.advice.assessment.assumptions.currency

    # -- pieces ---------------------------------------------------------------------------------

    def origin(self, kind: str, title: str, url: str | None, effective: date | None, verified: date | None) -> Origin:
        t = self.t
        age = None if verified is None else (self.on - verified).days
        stale = age is not None and age > self.catalog.rules.price_stale_after_days
        return Origin(
            kind=kind,
            title=title,
            url=url,
            effective=effective,
            last_verified=verified,
            age_days=age,
            stale=stale,
            kind_text=t(f"kind.{kind}"),
            effective_text=self._day(effective),
            last_verified_text=self._day(verified),
            age_text=t("prices.no_date")
            if age is None
            else t(f"prices.{'old' if stale else 'age'}", age, days=t.number(age, 0)),
        )

    def _day(self, day: date | None) -> str:
        return self.t("prices.no_date") if day is None else self.t.date(day)

    def amount(self, value: float | None, currency: str, per: str, converted: float | None = None) -> Amount:
        """An amount and what it is in the project's currency, unless that is given."""
        if converted is None and value is not None:
            converted = in_base(value, currency, self.advice.scenario, self.catalog, self.on)
        return Amount(
            value,
            currency,
            per,
            converted,
            self.amount_text(value, currency, per),
            self.amount_text(converted, self.base, per),
        )

    def amount_text(self, value: float | None, currency: str, per: str) -> str:
        if value is None:
            return self.t("prices.not_known")
        money = self.t.money(value, currency)
        return money if not per else self.t("prices.value", money=money, per=self.t(f"prices.per.{per}"))

    # -- rows -----------------------------------------------------------------------------------

    def book_row(self, point: PricePoint) -> BookPrice:
        t, sku = self.t, point.sku
        named = self.catalog.gpu(sku.gpu).name if sku.gpu else sku.model or sku.id
        return BookPrice(
            id=sku.id,
            book=sku.book,
            book_text=t(f"prices.book.{sku.book}"),
            what=t.fact(sku.item) if sku.item else named,
            provider=t.fact(sku.provider),
            provider_class=sku.provider_class,
            provider_class_text=t(f"prices.class.{sku.provider_class}"),
            region=self._region(sku),
            category=sku.pricing_category,
            category_text=t(f"prices.category.{sku.pricing_category}"),
            amount=self.amount(point.value, point.currency, point.unit.split("/", 1)[1]),
            origin=self.point_origin(point),
            note=sku.note or "",
        )

    def _region(self, sku: PriceRecord) -> str:
        """Where a price holds; a country of Eurostat by its code, as its names come with an update of prices."""
        seller, *rest = sku.id.split("/")
        country = self.t.country(rest[0].upper()) if seller == EUROSTAT else None
        return country or self.t.fact(sku.region or "")

    def point_origin(self, point: PricePoint) -> Origin:
        source = point.source
        return self.origin(point.kind, self.t.fact(source.title), source.url, point.effective_from, point.last_verified)

    def model_row(self, price: HostedPrice) -> ModelPrice:
        def per_mtok(value: float | None) -> Amount:
            return self.amount(value, DOLLAR, "Mtok")

        told = price.origin
        return ModelPrice(
            id=price.model_id,
            name=price.name,
            provider=price.provider,
            input=per_mtok(price.input_price),
            cached=per_mtok(price.cached_input_price),
            output=per_mtok(price.output_price),
            batch_input=per_mtok(price.batch_input_price),
            batch_output=per_mtok(price.batch_output_price),
            origin=self.origin(price.kind, self.t.fact(told.title), told.url, price.effective_from, price.checked_on),
        )

    def rate_row(self, currency: str) -> RatePrice | None:
        own = (self.advice.scenario.exchange_rates or {}).get(currency)
        dated = self.catalog.exchange_rate(currency, self.on)
        if own is not None:
            value, whose = own, "user"
            origin = self.origin("yours", self.t("prices.your_figure"), None, self.on, None)
        elif dated is not None:
            value, whose = float(dated.value), "default"
            verified = self.catalog.exchange_rates[currency].last_verified
            title = self.t.fact(dated.source.title)
            origin = self.origin(dated.kind, title, dated.source.url, dated.effective_from, verified)
        else:
            return None
        text = self.t("prices.rate", value=self.t.rate(value), currency=currency)
        return RatePrice(currency, value, text, origin, whose, self.t(f"set_by.{whose}"))

    # -- prices of the case -----------------------------------------------------------------------

    def used(self) -> tuple[UsedPrice, ...]:
        rows = self.advice.assessment.assumptions
        names = _used_names(self.items())
        prices = [r for r in rows.values() if "money" in r.unit and r.id in names and r.id not in NOT_A_PRICE]
        return tuple(self.used_row(row) for row in prices)

    def items(self) -> tuple[LineItem, ...]:
        """The line items of both options; without the serving ones while the volume is unknown."""
        a, economics = self.advice.assessment.assumptions, self.advice.assessment.economics
        if economics is not None:
            return (*economics.baseline.line_items, *economics.tuned.line_items)
        volume = np.asarray([a.number("daily_requests")]) if a.knows("daily_requests") else np.ones(1)
        return (*keep_as_is.line_items(a), *tune.declare(a, Demand(volume)).line_items)

    def used_row(self, row: Assumption) -> UsedPrice:
        per = row.unit.partition("/")[2]
        value = None if row.value is None else float(row.value)
        amount, origin = self.amount(value, self.base, per), self.row_origin(row, None)
        if row.set_by == "default" and row.value is not None:
            amount, origin = self.traced(row, per, value, origin)
        for change in row.announced:
            day, later = self.t.date(change.on), self.amount_text(float(change.value), self.base, per)
            then = self.t("word.announced", value=amount.converted_text, date=day, later=later)
            amount = replace(amount, converted_text=then)
        label = field_label(self.t, row.id)
        return UsedPrice(row.id, label, amount, origin, row.set_by, self.t(f"set_by.{row.set_by}"))

    def row_origin(self, row: Assumption, verified: date | None) -> Origin:
        if row.source is None:
            title = self.t("prices.your_figure") if row.set_by == "user" else self.t("prices.not_known")
            return self.origin(row.kind, title, None, row.effective, verified)
        title = self.t.fact(row.source.title)
        return self.origin(row.kind, title, row.source.url, row.effective, verified or row.source.retrieved)

    def traced(self, row: Assumption, per: str, value: float | None, otherwise: Origin) -> tuple[Amount, Origin]:
        """The price as its source prints it: an offer of the books, a hosted model, or a default in dollars."""
        point = self.offer(row)
        if point is not None:
            own = self.amount(point.value, point.currency, per, value)
            return own, self.point_origin(point)
        for field in HOSTED_FIELDS:
            if row.id in (f"current_{field}", f"tuned_{field}") and row.kind != "judgement":
                return self.in_dollars(per, value), otherwise
        parameter = self.catalog.parameters.get(row.id)
        if parameter is not None and isinstance(parameter.value, float):
            said = parameter.of_market(self.base)
            return self.amount(float(said.value or 0), said.currency, per, value), otherwise
        return self.amount(value, self.base, per), otherwise

    def in_dollars(self, per: str, value: float | None) -> Amount:
        rate = per_dollar(self.advice.scenario, self.base, self.catalog, self.on)
        dollars = None if value is None or rate is None else float(convert(value, rate, 1.0))
        return self.amount(dollars, DOLLAR, per, value)

    def offer(self, row: Assumption) -> PricePoint | None:
        """The median offer the case took."""
        a = self.advice.assessment.assumptions
        if row.id in RENTED:
            return self.catalog.median_rental(a.choice(RENTED[row.id]), a.on)[0]
        if row.id in BOUGHT and a.knows(BOUGHT[row.id]):
            return self.catalog.median_purchase(a.choice(BOUGHT[row.id]), a.on)[0]
        return None


def _used_names(items: tuple[LineItem, ...]) -> frozenset[str]:
    """Assumptions behind items of which the case needs any."""
    needed = (item for item in items if np.any(np.asarray(item.quantity) != 0))
    return frozenset(name for item in needed for name in item.uses)
