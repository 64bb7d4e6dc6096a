"""Prices that nobody answered: the price books of GPUs, the price lists of hosted models."""

from dataclasses import replace

from advisor.catalog.fields import Words
from advisor.catalog.hosted import HostedPrice, hosted_price, notices_for, price_book
from advisor.catalog.loader import PricePoint
from advisor.currency import DOLLAR
from advisor.notices import Notice, UnknownId
from advisor.resolve.rows import Rows, citation, note_of, unknown
from advisor.results import Citation
from advisor.units import currency_of

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
            offered = self.catalog.hourly_rentals(card.id, self.on)
            prices = [p.value * factor for p in offered if (factor := self._factor(p.currency)) is not None]
            self.rows[name] = replace(self.rows[name], low=min(prices), high=max(prices))

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
