"""The engineering behind a case for the command line: training, serving, hardware, levers and plan, as text or JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import isfinite

import numpy as np

from advisor.catalog.catalog import Catalog
from advisor.charts.article_words import memory_table, memory_why, run_tables, run_why, speed_table
from advisor.charts.gate_words import error_words, gate_lines
from advisor.charts.load_shape import measured_words, week_words
from advisor.charts.serving import range_words
from advisor.charts.serving_words import by_token_words, cascade_words, flat_words, router_words
from advisor.charts.training import cards_text, cost_text, hours_text
from advisor.charts.training_words import fit_text, generating_words, gib_range_text, gib_text, speed_range_text
from advisor.costs.article_run import article_run
from advisor.costs.buy_or_rent import compare_ways
from advisor.costs.cost_levers import LeverBill, offers, pulled_at_first, savings
from advisor.costs.project_plan import plan_cost, project_plan
from advisor.costs.quality_gate import article_of, error_limit, judge, quality_gate, speed_ups
from advisor.costs.serving import CardOffer, by_token, cascade, modes, own_pays, router, serving_plan, week_of
from advisor.costs.training import (
    MethodMemory,
    Room,
    TrainingWay,
    article_memory,
    memory_of_methods,
    rooms,
    training_plan,
    ways,
)
from advisor.decision.advice import Advice
from advisor.engineering.serving_ways import GPU_COUNTS
from advisor.report.text import columns
from advisor.text.i18n import Translator
from advisor.text.phrases import signed_percent

Record = dict[str, object]
Table = list[Sequence[str]]
THOUSAND = 1000
PUBLISHED_KEYS = {"bottleneck": "waits_for"}
"""Fields under the names that they have always had in the JSON, which other programs read."""


@dataclass(frozen=True)
class _Section:
    """One part of the answer: for machines, and as a heading with tables for people."""

    id: str
    title: str
    record: Record
    tables: tuple[Sequence[Sequence[str]], ...]
    said: tuple[str, ...] = ()


def render_engineering(advice: Advice, catalog: Catalog, t: Translator) -> str:
    """Every section the case has, as text that ends in a newline."""
    parts = []
    for section in _sections(advice, catalog, t):
        lines = [section.title, *(f"  {line}" for line in section.said)]
        for table in section.tables:
            lines += ["", *(f"  {line}" for line in columns(table))]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def render_engineering_json(advice: Advice, catalog: Catalog, t: Translator) -> str:
    """The same figures unrounded, without words; money in the currency of the case."""
    found: Record = {"currency": advice.assessment.assumptions.currency, "date": advice.assessment.assumptions.on}
    found |= {section.id: section.record for section in _sections(advice, catalog, t)}
    return json.dumps(_plain(found), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _plain(value: object) -> object:
    """What JSON knows; what is undefined becomes null."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return [_plain(each) for each in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.number):
        return float(value) if isfinite(value) else None
    return value if value is None else str(value)


def _sections(advice: Advice, catalog: Catalog, t: Translator) -> Iterator[_Section]:
    yield _training(advice, catalog, t)
    yield from _article_memory(advice, catalog, t)
    if "serving_gpu_price" in advice.assessment.assumptions:
        yield _serving(advice, catalog, t)
    yield from _hardware(advice, catalog, t)
    if advice.assessment.economics is not None:
        yield _levers(advice, catalog, t)
        yield from _article_quality(advice, catalog, t)
        yield _plan(advice, catalog, t)


def _training(advice: Advice, catalog: Catalog, t: Translator) -> _Section:
    plan = training_plan(advice.scenario, catalog, advice.assessment.assumptions.on)
    memory, held, found = memory_of_methods(plan, catalog), rooms(plan, catalog), ways(plan, catalog)
    record: Record = {
        **{
            "model": plan.work.model,
            "method": plan.work.method,
            "objective": plan.work.objective,
            "gpu": plan.gpu,
            "gpus": plan.gpus,
        },
        **{"tokens_per_s": plan.tokens_per_s, "hours": plan.hours, "estimated_hours": plan.estimated_hours},
        **{"run_cost": plan.run_cost, "all_cost": plan.all_cost},
        "memory": [{**asdict(m), "total": m.total} for m in memory],
        "rooms": [asdict(room) for room in held],
        "ways": [{PUBLISHED_KEYS.get(key, key): value for key, value in asdict(way).items()} for way in found],
    }
    tables = (_memory(memory, t), _rooms(held, catalog, t), _ways(found, catalog, t, plan.case.currency))
    said = generating_words(t, plan.work.objective)
    return _Section("training", t("page.training.title"), record, tables, said)


def _article_memory(advice: Advice, catalog: Catalog, t: Translator) -> Iterator[_Section]:
    """The sum of memory of the case's article beside ours, where it has one."""
    found = article_memory(advice.scenario, catalog)
    if found is None:
        return
    record: Record = {
        **{
            "model": found.said.model,
            "printed_gb": dict(found.printed),
            "printed_total_gb": found.said.printed_total_gb,
        },
        **{"ours_gb": dict(found.ours), "ours_total_gb": found.total, "moment": found.moment},
        **{"ours_tensors_gb": found.tensors, "ours_32_bit_total_gb": found.wide_total},
    }
    said = (memory_why(found, catalog.model(found.said.model).name, t),)
    yield _Section("article_memory", t("article.memory.title"), record, (memory_table(found, t),), said)


def _memory(found: Sequence[MethodMemory], t: Translator) -> Table:
    parts = list(found[0].parts)
    head = (t("training.column.method"), *(t(f"training.part.{part}") for part in parts), t("training.total"))
    totals = (gib_range_text(t, m.total, m.low, m.high) for m in found)
    rows = (
        (m.method, *(gib_text(t, m.parts[part]) for part in parts), total)
        for m, total in zip(found, totals, strict=True)
    )
    return [head, *((t(f"training.method.{method}"), *cells) for method, *cells in rows)]


def _rooms(found: Sequence[Room], catalog: Catalog, t: Translator) -> Table:
    head = [t("training.column.gpu"), t("training.column.memory")]
    head += [t(f"training.column.gpus_{number}") for number in GPU_COUNTS]
    rows = []
    for room in found:
        names = t("word.comma").join(catalog.gpu(gpu).short_name for gpu in room.gpus)
        fits = [fit_text(t, fit) for fit in room.fits]
        rows.append([names, gib_text(t, room.memory_gib), *fits])
    return [head, *rows]


def _ways(found: Sequence[TrainingWay], catalog: Catalog, t: Translator, currency: str) -> Table:
    names = ("method", "gpu", "micro_batch", "speed", "mfu", "hours", "cost")
    rows = [
        (
            t(f"training.method.{way.method}"),
            cards_text(t, catalog, way.gpu, way.gpus),
            t.number(way.micro_batch),
            speed_range_text(t, way.tokens_per_s, way.low_tokens_per_s, way.high_tokens_per_s),
            t.percent(way.mfu),
            hours_text(t, way.hours),
            cost_text(t, way.cost, currency),
        )
        for way in found
    ]
    return [tuple(t(f"training.column.{name}") for name in names), *rows]


def _serving(advice: Advice, catalog: Catalog, t: Translator) -> _Section:
    a = advice.assessment.assumptions
    plan = serving_plan(advice.scenario, a, catalog)
    pays = own_pays(plan) if plan.can_count and plan.has_api else ()
    names = ("card", "gpus", "replicas", "sequences", "rate", "ttft", "tpot", "cost", "thousand")
    table: Table = [tuple(t(f"serving.column.{name}") for name in names)]
    table += [
        (catalog.gpu(card.gpu).short_name, t.number(card.gpus), *_card(card, t, a.currency)) for card in plan.cards
    ]
    record: Record = {
        **{"model": plan.model, "api_cost_per_request": plan.api, "own_gpus_pay": pays},
        "api_flat_monthly": plan.flat,
        "cards": [asdict(card) for card in plan.cards],
    }
    said = [range_words(pays, t), *flat_words(plan, t)] if plan.can_count and plan.has_api else []
    if plan.can_count:
        both, first, token = cascade(plan, catalog), router(plan, catalog), by_token(plan, catalog)
        record |= {
            "cascade": both and asdict(both),
            "router": first and asdict(first),
            "by_token": token and asdict(token),
        }
        said += [by_token_words(token, t, a.currency)] if token else []
        said += cascade_words(both, t, a.currency) if both else []
        said += [router_words(first, both, t, a.currency)] if both and first else []
        week = week_of(plan.scenario, plan.a, plan.volume or 0.0)
        if week is not None:
            found = modes(plan, catalog)
            record["hours_of_week"] = {**asdict(week), "modes": [asdict(mode) for mode in found]}
            said += [*week_words(week, plan, found, t), measured_words(plan.scenario, t)]
    return _Section("serving", t("page.serving.title"), record, (table,) if plan.cards else (), tuple(said))


def _card(card: CardOffer, t: Translator, currency: str) -> tuple[str, ...]:
    """Figures of a card that can serve; of one that cannot, why."""
    if card.obstacle:
        return (t(f"serving.obstacle.{card.obstacle}"), *[""] * 6)
    return (
        t.number(card.replicas),
        t.number(card.sequences, 0),
        t.number(card.requests_per_s),
        t.number(float(f"{card.ttft_s:.2g}")),
        t.number(float(f"{card.tpot_s * THOUSAND:.2g}")),
        t.money(card.monthly_cost, currency),
        t.money(card.cost_per_request * THOUSAND, currency),
    )


def _hardware(advice: Advice, catalog: Catalog, t: Translator) -> Iterator[_Section]:
    a = advice.assessment.assumptions
    found = compare_ways(advice.scenario, a, catalog, a.on)
    table = [
        tuple(t(f"hardware.column.{name}") for name in ("way", "year", "fixed", "running")),
        *(
            (
                t(f"hardware.way.{way.id}"),
                t.money(way.cost(found.hours), a.currency),
                t.money(way.fixed, a.currency),
                t.value(way.per_hour, "money/h", a.currency),
            )
            for way in found.ways.values()
        ),
    ]
    record: Record = {
        **{"gpu": found.gpu, "gpus": found.gpus, "hours_per_year": found.hours},
        "ways": {
            w.id: {"fixed": w.fixed, "per_hour": w.per_hour, "year": w.cost(found.hours)} for w in found.ways.values()
        },
        "break_evens": {name: asdict(even) for name, even in found.break_evens.items()},
        "job": None if found.job is None else asdict(found.job),
    }
    hours = t.value(found.hours, "hours", a.currency)
    said = (t("hardware.table", hours=hours, gpus=t.number(found.gpus)),)
    yield _Section("hardware", t("page.rent_or_buy.title"), record, (table,) if found.ways else (), said)
    yield from _article_run(advice, catalog, t)


def _article_run(advice: Advice, catalog: Catalog, t: Translator) -> Iterator[_Section]:
    """The run that the case's article timed, where it has one."""
    found = article_run(advice.scenario, advice.assessment.assumptions, catalog)
    if found is None:
        return
    record: Record = {
        **{"seconds": found.seconds, "printed_seconds": found.said.printed_seconds},
        "steps": [step.model_dump() for step in found.said.steps],
        "wages": [asdict(wage) for wage in found.wages],
        "power": [asdict(part) for part in found.power],
        "costs": [{**asdict(cost), "total": cost.total} for cost in found.costs],
        "cloud_over_own": dict(found.multiples),
        **{"printed_total": found.printed_total, "printed_cloud_total": found.printed_cloud},
    }
    tables = run_tables(found, t)
    said = tuple(run_why(found, name, t) for name in tables)
    yield _Section("article_run", t("article.run.title"), record, tuple(tables.values()), said)


def _levers(advice: Advice, catalog: Catalog, t: Translator) -> _Section:
    a = advice.assessment.assumptions
    bench = LeverBill(advice.scenario, catalog, a.on)
    found = offers(bench)
    left, gate = savings(bench, pulled_at_first(bench, found), "priority"), quality_gate(a, catalog)
    steps = [(t.fact(bench.records[step.lever].name), t.money(-float(step.saving), a.currency)) for step in left.steps]
    table = [
        (t("page.levers.column.lever"), t("page.levers.saved")),
        (t("page.levers.before", months=t.months(left.months)), t.money(left.total_before, a.currency)),
        *steps,
        (t("page.levers.after"), t.money(left.total_after, a.currency)),
    ]
    record: Record = {
        **{"before": left.before, "after": left.after, "months": left.months, "quality_gate": asdict(gate)},
        "steps": [step._asdict() for step in left.steps],
        "offers": [
            {"id": o.record.id, "status": o.status, "basis": o.basis, "once": o.once, "monthly": o.monthly}
            for o in found
        ],
    }
    limit = error_limit(a, advice.assessment.metrics)
    record["error_limit"] = None if limit is None else asdict(limit)
    said = [f"{t('page.levers.gate_needed')} {t.number(gate.items_needed)}"]
    said += [] if limit is None else [error_words(limit, a.currency, t)]
    return _Section("levers", t("page.levers.title"), record, (table,), tuple(said))


def _article_quality(advice: Advice, catalog: Catalog, t: Translator) -> Iterator[_Section]:
    """Speed and quality that the case's article measured, through the gates of this case."""
    record = article_of(advice.scenario, catalog)
    if record is None or record.quality is None:
        return
    gate, q = quality_gate(advice.assessment.assumptions, catalog), record.quality
    rating = (q.rating_before, q.rating_after)
    found = judge(gate, (q.metric_before, q.metric_after), rating, q.rating_scale)
    rows = speed_ups(record)
    change = signed_percent(t, found.changes["metric"], 1)
    metric = t(f"page.levers.gate_{found.statuses['metric']}", change=change)
    numbers = {"items": t.number(gate.items), "needed": t.number(gate.items_needed)}
    said = (
        metric,
        *gate_lines(found, rating, q.rating_scale, gate, t),
        t(f"page.levers.gates_{found.combined}", **numbers),
    )
    told: Record = {
        "speed": [{**row.said.model_dump(), "gain": row.gain, "time_saved": row.time_saved} for row in rows],
        **{"readings": q.model_dump(), "changes": dict(found.changes)},
        **{"statuses": dict(found.statuses), "combined": found.combined},
    }
    yield _Section("article_quality", t("article.speed.title"), told, (speed_table(rows, t),), said)


def _plan(advice: Advice, catalog: Catalog, t: Translator) -> _Section:
    a = advice.assessment.assumptions
    plan = project_plan(advice.scenario, a, catalog)
    cost = plan_cost(plan.steps, plan.prices)
    names = [t.fact(step.name) if step.name else t(f"plan.step.{step.id}") for step in plan.steps]
    table = [
        (t("page.plan.column.step"), t("page.plan.column.hours"), t("page.plan.column.spent")),
        *(
            (name, t.number(step.hours), t.money(float(spent), a.currency))
            for name, step, spent in zip(names, plan.steps, cost.spent, strict=True)
        ),
    ]
    record: Record = {
        "steps": [
            {"id": step.id, "hours": step.hours, "cost": each, "spent": spent}
            for step, each, spent in zip(plan.steps, cost.by_step, cost.spent, strict=True)
        ],
        **{
            "gpu": cost.gpu,
            "people": cost.people,
            "paused_disk": cost.paused_disk,
            "bought": cost.bought,
            "gpu_hours": cost.gpu_hours,
        },
    }
    return _Section("plan", t("page.plan.title"), record, (table,))
