"""nginx as ``deploy/nginx.conf`` has it, in front of two replicas: what everybody is told, and who comes to which."""

import re
import socket
import ssl
from collections import Counter

import httpx2
import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import AppPage
from tests.deploy.conftest import Signed, settled
from tests.deploy.house import House, answered_by
from tests.deploy.visitor import REPLICA_COOKIE, visitor

pytestmark = pytest.mark.deploy
CLOSED = ("/_stcore/metrics", "/metrics", "//_stcore//metrics", "/_stcore/%6detrics", "/x/../_stcore/metrics/")
TRAINING = b'{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n'
UPLOADS = 20
BROWSERS, TURNS = 30, 4
HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin",
    "strict-transport-security": "max-age=31536000",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture
def browser_less(house: House) -> httpx2.Client:
    return httpx2.Client(verify=house.trust, base_url=house.address)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/risk?lang=zh", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/media/none.pdf", 404),
        ("PUT", "/_stcore/upload_file/none/none", 403),
        ("GET", "/_stcore/metrics", 404),
        ("GET", "/oauth2callback", 302),
    ],
)
def test_every_answer_has_the_headers(browser_less: httpx2.Client, method: str, path: str, status: int) -> None:
    answer = browser_less.request(method, path)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value]
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'self'" in policy
    assert re.findall(r"https?:|\*", policy) == []
    assert "uvicorn" not in answer.headers.get("server", "")
    assert not re.search(r"\d", answer.headers["server"])


@pytest.mark.parametrize("path", CLOSED)
def test_metrics_are_for_those_inside(house: House, path: str) -> None:
    """Asked word for word: a client would tidy the path up."""
    port = int(house.address.rpartition(":")[2])
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        house.trust.wrap_socket(plain, server_hostname="localhost") as door,
    ):
        door.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: door.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"# TYPE" not in answer


def test_old_tls_and_plain_http_are_not_served(house: House) -> None:
    port = int(house.address.rpartition(":")[2])
    old = ssl.create_default_context(cafile=house.folder / "secrets" / "tls.crt")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError), socket.create_connection(("127.0.0.1", port)) as plain:
        old.wrap_socket(plain, server_hostname="localhost")
    configuration = (house.folder / "nginx.conf").read_text(encoding="utf-8")
    other = re.search(r"listen (127\.0\.0\.1:\d+);", configuration)
    assert other is not None
    answer = httpx2.get(f"http://{other[1]}/risk?budget=1", headers={"Host": "advisor.example.com"})
    assert (answer.status_code, answer.headers["location"]) == (308, "https://advisor.example.com/risk?budget=1")


def test_a_browser_keeps_its_replica_and_both_have_some(house: House) -> None:
    """The access log says who answered."""
    for number in range(BROWSERS):
        with httpx2.Client(verify=house.trust, base_url=house.address) as person:
            for turn in range(TURNS):
                assert ("set-cookie" in person.get(f"/affinity-{number}-{turn}").headers) == (turn == 0)
    lines = house.logged("/affinity-", BROWSERS * TURNS)
    who = [{answered_by(line) for line in lines if f"/affinity-{number}-" in line} for number in range(BROWSERS)]
    assert {len(each) for each in who} == {1}
    counted = Counter(name for each in who for name in each)
    assert len(counted) == 2
    assert min(counted.values()) >= BROWSERS / 6


def test_a_cookie_that_is_none_of_ours_is_replaced(browser_less: httpx2.Client) -> None:
    answer = browser_less.get("/", headers={"Cookie": f"{REPLICA_COOKIE}=all-to-one-replica"})
    told = answer.headers["set-cookie"]
    assert re.fullmatch(rf"{REPLICA_COOKIE}=[0-9a-f]{{32}}; Path=/; Secure; HttpOnly; SameSite=Lax", told)


def test_20_of_20_uploads_arrive(signed: Signed) -> None:
    """Each by another browser, through both replicas; the page then offers to read the file."""
    for number in range(UPLOADS):
        person = signed.person(f"user{number}")
        person.load("training_data")
        answer = person.upload("w.training_data.train", f"train{number}.jsonl", TRAINING * (number + 1))
        assert answer.status_code == 204
        assert person.widget("w.training_data.check")
        person.close()
    lines = signed.house.logged(" PUT /_stcore/upload_file/", UPLOADS)
    assert len([line for line in lines if " 204 " in line]) == UPLOADS
    assert len({answered_by(line) for line in lines if " 204 " in line}) == 2


def test_what_is_too_large_is_refused_at_the_door(signed: Signed) -> None:
    person = signed.person("ada")
    person.load("training_data")
    answer = person.upload("w.training_data.train", "large.jsonl", b"x" * (20 * 1024 * 1024 + 1))
    person.close()
    assert answer.status_code == 413
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_addresses_are_not_logged(signed: Signed) -> None:
    """What follows the question mark is a case, or opens a shared one: in no log, whatever happens to the request."""
    secret = "token-that-opens-a-case"
    person = signed.person("ada")
    person.load("shared", link=secret, daily_requests="77123")
    person.close()
    with httpx2.Client(verify=signed.house.trust, base_url=signed.house.address) as client:
        client.get(f"/shared?link={secret}&daily_requests=77123", headers={"Referer": f"https://x/?link={secret}"})
    assert len(signed.house.logged("GET /shared 200", 2)) >= 2
    logged = signed.house.everything_logged()
    assert secret not in logged
    assert "77123" not in logged


def test_a_session_needs_the_name_that_people_type(house: House) -> None:
    """A page of somebody else's, or a name that points here without leave, opens no session."""
    person = visitor(house.address, house.trust)
    person.browser.get(f"{house.address}/_stcore/health")
    person.address = house.address.replace("localhost", "127.0.0.1")
    person.browser.cookies = httpx2.Cookies({"_streamlit_xsrf": person.browser.cookies["_streamlit_xsrf"]})
    person.trust.check_hostname = False
    with pytest.raises(Exception, match="403"):
        person.connected()
    person.trust.check_hostname = True


@pytest.mark.parametrize("path", ["", "answer", "risk", "cash_flow", "serving", "usage", "method"])
def test_pages_draw_under_the_policy(browser: Browser, signed: Signed, path: str) -> None:
    """In Chromium: nothing is refused by the content security policy, charts are drawn, nothing is fetched outside."""
    house = signed.house
    context = browser.new_context(ignore_https_errors=True, reduced_motion="reduce")
    cookies = [
        {"name": name, "value": value, "url": house.address}
        for name, value in signed.person("ada").browser.cookies.items()
    ]
    context.add_cookies(cookies)  # type: ignore[arg-type]
    tab = AppPage(context.new_page(), house.address)
    refused: list[str] = []
    tab.page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    tab.page.goto(f"{house.address}/{path}?lang=en&daily_requests=20000&budget=20000&quality_need=high")
    settled(tab)
    assert refused == []
    assert tab.errors == []
    assert [url for url in tab.external_requests if not url.startswith(house.address.replace("https", "wss"))] == []
    if path in ("answer", "risk", "cash_flow"):
        assert tab.page.locator("[data-testid=stVegaLiteChart]").count() > 0
    context.close()
