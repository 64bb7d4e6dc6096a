"""The page Training: machine and why, memory, time and cost of every setup, then the project step by step."""

import streamlit as st

from advisor.charts.training import (
    build_training_memory_chart,
    build_training_ways_chart,
    cards_text,
    cost_text,
    hours_band,
    hours_text,
    training_memory_alt,
    training_ways_alt,
    way_text,
)
from advisor.charts.training_words import fit_text, generating_words, gib_range_text, gib_text, speed_range_text
from advisor.core.notices import InputError
from advisor.costs.training import (
    Fit,
    MethodMemory,
    PublishedHours,
    TrainingPlan,
    TrainingWay,
    WaysOut,
    memory_of_methods,
    published_hours,
    rooms,
    steps,
    training_plan,
    ways,
    ways_out,
)
from advisor.engineering.serving_ways import GPU_COUNTS
from advisor.engineering.sizing import longest_run_hours
from advisor.text.i18n import Translator
from advisor.text.phrases import joined, notice_text
from advisor.ui import articles, fields, layout, project_plan, state, tables
from advisor.ui.tables import longer_table

ASKED = (
    *(
        "open_model",
        "method",
        "tuning_objective",
        "training_examples",
        "training_epochs",
        "example_tokens",
        "sequence_tokens",
    ),
    *("training_gpu", "training_gpus", "training_gpu_price", "training_tokens_per_second", "training_hours"),
    "training_runs",
)
TOLD = ("training_does_not_fit", "objective_not_estimated", "gpu_price_missing")
COLUMNS = 3
SIGNS = {"yes": "\u2714", "tight": "\u25b2", "no": "\u2716"}
SHARDED = "shard_over_"


def draw() -> None:
    t, catalog = state.translator(), state.catalog()
    st.title(t("page.training.title"))
    try:
        plan = training_plan(state.scenario(), catalog, state.today())
    except InputError as error:  # an answer that the case does not use, but its estimate does
        layout.faults(error.issues, t)
        project_plan.draw()
        return
    headline(plan, t)
    change(plan, t)
    memory(plan, t)
    articles.memory(t)
    every_way(plan, t)
    article(plan, t)
    with layout.folded(t("training.engineers"), "training.engineers", icon=":material/engineering:") as opened:
        if opened:
            engineers(plan, t)
    project_plan.draw()


def headline(plan: TrainingPlan, t: Translator) -> None:
    """Hours and money of the run on one screen, and why on this machine."""
    catalog, currency = state.catalog(), plan.case.currency
    words = {
        "model": catalog.model(plan.work.model).name,
        "method": t(f"training.method.{plan.work.method}"),
        "card": _machine(plan, t),
        "hours": hours_text(t, plan.hours),
        "estimate": hours_text(t, plan.estimated_hours),
        "limit": t.value(longest_run_hours(catalog), "hours", currency),
    }
    generated = generating_words(t, plan.work.objective)
    said = [generated[0] if plan.why == "generates" else t(f"training.why.{plan.why}", **words)]
    if plan.case.knows("training_hours") and generated:
        said.append(t("estimates.hours_given"))
    elif plan.case.knows("training_hours"):
        said.append(t("training.hours_given" if plan.fits else "training.hours_given_no_room", **words))
    st.markdown(layout.plain(joined(said, t)))
    layout.cards(_figures(plan, t))
    st.caption(layout.plain(_firmness(plan, t)))
    for notice in plan.case.notices:
        if notice.code in TOLD:
            st.warning(layout.plain(notice_text(t, notice, currency)), icon=":material/warning:")


def _figures(plan: TrainingPlan, t: Translator) -> tuple[tuple[str, str, str], ...]:
    case, currency, price = plan.case, plan.case.currency, ""
    if case.knows("training_gpu_price"):
        price = t.value(float(case.number("training_gpu_price")), "money/GPU/h", currency)
    if plan.pays_months:
        price = t("training.card.months")
    found = steps(plan, state.catalog()) if plan.is_estimate else None
    band = "" if found is None else hours_band(t, found.low_hours, found.high_hours)
    runs = float(case.number("training_runs"))
    machine = _machine(plan, t) if plan.names_machine else t("training.card.not_named")
    machine = machine if plan.gpu else t("training.card.too_small")
    return (
        (t("training.card.gpu"), machine, ""),
        (t("training.card.hours"), hours_text(t, plan.hours), band),
        (t("training.card.cost"), cost_text(t, plan.run_cost, currency), price),
        (
            t("training.card.all"),
            cost_text(t, plan.all_cost, currency),
            t("training.card.runs", runs, runs=t.number(runs)),
        ),
    )


def _machine(plan: TrainingPlan, t: Translator) -> str:
    return t("word.unknown") if plan.gpu is None else cards_text(t, state.catalog(), plan.gpu, plan.gpus)


def _firmness(plan: TrainingPlan, t: Translator) -> str:
    """What the money leaves out, and what the hours rest on."""
    if not plan.is_estimate:
        return t("training.only_machines")
    note = t.fact(state.catalog().coefficients["errors"]["training"].note)
    return joined([note, t("training.only_machines")], t)


def change(plan: TrainingPlan, t: Translator) -> None:
    """The answers behind the run, to be replaced by what the user measured."""
    with layout.folded(t("training.change"), "training.change", icon=":material/tune:") as opened:
        if opened:
            st.caption(t("training.change_help"))
            for place, name in layout.in_rows([n for n in ASKED if n in plan.case], COLUMNS, "top"):
                with place:
                    fields.ask(name)
                    if name == "sequence_tokens" and plan.work.sequence > float(plan.case.number(name)):
                        used = t("training.sequence_used", sequence=t.number(plan.work.sequence))
                        st.caption(layout.plain(used))


def memory(plan: TrainingPlan, t: Translator) -> None:
    """What each method needs, which cards hold the chosen one, and what to do where they do not."""
    catalog, work = state.catalog(), plan.work
    found = memory_of_methods(plan, catalog)
    st.subheader(t("training.memory"))
    st.markdown(
        layout.plain(
            t(
                "training.memory_help",
                model=catalog.model(work.model).name,
                tokens=t.number(work.sequence),
                batch=t.number(plan.micro_batch),
                card=_machine(plan, t) if plan.gpu else t("training.one_gpu"),
            )
        )
    )
    for words in generating_words(t, work.objective)[1:]:
        st.warning(layout.plain(words), icon=":material/warning:")
    layout.chart(
        build_training_memory_chart(found, work.method, catalog, t), training_memory_alt(found, t), t("training.memory")
    )
    held = ways_out(plan, catalog)
    if held is not None:
        _ways_out(held, plan, t)
    title = t("training.rooms", method=t(f"training.method.{work.method}"))
    with layout.folded(title, "training.rooms", icon=":material/memory:") as opened:
        if opened:
            _rooms(plan, t)


def _rooms(plan: TrainingPlan, t: Translator) -> None:
    """Every size of card, and how many of them hold the chosen method."""
    catalog = state.catalog()
    held_by = rooms(plan, catalog)
    counts = [t(f"training.column.gpus_{count}") for count in GPU_COUNTS]
    need = [gib_range_text(t, fit.need_gib, fit.low_gib, fit.high_gib) for fit in held_by[0].fits] if held_by else []
    rows = [
        (
            t("word.comma").join(catalog.gpu(gpu).short_name for gpu in room.gpus),
            gib_text(t, room.memory_gib),
            *(_fit(fit, t) for fit in room.fits),
        )
        for room in held_by
    ]
    columns = [t("training.column.gpu"), t("training.column.memory"), *counts]
    rows = [(t("training.need_each"), "", *need), *rows]
    tables.table(rows, columns, t("training.rooms_alt"), whole=True)
    st.caption(layout.plain(t("training.rooms_help")))


def _fit(fit: Fit, t: Translator) -> str:
    return f"{SIGNS[fit.verdict]} {fit_text(t, fit)}"


def _ways_out(held: WaysOut, plan: TrainingPlan, t: Translator) -> None:
    """Ranked remedies in words, the ones that leave the result alone first."""
    catalog = state.catalog()
    words = {
        "gpu": catalog.gpu(held.gpu).short_name,
        "model": catalog.model(plan.work.model).name,
        "method": t(f"training.method.{plan.work.method}"),
        "need": gib_range_text(t, held.need_gib, held.low_gib, held.high_gib),
        "room": gib_text(t, catalog.gpu(held.gpu).memory_gib),
        "chance": t.number(round(10 * held.chance)),
    }
    key = held.verdict if plan.gpu is not None else "nowhere"
    said = [layout.plain(t(f"training.no_room.{key}", **words))]
    said += [layout.plain(t("training.remedies" if held.remedies else "training.no_remedy", **words))]
    lines: list[str] = []
    for place, remedy in enumerate(held.remedies, start=1):
        code = "shard_over" if remedy.code.startswith(SHARDED) else remedy.code
        name = t(f"training.remedy.{code}", gpus=t.number(remedy.run.gpus))
        line = t("training.remedy_line", name=name, saved=gib_text(t, remedy.saved_gib))
        lines.append(f"{place}. {layout.plain(line)}")
    st.info("\n".join([joined(said, t), "", *lines]), icon=":material/lightbulb:")


def every_way(plan: TrainingPlan, t: Translator) -> None:
    """Hours against money for every method and card with a price."""
    catalog, currency = state.catalog(), plan.case.currency
    found = ways(plan, catalog)
    st.subheader(t("training.ways"))
    if not found:
        st.markdown(layout.plain(t("training.no_ways")))
        return
    st.markdown(layout.plain(t("training.ways_help")))
    picture = build_training_ways_chart(found, plan, catalog, t)
    layout.chart(picture, training_ways_alt(found, plan, catalog, t), t("training.ways"))
    names = ("gpu", "method", "hours", "cost", "micro_batch", "speed", "mfu", "waits_for")
    rows = [_way(way, currency, t) for way in sorted(found, key=lambda way: way.method != plan.work.method)]
    longer_table(rows, [t(f"training.column.{name}") for name in names], t("training.ways"), "ways-to-train")
    st.caption(layout.plain(t("training.ways_note")))


def _way(way: TrainingWay, currency: str, t: Translator) -> tuple[str, ...]:
    return (
        way_text(t, state.catalog(), way),
        t(f"training.method.{way.method}"),
        hours_text(t, way.hours),
        cost_text(t, way.cost, currency),
        t.number(way.micro_batch),
        speed_range_text(t, way.tokens_per_s, way.low_tokens_per_s, way.high_tokens_per_s),
        t.percent(way.mfu),
        t(f"training.wait.{way.bottleneck}"),
    )


def article(plan: TrainingPlan, t: Translator) -> None:
    """Article 001's hours beside ours, and why they differ."""
    found = published_hours(plan, state.catalog())
    st.subheader(t("training.article"))
    names = ("size", "method", "gpu", "printed", "ours", "model")
    rows = [_published(row, t) for row in found]
    tables.table(rows, [t(f"training.column.{name}") for name in names], t("training.article"), whole=True)
    same = next((row for row in found if row.tokens is not None), None)
    if same is not None and same.tokens is not None:
        low, high = (t.number(float(f"{tokens:.2g}")) for tokens in same.tokens)
        words = {"model": state.catalog().model(same.model).name, "ours": t.number(plan.work.example_tokens)}
        printed = {"first": t.number(same.low), "last": t.number(same.high)}
        st.markdown(layout.plain(t("training.article_why", low=low, high=high, **words, **printed)))


def _published(row: PublishedHours, t: Translator) -> tuple[str, ...]:
    catalog = state.catalog()
    no_room = t("training.article_no_room", need=gib_text(t, row.need_gib))
    return (
        row.size.upper(),
        t(f"training.method.{row.method}"),
        cards_text(t, catalog, row.gpu, row.gpus),
        t("training.range", low=t.number(row.low), high=t.number(row.high)),
        no_room if row.hours is None else hours_text(t, row.hours),
        catalog.model(row.model).name,
    )


def engineers(plan: TrainingPlan, t: Translator) -> None:
    """Steps, what a step goes into, memory in numbers."""
    catalog, work, found = state.catalog(), plan.work, steps(plan, state.catalog())
    if found is None:
        st.markdown(layout.plain(t("training.no_steps")))
    else:
        words = {
            "examples": t.number(work.examples),
            "tokens": t.number(work.example_tokens),
            "sequence": t.number(work.sequence),
            "sequences": t.number(found.sequences),
            "batch": t.number(plan.micro_batch),
            "gpus": t.number(plan.gpus),
            "epochs": t.number(work.epochs),
            "steps": t.number(found.steps),
            "seconds": t.number(float(f"{found.seconds:.2g}")),
            "mfu": t.percent(found.mfu),
            "speed": speed_range_text(t, plan.tokens_per_s or 0.0, found.low_tokens_per_s, found.high_tokens_per_s),
            "evaluation": t.percent(work.evaluation_share),
            "startup": hours_text(t, work.startup_hours),
        }
        for line in ("sequences", "steps", "seconds", "run"):
            st.markdown(f"- {layout.plain(t(f'training.step.{line}', **words))}")
        spent = [(t(f"training.wait.{part}"), t.percent(share)) for part, share in found.shares.items() if share > 0]
        tables.table(
            spent, [t("training.column.part"), t("training.column.share")], t("training.shares_alt"), whole=True
        )
    _terms(memory_of_methods(plan, catalog), t)
    tight, promised = catalog.constants("memory")["tight_below"], catalog.constants("errors")["training"]
    words = {"promised": t.percent(promised), "fits": t.percent(1 - tight), "too_much": t.percent(tight)}
    st.caption(layout.plain(t("training.errors", **words)))


def _terms(found: tuple[MethodMemory, ...], t: Translator) -> None:
    columns = [t("training.column.part"), *(t(f"training.method.{each.method}") for each in found)]
    rows = [(t(f"training.part.{part}"), *(gib_text(t, each.parts[part]) for each in found)) for part in found[0].parts]
    rows.append((t("training.total"), *(gib_range_text(t, each.total, each.low, each.high) for each in found)))
    rows.append((t("training.peak"), *(t(f"training.moment.{each.moment}") for each in found)))
    tables.table(rows, columns, t("training.memory"), whole=True)
