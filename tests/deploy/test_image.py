"""The steps of ``deploy/Dockerfile`` in a clean folder: the app starts from what they leave."""

import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.deploy.house import DEPLOY, ROOT, Replica, free_port

PLACES = ("/opt/advisor", "/app", "/data", "/tmp")
"""Folders of the image that its steps name."""


def steps() -> list[tuple[str, str]]:
    """Instruction and rest of each line of the Dockerfile, continued lines joined."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines if line.strip()]


def in_the_image(text: str, root: Path) -> str:
    """Paths of the image as paths below ``root``."""
    return re.sub(rf"(?<![\w.])({'|'.join(PLACES)})(?=[/\s'\"]|$)", lambda found: f"{root}{found[1]}", text)


def is_sent(name: str) -> bool:
    """Whether ``Dockerfile.dockerignore`` lets the builder see a file of the repository."""
    rules = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split("\n")
    allowed = False
    for rule in (each for each in rules if each and not each.startswith("#")):
        pattern = rule.removeprefix("!").removeprefix("**/")
        parts = ["/".join(name.split("/")[: n + 1]) for n in range(len(name.split("/")))]
        if any(fnmatch(part, pattern) or fnmatch(part.rpartition("/")[2], pattern) for part in parts):
            allowed = rule.startswith("!")
    return allowed


def test_the_builder_is_sent_what_is_copied_and_nothing_secret() -> None:
    copied = [rest.split() for name, rest in steps() if name == "COPY" and "--from" not in rest]
    assert copied
    assert [source for *_, source, _ in copied if not is_sent(source)] == []
    assert ["pyproject.toml", "/app/"] in copied, "doctor holds the packages against it"
    assert not is_sent(".streamlit/secrets.toml")
    assert not is_sent("deploy/secrets/tls.key")
    assert not is_sent(".venv/bin/python")
    assert not is_sent("advisor/ui/__pycache__/shell.pyc")


def test_it_runs_as_nobody_with_rights_and_says_whether_it_is_well() -> None:
    told = dict(steps())
    assert told["USER"] == "10001:10001"
    assert "/_stcore/health" in told["HEALTHCHECK"]
    assert "--require-hashes" in next(rest for name, rest in steps() if name == "RUN" and "pip install" in rest)
    assert [rest for name, rest in steps() if name == "RUN" and "apt" in rest] == []
    assert [rest for name, rest in steps() if name in ("ENV", "ARG") and re.search("SECRET|PASSWORD|TOKEN", rest)] == []


def build(root: Path) -> None:
    """Every COPY and RUN of the first stage, in order."""
    for name, rest in steps()[: next(n for n, (_, rest) in enumerate(steps()) if "--from=build" in rest)]:
        if name == "COPY":
            source, target = rest.split()
            place = Path(in_the_image(target, root))
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                place = place / source if target.endswith("/") else place
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, place)
        elif name == "RUN":
            command = in_the_image(rest, root)
            command = re.sub(r"^python ", f"{sys.executable} ", command)
            subprocess.run(["sh", "-ec", command], check=True, cwd=root)


def environment_of(root: Path, port: int) -> dict[str, str]:
    told = next(rest for name, rest in steps() if name == "ENV")
    found = dict(each.split("=", 1) for each in in_the_image(told, root).split())
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PATH", "LD_"))}
    return kept | found | {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1", "STREAMLIT_SERVER_PORT": str(port)}


@pytest.mark.deploy
def test_the_steps_make_an_app_that_starts_and_writes_only_its_data(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    build(tmp_path)
    port = free_port()
    entry = json.loads(in_the_image(next(rest for name, rest in steps() if name == "ENTRYPOINT"), tmp_path))
    replica = Replica("image", port, tmp_path / "tmp", environment_of(tmp_path, port), tuple(entry))
    before = set((tmp_path / "app").rglob("*"))
    try:
        replica.start(tmp_path / "app")
        health = next(rest for name, rest in steps() if name == "HEALTHCHECK").split("CMD ", 1)[1]
        command = json.loads(in_the_image(health, tmp_path).replace("8501", str(port)))
        assert subprocess.run(command, check=False).returncode == 0
        assert (tmp_path / "data" / "cases.db").is_file()
        assert set((tmp_path / "app").rglob("*")) == before
        size = sum(path.stat().st_size for path in (tmp_path / "opt").rglob("*") if not path.is_symlink())
        print(f"packages {size / 1e6:.0f} MB")
    finally:
        replica.stop()
