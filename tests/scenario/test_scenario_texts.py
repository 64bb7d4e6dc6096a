"""Scenario files as editors, chats, spreadsheets and older habits leave them: read, or refused by line and reason."""

import json

import pytest

from advisor.assumptions.given import case_of_row, read_case
from advisor.core.notices import InputError
from advisor.decision.advice import preset_scenario
from advisor.scenario import Scenario
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.text.languages import languages
from advisor.text.phrases import issue_text
from advisor.ui import address
from tests.cases import catalog
from tests.cli.conftest import english, run  # noqa: F401  the command line in process

NEED = "daily_requests: 20000\nquality_need: high\nbudget: 40000\n"
NBSP = "\u00a0"


def read(content: str | bytes) -> Scenario:
    return read_case(content, catalog(), labels())[0]


SAME: dict[str, str | bytes] = {
    "a byte order mark": b"\xef\xbb\xbf" + NEED.encode(),
    "UTF-16": NEED.encode("utf-16"),
    "UTF-16 without its mark": NEED.encode("utf-16-le"),
    "a Windows text": (NEED + "# Gr\u00f6\u00dfe\n").encode("cp1252"),
    "a Chinese Windows text": (NEED + "# \u5ba2\u670d\u52a9\u624b\u8bd5\u7528\n").encode("gb18030"),
    "Windows and Mac line ends": "daily_requests: 20000\r\nquality_need: high\rbudget: 40000\r\n",
    "a tab after the colon": "daily_requests:\t20000\nquality_need: high\t# quite\nbudget: 40000\n",
    "no-break spaces as indentation": "".join(f"{NBSP}{line}\n" for line in NEED.splitlines()),
    "a code block of a chat": f"```yaml\n{NEED}```\n",
    "marks of a document": f"---\n{NEED}...\n",
    "an anchor": "daily_requests: &volume 20000\nquality_need: high\nbudget: 40000\n",
    "a text of two lines": "daily_requests: |\n  20000\nquality_need: high\nbudget: 40000\n",
    "curly quotation marks": "daily_requests: \u201c20000\u201d\nquality_need: high\nbudget: '40000'\n",
    "leading zeros": "daily_requests: 0020000\nquality_need: high\nbudget: 040000\n",
    "labels in Chinese": (
        "\u6bcf\u65e5\u8bf7\u6c42\u91cf: 2\u4e07\n\u8d28\u91cf\u8981\u6c42: \u9ad8\n\u9884\u7b97: 4\u4e07\n"
    ),
    "units in the names": "Daily requests (k): 20\nQuality need: High\nBudget (USD): 40,000\n",
    "JSON": '{"daily_requests": 20000, "quality_need": "high", "budget": 40000}',
    "JSON with a comma too many": '{"daily_requests": "20k", "quality_need": "High", "budget": "40,000",}',
    "JSON as Python prints it": "{'daily_requests': 20000, 'quality_need': 'high', 'budget': 40000}",
    "JSON in UTF-16": '{"daily_requests": 2e4, "quality_need": "high", "budget": 40000}'.encode("utf-16"),
}


@pytest.mark.parametrize("dress", SAME)
def test_a_case_is_the_same_in_every_dress(dress: str) -> None:
    assert read(SAME[dress]) == read(NEED)


@pytest.mark.parametrize(
    ("encoding", "title"),
    [("cp1252", "Gr\u00f6\u00dfe"), ("gb18030", "\u5ba2\u670d\u52a9\u624b\u8bd5\u7528"), ("utf-16", "\u5ba2\u670d")],
)
def test_another_encoding_is_told(encoding: str, title: str) -> None:
    case, told = read_case(f"{NEED}title: {title}\n".encode(encoding), catalog(), labels())
    assert case.title == title
    assert [(issue.code, issue.params["encoding"]) for issue in told] == [("file_read_as", encoding.upper())]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        *((word, "yes") for word in ("yes", "Yes", "y", "on", "ON", "true", "1", "\u662f", "\u662f\u7684", "\u6709")),
        *((word, "no") for word in ("no", "No", "n", "off", "False", "0", "\u5426", "\u4e0d\u662f", "\u6ca1\u6709")),
    ],
)
def test_yes_and_no_are_what_they_say(said: str, answer: str) -> None:
    for text in (f"{NEED}prompt_tried: {said}\n", json.dumps({"preset": "extraction", "prompt_tried": said})):
        assert read(text).prompt_tried == answer
    assert case_of_row({"preset": "extraction", "prompt_tried": said}, catalog()).prompt_tried == answer


FAULTS = {
    # indentation and tabs (F19)
    "a tab before a question": ("\tdaily_requests: 20000\n", "file", "tab_in_yaml", 1),
    "a tab as indentation": (f"{NEED}ranges:\n\tbudget: [1, 2]\n", "file", "tab_in_yaml", 5),
    "a tab before a dash": (f"{NEED}ranges:\n  budget:\n\t- 1\n", "file", "tab_in_yaml", 6),
    "a question further out": ("  daily_requests: 20000\n quality_need: high\n", "file", "indent_in_yaml", 2),
    "a question further in": ("daily_requests: 20000\n  quality_need: high\n", "file", "indent_in_yaml", 2),
    # between question and answer
    "no space after the colon": ("daily_requests:20000\nquality_need:high\n", "file", "colon_in_yaml", 1),
    "one line without it": ("daily_requests: 20000\nbudget:40000\nquality_need: high\n", "file", "colon_in_yaml", 2),
    "no colon at all": ("daily_requests: 20000\nbudget 40000\nquality_need: high\n", "file", "colon_in_yaml", 2),
    "a Chinese colon": (
        "\u6bcf\u65e5\u8bf7\u6c42\u91cf\uff1a2\u4e07\n\u9884\u7b97\uff1a4\u4e07\n",
        "file",
        "colon_in_yaml",
        1,
    ),
    "a no-break space after it": (f"daily_requests:{NBSP}20000\nbudget:{NBSP}4\n", "file", "colon_in_yaml", 1),
    "equals": ("daily_requests = 20000\nquality_need = high\n", "file", "colon_in_yaml", 1),
    # signs that YAML takes for its own
    "a colon in a text": (f"{NEED}title: Mail: triage\n", "file", "text_in_yaml", 4),
    "a text that begins with @": (f"{NEED}title: @home\n", "file", "text_in_yaml", 4),
    "a text that begins with %": ("daily_requests: 1\nfallback_share: %15\n", "file", "text_in_yaml", 2),
    "a reference to nothing": (f"{NEED}title: *mail\n", "file", "text_in_yaml", 4),
    "a quotation mark left open": (f'{NEED}title: "Mail triage\n', "file", "quote_in_yaml", 4),
    "a bracket left open": (f"{NEED}title: [Mail\n", "file", "quote_in_yaml", 4),
    # what stands twice
    "a second case": (f"{NEED}---\n{NEED}", "file", "cases_in_yaml", 4),
    "a question twice": (f"{NEED}budget: 7\n", "budget", "written_twice", 4),
    "a question twice in JSON": ('{"budget": 1,\n "budget": 2}', "budget", "written_twice", 2),
    # what other YAML reads as a number
    "sexagesimal": ("daily_requests: 1:30\nquality_need: high\nbudget: 4\n", "daily_requests", "not_a_number", None),
    "hexadecimal": ("daily_requests: 0x10\nquality_need: high\nbudget: 4\n", "daily_requests", "not_a_number", None),
    "a day": ("daily_requests: 2026-11-05\nquality_need: high\nbudget: 4\n", "daily_requests", "not_a_number", None),
    "thousands by a point": (NEED.replace("20000", "20.000"), "daily_requests", "two_readings", None),
    "the same in JSON": (
        '{"daily_requests": 20.000, "quality_need": "high", "budget": 4}',
        "daily_requests",
        "two_readings",
        None,
    ),
    # days
    "a day of two readings": (f"{NEED}as_of: 05/11/2026\n", "as_of", "not_a_date", None),
    "a day that is none": (f"{NEED}as_of: 2026-02-30\n", "as_of", "not_a_date", None),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_named_with_its_line(fault: str) -> None:
    text, field, code, line = FAULTS[fault]
    with pytest.raises(InputError) as caught:
        read(text)
    issue = caught.value.issues[0]
    assert (issue.field, issue.code, issue.params.get("line")) == (field, code, line)
    said = [issue_text(Translator(language), issue) for language in languages()]
    assert len({*said}) == len(said)
    assert all(line is None or str(line) in each for each in said)


def test_one_question_under_two_names_is_told_with_both() -> None:
    with pytest.raises(InputError) as caught:
        read(f"{NEED}Budget (k$): 7\n")
    (issue,) = caught.value.issues
    assert (issue.field, issue.code, issue.params["names"]) == ("budget", "answered_twice", "budget, Budget (k$)")


# -- presets (F20) ---------------------------------------------------------------------------------------------

OVER = {"daily_requests": "60k", "Budget (k$)": "40"}


@pytest.mark.parametrize("preset", ["extraction", "Customer service", "code_completion"])
@pytest.mark.parametrize("over", [{}, OVER, {**OVER, "fallback_share": "~"}])
def test_own_answers_go_over_those_of_the_preset_at_every_door(preset: str, over: dict[str, str]) -> None:
    said = {**over, "preset": preset}
    cases = [
        read("".join(f"{name}: {value}\n" for name, value in said.items())),
        read(json.dumps({name: None if value == "~" else value for name, value in said.items()})),
        address.read(said, catalog(), lambda _: None).case,
    ]
    assert cases[0].preset is not None
    plain = preset_scenario(cases[0].preset, catalog())
    changes = {"daily_requests": 60_000, "budget": 40_000} if over else {}
    changes |= {"fallback_share": None} if "fallback_share" in over else {}
    assert all(case == Scenario.from_answers({**plain.answers(), **changes}) for case in cases)
    if "fallback_share" not in over:  # an empty cell of a table leaves the preset's answer
        assert case_of_row(dict(said), catalog()) == cases[0]


@pytest.mark.parametrize("said", ["nonsense", "extracton", "001", "[extraction, chat]", "{name: extraction}", "2"])
@pytest.mark.parametrize("language", languages())
def test_a_preset_that_is_none_is_told_with_every_other_fault(run, tmp_path, language: str, said: str) -> None:  # noqa: F811
    path = tmp_path / "case.yaml"
    path.write_text(f"preset: {said}\nbudget: 40.000\nserving_gpu: H100\n")
    _, err = run("assess", str(path), "--language", language, code=2)
    assert len(err.splitlines()) == 3
    assert all(name in err for name in ("preset", "budget", "serving_gpu"))
