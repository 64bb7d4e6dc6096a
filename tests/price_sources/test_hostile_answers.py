"""Answers that are no prices: one error in either language, and nothing in the folder has changed."""

import json
import re
from collections.abc import Callable

import pytest

from advisor.catalog.hosted_prices import hosted_price
from advisor.catalog.loader import load_catalog
from advisor.core.notices import InputError
from advisor.price_sources import exchange_rates, gpu_offers, hosted_models
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import issue_text
from tests.price_sources.conftest import ON, StandIn
from tests.price_sources.standin import VERSION, Answer, offers_of, zipped

HTML = b"<!DOCTYPE html><html><body>Sign in</body></html>"
ENGLISH = re.compile("[a-z]{2,} [a-z]{2,} [a-z]{2,}")
"""A sentence of another language in one of Chinese."""
NO_JSON = ("source_not_json", "source_not_utf8", "source_lacks", "source_nested")
NOTHING_OF_IT = {
    "genai-prices": NO_JSON,
    "ecb": ("source_not_xml", "source_entities", "source_lacks"),
    "gpuhunt": ("source_archive_broken",),
}
"""Why an answer of a source that is something else altogether is refused."""
TERRA = "openai/gpt-6.1-terra"
PATHS = {"genai-prices": "/prices.json", "ecb": "/rates.xml", "gpuhunt": f"/offers/nebius/{VERSION}/catalog.zip"}


def refused(stand_in: StandIn, source: str, *codes: str) -> None:
    """An update after a good one, from a source that now answers something else; refused by one of the codes."""
    before, price = stand_in.written(), hosted_price(TERRA, ON)
    with pytest.raises(InputError) as caught:
        stand_in.update("ecb" if source != "ecb" else "genai-prices", source)
    (issue,) = caught.value.issues
    assert issue.field == source
    assert issue.code in codes
    for language in languages():
        told = issue_text(Translator(language), issue)
        assert source in told
        assert language == "en" or not ENGLISH.search(told.replace(str(issue.params.get("value")), ""))
        assert ("未" in told or "没有" in told) if language == "zh" else "Nothing was changed" in told
    assert stand_in.written() == before
    assert hosted_price(TERRA, ON) == price


@pytest.fixture(scope="module")
def updated() -> dict[str, bytes]:
    """What the first good update of this file's tests wrote: from recorded answers it is the same each time."""
    return {}


@pytest.fixture
def good(stand_in: StandIn, updated: dict[str, bytes]) -> StandIn:
    if not updated:
        stand_in.update("genai-prices", "gpuhunt", "ecb")
        updated |= stand_in.written()
    for name, content in updated.items():
        path = stand_in.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    load_catalog(own=[stand_in.folder])  # as the update leaves the prices of hosted models
    return stand_in


@pytest.mark.parametrize("source", PATHS)
@pytest.mark.parametrize(
    "body", [HTML, b"", b"\xff\xfe\x00<", b"null", b"[" * 100_000], ids=lambda body: repr(body[:9])
)
def test_something_else_than_the_source_publishes(good: StandIn, source: str, body: bytes) -> None:
    good.answers[PATHS[source]] = Answer(body)
    refused(good, source, *NOTHING_OF_IT[source])


@pytest.mark.parametrize("source", PATHS)
def test_an_answer_that_breaks_off(good: StandIn, source: str) -> None:
    whole = good.answers[PATHS[source]].body
    good.answers[PATHS[source]] = Answer(whole[: len(whole) // 2])
    refused(good, source, *NOTHING_OF_IT[source])
    good.answers[PATHS[source]] = Answer(whole[: len(whole) // 2], headers={"Content-Length": str(len(whole))})
    refused(good, source, "source_cut_short")


@pytest.mark.parametrize("source", PATHS)
@pytest.mark.parametrize("there", ["http://localhost:1/prices", "file:///etc/hostname", "ftp://127.0.0.1/prices"])
def test_a_redirect_to_elsewhere(good: StandIn, source: str, there: str) -> None:
    good.answers[PATHS[source]] = Answer(status=302, headers={"Location": there})
    refused(good, source, "source_redirected")


@pytest.mark.parametrize("source", ["genai-prices", "ecb"])
@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_source_that_is_out_of_order(good: StandIn, source: str, status: int) -> None:
    good.answers[PATHS[source]] = Answer(b"sorry", status)
    refused(good, source, "source_unreachable")


def test_a_redirect_that_goes_round(good: StandIn) -> None:
    good.answers["/rates.xml"] = Answer(status=302, headers={"Location": "/rates.xml"})
    refused(good, "ecb", "source_redirected")


def test_a_redirect_on_the_same_host_is_followed(good: StandIn) -> None:
    good.answers["/moved.xml"] = good.answers["/rates.xml"]
    good.answers["/rates.xml"] = Answer(status=302, headers={"Location": "/moved.xml"})
    assert good.update("ecb").answers[0].moves == ()


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), 1e300, "-2", "nan"])
def test_a_list_with_a_price_that_is_none(good: StandIn, value: object) -> None:
    providers = json.loads(good.answers["/prices.json"].body)
    providers[0]["models"][0]["prices"] = {"input_mtok": value, "output_mtok": 1.0}
    good.answers["/prices.json"] = Answer(json.dumps(providers).encode())
    refused(good, "genai-prices", "source_price_impossible")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"rate='1.2500'", b"rate='-1.25'", "source_price_impossible"),
        (b"rate='1.2500'", b"rate='0'", "source_price_impossible"),
        (b"rate='1.2500'", b"rate='NaN'", "source_price_impossible"),
        (b"rate='1.2500'", b"rate='1e308'", "source_price_impossible"),
        (b"rate='1.2500'", b"rate='much'", "source_value_unreadable"),
        (b"'CNY'", b"'XXX'", "source_value_unreadable"),
        (b"2026-11-27", b"2027-11-27", "source_from_future"),
        (b"2026-11-27", b"yesterday", "source_value_unreadable"),
        (b'encoding="UTF-8"', b'encoding="UTTF-8"', "source_not_xml"),
        (b'encoding="UTF-8"', b'encoding="utf-7"', "source_not_xml"),
        (b"<gesmes:Envelope", b'<!DOCTYPE a [<!ENTITY b "c">]><gesmes:Envelope', "source_entities"),
    ],
)
def test_rates_that_are_none(good: StandIn, old: bytes, new: bytes, code: str) -> None:
    good.answers["/rates.xml"] = Answer(good.answers["/rates.xml"].body.replace(old, new, 1))
    refused(good, "ecb", code)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b",2.5,", b",-2.5,", "source_price_impossible"),
        (b",2.5,", b",nan,", "source_price_impossible"),
        (b",2.5,", b",1e12,", "source_price_impossible"),
        (b",2.5,", b",free,", "source_row_unreadable"),
        (b",price,", b",cost,", "source_lacks"),
        (b",1,H100", b",-1,H100", "source_value_unreadable"),
        (b'{""fabrics"": []}', b"{", "source_row_unreadable"),
        (b"gpu-h100", b"gpu-\xffh100", "source_not_utf8"),
    ],
)
def test_offers_that_are_none(good: StandIn, old: bytes, new: bytes, code: str) -> None:
    good.answers[PATHS["gpuhunt"]] = Answer(zipped("nebius.csv", offers_of("nebius").replace(old, new, 1)))
    refused(good, "gpuhunt", code)


@pytest.mark.parametrize("version", [b"latest", b"20261332", b"../../aws/20261127", b"v3"])
def test_a_version_that_is_no_day(good: StandIn, version: bytes) -> None:
    good.answers["/offers/nebius/version"] = Answer(version)
    refused(good, "gpuhunt", "source_value_unreadable", "source_not_utf8")


def test_too_few_sellers(good: StandIn) -> None:
    good.answers["/offers/nebius/version"] = Answer(b"", 404)
    refused(good, "gpuhunt", "source_few_sellers")


def _long_list(good: StandIn, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(hosted_models, "MOST_BYTES", len(good.answers["/prices.json"].body) - 1)


def _long_rates(good: StandIn, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(exchange_rates, "MOST_BYTES", len(good.answers["/rates.xml"].body) - 1)


def _bomb(good: StandIn, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gpu_offers, "MOST_UNPACKED", 1_000_000)
    good.answers[PATHS["gpuhunt"]] = Answer(zipped("nebius.csv", b"0" * 1_000_001))
    assert len(good.answers[PATHS["gpuhunt"]].body) < 2_000


@pytest.mark.parametrize(("source", "make"), [("genai-prices", _long_list), ("ecb", _long_rates), ("gpuhunt", _bomb)])
def test_more_than_a_source_publishes(
    good: StandIn, monkeypatch: pytest.MonkeyPatch, source: str, make: Callable[..., None]
) -> None:
    make(good, monkeypatch)
    refused(good, source, "source_too_large")
