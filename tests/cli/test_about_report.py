"""What the command line says about a report: it lands in every form of it, and a fault is told by the option's name."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from advisor.scenario import dump_scenario, logo_text
from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.cases import preset
from tests.scenario.test_report_fields import ABOUT, GOOD, REFUSED, UNPRINTABLE

CALL = ("--prepared-for", ABOUT["prepared_for"], "--prepared-by", ABOUT["prepared_by"], "--company", ABOUT["company"])
APP = "https://advisor.example.com"


@pytest.mark.parametrize("language", languages())
def test_names_logo_and_link_stand_in_the_pdf(run, tmp_path: Path, language: str) -> None:
    target, logo = tmp_path / "report.pdf", tmp_path / "logo.png"
    logo.write_bytes(GOOD["png"])
    named = (*CALL, "--logo", str(logo), "--app-address", APP, "--language", language)
    run("report", "chat", "-o", str(target), *named)
    page = PdfReader(BytesIO(target.read_bytes())).pages[0]
    text = page.extract_text()
    assert all(said in text for said in ABOUT.values())
    assert len(page.images) == 1
    (link,) = (note.get_object()["/A"]["/URI"] for note in page["/Annots"])
    assert link.startswith(f"{APP}/?lang={language}&preset=chat")


def test_names_and_link_stand_in_markdown_and_text(run, tmp_path: Path) -> None:
    target, case = tmp_path / "report.md", tmp_path / "case.yaml"
    run("report", "chat", "-o", str(target), *CALL, "--app-address", APP)
    text = target.read_text(encoding="utf-8")
    assert all(f": {said}" in text for said in ABOUT.values())
    assert f"(<{APP}/?lang=en&preset=chat" in text
    case.write_text(dump_scenario(preset("chat").with_(**ABOUT, logo=logo_text(GOOD["svg"]))), encoding="utf-8")
    printed = run("assess", str(case))[0]
    assert all(f": {said}\n" in printed for said in ABOUT.values())


def test_the_call_wins_over_the_case(run, tmp_path: Path) -> None:
    target, case = tmp_path / "report.md", tmp_path / "case.yaml"
    case.write_text(dump_scenario(preset("chat").with_(company="Old name")), encoding="utf-8")
    run("report", str(case), "-o", str(target), "--company", "New name")
    text = target.read_text(encoding="utf-8")
    assert "New name" in text
    assert "Old name" not in text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--logo", "missing.png"),
        ("--logo", "."),
        ("--app-address", "advisor"),
        ("--company", "x" * 121),
        ("--prepared-for", "a\x07b"),
    ],
)
def test_a_fault_is_told_by_its_option_before_anything_is_written(
    run, tmp_path: Path, option: str, value: str, language: str
) -> None:
    target = tmp_path / "report.pdf"
    printed = run("report", "chat", "-o", str(target), option, value, "--language", language, code=2)[1]
    assert printed.startswith(option)
    assert len(printed.splitlines()) == 1
    assert not target.exists()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", ["svg", "svg with letters"])
def test_letters_that_are_no_outlines_are_told(run, tmp_path: Path, kind: str, language: str) -> None:
    target, logo = tmp_path / "report.md", tmp_path / "logo.svg"
    logo.write_bytes(GOOD[kind])
    printed = run("report", "chat", "-o", str(target), "--logo", str(logo), "--language", language)[1]
    assert (Translator(language)("notice.logo_letters") in printed) == (kind == "svg with letters")
    assert target.exists()


@pytest.mark.parametrize("content", [*(bad for bad, _ in REFUSED.values()), *UNPRINTABLE.values()])
def test_a_bad_logo_is_one_clear_error(run, tmp_path: Path, content: bytes) -> None:
    target, logo = tmp_path / "report.pdf", tmp_path / "logo.png"
    logo.write_bytes(content)
    printed = run("report", "chat", "-o", str(target), "--logo", str(logo), code=2)[1]
    assert len(printed.splitlines()) == 1
    assert "--logo" in printed
    assert not target.exists()
