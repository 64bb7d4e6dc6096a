"""Where the app, its pages and its data are.

In a checkout they stand beside the package, at the top level. An installed wheel holds them inside the package, in a
folder of their own: Streamlit puts the folder of its script on the import path, where the rooms of ``advisor`` must
not answer to their bare names.
"""

import os
import sys
from pathlib import Path
from typing import Final

from advisor.core.notices import InputError, Issue
from advisor.core.system_faults import system_fault

PACKAGE: Final = Path(__file__).resolve().parents[1]
INSTALLED = "home"
"""Folder of the package that the wheel maps them to; ``pyproject.toml`` names it too."""


def home_of(package: Path) -> Path:
    """The folder that holds ``app.py``, ``pages/``, ``data/`` and ``.streamlit/`` for this copy of the package."""
    installed = package / INSTALLED
    return installed if installed.is_dir() else package.parent


HOME: Final = home_of(PACKAGE)
APP: Final = HOME / "app.py"
DATA: Final = HOME / "data"

OWN_DATA: Final = "ADVISOR_DATA"
"""Variable that names folders of prices of one's own, laid out like ``data/``; a later one lies over an earlier."""

UPDATE_PRICES: Final = "python -m advisor prices update"
"""The command that asks the published sources again, told wherever an old price decides."""


def own_folders() -> tuple[Path, ...]:
    """The folders that ``ADVISOR_DATA`` names, parted as in ``PATH``; none where it is not set."""
    return tuple(Path(each).expanduser() for each in os.environ.get(OWN_DATA, "").split(os.pathsep) if each.strip())


DATABASE: Final = "ADVISOR_DATABASE"
"""Variable with the address of the database of kept cases: ``sqlite:///FILE`` or ``postgresql://USER@HOST/NAME``."""
WORKERS: Final = "ADVISOR_WORKERS"
"""Variable with the number of processes that build reports and other files beside the server; 0 for none."""
DATABASE_FILE: Final = "ADVISOR_DATABASE_FILE"
"""Variable with the name of a file that holds that address, so that a password stands in no list of settings."""
REPLICAS: Final = "ADVISOR_REPLICAS"
"""Variable with the number of servers that answer the same people; without it there is one."""
OWN_NAME: Final = "finetune-advisor"
"""The folder of this product among those of a user's programs."""


def user_folder() -> Path:
    """Where the platform keeps what programs write for their user; it may not exist yet."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base).expanduser() / OWN_NAME


def database_address() -> str:
    """The address of the database of kept cases: the one that is set, else a file in the user's folder.

    Raises :class:`InputError` where the file that should hold it cannot be read.
    """
    told = os.environ.get(DATABASE, "").strip() or _from_file(os.environ.get(DATABASE_FILE, "").strip())
    return told or f"sqlite:///{user_folder() / 'cases.db'}"


def _from_file(name: str) -> str:
    """What stands in a file, without the spaces around it; nothing where no file is named."""
    if not name:
        return ""
    try:
        told = Path(name).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        fault = system_fault(error) if isinstance(error, OSError) else "UTF-8"
        raise InputError([Issue(DATABASE_FILE, "start_database_file", {"path": name, "fault": fault})]) from None
    if not told:
        raise InputError([Issue(DATABASE_FILE, "start_database_file_empty", {"path": name})])
    return told


def file_stem(name: str) -> str:
    """The name of a case as that of a file on any system, without an ending."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name).split())[:60] or "case"
