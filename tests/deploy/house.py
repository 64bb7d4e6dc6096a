"""The recipe of ``deploy/`` on this machine, without containers: its nginx configuration, two replicas, PostgreSQL."""

import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import Request, urlopen

from advisor.core.places import DATABASE, DATABASE_FILE, REPLICAS

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
START_SECONDS, LOG_SECONDS = 120, 10
HOST = "localhost"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answered_by(line: str) -> str:
    """Address of the replica that answered, in a line of the access log: the last, where nginx had to try another."""
    last: str = re.findall(r"[\d.]+:\d+", line.split('upstream="')[1])[-1]
    return last


@dataclass
class Replica:
    """One server of the app; ``release`` is the folder whose code it runs."""

    name: str
    port: int
    folder: Path
    environment: dict[str, str]
    command: tuple[str, ...] = (sys.executable, "-m", "advisor")
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(self, release: Path = ROOT) -> None:
        """Start it and wait until it is healthy."""
        self.begin(release)
        self.wait()

    def begin(self, release: Path = ROOT) -> None:
        """Start it, without waiting."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=release,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Until it is healthy, as the health check of the image asks."""
        until = time.monotonic() + START_SECONDS
        while self.process is not None and self.process.poll() is None and time.monotonic() < until:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"{self.name} did not start:\n{self.said()[-4000:]}")

    def kill(self) -> None:
        """As a machine that loses power: nothing is finished, nobody is told."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As a rolling restart: asked to end, and killed where it does not in the time that ``compose.yaml`` gives."""
        self._end(signal.SIGTERM)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@dataclass(frozen=True)
class House:
    """Everything that runs: people come in at ``address``."""

    address: str
    folder: Path
    replicas: tuple[Replica, Replica]
    trust: ssl.SSLContext = field(repr=False)
    database: str = ""

    def logged(self, text: str, count: int) -> list[str]:
        """Lines of the access log that hold a text, once there are so many: they are written after the answer."""
        until = time.monotonic() + LOG_SECONDS
        while True:
            told = (self.folder / "access.log").read_text(encoding="utf-8")
            lines = [line for line in told.splitlines() if text in line]
            if len(lines) >= count or time.monotonic() > until:
                return lines
            time.sleep(0.05)

    def cookie_for(self, replica: Replica) -> str:
        """A cookie with which a browser is led to this replica: they are tried until the access log says so."""
        while True:
            cookie = secrets.token_hex(16)
            asked = Request(f"{self.address}/led-by-{cookie}", headers={"Cookie": f"advisor_replica={cookie}"})
            with urlopen(asked, context=self.trust):
                pass
            if f":{replica.port} " in self.logged(f"/led-by-{cookie}", 1)[0]:
                return cookie

    def everything_logged(self) -> str:
        files = [*self.folder.glob("*.log")]
        return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


@contextmanager
def running_house(folder: Path, database: str, sign_in: str = "", port: int | None = None) -> Iterator[House]:
    """The house while it runs; ``sign_in`` is what ``secrets.toml`` says, ``port`` where nginx listens."""
    told, door = folder / "secrets", port or free_port()
    subprocess.run(["sh", DEPLOY / "prepare.sh", told], check=True, env={**os.environ, "ADVISOR_HOST": HOST})
    (told / "database_address").write_text(database, encoding="utf-8")
    if sign_in:
        (told / "secrets.toml").write_text(sign_in, encoding="utf-8")
    first, second = (Replica(name, free_port(), folder, {}) for name in ("app1", "app2"))
    with ExitStack() as running:
        for replica in (first, second):
            replica.environment.update(_environment(told, replica.port))
            running.callback(replica.stop)
            replica.begin()
        for replica in (first, second):
            replica.wait()
        running.enter_context(_nginx(folder, told, door, (first, second)))
        trust = ssl.create_default_context(cafile=told / "tls.crt")
        yield House(f"https://{HOST}:{door}", folder, (first, second), trust, database)


def _environment(told: Path, port: int) -> dict[str, str]:
    """What ``compose.yaml`` sets, with files of this machine."""
    kept = {name: value for name, value in os.environ.items() if name not in (DATABASE, "LANG", "LC_ALL")}
    return kept | {
        REPLICAS: "2",
        DATABASE_FILE: str(told / "database_address"),
        "STREAMLIT_SECRETS_FILES": str(told / "secrets.toml"),
        "STREAMLIT_SERVER_ALLOWED_HOSTS": HOST,
        "STREAMLIT_SERVER_PORT": str(port),
    }


def configuration(folder: Path, told: Path, port: int, replicas: tuple[Replica, Replica]) -> str:
    """``deploy/nginx.conf`` with the addresses and folders of this machine, and nothing else changed."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    ours = {
        "app1:8501": f"127.0.0.1:{replicas[0].port}",
        "app2:8501": f"127.0.0.1:{replicas[1].port}",
        "listen 8080;": f"listen 127.0.0.1:{free_port()};",
        "listen 8443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "/run/secrets/": f"{told}/",
        "/tmp/": f"{folder}/",
        "/dev/stderr": f"{folder}/error.log",
        "/dev/stdout": f"{folder}/access.log",
    }
    assert [theirs for theirs in ours if theirs not in text] == [], "nginx.conf no longer says so"
    return re.sub("|".join(map(re.escape, ours)), lambda found: ours[found[0]], text)


@contextmanager
def _nginx(folder: Path, told: Path, port: int, replicas: tuple[Replica, Replica]) -> Iterator[None]:
    folder.chmod(0o711)  # its workers are not root
    file = folder / "nginx.conf"
    file.write_text(configuration(folder, told, port, replicas), encoding="utf-8")
    command = [shutil.which("nginx") or "/usr/sbin/nginx", "-e", folder / "error.log", "-c", file]
    subprocess.run([*command, "-t", "-q"], check=True)
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)
