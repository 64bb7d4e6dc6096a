"""What teams measured, at each of its doors: logs, training sets, tables of results, prices of their own.

``HOSTILE_ROUNDS`` times as many inputs are drawn as a quick run has.
"""

import io
import json
import math
import os
import random
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from advisor.catalog.loader import load_catalog
from advisor.cli import main
from advisor.core.notices import DataError, InputError
from advisor.evidence.actual_months import COLUMNS as MONTH_COLUMNS
from advisor.evidence.actual_months import actuals_template, read_actuals
from advisor.evidence.actuals import compare_actuals
from advisor.evidence.evaluation import evaluate_scores, read_scores
from advisor.evidence.pilot import COLUMNS as PILOT_COLUMNS
from advisor.evidence.pilot import judge_pilot, pilot_template, read_pilot
from advisor.evidence.results_table import ResultTable
from advisor.price_sources.exchange_rates import exchange_rates
from advisor.usage.intake import Wish, measured, wish_of
from advisor.usage.summary import dump_profile, read_profile
from tests.cases import DAY, catalog
from tests.datasets.made import chat
from tests.datasets.made import measured as measured_set
from tests.hostile.test_every_door import JUNK, check_refusal, damaged, keeps_the_digits, spelled
from tests.usage import test_hostile_files as logs

SEED = os.environ.get("HOSTILE_SEED", "20261129")
AFTER = date(2026, 11, 28)
TIMES = int(os.environ.get("HOSTILE_ROUNDS", "1"))
ROUNDS = {"usage": 10, "dataset": 100, "evaluation": 200, "pilot": 60, "actuals": 80, "prices": 300, "own": 4}
RATES = Path(__file__).resolve().parents[1] / "fixtures" / "price_sources" / "eurofxref-daily.xml"
MAPPING = "ts: created\ninput_tokens: prompt_tokens\noutput_tokens: completion_tokens\ntime_zone: Asia/Shanghai\n"


def rounds(door: str) -> Iterator[random.Random]:
    rng = random.Random(f"{SEED} {door}")
    for _ in range(ROUNDS[door] * TIMES):
        yield rng


def wishes(rng: random.Random) -> Wish:
    """How somebody wants a log to be read, rightly or not."""
    form = rng.choice((None, None, None, "gateway_log", "litellm_spend", damaged(rng, "focus")))
    mapping = damaged(rng, MAPPING).encode("utf-8", "surrogatepass") if rng.random() < 0.3 else None
    return wish_of(form, mapping, "s", rng.choice((None, None, "day-first", "month-first", damaged(rng, "day-first"))))


def test_usage(tmp_path: Path) -> None:
    """What the command and the page measure of a damaged log stands in its summary as it was measured."""
    for k, rng in enumerate(rounds("usage")):
        name, way = rng.choice(logs.NAMES), rng.choice(logs.WAYS)
        path = tmp_path / f"{k}-{name}"
        path.write_bytes(way((logs.FIXTURES / name).read_text(encoding="utf-8"), rng))
        use_case = rng.choice((None, None, None, "search", "\0"))
        try:
            found = measured([path], wishes(rng), use_case, lambda _: None)
        except InputError as error:
            check_refusal(error)
            continue
        for figure in found.figures.values():
            assert math.isfinite(figure.value), (k, name)
        assert not set(found.figures) & set(found.not_known), (k, name)
        again = read_profile(dump_profile(found).encode())
        assert (again.figures.keys(), again.rows, again.requests) == (found.figures.keys(), found.rows, found.requests)


def records(rng: random.Random) -> list[str]:
    """Lines of a training set, some of them no example."""
    whole = [json.dumps(chat(f"What is {k} plus {k}?", f"The sum is {2 * k}.")) for k in range(rng.randint(1, 6))]
    odd = ("[]", "{}", "1", '{"messages": []}', '{"messages": [{"role": "user"}]}', '{"prompt": "a"}', '"', "[" * 900)
    lines = [*whole, *rng.choices(odd, k=rng.randint(0, 3))]
    rng.shuffle(lines)
    at = rng.randrange(len(lines))
    lines[at] = damaged(rng, lines[at]) if rng.random() < 0.6 else lines[at]
    return lines


def test_dataset() -> None:
    """Each record is an example or a fault of its line; none is lost, whatever it holds."""
    for rng in rounds("dataset"):
        lines = records(rng)
        encoding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "gb18030"))
        content = "\n".join(lines).encode(encoding, "replace")
        try:
            found = measured_set(content)
        except InputError as error:
            check_refusal(error)
            continue
        assert found.records == found.examples + sum(fault.records for fault in found.faults), lines
        filled = sum(bool(line.strip()) for line in re.split(r"\r\n|\n|\r", "\n".join(lines)))
        assert found.records == filled, lines
        sound = sum(_is_sound(line) and (line.isascii() or encoding != "gb18030") for line in lines)
        assert found.examples >= sound, lines


def _is_sound(line: str) -> bool:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return False
    told = record.get("messages") if isinstance(record, dict) and set(record) == {"messages"} else None
    if not isinstance(told, list) or not all(isinstance(m, dict) and set(m) == {"role", "content"} for m in told):
        return False
    texts = [m["content"] for m in told]
    are_texts = all(isinstance(text, str) and text.strip() for text in texts)
    return are_texts and [m["role"] for m in told] == ["user", "assistant"]


def cell(rng: random.Random, text: str) -> tuple[str, float | None]:
    """A cell as somebody writes it, and the number that is meant; ``None`` where nobody can say."""
    try:
        number = float(text.rstrip("%"))
    except ValueError:
        return (text if rng.random() < 0.7 else damaged(rng, text)), None
    if rng.random() < 0.4:
        return text, None if text.endswith("%") else number
    if rng.random() < 0.2:
        return rng.choice(JUNK), None
    written = spelled(rng, number)
    return (damaged(rng, written), None) if rng.random() < 0.5 else (written, None if written.endswith("%") else number)


def spoilt_table(rng: random.Random, example: str) -> tuple[bytes, list[dict[str, str]]]:
    """A table with cells as people write them, and the same cells by column; none where the file itself is spoilt."""
    heads, *rows = [line.split(",") for line in example.strip().split("\n")]
    at = rng.randrange(len(rows))
    rows[at] = [cell(rng, text)[0] if text and rng.random() < 0.4 else text for text in rows[at]]
    rows = [[each.replace('"', "").replace("\n", " ").replace("\r", " ") for each in row] for row in rows]
    sign = rng.choice(",;\t")
    lines = [sign.join(f'"{each}"' for each in row) for row in [heads, *rows]]
    text = "\n".join(lines)
    if rng.random() < 0.1:
        return damaged(rng, text).encode("utf-8", "surrogatepass"), []
    return text.encode("utf-8", "surrogatepass"), [dict(zip(heads, row, strict=True)) for row in rows]


def check_cells(table: ResultTable, given: list[dict[str, str]]) -> None:
    """Each number that was read is made of the digits of its cell."""
    assert not given or len(table.rows) == len(given)
    for row, cells in zip(table.rows, given, strict=bool(given)):
        for name, value in row.numbers.items():
            if name in cells:
                assert keeps_the_digits(cells[name], value), f"{name}: {cells[name]!r} became {value!r}"


def test_evaluation() -> None:
    for rng in rounds("evaluation"):
        pairs = [(rng.choice("01"), rng.choice("01")) for _ in range(rng.randint(2, 12))]
        at = rng.randrange(len(pairs))
        odd = damaged(rng, pairs[at][0]) if rng.random() < 0.6 else rng.choice((*JUNK, "yes", "wrong", "0,5", "50%"))
        odd = odd.replace(",", ".").replace("\n", " ").replace("\r", " ").replace('"', "")
        pairs[at] = (odd, pairs[at][1])
        content = "\n".join(["score_today,score_tuned", *(f"{a},{b}" for a, b in pairs)])
        try:
            scores = read_scores(content.encode("utf-8", "surrogatepass"), "scores.csv")
            found = evaluate_scores(scores, catalog())
        except InputError as error:
            check_refusal(error)
            continue
        assert len(scores.today) + scores.left_out == len(pairs), pairs
        rest = [(float(a), float(b)) for k, (a, b) in enumerate(pairs) if k != at]
        assert abs(scores.tuned.sum() - sum(b for _, b in rest)) <= 1, pairs
        assert abs(scores.today.sum() - sum(a for a, _ in rest)) <= 1, pairs
        assert found.whole.difference == pytest.approx(float(np.mean(scores.tuned - scores.today))), pairs


def judged(table: ResultTable) -> object:
    from advisor.assumptions.given import read_case
    from advisor.text.labels import labels

    case, _ = read_case(b"preset: extraction\nas_of: 2026-06-01\n", catalog(), labels())
    is_months = any(name == "month" for name in table.columns)
    judge: Callable[..., object] = compare_actuals if is_months else judge_pilot
    return judge(table, case, catalog(), DAY)


@pytest.mark.parametrize(
    ("door", "example", "read", "columns"),
    [
        ("pilot", pilot_template, read_pilot, PILOT_COLUMNS),
        ("actuals", actuals_template, lambda content, name: read_actuals(content, name, "USD"), MONTH_COLUMNS),
    ],
)
def test_tables_of_results(
    door: str, example: Callable[[], str], read: Callable[[bytes, str], ResultTable], columns: tuple[object, ...]
) -> None:
    for rng in rounds(door):
        content, given = spoilt_table(rng, example())
        try:
            table = read(content, "table.csv")
            check_cells(table, given)
            judged(table)
        except InputError as error:
            check_refusal(error)


def test_prices(tmp_path: Path) -> None:
    """A rate that is taken is made of the digits of the file; a file that is not the bank's changes nothing."""
    text = RATES.read_text(encoding="utf-8")
    place = tmp_path / "rates.xml"
    for rng in rounds("prices"):
        spoilt = damaged(rng, text) if rng.random() < 0.5 else _other_rate(rng, text)
        place.write_bytes(spoilt.encode("utf-8", "surrogatepass"))
        try:
            found = exchange_rates(str(place), catalog(), AFTER, "ecb")
        except InputError as error:
            check_refusal(error)
            continue
        written = dict(re.findall(r"currency=['\"](\w+)['\"]\s+rate=['\"]([^'\"]+)['\"]", spoilt))
        for move in found.moves:
            if move.new is not None and move.subject in written and "USD" in written:
                expected = float(written[move.subject]) / float(written["USD"])
                assert move.new == pytest.approx(expected, rel=1e-4), (move, written)


def _other_rate(rng: random.Random, text: str) -> str:
    rates = [*re.finditer(r"rate='([\d.]+)'", text)]
    chosen = rng.choice(rates)
    other = rng.choice((*JUNK[:8], "0", "-1", "1e400", "1,25", "1 25", "0.87500.1", "\u0661", "+1.2", "1_000"))
    return text[: chosen.start(1)] + other + text[chosen.end(1) :]


def test_a_folder_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A spoilt file in the folder that ``ADVISOR_DATA`` names is told by its name, and no other number comes of it."""
    whole = exchange_rates(str(RATES), catalog(), AFTER, "ecb").files
    ((name, content),) = whole.items()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    for k, rng in enumerate(rounds("own")):
        folder = tmp_path / str(k)
        target = folder / name
        target.parent.mkdir(parents=True)
        spoilt = damaged(rng, content.decode())
        target.write_bytes(spoilt.encode("utf-8", "surrogatepass"))
        told_of = ""
        try:
            read = load_catalog(own=[folder])
        except DataError as error:
            read, told_of = None, str(error)
        assert read is not None or target.name in told_of, spoilt
        for rate in () if read is None else read.exchange_rates.values():
            value, ours = (float(each.values[-1].value) for each in (rate, catalog().exchange_rates[rate.currency]))
            assert value == ours or keeps_the_digits_somewhere(spoilt, value), spoilt
        monkeypatch.setenv("ADVISOR_DATA", str(folder))
        code = main(["prices", "update", "--source", "ecb", "--from", f"ecb={tmp_path / 'none.xml'}"])
        told = capsys.readouterr()
        assert code != 0
        assert told.err.strip()
        assert "Traceback" not in told.err


def keeps_the_digits_somewhere(text: str, number: float) -> bool:
    return any(keeps_the_digits(part, number) for part in re.findall(r"[\d._+-]+(?:[eE][+-]?\d+)?", text))
