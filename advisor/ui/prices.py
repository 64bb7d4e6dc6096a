"""The price book: value, source, date, stale or not, whose; first the prices of this case, then everything."""

import streamlit as st

from advisor.assumptions.currency import DOLLAR, in_base
from advisor.catalog.tuning_routes import Ending
from advisor.evidence.price_basis import CardBasis, basis_summary, basis_word, card_bases
from advisor.evidence.prices import Origin, PriceBookView, UsedPrice, build_price_book
from advisor.text.i18n import Translator
from advisor.ui import electricity, fields, layout, price_update, state, tables

OWN_PRICES = (
    *("current_cost_per_request", "current_input_price", "current_cached_input_price", "current_output_price"),
    *("serving_gpu_price", "training_gpu_price", "electricity_price", "hourly_rate", "example_price"),
)
BOOKS = ("gpu_rental", "gpu_purchase", "electricity", "managed_tuning")
ORIGIN = ("kind", "source", "effective", "last_verified", "age", "link")
BRIEFLY = ("whose_kind", "source", "effective", "last_verified", "link")
OF_CASE, OF_RATES = ("what", "price", "listed", *BRIEFLY), ("currency", "rate", *BRIEFLY)
NOT_ABOUT_PRICES = ("no_requests", "better_to_stop", "reversed_later")
COLUMNS = 3


def draw() -> None:
    t, advice = state.translator(), state.advice()
    view = build_price_book(advice, state.catalog(), t, advice.assessment.assumptions.on)
    st.title(t("page.prices.title"))
    st.markdown(t("page.prices.intro", days=view.stale_after_days))
    told = (n for n in advice.assessment.notices if n.code not in NOT_ABOUT_PRICES)
    warnings = [n for n in told if n.severity == "warning"]
    layout.notices(warnings, t, advice.assessment.assumptions.currency)
    used(view, t)
    price_update.draw()
    own_prices(t)
    st.subheader(t("page.prices.book"))
    bases = card_bases(state.catalog(), advice.assessment.assumptions.on)
    st.caption(layout.plain(basis_summary(bases, state.catalog(), t)))
    with layout.folded(t("prices.basis.title"), "basis") as opened:
        if opened:
            rests_on(bases, view, t)
    with layout.folded(t("page.prices.models"), "models") as opened:
        if opened:
            hosted_models(view, t)
    for book in BOOKS:
        with layout.folded(t(f"prices.book.{book}"), book) as opened:
            if opened:
                listed(view, book, t)
                if book == "electricity":
                    electricity.draw(view, t)
    with layout.folded(t("page.prices.endings"), "endings") as opened:
        if opened:
            endings(t)
    with layout.folded(t("page.prices.rates"), "rates") as opened:
        if opened:
            rates(view, t)


def _origin(origin: Origin) -> tuple[str, ...]:
    return (
        *(origin.kind_text, origin.title, origin.effective_text, origin.last_verified_text),
        *(origin.age_text, origin.url or ""),
    )


def _table(rows: list[tuple[str, ...]], columns: tuple[str, ...], title: str, t: Translator) -> None:
    tables.table(rows, [t(f"ui.column.{c}") for c in (*columns, *ORIGIN)], title)


def _briefly(origin: Origin, whose: str, whose_text: str, t: Translator) -> tuple[str, ...]:
    """Whose it is and of which kind, its source, and its age with the day it was checked."""
    is_own, checked = whose == "user", origin.last_verified_text
    return (
        whose_text if is_own else t("ui.origin_short", who=whose_text, kind=origin.kind_text),
        *(origin.title, origin.effective_text),
        checked if origin.age_days is None else t("prices.checked", day=checked, age=origin.age_text),
        origin.url or "",
    )


def used(view: PriceBookView, t: Translator) -> None:
    """What this case pays, in the currency of the source and in the project's."""
    st.subheader(t("page.prices.case"))
    title = t("page.prices.case")
    tables.table([_used(p, t) for p in view.used], [t(f"ui.column.{c}") for c in OF_CASE], title, whole=True)


def _used(price: UsedPrice, t: Translator) -> tuple[str, ...]:
    """A price of the case; as listed only where that is not what is paid."""
    amount = price.amount
    listed = "" if amount.text == amount.converted_text else amount.text
    return (price.label, amount.converted_text, listed, *_briefly(price.origin, price.whose, price.whose_text, t))


def own_prices(t: Translator) -> None:
    """The user's own price overrides any other."""
    st.subheader(t("page.prices.yours"))
    st.caption(t("page.prices.yours_help"))
    rows = state.advice().assessment.assumptions.rows
    for place, name in layout.in_rows([n for n in OWN_PRICES if n in rows], COLUMNS):
        with place:
            fields.ask(name)


def hosted_models(view: PriceBookView, t: Translator) -> None:
    """Prices of every model in the project's currency, and where that is another, as listed."""
    kinds = [t(f"ui.column.{name}") for name in ("input", "cached", "output", "batch_input", "batch_output")]
    listed_kinds = [] if view.currency == DOLLAR else [t("ui.column.as_listed", column=kind) for kind in kinds]
    rows = []
    for m in view.models:
        amounts = (m.input, m.cached, m.output, m.batch_input, m.batch_output)
        as_listed = [amount.text for amount in amounts] if listed_kinds else []
        here = (amount.converted_text for amount in amounts)
        rows.append((m.name, m.provider, *here, *as_listed, *_origin(m.origin)))
    named, origin = ([t(f"ui.column.{name}") for name in names] for names in (("model", "provider"), ORIGIN))
    tables.table(rows, [*named, *kinds, *listed_kinds, *origin], t("page.prices.models"))


def listed(view: PriceBookView, book: str, t: Translator) -> None:
    rows = [
        (
            p.what,
            p.provider,
            p.provider_class_text,
            p.region,
            p.category_text,
            p.amount.text,
            p.amount.converted_text,
            *_origin(p.origin),
        )
        for p in view.of_book(book)
    ]
    columns = ("what", "provider", "provider_class", "region", "category", "listed", "price")
    _table(rows, columns, t(f"prices.book.{book}"), t)


def rests_on(bases: tuple[CardBasis, ...], view: PriceBookView, t: Translator) -> None:
    """Of every card's default price the sellers that it rests on, and a word where they are few or old."""
    catalog = state.catalog()
    rows = []
    for basis in bases:
        value = in_base(basis.point.value, basis.point.currency, state.scenario(), catalog, view.on)
        money = t.money(value, view.currency)
        rows.append(
            (
                catalog.gpu(basis.gpu).name,
                t(f"prices.basis.{basis.book}"),
                t.number(basis.sellers, 0),
                t.number(basis.fresh, 0),
                basis_word(basis, catalog, t),
                t("prices.value", money=money, per=t(f"prices.per.{basis.point.unit.split('/', 1)[1]}")),
                t.date(basis.oldest),
            )
        )
    heads = ("card", "way", "sellers", "fresh", "word", "price", "oldest")
    tables.table(rows, [t(f"prices.basis.column.{head}") for head in heads], t("prices.basis.title"), whole=False)


def endings(t: Translator) -> None:
    """The last day of every vendor's tuning service and of every hosted model whose end is announced."""
    catalog, today = state.catalog(), state.today()
    services = [
        (
            t.fact(route.name),
            t("word.yes") if route.sold_on(today) else t("word.no"),
            _end(route.on_sale, t),
            _end(route.retires, t),
            t.fact(route.on_sale.source.title),
            t.date(route.on_sale.source.retrieved),
            route.on_sale.source.url or "",
        )
        for route in catalog.routes.values()
    ]
    heads = [
        t(f"ui.column.{name}") for name in ("service", "on_sale", "sale_ends", "stops", "source", "read_on", "link")
    ]
    tables.table(services, heads, t("page.prices.services"), whole=True)
    models = [
        (name, _end(end.retires, t), t.fact(end.retires.source.title), end.retires.source.url or "")
        for name, end in sorted(catalog.lifetimes.items(), key=lambda each: each[1].retires.on or today)
    ]
    heads = [t(f"ui.column.{name}") for name in ("model", "stops", "source", "link")]
    tables.table(models, heads, t("page.prices.lifetimes"), whole=True)


def _end(ending: Ending, t: Translator) -> str:
    if ending.undated:
        return t("prices.over_undated")
    return t("prices.no_end") if ending.on is None else t.date(ending.on)


def rates(view: PriceBookView, t: Translator) -> None:
    rows = [(r.currency, r.text, *_briefly(r.origin, r.whose, r.whose_text, t)) for r in view.rates]
    tables.table(rows, [t(f"ui.column.{c}") for c in OF_RATES], t("page.prices.rates"), whole=True)
