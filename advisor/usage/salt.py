"""The salt of this installation: keys of an API are told apart by hashes that nobody can look up elsewhere."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

FOLDERS = "ADVISOR_DATA"
"""Variable that names folders of one's own, parted as in ``PATH``; the first holds what is kept."""
NAME = ".usage-salt"
BYTES = 32


def installation_salt(surroundings: Mapping[str, str] = os.environ) -> str:
    """The random text kept in the user's folder, made when it is first asked for.

    Where it can be neither read nor written, one for this run: the same keys then have other hashes in the next.
    """
    salt = secrets.token_hex(BYTES)
    try:
        return _kept(state_folder(surroundings) / NAME, salt)
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        return salt


def state_folder(surroundings: Mapping[str, str]) -> Path:
    """Where this installation keeps what is its own: the folder of own data, else that of the user's programs."""
    own = [each for each in surroundings.get(FOLDERS, "").split(os.pathsep) if each.strip()]
    if own:
        return Path(own[0]).expanduser()
    state = surroundings.get("XDG_STATE_HOME", "")
    return (Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state") / "advisor"


def _kept(path: Path, salt: str) -> str:
    """What the file holds; only the user may read it. A file that holds something else is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        text = path.read_bytes()[: 2 * BYTES + 1].decode("ascii", errors="replace").strip()
        return text if len(text) == 2 * BYTES else salt
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(salt)
    return salt
