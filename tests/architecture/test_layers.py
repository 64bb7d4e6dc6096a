"""The repository keeps every rule of the house, and every rule bites when it is broken."""

from pathlib import Path

import pytest

from tests.architecture import rules

ROOT = Path(__file__).resolve().parents[2]

DESCRIBED = '''def area(x: float, y: float) -> float:
    """Area of a rectangle.

    Parameters
    ----------
    x : float [m]
    y : float [m]

    Returns
    -------
    float [m^2]
    """
'''

BROKEN: list[tuple[rules.Rule, str, str]] = [
    (rules.rooms_are_the_listed_ones, "advisor/helpers.py", ""),
    (rules.imports_point_downwards, "advisor/core/units.py", "from advisor.catalog.fields import Id"),
    (rules.imports_point_downwards, "advisor/core/units.py", "from advisor import scenario"),
    (rules.imports_point_downwards, "advisor/money/assessment.py", "import advisor.decision.rules"),
    (rules.imports_point_downwards, "advisor/catalog/gpus.py", "from advisor.scenario import QUESTIONS"),
    (
        rules.imports_point_downwards,
        "advisor/risk/simulation.py",
        "def draw():\n    from advisor.decision.bridge import walk",
    ),
    (rules.imports_point_downwards, "advisor/charts/payback.py", "from .style import BLUE"),
    (rules.formulas_import_numbers_only, "advisor/formulas/memory.py", "import pandas"),
    (rules.formulas_import_numbers_only, "advisor/formulas/memory.py", "from advisor.core.notices import Notice"),
    (rules.only_ui_imports_streamlit, "advisor/charts/payback.py", "import streamlit as st"),
    (rules.only_ui_imports_streamlit, "advisor/cli/__init__.py", "from streamlit.testing.v1 import AppTest"),
    (
        rules.only_hosted_prices_imports_the_price_package,
        "advisor/assumptions/prices.py",
        "from genai_prices import Usage",
    ),
    (rules.scripts_define_no_class, "app.py", "class State: ..."),
    (rules.scripts_define_no_class, "pages/decide/result.py", "class State: ..."),
    (rules.pages_stand_in_sections, "pages/result.py", ""),
    (rules.pages_are_thin, "pages/decide/result.py", "x = 1\n" * 26),
    (rules.files_are_short, "advisor/core/units.py", "x = 1\n" * 401),
    (rules.functions_are_short, "advisor/core/units.py", "def f():\n" + "    x = 1\n" * 60),
    (rules.public_functions_are_described, "advisor/formulas/memory.py", "def f(x: float) -> float: ..."),
    (rules.public_functions_are_described, "advisor/engineering/validation/score.py", 'def f() -> int:\n    """It."""'),
    (rules.public_functions_are_described, "advisor/formulas/memory.py", DESCRIBED.replace("x : float", "y : float")),
    (rules.public_functions_are_described, "advisor/formulas/memory.py", DESCRIBED.replace("Returns", "Gives")),
    (rules.public_functions_are_described, "advisor/formulas/memory.py", DESCRIBED + "    raise ValueError(x)\n"),
    (rules.no_catch_all, "advisor/money/assessment.py", "try:\n    pass\nexcept Exception:\n    pass"),
    (
        rules.no_catch_all,
        "advisor/money/assessment.py",
        "try:\n    pass\nexcept (ValueError, BaseException):\n    pass",
    ),
    (rules.no_catch_all, "advisor/money/assessment.py", "try:\n    pass\nexcept:\n    pass"),
    (rules.no_clock_in_the_library, "advisor/assumptions/prices.py", "from datetime import date\nd = date.today()"),
    (rules.no_clock_in_the_library, "advisor/assumptions/prices.py", "import datetime\nd = datetime.datetime.now()"),
    (rules.no_star_import, "advisor/formulas/memory.py", "from numpy import *"),
    (rules.no_star_import, "tests/golden/test_case.py", "from numpy import *"),
    (rules.no_chinese_in_the_library, "advisor/text/i18n.py", "NAME = '\u4e2d\u6587'"),
    (rules.nothing_unfinished, "advisor/core/units.py", "x = 1  # TO" + "DO later"),
    (rules.one_file_knows_where_things_are, "advisor/text/i18n.py", "D = Path(__file__).parents[1]"),
    (rules.requirements_are_pinned, "requirements.txt", "numpy>=2"),
    (rules.requirements_are_pinned, "requirements-dev.txt", "pytest"),
    (rules.requirements_are_pinned, "requirements.txt", "numpy==2.*"),
    (rules.requirements_are_pinned, "requirements.txt", "numpy==2.4.6"),
    (rules.requirements_are_pinned, "requirements.txt", "numpy==2.4.6 \\\n    --hash=sha256:ab"),
    (rules.requirements_are_pinned, "requirements.txt", "--index-url https://packages.example/simple"),
]

HASH = f"--hash=sha256:{'0a' * 32}"
KEPT: list[tuple[str, str]] = [
    ("advisor/core/units.py", "x = 1\n" * 400),
    ("advisor/core/notices.py", "def f():\n" + "    x = 1\n" * 59),
    (
        "advisor/formulas/memory.py",
        "import numpy as np\nfrom advisor.formulas.hardware import x\nfrom advisor.formulas.constants import y",
    ),
    ("advisor/formulas/finance.py", DESCRIBED),
    ("advisor/formulas/quality.py", DESCRIBED.replace("x : float [m]\n    y : float", "x, y : float")),
    ("advisor/engineering/sizing.py", "def _area(x: float) -> float: ...\ndef nothing() -> None: ..."),
    ("advisor/money/sensitivity.py", "def area(x: float) -> float: ..."),
    ("advisor/catalog/hosted_prices.py", "from genai_prices import Usage\nfrom advisor import __version__"),
    ("advisor/report/pdf.py", "from advisor.charts.payback import build_payback_chart"),
    ("advisor/ui/state.py", "import streamlit as st\ntry:\n    pass\nexcept Exception:\n    st.stop()"),
    ("advisor/cli/__init__.py", "from datetime import date\nd = date.today()"),
    ("advisor/__main__.py", "from advisor.cli import main"),
    ("pages/decide/result.py", "x = 1\n" * 25),
    ("advisor/core/places.py", "PACKAGE = Path(__file__).resolve().parents[1]"),
    ("advisor/report/typst.py", "T = Path(__file__).with_name('template.typ')"),
    ("requirements.txt", f"# why\nnumpy==2.4.6 \\\n    {HASH} \\\n    {HASH}\npsycopg[binary]==3.3.9 {HASH}\n"),
    ("requirements-dev.txt", f"pytest==9.2.0 ; sys_platform == 'win32' \\\n    {HASH}\n"),
]


APART = {rules.few_imports_between_rooms, rules.public_classes_have_names_of_their_own}
"""Rules with a test of their own."""


def build(root: Path) -> None:
    """A house with every room and nothing in it."""
    for name in rules.FLOOR.keys() - {"__main__"}:
        write(root, f"advisor/{name}/__init__.py", "")
    write(root, "advisor/__main__.py", "")


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_repository_keeps(rule: rules.Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN, ids=[f"{r.__name__}-{n}" for r, n, _ in BROKEN])
def test_a_rule_bites(rule: rules.Rule, name: str, text: str, tmp_path: Path) -> None:
    build(tmp_path)
    write(tmp_path, name, text)
    (fault,) = rule(tmp_path)
    assert name.removesuffix(".py") in fault


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_what_is_allowed_passes(rule: rules.Rule, tmp_path: Path) -> None:
    build(tmp_path)
    for name, text in KEPT:
        write(tmp_path, name, text)
    assert rule(tmp_path) == []


def test_a_listed_room_that_is_gone_is_named(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "advisor" / "risk" / "__init__.py").unlink()
    assert rules.rooms_are_the_listed_ones(tmp_path) == ["advisor/risk is listed and does not exist"]


def test_imports_between_rooms_are_counted_once_a_pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path)
    write(
        tmp_path, "advisor/money/a.py", "from advisor.formulas import finance\nfrom advisor.core.units import is_unit"
    )
    write(tmp_path, "advisor/money/b.py", "from advisor.formulas import tokens\nfrom advisor.money.a import x")
    monkeypatch.setattr(rules, "MOST_IMPORTS_BETWEEN_ROOMS", 2)
    assert rules.few_imports_between_rooms(tmp_path) == []
    monkeypatch.setattr(rules, "MOST_IMPORTS_BETWEEN_ROOMS", 1)
    assert rules.few_imports_between_rooms(tmp_path) == ["advisor: 2 pairs of rooms import each other"]


def test_two_public_classes_of_one_name_are_named(tmp_path: Path) -> None:
    build(tmp_path)
    write(tmp_path, "advisor/money/a.py", "class Way: ...\nclass _Row: ...")
    write(tmp_path, "advisor/costs/b.py", "class Way: ...\nclass _Row: ...")
    (fault,) = rules.public_classes_have_names_of_their_own(tmp_path)
    assert "Way" in fault
    assert "advisor/costs/b.py" in fault


def test_every_rule_is_tried() -> None:
    assert {rule for rule, _, _ in BROKEN} | APART == set(rules.RULES)
