"""Columns of a pasted table under other heads than those of ``data/validation``, and cells that say two things."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from advisor.engineering.validation.cells import Row, number, written
from advisor.engineering.validation.cells import said as says
from advisor.engineering.validation.column_heads import REMEMBERED, heads_in, heads_of_degrees, other_heads, plain_head
from advisor.engineering.validation.counted_cards import NUMBER_FOR_A_CARD, with_counted_cards
from advisor.engineering.validation.said_cells import plain_cell, told_factor, units_of

BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
BARE_NUMBER = re.compile(r"[\d.,]*\d")
COUNT_ALONE = re.compile(r"\d[\d.,]*\s*(?:x(?:\s*\d+)?|gpus?|cards?|\u5361|\u5f20|\u5757)?", re.IGNORECASE)
OF_A_CARD = re.compile(r"per_gpu$|\u5355\u5361")
LETTERS = re.compile(r"[^\W\d_]")
ADAPTERS, STAGES = (
    re.compile(r"lora|dora|adapter|peft", re.I),
    re.compile(r"dpo|ipo|kto|orpo|simpo|cpo|ppo|gae|grpo|rloo|rm|reward", re.I),
)
FOUR_BITS = re.compile(r"nf4|fp4|int4", re.IGNORECASE)
SAYS_NOTHING = re.compile(r"(?:no|none|false|off|0|-|n/?a)?", re.IGNORECASE)
UNITS_TOLD = {
    **{"gb": "GB", "gib": "GiB", "mb": "MB", "mib": "MiB", "tb": "TB", "tib": "TiB"},
    **{"go": "GB", "gio": "GiB", "mo": "MB", "mio": "MiB"},
}
MEASURED = re.compile(
    r"(?:(?:peak|max(?:imum|imaler)?|measured|spitzen|\u5cf0\u503c|\u6700\u5927)_?[a-z_\u4e00-\u9fff]*?"
    r"(?:mem|memory|vram|speicher|\u663e\u5b58)|memoire_(?:gpu_)?(?:max|maximale|de_pointe))(?:_[a-z]+)*?"
    rf"_(?P<unit>{'|'.join(UNITS_TOLD)})"
)
"""Heads of what was measured, with a unit behind them; those of ``data/validation`` have a column for it."""


def usual_heads(heads: Sequence[str], known: frozenset[str]) -> tuple[str, ...]:
    """The names of columns by what heads them; two that differ in their brackets alone are the first one's and no name.

    Parameters
    ----------
    heads : sequence of str
    known : frozenset of str, names of columns

    Returns
    -------
    tuple of str, heads as they are where they are not known
    """
    names = [plain_head(head) if plain_head(head) in known else None for head in heads]
    for place, head in enumerate(heads):
        bare = usual_head(head, known)
        if names[place] is None and bare not in names:
            names[place] = bare
    return tuple(name or head for name, head in zip(names, heads, strict=True))


def usual_head(head: str, known: frozenset[str]) -> str | None:
    """The name of a column by what heads it, without its unit in brackets where it is known without.

    Parameters
    ----------
    head : str
    known : frozenset of str, names of columns

    Returns
    -------
    str, or None where it is not known
    """
    return next(
        (name for name in (plain_head(head), plain_head(BRACKET.sub("", _narrow(head)))) if name in known), None
    )


@cache
def known_heads(kind: str) -> frozenset[str]:
    """Every other head of a column.

    Parameters
    ----------
    kind : str, of the table: memory, fits, speed or serving

    Returns
    -------
    frozenset of str
    """
    others = (*other_heads(kind).values(), *heads_of_degrees(kind).values())
    return frozenset(head for heads in others for head in heads)


@lru_cache(REMEMBERED)
def usual_names(head: str, kind: str) -> tuple[str, ...]:
    """The usual names of a column under another head; "GPUs" heads numbers of cards as well as their names.

    Parameters
    ----------
    head : str, as from :func:`usual_head`
    kind : str, of the table: memory, fits, speed or serving

    Returns
    -------
    tuple of str, the likeliest first; empty where it is no other head
    """
    found = tuple(column for column, heads in other_heads(kind).items() if head in heads)
    of_degree = any(head in heads for heads in heads_of_degrees(kind).values())
    return found or (("parallelism",) if of_degree else ())


def with_unit(head: str, column: str, cell: str) -> str:
    """A bare number with the unit that stands behind the head of its column: ``135`` under "Params (M)".

    Parameters
    ----------
    head : str, as it is written
    column : str, its usual name
    cell : str

    Returns
    -------
    str
    """
    bracket = BRACKET.search(_narrow(head))
    unit = bracket[1].strip().casefold() if bracket else ""
    says_it = unit in units_of(column) or told_factor(column, unit) is not None
    says_it = says_it or (column == "global_batch" and unit in units_of("seq_len"))
    return f"{cell} {unit}" if says_it and BARE_NUMBER.fullmatch(cell) else cell


def under_usual_heads(row: Row, kind: str) -> dict[str, object]:
    """The row with its cells under the usual names of their columns, and with what follows from them.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    kind : str, of the table: memory, fits, speed or serving

    Returns
    -------
    dict of str to object
    """
    return with_derived(under_usual_names(row, kind), kind)


def under_usual_names(row: Row, kind: str) -> dict[str, object]:
    """The row with its cells under the usual names of their columns; a cell that stands there already stays.

    Parameters
    ----------
    row : mapping of str to object, cells by column
    kind : str, of the table: memory, fits, speed or serving

    Returns
    -------
    dict of str to object
    """
    cells = {plain_head(str(column)): value for column, value in row.items()}
    for column, others in heads_in(kind, frozenset(cells)).items():
        if not written(cells, column):
            head = next((other for other in others if _is_for(column, other, written(cells, other), kind)), None)
            cells[column] = "" if head is None else _with_its_head(column, head, written(cells, head))
    return cells


def with_derived(row: Row, kind: str) -> dict[str, object]:
    """The row with what follows from its cells: cards from nodes, the batch from its steps, words about layouts.

    Parameters
    ----------
    row : mapping of str to object, as from :func:`under_usual_names`
    kind : str, of the table: memory, fits, speed or serving

    Returns
    -------
    dict of str to object
    """
    cells = dict(row)
    nodes, each = number(cells, "nodes"), number(cells, "gpus_per_node")
    if nodes and each and not written(cells, "num_gpus"):
        cells["num_gpus"] = f"{nodes * each:g}"
    return cells if kind == "serving" else _with_degrees(_with_trainers_words(cells), kind)


def _narrow(head: str) -> str:
    """A head with the brackets and letters of Latin script, of a width that Chinese text has too."""
    return unicodedata.normalize("NFKC", head)


def _is_for(column: str, head: str, cell: str, kind: str) -> bool:
    """Whether a cell can be what its column asks for: "GPUs" heads names as well as numbers."""
    if column == "gpu" and head not in other_heads(kind)["num_gpus"] and NUMBER_FOR_A_CARD.fullmatch(cell):
        return True
    if column in ("gpu", "model"):
        return LETTERS.search(cell) is not None and COUNT_ALONE.fullmatch(cell) is None
    if column == "num_gpus" and head in other_heads(kind)["gpu"]:
        return COUNT_ALONE.fullmatch(cell) is not None
    return bool(cell) and not (column in ("sharding", "gpu_layout") and SAYS_NOTHING.fullmatch(cell))


def _with_its_head(column: str, head: str, cell: str) -> str:
    """A cell with what its head says of it: the unit of a time, the kind of sharding."""
    unit = " ms" if head.endswith("_ms") else " s" if head.endswith("_s") else ""
    if column == "kernels" and head != "kernel":
        return f"attn={cell}"
    if column == "sharding":
        return f"{head.replace('_', ' ')} {cell}"
    if column == "concurrency_or_batch" and OF_A_CARD.search(head) and BARE_NUMBER.fullmatch(cell):
        return f"{cell} / GPU"
    return f"{cell}{unit}" if column in ("tpot_limit", "ttft_limit") and BARE_NUMBER.fullmatch(cell) else cell


def _with_trainers_words(cells: dict[str, object]) -> dict[str, object]:
    """What trainers have settings of their own for: 4-bit weights under adapters, what is learned, packed samples."""
    method = written(cells, "method")
    if (not method or ADAPTERS.search(method)) and not written(cells, "weight_precision_bits"):
        of_bits = (bits for bits in ("4", "8") if says(cells, f"load_in_{bits}bit"))
        in_four = "4" if FOUR_BITS.search(written(cells, "quantize")) else ""
        cells["weight_precision_bits"] = next(of_bits, in_four)
    if STAGES.fullmatch(written(cells, "stage")):
        cells["method"] = f"{written(cells, 'stage')} {written(cells, 'method')}".strip()
    if written(cells, "packed_sequence_length"):
        cells["packing"] = "yes"
    ends = [number(cells, column) for column in ("max_prompt_length", "max_response_length")]
    if all(ends) and not written(cells, "seq_len"):
        cells["seq_len"] = f"{sum(end or 0 for end in ends):g}"
    if written(cells, "gpu_memory_utilization"):
        share = written(cells, "gpu_memory_utilization")
        cells["notes"] = f"{written(cells, 'notes')} gpu_memory_utilization {share}".strip()
    return cells


def _with_degrees(cells: dict[str, object], kind: str) -> dict[str, object]:
    """Degrees of parallelism under heads of their own beside the words about it; steps of a batch as its size."""
    stated = {
        name: next((value for head in heads if (value := number(cells, head))), None)
        for name, heads in heads_of_degrees(kind).items()
    }
    said = [f"{name} {value:g}" for name, value in stated.items() if value]
    cells["parallelism"] = " ".join((written(cells, "parallelism"), *said)).strip()
    if says({"packing": plain_cell("packing", written(cells, "packing"))}, "packing"):
        cells["kernels"] = f"{written(cells, 'kernels')} packing".strip()
    steps, micro = number(cells, "gradient_accumulation_steps"), number(cells, "micro_batch")
    counted = with_counted_cards({name: written(cells, name) for name in ("gpu", "num_gpus")})["num_gpus"]
    gpus = number({"num_gpus": plain_cell("num_gpus", counted)}, "num_gpus")
    if steps and micro and not said and not written(cells, "global_batch"):
        cells["global_batch"] = f"{steps * micro * (gpus or 1):g}"
    return cells


def columns_told(heads: Sequence[str], names: Sequence[str], kind: str) -> str:
    """Columns under other heads, each with its usual name.

    Parameters
    ----------
    heads : sequence of str, as they are written
    names : sequence of str, as from :func:`usual_head`
    kind : str, of the table: memory, fits, speed or serving

    Returns
    -------
    str
    """
    read = names_read(names, kind)
    return ", ".join(f"{head} = {read[name]}" for head, name in zip(heads, names, strict=True) if name in read)


def unit_of_measured(heads: Sequence[str]) -> tuple[str, str] | None:
    """The head under which measured memory stands, and the unit in it: "Peak memory (MiB)".

    Parameters
    ----------
    heads : sequence of str, as they are written

    Returns
    -------
    tuple of str, str, or None where none says it
    """
    found = ((head, MEASURED.fullmatch(plain_head(head))) for head in heads)
    return next(((head, UNITS_TOLD[match["unit"]]) for head, match in found if match), None)


def names_read(names: Sequence[str], kind: str) -> dict[str, str]:
    """Other heads under which columns are read, with their usual names; of several of one column the likeliest.

    Parameters
    ----------
    names : sequence of str, as from :func:`usual_head`
    kind : str, of the table: memory, fits, speed or serving

    Returns
    -------
    dict of str to str
    """
    here = frozenset(names)
    found: dict[str, str] = {}
    for column, others in heads_in(kind, here).items():
        head = next((other for other in others if other not in found), None)
        if head is not None and column not in here:
            found[head] = column
    degrees = {head for heads in heads_of_degrees(kind).values() for head in heads if head in here}
    return found | dict.fromkeys(degrees - found.keys() if "parallelism" not in here else (), "parallelism")
