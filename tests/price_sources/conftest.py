"""Sources of prices on this machine, and a folder to write into."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from advisor.catalog import own_hosted
from advisor.price_sources.update import PriceUpdate, catalog_before, update_prices
from tests.price_sources.standin import Answer, Handler, recorded

ON = date(2026, 11, 29)


@dataclass(frozen=True)
class StandIn:
    """The server: where it listens, what it answers, and an update of a folder from it."""

    address: str
    answers: dict[str, Answer]
    folder: Path

    @property
    def places(self) -> dict[str, str]:
        return {
            "genai-prices": f"{self.address}/prices.json",
            "gpuhunt": f"{self.address}/offers",
            "ecb": f"{self.address}/rates.xml",
        }

    def update(self, *names: str, on: date = ON, **more: bool) -> PriceUpdate:
        return update_prices(self.folder, names, on, catalog_before(self.folder), self.places, **more)

    def written(self) -> dict[str, bytes]:
        """Every file of the folder."""
        found = sorted(self.folder.rglob("*"))
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found if path.is_file()}


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    for name in ("ADVISOR_DATA", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    answers = recorded()
    handler = type("OfThisTest", (Handler,), {"answers": answers})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield StandIn(f"http://127.0.0.1:{server.server_port}", answers, tmp_path / "ours")
        server.shutdown()
    own_hosted.use_own(own_hosted.NOTHING_OWN)
