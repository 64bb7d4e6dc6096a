"""A table of another kind of result is told as such, instead of by what its columns are not."""

import pytest

from advisor.core.notices import InputError, Issue
from advisor.evidence.actual_months import actuals_template
from advisor.evidence.evaluation import evaluation_template
from advisor.evidence.pilot import pilot_template, read_pilot
from advisor.evidence.results_kinds import COLUMNS, of_kind
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text

TABLES = {"evaluation": evaluation_template(), "pilot": pilot_template(), "actuals": actuals_template()}


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("meant", COLUMNS)
def test_a_table_is_taken_where_its_columns_belong(kind: str, meant: str) -> None:
    content = TABLES[meant].encode()
    if kind == meant:
        assert of_kind(content, kind) == content
        return
    with pytest.raises(InputError) as raised:
        of_kind(content, kind)
    assert raised.value.issues == (Issue("file", "results_other_kind", {"results": meant, "command": meant}),)


def test_months_that_a_pilot_could_read_are_no_pilot() -> None:
    with pytest.raises(InputError):
        of_kind(b"month,requests,fallback_share\n4,610000,14%\n", "pilot")


@pytest.mark.parametrize(
    "content", [b"", b"requests,fallback_share\n500,12%\n", b"\xff\xfe\x00", b"[1, 2]", b"a,b\n1,2\n"]
)
def test_what_tells_nothing_is_left_to_its_reader(content: bytes) -> None:
    assert of_kind(content, "pilot") == content


def test_a_limit_is_written_as_a_number_and_a_count_is_asked_for_as_one() -> None:
    said = {}
    for name, cell in {"sequence_tokens": "9000000", "gpus": "1.5", "fallback_share": "140%"}.items():
        with pytest.raises(InputError) as raised:
            read_pilot(f"{name},memory_gib\n{cell},30\n".encode(), "pilot.csv")
        said[name] = issue_text(Translator("en"), raised.value.issues[0])
    assert said["sequence_tokens"].endswith("is not between 16 and 2,000,000.")
    assert said["gpus"].endswith("is not a whole number. Write a count.")
    assert said["fallback_share"].endswith("is not between 0% and 100%.")
