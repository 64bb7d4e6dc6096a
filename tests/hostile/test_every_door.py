"""What people type, paste and hand over, at every door: understood, or refused by its field; never another number.

The inputs are drawn anew from one seed, from another with ``HOSTILE_SEED``. What a text can mean is told without the
product's reader: its digits in their order, times a power of ten.
"""

import io
import os
import random
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from math import isfinite
from pathlib import Path

import pytest

from advisor.assumptions.given import case_of_row, read_case
from advisor.catalog.data_files import OTHER_ROOMS
from advisor.catalog.loader import DATA_ROOT
from advisor.catalog.reader import build, parse_yaml
from advisor.cli import main
from advisor.cli.schemas import KINDS, kind_of
from advisor.core.notices import DataError, InputError
from advisor.engineering.prediction import FitVerdict, Prediction
from advisor.engineering.validation.predictions import predict
from advisor.engineering.validation.tables import TABLES, read_table
from advisor.scenario import QUESTIONS, Question, Scenario
from advisor.scenario.reading import FINE_UNITS, SHARES, Notation, read_number
from advisor.text.i18n import Translator
from advisor.text.labels import labels
from advisor.text.languages import languages
from advisor.text.phrases import issue_text
from advisor.ui import address, chosen
from tests.cases import catalog
from tests.cli.conftest import parser_in

SEED = os.environ.get("HOSTILE_SEED", "20261128")
ROUNDS = {"form": 9_000, "file": 3_500, "address": 1_500, "row": 2_000, "table": 1_200, "data": 2_500, "path": 300}
NEED = {"daily_requests": "20000", "quality_need": "normal", "budget": "50000"}
ALLOWED = {"daily_requests": 20_000.0, "quality_need": "normal", "budget": 50_000.0}
NUMBERS = [
    q for q in QUESTIONS.values() if q.is_number and q.id not in NEED and q.low is not None and q.high is not None
]
MARKS = " .,'_-+eE%$\u20ac\u00a5kKmM\u4e07\u4ebf\uff05\uff10\uff11\u0663\u2212\u00a0\u2009\u202f()/:\t\0\u200bx"
CURRENCIES = {"$": "USD", "USD": "USD", "\u20ac": "EUR", "EUR": "EUR", "\u00a5": "CNY", "\uffe5": "CNY"}
"""Whose currency a sign or a code beside an amount is, of those that a case is drawn in."""
PERCENT, MONEY = ("%", " %", "\uff05"), ("$", "US$", "USD ", "\u20ac", "\u00a5", "EUR ")
ONE_GROUP = re.compile(r"(?<![\d.])\d{1,3}[.,]\d{3}(?![\d.])")
OF_THE_FORM = Notation(".", ",", in_percent=True)
"""Of English and of Chinese."""
JUNK = (
    "",
    "-",
    "nan",
    "inf",
    "1e999",
    "None",
    "null",
    "true",
    "[]",
    "{}",
    "1/2",
    "12:30",
    "0x10",
    "==",
    "1;2",
    "a" * 300,
)
NAMES = (
    "\u0000",
    "../../etc/passwd",
    "a" * 5_000,
    "caf\u00e9\n.yaml",
    "con",
    "-",
    "--",
    "*",
    "~",
    "dir/",
    "x\ty",
    "\u202etxt",
    ".",
)


def spelled(rng: random.Random, number: float) -> str:
    """A number as somebody writes it."""
    whole, text = f"{number:.0f}", f"{number:.10g}"
    grouped = f"{number:,.10g}" if "e" not in text else text
    forms: tuple[Callable[[], str], ...] = (
        lambda: text,
        lambda: whole if float(whole) == number else text,
        lambda: grouped,
        lambda: grouped.replace(",", rng.choice((" ", "'", "\u2019", "_", "\u00a0", "\u202f", "."))),
        lambda: text.replace(".", ","),
        lambda: f"{number / 1e3:.12g}{rng.choice('kK')}",
        lambda: f"{number / 1e4:.12g}\u4e07",
        lambda: f"{number / 1e6:.12g}{rng.choice('mM')}",
        lambda: f"{number * 100:.12g}{rng.choice(PERCENT)}",
        lambda: f"{rng.choice(MONEY)}{grouped}",
        lambda: "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text),
        lambda: f"  {text}\n",
        lambda: f"+{text}",
        lambda: f"{number:.9e}",
    )
    return rng.choice(forms)()


def damaged(rng: random.Random, text: str) -> str:
    """The text with a few characters put in, taken out or doubled."""
    for _ in range(rng.randint(1, 3)):
        place = rng.randint(0, len(text))
        kind = rng.randrange(3)
        added = rng.choice(MARKS) if kind == 0 else text[place : place + 1] * 2 if kind == 1 else ""
        text = text[:place] + added + text[place + 1 if kind else place :]
    return text


def number_text(rng: random.Random, question: Question) -> tuple[str, float | None]:
    """What somebody answers to a question, and the number that is meant; ``None`` where nobody can say."""
    low, high = float(question.low or 0), min(float(question.high or 1e6), 1e7)
    number = (
        float(round(rng.uniform(low, high), rng.choice((0, 0, 1, 2))))
        if rng.random() < 0.7
        else rng.choice((low, high))
    )
    if rng.random() < 0.1:
        return rng.choice(JUNK), None
    text = spelled(rng, number)
    if rng.random() < 0.5:
        return damaged(rng, text), None
    is_decimal = question.unit in FINE_UNITS and ONE_GROUP.search(text)  # 331.352 a request has decimals, as prices do
    return text, None if is_decimal else number


def keeps_the_digits(text: str, number: float) -> bool:
    """Whether a number is made of the digits of a text in their order, wherever its decimals begin."""
    plain = unicodedata.normalize("NFKC", text.replace("\u200b", "").replace("\u2212", "-"))
    plain = re.sub(r"(?<=[\d.])[eE][+-]?\d+", "", plain)
    plain = re.sub(r"/ ?1 ?m(?![a-z])", "", plain, flags=re.IGNORECASE)  # a price of a million tokens
    digits = "".join(str(unicodedata.decimal(c)) for c in plain if c.isdecimal()).strip("0")
    made = "".join(map(str, Decimal(repr(abs(number))).as_tuple().digits)).strip("0")
    return digits == made


def check_refusal(error: InputError, fields: Collection[str] | None = None) -> None:
    """Each fault names a field, one of ``fields`` if given, and has words in every language."""
    assert error.issues
    for issue in error.issues:
        assert issue.field
        assert fields is None or issue.field in fields
        for language in languages():
            assert issue_text(Translator(language), issue).strip()


def rounds(door: str) -> Iterator[random.Random]:
    rng = random.Random(f"{SEED} {door}")
    for _ in range(ROUNDS[door]):
        yield rng


def check_number(name: str, said: tuple[str, float | None], value: object) -> None:
    """An answer lies in its bounds and is the number that was meant, at least made of the digits that were written."""
    question, (text, meant) = QUESTIONS[name], said
    if value is None:
        return
    assert isinstance(value, float)
    assert question.low is None or value >= question.low
    assert question.high is None or value <= question.high
    check_meaning(name, text, value, meant)


def drawn_in(rng: random.Random, said: dict[str, str]) -> tuple[dict[str, str], str]:
    """The answers with a currency of the case among them, first or last, and that currency."""
    currency = rng.choice(("USD", "CNY", "EUR"))
    return ({"currency": currency, **said} if rng.random() < 0.5 else {**said, "currency": currency}), currency


def check_currency(name: str, text: str, currency: str) -> None:
    """An answer that was taken names no other currency than the case's."""
    other = [code for sign, code in CURRENCIES.items() if sign in text.upper() and code != currency]
    assert not other or "money" not in QUESTIONS[name].unit, f"{name}: {text!r} in {currency}"


def check_meaning(name: str, text: str, value: float, meant: float | None) -> None:
    told = f"{name}: {text!r} became {value!r}"
    assert keeps_the_digits(text, value), told
    assert meant is None or value == pytest.approx(meant, rel=1e-6), told


def test_the_form() -> None:
    for rng in rounds("form"):
        question = rng.choice(NUMBERS)
        text, meant = number_text(rng, question)
        try:
            value = read_number(text, question, rng.choice(("USD", "CNY", "EUR")), OF_THE_FORM)
        except InputError as error:
            check_refusal(error, {question.id})
            continue
        if value is not None and isfinite(value):
            in_percent = question.unit in SHARES and unicodedata.normalize("NFKC", text).strip()[-1:] != "%"
            check_meaning(question.id, text, value, meant / 100 if meant is not None and in_percent else meant)


def test_a_scenario_file() -> None:
    for rng in rounds("file"):
        asked = {q.id: number_text(rng, q) for q in rng.sample(NUMBERS, 2)}
        lines = [f"{name}: {value}" for name, value in NEED.items()]
        lines += [f'{name}: "{text}"' if rng.random() < 0.5 else f"{name}: {text}" for name, (text, _) in asked.items()]
        if rng.random() < 0.3:
            lines[rng.randrange(len(lines))] = damaged(rng, rng.choice(lines))
        rng.shuffle(lines)
        try:
            case, _ = read_case("\n".join(lines).encode("utf-8", "surrogatepass"), catalog(), labels())
        except InputError as error:
            check_refusal(error)
            continue
        for name, value in case.answers().items():
            text = next((line.split(":", 1)[1] for line in lines if line.startswith(f"{name}:")), None)
            if text is not None and QUESTIONS[name].is_number:
                check_number(name, asked[name] if name in asked and asked[name][0] in text else (text, None), value)


def test_an_address_loses_none_of_the_other_answers() -> None:
    for rng in rounds("address"):
        asked = {q.id: number_text(rng, q) for q in rng.sample(NUMBERS, 2)}
        params = (
            NEED
            | {name: text for name, (text, _) in asked.items()}
            | ({"ranges": damaged(rng, '{"budget":[1,2]}')} if rng.random() < 0.2 else {})
        )
        params |= {rng.choice((*address.TRIED, *chosen.READERS, "preset", "field")): damaged(rng, '{"rows":[[1]]}')}
        params, currency = drawn_in(rng, params)
        arrived = address.read(params, catalog(), lambda case: None)
        kept = arrived.case.answers()
        for name, value in ALLOWED.items():
            assert kept[name] == value
        named = {issue.field for issue in arrived.issues}
        for name, (text, _) in asked.items():
            assert name in kept or name in named or not text.strip("\0 \t\n\u200b") or text == address.CLEARED, (
                name,
                text,
            )
            check_number(name, asked[name], kept.get(name))
            if name in kept:
                check_currency(name, text, currency)


def test_a_row_of_a_table_of_cases() -> None:
    for rng in rounds("row"):
        asked = {q.id: number_text(rng, q) for q in rng.sample(NUMBERS, 2)}
        cells, currency = drawn_in(rng, NEED | {name: text for name, (text, _) in asked.items() if text})
        try:
            case: Scenario = case_of_row(cells, catalog(), labels())
        except InputError as error:
            check_refusal(error, cells)
            continue
        for name, said in asked.items():
            check_number(name, said, getattr(case, name))
            if getattr(case, name) is not None:
                check_currency(name, said[0], currency)


def test_a_table_of_measurements() -> None:
    columns = (
        "row_id",
        "method",
        "params_b",
        "micro_batch",
        "seq_len",
        "num_gpus",
        "sharding",
        "optimizer",
        "notes",
        "gpu",
    )
    for rng in rounds("table"):
        table = TABLES[rng.choice(("memory", "speed"))]
        rows = [
            ["R1", "lora", "8.03", "1", "2048", "1", "none", "adamw", "", "NVIDIA A100-SXM4-80GB"],
            [
                "R2",
                rng.choice(("full", "qlora", "dpo lora", "grpo", "")),
                "70",
                "2",
                "4096",
                "8",
                "fsdp",
                "",
                "",
                "H100 SXM",
            ],
        ]
        place = rng.randrange(1, len(columns))
        rows[1][place] = damaged(rng, rows[1][place]) if rng.random() < 0.7 else rng.choice(JUNK)
        sign = rng.choice(",;\t")
        text = "\n".join(sign.join(f'"{cell}"' if sign in cell else cell for cell in row) for row in [columns, *rows])
        content = (damaged(rng, text) if rng.random() < 0.2 else text).encode(
            rng.choice(("utf-8", "utf-16", "gb18030")), "replace"
        )
        try:
            read = read_table(content, table)
            found = predict(table, read.rows, catalog())
        except InputError as error:
            check_refusal(error)
            continue
        assert len(found) == len(read.rows)
        for value in found:
            assert (
                isinstance(value, str)
                or (isinstance(value, FitVerdict) and 0 <= value.probability <= 1)
                or (isinstance(value, Prediction) and 0 < value.low <= value.middle <= value.high)
            )


def data_files() -> list[Path]:
    files = [path for path in DATA_ROOT.rglob("*.yaml") if path.relative_to(DATA_ROOT).parts[0] not in OTHER_ROOMS]
    return sorted(path for path in files if path.stat().st_size < 12_000)


def test_a_data_file() -> None:
    files = [(path, path.read_text(encoding="utf-8").splitlines()) for path in data_files()]
    for rng in rounds("data"):
        path, lines = rng.choice(files)
        start = rng.randrange(len(lines))
        spoilt = lines[:start] + [damaged(rng, lines[start])] * rng.randint(0, 2) + lines[start + 1 :]
        label = path.relative_to(DATA_ROOT).as_posix()
        try:
            raw = parse_yaml("\n".join(spoilt).encode("utf-8", "surrogatepass"), label)
            build(KINDS[kind_of(label)].record, raw, label, "whole file")
        except DataError as error:
            told = str(error)
        else:
            told = label
        assert label in told


@pytest.mark.parametrize("command", ["assess", "report", "portfolio", "predict"])
def test_a_path(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("advisor.cli.build_parser", lambda t: parser_in(t.language))
    (tmp_path / "dir").mkdir()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    for rng in rounds("path"):
        name = damaged(rng, rng.choice(NAMES)) if rng.random() < 0.7 else rng.choice(NAMES)
        more = {"report": ["-o", str(tmp_path / "r.md")], "predict": ["memory"]}.get(command, [])
        arguments = [command, *more, name] if command == "predict" else [command, name, *more]
        try:
            code = main(arguments)
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 1
        told = capsys.readouterr()
        assert code in (0, 2), name
        assert code == 0 or told.err.strip(), name
        assert "Traceback" not in told.err
