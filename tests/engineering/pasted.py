"""Tables of runs as text, read as runs of training and of serving."""

from advisor.catalog.loader import load_catalog
from advisor.engineering.descriptions import TrainingRun
from advisor.engineering.from_catalog import cards, models, with_named_shape
from advisor.engineering.validation.serving_rows import Deployed, deployed
from advisor.engineering.validation.tables import TABLES, TableRead, read_table
from advisor.engineering.validation.training_rows import training_run

CATALOG = load_catalog()
CARDS, MODELS = cards(CATALOG), models(CATALOG)


def table(kind: str, *lines: str) -> TableRead:
    return read_table("\n".join(lines).encode(), TABLES[kind])


def cells_of(read: TableRead) -> dict[str, str]:
    assert read.rows[0].cells is not None
    return dict(with_named_shape(read.rows[0].cells, MODELS))


def run_of(*lines: str, kind: str = "memory") -> TrainingRun:
    run = training_run(cells_of(table(kind, *lines)))
    assert isinstance(run, TrainingRun), run
    return run


def served(*lines: str) -> Deployed:
    found = deployed(cells_of(table("serving", *lines)), CARDS, MODELS)
    assert isinstance(found, Deployed), found
    return found


def told(read: TableRead, code: str) -> str:
    return "".join(str(issue.params["columns"]) for issue in read.told if issue.code == code)


def served_as(**cells: str) -> Deployed:
    row = {"model": "Llama-3.1-8B", "gpu": "H100", "engine": "vLLM 0.9", "isl": "500", "osl": "200"} | cells
    return served(";".join(row), ";".join(row.values()))
