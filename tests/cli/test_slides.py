"""Slides on the command line: in each language, on a template, and refused by the name of the option."""

from io import BytesIO
from pathlib import Path

import pytest
from pptx import Presentation

from advisor.text.i18n import Translator
from advisor.text.languages import languages
from tests.report.test_slides import template


@pytest.mark.parametrize("language", languages())
def test_slides_are_written_in_the_language_asked_for(run, tmp_path: Path, language: str) -> None:
    target = tmp_path / "case.pptx"
    run("report", "chat", "-o", str(target), "--language", language, "--company", "Northwind")
    titles = [slide.shapes.title.text for slide in Presentation(BytesIO(target.read_bytes())).slides]
    assert titles[1] == Translator(language)("slides.sure")


def test_slides_take_a_template(run, tmp_path: Path) -> None:
    target, own = tmp_path / "case.pptx", tmp_path / "own.pptx"
    own.write_bytes(template())
    run("report", "chat", "-o", str(target), "--template", str(own))
    written = Presentation(BytesIO(target.read_bytes()))
    assert written.slide_width == Presentation(BytesIO(template())).slide_width


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("output", "given"), [("case.pptx", "own.pptx"), ("case.pptx", "gone.pptx"), ("case.pdf", "own.pptx")]
)
def test_a_faulty_template_is_told_by_its_option(run, tmp_path: Path, output: str, given: str, language: str) -> None:
    (tmp_path / "own.pptx").write_text("not a presentation")
    call = ("-o", str(tmp_path / output), "--template", str(tmp_path / given), "--language", language)
    printed = run("report", "chat", *call, code=2)[1]
    assert printed.startswith("--template")
    assert len(printed.splitlines()) == 1
    assert not (tmp_path / output).exists()
