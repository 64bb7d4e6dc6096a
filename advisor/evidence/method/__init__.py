"""The evidence page "Method": every formula the engine uses on a case, worked with its numbers, and what it means."""

from collections.abc import Collection, Mapping

from advisor.catalog.loader import load_catalog
from advisor.catalog.rules import DecisionRules
from advisor.decision.advice import Advice
from advisor.evidence.method.built_from import BUILT_FROM
from advisor.evidence.method.cost import REQUEST
from advisor.evidence.method.flows import FLOWS
from advisor.evidence.method.odds import ODDS
from advisor.evidence.method.project import PROJECT
from advisor.evidence.method.records import ArticleNote, Entry, Formula, Method, Term, WorkedCase
from advisor.evidence.method.tex import steps, text
from advisor.evidence.method.valuation import VALUATION
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label

__all__ = ["ENTRIES", "GROUPS", "ArticleNote", "Formula", "Method", "Term", "build_method", "formula_of", "steps"]

GROUPS: Mapping[str, tuple[Entry, ...]] = {
    "request": REQUEST,
    "project": PROJECT,
    "flows": FLOWS,
    "valuation": VALUATION,
    "odds": ODDS,
}
"""Every formula by its topic, in reading order, whether a case uses it or not."""

GROUP_OF: Mapping[str, str] = {entry.id: group for group, entries in GROUPS.items() for entry in entries}
ENTRIES: tuple[Entry, ...] = tuple(entry for entries in GROUPS.values() for entry in entries)

CONVENTIONS = (
    "baseline",
    "probability",
    "sign",
    "months",
    "rate",
    "days",
    "thresholds",
    "undefined",
    "fractions",
    "money",
    "prices_today",
    "gpus",
    "estimates",
    "retraining",
    "swings",
    "bytes",
)

TERMS = (
    *("adoption", "annual_roi", "api", "baseline", "batch", "break_even", "case", "cash_flow", "contingency"),
    *("cumulative", "decode", "depreciation", "detectable", "discount_rate", "epoch", "estimate", "evidence", "evpi"),
    *("fallback", "fine_tuning", "fixed_cost", "full_tuning", "futures", "gpu", "horizon", "hosting", "inference_gpu"),
    *("investment", "irr", "kv_cache", "lora", "matrix", "median", "mfu", "npv", "npv_ratio", "npv_with_exit"),
    *("open_weight", "operations", "overhead", "p10", "payback", "peak_factor", "precision", "prefill", "preset"),
    *("prompt", "prompt_cache", "qlora", "quality_gate", "rag", "ramp", "regret", "replica", "retraining"),
    *("stage_gate", "swing", "throughput", "token", "tokens_per_second", "training_gpu", "trial", "utilisation"),
)

NOTES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "000",
        ("hour", "minutes", "wear", "power", "steps", "wages", "cloud", "multiple", "median", "tdp", "life", "scope"),
    ),
    ("001", ("roi", "conflict", "table", "bound", "fit", "missing", "hosting", "price", "year", "zero")),
    ("002", ("dynamic", "bytes", "seconds", "retry", "sharding")),
    ("003", ("month", "memory", "steps", "target", "people", "price")),
    ("004", ("table", "levers", "before", "percent", "priority", "gate")),
)


def build_method(advice: Advice, t: Translator, rules: DecisionRules | None = None) -> Method:
    """The method page of a case. ``rules`` are the limits the advice was made with, by default the shipped ones."""
    case = WorkedCase(advice, rules or load_catalog().rules, t)
    used = [entry for entry in ENTRIES if entry.used(case)]
    shown = {entry.id for entry in used}
    return Method(
        formulas=tuple(formula_of(entry, case, shown) for entry in used),
        conventions=tuple(t(f"method.convention.{name}") for name in CONVENTIONS),
        glossary=tuple(sorted((_term(name, t) for name in TERMS), key=_place)),
        article_notes=tuple(_note(t, article, name) for article, names in NOTES for name in names),
    )


def _term(name: str, t: Translator) -> Term:
    return Term(name, t(f"glossary.{name}.term"), t(f"glossary.{name}.text"))


def _place(term: Term) -> bytes:
    """Where a word stands in the glossary: by the alphabet, Chinese by its sound, which this encoding follows."""
    return term.name.casefold().encode("gb18030")


def formula_of(entry: Entry, case: WorkedCase, shown: Collection[str]) -> Formula:
    """A formula of the case; ``shown`` are those that the case uses."""
    t = case.t
    return Formula(
        entry.id,
        t(f"method.formula.{entry.id}.title"),
        t(f"method.formula.{entry.id}.words"),
        entry.symbols,
        _unknown(entry, case) or entry.worked(case),
        t("method.source", origin=t(f"method.origin.{entry.origin}"), code=", ".join(entry.code)),
        GROUP_OF[entry.id],
        tuple(name for name in BUILT_FROM.get(entry.id, ()) if name in shown),
    )


def _unknown(entry: Entry, case: WorkedCase) -> str:
    """Words in place of a worked line when a number that it needs is unknown; empty when all are known."""
    t = case.t
    missing = [field_label(t, name) for name in entry.needs if name in case.a and not case.a.knows(name)]
    if entry.money and not case.has_money:
        unknown = case.assessment.missing
        missing += [t(f"item.{name}") if t.has(f"item.{name}") else field_label(t, name) for name in unknown]
    return text(t("method.unknown", names=t("word.comma").join(missing))) if missing else ""


def _note(t: Translator, article: str, name: str) -> ArticleNote:
    prints, gives, why = (t(f"method.note.{article}.{name}.{part}") for part in ("prints", "gives", "why"))
    return ArticleNote(article, prints, gives, why)
