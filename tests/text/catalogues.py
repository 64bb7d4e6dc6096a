"""The catalogues as they lie on disk, and the keys that the code can ask for."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from typing import get_args

import numpy as np
from babel.messages.pofile import read_po

from advisor.assumptions import resolve
from advisor.assumptions.relevance import FACTS
from advisor.catalog.loader import load_catalog
from advisor.cli.checks import STATES as FOUND
from advisor.cli.checks import State
from advisor.core import system_faults, usage_logs
from advisor.core.records import METRICS, Kind, LineItem, SetBy
from advisor.decision import bridge
from advisor.decision.funding import STATES, Method
from advisor.decision.quick_verdicts import MATRIX
from advisor.decision.rules import NEXT_STEPS, RULES, TONES
from advisor.options import keep_as_is, tune
from advisor.options.declared import Demand
from advisor.options.registry import OPTIONS, UNTUNED
from advisor.risk.actions import ACTIONS
from advisor.risk.simulation import GATE
from advisor.scenario import GROUPS, QUESTIONS, Scenario, ServingRoute, TrainingSource
from advisor.store.database import Kind as DatabaseKind
from advisor.store.records import ACCESS, AUDITED, LinkState
from advisor.store.records import STATUSES as STATUSES_OF_CASES
from advisor.store.verifying import Fault
from advisor.text import usage_phrases
from advisor.text.languages import LOCALES
from advisor.text.phrases import FILE_FIELDS, PRICE_UNITS
from advisor.ui import framework_words
from advisor.ui.case_history import AUDIT_COLUMNS
from advisor.ui.case_today import MOVED_COLUMNS
from advisor.ui.cases import COLUMNS as KEPT_COLUMNS
from advisor.ui.shell import PAGES
from advisor.usage import profile as usage_profile
from advisor.usage.importing import CUT
from advisor.usage.readers import FORMATS
from advisor.usage.readers.decimals import DECIMAL_MARKS
from advisor.usage.readers.moments import DATE_ORDERS
from advisor.usage.readers.rows import REASONS
from tests.text.emitted import STATUSES, emitted, sources

OWN_FILES = frozenset({"words.po", "fields.po", "notices.po", "verdict.po"})
"""Files whose keys follow from the engine, in both directions."""
ON = date(2026, 11, 20)
OTHERS = {
    "daily_requests": 1000,
    "current_fixed_monthly_cost": 9,
    "current_model": "openai/gpt-6.1-sol",
    "cost_per_failure": 1,
    "review_share": 0.1,
}
MANAGED = {"managed_route": "azure-openai/gpt-4o-mini", "training_source": "managed", "serving_route": "hosted"}
IRR_STATUSES = ("undefined_no_outflow", "undefined_no_inflow", "undefined_no_root", "multiple")
FIGURE_STATUSES = ("no_investment", "no_requests", "no_volume_breaks_even", "above", "unknown")
ANSWERS = ("word.yes", "word.no")


@dataclass(frozen=True)
class Entry:
    """One key of a catalogue: a text, or one for each plural form."""

    key: str
    file: str
    texts: tuple[str, ...]
    is_fuzzy: bool

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset().union(*(placeholders(text) for text in self.texts))


def placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@cache
def entries(language: str) -> tuple[Entry, ...]:
    return tuple(_read(language))


def _read(language: str) -> Iterator[Entry]:
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        for message in catalogue:
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                texts = (message.string,) if isinstance(message.string, str) else tuple(message.string)
                yield Entry(key, path.name, texts, message.fuzzy)


@cache
def by_key(language: str) -> dict[str, Entry]:
    return {entry.key: entry for entry in entries(language)}


@cache
def items() -> tuple[LineItem, ...]:
    """Every line item that any answer can bring about."""
    catalog, found = load_catalog(), []
    for route, source, known in product(get_args(ServingRoute), get_args(TrainingSource), (None, 0.01)):
        case = Scenario(
            daily_requests=1000,
            quality_need="high",
            budget=1,
            serving_route=route,
            training_source=source,
            current_cost_per_request=known,
            tuned_cost_per_request=0.001,
        )
        a, months = resolve(case, catalog, ON), np.arange(1.0, 25.0)
        found += [*keep_as_is.line_items(a), *tune.declare(a, Demand(months, months, 1.0)).line_items]
    others = resolve(Scenario.from_answers(OTHERS), catalog, ON)
    found += [item for option in UNTUNED.values() for item in option.declare(others, Demand(np.ones(1))).line_items]
    managed = resolve(Scenario.from_answers(MANAGED), catalog, ON)
    found += tune.declare(managed, Demand(np.ones(1), call_price=1.0)).line_items
    return tuple(found)


def _units() -> set[str]:
    shown = {q.unit for q in QUESTIONS.values()} | {i.unit for i in items()}
    prices = {u.removeprefix("money/") for u in (*shown, *PRICE_UNITS.values()) if u.startswith("money/")}
    plain = {f"unit.{unit}" for unit in shown - {"Mtok/request"}}
    values = {f"unit.{name}.value" for name in ("months", "plain", "per", "fraction/year")}
    return plain | values | {f"unit.per.{unit}" for unit in prices}


def _engine_keys() -> Iterator[str]:
    pairs = {
        "field": (QUESTIONS, "label", "help"),
        "group": (GROUPS, "title", "help"),
        "verdict": (TONES, "label", "sentence"),
        "matrix": (MATRIX.values(), "label"),
        "action": (ACTIONS, "label"),
        "metric": (METRICS, "label", "help"),
        "rule": (RULES, "label"),
        "page": ((name for names in PAGES.values() for name in names), "title", "nav"),
        "step": ({s for steps in NEXT_STEPS.values() for s in steps} | {"first_test"}, "title", "text"),
        "walk": (("start", *(name for name, _ in bridge.WALK), "market", "best_alternative"), "label", "text"),
    }
    for family, (ids, *parts) in pairs.items():
        yield from (f"{family}.{i}.{part}" for i in ids for part in parts)
    single = {
        "status": (*STATUSES, *IRR_STATUSES, *FIGURE_STATUSES),
        "item": {i.id for i in items()},
        "category": {i.category for i in items()},
        "option": tuple(OPTIONS),
        "kind": (*get_args(Kind), *(f"{kind}.help" for kind in get_args(Kind))),
        "set_by": get_args(SetBy),
        "choice": {choice for q in QUESTIONS.values() for choice in q.choices},
        "word": FILE_FIELDS,
        "portfolio.method": get_args(Method),
        "portfolio.why": STATES,
        "store.status": STATUSES_OF_CASES,
        "store.broken": get_args(Fault),
        "store.column": (*KEPT_COLUMNS, *("id", "at", "by", "why", "number", "then", "now", "source", "step", "npv")),
        "cases.audit": AUDITED,
        "cases.column": (*AUDIT_COLUMNS, *MOVED_COLUMNS),
        "cases.part": ("name", "status", "tags", "archived"),
        "cases.role": ("none", *ACCESS[:-1]),
        "cases.access": ACCESS[:-1],
        "cases.file": ("pdf", "md", "yaml"),
        "sharing.state": get_args(LinkState),
        "sharing.access": (*ACCESS, "none"),
        "usage.not_known": usage_profile.REASONS,
        "usage.figure": {
            n for n in usage_profile.FIGURES if n not in QUESTIONS and not usage_phrases.QUANTILE.fullmatch(n)
        },
        "usage.column": {name for names in usage_phrases.COLUMNS.values() for name in names},
        "usage.format": (*FORMATS, "mapped"),
        "usage.rejected": (*REASONS, CUT),
        "usage.dates": ("told", *DATE_ORDERS),
        "usage.decimal": ("told", *DECIMAL_MARKS),
        "doctor.said": {code for code in FOUND if code != "refused"},
        "doctor.mend": {code for code, state in FOUND.items() if state != "fine" and code != "refused"},
        "doctor.state": get_args(State),
        "doctor.kind": get_args(DatabaseKind),
        "framework": (*framework_words.WORDS, *framework_words.AROUND),
        "system_fault": {*system_faults.KINDS.values(), *system_faults.OTHERS},
        "word.log": {*(form.id for form in (*usage_logs.FORMATS, *usage_logs.JSON_FORMATS)), *usage_logs.TRAINING_SETS},
    }
    for family, ids in single.items():
        yield from (f"{family}.{i}" for i in ids)


@cache
def wanted() -> frozenset[str]:
    """Keys the engine can ask for: more would be dead, fewer a hole on the screen."""
    said = {f"{'notice' if e.kind == 'Notice' else 'error'}.{e.code}" for e in emitted()}
    facts = {f"field.{name}.label" for name in (*FACTS, GATE, "exchange_rate")}
    return frozenset({*_engine_keys(), *_units(), *said, *ANSWERS, *facts})


@cache
def asked_literally() -> frozenset[str]:
    """Keys that stand as plain text in a call ``t("key")`` anywhere in the code."""
    calls = (
        node
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args
    )
    return frozenset(
        str(call.args[0].value)
        for call in calls
        if isinstance(call.args[0], ast.Constant) and ast.unparse(call.func).split(".")[-1] in ("t", "self")
    )
