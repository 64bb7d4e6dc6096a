"""Start an installed app once and ask it for its page: ``python -m tests.supply.started COMMAND FOLDER``.

The command runs in the folder, on a free port of this machine, and is stopped again. The exit code is 1 where the app
does not answer within a minute.
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

SECONDS = 60


def answers(command: Path, folder: Path) -> bool:
    """Whether the app becomes healthy and serves a page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = {"PORT": str(port), "ADDRESS": "127.0.0.1", "HEADLESS": "true"}
    own = {"ADVISOR_DATABASE": f"sqlite:///{folder.resolve() / 'cases.db'}"}
    environment = {**os.environ, **own, **{f"STREAMLIT_SERVER_{name}": value for name, value in server.items()}}
    process = subprocess.Popen([command.resolve()], cwd=folder, env=environment)
    try:
        return _healthy(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(10)


def _healthy(address: str, process: subprocess.Popen[bytes]) -> bool:
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2) as health, urlopen(address, timeout=2) as page:
                return health.read() == b"ok" and b"<html" in page.read()
        except OSError:
            time.sleep(0.2)
    return False


if __name__ == "__main__":
    if not answers(Path(sys.argv[1]), Path(sys.argv[2])):
        sys.exit("the installed app does not answer")
    print("The installed app starts and answers.")
