"""What a case says about its report: a logo is taken or refused by name, and travels in the file, not in links."""

import base64
import struct
import zlib
from urllib.parse import parse_qs, urlsplit

import pytest

from advisor.core.notices import InputError
from advisor.report.link import checked_address, link_to, query_of
from advisor.report.pdf import check_logo
from advisor.scenario import (
    ABOUT_REPORT,
    LONGEST_LOGO_BYTES,
    Scenario,
    dump_scenario,
    has_letters,
    logo_of,
    logo_text,
    parse_scenario,
)
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from advisor.text.phrases import error_text
from tests.cases import catalog, preset

NEEDED = {"daily_requests": 10_000, "quality_need": "normal", "budget": 5_000}
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgy"
    "PC4zNDL/wAALCAABAAEBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG"
    "E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKT"
    "lJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APn+v//Z"
)
ABOUT = {"prepared_for": "Finance board", "prepared_by": "Ada", "company": "北风 & Söhne"}


def png(width: int, height: int) -> bytes:
    """A grey picture, whole with its check sums."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def svg(inside: str, before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30">{inside}</svg>'.encode()


RECT = '<rect width="90" height="30" fill="#05a"/>'
GOOD = {
    "png": png(60, 20),
    "jpg": JPEG,
    "svg": svg(RECT),
    "svg with a head": svg(RECT, '<?xml version="1.0"?>\n<!-- made by hand -->\n'),
    "svg with letters": svg('<text x="0" y="20" font-family="Arial">Acme</text>'),
}
REFUSED = {
    "nothing": (b"", "not_a_logo"),
    "a text": (b"hello", "not_a_logo"),
    "a GIF": (b"GIF89a" + bytes(40), "not_a_logo"),
    "a web page": (b"<html><svg></svg></html>", "not_a_logo"),
    "a JPEG cut short": (b"\xff\xd8\xff\xe0", "not_a_logo"),
    "too many bytes": (png(60, 20) + bytes(LONGEST_LOGO_BYTES), "logo_too_large"),
    "too many pixels": (png(60, 20)[:16] + struct.pack(">II", 60_000, 60_000) + bytes(60), "logo_too_wide"),
    "a bomb of repeats": (svg("<use/>" * 30), "logo_too_involved"),
    "a filter": (svg("<filter/>"), "logo_too_involved"),
    "a picture in a picture": (svg('<image href="/etc/passwd" width="9" height="9"/>'), "logo_too_involved"),
    "an entity": (svg("&a;", '<!DOCTYPE svg [<!ENTITY a "x">]>'), "not_a_logo"),
}
UNPRINTABLE = {
    "a PNG cut short": png(60, 20)[:60],
    "letters the font lacks": svg('<text x="0" y="20">\U0001f680</text>'),
    "a drawing of no size": b'<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>',
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_logo_comes_back_from_a_file_unchanged_and_can_be_printed(kind: str) -> None:
    case = Scenario.from_answers({**NEEDED, **ABOUT, "logo": logo_text(GOOD[kind])})
    for form in ("yaml", "json"):
        assert parse_scenario(dump_scenario(case, form).encode()) == case
    assert case.logo is not None
    assert logo_of(case.logo).content == GOOD[kind]
    check_logo(logo_of(case.logo))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_logo_is_refused_with_one_reason(name: str) -> None:
    content, code = REFUSED[name]
    with pytest.raises(InputError) as refusal:
        logo_text(content)
    assert [issue.code for issue in refusal.value.issues] == [code]
    for language in languages():
        assert error_text(Translator(language), refusal.value).strip()


def test_letters_of_a_drawing_are_told_from_their_outlines() -> None:
    assert has_letters(logo_of(logo_text(GOOD["svg with letters"])))
    assert not any(has_letters(logo_of(logo_text(GOOD[kind]))) for kind in GOOD if kind != "svg with letters")


@pytest.mark.parametrize("name", UNPRINTABLE)
def test_a_picture_that_cannot_be_printed_is_refused(name: str) -> None:
    with pytest.raises(InputError) as refusal:
        check_logo(logo_of(logo_text(UNPRINTABLE[name])))
    assert [issue.code for issue in refusal.value.issues] == ["logo_unprintable"]


@pytest.mark.parametrize(
    "text",
    ["", "logo.png", "data:image/png;base64,", "data:image/png;base64,!!", "data:text/html;base64,PGI+", 5, ["x"]],
)
def test_a_logo_in_a_case_is_checked_like_a_file(text: object) -> None:
    with pytest.raises(InputError):
        Scenario.from_answers({**NEEDED, "logo": text})


def test_a_logo_under_a_wrong_name_is_refused() -> None:
    text = logo_text(GOOD["png"]).replace("image/png", "image/jpeg")
    with pytest.raises(InputError):
        Scenario.from_answers({**NEEDED, "logo": text})


def test_a_file_may_be_large_by_its_logo_alone() -> None:
    noise = b"\x89PNG\r\n\x1a\n" + png(60, 20)[8:-12] + bytes(range(256)) * 700
    large = dump_scenario(Scenario.from_answers({**NEEDED, "logo": logo_text(noise)})).encode()
    assert len(large) > 200_000
    assert parse_scenario(large).logo is not None
    with pytest.raises(InputError) as refusal:
        parse_scenario(large + b"# " + b"x" * 64_000)
    assert [issue.code for issue in refusal.value.issues] == ["file_too_large"]


def test_everything_but_the_logo_travels_in_the_address() -> None:
    case = preset("extraction").with_(**ABOUT, logo=logo_text(GOOD["png"]))
    query = query_of(case, catalog(), "en")
    assert {name: query[name] for name in ABOUT} == ABOUT
    assert "logo" not in query
    assert len(str(query)) < 1000
    link = link_to("https://advisor.example.com/recommendation", query_of(case, catalog(), "zh"))
    parts = urlsplit(link)
    assert (parts.netloc, parts.path) == ("advisor.example.com", "/recommendation")
    assert parse_qs(parts.query)["company"] == [ABOUT["company"]]
    assert not set(" <>()'\"") & set(link)


@pytest.mark.parametrize(
    "address",
    [
        *("", "advisor.example.com", "ftp://a.b", "javascript:alert(1)", "https://", "https://u:p@a.b"),
        *("https://a.b/?x=1", "https://a.b/#x", "https://a b.c", "https://a.b/(x)", "https://a.b\n.c"),
        *("http://[::1", "https://a.b/<script>"),
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(InputError) as refusal:
        checked_address(address)
    assert [issue.code for issue in refusal.value.issues] == ["not_an_address"]


@pytest.mark.parametrize(
    "address", ["http://localhost:8501", "https://a.b/", "https://a.b/team/", "http://[::1]:8501/x"]
)
def test_web_addresses_are_taken(address: str) -> None:
    assert checked_address(f" {address} ").path.startswith("/")


def test_what_stands_on_the_report_changes_no_number() -> None:
    from advisor.assumptions import resolve
    from tests.cases import DAY

    plain, named = (resolve(case, catalog(), DAY) for case in (preset("chat"), preset("chat").with_(**ABOUT)))
    assert plain.rows == named.rows
    assert set(ABOUT_REPORT) == {*ABOUT, "logo"}
