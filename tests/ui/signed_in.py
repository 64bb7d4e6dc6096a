"""Sessions of people who signed in, for the tests of pages."""

from typing import Any

from streamlit.testing.v1 import AppTest

from advisor.core.places import APP
from advisor.ui.people import key_of

SECONDS = 60
ISSUER = "https://id.example"
SETTINGS = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "0123456789abcdef" * 2,
    "client_id": "advisor",
    "client_secret": "only the provider knows",
    "server_metadata_url": f"{ISSUER}/.well-known/openid-configuration",
}
NOBODY: dict[str, Any] = {}
ANSWERS = {"daily_requests": "20000", "budget": "20000", "quality_need": "high"}


def claims(name: str, **more: Any) -> dict[str, Any]:
    """What a provider of identities tells of a person."""
    said = {"is_logged_in": True, "iss": ISSUER, "sub": name.lower(), "name": name}
    return {**said, "email": f"{name.lower()}@example.org", **more}


ADA, BOB = claims("Ada"), claims("Bob")


def user(said: dict[str, Any]) -> str:
    """The key of a person."""
    return key_of(said["iss"], said["sub"])


def start(said: dict[str, Any], settings: dict[str, Any] | None = None, lang: str = "en", **query: str) -> AppTest:
    """The app as this person opens it at an address."""
    app = AppTest.from_file(str(APP), default_timeout=SECONDS)
    app.secrets = {"auth": SETTINGS if settings is None else settings}
    app.user = dict(said)
    app.query_params.update({"lang": lang, **query})
    return app.run()


def has(app: AppTest, key: str) -> bool:
    """Whether a button with this key is drawn."""
    return any(each.key == key for each in app.button)
