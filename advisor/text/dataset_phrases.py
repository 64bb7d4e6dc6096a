"""What was found in a training set, in words: the same on the page and on the command line."""

from collections.abc import Iterable, Iterator, Sequence

from advisor.datasets.records import CleaningSaves, DatasetFault, DatasetReport, FaultCount, TokenCounts
from advisor.text.i18n import Translator
from advisor.text.phrases import bill_money

MOST_LABELS, MOST_SHARES, MOST_EXPLAINED = 10, 6, 3
FAULT_COLUMNS = ("fault", "records", "where", "read", "mend")
PERSONAL_COLUMNS = ("kind", "finds", "examples", "where")
COST_COLUMNS = ("set", "examples", "hours", "run_money", "horizon_money")


def cards(found: DatasetReport, t: Translator) -> list[tuple[str, str, str]]:
    """The figures told first, each with its name and what it rests on."""
    kinds = t("word.comma").join(t(f"dataset.format.{kind}") for kind in found.formats)
    left = found.cleaned
    shown = [
        (t("dataset.card.examples"), t.number(found.examples, 0), kinds),
        (
            t("dataset.card.faulty"),
            t.number(found.faulty, 0),
            t("dataset.of_records", records=_count(found.records, t)),
        ),
        (t("dataset.card.cleaned"), t.number(left.examples, 0), t("dataset.card.cleaned_small")),
    ]
    if found.tokens is not None:
        small = t("dataset.card.tokens_exact", vocabulary=found.tokens.vocabulary)
        if not found.tokens.is_exact:
            ends = (t.number(end, 0) for end in (found.tokens.low, found.tokens.high))
            small = t("dataset.card.tokens_range", low=next(ends), high=next(ends))
        shown.insert(2, (t("dataset.card.tokens"), t.number(found.tokens.mean, 0), small))
    return shown


def findings(found: DatasetReport, t: Translator) -> Iterator[tuple[str, str]]:
    """Title and sentence of everything that was looked for, also of what was not found."""
    if found.tokens is not None and found.truncation is not None:
        yield t("dataset.title.tokens"), _tokens(found.tokens, t)
        yield t("dataset.title.truncation"), _truncation(found, t)
    yield t("dataset.title.duplicates"), _duplicates(found, t)
    yield t("dataset.title.conflicts"), _conflicts(found, t)
    if found.overlap is not None:
        yield t("dataset.title.overlap"), _overlap(found, t)
    yield t("dataset.title.scripts"), _scripts(found, t)
    yield t("dataset.title.labels"), _labels(found, t)
    yield t("dataset.title.cleaned"), _cleaned(found, t)


def _tokens(tokens: TokenCounts, t: Translator) -> str:
    figures = {
        "total": t.number(tokens.total, 0),
        "answers": t.percent(tokens.answers / tokens.total if tokens.total else 0.0),
        "median": t.number(tokens.median, 0),
        "p90": t.number(tokens.p90, 0),
        "longest": t.number(float(tokens.longest), 0),
    }
    said = t("dataset.tokens", **figures)
    if tokens.is_exact:
        how = t("dataset.tokens_exact", vocabulary=tokens.vocabulary, model=tokens.model)
    else:
        low, high = (t.percent(end / tokens.mean) for end in (tokens.low, tokens.high))
        model = tokens.model or t("dataset.any_model")
        how = t("dataset.tokens_estimated", vocabulary=tokens.vocabulary, model=model, low=low, high=high)
    return t("word.sentences", first=said, second=how)


def _truncation(found: DatasetReport, t: Translator) -> str:
    assert found.truncation is not None
    assert found.tokens is not None
    cut = found.truncation
    said = t("dataset.not_truncated", sequence=t.number(float(cut.sequence), 0))
    if cut.examples:
        said = t(
            "dataset.truncated",
            examples=_count(cut.examples, t),
            share=_share(cut.examples, found.examples, t),
            sequence=t.number(float(cut.sequence), 0),
            lost=t.percent(cut.tokens_lost / found.tokens.total, 1),
            where=places(cut.first, found, t),
        )
    if not found.short:
        return said
    return t("word.sentences", first=said, second=t("dataset.short", examples=_count(found.short, t)))


def _duplicates(found: DatasetReport, t: Translator) -> str:
    repeated = found.duplicates
    if not repeated.exact and not repeated.near:
        return t("dataset.no_duplicates", threshold=t.percent(repeated.threshold))
    said = t(
        "dataset.duplicates",
        exact=_count(repeated.exact, t),
        near=_count(repeated.near, t),
        threshold=t.percent(repeated.threshold),
    )
    exact, near = _pairs(repeated.exact_pairs, "="), _pairs(repeated.near_pairs, "\u2248")
    return t("word.sentences", first=said, second=_first_pairs([*exact, *near], found, t))


def _conflicts(found: DatasetReport, t: Translator) -> str:
    conflicts = found.conflicts
    if not conflicts.prompts:
        return t("dataset.no_conflicts")
    said = t("dataset.conflicts", prompts=_count(conflicts.prompts, t), examples=_count(conflicts.examples, t))
    return t("word.sentences", first=said, second=_first_pairs(_pairs(conflicts.pairs, "="), found, t))


def _overlap(found: DatasetReport, t: Translator) -> str:
    overlap = found.overlap
    assert overlap is not None
    said = t(
        "dataset.overlap",
        items=_count(overlap.items, t),
        prompts=_count(overlap.prompts, t),
        passages=_count(overlap.passages, t),
        share=t.percent(overlap.share),
        sequence=overlap.sequence,
        examples=_count(overlap.training_examples, t),
    )
    if overlap.faulty:
        more = t("dataset.overlap_faulty", faulty=_count(overlap.faulty, t), file=overlap.file)
        said = t("word.sentences", first=said, second=more)
    if not overlap.first:
        return said
    where = t("word.comma").join(str(line) for line in overlap.first)
    return t("word.sentences", first=said, second=t("dataset.overlap_where", where=where))


def _scripts(found: DatasetReport, t: Translator) -> str:
    if not found.examples:
        return t("dataset.nothing_usable")
    parts = [f"{t(f'dataset.script.{name}')} {_share(n, found.examples, t)}" for name, n in found.scripts.items()]
    said = t("dataset.scripts", parts=t("word.comma").join(parts[:MOST_SHARES]))
    if not found.languages:
        return said
    among = sum(found.languages.values())
    parts = [f"{t(f'dataset.language.{name}')} {_share(n, among, t)}" for name, n in found.languages.items()]
    guess = t("dataset.languages", parts=t("word.comma").join(parts[:MOST_SHARES]))
    return t("word.sentences", first=said, second=guess)


def _labels(found: DatasetReport, t: Translator) -> str:
    balance = found.labels
    if balance is None:
        return t("dataset.no_labels")
    shown = [f"{label} {_share(n, balance.examples, t)}" for label, n in balance.labels[:MOST_LABELS]]
    return t(
        "dataset.labels",
        count=len(balance.labels),
        shown=t("word.comma").join(shown),
        majority=t.percent(balance.majority),
        entropy=t.number(balance.entropy, 2),
    )


def _cleaned(found: DatasetReport, t: Translator) -> str:
    left = {name: count for name, count in found.cleaned.left_out.items() if count}
    if not left:
        return t("dataset.nothing_to_clean")
    parts = [t(f"dataset.left_out.{name}", count=_count(count, t)) for name, count in left.items()]
    return t("dataset.cleaned", examples=_count(found.cleaned.examples, t), parts=t("word.comma").join(parts))


def fault_rows(found: DatasetReport, t: Translator) -> list[tuple[str, ...]]:
    """Each fault: its name, how often, where first, what stands there, how to mend it."""
    return [_fault_row(fault, found, t) for fault in found.faults]


def _fault_row(fault: FaultCount, found: DatasetReport, t: Translator) -> tuple[str, ...]:
    if fault.code == "not_json":
        read = t("dataset.json.joined").join(_json_fault(each, t) for each in fault.first[:MOST_EXPLAINED])
    else:
        read = t("word.comma").join(dict.fromkeys(each.read for each in fault.first if each.read))
    where = places([each.line for each in fault.first], found, t)
    return t(f"dataset.fault.{fault.code}"), _count(fault.records, t), where, read, t(f"dataset.mend.{fault.code}")


def _json_fault(fault: DatasetFault, t: Translator) -> str:
    """Where a line stops being JSON, what stands there, and what is missing."""
    sign = f"\u201c{fault.read}\u201d" if fault.read else t("dataset.json.end")
    return t(f"dataset.json.{fault.reason}", line=fault.line, column=fault.column, sign=sign)


def personal_rows(found: DatasetReport, t: Translator) -> list[tuple[str, ...]]:
    """Each kind of personal data: finds, examples with one, and the first, masked."""
    return [
        (
            t(f"dataset.personal.{hint.kind}"),
            _count(hint.finds, t),
            _count(hint.examples, t),
            t("word.comma").join(
                t("dataset.masked", place=places([line], found, t), text=masked) for line, masked in hint.first
            ),
        )
        for hint in found.personal
    ]


def cost_rows(saves: CleaningSaves, t: Translator) -> list[tuple[str, ...]]:
    """The set as it stands, cleaned, and the difference: hours and money of a run, money of tuning."""
    before, after = saves.before, saves.after
    rows = []
    for name, cost in (("before", before), ("after", after)):
        money = (_bill(value, saves.currency, t) for value in (cost.run_money, cost.horizon_money))
        rows.append((t(f"dataset.cost.{name}"), _count(cost.examples, t), _hours(cost.hours, t), *money))
    saved = [
        None if first is None or second is None else first - second
        for first, second in (
            (before.hours, after.hours),
            (before.run_money, after.run_money),
            (before.horizon_money, after.horizon_money),
        )
    ]
    money = (_bill(value, saves.currency, t) for value in saved[1:])
    rows.append((t("dataset.cost.saved"), _count(before.examples - after.examples, t), _hours(saved[0], t), *money))
    return rows


def _bill(value: float | None, currency: str, t: Translator) -> str:
    return t.money(None, currency) if value is None else bill_money(t, value, currency)


def places(lines: Iterable[int], found: DatasetReport, t: Translator) -> str:
    """Where something stands: lines of a text, or records of a file that has none."""
    return t(f"dataset.at_{found.place}", numbers=t("word.comma").join(str(line) for line in lines))


def _pairs(pairs: Sequence[tuple[int, int]], sign: str) -> list[str]:
    return [f"{later} {sign} {earlier}" for later, earlier in pairs]


def _first_pairs(pairs: list[str], found: DatasetReport, t: Translator) -> str:
    return t("dataset.pairs", pairs=t(f"dataset.at_{found.place}", numbers=t("word.comma").join(pairs)))


def _hours(hours: float | None, t: Translator) -> str:
    return t("word.unknown") if hours is None else t.number(hours, 2)


def _count(value: int, t: Translator) -> str:
    return t.number(float(value), 0)


def _share(part: int, whole: int, t: Translator) -> str:
    return t.percent(part / whole if whole else 0.0, 1)
