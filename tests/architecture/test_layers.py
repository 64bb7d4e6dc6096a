"""The repository keeps every rule of the house, and every rule bites when it is broken."""

from pathlib import Path

import pytest

from tests.architecture import rules

ROOT = Path(__file__).resolve().parents[2]

BROKEN: list[tuple[rules.Rule, str, str]] = [
    (rules.every_module_has_a_layer, "advisor/helpers.py", ""),
    (rules.imports_point_downwards, "advisor/units.py", "from advisor.notices import Notice"),
    (rules.imports_point_downwards, "advisor/units.py", "from advisor import scenario"),
    (rules.imports_point_downwards, "advisor/assess.py", "import advisor.decide"),
    (rules.imports_point_downwards, "advisor/catalog/gpus.py", "from advisor.models.memory import kv_cache"),
    (rules.imports_point_downwards, "advisor/risk.py", "def draw():\n    from advisor.compare import compare"),
    (rules.imports_point_downwards, "advisor/charts/payback.py", "from .style import BLUE"),
    (rules.formulas_import_numbers_only, "advisor/models/memory.py", "import pandas"),
    (rules.formulas_import_numbers_only, "advisor/models/memory.py", "from advisor.notices import Notice"),
    (rules.only_ui_imports_streamlit, "advisor/charts/payback.py", "import streamlit as st"),
    (rules.only_ui_imports_streamlit, "advisor/cli.py", "from streamlit.testing.v1 import AppTest"),
    (rules.only_hosted_imports_the_price_package, "advisor/resolve.py", "from genai_prices import Usage"),
    (rules.scripts_define_no_class, "app.py", "class State: ..."),
    (rules.scripts_define_no_class, "pages/decide/result.py", "class State: ..."),
    (rules.pages_stand_in_sections, "pages/result.py", ""),
    (rules.pages_are_thin, "pages/decide/result.py", "x = 1\n" * 26),
    (rules.files_are_short, "advisor/units.py", "x = 1\n" * 401),
    (rules.functions_are_short, "advisor/units.py", "def f():\n" + "    x = 1\n" * 60),
    (rules.no_catch_all, "advisor/assess.py", "try:\n    pass\nexcept Exception:\n    pass"),
    (rules.no_catch_all, "advisor/assess.py", "try:\n    pass\nexcept (ValueError, BaseException):\n    pass"),
    (rules.no_catch_all, "advisor/assess.py", "try:\n    pass\nexcept:\n    pass"),
    (rules.no_clock_in_the_library, "advisor/resolve.py", "from datetime import date\nd = date.today()"),
    (rules.no_clock_in_the_library, "advisor/resolve.py", "import datetime\nd = datetime.datetime.now()"),
    (rules.no_star_import, "advisor/models/memory.py", "from numpy import *"),
    (rules.no_star_import, "tests/golden/test_case.py", "from numpy import *"),
    (rules.no_chinese_in_the_library, "advisor/i18n.py", "NAME = '\u4e2d\u6587'"),
    (rules.nothing_unfinished, "advisor/units.py", "x = 1  # TO" + "DO later"),
    (rules.requirements_are_pinned, "requirements.txt", "numpy>=2"),
    (rules.requirements_are_pinned, "requirements-dev.txt", "pytest"),
    (rules.requirements_are_pinned, "requirements.txt", "numpy==2.*"),
]

KEPT: list[tuple[str, str]] = [
    ("advisor/units.py", "x = 1\n" * 400),
    ("advisor/notices.py", "def f():\n" + "    x = 1\n" * 59),
    (
        "advisor/models/memory.py",
        "import numpy as np\nfrom advisor.models.hardware import x\nfrom advisor.models.constants import y",
    ),
    ("advisor/catalog/hosted.py", "from genai_prices import Usage\nfrom advisor import __version__"),
    ("advisor/report/pdf.py", "from advisor.charts.payback import build_payback_chart"),
    ("advisor/ui/state.py", "import streamlit as st\ntry:\n    pass\nexcept Exception:\n    st.stop()"),
    ("advisor/cli.py", "from datetime import date\nd = date.today()"),
    ("advisor/__main__.py", "from advisor.cli import main"),
    ("pages/decide/result.py", "x = 1\n" * 25),
    ("requirements.txt", "# why\nnumpy==2.4.6\npsycopg[binary]==3.3.9\n"),
    ("requirements-dev.txt", "-r requirements.txt\npytest==9.2.0\n"),
]


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_repository_keeps(rule: rules.Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN, ids=[f"{r.__name__}-{n}" for r, n, _ in BROKEN])
def test_a_rule_bites(rule: rules.Rule, name: str, text: str, tmp_path: Path) -> None:
    write(tmp_path, name, text)
    (fault,) = rule(tmp_path)
    assert name.removesuffix(".py") in fault


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_what_is_allowed_passes(rule: rules.Rule, tmp_path: Path) -> None:
    for name, text in KEPT:
        write(tmp_path, name, text)
    assert rule(tmp_path) == []


def test_every_rule_is_tried() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(rules.RULES)
