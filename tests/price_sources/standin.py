"""A server on this machine that answers in the place of the sources, and the answers that they gave once."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import ClassVar

RECORDED = Path(__file__).resolve().parents[1] / "fixtures" / "price_sources"
VERSION = "20261127"
SELLERS = ("aws", "lambdalabs", "nebius")


@dataclass(frozen=True)
class Answer:
    """What one address answers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def offers_of(seller: str) -> bytes:
    return (RECORDED / "gpuhunt" / f"{seller}.csv").read_bytes()


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def recorded() -> dict[str, Answer]:
    """By path what every source answers when all is well."""
    answers = {
        "/prices.json": Answer((RECORDED / "genai-prices.json").read_bytes()),
        "/rates.xml": Answer((RECORDED / "eurofxref-daily.xml").read_bytes()),
    }
    for seller in SELLERS:
        answers[f"/offers/{seller}/version"] = Answer(f"{VERSION}\n".encode())
        answers[f"/offers/{seller}/{VERSION}/catalog.zip"] = Answer(zipped(f"{seller}.csv", offers_of(seller)))
    return answers


class Handler(BaseHTTPRequestHandler):
    """Answers what ``answers`` says, and 404 elsewhere."""

    answers: ClassVar[dict[str, Answer]] = {}

    def do_GET(self) -> None:
        answer = self.answers.get(self.path, Answer(b"nothing here", 404))
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Stays silent."""
