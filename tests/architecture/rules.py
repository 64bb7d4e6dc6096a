"""The rules of the house as functions: each takes a repository root and returns what breaks the rule there."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# From the ground up. A room imports only from floors below its own; files of one room import each other.
FLOORS = (
    ("formulas", "core"),
    ("catalog", "scenario", "options"),
    ("money", "engineering", "usage", "datasets", "price_sources", "store"),
    ("assumptions", "risk"),
    ("decision", "costs", "text"),
    ("charts", "evidence"),
    ("report",),
    ("ui", "cli"),
    ("__main__",),
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
MOST_IMPORTS_BETWEEN_ROOMS = 130
FORMULA_IMPORTS = {"numpy", "pyxirr", *sys.stdlib_module_names}
FRONT_ENDS = ("ui", "cli")
DESCRIBED_ROOMS = ("formulas", "engineering")
LONGEST_FUNCTION, LONGEST_FILE, LONGEST_PAGE = 60, 400, 25
CJK = re.compile(r"[\u3001-\u3011\u3041-\u30ff\u3400-\u9fff\uff01-\uff5e]")
SECTION = re.compile(r"^(\w+)\n-{3,}\n", re.M)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XXX)\b")
CLIMBING = re.compile(r"__file__.*\.parents?\b")
PINNED = re.compile(
    r"[A-Za-z0-9._-]+(\[[a-z,_-]+\])?==[0-9][A-Za-z0-9.]*( ; [a-z_]+ [^\\]+)?( --hash=sha256:[0-9a-f]{64})+"
)

Rule = Callable[[Path], list[str]]


def library(root: Path) -> list[Path]:
    return sorted((root / "advisor").rglob("*.py"))


def scripts(root: Path) -> list[Path]:
    return sorted([*root.glob("app.py"), *(root / "pages").rglob("*.py")])


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def room(root: Path, path: Path) -> str:
    """Name of the room a file stands in: ``advisor/formulas/finance.py`` is in ``formulas``."""
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


def rooms_are_the_listed_ones(root: Path) -> list[str]:
    """Every room has a floor, and every listed room exists."""
    rooms = {room(root, path) for path in library(root)} - {"__init__"}
    unlisted = [f"advisor/{name} stands on no floor" for name in sorted(rooms - FLOOR.keys())]
    return unlisted + [f"advisor/{name} is listed and does not exist" for name in sorted(FLOOR.keys() - rooms)]


def _rooms_imported(path: Path) -> Iterator[tuple[int, str]]:
    for line, name in imports(path):
        if name.startswith("advisor."):
            yield line, name.split(".")[1]


def imports_point_downwards(root: Path) -> list[str]:
    found = []
    for path in library(root):
        own = room(root, path)
        found += [at(root, path, line, "relative import") for line, name in imports(path) if name.startswith(".")]
        for line, other in _rooms_imported(path):
            if other != own and FLOOR.get(other, -1) >= FLOOR.get(own, len(FLOORS)):
                found.append(at(root, path, line, f"{own} imports {other}"))
    return found


def few_imports_between_rooms(root: Path) -> list[str]:
    imported = ((room(root, path), other) for path in library(root) for _, other in _rooms_imported(path))
    pairs = {pair for pair in imported if pair[1] in FLOOR}  # the release's number is no room
    count = sum(own != other for own, other in pairs)
    return [f"advisor: {count} pairs of rooms import each other"] if count > MOST_IMPORTS_BETWEEN_ROOMS else []


def formulas_import_numbers_only(root: Path) -> list[str]:
    return [
        at(root, path, line, f"a formula imports {name}")
        for path in library(root)
        if room(root, path) == "formulas"
        for line, name in imports(path)
        if not name.startswith("advisor.formulas") and name.split(".")[0] not in FORMULA_IMPORTS
    ]


def only_ui_imports_streamlit(root: Path) -> list[str]:
    return [
        at(root, path, line, "imports streamlit")
        for path in library(root)
        if room(root, path) != "ui"
        for line, name in imports(path)
        if name.split(".")[0] == "streamlit"
    ]


def only_hosted_prices_imports_the_price_package(root: Path) -> list[str]:
    return [
        at(root, path, line, f"imports {name}")
        for path in library(root)
        if path != root / "advisor" / "catalog" / "hosted_prices.py"
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


def public_functions_are_described(root: Path) -> list[str]:
    """Formulas and estimators say each parameter, what is returned and what is raised, in numpydoc sections."""
    return [
        at(root, path, node.lineno, f"{node.name} does not say {', '.join(missing)}")
        for path in library(root)
        if room(root, path) in DESCRIBED_ROOMS
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if (missing := _undescribed(node))
    ]


def no_catch_all(root: Path) -> list[str]:
    return [
        at(root, path, node.lineno, "catches everything")
        for path in library(root)
        if room(root, path) != "ui"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    ]


def no_clock_in_the_library(root: Path) -> list[str]:
    return [
        at(root, path, node.lineno, f"reads the clock with {node.attr}")
        for path in library(root)
        if room(root, path) not in FRONT_ENDS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")
        if ast.unparse(node.value).split(".")[-1] in ("date", "datetime")
    ]


def public_classes_have_names_of_their_own(root: Path) -> list[str]:
    homes: dict[str, list[str]] = {}
    for path in library(root):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(root)))
    return [f"{', '.join(paths)}: several classes are called {name}" for name, paths in homes.items() if len(paths) > 1]


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


def one_file_knows_where_things_are(root: Path) -> list[str]:
    """What climbs out of its own folder finds nothing in an installed copy; ``core/places`` knows both."""
    files = [path for path in library(root) if path != root / "advisor" / "core" / "places.py"]
    return _lines_matching(root, files, CLIMBING, "take the path from advisor.core.places")


def requirements_are_pinned(root: Path) -> list[str]:
    """Each requirement is one version with its hashes; anything else, an address of an index too, is a fault."""
    return [
        at(root, path, number, requirement)
        for path in sorted(root.glob("requirements*.txt"))
        for number, requirement in _requirements(path)
        if not requirement.startswith("#") and not PINNED.fullmatch(requirement)
    ]


RULES: tuple[Rule, ...] = (
    rooms_are_the_listed_ones,
    imports_point_downwards,
    few_imports_between_rooms,
    formulas_import_numbers_only,
    only_ui_imports_streamlit,
    only_hosted_prices_imports_the_price_package,
    scripts_define_no_class,
    pages_stand_in_sections,
    pages_are_thin,
    files_are_short,
    functions_are_short,
    public_functions_are_described,
    no_catch_all,
    no_clock_in_the_library,
    public_classes_have_names_of_their_own,
    no_star_import,
    no_chinese_in_the_library,
    nothing_unfinished,
    one_file_knows_where_things_are,
    requirements_are_pinned,
)


def _requirements(path: Path) -> Iterator[tuple[int, str]]:
    """First line and text of each requirement, its continued lines joined."""
    begun, text = 0, ""
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], 1):
        begun = begun if text else number
        text = " ".join([text, line.strip().removesuffix("\\")]).strip()
        if text and not line.endswith("\\"):
            yield begun, text
            text = ""


def _undescribed(function: ast.FunctionDef) -> list[str]:
    """Parameters and sections that the docstring of a function lacks."""
    _, *parts = SECTION.split(ast.get_docstring(function) or "")
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    named = re.findall(r"^(\w[\w, ]*) :", sections.get("Parameters", ""), re.M)
    described = {name for group in named for name in group.split(", ")}
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    returns = function.returns is not None and ast.unparse(function.returns) != "None"
    raises = any(isinstance(node, ast.Raise) for node in ast.walk(function))
    due = [name for name, is_due in (("Returns", returns), ("Raises", raises)) if is_due]
    return [each.arg for each in given if each.arg not in described] + [name for name in due if name not in sections]


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
