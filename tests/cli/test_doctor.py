"""``doctor``: what it says of a machine that has all, of one that lacks something, and never a secret."""

import json
import os
import shutil
import sqlite3
import tomllib
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pytest
from sqlalchemy import text

from advisor.catalog import loader
from advisor.cli import checks
from advisor.core.notices import DataError, Issue, OwnDataError
from advisor.core.observing import LOG, METRICS_PORT
from advisor.core.places import DATABASE, HOME, OWN_DATA
from advisor.report import pdf
from advisor.store import cases
from advisor.store.database import open_store
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.store.made import actor, content
from tests.ui.signed_in import SETTINGS

SECRETS = ("hunter2-of-the-database", SETTINGS["client_secret"], SETTINGS["cookie_secret"])


@pytest.fixture(autouse=True)
def of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A database, secrets and settings of the test's own."""
    for name in (LOG, METRICS_PORT, OWN_DATA):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'kept' / 'cases.db'}")
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def found(run):
    """State and words of each check by its code, after a run with this exit code."""

    def look(*arguments: str, code: int = 0) -> dict[str, dict[str, str]]:
        told = json.loads(run("doctor", "--json", *arguments, code=code)[0])
        assert told["broken"] == sum(each["state"] == "broken" for each in told["checks"])
        return {each["check"]: each for each in told["checks"]}

    return look


def kept(count: int = 2) -> str:
    """Keep a case with so many revisions; its id."""
    store = open_store()
    case_id = cases.create(store, actor(), "Help desk", content())
    for number in range(1, count):
        cases.save(store, actor(), case_id, number, content())
    store.close()
    return case_id


def file_of_database() -> Path:
    return Path(os.environ[DATABASE].removeprefix("sqlite:///"))


@pytest.mark.parametrize("language", languages())
def test_where_nothing_is_wrong_every_check_has_a_line_and_nothing_was_made(run, language: str) -> None:
    out, err = run("doctor", "--language", language)
    t = Translator(language)
    assert out.endswith(t("doctor.none_broken") + "\n")
    assert out.count(t("doctor.state.fine")) >= 10
    assert err == ""
    assert not file_of_database().parent.exists()


def test_a_database_is_told_with_its_size_tables_and_chains(found) -> None:
    kept(3)
    told = found()
    assert "3 revisions of 1 kept cases" in told["chains"]["said"]
    assert "0003" in told["database"]["said"]
    assert told["database"]["state"] == "fine"


def test_older_tables_are_left_as_they_are(found) -> None:
    kept()
    store = open_store()
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    store.close()
    assert found()["database_older"]["state"] == "look"
    with sqlite3.connect(file_of_database()) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert found(code=1)["store_newer"]["state"] == "broken"


def test_a_changed_revision_and_a_file_that_is_no_database_are_broken(found) -> None:
    kept()
    with sqlite3.connect(file_of_database()) as connection:
        connection.execute("UPDATE revisions SET why = 'another'")
    assert found(code=1)["chains_broken"]["state"] == "broken"
    for beside in file_of_database().parent.iterdir():
        beside.unlink()
    file_of_database().write_bytes(b"no database at all, but long enough to be read as one" * 40)
    assert found(code=1)["store_no_database"]["state"] == "broken"


@pytest.mark.parametrize("language", languages())
def test_no_secret_is_told(run, monkeypatch: pytest.MonkeyPatch, of_its_own: Path, language: str) -> None:
    secrets = of_its_own / "secrets.toml"
    secrets.write_text("[auth]\n" + "".join(f'{k} = "{v}"\n' for k, v in SETTINGS.items() if k != "client_id"))
    secrets.chmod(0o644)
    for address in ("postgresql://ada:{}@127.0.0.1:1/none", "postgresql://127.0.0.1:1/none?user=ada&password={}"):
        monkeypatch.setenv(DATABASE, address.format(SECRETS[0]))
        for form in ("--json", "--language"):
            out, err = run("doctor", "--secrets", str(secrets), *([form, language][: 1 + (form != "--json")]), code=1)
            assert [secret for secret in SECRETS if secret in out + err] == []
            assert "Traceback" not in out + err
        assert "client_id" in out


def test_an_address_that_is_none_is_told(found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE, "mysql://somewhere")
    assert found(code=1)["store_bad_address"]["state"] == "broken"
    monkeypatch.setenv(DATABASE, "no address")
    assert found(code=1)["store_bad_address"]["state"] == "broken"


def test_sign_in_and_secrets_that_others_may_read(found, of_its_own: Path) -> None:
    secrets = of_its_own / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text("[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in SETTINGS.items()))
    secrets.chmod(0o600)
    told = found()
    assert (told["sign_in"]["state"], "secrets_open" in told) == ("fine", False)
    secrets.chmod(0o640)
    assert found()["secrets_open"]["state"] == "look"
    secrets.write_text("[auth")
    assert found(code=1)["sign_in_unreadable"]["state"] == "broken"


def test_secrets_are_looked_for_where_the_variable_names_them(
    found, monkeypatch: pytest.MonkeyPatch, of_its_own: Path
) -> None:
    named, folder = of_its_own / "named.toml", of_its_own / "mounted"
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(named))
    assert found(code=1)["start_secrets_missing"]["state"] == "broken"
    named.write_text("[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in SETTINGS.items()))
    assert found()["sign_in"]["state"] == "fine"
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(folder))
    (folder / "auth").mkdir(parents=True)
    for name, value in SETTINGS.items():
        (folder / "auth" / name).write_text(value + "\n")
    assert found()["sign_in"]["state"] == "fine"
    (folder / "auth" / "client_id").unlink()
    assert "client_id" in found(code=1)["sign_in_incomplete"]["said"]


def test_the_rights_of_secrets_that_are_mounted_are_not_ours_to_change(
    found, monkeypatch: pytest.MonkeyPatch, of_its_own: Path
) -> None:
    named = of_its_own / "named.toml"
    named.write_text("")
    named.chmod(0o644)
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(named))
    assert "secrets_open" in found()
    monkeypatch.setattr(os, "geteuid", lambda: named.stat().st_uid + 1)
    assert "secrets_open" not in found()


def test_packages_are_held_against_their_pins(found, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "numpy":
            raise metadata.PackageNotFoundError
        return "0.1" if name == "pandas" else checks.pinned()[name]

    assert "streamlit" in checks.pinned()
    assert checks.pinned()["psycopg"]
    monkeypatch.setattr(checks.metadata, "version", version)
    told = found(code=1)
    assert told["packages_missing"]["said"].endswith("numpy.")
    assert "pandas 0.1 (" in told["packages_differ"]["said"]


def test_pins_of_an_installed_copy_are_those_of_its_metadata(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(checks, "HOME", tmp_path)
    wanted = ["numpy==2.4.6", "psycopg[binary]==3.3.9", 'tzdata==2026.1 ; sys_platform == "win32"', "other>=1"]
    extras = ["trino==0.337.0; extra == 'trino'", "pyspark[connect]==4.1.1 ; python_version < '4' and extra=='spark'"]
    monkeypatch.setattr(checks.metadata, "requires", lambda name: [*wanted, *extras])
    assert checks.pinned() == {"numpy": "2.4.6", "psycopg": "3.3.9", "tzdata": "2026.1"}


def test_pins_that_nobody_knows_are_told(found, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(checks, "HOME", Path("nowhere"))
    monkeypatch.setattr(checks.metadata, "requires", unknown)
    assert found()["packages_unknown"]["state"] == "look"


def test_the_pythons_are_those_of_the_package() -> None:
    said = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    oldest, newer = (".".join(map(str, each)) for each in (checks.OLDEST_PYTHON, checks.NEWER_PYTHON))
    assert said == f">={oldest},<{newer}"


def test_a_clock_before_the_newest_price_is_broken() -> None:
    told = {each.code: each.state for each in checks.data(datetime(2001, 1, 1, tzinfo=UTC))}
    assert told["clock_behind"] == "broken"


def test_faults_of_the_data_are_told_in_words(run, monkeypatch: pytest.MonkeyPatch) -> None:
    own = DataError("prices/x.yaml", "a", "b", "c", Issue("value", "own_value_refused", {"value": "x"}), line=3)
    for fault in (DataError("gpus.yaml", "a", "is no number", "write one"), OwnDataError([own])):

        def load(fault: DataError = fault) -> None:
            raise fault

        monkeypatch.setattr(loader, "load_catalog", load)
        out, err = run("doctor", "--language", "zh", code=1)
        assert Translator("zh")("doctor.state.broken") in out
        assert "Traceback" not in out + err


def test_fonts_that_are_not_all_there_are_broken(
    found, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("fonts")
    for name in ("NotoSansSC-Regular.ttf", "codepoints.txt"):
        shutil.copy(pdf.FONT_DIR / name, folder)
    monkeypatch.setattr(pdf, "FONT_DIR", folder)
    pdf._fonts.cache_clear()
    try:
        assert found(code=1)["fonts_missing"]["state"] == "broken"
    finally:
        pdf._fonts.cache_clear()


def test_own_folders_and_folders_to_write_into(found, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(OWN_DATA, str(tmp_path / "nowhere"))
    assert found(code=1)["own_missing"]["state"] == "broken"
    monkeypatch.setenv(OWN_DATA, str(tmp_path))
    assert found()["own_there"]["state"] == "fine"
    monkeypatch.setattr(checks.os, "access", lambda path, mode: False)
    told = found(code=1)
    assert (told["own_fixed"]["state"], told["writes_not"]["state"]) == ("look", "broken")


def test_how_the_app_is_watched(found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LOG, "full")
    monkeypatch.setenv(METRICS_PORT, "9100")
    told = found()["watched_full"]
    assert told["state"] == "look"
    assert "127.0.0.1:9100" in told["said"]
    monkeypatch.setenv(LOG, "loud")
    assert found(code=1)["log_form_unknown"]["state"] == "broken"


def test_everything_that_is_not_fine_says_how_to_mend_it() -> None:
    t = Translator("en")
    for code, state in checks.STATES.items():
        assert t.has(f"doctor.mend.{code}") == (state != "fine" and code != "refused"), code
