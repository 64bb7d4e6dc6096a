"""The recipes of ``deploy/`` as they are written: what two of them say is the same, and nothing in them is a secret."""

import inspect
import re
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml

from advisor.core.places import DATABASE_FILE, REPLICAS
from tests.deploy.house import DEPLOY, ROOT

NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
KUBERNETES: list[dict[str, Any]] = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")))
APPS = ("app1", "app2")


def pods() -> dict[str, dict[str, Any]]:
    """Name of a workload, and what its Pods are."""
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in KUBERNETES if "template" in each["spec"]
    }


def test_the_door_takes_the_files_that_the_app_takes() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert re.findall(r"client_max_body_size (\d+)m;", NGINX) == [str(settings["server"]["maxUploadSize"])]


def test_the_door_takes_up_no_connection_that_the_app_is_closing() -> None:
    """It would count the replica as failed and ask the other, which does not know the session: an upload is refused."""
    closed_after = inspect.signature(uvicorn.Config).parameters["timeout_keep_alive"].default
    kept = re.findall(r"keepalive_timeout (\d+)s;", NGINX)
    assert [int(seconds) < closed_after for seconds in kept] == [True]


def test_every_header_is_on_every_answer() -> None:
    """A block with a header of its own would lose those of the server: only the server has some."""
    assert len(re.findall(r"^        add_header ", NGINX, re.M)) == len(re.findall("add_header ", NGINX))
    assert all(line.rstrip().endswith("always;") for line in NGINX.splitlines() if "add_header" in line)


def test_the_log_of_the_door_holds_no_addresses() -> None:
    told = re.search(r"log_format paths (.*?);", NGINX, re.S)
    assert told is not None
    named = set(re.findall(r"\$(\w+)", told[1]))
    assert not named & {"request", "request_uri", "args", "query_string", "http_referer", "http_cookie"}
    assert re.search(r"access_log \S+ paths;", NGINX)
    assert re.search(r"error_log \S+ crit;", NGINX)


@pytest.mark.parametrize("name", APPS)
def test_each_replica_of_compose_has_no_rights_and_shares_its_settings(name: str) -> None:
    app = COMPOSE["services"][name]
    assert app["read_only"] is True
    assert app["tmpfs"] == ["/tmp"]
    assert app["cap_drop"] == ["ALL"]
    assert app["environment"][REPLICAS] == str(len(APPS))
    assert app["environment"][DATABASE_FILE].removeprefix("/run/secrets/") in app["secrets"]
    assert "ports" not in app
    assert app["networks"]["inside"]["ipv4_address"]
    assert f"server {name}:8501 " in NGINX


def test_only_the_door_is_open_and_nothing_starts_without_its_secrets() -> None:
    assert [name for name, each in COMPOSE["services"].items() if "ports" in each] == ["nginx"]
    assert {each["file"].startswith("./secrets/") for each in COMPOSE["secrets"].values()} == {True}
    assert COMPOSE["services"]["app1"]["environment"]["STREAMLIT_SERVER_ALLOWED_HOSTS"].startswith("${ADVISOR_HOST:?")
    told = yaml.safe_dump(COMPOSE)
    assert re.findall(r"PASSWORD(?!_FILE)\w*:", told) == []
    assert re.findall(r"://\w+:[^@/]+@", told) == []


def test_what_is_secret_is_ignored_by_git() -> None:
    assert {"/deploy/secrets/", "/deploy/.env"} <= set((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())


def test_the_page_names_every_variable_that_a_server_reads() -> None:
    read = (path.read_text(encoding="utf-8") for path in (ROOT / "advisor").rglob("*.py"))
    known = {name for text in read for name in re.findall(r'"(ADVISOR_[A-Z_]+)"', text)} - {"ADVISOR_USER"}
    set_here = set(COMPOSE["services"]["app1"]["environment"])
    told = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert len(known) > 5
    assert [name for name in sorted(known | set_here) if not re.search(rf"(?m)^\|.*`{name}`.*\|", told)] == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_secrets_are_made_once_and_each_is_another(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        subprocess.run(["sh", DEPLOY / "prepare.sh", folder], check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in folders[0].iterdir()}
    assert {f"{name}" for name in made} == {Path(each["file"]).name for each in COMPOSE["secrets"].values()}
    assert all(made[name] != (folders[1] / name).read_bytes() for name in made)
    assert made["database_password"].decode() in made["database_address"].decode()
    assert stat.S_IMODE(folders[0].stat().st_mode) == 0o700
    subprocess.run(["sh", DEPLOY / "prepare.sh", folders[0]], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in folders[0].iterdir()} == made


def test_the_pods_of_kubernetes_have_no_rights() -> None:
    assert set(pods()) == {"advisor-app", "advisor-nginx"}
    for pod in pods().values():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            told = container["securityContext"]
            assert (told["readOnlyRootFilesystem"], told["allowPrivilegeEscalation"]) == (True, False)
            assert told["capabilities"] == {"drop": ["ALL"]}
            assert container["readinessProbe"]["httpGet"]["path"] == "/_stcore/health"
            assert container["resources"]["limits"]["memory"]


def test_kubernetes_says_what_compose_says() -> None:
    workloads = {each["metadata"]["name"]: each["spec"] for each in KUBERNETES if "template" in each["spec"]}
    services = {each["metadata"]["name"] for each in KUBERNETES if each["kind"] == "Service"}
    assert workloads["advisor-app"]["replicas"] == len(APPS)
    assert set(APPS) <= services
    named = {each["name"]: each["value"] for each in pods()["advisor-app"]["containers"][0]["env"]}
    assert set(named) == set(COMPOSE["services"]["app1"]["environment"])
    assert named[REPLICAS] == str(len(APPS))
    images = {name: pod["containers"][0]["image"] for name, pod in pods().items()}
    assert images["advisor-nginx"] == COMPOSE["services"]["nginx"]["image"]
    assert [each["kind"] for each in KUBERNETES if each["kind"] == "Secret"] == []
