"""A table of cases against a loop over them, in one run: what varies from row to row, and a table of Parquet.

Run with ``make bench``, or alone with ``python -m tests.benchmarks.portfolio_bench``.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from advisor.assumptions import resolve
from advisor.catalog.loader import load_catalog
from advisor.cli import main as command
from advisor.decision.portfolio import portfolio
from advisor.money.assessment import assess
from advisor.scenario import QUESTIONS, Scenario

ROWS, LOOP, DAY = 10_000, 300, date(2026, 11, 20)
MONEY = ("hourly_rate", "engineer_hours", "data_preparation_hours", "current_input_price", "ops_hours")
LENGTHS = ("input_tokens", "output_tokens")
WORK = ("training_examples", "training_epochs", "static_prompt_share", "prompt_removed_share", "answer_speed")
TABLES = (
    ("money and volumes vary", MONEY, False),
    ("lengths as well", MONEY + LENGTHS, False),
    ("retrieved text and training as well", (*MONEY, *LENGTHS, *WORK, "retrieved_tokens"), False),
    ("a monthly bill for each", MONEY[:2], True),
)
CATALOG = load_catalog()
Row = Mapping[str, object]


def row(chance: random.Random, moved: Iterable[str], *, billed: bool) -> Row:
    """A preset with other numbers; with a bill it is told instead of the lengths."""
    name = chance.choice(sorted(CATALOG.presets))
    said = dict(CATALOG.presets[name].answers)
    changed: dict[str, object] = {
        n: QUESTIONS[n].nearest(said[n] * chance.uniform(0.5, 1.5)) for n in moved if n in said
    }
    bill = {"current_monthly_bill": 10 ** chance.uniform(2, 5)} if billed else {}
    return {"preset": name, "daily_requests": 10 ** chance.uniform(2, 6), **changed, **bill}


def alone(each: Row) -> None:
    scenario = Scenario.from_answers({**CATALOG.preset(str(each["preset"])).answers, **each})
    assess(resolve(scenario, CATALOG, DAY), (), explained=False)


def seconds(call: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - clock, time.process_time() - processor


def against_a_loop(what: str, moved: Iterable[str], *, billed: bool) -> None:
    chance = random.Random(1)
    rows = [row(chance, moved, billed=billed) for _ in range(ROWS)]
    portfolio(rows[:100], CATALOG, DAY)
    together = seconds(lambda: portfolio(rows, CATALOG, DAY))
    for each in rows[:20]:
        alone(each)
    loop = [took * ROWS / LOOP for took in seconds(lambda: [alone(each) for each in rows[-LOOP:]])]
    ratios = [alone / table for alone, table in zip(loop, together, strict=True)]
    took = f"{together[0]:.1f} s against {loop[0]:.0f} s, scaled from {LOOP} cases"
    print(
        f"{f'{ROWS:,} cases, {what}':<50} {ratios[1]:5.1f} times faster than a loop by processor time, "
        f"{ratios[0]:.1f} by the clock   ({took})"
    )


def of_parquet() -> None:
    """The command on a table of Parquet, for each case against a case of a table in memory."""
    import pyarrow as pa
    from pyarrow import parquet

    chance = random.Random(1)
    rows = [row(chance, MONEY + LENGTHS, billed=False) for _ in range(5 * ROWS)]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "cases.parquet"
        parquet.write_table(pa.Table.from_pylist([dict(each) for each in rows]), source)
        whole = seconds(lambda: command(["portfolio", str(source), "-o", str(source.with_name("out.parquet"))]))
    bare = seconds(lambda: portfolio(rows[:ROWS], CATALOG, DAY))
    ratio = whole[1] / bare[1] / 5
    print(f"{f'{5 * ROWS:,} cases from Parquet to Parquet':<50} {ratio:5.1f} times a case in memory ({whole[0]:.0f} s)")


def main() -> None:
    for what, moved, billed in TABLES:
        against_a_loop(what, moved, billed=billed)
    of_parquet()


if __name__ == "__main__":
    main()
