"""The address that brings a case back in the app: what it began from, and every answer that differs from that."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError, Issue
from advisor.decision.advice import preset_scenario
from advisor.scenario import BESIDE_THE_CASE, QUESTIONS, Scenario, quoted
from advisor.scenario.reading import answers_as_written, written_answer

URL_LANGUAGE = "lang"
SHARED, SHARE_LINK = "shared", "link"
"""The page that shows a shared revision, and what its address calls the token."""
CLEARED = "~"
"""Marks in the address an answer of the preset that the case has cleared."""
TOO_LONG = frozenset({"logo"})
"""Answers that no address can hold: they travel in the scenario file alone."""
LONGEST_RECORD = 1_500
"""Characters up to which an address holds what became of a case; longer, it travels in the scenario file alone."""
SCHEMES = frozenset({"http", "https"})
HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")
PATH = re.compile(r"[\w/.~%+@:,=-]*")


def link_to(app: str, query: Mapping[str, str]) -> str:
    """The case of these query parameters in the app that runs at the address ``app``.

    Raises :class:`InputError` for what is no address.
    """
    return checked_address(app)._replace(query=urlencode(query)).geturl()


def in_language(link: str, language: str) -> str:
    """The same address for readers of another language."""
    parts = urlsplit(link)
    query = [(name, language if name == URL_LANGUAGE else value) for name, value in parse_qsl(parts.query)]
    return parts._replace(query=urlencode(query)).geturl()


def shared_query(token: str, language: str) -> dict[str, str]:
    """Query parameters of the page that shows what a share link shares."""
    return {SHARE_LINK: token, URL_LANGUAGE: language}


def shared_at(app: str, token: str, language: str) -> str:
    """The address of a share link in the app that runs at ``app``; below the root of a host where that is not told.

    Raises :class:`InputError` for what is no address.
    """
    query = urlencode(shared_query(token, language))
    if not app:
        return f"/{SHARED}?{query}"
    parts = checked_address(app)
    return parts._replace(path=f"{parts.path.rstrip('/')}/{SHARED}", query=query).geturl()


def checked_address(app: str) -> SplitResult:
    """The parts of a web address that carries nothing else. Raises :class:`InputError`."""
    text = app.strip()
    try:
        parts = urlsplit(text)
        known = parts.scheme in SCHEMES and HOST.fullmatch(parts.netloc) is not None
    except ValueError:
        known = False
    if not known or not text.isprintable() or parts.query or parts.fragment or not PATH.fullmatch(parts.path):
        raise InputError([Issue("--app-address", "not_an_address", {"value": quoted(app)})])
    return parts._replace(path=parts.path or "/")


def query_of(case: Scenario, catalog: Catalog, language: str) -> dict[str, str]:
    """Query parameters that bring this case back; all but its logo."""
    preset = catalog.presets.get(case.preset or "")
    known = _preset_answers(preset.id, catalog) if preset else {}
    as_told = known if known.get("currency") == case.base_currency else without_amounts(known)
    return {URL_LANGUAGE: language} | differences(case, {k: v for k, v in as_told.items() if k != "preset"})


def without_amounts(known: Mapping[str, object]) -> dict[str, object]:
    """Answers of another currency, of which no amount is the same here."""
    return {name: None if "money" in QUESTIONS[name].unit else value for name, value in known.items()}


def differences(case: Scenario, known: Mapping[str, object]) -> dict[str, str]:
    """Query parameters for the answers that are others than the ``known`` ones, and for those that are cleared."""
    given = case.answers()
    changed = {k: v for k, v in given.items() if k in QUESTIONS and known.get(k) != v}
    cleared = {k: CLEARED for k in known if k not in given}
    told = {k: _text(k, v) for k, v in changed.items() if k not in TOO_LONG}
    return {k: text for k, text in told.items() if k not in BESIDE_THE_CASE or len(text) <= LONGEST_RECORD} | cleared


def is_linked(case: Scenario, name: str) -> bool:
    """Whether an address holds this answer of the case, or it has none."""
    value = case.answers().get(name)
    return value is None or (name not in TOO_LONG and len(_text(name, value)) <= LONGEST_RECORD)


@lru_cache(256)
def _preset_answers(preset_id: str, catalog: Catalog) -> Mapping[str, object]:
    """Answers of a preset as they stand in a case."""
    return MappingProxyType(preset_scenario(preset_id, catalog).answers())


def _text(name: str, value: object) -> str:
    """An answer as text that has one reading."""
    if isinstance(value, float):
        value = written_answer(QUESTIONS[name], float(f"{value:.12g}"))
        return f"{value:.12g}" if isinstance(value, float) else value
    return json.dumps(answers_as_written({name: value}, QUESTIONS)[name]) if isinstance(value, dict) else str(value)
