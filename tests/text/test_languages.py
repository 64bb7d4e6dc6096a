"""A language is one folder: begun with ten words it runs through every front end, in English where it says nothing."""

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.cli import main
from advisor.core.notices import DataError
from advisor.report.pdf import FONT_DIR, MISSING, code_points, printable
from advisor.scenario import QUESTIONS
from advisor.text.i18n import Translator, is_complete, translations
from advisor.text.languages import ENGLISH, LOCALES, catalogues, language_record, languages, nearest_language
from advisor.ui.fields import parsed_number, shown_number
from tests.cases import preset
from tests.text.stub import CODE, NOTICE, RECORD, WORDS, forget

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (ROOT / "advisor", ROOT / "pages", ROOT / "app.py")
ENGLISH_NOTICE = "The translation into Français is incomplete"
NEXT_STEPS = "Next steps"
"""Words that French has not."""


def squeezed(text: str) -> str:
    """What is read, whatever its case and however its lines break."""
    return re.sub(r"[\s\\]", "", html.unescape(text)).casefold()


def missing_from(text: str) -> list[str]:
    return [word for word in WORDS.values() if squeezed(word) not in squeezed(text)]


def times_told(text: str) -> int:
    return squeezed(text).count(squeezed(NOTICE))


@pytest.mark.usefixtures("french")
def test_a_folder_is_all_that_a_language_needs() -> None:
    assert languages() == ("en", "fr", "zh")
    assert nearest_language("fr-CA") == CODE
    t = Translator(CODE)
    assert t("verdict.no.label") == WORDS["verdict.no.label"]
    assert (t.number(12.5), t.number(1234)) == ("12,5", "1\u202f234")
    assert t.value(2, "hours", "USD") == "2 hours"
    assert t.has("report.footer")
    assert t.fact("Chat assistant") == WORDS["Chat assistant"]
    assert t.fact("A title as it was published") == "A title as it was published"
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        t("no.such.key")


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(
    ("typed", "number"), [("12,5", 12.5), ("5 000", 5000), ("1\u202f234,5", 1234.5), ("20k", 20_000)]
)
def test_a_number_is_read_as_its_language_writes_it(typed: str, number: float) -> None:
    question, t = QUESTIONS["daily_requests"], Translator(CODE)
    assert parsed_number(typed, question, t) == number
    assert parsed_number(shown_number(number, question.unit, t), question, t) == number


@pytest.mark.usefixtures("french")
def test_one_incomplete_language_leaves_the_others_complete() -> None:
    assert [code for code in languages() if not is_complete(code)] == [CODE]
    assert list(translations("Chat assistant")) == ["en", "fr", "zh"]
    assert list(translations("Data")) == ["en"]


def test_a_plain_word_stands_before_an_english_plural(french: Path) -> None:
    with (french / CODE / "words.po").open("a", encoding="utf-8") as file:
        file.write('msgid "unit.hours"\nmsgstr "heures"\n')
    assert Translator(CODE).value(2, "hours", "USD") == "2 heures"


def test_a_language_is_complete_with_every_word_and_every_text_of_the_data(french: Path) -> None:
    for path in catalogues(ENGLISH):
        shutil.copy(path, french / CODE)
    forget()
    assert not is_complete(CODE)
    shutil.copy(french / "zh" / "data.po", french / CODE)
    forget()
    assert is_complete(CODE)


@pytest.mark.usefixtures("french")
def test_the_command_line_speaks_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "chat", "--language", CODE]) == 0
    told = capsys.readouterr()
    assert missing_from(told.out) == []
    assert "Numbers that decided" in told.out
    assert told.err == f"{NOTICE}\n"


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_changes_nothing_for_other_languages(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "chat", "--language", language]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("french")
def test_the_pdf_speaks_it_in_a_font_that_has_its_letters(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    assert main(["report", "chat", "--language", CODE, "-o", str(target)]) == 0
    text = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(target), "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    assert missing_from(text) == []
    assert NEXT_STEPS in text
    assert times_told(text) == 1
    assert MISSING not in text


@pytest.mark.usefixtures("french")
def test_the_app_speaks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"], app.session_state["scenario"] = CODE, preset("chat")
    app.run()
    app.switch_page("pages/decide/answer.py").run()
    assert not app.exception
    assert not app.error
    (switch,) = (c for c in app.segmented_control if c.key == "language")
    assert switch.options == ["English", "Français", "中文"]
    parts = [e.value for e in (*app.title, *app.subheader, *app.markdown, *app.caption)]
    parts += [e.proto.body for e in app.get("html")]
    parts += [e.label for e in (*app.metric, *app.text_input)]
    text = "\n".join(str(part) for part in parts)
    assert missing_from(text) == []
    assert NEXT_STEPS in text
    assert times_told(text) == 1


@pytest.mark.usefixtures("french")
def test_the_notice_is_english_until_it_is_translated(capsys: pytest.CaptureFixture[str], french: Path) -> None:
    (french / CODE / "words.po").write_text('msgid "verdict.no.label"\nmsgstr "Non"\n', encoding="utf-8")
    assert main(["presets", "--language", CODE]) == 0
    assert capsys.readouterr().err.startswith(ENGLISH_NOTICE)


def test_a_record_that_is_wrong_is_named(french: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (french / CODE / "language.yaml").write_text(RECORD.replace("fr_FR", "xx_YY"), encoding="utf-8")
    with pytest.raises(DataError, match="Babel has no locale 'xx_YY'"):
        language_record(CODE)
    assert main(["presets", "--language", CODE]) == 2
    assert "locales/fr/language.yaml" in capsys.readouterr().err


def test_a_language_without_words_speaks_english(french: Path) -> None:
    (french / CODE / "words.po").unlink()
    assert Translator(CODE)("verdict.no.label") == Translator(ENGLISH)("verdict.no.label")


@pytest.mark.parametrize("language", ["fr", "zh"])
def test_a_file_that_is_no_catalogue_is_named(language: str, french: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (french / CODE / "words.po").write_text('msgid "a"\nmsgstr "b"\nnonsense\n', encoding="utf-8")
    assert main(["presets", "--language", language]) == 2
    assert "fr/words.po" in capsys.readouterr().err


@pytest.mark.parametrize("language", languages())
def test_every_language_has_what_its_record_names(language: str) -> None:
    import vl_convert

    record = language_record(language)
    assert "%" in vl_convert.get_time_format_locale(record.chart_dates)["dateTime"]  # type: ignore[arg-type]
    assert list(FONT_DIR.glob(f"{record.font.replace(' ', '')}-*.ttf"))
    assert printable(record.name) == record.name
    assert is_complete(language)


def test_every_folder_of_words_is_a_language() -> None:
    assert {path.parent.name for path in LOCALES.glob("*/*.po")} == set(languages())


def test_the_fonts_have_the_letters_of_western_europe() -> None:
    letters = "àâäæçéèêëîïñôœöùûüÿßáíóúãõ¿¡«»" + "ÀÂÄÆÇÉÈÊËÎÏÑÔŒÖÙÛÜ"
    assert {c for c in letters if ord(c) not in code_points("Regular")} == set()


def test_the_code_knows_no_language_but_english() -> None:
    """English is named once; every other language is found."""
    codes = "|".join(languages())
    named = re.compile(rf"""["']({codes})["']|_({codes})\b|\b({codes})_[A-Z]|\.({codes})\b""")
    files = [path for root in SOURCES for path in ([root] if root.is_file() else sorted(root.rglob("*.py")))]
    files.append(ROOT / "advisor" / "report" / "template.typ")
    found = {
        (path.relative_to(ROOT).as_posix(), match[0])
        for path in files
        for match in named.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == {("advisor/text/languages.py", '"en"')}
