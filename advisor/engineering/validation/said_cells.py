"""Cells of a pasted table as people write them: ``7B``, ``80 GB``, ``2 048``, ``Q-LoRA``."""

import re
from collections.abc import Mapping

_PARAMETERS = {"b": 1, "bn": 1, "billion": 1, "m": 1e-3, "million": 1e-3, "t": 1e3, "trillion": 1e3, "\u4ebf": 0.1}
_TOKENS = {"tokens": 1, "token": 1, "tok": 1}
DEGREES = frozenset({"tensor_parallel", "pipeline_parallel", "expert_parallel", "replicas"})
SUFFIXES: Mapping[str, Mapping[str, float]] = {
    "params_b": _PARAMETERS,
    "active_params_b": _PARAMETERS,
    "gpu_memory_gb": {"gb": 1, "g": 1, "gib": 2.0**30 / 1e9, "mb": 1e-3, "mib": 2.0**20 / 1e9, "tb": 1e3},
    "seq_len": _TOKENS,
    "input_len": _TOKENS,
    "output_len": _TOKENS,
    "num_gpus": {"gpus": 1, "gpu": 1, "x": 1, "\u5361": 1, "\u5f20": 1, "\u5757": 1},
}
"""What may follow the number of a column, as a factor; ``2k`` tokens may be 2,000 or 2,048 and is none."""
_SAID = re.compile(r"(?P<number>[\d.,]*\d)\s*(?P<suffix>[^\W\d_]+)")
_GROUPS = re.compile(r"\d{1,3}(?:[ '\u2019\u00a0\u2009\u202f]\d{3})+")
YES_OR_NO = frozenset(
    {"grad_checkpointing", "flash_attention", "cpu_offload", "single_stream", "packing", "enable_dp_attention"}
)
_YES = frozenset({"\u2713", "\u2714", "\u221a", "\u662f", "\u5f00", "\u5f00\u542f", "\u542f\u7528", "enabled", "y"})
_NO = frozenset({"\u2717", "\u2718", "\u00d7", "\u5426", "\u5173", "\u5173\u95ed", "\u65e0", "disabled", "n"})
_NODES = re.compile(
    r"(\d{1,5})\s*(?:nodes?|\u8282\u70b9)?\s*[x\u00d7*]\s*(\d{1,3})(?:\s*(?:gpus?|\u5361))?", re.IGNORECASE
)
_DEGREE = re.compile(r"(?:tp|pp|dp|ep)[ =:]*(\d+)", re.IGNORECASE)
_QLORA = re.compile(r"\bq[ _-]lora\b", re.IGNORECASE)
_FOUR_BIT_LORA = re.compile(r"(?=.*\b(?:4[ -]?bits?|nf4|int4)(?![a-z0-9])).*(?<!q)lora", re.IGNORECASE)


def plain_cell(column: str, cell: str) -> str:
    """A cell with its number alone, in the unit of its column, or with the name of a method as it is written here.

    Parameters
    ----------
    column : str
    cell : str

    Returns
    -------
    str, the cell itself where it says nothing else
    """
    if column == "method":
        named = _QLORA.sub("qlora", cell)
        return f"qlora {named}" if _FOUR_BIT_LORA.match(named) else named
    if column in YES_OR_NO:
        return "yes" if cell.casefold() in _YES else "no" if cell.casefold() in _NO else cell
    nodes = _NODES.fullmatch(cell) if column == "num_gpus" else None
    if nodes is not None:
        return str(int(nodes[1]) * int(nodes[2]))
    degree = _DEGREE.fullmatch(cell) if column in DEGREES else None
    if degree is not None:
        return degree[1]
    if _GROUPS.fullmatch(cell):
        return re.sub(r"\D", "", cell)
    said = _SAID.fullmatch(cell)
    factor = SUFFIXES.get(column, {}).get(said["suffix"].casefold()) if said else None
    if said is None or factor is None:
        return cell
    return said["number"] if factor == 1 else f"{float(said['number'].replace(',', '.')) * factor:.12g}"
