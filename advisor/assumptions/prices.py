"""Prices that nobody answered: the price books of GPUs, the price lists of hosted models."""

from dataclasses import replace
from math import floor

from advisor.assumptions.answers import Rows, citation, note_of, unknown
from advisor.assumptions.currency import DOLLAR
from advisor.catalog.fields import Words
from advisor.catalog.hosted_prices import HostedPrice, hosted_price, notices_for, price_book, step_down
from advisor.catalog.loader import PricePoint
from advisor.catalog.tuning_routes import RouteRecord
from advisor.core.notices import Notice, UnknownId
from advisor.core.records import Citation
from advisor.core.units import currency_of
from advisor.formulas.constants import DAYS_PER_MONTH, HOURS_PER_MONTH

CONDITIONAL_NOTICES = frozenset({"batch_rate_unknown", "cache_rate_unknown"})
"""Said only when the scenario uses the lever whose rate is not published."""


def _price_list(price: HostedPrice) -> Citation:
    return Citation(f"genai-prices {price_book().version}: {price.model_id}", price_book().source.url, price.checked_on)


class PricedRows(Rows):
    """Rows with their prices."""

    def _known_gpu(self, name: str) -> None:
        if name not in self.rows or self.rows[name].value is None:
            return
        try:
            self.catalog.gpu(str(self.rows[name].value))
        except UnknownId as error:
            raise unknown(name, error) from None

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
            row, spread = self.rows[name], self.catalog.parameter("plausible_rent").interval
            if spread is not None and isinstance(row.value, float):
                low, high = row.value * spread.low, row.value * spread.high
                self.rows[name] = replace(row, low=low, high=high, shape=spread.shape)

    def _from_point(self, name: str, point: PricePoint, notice: Notice) -> None:
        factor = self._factor(currency_of(point.unit) or DOLLAR)
        value = None if factor is None else point.value * factor
        self._fill(name, value, point.kind, citation(point.source), effective=point.effective_from)
        self._stale(name, point.last_verified)
        self.notices.append(notice)

    def _card(self) -> None:
        if self.rows["card_price"].value is not None or self.rows["training_gpu"].value is None:
            return
        card = self.catalog.gpu(str(self.rows["training_gpu"].value))
        point, offers = self.catalog.median_purchase(card.id, self.on)
        if point is None:
            self.notices.append(Notice("gpu_price_missing", "warning", {"gpu": card.name}))
            return
        said = {"field": "card_price", "gpu": card.name, "offers": offers}
        self._from_point("card_price", point, Notice("median_offer", "info", said))

    # -- hosted models ------------------------------------------------------------------------------

    def _hosted(self, name: str) -> HostedPrice | None:
        model = self.rows[name].value
        if model is None:
            return None
        prompt = self.rows["input_tokens"].value if "input_tokens" in self.rows else 0
        try:
            price = hosted_price(str(model), self.on, int(prompt or 0))
        except UnknownId as error:
            raise unknown(name, error) from None
        self.notices += [
            n
            for n in notices_for(price, self.on, self.catalog.rules.price_stale_after_days)
            if n.code not in CONDITIONAL_NOTICES
        ]
        return price

    def _fill_hosted(self, name: str, value: float | None, price: HostedPrice) -> None:
        factor = self._factor(DOLLAR)
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

    # -- a vendor's tuning service ----------------------------------------------------------------------

    def _route(self) -> None:
        """Prices of the vendor's service that the case names, and the day it ends."""
        named = self.rows["managed_route"].value
        if named is None:
            return
        try:
            route = self.catalog.route(str(named))
        except UnknownId as error:
            raise unknown("managed_route", error) from None
        for name, sku in (
            ("managed_training_price", route.training),
            ("tuned_input_price", route.input),
            ("tuned_output_price", route.output),
        ):
            if sku is not None and name in self.rows:
                self._from_sku(name, sku)
        if route.hosting is not None:
            self._hosting_price(route.hosting)
        self._ending(route)

    def _from_sku(self, name: str, sku: str) -> None:
        point = self.catalog.price(sku, self.on)
        factor = None if point is None else self._factor(point.currency)
        if point is not None and factor is not None:
            value = point.value * factor
            self._fill(name, value, point.kind, citation(point.source), effective=point.effective_from)
            self._stale(name, point.last_verified)

    def _hosting_price(self, sku: str) -> None:
        """A dedicated machine takes the place of a rented one; an hourly fee comes on top of the tokens."""
        point = self.catalog.price(sku, self.on)
        factor = None if point is None else self._factor(point.currency)
        if point is None or factor is None:
            return
        if point.unit.endswith("/GPU/h") and "serving_gpu_price" in self.rows:
            if point.sku.gpu is not None and self.rows["serving_gpu"].value is None:
                self._fill("serving_gpu", point.sku.gpu, point.kind, citation(point.source))
            self._from_sku("serving_gpu_price", sku)
        elif not point.unit.endswith("/GPU/h"):
            hours = 1.0 if point.unit.endswith("/month") else HOURS_PER_MONTH
            fee = point.value * factor * hours
            self._fact("managed_hosting_fee", fee, "money/month", point.kind, citation(point.source))

    def _ending(self, route: RouteRecord) -> None:
        """A service that takes no more jobs is named; one that stops ends the horizon."""
        name = f"{route.provider}, {route.base}"
        if not route.sold_on(self.on):
            self.notices.append(Notice("route_closed", "warning", {"route": name}))
        row = self.rows["horizon_months"]
        if route.retires.on is None or not isinstance(row.value, float):
            return
        left = max((route.retires.on - self.on).days, 0) / DAYS_PER_MONTH
        horizon = max(floor(left), 1)
        if horizon < row.value:
            self.rows["horizon_months"] = replace(row, value=float(horizon), low=None, high=None)
            said = {"route": name, "date": route.retires.on, "horizon": horizon}
            self.notices.append(Notice("route_ends", "warning", said))

    def _lifetime(self) -> None:
        """The end of today's hosted model, where one is announced."""
        model = self.rows["current_model"].value if "current_model" in self.rows else None
        found = self.catalog.lifetimes.get(str(model))
        if found is None or found.retires.on is None:
            return
        said = {"model": found.id, "date": found.retires.on}
        if found.retires.reached(self.on):
            self.notices.append(Notice("current_model_ended", "warning", said))
        else:
            self.notices.append(Notice("current_model_ends", "info", said))

    # -- alternatives to the current call -------------------------------------------------------------

    def _other_prices(self) -> None:
        """Prices that hold once a cache is used, and those of a cheaper model."""
        limit = self.catalog.parameter("cacheable_prompt_tokens")
        self._fact(limit.id, float(limit.value or 0), limit.unit, limit.kind, citation(limit.source))
        price = self._quietly("current_model")
        if price is not None:
            write = price.input_price if price.cache_write_price is None else price.cache_write_price
            self._hosted_fact("caching_write_price", write, price)
            if self.rows["cheaper_model"].value is None:
                self._step_down(price)
        cheaper = self._quietly("cheaper_model")
        if cheaper is not None:
            self._cheaper_prices(cheaper)

    def _quietly(self, name: str) -> HostedPrice | None:
        """Price of a model whose notices are not this case's: nobody may take it."""
        kept = list(self.notices)
        price = self._hosted(name)
        self.notices = kept
        return price

    def _hosted_fact(self, name: str, value: float | None, price: HostedPrice) -> None:
        factor = self._factor(DOLLAR)
        amount = None if value is None or factor is None else value * factor
        self._fact(name, amount, "money/Mtok", "published", _price_list(price))

    def _cheaper_prices(self, price: HostedPrice) -> None:
        cached = price.input_price if price.cached_input_price is None else price.cached_input_price
        uses_cache = bool(self.rows["cache_hit_share"].value)
        write = price.cache_write_price if uses_cache and price.cache_write_price is not None else price.input_price
        self._hosted_fact("cheaper_input_price", price.input_price, price)
        self._hosted_fact("cheaper_cached_input_price", cached, price)
        self._hosted_fact("cheaper_cache_write_price", write, price)
        self._hosted_fact("cheaper_output_price", price.output_price, price)
        rates = ((price.batch_output_price, price.output_price), (price.batch_cached_input_price, cached))
        for name, (batch, standard) in zip(("batch", "cached_batch"), rates, strict=True):
            discount = 1 - batch / standard if batch is not None and standard else 0.0
            self._fact(f"cheaper_{name}_discount", discount, "fraction", "published", _price_list(price))

    def _step_down(self, price: HostedPrice) -> None:
        """The dearest model of the same vendor that answers this request for half of today's price or less."""
        limit = self.catalog.parameter("step_down_share")
        reading, writing = (float(self.rows[name].value or 0) for name in ("input_tokens", "output_tokens"))
        over = frozenset(name for name, end in self.catalog.lifetimes.items() if end.retires.reached(self.on))
        found = step_down(price.model_id, self.on, reading, writing, float(limit.value or 0), over)
        self._fill("cheaper_model", found, "judgement", citation(limit.source))

    def _as_new_text(self, name: str, price: HostedPrice, said: Words) -> None:
        """A price the list does not give: text costs what new text costs in this case."""
        new = self.rows["current_input_price"]
        if new.value is not None:
            self._fill(
                name, float(new.value), "judgement", _price_list(price), effective=new.effective, note=note_of(said)
            )

    def _discount(self, name: str, price: HostedPrice, rates: tuple[float | None, float | None], said: Words) -> None:
        """Share the batch interface takes off a price; none where no batch rate is published."""
        batch, standard = rates
        if batch is not None and standard:
            self._fill(name, 1 - batch / standard, "published", _price_list(price))
        else:
            self._fill(name, 0.0, "judgement", _price_list(price), note=note_of(said))

    def _tuned_prices(self) -> None:
        price = self._hosted("tuned_model")
        if price is not None:
            self._fill_hosted("tuned_input_price", price.input_price, price)
            self._fill_hosted("tuned_output_price", price.output_price, price)
