"""What only a process of its own shows: pipes, encodings, a full disk, and what is imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from advisor import cli

ROOT = Path(__file__).parents[2]
PLAIN = {**os.environ, "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def shell(command: str) -> subprocess.CompletedProcess[bytes]:
    script = f"set -o pipefail; {command.replace('advisor', f'{sys.executable} -m advisor')}"
    return subprocess.run(["bash", "-c", script], cwd=ROOT, env=PLAIN, capture_output=True, timeout=60, check=False)


def test_chinese_goes_out_as_utf8_whatever_the_surroundings_say() -> None:
    done = shell("advisor assess chat --language zh")
    assert done.returncode == 0
    assert done.stdout.decode("utf-8").startswith("\u804a\u5929\u52a9\u624b\n")


def test_a_closed_pipe_ends_it_quietly() -> None:
    done = shell("advisor assess chat --json | head -c 1")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"{", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", '"stdout" cannot be written (no space is left). Choose another place.\n'),
        ("zh", "\u65e0\u6cd5\u5199\u5165\u201cstdout\u201d"),
    ],
)
def test_a_full_disk_is_told(language: str, said: str) -> None:
    done = shell(f"advisor presets --language {language} > /dev/full")
    assert done.returncode == 1
    assert done.stderr.decode().startswith(said)
    assert done.stderr.count(b"\n") == 1


def test_faults_go_to_standard_error_and_a_case_comes_from_a_pipe() -> None:
    done = shell("echo 'daily_requests: ten' | advisor assess -")
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"daily_requests" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Interrupted: the command did not finish.\n"),
        ("zh", "\u5df2\u4e2d\u65ad\uff0c\u547d\u4ee4\u672a\u6267\u884c\u5b8c\u3002\n"),
    ],
)
def test_an_interruption_is_told_in_one_line(
    language: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(cli.COMMANDS, "presets", interrupted)
    assert cli.main(["presets", "--language", language]) == cli.INTERRUPTED
    assert capsys.readouterr() == ("", said)


def test_the_version_needs_nothing_heavy() -> None:
    script = "import sys, advisor.cli; print({'numpy', 'pydantic', 'babel', 'yaml', 'altair'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_an_assessment_needs_no_page_and_no_chart() -> None:
    script = (
        "import sys; from advisor.cli import main; main(['assess', 'chat', '--json']);"
        "print(sorted({'streamlit', 'altair', 'pandas', 'typst'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
