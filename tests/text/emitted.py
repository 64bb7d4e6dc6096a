"""Every notice and issue the code can raise: its code and the parameters that come with it, read from the source."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from advisor.scenario import faults

ROOT = Path(__file__).resolve().parents[2]
STATUSES = ("ok", "immediate", "never", "not_within_horizon", "reversed_later")
"""What may follow the prefix of a code built from the payback status."""
PARAMS_AT = {"Notice": 2, "Issue": 2}
CODE_AT = {"Notice": 0, "Issue": 1}


@dataclass(frozen=True)
class Emitted:
    """One place that raises something."""

    kind: str
    code: str
    params: frozenset[str]
    place: str


def sources() -> list[Path]:
    return sorted([*(ROOT / "advisor").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), *ROOT.glob("app.py")])


@cache
def emitted() -> list[Emitted]:
    found = [said for path in sources() for said in in_file(path)]
    return sorted(found, key=lambda said: (said.place, said.code, sorted(said.params)))


def in_file(path: Path) -> Iterator[Emitted]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    helpers = _helpers(module)
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef):
            values = _assigned(function)
            if passes_on(function):
                continue
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and _name(call.func) in CODE_AT:
                    yield from _of_call(call, values, f"{path.relative_to(ROOT)}:{call.lineno}")
                elif isinstance(call, ast.Call) and _name(call.func) in helpers:
                    yield from _of_helper(call, f"{path.relative_to(ROOT)}:{call.lineno}")


def passes_on(function: ast.FunctionDef) -> bool:
    """A short cut ``(code, field, **params)`` that only hands its arguments on to an issue."""
    return [a.arg for a in function.args.args] == ["code", "field"] and function.args.kwarg is not None


def _helpers(module: ast.Module) -> set[str]:
    return {f.name for f in ast.walk(module) if isinstance(f, ast.FunctionDef) and passes_on(f)}


def _of_helper(call: ast.Call, place: str) -> Iterator[Emitted]:
    params = frozenset(k.arg for k in call.keywords if k.arg)
    yield from (Emitted("Issue", code, params, place) for code in _codes(call.args[0], {}))


def _of_call(call: ast.Call, values: Mapping[str, list[ast.expr]], place: str) -> Iterator[Emitted]:
    kind = _name(call.func)
    at = PARAMS_AT[kind]
    params = _keys(call.args[at], values) if len(call.args) > at else frozenset()
    for code in _codes(call.args[CODE_AT[kind]], values):
        yield Emitted(kind, code, params, place)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _assigned(function: ast.FunctionDef) -> dict[str, list[ast.expr]]:
    """Everything a local name is set to; ``name["key"] = ...`` counts as a table with that key."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            value = node.value  # type: ignore[attr-defined]
            if isinstance(target, ast.Name) and value is not None:
                found.setdefault(target.id, []).append(value)
            elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                table = ast.Dict(keys=[target.slice], values=[value])
                found.setdefault(_name(target.value), []).append(table)
    return found


def _codes(node: ast.expr, values: Mapping[str, list[ast.expr]]) -> set[str]:
    match node:
        case ast.Constant(value=str(code)):
            return {code}
        case ast.IfExp(body=body, orelse=orelse):
            return _codes(body, values) | _codes(orelse, values)
        case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), _]):
            return {prefix + status for status in STATUSES}
        case ast.Name(id=name) if name in values:
            return {code for value in values[name] for code in _codes(value, values)}
        case ast.Call(func=ast.Attribute(value=ast.Name(id="_ISSUE_CODES")), args=[_, other]):
            return {*faults._ISSUE_CODES.values()} | _codes(other, values)
    raise AssertionError(f"cannot tell which codes {ast.unparse(node)} stands for")


def _keys(node: ast.expr, values: Mapping[str, list[ast.expr]]) -> frozenset[str]:
    match node:
        case ast.Dict(keys=keys, values=parts):
            spread = [_keys(part, values) for key, part in zip(keys, parts, strict=True) if key is None]
            return frozenset(str(k.value) for k in keys if isinstance(k, ast.Constant)).union(*spread)
        case ast.Name(id=name) if name in values:
            return frozenset().union(*(_keys(value, values) for value in values[name]))
    raise AssertionError(f"cannot tell which parameters {ast.unparse(node)} holds")
