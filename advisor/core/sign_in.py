"""The settings of sign-in, as they stand in the secrets: what has to be in them."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from advisor.core.notices import Issue

SECTION: Final = "auth"
PLACE: Final = "[auth]"
NEEDED: Final = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
CALLBACK: Final = "/oauth2callback"
SHORTEST_SECRET: Final = 32
"""Characters: whoever guesses the secret can say to be anybody."""
UNREADABLE: Final[Mapping[str, object]] = {}
"""In the place of settings that cannot be read: whether people should sign in is then not known, so they have to."""


def settings_faults(section: Mapping[str, object] | None) -> tuple[Issue, ...]:
    """What is wrong with the section; nothing where there is none. The values themselves are not told."""
    if section is None:
        return ()
    if section is UNREADABLE:
        return (Issue(PLACE, "sign_in_unreadable", {}),)
    said = {name: value.strip() for name in NEEDED if isinstance(value := section.get(name), str)}
    missing = [name for name in NEEDED if not said.get(name)]
    if missing:
        return (Issue(PLACE, "sign_in_incomplete", {"missing": ", ".join(missing)}),)
    if not said["redirect_uri"].endswith(CALLBACK):
        return (Issue(PLACE, "sign_in_redirect", {"path": CALLBACK}),)
    if len(said["cookie_secret"]) < SHORTEST_SECRET:
        return (Issue(PLACE, "sign_in_secret", {"minimum": SHORTEST_SECRET}),)
    return ()


def section_of(files: Sequence[Path]) -> Mapping[str, object] | None:
    """The section in these files, of which a later one lies over an earlier; ``None`` where none has it."""
    found: Mapping[str, object] | None = None
    for file in files:
        try:
            told = tomllib.loads(file.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            return UNREADABLE
        section = told.get(SECTION, found)
        found = section if section is None or isinstance(section, Mapping) else UNREADABLE
    return found
