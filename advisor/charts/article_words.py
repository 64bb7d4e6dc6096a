"""Tables of an article in words, for the page and the command line: the first row of each is its heading."""

from collections.abc import Mapping, Sequence

from advisor.catalog.records import Source
from advisor.costs.article_run import CLOUD, OWN, USED, ArticleRun, RunCost
from advisor.costs.quality_gate import SpeedUp
from advisor.costs.training import ArticleMemory
from advisor.formulas.constants import GIB, MINUTES_PER_HOUR, SECONDS_PER_HOUR
from advisor.text.i18n import Translator
from advisor.text.phrases import signed_percent

Table = list[Sequence[str]]
GB = 1e9
CENTS = 3
"""Digits of the money of one short run, which is cents."""
SECONDS_PER_MINUTE = SECONDS_PER_HOUR // MINUTES_PER_HOUR


def source_text(source: Source, t: Translator) -> str:
    """Where a table was read, and when."""
    return t("article.source", title=t.fact(source.title), date=t.date(source.retrieved))


def clock_text(seconds: float, t: Translator) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(round(seconds), SECONDS_PER_MINUTE)
    return t("article.clock" if minutes else "article.seconds", minutes=t.number(minutes), seconds=t.number(rest))


def run_tables(found: ArticleRun, t: Translator) -> dict[str, Table]:
    """Clock, wages, cost and power of the session, by name."""
    return {
        name: table(found, t)
        for name, table in (("clock", _clock), ("wages", _wages), ("cost", _cost), ("power", _power))
    }


def run_why(found: ArticleRun, name: str, t: Translator) -> str:
    """Why our figures of a table are not those of the article."""
    unknown, hours = t("word.unknown"), found.said.used_hours
    times = {name: t.number(round(multiple, 1)) for name, multiple in found.multiples.items()}
    of_case = next((cost.hours_per_year for cost in found.costs if cost.id == OWN), hours)
    words = {
        "printed": clock_text(found.said.printed_seconds, t),
        "ours": clock_text(found.seconds, t),
        "missing": t.number(found.seconds - found.said.printed_seconds),
        "own": t.money(found.printed_total, found.currency, CENTS),
        "cloud": t.money(found.printed_cloud, found.currency),
        "times": t.number(round(found.printed_cloud / found.printed_total, 1)),
        "used": times.get(USED, unknown),
        "used_hours": t.value(hours, "hours/year", found.currency),
        "calendar": times.get(OWN, times.get(USED, unknown)),
        "case_hours": t.value(of_case, "hours/year", found.currency),
        "run": clock_text(found.run_seconds, t),
        "share": t.percent(found.power[0].share),
        "watts": t.number(found.watts),
    }
    return t(f"article.run.{name}_why", **words)


def gb_text(gb: float, t: Translator) -> str:
    """Memory in units of 10^9 bytes, as an article counts them, to three digits."""
    return t("article.gb", value=t.number(float(f"{gb:.3g}")))


def memory_table(found: ArticleMemory, t: Translator) -> Table:
    """The article's sum and our estimate, part by part."""
    rows: Table = [_heading("part", "printed", "ours", t=t)]
    for part, printed in found.printed.items():
        said = t("article.memory.left_out") if printed is None else gb_text(printed, t)
        rows.append((t(f"training.part.{part}"), said, gb_text(found.ours[part], t)))
    return [*rows, (t("training.total"), gb_text(found.said.printed_total_gb, t), gb_text(found.total, t))]


def memory_why(found: ArticleMemory, model: str, t: Translator) -> str:
    """What run is meant, and why ours is another sum."""
    return t(
        "article.memory.why",
        model=model,
        batch=t.number(found.said.micro_batch),
        tokens=t.number(found.said.sequence),
        moment=t(f"training.moment.{found.moment}"),
        tensors=gb_text(found.tensors, t),
        total=gb_text(found.total, t),
        gib=t("training.gib", value=t.number(float(f"{found.total * GB / GIB:.3g}"))),
        wide=gb_text(found.wide_total, t),
    )


def speed_table(found: Sequence[SpeedUp], t: Translator) -> Table:
    """Time before and after, what that gains, and what the article prints."""
    rows: Table = [_heading("work", "before", "after", "gain", "printed", "time_saved", t=t)]
    for row in found:
        times = (t.value(value, row.said.unit, "") for value in (row.said.before, row.said.after))
        gains = (signed_percent(t, value, 0) for value in (row.gain, row.said.printed, -row.time_saved))
        rows.append((t.fact(row.said.name), *times, *gains))
    return rows


def _clock(found: ArticleRun, t: Translator) -> Table:
    said = found.said
    return [
        _heading("step", "seconds", "clock", t=t),
        *((t.fact(step.name), t.number(step.seconds), clock_text(step.seconds, t)) for step in said.steps),
        (t("article.run.sum"), t.number(found.seconds), clock_text(found.seconds, t)),
        (t("article.run.prints"), t.number(said.printed_seconds), clock_text(said.printed_seconds, t)),
    ]


def _wages(found: ArticleRun, t: Translator) -> Table:
    """One column for each wage."""
    currency, tiers = found.currency, found.wages
    times = {"printed": clock_text(found.said.printed_seconds, t), "ours": clock_text(found.seconds, t)}

    def row(name: str, *cells: str) -> Sequence[str]:
        return (t(f"article.run.wage.{name}", **times), *cells)

    return [
        (t("article.column.wage"), *(t.fact(tier.name) for tier in tiers)),
        row("salary", *(t.money(tier.salary, currency) for tier in tiers)),
        row("per_hour", *(t.value(tier.per_hour, "money/h", currency) for tier in tiers)),
        row("printed", *(t.money(tier.printed, currency) for tier in tiers)),
        row("at_printed_time", *(t.money(tier.at_printed_time, currency) for tier in tiers)),
        row("time", *(t.money(tier.time, currency) for tier in tiers)),
        row("whole", *(t.money(tier.whole, currency) for tier in tiers)),
    ]


def _cost(found: ArticleRun, t: Translator) -> Table:
    """One column for each way."""
    currency, costs = found.currency, found.costs
    whole_year = OWN if any(cost.id == OWN for cost in costs) else USED
    printed = {whole_year: found.printed_total, CLOUD: found.printed_cloud}
    times = {whole_year: found.printed_cloud / found.printed_total}

    def money(values: Mapping[str, float]) -> list[str]:
        return [t.money(values[cost.id], currency, CENTS) if cost.id in values else "" for cost in costs]

    def multiple(values: Mapping[str, float]) -> list[str]:
        known = {name: t("hardware.times", times=t.number(round(value, 1))) for name, value in values.items()}
        return [known.get(cost.id, "") for cost in costs]

    def way(cost: RunCost) -> str:
        return t(f"article.run.way.{cost.id}", hours=t.value(cost.hours_per_year, "hours/year", currency))

    rows = {
        "way": [way(cost) for cost in costs],
        "clock": [clock_text(cost.seconds, t) for cost in costs],
        "wear": money({cost.id: cost.wear for cost in costs}),
        "electricity": money({cost.id: cost.electricity for cost in costs}),
        "fee": money({cost.id: cost.fee for cost in costs}),
        "total": money({cost.id: cost.total for cost in costs}),
        "printed_total": money(printed),
        "cloud_times": multiple(found.multiples),
        "printed_times": multiple(times),
    }
    return [(t(f"article.column.{name}"), *cells) for name, cells in rows.items()]


def _power(found: ArticleRun, t: Translator) -> Table:
    parts = found.power
    known = [part.electricity for part in parts if part.electricity is not None]
    whole = sum(known) if len(known) == len(parts) else None
    rows = [(t.fact(p.name), p.watts, p.share, p.electricity) for p in parts]
    rows.append((t("article.run.machine"), found.watts, 1.0, whole))
    return [
        _heading("part", "watts", "share", "run_electricity", t=t),
        *((name, t.number(w), t.percent(s), t.money(e, found.currency, CENTS)) for name, w, s, e in rows),
    ]


def _heading(*names: str, t: Translator) -> Sequence[str]:
    return tuple(t(f"article.column.{name}") for name in names)
