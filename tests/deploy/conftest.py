"""The house of ``deploy/`` while it runs, once for all tests of this folder that are marked ``deploy``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from oidc_provider_mock import User, run_server_in_thread

from tests.browser.conftest import DRAWN, IDLE, AppPage, browser
from tests.deploy.house import HOST, House, Replica, free_port, running_house
from tests.deploy.visitor import COOKIE_DOMAIN, REPLICA_COOKIE, Visitor, visitor
from tests.store.conftest import new_database, server

__all__ = ["browser", "server"]
COOKIE_SECRET, CLIENT_SECRET = "0123456789abcdef" * 4, "only-the-provider-knows-this"
PEOPLE = 40
SETTLE_MS = 240_000
SETTINGS = """[auth]
redirect_uri = "https://{host}:{port}/oauth2callback"
cookie_secret = "{cookie_secret}"
client_id = "advisor"
client_secret = "{client_secret}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""


def settled(tab: AppPage) -> None:
    """Wait for a page as long as two replicas, PostgreSQL and a browser may need on one small machine."""
    tab.page.wait_for_selector(IDLE, timeout=SETTLE_MS)
    tab.page.wait_for_function(DRAWN, timeout=SETTLE_MS)
    tab.settled()


@dataclass(frozen=True)
class Signed:
    """A house where people sign in, and who vouches for them."""

    house: House
    issuer: str

    def person(self, name: str, replica: Replica | None = None) -> Visitor:
        """Somebody who has signed in before; whose browser keeps a ``replica`` where one is named."""
        told = {"iss": self.issuer, "sub": name, "name": name.title(), "email": f"{name}@example.org"}
        found = visitor(self.house.address, self.house.trust, told, COOKIE_SECRET)
        if replica is not None:
            found.browser.cookies.set(REPLICA_COOKIE, self.house.cookie_for(replica), domain=COOKIE_DOMAIN)
        return found


@contextmanager
def signed_house(folder: Path, database: str) -> Iterator[Signed]:
    """A house of its own in which these people can sign in."""
    names = ("ada", "bob", *(f"user{number}" for number in range(PEOPLE)))
    users = [User(sub=name, claims={"name": name.title(), "email": f"{name}@example.org"}) for name in names]
    port = free_port()
    with run_server_in_thread(user_claims=users) as provider:
        issuer = f"http://{HOST}:{provider.server_port}"
        told = {"host": HOST, "port": port, "issuer": issuer}
        secrets = SETTINGS.format(**told, cookie_secret=COOKIE_SECRET, client_secret=CLIENT_SECRET)
        with running_house(folder, database, secrets, port) as house:
            yield Signed(house, issuer)


@pytest.fixture(scope="session")
def signed(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    with signed_house(tmp_path_factory.mktemp("house"), new_database(server)) as running:
        yield running


@pytest.fixture(scope="session")
def house(signed: Signed) -> House:
    return signed.house
