"""Managed tuning routes and ends of life: every date has its source, days are in order, and faults are refused."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_prices import hosted_models
from advisor.catalog.loader import load_catalog
from advisor.catalog.tuning_routes import Ending, RouteRecord
from advisor.core.notices import DataError, UnknownId

Writer = Callable[..., Path]

TODAY = date(2026, 11, 26)
ROUTES, MODELS, LOOKS = "routes/vendor.yaml", "lifetimes/models.yaml", "lifetimes/retirement_sources.yaml"
ROUTE = "vendor/open-7b"
END = "{on: null, kind: judgement, source: {title: A page, retrieved: 2026-02-01}}"

OPEN_TO_ALL = [
    "alibaba/qwen3-14b",
    "alibaba/qwen3-32b",
    "fireworks/smallest",
    "ori/up-to-10b",
    "together/17b-to-69b",
    "together/70b-to-100b",
    "together/up-to-16b",
]
CUSTOMERS_ONLY = [
    "azure-openai/gpt-4.1-mini",
    "azure-openai/gpt-4o-mini",
    "openai/gpt-4.1",
    "openai/gpt-4.1-mini",
    "openai/gpt-4o",
    "openai/gpt-4o-mini",
]
CLOSED = ["cohere/command-r", "databricks/foundation-model-fine-tuning", "mistral/studio", "openai/gpt-4.1-nano"]

# Figures that the collected price list marks as not verified: a tuned model's training, USD for a million tokens.
UNVERIFIED = [("OpenAI", "gpt-4.1"), ("Mistral AI", ""), ("Google", "")]

# (name, file, text to replace, its replacement, record named, words of the fault, words of the mend)
SPOILED = [
    (
        "an unknown price",
        ROUTES,
        "training: vendor/training",
        "training: vendor/trainin",
        ROUTE,
        "'vendor/trainin'",
        "vendor/training",
    ),
    (
        "a price of another book",
        ROUTES,
        "training: vendor/training",
        "training: cloud/card-80gb",
        ROUTE,
        "training of managed_tuning",
        "add",
    ),
    (
        "a price in another place",
        ROUTES,
        "unknown: [hosting]",
        "hosting: vendor/training",
        ROUTE,
        "hosting 'vendor/training' is charged in USD/Mtok",
        "h or GPU/h",
    ),
    (
        "another vendor's price",
        ROUTES,
        "provider: Vendor",
        "provider: Dealer",
        ROUTE,
        "sold by Vendor, not by Dealer",
        "own provider",
    ),
    (
        "an unknown model",
        ROUTES,
        "model: open-7b",
        "model: open-8b",
        ROUTE,
        "model 'open-8b' does not exist",
        "open-7b",
    ),
    (
        "a price known and unknown",
        ROUTES,
        "[hosting]",
        "[training]",
        ROUTE,
        "training has a price and stands in unknown",
        "one of the two",
    ),
    ("an unknown that is no price", ROUTES, "[hosting]", "[storage]", ROUTE, "'storage' is not allowed", "'training'"),
    (
        "a route for nothing",
        ROUTES,
        "    training: vendor/training\n    unknown: [hosting]\n",
        "",
        ROUTE,
        "costs nothing",
        "unknown",
    ),
    (
        "retired before it was sold",
        ROUTES,
        "2027-01-01",
        "2026-05-31",
        ROUTE,
        "retires on 2026-05-31 is before on_sale on 2026-06-01",
        "read both again",
    ),
    (
        "closed to newcomers after all",
        ROUTES,
        "2026-03-01",
        "2026-07-01",
        ROUTE,
        "on_sale on 2026-06-01 is before newcomers on 2026-07-01",
        "leave newcomers out",
    ),
    (
        "a day and none",
        ROUTES,
        "{on: 2026-06-01,",
        "{on: 2026-06-01, undated: true,",
        ROUTE,
        "undated stand together",
        "keep the day",
    ),
    (
        "over without a word",
        ROUTES,
        "{on: 2026-06-01,",
        "{on: null, undated: true,",
        ROUTE,
        "undated has no note",
        "what the source says",
    ),
    (
        "no word about an end",
        ROUTES,
        "on_sale: {on: 2026-06-01,",
        "on_sale: {",
        ROUTE,
        "'on_sale.on' is missing",
        "add",
    ),
    ("no retirement", ROUTES, "    retires:", "    retire:", ROUTE, "'retire' is unknown", "'retires'"),
    ("a day in words", ROUTES, "on: 2026-06-01", "on: June 2026", ROUTE, "on_sale.on: 'June 2026'", "2026-01-31"),
    ("a day that does not exist", ROUTES, "2026-06-01", "2026-06-31", "line", "2026-06-31", ""),
    ("an end from nowhere", ROUTES, ', url: "https://example.org/"', "", ROUTE, "has no url", "judgement"),
    (
        "an end without a source",
        MODELS,
        "source:",
        "sources:",
        "vendor/closed",
        "'retires.sources' is unknown",
        "'source'",
    ),
    (
        "another record in the file",
        MODELS,
        "lifetimes:",
        "lifetime:",
        "lifetime",
        "'lifetime' is unknown",
        "'lifetimes'",
    ),
    ("a look that is no look", LOOKS, "kind: published, ", "", "vendor", "'kind' is missing", "add"),
]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def endings(catalog: Catalog) -> Iterator[tuple[str, Ending]]:
    for route in catalog.routes.values():
        for ending in (route.newcomers, route.on_sale, route.retires):
            if ending is not None:
                yield route.id, ending
    for lifetime in catalog.lifetimes.values():
        yield lifetime.id, lifetime.retires


@pytest.mark.parametrize(
    ("file", "old", "new", "record", "fault", "mend"), [case[1:] for case in SPOILED], ids=[case[0] for case in SPOILED]
)
def test_a_spoiled_record_is_refused(
    data_tree: Writer, minimal: dict[str, str], file: str, old: str, new: str, record: str, fault: str, mend: str
) -> None:
    assert old in minimal[file], "the case no longer spoils anything"
    with pytest.raises(DataError) as caught:
        load_catalog(data_tree({file: minimal[file].replace(old, new, 1)}))
    assert caught.value.file == f"data/{file}"
    assert caught.value.record.startswith(record)
    assert fault in caught.value.fault
    assert mend in caught.value.mend


def test_a_route_stands_in_one_file_only(data_tree: Writer, minimal: dict[str, str]) -> None:
    with pytest.raises(DataError, match="already used"):
        load_catalog(data_tree({"routes/zz.yaml": minimal[ROUTES]}))


def test_a_route_is_sold_until_the_day_it_ends(data_tree: Writer) -> None:
    route = load_catalog(data_tree()).route(ROUTE)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1)]
    assert [route.sold_on(day) for day in days] == [True, False, False, False]
    assert [route.sold_on(day, customer=True) for day in days] == [True, True, True, False]
    assert [route.retires.reached(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [False, True]
    assert route.prices() == {"training": "vendor/training"}


def test_what_has_no_end_is_sold_until_it_retires(data_tree: Writer, minimal: dict[str, str]) -> None:
    text = minimal[ROUTES].split("    newcomers:")[0] + f"    on_sale: {END}\n    retires: {END}\n"
    open_route = load_catalog(data_tree({ROUTES: text})).route(ROUTE)
    assert open_route.sold_on(date(2040, 1, 1))
    note = ", undated: true, note: Closed}"
    closed = text.replace(f"on_sale: {END}", f"on_sale: {END.removesuffix('}')}{note}")
    assert not load_catalog(data_tree({ROUTES: closed})).route(ROUTE).sold_on(date(2020, 1, 1), customer=True)


def test_an_unknown_route_names_its_neighbours(data_tree: Writer) -> None:
    with pytest.raises(UnknownId) as caught:
        load_catalog(data_tree()).route("vendor/open-8b")
    assert caught.value.near == (ROUTE,)


def test_a_hosted_model_ends_or_does_not_or_nobody_looked(data_tree: Writer) -> None:
    catalog = load_catalog(data_tree())
    ends, stays = catalog.retirement("vendor/closed"), catalog.retirement("vendor/other")
    assert ends is not None
    assert ends.on == date(2027, 1, 1)
    assert stays is not None
    assert (stays.on, stays.source.retrieved) == (None, date(2026, 2, 1))
    assert catalog.retirement("dealer/closed") is None


def test_what_is_on_sale_today(catalog: Catalog) -> None:
    def where(rule: Callable[[RouteRecord], bool]) -> list[str]:
        return sorted(route.id for route in catalog.routes.values() if rule(route))

    assert where(lambda route: route.sold_on(TODAY)) == OPEN_TO_ALL
    assert where(lambda route: route.sold_on(TODAY, customer=True) and not route.sold_on(TODAY)) == CUSTOMERS_ONLY
    assert where(lambda route: not route.sold_on(TODAY, customer=True)) == CLOSED


@pytest.mark.parametrize(
    ("route", "on_sale", "retires"),
    [
        ("openai/gpt-4.1-mini", date(2027, 1, 6), date(2027, 1, 14)),
        ("openai/gpt-4.1-nano", date(2026, 10, 23), date(2026, 10, 23)),
        ("azure-openai/gpt-4.1-mini", date(2027, 4, 14), date(2027, 10, 14)),
        ("cohere/command-r", date(2025, 9, 15), date(2025, 9, 15)),
        ("databricks/foundation-model-fine-tuning", date(2026, 8, 14), None),
        ("together/up-to-16b", None, None),
    ],
)
def test_the_days_the_vendors_announced(
    catalog: Catalog, route: str, on_sale: date | None, retires: date | None
) -> None:
    record = catalog.route(route)
    assert (record.on_sale.on, record.retires.on) == (on_sale, retires)


def test_every_end_names_a_page_that_was_read(catalog: Catalog) -> None:
    for name, ending in endings(catalog):
        assert ending.source.url is not None, name
        assert date(2026, 11, 20) <= ending.source.retrieved <= date.today(), name
    for look in catalog.retirement_sources.values():
        assert look.source.url is not None, look.id


def test_a_route_is_filed_under_its_vendor(catalog: Catalog) -> None:
    for path in (Path(__file__).resolve().parents[2] / "data" / "routes").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        own = [route for route in catalog.routes if f"- id: {route}\n" in text]
        assert own, path.name
        assert all(route.startswith(f"{path.stem}/") for route in own), path.name


def test_no_price_that_nobody_verified(catalog: Catalog) -> None:
    for provider, model in UNVERIFIED:
        named = [sku.id for sku in catalog.prices.values() if sku.book == "managed_tuning" and sku.provider == provider]
        assert not [sku for sku in named if model in sku and sku.endswith("/training")], provider
        for route in catalog.routes.values():
            if route.provider == provider and model in route.base:
                assert route.training is None, route.id
                assert "training" in route.unknown, route.id


def test_ends_belong_to_models_that_are_offered(catalog: Catalog) -> None:
    offered = hosted_models(date(2026, 11, 20))
    assert set(catalog.lifetimes) <= set(offered)
    assert set(catalog.retirement_sources) <= {model.partition("/")[0] for model in offered}
