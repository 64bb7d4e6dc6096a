"""The rules of the house as functions: each takes a repository root and returns what breaks the rule there."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# A module imports only from the lines above its own; parts of one package import each other.
LAYERS = (
    ("units",),
    ("notices",),
    ("results",),
    ("models", "catalog", "i18n", "draws"),
    ("estimators",),
    ("measured",),
    ("scenario",),
    ("relevance", "currency", "sizing"),
    ("resolve", "store", "usage"),
    ("options",),
    ("economics", "ownership", "training_plan"),
    ("evidence", "volume", "serving_plan", "savings", "project_plan", "baseline", "naive", "second_use"),
    ("assess", "compare", "risk"),
    ("facts",),
    ("decide",),
    ("advise",),
    ("alternatives", "flips", "regret", "portfolio"),
    ("counter",),
    ("examine",),
    ("phrases",),
    ("risk_phrases",),
    ("charts", "method", "price_book"),
    ("report",),
    ("cli", "ui"),
    ("__main__",),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
FORMULA_IMPORTS = {"numpy", "pyxirr", *sys.stdlib_module_names}
FRONT_ENDS = ("ui", "cli")
LONGEST_FUNCTION, LONGEST_FILE, LONGEST_PAGE = 60, 400, 25
CJK = re.compile(r"[\u3001-\u3011\u3041-\u30ff\u3400-\u9fff\uff01-\uff5e]")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XXX)\b")
PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[a-z,_-]+\])?==[0-9][A-Za-z0-9.]*")

Rule = Callable[[Path], list[str]]


def library(root: Path) -> list[Path]:
    return sorted((root / "advisor").rglob("*.py"))


def scripts(root: Path) -> list[Path]:
    return sorted([*root.glob("app.py"), *(root / "pages").rglob("*.py")])


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def part(root: Path, path: Path) -> str:
    """Name of the layer's module a file belongs to: ``advisor/models/finance.py`` is ``models``."""
    return path.relative_to(root / "advisor").parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a file imports, wherever the import stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "advisor" else [module]
            yield from ((node.lineno, name) for name in names)


def at(root: Path, path: Path, line: int, fault: str) -> str:
    return f"{path.relative_to(root)}:{line}: {fault}"


def every_module_has_a_layer(root: Path) -> list[str]:
    parts = {part(root, path) for path in library(root)} - {"__init__"}
    return [f"advisor/{name} stands in no layer" for name in sorted(parts - LEVEL.keys())]


def imports_point_downwards(root: Path) -> list[str]:
    found = []
    for path in library(root):
        own = part(root, path)
        for line, name in imports(path):
            if name.startswith("."):
                found.append(at(root, path, line, "relative import"))
            other = name.removeprefix("advisor.").split(".")[0]
            inner = name.startswith("advisor.") and other != own
            if inner and LEVEL.get(other, -1) >= LEVEL.get(own, len(LAYERS)):
                found.append(at(root, path, line, f"{own} imports {other}"))
    return found


def formulas_import_numbers_only(root: Path) -> list[str]:
    return [
        at(root, path, line, f"a formula imports {name}")
        for path in library(root)
        if part(root, path) == "models"
        for line, name in imports(path)
        if not name.startswith("advisor.models") and name.split(".")[0] not in FORMULA_IMPORTS
    ]


def only_ui_imports_streamlit(root: Path) -> list[str]:
    return [
        at(root, path, line, "imports streamlit")
        for path in library(root)
        if part(root, path) != "ui"
        for line, name in imports(path)
        if name.split(".")[0] == "streamlit"
    ]


def only_hosted_imports_the_price_package(root: Path) -> list[str]:
    return [
        at(root, path, line, f"imports {name}")
        for path in library(root)
        if path != root / "advisor" / "catalog" / "hosted.py"
        for line, name in imports(path)
        if name.split(".")[0] == "genai_prices"
    ]


def scripts_define_no_class(root: Path) -> list[str]:
    return [
        at(root, path, node.lineno, f"class {node.name} in a script")
        for path in scripts(root)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    ]


def pages_stand_in_sections(root: Path) -> list[str]:
    return [f"pages/{path.name} stands in no section" for path in sorted((root / "pages").glob("*.py"))]


def pages_are_thin(root: Path) -> list[str]:
    pages = sorted((root / "pages").rglob("*.py"))
    return [at(root, path, n, "page too long") for path in pages if (n := _line_count(path)) > LONGEST_PAGE]


def files_are_short(root: Path) -> list[str]:
    files = [*library(root), *scripts(root)]
    return [at(root, path, n, "file too long") for path in files if (n := _line_count(path)) > LONGEST_FILE]


def functions_are_short(root: Path) -> list[str]:
    return [
        at(root, path, node.lineno, f"{node.name} is too long")
        for path in [*library(root), *scripts(root)]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]


def no_catch_all(root: Path) -> list[str]:
    return [
        at(root, path, node.lineno, "catches everything")
        for path in library(root)
        if part(root, path) != "ui"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    ]


def no_clock_in_the_library(root: Path) -> list[str]:
    return [
        at(root, path, node.lineno, f"reads the clock with {node.attr}")
        for path in library(root)
        if part(root, path) not in FRONT_ENDS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")
        if ast.unparse(node.value).split(".")[-1] in ("date", "datetime")
    ]


def no_star_import(root: Path) -> list[str]:
    return [
        at(root, path, node.lineno, "import *")
        for path in [*library(root), *scripts(root), *sorted((root / "tests").rglob("*.py"))]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]


def no_chinese_in_the_library(root: Path) -> list[str]:
    return _lines_matching(root, library(root), CJK, "Chinese text belongs into a catalogue")


def nothing_unfinished(root: Path) -> list[str]:
    return _lines_matching(root, [*library(root), *scripts(root)], UNFINISHED, "unfinished")


def requirements_are_pinned(root: Path) -> list[str]:
    files = sorted(root.glob("requirements*.txt"))
    return [
        at(root, path, number, line)
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip() and not line.startswith(("#", "-r ")) and not PINNED.fullmatch(line.strip())
    ]


RULES: tuple[Rule, ...] = (
    every_module_has_a_layer,
    imports_point_downwards,
    formulas_import_numbers_only,
    only_ui_imports_streamlit,
    only_hosted_imports_the_price_package,
    scripts_define_no_class,
    pages_stand_in_sections,
    pages_are_thin,
    files_are_short,
    functions_are_short,
    no_catch_all,
    no_clock_in_the_library,
    no_star_import,
    no_chinese_in_the_library,
    nothing_unfinished,
    requirements_are_pinned,
)


def _line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _lines_matching(root: Path, files: list[Path], pattern: re.Pattern[str], fault: str) -> list[str]:
    return [
        at(root, path, number, fault)
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(c, ast.Name) and c.id in ("Exception", "BaseException") for c in caught)
