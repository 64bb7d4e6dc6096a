"""The settings of sign-in, as they stand in the secrets: what has to be in them."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from advisor.core.notices import Issue

SECTION: Final = "auth"
PLACE: Final = "[auth]"
NEEDED: Final = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
CALLBACK: Final = "/oauth2callback"
SECRETS_FILES: Final = "STREAMLIT_SECRETS_FILES"
"""Variable that names the files of secrets, parted by spaces; without it they are those beside the app."""
SHORTEST_SECRET: Final = 32
"""Characters: whoever guesses the secret can say to be anybody."""
UNREADABLE: Final[Mapping[str, object]] = {}
"""In the place of settings that cannot be read: whether people should sign in is then not known, so they have to."""


def named_files() -> tuple[Path, ...]:
    """The files, or folders, of secrets that the variable names; none where it is not set."""
    return tuple(map(Path, os.environ.get(SECRETS_FILES, "").split()))


def missing_files() -> tuple[Issue, ...]:
    """What is named and not there, an issue each: what stands in it may be that people sign in."""
    absent = (file for file in named_files() if not os.path.exists(file))
    return tuple(Issue(SECRETS_FILES, "start_secrets_missing", {"path": str(file)}) for file in absent)


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
            told = _told_by(file)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            return UNREADABLE
        section = told.get(SECTION, found)
        found = section if section is None or isinstance(section, Mapping) else UNREADABLE
    return found


def _told_by(file: Path) -> Mapping[str, object]:
    """What a file says, or a folder in which each secret is a folder, as Kubernetes mounts them."""
    if not file.is_dir():
        return tomllib.loads(file.read_text(encoding="utf-8"))
    section = file / SECTION
    if not section.is_dir():
        return {}
    return {
        SECTION: {each.name: each.read_text(encoding="utf-8").strip() for each in section.iterdir() if each.is_file()}
    }
