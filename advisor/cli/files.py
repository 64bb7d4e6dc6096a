"""What the commands read and write: files are checked before anything is computed, text goes out on one line each."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from advisor.core.notices import InputError, Issue
from advisor.core.system_faults import DENIED, system_fault

LONGEST_QUOTE = 60


def read_file(name: str, field: str, longest: int) -> bytes | None:
    """Beginning of a file, one byte more than ``longest``; ``None`` when there is none."""
    try:
        with open(name, "rb") as file:
            return file.read(longest + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        raise _refused("is_a_directory", field, path=shown(name)) from None
    except OSError as error:
        raise _refused("file_unreadable", field, path=shown(name), fault=system_fault(error)) from None
    except ValueError:  # a path with a NUL
        return None


def model_file(beside: str) -> Callable[[str], str]:
    """A reader of the ``config.json`` that a case names by its path, which is taken from the file ``beside``."""
    from advisor.catalog.own_model import LARGEST_CONFIG_BYTES, config_text, is_own

    def read(path: str) -> str:
        content = read_file(os.path.join(os.path.dirname(beside), path.strip()), "open_model", LARGEST_CONFIG_BYTES)
        if content is None:
            raise _refused("model_file_not_found", "open_model", path=shown(path)[:LONGEST_QUOTE])
        try:
            text = config_text(content)
        except UnicodeDecodeError:
            raise _refused("not_utf8", "open_model") from None
        if not is_own(text):
            raise _refused("model_config_unreadable", "open_model")
        return text

    return read


def writable(output: str, source: str, suffixes: Sequence[str] = ()) -> Path:
    """The file to write; refused before anything is computed, also when it is the ``source`` itself.

    Where no suffix is asked for, any will do.
    """
    try:
        return _checked(output, source, suffixes)
    except OSError as error:  # a name that the file system does not take
        raise _refused("not_writable", "-o", path=shown(output), fault=system_fault(error)) from None


def _checked(output: str, source: str, suffixes: Sequence[str]) -> Path:
    target = Path(output)
    if "\0" in output:
        raise _refused("no_such_folder", "-o", path=shown(output))
    if target.is_dir() or output.endswith(("/", os.sep)):
        raise _refused("is_a_directory", "-o", path=shown(output))
    if suffixes and target.suffix.lower() not in suffixes:
        raise _refused("unknown_suffix", "-o", path=shown(output), known=", ".join(suffixes))
    if not target.parent.is_dir():
        raise _refused("no_such_folder", "-o", path=shown(output))
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise _refused("not_writable", "-o", path=shown(output), fault=DENIED)
    read = Path(source) if "\0" not in source else None
    if read is not None and read.is_file() and target.exists() and target.samefile(read):
        raise _refused("output_is_input", "-o", path=shown(output))
    return target


def write_file(target: Path, content: bytes) -> None:
    """Write beside the target, then replace it: an old file stays whole when the new one cannot be written."""
    try:
        if target.exists() and not target.is_file():  # a pipe or a device cannot be replaced
            target.write_bytes(content)
        else:
            _replace(target.resolve(), content)
    except OSError as error:
        raise _refused("not_writable", "-o", path=shown(str(target)), fault=system_fault(error)) from None


def _replace(target: Path, content: bytes) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as beside:
        try:
            beside.write(content)
            beside.close()
            os.chmod(beside.name, mode)
            os.replace(beside.name, target)
        except OSError:
            Path(beside.name).unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def shown(text: str) -> str:
    """``text`` on one line, without anything that would steer a terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def write(text: str) -> None:
    if sys.stdout is not None:
        sys.stdout.write(text)


def write_json(value: object) -> None:
    write(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n")


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])
