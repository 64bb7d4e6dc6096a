"""Each format by hand: what is read, what is refused, where, and with which words."""

import io
import json
import re
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from advisor.core.notices import InputError
from advisor.datasets import json_faults
from advisor.datasets.conversations import Conversation, Unusable, conversation
from advisor.text.dataset_phrases import fault_rows
from advisor.text.i18n import Translator
from tests.datasets.made import chat, lines, measured, zipped

TURNS = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
READ: Mapping[str, tuple[dict[str, object], tuple[str, str, tuple[str, ...], str]]] = {
    "chat": ({"messages": TURNS}, ("chat", "", ("Hi",), "Hello")),
    "a system prompt": (chat("Hi", "Hello", "Be kind"), ("chat", "Be kind", ("Hi",), "Hello")),
    "parts": (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, TURNS[1]]},
        ("chat", "", ("Hi",), "Hello"),
    ),
    "several turns": ({"messages": [*TURNS, *TURNS]}, ("chat", "", ("Hi", "Hello", "Hi"), "Hello")),
    "Alpaca": (
        {"instruction": "Translate", "input": "Hi", "output": "Hallo"},
        ("alpaca", "", ("Translate\nHi",), "Hallo"),
    ),
    "Alpaca without input": (
        {"instruction": "Greet", "input": "", "output": "Hallo"},
        ("alpaca", "", ("Greet",), "Hallo"),
    ),
    "ShareGPT": (
        {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}], "system": "Be kind"},
        ("sharegpt", "Be kind", ("Hi",), "Hello"),
    ),
    "prompt and completion": ({"prompt": "2+2", "completion": "4"}, ("prompt_completion", "", ("2+2",), "4")),
    "a number as the answer": ({"prompt": "2+2", "completion": 4}, ("prompt_completion", "", ("2+2",), "4")),
    "pairs": ({"prompt": "Hi", "chosen": "Hello", "rejected": "No"}, ("preference", "", ("Hi",), "Hello")),
    "pairs of messages": (
        {"prompt": TURNS[:1], "chosen": TURNS[1:], "rejected": TURNS[1:]},
        ("preference", "", ("Hi",), "Hello"),
    ),
}
USER, ASSISTANT = TURNS
FAULTS: Mapping[str, tuple[object, tuple[str, str]]] = {
    "no object": (7, ("not_an_object", "7")),
    "other keys": ({"id": 1, "body": "x"}, ("unknown_keys", "id, body")),
    "no answer": ({"prompt": "Hi"}, ("unknown_keys", "prompt")),
    "no messages": ({"messages": []}, ("no_messages", "[]")),
    "messages as a text": ({"messages": "Hi"}, ("no_messages", '"..."')),
    "a message as a text": ({"messages": ["Hi"]}, ("bad_message", '"..."')),
    "a content of another kind": ({"messages": [{"role": "user", "content": {}}]}, ("bad_message", "user")),
    "a role nobody knows": ({"messages": [{"role": "narrator", "content": "x"}]}, ("unknown_role", "narrator")),
    "an empty answer": ({"messages": [USER, {"role": "assistant", "content": " "}]}, ("empty_content", "assistant")),
    "an empty prompt": ({"prompt": "", "completion": "4"}, ("empty_content", "prompt")),
    "the user last": ({"messages": [*TURNS, USER]}, ("last_not_assistant", "user")),
    "the answer first": ({"messages": [ASSISTANT, USER, ASSISTANT]}, ("roles_out_of_order", "assistant")),
    "two questions": ({"messages": [USER, USER, ASSISTANT]}, ("roles_out_of_order", "user, user")),
    "a late system prompt": (
        {"messages": [USER, {"role": "system", "content": "x"}, ASSISTANT]},
        ("system_in_the_middle", "2"),
    ),
}


@pytest.mark.parametrize("name", READ)
def test_a_record_is_read(name: str) -> None:
    record, (kind, system, before, answer) = READ[name]
    found = conversation(record)
    assert isinstance(found, Conversation)
    assert (found.kind, found.system, found.before, found.answer) == (kind, system, before, answer)


@pytest.mark.parametrize("name", FAULTS)
def test_a_record_is_refused(name: str) -> None:
    record, (code, read) = FAULTS[name]
    assert conversation(record) == Unusable(code, read)


def test_a_call_of_a_tool_is_an_answer() -> None:
    call = {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "weather"}}]}
    turns = [USER, call, {"role": "tool", "content": "rain"}, ASSISTANT]
    found = conversation({"messages": turns})
    assert isinstance(found, Conversation)
    assert "weather" in found.before[1]
    assert found.messages == 4


RECORDS = [chat("What is two plus two?", "Four."), chat("What is three plus three?", "Six.")]


def parquet() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(RECORDS), file)
    return file.getvalue()


FILES: Mapping[str, tuple[bytes | str, str, str]] = {
    "JSON lines": (lines(RECORDS), "set.jsonl", "line"),
    "with blank lines and a mark": ("\ufeff\n" + lines(RECORDS).replace("\n", "\n\n"), "set.jsonl", "line"),
    "UTF-16": (lines(RECORDS).encode("utf-16"), "set.jsonl", "line"),
    "a JSON array": (json.dumps(RECORDS, indent=1), "set.json", "record"),
    "gzip": (zipped(lines(RECORDS)), "set.jsonl.gz", "line"),
    "Parquet": (parquet(), "set.parquet", "record"),
    "CSV": ('prompt,completion\n"What is two\nplus two?",Four.\nWhat is three?,Three.\n', "set.csv", "line"),
    "semicolons": ("Prompt;Answer;id\nWhat is two?;Two.;1\nWhat is three?;Three.;2\n", "set.csv", "line"),
    "tabs": ("instruction\toutput\nGreet.\tHello.\nPart.\tBye.\n", "set.tsv", "line"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read(name: str) -> None:
    content, file, place = FILES[name]
    found = measured(content, file)
    assert (found.records, found.examples, found.place, found.faults) == (2, 2, place, ())


REFUSED: Mapping[str, tuple[bytes | str, str, str]] = {
    "nothing": ("", "set.jsonl", "dataset_empty"),
    "blank lines": ("\n \n", "set.jsonl", "dataset_empty"),
    "a spreadsheet": (b"PK\x03\x04rest", "set.xlsx", "dataset_other_file"),
    "a table of something else": ("a,b\n1,2\n", "set.csv", "dataset_unknown"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "set.png", "dataset_no_text"),
    "half of a gzip": (zipped(lines(RECORDS))[:40], "set.jsonl.gz", "dataset_damaged"),
    "a gzip whose end is lost": (zipped(lines(RECORDS * 2_000))[:-400], "set.jsonl.gz", "dataset_broken"),
    "half of a Parquet": (parquet()[:300], "set.parquet", "dataset_damaged"),
    "half of an array": (json.dumps(RECORDS)[:-9], "set.json", "dataset_array_open"),
    "an array without a comma": ("[{} {}]", "set.json", "dataset_array_broken"),
    "an array of arrays": ("[" * 100_000, "set.json", "dataset_array_too_deep"),
    "an open quote": ('prompt,completion\n"a,b\n', "set.csv", "table_quote_open"),
    "a quote in a cell": ('prompt,completion\n"a"b,c\n', "set.csv", "table_quote_inside"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused(name: str) -> None:
    content, file, code = REFUSED[name]
    with pytest.raises(InputError) as refused:
        measured(content, file)
    assert [(issue.field, issue.code) for issue in refused.value.issues] == [("file", code)]


def test_a_heading_is_told_without_the_end_of_its_line() -> None:
    with pytest.raises(InputError) as refused:
        measured("Frage;Antwort\r\na;b\r\n", "set.csv")
    assert refused.value.issues[0].params["read"] == "Frage;Antwort"


NO_JSON: Mapping[str, tuple[str, int, str]] = {
    '{"prompt": }': ("value", 12, "}"),
    '{"prompt": ': ("value", 12, ""),
    "{prompt: 1}": ("name", 2, "p"),
    '{"prompt" 1}': ("colon", 11, "1"),
    '{"prompt": "a" "b"}': ("comma", 16, '"'),
    '{"prompt": "a': ("string", 12, '"'),
    '{"prompt": "a\tb"}': ("control", 14, "U+0009"),
    '{"prompt": "\\x"}': ("escape", 13, "\\"),
    "{} {}": ("extra", 4, "{"),
    f'{{"a": {"1" * 5_000}}}': ("number", 0, ""),
    '{"a": ' * 100_000: ("depth", 0, ""),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("line", NO_JSON, ids=lambda line: line[:20])
def test_what_is_no_json_is_told_by_column_in_words_of_the_reader(line: str, language: str) -> None:
    found = measured(f"{lines(RECORDS)}{line}\n")
    [fault] = found.faults[0].first
    assert (fault.line, fault.code) == (3, "not_json")
    assert (fault.reason, fault.column, fault.read) == NO_JSON[line]
    read = fault_rows(found, Translator(language))[0][3]
    assert "3" in read
    assert str(fault.column or "") in read
    if language == "zh":
        assert not re.search("[a-z]{3}", read)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_reason_has_words_of_its_own(language: str) -> None:
    t = Translator(language)
    said = {t(f"dataset.json.{code}", line=1, column=2, sign="x") for code in json_faults.CODES}
    assert len(said) == len(json_faults.CODES)
    assert not any("dataset.json" in each for each in said)


def test_faults_are_told_by_line() -> None:
    spoilt = [*RECORDS, {"messages": [USER]}, {"messages": []}]
    content = lines(spoilt).encode() + b'{"messages": \n' + b'{"prompt": "\xff"}\n'
    found = measured(content)
    told = {fault.code: [(each.line, each.read) for each in fault.first] for fault in found.faults}
    assert told == {
        "last_not_assistant": [(3, "user")],
        "no_messages": [(4, "[]")],
        "not_json": [(5, "")],
        "not_utf8": [(6, "0xFF")],
    }
    assert (found.records, found.examples, found.faulty) == (6, 2, 4)
